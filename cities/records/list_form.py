"""The form above a list: its filters, what is wrong with them, and one page of the list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import ngettext, pgettext

from cities.records.kept import keeping
from cities.records.paging import ListPages

SHORT_FORM = 4
"""So many filters stand beside each other on a screen, and above each other on a phone."""

DAY_FORMAT = "n/j/Y"

Options = Iterable[tuple[str, Any]] | Callable[[], Iterable[tuple[str, Any]]]
"""The choices of a select, or what reads them."""


def named(records: Any) -> Options:
    """Return records with slug and name, as the choices of a select."""
    return records.order_by("name", "slug").values_list("slug", "name")


def requested_page(pages: Paginator, query: QueryDict) -> tuple[Page, str]:
    """Return the requested page; if there is none such, the first and a sentence that says so."""
    try:
        return pages.page(query.get("page") or 1), ""
    except InvalidPage:
        problem = ngettext(
            "That page does not exist. The list has only one page.",
            "That page does not exist. The list has %(count)s pages; this is the first.",
            pages.num_pages,
        )
        return pages.page(1), problem % {"count": pages.num_pages}


class DayInput(forms.TextInput):
    """A text field that shows an ISO date from an address as Americans write it."""

    def format_value(self, value: Any) -> str | None:
        try:
            day = parse_date(value or "")
        except ValueError:  # such as 2013-02-30
            day = None
        return date_format(day, DAY_FORMAT) if day else super().format_value(value)


@dataclass(frozen=True)
class Chip:
    """A filter in use, in words, and the address of the list without it."""

    label: str
    words: str
    without: str


class FilterForm:
    """A filter set as the form of a page, with choices for its selects.

    A filter that cannot be read is left out, with a sentence beside it: `status` is 400 then.
    """

    def __init__(
        self,
        query: QueryDict,
        filter_class: Any,
        records: Any,
        *,
        options: dict[str, Options] | None = None,
        hints: dict[str, str] | None = None,
        order: Iterable[str] = (),
    ) -> None:
        self.query = query
        given = filter_class(query, records)
        self.form = given.form
        self.form.label_suffix = ""
        for name, field in self.form.fields.items():
            field.widget = _widget(field, (filter_class, name), (options or {}).get(name))
            field.help_text = (hints or {}).get(name, "")
        self.problems: dict[str, list[str]] = {
            name: [str(problem) for problem in problems]
            for name, problems in self.form.errors.items()
        }
        readable = query.copy()
        for name in self.problems:
            readable.pop(name, None)
        self.filters = filter_class(readable, records) if self.problems else given
        self.form.order_fields(list(order))  # after cleaning: filters apply in their own order
        self.fields: list[BoundField] = list(self.form)

    @property
    def more(self) -> list[BoundField]:
        """The filters that a long form folds away: all but the first. None of a short form."""
        return self.fields[1:] if len(self.fields) > SHORT_FORM else []

    @property
    def at_hand(self) -> list[BoundField]:
        """The filters that are always shown."""
        return self.fields[: len(self.fields) - len(self.more)]

    @property
    def more_in_use(self) -> bool:
        return any(field.value() for field in self.more)

    @property
    def is_blank(self) -> bool:
        """Return whether nothing is filtered, so that the form looks the same for everybody."""
        return not self.problems and set(self.query) <= {"page"}

    @property
    def searches_words(self) -> bool:
        """Return whether the form looks for words, and not only by choices."""
        return "q" in self.form.fields

    @property
    def status(self) -> int:
        return 400 if self.problems else 200

    @property
    def chips(self) -> list[Chip]:
        """The filters in use."""
        return [
            Chip(str(field.label), self._in_words(field), self.address(field.name, "page"))
            for field in self.fields
            if field.value() and not field.errors
        ]

    def _in_words(self, field: BoundField) -> str:
        cleaned = self.form.cleaned_data.get(field.name)
        if isinstance(cleaned, date):
            return date_format(cleaned)
        labels = dict(getattr(field.field.widget, "choices", ()))
        return str(labels.get(field.value(), field.value()))

    @property
    def conditions(self) -> str:
        """The query without its page, for the links to other pages and to the data."""
        return self.address("page").removeprefix("?")

    def address(self, *without: str) -> str:
        """Return the query without some of its filters, as the end of an address."""
        rest = self.query.copy()
        for name in (*without, *(name for name in rest if not rest[name])):
            rest.pop(name, None)
        return f"?{rest.urlencode()}" if rest else "?"


class ListForm(FilterForm):
    """A filter form above a list that is shown page by page.

    Of a list whose rows take the database long, the ids of a page are read first: `in_order`
    gives those of the filtered rows in order, and `complete` what the list shows of the rows with
    some ids; both take the filters too.
    """

    def __init__(
        self,
        query: QueryDict,
        filter_class: Any,
        records: Any,
        *,
        page_size: int = 25,
        in_order: Callable[[Any, QuerySet], QuerySet] | None = None,
        complete: Callable[[Any, list[Any]], QuerySet] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(query, filter_class, records, **kwargs)
        found = self.filters.qs
        count = partial(keeping, (filter_class, localdate()), found.count)
        if not self.is_blank:
            count = found.count
        pages = ListPages(found, page_size, count=count)
        if in_order and complete:
            rows = partial(complete, self.filters)
            pages = ListPages(in_order(self.filters, found), page_size, rows, count)
        self.page, problem = requested_page(pages, self.query)
        if problem:
            self.problems["page"] = [problem]

    @cached_property
    def count(self) -> int:
        return self.page.paginator.count


def _widget(field: forms.Field, key: Any, options: Options | None) -> forms.Widget:
    """Return a select for what has choices, and a text field for the rest.

    The choices of a filter, by its key, are the same for everybody.
    """
    choices: Any = getattr(field, "choices", None) if options is None else options
    if choices is None:
        day = isinstance(field, forms.DateField)
        return (DayInput if day else forms.TextInput)({"autocomplete": "off"})

    def named() -> list[tuple[str, str]]:
        found = choices() if callable(choices) else choices
        return [(str(value), str(label)) for value, label in found if value]

    return forms.Select(choices=[("", pgettext("filter", "Any")), *keeping(key, named)])
