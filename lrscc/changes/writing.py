"""Write the log: what a transaction changed for the public, at its end and inside it.

What the public can read of each touched record is compared with what the log knows of it. If
they are the same, nothing is written; so a draft, and a save that changes nothing, leave no trace.
"""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.timezone import now

from cities.records.change_sets import reasons_of
from cities.records.log import ChangeKind, LogEntry, LoggedRecord, Representation, Shown
from cities.records.publishing import Publication
from lrscc.changes.causes import FROM_FILES, Cause, causes_of
from lrscc.changes.naming import FIELDS, Key, Name, names_of
from lrscc.changes.representation import Represented, canonical, digest, documents, represented

SUMMED_UP_FROM = 50
"""So many records published together are one line for readers."""

ROWS_PER_QUERY = 400

NEW = (ChangeKind.PUBLISHED, ChangeKind.CORRECTED, ChangeKind.RESTORED)
"""Kinds of change after which visitors read what they did not read before."""

Document = dict[str, Any]


class Batch:
    """What one transaction adds to the log: collected kind by kind, then saved at once.

    One that restates says again what is public, for copies that start afresh.
    """

    def __init__(self, restates: bool = False) -> None:
        self.restates = restates
        self.key = uuid.uuid4()
        self.moment: datetime = now()
        self._records: dict[Key, LoggedRecord] = {}
        self._entries: dict[Key, LogEntry] = {}
        self._pages: dict[Key, Key] = {}
        self._texts: dict[str, str] = {}
        self._embedded: dict[tuple[str, str], LogEntry | None] = {}
        """The records that what changed is read with; and the change of a part, where readers
        find it under the record."""
        self._renamed: set[Key] = set()

    def add(self, kind: Represented, pks: Collection[int]) -> None:
        """Compare records of one kind with the log. Kinds come before those they open."""
        label = kind.record_type.label
        known = {one.object_id: one for one in _known(label, pks)}
        public = kind.public(pks)
        # Withdrawn, and unknown so far: loaded from files as it is.
        gone = kind.answering(set(pks) - public - known.keys()) if len(known) < len(pks) else set()
        found = documents(kind, public | gone)
        names = names_of(kind.record_type, public | gone)
        now_read = {pk: document for pk, document in found.items() if pk in public}
        texts = {pk: canonical(document) for pk, document in now_read.items()}
        changed = []
        for pk in sorted({*known, *found}):
            record = known.get(pk) or LoggedRecord(kind=label, object_id=pk, is_public=False)
            record.ref = found[pk]["ref"] if pk in found else record.ref
            name = names.get(pk)
            if name and (name.give_to(record) or record.pk is None):
                self._renamed.add((label, pk))
            self._records[label, pk] = record
            if name and name.page:
                self._pages[label, pk] = name.page
            is_other = (digest(texts[pk]) if pk in texts else "") != record.sha256
            if is_other or record.pk is None or (self.restates and pk in texts):
                changed.append(pk)
        self._add_entries(kind, changed, now_read, texts, names)

    def _add_entries(
        self,
        kind: Represented,
        changed: list[int],
        now_read: dict[int, Document],
        texts: dict[int, str],
        names: dict[int, Name],
    ) -> None:
        label = kind.record_type.label
        records = {pk: self._records[label, pk] for pk in changed}
        before = _documents_of(records.values())
        causes = causes_of(kind, records, before, now_read)
        withdrawn = _withdrawals(kind, set(changed) - set(now_read))
        given = _given_for_sets(label, records, causes)
        for pk, record in records.items():
            old, new = before.get(record.sha256), now_read.get(pk)
            entry = LogEntry(batch=self.key, moment=self.moment, shown=Shown.EVERYWHERE)
            entry.kind = self._what_happened(kind, record, new)
            entry.office = causes[pk].office
            entry.reason = given.get(causes[pk].version) or _reason(
                entry, causes[pk], withdrawn.get(pk, "")
            )
            # What is hidden with something else, or was never read, has no page to be listed on.
            is_gone = new is None and not (withdrawn.get(pk) and record.is_public)
            if is_gone or self._is_read_elsewhere(kind, entry, names.get(pk)):
                entry.shown = Shown.NOWHERE
            if entry.kind == ChangeKind.CHANGED:
                entry.parts = changed_parts(kind, old, new)
            if new is not None:
                entry.sha256 = digest(texts[pk])
                self._texts[entry.sha256] = texts[pk]
            record.sha256, record.is_public = entry.sha256, new is not None
            record.version = causes[pk].version or record.version
            self._entries[label, pk] = entry
            if not self.restates:
                self._embed(kind, old, new, causes[pk])

    def _what_happened(
        self, kind: Represented, record: LoggedRecord, new: Document | None
    ) -> ChangeKind:
        if new is None:
            return ChangeKind.WITHDRAWN
        if record.is_public:
            return ChangeKind.RESTATED if self.restates else ChangeKind.CHANGED
        if record.newest_id:
            return ChangeKind.RESTORED
        changes = kind.record_type.changes
        is_correction = changes and changes.correction and record.variety == changes.correction
        return ChangeKind.CORRECTED if is_correction else ChangeKind.PUBLISHED

    def _embed(
        self, kind: Represented, old: Document | None, new: Document | None, cause: Cause
    ) -> None:
        for label, ref in _embedding(kind, old, new):
            part = None
            if (label, ref) in _belonging(kind, old, new):
                part = LogEntry(parts=[kind.record_type.label], office=cause.office)
            self._embedded[label, ref] = part or self._embedded.get((label, ref))

    def _is_read_elsewhere(self, kind: Represented, entry: LogEntry, name: Name | None) -> bool:
        """Return whether readers find it with another entry, or only in a new representation."""
        if not kind.record_type.changes or entry.kind == ChangeKind.RESTATED:
            return True
        opened_by = name.opened_by if name and entry.kind in NEW else None
        return opened_by is not None and self._is_new(opened_by)

    def _is_new(self, key: Key) -> bool:
        """Return whether a record became public in this batch."""
        entry = self._entries.get(key)
        return entry is not None and entry.kind in (ChangeKind.PUBLISHED, ChangeKind.RESTORED)

    def save(self) -> None:
        """Write everything. The database gives the numbers when the transaction commits."""
        self._add_those_that_embed()
        keys = [key for key in self._records if key in self._entries or key in self._renamed]
        new = [self._records[key] for key in keys if self._records[key].pk is None]
        LoggedRecord.objects.bulk_create(new, batch_size=ROWS_PER_QUERY)
        Representation.objects.bulk_create(
            [Representation(sha256=sha, text=text) for sha, text in self._texts.items()],
            batch_size=ROWS_PER_QUERY,
            ignore_conflicts=True,  # the same words again: a withdrawn record that is back
        )
        summary = self._sum_up()
        for key, entry in self._entries.items():
            entry.record = self._records[key]
        entries = [*self._entries.values(), *summary]
        LogEntry.objects.bulk_create(entries, batch_size=ROWS_PER_QUERY)
        for key, entry in self._entries.items():
            self._records[key].newest = entry
        self._find_pages(keys)
        update_records([self._records[key] for key in keys])

    def _add_those_that_embed(self) -> None:
        """Add entries of records that are read together with what changed: a copy needs them, and
        of a part that is a record of its own, such as a seat, readers hear by them as well."""
        wanted = dict(self._embedded)
        while wanted:
            above: dict[tuple[str, str], LogEntry | None] = {}
            for record in _named_by_ref(wanted):
                key = record.kind, record.object_id
                if key in self._entries or not record.is_public:
                    continue
                self._records[key] = record
                self._entries[key] = self._beside(record, wanted[record.kind, record.ref])
                kind = represented()[record.kind]
                document = _documents_of([record]).get(record.sha256)
                above |= dict.fromkeys(_embedding(kind, document, document))
            wanted = above

    def _beside(self, record: LoggedRecord, part: LogEntry | None) -> LogEntry:
        """Return the entry of a record that itself stayed the same."""
        entry = LogEntry(batch=self.key, moment=self.moment, kind=ChangeKind.CHANGED)
        entry.sha256, entry.shown = record.sha256, Shown.NOWHERE
        if part is not None:
            entry.parts, entry.office, entry.shown = part.parts, part.office, Shown.EVERYWHERE
        return entry

    def _sum_up(self) -> list[LogEntry]:
        """Return one line for many records that were published together."""
        published = [
            entry
            for entry in self._entries.values()
            if entry.kind == ChangeKind.PUBLISHED and entry.shown == Shown.EVERYWHERE
        ]
        if len(published) < SUMMED_UP_FROM:
            return []
        for entry in published:
            entry.shown = Shown.ON_ITS_PAGE
        return [
            LogEntry(
                batch=self.key,
                moment=self.moment,
                kind=ChangeKind.IMPORTED,
                count=len(published),
                shown=Shown.EVERYWHERE,
                office=published[0].office,
                reason=published[0].reason,
            )
        ]

    def _find_pages(self, keys: Iterable[Key]) -> None:
        """Set the page of each record, as the log knows it."""
        pages = {self._pages[key] for key in keys if key in self._pages}
        found = {key: self._records[key] for key in pages if key in self._records}
        for label in {label for label, __ in pages - found.keys()}:
            pks = [pk for of, pk in pages if of == label]
            found |= {(label, one.object_id): one for one in _known(label, pks)}
        for key in keys:
            if key in self._pages:
                page = found.get(self._pages[key])
                self._records[key].page = page if page is not None and page.pk else None


