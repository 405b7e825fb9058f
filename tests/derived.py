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
    """What is not as it would be made now; where the log is paused, it knows no record."""
    kept = [one for one in registered() if not (one.is_paused and one.name.startswith("log"))]
    return [difference for derivation in kept for difference in derivation.differences()]
