"""Meetings of bodies: when they were, who was there, and their minutes."""

from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Source
from cities.records.details import Detail
from cities.records.fields import date_on_record
from cities.records.numbering import number_once
from cities.records.publishing import Publication, Publishable, PublishableQuerySet
from resolutions.deadlines import Clock, approved_minutes_due, proposed_minutes_due
from resolutions.models.members import Member, Roster
from resolutions.models.versions import Version
from resolutions.tally import AWAY

NOT_HELD = _("That meeting is on record as “%s”, so it could not act.")


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
    """A meeting of a body, also one that was cancelled or had no quorum."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("body"),
        related_name="meetings",
        on_delete=models.PROTECT,
    )
    kind = models.CharField(
        _("kind"), max_length=25, choices=MeetingKind, default=MeetingKind.REGULAR
    )
    on, on_earliest, on_latest = date_on_record("on", _("date"))
    begins_at = models.TimeField(_("time"), null=True, blank=True)
    held_at = models.CharField(_("where"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=MeetingState, default=MeetingState.HELD
    )
    why_cancelled = models.TextField(
        _("why it was cancelled"), blank=True, validators=[MaxLengthValidator(500)]
    )
    reconvened_from = models.ForeignKey(
        "self",
        verbose_name=_("goes on from"),
        related_name="reconvened_as",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The meeting that was recessed, when this one goes on with it."),
    )
    note = models.TextField(
        _("note"),
        blank=True,
        validators=[MaxLengthValidator(2000)],
        help_text=_("What happened, in our words. The public reads this."),
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
            models.CheckConstraint(
                condition=Q(kind__in=MeetingKind.values, state__in=MeetingState.values),
                name="resolutions_meeting_vocabulary",
                violation_error_message=_("Choose the kind and the state of the meeting."),
            ),
            models.CheckConstraint(
                condition=Q(on_earliest__isnull=False),
                name="resolutions_meeting_has_a_first_day",
                violation_error_message=_("A meeting needs a date with a first possible day."),
            ),
            models.CheckConstraint(
                condition=(Q(state=MeetingState.CANCELLED) & ~Q(why_cancelled=""))
                | (~Q(state=MeetingState.CANCELLED) & Q(why_cancelled="")),
                name="resolutions_meeting_cancelled_with_a_reason",
                violation_error_message=_("A cancelled meeting says why; others do not."),
            ),
            models.CheckConstraint(
                condition=Q(reconvened_from__isnull=True) | ~Q(reconvened_from=F("id")),
                name="resolutions_meeting_not_from_itself",
                violation_error_message=_("A meeting does not go on from itself."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(body)s, %(date)s") % {"body": self.organization.name, "date": self.on}

    def get_absolute_url(self) -> str:
        return reverse("resolutions:meeting", args=[self.slug])

    @property
    def was_public(self) -> bool:
        return super().was_public and self.organization.was_public

    @property
    def is_held(self) -> bool:
        return self.state == MeetingState.HELD

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day it can have been; the first twice, where it is open."""
        return self.on_earliest, self.on_latest or self.on_earliest

    def came_after(self, other: "Meeting") -> bool:
        """Whether it can have been later than the other; on one day by the hours, if known."""
        if self.days[1] != other.days[0] or self.begins_at is None or other.begins_at is None:
            return self.days[1] > other.days[0]
        return self.begins_at > other.begins_at

    def clean(self) -> None:
        if self.organization_id is None or self.on is None or self.on_earliest is None:
            return  # the fields have said so themselves
        if self.is_withdrawn:
            return  # it has left the record, and its rules
        errors: dict[str, str] = {}
        happened = self.state in (MeetingState.HELD, MeetingState.NO_QUORUM)
        if happened and self.on_earliest > localdate():
            errors["state"] = gettext("That day has not come yet. Choose “Scheduled”.")
        if not self.is_held and self.pk and self._has_a_record():
            errors["state"] = gettext(
                "Actions, minutes or members present are on record for this meeting, so it was"
                " held."
            )
        before = self.reconvened_from
        if before is not None and before.organization_id != self.organization_id:
            errors["reconvened_from"] = gettext("That was a meeting of another body.")
        elif before is not None and before.on_earliest > self.days[1]:
            errors["reconvened_from"] = gettext("That meeting came later. Choose the one before.")
        elif before is not None and before.state == MeetingState.CANCELLED:
            errors["reconvened_from"] = gettext(
                "That meeting was cancelled: nothing goes on from it."
            )
        elif self._goes_on_from_itself():
            errors["reconvened_from"] = gettext("That meeting itself goes on from this one.")
        if errors:
            raise ValidationError(errors)
        if self.pk:
            self._keep_its_record()

    def _goes_on_from_itself(self) -> bool:
        passed, before = {self.pk} - {None}, self.reconvened_from
        while before is not None and before.pk not in passed:
            passed.add(before.pk)
            before = before.reconvened_from
        return before is not None

    def _has_a_record(self) -> bool:
        """What a meeting in its state cannot have; one without quorum may have a list."""
        if self._on_record(self.actions) or self._on_record(self.decided_minutes):
            return True
        if self._on_record(self.corrections):
            return True
        had_no_quorum = self.state == MeetingState.NO_QUORUM
        present = self.attendance.filter(presence=Presence.PRESENT)
        return not had_no_quorum and (present.exists() or bool(self._on_record(self.minutes)))

    @staticmethod
    def _on_record(rows: Any) -> list[Any]:
        return [*rows.exclude(publication=Publication.WITHDRAWN)]

    def _keep_its_record(self) -> None:
        """Its body and its days still hold what was done at it. Raises `ValidationError`."""
        for action in self._on_record(self.actions):
            if action.organization_id != self.organization_id or not self.holds(action):
                raise ValidationError(
                    gettext("“%(action)s” was done at this meeting: keep its body and its date.")
                    % {"action": action}
                )
        for row in self.attendance.select_related("member"):
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
        "organization": _("“%s” was its meeting. Withdraw that meeting first."),
        "reconvened_from": _("“%s” went on from it. Withdraw that meeting first."),
    }

    @property
    def frozen_fields(self) -> list[str]:
        return ["slug", "organization"]

    frozen_message = _("The meeting is published: its body and its slug stay.")

    def holds(self, action: Any) -> bool:
        """Whether a thing done on the days of `action` can have been done at this meeting."""
        first, last = self.days
        return first <= action.days[0] and action.days[1] <= last

    @property
    def roster(self) -> Roster:
        """Who sat in the body that day."""
        return Roster.of(self.organization, *self.days)

    @property
    def clocks(self) -> list[tuple[Any, Clock]]:
        """The two duties of the Open Meetings Act after a meeting (MCL 15.269(3)).

        None where the exact day of the meeting is not known, or it was not held.
        """
        if not self.is_held or self.on_earliest != self.on_latest:
            return []
        minutes = [m for m in self.minutes.all() if m.is_published]
        proposed = _first_day(minutes)
        clocks = [(_("Proposed minutes"), Clock(proposed_minutes_due(self.on_earliest), proposed))]
        approved: list[Any] = [m for m in minutes if m.kind == MinutesKind.APPROVED]
        for version in approved[:1]:
            due = approved_minutes_due(version.decided_at.days[1])
            clocks.append((_("Approved minutes"), Clock(due, _first_day([version]))))
        return clocks


