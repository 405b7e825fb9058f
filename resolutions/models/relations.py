"""How resolutions relate to each other."""

from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from cities.records.base import Record
from cities.records.constraints import one_of
from resolutions.course import Ending, Status, adopting
from resolutions.models.resolutions import Resolution, ResolutionQuerySet


class RelationKind(models.TextChoices):
    """What one resolution does to another."""

    AMENDS = "amends", _("amends")
    RESCINDS = "rescinds", _("rescinds")
    RESCINDS_ALL_EXCEPT = "rescinds_all_except", _("rescinds all others except")
    REVERSES = "reverses", _("reverses")
    REPLACES = "replaces", _("supersedes")
    IMPLEMENTS = "implements", _("implements")
    REFERS_TO = "refers_to", _("refers to")
    SAME_FILE = "same_file", _("is part of the same file as")
    COMPANION = "companion", _("is a companion to")


ENDS: dict[str, Status] = {
    RelationKind.RESCINDS: Status.RESCINDED,
    RelationKind.REVERSES: Status.REVERSED,
    RelationKind.REPLACES: Status.SUPERSEDED,
}
"""What an adopted resolution makes of the other one. Other kinds of relation change nothing."""

MUTUAL = (RelationKind.SAME_FILE, RelationKind.COMPANION)
"""Kinds that each of the two has with the other: on record once, with either of them."""


RESCINDED_OR_NOT = (RelationKind.RESCINDS, RelationKind.RESCINDS_ALL_EXCEPT)

RESCINDED_OR_NOT_MESSAGE = _(
    "A resolution rescinds another one or keeps it, not both. Remove one of the two relations."
)


class RelationQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Filter to relations between resolutions that a visitor may read, with both."""
        public_at = ResolutionQuerySet.public_at
        both_public = public_at("resolution") & public_at("other")
        return self.filter(both_public).select_related("resolution", "other")

    def endings(self, pks: Collection[int]) -> dict[int, list[Ending]]:
        """Return what ended each of these resolutions: adoptions of public ones that say so.

        Without a decision on record a resolution ends nothing.
        """
        relations = self.public().filter(kind__in=ENDS, other__in=pks)
        found: dict[int, list[Ending]] = {}
        relation: Any
        for relation in relations.order_by("resolution", "kind").prefetch_related(
            "resolution__actions"
        ):
            actions = relation.resolution.actions.all()
            adoption = adopting(action for action in actions if action.is_published)
            if adoption is not None:
                ending = Ending(ENDS[relation.kind], adoption)
                found.setdefault(relation.other_id, []).append(ending)
        return found


class Relation(Record):
    """What one resolution does to another.

    If it rescinds, reverses or supersedes the other, that takes effect with its own adoption.
    """

    resolution = models.ForeignKey(
        Resolution,
        verbose_name=_("resolution"),
        related_name="relations",
        on_delete=models.CASCADE,  # a relation means nothing without its resolution
    )
    kind = models.CharField(_("what it does"), max_length=20, choices=RelationKind)
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
            models.UniqueConstraint(
                Least("resolution", "other"),
                Greatest("resolution", "other"),
                "kind",
                condition=Q(kind__in=MUTUAL),
                name="resolutions_relation_mutual_once",
                violation_error_message=_(
                    "This relation is already on record, with the other resolution."
                ),
            ),
            models.UniqueConstraint(
                fields=["resolution", "other"],
                condition=Q(kind__in=RESCINDED_OR_NOT),
                name="resolutions_relation_rescinded_or_not",
                violation_error_message=RESCINDED_OR_NOT_MESSAGE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolution} {self.get_kind_display()} {self.other}"

    @property
    def ends(self) -> bool:
        """Return whether it says that the other resolution is no longer in effect."""
        return self.kind in ENDS
