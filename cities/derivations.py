"""What the database keeps of the standing of relationships: a row for each period."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from cities.models import Entry, Relationship, StandingPeriod
from cities.records.derived import register
from cities.records.periods import Periods
from cities.standing import Standing, unfold


class _Entry(NamedTuple):
    """What `unfold` reads of an entry. It compares types: their keys are enough."""

    pk: int
    relationship_id: int
    number: int
    kind: str
    party: str
    on_earliest: date | None
    type: int | None


class Standings(Periods):
    """The standing in each period between two accepted, published entries that move it."""

    name = "status of relationships"
    model = Relationship
    table = StandingPeriod
    owner = "relationship_id"
    version = 4
    dependencies = {
        "": frozenset({"id"}),
        "entries": frozenset(
            {"publication", "acceptance", "on_earliest", "number", "kind", "party", "type_id"}
        ),
    }

    def dated(self, pks: Collection[int]) -> Iterable[Any]:
        entries = Entry.objects.counting().filter(relationship__in=pks)
        columns = [*_Entry._fields[:-1], "type_id"]
        return map(_Entry._make, entries.order_by("relationship_id").values_list(*columns))

    def unfold(self, dated: Iterable[Any]) -> Iterator[tuple[date, Any, Any]]:
        return unfold(dated)

    def state(self, state: Standing) -> dict[str, Any]:
        return {
            "status": state.status,
            "home": state.home,
            "partner": state.partner,
            "type_id": state.type,
            "since_id": state.since.pk,
            "began_id": state.began.pk if state.began else None,
            "confirmed_id": state.confirmed.pk if state.confirmed else None,
            "plan_id": state.plan.pk if state.plan else None,
            "home_since_id": state.home_since.pk if state.home_since else None,
            "partner_since_id": state.partner_since.pk if state.partner_since else None,
        }


register(Standings())
