"""The rules of Sister Cities International’s annual awards, as data because they change."""

from typing import Self

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Source
from cities.records.base import Record, RecordQuerySet
from cities.records.constraints import choices_constraint, one_of
from exchanges.models.programs import ProgramKind

_YEARS = [MinValueValidator(1956), MaxValueValidator(2200)]


class Honors(models.TextChoices):
    """Who the awards honor."""

    PROGRAM = "program", _("A community’s work with its partners")
    PERSON = "person", _("A person")


class YearsQuerySet(RecordQuerySet):
    def in_year(self, year: int) -> Self:
        """Filter to those valid for the awards of a year; an unknown year excludes none."""
        return self.filter(
            Q(since_year__isnull=True) | Q(since_year__lte=year),
            Q(until_year__isnull=True) | Q(until_year__gte=year),
        )


class PopulationBandQuerySet(YearsQuerySet):
    def holding(self, population: int) -> Self:
        """Filter to the bands that include a number of people."""
        return self.filter(Q(most__isnull=True) | Q(most__gte=population), least__lte=population)


class OfYears(models.Model):
    """A row that is valid for the awards of some years, as a source says."""

    since_year = models.PositiveSmallIntegerField(
        _("first year"),
        null=True,
        blank=True,
        validators=_YEARS,
        help_text=_("Leave blank if unknown."),
    )
    until_year = models.PositiveSmallIntegerField(
        _("last year"),
        null=True,
        blank=True,
        validators=_YEARS,
        help_text=_("Leave blank while it continues, or if unknown."),
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    note = models.CharField(
        _("note"),
        max_length=300,
        blank=True,
        help_text=_("What the source does not say, in plain words."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(since_year__isnull=True)
                | Q(until_year__isnull=True)
                | Q(until_year__gte=F("since_year")),
                name="%(app_label)s_%(class)s_years_in_order",
                violation_error_message=_("The last year cannot be before the first year."),
            )
        ]

    def shares_a_year_with(self, other: "OfYears") -> bool:
        """Return whether both are valid in some year."""
        begins_by_its_end = _not_after(self.since_year, other.until_year)
        return begins_by_its_end and _not_after(other.since_year, self.until_year)


def _not_after(first: int | None, last: int | None) -> bool:
    return first is None or last is None or first <= last


class AwardCategory(OfYears, Record):
    """A category of the awards, and which kinds of program count for it."""

    slug = models.SlugField(_("web address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    honors = models.CharField(_("honors"), max_length=10, choices=Honors, default=Honors.PROGRAM)
    rank = models.PositiveSmallIntegerField(
        _("rank"), unique=True, help_text=_("Lists follow this order.")
    )

    objects = YearsQuerySet.as_manager()

    class Meta:
        verbose_name = _("award category")
        verbose_name_plural = _("award categories")
        ordering = ["rank"]
        constraints = [
            *OfYears.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(name="") & one_of(honors=Honors),
                name="exchanges_awardcategory_named",
                violation_error_message=_("Enter the category’s name, and choose who it honors."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def counted_kinds(self) -> list[str]:
        """Return the kinds of program that count: those listed, or all; none for a person’s."""
        if self.honors == Honors.PERSON:
            return []
        return [named.kind for named in self.kinds.all()] or list(ProgramKind.values)


class AwardKind(Record):
    """A kind of program that counts for a category. Without any, all kinds count."""

    category = models.ForeignKey(
        AwardCategory,
        related_name="kinds",
        on_delete=models.CASCADE,  # it means nothing without its category
    )
    kind = models.CharField(_("kind of program"), max_length=20, choices=ProgramKind)

    parents = ("category",)

    class Meta:
        verbose_name = _("kind that counts")
        verbose_name_plural = _("kinds that count")
        ordering = ["category", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "kind"],
                name="exchanges_awardkind_once",
                violation_error_message=_("This kind is already listed."),
            ),
            choices_constraint(
                "exchanges_awardkind_kind_known",
                _("Choose the kind from the list."),
                kind=ProgramKind,
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_read(self) -> bool:
        """Return True: a category has no drafts, and neither do its kinds."""
        return True


class PopulationBand(OfYears, Record):
    """A size of community; the awards compare communities of the same size."""

    least = models.PositiveIntegerField(_("smallest population"))
    most = models.PositiveIntegerField(
        _("largest population"),
        null=True,
        blank=True,
        help_text=_("Leave blank if there is no upper limit."),
    )

    objects = PopulationBandQuerySet.as_manager()

    class Meta:
        verbose_name = _("population band")
        verbose_name_plural = _("population bands")
        ordering = ["least", "since_year"]
        constraints = [
            *OfYears.Meta.constraints,
            models.UniqueConstraint(
                F("least"),
                Coalesce("since_year", Value(0)),
                name="exchanges_populationband_once",
                violation_error_message=_("This band is already on record."),
            ),
            models.CheckConstraint(
                condition=Q(most__isnull=True) | Q(most__gte=F("least")),
                name="exchanges_populationband_ends_in_order",
                violation_error_message=_("The upper limit cannot be below the lower limit."),
            ),
        ]

    def __str__(self) -> str:
        if self.most is None:
            return gettext("%(least)s people or more") % {"least": intcomma(self.least)}
        return gettext("%(least)s to %(most)s people") % {
            "least": intcomma(self.least),
            "most": intcomma(self.most),
        }

    def clean(self) -> None:
        """Raise `ValidationError` if it overlaps another band of the same year."""
        if self.least is None:
            return  # the field has said so itself
        others = PopulationBand.objects.exclude(pk=self.pk)
        for other in others.filter(Q(most__isnull=True) | Q(most__gte=self.least)):
            if (self.most is None or other.least <= self.most) and self.shares_a_year_with(other):
                raise ValidationError(
                    gettext(
                        "This band overlaps “%s” in at least one year. Correct the limits or the"
                        " years."
                    )
                    % other
                )
