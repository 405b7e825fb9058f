"""Extracts of a text around the words of a search."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from cities.records.folding import UNSPACED, WORD, fold, stem, terms, tokens

LENGTH = 240
"""Characters of an extract, about."""

MAX_READ = 200_000
"""Characters of a text that are looked through."""


class Part(NamedTuple):
    """A piece of an extract; `is_found` if it is a word of the search."""

    text: str
    is_found: bool


class Wanted:
    """The words of a search, as a text may have them."""

    def __init__(self, question: str) -> None:
        self.terms = frozenset(terms(question))
        self.stems = frozenset(map(stem, self.terms))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Return where the text has words of the search, in order."""
        for word in WORD.finditer(text, 0, MAX_READ):
            if UNSPACED.search(word[0]):
                yield from self._signs(word[0], word.start())
            elif not self.stems.isdisjoint(_found_by(word[0])):
                yield word.span()

    def _signs(self, run: str, start: int) -> Iterator[tuple[int, int]]:
        """Signs and pairs of signs that were looked for; what touches is one."""
        found = [fold(sign) in self.terms for sign in run]
        for at, (sign, following) in enumerate(pairwise(run)):
            if fold(sign + following) in self.terms:
                found[at] = found[at + 1] = True
        first = None
        for at, is_found in enumerate([*found, False]):
            if is_found and first is None:
                first = at
            elif not is_found and first is not None:
                yield start + first, start + at
                first = None


@lru_cache(maxsize=50_000)
def _found_by(word: str) -> frozenset[str]:
    return frozenset(tokens(word))


def highlighted(text: str, wanted: Wanted) -> list[Part]:
    """Return the whole text in pieces."""
    return _cut(text, 0, len(text), wanted.spans(text))


def extract(text: str, wanted: Wanted) -> list[Part]:
    """Return the part of the text around the first word of the search; empty without one."""
    spans = wanted.spans(text)
    first = next(spans, None)
    if first is None:
        return []
    line = text.rfind("\n", 0, first[0]) + 1
    start = max(line, first[0] - LENGTH // 3)
    if start > line:
        start = _after_space(text, start, first[0])
    end = min(len(text), max(start + LENGTH, first[1]))
    if end < len(text):
        space = text.rfind(" ", first[1], end)
        end = space if space > 0 else end
    inside = [first]
    for span in spans:
        if span[1] > end:
            break
        inside.append(span)
    parts = _cut(text, start, end, inside)
    before = [Part("… ", False)] if start > line else []
    after = [Part(" …", False)] if end < len(text) else []
    return [*before, *parts, *after]


def _after_space(text: str, start: int, before: int) -> int:
    space = text.find(" ", start, before)
    return start if space < 0 else space + 1


def _cut(text: str, start: int, end: int, spans: Iterator | list) -> list[Part]:
    parts, at = [], start
    for first, last in spans:
        parts += [Part(text[at:first], False), Part(text[first:last], True)]
        at = last
    parts.append(Part(text[at:end], False))
    return [part for part in parts if part.text]
