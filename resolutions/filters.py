"""What a reader may ask about the bodies' record, of the pages and of the API alike."""

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cities.filters import LinkFilter, choice_filter
from cities.publishing import Publication
from resolutions import numbers
from resolutions.course import Status
from resolutions.models import Action, Meeting, Member, Resolution, Statement
from resolutions.models.meetings import MeetingKind, MeetingState
from resolutions.models.resolutions import ResolutionKind

MAX_WORDS = 12
"""Words of a question that are looked for; more would only slow the answer."""


def numbered_as(words: str, at: str = "") -> Q:
    """Resolutions whose number the words are, in any spelling; none for words without one.

    `at` is the way to the resolution: ``resolution__``.
    """
    wanted = Q(pk__in=[])
    for number in numbers.meanings(words):
        same = Q(**{f"{at}number_serial": number.serial})
        if number.year is not None:
            same &= Q(**{f"{at}number_year": number.year})
        if number.suffix:
            same &= Q(**{f"{at}number_suffix": number.suffix})
        wanted |= same
    return wanted


class YearFilter(filters.NumberFilter):
    """A year of four digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Year"),
            min_value=1800,
            max_value=2200,
            error_messages={"invalid": _("Write a year with four digits, like 2013.")},
            **kwargs,
        )


class ResolutionFilter(filters.FilterSet):
    """Resolutions by words or number, body, year, status, place and member."""

    q = filters.CharFilter(label=_("Words or number"), method="about")
    body = LinkFilter("organization", _("Body"))
    kind = choice_filter(_("Kind"), ResolutionKind.choices)
    year = YearFilter(method="of_year")
    status = choice_filter(_("Status"), Status.choices, "course_status")
    city = filters.CharFilter(label=_("Place"), method="about_place")
    member = filters.CharFilter(label=_("Member"), method="with_member")

    class Meta:
        model = Resolution
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        if "course_status" not in queryset.query.annotations:
            queryset = queryset.with_course(localdate())
        return super().filter_queryset(queryset)

    def about(self, queryset: Any, name: str, words: str) -> Any:
        """Every word in the title or the summary, or the number in any spelling."""
        wanted = Q()
        for word in words.split()[:MAX_WORDS]:
            wanted &= Q(title__icontains=word) | Q(summary__icontains=word)
        return queryset.filter(wanted | numbered_as(words))

    def of_year(self, queryset: Any, name: str, year: Any) -> Any:
        """Of that year by number, or with something done in it."""
        done = Action.objects.public().filter(on_earliest__year=int(year))
        return queryset.filter(Q(number_year=int(year)) | Q(pk__in=done.values("resolution")))

    def about_place(self, queryset: Any, name: str, slug: str) -> Any:
        public = {"publication": Publication.PUBLISHED}
        about = Resolution.objects.filter(
            Q(places__slug=slug, **{f"places__{k}": v for k, v in public.items()})
            | Q(
                relationships__partner__slug=slug,
                **{f"relationships__{k}": v for k, v in public.items()},
                **{f"relationships__partner__{k}": v for k, v in public.items()},
            )
        )
        return queryset.filter(pk__in=about.values("pk"))

    def with_member(self, queryset: Any, name: str, slug: str) -> Any:
        """Sponsored by the member, moved, seconded, or voted on by name."""
        member = Member.objects.public().filter(slug=slug)
        did = Action.objects.public().filter(
            Q(mover__in=member) | Q(seconder__in=member) | Q(ballots__member__in=member)
        )
        sponsored = Resolution.objects.filter(sponsors__in=member)
        return queryset.filter(
            Q(pk__in=did.values("resolution")) | Q(pk__in=sponsored.values("pk"))
        )


class MeetingFilter(filters.FilterSet):
    """Meetings by body, year, kind and state."""

    body = LinkFilter("organization", _("Body"))
    kind = choice_filter(_("Kind"), MeetingKind.choices)
    state = choice_filter(_("State"), MeetingState.choices)
    year = YearFilter(field_name="on_earliest", lookup_expr="year")

    class Meta:
        model = Meeting
        fields: list[str] = []


class MemberFilter(filters.FilterSet):
    """Members by the body in which they sit or sat."""

    body = LinkFilter("terms__organization", _("Body"), distinct=True)

    class Meta:
        model = Member
        fields: list[str] = []


class ActionFilter(filters.FilterSet):
    """Actions by resolution, meeting and body."""

    resolution = LinkFilter("resolution", _("Resolution"))
    meeting = LinkFilter("meeting", _("Meeting"))
    body = LinkFilter("organization", _("Body"))

    class Meta:
        model = Action
        fields: list[str] = []


class StatementFilter(filters.FilterSet):
    """Statements by the place they are about."""

    city = filters.CharFilter(label=_("Place"), method="about_place")

    class Meta:
        model = Statement
        fields: list[str] = []

    def about_place(self, queryset: Any, name: str, slug: str) -> Any:
        public = Publication.PUBLISHED
        return queryset.filter(
            Q(places__slug=slug, places__publication=public)
            | Q(relationships__partner__slug=slug, relationships__partner__publication=public)
        ).distinct()
