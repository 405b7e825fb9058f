"""What a kind of record is found by, as paths from the record to fields of it or of its parts."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SearchFields:
    """The paths whose words the search index keeps for a record.

    A path leads over relations to a field or a property: ``relationships__entries__note``. What
    is published by itself on the way counts only while it is public. A date is read in words, a
    choice by its label.

    `title` names the record, `also` are its other names, each with the path to its language or
    nothing. `text` is looked through and shown in extracts; `keywords` are looked through alone.
    `cities` lead to the cities that the record is about. `date` is its date on record.
    `order` sorts the results of several kinds with equal rank, lowest first.
    """

    title: str
    order: int
    also: tuple[tuple[str, str], ...] = ()
    text: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    date: str = ""
    ordering: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The order of the rows at the end of a path to many, where it matters which words come
    first in an extract; else that of the model."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path, those to cities aside."""
        titles = [path for pair in self.also for path in pair if path]
        named = (self.title, *titles, *self.text, *self.keywords)
        return (*named, self.date) if self.date else named
