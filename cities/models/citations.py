"""What stands behind a statement of the record: a source, and what it says there."""

from typing import Any, Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.records.details import Detail, DetailQuerySet
from cities.records.publishing import Publication


class CitationRole(models.TextChoices):
    SUPPORTS = "supports", _("Supports")
    DISPUTES = "disputes", _("Disputes")


class CitationQuerySet(DetailQuerySet):
    def supporting(self) -> Self:
        return self.filter(role=CitationRole.SUPPORTS)

    def standing(self) -> Self:
        """Citations of a source that was not withdrawn."""
        return self.exclude(source__publication=Publication.WITHDRAWN)

    def public(self) -> Self:
        """Citations whose source a visitor may read, with the source."""
        return self.filter(source__publication=Publication.PUBLISHED).select_related("source")


class SourceCitation(Detail):
    """What one source says about one record, and where in it. Its `source` is a model’s own."""

    role = models.CharField(
        _("supports or disputes"),
        max_length=10,
        choices=CitationRole,
        default=CitationRole.SUPPORTS,
    )
    locator = models.CharField(
        _("where in it"), max_length=120, blank=True, help_text=_("Page, paragraph or section.")
    )
    says = models.TextField(
        _("what it says"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("In our words, not the source’s."),
    )

    objects = CitationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["role", "source"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=CitationRole.values),
                name="%(app_label)s_%(class)s_role_known",
                violation_error_message=_("Choose supports or disputes."),
            ),
        ]

    def __str__(self) -> str:
        source: Any = self
        return f"{self.get_role_display()}: {source.source}"

    @classmethod
    def alone_behind(cls, source: Any, records: models.QuerySet) -> list[Any]:
        """Those of the records that no other source supports which still stands."""
        (owner,) = cls.parents
        behind = cls.objects.supporting().standing().filter(**{f"{owner}__in": records})
        others = behind.exclude(source=source).values(owner)
        alone = behind.filter(source=source).exclude(**{f"{owner}__in": others})
        return [*records.filter(pk__in=alone.values(owner))]
