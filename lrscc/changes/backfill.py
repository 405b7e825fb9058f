"""Fill the log, when it begins, with what the histories have of the time before it."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import now

from cities.records.log import ChangeKind, LogEntry, LoggedRecord, Representation, Shown
from lrscc.changes.causes import FROM_FILES, SOMEBODY
from lrscc.changes.histories import Version, saved_together, versions
from lrscc.changes.naming import Key, Name, names_of
from lrscc.changes.representation import Represented, canonical, digest, documents, represented
from lrscc.changes.writing import ROWS_PER_QUERY, SUMMED_UP_FROM, update_records

_FIRST_IS_SAID = (
    ChangeKind.WITHDRAWN,
    ChangeKind.CORRECTED,
    ChangeKind.PUBLISHED,
    ChangeKind.CHANGED,
)


def fill(domain: str) -> None:
    """Write the log of a register that was kept without one. `domain` is that of its feeds.

    A record has one representation, of today: what visitors could read before is not known.
    """
    records = _records()
    groups = [group for group in saved_together(versions()) if _key(group[0]) in records]
    told = _entries(groups, records, domain)
    texts = _texts(records)
    silent = _silent(records, told)
    _add_representations(records, [*silent, *told], texts)
    entries = [*silent, *told, *_first_import(told)]
    entries.sort(key=lambda entry: entry.moment)
    Representation.objects.bulk_create(
        [Representation(sha256=digest(text), text=text) for text in dict.fromkeys(texts.values())],
        batch_size=ROWS_PER_QUERY,
        ignore_conflicts=True,
    )
    LogEntry.objects.bulk_create(entries, batch_size=ROWS_PER_QUERY)
    for entry in entries:
        if entry.record is not None:
            entry.record.newest = entry
    update_records(records.values())


def _records() -> dict[Key, LoggedRecord]:
    """Make a row for each record whose address answers, with the page that shows it."""
    records: dict[Key, LoggedRecord] = {}
    names: dict[Key, Name] = {}
    for kind in represented().values():
        label, pks = kind.record_type.label, kind.answering()
        public, found = kind.public(pks), documents(kind, pks)
        for pk, name in names_of(kind.record_type, pks).items():
            record = LoggedRecord(kind=label, object_id=pk, is_public=pk in public)
            record.ref = found[pk]["ref"]
            name.give_to(record)
            records[label, pk], names[label, pk] = record, name
    LoggedRecord.objects.bulk_create(records.values(), batch_size=ROWS_PER_QUERY)
    for key, name in names.items():
        if name.page is not None:
            records[key].page = records.get(name.page)
    return records


def _key(version: Version) -> Key:
    return version.label, version.pk


def _entries(
    groups: Iterable[list[Version]], records: dict[Key, LoggedRecord], domain: str
) -> list[LogEntry]:
    return [_entry(group, records[_key(group[0])], domain) for group in groups]


def _entry(group: list[Version], record: LoggedRecord, domain: str) -> LogEntry:
    """Return the entry for what was saved together, with the name that feeds gave it."""
    main = min(group, key=lambda row: (_FIRST_IS_SAID.index(row.kind), bool(row.part)))
    reason = next((row.reason for row in group if row.reason.strip() and not row.part), "")
    office = next((row.office for row in group if row.office), "")
    is_told = main.kind in (ChangeKind.CHANGED, ChangeKind.WITHDRAWN)
    part = main.part.replace("exchanges.programrole", "exchanges.programmerole")
    key = f"{represented()[main.label].record_type.feed_key}/{main.pk}/{part}/{main.version}"
    moment = group[0].moment
    own = [row.version for row in group if not row.part]
    record.version = max([record.version or 0, *own]) or None
    return LogEntry(
        batch=uuid.uuid4(),
        record=record,
        kind=main.kind,
        parts=sorted({row.part for row in group}) if main.part else [],
        shown=Shown.EVERYWHERE,
        moment=moment,
        office=office or (SOMEBODY if any(row.is_by_somebody for row in group) else ""),
        reason=reason.strip() if is_told or reason.startswith(FROM_FILES) else "",
        feed_id=uuid.uuid5(uuid.NAMESPACE_URL, f"{domain}/{key}/{moment.isoformat()}"),
    )


def _texts(records: dict[Key, LoggedRecord]) -> dict[Key, str]:
    """Return what the public can read today of each record."""
    pks: dict[Represented, list[int]] = defaultdict(list)
    for (label, pk), record in records.items():
        if record.is_public:
            pks[represented()[label]].append(pk)
    return {
        (kind.record_type.label, pk): canonical(document)
        for kind, some in pks.items()
        for pk, document in documents(kind, some).items()
    }


def _silent(records: dict[Key, LoggedRecord], told: list[LogEntry]) -> list[LogEntry]:
    """Return entries for records with no change in the histories that readers find."""
    heard = {entry.record_id for entry in told}
    start: datetime = min((entry.moment for entry in told), default=now())
    return [
        LogEntry(
            batch=uuid.uuid4(),
            record=record,
            kind=ChangeKind.PUBLISHED if record.is_public else ChangeKind.WITHDRAWN,
            shown=Shown.NOWHERE,
            moment=start,
        )
        for record in records.values()
        if record.pk not in heard
    ]


def _add_representations(
    records: dict[Key, LoggedRecord], entries: list[LogEntry], texts: dict[Key, str]
) -> None:
    """Give the newest entry of each public record the representation of today."""
    newest: dict[int, LogEntry] = {}
    for entry in sorted(entries, key=lambda entry: entry.moment):
        newest[entry.record_id or 0] = entry
    for key, text in texts.items():
        newest[records[key].pk].sha256 = records[key].sha256 = digest(text)


def _first_import(told: list[LogEntry]) -> list[LogEntry]:
    """Return one line for what was loaded from files and published, if it is much."""
    loaded = [
        entry
        for entry in told
        if entry.kind == ChangeKind.PUBLISHED and entry.reason.startswith(FROM_FILES)
    ]
    if len(loaded) < SUMMED_UP_FROM:
        return []
    for entry in loaded:
        entry.shown = Shown.ON_ITS_PAGE
    return [
        LogEntry(
            batch=uuid.uuid4(),
            kind=ChangeKind.IMPORTED,
            count=len(loaded),
            shown=Shown.EVERYWHERE,
            moment=max(entry.moment for entry in loaded),
            reason=loaded[0].reason,
        )
    ]
