"""The status of resolutions in each period between two of their actions."""

from django.db import models

from resolutions.models.actions import Action
from resolutions.models.resolutions import Resolution


class CoursePeriod(models.Model):
    """The status from `first_day` until before `until`, derived by `resolutions.derivations`."""

    opened_by = models.OneToOneField(
        Action, primary_key=True, related_name="+", on_delete=models.CASCADE
    )
    resolution = models.ForeignKey(
        Resolution, related_name="periods", db_index=False, on_delete=models.CASCADE
    )
    first_day = models.DateField()
    until = models.DateField(null=True)
    status = models.CharField(max_length=12)
    since = models.ForeignKey(Action, related_name="+", on_delete=models.CASCADE)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["resolution", "first_day"], name="resolutions_period_of_day"),
            models.Index(fields=["status", "first_day"], name="resolutions_period_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.resolution}: {self.status} from {self.first_day}"
