"""Brings register files in: all or nothing, twice is once, each refusal says where and why."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from simple_history.utils import bulk_create_with_history

from cities.models import Organization
from cities.records.dates import NotADateError, RecordDate
from cities.records.fields import RecordDateField
from cities.records.publishing import Numbered, Publication
from cities.records.register_tables import PUBLICATION, Table
from cities.standing import ENDINGS
from lrscc.files.tables import tables
from lrscc.search import index

MAX_REFUSALS = 50
"""Refusals told at once; more would bury the first."""

RENAMED_TABLES = {"places": "cities", "programmes": "programs"}
RENAMED_FIELDS = {
    "grade": "reliability",
    "honours": "honors",
    "line": "number",
    "programme": "program",
}
"""What files written before version 0.2 call tables and fields."""

_WRITTEN: tuple[tuple[type[models.Field], tuple[type, ...], str], ...] = (
    (RecordDateField, (str, int, date), "Write a date in quotes."),
    (models.DateField, (str, date), "Write a day, such as 2013-08-19."),
    (models.TimeField, (str, time), "Write a time, such as 19:00:00."),
    (models.BooleanField, (bool,), "Write true or false."),
    (models.IntegerField, (int,), "Write a whole number."),
    (models.DecimalField, (int, Decimal), "Write a number."),
    (models.Field, (str,), "Write text in quotes."),
)
"""What a field is written as; the first kind of field that fits."""


COMES_WITH: dict[type[models.Model], tuple[str, ...]] = {
    Organization: ("seats", "terms__member", "terms__seat"),
}
"""What is read of a record again and again: of a body, who sat in it."""


class RegisterError(Exception):
    """The files were refused; nothing was saved. `refusals` are sentences for the operator."""

    def __init__(self, refusals: list[str]) -> None:
        super().__init__("\n".join(refusals))
        self.refusals = refusals


@dataclass
class Report:
    """How many records were new, changed and the same, by table."""

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)


@dataclass
class Found:
    """A record as read from a file."""

    file: str
    table: str
    values: dict[str, Any]
    shape: Table
    parent: "Found | None" = None
    saved: models.Model | None = None
    is_new: bool = False
    parts: set[tuple[Any, ...]] = field(default_factory=set)

    @property
    def name(self) -> str:
        """Where the record is, in words: its file, its parents and its own key."""
        own = " ".join(str(self.values.get(part, "?")) for part in self.shape.key)
        above = f"{self.parent.name}, " if self.parent else f"{self.file}: "
        return f"{above}{self.shape.label} “{own}”"


def load(paths: Iterable[Path], progress: Callable[[str, int, int], None]) -> Report:
    """Load files, or every ``.toml`` file of a folder, in one transaction.

    `progress` is told the table, how many of its records are done and how many there are.
    Records are added or changed, never removed. Raises `RegisterError`.
    """
    loading = _Loading(progress)
    with transaction.atomic(), index.collecting():
        loading.run(_read_all(paths))
        if loading.refusals:
            raise RegisterError(loading.refusals[:MAX_REFUSALS])
    return loading.report


def _read_all(paths: Iterable[Path]) -> dict[str, list[Found]]:
    """Every record by table. Raises `RegisterError` for a file that cannot be read."""
    found: dict[str, list[Found]] = {name: [] for name in tables()}
    refusals: list[str] = []
    for path in _files(paths):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        except OSError as error:
            refusals.append(f"{path}: The file cannot be read ({error.strerror}).")
        except UnicodeDecodeError:
            refusals.append(f"{path}: The file is not UTF-8 text. Save it as UTF-8.")
        except (ValueError, RecursionError) as error:
            refusals.append(f"{path}: The file is not TOML: {error}.")
        else:
            refusals += _sort_in(path.name, content, found)
    if refusals:
        raise RegisterError(refusals)
    return found


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.glob("*.toml")) if path.is_dir() else [path]


def _sort_in(file: str, content: dict[str, Any], found: dict[str, list[Found]]) -> Iterator[str]:
    """Put a file's records under their tables; yields what has no place there."""
    for table, rows in content.items():
        if table not in tables():
            if table in RENAMED_TABLES:
                yield f"{file}: The table “{table}” is now called “{RENAMED_TABLES[table]}”."
            else:
                yield f"{file}: There is no table “{table}”. Use one of: {', '.join(tables())}."
        elif not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield f"{file}: Write each record of “{table}” under [[{table}]]."
        else:
            found[table] += [Found(file, table, row, tables()[table]) for row in rows]


