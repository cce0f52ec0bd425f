"""Colours that can be read and seen, by WCAG 2.2 contrast and the even steps of OKLCH."""

import re
from functools import lru_cache

LIGHT_PAGE = "#ffffff"
DARK_PAGE = "#1c1b1a"
READABLE = 4.5
"""The contrast that words need (WCAG 2.2, 1.4.3)."""
VISIBLE = 3.0
"""The contrast that buttons and other shapes need (WCAG 2.2, 1.4.11)."""
_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def read_colour(text: object) -> str | None:
    """A colour as somebody wrote it, as `#rrggbb`; None when it is none or lets something shine through."""
    if not isinstance(text, str):
        return None
    found = _HEX.fullmatch(text.strip())
    if not found:
        return _named_colour(text.strip()[:60])
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def text_on(background: str) -> str:
    """White, or black where white could not be read; one of both always can."""
    return "#ffffff" if contrast("#ffffff", background) >= READABLE else "#000000"


def nearest_with(colour: str, page: str, ratio: float) -> str:
    """The shade nearest to a colour that has a contrast to a page: same hue, other lightness (OKLCH).

    Args:
        ratio: the contrast, at most 4.5: white or black always have that on any page.
    """
    return nearest_on(colour, (page,), ratio) or text_on(page)


@lru_cache(maxsize=4096)
def nearest_on(colour: str, pages: tuple[str, ...], ratio: float) -> str | None:
    """The shade nearest to a colour that has a contrast to each of some pages; None when no shade has."""
    if _passes(colour, pages, ratio):
        return colour
    own = _lightness(colour)
    found = [shade for end in (0.0, 1.0) if (shade := _nearest_towards(end, colour, own, pages, ratio))]
    return min(found, key=lambda shade: abs(_lightness(shade) - own), default=None)


def _nearest_towards(end: float, colour: str, own: float, pages: tuple[str, ...], ratio: float) -> str | None:
    """The first passing shade on the way to black (0) or white (1), beyond all of the pages."""
    best = _shade(colour, end)
    if not _passes(best, pages, ratio):
        return None
    passing, failing = end, own
    for _ in range(10):
        middle = (passing + failing) / 2
        shade = _shade(colour, middle)
        if _passes(shade, pages, ratio):
            passing, best = middle, shade
        else:
            failing = middle
    return best


def _passes(colour: str, pages: tuple[str, ...], ratio: float) -> bool:
    return all(contrast(colour, page) >= ratio for page in pages)


def shade_of(colour: str, lightness: float, most_chroma: float) -> str:
    """A colour at another lightness (0 to 1, OKLCH), not livelier than a chroma."""
    from coloraide import Color

    shade = Color(colour).convert("oklch").set("lightness", lightness)
    shade.set("chroma", min(shade.get("chroma", nans=False), most_chroma))
    return str(shade.convert("srgb").fit(method="oklch-chroma").to_string(hex=True))


def between(one: str, other: str, part: float) -> str:
    """A colour on the way from one to another (OKLab); 0 is the one, 1 the other."""
    from coloraide import Color

    mixed = Color(one).mix(other, part, space="oklab")
    return str(mixed.convert("srgb").fit(method="oklch-chroma").to_string(hex=True))


@lru_cache(maxsize=4096)
def liveliness(colour: str) -> float:
    """How far a colour is from grey (chroma of OKLCH), and neither almost white nor almost black."""
    from coloraide import Color

    shade = Color(colour).convert("oklch")
    lightness = shade.get("lightness", nans=False)
    return float(shade.get("chroma", nans=False)) if 0.2 < lightness < 0.93 else 0.0


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _lightness(colour: str) -> float:
    from coloraide import Color

    return float(Color(colour).convert("oklch")["lightness"])


def _shade(colour: str, lightness: float) -> str:
    from coloraide import Color

    shade = Color(colour).convert("oklch").set("lightness", lightness)
    return str(shade.convert("srgb").fit(method="oklch-chroma").to_string(hex=True))


@lru_cache(maxsize=256)
def _named_colour(text: str) -> str | None:
    from coloraide import Color

    try:
        colour = Color(text)
    except ValueError:
        return None
    if colour.alpha(nans=False) < 1:
        return None
    return str(colour.convert("srgb").fit(method="oklch-chroma").to_string(hex=True))
