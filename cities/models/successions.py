"""What became of cities: mergers, splits and new names."""

from typing import Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cities.models.cities import City
from cities.models.sources import Source
from cities.records.base import Record
from cities.records.constraints import choices_constraint
from cities.records.fields import date_on_record
from cities.records.publishing import Publication


class SuccessionKind(models.TextChoices):
    MERGED_INTO = "merged_into", _("merged into")
    SPLIT_INTO = "split_into", _("split into")
    RENAMED = "renamed", _("renamed")


class SuccessionQuerySet(models.QuerySet):
    def between_public_places(self) -> Self:
        """Filter to the successions that a visitor may read, with both cities and the source."""
        return self.filter(
            predecessor__publication=Publication.PUBLISHED,
            successor__publication=Publication.PUBLISHED,
        ).select_related("predecessor", "successor", "source")


class Succession(Record):
    """How one city became another, or part of another."""

    predecessor = models.ForeignKey(
        City, verbose_name=_("former city"), related_name="became", on_delete=models.PROTECT
    )
    successor = models.ForeignKey(
        City, verbose_name=_("successor"), related_name="came_from", on_delete=models.PROTECT
    )
    kind = models.CharField(_("what happened"), max_length=12, choices=SuccessionKind)
    on, on_earliest, on_latest = date_on_record("on", _("date"), blank=True)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), related_name="successions", on_delete=models.PROTECT
    )
    note = models.TextField(_("note"), blank=True, validators=[MaxLengthValidator(1000)])

    objects = SuccessionQuerySet.as_manager()

    parents = ("predecessor", "successor")

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering = ["predecessor", F("on_earliest").asc(nulls_first=True), "successor"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "kind"],
                name="cities_succession_once",
                violation_error_message=_("This succession is already listed."),
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="cities_succession_of_two_places",
                violation_error_message=_(
                    "A city cannot be its own successor. Choose another one."
                ),
            ),
            choices_constraint(
                "cities_succession_kind_known",
                _("Choose merged, split or renamed."),
                kind=SuccessionKind,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor.name} {self.get_kind_display()} {self.successor.name}"
