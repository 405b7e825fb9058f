"""The terms of members: which seat, and from when to when."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Source
from cities.records.base import Record
from cities.records.constraints import dates_in_order
from cities.records.fields import date_on_record
from cities.records.lasting import Lasting, most_on_one_day
from cities.records.publishing import Publication
from resolutions.models.members import Member
from resolutions.models.seats import Seat


class TermQuerySet(models.QuerySet["Term"]):
    def public(self) -> Self:
        """Filter to the terms of published members in published organizations, with both."""
        return self.filter(
            member__publication=Publication.PUBLISHED,
            organization__publication=Publication.PUBLISHED,
        ).select_related("member", "organization", "seat", "source")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete terms one by one. Raise `ProtectedError` if a record depends on one."""
        with transaction.atomic():
            gone = [term.delete() for term in self]
        return sum(count for count, __ in gone), {self.model._meta.label: len(gone)}


class Term(Lasting, Record):
    """A person’s membership of an organization, in a seat, with its dates."""

    member = models.ForeignKey(
        Member, verbose_name=_("member"), related_name="terms", on_delete=models.PROTECT
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        related_name="terms",
        on_delete=models.PROTECT,
    )
    seat = models.ForeignKey(
        Seat,
        verbose_name=_("seat"),
        related_name="terms",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Leave blank if we have no record of the seat."),
    )
    role = models.CharField(
        _("role"), max_length=80, blank=True, help_text=_("For example: president.")
    )
    since, since_earliest, since_latest = date_on_record(
        "since",
        _("since"),
        help_text=_("If we know only a day in office, write “July 15, 2013 or earlier”."),
    )
    until, until_earliest, until_latest = date_on_record(
        "until",
        _("until"),
        blank=True,
        help_text=_(
            "Leave blank while the term continues. If we know only a day in office, write"
            " “August 19, 2013 or later”."
        ),
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), related_name="+", on_delete=models.PROTECT
    )

    objects = TermQuerySet.as_manager()

    parents = ("member", "organization")

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["member__sort_name", F("since_latest").asc(nulls_first=True), "organization"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "organization", "since"],
                name="resolutions_term_once",
                violation_error_message=_("This term is already on record."),
            ),
            dates_in_order(
                "since",
                "until",
                "resolutions_term_ends_after_it_begins",
                _("A term cannot end before it begins."),
            ),
        ]

    @property
    def is_voting(self) -> bool:
        """Return whether it gives a vote; a term without a seat on record counts as voting."""
        return self.seat is None or self.seat.is_voting

    def __str__(self) -> str:
        return f"{self.member}, {self.seat.label if self.seat else self.organization.name}"

    def clean(self) -> None:
        if not hasattr(self, "member") or self.organization_id is None or self.since is None:
            return  # the fields have said so themselves
        errors: dict[str, str] = {}
        if self.seat is not None and self.seat.organization_id != self.organization_id:
            errors["seat"] = gettext(
                "That seat belongs to another organization. Choose one of this organization."
            )
        elif self.seat is not None and self.surely_leaves(self.seat, localdate()):
            errors["seat"] = gettext(
                "That seat did not exist for the whole term (%(since)s – %(until)s). Choose"
                " another, or correct the dates."
            ) % {
                "since": self.seat.since or "?",
                "until": self.seat.until or gettext("today"),
            }
        elif taken := self._overlapping_term():
            errors["since"] = gettext(
                "%(other)s is on record for the same time (%(since)s – %(until)s). End that term"
                " first, or correct the dates."
            ) % {"other": taken, "since": taken.since, "until": taken.until or gettext("today")}
        if errors:
            raise ValidationError(errors)
        if resting := self.dependent_records(as_changed=True):
            raise ValidationError(
                gettext(
                    "“%s” depends on this term. The person, the organization, the seat and the"
                    " dates must still cover it."
                )
                % resting[0]
            )

    def _overlapping_term(self) -> "Term | None":
        """Return a term that conflicts with it: the member’s own, or one too many, or None."""
        near = Q(member=self.member_id)
        if self.seat_id:
            near |= Q(seat=self.seat_id)
        beside = Term.objects.filter(near, organization=self.organization_id).exclude(pk=self.pk)
        others = [term for term in beside.select_related("member", "seat") if self.meets(term)]
        own = [term for term in others if term.member_id == self.member_id]
        if own:
            return own[0]
        days = self.sure_days()
        if self.seat is None or days is None:
            return None
        fullest = most_on_one_day(others, since=days[0])
        return fullest[0] if len(fullest) >= self.seat.places else None

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise `ProtectedError` if a vote or a motion depends on it."""
        if resting := self.dependent_records():
            raise models.ProtectedError(
                str(_("The person acted in this term. Give it an end date instead.")), set(resting)
            )
        return super().delete(*args, **kwargs)

    def dependent_records(self, *, as_changed: bool = False) -> list[Any]:
        """Return what the person did in the stored term that no other term covers.

        Votes and motions, for which the seat needs a vote, attendance and offices. With
        `as_changed`, only what the changed term does not cover either.
        """
        stored = (
            Term.objects.filter(pk=self.pk)
            .select_related("member", "organization", "seat")
            .first()
        )
        if stored is None:
            return []
        organization, member = stored.organization, stored.member
        others = member.terms.filter(organization=organization).exclude(pk=self.pk)
        covering = [*others.select_related("seat")]
        if as_changed and (self.member_id, self.organization_id) == (member.pk, organization.pk):
            covering.append(self)
        voting = [term for term in covering if term.is_voting]
        records = [
            (action, voting) for action in member.acted_in(organization) if stored.is_voting
        ]
        records += [(meeting, covering) for meeting in member.attended_in(organization)]
        offices = member.offices.filter(organization=organization)
        records += [(office, covering) for office in offices.select_related("member")]
        return [
            record
            for record, terms in records
            if stored.may_cover(*record.days)
            and not any(term.may_cover(*record.days) for term in terms)
        ]


@dataclass(frozen=True)
class Roster:
    """The members in office on a day, or on one of several, and how many seats there were.

    `certain` are the terms that surely ran, `possible` others that may have; both in voting
    seats, and a term without a seat on record counts as voting. `places` is ``None``
    where no seat of that time is on record.
    """

    places: int | None
    certain: list[Term]
    possible: list[Term]

    @classmethod
    def of(cls, organization: Organization, first: date, last: date) -> Self:
        """Build the roster with two queries, or with none if seats and terms are prefetched."""
        seats = [seat for seat in organization.seats.all() if seat.is_voting]
        in_force = [seat.places for seat in seats if seat.surely_covers(first, last)]
        known = getattr(organization, "_prefetched_objects_cache", {})
        every = organization.terms.all()
        every = every if "terms" in known else every.select_related("member", "seat")
        terms = [term for term in every if term.is_voting]
        certain = [term for term in terms if term.surely_covers(first, last)]
        sure = {term.member_id for term in certain}
        possible = [
            term for term in terms if term.may_cover(first, last) and term.member_id not in sure
        ]
        return cls(sum(in_force) or None, certain, possible)

    @property
    def vacancies(self) -> int | None:
        """Return how many seats nobody certainly held, or None if there are no seats on record."""
        return None if self.places is None else max(0, self.places - len(self.certain))

    def holds(self, member: Member) -> bool:
        """Return whether the member may have held a seat."""
        return any(term.member_id == member.pk for term in (*self.certain, *self.possible))
