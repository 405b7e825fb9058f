"""What a reader may ask, of the pages and of the API alike."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiTypes, extend_schema_field

from cities.countries import country_choices
from cities.folding import MAX_WORDS, fold
from cities.models import (
    Acceptance,
    City,
    Entry,
    Organization,
    Relationship,
    RelationshipType,
    Source,
)
from cities.models.organizations import Classification
from cities.models.places import PlaceKind
from cities.models.sources import Grade, SourceKind
from cities.publishing import Publication
from cities.standing import Kind, Status

DAY_EXPECTED = _("That is not a day. Write it as year-month-day, like 2013-08-19.")
CHOICE_EXPECTED = _("“%(value)s” is not one of the choices. Choose one from the list.")
TYPE_EXPECTED = _("There is no such relationship type. Choose one from the list.")

YEARS = (1800, 2200)
YEAR_EXPECTED = _("Write a year with four digits, from 1800 to 2200, like 2013.")


MOMENT_EXPECTED = _(
    "That is not a moment. Write a day like 2013-08-19, or a moment like 2013-08-19T14:30:00Z."
)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d(?:\.\d+)?)([Zz]|[+ -]\d\d:\d\d))?", re.ASCII
)


def _as_one_parameter(pks: list[int]) -> RawSQL:
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(pks)])


_AMONG: dict[str, Any] = {"sqlite": _as_one_parameter, "postgresql": list}
"""However many rows as the right side of “in”: SQLite bounds the number of parameters, and
PostgreSQL plans well for a list alone."""


_EDGES = re.compile(r"^\W+|\W+$")


def containing(rows: QuerySet, fields: Iterable[str], question: str) -> QuerySet:
    """Those of the rows that have each word of a question, or it as a part, in one of the fields.

    Accents, case and the width of signs make no difference, as `cities.folding` says. Databases
    cannot compare so: the texts are read and compared here, those of linked rows once.
    """
    words = [_EDGES.sub("", word) for word in fold(question).split()]
    words = [*dict.fromkeys(filter(None, words))][:MAX_WORDS]
    model: Any = rows.model
    everything = model._base_manager.order_by()
    own = [name for name in fields if "__" not in name]
    texts: dict[str, dict[int, str]] = {"pk": {}}
    for pk, *values in everything.values_list("pk", *own):
        texts["pk"][pk] = fold("\n".join(str(value) for value in values))
    for way in fields:
        if "__" in way:
            link = way.rpartition("__")[0]
            named = everything.exclude(**{link: None}).values_list(link, way).distinct()
            into = texts.setdefault(link, {})
            for pk, value in named:
                into[pk] = f"{into.get(pk, '')}\n{fold(str(value))}"
    for word in words:
        wanted = Q()
        for link, told in texts.items():
            meant = [pk for pk, text in told.items() if word in text]
            if meant:
                there = everything.filter(**{f"{link}__in": _AMONG[connection.vendor](meant)})
                wanted |= Q(pk__in=there.values("pk"))
        rows = rows.filter(wanted) if wanted else rows.none()
    return rows if words else rows.none()


class MomentField(forms.CharField):
    """A moment as RFC 3339 writes it, or a day: its beginning in UTC."""

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        found = _MOMENT.fullmatch(text)
        day, time, zone = found.groups() if found else ("", None, None)
        zone = (zone or "Z").upper().replace(" ", "+")  # an address reads “+” as a space
        try:
            return datetime.fromisoformat(f"{day}T{time or '00:00:00'}{zone}").astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValidationError(MOMENT_EXPECTED) from None


@extend_schema_field(
    {
        "type": "string",
        "anyOf": [{"format": "date"}, {"format": "date-time"}],
        "description": "Only what changed on this day (UTC), at this moment or later; what was"
        " withdrawn since is told in the same list by its address, the day and the reason.",
    }
)
class MomentFilter(filters.Filter):
    field_class = MomentField

    def filter(self, qs: Any, value: datetime | None) -> Any:
        return qs.modified_since(value) if value else qs


class ModifiedFilter(filters.FilterSet):
    """What changed since a moment, of rows `with_modified`."""

    modified_since = MomentFilter(label=_("Modified since"))


class DayFilter(filters.DateFilter):
    """The day asked about, today if none: ties on record by then, with their standing."""

    def filter(self, qs: Any, value: date | None) -> Any:
        ties = qs.with_standing(value or localdate())
        # What was withdrawn is told of whatever lines it has left.
        return ties.filter(Q(standing_status__isnull=False) | Q(publication=Publication.WITHDRAWN))


def day_filter(filter_class: type[filters.DateFilter] = DayFilter) -> filters.DateFilter:
    return filter_class(
        label=_("On the day"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": DAY_EXPECTED},
    )


def choice_filter(label: Any, choices: Any, field_name: str | None = None) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(
        label=label,
        choices=choices,
        field_name=field_name,
        error_messages={"invalid_choice": CHOICE_EXPECTED},
    )


class LinkFilter(filters.CharFilter):
    """Rows that name a record, by its slug; a record that is not public is named by none."""

    def __init__(self, link: str, label: Any, **kwargs: Any) -> None:
        self.link = link
        super().__init__(field_name=f"{link}__slug", label=label, **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        wanted = {f"{self.link}__slug": value, f"{self.link}__publication": Publication.PUBLISHED}
        found = qs.filter(**wanted)
        return found.distinct() if self.distinct else found


@extend_schema_field({"type": "integer", "minimum": YEARS[0], "maximum": YEARS[1]})
class YearFilter(filters.NumberFilter):
    """A year of four digits."""

    field_class = forms.IntegerField

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(
            label=label or _("Year"),
            min_value=YEARS[0],
            max_value=YEARS[1],
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), YEAR_EXPECTED),
            **kwargs,
        )

    def get_max_validator(self) -> None:
        """The year has a bound of its own, so the library's needs no second sentence."""


