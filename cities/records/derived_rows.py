"""Derived rows of one table: written where they differ, and compared with what the rules say."""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import transaction

from cities.records.dependencies import in_batches
from cities.records.derived import Derivation, lock_owners


class DerivedRows(Derivation):
    """Rows of `table` that follow from records of `model`, and from nothing else.

    `owner` is the column with the key of their record. A row made again is the same row if its
    `unique_fields` are, which a constraint holds to.
    """

    table: Any
    owner: str
    unique_fields: tuple[str, ...]

    @abstractmethod
    def rows(self, pks: Collection[int]) -> Iterable[Any]:
        """Make the rows of these owners, unsaved."""

    def stored(self) -> Any:
        """Return the rows in the database, those of all owners."""
        return self.table._base_manager.all()

    def owners(self) -> set[int]:
        """Return the keys of all records that have or should have rows."""
        return super().owners() | set(self.stored().order_by().values_list(self.owner, flat=True))

    def derive(self, pks: Collection[int]) -> None:
        gone, written = self._changes(pks)
        if gone:
            self.stored().filter(pk__in=[row.pk for row in gone]).delete()
        if written:
            self.table._base_manager.bulk_create(
                [row for row, __ in written],
                update_conflicts=True,
                unique_fields=self.unique_fields,
                update_fields=self._other_fields(),
            )

    def differences(self) -> Iterator[str]:
        for some in in_batches(self.owners(), self.owners_per_batch):
            if any(self._changes(some)):
                with transaction.atomic():  # somebody may have been writing
                    lock_owners({self: some})
                    gone, written = self._changes(some)
                yield from (f"{self._name(row)} should not be there." for row in gone)
                for row, before in written:
                    yield self._difference(row, before)

    def _changes(self, pks: Collection[int]) -> tuple[list[Any], list[tuple[Any, Any]]]:
        """Return the rows to delete, and those to write, each with the stored one if any."""
        stored = self.stored().filter(**{f"{self.owner}__in": pks})
        before = {self._identity(row): row for row in stored}
        written = []
        for row in self.rows(pks):
            old = before.pop(self._identity(row), None)
            if old is None or self._different(row, old):
                written.append((row, old))
        return list(before.values()), written

    def _different(self, row: Any, old: Any) -> list[str]:
        """Return the columns in which two rows differ."""
        names = self._columns(self._other_fields())
        return [name for name in names if getattr(row, name) != getattr(old, name)]

    def _identity(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self._columns(self.unique_fields))

    def _columns(self, names: Iterable[str]) -> list[str]:
        return [self.table._meta.get_field(name).attname for name in names]

    def _other_fields(self) -> list[str]:
        """Return the fields that a row made again may change."""
        keys = {*self.unique_fields, self.table._meta.pk.name}
        return [field.name for field in self.table._meta.concrete_fields if field.name not in keys]

    def _name(self, row: Any) -> str:
        return f"{self.model._meta.object_name} {getattr(row, self.owner)}: a row"

    def _difference(self, row: Any, old: Any) -> str:
        if old is None:
            return f"{self._name(row)} is missing."
        name = self._different(row, old)[0]
        before, now = getattr(old, name), getattr(row, name)
        return f"{self._name(row)} has “{before}” in {name}, where it should be “{now}”."
