"""Who sits in a body: its seats, the people, and their terms."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Source
from cities.records.base import Record
from cities.records.dates import RecordDate
from cities.records.fields import date_on_record
from cities.records.publishing import Publication, Publishable
from resolutions.tally import Method


class Lasting:
    """Something that lasts from a date on record until another, which may be open."""

    since: RecordDate | None
    since_earliest: date | None
    since_latest: date | None
    until: RecordDate | None
    until_earliest: date | None
    until_latest: date | None

    def may_cover(self, first: date, last: date) -> bool:
        """Whether it may have lasted on some day from `first` to `last`."""
        begun = self.since_earliest is None or self.since_earliest <= last
        return begun and (self.until_latest is None or self.until_latest >= first)

    def surely_covers(self, first: date, last: date) -> bool:
        """Whether it lasted on every day from `first` to `last`.

        Without a `since` it has always lasted, as far as is known; without an `until` it
        goes on.
        """
        begun = self.since is None or (self.since_latest or date.max) <= first
        goes_on = self.until is None or (self.until_earliest or date.min) >= last
        return begun and goes_on

    def surely_leaves(self, other: "Lasting", today: date) -> bool:
        """Whether some day of it until `today` surely lies outside `other`."""
        begins_before = (
            self.since_latest is not None
            and other.since_earliest is not None
            and self.since_latest < other.since_earliest
        )
        last = (self.until_earliest or date.min) if self.until else today
        return begins_before or (other.until_latest is not None and other.until_latest < last)

    def meets(self, other: "Lasting") -> bool:
        """Whether both surely lasted on one day."""
        if (self.since and not self.since_latest) or (other.since and not other.since_latest):
            return False
        begun = max(self.since_latest or date.min, other.since_latest or date.min)
        ends = [one.until_earliest or date.min for one in (self, other) if one.until]
        return begun <= min(ends, default=date.max)


class SeatQuerySet(models.QuerySet["Seat"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        """One by one: roll calls may rest on each. Raises `ProtectedError`."""
        with transaction.atomic():
            gone = [seat.delete() for seat in self]
        return sum(count for count, __ in gone), {self.model._meta.label: len(gone)}


class Seat(Lasting, Record):
    """A seat of a body, or several equal ones: “1st Ward”, or four places “at large”.

    How many seats a body has is a fact with dates: Lansing’s Council had eight, and has nine
    from the election of 2029 on.
    """

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("body"),
        related_name="seats",
        on_delete=models.PROTECT,
    )
    label = models.CharField(_("label"), max_length=80, help_text=_("For example: 1st Ward."))
    places = models.PositiveSmallIntegerField(
        _("places"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("How many members hold such a seat at one time: four at large, one a ward."),
    )
    is_voting = models.BooleanField(_("votes"), default=True)
    since, since_earliest, since_latest = date_on_record(
        "since", _("since"), blank=True, help_text=_("Empty when the beginning is not known.")
    )
    until, until_earliest, until_latest = date_on_record(
        "until", _("until"), blank=True, help_text=_("Empty while it goes on.")
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
                violation_error_message=_("Give the seat its label, and at least one place."),
            ),
            models.CheckConstraint(
                condition=Q(since_earliest__isnull=True)
                | Q(until_latest__isnull=True)
                | Q(until_latest__gte=F("since_earliest")),
                name="resolutions_seat_ends_after_it_begins",
                violation_error_message=_("A seat cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization.name}: {self.label}"

    def clean(self) -> None:
        """Who sat and voted in it goes on having sat and voted there."""
        if self.organization_id is None or self.pk is None:
            return
        terms = list(self.terms.select_related("member"))
        for term in terms:
            term.seat = self
            if term.organization_id != self.organization_id:
                raise ValidationError(
                    {"organization": gettext("%s sat in it, in another body.") % term.member}
                )
            if term.surely_leaves(self, localdate()):
                raise ValidationError(
                    gettext(
                        "%(member)s sat in it from %(since)s to %(until)s. Correct that term"
                        " first, or the dates of the seat."
                    )
                    % {
                        "member": term.member,
                        "since": term.since,
                        "until": term.until or gettext("today"),
                    }
                )
        if not self.is_voting and any(t.record_resting_on_it(as_it_is_now=True) for t in terms):
            raise ValidationError({"is_voting": gettext("Votes were cast in this seat.")})
        if rolls := self._rolls_too_long(self):
            raise ValidationError(
                gettext("“%(action)s” has more votes than that would leave seats.")
                % {"action": rolls[0]}
            )

    def _rolls_too_long(self, *instead: "Seat") -> list[Any]:
        """Published roll calls with more votes than seats, if `instead` stood in its place."""
        stored = Seat.objects.select_related("organization").get(pk=self.pk)
        body = stored.organization
        seats = [*body.seats.filter(is_voting=True).exclude(pk=self.pk)]
        seats += [seat for seat in instead if seat.is_voting and seat.organization_id == body.pk]
        rolls = body.actions.filter(ballots__isnull=False, publication=Publication.PUBLISHED)
        rolls = rolls.filter(method=Method.ROLL_CALL)
        return [
            roll
            for roll in rolls.annotate(called=Count("ballots")).select_related("resolution")
            if stored.surely_covers(*roll.days)
            if roll.called > sum(seat.places for seat in seats if seat.surely_covers(*roll.days))
        ]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises `ProtectedError` while a roll call needs it."""
        if rolls := self._rolls_too_long():
            raise models.ProtectedError(
                str(_("Votes were cast in this seat. End it with a date instead.")), set(rolls)
            )
        return super().delete(*args, **kwargs)


