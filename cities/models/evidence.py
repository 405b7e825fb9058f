"""What was looked for and is not known: other than what nobody has looked for yet."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models.sources import Reliability
from cities.records.fields import date_on_record


class DocumentSought(models.Model):
    """A record for which somebody looked for a document, and knows of none."""

    no_document_by = models.CharField(
        _("who looked and knows of no document"),
        max_length=160,
        blank=True,
        help_text=_("For example, the Lansing City Clerk. Leave blank if nobody has looked yet."),
    )
    no_document_on, no_document_on_earliest, no_document_on_latest = date_on_record(
        "no_document_on",
        _("when they said so"),
        blank=True,
        help_text=_("The day, or the month or year, if that is all we know."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(no_document_by="", no_document_on__isnull=True)
                | ~Q(no_document_by="") & Q(no_document_on__isnull=False),
                name="%(app_label)s_%(class)s_no_document_with_who_and_when",
                violation_error_message=_(
                    "If no document is known, enter who looked for one and when they said so, or"
                    " leave both blank."
                ),
            )
        ]

    @property
    def has_no_document(self) -> bool:
        return bool(self.no_document_by)


def original_is_there() -> str:
    """Return what staff read who say that no document is known where there is one."""
    return gettext(
        "A signed original is among the sources. Leave this blank, or take that source off."
    )


def is_signed_original(source: object) -> bool:
    return getattr(source, "reliability", "") == Reliability.SIGNED_ORIGINAL
