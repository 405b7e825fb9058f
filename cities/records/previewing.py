"""Preview by doing: publish drafts, read the public page, and take everything back.

Nothing is kept of it: the transaction is rolled back, with all that follows from the records, and
no version of the site is known inside (see `cities.records.kept`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from django.utils.timezone import localdate
from django.utils.translation import gettext

from cities.records.change_sets import ChangeSet, Deed, ProposedChange, kind_of
from cities.records.derived import collecting
from cities.records.edits import apply_edit
from cities.records.publishing import Publication, Publishable, WithdrawnError
from cities.records.record_types import registry

T = TypeVar("T")


class _TakenBackError(Exception):
    """Ends the transaction in which something was tried."""


def as_if_published(
    drafts: Iterable[Publishable],
    read: Callable[[], T],
    edits: Mapping[ProposedChange, list[str]] | None = None,
) -> T:
    """Return what `read` returns while drafts are public, each after those that it needs.

    Nobody else sees them meanwhile. What is not ready yet is shown all the same. Edits are made
    as well, without their uploads; what is wrong with one is added to its list.
    """
    found: list[T] = []
    try:
        with transaction.atomic():
            with collecting():
                shown = list(drafts)
                for row, reason in _corrected_by(shown):
                    _withdraw(row, reason)
                for draft in shown:
                    _publish(draft)
                for change, problems in (edits or {}).items():
                    problems += apply_edit(change, with_uploads=False)
            found.append(read())
            raise _TakenBackError
    except _TakenBackError:
        return found[0]


def _corrected_by(drafts: Iterable[Publishable]) -> Iterator[tuple[Any, str]]:
    """Yield the published records in whose place the drafts come, and why."""
    for draft in drafts:
        found = ProposedChange.objects.filter(
            kind=kind_of(draft),
            object_id=draft.pk,
            deed=Deed.CORRECT,
            change_set__in=ChangeSet.objects.unsettled(),
        )
        for change in found.select_related("change_set"):
            rows = type(draft)._base_manager.filter(pk=change.replaces)
            for row in rows.filter(publication=Publication.PUBLISHED):
                yield row, change.change_set.reason or gettext("Preview")


def _withdraw(row: Any, reason: str) -> None:
    with suppress(ValidationError):  # the release says what is wrong
        row.withdraw(because=reason, on=localdate())


def _publish(draft: Publishable) -> None:
    row: Any = type(draft)._base_manager.get(pk=draft.pk)
    if not row.is_draft:
        return  # with the record that it belongs to
    try:
        with transaction.atomic():
            row.publish()
    except ValidationError:
        row = type(draft)._base_manager.get(pk=draft.pk)
        row.publication = Publication.PUBLISHED
        row.save()


def has_page(model: Any) -> bool:
    """Return whether some page shows the records of a model."""
    kind = registry.of(model)
    return hasattr(model, "get_absolute_url") or bool(kind and kind.page)


def public_address(record: Any) -> str:
    """Return where visitors read a record that has a page; empty while nothing leads to it."""
    if hasattr(record, "get_absolute_url"):
        return record.get_absolute_url()
    kind: Any = registry.of(type(record))
    rows = type(record)._base_manager.filter(pk=record.pk)
    slug = rows.values_list(f"{kind.page}__slug", flat=True).first()
    return kind.address(slug) if slug else ""


def public_answer(request: Any, address: str) -> HttpResponse:
    """Return what a visitor is answered at an address of this site. Raise `Http404` for none.

    It is made past every cache.
    """
    path = address.partition("#")[0]
    visit: Any = HttpRequest()
    visit.method, visit.path, visit.path_info = "GET", path, path
    kept = ("HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "wsgi.url_scheme")
    visit.META = {name: request.META[name] for name in kept if name in request.META}
    visit.META |= {"REQUEST_METHOD": "GET", "QUERY_STRING": ""}
    visit.user, visit.resolver_match = AnonymousUser(), resolve(path)
    visit.register = request.register
    try:
        answer = visit.resolver_match.func(
            visit, *visit.resolver_match.args, **visit.resolver_match.kwargs
        )
    except WithdrawnError:
        raise Http404 from None
    return answer.render() if hasattr(answer, "render") else answer
