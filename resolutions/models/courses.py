"""The status of resolutions in each period between two of their actions."""

from django.db import models

from resolutions.course_sql import VIEW
from resolutions.models.actions import Action
from resolutions.models.resolutions import Resolution


class CoursePeriod(models.Model):
    """A row of the view in `resolutions.course_sql`: from `first_day` until before `until`."""

    opened_by = models.OneToOneField(
        Action, primary_key=True, db_column="id", related_name="+", on_delete=models.DO_NOTHING
    )
    resolution = models.ForeignKey(Resolution, related_name="periods", on_delete=models.DO_NOTHING)
    first_day = models.DateField()
    until = models.DateField(null=True)
    status = models.CharField(max_length=12)
    since = models.ForeignKey(Action, related_name="+", on_delete=models.DO_NOTHING)

    class Meta:
        managed = False
        db_table = VIEW

    def __str__(self) -> str:
        return f"{self.resolution}: {self.status} from {self.first_day}"
