"""Everything that is derived from the records, made again or compared."""

from django.db.models import Model

from cities.records.derived import registered
from cities.records.derived_rows import DerivedRows
from cities.records.rebuilding import rebuild


def rebuild_all() -> None:
    for derivation in registered():
        rebuild(derivation)


def derived_tables() -> set[type[Model]]:
    return {found.table for found in registered() if isinstance(found, DerivedRows)}


def differences() -> list[str]:
    return [difference for derivation in registered() for difference in derivation.differences()]