def _first_day(minutes: list["Minutes"]) -> Any:
    return min((version.available_on for version in minutes), default=None)


class Presence(models.TextChoices):
    PRESENT = "present", _("Present")
    ABSENT = "absent", _("Absent")
    EXCUSED = "excused", _("Absent, excused")


class Attendance(Detail):
    """Whether one member was at one meeting (MCL 15.269(1): members present, members absent).

    The list of a published meeting may be completed, and whether somebody was there may be
    corrected as long as no vote or motion says otherwise; nobody is taken off it.
    """

    meeting = models.ForeignKey(
        Meeting,
        related_name="attendance",
        on_delete=models.CASCADE,  # attendance means nothing without its meeting
    )
    member = models.ForeignKey(
        Member, verbose_name=_("member"), related_name="attendance", on_delete=models.PROTECT
    )
    presence = models.CharField(_("presence"), max_length=10, choices=Presence)
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("For example: arrived at 7:20 p.m.")
    )

    parents = ("meeting",)

    @property
    def frozen_fields(self) -> list[str]:
        return ["meeting", "member"]

    frozen_message = _("The meeting is published: who is on its list stays. Add a line instead.")

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["meeting", "member__sort_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"],
                name="resolutions_attendance_once",
                violation_error_message=_("This member is already on the list."),
            ),
            models.CheckConstraint(
                condition=Q(presence__in=Presence.values),
                name="resolutions_attendance_presence_known",
                violation_error_message=_("Choose present, absent, or absent and excused."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_presence_display()}"

    @property
    def is_present(self) -> bool:
        return self.presence == Presence.PRESENT

    def clean(self) -> None:
        """Only of a member that day, at a meeting that took place, and as the votes say."""
        if self.member_id is None or not hasattr(self, "meeting"):
            return
        meeting = self.meeting
        if meeting.on_earliest is None or meeting.organization_id is None:
            return  # the meeting says so itself
        if meeting.state in (MeetingState.SCHEDULED, MeetingState.CANCELLED):
            raise ValidationError(
                gettext("The meeting was not held, so nobody was there or away. Change its state.")
            )
        if not self.is_of_a_member:
            raise ValidationError({"member": self.no_member_sentence})
        if not self.is_present and (deed := self._deed()):
            raise ValidationError(
                {
                    "presence": gettext("%(member)s voted or moved in “%(action)s”, so was there.")
                    % {"member": self.member, "action": deed}
                }
            )

    @property
    def is_of_a_member(self) -> bool:
        """Whether the person may have been in the body that day, with a vote or without."""
        terms = self.member.terms.filter(organization=self.meeting.organization_id)
        return any(term.may_cover(*self.meeting.days) for term in terms)

    @property
    def no_member_sentence(self) -> str:
        return gettext(
            "%(member)s was no member of %(body)s on that day. Record the term first."
        ) % {
            "member": self.member,
            "body": self.meeting.organization,
        }

    def _deed(self) -> Any:
        """Something the member did at the meeting, for which one is there; none if nothing."""
        voted = self.member.ballots.exclude(choice__in=AWAY).values("action")
        moved = Q(mover=self.member_id) | Q(seconder=self.member_id)
        actions = self.meeting.actions.exclude(publication=Publication.WITHDRAWN)
        return actions.filter(moved | Q(pk__in=voted)).select_related("resolution").first()

    @classmethod
    def withdrawal_blocks(cls, link: str, record: Any) -> list[str]:
        """Who is on a published list stays."""
        if link != "member":
            return []
        public = Meeting.objects.public().select_related("organization")
        return [
            gettext("“%s” has this member on its list. Withdraw that meeting first.") % meeting
            for meeting in public.filter(attendance__member=record)
        ]


class MinutesKind(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    CORRECTED = "corrected", _("Corrected")


class MinutesQuerySet(PublishableQuerySet):
    visible_through = ("meeting", "meeting__organization")


class Minutes(Version):
    """One version of a meeting’s minutes. Approved minutes change only by a correction."""

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), related_name="minutes", on_delete=models.PROTECT
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MinutesKind)
    available_on = models.DateField(
        _("open to the public on"), help_text=_("The day anybody could ask for this version.")
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
            models.CheckConstraint(
                condition=Q(kind__in=MinutesKind.values),
                name="resolutions_minutes_kind_known",
                violation_error_message=_("Choose proposed, approved or corrected."),
            ),
            models.CheckConstraint(
                condition=Q(kind=MinutesKind.PROPOSED, decided_at__isnull=True)
                | (~Q(kind=MinutesKind.PROPOSED) & Q(decided_at__isnull=False)),
                name="resolutions_minutes_decided_at_a_meeting",
                violation_error_message=_(
                    "Approved and corrected minutes name the meeting that decided so; proposed"
                    " minutes do not."
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

    def clean(self) -> None:
        if self.meeting_id is None or self.available_on is None:
            return  # the fields have said so themselves
        if self.is_withdrawn:
            return  # it has left the record, and its rules
        errors = self.faults_of_days()
        corrected = self._others(MinutesKind.PROPOSED, MinutesKind.APPROVED)
        if self.kind == MinutesKind.CORRECTED and not corrected:
            errors["kind"] = gettext(
                "There is nothing to correct yet. Add the proposed or the approved minutes."
            )
        if self.kind == MinutesKind.APPROVED and self._others(MinutesKind.APPROVED):
            errors["kind"] = gettext("These minutes are approved already. Add a correction.")
        if errors:
            raise ValidationError(errors)

    def faults_of_days(self) -> dict[str, str]:
        """What its days and meetings make impossible, by field."""
        errors: dict[str, str] = {}
        if self.meeting.state in (MeetingState.SCHEDULED, MeetingState.CANCELLED):
            errors[NON_FIELD_ERRORS] = gettext("That meeting was not held, so it has no minutes.")
        if self.available_on < self.meeting.on_earliest:
            errors["available_on"] = gettext("Minutes come after the meeting. Correct the day.")
        elif self.available_on > localdate():
            errors["available_on"] = gettext("That day has not come yet.")
        decided_at = self.decided_at
        if decided_at is None:
            return errors
        if decided_at.organization_id != self.meeting.organization_id:
            errors["decided_at"] = gettext("That was a meeting of another body.")
        elif not decided_at.is_held:
            errors["decided_at"] = NOT_HELD % decided_at.get_state_display()
        elif decided_at.pk == self.meeting_id or not decided_at.came_after(self.meeting):
            errors["decided_at"] = gettext(
                "A later meeting approves or corrects the minutes of this one."
            )
        elif self.available_on < decided_at.on_earliest and "available_on" not in errors:
            errors["available_on"] = gettext(
                "This version is open to the public only after the meeting that decided on it."
            )
        return errors

    def _others(self, *kinds: str) -> bool:
        others = self.meeting.minutes.filter(kind__in=kinds).exclude(pk=self.pk)
        return others.exclude(publication=Publication.WITHDRAWN).exists()

    blocks_withdrawal = {
        "decided_at": _("“%s” were decided on at it. Withdraw those minutes first."),
    }
