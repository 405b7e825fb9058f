"""Room on the map: which pins are too close to each other, and where a name fits. No records.

Measures are units of the sheet in `cities.projection`.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import cos, hypot, pi, sin
from typing import NamedTuple, Self, TypeVar
from unicodedata import east_asian_width

from cities.projection import Point

Thing = TypeVar("Thing")


class Box(NamedTuple):
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, point: Point, margin: float) -> Self:
        return cls(point.x - margin, point.y - margin, point.x + margin, point.y + margin)

    @classmethod
    def holding(cls, boxes: Sequence["Box"]) -> Self:
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return cls(min(lefts), min(tops), max(rights), max(bottoms))

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def touches(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def is_within(self, other: "Box") -> bool:
        return self.joined(other) == other

    def joined(self, other: "Box") -> "Box":
        return Box.holding([self, other])


class Label(NamedTuple):
    """Where a name is written: its anchor, and its middle from the middle of its pin."""

    anchor: str
    x: float
    y: float


def crowds(
    things: Iterable[tuple[Point, Thing]], reach: float
) -> list[tuple[Box, list[tuple[Point, Thing]]]]:
    """Return things in frames that touch no other: alone, or with those its target would touch.

    A target reaches `reach` from its middle to each side.
    """
    found: list[tuple[Box, list[tuple[Point, Thing]]]] = []
    for point, thing in things:
        frame, members = Box.around(point, reach), [(point, thing)]
        while near := [crowd for crowd in found if crowd[0].touches(frame)]:
            found = [crowd for crowd in found if crowd not in near]
            frame = Box.holding([frame, *(box for box, __ in near)])
            members = [member for __, others in near for member in others] + members
        found.append((frame, members))
    return found


def window(points: Sequence[Point], least: float, proportion: float) -> Box:
    """Return the part of the sheet with room for the points and the names around them."""
    held = Box.holding([Box.around(point, 0) for point in points])
    width = max(least, 2 * held.width, 2 * held.height / proportion)
    x, y = (held.left + held.right) / 2, (held.top + held.bottom) / 2
    height = width * proportion
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def spread(points: Iterable[Point], gap: float) -> list[Point]:
    """Return the points, those closer than the gap moved to the nearest free spot."""
    placed: list[Point] = []
    for point in points:
        spots = (spot for spot in _spots_around(point, gap))
        placed.append(next(spot for spot in spots if _is_free(spot, placed, gap)))
    return placed


def _spots_around(middle: Point, gap: float) -> Iterator[Point]:
    yield middle
    ring = 0
    while True:
        ring += 1
        for part in range(6 * ring):
            turn = pi * part / (3 * ring)
            yield Point(middle.x + gap * ring * cos(turn), middle.y + gap * ring * sin(turn))


def _is_free(spot: Point, placed: Iterable[Point], gap: float) -> bool:
    return all(hypot(spot.x - other.x, spot.y - other.y) >= gap * 0.999 for other in placed)


def labels(
    names: Iterable[tuple[Point, str]], bounds: Box, taken: Iterable[Box], size: float
) -> dict[Point, Label]:
    """Return labels that touch nothing taken, no label and no edge; some names have no room.

    `size` is that of the letters.
    """
    taken, found = list(taken), {}
    near, below = size * 0.6, size * 1.1
    sides = [("start", near, 0.0), ("end", -near, 0.0), ("middle", 0.0, -below)]
    sides += [("middle", 0.0, below)]
    for point, name in names:
        width = _width(name, size)
        for anchor, x, y in sides:
            left = point.x + x - {"start": 0, "middle": width / 2, "end": width}[anchor]
            middle = point.y + y
            box = Box(left, middle - size / 2, left + width, middle + size / 2)
            if box.is_within(bounds) and not any(box.touches(other) for other in taken):
                taken.append(box)
                found[point] = Label(anchor, x, y)
                break
    return found


def _width(name: str, size: float) -> float:
    """Return roughly how wide a name is in letters of that size."""
    ems = (1 if east_asian_width(letter) in "WF" else 0.62 for letter in name)
    return size * sum(ems)
