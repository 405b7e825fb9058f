"""Meetings of councils and commissions."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Source
from cities.records.base import related
from cities.records.constraints import choices_constraint
from cities.records.fields import date_on_record
from cities.records.publishing import Publishable, PublishableQuerySet
from resolutions.deadlines import (
    JURISDICTION,
    Clock,
    approved_minutes_due,
    proposed_minutes_due,
)
from resolutions.models.terms import Roster

NOT_HELD = _("That meeting is on record as “%s”, so it could not decide anything.")


class MeetingKind(models.TextChoices):
    REGULAR = "regular", _("Regular meeting")
    SPECIAL = "special", _("Special meeting")
    COMMITTEE_OF_THE_WHOLE = "committee_of_the_whole", _("Committee of the Whole")


class MeetingState(models.TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Canceled")
    NO_QUORUM = "no_quorum", _("No quorum")


class MeetingQuerySet(PublishableQuerySet):
    visible_through = ("organization",)


class Meeting(Publishable):
    """A meeting of an organization, including one that was canceled or had no quorum."""

    slug = models.SlugField(_("web address"), max_length=100, unique=True)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        related_name="meetings",
        on_delete=models.PROTECT,
    )
    kind = models.CharField(
        _("kind"), max_length=25, choices=MeetingKind, default=MeetingKind.REGULAR
    )
    on, on_earliest, on_latest = date_on_record("on", _("date"))
    begins_at = models.TimeField(_("time"), null=True, blank=True)
    held_at = models.CharField(_("where"), max_length=200, blank=True)
    presided_by = models.CharField(
        _("who presided"),
        max_length=120,
        blank=True,
        help_text=_("With the office, as printed: Council President Dunbar."),
    )
    state = models.CharField(
        _("state"), max_length=12, choices=MeetingState, default=MeetingState.HELD
    )
    why_cancelled = models.TextField(
        _("why it was canceled"), blank=True, validators=[MaxLengthValidator(500)]
    )
    reconvened_from = models.ForeignKey(
        "self",
        verbose_name=_("continued from"),
        related_name="reconvened_as",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The meeting that was recessed, if this one continues it."),
    )
    note = models.TextField(
        _("note"),
        blank=True,
        validators=[MaxLengthValidator(2000)],
        help_text=_("What happened, in our words. The public can read this."),
    )
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), related_name="+", blank=True
    )

    objects = MeetingQuerySet.as_manager()  # type: ignore[misc]

    _history_m2m_fields = [sources]  # read by simple-history

    class Meta(Publishable.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-on_earliest", F("begins_at").desc(nulls_last=True), "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            choices_constraint(
                "resolutions_meeting_vocabulary",
                _("Choose the kind and the state of the meeting."),
                kind=MeetingKind,
                state=MeetingState,
            ),
            models.CheckConstraint(
                condition=Q(on_earliest__isnull=False),
                name="resolutions_meeting_has_a_first_day",
                violation_error_message=_(
                    "A meeting needs a date with a first possible day, such as August 2013."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(state=MeetingState.CANCELLED) & ~Q(why_cancelled=""))
                | (~Q(state=MeetingState.CANCELLED) & Q(why_cancelled="")),
                name="resolutions_meeting_cancelled_with_a_reason",
                violation_error_message=_(
                    "Say why a canceled meeting was canceled. Leave that blank for other meetings."
                ),
            ),
            models.CheckConstraint(
                condition=Q(reconvened_from__isnull=True) | ~Q(reconvened_from=F("id")),
                name="resolutions_meeting_not_from_itself",
                violation_error_message=_("A meeting cannot continue itself."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(organization)s, %(date)s") % {
            "organization": self.organization.name,
            "date": self.on,
        }

    def get_absolute_url(self) -> str:
        return reverse("resolutions:meeting", args=[self.slug])

    @property
    def was_public(self) -> bool:
        return super().was_public and self.organization.was_public

    @property
    def is_held(self) -> bool:
        return self.state == MeetingState.HELD

    @property
    def convened(self) -> bool:
        """Return whether members came together, with a quorum or without."""
        return self.state in (MeetingState.HELD, MeetingState.NO_QUORUM)

    @property
    def days(self) -> tuple[date, date]:
        """Return its first and last possible day; the first twice if the end is open."""
        return self.on_earliest, self.on_latest or self.on_earliest

    def came_after(self, other: "Meeting") -> bool:
        """Return whether it can have been later than the other; on one day, by the time of day."""
        if self.days[1] != other.days[0] or self.begins_at is None or other.begins_at is None:
            return self.days[1] > other.days[0]
        return self.begins_at > other.begins_at

    def clean(self) -> None:
        if self.organization_id is None or self.on is None or self.on_earliest is None:
            return  # the fields have said so themselves
        if self.is_withdrawn:
            return  # it has left the record, and its rules
        errors: dict[str, str] = {}
        if self.convened and self.on_earliest > localdate():
            errors["state"] = gettext("That date is in the future. Choose “Scheduled”.")
        if not self.is_held and self.pk and self._has_a_record():
            errors["state"] = gettext(
                "Actions, minutes or members present are on record for this meeting, so it was"
                " held."
            )
        before = self.reconvened_from
        if before is not None and before.organization_id != self.organization_id:
            errors["reconvened_from"] = gettext("That was a meeting of another organization.")
        elif before is not None and before.on_earliest > self.days[1]:
            errors["reconvened_from"] = gettext("That meeting was later. Choose an earlier one.")
        elif before is not None and before.state == MeetingState.CANCELLED:
            errors["reconvened_from"] = gettext(
                "That meeting was canceled, so nothing continues it."
            )
        elif self._continues_itself():
            errors["reconvened_from"] = gettext("That meeting itself continues this one.")
        if errors:
            raise ValidationError(errors)
        if self.pk:
            self._check_what_was_done()

    def _continues_itself(self) -> bool:
        passed, before = {self.pk} - {None}, self.reconvened_from
        while before is not None and before.pk not in passed:
            passed.add(before.pk)
            before = before.reconvened_from
        return before is not None

    def _has_a_record(self) -> bool:
        """Return whether it has anything that a meeting in its state cannot have."""
        if self._on_record(self.actions) or self._on_record(self.decided_minutes):
            return True
        if self._on_record(self.corrections):
            return True
        had_no_quorum = self.state == MeetingState.NO_QUORUM
        if had_no_quorum:
            return False
        came = any(row.is_present for row in self.attendance.all())
        return came or bool(self._on_record(self.minutes))

    @staticmethod
    def _on_record(rows: Any) -> list[Any]:
        return [row for row in rows.all() if not row.is_withdrawn]

    def _check_what_was_done(self) -> None:
        """Raise `ValidationError` if an action at it has another organization or date."""
        for action in self._on_record(self.actions):
            if action.organization_id != self.organization_id or not self.holds(action):
                raise ValidationError(
                    gettext(
                        "“%(action)s” happened at this meeting. Keep its organization"
                        " and its date."
                    )
                    % {"action": action}
                )
        for row in related(self, "attendance", "member"):
            row.meeting = self
            if not row.is_of_a_member:
                raise ValidationError(row.no_member_sentence)
        for version in (*self._on_record(self.minutes), *self._on_record(self.decided_minutes)):
            if version.meeting_id == self.pk:
                version.meeting = self
            else:
                version.decided_at = self
            if fault := next(iter(version.faults_of_days().values()), None):
                raise ValidationError(f"{version}: {fault}")

    blocks_withdrawal = {
        "organization": _("“%s” is a meeting of this organization. Withdraw that meeting first."),
        "reconvened_from": _("“%s” continued this meeting. Withdraw that meeting first."),
    }

    @property
    def frozen_fields(self) -> list[str]:
        return ["slug", "organization"]

    frozen_message = _(
        "This meeting is published, so its organization and its web address cannot change."
    )

    def holds(self, action: Any) -> bool:
        """Return whether an action on the days of `action` can have happened at this meeting."""
        first, last = self.days
        return first <= action.days[0] and action.days[1] <= last

    @property
    def roster(self) -> Roster:
        """Return who was in office that day."""
        return Roster.of(self.organization, *self.days)

    @property
    def is_under_the_act(self) -> bool:
        """Whether the organization is one of a city in Michigan, where the Act applies."""
        place = self.organization.place
        return place is not None and place.subdivision == JURISDICTION

    @property
    def clocks(self) -> list[tuple[Any, Clock]]:
        """Return the two deadlines of the Open Meetings Act for its minutes (MCL 15.269(3)).

        Empty if the exact day of the meeting is not on record, it was not held, or the Act does
        not apply.
        """
        if not self.is_under_the_act or not self.is_held or self.on_earliest != self.on_latest:
            return []
        minutes = [version for version in self.minutes.all() if version.is_published]
        proposed = _first_day(minutes)
        clocks = [(_("Proposed minutes"), Clock(proposed_minutes_due(self.on_earliest), proposed))]
        approved: list[Any] = [version for version in minutes if version.is_approved]
        for version in approved[:1]:
            due = approved_minutes_due(version.decided_at.days[1])
            clocks.append((_("Approved minutes"), Clock(due, _first_day([version]))))
        return clocks


def _first_day(minutes: list[Any]) -> Any:
    return min((version.available_on for version in minutes), default=None)
