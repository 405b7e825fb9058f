"""Names that are spelled like the words of a search: with one mistake, or nearly."""

from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice, product

from django.db.models import Q

from cities.records.folding import WORD, fold, plain, terms
from cities.records.kept import kept
from lrscc.models import SearchDocument
from lrscc.search.documents import indexed
from lrscc.search.matching import having

MAX_SPELLINGS = 2000
"""Names that a search is compared with."""

SHORTEST = 4
"""Letters of a word from which on it may have a mistake: shorter ones are too much alike."""

MAX_CORRECTIONS = 4
"""Corrected forms of a search that are looked for."""


def cities_spelled_like(words: list[str]) -> Q | None:
    """Return the cities whose names have the words, but for one mistake in each.

    None if no word that is in no name is like one that is.
    """
    known = _words_of_names()
    words = list(map(plain, words))
    choices = [[word] if word in known.get(word, ()) else _near(word, known) for word in words]
    if all(choice in ([], [word]) for word, choice in zip(words, choices, strict=True)):
        return None
    if not all(choices):
        return None
    found = Q()
    for corrected in islice(product(*choices), MAX_CORRECTIONS):
        found |= having(list(corrected), in_names=True)
    return Q(kind="city") & found


@kept
def _words_of_names() -> dict[str, set[str]]:
    """Return the words of the cities’ names, by themselves and without any one letter."""
    known: dict[str, set[str]] = defaultdict(set)
    cities = SearchDocument.objects.filter(kind="city").order_by("url")
    for names in cities.values_list("names", flat=True)[:MAX_SPELLINGS]:
        for word in names.replace("|", " ").split():
            for form in _with_a_letter_less(word):
                known[form].add(word)
    return dict(known)


def _with_a_letter_less(word: str) -> Iterator[str]:
    yield word
    if len(word) >= SHORTEST:
        yield from (word[:at] + word[at + 1 :] for at in range(len(word)))


def _near(word: str, known: dict[str, set[str]]) -> list[str]:
    """Return the words of names that differ from a word by one mistake."""
    if len(word) < SHORTEST:
        return []
    alike = {name for form in _with_a_letter_less(word) for name in known.get(form, ())}
    return sorted(name for name in alike if len(name) >= SHORTEST and _is_one_mistake(word, name))


def _is_one_mistake(typed: str, name: str) -> bool:
    """Whether one letter is more, less or another, or two neighbors are exchanged."""
    start = 0
    while start < min(len(typed), len(name)) and typed[start] == name[start]:
        start += 1
    one, other = typed[start:], name[start:]
    return (
        one[1:] == other[1:]
        or one[1:] == other
        or one == other[1:]
        or (one[:2] == other[:2][::-1] and one[2:] == other[2:])
    )


def nearest(question: str, count: int = 3) -> list[str]:
    """Return words of names on record that are spelled like those of the search."""
    proposed = [kind for kind, found in indexed().items() if found.fields.proposed]
    rows = SearchDocument.objects.filter(kind__in=proposed).order_by("kind", "url")
    known: dict[str, str] = {}
    for title, also in rows.values_list("title", "also")[:MAX_SPELLINGS]:
        for name in [title, *(text for text, __ in also)]:
            known.setdefault(fold(name), name)
            for word in WORD.findall(name):
                known.setdefault(fold(word), word)
    typed = [fold(question[:80]), *terms(question)]
    near = [like for word in typed for like in get_close_matches(word, known, n=count, cutoff=0.7)]
    return list(dict.fromkeys(known[like] for like in near if like not in typed))[:count]
