"""The sources that records rely on."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.active_content import (
    is_active_pdf,
    is_locked_pdf,
    is_something_else_too,
    is_test_virus,
)
from cities.records.constraints import choices_constraint
from cities.records.fields import date_on_record
from cities.records.languages import check_language
from cities.records.publishing import Publishable

MAX_DOCUMENT_BYTES = 15 * 1024 * 1024
DOCUMENT_STARTS = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
}
"""Endings a document may have, each with the bytes such a file begins with."""


class SourceKind(models.TextChoices):
    DOCUMENT = "document", _("Document")
    PROCEEDINGS = "proceedings", _("Council proceedings")
    OFFICIAL_PAGE = "official_page", _("Official web page")
    PRESS = "press", _("Press report")
    LETTER = "letter", _("Letter or e-mail")
    STATEMENT = "statement", _("Public statement")
    REFERENCE = "reference", _("Reference work")
    ORAL = "oral", _("Spoken account")
    KNOWLEDGE = "knowledge", _("General knowledge")


class Reliability(models.TextChoices):
    """How close a source is to what it reports, best first."""

    SIGNED_ORIGINAL = "signed_original", _("Signed original")
    PROCEEDINGS = "proceedings", _("Official proceedings")
    OFFICIAL = "official", _("Official source")
    PRESS = "press", _("Press")
    ORAL = "oral", _("Spoken account")
    GENERAL_KNOWLEDGE = "general_knowledge", _("General knowledge, not checked")


def check_document(document: models.fields.files.FieldFile) -> None:
    """Raise `ValidationError` unless the file is a small PDF, PNG or JPEG by name and content."""
    ending = Path(str(document.name)).suffix.lower()
    document.open()
    start = document.read(8)
    document.seek(0)
    if not start.startswith(DOCUMENT_STARTS.get(ending, ())):
        raise ValidationError(
            gettext("This file is not a PDF, PNG or JPEG. Choose a PDF, PNG or JPEG file.")
        )
    if document.size > MAX_DOCUMENT_BYTES:
        raise ValidationError(gettext("The file is larger than 15 MB. Add a smaller scan."))
    content = document.read()
    document.seek(0)
    if is_test_virus(content):
        raise ValidationError(gettext("Virus scanners report this file. Choose another file."))
    if is_something_else_too(content):
        raise ValidationError(
            gettext(
                "This file is a web page or an archive as well. Print it to a new PDF, and add"
                " that."
            )
        )
    if ending == ".pdf" and is_locked_pdf(content):
        raise ValidationError(
            gettext("This PDF is locked. Save it without a password, and add that.")
        )
    if ending == ".pdf" and is_active_pdf(content):
        raise ValidationError(
            gettext(
                "This PDF contains a script or starts a program. Print it to a new PDF, and add"
                " that."
            )
        )


def made_up_name(source: "Source", name: str) -> str:
    """Return where to keep a document: nothing of the name it was sent with but its ending."""
    return f"sources/{uuid4().hex}{Path(name).suffix.lower()}"


class Source(Publishable):
    """A document, page, report or person that says something about a relationship."""

    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    title = models.CharField(
        _("title"),
        max_length=300,
        help_text=_("As printed. If it has no title, say what it is in plain words."),
    )
    title_language = models.CharField(
        _("language of the title"),
        max_length=20,
        blank=True,
        validators=[check_language],
        help_text=_("Only if the title is not in English, such as ja for 大津市の姉妹都市."),
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind)
    reliability = models.CharField(
        _("reliability"),
        max_length=20,
        choices=Reliability,
        help_text=_("How close the source is to what it reports."),
    )
    dated, dated_earliest, dated_latest = date_on_record("dated", _("date"), blank=True)
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        validators=[check_language],
        help_text=_("A language code such as en, ja or zh-Hans."),
    )
    address = models.URLField(_("link"), max_length=500, blank=True)
    archived_address = models.URLField(_("archived copy"), max_length=500, blank=True)
    finding_aid = models.TextField(
        _("how to find it"),
        blank=True,
        validators=[MaxLengthValidator(2000)],
        help_text=_("If there is no full link, what we know about where it is."),
    )
    accessed_on = models.DateField(_("date accessed"), null=True, blank=True)
    document = models.FileField(
        _("document"),
        upload_to=made_up_name,
        blank=True,
        validators=[check_document],
        help_text=_("A PDF, PNG or JPEG file of up to 15 MB."),
    )
    document_sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)

    class Meta(Publishable.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(title=""),
                name="cities_source_has_a_title",
                violation_error_message=_("Enter a title, or say what the source is."),
            ),
            choices_constraint(
                "cities_source_kind_known",
                _("Choose the kind from the list."),
                kind=SourceKind,
            ),
            choices_constraint(
                "cities_source_reliability_known",
                _("Choose the reliability from the list."),
                reliability=Reliability,
            ),
            models.CheckConstraint(
                condition=Q(document="", document_sha256="")
                | (~Q(document="") & ~Q(document_sha256="")),
                name="cities_source_document_with_its_hash",
                violation_error_message=_("A document must have its SHA-256 checksum."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.slug])

    @property
    def frozen_fields(self) -> list[str]:
        """Return the slug, and the document with its hash once there is one."""
        return ["slug", *(["document", "document_sha256"] if self.document else [])]

    frozen_message = _(
        "This source is published, so its web address and its document cannot change. Add"
        " another file as a separate source."
    )

    def _published(self) -> "Source | None":
        """Return the stored row, if it is public and has a document."""
        stored = self.stored()
        return stored if stored is not None and not stored.is_draft and stored.document else None

    def _keeps_its_document(self) -> bool:
        stored = self._published()
        is_new_file = self.document and not self.document._committed  # type: ignore[attr-defined]
        return stored is not None and stored.document == self.document and not is_new_file

    def clean_fields(self, exclude: Any = None) -> None:
        """Leave out a stored document: it was checked when it was added, and may be lost since."""
        left_out = {"document"} if self._keeps_its_document() else set()
        super().clean_fields(exclude=left_out.union(exclude or ()))

    def clean(self) -> None:
        """Keep the hash of the document, so that a changed file is noticed."""
        if self._keeps_its_document():
            return
        self.document_sha256 = ""
        if self.document:
            digest = hashlib.sha256()
            self.document.open()
            for chunk in self.document.chunks():
                digest.update(chunk)
            self.document.seek(0)
            self.document_sha256 = digest.hexdigest()
        stored = self._published()
        if stored is not None and stored.document_sha256 != self.document_sha256:
            raise ValidationError(self.frozen_message)
