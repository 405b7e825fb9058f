"""Files that do something when they are opened: PDFs with scripts, and what scanners report."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch)(?![\w.-])")
_TEST_VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"

_LOCKED = re.compile(rb"/Encrypt(?![\w.-])")
_WEB_PAGE = re.compile(rb"<(?:!doctype|html|head|body|script|iframe|svg|\?php)", re.IGNORECASE)

BYTES_OF_A_BEGINNING = 1024
"""In which programs look for what a file is."""

BYTES_BEFORE_A_STREAM = 1000
"""In which a stream says what it is."""

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
    return bool(_LOCKED.search(_unescaped(_STREAM.sub(b"", content))))


def is_active_pdf(content: bytes) -> bool:
    """Return whether a PDF has a script, or starts a program, or unpacks to very much.

    Its objects are read, also those that are packed, but not what is drawn: among the bytes of a
    picture any word can be.
    """
    try:
        return any(_ACTIVE.search(_unescaped(part)) for part in _objects(content))
    except BombError:
        return True


class BombError(Exception):
    """A file unpacks to more than any document has."""


def _objects(content: bytes) -> Iterator[bytes]:
    """Yield the objects of a PDF as text, first those that are not packed."""
    yield _STREAM.sub(b"", content)
    left = BYTES_UNPACKED
    for stream in _STREAM.finditer(content):
        before = content[max(stream.start() - BYTES_BEFORE_A_STREAM, 0) : stream.start()]
        if b"/ObjStm" not in _unescaped(before.rpartition(b"endobj")[2]):
            continue
        try:
            unpacked = zlib.decompressobj().decompress(stream[1], left)
        except zlib.error:
            continue  # packed in another way, which no usual program does with objects
        left -= len(unpacked)
        if left <= 0:
            raise BombError
        yield unpacked


def _unescaped(text: bytes) -> bytes:
    """Return names as they are meant: `/J#53` is `/JS`."""
    return _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), text)
