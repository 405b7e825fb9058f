"""The page of the desk about one city: all that is on record with it, each line with its state."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import F, Q
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.current_register import register_of
from cities.models import Agreement, City, Entry, Relationship, Source
from cities.models.names import NameKind
from cities.records.admin.change_sets import sets_for
from cities.records.admin.permissions import may
from cities.records.admin.returning import leading_back
from cities.records.change_sets import ProposedChange, kind_of
from cities.records.publishing import Publication
from cities.standing import fold
from cities.words import headline, lower_first, standing_sentence
from exchanges.models import Exchange, Program
from lrscc.desk.in_place import KINDS, address_in_place
from lrscc.desk.parts import Line, Section, Step, anchor_of
from resolutions.filters import about
from resolutions.models import Resolution, Statement

LINES_SHOWN = 20
"""Exchanges, votes, statements and documents that the page lists, the newest first."""


class CityPage:
    """What one person may see of a city and do with it, in a fixed number of queries."""

    def __init__(
        self, site: AdminSite, request: HttpRequest, pk: int, today: date, changed: Any = None
    ) -> None:
        """Raise `Http404` unless there is such a city that the person may see.

        While a record is changed in its place, the page has that alone, with the rest of its
        history.
        """
        self.site, self.request, self.today, self.changed = site, request, today, changed
        self._called = self._city_with_names(pk)
        if not self._called:
            raise Http404
        self.city: City = self._called[0]
        self.back = reverse("admin:cities_city_partner", args=[pk])

    @cached_property
    def relationships(self) -> list[Relationship]:
        found = self._rows(Relationship)
        return [] if found is None else [*found.filter(partner=self.city)]

    @cached_property
    def _keys(self) -> list[int]:
        return [relationship.pk for relationship in self.relationships]

    # --- what is there ---

    @property
    def facts(self) -> Iterator[tuple[str, str, str]]:
        """Yield what the city itself says: the label, the value and its language."""
        sees_drafts = may(self.request, "preview", Source)
        for row in self._called:
            if row.named and (sees_drafts or row.rests_on != Publication.DRAFT):
                yield str(NameKind(row.named_as).label), row.named, row.named_in
        where = [self.city.subdivision_name, self.city.country_name]
        yield gettext("Where"), ", ".join(filter(None, where)), ""
        for name in ("kind", "summary", "website", "time_zone", "began", "ceased"):
            value = getattr(self.city, name)
            if value:
                label = City._meta.get_field(name).verbose_name  # type: ignore[union-attr]
                shown = self.city.get_kind_display() if name == "kind" else str(value)
                yield str(label).capitalize(), shown, ""

    @property
    def itself(self) -> Line:
        """The city with what can be done with it."""
        return self._parts[0]

    @property
    def sections(self) -> list[Section]:
        """The lists of the page; those that the person may not see are left out."""
        return self._parts[1]

    @cached_property
    def _parts(self) -> tuple[Line, list[Section]]:
        sections = [section for section in self._sections() if section is not None]
        itself = self._line(self.city, str(self.city), "", "", change=gettext("Change facts"))
        if self.changed is not None:
            return itself, sections
        lines = self._with_waiting([itself, *(line for each in sections for line in each.lines)])
        rest = iter(lines[1:])
        return lines[0], [
            replace(each, lines=[next(rest) for __ in each.lines]) for each in sections
        ]

    def _sections(self) -> Iterator[Section | None]:
        if isinstance(self.changed, Agreement):
            yield Section("agreement", _("Agreements"), [self._agreement(self.changed)])
            return
        yield from self._histories()
        if self.changed is not None:
            return
        yield self._agreements()
        programs = self._programs()
        yield programs
        yield self._exchanges(programs)
        yield self._votes()
        yield self._statements()
        yield self._documents()

    def _with_waiting(self, lines: list[Line]) -> list[Line]:
        """Return the lines, each with the set in which it waits, which is not begun again."""
        by_kind: dict[str, list[int]] = {}
        for line in lines:
            by_kind.setdefault(line.key[0], []).append(line.key[1])
        named = [Q(kind=kind, object_id__in=keys) for kind, keys in by_kind.items()]
        changes = ProposedChange.objects.filter(reduce(or_, named))
        changes = changes.filter(change_set__in=sets_for(self.request).unsettled().values("pk"))
        found = {(one.kind, one.object_id): one for one in changes.select_related("change_set")}
        return [
            replace(
                line,
                waiting=found[line.key].change_set,
                steps=[step for step in line.steps if not step.is_submission],
            )
            if line.key in found
            else line
            for line in lines
        ]

    @property
    def begin(self) -> list[Step]:
        """What a city without a relationship on record needs first."""
        if self.changed or self.relationships or self.city.pk == register_of(self.request).home_id:
            return []
        label = gettext("Add the relationship")
        return self._add(Relationship, label, partner=self.city.pk)

    # --- the sections ---

    def _city_with_names(self, pk: int) -> list[Any]:
        """Return the city once for each of its names: one question for both."""
        cities = self.site.get_model_admin(City).get_queryset(self.request)
        return [
            *cities.filter(pk=pk)
            .annotate(
                named=F("names__text"),
                named_in=F("names__language"),
                named_as=F("names__kind"),
                rests_on=F("names__source__publication"),
            )
            .order_by("named_as", "names__pk")
        ]

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
        if standing.status is None and any(entry.is_draft for entry in entries):
            sentence = gettext("Its status follows once an entry is published.")
        return Section(
            anchor_of("relationship", relationship.pk),
            heading,
            [self._entry(entry) for entry in entries],
            [
                *self._add(Entry, gettext("Add an entry"), relationship=relationship.pk),
                *self._relationship_steps(relationship),
            ],
            f"{state}: {sentence}" if state else sentence,
        )

    def _relationship_steps(self, relationship: Relationship) -> list[Step]:
        """Return what can be done with it; it is published with a city that is a draft."""
        steps = [*self._steps(relationship, gettext("Change the relationship"))]
        return steps[:1] if self.city.is_draft else steps

    def _entry(self, entry: Entry) -> Line:
        number = gettext("entry %(number)s") % {"number": entry.number}
        detail = [number, lower_first(entry.get_party_display())]
        if entry.is_claimed:
            detail.append(gettext("claimed"))
        return self._line(entry, headline(entry), entry.on, ", ".join(detail))

    def _agreements(self) -> Section | None:
        return self._section(
            Agreement,
            _("Agreements"),
            lambda rows: rows.filter(self._about(Agreement)).distinct(),
            self._agreement,
            self._add(Agreement, gettext("Add an agreement"), relationships=self._first),
        )

    def _agreement(self, agreement: Agreement) -> Line:
        signed = agreement.signed_on, agreement.signed_at
        return self._line(agreement, agreement.get_kind_display(), *signed)

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
        used = Q(recorded_relationships__in=self._keys)
        for model, path in ((Entry, "citations__entry"), (Agreement, "agreements")):
            rows = self._rows(model)
            if rows is not None:  # what a hidden draft rests on is as hidden
                used |= Q(**{f"{path}__in": rows.filter(self._about(model)).values("pk")})
        return self._section(
            Source,
            _("Documents and sources"),
            lambda rows: rows.filter(pk__in=Source.objects.filter(used).values("pk")),
            lambda row: self._line(row, row.title, row.dated, row.get_reliability_display()),
            self._add(Source, gettext("Add a document")),
        )

    def _about(self, model: Any) -> Q:
        name = "relationship" if model is Entry else "relationships"
        return Q(**{f"{name}__in": self._keys})

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
        self,
        record: Any,
        text: str,
        when: Any,
        detail: str,
        steps: Iterable[Step] = (),
        change: str = "",
    ) -> Line:
        state = record.get_publication_display()
        return Line(
            str(when or ""),
            str(text),
            str(detail),
            record.publication,
            state,
            [*self._steps(record, change or gettext("Change")), *steps],
            (kind_of(record), record.pk),
        )

    def _steps(self, record: Any, change: str) -> Iterator[Step]:
        """Yield what the person can do with a record."""
        own: Any = self.site.get_model_admin(type(record))
        route = f"admin:{record._meta.app_label}_{record._meta.model_name}"
        if own.has_change_permission(self.request, record):
            yield Step(change, self._change_address(record), str(record))
        else:
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
                is_submission=True,
            )
        corrects = own.may_be_corrected and own.has_add_permission(self.request)
        if corrects and record.publication == Publication.PUBLISHED:
            address = reverse(f"{route}_correct", args=[record.pk])
            yield Step(gettext("Correct"), address, str(record), is_button=True)

    def _change_address(self, record: Any) -> str:
        """Return where a record is changed: in its place here, or by a form that leads back."""
        name = record._meta.model_name
        anchor = anchor_of(name, record.pk)
        if name in KINDS:
            return address_in_place(self.back, anchor)
        address = reverse(f"admin:{record._meta.app_label}_{name}_change", args=[record.pk])
        return leading_back(address, f"{self.back}#{anchor}")

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
