"""What a body did with a resolution, who voted how, and what stands behind it."""

from datetime import date
from functools import cached_property
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Source
from cities.models.citations import SourceCitation
from cities.records.details import Detail, DetailQuerySet
from cities.records.fields import date_on_record
from cities.records.numbering import CitedByNumber, Numbered, number_once
from cities.records.publishing import Publication
from resolutions.course import UNVOTED, VOTED, Kind, Outcome, adopting
from resolutions.models.action_rules import RULES
from resolutions.models.meetings import Meeting
from resolutions.models.members import Member, Roster, Term
from resolutions.models.resolutions import PartQuerySet, Resolution, Text
from resolutions.tally import (
    BY_CONSENT,
    Announced,
    Base,
    Choice,
    Method,
    Requirement,
    Result,
    Rule,
    Tally,
    result,
)

COUNTS = ("announced_yes", "announced_no", "announced_abstain", "announced_absent")
NO_COUNTS = Q(**{f"{name}__isnull": True for name in COUNTS})


def count_field(label: Any) -> models.PositiveSmallIntegerField:
    """A printed count; empty where the paper gives none."""
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


class ActionQuerySet(PartQuerySet):
    def for_reading(self) -> Self:
        """With all that an action says of itself on a page."""
        return self.select_related(
            "resolution__organization",
            "organization",
            "meeting__organization",
            "text",
            "mover",
            "seconder",
        ).prefetch_related(
            models.Prefetch("ballots", Ballot.objects.select_related("member")),
            models.Prefetch(
                "citations", ActionCitation.objects.public(), to_attr="public_citations"
            ),
            "organization__seats",
            models.Prefetch("organization__terms", Term.objects.public()),
        )


