"""The offices that members held: who was president of a council, and when."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Source
from cities.records.base import Record
from cities.records.constraints import dates_in_order
from cities.records.fields import date_on_record
from cities.records.lasting import Lasting
from cities.records.publishing import Publication
from resolutions.models.members import Member


class OfficeQuerySet(models.QuerySet["Office"]):
    def public(self) -> Self:
        """Filter to the offices of published members in published organizations, with both."""
        return self.filter(
            member__publication=Publication.PUBLISHED,
            organization__publication=Publication.PUBLISHED,
        ).select_related("member", "organization", "source")


class Office(Lasting, Record):
    """An office that a member held for part of the time on a council or commission.

    A member of Popolo’s organizations has a membership of its own for it, with this role.
    """

    member = models.ForeignKey(
        Member, verbose_name=_("member"), related_name="offices", on_delete=models.PROTECT
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        related_name="offices",
        on_delete=models.PROTECT,
    )
    role = models.CharField(
        _("office"), max_length=80, help_text=_("For example: president, vice president.")
    )
    since, since_earliest, since_latest = date_on_record(
        "since",
        _("since"),
        help_text=_("If the source has only the year, enter the same year in both fields."),
    )
    until, until_earliest, until_latest = date_on_record(
        "until",
        _("until"),
        blank=True,
        help_text=_(
            "Leave blank while the office continues. If we do not know when it ended, write"
            " “January 3, 2022 or later”."
        ),
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), related_name="+", on_delete=models.PROTECT
    )

    objects = OfficeQuerySet.as_manager()

    parents = ("member", "organization")

    seat = None
    """It has none: the seat is that of the term."""

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = [
            "member__sort_name",
            F("since_latest").asc(nulls_first=True),
            "organization",
            "role",
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "organization", "role", "since"],
                name="resolutions_office_once",
                violation_error_message=_("This office is already on record."),
            ),
            models.CheckConstraint(
                condition=~Q(role=""),
                name="resolutions_office_named",
                violation_error_message=_("Enter the office, such as president."),
            ),
            dates_in_order(
                "since",
                "until",
                "resolutions_office_ends_after_it_begins",
                _("An office cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(member)s, %(office)s, %(since)s") % {
            "member": self.member,
            "office": self.role,
            "since": self.since,
        }

    @property
    def is_of_period(self) -> bool:
        """Return whether the source says no more than in which year or month it was held."""
        return self.until is not None and self.since.edtf == self.until.edtf

    def held_on(self, first: date, last: date) -> bool:
        """Return whether it was held on these days, or in the year or month that they lie in."""
        if self.surely_covers(first, last):
            return True
        return self.is_of_period and self.since_earliest <= first and last <= self.until_latest

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last day on which it can have begun."""
        first, last = self.since_earliest, self.since_latest
        return first or last or date.min, last or first or date.max

    def clean(self) -> None:
        if not hasattr(self, "member") or self.organization_id is None or self.since is None:
            return  # the fields have said so themselves
        if self.member.pk is not None:  # else the form knows the terms that are saved with it
            self.check_terms(self.member.terms.all())

    def check_terms(self, terms: Iterable[Any]) -> None:
        """Raise `ValidationError` if none of the member's terms may cover the day it began."""
        own = [term for term in terms if term.organization_id == self.organization_id]
        if not any(term.may_cover(*self.days) for term in own):
            raise ValidationError(
                gettext(
                    "%(member)s was not a member of %(organization)s when that began. Add the term"
                    " first, or correct the dates."
                )
                % {"member": self.member, "organization": self.organization}
            )
