"""Where a place lies on the sheet of the map: the Natural Earth projection, forwards only.

T. Patterson drew it; the polynomial is B. Šavrič's, B. Jenny's and his (A Polynomial Equation
for the Natural Earth Projection, 2011). Its edge is put into the Bering Strait, so that it
cuts hardly any land in two.
"""

from math import radians
from typing import NamedTuple

CENTER = 11
"""Degrees east of the meridian in the middle; the edge is half the world away."""

NORTH, SOUTH = 83.7, -56.0
"""Degrees of latitude at the upper and the lower edge: all land but the Antarctic."""

WIDTH = 960.0
"""Of the sheet, in units of the drawing."""


class Point(NamedTuple):
    """A place on the sheet: `x` from the left edge, `y` from the upper edge, in its units."""

    x: float
    y: float


def _natural_earth(east: float, north: float) -> Point:
    """Radians east of the middle and north of the equator to a plane of radius 1, y upwards."""
    square = north * north
    fourth = square * square
    return Point(
        east
        * (
            0.8707
            + square
            * (-0.131979 + square * (-0.013791 + fourth * square * (0.003971 - 0.001529 * square)))
        ),
        north
        * (
            1.007226
            + square * (0.015085 + fourth * (-0.044475 + 0.028874 * square - 0.005916 * fourth))
        ),
    )


_SCALE = WIDTH / (2 * _natural_earth(radians(180), 0).x)
_TOP = _natural_earth(0, radians(NORTH)).y

HEIGHT = (_TOP - _natural_earth(0, radians(SOUTH)).y) * _SCALE
"""Of the sheet, from `NORTH` to `SOUTH`."""


def project(longitude: float, latitude: float) -> Point:
    """The point of a longitude and a latitude in degrees; outside of the sheet is allowed."""
    return project_unwrapped((longitude - CENTER + 180) % 360 - 180, latitude)


def project_unwrapped(east: float, latitude: float) -> Point:
    """Return the same of degrees east of the middle, from -180 to 180: an edge keeps its side."""
    point = _natural_earth(radians(east), radians(latitude))
    return Point(WIDTH / 2 + point.x * _SCALE, (_TOP - point.y) * _SCALE)
