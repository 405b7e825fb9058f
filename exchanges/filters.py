"""The filters of programs and exchanges, for pages and the API alike."""

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
    """Return the records with a public relationship with the city."""
    relationships = Relationship.objects.public().filter(partner__slug=slug)
    about = queryset.model.objects.filter(relationships__in=relationships.values("pk"))
    return queryset.filter(pk__in=about.values("pk"))


class PhaseDayFilter(filters.DateFilter):
    """The date on which `phase` is computed."""

    def filter(self, qs: Any, value: date | None) -> Any:
        return qs


class ExchangeFilter(filters.FilterSet):
    """Exchanges by partner, kind, audience, year, program and state; phase as of a day."""

    city = filters.CharFilter(label=_("Partner city"), method=with_place)
    kind = choice_filter(_("Kind"), ProgramKind.choices, "program__kind")
    audience = choice_filter(_("Who can take part"), Audience.choices, "program__audience")
    year = YearFilter(method="of_year")
    program = LinkFilter("program", _("Program"))
    phase = choice_filter(_("Status"), Phase.choices)
    on = day_filter(PhaseDayFilter)
    state = choice_filter(_("Planning status"), State.choices)

    class Meta:
        model = Exchange
        fields: list[str] = []

    @property
    def day(self) -> date:
        """The date given, if it was one; else today."""
        self.errors  # noqa: B018 - reads the query
        return self.form.cleaned_data.get("on") or localdate()

    def filter_queryset(self, queryset: Any) -> Any:
        """Return exchanges with their phase on the date given, or today."""
        return super().filter_queryset(queryset.with_phase(self.day))

    def of_year(self, queryset: Any, name: str, year: int) -> Any:
        """Return the exchanges that surely began in the year."""
        return queryset.of_year(year)


class ProgramFilter(filters.FilterSet):
    """Programs by partner, kind and audience."""

    city = filters.CharFilter(label=_("Partner city"), method=with_place)
    kind = choice_filter(_("Kind"), ProgramKind.choices)
    audience = choice_filter(_("Who can take part"), Audience.choices)

    class Meta:
        model = Program
        fields: list[str] = []
