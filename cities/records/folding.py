"""Reduce words to one form, for texts and searches alike.

Accents, case and the width of signs make no difference: ``Ōtsu`` is ``otsu``. Chinese, Japanese
and Korean, which put no space between words, are read in signs and pairs of signs. English
words are read with their stem, so that ``councils`` finds ``council``, and “Saint” is found by
“St.”. Databases only compare what is made here, so that both find the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock

import snowballstemmer

MAX_WORDS = 12
"""Words of a question that are looked for; more would only slow the answer."""

MAX_LENGTH = 1000
"""Characters of a question that are read."""

MAX_WORD = 80
"""Characters of one word that count."""

_VOICING = "\u3099\u309a"
"""Marks that make another sound of a Japanese sign: が is not か."""

_LETTERS = {
    **dict(zip(map(ord, "łøđħıŧ"), "lodhit", strict=True)),  # they have no mark to take off
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("ð"): "d",
    ord("þ"): "th",
    **dict.fromkeys(map(ord, "’‘ʼʻʹ"), "'"),
}

WORD = re.compile(r"[^\W_]+(?:['’‘ʼʻ][^\W_]+)*")
"""A word of a text as it stands, with apostrophes inside."""

UNSPACED = re.compile(
    r"[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    r"\U00020000-\U0003ffff]+"
)
"""Signs of scripts that put no space between words."""

_ABBREVIATED = {
    "saint": ("st", "sankt"),
    "sainte": ("ste",),
    "santa": ("sta",),
    "mount": ("mt",),
    "fort": ("ft",),
}
_WHOLE = {short: whole for whole, shorts in _ABBREVIATED.items() for short in shorts}
"""The whole word of an abbreviation in names of cities, or of its form in another language."""

_COMMON = frozenset(
    [
        *("a", "an", "and", "are", "as", "at", "by", "for", "from", "has", "have", "in", "is"),
        *("it", "its", "of", "on", "or", "that", "the", "their", "to", "was", "were", "with"),
        *("about", "did", "do", "does", "how", "what", "when", "where", "which", "who", "why"),
    ]
)
"""English words that say nothing of what is looked for, when there are others."""


def fold(text: str) -> str:
    """Return the text without accents, in lower case, with the plain form of each sign."""
    if text.isascii():
        return text.lower()
    taken_apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(
        sign
        for sign in taken_apart
        if (not unicodedata.combining(sign) or sign in _VOICING)
        and unicodedata.category(sign) != "Cf"  # soft hyphens, and what has no width
    )
    return unicodedata.normalize("NFKC", kept.translate(_LETTERS))


_stemmer = snowballstemmer.stemmer("english")
_one_at_a_time = Lock()  # the stemmer keeps the word that it works on


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a folded English word; any other word as it is."""
    if not (word.isascii() and word.isalpha()):
        return word
    with _one_at_a_time:
        return _stemmer.stemWord(word)


def _pieces(folded: str) -> Iterator[tuple[str, bool]]:
    """The parts of a text between spaces and signs, and whether each is of an unspaced script."""
    for word in WORD.findall(folded):
        place = 0
        for run in UNSPACED.finditer(word):
            if word[place : run.start()]:
                yield word[place : run.start()], False
            yield run[0], True
            place = run.end()
        if word[place:]:
            yield word[place:], False


@lru_cache(maxsize=50_000)
def _found_by(piece: str, is_unspaced: bool) -> tuple[str, ...]:
    """Return what a part of a text is found by."""
    if is_unspaced:
        pairs = [piece[at : at + 2] for at in range(len(piece) - 1)]
        return (*dict.fromkeys([*piece, *pairs]),)
    whole = piece.replace("'", "")[:MAX_WORD]
    parts = [part[:MAX_WORD] for part in piece.split("'") if part]
    words = [whole, *parts]
    spelled = _WHOLE.get(whole, whole)
    if spelled in _ABBREVIATED:
        words += [spelled, *_ABBREVIATED[spelled]]
    return (*dict.fromkeys([*words, *map(stem, words)]),)


def tokens(*texts: str) -> list[str]:
    """Return all that the texts are found by, each once, in order of appearance."""
    found: dict[str, None] = {}
    for text in texts:
        for piece in _pieces(fold(text)):
            found.update(dict.fromkeys(_found_by(*piece)))
    return list(found)


def terms(question: str, most: int = MAX_WORDS) -> list[str]:
    """Return the first words of a search, folded; `stem` says what a text has of each."""
    found: dict[str, None] = {}
    for piece, is_unspaced in _pieces(fold(question[:MAX_LENGTH])):
        if is_unspaced and len(piece) > 1:
            pairs = (piece[at : at + 2] for at in range(len(piece) - 1))
            found.update(dict.fromkeys(pairs))
        elif whole := piece.replace("'", "")[:MAX_WORD]:
            found[whole] = None
    telling = [term for term in found if term not in _COMMON]
    return (telling or list(found))[:most]


def plain(text: str) -> str:
    """Return the folded words of a text with one space between them, to compare whole names.

    An abbreviation is written out: “St. Petersburg” is ``saint petersburg``.
    """
    words = (piece.replace("'", "") for piece, __ in _pieces(fold(text)))
    return " ".join(_WHOLE.get(word, word) for word in words)
