"""The text of resolutions, by version."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.constraints import choices_constraint
from cities.records.fields import date_on_record
from cities.records.numbering import CitedByNumber, number_once
from resolutions.course import Status
from resolutions.models.meetings import NOT_HELD, Meeting
from resolutions.models.resolutions import PartQuerySet, Resolution
from resolutions.models.versions import Version


class TextKind(models.TextChoices):
    INTRODUCED = "introduced", _("As introduced")
    SUBSTITUTE = "substitute", _("Substitute")
    AMENDED = "amended", _("As amended")
    ADOPTED = "adopted", _("As adopted")
    CORRECTED = "corrected", _("Corrected")


class Text(CitedByNumber, Version):
    """One version of the text of a resolution. The adopted text is frozen."""

    resolution = models.ForeignKey(
        Resolution, verbose_name=_("resolution"), related_name="texts", on_delete=models.PROTECT
    )
    kind = models.CharField(_("kind"), max_length=12, choices=TextKind)
    on, on_earliest, on_latest = date_on_record("on", _("date"), blank=True)
    corrected_at = models.ForeignKey(
        Meeting,
        verbose_name=_("corrected at"),
        related_name="corrections",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("For a correction: the meeting that made it."),
    )

    objects = PartQuerySet.as_manager()  # type: ignore[misc]
    owner = "resolution"

    class Meta(Version.Meta):
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["resolution", "number"]
        constraints = [
            *Version.Meta.constraints,
            number_once("resolution", "resolutions_text_version_once"),
            choices_constraint(
                "resolutions_text_kind_known",
                _("Choose what version of the text this is."),
                kind=TextKind,
            ),
            models.CheckConstraint(
                condition=Q(kind=TextKind.CORRECTED, corrected_at__isnull=False)
                | (~Q(kind=TextKind.CORRECTED) & Q(corrected_at__isnull=True)),
                name="resolutions_text_corrected_at_a_meeting",
                violation_error_message=_(
                    "Choose the meeting that made the correction. Leave that blank for other"
                    " versions."
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s, version %(number)s: %(resolution)s") % {
            "kind": self.get_kind_display(),
            "number": self.number or "?",
            "resolution": self.resolution,
        }

    def get_absolute_url(self) -> str:
        return f"{self.resolution.get_absolute_url()}#version-{self.number}"

    @property
    def frozen_fields(self) -> list[str]:
        says = ["kind", "text", "sha256", "corrected_at"]
        return ["resolution", "number", *says, *self.known("on")]

    def clean(self) -> None:
        if self.resolution_id is None:
            return  # the fields have said so themselves
        if self.is_withdrawn:
            return  # it has left the record, and its rules
        errors: dict[str, str] = {}
        if self.kind == TextKind.ADOPTED and (fault := self._not_adopted()):
            errors["kind"] = fault
        if self.kind == TextKind.CORRECTED and not self._others(TextKind.ADOPTED):
            errors["kind"] = gettext(
                "Only an adopted text can be corrected. Add the adopted text first."
            )
        if self.corrected_at is not None and (fault := self._not_corrected()):
            errors["corrected_at"] = fault
        if errors:
            raise ValidationError(errors)

    def _not_adopted(self) -> str:
        """Return why it cannot be the adopted text; empty if it can."""
        if self._others(TextKind.ADOPTED):
            return gettext("There is already an adopted text. Add a correction instead.")
        course = self.resolution.course_of_all()
        if course.status in UNDECIDED_FOR_GOOD:
            return gettext(
                "The resolution is on record as “%s”, so no text of it was adopted."
            ) % (course.label)
        adoption = self.resolution.adoption
        voted = adoption.text if adoption is not None and adoption.is_published else None
        if voted is not None and voted.pk != self.pk and voted.sha256 != self.sha256:
            return gettext(
                "The vote was on version %s, and its wording is different. The adopted text has"
                " the wording that was voted on."
            ) % (voted.number)
        return ""

    def _not_corrected(self) -> str:
        """Return why the meeting cannot have corrected it; empty if it can."""
        meeting: Any = self.corrected_at
        if meeting.organization_id != self.resolution.organization_id:
            return gettext("That was a meeting of another organization.")
        if not meeting.is_held:
            return NOT_HELD % meeting.get_state_display()
        adoption = self.resolution.adoption
        if adoption is not None and not corrects(meeting, adoption):
            return gettext("The text was adopted %s. A later meeting corrects it.") % adoption.on
        return ""

    def _others(self, kind: str) -> list["Text"]:
        others = [text for text in self.resolution.texts.all() if text.pk != self.pk]
        return [text for text in others if text.kind == kind and not text.is_withdrawn]

    def reasons_against_withdrawal(self) -> list[str]:
        """Return why it cannot be withdrawn, such as a correction of it."""
        if self.kind != TextKind.ADOPTED:
            return super().reasons_against_withdrawal()
        corrections = [text for text in self._others(TextKind.CORRECTED) if text.is_published]
        return [
            *super().reasons_against_withdrawal(),
            *(
                gettext("“%s” corrects this text. Withdraw that text first.") % text
                for text in corrections
            ),
        ]

    blocks_withdrawal = {
        "corrected_at": _("“%s” was corrected at this meeting. Withdraw that text first.")
    }


UNDECIDED_FOR_GOOD: tuple[str | None, ...] = (Status.FAILED, Status.WITHDRAWN)
"""How a resolution stands that has no adopted text."""


def corrects(meeting: Any, adoption: Any) -> bool:
    """Return whether a meeting can have corrected an adopted text: only a later one."""
    return meeting.pk != adoption.meeting_id and meeting.days[1] >= adoption.on_earliest
