"""Where an action stands on an agenda, and from when on what was decided has effect."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cities.records.fields import date_on_record
from resolutions.course import Kind, Outcome


class WithAgenda(models.Model):
    """The label on the agenda, and the dates that the record gives. None of them is computed."""

    agenda_label = models.CharField(
        _("agenda item"),
        max_length=80,
        blank=True,
        help_text=_("As the agenda prints it, for example X.B.2."),
    )
    is_late_item = models.BooleanField(
        _("late item"), default=False, help_text=_("It was added to the agenda at the meeting.")
    )
    effective, effective_earliest, effective_latest = date_on_record(
        "effective",
        _("takes effect"),
        blank=True,
        help_text=_("Only if the text or another source says when."),
    )
    veto_until, veto_until_earliest, veto_until_latest = date_on_record(
        "veto_until",
        _("last day for a veto"),
        blank=True,
        help_text=_("Only if a source says so. We do not compute it."),
    )

    outcome: Any

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(effective__isnull=True, veto_until__isnull=True)
                | ~Q(outcome=Outcome.LOST),
                name="%(app_label)s_%(class)s_lost_has_no_effect",
                violation_error_message=_(
                    "A motion that failed has no effect. Leave the date it takes effect and the"
                    " last day for a veto blank."
                ),
            ),
            models.CheckConstraint(
                condition=Q(veto_until__isnull=True)
                | (Q(kind=Kind.ADOPT) & Q(veto_until_latest__gte=F("on_earliest"))),
                name="%(app_label)s_%(class)s_veto_after_adoption",
                violation_error_message=_(
                    "Only an adoption can be vetoed, and only after it. Correct the last day for a"
                    " veto, or leave it blank."
                ),
            ),
        ]


AGENDA_FIELDS = ("agenda_label", "is_late_item", "effective", "veto_until")
