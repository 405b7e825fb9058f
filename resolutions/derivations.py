"""What the database keeps of the status of resolutions: a row for each period."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from cities.records.derived import register
from cities.records.periods import Periods
from cities.records.publishing import Publication
from resolutions.course import Course, unfold
from resolutions.models import Action, CoursePeriod, Resolution


class Courses(Periods):
    """The status in each period between two published actions that change it."""

    name = "status of resolutions"
    model = Resolution
    table = CoursePeriod
    owner = "resolution_id"
    dependencies = {
        "": frozenset({"id"}),
        "actions": frozenset({"publication", "on_earliest", "number", "kind", "outcome"}),
    }

    def dated(self, pks: Collection[int]) -> Iterable[Any]:
        actions = Action.objects.filter(publication=Publication.PUBLISHED, resolution__in=pks)
        columns = ["pk", "resolution_id", "number", "kind", "outcome", "on_earliest"]
        return actions.order_by("resolution_id").values_list(*columns, named=True)

    def unfold(self, dated: Iterable[Any]) -> Iterator[tuple[date, Any, Any]]:
        return unfold(dated)

    def state(self, state: Course) -> dict[str, Any]:
        return {"status": state.status, "since_id": state.since.pk}


register(Courses())
