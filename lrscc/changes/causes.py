"""Who made a change and why, from the history of the record and of its parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth import get_user_model

from cities.records.log import LoggedRecord
from lrscc import roles
from lrscc.changes.representation import Represented

OFFICES = (roles.STAFF, roles.CLERK)
"""The roles that visitors read of; the first of them that a person has."""

FROM_FILES = "load_register "
"""How the reason begins of what was loaded from the register’s files."""

SOMEBODY = "*"
"""The office of a person who has none of these roles."""


@dataclass(frozen=True)
class Cause:
    """Who made a change and why; `version` is the row of history that says so."""

    version: int | None = None
    reason: str = ""
    office: str = ""
    user: int | None = None


def causes_of(
    kind: Represented,
    records: Mapping[int, LoggedRecord],
    before: Mapping[str, dict[str, Any]],
    now_read: Mapping[int, dict[str, Any]],
) -> dict[int, Cause]:
    """Return the cause of the change of each record, by its key.

    It is in the newest row of its own history, if the log has not read that one yet; else in the
    newest row of a part that changed, which has an office and no reason.
    """
    newest = _newest(kind.model, "id", records)
    causes, left = {}, []
    for pk, record in records.items():
        cause = newest.get(pk, Cause())
        if cause.version == record.version:
            left.append(pk)
            cause = replace(cause, reason="", user=None)
        causes[pk] = cause
    for part in kind.parts if left else ():
        is_changed = [
            pk
            for pk in left
            if before.get(records[pk].sha256, {}).get(part.name)
            != now_read.get(pk, {}).get(part.name)
        ]
        for pk, cause in _newest(part.table.model, part.link, is_changed).items():
            causes[pk] = replace(causes[pk], user=cause.user)
    offices = _offices({cause.user for cause in causes.values()} - {None})
    return {
        pk: replace(cause, office=offices.get(cause.user, SOMEBODY) if cause.user else "")
        for pk, cause in causes.items()
    }


def _newest(model: Any, link: str, pks: Iterable[int]) -> dict[int, Cause]:
    """Return what the newest row of history says, by the key that `link` has in it."""
    rows = model.history.filter(**{f"{link}__in": list(pks)}).order_by("history_id")
    values = rows.values_list(link, "history_id", "history_change_reason", "history_user_id")
    return {
        pk: Cause(version, (reason or "").strip(), user=user)
        for pk, version, reason, user in values
    }


def _offices(users: Iterable[Any]) -> dict[Any, str]:
    """Return the first office of each person, by key."""
    held = get_user_model().groups.through.objects.filter(  # type: ignore[attr-defined]
        user__in=list(users), group__name__in=OFFICES
    )
    rows = held.order_by("-group__name").values_list("user_id", "group__name")
    return dict(rows)
