"""What the pages of the desk about whole things are made of: sections, lines and steps."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """A link or a button: what it does, and to what, where that is not said beside it."""

    label: str
    address: str
    name: str = ""
    is_button: bool = False
    is_submission: bool = False


def anchor_of(kind: str, pk: int) -> str:
    """Return the id by which the page of a whole thing knows the place of a record."""
    return f"{kind.rpartition('.')[2]}-{pk}"


@dataclass(frozen=True)
class Line:
    """One record in a list: its date, what it says, its state, and what can be done with it."""

    when: str
    text: str
    detail: str
    publication: str
    state: str
    steps: list[Step]
    key: tuple[str, int]
    """The kind of the record and its key."""
    waiting: Any = None
    """The change set in which a draft or a change of the record waits."""

    @property
    def anchor(self) -> str:
        """The id of the line on its page."""
        return anchor_of(*self.key)


@dataclass(frozen=True)
class Section:
    """A heading of the page, with its lines and what can be added to them."""

    key: str
    heading: Any
    lines: list[Line]
    steps: list[Step] = field(default_factory=list)
    sentence: str = ""
    """How a relationship stands today."""
    is_cut: bool = False
    """Whether there are more lines than are shown."""
    every: str = ""
    """The address of the list of all of them."""
    standing: list[int] = field(default_factory=list)
    """The keys of the records that were not withdrawn."""
