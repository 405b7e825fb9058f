"""A resolution's text as ordered clauses.

The stored form is plain text, one clause to a paragraph, a blank line between, in Unicode NFC.
`tidy` makes it of pasted text, `read` finds its clauses, `fingerprint` is its hash.

Which words begin a clause follows Lansing's layout: a number line, BY THE COMMITTEE … or BY
COUNCIL MEMBERS …, RESOLVED BY THE CITY COUNCIL …, WHEREAS …, NOW, THEREFORE, BE IT RESOLVED …,
then the mover and the outcome.

All work is in proportion to the length of the text: a repeat without limit stands only at the end
of a pattern, where nothing can follow to make it try again.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ClauseKind(TextChoices):
    """What a clause does: gives a reason, decides, or neither."""

    WHEREAS = "whereas", _("whereas")
    RESOLVED = "resolved", _("resolved")
    OTHER = "other", _("text")


@dataclass(frozen=True)
class Clause:
    """One paragraph of a text; `number` counts from 1 within the kind."""

    kind: ClauseKind
    number: int
    text: str

    @property
    def anchor(self) -> str:
        """Return the name of the clause in the address of a page: ``whereas-1``, ``text-1``."""
        name = "text" if self.kind == ClauseKind.OTHER else self.kind.value
        return f"{name}-{self.number}"

    @property
    def label(self) -> str:
        """Return the name of the clause in words."""
        words = {
            ClauseKind.WHEREAS: gettext("Whereas, clause %(number)s"),
            ClauseKind.RESOLVED: gettext("Resolved, clause %(number)s"),
            ClauseKind.OTHER: gettext("Text, paragraph %(number)s"),
        }
        return words[self.kind] % {"number": self.number}


def tidy(pasted: str) -> str:
    """Return the stored form of text pasted from a word processor, a PDF or a page.

    Line breaks inside a clause go, words hyphenated at a line's end are made whole, bullets and
    characters without width or meaning go, and each clause begins a paragraph. Words, their case,
    quotes, dashes and a closing "; and" stay. The stored form is its own stored form.
    """
    text = _plain(pasted)
    text = _without_line_hyphens(text)
    text = _ENDS_WITH_THEREFORE.sub(r"\1\n", text)
    paragraphs = (clause for part in text.split("\n\n") for clause in _split(part))
    return "\n\n".join(paragraphs)


def read(text: str) -> list[Clause]:
    """Return the clauses of a text in its stored form; an empty text has none."""
    counts: Counter[ClauseKind] = Counter()
    clauses = []
    for paragraph in filter(None, text.split("\n\n")):
        kind = _kind(paragraph)
        counts[kind] += 1
        clauses.append(Clause(kind, counts[kind], paragraph))
    return clauses


def fingerprint(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, in 64 hexadecimal digits.

    Of the text exactly as stored: a frozen text keeps its hash when `tidy` learns something.
    Raises `UnicodeEncodeError` for half a surrogate pair, which no tidied text has.
    """
    return hashlib.sha256(text.encode()).hexdigest()


# --- characters and lines ---------------------------------------------------------------

_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Controls, what has no width, marks that turn the direction, half pairs. Named one by one, so
that the stored form does not change with Python's table of characters."""

_BLANK = re.compile("[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BLANK_BY_BREAK = re.compile(" ?\n ?")
_SOFT_HYPHEN = re.compile("\xad(?:\n(?!\n))?")
_BULLETS = re.compile("^[•‣▪●◦○■ ]+", re.MULTILINE)
_PARAGRAPH_BREAK = re.compile("\n\n+")


def _plain(text: str) -> str:
    """Return visible characters in NFC, with one space, line break or blank line between."""
    text = _INVISIBLE.sub("", text)
    text = _LINE_BREAK.sub("\n", text).replace("\u2029", "\n\n")
    text = _BLANK_BY_BREAK.sub("\n", _BLANK.sub(" ", text))
    text = _SOFT_HYPHEN.sub("", text)
    text = _BLANK_BY_BREAK.sub("\n", _BLANK.sub(" ", text))
    text = _BULLETS.sub("", text)
    return _composed(_PARAGRAPH_BREAK.sub("\n\n", text).strip(" \n"))


_MOST_MARKS = 30
"""More accents on one letter than any language has (UAX #15, stream-safe text)."""


def _composed(text: str) -> str:
    """The text in NFC. Endless accents are cut: ordering them takes the square of their number."""
    if text.isascii():
        return text
    return _few_marks(unicodedata.normalize("NFC", _few_marks(text)))


def _few_marks(text: str) -> str:
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter).startswith("M") else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


