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
from django.db.models import BooleanField, CharField, Func, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from cities.records.dependencies import model_at
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


def among(pks: Iterable[int]) -> Any:
    """Return however many ids as the right side of “in”.

    SQLite bounds the number of parameters, and PostgreSQL plans well for a list alone.
    """
    listed = list(pks)
    if connection.vendor == "postgresql" or not listed:
        return listed
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(listed)])


_EDGES = re.compile(r"^\W+|\W+$")


class NotAscii(Func):
    """Whether a text has a sign that is not ASCII: it takes more bytes than it has signs."""

    output_field = BooleanField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(LENGTH(CAST(%(expressions)s AS BLOB)) <> LENGTH(%(expressions)s))"
        return self._twice(compiler, connection, template)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(OCTET_LENGTH(%(expressions)s) <> CHAR_LENGTH(%(expressions)s))"
        return self._twice(compiler, connection, template)

    def _twice(self, compiler: Any, connection: Any, template: str) -> Any:
        sql, params = super().as_sql(compiler, connection, template=template)
        return sql, (*params, *params)


def containing(rows: QuerySet, fields: Iterable[str], wanted_words: str) -> QuerySet:
    """Return the rows that have each of the words, or a longer word around it, in the fields.

    Accents, case and the width of signs make no difference, as in `cities.records.folding`.
    Databases can compare so only what is ASCII, most of all texts. The others are read and
    compared here, those of linked rows once.
    """
    words = [_EDGES.sub("", word) for word in fold(wanted_words).split()]
    words = [*dict.fromkeys(filter(None, words))][:MAX_WORDS]
    if not words:
        return rows.none()
    texts = _texts(rows.model, fields)
    everything = rows.model._base_manager.order_by()
    for word in words:
        wanted = Q(pk__in=[])
        for text in texts:
            found = text.having(word)
            if "" in text.links:
                wanted |= found
            links = [link for link in text.links if link]
            linked = text.rows.filter(found)
            if links and linked.exists():  # few words are in a name: the others are not joined
                for link in links:
                    by_link = everything.filter(**{f"{link}__in": linked.values("pk")})
                    wanted |= Q(pk__in=by_link.values("pk"))
        rows = rows.filter(wanted)
    return rows


def _texts(model: Any, paths: Iterable[str]) -> list["_Texts"]:
    """Return the fields at the ends of the paths, together with all links that lead to them."""
    by_link: dict[str, list[str]] = {}
    for path in paths:
        link, __, name = path.rpartition("__")
        by_link.setdefault(link, []).append(name)
    links: dict[tuple[Any, ...], list[str]] = {}
    for link, names in by_link.items():
        links.setdefault((model_at(model, link), *names), []).append(link)
    return [_Texts(at, of_it, names) for (at, *names), of_it in links.items()]


class _Texts:
    """The texts in some fields of the rows, or of the rows that links lead to."""

    def __init__(self, model: Any, links: list[str], names: list[str]) -> None:
        self.links = links
        self.rows = model._base_manager.order_by()
        fields = [model._meta.get_field(name) for name in names]
        self.names = [field.name for field in fields if isinstance(field, CharField | TextField)]
        others = [name for name in names if name not in self.names]
        read_here = Q(*map(NotAscii, self.names), _connector=Q.OR)
        rows = self.rows if others else self.rows.filter(read_here)
        self.folded = {
            pk: fold("\n".join(str(value) for value in values))
            for pk, *values in rows.values_list("pk", *names)
        }

    def having(self, word: str) -> Q:
        """Return the condition that the texts have a word, or a longer word around it."""
        found = Q(pk__in=among(pk for pk, text in self.folded.items() if word in text))
        if word.isascii():
            for name in self.names:
                found |= Q(**{f"{name}__icontains": word})
        return found


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


def choice_filter(
    label: Any, choices: Any, field_name: str | None = None, method: str | None = None
) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(
        label=label,
        choices=choices,
        field_name=field_name,
        method=method,
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
