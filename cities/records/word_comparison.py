"""Compare two texts word by word.

The work has a limit: a longer text is compared more coarsely, never wrongly.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Edit(TextChoices):
    """How a run of words differs between the versions."""

    KEPT = "kept", _("kept")
    DELETED = "deleted", _("deleted")
    INSERTED = "inserted", _("inserted")


@dataclass(frozen=True)
class Piece:
    """A run of words with its spaces, never empty: kept, deleted or inserted."""

    change: Edit
    text: str


MOST_PAIRS = 4_000_000


class Effort:
    """The rest of the work that a comparison may do, in pairs of words: about a second.

    Comparing n with m items costs n times m, and is refused if that exceeds the rest.
    """

    def __init__(self) -> None:
        self.left = MOST_PAIRS

    def covers(self, cost: int) -> bool:
        if cost > self.left:
            return False
        self.left -= cost
        return True


_TOKEN = re.compile(r"\s?\w+|\s?[^\w\s]|\s")


def _tokens(text: str) -> list[str]:
    """Return words and single characters, each with the space before it: together the text."""
    return _TOKEN.findall(text)


def pieces(old: str, new: str, effort: Effort) -> Iterator[Piece]:
    """Yield runs of kept, deleted and inserted words."""
    if old == new:
        yield Piece(Edit.KEPT, old)
        return
    before, after = _tokens(old), _tokens(new)
    for tag, a, a_end, b, b_end in opcodes(before, after, effort):
        gone, come = "".join(before[a:a_end]), "".join(after[b:b_end])
        if tag == "equal":
            yield Piece(Edit.KEPT, gone)
            continue
        both = (Piece(Edit.DELETED, gone), Piece(Edit.INSERTED, come))
        yield from (piece for piece in both if piece.text)


Opcode = tuple[str, int, int, int, int]


def opcodes(old: Sequence[str], new: Sequence[str], effort: Effort) -> Iterator[Opcode]:
    """Return `difflib`'s opcodes; beyond the limit, one replacement between the common ends."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    a, b = len(old) - tail, len(new) - tail
    middle_old, middle_new = old[head:a], new[head:b]
    if head:
        yield "equal", 0, head, 0, head
    if middle_old and middle_new and effort.covers(len(middle_old) * len(middle_new)):
        matcher = SequenceMatcher(None, middle_old, middle_new)
        for tag, *ends in matcher.get_opcodes():
            start, end, start_new, end_new = (end + head for end in ends)
            yield tag, start, end, start_new, end_new
    elif middle_old or middle_new:
        yield "replace", head, a, head, b
    if tail:
        yield "equal", a, len(old), b, len(new)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many items two sequences have in common at the beginning."""
    count = 0
    for a, b in zip(old, new, strict=False):
        if a != b:
            break
        count += 1
    return count
