"""How councils and commissions number what they vote on."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Source
from cities.records.base import Record, RecordQuerySet
from cities.records.constraints import one_of
from resolutions.numbers import Number


class ResolutionKind(models.TextChoices):
    """The kinds of text that a council or commission votes on."""

    RESOLUTION = "resolution", _("Resolution")
    ORDINANCE = "ordinance", _("Ordinance")
    ORDER = "order", _("Order")
    MOTION = "motion", _("Motion")
    PROCLAMATION = "proclamation", _("Proclamation")
    TRIBUTE = "tribute", _("Tribute")


class Restart(models.TextChoices):
    """When numbers begin again at 1."""

    YEARLY = "yearly", _("each year")
    NEVER = "never", _("never")


class NumberingSchemeQuerySet(RecordQuerySet):
    def for_list(self) -> Self:
        """Select what a list shows."""
        return self.select_related("organization")


class NumberingScheme(Record):
    """How an organization numbers one kind of act.

    A number that never restarts has no year. What is missing from a series is looked for only
    where all of the series is on record.
    """

    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        related_name="numbering_schemes",
        on_delete=models.PROTECT,
    )
    kind = models.CharField(_("kind"), max_length=15, choices=ResolutionKind)
    restarts = models.CharField(_("begins again at 1"), max_length=6, choices=Restart)
    zeros_count = models.BooleanField(
        _("leading zeros count"),
        default=False,
        help_text=_("Check this if 2018-01 and 2018-1 are two different numbers."),
    )
    complete_from = models.PositiveIntegerField(
        _("complete from"),
        null=True,
        blank=True,
        help_text=_(
            "Only if this register has every number: the first year from which on it has them, or"
            " the first number if they never begin again. We then report those that are missing."
        ),
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("The charter, rules or documents that show it."),
    )

    objects = NumberingSchemeQuerySet.as_manager()  # type: ignore[misc]

    parents = ("organization",)

    class Meta:
        verbose_name = _("numbering scheme")
        verbose_name_plural = _("numbering schemes")
        ordering = ["organization", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind"],
                name="resolutions_numbering_scheme_once",
                violation_error_message=_(
                    "How this organization numbers this kind is already on record. Change that"
                    " record."
                ),
            ),
            models.CheckConstraint(
                condition=one_of(kind=ResolutionKind, restarts=Restart)
                & (Q(complete_from__isnull=True) | Q(complete_from__gte=1)),
                name="resolutions_numbering_scheme_vocabulary",
                violation_error_message=_("Choose the kind, and when its numbers begin again."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization.name}: {self.get_kind_display()}"

    @property
    def first(self) -> int:
        """Return the first number that is to be on record."""
        is_yearly = self.restarts == Restart.YEARLY
        return 1 if is_yearly or self.complete_from is None else self.complete_from

    def has(self, number: Number) -> bool:
        """Return whether a number is of the part of the series that is complete."""
        if self.restarts == Restart.NEVER:
            return number.year is None and number.serial >= self.first
        return number.year is not None and number.year >= (self.complete_from or 0)

    def clean(self) -> None:
        """Refuse to change what numbers rest on: those without a year, and those like 2018-01."""
        if not self.pk:
            return
        self._check_zeros()
        running: Any = getattr(self, "running", None)
        if not running.exists():
            return
        stored = NumberingScheme.objects.get(pk=self.pk)
        same = ("organization_id", "kind", "restarts")
        if any(getattr(self, name) != getattr(stored, name) for name in same):
            raise ValidationError(
                gettext(
                    "Numbers without a year are on record that follow this. Enter their years"
                    " first."
                )
            )

    def _check_zeros(self) -> None:
        """Raise `ValidationError` if numbers are on record that leading zeros alone set apart."""
        stored = NumberingScheme.objects.get(pk=self.pk)
        same = (self.organization_id, self.kind) == (stored.organization_id, stored.kind)
        if stored.zeros_count and not (same and self.zeros_count) and stored.rests_on_zeros:
            raise ValidationError(
                gettext(
                    "Numbers are on record that only their leading zeros distinguish. Correct"
                    " those first."
                )
            )

    @property
    def rests_on_zeros(self) -> bool:
        """Return whether two numbers on record differ by their leading zeros alone."""
        resolutions: Any = self.organization.resolutions  # type: ignore[attr-defined]
        same = ("number_year", "number_serial", "number_suffix")
        numbered = resolutions.filter(kind=self.kind, number_serial__isnull=False).order_by()
        return (
            numbered.values(*same).annotate(count=models.Count("pk")).filter(count__gt=1).exists()
        )
