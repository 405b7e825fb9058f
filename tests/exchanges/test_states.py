"""How an exchange stands on a day: the plain function, the database, and that they agree."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from hypothesis import event, given, settings
from hypothesis import strategies as st

from cities.records.dates import RecordDate
from exchanges.models import Exchange
from exchanges.sections import in_sections, section_of
from exchanges.states import MOVES, Phase, State, may_follow, phase
from tests.factories import make_exchange, make_program

SUMMER = {"begins": "2026-07-01", "ends": "2026-07-14"}
WINDOW = {"applications_open_on": "2026-01-10", "applications_close_on": "2026-03-01"}


def edition(
    state: str = "planned",
    begins: str | None = None,
    ends: str | None = None,
    applications_open_on: str | None = None,
    applications_close_on: str | None = None,
) -> SimpleNamespace:
    """What `phase` reads, and nothing else."""
    first = RecordDate.parse(begins) if begins else None
    last = RecordDate.parse(ends) if ends else None
    opens, closes = (
        day and date.fromisoformat(day) for day in (applications_open_on, applications_close_on)
    )
    return SimpleNamespace(
        state=state,
        applications_open_on=opens,
        applications_close_on=closes,
        begins_earliest=first and first.earliest,
        begins_latest=first and first.latest,
        ends_earliest=last and last.earliest,
        ends_latest=last and last.latest,
    )


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-01-09", "coming"),
        ("2026-01-10", "open"),
        ("2026-03-01", "open"),
        ("2026-03-02", "applications_over"),
        ("2026-06-30", "applications_over"),
        ("2026-07-01", "under_way"),
        ("2026-07-14", "under_way"),
        ("2026-07-15", "past"),
    ],
)
def test_a_year_of_an_open_exchange(on, expected):
    assert phase(edition("open", **SUMMER, **WINDOW), date.fromisoformat(on)) == expected


PHASES = {
    "applications are taken in no other state": (
        "confirmed",
        SUMMER | WINDOW,
        "2026-02-01",
        "coming",
    ),
    "open from the start where no first day is set": (
        "open",
        {"applications_close_on": "2026-03-01"},
        "2020-01-01",
        "open",
    ),
    "open without days of its own": ("open", WINDOW, "2026-02-01", "open"),
    "closed without days of its own": ("open", WINDOW, "2026-03-02", "applications_over"),
    "not open yet, without days of its own": ("open", WINDOW, "2026-01-09", "day_unknown"),
    "no day is known": ("planned", {}, "2026-01-01", "day_unknown"),
    "cancelled whatever the day": ("cancelled", SUMMER, "2026-07-02", "cancelled"),
    "postponed whatever the day": ("postponed", SUMMER, "2030-01-01", "postponed"),
    "postponed without a day": ("postponed", {}, "2030-01-01", "postponed"),
    "a day without an end is that day": (
        "confirmed",
        {"begins": "2026-07-01"},
        "2026-07-01",
        "under_way",
    ),
    "and is over the day after": ("confirmed", {"begins": "2026-07-01"}, "2026-07-02", "past"),
    "a month is coming while it lasts": (
        "confirmed",
        {"begins": "2026-07"},
        "2026-07-30",
        "coming",
    ),
    "a month is over after its last day": (
        "confirmed",
        {"begins": "2026-07"},
        "2026-08-01",
        "past",
    ),
    "surely begun, and perhaps not over": (
        "confirmed",
        {"begins": "2026-07-01", "ends": "2026-07"},
        "2026-07-20",
        "under_way",
    ),
    "held, and perhaps over": (
        "held",
        {"begins": "2026-07-01", "ends": "2026-07"},
        "2026-07-20",
        "past",
    ),
    "held in a year that is not over": ("held", {"begins": "2026"}, "2026-02-01", "past"),
    "held on the last of its days": ("held", SUMMER, "2026-07-14", "under_way"),
    "held, as of a day before": ("held", SUMMER, "2026-06-30", "coming"),
    "held long ago": ("held", {"begins": "1994"}, "2026-01-01", "past"),
}


@pytest.mark.parametrize(("state", "days", "on", "expected"), PHASES.values(), ids=PHASES)
def test_phase(state, days, on, expected):
    assert phase(edition(state, **days), date.fromisoformat(on)) == expected


# --- the database says the same ---------------------------------------------------------

DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31))
DATES = st.one_of(
    st.none(),
    DAYS.map(date.isoformat),
    DAYS.map(lambda day: day.strftime("%Y-%m")),
    DAYS.map(lambda day: str(day.year)),
    st.just("[2026-03-01,2027-06-01]"),
)


EDITIONS = st.builds(
    dict,
    state=st.sampled_from(State.values),
    begins=DATES,
    ends=DATES,
    applications_open_on=st.none() | DAYS,
    applications_close_on=st.none() | DAYS,
)


def kept(days: dict) -> Exchange | None:
    """The exchange, if the database takes it."""
    called_off = days["state"] in ("postponed", "cancelled")
    reason = "Why." if called_off else ""
    try:
        with transaction.atomic():
            return make_exchange(program=make_program(), reason=reason, **days)
    except IntegrityError:
        return None


@pytest.mark.django_db
@settings(max_examples=300)
@given(days=EDITIONS, on=DAYS)
def test_database_and_function_agree_on_any_exchange_and_day(days, on):
    exchange = kept(days)
    if exchange is None:
        return
    event(days["state"])

    row = in_sections(Exchange.objects.with_phase(on), on).get(pk=exchange.pk)

    assert row.phase == exchange.phase_on(on) == row.phase_on(on)
    assert row.section == section_of(exchange, on)


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "days", "on", "expected"), PHASES.values(), ids=PHASES)
def test_phase_by_the_database(state, days, on, expected):
    reason = "Why." if state in ("postponed", "cancelled") else ""
    make_exchange(state=state, reason=reason, **days)

    assert Exchange.objects.with_phase(date.fromisoformat(on)).get().phase == expected


# --- moves ------------------------------------------------------------------------------


def test_moves_are_these():
    found = {
        before.value: [after.value for after in State if may_follow(before, after)]
        for before in State
    }

    assert found == {
        "planned": ["planned", "open", "confirmed", "held", "postponed", "cancelled"],
        "open": ["planned", "open", "confirmed", "held", "postponed", "cancelled"],
        "confirmed": ["open", "confirmed", "held", "postponed", "cancelled"],
        "held": ["held"],
        "postponed": ["planned", "open", "confirmed", "postponed", "cancelled"],
        "cancelled": ["cancelled"],
    }


def test_every_state_has_its_moves_and_every_phase_can_be_reached():
    assert MOVES.keys() == set(State)
    assert {expected for *__, expected in PHASES.values()} == set(Phase.values)
