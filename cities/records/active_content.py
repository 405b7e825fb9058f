"""Files that do something when they are opened: PDFs with scripts, and what scanners report."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

_STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n|\n|\r)")
_END = b"endstream"
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch)(?![\w.-])")
_PLAINLY_ACTIVE = re.compile(rb"/(?:JavaScript|Launch)(?![\w.-])")
"""What no picture has by chance, as it can have the shorter name."""
_TEST_VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"

_LOCKED = re.compile(rb"/Encrypt(?![\w.-])")
_WEB_PAGE = re.compile(rb"<(?:!doctype|html|head|body|script|iframe|svg|\?php)", re.IGNORECASE)

BYTES_OF_A_BEGINNING = 1024
"""In which programs look for what a file is."""

_OBJECTS = re.compile(rb"/ObjStm(?![\w.-])")
_FIRST = re.compile(rb"/First(?![\w.-])")
"""What a stream of objects says of itself; readers open one that has the second alone, too."""

BYTES_UNPACKED = 50 * 2**20
"""Of all objects of a file: more is no document, but a bomb."""


def is_test_virus(content: bytes) -> bool:
    """Return whether a file has the text by which virus scanners are tried (EICAR)."""
    return _TEST_VIRUS in content


def is_something_else_too(content: bytes) -> bool:
    """Return whether a scan is a web page as well, by its beginning, or an archive, by its end."""
    is_page = _WEB_PAGE.search(content[:BYTES_OF_A_BEGINNING])
    return bool(is_page) or zipfile.is_zipfile(BytesIO(content))


def is_locked_pdf(content: bytes) -> bool:
    """Return whether a PDF is encrypted: nobody can look into it, neither we nor a scanner."""
    return bool(_LOCKED.search(_unescaped(_between_streams(content))))


def is_active_pdf(content: bytes) -> bool:
    """Return whether a PDF has a script, or starts a program, or hides whether it does.

    Its objects are read, also those that are packed, but not what is drawn: among the bytes of a
    picture any short word can be.
    """
    if _PLAINLY_ACTIVE.search(_unescaped(content)):
        return True
    try:
        return any(_ACTIVE.search(_unescaped(part)) for part in _objects(content))
    except HiddenError:
        return True


class HiddenError(Exception):
    """Objects of a file are packed in a way of no usual program, or unpack to far too much."""


def _objects(content: bytes) -> Iterator[bytes]:
    """Yield the objects of a PDF as text, first those that are not packed."""
    yield _between_streams(content)
    left = BYTES_UNPACKED
    for before, stream in _streams(content):
        said = _unescaped(before)
        if not (_OBJECTS.search(said) or _FIRST.search(said.rpartition(b"endobj")[2])):
            continue
        unpacked = _unpacked(said, stream, left)
        left -= len(unpacked)
        if left <= 0:
            raise HiddenError
        yield unpacked


def _unpacked(said: bytes, stream: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, most)
    except zlib.error:
        if b"/Filter" in said:
            raise HiddenError from None
        return stream


def _between_streams(content: bytes) -> bytes:
    return b"".join(before for before, __ in _streams(content))


def _streams(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each stream after what is before it, and at last what is behind all of them.

    Each byte is looked at once: a file of many beginnings without an end takes no longer.
    """
    at = 0
    while begins := _STREAM.search(content, at):
        end = content.find(_END, begins.end())
        if end < 0:
            break
        yield content[at : begins.start()], content[begins.end() : end]
        at = end + len(_END)
    yield content[at:], b""


def _unescaped(text: bytes) -> bytes:
    """Return names as they are meant: `/J#53` is `/JS`."""
    return _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), text)
