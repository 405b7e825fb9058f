"""The minutes of meetings, by version."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.constraints import choices_constraint
from cities.records.numbering import number_once
from cities.records.publishing import Publication, PublishableQuerySet
from resolutions.models.meetings import NOT_HELD, Meeting
from resolutions.models.versions import Version


class MinutesKind(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    CORRECTED = "corrected", _("Corrected")


class MinutesQuerySet(PublishableQuerySet):
    visible_through = ("meeting", "meeting__organization")


class Minutes(Version):
    """One version of the minutes of a meeting. Approved minutes change only by a correction."""

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), related_name="minutes", on_delete=models.PROTECT
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MinutesKind)
    available_on = models.DateField(
        _("available to the public on"),
        help_text=_("The first day anybody could ask for this version."),
    )
    decided_at = models.ForeignKey(
        Meeting,
        verbose_name=_("approved or corrected at"),
        related_name="decided_minutes",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The meeting that approved the minutes, or corrected them."),
    )

    objects = MinutesQuerySet.as_manager()  # type: ignore[misc]
    owner = "meeting"

    class Meta(Version.Meta):
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["meeting", "number"]
        constraints = [
            *Version.Meta.constraints,
            number_once("meeting", "resolutions_minutes_version_once"),
            choices_constraint(
                "resolutions_minutes_kind_known",
                _("Choose proposed, approved or corrected."),
                kind=MinutesKind,
            ),
            models.CheckConstraint(
                condition=Q(kind=MinutesKind.PROPOSED, decided_at__isnull=True)
                | (~Q(kind=MinutesKind.PROPOSED) & Q(decided_at__isnull=False)),
                name="resolutions_minutes_decided_at_a_meeting",
                violation_error_message=_(
                    "Choose the meeting that approved or corrected the minutes. Leave that blank"
                    " for proposed minutes."
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s minutes, version %(number)s: %(meeting)s") % {
            "kind": self.get_kind_display(),
            "number": self.number or "?",
            "meeting": self.meeting,
        }

    def get_absolute_url(self) -> str:
        return f"{self.meeting.get_absolute_url()}#minutes-{self.number}"

    @property
    def frozen_fields(self) -> list[str]:
        return ["meeting", "number", "kind", "text", "sha256", "available_on", "decided_at"]

    @property
    def is_approved(self) -> bool:
        return self.kind == MinutesKind.APPROVED

    def clean(self) -> None:
        if self.meeting_id is None or self.available_on is None:
            return  # the fields have said so themselves
        if self.is_withdrawn:
            return  # it has left the record, and its rules
        errors = self.faults_of_days()
        corrected = self._others(MinutesKind.PROPOSED, MinutesKind.APPROVED)
        if self.kind == MinutesKind.CORRECTED and not corrected:
            errors["kind"] = gettext(
                "There is nothing to correct yet. Add proposed or approved minutes first."
            )
        if self.kind == MinutesKind.APPROVED and self._others(MinutesKind.APPROVED):
            errors["kind"] = gettext(
                "These minutes are already approved. Add a correction instead."
            )
        if errors:
            raise ValidationError(errors)

    def faults_of_days(self) -> dict[str, str]:
        """Return the errors of its days and meetings, by field."""
        errors: dict[str, str] = {}
        if not self.meeting.convened:
            errors[NON_FIELD_ERRORS] = gettext("That meeting was not held, so it has no minutes.")
        if self.available_on < self.meeting.on_earliest:
            errors["available_on"] = gettext("Minutes come after the meeting. Correct the date.")
        elif self.available_on > localdate():
            errors["available_on"] = gettext("That date is in the future.")
        decided_at = self.decided_at
        if decided_at is None:
            return errors
        if decided_at.organization_id != self.meeting.organization_id:
            errors["decided_at"] = gettext("That was a meeting of another organization.")
        elif not decided_at.is_held:
            errors["decided_at"] = NOT_HELD % decided_at.get_state_display()
        elif decided_at.pk == self.meeting_id or not decided_at.came_after(self.meeting):
            errors["decided_at"] = gettext(
                "Only a later meeting approves or corrects these minutes."
            )
        elif self.available_on < decided_at.on_earliest and "available_on" not in errors:
            errors["available_on"] = gettext(
                "This version cannot be public before the meeting that approved or corrected it."
            )
        return errors

    def _others(self, *kinds: str) -> bool:
        others = self.meeting.minutes.filter(kind__in=kinds).exclude(pk=self.pk)
        return others.exclude(publication=Publication.WITHDRAWN).exists()

    blocks_withdrawal = {
        "decided_at": _(
            "“%s” were approved or corrected at this meeting. Withdraw those minutes first."
        ),
    }
