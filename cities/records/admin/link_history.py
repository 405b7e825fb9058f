"""Links to many in a history: what each version says, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self

from django.http import HttpRequest
from django.utils.text import capfirst
from simple_history.models import DeletedObject


@dataclass(frozen=True)
class LinkHistory:
    """What several versions of one record say in one link to many."""

    field: Any
    names: dict[int, list[str]]
    """The names of the records that a version links to, by the version’s number."""

    @classmethod
    def of(cls, field: Any, versions: list[int], related_admin: Any, request: HttpRequest) -> Self:
        """Read it without the records that their own admin hides from the user."""
        through = getattr(field.model.history.model, field.name).model
        end = f"{field.m2m_reverse_field_name()}_id"
        pairs = [*through.objects.filter(history__in=versions).values_list("history_id", end)]
        found = _names(field.related_model, {pk for __, pk in pairs}, related_admin, request)
        names = defaultdict(list)
        for version, pk in pairs:
            if pk in found:
                names[version].append(found[pk])
        return cls(field, names)

    def change(self, older: int, newer: int) -> dict[str, str]:
        """Return the change between two versions as simple-history does for other fields."""
        old, new = (", ".join(sorted(self.names.get(version, []))) for version in (older, newer))
        return {"field": capfirst(self.field.verbose_name), "old": old, "new": new}


def _names(
    model: Any, wanted: set[int], related_admin: Any, request: HttpRequest
) -> dict[int, str]:
    """Return the names of those that the user may see, and of those deleted since."""
    stored = {*model._base_manager.filter(pk__in=wanted).values_list("pk", flat=True)}
    visible = related_admin.get_queryset(request).filter(pk__in=wanted)
    if parents := getattr(visible, "visible_through", ()):
        visible = visible.select_related(*parents)
    deleted = {pk: str(DeletedObject(model, pk)) for pk in wanted - stored}
    return deleted | {record.pk: str(record) for record in visible}
