"""Pictures as people upload them, and places that have one."""

import struct
from io import BytesIO
from pathlib import Path
from zlib import crc32

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cities.models import City

KEPT_NAME = r"pictures/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.webp"
ALT, CREDIT = "The lake at dawn.", "Photo: A. Painter, CC BY 4.0"
BROKEN = "This file is not a JPEG, PNG or WebP picture, or it is damaged. Choose another file."
TOO_LARGE = "The file is larger than 5 MB. Add a smaller picture."
TOO_MANY = "The picture has more than 40 million pixels. Make it smaller and add it again."


def draw(
    kind: str = "JPEG", size: tuple = (8, 6), color="red", mode: str = "RGB", **options
) -> bytes:
    """A file of one color."""
    return as_file(Image.new(mode, size, color), kind, **options)


def as_file(image: Image.Image, kind: str, **options) -> bytes:
    content = BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def claiming(kind: str, width: int, height: int) -> bytes:
    """A small file that says it holds a picture of this size."""
    if kind == "PNG":
        whole = draw("PNG")
        header = b"IHDR" + struct.pack(">II", width, height) + whole[24:29]
        return whole[:12] + header + struct.pack(">I", crc32(header)) + whole[33:]
    canvas = b"\2\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    moving = b"ANIM" + struct.pack("<IIH", 6, 0, 1) + b"ANMF"
    frame = bytes(6) + b"\7\0\0" + b"\5\0\0" + bytes(4) + draw("WEBP")[12:]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + moving
    body += struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def upload(content: bytes | None = None, name: str = "My photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, draw() if content is None else content)


def give_picture(place: City, content: bytes | None = None) -> City:
    """The place with a picture, which lies in the folder that the test has set."""
    place.picture = upload(content)
    place.picture_alt, place.picture_credit = ALT, CREDIT
    place.full_clean()
    place.save()
    place.picture.close()
    return place


def files_in(folder: Path) -> list[str]:
    """The names of all files in the folder, below it too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