def update_records(records: Collection[LoggedRecord]) -> None:
    """Write what the log knows of records, in few queries."""
    LoggedRecord.objects.bulk_create(
        records,
        batch_size=ROWS_PER_QUERY,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["ref", "page", "is_public", "sha256", "version", "newest", *FIELDS],
    )


def _known(label: str, pks: Collection[int]) -> Any:
    return LoggedRecord.objects.filter(kind=label, object_id__in=pks)


def _named_by_ref(names: Iterable[tuple[str, str]]) -> Iterable[LoggedRecord]:
    by_kind: dict[str, list[str]] = {}
    for label, ref in names:
        by_kind.setdefault(label, []).append(ref)
    for label, refs in by_kind.items():
        yield from LoggedRecord.objects.filter(kind=label, ref__in=refs)


def _documents_of(records: Iterable[LoggedRecord]) -> dict[str, Document]:
    """Return the documents that the log holds, by digest; a redacted one is left out."""
    digests = {record.sha256 for record in records} - {""}
    rows = Representation.objects.filter(sha256__in=digests).exclude(text="")
    return {sha: json.loads(text) for sha, text in rows.values_list("sha256", "text")}


def _withdrawals(kind: Represented, pks: Collection[int]) -> dict[int, str]:
    """Return why those records that were withdrawn themselves were."""
    if not kind.table.is_publishable or not pks:
        return {}
    rows = kind.model._base_manager.filter(pk__in=pks, publication=Publication.WITHDRAWN)
    return dict(rows.order_by().values_list("pk", "withdrawn_because"))


