"""The deadlines of the Open Meetings Act, by examples counted on a calendar."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolutions.deadlines import (
    Clock,
    ClockState,
    approved_minutes_due,
    business_days_after,
    business_days_between,
    is_business_day,
    proposed_minutes_due,
)

ROOT = Path(__file__).parents[2]
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2040, 12, 31))


@pytest.mark.parametrize(
    ("meeting", "due"),
    [
        # An ordinary Monday: Tu We Th Fr, Mo Tu We Th.
        (date(2025, 3, 10), date(2025, 3, 20)),
        # Monday before Thanksgiving (27, 28): Tu We, Mo Tu We Th Fr, Mo.
        (date(2025, 11, 24), date(2025, 12, 8)),
        # Thursday before July 4, a Friday: Fr, Mo Tu We Th, Mo Tu We.
        (date(2025, 6, 26), date(2025, 7, 9)),
        # July 4 a Saturday, kept on Friday the 3rd: Tu We Th, Mo Tu We Th Fr.
        (date(2026, 6, 29), date(2026, 7, 10)),
        # Year's end; December 24, 25 and 31 and January 1 are closed: Tu, Fr, Mo Tu, Fr, Mo Tu We.
        (date(2025, 12, 22), date(2026, 1, 7)),
        # Before a general election on Tuesday the 3rd: Tu We Th Fr, Mo, We Th Fr.
        (date(2026, 10, 26), date(2026, 11, 6)),
        # On its eve, with Veterans Day on Wednesday the 11th: We Th Fr, Mo Tu, Th Fr, Mo.
        (date(2026, 11, 2), date(2026, 11, 16)),
        # A meeting on a Saturday: Mo to Fr, Mo Tu We.
        (date(2025, 3, 8), date(2025, 3, 19)),
    ],
)
def test_proposed_minutes_are_due_8_business_days_after_the_meeting(meeting, due):
    assert proposed_minutes_due(meeting) == due


@pytest.mark.parametrize(
    ("approved_at", "due"),
    [
        (date(2025, 3, 10), date(2025, 3, 17)),  # Tu We Th Fr, Mo
        (date(2025, 11, 24), date(2025, 12, 3)),  # Tu We, Mo Tu We
        (date(2025, 6, 30), date(2025, 7, 8)),  # Tu We Th, Mo Tu
        (date(2025, 12, 29), date(2026, 1, 7)),  # Tu, Fr, Mo Tu We
    ],
)
def test_approved_minutes_are_due_5_business_days_after_the_meeting(approved_at, due):
    assert approved_minutes_due(approved_at) == due


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 3, 10), True),
        (date(2025, 3, 8), False),  # a Saturday
        (date(2025, 3, 9), False),
        (date(2025, 11, 27), False),  # Thanksgiving
        (date(2025, 11, 28), False),  # the day after
        (date(2025, 10, 13), True),  # Columbus Day: the State works
        (date(2026, 7, 3), False),  # for Saturday the 4th
        (date(2027, 12, 31), False),  # for Saturday, January 1, 2028
        (date(2024, 11, 5), False),  # a general election
        (date(2025, 11, 4), True),  # a city election
    ],
)
def test_business_day_is_a_weekday_without_michigans_holidays(day, expected):
    assert is_business_day(day) is expected


def test_no_business_days_after_a_day_is_that_day():
    assert business_days_after(date(2025, 3, 8), 0) == date(2025, 3, 8)


def test_business_days_are_not_counted_backward():
    with pytest.raises(ValueError, match=r"^Business days are counted forward\.$"):
        business_days_after(date(2025, 3, 10), -1)


def test_business_days_end_with_the_calendar():
    with pytest.raises(OverflowError):
        business_days_after(date(9999, 12, 27), 8)


@given(day=DAYS, count=st.integers(1, 40))
def test_day_counted_to_is_that_many_business_days_away(day, count):
    found = business_days_after(day, count)
    passed = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]

    assert is_business_day(found)
    assert sum(map(is_business_day, passed)) == count
    assert business_days_between(day, found) == count


@given(first=DAYS, length=st.integers(0, 1500))
def test_days_between_are_those_one_counts_one_by_one(first, length):
    last = first + timedelta(days=length)
    counted = sum(is_business_day(first + timedelta(days=n)) for n in range(1, length + 1))

    assert business_days_between(first, last) == counted
    assert business_days_between(last, first) == -counted


@given(day=DAYS, count=st.integers(0, 30), more=st.integers(0, 30))
def test_counting_on_is_counting_at_once(day, count, more):
    assert business_days_after(business_days_after(day, count), more) == business_days_after(
        day, count + more
    )


@pytest.mark.parametrize(
    ("done", "on", "state", "days_left"),
    [
        # Due on Friday, March 21, 2025.
        (None, date(2025, 3, 14), ClockState.DUE, 5),
        (None, date(2025, 3, 15), ClockState.DUE, 5),
        (None, date(2025, 3, 20), ClockState.DUE, 1),
        (None, date(2025, 3, 21), ClockState.DUE, 0),
        (None, date(2025, 3, 22), ClockState.LATE, 0),
        (None, date(2025, 3, 24), ClockState.LATE, -1),
        (None, date(2026, 3, 23), ClockState.LATE, -248),
        (date(2025, 3, 20), date(2025, 3, 19), ClockState.DUE, 2),
        (date(2025, 3, 20), date(2025, 3, 20), ClockState.MET, None),
        (date(2025, 3, 21), date(2025, 3, 28), ClockState.MET, None),
        (date(2025, 3, 24), date(2025, 3, 22), ClockState.LATE, 0),
        (date(2025, 3, 22), date(2025, 3, 22), ClockState.MET_LATE, None),
    ],
)
def test_clock_stands_on_a_day(done, on, state, days_left):
    clock = Clock(date(2025, 3, 21), done)

    assert (clock.state(on), clock.days_left(on)) == (state, days_left)


@given(due=DAYS, on=DAYS, done=st.none() | DAYS)
def test_days_left_and_state_agree(due, on, done):
    clock = Clock(due, done)
    left = clock.days_left(on)

    if left is None:
        assert clock.state(on) in (ClockState.MET, ClockState.MET_LATE)
    elif left < 0:
        assert clock.state(on) == ClockState.LATE
    elif left > 0:
        assert clock.state(on) == ClockState.DUE


def test_state_has_words():
    assert [(state.value, str(state.label)) for state in ClockState] == [
        ("due", "due"),
        ("late", "late"),
        ("met", "met"),
        ("met_late", "met late"),
    ]


def test_holidays_are_loaded_only_when_a_day_is_asked_for():
    code = "import sys, resolutions.deadlines; sys.exit('holidays' in sys.modules)"

    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)

    assert run.returncode == 0
