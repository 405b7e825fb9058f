"""Where places lie on the sheet of the map."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cities.projection import CENTER, HEIGHT, NORTH, SOUTH, WIDTH, project, project_unwrapped

TABLE = [
    (0, 1.0, 0.0),
    (15, 0.9894, 0.1860),
    (30, 0.9570, 0.3720),
    (45, 0.9006, 0.5571),
    (60, 0.8196, 0.7346),
    (75, 0.7160, 0.8936),
    (80, 0.6754, 0.9394),
]
"""T. Patterson’s table: latitude, how long its parallel is, and how far from the equator it lies.

Both in parts of the equator’s length, and of the pole’s distance.
"""

EQUATOR = project(CENTER, 0)
POLE = project(CENTER, 90)


@pytest.mark.parametrize(("latitude", "length", "distance"), TABLE)
@pytest.mark.parametrize("side", [1, -1])
def test_projection_is_that_of_its_table(latitude, length, distance, side):
    edge = project_unwrapped(180, side * latitude)

    assert (edge.x - WIDTH / 2) / (WIDTH / 2) == pytest.approx(length, abs=0.004)
    assert side * (EQUATOR.y - edge.y) / (EQUATOR.y - POLE.y) == pytest.approx(distance, abs=0.002)


def test_projection_fills_its_sheet():
    assert EQUATOR.x == WIDTH / 2
    assert project_unwrapped(-180, 0).x == pytest.approx(0)
    assert project_unwrapped(180, 0).x == pytest.approx(WIDTH)
    assert project(CENTER, NORTH).y == pytest.approx(0)
    assert project(CENTER, SOUTH).y == pytest.approx(HEIGHT)


def test_equator_is_as_long_as_its_degrees():
    """Along the equator the scale is the same everywhere."""
    assert project(101, 0).x - project(11, 0).x == pytest.approx(WIDTH / 4)
    assert project(-79, 0).x == pytest.approx(WIDTH / 4)


def test_places_lie_as_they_do_on_the_globe():
    lansing, otsu = project(-84.556, 42.733), project(135.855, 35.018)
    rome, dar_es_salaam = project(12.5, 41.9), project(39.28, -6.816)

    assert lansing.x < rome.x < dar_es_salaam.x < otsu.x
    assert lansing.y < rome.y < otsu.y < EQUATOR.y < dar_es_salaam.y


@given(longitude=st.floats(-180, 180), latitude=st.floats(SOUTH, NORTH), turns=st.integers(-2, 2))
def test_every_place_of_the_sheet_is_on_it_however_often_one_goes_round(
    longitude, latitude, turns
):
    point = project(longitude + 360 * turns, latitude)

    assert -1e-6 <= point.x <= WIDTH + 1e-6
    assert -1e-6 <= point.y <= HEIGHT + 1e-6


def test_edge_of_the_sheet_lies_in_the_bering_strait():
    cape_dezhnev, cape_prince_of_wales = project(-169.7, 66.1), project(-168.1, 65.6)

    assert cape_dezhnev.x > 0.9 * WIDTH * 0.9
    assert cape_prince_of_wales.x < 0.2 * WIDTH
