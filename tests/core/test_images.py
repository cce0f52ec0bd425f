"""Pictures are encoded anew, and what is no picture is refused in words."""

import io
import struct
import zlib

import pytest
from PIL import Image as Pillow

from core.errors import Invalid
from core.images import MOST_BYTES, Crop, encode


def drawn(size=(300, 200), kind="PNG", mode="RGB", colour=(200, 30, 30), **options):
    out = io.BytesIO()
    Pillow.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_every_kind_becomes_webp_within_its_bounds(kind):
    image = encode(drawn(kind=kind), most_wide=150, most_high=150)
    assert (image.media_type, image.width, image.height) == ("image/webp", 150, 100)
    assert Pillow.open(io.BytesIO(image.content)).format == "WEBP"


def test_metadata_stays_behind_and_the_picture_stands_upright():
    exif = Pillow.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Secret place"
    image = encode(drawn(kind="JPEG", exif=exif), most_wide=500, most_high=500)
    assert (image.width, image.height) == (200, 300)
    assert b"Secret" not in image.content
    assert not Pillow.open(io.BytesIO(image.content)).getexif()


def test_what_hides_behind_the_pixels_is_dropped():
    image = encode(drawn() + b"<script>alert(1)</script>", most_wide=500, most_high=500)
    assert b"script" not in image.content


def test_only_the_chosen_part_is_kept():
    image = encode(drawn(), most_wide=500, most_high=500, crop=Crop(250, 150, 100, 100))
    assert (image.width, image.height) == (50, 50)


def test_transparency_survives():
    image = encode(drawn(mode="RGBA", colour=(0, 0, 0, 0)), most_wide=50, most_high=50)
    assert Pillow.open(io.BytesIO(image.content)).convert("RGBA").getpixel((5, 5))[3] == 0


def bomb():
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        bomb(),
        b"\0" * (MOST_BYTES + 1),
        drawn()[:60],
    ],
    ids=["empty", "text", "svg", "bomb", "large", "cut"],
)
def test_what_is_no_good_picture_is_refused(content):
    with pytest.raises(Invalid):
        encode(content, most_wide=100, most_high=100)


@pytest.mark.parametrize("crop", [Crop(300, 0, 10, 10), Crop(0, 0, 0, 10), Crop(-20, 0, 10, 10)])
def test_a_part_outside_the_picture_is_refused(crop):
    with pytest.raises(Invalid):
        encode(drawn(), most_wide=100, most_high=100, crop=crop)


def test_a_large_photograph_is_scaled_down_while_it_is_read():
    image = encode(drawn(size=(8_000, 6_000), kind="JPEG"), most_wide=2_048, most_high=2_048)
    assert (image.width, image.height) == (2_048, 1_536)


def test_as_many_pixels_are_refused_where_all_of_them_would_be_unpacked():
    large = drawn(size=(8_000, 6_000), kind="JPEG")
    with pytest.raises(Invalid, match="too many pixels"):
        encode(large, most_wide=100, most_high=100, crop=Crop(0, 0, 100, 100))
