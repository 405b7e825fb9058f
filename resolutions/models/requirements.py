"""What a vote needs to pass: of one vote, and by the rule of a council or commission."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Source
from cities.records.base import Record
from cities.records.constraints import choices_constraint, dates_in_order
from cities.records.fields import date_on_record
from cities.records.lasting import Lasting
from resolutions.course import VOTED
from resolutions.tally import Base, Requirement, Rule


class WithRequirement(models.Model):
    """What has to be reached for a motion to pass, and out of what (Robert’s Rules §44)."""

    requirement = models.CharField(
        _("votes needed"),
        max_length=12,
        blank=True,
        choices=Requirement,
        help_text=_("Leave blank if we do not know the rule. The count is not checked then."),
    )
    base = models.CharField(_("out of"), max_length=10, blank=True, choices=Base)
    required_number = models.PositiveSmallIntegerField(
        _("fixed number of votes"), null=True, blank=True
    )
    counts_abstentions = models.BooleanField(_("abstentions count as votes cast"), default=False)

    class Meta:
        abstract = True
        constraints = [
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
                name="%(app_label)s_%(class)s_requirement_with_its_base",
                violation_error_message=_(
                    "Choose both “votes needed” and “out of”. Only a fixed number of votes has a"
                    " number."
                ),
            ),
        ]

    @property
    def rule(self) -> Rule | None:
        """Return what the motion needed, or None without a record of it."""
        if not self.requirement:
            return None
        return Rule(self.requirement, self.base, self.required_number, self.counts_abstentions)


REQUIREMENT_FIELDS = ("requirement", "base", "required_number", "counts_abstentions")


class VoteRequirement(WithRequirement, Lasting, Record):
    """The votes that a council or commission needs, by its own rules, in a time.

    For one kind of motion, or for every kind that has no requirement of its own. It is where a
    vote to be recorded begins; what a vote needed is recorded with the vote.
    """

    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        related_name="vote_requirements",
        on_delete=models.PROTECT,
    )
    requirement = models.CharField(_("votes needed"), max_length=12, choices=Requirement)
    base = models.CharField(_("out of"), max_length=10, choices=Base)
    kind = models.CharField(
        _("kind of motion"),
        max_length=16,
        blank=True,
        choices=[(kind.value, kind.label) for kind in VOTED],
        help_text=_("Leave blank for every motion that has no rule of its own on record."),
    )
    since, since_earliest, since_latest = date_on_record(
        "since",
        _("since"),
        blank=True,
        help_text=_("Leave blank if we have no record of when it began."),
    )
    until, until_earliest, until_latest = date_on_record(
        "until", _("until"), blank=True, help_text=_("Leave blank while it is still in effect.")
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("The charter, law or rules that say so."),
    )

    parents = ("organization",)

    class Meta:
        verbose_name = _("vote requirement")
        verbose_name_plural = _("votes needed")
        # The rule for all other motions comes last.
        ordering = ["organization", "-kind", F("since_earliest").asc(nulls_first=True), "slug"]
        constraints = [
            *WithRequirement.Meta.constraints,
            choices_constraint(
                "resolutions_vote_requirement_vocabulary",
                _("Choose how many votes are needed, and out of what."),
                kind=["", *VOTED],
                requirement=Requirement,
                base=Base,
            ),
            dates_in_order(
                "since",
                "until",
                "resolutions_vote_requirement_ends_after_it_begins",
                _("A rule cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        kind = self.get_kind_display() or gettext("every motion")
        return f"{self.organization.name}: {kind}"

    def clean(self) -> None:
        """Refuse two rules for the same kind of motion at the same time."""
        if self.organization_id is None:
            return  # the field has said so itself
        others = VoteRequirement.objects.filter(organization=self.organization_id, kind=self.kind)
        for other in others.exclude(pk=self.pk):
            if self.meets(other):
                raise ValidationError(
                    {
                        "since": gettext(
                            "Another rule for this kind of motion is in effect at the same time"
                            " (%(since)s – %(until)s). End that rule first, or correct the dates."
                        )
                        % {
                            "since": other.since or "?",
                            "until": other.until or gettext("today"),
                        }
                    }
                )

    @classmethod
    def by_kind(
        cls, requirements: Iterable["VoteRequirement"], first: date, last: date
    ) -> dict[str, "VoteRequirement"]:
        """Return what surely was in effect on all days from `first` to `last`, by kind of motion.

        A kind is left out where nothing is on record for it, nor for every motion.
        """
        in_effect = [one for one in requirements if one.surely_covers(first, last)]
        found: dict[str, Any] = {one.kind: one for one in in_effect}
        every = found.pop("", None)
        return {kind.value: every for kind in VOTED if every} | found
