"""Which pins are too close together on the map, and where a name fits."""

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cities.label_layout import Box, Label, crowds, labels, spread, window
from cities.projection import Point

SHEET = Box(0, 0, 960, 414)
points = st.builds(Point, st.floats(0, 960), st.floats(0, 414))


# --- crowds -----------------------------------------------------------------------------


def crowd_names(*things: tuple[float, float, str]) -> list[str]:
    found = crowds([(Point(x, y), name) for x, y, name in things], 10)
    return ["".join(name for __, name in members) for __, members in found]


def test_things_with_room_are_alone():
    assert crowd_names((0, 0, "a"), (20, 0, "b"), (0, 20, "c")) == ["a", "b", "c"]


def test_things_whose_targets_meet_are_a_crowd():
    assert crowd_names((0, 0, "a"), (100, 0, "b"), (19.9, 0, "c")) == ["b", "ac"]


def test_crowds_that_a_thing_joins_are_one():
    assert crowd_names((0, 0, "a"), (30, 0, "b"), (15, 0, "c")) == ["abc"]


def test_thing_within_the_frame_of_a_crowd_belongs_to_it():
    """It is near none of them, but its target would lie in their frame."""
    assert crowd_names((0, 0, "a"), (19, 19, "b"), (38, 38, "c"), (38, 0, "d")) == ["abcd"]


@given(st.lists(points, max_size=30))
def test_frames_touch_no_other_and_hold_each_thing_once(places):
    found = crowds([(place, number) for number, place in enumerate(places)], 17.5)

    members = [number for __, crowd in found for __, number in crowd]
    assert sorted(members) == list(range(len(places)))
    assert not any(one.touches(other) for (one, __), (other, __) in combinations(found, 2))
    for frame, crowd in found:
        assert all(Box.around(place, 17.5).is_within(frame) for place, __ in crowd)


# --- close-ups --------------------------------------------------------------------------


def test_window_has_its_proportion_and_is_never_too_small():
    assert window([Point(100, 50)], 20, 0.75) == Box(90, 42.5, 110, 57.5)
    assert window([Point(0, 0), Point(50, 0)], 20, 0.5) == Box(-25, -25, 75, 25)
    assert window([Point(0, 0), Point(0, 50)], 20, 0.5) == Box(-100, -25, 100, 75)


def test_points_with_room_stay_where_they_are():
    places = [Point(0, 0), Point(10, 0), Point(0, 10)]

    assert spread(places, 10) == places


@given(st.lists(st.builds(Point, st.floats(0, 30), st.floats(0, 30)), max_size=12))
def test_points_without_room_are_moved_apart(places):
    moved = spread(places, 10)

    assert len(moved) == len(places)
    assert all(
        hypot(one.x - other.x, one.y - other.y) > 9.9 for one, other in combinations(moved, 2)
    )


def test_points_at_one_place_stand_around_it():
    moved = spread([Point(5, 5)] * 7, 10)

    assert moved[0] == Point(5, 5)
    assert [round(hypot(spot.x - 5, spot.y - 5), 6) for spot in moved[1:]] == [10] * 6


# --- names ------------------------------------------------------------------------------


def test_name_stands_to_the_right_if_it_can():
    assert labels([(Point(100, 100), "Otsu")], SHEET, [], 10) == {
        Point(100, 100): Label("start", 6, 0)
    }


RIGHT, LEFT, ABOVE = Box(115, 96, 150, 104), Box(50, 96, 80, 104), Box(90, 80, 110, 90)


@pytest.mark.parametrize(
    ("taken", "label"),
    [
        ([RIGHT], Label("end", -6, 0)),
        ([RIGHT, LEFT], Label("middle", 0, -11)),
        ([RIGHT, LEFT, ABOVE], Label("middle", 0, 11)),
        ([Box(0, 0, 960, 414)], None),
    ],
)
def test_name_goes_elsewhere_where_something_is(taken, label):
    found = labels([(Point(100, 100), "Otsu")], SHEET, taken, 10)

    assert found.get(Point(100, 100)) == label


def test_name_keeps_within_the_edges():
    assert labels([(Point(955, 100), "Otsu")], SHEET, [], 10)[Point(955, 100)].anchor == "end"
    assert labels([(Point(480, 100), "O" * 200)], SHEET, [], 10) == {}


def test_wide_letters_need_more_room():
    right = Point(930, 100)

    assert labels([(right, "Otsu")], SHEET, [], 8)[right].anchor == "start"
    assert labels([(right, "大津市役")], SHEET, [], 8)[right].anchor == "end"


def test_names_do_not_meet():
    names = [(Point(100, 100), "Otsu"), (Point(112, 100), "Kyoto"), (Point(100, 112), "Nara")]
    dots = [Box.around(at, 4) for at, __ in names]

    found = labels(names, SHEET, dots, 10)

    assert found == {
        Point(100, 100): Label("end", -6, 0),
        Point(112, 100): Label("start", 6, 0),
        Point(100, 112): Label("start", 6, 0),
    }
