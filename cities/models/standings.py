"""The standing of relationships in each period between two entries."""

from django.db import models

from cities.models.entries import Entry
from cities.models.relationships import Relationship, RelationshipType
from cities.standing_sql import VIEW


class StandingPeriod(models.Model):
    """A row of the view in `cities.standing_sql`: from `first_day` until before `until`."""

    opened_by = models.OneToOneField(
        Entry, primary_key=True, db_column="id", related_name="+", on_delete=models.DO_NOTHING
    )
    relationship = models.ForeignKey(
        Relationship, related_name="periods", on_delete=models.DO_NOTHING
    )
    first_day = models.DateField()
    until = models.DateField(null=True)
    status = models.CharField(max_length=10)
    home = models.CharField(max_length=10, null=True)  # noqa: DJ001 - nothing on record yet
    partner = models.CharField(max_length=10, null=True)  # noqa: DJ001 - nothing on record yet
    type = models.ForeignKey(
        RelationshipType, null=True, related_name="+", on_delete=models.DO_NOTHING
    )
    since = models.ForeignKey(Entry, related_name="+", on_delete=models.DO_NOTHING)
    began = models.ForeignKey(Entry, null=True, related_name="+", on_delete=models.DO_NOTHING)

    class Meta:
        managed = False
        db_table = VIEW

    def __str__(self) -> str:
        return f"{self.relationship}: {self.status} from {self.first_day}"
