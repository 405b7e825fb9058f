"""The page of the desk about one city: all that is on record with it, each line with its state."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.current_register import register_of
from cities.models import Agreement, City, CityName, Entry, Relationship, Source
from cities.records.admin.returning import leading_back
from cities.records.publishing import Publication
from cities.standing import fold
from cities.words import headline, standing_sentence
from exchanges.models import Exchange, Program
from resolutions.filters import about
from resolutions.models import Resolution, Statement

LINES_SHOWN = 20
"""Exchanges, votes, statements and documents that the page lists, the newest first."""


@dataclass(frozen=True)
class Step:
    """A link or a button: what it does, and to what, where that is not said beside it."""

    label: str
    address: str
    name: str = ""
    is_button: bool = False


@dataclass(frozen=True)
class Line:
    """One record in a list: its date, what it says, its state, and what can be done with it."""

    when: str
    text: str
    detail: str
    publication: str
    state: str
    steps: list[Step]
    anchor: str = ""


@dataclass(frozen=True)
class Section:
    """A heading of the page, with its lines and what can be added to them."""

    key: str
    heading: Any
    lines: list[Line]
    steps: list[Step] = field(default_factory=list)
    sentence: str = ""
    """How a relationship stands today."""
    is_cut: bool = False
    """Whether there are more lines than are shown."""
    every: str = ""
    """The address of the list of all of them."""
    standing: list[int] = field(default_factory=list)
    """The keys of the records that were not withdrawn."""


class CityPage:
    """What one person may see of a city and do with it, in a fixed number of queries."""

    def __init__(self, site: AdminSite, request: HttpRequest, city: City, today: date) -> None:
        self.site, self.request, self.city, self.today = site, request, city, today
        self.back = reverse("admin:cities_city_partner", args=[city.pk])
        self.relationships = self._relationships()
        self._keys = [relationship.pk for relationship in self.relationships]

    # --- what is there ---

    @property
    def facts(self) -> Iterator[tuple[str, str, str]]:
        """Yield what the city itself says: the label, the value and its language."""
        names = CityName.objects.filter(city=self.city).select_related("source")
        for known in names.order_by("kind", "pk"):
            yield known.get_kind_display(), known.text, known.language
        where = [self.city.subdivision_name, self.city.country_name]
        yield gettext("Where"), ", ".join(filter(None, where)), ""
        for name in ("kind", "summary", "website", "time_zone", "began", "ceased"):
            value = getattr(self.city, name)
            if value:
                label = City._meta.get_field(name).verbose_name  # type: ignore[union-attr]
                shown = self.city.get_kind_display() if name == "kind" else str(value)
                yield str(label).capitalize(), shown, ""

    @property
    def city_steps(self) -> list[Step]:
        return [*self._steps(self.city, gettext("Change facts"))]

    @property
    def sections(self) -> list[Section]:
        """The lists of the page; those that the person may not see are left out."""
        programs = self._programs()
        found = [
            *self._histories(),
            self._agreements(),
            programs,
            self._exchanges(programs),
            self._votes(),
            self._statements(),
            self._documents(),
        ]
        return [section for section in found if section is not None]

    @property
    def begin(self) -> list[Step]:
        """What a city without a relationship on record needs first."""
        if self.relationships or self.city.pk == register_of(self.request).home_id:
            return []
        label = gettext("Add the relationship")
        return self._add(Relationship, label, partner=self.city.pk)

    # --- the sections ---

    def _relationships(self) -> list[Relationship]:
        found = self._rows(Relationship)
        return [] if found is None else [*found.filter(partner=self.city)]

    def _histories(self) -> Iterator[Section]:
        """Yield each relationship with its history."""
        entries = self._rows(Entry)
        by_relationship: dict[int, list[Entry]] = {key: [] for key in self._keys}
        if entries is not None:
            links = ("type", "relationship__home", "relationship__partner")
            rows = entries.filter(relationship__in=self._keys).select_related(None)
            for entry in rows.select_related(*links):
                by_relationship[entry.relationship_id].append(entry)
        for relationship in self.relationships:
            yield self._history(relationship, by_relationship[relationship.pk])

    def _history(self, relationship: Relationship, entries: list[Entry]) -> Section:
        standing = fold((entry for entry in entries if entry.counts), self.today)
        heading = gettext("Relationship with %(city)s") % {"city": relationship.home.name}
        state = "" if relationship.is_published else relationship.get_publication_display()
        sentence = standing_sentence(standing, relationship.home)
        return Section(
            f"relationship-{relationship.pk}",
            heading,
            [self._entry(entry) for entry in entries],
            [
                *self._add(Entry, gettext("Add an entry"), relationship=relationship.pk),
                *self._steps(relationship, gettext("Change the relationship")),
            ],
            f"{state}: {sentence}" if state else sentence,
        )

    def _entry(self, entry: Entry) -> Line:
        number = gettext("entry %(number)s") % {"number": entry.number}
        detail = [number, entry.get_party_display()]
        if entry.is_claimed:
            detail.append(gettext("claimed"))
        return self._line(entry, headline(entry), entry.on, ", ".join(detail))

    def _agreements(self) -> Section | None:
        return self._section(
            Agreement,
            _("Agreements"),
            lambda rows: rows.filter(relationships__in=self._keys).distinct(),
            lambda row: self._line(row, row.get_kind_display(), row.signed_on, row.signed_at),
            self._add(Agreement, gettext("Add an agreement"), relationships=self._first),
        )

    def _programs(self) -> Section | None:
        def line(program: Program) -> Line:
            steps = self._add(Exchange, gettext("Announce the next one"), program=program.pk)
            return self._line(program, program.title, program.since, "", steps)

        return self._section(
            Program,
            _("Programs"),
            lambda rows: rows.filter(relationships__in=self._keys).distinct(),
            line,
            self._add(Program, gettext("Add a program"), relationships=self._first),
        )

    def _exchanges(self, programs: Section | None) -> Section | None:
        """Return the exchanges; a new one begins with the program if there is only one."""
        known = {"relationships": self._first}
        if programs is not None and len(programs.standing) == 1:
            known["program"] = programs.standing[0]

        def line(exchange: Any) -> Line:
            return self._line(
                exchange, exchange.title, exchange.begins, exchange.get_state_display()
            )

        return self._section(
            Exchange,
            _("Exchanges"),
            lambda rows: rows.filter(relationships__in=self._keys).distinct(),
            line,
            self._add(Exchange, gettext("Announce an exchange"), **known),
            self.city.name,
        )

    def _votes(self) -> Section | None:
        return self._section(
            Resolution,
            _("What councils asked and decided"),
            lambda rows: rows.filter(about(Resolution, [self.city.pk], self._keys)).order_by(
                "-pk"
            ),
            lambda row: self._line(row, row.title, row.number, str(row.organization)),
            self._add(Resolution, gettext("Add a resolution"), relationships=self._first),
            self.city.name,
        )

    def _statements(self) -> Section | None:
        return self._section(
            Statement,
            _("Statements"),
            lambda rows: rows.filter(about(Statement, [self.city.pk], self._keys)).order_by("-pk"),
            lambda row: self._line(row, row.title, row.on, row.speaker),
            self._add(Statement, gettext("Add a statement"), relationships=self._first),
            self.city.name,
        )

    def _documents(self) -> Section | None:
        used = (
            Q(citations__entry__relationship__in=self._keys)
            | Q(agreements__relationships__in=self._keys)
            | Q(recorded_relationships__in=self._keys)
        )
        return self._section(
            Source,
            _("Documents and sources"),
            lambda rows: rows.filter(pk__in=Source.objects.filter(used).values("pk")),
            lambda row: self._line(row, row.title, row.dated, row.get_reliability_display()),
            self._add(Source, gettext("Add a document")),
        )

    # --- lines and what can be done with them ---

    @property
    def _first(self) -> Any:
        """The key of the relationship that a new record is about; nothing if there is none."""
        return self._keys[0] if self._keys else None

    def _rows(self, model: Any) -> Any:
        """Return the records of a model that the person may see; None without that right."""
        own: Any = self.site.get_model_admin(model)
        return own.get_queryset(self.request) if own.has_view_permission(self.request) else None

    def _section(
        self,
        model: Any,
        heading: Any,
        wanted: Callable[[Any], Any],
        line: Callable[[Any], Line],
        steps: list[Step],
        search: str = "",
    ) -> Section | None:
        """Return the newest records of a model, those without a page of their own whole."""
        rows = self._rows(model)
        if rows is None:
            return None
        found = [*wanted(rows)[: LINES_SHOWN + 1]]
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        return Section(
            model._meta.model_name,
            heading,
            [line(row) for row in found[:LINES_SHOWN]],
            steps,
            is_cut=len(found) > LINES_SHOWN,
            every=f"{address}?q={search}" if search else address,
            standing=[row.pk for row in found if not row.is_withdrawn],
        )

    def _line(
        self, record: Any, text: str, when: Any, detail: str, steps: Iterable[Step] = ()
    ) -> Line:
        state = record.get_publication_display()
        return Line(
            str(when or ""),
            str(text),
            str(detail),
            record.publication,
            state,
            [*self._steps(record, gettext("Change")), *steps],
        )

    def _steps(self, record: Any, change: str) -> Iterator[Step]:
        """Yield what the person can do with a record."""
        own: Any = self.site.get_model_admin(type(record))
        route = f"admin:{record._meta.app_label}_{record._meta.model_name}"
        if own.has_change_permission(self.request, record):
            address = reverse(f"{route}_change", args=[record.pk])
            yield Step(change, leading_back(address, self.back), str(record))
        elif own.has_view_permission(self.request, record):
            yield Step(gettext("Read"), reverse(f"{route}_change", args=[record.pk]), str(record))
        if record.is_draft and own.may_publish(self.request):
            yield Step(
                gettext("Publish"), reverse(f"{route}_publish", args=[record.pk]), str(record)
            )
        elif record.is_draft and own.has_change_permission(self.request, record):
            yield Step(
                gettext("Send for review"),
                reverse(f"{route}_submit", args=[record.pk]),
                str(record),
            )
        corrects = own.may_be_corrected and own.has_add_permission(self.request)
        if corrects and record.publication == Publication.PUBLISHED:
            address = reverse(f"{route}_correct", args=[record.pk])
            yield Step(gettext("Correct"), address, str(record), is_button=True)

    def _add(self, model: Any, label: str, **prefilled: Any) -> list[Step]:
        """Return the link to a form that begins with what is known here."""
        own: Any = self.site.get_model_admin(model)
        if not own.has_add_permission(self.request):
            return []
        known = {name: value for name, value in prefilled.items() if value is not None}
        if len(known) < len(prefilled):
            return []  # it would belong to a relationship that is not on record
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        return [Step(label, leading_back(address, self.back, **known))]
