"""The records on the page of a source that name it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Use:
    """One record that names a source: its title, the address that shows it, and more in words."""

    title: str
    address: str
    words: str = ""


@dataclass(frozen=True)
class CitedBy:
    """The records of one kind that name a source, under a heading of its page.

    `records` gives the public ones in their order, unsliced; `uses` what is shown of one.
    """

    heading: Any
    records: Callable[[Any], Any]
    uses: Callable[[Any, Any], Iterable[Use]]
    """Takes the record and the source; one record may be shown in several places."""
