"""Sources: what stands behind a statement."""

import hashlib
import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from cities.models import Source
from cities.models.sources import MAX_DOCUMENT_BYTES
from cities.records.publishing import Publication
from tests.cities.refusals import assert_clerk_reads, assert_database_refuses, sentences_for_clerk
from tests.factories import make_source

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
NOT_CHOICE = "Value '{}' is not a valid choice.".format
BLANK = "This field cannot be blank."
UNCLEAR_LINK = "Enter a link that begins with https:// or http://, without a user name."


def source(**fields) -> Source:
    """A source as yet unsaved, right but for what the test says."""
    defaults = {"slug": "letter", "title": "A letter", "kind": "letter", "reliability": "official"}
    return Source(**defaults | fields)


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"title": ""}, "cities_source_has_a_title", {"title": [BLANK]}),
        ({"kind": "rumour"}, "cities_source_kind_known", {"kind": [NOT_CHOICE("rumour")]}),
        (
            {"reliability": "best"},
            "cities_source_reliability_known",
            {"reliability": [NOT_CHOICE("best")]},
        ),
        (
            {"publication": "secret"},
            "cities_source_publication_known",
            "Choose draft, published or withdrawn.",
        ),
        (
            {"publication": Publication.WITHDRAWN},
            "cities_source_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
        (
            {"publication": Publication.WITHDRAWN, "withdrawn_on": date(2020, 1, 1)},
            "cities_source_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
        (
            {"publication": Publication.WITHDRAWN, "withdrawn_because": "Wrong."},
            "cities_source_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
        (
            {"withdrawn_on": date(2020, 1, 1)},
            "cities_source_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
        (
            {"publication": Publication.PUBLISHED, "withdrawn_because": "Wrong."},
            "cities_source_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
    ],
)
def test_source_rule_is_kept_by_clerk_and_database(wrong, constraint, sentences):
    assert_clerk_reads(source(**wrong), sentences)
    assert_database_refuses(source(**wrong), match=constraint)


def test_source_slug_is_used_once():
    make_source(slug="letter")

    assert_clerk_reads(source(), {"slug": ["Source with this Web address already exists."]})
    assert_database_refuses(source(), match=r"cities_source_slug|cities_source\.slug")


@pytest.mark.parametrize(
    ("field", "value", "end"),
    [
        ("slug", "Ötsu 1", "letters, numbers, underscores or hyphens."),
        ("language", "english", "Enter it like en, ja, zh-Hans or en-US."),
        ("address", "not an address", "Enter a valid URL."),
        ("address", "ftp://example.org/scan.pdf", UNCLEAR_LINK),
        ("archived_address", "https://lansingmi.gov@example.org/", UNCLEAR_LINK),
        ("address", "javascript:alert(1)", "Enter a valid URL."),
        ("archived_address", "//x", "Enter a valid URL."),
        ("finding_aid", "x" * 2001, "at most 2000 characters (it has 2001)."),
    ],
)
def test_source_field_says_what_to_write(field, value, end):
    sentences = sentences_for_clerk(source(**{field: value}))

    assert list(sentences) == [field]
    assert [sentence.endswith(end) for sentence in sentences[field]] == [True]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("scan.pdf", b"%PDF-1.7 text"),
        ("SCAN.PDF", b"%PDF-1.7 text"),
        ("scan.png", PNG),
        ("scan.jpg", b"\xff\xd8\xff\xe0jpeg"),
        ("scan.jpeg", b"\xff\xd8\xff\xe0jpeg"),
    ],
)
def test_document_is_kept_with_its_hash(name, content, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    record = source(document=SimpleUploadedFile(name, content))

    record.full_clean()
    record.save()

    assert re.fullmatch(r"sources/[0-9a-f]{32}\.(pdf|png|jpe?g)", record.document.name)
    assert record.document_sha256 == hashlib.sha256(content).hexdigest()
    assert record.document.read() == content
    record.document.close()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "scan.exe",
            b"MZ",
            "This file is not a PDF, PNG or JPEG. Choose a PDF, PNG or JPEG file.",
        ),
        (
            "scan.svg",
            b"<svg/>",
            "This file is not a PDF, PNG or JPEG. Choose a PDF, PNG or JPEG file.",
        ),
        (
            "scan.pdf",
            b"MZ",
            "This file is not a PDF, PNG or JPEG. Choose a PDF, PNG or JPEG file.",
        ),
        (
            "pdf",
            b"%PDF-1.7",
            "This file is not a PDF, PNG or JPEG. Choose a PDF, PNG or JPEG file.",
        ),
        (
            "scan.png",
            b"%PDF-1.7",
            "This file is not a PDF, PNG or JPEG. Choose a PDF, PNG or JPEG file.",
        ),
        (
            "scan.pdf",
            b"",
            "This file is not a PDF, PNG or JPEG. Choose a PDF, PNG or JPEG file.",
        ),
        (
            "scan.pdf",
            b"%PDF-1.7\n1 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj",
            "This PDF contains a script or starts a program. Print it to a new PDF, and add that.",
        ),
        (
            "scan.pdf",
            b"%PDF-1.7\n<html><script>zap()</script>",
            "This file is a web page or an archive as well. Print it to a new PDF, and add that.",
        ),
        (
            "scan.pdf",
            b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>",
            "This PDF is locked. Save it without a password, and add that.",
        ),
        (
            "scan.png",
            PNG + rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
            "Virus scanners report this file. Choose another file.",
        ),
        (
            "scan.pdf",
            b"%PDF-" + bytes(MAX_DOCUMENT_BYTES - 4),
            "The file is larger than 15 MB. Add a smaller scan.",
        ),
    ],
)
def test_document_that_is_no_small_scan_is_refused(name, content, sentence, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    assert_clerk_reads(
        source(document=SimpleUploadedFile(name, content)), {"document": [sentence]}
    )
    assert list(tmp_path.iterdir()) == []


def test_document_of_exactly_the_limit_is_accepted(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    source(
        document=SimpleUploadedFile("scan.pdf", b"%PDF-" + bytes(MAX_DOCUMENT_BYTES - 5))
    ).full_clean()


@pytest.mark.parametrize(
    "wrong", [{"document": "sources/scan.pdf"}, {"document_sha256": "0" * 64}]
)
def test_document_and_its_hash_stand_together_in_the_database(wrong):
    assert_database_refuses(source(**wrong), match="cities_source_document_with_its_hash")


def test_hash_follows_a_changed_and_a_removed_document(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    record = source(document=SimpleUploadedFile("scan.png", PNG))
    record.full_clean()
    record.save()

    record.document = ContentFile(PNG + b"more", "scan.png")
    record.full_clean()
    assert record.document_sha256 == hashlib.sha256(PNG + b"more").hexdigest()

    record.document = ""
    record.full_clean()
    record.save()
    assert record.document_sha256 == ""


def test_source_says_its_title_and_its_address():
    record = source(title="Minutes of 1969")

    assert str(record) == "Minutes of 1969"
    assert record.get_absolute_url() == "/sources/letter/"


# --- the document of a published source -------------------------------------------------

FIXED_DOCUMENT = (
    "This source is published, so its web address and its document cannot change. Add another"
    " file as a separate source."
)


def with_document(settings, tmp_path, **fields) -> Source:
    settings.MEDIA_ROOT = tmp_path
    record = make_source(**fields)
    record.document = ContentFile(PNG, "scan.png")
    record.full_clean()
    record.save()
    return Source.objects.get()


@pytest.mark.parametrize(
    "new",
    [
        "",
        ContentFile(PNG + b"more", "scan.png"),
        ContentFile(PNG + b"more", "other.png"),
        ContentFile(PNG + b"more", "sources/scan.png"),
    ],
    ids=["none", "same name", "other name", "same path"],
)
def test_document_of_a_published_source_is_not_taken_away_nor_replaced(new, settings, tmp_path):
    record = with_document(settings, tmp_path)

    record.document = new

    with pytest.raises(ValidationError) as refusal:
        record.full_clean()
    assert set(refusal.value.messages) == {FIXED_DOCUMENT}


def test_hash_of_a_published_document_stays(settings, tmp_path):
    record = with_document(settings, tmp_path)

    record.document_sha256 = "0" * 64

    assert_clerk_reads(record, FIXED_DOCUMENT)


@pytest.mark.parametrize("on_disk", [None, PNG + b"more", b"MZ"])
def test_published_document_goes_by_its_hash_whatever_the_disk_has(on_disk, settings, tmp_path):
    record = with_document(settings, tmp_path)
    path = tmp_path / record.document.name
    path.unlink()
    if on_disk:
        path.write_bytes(on_disk)
    record.title = "A scan"

    record.full_clean()
    record.save()

    assert record.document_sha256 == hashlib.sha256(PNG).hexdigest()


def test_document_of_a_draft_may_be_replaced(settings, tmp_path):
    record = with_document(settings, tmp_path, publication="draft")

    record.document = ContentFile(PNG + b"more", "scan.png")
    record.full_clean()

    assert record.document_sha256 == hashlib.sha256(PNG + b"more").hexdigest()
