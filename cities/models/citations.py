"""What a record rests on: a source, and what it says."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models.evidence import is_signed_original
from cities.models.sources import Source
from cities.records.constraints import choices_constraint
from cities.records.details import Detail, DetailQuerySet
from cities.records.publishing import Publication


class CitationRole(models.TextChoices):
    SUPPORTS = "supports", _("Supports")
    DISPUTES = "disputes", _("Disputes")


class CitationQuerySet(DetailQuerySet):
    def supporting(self) -> Self:
        return self.filter(role=CitationRole.SUPPORTS)

    def standing(self) -> Self:
        """Filter to the citations of a source that was not withdrawn."""
        return self.exclude(source__publication=Publication.WITHDRAWN)

    def public(self) -> Self:
        """Filter to the citations whose source a visitor may read, with the source."""
        return self.filter(source__publication=Publication.PUBLISHED).select_related("source")


def cited_once(owner: str) -> models.UniqueConstraint:
    """Return the constraint that the record which `owner` names cites a source once."""
    return models.UniqueConstraint(
        fields=[owner, "source", "role"],
        name="%(app_label)s_%(class)s_once",
        violation_error_message=_("This source is already listed."),
    )


class SourceCitation(Detail):
    """What one source says about one record, and where in it.

    A model of its own names the record and the `source`.
    """

    role = models.CharField(
        _("supports or disputes"),
        max_length=10,
        choices=CitationRole,
        default=CitationRole.SUPPORTS,
    )
    locator = models.CharField(
        _("page or section"), max_length=120, blank=True, help_text=_("Where in the source.")
    )
    says = models.TextField(
        _("what it says"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("In our own words, not the source’s."),
    )

    objects = CitationQuerySet.as_manager()  # type: ignore[misc]

    frozen_message = _(
        "This record is published, so you cannot change or remove its sources. Add another"
        " source instead."
    )

    class Meta:
        abstract = True
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["role", "source"]
        constraints = [
            choices_constraint(
                "%(app_label)s_%(class)s_role_known",
                _("Choose supports or disputes."),
                role=CitationRole,
            ),
        ]

    def __str__(self) -> str:
        source: Any = self
        return f"{self.get_role_display()}: {source.source}"

    @property
    def supports(self) -> bool:
        return self.role == CitationRole.SUPPORTS

    @property
    def frozen_fields(self) -> list[str]:
        return [*self.parents, "source", "role"]

    @classmethod
    def withdrawal_blocks(cls, link: str, record: Any) -> list[str]:
        """Keep a source that supports each record which needs one."""
        if link != "source":
            return []
        sentence = gettext(
            "“%s” has no other source that supports it. Add another source first, or withdraw"
            " that record."
        )
        return [sentence % cited for cited in cls._supported_by(record)]

    @classmethod
    def _supported_by(cls, source: Any) -> Any:
        """Return the records that need a source and have no other one that supports them."""
        (owner,) = cls.parents
        records = cls.owner_model().objects.needing_source()
        citations = cls.objects.supporting().standing().filter(**{f"{owner}__in": records})
        others = citations.exclude(source=source).values(owner)
        alone = citations.filter(source=source).exclude(**{f"{owner}__in": others})
        return records.filter(pk__in=alone.values(owner))


class Citation(SourceCitation):
    """What one source says about one history entry, and where in it."""

    entry = models.ForeignKey(
        "cities.Entry",
        related_name="citations",
        on_delete=models.CASCADE,  # a citation means nothing without its entry
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), related_name="citations", on_delete=models.PROTECT
    )

    parents = ("entry",)

    def clean(self) -> None:
        """Refuse a signed original of an entry that says that no document is known."""
        if self.supports and self.entry.no_document_by and is_signed_original(self.source):
            raise ValidationError(
                gettext(
                    "The entry says that no document is known. Take that off it first, or choose"
                    " another source."
                )
            )

    class Meta(SourceCitation.Meta):
        constraints = [*SourceCitation.Meta.constraints, cited_once("entry")]
