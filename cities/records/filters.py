"""The filters of any list, for its page and the API alike."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from cities.records.folding import MAX_WORDS, fold
from cities.records.publishing import Publication

DAY_FORMATS = ("%Y-%m-%d", "%m/%d/%Y")
DAY_EXPECTED = _("That is not a date. Enter it like 8/19/2013 or 2013-08-19.")
CHOICE_EXPECTED = _("“%(value)s” is not one of the choices. Choose one from the list.")

YEARS = (1800, 2200)
YEAR_EXPECTED = _("Enter a year with four digits, from 1800 to 2200, like 2013.")


MOMENT_EXPECTED = _(
    "That is not a date or time. Enter a date like 2013-08-19, or a date and time like"
    " 2013-08-19T14:30:00Z."
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


def containing(rows: QuerySet, fields: Iterable[str], wanted_words: str) -> QuerySet:
    """Return the rows that have each of the words, or a longer word around it, in the fields.

    Accents, case and the width of signs make no difference, as in `cities.records.folding`.
    Databases cannot compare so: the texts are read and compared here, those of linked rows
    once.
    """
    words = [_EDGES.sub("", word) for word in fold(wanted_words).split()]
    words = [*dict.fromkeys(filter(None, words))][:MAX_WORDS]
    model: Any = rows.model
    everything = model._base_manager.order_by()
    own = [name for name in fields if "__" not in name]
    texts: dict[str, dict[int, str]] = {"pk": {}}
    for pk, *values in everything.values_list("pk", *own):
        texts["pk"][pk] = fold("\n".join(str(value) for value in values))
    for path in fields:
        if "__" in path:
            link = path.rpartition("__")[0]
            named = everything.exclude(**{link: None}).values_list(link, path).distinct()
            into = texts.setdefault(link, {})
            for pk, value in named:
                into[pk] = f"{into.get(pk, '')}\n{fold(str(value))}"
    for word in words:
        wanted = Q()
        for link, folded in texts.items():
            matching = [pk for pk, text in folded.items() if word in text]
            if matching:
                among = _AMONG[connection.vendor](matching)
                found = everything.filter(**{f"{link}__in": among})
                wanted |= Q(pk__in=found.values("pk"))
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
        "description": (
            "Only what changed on or after this day (UTC) or moment. A record withdrawn"
            " since then is in the same list with its address, the date and the reason."
        ),
    }
)
class MomentFilter(filters.Filter):
    field_class = MomentField

    def filter(self, qs: Any, value: datetime | None) -> Any:
        return qs.modified_since(value) if value else qs


class ModifiedFilter(filters.FilterSet):
    """What changed since a moment, of rows `with_modified`."""

    modified_since = MomentFilter(label=_("Modified since"))


def day_filter(filter_class: type[filters.DateFilter] = filters.DateFilter) -> filters.DateFilter:
    return filter_class(
        label=_("On date"),
        input_formats=DAY_FORMATS,
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