@extend_schema_field(OpenApiTypes.STR)
class TypeFilter(filters.ModelChoiceFilter):
    """A relationship type by its slug, against the type of the standing."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Type"),
            queryset=RelationshipType.objects.all(),
            to_field_name="slug",
            error_messages={"invalid_choice": TYPE_EXPECTED},
        )

    def filter(self, qs: Any, value: RelationshipType | None) -> Any:
        return qs.filter(standing_type=value.slug) if value else qs


class RelationshipFilter(filters.FilterSet):
    """Ties by type, country, status and place, as of a day."""

    on = day_filter()  # first: the others ask about the standing of that day
    type = TypeFilter()
    status = choice_filter(_("Status"), Status.choices, "standing_status")
    country = choice_filter(_("Country"), country_choices, "partner__country")
    city = filters.CharFilter(label=_("Place"), method="about")

    class Meta:
        model = Relationship
        fields: list[str] = []

    @property
    def day(self) -> date:
        """The day asked about, if it was one; else today."""
        self.errors  # noqa: B018 - reads the question
        return self.form.cleaned_data.get("on") or localdate()

    def about(self, queryset: Any, name: str, slug: str) -> Any:
        """Ties with the place, or that went on with it."""
        handed_over = Entry.objects.public().filter(
            partner__slug=slug, partner__publication=Publication.PUBLISHED
        )
        return queryset.filter(
            Q(partner__slug=slug)
            | Q(home__slug=slug)
            | Q(pk__in=handed_over.values("relationship"))
        )


class CityFilter(filters.FilterSet):
    """Places by what and where they are, and by their tie as of a day."""

    country = choice_filter(_("Country"), country_choices)
    kind = choice_filter(_("Kind of place"), PlaceKind.choices)
    on = day_filter(filters.DateFilter)
    type = TypeFilter()
    status = choice_filter(_("Status"), Status.choices)

    class Meta:
        model = City
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        given = self.form.cleaned_data
        for name in ("country", "kind"):
            if given[name]:
                queryset = queryset.filter(**{name: given[name]})
        about_the_tie = {name: self.data[name] for name in ("on", "type", "status") if given[name]}
        if about_the_tie:
            ties = RelationshipFilter(about_the_tie, Relationship.objects.public()).qs
            queryset = queryset.filter(pk__in=ties.values("partner"))
        return queryset


class EntryFilter(filters.FilterSet):
    """Ledger lines by relationship, place, kind and acceptance."""

    relationship = LinkFilter("relationship", _("Relationship"))
    city = LinkFilter("relationship__partner", _("Place"))
    source = LinkFilter("citations__source", _("Source"), distinct=True)
    kind = choice_filter(_("What happened"), Kind.choices)
    acceptance = choice_filter(_("Accepted or claimed"), Acceptance.choices)

    class Meta:
        model = Entry
        fields: list[str] = []


class OrganizationFilter(filters.FilterSet):
    """Organizations by what they are and where."""

    classification = choice_filter(_("Classification"), Classification.choices)
    place = LinkFilter("place", _("Place"))

    class Meta:
        model = Organization
        fields: list[str] = []


class SourceFilter(filters.FilterSet):
    """Sources by kind and grade."""

    kind = choice_filter(_("Kind"), SourceKind.choices)
    grade = choice_filter(_("Grade"), Grade.choices)

    class Meta:
        model = Source
        fields: list[str] = []
