"""How resolutions relate to each other."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cities.records.base import Record
from cities.records.constraints import one_of
from resolutions.models.resolutions import Resolution, ResolutionQuerySet


class RelationKind(models.TextChoices):
    AMENDS = "amends", _("amends")
    RESCINDS = "rescinds", _("rescinds")
    IMPLEMENTS = "implements", _("implements")
    REPLACES = "replaces", _("replaces")


class RelationQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Filter to relations between resolutions that a visitor may read, with both."""
        public_at = ResolutionQuerySet.public_at
        both_public = public_at("resolution") & public_at("other")
        return self.filter(both_public).select_related("resolution", "other")


class Relation(Record):
    """What one resolution does to another."""

    resolution = models.ForeignKey(
        Resolution,
        verbose_name=_("resolution"),
        related_name="relations",
        on_delete=models.CASCADE,  # a relation means nothing without its resolution
    )
    kind = models.CharField(_("what it does"), max_length=12, choices=RelationKind)
    other = models.ForeignKey(
        Resolution,
        verbose_name=_("other resolution"),
        related_name="related_from",
        on_delete=models.PROTECT,
    )

    objects = RelationQuerySet.as_manager()

    parents = ("resolution", "other")

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["resolution", "kind", "other"]
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "kind", "other"],
                name="resolutions_relation_once",
                violation_error_message=_("This relation is already on record."),
            ),
            models.CheckConstraint(
                condition=~Q(resolution=F("other")) & one_of(kind=RelationKind),
                name="resolutions_relation_between_two",
                violation_error_message=_("Choose what it does, and another resolution."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolution} {self.get_kind_display()} {self.other}"