class Member(Publishable):
    """A person who sits, or sat, in a body. What concerns the office is kept, nothing else."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    sort_name = models.CharField(
        _("name to sort by"),
        max_length=120,
        help_text=_("The family name first: Wood, Carol."),
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("What the person did in office, in one or two plain sentences."),
    )

    class Meta(Publishable.Meta):
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["sort_name", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(sort_name=""),
                name="resolutions_member_named",
                violation_error_message=_("Give the member’s name, and the name to sort by."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("resolutions:member", args=[self.slug])

    def acted_in(self, body: Organization) -> list[Any]:
        """The actions of a body in which the person voted or moved."""
        theirs = Q(ballots__member=self) | Q(mover=self) | Q(seconder=self)
        actions = body.actions.filter(theirs).exclude(publication=Publication.WITHDRAWN)
        return [*actions.select_related("resolution").distinct()]

    def attended_in(self, body: Organization) -> list[Any]:
        """The meetings of a body on whose list of attendance the person is."""
        meetings = body.meetings.filter(attendance__member=self)
        return [*meetings.exclude(publication=Publication.WITHDRAWN)]


class TermQuerySet(models.QuerySet["Term"]):
    def public(self) -> Self:
        """Terms of published members in published bodies, with both."""
        return self.filter(
            member__publication=Publication.PUBLISHED,
            organization__publication=Publication.PUBLISHED,
        ).select_related("member", "organization", "seat", "source")

    def delete(self) -> tuple[int, dict[str, int]]:
        """One by one: the record may rest on each. Raises `ProtectedError`."""
        with transaction.atomic():
            gone = [term.delete() for term in self]
        return sum(count for count, __ in gone), {self.model._meta.label: len(gone)}


class Term(Lasting, Record):
    """A person’s membership of a body, in a seat, from when to when."""

    member = models.ForeignKey(
        Member, verbose_name=_("member"), related_name="terms", on_delete=models.PROTECT
    )
    organization = models.ForeignKey(
        Organization, verbose_name=_("body"), related_name="terms", on_delete=models.PROTECT
    )
    seat = models.ForeignKey(
        Seat,
        verbose_name=_("seat"),
        related_name="terms",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Empty while the seat is not found: the page says so."),
    )
    role = models.CharField(
        _("role"), max_length=80, blank=True, help_text=_("For example: president.")
    )
    since, since_earliest, since_latest = date_on_record(
        "since",
        _("since"),
        help_text=_("When only a day in office is known: [..2013-07-15], that day or earlier."),
    )
    until, until_earliest, until_latest = date_on_record(
        "until",
        _("until"),
        blank=True,
        help_text=_("Empty while it goes on. Not known: [2013-08-19..], that day or later."),
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
                violation_error_message=_("This term is already there."),
            ),
            models.CheckConstraint(
                condition=Q(since_earliest__isnull=True)
                | Q(until_latest__isnull=True)
                | Q(until_latest__gte=F("since_earliest")),
                name="resolutions_term_ends_after_it_begins",
                violation_error_message=_("A term cannot end before it begins."),
            ),
        ]

    @property
    def is_voting(self) -> bool:
        """Whether it gives a vote; a term whose seat is not found yet is taken for one."""
        return self.seat is None or self.seat.is_voting

    def __str__(self) -> str:
        return f"{self.member}, {self.seat.label if self.seat else self.organization.name}"

    def clean(self) -> None:
        if not hasattr(self, "member") or self.organization_id is None or self.since is None:
            return  # the fields have said so themselves
        errors: dict[str, str] = {}
        if self.seat is not None and self.seat.organization_id != self.organization_id:
            errors["seat"] = gettext("That seat belongs to another body. Choose one of this body.")
        elif self.seat is not None and self.surely_leaves(self.seat, localdate()):
            errors["seat"] = gettext(
                "That seat was not there all that time (%(since)s – %(until)s). Choose another, or"
                " correct the dates."
            ) % {
                "since": self.seat.since or "?",
                "until": self.seat.until or gettext("today"),
            }
        elif taken := self._in_its_way():
            errors["since"] = gettext(
                "%(other)s is on record for the same time (%(since)s – %(until)s). End that term"
                " first, or correct the dates."
            ) % {"other": taken, "since": taken.since, "until": taken.until or gettext("today")}
        if errors:
            raise ValidationError(errors)
        if resting := self.record_resting_on_it(as_it_is_now=True):
            raise ValidationError(
                gettext(
                    "“%s” rests on this term. The person, the body, the seat and the days must"
                    " still cover it."
                )
                % resting[0]
            )

    def _in_its_way(self) -> "Term | None":
        """A term that cannot stand beside this one: the member’s own, or one too many."""
        near = Q(member=self.member_id)
        if self.seat_id:
            near |= Q(seat=self.seat_id)
        beside = Term.objects.filter(near, organization=self.organization_id).exclude(pk=self.pk)
        others = [term for term in beside.select_related("member", "seat") if self.meets(term)]
        own = [term for term in others if term.member_id == self.member_id]
        if own:
            return own[0]
        is_full = self.seat is not None and len(others) >= self.seat.places
        return others[0] if is_full else None

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises `ProtectedError` while a vote or a motion rests on it."""
        if resting := self.record_resting_on_it():
            raise models.ProtectedError(
                str(_("The person acted in this term. End it with a date instead.")), set(resting)
            )
        return super().delete(*args, **kwargs)

    def record_resting_on_it(self, *, as_it_is_now: bool = False) -> list[Any]:
        """What the person did in the term as stored and that no other term covers.

        Votes and motions, for which the seat needs a vote, and attendance. With
        `as_it_is_now`, only what this term, as changed, does not cover either.
        """
        stored = (
            Term.objects.filter(pk=self.pk)
            .select_related("member", "organization", "seat")
            .first()
        )
        if stored is None:
            return []
        body, member = stored.organization, stored.member
        others = member.terms.filter(organization=body).exclude(pk=self.pk)
        covering = [*others.select_related("seat")]
        if as_it_is_now and (self.member_id, self.organization_id) == (member.pk, body.pk):
            covering.append(self)
        voting = [term for term in covering if term.is_voting]
        deeds = [(action, voting) for action in member.acted_in(body) if stored.is_voting]
        deeds += [(meeting, covering) for meeting in member.attended_in(body)]
        return [
            deed
            for deed, terms in deeds
            if stored.may_cover(*deed.days)
            and not any(term.may_cover(*deed.days) for term in terms)
        ]


@dataclass(frozen=True)
class Roster:
    """Who sat in a body on a day, or on one of several, and how many could.

    `certain` are the terms that surely ran, `possible` others that may have; both in voting
    seats, and a term whose seat is not found yet is taken for one. `places` is ``None``
    where no seat of that time is on record.
    """

    places: int | None
    certain: list[Term]
    possible: list[Term]

    @classmethod
    def of(cls, organization: Organization, first: date, last: date) -> Self:
        """In two queries, or none where seats and terms with member and seat are prefetched."""
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
        """Places that nobody surely held."""
        return None if self.places is None else max(0, self.places - len(self.certain))

    def holds(self, member: Member) -> bool:
        """Whether the member may have held a seat."""
        return any(term.member_id == member.pk for term in (*self.certain, *self.possible))
