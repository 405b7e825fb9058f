"""What a kind of record looks like in the register's files: its fields, its key, its parts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cities.records.publishing import Publishable

PUBLICATION = ("publication", "withdrawn_on", "withdrawn_because")


@dataclass(frozen=True)
class Table:
    """How records of one model are written.

    `name` is that of the table; a part has none, and stands in its parent under the name that
    the parent's `children` give it. `key` names the fields that tell a record from its siblings.
    `late_children` are written inside their parent too, but loaded once every other record is
    there. `loaded_together` says that no rule compares a part with its siblings, so that they are
    saved in one step. `looked_up_with` are paths that the rules of other records read of one that
    they name. `load_order` sorts the parts of one parent: it takes the values read from the file.
    """

    model: Any
    key: tuple[str, ...]
    fields: tuple[str, ...]
    name: str = ""
    parent: str = ""
    children: dict[str, "Table"] = field(default_factory=dict)
    late_children: dict[str, "Table"] = field(default_factory=dict)
    loaded_together: bool = False
    looked_up_with: tuple[str, ...] = ()
    load_order: Callable[[dict[str, Any]], Any] | None = None

    @property
    def all_children(self) -> dict[str, "Table"]:
        return self.children | self.late_children

    @property
    def all_fields(self) -> tuple[str, ...]:
        return (*self.fields, *PUBLICATION) if self.is_publishable else self.fields

    @property
    def is_publishable(self) -> bool:
        return issubclass(self.model, Publishable)

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)