class _Loading:
    """One load: what was refused, what was saved, what was looked up."""

    def __init__(self, progress: Callable[[str, int, int], None]) -> None:
        self.progress = progress
        self.report = Report()
        self.refusals: list[str] = []
        self._known: dict[tuple[type[models.Model], str], models.Model | None] = {}
        self._loaded: dict[tuple[type[models.Model], Any], Found] = {}
        self._withdrawals: list[tuple[Found, models.Model, dict[str, Any]]] = []

    def run(self, found: dict[str, list[Found]]) -> None:
        late: dict[str, list[Found]] = {}
        for table, records in found.items():
            self._forget_rolls_before(table)
            records = _referred_to_first(records)
            for number, record in enumerate(records, start=1):
                self._record(record, record.shape.children)
                for name in record.shape.late_children:
                    if record.values.get(name):
                        late.setdefault(name, []).append(record)
                self._tell(table, number, len(records))
        for name, records in late.items():
            for number, record in enumerate(records, start=1):
                if record.saved is not None:
                    self._children(record, {name: record.shape.late_children[name]})
                self._tell(name, number, len(records))
        self._withdraw()

    def _withdraw(self) -> None:
        """Withdraw records in whatever order the rules allow: what needs a record goes first."""
        waiting = list(reversed(self._withdrawals))
        while waiting:
            refused, left = len(self.refusals), []
            for record, row, withdrawn in waiting:
                self._set(row, withdrawn)
                if not self._save(record, row, True):
                    left.append((record, row, withdrawn))
            if len(left) == len(waiting):
                return
            del self.refusals[refused:]
            waiting = left

    def _forget_rolls_before(self, table: str) -> None:
        """Look bodies up anew once their seats and terms are in."""
        if table == "meetings":
            self._known = {
                key: row for key, row in self._known.items() if key[0] not in COMES_WITH
            }

    def _tell(self, table: str, number: int, total: int) -> None:
        if number == total or number % 500 == 0:
            self.progress(table, number, total)

    def _record(self, found: Found, children: Mapping[str, Table]) -> None:
        """Save one record with its children; a refusal is kept and the rest goes on."""
        values = self._values(found)
        if values is None:
            return
        many = {
            name: values.pop(name)
            for name in list(values)
            if found.shape.model._meta.get_field(name).many_to_many
        }
        record, is_new = self._existing_or_new(found, values)
        twin = self._loaded.get((type(record), record.pk))
        if twin is not None:
            self.refusals.append(
                f"{found.name}: The same record is also in {twin.file}. Keep one."
            )
            return
        publication = values.get("publication")
        before = _state(record, found.shape)
        withdrawn = {name: values.get(name) for name in PUBLICATION}
        states = before.get("publication"), publication
        if states == (Publication.PUBLISHED, Publication.WITHDRAWN):
            self._withdrawals.append((found, record, withdrawn))
            publication = Publication.PUBLISHED
            values |= {name: before[name] for name in withdrawn}
        self._set(record, values)
        behind = {name: child for name, child in children.items() if not child.is_publishable}
        has_more = any(found.values.get(name) for name in [*behind, *many])
        was_draft = before.get("publication") == Publication.DRAFT
        if was_draft and has_more and publication == Publication.PUBLISHED:
            # What stands behind a record comes before its publication.
            record.publication = Publication.DRAFT  # type: ignore[attr-defined]
        record._change_reason = f"load_register {found.file}"  # type: ignore[attr-defined]
        if not self._save(found, record, is_new or _state(record, found.shape) != before):
            return
        found.saved, found.is_new = record, is_new
        self._loaded[type(record), record.pk] = found
        self._remember(record)
        changed_links = self._links(record, many, is_new)
        if changed_links and record.is_published:  # type: ignore[attr-defined]
            try:
                record.check_drafts_beside()  # type: ignore[attr-defined]
            except ValidationError as error:
                self._refuse(found, error)
        self._children(found, behind)
        if found.shape.is_publishable and record.publication != publication:  # type: ignore[attr-defined]
            # Its rules read what stands behind it over and over; no more of it comes.
            models.prefetch_related_objects([record], *behind)
            record.publication = publication  # type: ignore[attr-defined]
            self._save(found, record, True)
        # What is published by itself comes after what it is a part of.
        parts = {name: child for name, child in children.items() if child.is_publishable}
        self._children(found, parts)
        changed = (
            changed_links or states[1] != publication or _state(record, found.shape) != before
        )
        count = self.report.new if is_new else self.report.changed if changed else self.report.same
        count[found.table] += 1

    def _set(self, record: models.Model, values: dict[str, Any]) -> None:
        for name, value in values.items():
            setattr(record, name, value)

    def _existing_or_new(self, found: Found, values: dict[str, Any]) -> tuple[models.Model, bool]:
        model = found.shape.model
        key = {name: values.get(name) for name in found.shape.key}
        if found.parent:
            key[found.shape.parent] = found.parent.saved
        given = {
            name if value is not None else f"{name}__isnull": value if value is not None else True
            for name, value in key.items()
        }
        if not self._is_first_of_its_parent(found, key):
            record = model._base_manager.filter(**given).order_by("pk").first()
            if record is not None:
                return record, False
        record = model()
        if found.parent:
            setattr(record, found.shape.parent, found.parent.saved)
        return record, True

    def _is_first_of_its_parent(self, found: Found, key: dict[str, Any]) -> bool:
        """Whether its parent is new and has no such part yet, so that none need be looked for."""
        if found.parent is None:
            return False
        parts = (found.table, *key.values())
        is_first = found.parent.is_new and parts not in found.parent.parts
        found.parent.parts.add(parts)
        return is_first

    def _save(self, found: Found, record: models.Model, is_changed: bool) -> bool:
        """Check and save. False when it was refused."""
        if not is_changed:
            return True
        try:
            with transaction.atomic():
                _check(record)
                record.save()
        except (ValidationError, IntegrityError) as error:
            self._refuse(found, _all_that_is_wrong(record, error))
            return False
        return True

    def _refuse(self, found: Found, error: ValidationError) -> None:
        """Keep what is wrong with a record, told field by field."""
        for name, messages in error.message_dict.items():
            where = "" if name == NON_FIELD_ERRORS else f", field “{name}”"
            self.refusals += [f"{found.name}{where}: {message}" for message in messages]

    def _links(
        self, record: models.Model, many: dict[str, list[models.Model]], is_new: bool
    ) -> bool:
        """Set many-to-many fields; True if one changed."""
        changed = False
        for name, others in many.items():
            if is_new and not others:
                continue
            manager = getattr(record, name)
            if {other.pk for other in others} != {other.pk for other in manager.all()}:
                manager.set(others)
                changed = True
        return changed

    def _children(self, found: Found, children: Mapping[str, Table]) -> None:
        for name, shape in children.items():
            rows = found.values.get(name, [])
            records = [Found(found.file, name, row, shape, parent=found) for row in rows]
            if shape.loaded_together and found.is_new and self._saved_together(records):
                continue
            for record in sorted(records, key=_in_turn):
                self._record(record, shape.children)

    def _saved_together(self, parts: list[Found]) -> bool:
        """Check each new part and save them all at once.

        False, with nothing saved and nothing told, when one of them is not right: one by one
        it is told which.
        """
        refused, rows = len(self.refusals), []
        for part in parts:
            values = self._values(part)
            if values is None:
                del self.refusals[refused:]
                return False
            row, __ = self._existing_or_new(part, values)
            self._set(row, values)
            row._change_reason = f"load_register {part.file}"  # type: ignore[attr-defined]
            rows.append(row)
        try:
            with transaction.atomic():
                for row in rows:
                    _check(row)
                saved = bulk_create_with_history(rows, parts[0].shape.model) if rows else []
                index.changed(saved)  # saving many at once sends no signal
        except (ValidationError, IntegrityError):
            return False
        for part, row in zip(parts, saved, strict=True):
            part.saved, part.is_new = row, True
            self._loaded[type(row), row.pk] = part
            self.report.new[part.table] += 1
        return True

    def _values(self, found: Found) -> dict[str, Any] | None:
        """The record's fields as Python values; ``None`` when one of them was refused."""
        refused = len(self.refusals)
        shape = found.shape
        for name in sorted(found.values.keys() - set(shape.all_fields) - set(shape.all_children)):
            new_name = RENAMED_FIELDS.get(name)
            if new_name in (*shape.all_fields, *shape.all_children):
                self.refusals.append(f"{found.name}: “{name}” is now called “{new_name}”.")
            else:
                self.refusals.append(
                    f"{found.name}: There is no field “{name}”. Correct its name."
                )
        for name in shape.all_children:
            rows = found.values.get(name, [])
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                self.refusals.append(f"{found.name}: Write “{name}” as tables.")
        if len(shape.key) == 1 and found.values.get(shape.key[0]) in (None, ""):
            self.refusals.append(
                f"{found.name}: Write its “{shape.key[0]}”, by which it is known."
            )
        values = {}
        for name in shape.all_fields:
            try:
                values[name] = self._value(shape.model._meta.get_field(name), found.values)
            except ValidationError as error:
                self.refusals += [
                    f"{found.name}, field “{name}”: {message}" for message in error.messages
                ]
        return values if len(self.refusals) == refused else None

    def _value(self, field: Any, given: dict[str, Any]) -> Any:
        value = given.get(field.name)
        if field.many_to_many:
            slugs = [] if value is None else value
            if not isinstance(slugs, list):
                raise ValidationError("Write a list of slugs.")
            if not slugs and not field.blank:
                raise ValidationError("Name at least one.")
            return [self._referred_to(field, slug) for slug in slugs]
        if value is None and field.name == "publication":
            return Publication.PUBLISHED
        if value is None:
            return None if field.null and not field.empty_strings_allowed else _empty(field)
        types, words = next(
            (types, words) for kind, types, words in _WRITTEN if isinstance(field, kind)
        )
        if type(value) not in types:
            raise ValidationError(words)
        if field.is_relation:
            return self._referred_to(field, value)
        _check_characters(value)
        return field.to_python(value)

    def _referred_to(self, field: Any, slug: Any) -> models.Model:
        model = field.related_model
        _check_characters(slug)
        key = (model, str(slug))
        if self._known.get(key) is None:
            wanted = model.wanted(str(slug)) if issubclass(model, Numbered) else Q(slug=str(slug))
            rows = model._base_manager.prefetch_related(*COMES_WITH.get(model, ()))
            self._known[key] = rows.filter(wanted).order_by("pk").first()
        record = self._known[key]
        if record is None:
            raise ValidationError(
                f"There is no {model._meta.verbose_name} “{slug}”."
                " Add it to a file, or correct the slug."
            )
        return record

    def _remember(self, record: models.Model) -> None:
        """Keep what others may refer to, so that it need not be looked up."""
        name: Any = record.ref if isinstance(record, Numbered) else getattr(record, "slug", None)
        if name and type(record) not in COMES_WITH:
            self._known[type(record), name] = record


