"""The result of a vote: plain arithmetic, no queries.

The counts of a roll call follow from its ballots, and the result from the requirement and its
base: votes cast, members present, members serving, or all seats (Robert's Rules §44; MCL
15.268 counts members “elected or appointed and serving”). ``None`` is unknown, never 0.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Choice(TextChoices):
    """How one member voted."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    ABSTAIN = "abstain", _("Abstained")
    RECUSED = "recused", _("Recused")
    ABSENT = "absent", _("Absent")
    EXCUSED = "excused", _("Absent, excused")
    NOT_VOTING = "not_voting", _("Present, not voting")


class Method(TextChoices):
    """How a vote was taken."""

    ROLL_CALL = "roll_call", _("Roll call")
    VOICE = "voice", _("Voice vote")
    UNANIMOUS_CONSENT = "unanimous_consent", _("Unanimous consent")
    CONSENT_AGENDA = "consent_agenda", _("Consent agenda")
    BALLOT = "ballot", _("Paper ballot")
    NOT_RECORDED = "not_recorded", _("Not recorded")


class Requirement(TextChoices):
    """How many votes a motion needs."""

    MAJORITY = "majority", _("More than half")
    TWO_THIRDS = "two_thirds", _("Two-thirds")
    NUMBER = "number", _("A fixed number")


class Base(TextChoices):
    """What the requirement is a share of."""

    CAST = "cast", _("of the votes cast")
    PRESENT = "present", _("of the members present")
    SERVING = "serving", _("of the members serving")
    SEATS = "seats", _("of all seats")


WITHOUT_NAMES = (Method.VOICE, Method.UNANIMOUS_CONSENT, Method.CONSENT_AGENDA, Method.BALLOT)
"""Ways to decide that leave no name beside a vote."""

AWAY = (Choice.ABSENT, Choice.EXCUSED)
"""Who chose so was not there, and neither moved nor voted."""

BY_CONSENT = (Method.UNANIMOUS_CONSENT, Method.CONSENT_AGENDA)
"""Ways to decide that one “no” prevents: what is decided so is carried."""


@dataclass(frozen=True)
class Tally:
    """How many members made each choice in one vote."""

    yes: int = 0
    no: int = 0
    abstain: int = 0
    recused: int = 0
    absent: int = 0
    excused: int = 0
    not_voting: int = 0

    @classmethod
    def of(cls, choices: Iterable[str]) -> Self:
        """Count the `Choice` of each ballot."""
        counted = Counter(str(choice) for choice in choices)
        return cls(**{choice: counted[choice] for choice in Choice.values})

    @property
    def roll(self) -> int:
        """Return the number of members called."""
        return self.present + self.recused + self.away

    @property
    def away(self) -> int:
        return self.absent + self.excused

    @property
    def present(self) -> int:
        """Return the members present, without those who recused themselves."""
        return self.yes + self.no + self.abstain + self.not_voting

    @property
    def is_tie(self) -> bool:
        return self.yes == self.no

    def with_tie_break(self, choice: str) -> Self:
        """Add the deciding vote of the chair. Raise `ValueError` unless the vote is tied."""
        if not self.is_tie or choice not in (Choice.YES, Choice.NO):
            raise ValueError("Only a tie is broken, by a yes or a no.")
        return replace(self, **{choice: getattr(self, choice) + 1})


@dataclass(frozen=True)
class Rule:
    """What a motion needs: a requirement and its base.

    Only `Requirement.NUMBER` has a `number`. `counts_abstentions` says whether an abstention is a
    vote cast; councils differ, and Robert's Rules say no.
    """

    requirement: str
    base: str = Base.CAST
    number: int | None = None
    counts_abstentions: bool = False

    def needed(self, of: int) -> int:
        """Return the yes votes needed if the base is `of` votes, members or seats."""
        if self.requirement == Requirement.NUMBER:
            return self.number or 0
        if self.requirement == Requirement.TWO_THIRDS:
            return -(-2 * of // 3)
        return of // 2 + 1


@dataclass(frozen=True)
class Result:
    """Whether a motion carried, with the numbers that decide it."""

    is_carried: bool
    yes: int
    needed: int
    of: int


def result(tally: Tally, rule: Rule, *, seats: int, serving: int) -> Result:
    """Return the result of a tally under a rule.

    `seats` is the number of voting seats that existed that day, `serving` those that were filled.
    A tie fails: it is no majority. Without votes cast nothing carries.
    """
    cast = tally.yes + tally.no + (tally.abstain if rule.counts_abstentions else 0)
    bases = {Base.CAST: cast, Base.PRESENT: tally.present, Base.SERVING: serving}
    of = bases.get(Base(rule.base), seats)
    needed = rule.needed(of)
    is_carried = tally.yes >= needed and tally.yes > tally.no
    if rule.requirement == Requirement.NUMBER:
        is_carried = tally.yes >= needed > 0
    return Result(is_carried, tally.yes, needed, of)


@dataclass(frozen=True)
class Announced:
    """The counts as printed; ``None`` where the minutes give none."""

    yes: int | None = None
    no: int | None = None
    abstain: int | None = None
    absent: int | None = None

    @property
    def is_known(self) -> bool:
        """Return whether both sides of the vote were printed."""
        return self.yes is not None and self.no is not None

    def as_tally(self) -> Tally:
        """Return them as a tally. Raise `ValueError` unless both sides are known."""
        if self.yes is None or self.no is None:
            raise ValueError("Both sides of the vote must be known.")
        return Tally(self.yes, self.no, self.abstain or 0, absent=self.absent or 0)

    def suffices(self, rule: Rule) -> bool:
        """Return whether everything that the rule counts was printed: a blank is not 0."""
        counts_abstentions = rule.base == Base.PRESENT or (
            rule.base == Base.CAST and rule.counts_abstentions
        )
        return self.is_known and (self.abstain is not None or not counts_abstentions)

    def equals(self, named: Tally) -> bool:
        """Return whether the votes known by name are those that were printed, yes and no."""
        return self.is_known and (self.yes, self.no) == (named.yes, named.no)

    def falls_short_of(self, named: Tally) -> bool:
        """Return whether more votes are known by name than were printed."""
        counted = {"yes": named.yes, "no": named.no, "abstain": named.abstain}
        printed = ((getattr(self, name), count) for name, count in counted.items())
        return any(limit is not None and count > limit for limit, count in printed)

    def differs_from(self, tally: Tally) -> bool:
        """Return whether a printed count disagrees with the roll call."""
        counted = {
            "yes": tally.yes,
            "no": tally.no,
            "abstain": tally.abstain,
            "absent": tally.away,
        }
        return any(getattr(self, name) not in (None, count) for name, count in counted.items())
