"""The report of an exchange: counts of people, and the results in words."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cities.models import Source
from exchanges.states import State

COUNTS = (
    "people_sent",
    "people_hosted",
    "students",
    "volunteers",
    "volunteer_hours",
    "home_stays",
)
"""What a report counts. Empty is not known, never none."""

_NAMES_NOBODY = _("Leave blank if unknown. Never name participants.")


class Report(models.Model):
    """The report of an exchange that was held. It counts people and never names them."""

    people_sent = models.PositiveIntegerField(
        _("people sent"), null=True, blank=True, help_text=_NAMES_NOBODY
    )
    people_hosted = models.PositiveIntegerField(
        _("people hosted"), null=True, blank=True, help_text=_NAMES_NOBODY
    )
    students = models.PositiveIntegerField(
        _("students"), null=True, blank=True, help_text=_NAMES_NOBODY
    )
    volunteers = models.PositiveIntegerField(
        _("volunteers"), null=True, blank=True, help_text=_NAMES_NOBODY
    )
    volunteer_hours = models.PositiveIntegerField(_("volunteer hours"), null=True, blank=True)
    home_stays = models.PositiveIntegerField(
        _("homestays"),
        null=True,
        blank=True,
        help_text=_("How many people stayed with families. Never name the families."),
    )
    counts_source = models.ForeignKey(
        Source,
        verbose_name=_("source of the counts"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    story = models.TextField(
        _("results"),
        blank=True,
        validators=[MaxLengthValidator(5000)],
        help_text=_("In plain words. Never name participants."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.HELD)
                | Q(**{f"{name}__isnull": True for name in COUNTS}, story=""),
                name="%(app_label)s_%(class)s_report_when_held",
                violation_error_message=_(
                    "Only an exchange that was held has counts and results. Choose “Held”, or"
                    " clear them."
                ),
            ),
            models.CheckConstraint(
                condition=Q(students__isnull=True)
                | Q(people_sent__isnull=True)
                | Q(people_hosted__isnull=True)
                | Q(students__lte=F("people_sent") + F("people_hosted")),
                name="%(app_label)s_%(class)s_students_among_the_people",
                violation_error_message=_(
                    "There are more students than people sent and hosted. Correct the counts."
                ),
            ),
            models.CheckConstraint(
                condition=Q(counts_source__isnull=True)
                | ~Q(**{f"{name}__isnull": True for name in COUNTS}),
                name="%(app_label)s_%(class)s_source_of_some_counts",
                violation_error_message=_(
                    "There are no counts to give a source for. Enter a count, or clear the"
                    " source of the counts."
                ),
            ),
        ]
