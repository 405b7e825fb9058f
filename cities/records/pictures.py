"""Pictures as they are stored: the pixels, drawn again, and nothing else of the file."""

from io import BytesIO
from pathlib import PurePath
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.translation import gettext
from PIL import Image, ImageOps

FORMATS = ["JPEG", "PNG", "WEBP"]
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGER_SIDE = 1600


class Picture(ContentFile):
    """A WebP file and how large it is drawn."""

    def __init__(self, drawn: Image.Image) -> None:
        content = BytesIO()
        drawn.save(content, "WEBP", quality=82)
        super().__init__(content.getvalue(), "picture.webp")
        self.width, self.height = drawn.size


def kept_as(key: UUID) -> str:
    """Return the name under which a picture is kept."""
    return f"pictures/{key}.webp"


def key_of(picture: File) -> str:
    """Return the random part of a stored picture's name, which no other has."""
    return PurePath(str(picture.name)).stem


def picture_name(record: object, name: str) -> str:
    """Return a new name, never the one that somebody gave the file."""
    return kept_as(uuid4())


def redrawn(upload: File) -> Picture:
    """The first picture in a file, upright and small. Raises `ValidationError` if there is none.

    What else the file holds (where and when it was taken, other frames, text) is left behind.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError(gettext("The file is larger than 5 MB. Add a smaller picture."))
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            _check_pixels(picture)
            return Picture(_on_white(_small(picture)))
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except Exception:  # the decoders raise whatever a broken file makes them raise
        raise ValidationError(
            gettext(
                "This file is not a JPEG, PNG or WebP picture, or it is damaged. Choose"
                " another file."
            )
        ) from None


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        gettext("The picture has more than 40 million pixels. Make it smaller and add it again.")
    )


def _check_pixels(picture: Image.Image) -> None:
    """Before any of them is unpacked: a small file can claim more than the memory holds."""
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_many_pixels()


def _small(picture: Image.Image) -> Image.Image:
    """Return the picture upright, made smaller first, so that few copies of it are large."""
    picture.draft(None, (2 * LONGER_SIDE, 2 * LONGER_SIDE))
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    drawn: Image.Image = picture
    if picture.mode == "I;16":  # converted as it is, all but its darkest shades turn white
        drawn = picture.point(lambda shade: shade * (1 / 256)).convert("L")
    if drawn.mode != mode:
        drawn = drawn.convert(mode)
    drawn.thumbnail((LONGER_SIDE, LONGER_SIDE))
    return ImageOps.exif_transpose(drawn)


def _on_white(drawn: Image.Image) -> Image.Image:
    """A new picture, with none of the old one's data; what was clear shows on dark pages too."""
    sheet = Image.new("RGB", drawn.size, "white")
    sheet.paste(drawn, mask=drawn if drawn.mode == "RGBA" else None)
    return sheet
