"""What a reader may ask about programs and exchanges, of the pages and of the API alike."""

from datetime import date
from typing import Any

import django_filters as filters
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cities.models import Relationship
from cities.records.filters import LinkFilter, YearFilter, choice_filter, day_filter
from exchanges.models import Exchange, Program
from exchanges.models.programs import Audience, ProgramKind
from exchanges.states import Phase, State


def with_place(queryset: Any, name: str, slug: str) -> Any:
    """What is about a public relationship with the place."""
    relationships = Relationship.objects.public().filter(partner__slug=slug)
    about = queryset.model.objects.filter(relationships__in=relationships.values("pk"))
    return queryset.filter(pk__in=about.values("pk"))


class PhaseDayFilter(filters.DateFilter):
    """The day that `phase` is asked about."""

    def filter(self, qs: Any, value: date | None) -> Any:
        return qs


class ExchangeFilter(filters.FilterSet):
    """Exchanges by partner, kind, audience, year, program and state; phase as of a day."""

    city = filters.CharFilter(label=_("Partner"), method=with_place)
    kind = choice_filter(_("Kind"), ProgramKind.choices, "program__kind")
    audience = choice_filter(_("For"), Audience.choices, "program__audience")
    year = YearFilter(method="of_year")
    program = LinkFilter("program", _("Program"))
    phase = choice_filter(_("How it stands"), Phase.choices)
    on = day_filter(PhaseDayFilter)
    state = choice_filter(_("What was decided"), State.choices)

    class Meta:
        model = Exchange
        fields: list[str] = []

    @property
    def day(self) -> date:
        """The day asked about, if it was one; else today."""
        self.errors  # noqa: B018 - reads the question
        return self.form.cleaned_data.get("on") or localdate()

    def filter_queryset(self, queryset: Any) -> Any:
        """Each with its phase on the day asked about, today if none."""
        return super().filter_queryset(queryset.with_phase(self.day))

    def of_year(self, queryset: Any, name: str, year: int) -> Any:
        """Of which the beginning is surely in the year."""
        return queryset.of_year(year)


class ProgramFilter(filters.FilterSet):
    """Programs by partner, kind and audience."""

    city = filters.CharFilter(label=_("Partner"), method=with_place)
    kind = choice_filter(_("Kind"), ProgramKind.choices)
    audience = choice_filter(_("For"), Audience.choices)

    class Meta:
        model = Program
        fields: list[str] = []
