"""The text of printed minutes that names who voted how, read into a roll call.

“Ayes: Boles, Dunbar. Nays: None. Absent: Robinson.” Names are matched with the members in
office that day; what matches nobody, or several, is reported and never guessed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext

from resolutions.tally import Choice

HEADINGS = {
    Choice.YES: "ayes?|yeas?|yes|in favou?r|for",
    Choice.NO: "nays?|noes|no|opposed|against",
    Choice.ABSTAIN: "abstain(?:s|ed|ing)?|abstentions?",
    Choice.RECUSED: "recused?|recusals?",
    Choice.EXCUSED: "absent,? excused|excused(?: absences?)?",
    Choice.ABSENT: "absent|absences?",
    Choice.NOT_VOTING: "(?:present,? )?not voting",
}
_HEADING = re.compile(
    r"\b(?:"
    + "|".join(f"(?P<{choice.value}>{words})" for choice, words in HEADINGS.items())
    + r")\s*(?:\(\s*\d+\s*\)|\d+)?\s*[:–—=]",
    re.IGNORECASE,
)
_APART = re.compile(r"[,;&\n]|\band\b|(?<=\w{3})\.(?=\s|$)", re.IGNORECASE)
_TITLE = re.compile(
    r"\b(?:council\s?(?:members?|man|men|woman|women|persons?)|commissioners?|members?"
    r"|(?:vice[ -])?president|vice[ -]chair|chair(?:man|woman|person)?|mayor|pro[ -]tem(?:pore)?"
    r"|mrs?|ms|dr|hon|cm)\b\.?",
    re.IGNORECASE,
)
_NOBODY = {"", "none", "no one", "nobody", "n a", "nil", "jr", "sr", "ii", "iii"}
_ABOUT_THE_MOTION = {"motion", "resolution", "carried", "adopted", "passed", "failed", "approved"}


@dataclass(frozen=True)
class Named:
    """A member in office on that day, by name."""

    key: int
    name: str
    sort_name: str

    def is_called(self, words: list[str]) -> bool:
        """Return whether the name is the family name, alone or after given names or initials."""
        family = _words(self.sort_name.partition(",")[0]) if "," in self.sort_name else []
        whole = _words(self.name)
        family = family or whole[-1:]
        given = whole[: -len(family)]
        before = words[: -len(family)]
        return words[-len(family) :] == family and all(_starts(word, given) for word in before)


def _starts(word: str, given: list[str]) -> bool:
    return any(word == name or (len(word) == 1 and name.startswith(word)) for name in given)


@dataclass
class Reading:
    """The votes that the text names, by the member’s key, and what it leaves open, in words."""

    votes: dict[int, Choice] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_roll(line: str, members: Iterable[Named]) -> Reading:
    """Return how each member in office voted, by the text of the minutes."""
    roll, reading = [*members], Reading()
    found: dict[int, set[Choice]] = {}
    is_headed = False
    for choice, names in _groups(line):
        is_headed = True
        for name in names:
            called = [member for member in roll if member.is_called(_words(name))]
            if len(called) == 1:
                found.setdefault(called[0].key, set()).add(choice)
            else:
                reading.problems.append(_unmatched(name, called))
    if not is_headed:
        reading.problems.append(
            gettext("The text has no “Ayes:”, “Nays:” or “Absent:”. Paste it with these words.")
        )
        return reading
    for member in roll:
        choices = found.get(member.key, set())
        if len(choices) == 1:
            reading.votes[member.key] = choices.pop()
        elif choices:
            reading.problems.append(
                gettext("The text names %s under more than one vote. Choose that vote below.")
                % member.name
            )
    missing = [member.name for member in roll if member.key not in found]
    if missing:
        reading.problems.append(
            gettext("The text does not name %s. Choose that vote below.") % ", ".join(missing)
        )
    return reading


def _unmatched(name: str, called: list[Named]) -> str:
    if not called:
        return gettext("No member in office that day is called “%s”. Check the spelling.") % name
    several = ", ".join(member.name for member in called)
    return gettext("“%(name)s” may be %(members)s. Choose that vote below.") % {
        "name": name,
        "members": several,
    }


def _groups(line: str) -> Iterator[tuple[Choice, list[str]]]:
    """Yield each heading of the text with the names that follow it."""
    headings = [*_HEADING.finditer(line)]
    ends = [*(heading.start() for heading in headings[1:]), len(line)]
    for heading, end in zip(headings, ends, strict=False):  # without headings no end is asked
        parts = _APART.split(line[heading.end() : end])
        names = [" ".join(_TITLE.sub(" ", part).split()).strip(" .:–—-()") for part in parts]
        yield Choice(str(heading.lastgroup)), [name for name in names if _is_a_name(name)]


def _is_a_name(text: str) -> bool:
    words = _words(text)
    return (
        " ".join(words) not in _NOBODY
        and not _ABOUT_THE_MOTION.intersection(words)
        and any(character.isalpha() for character in text)
    )


def _words(name: str) -> list[str]:
    """Return the words of a name in one spelling, without case, accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(one for one in plain if not unicodedata.combining(one) and one not in "'’ʼ`")
    return re.findall(r"\w+", plain)
