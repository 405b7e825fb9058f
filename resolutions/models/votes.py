"""How a motion was decided: what the minutes say, and what follows from the votes."""

from functools import cached_property
from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from resolutions.course import Outcome
from resolutions.models.requirements import WithRequirement
from resolutions.models.terms import Roster
from resolutions.tally import (
    BY_CONSENT,
    Announced,
    Base,
    Choice,
    Method,
    Result,
    Tally,
    result,
)

COUNTS = ("announced_yes", "announced_no", "announced_abstain", "announced_absent")
WITH_NAMES = (Method.ROLL_CALL, Method.NOT_RECORDED)
"""The ways to decide in which a vote can be on record by name."""
NO_COUNTS = Q(**{f"{name}__isnull": True for name in COUNTS})


def count_field(label: Any) -> models.PositiveSmallIntegerField:
    """Return the field of a printed count; empty if the minutes give none."""
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


class Vote(WithRequirement):
    """A motion and its outcome, as printed. What follows from the ballots is computed."""

    method = models.CharField(_("how it was decided"), max_length=20, blank=True, choices=Method)
    outcome = models.CharField(
        _("outcome, as declared"), max_length=10, blank=True, choices=Outcome
    )
    announced_yes = count_field(_("yes, as printed"))
    announced_no = count_field(_("no, as printed"))
    announced_abstain = count_field(_("abstained, as printed"))
    announced_absent = count_field(_("absent, as printed"))
    announced_as = models.CharField(
        _("result, as printed"),
        max_length=200,
        blank=True,
        help_text=_("As the minutes say it: Motion carried."),
    )
    tie_break = models.CharField(
        _("deciding vote"),
        max_length=3,
        blank=True,
        choices=[(Choice.YES.value, Choice.YES.label), (Choice.NO.value, Choice.NO.label)],
    )
    tie_broken_by = models.CharField(_("who broke the tie"), max_length=120, blank=True)
    override_reason = models.TextField(
        _("why the declared outcome stands"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("Needed if the count disagrees. The page shows both."),
    )

    organization: Any
    days: Any
    ballots: Any
    counted: list[str] | None = None
    """The choices of its ballots, where `count_ballots` counted them for a list."""
    has_all_names: bool | None = None
    """What `names_each_vote` says, where a list has it from the database."""

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=(~Q(outcome="") & ~Q(method="")) | Q(outcome="", method=""),
                name="%(app_label)s_%(class)s_outcome_with_its_method",
                violation_error_message=_(
                    "Choose both the outcome and how it was decided, or “Not recorded” if the"
                    " minutes do not say. Without a vote, leave both blank."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="")
                | (
                    Q(requirement="", base="", tie_break="", tie_broken_by="")
                    & Q(override_reason="", announced_as="", required_number__isnull=True)
                    & NO_COUNTS
                ),
                name="%(app_label)s_%(class)s_counts_of_a_vote",
                violation_error_message=_("Nobody voted, so there is nothing to count."),
            ),
            models.CheckConstraint(
                condition=~Q(method__in=BY_CONSENT)
                | (
                    Q(outcome=Outcome.CARRIED, tie_break="")
                    & (Q(announced_no__isnull=True) | Q(announced_no=0))
                ),
                name="%(app_label)s_%(class)s_consent_carries",
                violation_error_message=_(
                    "One “no” prevents a decision by consent. Choose “Passed”, with no vote"
                    " against."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.UNKNOWN) | Q(tie_break="", override_reason=""),
                name="%(app_label)s_%(class)s_unknown_outcome_is_not_explained",
                violation_error_message=_(
                    "Without a record of the result, leave the deciding vote and the reason blank."
                ),
            ),
            *WithRequirement.Meta.constraints,
            models.CheckConstraint(
                condition=Q(tie_break="", tie_broken_by="")
                | (~Q(tie_break="") & ~Q(tie_broken_by="")),
                name="%(app_label)s_%(class)s_tie_broken_by_somebody",
                violation_error_message=_("Enter both the deciding vote and who cast it."),
            ),
        ]

    @property
    def is_carried(self) -> bool:
        return self.outcome == Outcome.CARRIED

    @property
    def is_contradicted(self) -> bool:
        """Return whether the count says otherwise than the declared outcome."""
        if self.outcome == Outcome.UNKNOWN or self.result is None:
            return False
        return self.result.is_carried != self.is_carried

    @property
    def names_votes(self) -> bool:
        """Return whether the votes of individual members can be on record."""
        return self.method in WITH_NAMES

    @property
    def is_roll_call(self) -> bool:
        return self.method == Method.ROLL_CALL

    @cached_property
    def roster(self) -> Roster:
        """Return who was in office that day."""
        return Roster.of(self.organization, *self.days)

    @property
    def tally(self) -> Tally | None:
        """Return the counts of the roll call, or None if names were not recorded."""
        if not self.is_roll_call or not self.pk:
            return None
        cast = self.counted
        if cast is None:
            cast = [ballot.choice for ballot in self.ballots.all()]
        return Tally.of(cast) if cast else None

    @property
    def named(self) -> Tally:
        """Return the counts of the votes that are known by name, if not all are."""
        if self.method != Method.NOT_RECORDED or not self.pk:
            return Tally()
        return Tally.of(ballot.choice for ballot in self.ballots.all())

    @property
    def names_each_vote(self) -> bool:
        """Return whether no vote is without a name.

        A roll call names everybody. Other names are all there where they add up to the printed
        counts; without those, where as many are named as there were seats.
        """
        if self.has_all_names is not None:
            return self.has_all_names
        if self.method != Method.NOT_RECORDED:
            return self.tally is not None
        named = self.named
        if self.announced.is_known:
            return named.roll > 0 and self.announced.equals(named)
        places = self.roster.places
        return places is not None and named.roll >= places

    @property
    def announced(self) -> Announced:
        return Announced(*(getattr(self, name) for name in COUNTS))

    @property
    def result(self) -> Result | None:
        """Return the result of the roll call, or of the printed counts.

        None if the rule, a count or the number of seats or members is not on record.
        """
        rule, tally = self.rule, self.tally
        if rule is None:
            return None
        if tally is None and self.announced.suffices(rule):
            tally = self.announced.as_tally()
        if tally is None:
            return None
        seats, serving = self.roster.places, self._serving(tally)
        if {Base.SEATS.value: seats, Base.SERVING.value: serving}.get(rule.base, 0) is None:
            return None
        if self.tie_break and tally.is_tie:
            tally = tally.with_tie_break(self.tie_break)
        return result(tally, rule, seats=seats or 0, serving=serving or 0)

    def _serving(self, tally: Tally) -> int | None:
        """Return how many members served: those called, or those certainly in office."""
        if self.is_roll_call:
            return tally.roll
        known = len(self.roster.certain)
        return known if known and tally.roll <= known else None

    @property
    def disagreements(self) -> list[str]:
        """Return where printed or declared values disagree with the count, in sentences."""
        found = []
        if self.tally is not None and self.announced.differs_from(self.tally):
            found.append(gettext("The printed counts disagree with the roll call."))
        if self.announced.falls_short_of(self.named):
            found.append(gettext("More votes are listed by name than the printed counts say."))
        if self.is_contradicted:
            assert self.result is not None  # nothing else contradicts
            found.append(
                gettext(
                    "Declared “%(outcome)s”, but %(yes)s voted yes and %(needed)s were needed."
                )
                % {
                    "outcome": self.get_outcome_display(),
                    "yes": self.result.yes,
                    "needed": self.result.needed,
                }
            )
        return found
