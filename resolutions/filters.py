"""The filters of resolutions, meetings, members and votes, for pages and the API alike."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cities.models import City, Relationship
from cities.records.filters import (
    LinkFilter,
    YearFilter,
    among,
    choice_filter,
    containing,
    day_filter,
)
from cities.records.publishing import Publication
from resolutions import numbers
from resolutions.course import Kind, Status
from resolutions.models import (
    Action,
    CoursePeriod,
    Effect,
    Meeting,
    Member,
    NumberingScheme,
    OtherNumber,
    Resolution,
    Seat,
    Statement,
    VoteRequirement,
)
from resolutions.models.meetings import MeetingKind, MeetingState
from resolutions.models.numbering import ResolutionKind

MAX_QUERY = 200
"""Characters of a search."""


def about(model: Any, places: Any, relationships: Any, path: str = "pk") -> Q:
    """Return the condition that a record names one of the cities or relationships, by their ids.

    A resolution also names what its effects are about. `path` leads to the key of the record.
    """
    own = model._meta.model_name
    by_place = model.places.through.objects.filter(city__in=places)
    by_relationship = model.relationships.through.objects.filter(relationship__in=relationships)
    named = f"{path}__in"
    found = Q(**{named: by_place.values(own)}) | Q(**{named: by_relationship.values(own)})
    if model is Resolution:
        does = Effect.objects.filter(Q(place__in=places) | Q(relationship__in=relationships))
        does = does.filter(publication=Publication.PUBLISHED)
        found |= Q(**{named: does.values("resolution")})
    return found


def about_city(model: Any, slug: str) -> Q:
    """Return the condition that a record is about a public city, or a relationship with it."""
    relationships = Relationship.objects.public().filter(partner__slug=slug)
    places = City.objects.public().filter(slug=slug)
    return about(model, places.values("pk"), relationships.values("pk"))


def numbered_as(words: str, path: str = "") -> Q:
    """Return the condition that a resolution has the number in the words, in any spelling.

    `path` leads to the resolution: ``resolution__``.
    """
    wanted = Q(pk__in=[])
    for number in numbers.meanings(words):
        same = Q(**{f"{path}number_serial": number.serial})
        if number.year is not None:
            same &= Q(**{f"{path}number_year": number.year})
        if number.suffix:
            same &= Q(**{f"{path}number_suffix": number.suffix})
        wanted |= same
    given = numbers.spelling(words)
    if not given.digits:
        return wanted
    others = OtherNumber.objects.filter(_printed_as(given, "", has_year=False))
    other = Q(**{f"{path}pk__in": others.order_by().values("resolution")})
    return wanted | _printed_as(given, path) | other


def _printed_as(given: numbers.Spelling, path: str, *, has_year: bool = True) -> Q:
    """Return the condition that a number in any print has these digits, and these letters."""
    same = Q(**{f"{path}number_digits__in": given.alike})
    if has_year and given.year is not None:
        digits = "-".join(given.without_year)
        same |= Q(**{f"{path}number_digits": digits, f"{path}number_year": given.year})
    for group in given.letters:
        same &= Q(**{f"{path}number_letters__contains": f"-{group}-"})
    return same


class CourseDayFilter(filters.DateFilter):
    """Resolutions introduced by a date, with their status then; without a date, all of them."""

    def filter(self, qs: Any, value: date | None) -> Any:
        if value is None:
            return qs
        # A withdrawn resolution is listed whatever actions it has left.
        return qs.with_course(value).filter(
            Q(course_status__isnull=False) | Q(publication=Publication.WITHDRAWN)
        )


class ResolutionFilter(filters.FilterSet):
    """Resolutions by words or number, organization, kind, year, status, city and member."""

    on = day_filter(CourseDayFilter)  # first: `status` filters by the status of that day
    q = filters.CharFilter(
        label=_("Words or number"),
        method="about",
        max_length=MAX_QUERY,
        error_messages={"max_length": _("Use fewer words: at most 200 characters.")},
    )
    organization = LinkFilter("organization", _("Council or commission"))
    kind = choice_filter(_("Kind"), ResolutionKind.choices)
    year = YearFilter(method="of_year")
    status = choice_filter(_("Status"), Status.choices, method="with_status")
    city = filters.CharFilter(label=_("City"), method="about_place")
    member = filters.CharFilter(label=_("Member"), method="with_member")

    class Meta:
        model = Resolution
        fields: list[str] = []

    @property
    def day(self) -> date:
        """The date given, if it was one; else today."""
        self.errors  # noqa: B018 - reads the query
        return self.form.cleaned_data.get("on") or localdate()

    def in_order(self, found: Any) -> Any:
        """Return the ids of what the filters found, newest first."""
        self.errors  # noqa: B018 - reads the query
        if any(self.form.cleaned_data.values()):
            return found.newest_first(self.day).values_list("pk", flat=True)
        return CoursePeriod.objects.listed(self.day).values_list("resolution", flat=True)

    def with_status(self, queryset: Any, name: str, status: str) -> Any:
        return queryset.with_course(self.day).filter(course_status=status)

    def about(self, queryset: Any, name: str, words: str) -> Any:
        """Return those with every word in title or summary, or the number in any spelling."""
        found = containing(Resolution.objects.all(), ["title", "summary"], words)
        return queryset.filter(Q(pk__in=found.values("pk")) | numbered_as(words))

    def of_year(self, queryset: Any, name: str, year: int) -> Any:
        """Return those of that year by number, or with an action in it."""
        done = Action.objects.public().filter(on_earliest__year=year)
        return queryset.filter(Q(number_year=year) | Q(pk__in=done.values("resolution")))

    def about_place(self, queryset: Any, name: str, slug: str) -> Any:
        return queryset.filter(about_city(Resolution, slug))

    def with_member(self, queryset: Any, name: str, slug: str) -> Any:
        """Return those the member sponsored, moved, seconded, or voted on by name."""
        sponsored = Resolution.objects.filter(
            sponsors__in=Member.objects.public().filter(slug=slug)
        )
        # Looked for once: the list is counted, and then read.
        acts = done_by(slug)
        sharing = Action.objects.public().filter(shares_vote_with__in=acts.values("pk"))
        did = acts.order_by().values_list("resolution", flat=True)
        did = did.union(sharing.order_by().values_list("resolution", flat=True))
        return queryset.filter(Q(pk__in=among(did)) | Q(pk__in=sponsored.values("pk")))


def done_by(slug: str) -> Any:
    """Return the actions that a public member moved, seconded, or voted in by name."""
    member = Member.objects.public().filter(slug=slug).values("pk")
    ballots = Q(ballots__member__in=member)
    did = Action.objects.filter(Q(mover__in=member) | Q(seconder__in=member) | ballots)
    return Action.objects.public().filter(pk__in=did.values("pk"))


class MeetingFilter(filters.FilterSet):
    """Meetings by organization, year, kind and state."""

    organization = LinkFilter("organization", _("Council or commission"))
    kind = choice_filter(_("Kind"), MeetingKind.choices)
    state = choice_filter(_("Status"), MeetingState.choices)
    year = YearFilter(field_name="on_earliest", lookup_expr="year")

    class Meta:
        model = Meeting
        fields: list[str] = []


class MemberFilter(filters.FilterSet):
    """Members by the organization in which they have or had a seat."""

    organization = LinkFilter("terms__organization", _("Council or commission"), distinct=True)

    class Meta:
        model = Member
        fields: list[str] = []


class InForceFilter(filters.DateFilter):
    """What may have been in force on the date given."""

    def filter(self, qs: Any, value: date | None) -> Any:
        if value is None:
            return qs
        return qs.filter(
            Q(since_earliest__isnull=True) | Q(since_earliest__lte=value),
            Q(until_latest__isnull=True) | Q(until_latest__gte=value),
        )


class SeatFilter(filters.FilterSet):
    """Seats by organization, and as of a date."""

    organization = LinkFilter("organization", _("Council or commission"))
    on = day_filter(InForceFilter)

    class Meta:
        model = Seat
        fields: list[str] = []


class VoteRequirementFilter(SeatFilter):
    """Votes needed, by organization and as of a date."""

    class Meta:
        model = VoteRequirement
        fields: list[str] = []


class NumberingSchemeFilter(filters.FilterSet):
    """Numbering schemes by organization."""

    organization = LinkFilter("organization", _("Council or commission"))

    class Meta:
        model = NumberingScheme
        fields: list[str] = []


class ActionFilter(filters.FilterSet):
    """Actions by resolution, meeting, organization, kind and member."""

    resolution = LinkFilter("resolution", _("Resolution"))
    meeting = filters.CharFilter(label=_("Meeting"), method="at_meeting")
    organization = LinkFilter("organization", _("Council or commission"))
    kind = choice_filter(_("Action"), Kind.choices)
    member = filters.CharFilter(label=_("Member"), method="with_member")

    class Meta:
        model = Action
        fields: list[str] = []

    def at_meeting(self, queryset: Any, name: str, slug: str) -> Any:
        return queryset.filter(meeting__in=Meeting.objects.public().filter(slug=slug).values("pk"))

    def with_member(self, queryset: Any, name: str, slug: str) -> Any:
        """Return those the member moved, seconded or voted in."""
        return queryset.filter(pk__in=done_by(slug).values("pk"))


class StatementFilter(filters.FilterSet):
    """Statements by the city they are about."""

    city = filters.CharFilter(label=_("City"), method="about_place")

    class Meta:
        model = Statement
        fields: list[str] = []

    def about_place(self, queryset: Any, name: str, slug: str) -> Any:
        return queryset.filter(about_city(Statement, slug))
