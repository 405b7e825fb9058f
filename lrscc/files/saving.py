"""Save rows as records, each with its parts; refuse what a rule refuses."""

from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

from cities.records.publishing import Publication
from cities.records.register_tables import PUBLICATION, Table
from lrscc.files.checking import OneByOne, all_that_is_wrong
from lrscc.files.lookups import NamedRecords
from lrscc.files.pending import NotInMemoryError, Pending
from lrscc.files.reading import Refusals, Row
from lrscc.files.values import values_of


@dataclass
class Report:
    """How many records were new, changed and the same, by table or part."""

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)

    def count(self, row: Row, is_changed: bool) -> None:
        found = self.new if row.is_new else self.changed if is_changed else self.same
        found[row.name] += 1

    def add(self, other: "Report") -> None:
        """Add what another one counted."""
        for mine, theirs in (
            (self.new, other.new),
            (self.changed, other.changed),
            (self.same, other.same),
        ):
            mine.update(theirs)


@dataclass
class _Withdrawal:
    """A record to withdraw once everything else is loaded."""

    row: Row
    record: models.Model
    values: dict[str, Any]


class Saver:
    """Saves the rows of one load, and keeps what was refused and what was saved.

    It saves records one by one, or keeps them `pending` until they are written together.
    """

    def __init__(
        self,
        named: NamedRecords | None = None,
        records: "OneByOne | Pending | None" = None,
        file_of: MutableMapping[tuple[type[models.Model], Any], str] | None = None,
    ) -> None:
        self.report = Report()
        self.refusals = Refusals()
        self.named = named or NamedRecords()
        self._records = records or OneByOne()
        self._file_of = {} if file_of is None else file_of
        self._withdrawals: list[_Withdrawal] = []

    # --- in memory ------------------------------------------------------------------------

    def save_in_memory(self, row: Row, pending: Pending) -> "Saver | None":
        """Save a row among those that are pending, and return what was counted.

        Return None, with nothing kept, if that cannot be done or something is refused: saved by
        itself, the row is named.
        """
        attempt = Saver(self.named, pending, ChainMap({}, self._file_of))
        mark = pending.mark()
        try:
            attempt.save(row, row.table.children)
            if not attempt.refusals and not attempt._withdrawals:
                return attempt
        except NotInMemoryError:
            pass
        pending.undo_to(mark)
        row.begin_again()
        return None

    def add(self, row: Row, attempt: "Saver") -> None:
        """Count a row that was saved in memory, now that it is written."""
        self.report.add(attempt.report)
        record: Any = row.record
        self._file_of[type(record), record.pk] = row.file

    # --- one row --------------------------------------------------------------------------

    def save(self, row: Row, parts: Mapping[str, Table]) -> None:
        """Save a row with its parts. Keep a refusal and continue with the rest."""
        values = values_of(row, self.named, self.refusals)
        if values is None:
            return
        links = _take_links(row.table, values)
        record, is_new = self._records.find(row, values)
        if self._is_in_another_row(row, record):
            return
        published_with_it, published_alone = _split(parts)
        before = _columns(record, row.table)
        is_held_back = self._hold_back_withdrawal(row, record, values, before)
        publication = values.get("publication")
        has_more = any(row.values.get(name) for name in (*published_with_it, *links))
        if has_more and _is_published_by(values, before):
            values["publication"] = Publication.DRAFT  # until all of it is there
        _set(row, record, values)
        if not self._check_and_save(row, record, is_new or _columns(record, row.table) != before):
            return
        self._note(row, record, is_new)
        is_changed = self._save_links(row, links) or is_held_back
        self.save_parts(row, published_with_it)
        self._publish(row, publication, published_with_it)
        self.save_parts(row, published_alone)
        self.report.count(row, is_changed or _columns(record, row.table) != before)

    def save_parts(self, row: Row, parts: Mapping[str, Table]) -> None:
        """Save the parts of a row that was saved."""
        for name, table in parts.items():
            rows = row.parts(name, table)
            for part in sorted(rows, key=lambda part: part.table.load_order(part.values)):
                self.save(part, table.children)

    def withdraw(self) -> None:
        """Withdraw what the files withdraw, in whatever order the rules allow.

        What needs a record goes before it.
        """
        waiting = list(reversed(self._withdrawals))
        while waiting:
            refused = len(self.refusals)
            left = [withdrawal for withdrawal in waiting if not self._withdraw(withdrawal)]
            if len(left) == len(waiting):
                return
            self.refusals.undo_to(refused)
            waiting = left

    def _withdraw(self, withdrawal: _Withdrawal) -> bool:
        """Return False if the record was refused."""
        row, record = withdrawal.row, withdrawal.record
        _set(row, record, withdrawal.values)
        return self._check_and_save(row, record, True)

    def _is_in_another_row(self, row: Row, record: models.Model) -> bool:
        other = self._file_of.get((type(record), record.pk))
        if other is not None:
            self.refusals.add(row, f"The same record is also in {other}. Keep one.")
        return other is not None

    def _hold_back_withdrawal(
        self, row: Row, record: models.Model, values: dict[str, Any], before: dict[str, Any]
    ) -> bool:
        """Keep a published record as it is if the row withdraws it, until the end of the load."""
        states = before.get("publication"), values.get("publication")
        if states != (Publication.PUBLISHED, Publication.WITHDRAWN):
            return False
        withdrawn = {name: values[name] for name in PUBLICATION}
        self._withdrawals.append(_Withdrawal(row, record, withdrawn))
        values |= {name: before[name] for name in PUBLICATION}
        return True

    def _check_and_save(self, row: Row, record: models.Model, is_changed: bool) -> bool:
        """Return False if the record was refused."""
        if not is_changed:
            return True
        try:
            self._records.save(record)
        except (ValidationError, IntegrityError) as error:
            self.refusals.add_error(row, all_that_is_wrong(record, error))
            return False
        return True

    def _note(self, row: Row, record: models.Model, is_new: bool) -> None:
        row.record, row.is_new = record, is_new
        self._file_of[type(record), record.pk] = row.file
        self.named.add(record)

    def _save_links(self, row: Row, links: dict[str, list[models.Model]]) -> bool:
        """Set the many-to-many fields. Return True if one changed."""
        record: Any = row.record
        is_changed = False
        for name, others in links.items():
            if row.is_new and not others:
                continue
            known = {other.pk for other in getattr(record, name).all()}
            if {other.pk for other in others} != known:
                self._records.link(record, name, others)
                is_changed = True
        if is_changed and record.is_published:
            try:
                record.check_drafts_beside()
            except ValidationError as error:
                self.refusals.add_error(row, error)
        return is_changed

    def _publish(self, row: Row, publication: Any, parts: Iterable[str]) -> None:
        """Publish a record that was a draft until its parts were there."""
        record: Any = row.record
        if row.table.is_publishable and record.publication != publication:
            self._records.before_publishing(record, parts)
            record.publication = publication
            self._check_and_save(row, record, True)


def _split(parts: Mapping[str, Table]) -> tuple[dict[str, Table], dict[str, Table]]:
    """Return the parts published with their record, and those published by themselves."""
    own = {name: table for name, table in parts.items() if table.is_publishable}
    return {name: table for name, table in parts.items() if name not in own}, own


def _take_links(table: Table, values: dict[str, Any]) -> dict[str, list[models.Model]]:
    """Take the many-to-many fields out of the values: they are set once the record is saved."""
    many = [name for name in values if table.model._meta.get_field(name).many_to_many]
    return {name: values.pop(name) for name in many}


def _set(row: Row, record: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record._change_reason = f"load_register {row.file}"


def _columns(record: models.Model, table: Table) -> dict[str, Any]:
    """The columns of the record that the file gives, to see whether loading changes anything."""
    fields = {field.name: field for field in record._meta.concrete_fields}
    return {
        name: fields[name].value_from_object(record) for name in table.all_fields if name in fields
    }


def _is_published_by(values: dict[str, Any], before: dict[str, Any]) -> bool:
    """Return whether the row publishes a draft."""
    states = before.get("publication"), values.get("publication")
    return states == (Publication.DRAFT, Publication.PUBLISHED)
