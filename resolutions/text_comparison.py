"""Compare two versions of a text for readers: clause by clause, then word by word.

Both texts are in the stored form of `resolutions.clauses`. Clauses that stayed or changed are
paired in order; one that moved is removed here and added there. The work has a limit: a longer
text is compared more coarsely, never wrongly.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cities.records.word_comparison import Edit, Effort, Piece, opcodes, pieces
from resolutions.clauses import Clause, ClauseKind, read

__all__ = ["Change", "Compared", "Edit", "Piece", "compare"]


class Change(TextChoices):
    """How a clause differs between the versions."""

    SAME = "same", _("unchanged")
    CHANGED = "changed", _("changed")
    ADDED = "added", _("added")
    REMOVED = "removed", _("removed")


@dataclass(frozen=True)
class Compared:
    """One clause of the two versions: `old` is ``None`` if it was added, `new` if removed.

    The kept and deleted pieces together are the old clause exactly, the kept and inserted ones
    the new. What replaces deleted words follows them.
    """

    old: Clause | None
    new: Clause | None
    pieces: tuple[Piece, ...]

    @property
    def clause(self) -> Clause:
        """Return the new clause, or the removed one, for its anchor and label."""
        clause = self.new or self.old
        assert clause
        return clause

    @property
    def kind(self) -> ClauseKind:
        return self.clause.kind

    @property
    def change(self) -> Change:
        if self.old is None:
            return Change.ADDED
        if self.new is None:
            return Change.REMOVED
        return Change.SAME if self.old.text == self.new.text else Change.CHANGED


def compare(old: str, new: str) -> list[Compared]:
    """Return the clauses of both texts in order, removed ones before added ones.

    The old texts of the result, a blank line between, are the old text; so are the new.
    """
    before, after = read(old), read(new)
    effort = Effort()
    return [
        Compared(a, b, tuple(pieces(a.text if a else "", b.text if b else "", effort)))
        for a, b in _aligned(before, after, effort)
    ]


# --- clauses ----------------------------------------------------------------------------

Pair = tuple[Clause | None, Clause | None]

_SIMILAR = 0.5
"""From this share of common words on, a clause is the other one changed."""


def _aligned(old: list[Clause], new: list[Clause], effort: Effort) -> Iterator[Pair]:
    """Yield each clause once, in the order of its version, with the one it was or became."""
    old_texts, new_texts = ([clause.text for clause in version] for version in (old, new))
    for tag, a, a_end, b, b_end in opcodes(old_texts, new_texts, effort):
        if tag == "equal":
            yield from zip(old[a:a_end], new[b:b_end], strict=True)
        else:
            yield from _paired(old[a:a_end], new[b:b_end], effort)


def _paired(old: list[Clause], new: list[Clause], effort: Effort) -> Iterator[Pair]:
    """Pair similar clauses of two runs that differ, so that most words are common."""
    rows = [(clause.kind, Counter(clause.text.split())) for clause in old]
    columns = [(clause.kind, Counter(clause.text.split())) for clause in new]
    cost = sum(1 + len(words) for _kind, words in rows) * len(columns)
    cost += sum(1 + len(words) for _kind, words in columns) * len(rows)
    pairs: list[tuple[int, int]] = []
    if rows and columns and effort.covers(cost):
        pairs = _best_pairs([[_likeness(*row, *column) for column in columns] for row in rows])
    for (a, b), (a_end, b_end) in pairwise([(-1, -1), *pairs, (len(old), len(new))]):
        yield from ((clause, None) for clause in old[a + 1 : a_end])
        yield from ((None, clause) for clause in new[b + 1 : b_end])
        if a_end < len(old):
            yield old[a_end], new[b_end]


def _likeness(
    old_kind: ClauseKind, old: Counter[str], new_kind: ClauseKind, new: Counter[str]
) -> float:
    """Return the share of common words, from 0 to 1; 0 for two kinds and below `_SIMILAR`."""
    if old_kind != new_kind:
        return 0.0
    share = 2 * (old & new).total() / max(1, old.total() + new.total())
    return share if share >= _SIMILAR else 0.0


def _best_pairs(likeness: list[list[float]]) -> list[tuple[int, int]]:
    """Pair rows and columns in order, none twice, for the greatest sum of likeness."""
    rows, columns = len(likeness), len(likeness[0])
    best = [[0.0] * (columns + 1) for _row in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            together = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs
