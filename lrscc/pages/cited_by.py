"""What a source is cited for, as the apps describe it."""

from dataclasses import dataclass
from typing import Any

from cities.records.citations import Use
from cities.records.record_types import registry

RECORDS_OF_A_KIND = 100
"""Records of one kind that the page of a source lists."""


@dataclass(frozen=True)
class Uses:
    """The uses of a source in records of one kind, the first of them where there are very many."""

    title: str
    shown: list[Use]
    is_cut: bool


def first_of(rows: Any) -> tuple[list[Any], bool]:
    """As many rows as the page lists, and whether there are more."""
    found = list(rows[: RECORDS_OF_A_KIND + 1])
    return found[:RECORDS_OF_A_KIND], len(found) > RECORDS_OF_A_KIND


def uses_of(source: Any) -> list[Uses]:
    """The kinds of record that name the source, each with its records; one query a kind."""
    every = (cited_by for record_type in registry for cited_by in record_type.cited_by)
    found = []
    for cited_by in every:
        records, is_cut = first_of(cited_by.records(source))
        uses = [use for record in records for use in cited_by.uses(record, source)]
        if uses:
            found.append(Uses(str(cited_by.heading), uses, is_cut))
    return found
