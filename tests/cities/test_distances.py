"""How far cities are from each other, on the earth and on the clock."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cities.distances import hours_ahead, kilometers
from cities.words import distance, time_difference

SUMMER, WINTER = date(2026, 6, 1), date(2026, 1, 15)


def place(latitude=None, longitude=None, zone="", name="Somewhere") -> SimpleNamespace:
    return SimpleNamespace(latitude=latitude, longitude=longitude, time_zone=zone, name=name)


LANSING = place(42.733, -84.556, "America/Detroit", "Lansing")


@pytest.mark.parametrize(
    ("zone", "day", "hours", "said"),
    [
        ("", SUMMER, None, ""),
        ("Asia/Tokyo", SUMMER, 13, "13 hours ahead of Lansing"),
        ("Asia/Tokyo", WINTER, 14, "14 hours ahead of Lansing"),
        ("Asia/Kolkata", SUMMER, 9.5, "9.5 hours ahead of Lansing"),
        ("America/Los_Angeles", SUMMER, -3, "3 hours behind Lansing"),
        ("America/Chicago", SUMMER, -1, "1 hour behind Lansing"),
        ("America/Halifax", SUMMER, 1, "1 hour ahead of Lansing"),
        ("America/Toronto", SUMMER, 0, "Same time as Lansing"),
        ("Europe/Rome", date(2026, 3, 20), 5, "5 hours ahead of Lansing"),
        ("Europe/Rome", date(2026, 3, 29), 6, "6 hours ahead of Lansing"),
    ],
)
def test_time_difference_is_that_of_the_day(zone, day, hours, said):
    """Summer time begins and ends on different days."""
    assert hours_ahead(place(zone=zone), LANSING, day) == hours
    assert time_difference(place(zone=zone), LANSING, day) == said


def test_time_difference_needs_the_time_zone_of_home():
    assert hours_ahead(LANSING, place(), SUMMER) is None


@pytest.mark.parametrize(
    ("there", "length", "said"),
    [
        (place(35.018, 135.855), 10445, "6,490 miles (10,445 km) from Lansing"),
        (place(43.013, -83.688), 77, "48 miles (77 km) from Lansing"),
        (place(42.733, -84.556), 0, "0 miles (0 km) from Lansing"),
        (place(0, 0), 9563, "5,942 miles (9,563 km) from Lansing"),
        (place(None, 135.855), None, ""),
        (place(35.018, None), None, ""),
    ],
)
def test_distance_is_along_the_surface(there, length, said):
    assert kilometers(there, LANSING) == length
    assert distance(there, LANSING) == said


LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
PLACES = st.builds(place, LATITUDES, LONGITUDES)


@given(one=PLACES, other=PLACES)
def test_distance_is_the_same_both_ways_and_at_most_half_around(one, other):
    length = kilometers(one, other)

    assert length == kilometers(other, one)
    assert 0 <= length <= 20016
    assert kilometers(one, one) == 0
