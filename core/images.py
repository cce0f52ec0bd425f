"""Pictures that somebody sent: read with limits and encoded anew, so that nothing of the original is ever served."""

import io
from dataclasses import dataclass

from core.errors import Invalid

MOST_PIXELS = 16_000_000
"""Unpacked they take some 200 MB for a moment."""
MOST_JPEG_PIXELS = 64_000_000
"""Of a whole JPEG: it is scaled down while it is unpacked."""
MOST_BYTES = 8 * 1024 * 1024
_READABLE = ("PNG", "JPEG", "WEBP", "GIF")


@dataclass(frozen=True)
class Image:
    """An encoded picture."""

    content: bytes
    media_type: str
    width: int
    """In pixels."""
    height: int


@dataclass(frozen=True)
class Crop:
    """A part of a picture, in pixels of the upright original."""

    left: int
    top: int
    width: int
    height: int


def encode(
    content: bytes, *, most_wide: int, most_high: int, crop: Crop | None = None, is_square: bool = False
) -> Image:
    """Read a picture and encode it anew as WebP, upright, without any of its metadata.

    Args:
        content: a PNG, JPEG, WebP or GIF file (of an animation, the first picture).
        most_wide: the result is scaled down to this many pixels, its proportions kept.
        most_high: and to this many.
        crop: the part to keep; what reaches over the edge is cut off.
        is_square: whether what is left of it is cut to a square, around its middle.

    Raises:
        Invalid: when it is too large, no picture, of another kind, or broken.
    """
    from PIL import Image as Pillow
    from PIL import ImageOps, UnidentifiedImageError

    if len(content) > MOST_BYTES:
        raise Invalid(f"Choose a picture of at most {MOST_BYTES // 2**20} MB.")
    try:
        with Pillow.open(io.BytesIO(content), formats=_READABLE) as picture:
            # The size stands in the head of the file: a bomb is refused before it is unpacked.
            is_scalable = picture.format == "JPEG" and crop is None
            if picture.width * picture.height > (MOST_JPEG_PIXELS if is_scalable else MOST_PIXELS):
                raise Invalid("This picture has too many pixels. Choose a smaller one.")
            picture.seek(0)
            if is_scalable:
                picture.draft("RGB", (most_wide, most_high))
            upright = ImageOps.exif_transpose(picture.convert("RGBA" if _has_alpha(picture) else "RGB"))
            if crop is not None:
                upright = upright.crop(_box(crop, upright.width, upright.height))
            if is_square:
                side = min(upright.size)
                upright = ImageOps.fit(upright, (side, side), Pillow.Resampling.LANCZOS)
            upright.thumbnail((most_wide, most_high), Pillow.Resampling.LANCZOS)
            encoded = io.BytesIO()
            # Plain pixels in a new picture: profiles, comments and places stay behind.
            clean = Pillow.new(upright.mode, upright.size)
            clean.paste(upright)
            clean.save(encoded, "WEBP", quality=85, method=4)
    except Invalid:
        raise
    except UnidentifiedImageError:
        raise Invalid("Choose a PNG, JPEG, WebP or GIF picture.") from None
    except (OSError, ValueError, SyntaxError, EOFError, Pillow.DecompressionBombError):
        raise Invalid("This picture could not be read. It may be damaged.") from None
    return Image(encoded.getvalue(), "image/webp", clean.width, clean.height)


def _has_alpha(picture: object) -> bool:
    return bool(getattr(picture, "has_transparency_data", False))


def _box(crop: Crop, width: int, height: int) -> tuple[int, int, int, int]:
    left, top = max(crop.left, 0), max(crop.top, 0)
    right, bottom = min(crop.left + crop.width, width), min(crop.top + crop.height, height)
    if right <= left or bottom <= top:
        raise Invalid("Choose a part of the picture.")
    return left, top, right, bottom