class Action(CitedByNumber, Numbered):
    """One dated thing that a body did with a resolution.

    What is decided is written down as printed; what follows from the ballots is computed.
    Once published it is never overwritten: a wrong action is withdrawn with the reason.
    """

    resolution = models.ForeignKey(
        Resolution, verbose_name=_("resolution"), related_name="actions", on_delete=models.PROTECT
    )
    kind = models.CharField(_("what was done"), max_length=16, choices=Kind)
    on, on_earliest, on_latest = date_on_record("on", _("date"))
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("by whom"),
        related_name="actions",
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Left empty: the body of the resolution. A veto is the mayor’s."),
    )
    meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("at the meeting"),
        related_name="actions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    text = models.ForeignKey(
        Text,
        verbose_name=_("on the text"),
        related_name="actions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The version that was voted on. Empty while no text is found."),
    )
    mover = models.ForeignKey(
        Member,
        verbose_name=_("moved by"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    seconder = models.ForeignKey(
        Member,
        verbose_name=_("seconded by"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    method = models.CharField(_("how it was decided"), max_length=20, blank=True, choices=Method)
    outcome = models.CharField(
        _("outcome, as declared"), max_length=10, blank=True, choices=Outcome
    )
    requirement = models.CharField(
        _("votes needed"),
        max_length=12,
        blank=True,
        choices=Requirement,
        help_text=_("Empty while the rule is not found: then nothing is checked."),
    )
    base = models.CharField(_("of what"), max_length=10, blank=True, choices=Base)
    required_number = models.PositiveSmallIntegerField(
        _("the fixed number"), null=True, blank=True
    )
    counts_abstentions = models.BooleanField(_("an abstention is a vote cast"), default=False)
    announced_yes = count_field(_("yes, as printed"))
    announced_no = count_field(_("no, as printed"))
    announced_abstain = count_field(_("abstained, as printed"))
    announced_absent = count_field(_("absent, as printed"))
    announced_as = models.CharField(
        _("result, as printed"),
        max_length=200,
        blank=True,
        help_text=_("The words of the paper: Motion carried."),
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
        help_text=_("Needed when the count says otherwise. The page shows both."),
    )
    note = models.TextField(
        _("note"),
        blank=True,
        validators=[MaxLengthValidator(2000)],
        help_text=_("What happened, in our words. The public reads this."),
    )

    objects = ActionQuerySet.as_manager()  # type: ignore[misc]

    owner = "resolution"

    class Meta(Numbered.Meta):
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["resolution", "on_earliest", "number"]
        constraints = [
            *Numbered.Meta.constraints,
            number_once("resolution"),
            models.CheckConstraint(
                condition=Q(number__gte=1, on_earliest__isnull=False),
                name="resolutions_action_has_a_first_day",
                violation_error_message=_("An action needs a date with a first possible day."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=Kind.values,
                    method__in=["", *Method.values],
                    outcome__in=["", *Outcome.values],
                    requirement__in=["", *Requirement.values],
                    base__in=["", *Base.values],
                    tie_break__in=["", Choice.YES, Choice.NO],
                ),
                name="resolutions_action_vocabulary",
                violation_error_message=_("Choose from the lists what was done and how."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=VOTED) | ~Q(outcome=""),
                name="resolutions_action_vote_has_an_outcome",
                violation_error_message=_("Say whether the motion carried or was lost."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=UNVOTED) | Q(outcome=""),
                name="resolutions_action_no_vote_no_outcome",
                violation_error_message=_(
                    "Nobody votes on an introduction, a veto or a text that dies: leave the"
                    " outcome empty."
                ),
            ),
            models.CheckConstraint(
                condition=(~Q(outcome="") & ~Q(method="")) | Q(outcome="", method=""),
                name="resolutions_action_outcome_with_its_method",
                violation_error_message=_(
                    "An outcome comes with how it was decided; choose “Not recorded” if the"
                    " paper does not say. Without a vote leave both empty."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="")
                | (
                    Q(requirement="", base="", tie_break="", tie_broken_by="")
                    & Q(override_reason="", announced_as="", required_number__isnull=True)
                    & NO_COUNTS
                ),
                name="resolutions_action_counts_of_a_vote",
                violation_error_message=_("Where nobody voted there is nothing to count."),
            ),
            models.CheckConstraint(
                condition=~Q(method__in=BY_CONSENT)
                | (
                    Q(outcome=Outcome.CARRIED, tie_break="")
                    & (Q(announced_no__isnull=True) | Q(announced_no=0))
                ),
                name="resolutions_action_consent_carries",
                violation_error_message=_(
                    "One “no” prevents a decision by consent: what was decided so is carried,"
                    " with no vote against."
                ),
            ),
            models.CheckConstraint(
                condition=Q(requirement="", base="", required_number__isnull=True)
                | (
                    Q(requirement=Requirement.NUMBER, required_number__isnull=False)
                    & Q(required_number__gte=1)
                    & ~Q(base="")
                )
                | (
                    Q(requirement__in=[Requirement.MAJORITY, Requirement.TWO_THIRDS])
                    & Q(required_number__isnull=True)
                    & ~Q(base="")
                ),
                name="resolutions_action_requirement_with_its_base",
                violation_error_message=_(
                    "Say of what the requirement is a part. Only a fixed number has a number."
                ),
            ),
            models.CheckConstraint(
                condition=Q(tie_break="", tie_broken_by="")
                | (~Q(tie_break="") & ~Q(tie_broken_by="")),
                name="resolutions_action_tie_broken_by_somebody",
                violation_error_message=_("A deciding vote comes with who cast it."),
            ),
            models.CheckConstraint(
                condition=Q(mover__isnull=True)
                | Q(seconder__isnull=True)
                | ~Q(mover=F("seconder")),
                name="resolutions_action_two_people",
                violation_error_message=_("Nobody seconds a motion of their own."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(resolution)s, action %(number)s: %(kind)s, %(date)s") % {
            "resolution": self.resolution,
            "number": self.number or "?",
            "kind": self.get_kind_display(),
            "date": self.on,
        }

    def get_absolute_url(self) -> str:
        return f"{self.resolution.get_absolute_url()}#action-{self.number}"

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day it can have been done; the first twice, where it is open."""
        return self.on_earliest, self.on_latest or self.on_earliest

    @property
    def is_carried(self) -> bool:
        return self.outcome == Outcome.CARRIED

    @property
    def adopts(self) -> bool:
        """Whether by this action the resolution came into force."""
        return self.kind in (Kind.ADOPT, Kind.OVERRIDE) and self.is_carried

    @property
    def frozen_fields(self) -> list[str]:
        """What it says; what may be found later or is printed, once that is known."""
        says = ["kind", "on", "organization", "method", "outcome", "counts_abstentions"]
        found = ["meeting", "text", "mover", "seconder", "requirement", "base", "required_number"]
        return [
            "resolution",
            "number",
            *says,
            "tie_break",
            "tie_broken_by",
            *self.known(*found, *COUNTS, "announced_as"),
        ]

    frozen_message = _(
        "This action is published, so what it says is never overwritten. Withdraw it with the"
        " reason and add a new one."
    )

    # --- what follows from the votes ---

    @property
    def names_votes(self) -> bool:
        """Whether the votes of single members can be on record."""
        return self.method in (Method.ROLL_CALL, Method.NOT_RECORDED)

    @property
    def is_roll_call(self) -> bool:
        return self.method == Method.ROLL_CALL

    @cached_property
    def roster(self) -> Roster:
        """Who sat in the body that day."""
        return Roster.of(self.organization, *self.days)

    @property
    def tally(self) -> Tally | None:
        """The counts of the roll call; none where names were not recorded."""
        if not self.is_roll_call or not self.pk:
            return None
        return Tally.of(ballot.choice for ballot in self.ballots.all())

    @property
    def named(self) -> Tally:
        """The counts of the votes of which the names are found, where not all are."""
        if self.method != Method.NOT_RECORDED or not self.pk:
            return Tally()
        return Tally.of(ballot.choice for ballot in self.ballots.all())

    @property
    def announced(self) -> Announced:
        return Announced(*(getattr(self, name) for name in COUNTS))

    @property
    def rule(self) -> Rule | None:
        """What the motion needed; none while that is not found."""
        if not self.requirement:
            return None
        return Rule(self.requirement, self.base, self.required_number, self.counts_abstentions)

    @property
    def result(self) -> Result | None:
        """What follows from the roll, else from the printed counts.

        None where the rule, a count or the number of seats or members it asks for is lacking.
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
        """Members serving: who was called, else who surely sat; unknown where more voted."""
        if self.is_roll_call:
            return tally.roll
        known = len(self.roster.certain)
        return known if known and tally.roll <= known else None

    @property
    def disagreements(self) -> list[str]:
        """Where what was printed or declared disagrees with the count, in sentences."""
        found = []
        if self.tally is not None and self.announced.differs_from(self.tally):
            found.append(gettext("The printed counts disagree with the roll."))
        if self.announced.lacks(self.named):
            found.append(gettext("More votes are named than were printed."))
        if self.result is not None and self.result.is_carried != self.is_carried:
            found.append(
                gettext(
                    "Declared “%(outcome)s”, but %(yes)s of the %(needed)s votes that were needed"
                    " said yes."
                )
                % {
                    "outcome": self.get_outcome_display(),
                    "yes": self.result.yes,
                    "needed": self.result.needed,
                }
            )
        return found

    # --- rules ---

    def clean_fields(self, exclude: Any = None) -> None:
        if self.resolution_id and self.organization_id is None:
            self.organization = self.resolution.organization
        if self.meeting_id and self.on is None and self.meeting is not None:
            self.on = self.meeting.on
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        if self.resolution_id is None or self.on is None or self.on_earliest is None:
            return  # the fields have said so themselves
        if self.is_withdrawn:
            return  # it has left the record, and its rules
        vars(self).pop("roster", None)  # the day or the body may have changed
        errors: dict[str, list[str]] = {}
        for field, check in RULES:
            for sentence in check(self):
                errors.setdefault(field, []).append(sentence)
        if errors:
            raise ValidationError(errors)

    def publish(self) -> None:
        """As every record; where it adopts, what the resolution decides takes effect with it.

        Raises `ValidationError` if it, or what it decides, is not ready; then nothing is.
        """
        with transaction.atomic():
            self.resolution.lock()
            for effect in self.effects_to_bind():
                effect.take_effect(self)
            super().publish()

    def withdraw(self, *, because: str, on: date) -> None:
        """As every record; a decision that it had undone takes effect with its withdrawal.

        Raises `ValidationError` if something rests on it, or the ledger refuses the decision.
        """
        before = self.publication, self.withdrawn_on, self.withdrawn_because
        try:
            with transaction.atomic():
                self.resolution.lock()
                super().withdraw(because=because, on=on)
                self._let_the_adoption_stand()
        except ValidationError:
            self.publication, self.withdrawn_on, self.withdrawn_because = before
            raise

    def _let_the_adoption_stand(self) -> None:
        """Bind what is in force, now that this action is not on the record any more."""
        adoption = adopting(self.others)
        if self.resolution.is_withdrawn or adoption is None or not adoption.is_published:
            return
        for effect in adoption.effects_to_bind():
            effect.take_effect(adoption)

    @property
    def others(self) -> list["Action"]:
        """The other actions on its resolution that were not withdrawn, drafts among them."""
        others = self.resolution.actions.exclude(pk=self.pk)
        return [*others.exclude(publication=Publication.WITHDRAWN)]

    def effects_to_bind(self) -> list[Any]:
        """What takes effect by it and has no line of the ledger yet."""
        if not self.adopts or adopting([*self.others, self]) is not self:
            return []
        return [effect for effect in self.effects() if effect.entry_id is None]

    def effects(self) -> list[Any]:
        """What it decides and the public reads."""
        effects = self.resolution.effects.filter(publication=Publication.PUBLISHED)
        return [effect for effect in effects.order_by("number") if effect.decides]

    def reasons_against_withdrawal(self) -> list[str]:
        """What the resolution decided rests on its adoption."""
        bound = [effect for effect in self.effects() if effect.entry_id and self.adopts]
        return [
            *super().reasons_against_withdrawal(),
            *(
                gettext("By it “%s” took effect on the ledger. Withdraw that effect first.")
                % effect
                for effect in bound
            ),
        ]

    blocks_withdrawal = {
        "organization": _("“%s” was done by it. Withdraw that action first."),
        "meeting": _("“%s” was done at it. Withdraw that action first."),
        "text": _("“%s” was done with it. Withdraw that action first."),
        "mover": _("“%s” was moved by this member. Withdraw that action first."),
        "seconder": _("“%s” was seconded by this member. Withdraw that action first."),
    }


class BallotQuerySet(DetailQuerySet):
    def public(self) -> Self:
        """Votes in actions a visitor may read."""
        return self.filter(action__in=Action.objects.public().values("pk"))


class Ballot(Detail):
    """How one member voted, as printed."""

    action = models.ForeignKey(
        Action,
        related_name="ballots",
        on_delete=models.CASCADE,  # a vote means nothing without what was voted on
    )
    member = models.ForeignKey(
        Member, verbose_name=_("member"), related_name="ballots", on_delete=models.PROTECT
    )
    choice = models.CharField(_("vote"), max_length=10, choices=Choice)
    name_as_printed = models.CharField(
        _("name, as printed"),
        max_length=120,
        blank=True,
        help_text=_("Only where it differs from the member’s name."),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = BallotQuerySet.as_manager()  # type: ignore[misc]

    parents = ("action",)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["action", "member__sort_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "member"],
                name="resolutions_ballot_one_for_a_member",
                violation_error_message=_("This member has voted already: one vote each."),
            ),
            models.CheckConstraint(
                condition=Q(choice__in=Choice.values),
                name="resolutions_ballot_choice_known",
                violation_error_message=_("Choose the vote from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_choice_display()}"

    def clean(self) -> None:
        """Only in a vote that names names, by who held a seat, before it is published."""
        if self.member_id is None or not hasattr(self, "action"):
            return
        action = self.action
        if action.on_earliest is None or action.organization_id is None:
            return  # the action says so itself
        if not action.names_votes:
            raise ValidationError(
                gettext(
                    "A %(method)s leaves no names. Take the votes out, or say that it was a roll"
                    " call."
                )
                % {"method": (action.get_method_display() or gettext("thing done without a vote"))}
            )
        if self._is_late():
            raise ValidationError(gettext("These votes are published: they stay as they are."))
        if not action.roster.holds(self.member):
            raise ValidationError(
                {
                    "member": gettext("%(member)s held no voting seat in %(body)s on that day.")
                    % {"member": self.member, "body": action.organization}
                }
            )

    def _is_late(self) -> bool:
        """Whether it would change the votes of an action that was published."""
        stored = Ballot.objects.filter(pk=self.pk).first() if self.pk else None
        said = ("action", "member", "choice", "name_as_printed")
        if stored and not self.differs_from(stored, said):
            return False
        concerned = [self.action_id, *([stored.action_id] if stored else [])]
        public = Action.objects.filter(pk__in=concerned)
        return public.exclude(publication=Publication.DRAFT).exists()

    @classmethod
    def withdrawal_blocks(cls, link: str, record: Any) -> list[str]:
        """Who voted stays."""
        if link != "member":
            return []
        actions = Action.objects.public().select_related("resolution")
        return [
            gettext("“%s” has this member’s vote. Withdraw that action first.") % action
            for action in actions.filter(ballots__member=record)
        ]


class ActionCitation(SourceCitation):
    """What one source says about one action, and where in it."""

    action = models.ForeignKey(
        Action,
        related_name="citations",
        on_delete=models.CASCADE,  # a citation means nothing without its action
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), related_name="+", on_delete=models.PROTECT
    )

    parents = ("action",)

    @property
    def frozen_fields(self) -> list[str]:
        return ["action", "source", "role"]

    frozen_message = _(
        "The action is published: its sources stay, and whether they support or dispute it. Add"
        " another source instead."
    )

    class Meta(SourceCitation.Meta):
        constraints = [
            *SourceCitation.Meta.constraints,
            models.UniqueConstraint(
                fields=["action", "source", "role"],
                name="resolutions_actioncitation_once",
                violation_error_message=_("This source is already cited for this action."),
            ),
        ]

    @classmethod
    def withdrawal_blocks(cls, link: str, record: Any) -> list[str]:
        """A published action keeps a source that supports it."""
        if link != "source":
            return []
        actions = Action.objects.public().select_related("resolution")
        return [
            gettext(
                "“%s” rests on this source alone. Add another source that supports it first, or"
                " withdraw that action."
            )
            % action
            for action in cls.alone_behind(record, actions)
        ]
