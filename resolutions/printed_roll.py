"""The text of printed minutes that names who voted how, read into a roll call.

“Ayes (2): Boles, Dunbar. Nays: None. Absent: Robinson.” Names are matched with the members in
office that day; what matches nobody, or several, is reported and never guessed. Printed counts
are compared with the names.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext

from resolutions.tally import AWAY, Choice

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
    + r")\s*(?P<count>\(\s*\d+\s*\)|\d+)?\s*[:–—=]",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\([^()]*[^\W\d][^()]*\)|\[[^\[\]]*\]")
_APART = re.compile(
    r"[,;&\n]|\band\b|(?<=\w{3})\.(?=\s|$)|(?<!\w)[(#]?(\d{1,3})(?!\w)[.):]*",
    re.IGNORECASE,
)
_OFFICE = (
    r"(?:vice[ -])?presidents?|(?:vice[ -])?chair(?:man|woman|person)?|(?:vice[ -])?mayor"
    r"|pro[ -]tem(?:pore)?|supervisor|clerk|treasurer|secretary"
)
_OF_EVERYBODY = (
    r"council\s?(?:members?|man|men|woman|women|persons?)|councill?ors?|commissioners?|members?"
    r"|trustees?|alder(?:man|men|woman|women|persons?)|select(?:man|men|woman|women)"
)
_HONORIFIC = r"mrs?|miss|ms|mx|madam|dr|prof(?:essor)?|rev(?:erend)?|hon(?:orable)?|cm|ald|the"
_TITLE = re.compile(rf"\b(?:{_OFFICE}|{_OF_EVERYBODY}|{_HONORIFIC})\b\.?", re.IGNORECASE)
_NOT_AN_OFFICE = re.compile(
    rf"\b(?:{_OF_EVERYBODY}|{_HONORIFIC}|council|commission|city|board)\b\.?", re.IGNORECASE
)
_NOBODY = {"", "none", "no one", "nobody", "n a", "nil", "jr", "sr", "ii", "iii"}
_EVERYBODY = {"all", "all others", "all present", "all those present", "everyone present"}
_ABOUT_THE_MOTION = {"motion", "resolution", "carried", "adopted", "passed", "failed", "approved"}
_RESULT = re.compile(
    r"\b(?:carried|adopted|passed|failed|approved|defeated|vote)\b[^.\d]{0,30}"
    r"(?<![\d/–—-])(\d{1,3})\s*(?:[–—-]|to)\s*(\d{1,3})(?![\d/–—-])",
    re.IGNORECASE,
)
"""“Motion carried 6-2.”, but no date, and no three numbers, whose third is anybody’s guess."""


@dataclass(frozen=True)
class Named:
    """A member called on that day, by name."""

    key: int
    name: str
    sort_name: str
    office: str = ""
    away: str = ""
    """The choice of a member who was absent by the attendance of the meeting."""
    is_certain: bool = True
    """Whether the member surely was in office. Nobody else is among “all present”."""

    @property
    def _names(self) -> tuple[list[str], list[str]]:
        """Return the given names and the family name, in words."""
        family = _words(self.sort_name.partition(",")[0]) if "," in self.sort_name else []
        whole = _words(self.name)
        family = family or whole[-1:]
        return whole[: -len(family)], family

    def is_called(self, words: list[str]) -> bool:
        """Return whether that is the family name, alone or after given names or initials.

        Or a given name alone, in full: then only one member is to have it.
        """
        given, family = self._names
        before = words[: -len(family)]
        if words[-len(family) :] == family and all(_starts(word, given) for word in before):
            return True
        return bool(words) and words == given[: len(words)]

    def holds(self, office: list[str]) -> bool:
        return bool(office) and office == _words(_NOT_AN_OFFICE.sub(" ", self.office))


def _starts(word: str, given: list[str]) -> bool:
    return any(word == name or (len(word) == 1 and name.startswith(word)) for name in given)


@dataclass
class Reading:
    """The votes that the text names, by the member’s key, and what it leaves open, in words."""

    votes: dict[int, Choice] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    counts: dict[Choice, int] = field(default_factory=dict)
    """The counts that the text prints."""


@dataclass
class _Group:
    """What follows one heading."""

    choice: Choice
    names: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    everybody: str = ""
    """The words for everybody present, if they are there."""

    @property
    def count(self) -> int | None:
        """Return the count printed; of a running count, the last and highest."""
        return max(self.counts, default=None)


def read_roll(line: str, members: Iterable[Named]) -> Reading:
    """Return how each member in office voted, by the text of the minutes."""
    roll, groups = [*members], _groups(line)
    if not groups:
        return Reading(
            problems=[
                gettext(
                    "The text has no “Ayes:”, “Nays:” or “Absent:”. Paste it with these words."
                )
            ]
        )
    reading = Reading()
    found: dict[int, set[Choice]] = {}
    unmatched = dict.fromkeys(Choice, 0)
    for group in groups:
        for name in group.names:
            called = _called(name, roll)
            if len(called) == 1:
                found.setdefault(called[0].key, set()).add(group.choice)
            else:
                unmatched[group.choice] += 1
                reading.problems.append(_unmatched(name, called))
    _add_the_others(reading, groups, roll, found)
    _decide(reading, roll, found)
    _compare_counts(reading, _printed_counts(line, groups), found, unmatched)
    return reading


def _add_the_others(
    reading: Reading, groups: list[_Group], roll: list[Named], found: dict[int, set[Choice]]
) -> None:
    """Add whoever the text means by “all present”, and who the attendance says was absent."""
    rest = [member for member in roll if member.key not in found]
    for member in rest:
        if member.away:
            found[member.key] = {Choice(member.away)}
    of_all = [group for group in groups if group.everybody]
    if not of_all:
        return
    if len(of_all) > 1:
        reading.problems.append(
            gettext("The text says “%s” under more than one vote. Choose these votes below.")
            % of_all[0].everybody
        )
        return
    for member in rest:
        if member.is_certain and not member.away:
            found[member.key] = {of_all[0].choice}
    if not any(member.away for member in roll) and not any(one.choice in AWAY for one in groups):
        reading.problems.append(
            gettext("The text says “%s”, but not who was absent. Check that nobody was.")
            % of_all[0].everybody
        )


def _decide(reading: Reading, roll: list[Named], found: dict[int, set[Choice]]) -> None:
    """Take the votes of members under one heading, and report the others."""
    for member in roll:
        choices = found.get(member.key, set())
        if len(choices) == 1:
            [reading.votes[member.key]] = choices
        elif choices:
            reading.problems.append(
                gettext("The text names %s under more than one vote. Choose that vote below.")
                % member.name
            )
    missing = [one.name for one in roll if one.is_certain and one.key not in found]
    if missing:
        reading.problems.append(
            gettext("The text does not name %s. Choose that vote below.") % ", ".join(missing)
        )


def _printed_counts(line: str, groups: list[_Group]) -> list[tuple[Choice, int]]:
    printed = [(group.choice, group.count) for group in groups if group.count is not None]
    if result := _RESULT.search(line):
        printed += [(Choice.YES, int(result[1])), (Choice.NO, int(result[2]))]
    return [*dict.fromkeys(printed)]


def _compare_counts(
    reading: Reading,
    printed: list[tuple[Choice, int]],
    found: dict[int, set[Choice]],
    unmatched: dict[Choice, int],
) -> None:
    """Keep the printed counts, and report those that the names do not add up to."""
    for choice, count in printed:
        reading.counts.setdefault(choice, count)
        named = unmatched[choice] + sum(choice in choices for choices in found.values())
        if named != count:
            reading.problems.append(
                gettext("The text counts %(count)s under “%(vote)s”, but names %(named)s.")
                % {"count": count, "vote": choice.label, "named": named}
            )


def _unmatched(name: str, called: list[Named]) -> str:
    if not called:
        return gettext("No member in office that day is called “%s”. Check the spelling.") % name
    several = ", ".join(member.name for member in called)
    return gettext("“%(name)s” may be %(members)s. Choose that vote below.") % {
        "name": name,
        "members": several,
    }


def _called(name: str, roll: list[Named]) -> list[Named]:
    """Return the members whose name that is, or whose office if it names no person."""
    called = [member for member in roll if member.is_called(_words(name))]  # Mayor may be one
    if called:
        return called
    if bare := _without_titles(name):
        return [member for member in roll if member.is_called(bare)]
    office = _words(_NOT_AN_OFFICE.sub(" ", name))
    return [member for member in roll if member.holds(office)]


def _without_titles(name: str) -> list[str]:
    return _words(_NOT_AN_OFFICE.sub(" ", _TITLE.sub(" ", name)))


def _groups(line: str) -> list[_Group]:
    """Return each heading of the text with what follows it."""
    headings = [*_HEADING.finditer(line)]
    ends = [*(heading.start() for heading in headings[1:]), len(line)]
    groups = []
    for heading, end in zip(headings, ends, strict=False):  # without headings no end is asked
        choice = next(choice for choice in Choice if heading[choice.value])
        group = _Group(choice)
        if heading["count"]:
            group.counts.append(int(heading["count"].strip("( )")))
        _read_names(group, line[heading.end() : end])
        groups.append(group)
    return groups


def _read_names(group: _Group, text: str) -> None:
    """Read the names and counts in the text up to what is said about the motion."""
    has_names_only = True
    for part in _APART.split(_RESULT.sub(" carried ", _REMARK.sub(" ", text))):
        words = _words(part or "")
        if _ABOUT_THE_MOTION.intersection(words):
            has_names_only = False
        elif (part or "").isdigit():
            if has_names_only:
                group.counts.append(int(part))
        elif " ".join(_without_titles(part or "")) in _EVERYBODY:
            group.everybody = " ".join(part.split()).strip(" .:–—-()")
        elif part and _is_a_name(part):
            group.names.append(" ".join(part.split()).strip(" .:–—-()"))


def _is_a_name(text: str) -> bool:
    """Return whether it names a person or an office; “Members” names nobody."""
    bare = " ".join(_without_titles(text))
    if not bare:
        return bool(_words(_NOT_AN_OFFICE.sub(" ", text)))
    return bare not in _NOBODY and any(character.isalpha() for character in text)


def _words(name: str) -> list[str]:
    """Return the words of a name in one spelling, without case, accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(one for one in plain if not unicodedata.combining(one) and one not in "'’ʼ`")
    return re.findall(r"\w+", plain)
