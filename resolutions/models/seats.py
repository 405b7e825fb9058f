"""The seats of a council or commission."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Source
from cities.records.base import Record
from cities.records.constraints import dates_in_order
from cities.records.fields import date_on_record
from cities.records.lasting import Lasting, most_on_one_day
from cities.records.publishing import Publication
from resolutions.tally import Method


class SeatQuerySet(models.QuerySet["Seat"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete seats one by one. Raise `ProtectedError` if a roll call depends on one."""
        with transaction.atomic():
            gone = [seat.delete() for seat in self]
        return sum(count for count, __ in gone), {self.model._meta.label: len(gone)}


class Seat(Lasting, Record):
    """A seat in an organization, or several equal ones: “1st Ward”, or four places “at large”.

    How many seats there are is a fact with dates: Lansing’s Council had eight, and has nine
    from the election of 2029 on.
    """

    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        related_name="seats",
        on_delete=models.PROTECT,
    )
    label = models.CharField(_("label"), max_length=80, help_text=_("For example: 1st Ward."))
    places = models.PositiveSmallIntegerField(
        _("number of members"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_(
            "How many members hold this seat at the same time: four at large, one per ward."
        ),
    )
    is_voting = models.BooleanField(_("has a vote"), default=True)
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
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )

    objects = SeatQuerySet.as_manager()

    parents = ("organization",)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["organization", "label", F("since_earliest").asc(nulls_first=True), "slug"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(label="") & Q(places__gte=1),
                name="resolutions_seat_labelled",
                violation_error_message=_("Enter the seat’s label, and at least one member."),
            ),
            dates_in_order(
                "since",
                "until",
                "resolutions_seat_ends_after_it_begins",
                _("A seat cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization.name}: {self.label}"

    def clean(self) -> None:
        """Refuse a change that a term or a vote on record contradicts."""
        if self.organization_id is None:
            return  # the field has said so itself
        if self.pk is not None:
            self._check_terms()
        if rolls := self._rolls_too_long(self):
            raise ValidationError(
                gettext("“%(action)s” has more votes than there would be seats.")
                % {"action": rolls[0]}
            )

    def _check_terms(self) -> None:
        """Raise `ValidationError` if a term in this seat contradicts it."""
        terms = list(self.terms.select_related("member"))
        for term in terms:
            term.seat = self
            if term.organization_id != self.organization_id:
                raise ValidationError(
                    {
                        "organization": gettext("%s held this seat in another organization.")
                        % term.member
                    }
                )
            if term.surely_leaves(self, localdate()):
                raise ValidationError(
                    gettext(
                        "%(member)s held this seat from %(since)s to %(until)s. Correct that"
                        " term first, or the dates of the seat."
                    )
                    % {
                        "member": term.member,
                        "since": term.since,
                        "until": term.until or gettext("today"),
                    }
                )
        if len(most_on_one_day(terms)) > self.places:
            raise ValidationError(
                {"places": gettext("More members than that held this seat at the same time.")}
            )
        if not self.is_voting and any(t.dependent_records(as_changed=True) for t in terms):
            raise ValidationError({"is_voting": gettext("Votes were cast from this seat.")})

    def _rolls_too_long(self, *instead: "Seat") -> list[Any]:
        """Return published roll calls with more votes than seats if `instead` replaced it.

        Without seats on record a roll call has as many votes as it has.
        """
        organizations = {seat.organization_id for seat in instead}
        organizations |= {*Seat.objects.filter(pk=self.pk).values_list("organization", flat=True)}
        found = []
        for organization in Organization.objects.filter(pk__in=organizations):
            before = list(organization.seats.filter(is_voting=True))
            after = [seat for seat in before if seat.pk != self.pk]
            after += [
                seat
                for seat in instead
                if seat.is_voting and seat.organization_id == organization.pk
            ]
            rolls = organization.actions.filter(
                method=Method.ROLL_CALL, publication=Publication.PUBLISHED, ballots__isnull=False
            )
            for roll in rolls.annotate(called=Count("ballots")).select_related("resolution"):
                was, would_be = _places(before, roll), _places(after, roll)
                if roll.called > would_be and (would_be < was or was == 0 < would_be):
                    found.append(roll)
        return found

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise `ProtectedError` if a roll call depends on it."""
        if rolls := self._rolls_too_long():
            raise models.ProtectedError(
                str(_("Votes were cast from this seat. Give it an end date instead.")), set(rolls)
            )
        return super().delete(*args, **kwargs)


def _places(seats: list[Seat], roll: Any) -> int:
    return sum(seat.places for seat in seats if seat.surely_covers(*roll.days))
