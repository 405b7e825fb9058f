"""The sections of the list of exchanges: what people can still join comes first."""

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
from django.utils.translation import gettext_lazy as _

from exchanges.models import Exchange
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


def in_sections(exchanges: Any, on: date) -> Any:
    """Return exchanges `with_phase` of a day, each with its `section`.

    Open ones by deadline, those coming up by day, past ones newest first. Each key is one list
    of conditions: a key made from another key would be a query many times as long.
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


def with_editions(programs: Any, on: date, exchanges: Any = None) -> Any:
    """Return programs with their exchanges, the next one first, as `public_editions`.

    `exchanges` are the public ones, with what a page shows of them beside their own fields.
    """
    public = Exchange.objects.public() if exchanges is None else exchanges
    editions = in_sections(public.with_phase(on), on)
    return programs.prefetch_related(Prefetch("exchanges", editions, to_attr="public_editions"))


def with_next_edition(programs: Any, on: date) -> Any:
    """Return programs, each with its next exchange alone as `public_editions`.

    It has no `phase`: the database would compute that of all of them.
    """
    editions = in_sections(Exchange.objects.public().with_last_days(), on)[:1]
    return programs.prefetch_related(Prefetch("exchanges", editions, to_attr="public_editions"))


def section_title(section: int) -> str:
    return str(Section(section).label)