_WORDS = re.compile(r"[\w-]+")
_COMPOUND_STARTS = frozenset(
    {"co", "cross", "half", "long", "non", "self", "semi", "sister", "vice", "well"}
    | {"two", "three", "four", "five", "six", "seven", "eight", "nine"}
    | {"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
)


def _without_line_hyphens(text: str) -> str:
    """Words and numbers that a line's end divides, made whole.

    Between letters of one case the hyphen goes where the text has the word without it elsewhere;
    it stays where the text has the word with it, or the first half often begins a compound
    (``long-term``); else it goes. Between others (``2018-001``) it stays.
    """
    lines = text.split("\n")
    if not any(line.endswith("-") for line in lines):
        return text
    words = {word.strip("-") for word in _WORDS.findall(text.lower())}
    whole = [lines[0]]
    for before, after in pairwise(lines):
        around = before[-2:-1] + after[:1]
        divided = before.endswith("-") and len(around) == 2 and around.isalnum()
        if not divided or (around[1].isupper() and _FORMULA.match(after)):
            whole.append("\n")
        elif around.isalpha() and (around.islower() or around.isupper()):
            head, tail = _last_word(before[:-1]).lower(), _first_word(after).lower()
            compound = f"{head}-{tail}" in words or head in _COMPOUND_STARTS
            if head + tail in words or not compound:
                whole[-1] = whole[-1][:-1]
        whole.append(after)
    return "".join(whole)


_LONGEST_WORD = 60
_NO_WORD = re.compile(r"[^\w-]")


def _last_word(line: str) -> str:
    return _first_word(line[: -_LONGEST_WORD - 1 : -1])[::-1]


def _first_word(line: str) -> str:
    return _NO_WORD.split(line[:_LONGEST_WORD], maxsplit=1)[0].strip("-")


# --- where clauses begin ----------------------------------------------------------------

_VERB = r"(?:RESOLVED|ORDAINED|ENACTED|PROCLAIMED)"
_SO = r"(?:(?:HEREBY|THEREFORE|FURTHER|FINALLY|ALSO|SO|,)\s?)"
_FORMULA = re.compile(
    r"(?<!\S)(?:"
    r"(?P<whereas>WHEREAS\b)"
    rf"|NOW,?\sTHEREFORE\b[,:]?(?:\s(?:LET\sIT\sBE|BE\sIT|IT\sIS)\s{_SO}{{0,3}}{_VERB}\b)?"
    rf"|(?:THEREFORE,?\s)?(?:LET\sIT\sBE|BE\sIT)\s{_SO}{{0,3}}{_VERB}\b"
    rf"|IT\sIS\s{_SO}{{0,3}}{_VERB}\b(?=[,:]?\sTHAT\b)"
    r"|FURTHER,?\sRESOLVED\b"
    r"|(?P<bare>RESOLVED\b)(?P<that>[,:]|\sTHAT\b)?(?P<by>\sBY\sTHE\b)?"
    r")",
    re.IGNORECASE,
)
_LAYOUT = re.compile(
    r"RESOLUTION\s(?:NO\.?\s?)?#?\d|BY\sTHE\sCOMMITTEE\b|BY\sCOUNCIL\s?MEMBERS?\b"
    r"|By\sCouncil\s?[Mm]embers?\b|M(?:otion|OTION)\s[Cc](?:arried|ARRIED)\b"
)
_START = re.compile(rf"(?:(?<=\n)(?:{_LAYOUT.pattern}))|(?i:{_FORMULA.pattern})")
_ENDS_WITH_THEREFORE = re.compile(r"(?<!\S)(NOW,?\sTHEREFORE[,:]?)\n\n", re.IGNORECASE)
"""The words stand alone above the clause that they begin."""

_CLOSE = re.compile(r"[;.:](?:[\s,]{1,2}and,?)?\s?\Z", re.IGNORECASE)
_LONE_AND = re.compile(r"\s?and[,:]?\s?", re.IGNORECASE)
_HELPER = re.compile(r"\b(?:am|are|be|been|being|get|is|was|were|hereby)\s\Z", re.IGNORECASE)


def _split(paragraph: str) -> list[str]:
    """Return the clauses of a paragraph, each on one line."""
    starts = [0]
    for match in _START.finditer(paragraph):
        if _begins_clause(paragraph, match, starts[-1]):
            starts.append(match.start())
    parts = (paragraph[start:end] for start, end in pairwise([*starts, len(paragraph)]))
    return [part.strip(" \n").replace("\n", " ") for part in parts if part.strip(" \n")]


def _begins_clause(text: str, match: re.Match[str], last: int) -> bool:
    """Return whether the words begin a clause where they stand, `last` being where one began.

    Capitals do; capitalized words do at a line's start and after the end of a clause; small
    letters are a sentence's own. "Resolved" alone needs more, since a thing can be resolved.
    """
    start = match.start()
    if start == last or (start - last < 8 and _LONE_AND.fullmatch(text, last, start)):
        return False
    if _LAYOUT.match(match[0]):
        return True
    word = match[0].split()[0].rstrip(",:")
    before = text[max(last, start - 10) : start]
    new_line, closed = before.endswith("\n"), bool(_CLOSE.search(before))
    if not word[0].isupper():
        return False
    if match["bare"]:
        if _HELPER.search(before):
            return False
        if word.isupper():
            return bool(new_line or closed or match["that"])
        return bool((new_line or closed) and (match["that"] or match["by"]))
    return word.isupper() or new_line or closed


_LEADING_AND = re.compile(r"and,?\s", re.IGNORECASE)
_THAT = re.compile(r"\bthat\b", re.IGNORECASE)


def _kind(paragraph: str) -> ClauseKind:
    """Return what the first words of a paragraph make it.

    "Resolved by the City Council" without a "that" is Lansing's line above the reasons.
    """
    lead = _LEADING_AND.match(paragraph)
    match = _FORMULA.match(paragraph, lead.end() if lead else 0)
    if not match:
        return ClauseKind.OTHER
    if match["whereas"]:
        return ClauseKind.WHEREAS
    plain = match["bare"] and not (match["that"] or match["by"] or match["bare"].isupper())
    heading = match["bare"] and match["by"] and not _THAT.search(paragraph)
    return ClauseKind.OTHER if plain or heading else ClauseKind.RESOLVED
