"""What a record says, field by field, as a reviewer reads it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.contrib.admin.utils import display_for_field
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext

from cities.records.admin.permissions import may
from cities.records.base import in_order_of_keys
from cities.records.publishing import Publishable
from cities.records.word_comparison import Edit, Effort, Piece, pieces


class Fact(NamedTuple):
    """One thing that a record says."""

    label: str
    value: str
    row: int = 0
    """The key of the part that says it: two versions of one part are compared with each other."""


def facts_of(request: HttpRequest, record: Any) -> list[Fact]:
    """Return what a record and its parts say, without drafts that the reader may not see."""
    found = [*said_in_fields(request, record), *_said_in_lists(request, record)]
    for part in record.own_parts():
        if is_hidden(request, part):
            continue
        facts = said_in_fields(request, part, besides=part.parents)
        said = "; ".join(f"{fact.label}: {fact.value}" for fact in facts)
        found.append(Fact(capfirst(str(part._meta.verbose_name)), said, row=part.pk))
    return found


def without_rows(facts: list[Fact]) -> list[Fact]:
    """Return facts of a record whose parts are to be compared with those of another record."""
    return [fact._replace(row=0) for fact in facts]


class Compared(NamedTuple):
    """One thing that two versions say: the words that stayed, went and came."""

    label: str
    pieces: list[Piece]

    @property
    def is_changed(self) -> bool:
        return any(piece.change != Edit.KEPT for piece in self.pieces)


def compared(before: list[Fact], after: list[Fact]) -> list[Compared]:
    """Return what two versions say, word by word, in the order of the new one."""
    old, new = _numbered(before), _numbered(after)
    effort = Effort()
    return [
        Compared(key[0], [*pieces(old.get(key, ""), new.get(key, ""), effort)])
        for key in {**new, **old}
    ]


def _numbered(facts: list[Fact]) -> dict[tuple[str, int, int], str]:
    """Return the values by label, by part, and by which one of these it is."""
    seen: Counter[tuple[str, int]] = Counter()
    found = {}
    for label, value, row in facts:
        seen[label, row] += 1
        found[label, row, seen[label, row]] = value
    return found


def said_in_fields(
    request: HttpRequest, record: Any, besides: Sequence[str] = (), also: Sequence[str] = ()
) -> Iterator[Fact]:
    """Yield what a record says in its own fields: in those that people edit, and `also`."""
    for field in record._meta.concrete_fields:
        is_read = field.editable or field.name in also
        if not is_read or field.primary_key or field.name in besides:
            continue
        if field.default is False and not getattr(record, field.name):
            continue  # a box that nobody ticked says nothing
        shown = _shown(request, record, field)
        if shown:
            yield Fact(capfirst(str(field.verbose_name)), shown)


def _said_in_lists(request: HttpRequest, record: Any) -> Iterator[Fact]:
    for field in record._meta.many_to_many:
        others = in_order_of_keys(getattr(record, field.name).all())
        names = [str(other) for other in others if not _is_secret(request, other)]
        if names:
            yield Fact(capfirst(str(field.verbose_name)), "; ".join(names))


def _shown(request: HttpRequest, record: Any, field: Any) -> str:
    value = getattr(record, field.name)
    if value in (None, "") or _is_secret(request, value):
        return ""
    if isinstance(field, models.FileField):
        return str(value).rpartition("/")[2]
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if display := getattr(record, f"get_{field.name}_display", None):
        return str(display())
    if isinstance(field, models.URLField):
        return value  # the admin makes a link of it
    return str(display_for_field(value, field, ""))


def is_hidden(request: HttpRequest, part: Any, besides: str = "") -> bool:
    """Return whether a part names a draft that the reader may not see."""
    links = (field.name for field in part._meta.concrete_fields if field.is_relation)
    return any(_is_secret(request, getattr(part, name)) for name in links if name != besides)


def _is_secret(request: HttpRequest, other: Any) -> bool:
    is_draft = isinstance(other, Publishable) and other.is_draft
    return is_draft and not may(request, "preview", type(other))
