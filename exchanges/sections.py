"""The sections of the list of exchanges: what people can still join comes first."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    DateField,
    F,
    IntegerChoices,
    IntegerField,
    Prefetch,
    Q,
    Value,
    When,
)
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cities.records.kept import kept
from exchanges.models import Exchange, Program
from exchanges.models.exchanges import phase_conditions
from exchanges.states import CALLED_OFF, Phase, State


class Section(IntegerChoices):
    """A heading of the list. What is called off stays where it would have been."""

    OPEN = 1, _("Open for applications")
    COMING = 2, _("Coming up")
    UNDER_WAY = 3, _("Happening now")
    PAST = 4, _("Past exchanges")


_OF_PHASE = {
    Phase.OPEN: Section.OPEN,
    Phase.UNDER_WAY: Section.UNDER_WAY,
    Phase.PAST: Section.PAST,
}
"""All others are coming up, except those called off that would be over."""


def section_of(exchange: Exchange, on: date) -> Section:
    """Return the section of an exchange on a day."""
    phase = exchange.phase_on(on)
    if phase in CALLED_OFF.values():
        last = exchange.ends_latest or exchange.begins_latest
        is_over = last < on if last else phase == Phase.CANCELLED
        return Section.PAST if is_over else Section.COMING
    return _OF_PHASE.get(phase, Section.COMING)


def in_order(exchanges: Iterable[Exchange], on: date) -> list[Exchange]:
    """Return exchanges as they stand below each other: the next one of a program is the first.

    Open ones by deadline, those coming up by day, past ones newest first.
    """

    def place(exchange: Exchange) -> Any:
        section = section_of(exchange, on)
        first_day = exchange.begins_earliest
        deadline = exchange.applications_close_on if section == Section.OPEN else None
        coming = None if section == Section.PAST else first_day
        ago = -first_day.toordinal() if first_day else 0
        return section, deadline or date.max, coming or date.max, ago, exchange.slug

    return sorted(exchanges, key=place)


def in_sections(exchanges: Any, on: date) -> Any:
    """Return exchanges `with_phase` of a day, each with its `section`, for a list in pages.

    It agrees with `section_of` and `in_order`. Each key is one list of conditions: a key made
    from another key would be a query many times as long.
    """
    conditions = _section_conditions(on)
    section = Case(
        *(When(when, then=Value(section.value)) for when, section in conditions),
        default=Value(Section.COMING.value),
        output_field=IntegerField(),
    )
    deadline = _key(conditions, {Section.OPEN: F("applications_close_on")}, Value(None))
    first_day = _key(conditions, {Section.PAST: Value(None)}, F("begins_earliest"))
    return exchanges.annotate(section=section).order_by(
        "section",
        deadline.asc(nulls_last=True),
        first_day.asc(nulls_last=True),
        F("begins_earliest").desc(nulls_last=True),
        "slug",
    )


def _section_conditions(on: date) -> list[tuple[Q, Section]]:
    """Return the condition of each section; the first that holds is the section."""
    over = Q(last__lt=on) | Q(last__isnull=True, state=State.CANCELLED)
    called_off = Q(state__in=CALLED_OFF)
    return [
        (called_off & over, Section.PAST),
        (called_off, Section.COMING),
        *((when, _OF_PHASE[phase]) for when, phase in phase_conditions(on) if phase in _OF_PHASE),
    ]


def _key(conditions: list[tuple[Q, Section]], of_section: dict[Section, Any], other: Any) -> Case:
    """Return what some sections are ordered by, and the others by something else."""
    whens = [When(when, then=of_section.get(section, other)) for when, section in conditions]
    return Case(*whens, default=other, output_field=DateField(null=True))


def with_editions(programs: Any, exchanges: Any = None) -> Any:
    """Return programs with their exchanges as `public_editions`.

    `exchanges` are the public ones, with what a page shows of them beside their own fields.
    """
    public = Exchange.objects.public() if exchanges is None else exchanges
    editions = Prefetch("exchanges", public.order_by(), to_attr="public_editions")
    return programs.prefetch_related(editions)


def editions(program: Any) -> list[Exchange]:
    """Return the exchanges of a program `with_editions`, the next one first."""
    return in_order(program.public_editions, localdate())


@kept
def programs_today(today: date) -> list[tuple[Program, frozenset[int]]]:
    """Return the public programs, each with its next exchange alone as `public_editions`, and
    with the keys of the relationships that it or one of its public exchanges is about.
    """
    about: dict[int, set[int]] = {}
    link = Exchange.relationships.through.objects
    exchanges = Exchange.objects.public().values("pk")
    for program, relationship in link.filter(exchange__in=exchanges).values_list(
        "exchange__program", "relationship"
    ):
        about.setdefault(program, set()).add(relationship)
    programs = list(with_editions(Program.objects.public().for_list()))
    for program in programs:
        program.public_editions = in_order(program.public_editions, today)[:1]
        own = {relationship.pk for relationship in program.public_relationships}
        about[program.pk] = own | about.get(program.pk, set())
    return [(program, frozenset(about[program.pk])) for program in programs]


def section_title(section: int) -> str:
    return str(Section(section).label)
