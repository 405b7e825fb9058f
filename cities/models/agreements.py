"""Agreements between cities, with their titles and who signed them."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cities.models.evidence import DocumentSought, is_signed_original, original_is_there
from cities.models.relationships import Relationship
from cities.models.sources import Source
from cities.records.base import Record
from cities.records.constraints import choices_constraint, dates_in_order
from cities.records.fields import date_on_record
from cities.records.languages import check_language, language_name
from cities.records.publishing import Publishable


class AgreementKind(models.TextChoices):
    AGREEMENT = "agreement", _("Agreement")
    MEMORANDUM = "memorandum", _("Memorandum of understanding")
    JOINT_DECLARATION = "joint_declaration", _("Joint declaration")
    TELEPHONE = "telephone", _("Agreement by telephone")
    RENEWAL = "renewal", _("Renewal")


class Agreement(DocumentSought, Publishable):
    """An agreement between cities. One of three parties belongs to two relationships."""

    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=AgreementKind)
    relationships = models.ManyToManyField(
        Relationship, verbose_name=_("relationships"), related_name="agreements"
    )
    signed_on, signed_on_earliest, signed_on_latest = date_on_record(
        "signed_on", _("signed on"), blank=True
    )
    signed_at = models.CharField(_("where it was signed"), max_length=200, blank=True)
    term = models.CharField(
        _("term"), max_length=200, blank=True, help_text=_("How long it lasts, if it says so.")
    )
    until, until_earliest, until_latest = date_on_record(
        "until",
        _("until"),
        blank=True,
        help_text=_("The last day on which it is in force. Leave blank if it names none."),
    )
    renewal_rule = models.CharField(_("renewal rule"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True, validators=[MaxLengthValidator(2000)])
    documents = models.ManyToManyField(
        Source,
        verbose_name=_("documents"),
        related_name="agreements",
        blank=True,
        help_text=_("The signed document, or sources that report it."),
    )

    documents_to_be: Iterable[Source] | None = None
    """The documents that it has once it is saved, if others than it has now."""

    _history_m2m_fields = [relationships, documents]  # read by simple-history

    class Meta(Publishable.Meta):
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = [F("signed_on_earliest").asc(nulls_first=True), "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            *DocumentSought.Meta.constraints,
            choices_constraint(
                "cities_agreement_kind_known",
                _("Choose the kind of agreement from the list."),
                kind=AgreementKind,
            ),
            dates_in_order(
                "signed_on",
                "until",
                "cities_agreement_ends_after_it_was_signed",
                _("An agreement cannot end before it was signed. Correct one of the dates."),
            ),
        ]

    def also_with(self, relationship: Relationship) -> list[Relationship]:
        """Return the other public relationships that it binds."""
        return [
            each
            for each in self.relationships.all()
            if each.pk != relationship.pk and each.is_published and each.partner.is_published
        ]

    def clean(self) -> None:
        """Refuse to say that no document is known of what has a signed original on record."""
        documents = self.documents_to_be
        if documents is None and self.has_no_document and self.pk:
            documents = self.documents.all()
        if self.has_no_document and any(map(is_signed_original, documents or ())):
            raise ValidationError({"no_document_by": original_is_there()})

    def __str__(self) -> str:
        date = f", {self.signed_on}" if self.signed_on else ""
        return f"{self.get_kind_display()}{date} ({self.slug})"


class AgreementTitle(Record):
    """The title of an agreement in one of its languages."""

    agreement = models.ForeignKey(
        Agreement,
        related_name="titles",
        on_delete=models.CASCADE,  # a title means nothing without its agreement
    )
    language = models.CharField(_("language"), max_length=20, validators=[check_language])
    text = models.CharField(_("title"), max_length=300)

    parents = ("agreement",)

    class Meta:
        verbose_name = _("title")
        verbose_name_plural = _("titles")
        ordering = ["agreement", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "language"],
                name="cities_agreementtitle_once_per_language",
                violation_error_message=_("There is already a title in this language."),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def language_name(self) -> str:
        return language_name(self.language)


class Signatory(Record):
    """A person who signed an agreement, with the office and on whose behalf."""

    agreement = models.ForeignKey(
        Agreement,
        related_name="signatories",
        on_delete=models.CASCADE,  # a signature means nothing without its agreement
    )
    name = models.CharField(_("name"), max_length=120)
    office = models.CharField(_("office"), max_length=120, blank=True)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=160, blank=True)

    parents = ("agreement",)

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering = ["agreement", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "name", "on_behalf_of"],
                name="cities_signatory_once",
                violation_error_message=_("This person is already listed."),
            )
        ]

    def __str__(self) -> str:
        return self.name