def _check(record: models.Model) -> None:
    """What the database does not check itself when the record is saved.

    Asking it about each constraint and each link first would double the time of a load. Every
    link was looked up for the record. Raises `ValidationError`.
    """
    links = [field.name for field in record._meta.concrete_fields if field.is_relation]
    record.full_clean(exclude=links, validate_unique=False, validate_constraints=False)


def _all_that_is_wrong(record: models.Model, error: Exception) -> ValidationError:
    """Every sentence about a record that was refused, those of its constraints among them."""
    try:
        record.full_clean()
    except ValidationError as refusal:
        return refusal
    why = " ".join(str(error).split())
    return ValidationError({NON_FIELD_ERRORS: f"The database refused it ({why})."})


def _check_characters(value: Any) -> None:
    """Raise `ValidationError` for what no database keeps."""
    if "\x00" in str(value):
        raise ValidationError("Take out the NUL character.")


def _empty(field: Any) -> Any:
    """What a field left out of the file becomes."""
    return field.get_default() if field.has_default() or not field.null else None


def _state(record: models.Model, shape: Table) -> dict[str, Any]:
    """What the file says of a record: to see whether loading changes anything."""
    fields = {field.name: field for field in record._meta.concrete_fields}
    return {
        name: fields[name].value_from_object(record) for name in shape.all_fields if name in fields
    }


def _in_turn(record: Found) -> tuple[bool, date]:
    """Lines of a ledger as they happened, ends last: a line is checked against those before it."""
    try:
        first = RecordDate.parse(str(record.values.get("on", ""))).earliest
    except NotADateError:
        first = None
    return record.values.get("kind") in ENDINGS, first or date.max


def _referred_to_first(records: list[Found]) -> list[Found]:
    """Records in an order in which each comes after the one of its table it names."""
    by_slug = {str(record.values.get("slug")): record for record in records}
    ordered: dict[int, Found] = {}

    def put(record: Found, path: tuple[int, ...] = ()) -> None:
        for link in ("part_of", "reconvened_from"):
            above = by_slug.get(str(record.values.get(link, "")))
            if above is not None and id(above) not in ordered and id(above) not in path:
                put(above, (*path, id(record)))
        ordered[id(record)] = record

    for record in records:
        if id(record) not in ordered:
            put(record)
    return list(ordered.values())
