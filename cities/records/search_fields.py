"""What a kind of record is found by, as paths from the record to fields of it or of its parts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as day
from typing import Any

ITSELF = "__str__"
"""The path to what the record is called."""


def _as_it_is(key: int, title: str) -> str:
    return title


def _nothing(slug: str, on: day) -> tuple[str | None, str]:
    return None, ""


@dataclass(frozen=True)
class SearchFields:
    """The paths whose words the search index keeps for a record.

    A path leads over relations to a field or a property: ``relationships__entries__note``. What
    is published by itself on the way counts only while it is public. A date is read in words, a
    choice by its label.

    `kind` is what the index and the API call it; results of several kinds with equal rank stand
    in the order of `order`. `title` names the record, `also` are its other names, each with the
    path to its language or nothing. `text` is looked through and shown in extracts; `keywords`
    are looked through alone, and so are the `constants`. `cities` lead to the cities that the
    record is about, an empty path to the record itself. `date` leads to its date on record: the
    last one counts. `newest_first` are paths to many whose last rows come first in an extract.

    `alone` gives the name of a record, from its key and its title, where no page around it says
    which of several is meant. `standing` gives how a record stands on a day, from its slug: its
    status, and the words for it.

    `numbered` takes a question and gives the records whose number it is, or none if it is no
    number. Names of a kind that is `proposed` are proposed for a word that found nothing.
    """

    kind: str
    order: int
    title: str
    also: tuple[tuple[str, str], ...] = ()
    text: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    date: str = ""
    newest_first: tuple[str, ...] = ()
    alone: Callable[[int, str], str] = _as_it_is
    standing: Callable[[str, day], tuple[str | None, str]] = _nothing
    numbered: Callable[[str], Any] | None = None
    proposed: bool = True

    @property
    def paths(self) -> tuple[str, ...]:
        """Return every path to a field or property."""
        names = [path for pair in self.also for path in pair if path]
        cities = [f"{path}__slug" for path in self.cities if path]
        every = (self.title, *names, *self.text, *self.keywords, *cities, self.date)
        return tuple(dict.fromkeys(filter(None, every)))
