"""Links to many in a history: what each version says, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self

from django.http import HttpRequest
from django.utils.text import capfirst
from simple_history.models import DeletedObject


@dataclass(frozen=True)
class Links:
    """What several versions of one record say in one link to many."""

    field: Any
    named: dict[int, list[str]]
    """The names of the records that a version links to, by the version’s number."""

    @classmethod
    def of(cls, field: Any, versions: list[int], keeper: Any, request: HttpRequest) -> Self:
        """Without the records that `keeper`, who shows them, hides from this person."""
        through = getattr(field.model.history.model, field.name).model
        end = f"{field.m2m_reverse_field_name()}_id"
        rows = through.objects.filter(history__in=versions).values_list("history_id", end)
        pairs = [*rows]
        names = _names(field.related_model, {pk for __, pk in pairs}, keeper, request)
        named = defaultdict(list)
        for version, pk in pairs:
            if pk in names:
                named[version].append(names[pk])
        return cls(field, named)

    def change(self, older: int, newer: int) -> dict[str, str]:
        """As simple-history tells a change of any other field."""
        old, new = (", ".join(sorted(self.named.get(one, []))) for one in (older, newer))
        return {"field": capfirst(self.field.verbose_name), "old": old, "new": new}


def _names(model: Any, wanted: set[int], keeper: Any, request: HttpRequest) -> dict[int, str]:
    """The names of those that this person may see, and of those that are there no more."""
    there = {*model._base_manager.filter(pk__in=wanted).values_list("pk", flat=True)}
    seen = keeper.get_queryset(request).filter(pk__in=wanted)
    if path := getattr(seen, "visible_through", ()):
        seen = seen.select_related(*path)
    gone = {pk: str(DeletedObject(model, pk)) for pk in wanted - there}
    return gone | {record.pk: str(record) for record in seen}
