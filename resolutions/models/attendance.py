"""Who was present at a meeting, and who was absent."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.base import related
from cities.records.constraints import choices_constraint
from cities.records.details import Detail
from resolutions.models.members import Member
from resolutions.tally import AWAY


class Presence(models.TextChoices):
    PRESENT = "present", _("Present")
    ABSENT = "absent", _("Absent")
    EXCUSED = "excused", _("Absent, excused")


class Attendance(Detail):
    """Whether one member was at one meeting (MCL 15.269(1): members present, members absent).

    The list of a published meeting can be completed, and a presence can be corrected unless a vote
    or motion says otherwise. Nobody is removed from it.
    """

    meeting = models.ForeignKey(
        "resolutions.Meeting",
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

    frozen_message = _(
        "This meeting is published, so you cannot remove anybody from its"
        " attendance. Add a row instead."
    )

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
            choices_constraint(
                "resolutions_attendance_presence_known",
                _("Choose present, absent, or absent and excused."),
                presence=Presence,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_presence_display()}"

    @property
    def is_present(self) -> bool:
        return self.presence == Presence.PRESENT

    def clean(self) -> None:
        """Raise `ValidationError` unless the person was a member at a meeting that was held."""
        if self.member_id is None or not hasattr(self, "meeting"):
            return
        meeting = self.meeting
        if meeting.on_earliest is None or meeting.organization_id is None:
            return  # the meeting says so itself
        if not meeting.convened:
            raise ValidationError(
                gettext(
                    "The meeting was not held, so it has no attendance. Change its state first."
                )
            )
        if not self.is_of_a_member:
            raise ValidationError({"member": self.no_member_sentence})
        if not self.is_present and (deed := self._deed()):
            raise ValidationError(
                {
                    "presence": gettext(
                        "%(member)s voted or made a motion in “%(action)s”, and so was present."
                    )
                    % {"member": self.member, "action": deed}
                }
            )

    @property
    def is_of_a_member(self) -> bool:
        """Return whether the person may have been a member that day, with a vote or without."""
        meeting = self.meeting
        return any(
            term.organization_id == meeting.organization_id and term.may_cover(*meeting.days)
            for term in self.member.terms.all()
        )

    @property
    def no_member_sentence(self) -> str:
        return gettext(
            "%(member)s was not a member of %(organization)s on that day. Add the term first."
        ) % {
            "member": self.member,
            "organization": self.meeting.organization,
        }

    def _deed(self) -> Any:
        """Return something the member did at the meeting, which proves presence, or None."""
        on_record = related(self.meeting, "actions", "resolution")
        actions = [action for action in on_record if not action.is_withdrawn]
        if not actions:
            return None
        voted = self.member.ballots.filter(action__in=actions).exclude(choice__in=AWAY)
        proof = {*voted.values_list("action", flat=True)}
        for action in actions:
            if action.pk in proof or self.member_id in (action.mover_id, action.seconder_id):
                return action
        return None

    @classmethod
    def withdrawal_blocks(cls, link: str, record: Any) -> list[str]:
        """Return the published meetings whose attendance lists a member."""
        if link != "member":
            return []
        public = cls.owner_model().objects.public().select_related("organization")
        return [
            gettext("“%s” has this member on its list. Withdraw that meeting first.") % meeting
            for meeting in public.filter(attendance__member=record)
        ]
