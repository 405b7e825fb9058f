"""The numbers of a resolution beside its own: the bill it was, the file it is in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.base import Record
from cities.records.constraints import one_of
from resolutions import numbers
from resolutions.models.resolutions import Resolution


class NumberKind(models.TextChoices):
    """What another number of a resolution is the number of."""

    BILL = "bill", _("Bill")
    ORDINANCE = "ordinance", _("Ordinance")
    RESOLUTION = "resolution", _("Resolution")
    FILE = "file", _("File")
    AGENDA_ITEM = "agenda_item", _("Agenda item")
    OTHER = "other", _("Other number")


class OtherNumber(Record):
    """A further number of a resolution, as printed (Open Civic Data: other identifiers).

    What was introduced as Council Bill 119876 was adopted as Ordinance 126000, and both are
    looked for.
    """

    resolution = models.ForeignKey(
        Resolution,
        verbose_name=_("resolution"),
        related_name="other_numbers",
        on_delete=models.CASCADE,  # a number means nothing without its resolution
    )
    kind = models.CharField(_("number of what"), max_length=12, choices=NumberKind)
    number = models.CharField(_("number"), max_length=60, help_text=_("As printed, in any form."))
    number_digits = models.CharField(_("digits"), max_length=60, db_index=True, editable=False)
    number_letters = models.CharField(_("letters"), max_length=130, blank=True, editable=False)

    parents = ("resolution",)

    class Meta:
        verbose_name = _("other number")
        verbose_name_plural = _("other numbers")
        ordering = ["resolution", "kind", "number"]
        constraints = [
            models.UniqueConstraint(
                "resolution",
                "kind",
                Lower("number"),
                name="resolutions_other_number_once",
                violation_error_message=_("This number is already on record."),
            ),
            models.CheckConstraint(
                condition=one_of(kind=NumberKind) & ~Q(number="") & ~Q(number_digits=""),
                name="resolutions_other_number_kind_and_digits",
                violation_error_message=_("Choose what it is the number of, and enter it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def clean_fields(self, exclude: Any = None) -> None:
        """Store what the database finds the printed number by, in any spelling."""
        printed = numbers.spelling(self.number)
        self.number_digits, self.number_letters = printed.stored
        super().clean_fields(exclude={*(exclude or ()), "number_digits"})
        if self.number and not printed.digits:
            raise ValidationError(
                {"number": gettext("There is no number in this. Write it as printed: CB 119876.")}
            )
