"""The sections of the list of exchanges: what people can still join comes first."""

from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerChoices, IntegerField, Prefetch, Q, Value, When
from django.utils.translation import gettext_lazy as _

from exchanges.models import Exchange
from exchanges.states import CALLED_OFF, Phase


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

    Open ones by deadline, those coming up by day, past ones newest first.
    """
    called_off = Q(phase__in=[phase.value for phase in CALLED_OFF.values()])
    over = Q(last__lt=on) | Q(last__isnull=True, phase=Phase.CANCELLED)
    found = exchanges.annotate(
        section=Case(
            When(called_off & over, then=Value(Section.PAST.value)),
            *(
                When(phase=phase, then=Value(section.value))
                for phase, section in _OF_PHASE.items()
            ),
            default=Value(Section.COMING.value),
            output_field=IntegerField(),
        )
    )
    return found.order_by(
        "section",
        Case(When(section=Section.OPEN, then=F("applications_close_on"))).asc(nulls_last=True),
        Case(When(section__lt=Section.PAST, then=F("begins_earliest"))).asc(nulls_last=True),
        F("begins_earliest").desc(nulls_last=True),
        "slug",
    )


def with_editions(programs: Any, on: date, exchanges: Any = None) -> Any:
    """Return programs with their exchanges, the next one first, as `public_editions`.

    `exchanges` are the public ones, with what a page shows of them beside their own fields.
    """
    public = Exchange.objects.public() if exchanges is None else exchanges
    editions = in_sections(public.with_phase(on), on)
    return programs.prefetch_related(Prefetch("exchanges", editions, to_attr="public_editions"))


def section_title(section: int) -> str:
    return str(Section(section).label)
