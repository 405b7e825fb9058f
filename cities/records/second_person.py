"""Kinds of records at which a second person looks before they are public.

`SECOND_PERSON_FOR` names them. Who prepared such a record publishes it alone only with a reason,
which stays with the change set.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from cities.records.publishing import Publishable


def needs_second_person(model: Any) -> bool:
    """Return whether somebody other than its author looks at records of a kind."""
    return model._meta.label_lower in settings.SECOND_PERSON_FOR


def seen_by_one_alone(
    by: Any, *, drafts: Iterable[Any] = (), changed: Iterable[Any] = (), author: Any = None
) -> list[Publishable]:
    """Return what one person both prepared and publishes, of the kinds that need a second one.

    A draft is prepared by who saved it last, a change of a public record by the author of its set.
    The shell is nobody.
    """
    if by is None or not settings.SECOND_PERSON_FOR:
        return []
    concerned = [draft for draft in drafts if needs_second_person(type(draft))]
    alone = [draft for draft in concerned if _last_saved_by(draft) == by.pk]
    if author == by:
        alone += [record for record in changed if needs_second_person(type(record))]
    return alone


def _last_saved_by(record: Any) -> Any:
    newest = record.history.order_by("-history_id").values_list("history_user", flat=True)
    return newest.first()


@register()
def check_kinds(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a setting that names no kind of record: nobody would look at it."""
    known = {m._meta.label_lower for m in apps.get_models() if issubclass(m, Publishable)}
    unknown = sorted({*settings.SECOND_PERSON_FOR} - known)
    if not unknown:
        return []
    names = ", ".join(unknown)
    return [
        Error(
            f"SECOND_PERSON_FOR names no kind of record: {names}.",
            hint=f"Write one or more of: {', '.join(sorted(known))}.",
            id="cities.E001",
        )
    ]
