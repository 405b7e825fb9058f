"""What the database keeps of the status of resolutions: a row for each period."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from cities.records.derived import register
from cities.records.derived_rows import DerivedRows
from cities.records.publishing import Publication, is_public
from resolutions.course import Course, unfold
from resolutions.models import Action, CoursePeriod, Relation, Resolution

_OF_ACTIONS = frozenset({"publication", "on_earliest", "number", "kind", "outcome"})


class Courses(DerivedRows):
    """The status in each period between two published actions that change it.

    Among them are those of other resolutions, which rescind, reverse or supersede it.

    What lists are filtered and sorted by stands beside it.
    """

    name = "status of resolutions"
    version = 2
    model = Resolution
    table = CoursePeriod
    owner = "resolution_id"
    unique_fields = ("resolution", "position")
    dependencies = {
        "": frozenset({"publication", "slug"}),
        "organization": frozenset({"publication"}),
        "actions": _OF_ACTIONS,
        "related_from": frozenset({"kind", "resolution_id"}),
        "related_from__resolution": frozenset({"publication"}),
        "related_from__resolution__organization": frozenset({"publication"}),
        "related_from__resolution__actions": _OF_ACTIONS,
    }

    def rows(self, pks: Collection[int]) -> Iterator[CoursePeriod]:
        actions = Action.objects.filter(publication=Publication.PUBLISHED, resolution__in=pks)
        columns = ["pk", "resolution_id", "number", "kind", "outcome", "on_earliest"]
        dated = actions.order_by("resolution_id").values_list(*columns, named=True)
        by_owner = {pk: list(those) for pk, those in groupby(dated, lambda row: row.resolution_id)}
        owners = Resolution.objects.order_by().filter(pk__in=pks)
        endings = Relation.objects.endings(pks)
        for resolution in owners.select_related("organization"):
            steps = unfold(by_owner.get(resolution.pk, []), endings.get(resolution.pk, []))
            opened = [(day, course) for day, __, course in steps]
            yield from self._periods(resolution, [(date.min, Course()), *opened])

    def _periods(
        self, resolution: Resolution, opened: list[tuple[date, Course]]
    ) -> Iterator[CoursePeriod]:
        ends = [*(first_day for first_day, __ in opened[1:]), None]
        shown = is_public(resolution)
        for position, ((first_day, course), until) in enumerate(zip(opened, ends, strict=True)):
            since: Any = course.since
            yield CoursePeriod(
                resolution_id=resolution.pk,
                position=position,
                first_day=first_day,
                until=until,
                status=course.status,
                since_id=since.pk if since else None,
                is_public=shown,
                listed_on=since.on_earliest if since else date.min,
                slug=resolution.slug,
            )


register(Courses())
