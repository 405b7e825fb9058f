"""The status of resolutions in each period between two of their actions."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from resolutions.models.actions import Action
from resolutions.models.resolutions import Resolution


class CoursePeriodQuerySet(models.QuerySet):
    def listed(self, on: date) -> Self:
        """Filter to the periods of public resolutions that cover a day, the latest status first.

        There is one for each resolution, and an index has all that this needs.
        """
        open_or_later = Q(until__isnull=True) | Q(until__gt=on)
        found = self.filter(open_or_later, is_public=True, first_day__lte=on)
        return found.order_by("-listed_on", "slug")


class CoursePeriod(models.Model):
    """The status from `first_day` until before `until`, derived by `resolutions.derivations`.

    The first period of a resolution is the one before its first action: it has one on every day.
    """

    resolution = models.ForeignKey(
        Resolution, related_name="periods", db_index=False, on_delete=models.CASCADE
    )
    position = models.PositiveIntegerField()
    first_day = models.DateField()
    until = models.DateField(null=True)
    status = models.CharField(max_length=12, null=True)  # noqa: DJ001 - nothing on record yet
    since = models.ForeignKey(Action, null=True, related_name="+", on_delete=models.CASCADE)
    is_public = models.BooleanField()
    listed_on = models.DateField()
    """The day by which lists are in order: that of `since`, or else `date.min`, which is last."""
    slug = models.CharField(max_length=100)

    objects = CoursePeriodQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "position"], name="resolutions_courseperiod_position_once"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "first_day"], name="resolutions_period_by_status"),
            # With all that a page of the list, and the number of pages, is found by.
            models.Index(
                fields=["-listed_on", "slug", "first_day", "until", "resolution"],
                name="resolutions_period_listed",
                condition=Q(is_public=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolution}: {self.status or 'no status'} from {self.first_day}"
