"""PDFs that do something when they are opened."""

import random
import zipfile
import zlib
from io import BytesIO

import pytest

from cities.models.sources import MAX_DOCUMENT_BYTES
from cities.records import active_content
from cities.records.active_content import is_active_pdf, is_locked_pdf, is_something_else_too
from cities.records.links import is_plain_link

PLAIN = b"%PDF-1.7\n1 0 obj << /Type /Catalog /OpenAction [3 0 R /Fit] >> endobj\n"


def packed(objects: bytes, kind: bytes = b"/ObjStm", filtered: bytes | None = None) -> bytes:
    """A PDF with objects in a stream, as most programs write them today."""
    content = zlib.compress(objects) if filtered is None else filtered
    head = b"5 0 obj << /Type %s /Filter /FlateDecode /Length %d >>\n" % (kind, len(content))
    return PLAIN + head + b"stream\r\n" + content + b"\nendstream\nendobj\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN + b"2 0 obj << /S /JavaScript /JS (app.alert\\(1\\)) >> endobj",
        PLAIN + b"2 0 obj << /S /Launch /F (cmd.exe) >> endobj",
        PLAIN + b"2 0 obj << /S /J#61va#53cript /J#53 4 0 R >> endobj",
        packed(b"2 0 << /S /JavaScript /JS (x) >>"),
        packed(b"2 0 << /S /Launch >>", kind=b"/Obj#53tm"),
        packed(b"2 0 << /S /JavaScript /JS (x) >>", kind=b"/ObjStm" + b" " * 2000),
        packed(b"2 0 << /S /JavaScript /JS (x) >>", kind=b"/ObjStm /Title (endobj)"),
        packed(b"2 0 << /S /JavaScript /JS (x) >>", kind=b"/Other /N 1 /First 4"),
        packed(b"", filtered=b"2F4A53".hex().encode()),
        PLAIN + b"5 0 obj << /Type /ObjStm >> stream \r2 0 << /JS (x) >>\nendstream endobj",
        PLAIN + b"% stream\n2 0 obj << /S /JavaScript /JS (x) >> endobj % endstream\n",
    ],
)
def test_script_and_program_are_found(content):
    assert is_active_pdf(content)


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        packed(b"2 0 << /Type /Page >>"),
        packed(b"a picture with /JS (in it)", kind=b"/XObject"),
        packed(b"", kind=b"/XObject", filtered=b"not packed by zlib"),
        PLAIN + b"5 0 obj << /Type /ObjStm >> stream\n2 0 << /Type /Page >>\nendstream endobj",
        PLAIN + b"2 0 obj << /Title (JavaScript at launch) /JSON 1 /Launched 2 >> endobj",
        packed(b"", kind=b"/XObject", filtered=random.Random(1).randbytes(10**6) + b"/JS "),
    ],
)
def test_scan_is_no_program(content):
    assert not is_active_pdf(content)


def zipped() -> bytes:
    with zipfile.ZipFile(file := BytesIO(), "w") as archive:
        archive.writestr("run.js", "zap()")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n<script>zap()</script>\n" + PLAIN,
        b"%PDF-1.7\n<!DOCTYPE HTML>" + PLAIN,
        b"\xff\xd8\xff\xe0 <HTML><body onload='zap()'>",
        b"\x89PNG\r\n\x1a\n <svg onload='zap()'>",
        b"\xff\xd8\xff <?php zap(); ?>",
        PLAIN + zipped(),
        b"\x89PNG\r\n\x1a\n" + bytes(100) + zipped(),
    ],
)
def test_file_that_is_something_else_as_well_is_found(content):
    assert is_something_else_too(content)
    assert not is_something_else_too(PLAIN + bytes(2000) + b"<html>" + b"PK in a text")


def test_pdf_that_is_locked_is_found():
    assert is_locked_pdf(PLAIN + b"trailer << /Root 1 0 R /Encrypt 5 0 R >>")
    assert is_locked_pdf(PLAIN + b"trailer << /Encr#79pt 5 0 R >>")
    assert not is_locked_pdf(packed(b"2 0 << /Encrypt 5 0 R >>", kind=b"/XObject"))
    assert not is_locked_pdf(PLAIN + b"2 0 obj << /EncryptMetadata false >> endobj")


def test_file_of_many_beginnings_is_read_once():
    """Each without an end: looking for it from each would take longer than the day has hours."""
    beginnings = b"1 0 obj << /Type /ObjStm >> stream\n" * (MAX_DOCUMENT_BYTES // 35)

    assert not is_active_pdf(PLAIN + beginnings)
    assert is_active_pdf(PLAIN + beginnings + b"2 0 obj << /JS (x) >> endobj")
    assert not is_locked_pdf(PLAIN + beginnings)


def test_file_that_unpacks_to_very_much_is_refused(monkeypatch):
    monkeypatch.setattr(active_content, "BYTES_UNPACKED", 1000)

    assert not is_active_pdf(packed(bytes(999)))
    assert is_active_pdf(packed(bytes(1000)))


@pytest.mark.parametrize(
    ("address", "is_plain"),
    [
        ("https://example.org/a?b=c@d#e", True),
        ("http://example.org:8080/", True),
        ("ftp://example.org/", False),
        ("//example.org/", False),
        ("https://lansingmi.gov@example.org/", False),
        ("https://[::1", False),
    ],
)
def test_link_leads_where_it_seems_to(address, is_plain):
    assert is_plain_link(address) is is_plain
