"""One vote over several resolutions: an omnibus motion, or a consent agenda.

The vote is recorded once, with the action on one of them. The action on each other one shares it.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cities.records.publishing import Publication

SHARED_FIELDS = ("kind", "on", "organization_id", "meeting_id", "method", "outcome")
"""What all actions of one vote have alike."""

RECORDED_ONCE = ("mover", "seconder", "required_number")
"""Fields that only the action has that the vote is recorded with, besides those of `Vote`."""

_TEXTS = ("requirement", "base", "announced_as", "tie_break", "tie_broken_by", "override_reason")
_COUNTS = ("announced_yes", "announced_no", "announced_abstain", "announced_absent")
_NOT_HERE = Q(
    **dict.fromkeys(_TEXTS, ""),
    **{f"{name}__isnull": True for name in (*RECORDED_ONCE, *_COUNTS)},
)


class SharingVote(models.Model):
    """An action that was decided by the vote recorded with another one, or by its own."""

    shares_vote_with = models.ForeignKey(
        "self",
        verbose_name=_("same vote as"),
        related_name="sharing",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_(
            "If one vote decided several resolutions, it is recorded with one of them. For each"
            " other one choose that action here, and leave who moved it, the votes needed, the"
            " totals and the votes blank."
        ),
    )

    pk: Any
    outcome: Any
    shares_vote_with_id: Any

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(shares_vote_with__isnull=True)
                | (_NOT_HERE & ~Q(outcome="") & ~Q(shares_vote_with=F("id"))),
                name="%(app_label)s_%(class)s_shared_vote_recorded_once",
                violation_error_message=_(
                    "This vote is recorded with another action. Leave who moved it, the votes"
                    " needed, the totals and the reasons blank here."
                ),
            ),
            models.UniqueConstraint(
                fields=["resolution", "shares_vote_with"],
                condition=~Q(publication=Publication.WITHDRAWN),
                name="%(app_label)s_%(class)s_shares_a_vote_once",
                violation_error_message=_("This resolution already shares that vote."),
            ),
        ]

    @property
    def vote(self) -> Any:
        """Return the action that its vote is recorded with: another one, or itself."""
        return self if self.shares_vote_with_id is None else self.shares_vote_with

    @property
    def vote_pk(self) -> Any:
        """Return the key of that action."""
        return self.shares_vote_with_id or self.pk

    def differs_from_vote(self, vote: Any) -> bool:
        """Return whether something differs that all actions of one vote have alike."""
        return any(getattr(self, name) != getattr(vote, name) for name in SHARED_FIELDS)

    def take_from_shared_vote(self) -> None:
        """Fill in what is blank and the same in all actions of one vote."""
        vote = self.vote
        if vote is not self:
            for name in SHARED_FIELDS:
                if getattr(self, name) in (None, ""):
                    setattr(self, name, getattr(vote, name))
