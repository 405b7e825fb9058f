"""Public changes of records: what changed, when, in which office, and why.

All of it is read from the history of the records. A draft has no changes, and neither has
anything done while a record, or what it is about, was a draft. Of a withdrawn record only
the withdrawal is listed. No member of staff is named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, F, IntegerField, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext

from cities.records.dates import RecordDate
from cities.records.publishing import Publication
from cities.records.record_types import Known, RecordType
from lrscc.changes.scopes import of_page
from lrscc.changes.versions import (
    CHANGED,
    CORRECTED,
    KINDS,
    OFFICES,
    PUBLISHED,
    SAME_CHANGE_WITHIN,
    WITHDRAWN,
    Version,
    by_label,
    parts,
    tracked,
    versions,
    versions_of_pages,
)

_FIRST_IS_SAID = (WITHDRAWN, CORRECTED, PUBLISHED, CHANGED)

VERSIONS_PER_CHANGE = 20
"""Versions that are read to describe one change."""

FROM_FILES = "load_register "
"""How the reason begins of what was loaded from the register’s files."""


@dataclass(frozen=True)
class Change:
    """One change, of a record or of its parts, that visitors can see.

    `address` is empty where no page shows the record; `office` and `why` where there is no record.
    """

    key: str
    """Names it for ever, whatever is changed later."""
    moment: datetime
    kind: str
    record: str
    what: str
    address: str
    office: str
    why: str
    language: str = ""
    """Of the name, where that is not in English."""

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def day(self) -> date:
        """The day in the home city."""
        return localdate(self.moment)

    @property
    def name(self) -> str:
        """What changed, for a list: the name of its page, or what it is where that has none."""
        return self.record or self.what[:1].upper() + self.what[1:]

    @property
    def title(self) -> str:
        """“Otsu: entry 3 (signed), published”."""
        parts = {"record": self.record, "what": self.what, "done": self.kind_label.lower()}
        if self.record:
            return gettext("%(record)s: %(what)s, %(done)s") % parts
        return gettext("%(what)s, %(done)s") % {**parts, "what": self.name}


def changes_of(rows: Iterable[Iterable]) -> list[Change]:
    """Return the changes in words; rows of one record saved together are one change."""
    groups = _groups(rows)
    known = _known({(group[0].label, group[0].pk) for group in groups})
    named = ((group, known.get((group[0].label, group[0].pk))) for group in groups)
    return [_change(group, record) for group, record in named if record]


def last(record: Any) -> Change | None:
    """Return the newest change shown on the page of a record, with one query, without names."""
    groups = _groups(versions(of_page(record))[:VERSIONS_PER_CHANGE])
    return _change(groups[0], None) if groups else None


def _groups(rows: Iterable[Iterable]) -> list[list[Version]]:
    groups: list[list[Version]] = []
    newest: dict[tuple[str, int], list[Version]] = {}
    for row in map(Version._make, rows):
        group = newest.get((row.label, row.pk))
        if group is None or group[-1].moment - row.moment > SAME_CHANGE_WITHIN:
            group = newest[row.label, row.pk] = []
            groups.append(group)
        group.append(row)
    return groups


def _change(group: list[Version], known: Known | None) -> Change:
    main = min(group, key=lambda row: (_FIRST_IS_SAID.index(row.kind), bool(row.part)))
    reason = next((row.reason for row in group if row.reason.strip() and not row.part), "")
    office = next((row.office for row in group if row.office), "")
    record_type = by_label()[main.label]
    # A page that was withdrawn keeps its name to itself.
    is_named = known is not None and (main.kind != WITHDRAWN or known.is_page_public)
    noun = record_type.phrase(known) if known else ""
    return Change(
        key=f"{record_type.feed_key}/{main.pk}/{_part_key(main.part)}/{main.version}",
        moment=group[0].moment,
        kind=main.kind,
        record=_page_name(known) if known and is_named else "",
        what=_what(group, noun) if main.part else noun,
        address=record_type.address(known.slug, known.number) if known else "",
        office=_office(office, any(row.is_by_somebody for row in group)),
        why=_why(reason, main.kind),
        language=known.language if known and is_named else "",
    )


def _page_name(known: Known) -> str:
    """Return the name of the page that shows the record."""
    if not known.dated:
        return known.title
    parts = {"organization": known.title, "date": str(RecordDate.parse(known.dated))}
    return gettext("%(organization)s, %(date)s") % parts


def _part_key(label: str) -> str:
    """Return the label of a part that feeds have used from the beginning."""
    return label.replace("exchanges.programrole", "exchanges.programmerole")


def _what(group: list[Version], noun: str) -> str:
    """Return which parts of a record changed: “place (name, succession)”."""
    names = (str(parts()[row.part][0]._meta.verbose_name) for row in group if row.part)
    return gettext("%(noun)s (%(parts)s)") % {
        "noun": noun,
        "parts": ", ".join(dict.fromkeys(names)),
    }


def _office(name: str, is_by_somebody: bool) -> str:
    if name:
        return str(OFFICES[name])
    return gettext("Commission staff") if is_by_somebody else ""


def _why(reason: str, kind: str) -> str:
    """Return the reason for visitors; that of a file, and of publishing, is empty."""
    if reason.startswith(FROM_FILES):
        return gettext("First import.")
    return "" if kind in (PUBLISHED, CORRECTED) else reason.strip()


def newest_of_pages(model: Any) -> dict[str, datetime]:
    """Return when each page of a kind of record last changed, by slug, with two queries."""
    newest: dict[tuple[str, int], datetime] = {}
    for row in map(Version._make, versions_of_pages(model)):
        newest.setdefault((row.label, row.pk), row.moment)
    shown = [
        _known_of(record_type, record_type.shown())
        for record_type in tracked()
        if record_type.page_model is model
    ]
    pages: dict[str, datetime] = {}
    for known in _read(shown):
        moment = newest.get((known.label, known.pk))
        if moment is not None:
            pages[known.slug] = max(moment, pages.get(known.slug, moment))
    return pages


def _known(wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Known]:
    """Return the records with what their names need, with one query."""
    by_subject: dict[RecordType, list[int]] = {}
    for label, pk in sorted(wanted):
        by_subject.setdefault(by_label()[label], []).append(pk)
    known = _read(
        [
            _known_of(record_type, record_type.shown().filter(pk__in=pks))
            for record_type, pks in by_subject.items()
        ]
    )
    # An agreement has a page for each of its relationships: use the first by name.
    return {(one.label, one.pk): one for one in reversed(known)}


def _read(queries: list[Any]) -> list[Known]:
    if not queries:
        return []
    first, *rest = queries
    rows = first.union(*rest, all=True).order_by("c_label", "c_pk", "c_title", "c_slug")
    return [Known(*row) for row in rows]


def _known_of(record_type: RecordType, records: Any) -> Any:
    text = TextField()
    empty = Value("", text)
    changes: Any = record_type.changes
    return (
        records.order_by()
        .annotate(
            c_label=Value(record_type.label, text),
            c_pk=F("pk"),
            c_slug=Cast(changes.on_page("slug"), text),
            c_title=Cast(changes.on_page(changes.title), text),
            c_dated=Coalesce(Cast(changes.on_page(changes.title_date), text), empty)
            if changes.title_date
            else empty,
            # With its type: a union of NULLs alone is text to PostgreSQL.
            c_number=Cast(
                F(changes.number) if changes.number else Value(None), output_field=IntegerField()
            ),
            c_kind=Cast(changes.kind, text) if changes.kind else empty,
            c_language=Cast(changes.on_page(changes.title_language), text)
            if changes.title_language
            else empty,
            c_is_page_public=Case(
                When(**{changes.on_page("publication"): Publication.PUBLISHED}, then=1),
                default=0,
                output_field=IntegerField(),
            ),
        )
        .values_list(
            "c_label",
            "c_pk",
            "c_slug",
            "c_title",
            "c_dated",
            "c_number",
            "c_kind",
            "c_language",
            "c_is_page_public",
        )
    )