def _given_for_sets(
    label: str, records: dict[int, LoggedRecord], causes: dict[int, Cause]
) -> Mapping[int | None, str]:
    """Return the reasons of change sets that published records, by the version they made."""
    versions = [
        causes[pk].version
        for pk, record in records.items()
        if not record.is_public and not causes[pk].reason.startswith(FROM_FILES)
    ]
    return reasons_of(label, versions) if any(versions) else {}


def _reason(entry: LogEntry, cause: Cause, withdrawn_because: str) -> str:
    """Return why, for readers. What is new needs no reason, unless it comes from a file."""
    if entry.kind == ChangeKind.WITHDRAWN:
        return withdrawn_because
    is_from_files = cause.reason.startswith(FROM_FILES)
    return cause.reason if is_from_files or entry.kind not in NEW else ""


def changed_parts(kind: Represented, old: Document | None, new: Document | None) -> list[str]:
    """Return the labels of the parts that differ; none if the record itself differs."""
    old, new = old or {}, new or {}
    labels = {part.name: part.table.model._meta.label_lower for part in kind.parts}
    different = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if any(name not in labels for name in different):
        return []
    return sorted(labels[name] for name in different)


def _embedding(
    kind: Represented, old: Document | None, new: Document | None
) -> list[tuple[str, str]]:
    """Return the records that the public reads it with, by label and ref."""
    return [
        (label, ref)
        for label, path in kind.embedded_in
        if not _is_same_part(path, old, new)
        for document in (old, new)
        if document
        for ref in refs_at(document, path)
    ]


def _is_same_part(path: str, old: Document | None, new: Document | None) -> bool:
    """Return whether a path leads through a part that stayed the same."""
    part, __, rest = path.partition(".")
    return bool(rest and old and new and old.get(part) == new.get(part))


def _belonging(
    kind: Represented, old: Document | None, new: Document | None
) -> list[tuple[str, str]]:
    """Return the record that it is listed as a part of, by label and ref."""
    if not kind.belongs_to:
        return []
    label = kind.model._meta.get_field(kind.belongs_to).related_model._meta.label_lower
    return [(label, ref) for one in (old, new) if one for ref in refs_at(one, kind.belongs_to)]


def refs_at(document: Any, path: str) -> list[str]:
    """Return the refs at a path of a document: ``relations.other``."""
    name, __, rest = path.partition(".")
    value = document.get(name)
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not rest:
        return values
    return [ref for one in values for ref in refs_at(one, rest)]
