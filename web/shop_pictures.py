"""Draws the made-up shop's goods, so that cards have something to show and no picture has to be kept."""

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

_WIDTH, _HEIGHT = 640, 480
_BACKGROUND, _GLOW, _BRASS, _WOOD = "#f4ece1", "#ffe2a8", "#b5832f", "#8a5a33"

_Shape = tuple[str, Sequence[float], str]
_LAMP: Sequence[_Shape] = (
    ("ellipse", (150, 60, 490, 380), _GLOW),
    ("polygon", (270, 110, 370, 110, 430, 250, 210, 250), "tint"),
    ("rectangle", (312, 250, 328, 380), _BRASS),
    ("rounded", (240, 378, 400, 408), _WOOD),
)
_HANGING: Sequence[_Shape] = (
    ("ellipse", (150, 130, 490, 450), _GLOW),
    ("rectangle", (316, 0, 324, 150), _WOOD),
    ("polygon", (290, 150, 350, 150, 440, 310, 200, 310), "tint"),
    ("ellipse", (285, 290, 355, 360), "#fff6dc"),
)
_BULB: Sequence[_Shape] = (
    ("ellipse", (170, 40, 470, 340), _GLOW),
    ("ellipse", (230, 80, 410, 270), "#fff6dc"),
    ("polygon", (275, 250, 365, 250, 350, 320, 290, 320), "#fff6dc"),
    ("rounded", (286, 318, 354, 400), "tint"),
)
_CUSHION: Sequence[_Shape] = (
    ("rounded", (160, 90, 480, 400), "tint"),
    ("rectangle", (160, 190, 480, 202), "#ffffff"),
    ("rectangle", (160, 290, 480, 302), "#ffffff"),
)
_CLOTHES: Sequence[_Shape] = (
    (
        "polygon",
        (240, 90, 400, 90, 500, 200, 440, 240, 410, 210, 420, 420, 220, 420, 230, 210, 200, 240, 140, 200),
        "tint",
    ),
    ("polygon", (290, 90, 350, 90, 320, 200), _BACKGROUND),
    ("rectangle", (224, 270, 416, 286), "#ffffff"),
)
_SHAPES: Mapping[str, Sequence[_Shape]] = {
    "pendant": _HANGING,
    "bulb": _BULB,
    "clothes": _CLOTHES,
    "textile": _CUSHION,
    "lamp": _LAMP,
}
"""What something looks like, by a word of its tags; the last that fits is what is left."""
_TINTS = ("#9c4a1a", "#4d6b57", "#2f4b6e", "#a8483f", "#6d5a7e", "#b08a3c")


@lru_cache(maxsize=64)
def drawn(product_id: str, tags: Sequence[str]) -> bytes:
    """A picture of a product as PNG.

    Args:
        product_id: gives it a colour of its own.
        tags: say what it looks like.
    """
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (_WIDTH, _HEIGHT), _BACKGROUND)
    pen: Any = ImageDraw.Draw(picture)
    tint = _TINTS[sum(product_id.encode()) % len(_TINTS)]
    for kind, points, colour in next((_SHAPES[word] for word in _SHAPES if word in tags), _LAMP):
        fill = tint if colour == "tint" else colour
        if kind == "rounded":
            pen.rounded_rectangle(points, radius=24, fill=fill)
        else:
            getattr(pen, kind)(points, fill=fill)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
