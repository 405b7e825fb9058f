"""Actions: the steps of a resolution in a council or commission."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization
from cities.records.constraints import choices_constraint, optional
from cities.records.fields import date_on_record
from cities.records.numbering import FROM_ONE, CitedByNumber, Numbered, number_once
from cities.records.publishing import Publication
from cities.records.rules import enforce
from resolutions.course import (
    ADOPTING,
    NOT_CARRIED,
    UNDOING,
    UNVOTED,
    VOTED,
    Kind,
    Outcome,
    adopting,
)
from resolutions.models.action_rules import RULES
from resolutions.models.agenda import WithAgenda
from resolutions.models.ballots import Ballot
from resolutions.models.citations import ActionCitation
from resolutions.models.effects import decisions, take_effect
from resolutions.models.meetings import Meeting
from resolutions.models.members import Member
from resolutions.models.resolutions import PartQuerySet, Resolution
from resolutions.models.seats import Seat
from resolutions.models.shared_votes import SharingVote
from resolutions.models.terms import Term
from resolutions.models.texts import Text
from resolutions.models.votes import COUNTS, Vote
from resolutions.tally import Base, Choice, Method, Requirement


def _counted(ballots: Any) -> Any:
    """Return how many of the ballots of each action there are, as an expression."""
    return Coalesce(Subquery(ballots.annotate(count=Count("pk")).values("count")), 0)


class ActionQuerySet(PartQuerySet):
    def adopting(self) -> Self:
        """Filter to the adoptions that no later published action has undone.

        The rule of `resolutions.course.adopting`, in SQL.
        """
        passed = Q(publication=Publication.PUBLISHED) & ~Q(outcome__in=NOT_CARRIED)
        later = (
            Q(on_earliest__gt=OuterRef("on_earliest"))
            | Q(on_earliest=OuterRef("on_earliest"), number__gt=OuterRef("number"))
            | Q(on_earliest__isnull=True)
        )
        undone = self.model._base_manager.filter(
            passed, later, resolution=OuterRef("resolution"), kind__in=UNDOING
        )
        return self.filter(passed, ~Exists(undone), kind__in=ADOPTING)

    def with_names(self) -> Self:
        """Annotate whether each vote of an action is known by name.

        The rule of `Vote.names_each_vote`, in SQL.
        """
        cast = Ballot.objects.filter(action=OuterRef("pk")).order_by().values("action")
        yes, no = (_counted(cast.filter(choice=choice)) for choice in (Choice.YES, Choice.NO))
        last_day = Coalesce(OuterRef("on_latest"), OuterRef("on_earliest"))
        seats = Seat.objects.filter(
            Q(since__isnull=True) | Q(since_latest__lte=OuterRef("on_earliest")),
            Q(until__isnull=True) | Q(until_earliest__gte=last_day),
            organization=OuterRef("organization"),
            is_voting=True,
        )
        places = seats.order_by().values("organization").annotate(total=Sum("places"))
        return self.annotate(
            has_all_names=Case(
                When(~Exists(cast), then=False),
                When(method=Method.ROLL_CALL, then=True),
                When(announced_yes=yes, announced_no=no, then=True),
                When(announced_yes__isnull=False, announced_no__isnull=False, then=False),
                When(GreaterThanOrEqual(_counted(cast), places.values("total")), then=True),
                default=False,
                output_field=models.BooleanField(),
            )
        )

    def needing_source(self) -> Self:
        """Filter to the public actions: each needs a source."""
        return self.public().select_related("resolution")

    def with_votes_and_sources(self) -> Self:
        """Prefetch the votes by name and the citations, and annotate whether others share them.

        Those of each are in order among themselves: the order of actions is the caller's.
        """
        sharing = self.model._base_manager.filter(shares_vote_with=OuterRef("pk"))
        return self.annotate(is_shared=Exists(sharing)).prefetch_related(
            models.Prefetch(
                "ballots", Ballot.objects.select_related("member").order_by("member__sort_name")
            ),
            models.Prefetch(
                "citations", ActionCitation.objects.public(), to_attr="public_citations"
            ),
        )

    def for_reading(self) -> Self:
        """Prefetch everything that a page says about an action."""
        terms = Term.objects.public().select_related(None).select_related("member", "seat")
        named = ("meeting__organization", "text", "mover", "seconder")
        read = self.select_related("resolution__organization", "organization", *named)
        return read.with_votes_and_sources().prefetch_related(
            "organization__seats",
            models.Prefetch(
                "organization__terms",
                terms.order_by("member__sort_name", F("since_latest").asc(nulls_first=True)),
            ),
        )


class Action(CitedByNumber, SharingVote, WithAgenda, Vote, Numbered):
    """One dated step of a resolution: an introduction, a vote, a veto.

    What was decided is recorded as printed; what follows from the ballots is computed. A published
    action is never overwritten: a wrong one is withdrawn with a reason.
    """

    resolution = models.ForeignKey(
        Resolution, verbose_name=_("resolution"), related_name="actions", on_delete=models.PROTECT
    )
    kind = models.CharField(_("what happened"), max_length=20, choices=Kind)
    on, on_earliest, on_latest = date_on_record("on", _("date"))
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("who acted"),
        related_name="actions",
        blank=True,
        on_delete=models.PROTECT,
        help_text=_(
            "Leave blank for the organization of the resolution. For a veto, choose the mayor."
        ),
    )
    meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("meeting"),
        related_name="actions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    text = models.ForeignKey(
        Text,
        verbose_name=_("text voted on"),
        related_name="actions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The version that was voted on. Leave blank if we have no text."),
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
    note = models.TextField(
        _("note"),
        blank=True,
        validators=[MaxLengthValidator(2000)],
        help_text=_("What happened, in our words. The public can read this."),
    )

    objects = ActionQuerySet.as_manager()  # type: ignore[misc]

    owner = "resolution"

    class Meta(Numbered.Meta):
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["resolution", "on_earliest", "number"]
        constraints = [
            *Numbered.Meta.constraints,
            *Vote.Meta.constraints,
            *WithAgenda.Meta.constraints,
            *SharingVote.Meta.constraints,
            number_once("resolution"),
            choices_constraint(
                "resolutions_action_vocabulary",
                _("Choose what happened, and how, from the lists."),
                kind=Kind,
                method=optional(Method),
                outcome=optional(Outcome),
                requirement=optional(Requirement),
                base=optional(Base),
                tie_break=["", Choice.YES, Choice.NO],
            ),
            models.CheckConstraint(
                condition=FROM_ONE & Q(on_earliest__isnull=False),
                name="resolutions_action_has_a_first_day",
                violation_error_message=_(
                    "An action needs a date with a first possible day, such as August 2013."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=VOTED) | ~Q(outcome=""),
                name="resolutions_action_vote_has_an_outcome",
                violation_error_message=_(
                    "Choose whether the motion passed or failed, or that we have no record."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=UNVOTED) | Q(outcome=""),
                name="resolutions_action_no_vote_no_outcome",
                violation_error_message=_(
                    "There is no vote on an introduction, a signature, a veto or a resolution that"
                    " dies. Leave the outcome blank."
                ),
            ),
            models.CheckConstraint(
                condition=Q(mover__isnull=True)
                | Q(seconder__isnull=True)
                | ~Q(mover=F("seconder")),
                name="resolutions_action_two_people",
                violation_error_message=_("Members cannot second their own motion."),
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
        """Return its first and last possible day; the first twice if the end is open."""
        return self.on_earliest, self.on_latest or self.on_earliest

    @property
    def adopts(self) -> bool:
        """Return whether the resolution took effect through this action."""
        return self.kind in (Kind.ADOPT, Kind.OVERRIDE) and self.is_carried

    @property
    def frozen_fields(self) -> list[str]:
        """Return the fields that say what happened, and what is printed once that is known."""
        says = ["kind", "on", "organization", "method", "outcome", "counts_abstentions"]
        found = ["meeting", "text", "mover", "seconder", "requirement", "base", "required_number"]
        return [
            "resolution",
            "number",
            *says,
            "is_late_item",
            "shares_vote_with",
            "tie_break",
            "tie_broken_by",
            *self.known(*found, *COUNTS, "announced_as", "agenda_label"),
            *self.known("effective", "veto_until"),
        ]

    frozen_message = _(
        "This action is published, so you cannot change what it says. Withdraw it"
        " with a reason and add a new action."
    )

    def clean_fields(self, exclude: Any = None) -> None:
        if self.resolution_id and self.organization_id is None:
            self.organization = self.resolution.organization
        if self.meeting_id and self.on is None and self.meeting is not None:
            self.on = self.meeting.on
        self.take_from_shared_vote()
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        if self.resolution_id is None or self.on is None or self.on_earliest is None:
            return  # the fields have said so themselves
        if self.is_withdrawn:
            return  # it has left the record, and its rules
        vars(self).pop("roster", None)  # the day or the organization may have changed
        enforce(RULES, self)

    def publish(self) -> None:
        """Publish it; if it is an adoption, what the resolution decides takes effect with it.

        Raise `ValidationError`, and publish nothing, if it or what it decides is not ready.
        """
        with transaction.atomic():
            self.resolution.lock()
            take_effect(self)
            super().publish()

    def withdraw(self, *, because: str, on: date) -> None:
        """Withdraw it as any record; a decision that it had undone then takes effect.

        Raise `ValidationError` if something depends on it, or the decision cannot be an entry.
        """
        before = self.publication, self.withdrawn_on, self.withdrawn_because
        try:
            with transaction.atomic():
                self.resolution.lock()
                super().withdraw(because=because, on=on)
                self._reinstate_adoption()
        except ValidationError:
            self.publication, self.withdrawn_on, self.withdrawn_because = before
            raise

    def _reinstate_adoption(self) -> None:
        """Let the adoption that this action had undone take effect, if there is one."""
        adoption = adopting(self.others)
        if adoption is not None and adoption.is_published and not self.resolution.is_withdrawn:
            take_effect(adoption)

    @property
    def others(self) -> list["Action"]:
        """Return the other actions on its resolution, drafts included, but no withdrawn ones."""
        actions = self.resolution.actions.all()
        return [other for other in actions if other.pk != self.pk and not other.is_withdrawn]

    def reasons_against_withdrawal(self) -> list[str]:
        """Return why it cannot be withdrawn, such as decisions in the history."""
        bound = [effect for effect in decisions(self) if effect.entry_id and self.adopts]
        return [
            *super().reasons_against_withdrawal(),
            *(
                gettext("Through it, “%s” took effect in the history. Withdraw that effect first.")
                % effect
                for effect in bound
            ),
        ]

    blocks_withdrawal = {
        "organization": _("“%s” is an action of this organization. Withdraw that action first."),
        "meeting": _("“%s” happened at this meeting. Withdraw that action first."),
        "text": _("“%s” is about this text. Withdraw that action first."),
        "mover": _("“%s” was moved by this member. Withdraw that action first."),
        "seconder": _("“%s” was seconded by this member. Withdraw that action first."),
        "shares_vote_with": _("“%s” shares this vote. Withdraw that action first."),
    }

    @classmethod
    def withdrawal_blocks(cls, link: str, record: Any) -> list[str]:
        """Return why a record cannot be withdrawn: a resolution also for the votes it keeps."""
        if link != "resolution":
            return super().withdrawal_blocks(link, record)
        sharing = cls.objects.public().filter(shares_vote_with__resolution=record)
        return [
            gettext(
                "“%s” shares a vote recorded with this resolution. Withdraw that action first."
            )
            % action
            for action in sharing.select_related("resolution")
        ]
