"""The records whose changes are told: what each is called, and the page that shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.models import Agreement, City, Entry, Organization, Relationship, Source
from cities.records.dates import RecordDate
from cities.records.publishing import Record
from cities.standing import Kind as EntryKind
from exchanges.models import Exchange, Program
from resolutions.course import Kind as ActionKind
from resolutions.models import (
    Action,
    Effect,
    Meeting,
    Member,
    Minutes,
    Reply,
    Resolution,
    Statement,
    Text,
)
from resolutions.models.meetings import MinutesKind
from resolutions.models.resolutions import TextKind

ROUTES: dict[Any, str] = {
    City: "city",
    Source: "source",
    Resolution: "resolutions:resolution",
    Meeting: "resolutions:meeting",
    Member: "resolutions:member",
    Statement: "resolutions:statement",
    Program: "exchanges:program",
    Exchange: "exchanges:exchange",
}
"""The records that have a page, each with its route."""


@dataclass(frozen=True)
class Known:
    """What is known of a record today: enough to name it and its page."""

    subject: str
    pk: int
    slug: str
    title: str
    dated: str
    number: int | None
    what: str
    language: str
    is_page_public: bool


Noun = Callable[[Known], str]


@dataclass(frozen=True)
class Subject:
    """A kind of record that is published by itself.

    `page` is the way to the record whose page shows it, none where that is its own. There,
    `title` is the field that names it, and `dated` one with a date that belongs to the name.
    `number` and `what` are fields of the record itself. A part of a page has an `anchor` there.
    """

    model: Any
    noun: Noun
    page: str = ""
    title: str = "title"
    dated: str = ""
    number: str = ""
    what: str = ""
    language: str = ""
    """The field with the language of the title; empty is English."""
    anchor: str = ""
    corrects: str = ""
    """The value of `what` by which a record is a correction."""

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def page_model(self) -> Any:
        model = self.model
        for name in filter(None, self.page.split("__")):
            model = model._meta.get_field(name).related_model
        return model

    @property
    def visible_through(self) -> tuple[str, ...]:
        """The ways to what must be public too; a part of a page comes after the first of them."""
        return self.model.objects.none().visible_through

    def way(self, name: str) -> str:
        """The way to a field of the record whose page shows it."""
        return f"{self.page}__{name}" if self.page else name

    def rows(self, pages: Q | None = None) -> Any:
        """The records whose address answers; only those on the pages, if some are asked for."""
        rows = self.model.objects.public_or_withdrawn()
        found = None if pages is None else self.page_model._base_manager.filter(pages).values("pk")
        if self.model is Agreement:  # it stands with its ties, and a tie may be a draft
            relationships = Relationship.objects.public()
            shown = relationships if found is None else relationships.filter(partner__in=found)
            return rows.filter(relationships__in=shown)
        return rows if found is None else rows.filter(**{f"{self.way('pk')}__in": found})

    def address(self, known: Known) -> str:
        """Where visitors read it; empty where no page shows it."""
        route = ROUTES.get(self.page_model)
        anchor = f"#{self.anchor}-{known.number}" if self.anchor else ""
        return reverse(route, args=[known.slug]) + anchor if route else ""

    def name(self, known: Known) -> str:
        """What the page is called."""
        if not known.dated:
            return known.title
        return _("%(body)s, %(date)s") % {"body": known.title, "date": _date(known.dated)}


def _date(text: str) -> str:
    return str(RecordDate.parse(text))


def _version(kinds: Any) -> Noun:
    def noun(known: Known) -> str:
        parts = {"kind": _label(kinds, known.what), "number": known.number}
        if kinds is MinutesKind:
            return _("minutes (%(kind)s, version %(number)s)") % parts
        return _("text (%(kind)s, version %(number)s)") % parts

    return noun


def _label(kinds: Any, value: str) -> str:
    label = str(kinds(value).label)
    return label[:1].lower() + label[1:]


def _line(known: Known) -> str:
    parts = {"number": known.number, "kind": _label(EntryKind, known.what)}
    return _("entry %(number)s (%(kind)s)") % parts


def _action(known: Known) -> str:
    parts = {"number": known.number, "kind": _label(ActionKind, known.what)}
    return _("action %(number)s (%(kind)s)") % parts


SUBJECTS = (
    Subject(City, lambda it: _("city"), title="name"),
    Subject(Relationship, lambda it: _("relationship"), page="partner", title="name"),
    Subject(
        Entry,
        _line,
        page="relationship__partner",
        title="name",
        number="number",
        what="kind",
        anchor="entry",
    ),
    Subject(Agreement, lambda it: _("agreement"), page="relationships__partner", title="name"),
    Subject(Source, lambda it: _("source"), language="title_language"),
    Subject(Organization, lambda it: _("organization"), title="name"),
    Subject(Resolution, lambda it: _("resolution")),
    Subject(
        Text,
        _version(TextKind),
        page="resolution",
        number="number",
        what="kind",
        anchor="version",
        corrects=TextKind.CORRECTED,
    ),
    Subject(
        Action,
        _action,
        page="resolution",
        number="number",
        what="kind",
        anchor="action",
        corrects=ActionKind.CORRECT,
    ),
    Subject(
        Effect, lambda it: _("what it does"), page="resolution", number="number", anchor="effect"
    ),
    Subject(
        Reply,
        lambda it: _("reply"),
        page="effect__resolution",
        number="effect__number",
        anchor="effect",
    ),
    Subject(Statement, lambda it: _("statement")),
    Subject(Meeting, lambda it: _("meeting"), title="organization__name", dated="on"),
    Subject(
        Minutes,
        _version(MinutesKind),
        page="meeting",
        title="organization__name",
        dated="on",
        number="number",
        what="kind",
        anchor="minutes",
        corrects=MinutesKind.CORRECTED,
    ),
    Subject(Member, lambda it: _("member"), title="name"),
    Subject(Program, lambda it: _("program")),
    Subject(Exchange, lambda it: _("exchange")),
)
BY_LABEL = {subject.label: subject for subject in SUBJECTS}


def _parts() -> dict[str, tuple[Any, Subject]]:
    """Rows that stand under a record, each with the kind of record, by their label."""
    by_model = {subject.model: subject for subject in SUBJECTS}
    found = {}
    for model in apps.get_models():
        if issubclass(model, Record) and model.parents:
            above = model._meta.get_field(model.parents[0]).related_model
            if above in by_model:
                found[model._meta.label_lower] = (model, by_model[above])
    return found


PARTS = _parts()
"""They have no publication of their own: what changes in them is a change of the record."""
