"""Jump to any record and any page of the desk by a few letters."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import CharField, F, Value
from django.http import HttpRequest
from django.utils.translation import gettext

from cities.models import Entry
from cities.records.folding import tokens
from cities.records.publishing import Publication
from lrscc.desk.tasks import beginnings
from lrscc.search.documents import indexed
from lrscc.search.query import suggestions

NAMES = {
    "cities.city": "name",
    "cities.relationship": "partner__name",
    "cities.agreement": "slug",
    "cities.source": "title",
    "cities.organization": "name",
    "resolutions.meeting": "slug",
    "resolutions.resolution": "title",
    "resolutions.member": "name",
    "resolutions.statement": "title",
    "exchanges.program": "title",
    "exchanges.exchange": "title",
}
"""The field by which a record is known that the public search does not find."""

MOST = 8
"""Records that are offered of those in the public search, of the others, and of entries."""


@dataclass(frozen=True)
class Place:
    """Somewhere to jump to. `kind` says what it is."""

    title: str
    kind: str
    url: str


def places(site: AdminSite, request: HttpRequest, words: str) -> list[Place]:
    """Return the pages and records with all the words, of those that the person may see."""
    if not (wanted := tokens(words)):
        return []
    keepers = {
        model._meta.label_lower: keeper
        for model, keeper in site._registry.items()
        if keeper.has_view_permission(request)
    }
    return [
        *(place for place in _pages(site, request) if _has(place.title, wanted)),
        *_public(keepers, words),
        *_others(keepers, request, wanted),
        *_entries(keepers, request, wanted),
    ]


def _has(title: str, wanted: list[str]) -> bool:
    """Return whether words of the title begin with each of the wanted ones."""
    there = tokens(title)
    return all(any(word.startswith(beginning) for word in there) for beginning in wanted)


def _pages(site: AdminSite, request: HttpRequest) -> Iterator[Place]:
    for beginning in beginnings(request.user):
        for each in filter(None, (beginning, beginning.beside)):
            yield Place(str(each.label), gettext("Task"), each.address)
    for section in site.get_app_list(request):
        for row in section["models"]:
            if row["admin_url"]:
                yield Place(str(row["name"]), gettext("List"), row["admin_url"])
            if row["add_url"]:
                kind = row["model"]._meta.verbose_name
                yield Place(
                    gettext("Add %(kind)s") % {"kind": kind}, gettext("Form"), row["add_url"]
                )


def _public(keepers: dict[str, Any], words: str) -> Iterator[Place]:
    """Yield published records, as the public search suggests them."""
    kinds = indexed()
    for document in suggestions(words, MOST):
        model = kinds[document.kind].model
        if keeper := keepers.get(model._meta.label_lower):
            yield _place(keeper, document.object_id, document.title)


def _others(keepers: dict[str, Any], request: HttpRequest, wanted: list[str]) -> Iterator[Place]:
    """Yield drafts, what was withdrawn, and records that have no page of their own."""
    in_search = {found.model for found in indexed().values()}
    rows = []
    for label, field in NAMES.items():
        if (keeper := keepers.get(label)) is None:
            continue
        found = keeper.get_queryset(request)
        if keeper.model in in_search:
            found = found.exclude(publication=Publication.PUBLISHED)
        kind, name = Value(label, CharField()), F(field)
        rows.append(found.order_by().values_list(kind, name, "pk"))
    if not rows:
        return
    every = rows[0].union(*rows[1:], all=True).order_by()  # no order of the first model's
    named = (row for row in every if _has(row[1], wanted))
    in_order = sorted(named, key=lambda row: (list(NAMES).index(row[0]), row[1]))
    for label, name, pk in in_order[:MOST]:
        yield _place(keepers[label], pk, name)


def _entries(keepers: dict[str, Any], request: HttpRequest, wanted: list[str]) -> Iterator[Place]:
    """Yield entries of histories, the newest first: by the partner, what happened, and when."""
    if (keeper := keepers.get(Entry._meta.label_lower)) is None:
        return
    rows = keeper.get_queryset(request).order_by(F("on_latest").desc(nulls_last=True), "-pk")
    kinds = dict(Entry._meta.get_field("kind").flatchoices)
    said = ("pk", "relationship__partner__name", "kind", "number", "on")
    named = (
        (pk, f"{partner} {kinds[kind]} {keeper.opts.verbose_name} {number} {on}")
        for pk, partner, kind, number, on in rows.values_list(*said)
    )
    found = [pk for pk, words in named if _has(words, wanted)][:MOST]
    entries = rows.in_bulk(found)
    for pk in found:
        yield _place(keeper, pk, str(entries[pk]))


def _place(keeper: Any, pk: int, title: str) -> Place:
    return Place(title, str(keeper.opts.verbose_name).capitalize(), keeper.page_address(pk))
