"""How a kind of record is written in the register's files: its fields, its key, its parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cities.records.dates import NotADateError, RecordDate
from cities.records.publishing import Publishable

PUBLICATION = ("publication", "withdrawn_on", "withdrawn_because")


def in_file_order(values: dict[str, Any]) -> int:
    """Keep the order of the file."""
    return 0


@dataclass(frozen=True, eq=False)
class Table:
    """How records of one model are written.

    `name` is the name of the table. A part has none: it stands in its parent, under the name that
    the parent's `children` give it. `parent` is the field of a part that leads to its parent.
    `key` names the fields that set a record apart from its siblings. `late_children` are written
    like `children` but loaded after the records of every table, because they may name any of them.

    `looked_up_with` says, by field, which relations of the record that it names are read by the
    rules. `load_order` sorts the parts of one parent; it takes the values of a part
    as they stand in the file.

    `former_names` and `former_fields` are what older files call the table and its fields.
    """

    model: Any
    key: tuple[str, ...]
    fields: tuple[str, ...]
    name: str = ""
    parent: str = ""
    children: Mapping[str, "Table"] = field(default_factory=dict)
    late_children: Mapping[str, "Table"] = field(default_factory=dict)
    looked_up_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    load_order: Callable[[dict[str, Any]], Any] = in_file_order
    former_names: tuple[str, ...] = ()
    former_fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_children(self) -> dict[str, "Table"]:
        return {**self.children, **self.late_children}

    @property
    def all_fields(self) -> tuple[str, ...]:
        return (*self.fields, *PUBLICATION) if self.is_publishable else self.fields

    @property
    def is_publishable(self) -> bool:
        return issubclass(self.model, Publishable)

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)


def by_date(values: dict[str, Any]) -> date:
    """Return the first day that the date in `on` can mean; a part without one comes last."""
    try:
        return RecordDate.parse(str(values.get("on", ""))).earliest or date.max
    except NotADateError:
        return date.max
