"""Pictures: drawn again, small and upright, and nothing else of the file is kept."""

import re
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import ExifTags, Image, PngImagePlugin

from cities.records import pictures
from cities.records.pictures import MAX_BYTES, picture_name, redrawn
from tests.pictures import BROKEN, KEPT_NAME, TOO_LARGE, TOO_MANY, as_file, claiming, draw

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def kept(content: bytes) -> Image.Image:
    """What the register keeps of a file."""
    picture = redrawn(ContentFile(content, "x"))
    image = Image.open(picture)
    image.load()
    assert (picture.width, picture.height) == image.size
    return image


def refusal(content: bytes) -> list[str]:
    """The sentences with which a file is refused."""
    with pytest.raises(ValidationError) as refused:
        redrawn(ContentFile(content, "x"))
    return refused.value.messages


def is_about(found: tuple, wanted: tuple) -> bool:
    """WebP keeps colors nearly."""
    return all(abs(one - other) < 24 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    ("kind", "mode", "color", "seen"),
    [
        ("JPEG", "RGB", "red", RED),
        ("JPEG", "L", 128, (128, 128, 128)),
        ("JPEG", "CMYK", (0, 255, 255, 0), RED),
        ("PNG", "RGB", "red", RED),
        ("PNG", "1", 1, WHITE),
        ("PNG", "L", 128, (128, 128, 128)),
        ("PNG", "I;16", 128 * 256, (128, 128, 128)),
        ("PNG", "P", 0, (0, 0, 0)),
        ("PNG", "RGBA", (255, 0, 0, 255), RED),
        ("PNG", "RGBA", (255, 0, 0, 0), WHITE),
        ("PNG", "LA", (0, 0), WHITE),
        ("WEBP", "RGB", "red", RED),
        ("WEBP", "RGBA", (255, 0, 0, 0), WHITE),
    ],
)
def test_picture_of_any_kind_is_kept_as_webp_on_white(kind, mode, color, seen):
    image = kept(draw(kind, (8, 6), color, mode))

    assert (image.format, image.mode, image.size) == ("WEBP", "RGB", (8, 6))
    assert is_about(image.getpixel((4, 3)), seen)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("size", "smaller"),
    [
        ((1600, 1600), (1600, 1600)),
        ((3200, 1000), (1600, 500)),
        ((1000, 3200), (500, 1600)),
        ((6600, 4400), (1600, 1067)),
        ((1601, 1), (1600, 1)),
        ((1, 1), (1, 1)),
    ],
)
def test_longer_side_is_at_most_1600_pixels(kind, size, smaller):
    assert kept(draw(kind, size)).size == smaller


def camera_data(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Secretcam"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (42.0, 43.0, 57.0)
    return exif


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"comment": b"Secret words", "xmp": b"<x:Secret/>", "icc_profile": b"Secret"}),
        ("PNG", {"icc_profile": b"Secret", "pnginfo": PngImagePlugin.PngInfo()}),
        ("WEBP", {"xmp": b"<x:Secret/>", "icc_profile": b"Secret", "lossless": True}),
    ],
)
def test_picture_is_turned_upright_and_where_it_was_taken_is_gone(kind, options):
    if "pnginfo" in options:
        options["pnginfo"].add_text("Author", "Secret words")
    image = Image.new("RGB", (80, 60), "red")
    image.paste("blue", (40, 0, 80, 60))  # its right half; turned clockwise, its lower half
    content = as_file(image, kind, exif=camera_data(6), **options)
    taken = Image.open(BytesIO(content)).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    assert taken[ExifTags.GPS.GPSLatitude] == (42.0, 43.0, 57.0)
    assert b"Secret" in content

    picture = redrawn(ContentFile(content, "x"))

    with Image.open(picture) as upright:
        assert upright.size == (60, 80)
        assert is_about(upright.getpixel((30, 10)), RED)
        assert is_about(upright.getpixel((30, 70)), BLUE)
        assert dict(upright.getexif()) == {}
        assert {"exif", "xmp", "icc_profile"}.isdisjoint(upright.info)
    picture.seek(0)
    whole = picture.read()
    assert whole[12:16] == b"VP8 "  # the one chunk of a file that is nothing but its pixels
    assert b"Secret" not in whole


def test_what_is_hidden_behind_the_end_of_a_file_is_gone():
    content = draw("JPEG") + b"<script>alert(1)</script>"

    assert b"script" not in redrawn(ContentFile(content, "x")).read()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_first_picture_of_a_moving_one_is_kept(kind):
    frames = [Image.new("RGB", (8, 6), color) for color in ("red", "blue")]
    content = as_file(frames[0], kind, save_all=True, append_images=frames[1:])
    assert Image.open(BytesIO(content)).n_frames == 2

    image = kept(content)

    assert image.n_frames == 1
    assert is_about(image.getpixel((4, 3)), RED)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
NOISE = as_file(Image.effect_noise((80, 60), 90), "JPEG")
PNG_NOISE = as_file(Image.effect_noise((80, 60), 90), "PNG")
NO_PICTURES = {
    "nothing": b"",
    "a NUL": b"\0",
    "text": b"Otsu",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a page that begins like a JPEG": b"\xff\xd8\xff<script>alert(1)</script>",
    "an SVG": SVG,
    "a PDF": b"%PDF-1.7",
    "a GIF": draw("GIF"),
    "a TIFF": draw("TIFF"),
    "a BMP": draw("BMP"),
    "an icon": draw("ICO", (16, 16)),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "a JPEG cut off": NOISE[:-500],
    "a JPEG without pixels": NOISE[:200],
    "a PNG cut off": PNG_NOISE[:-500],
    "a PNG with a wrong checksum": PNG_NOISE[:60] + b"\0\0\0\0" + PNG_NOISE[64:],
    "a PNG of nothing": claiming("PNG", 0, 0),
    "a PNG too short for its size": claiming("PNG", 800, 600),
    "a WebP cut off": draw("WEBP")[:-8],
    "a WebP too short for its size": claiming("WEBP", 800, 600)[:-8],
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_file_that_is_no_whole_picture_is_refused_in_words(name):
    assert refusal(NO_PICTURES[name]) == [BROKEN]


def test_file_of_exactly_5_mb_is_the_largest():
    content = draw("JPEG").ljust(MAX_BYTES, b"\0")

    assert kept(content).size == (8, 6)
    assert refusal(content + b"\0") == [TOO_LARGE]


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        ("PNG", (8001, 5000)),
        ("PNG", (10_000, 10_000)),  # at which Pillow warns
        ("PNG", (20_000, 20_000)),  # and stops
        ("PNG", (2**31 - 1, 2**31 - 1)),
        ("WEBP", (8001, 5000)),
        ("WEBP", (16_383, 16_383)),
    ],
)
def test_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(kind, size):
    assert refusal(claiming(kind, *size)) == [TOO_MANY]


def test_picture_of_exactly_the_limit_is_accepted(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PIXELS", 48)

    assert kept(draw(size=(8, 6))).size == (8, 6)
    assert refusal(draw(size=(7, 7))) == [TOO_MANY]


def test_name_of_a_picture_is_never_the_one_it_came_with():
    names = {picture_name(None, "../../My photo.html") for __ in range(3)}

    assert len(names) == 3
    assert [name for name in names if not re.fullmatch(KEPT_NAME, name)] == []
