"""The standing of relationships in each period between two entries."""

from django.db import models

from cities.models.entries import Entry
from cities.models.relationships import Relationship, RelationshipType


class StandingPeriod(models.Model):
    """The standing from `first_day` until before `until`, derived by `cities.derivations`."""

    opened_by = models.OneToOneField(
        Entry, primary_key=True, related_name="+", on_delete=models.CASCADE
    )
    relationship = models.ForeignKey(
        Relationship, related_name="periods", db_index=False, on_delete=models.CASCADE
    )
    first_day = models.DateField()
    until = models.DateField(null=True)
    status = models.CharField(max_length=10)
    home = models.CharField(max_length=10, null=True)  # noqa: DJ001 - nothing on record yet
    partner = models.CharField(max_length=10, null=True)  # noqa: DJ001 - nothing on record yet
    type = models.ForeignKey(
        RelationshipType, null=True, related_name="+", on_delete=models.CASCADE
    )
    since = models.ForeignKey(Entry, related_name="+", on_delete=models.CASCADE)
    began = models.ForeignKey(Entry, null=True, related_name="+", on_delete=models.CASCADE)
    confirmed = models.ForeignKey(Entry, null=True, related_name="+", on_delete=models.CASCADE)
    plan = models.ForeignKey(Entry, null=True, related_name="+", on_delete=models.CASCADE)
    home_since = models.ForeignKey(Entry, null=True, related_name="+", on_delete=models.CASCADE)
    partner_since = models.ForeignKey(Entry, null=True, related_name="+", on_delete=models.CASCADE)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["relationship", "first_day"], name="cities_standingperiod_of_day")
        ]

    def __str__(self) -> str:
        return f"{self.relationship}: {self.status} from {self.first_day}"
