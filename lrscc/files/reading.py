"""Read the rows of register files, and collect what is wrong with them."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from cities.records.register_tables import Table
from lrscc.files.tables import tables


class RegisterError(Exception):
    """The files were refused and nothing was saved. `refusals` are sentences for the operator."""

    def __init__(self, refusals: list[str]) -> None:
        super().__init__("\n".join(refusals))
        self.refusals = refusals


@dataclass
class Row:
    """A record as a file gives it.

    `name` is that of its table, or of the part that it is. `record` is set once it is saved.
    """

    file: str
    name: str
    table: Table
    values: dict[str, Any]
    parent: "Row | None" = None
    record: models.Model | None = None
    is_new: bool = False
    part_keys: set[tuple[Any, ...]] = field(default_factory=set)
    """The keys of its parts that are looked for already, each after the part's name."""

    @property
    def label(self) -> str:
        """Return where to find the row: its file, its parents and its own key."""
        own = " ".join(str(self.values.get(name, "?")) for name in self.table.key)
        above = f"{self.parent.label}, " if self.parent else f"{self.file}: "
        named = f"{self.table.label} “{own}”" if self.table.key else self.table.label
        return f"{above}{named}"

    def begin_again(self) -> None:
        """Forget that it was saved, and its parts with it."""
        self.record, self.is_new = None, False
        self.part_keys.clear()

    def keep_for_late_parts(self) -> None:
        """Keep only what its late parts need of it: its key, them, and where its record is."""
        names = {*self.table.key, *self.table.late_children}
        self.values = {name: self.values[name] for name in names & self.values.keys()}
        record: Any = self.record
        self.record = type(record)(pk=record.pk)
        self.part_keys.clear()

    def parts(self, name: str, table: Table) -> list["Row"]:
        """Return the rows written inside this one under a name."""
        return [Row(self.file, name, table, values, self) for values in self.values.get(name, [])]


class Refusals:
    """What is wrong with the rows, in sentences for the operator."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def __len__(self) -> int:
        return len(self.sentences)

    def add(self, row: Row, sentence: str) -> None:
        self.sentences.append(f"{row.label}: {sentence}")

    def add_error(self, row: Row, error: ValidationError) -> None:
        """Add each message of an error by field."""
        for name, messages in error.message_dict.items():
            self.add_messages(row, name, messages)

    def add_messages(self, row: Row, name: str, messages: list[str]) -> None:
        """Add messages about one field, or about the whole row."""
        where = "" if name == NON_FIELD_ERRORS else f", field “{name}”"
        self.sentences += [f"{row.label}{where}: {message}" for message in messages]

    def undo_to(self, count: int) -> None:
        """Forget all but the first ones."""
        del self.sentences[count:]


def read(paths: Iterable[Path]) -> dict[str, list[Row]]:
    """Return the rows of every table, in the order in which tables are loaded.

    A folder stands for its ``.toml`` files. Raise `RegisterError` for a file that is unreadable.
    """
    rows: dict[str, list[Row]] = {name: [] for name in tables()}
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
            refusals += _add_rows(path.name, content, rows)
    if refusals:
        raise RegisterError(refusals)
    return rows


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.glob("*.toml")) if path.is_dir() else [path]


def _add_rows(file: str, content: dict[str, Any], rows: dict[str, list[Row]]) -> Iterator[str]:
    """Add a file's rows to those of their tables. Yield what is no table, or none of rows."""
    known = tables()
    for name, content_of_table in content.items():
        if name not in known:
            yield f"{file}: {_no_such_table(name, known)}"
        elif not is_list_of_rows(content_of_table):
            yield f"{file}: Write each record of “{name}” under [[{name}]]."
        else:
            rows[name] += [Row(file, name, known[name], values) for values in content_of_table]


def _no_such_table(name: str, known: dict[str, Table]) -> str:
    for table in known.values():
        if name in table.former_names:
            return f"The table “{name}” is now called “{table.name}”."
    return f"There is no table “{name}”. Use one of: {', '.join(known)}."


def is_list_of_rows(content: Any) -> bool:
    """Return whether TOML gave an array of tables."""
    return isinstance(content, list) and all(isinstance(values, dict) for values in content)
