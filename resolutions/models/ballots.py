"""How each member voted."""

from collections.abc import Iterable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.constraints import choices_constraint
from cities.records.details import Detail, DetailQuerySet
from resolutions.models.members import Member
from resolutions.models.resolutions import PartQuerySet
from resolutions.tally import Choice


class BallotQuerySet(DetailQuerySet):
    def public(self) -> Self:
        """Filter to the votes in actions that a visitor may read."""
        return self.filter(PartQuerySet.public_at("action"))


def count_ballots(actions: Iterable[Any]) -> None:
    """Let actions know how many ballots of each choice they have, without reading a ballot."""
    roll_calls: dict[int, list[Any]] = {}
    for action in actions:
        vote = action.vote
        if vote.is_roll_call:
            vote.counted = []
            roll_calls.setdefault(vote.pk, []).append(vote)
    ballots = Ballot.objects.filter(action__in=roll_calls).order_by()
    for pk, choice, count in ballots.values_list("action", "choice").annotate(Count("pk")):
        for vote in roll_calls[pk]:
            vote.counted += [choice] * count


class Ballot(Detail):
    """How one member voted, as printed."""

    action = models.ForeignKey(
        "resolutions.Action",
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
    choice_as_printed = models.CharField(
        _("vote, as printed"),
        max_length=120,
        blank=True,
        help_text=_("Only where the source has another word, such as “present”, or a reason."),
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
                violation_error_message=_("This member already has a vote in this action."),
            ),
            choices_constraint(
                "resolutions_ballot_choice_known",
                _("Choose the vote from the list."),
                choice=Choice,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.choice_in_words}"

    @property
    def choice_in_words(self) -> str:
        """Return the vote, with the word of the source where that is another."""
        vote = str(self.get_choice_display())
        if not self.choice_as_printed:
            return vote
        parts = {"vote": vote, "words": self.choice_as_printed}
        return gettext("%(vote)s (printed as “%(words)s”)") % parts

    def clean(self) -> None:
        """Raise `ValidationError` unless the vote has names and the member held a seat."""
        if self.member_id is None or not hasattr(self, "action"):
            return
        action = self.action
        if action.on_earliest is None or action.organization_id is None:
            return  # the action says so itself
        if action.shares_vote_with_id:
            raise ValidationError(
                gettext("The votes are recorded with “%s”. Remove the votes here.") % action.vote
            )
        if not action.names_votes:
            raise ValidationError(
                gettext("“%(method)s” records no names. Remove the votes, or choose “Roll call”.")
                % {"method": action.get_method_display() or gettext("without a vote")}
            )
        if self._is_late():
            raise ValidationError(gettext("These votes are published, so you cannot change them."))
        if not action.roster.holds(self.member):
            raise ValidationError(
                {
                    "member": gettext(
                        "%(member)s held no voting seat in %(organization)s on that day."
                    )
                    % {"member": self.member, "organization": action.organization}
                }
            )

    def _is_late(self) -> bool:
        """Return whether it would change the votes of a published action."""
        stored = self.stored()
        said = ("action", "member", "choice", "name_as_printed", "choice_as_printed")
        if stored and not self.differs_from(stored, said):
            return False
        concerned = {self.action_id: self.action}
        if stored:
            concerned.setdefault(stored.action_id, stored.action)
        actions = (action.stored() for action in concerned.values())
        return any(action is not None and not action.is_draft for action in actions)

    @classmethod
    def withdrawal_blocks(cls, link: str, record: Any) -> list[str]:
        """Return the published actions that have a vote of a member."""
        if link != "member":
            return []
        actions = cls.owner_model().objects.public().select_related("resolution")
        return [
            gettext("“%s” has this member’s vote. Withdraw that action first.") % action
            for action in actions.filter(ballots__member=record)
        ]
