"""The kinds of record that the apps keep, each described once for every engine of the site.

An app describes its kinds in a module of its own called `record_types`, found when Django starts
as its `admin` is. The engines (changes, search, register files, pages) read the descriptions
here, and import no model of an app.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.module_loading import autodiscover_modules

from cities.records.citations import CitedBy
from cities.records.dependencies import model_at
from cities.records.register_tables import Table
from cities.records.search_fields import SearchFields


@dataclass(frozen=True)
class Known:
    """What the list of changes knows of a record today: enough to name it and its page."""

    label: str
    pk: int
    slug: str
    title: str
    dated: str
    number: int | None
    kind: str
    language: str
    is_page_public: bool


@dataclass(frozen=True)
class Changes:
    """How changes of a kind of record are listed.

    A record without a page of its own names, in `page`, the path to the record whose page shows
    it, and in `anchor` what its place on that page is called, before its number. `title`,
    `title_date` and `title_language` are fields of the record with the page; `number` and `kind`
    are the record's own. `correction` is the value of `kind` that makes it a correction. `phrase`
    says what changed where the noun of the kind says too little.
    """

    phrase: Callable[[Known], str] | None = None
    page: str = ""
    anchor: str = ""
    title: str = "title"
    title_date: str = ""
    title_language: str = ""
    number: str = ""
    kind: str = ""
    correction: str = ""

    def on_page(self, name: str) -> str:
        """Return the path to a field of the record whose page shows it."""
        return f"{self.page}__{name}" if self.page else name


@dataclass(frozen=True, eq=False)
class RecordType:
    """A kind of record: what it is called, where it is read, and what the engines do with it.

    `key` names the kind for ever, in the ids of feed entries: it outlives a new name of the model.
    `route` is the name of the page that shows one, by its slug; empty if none does. `feed` is what
    the feed of one record is asked for by, and `feed_title` what it is called. `followed_with`
    says, by the `feed` of another kind, which of these records a reader follows with the record
    of that kind that has a primary key.
    """

    model: Any
    noun: Any
    plural: Any
    key: str = ""
    route: str = ""
    feed: str = ""
    feed_title: Callable[[Any], str] = str
    followed_with: Mapping[str, Callable[[int], Q]] = field(default_factory=dict)
    changes: Any = None
    """The `Changes` of a record that is published by itself."""
    embedded_in: tuple[str, ...] = ()
    """Fields that name records which are read together with it, besides its parent; those of a
    part after a dot."""
    table: Table | None = None
    search: SearchFields | None = None
    cited_by: tuple[CitedBy, ...] = ()
    schema_org: Callable[[Any, Callable[[str], str]], dict[str, Any]] | None = None

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def feed_key(self) -> str:
        return self.key or self.label

    def phrase(self, known: Known) -> str:
        """Return what a change of a record is a change of: “entry 3 (signed)”."""
        return self.changes.phrase(known) if self.changes.phrase else str(self.noun)

    @property
    def page(self) -> str:
        """The path to the record whose page shows one of this kind; empty for its own page."""
        return self.changes.page if self.changes else ""

    @property
    def page_model(self) -> Any:
        """The model of the record whose page shows one of this kind."""
        return model_at(self.model, self.page)

    @property
    def is_on_any_page(self) -> bool:
        """Return whether it is shown with each of several records, as an agreement is."""
        first = self.page.partition("__")[0]
        return bool(first) and self.model._meta.get_field(first).many_to_many

    def shown(self) -> Any:
        """The records whose address answers, with the record or with why it was withdrawn."""
        rows = self.model.objects.public_or_withdrawn()
        if not self.is_on_any_page:
            return rows
        first = self.page.partition("__")[0]  # some of them may be drafts
        return rows.filter(**{f"{first}__in": model_at(self.model, first).objects.public()})

    def on_pages(self, pages: Any) -> Q:
        """Return the condition that a record is shown on one of several pages, by their keys."""
        first, __, rest = self.page.partition("__")
        above = model_at(self.model, first).objects.public().order_by()
        return Q(**{f"{first}__in": above.filter(**{f"{rest}__in": pages}).values("pk")})

    def pages(self) -> Any:
        """The key of each record that is shown on several pages, with the slug of each page."""
        first = self.page.partition("__")[0]
        above = model_at(self.model, first).objects.public().order_by()
        rows = self.model.objects.public().filter(**{f"{first}__in": above.values("pk")})
        return rows.order_by().values_list("pk", f"{self.page}__slug")

    def address(self, slug: str, number: int | None = None) -> str:
        """Where visitors read the record, by the slug of the record whose page shows it; empty if
        no page does."""
        page_type = registry.of(self.page_model)
        if page_type is None or not page_type.route:
            return ""
        anchor = self.changes.anchor if self.changes else ""
        return reverse(page_type.route, args=[slug]) + (f"#{anchor}-{number}" if anchor else "")


def itself(pk: int) -> Q:
    """Return the record alone, for `followed_with`."""
    return Q(pk=pk)


def lower_first(text: str) -> str:
    """Return a label inside a sentence."""
    return text[:1].lower() + text[1:]


class Registry:
    """The kinds of record of all apps, in the order in which they were registered."""

    def __init__(self) -> None:
        self._by_model: dict[Any, RecordType] = {}

    def register(self, *record_types: RecordType) -> None:
        """Add kinds of record. Raises `ValueError` for a model that has one already."""
        for record_type in record_types:
            if record_type.model in self._by_model:
                raise ValueError(f"{record_type.model.__name__} is registered already.")
            self._by_model[record_type.model] = record_type

    def __iter__(self) -> Iterator[RecordType]:
        return iter(self._by_model.values())

    def __getitem__(self, model: Any) -> RecordType:
        """Return the kind of a model. Raise `KeyError` where its app describes none."""
        return self._by_model[model]

    def of(self, model: Any) -> RecordType | None:
        """Return the kind of a model; none where its app describes none."""
        return self._by_model.get(model)


registry = Registry()


def autodiscover() -> None:
    """Import the `record_types` of every app, in the order of the settings."""
    autodiscover_modules("record_types")
