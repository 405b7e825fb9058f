"""How the log names records and their pages, so that lists of changes read no other table."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from cities.records.dependencies import model_at
from cities.records.log import LoggedRecord
from cities.records.publishing import Publication
from cities.records.record_types import Changes, RecordType

FIELDS = ("slug", "title", "language", "dated", "number", "variety")
"""What the log keeps of a record’s name."""

Key = tuple[str, int]
"""The label of a model and the key of a row."""


@dataclass(frozen=True)
class Name:
    """What a record is called today, the record whose page shows it, and what it is part of."""

    slug: str = ""
    title: str = ""
    language: str = ""
    dated: str = ""
    number: int | None = None
    variety: str = ""
    page: Key | None = None
    opened_by: Key | None = None
    """The record that makes it public together with it; none where it is listed by itself."""

    def give_to(self, record: LoggedRecord) -> bool:
        """Write the name to a row of the log. Return whether it was another one."""
        before = [getattr(record, name) for name in FIELDS]
        after = [getattr(self, name) for name in FIELDS]
        for name, value in zip(FIELDS, after, strict=True):
            setattr(record, name, value)
        return before != after


def names_of(record_type: RecordType, pks: Collection[int]) -> dict[int, Name]:
    """Return the names of records by their keys, with one query.

    A record on the pages of several has the first by name.
    """
    changes: Changes = record_type.changes or Changes()
    if not record_type.changes:
        return {pk: Name() for pk in pks}
    paths = {
        "slug": changes.on_page("slug"),
        "number": changes.number,
        "variety": changes.kind,
        "page_pk": changes.on_page("pk"),
    }
    if not changes.page:
        paths |= {"title": changes.title, "language": changes.title_language}
        paths |= {"dated": changes.title_date}
    opener = _opener(record_type)
    paths |= {"opener_pk": f"{opener}__pk" if opener else ""}
    rows = record_type.model._base_manager.filter(pk__in=pks)
    if record_type.is_on_any_page:
        link = record_type.page.partition("__")[0]
        rows = rows.filter(**{f"{link}__publication": Publication.PUBLISHED})
    wanted = {f"n_{name}": F(path) for name, path in paths.items() if path}
    found = rows.order_by(changes.on_page(changes.title), changes.on_page("slug"))
    names: dict[int, Name] = {}
    for row in found.values("pk", **wanted):
        names.setdefault(row["pk"], _name(record_type, opener, row))
    return names


def _name(record_type: RecordType, opener: str, row: dict[str, Any]) -> Name:
    page, owner = row["n_page_pk"], row.get("n_opener_pk")
    opened_by = model_at(record_type.model, opener)._meta.label_lower
    return Name(
        slug=row["n_slug"] or "",
        title=row.get("n_title") or "",
        language=row.get("n_language") or "",
        dated=str(getattr(row.get("n_dated"), "edtf", "")),
        number=row.get("n_number"),
        variety=row.get("n_variety") or "",
        page=(record_type.page_model._meta.label_lower, page),
        opened_by=(opened_by, owner) if owner else None,
    )


def _opener(record_type: RecordType) -> str:
    """Return the path to the record that a numbered one is published with."""
    ways = getattr(record_type.model._default_manager.none(), "visible_through", ())
    return ways[0] if ways and record_type.changes.anchor else ""


def dependencies(record_type: RecordType) -> dict[str, frozenset[str]]:
    """Return the paths to other records that a name is read from, with the fields."""
    changes = record_type.changes
    found: dict[str, frozenset[str]] = {}
    for path in (changes.on_page(changes.title), changes.number) if changes else ():
        to, __, field = path.rpartition("__")
        if to and not (changes.page and to == changes.page):
            found[to] = found.get(to, frozenset()) | {field}
    return found
