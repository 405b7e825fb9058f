"""The outline of the land for the map, made from TopoJSON: used when the file is drawn again."""

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Any

from cities.projection import CENTER, SOUTH, Point, project_unwrapped

FINENESS = 10
"""Steps of the drawing in one unit of the sheet: the path has whole numbers."""

LEAST_CORNER = 0.25
"""Square units of the triangle below which a corner is left out (Visvalingam and Whyatt, 1993)."""

LEAST_ISLAND = 0.5
"""Square units below which an island is left out."""

Place = tuple[float, float]
"""Degrees: longitude or distance from the middle of the sheet, then latitude."""


def path_of_land(topology: dict[str, Any]) -> str:
    """Return the `d` of an SVG path in tenths of a unit, from TopoJSON with an object “land”."""
    outlines = (
        [project_unwrapped(*place) for place in piece]
        for ring in _rings(topology)
        if max(latitude for __, latitude in ring) > SOUTH
        for piece in _cut_at_the_edge(ring)
    )
    return "".join(
        _path(_simplified(outline)) for outline in outlines if _area(outline) >= LEAST_ISLAND
    )


def _rings(topology: dict[str, Any]) -> Iterator[list[Place]]:
    """Return the rings of the land in degrees, each closed."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[list[Place]] = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step in steps:
            x, y = x + step[0], y + step[1]
            arc.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        arcs.append(arc)
    for shape in topology["objects"]["land"]["geometries"]:
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        for ring in (ring for polygon in polygons for ring in polygon):
            # ~3 is arc 3 backwards; each arc begins where the one before it ended.
            parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in ring]
            yield parts[0] + [place for part in parts[1:] for place in part[1:]]


def _cut_at_the_edge(ring: list[Place]) -> Iterator[list[Place]]:
    """Return the pieces of a ring on the sheet, by degrees east of its middle."""
    turns, previous, whole = 0, ring[0][0], []
    for longitude, latitude in ring:
        turns += (longitude - previous < -180) - (longitude - previous > 180)
        previous = longitude
        whole.append((longitude - CENTER + 360 * turns, latitude))
    for shift in (-360, 0, 360):
        shifted = [(east + shift, latitude) for east, latitude in whole]
        piece = _within(_within(shifted, 180, 1), -180, -1)
        if piece:
            yield piece


def _within(ring: list[Place], edge: float, side: int) -> list[Place]:
    """Return the part of a ring west (1) or east (-1) of a meridian.

    By the algorithm of Sutherland and Hodgman (1974).
    """
    kept: list[Place] = []
    for here, there in zip(ring, ring[1:] + ring[:1], strict=True):
        is_in, goes_in = (side * place[0] <= side * edge for place in (here, there))
        if is_in:
            kept.append(here)
        if is_in != goes_in:
            part = (edge - here[0]) / (there[0] - here[0])
            kept.append((edge, here[1] + part * (there[1] - here[1])))
    return kept


def _simplified(outline: Sequence[Point]) -> list[Point]:
    """Return the outline without its smallest corners, down to a triangle."""
    count = len(outline)
    before = [(number - 1) % count for number in range(count)]
    after = [(number + 1) % count for number in range(count)]

    def corner(number: int) -> float:
        return _area([outline[before[number]], outline[number], outline[after[number]]])

    sizes = {number: corner(number) for number in range(count)}
    queue = [(size, number) for number, size in sizes.items()]
    heapify(queue)
    while len(sizes) > 3 and queue[0][0] < LEAST_CORNER:
        size, number = heappop(queue)
        if sizes.get(number) != size:
            continue  # left out, or its neighbor was since
        del sizes[number]
        left, right = before[number], after[number]
        after[left], before[right] = right, left
        for neighbor in (left, right):
            sizes[neighbor] = max(size, corner(neighbor))
            heappush(queue, (sizes[neighbor], neighbor))
    return [outline[number] for number in sorted(sizes)]


def _area(outline: Sequence[Point]) -> float:
    closed = pairwise([*outline, outline[0]])
    return abs(sum(a.x * b.y - b.x * a.y for a, b in closed)) / 2


def _path(outline: Sequence[Point]) -> str:
    corners = [(round(point.x * FINENESS), round(point.y * FINENESS)) for point in outline]
    steps = (
        (there[0] - here[0], there[1] - here[1])
        for here, there in pairwise(corners)
        if here != there
    )
    # A minus parts two numbers as well as a space does.
    numbers = "".join(f" {number}" for step in steps for number in step).replace(" -", "-")
    return f"M{corners[0][0]} {corners[0][1]}l{numbers.strip()}z"
