"""Save rows as records, each with its parts; refuse what a rule refuses."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from simple_history.utils import bulk_create_with_history

from cities.records.derived import changed
from cities.records.publishing import Publication
from cities.records.register_tables import PUBLICATION, Table
from lrscc.files.lookups import NamedRecords, record_for
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


@dataclass
class _Withdrawal:
    """A record to withdraw once everything else is loaded."""

    row: Row
    record: models.Model
    values: dict[str, Any]


class Saver:
    """Saves the rows of one load, and keeps what was refused and what was saved."""

    def __init__(self) -> None:
        self.report = Report()
        self.refusals = Refusals()
        self._named = NamedRecords()
        self._row_of: dict[tuple[type[models.Model], Any], Row] = {}
        self._withdrawals: list[_Withdrawal] = []

    def save(self, row: Row, parts: Mapping[str, Table]) -> None:
        """Save a row with its parts. Keep a refusal and continue with the rest."""
        values = values_of(row, self._named, self.refusals)
        if values is None:
            return
        links = _take_links(row.table, values)
        record, is_new = record_for(row, values)
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
            if table.loaded_together and row.is_new and self._save_together(rows):
                continue
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
        other = self._row_of.get((type(record), record.pk))
        if other is not None:
            self.refusals.add(row, f"The same record is also in {other.file}. Keep one.")
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
            with transaction.atomic():
                _check(record)
                record.save()
        except (ValidationError, IntegrityError) as error:
            self.refusals.add_error(row, _all_that_is_wrong(record, error))
            return False
        return True

    def _note(self, row: Row, record: models.Model, is_new: bool) -> None:
        row.record, row.is_new = record, is_new
        self._row_of[type(record), record.pk] = row
        self._named.add(record)

    def _save_links(self, row: Row, links: dict[str, list[models.Model]]) -> bool:
        """Set the many-to-many fields. Return True if one changed."""
        record: Any = row.record
        is_changed = False
        for name, others in links.items():
            if row.is_new and not others:
                continue
            manager = getattr(record, name)
            if {other.pk for other in others} != {other.pk for other in manager.all()}:
                manager.set(others)
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
            # Its rules read the parts over and over, and no more of them come.
            models.prefetch_related_objects([record], *parts)
            record.publication = publication
            self._check_and_save(row, record, True)

    def _save_together(self, rows: list[Row]) -> bool:
        """Check new parts and save them all at once.

        Return False, with nothing saved or refused, if one of them is wrong: saved one by one,
        the wrong one is named.
        """
        refused, records = len(self.refusals), []
        for row in rows:
            values = values_of(row, self._named, self.refusals)
            if values is None:
                self.refusals.undo_to(refused)
                return False
            record, __ = record_for(row, values)
            _set(row, record, values)
            records.append(record)
        try:
            with transaction.atomic():
                for record in records:
                    _check(record)
                saved = bulk_create_with_history(records, type(records[0])) if records else []
                changed(saved)  # saving many at once sends no signal
        except (ValidationError, IntegrityError):
            return False
        for row, record in zip(rows, saved, strict=True):
            self._note(row, record, is_new=True)
            self.report.count(row, is_changed=True)
        return True


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


def _check(record: models.Model) -> None:
    """Raise `ValidationError` for what the database does not check itself when saving.

    Asking it about each constraint and each link first would double the time of a load. Every
    link was looked up for the record.
    """
    links = [field.name for field in record._meta.concrete_fields if field.is_relation]
    record.full_clean(exclude=links, validate_unique=False, validate_constraints=False)


def _all_that_is_wrong(record: models.Model, error: Exception) -> ValidationError:
    """Return every sentence about a refused record, those of its constraints included."""
    try:
        record.full_clean()
    except ValidationError as refusal:
        return refusal
    why = " ".join(str(error).split())
    return ValidationError({NON_FIELD_ERRORS: f"The database refused it ({why})."})
