"""How far two cities are from each other, on the earth and on the clock."""

from datetime import date, datetime, time
from math import asin, cos, radians, sin, sqrt
from typing import Any, Protocol
from zoneinfo import ZoneInfo

EARTH_RADIUS = 6371.0088
"""In kilometers, on average."""

MILE = 1.609344


class Place(Protocol):
    """What is read of a city."""

    latitude: Any
    longitude: Any
    time_zone: str


def kilometers(one: Place, other: Place) -> int | None:
    """Return the distance along the surface; none where a place has no coordinates."""
    ends = (one.latitude, one.longitude, other.latitude, other.longitude)
    if any(end is None for end in ends):
        return None
    north, east, other_north, other_east = (radians(float(end or 0)) for end in ends)
    half_chord = sqrt(
        sin((other_north - north) / 2) ** 2
        + cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    )
    return round(2 * EARTH_RADIUS * asin(min(half_chord, 1)))


def hours_ahead(place: Place, home: Place, day: date) -> float | None:
    """Return by how many hours the clocks of a place are ahead at noon of a day at home.

    It is negative where they are behind, and none where a time zone is not on record. It changes
    with the day alone, so that a page can be kept for one.
    """
    if not place.time_zone or not home.time_zone:
        return None
    here = datetime.combine(day, time(12), ZoneInfo(home.time_zone))
    there = here.astimezone(ZoneInfo(place.time_zone))
    ahead = there.utcoffset() - here.utcoffset()  # type: ignore[operator]
    return ahead.total_seconds() / 3600
