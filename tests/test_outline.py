"""The outline of the land: made from TopoJSON, kept as a file that the map draws."""

import json
import re
from gzip import compress
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cities.projection import HEIGHT, WIDTH, project
from lrscc.management.commands.draw_land import LAND
from lrscc.running.outline import FINENESS, path_of_land

Ring = list[tuple[int, int]]


def topology(*rings: Ring, kind: str = "MultiPolygon") -> dict:
    """Rings in degrees as TopoJSON, each of one arc; steps of a degree."""
    arcs = [
        [list(ring[0]), *([b[0] - a[0], b[1] - a[1]] for a, b in pairwise([*ring, ring[0]]))]
        for ring in rings
    ]
    polygons = [[[number]] for number in range(len(rings))]
    shape = {"type": kind, "arcs": polygons if kind == "MultiPolygon" else polygons[0]}
    return {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {"land": {"type": "GeometryCollection", "geometries": [shape]}},
    }


def corners(path: str) -> list[list[tuple[float, float]]]:
    """The outlines of a path, in units of the sheet."""
    found = []
    for outline in path.removesuffix("z").split("z"):
        start, steps = re.fullmatch(r"M(-?\d+ -?\d+)l(.*)", outline).groups()
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        x, y = (int(number) for number in start.split())
        points = [(x, y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        found.append([(x / FINENESS, y / FINENESS) for x, y in points])
    return found


def on_the_sheet(*places: tuple[float, float]) -> list[tuple[float, float]]:
    return [
        pytest.approx(point, abs=0.06) for point in sorted(project(*place) for place in places)
    ]


SQUARE: Ring = [(20, 0), (40, 0), (40, 20), (20, 20)]


@pytest.mark.parametrize("kind", ["MultiPolygon", "Polygon"])
def test_outline_is_where_its_corners_are(kind):
    (outline,) = corners(path_of_land(topology(SQUARE, kind=kind)))

    assert sorted(outline) == on_the_sheet(*SQUARE)


def test_arcs_are_put_together_forwards_and_backwards():
    shared = topology(SQUARE)
    shared["arcs"] = [[[20, 0], [20, 0], [0, 20]], [[20, 0], [0, 20], [20, 0]]]
    shared["objects"]["land"]["geometries"][0]["arcs"] = [[[0, ~1]]]

    assert sorted(corners(path_of_land(shared))[0]) == on_the_sheet(*SQUARE)


def test_land_across_the_edge_is_cut_in_two():
    """The edge of the sheet is at 169° west."""
    west, east = corners(path_of_land(topology([(175, 0), (-160, 0), (-160, 20), (175, 20)])))

    assert {min(x for x, __ in west), max(x for x, __ in east)} == {0, WIDTH}
    assert all(x < WIDTH / 10 for x, __ in west)
    assert all(x > WIDTH * 0.9 for x, __ in east)


def test_corners_that_nobody_sees_are_left_out():
    (outline,) = corners(path_of_land(topology([(20, 0), (30, 0), *SQUARE[1:]])))

    assert sorted(outline) == on_the_sheet(*SQUARE)


def test_islands_that_nobody_sees_and_the_antarctic_are_left_out():
    island = topology(SQUARE, [(0, 0), (1, 0), (1, 1)])
    island["transform"]["scale"] = [0.1, 0.1]
    antarctic: Ring = [(-60, -70), (60, -70), (60, -60), (-60, -60)]

    assert len(corners(path_of_land(island))) == 1
    assert path_of_land(topology(antarctic)) == ""


# --- the file ---------------------------------------------------------------------------


def test_file_of_the_land_is_light_and_has_the_shape_the_map_uses():
    drawing = LAND.read_text()

    assert len(compress(drawing.encode())) < 20_000
    assert f'viewBox="0 0 {WIDTH * FINENESS:.0f} {HEIGHT * FINENESS:.0f}"' in drawing
    assert drawing.count('<path id="land" d="M') == 1
    assert not re.search(r"<style|<script|fill=|href=", drawing)


@pytest.mark.parametrize(
    ("place", "is_land"),
    [
        ((-84.556, 42.733), True),  # Lansing
        ((103.834, 36.061), True),  # Lanzhou
        ((30.2, 50.4), True),
        ((135.855, 35.018), True),  # Otsu
        ((135, -25), True),
        ((-40, 30), False),
        ((-150, 0), False),
        ((80, -20), False),
        ((0, -45), False),
    ],
)
def test_file_of_the_land_has_land_where_land_is(place, is_land):
    path = re.search(r' d="([^"]*)"', LAND.read_text()).group(1)
    x, y = project(*place)

    crossed = sum(
        (a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for outline in corners(path)
        for a, b in pairwise([*outline, outline[0]])
    )

    assert (crossed % 2 == 1) is is_land


def test_file_of_the_land_is_drawn_by_a_command(tmp_path, capsys):
    source, drawing = tmp_path / "land.json", tmp_path / "land.svg"
    source.write_text(json.dumps(topology(SQUARE)))

    call_command("draw_land", source, "--to", drawing)

    path = path_of_land(topology(SQUARE))
    assert drawing.read_text() == (
        "<!-- The land of Natural Earth (public domain), by manage.py draw_land. -->\n"
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9600 4139">'
        f'<path id="land" d="{path}"/></svg>\n'
    )
    assert capsys.readouterr().out == f"{len(path)} characters\n"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"transform": 1}', None])
def test_file_that_is_no_land_is_refused_and_nothing_written(tmp_path, text):
    source, drawing = tmp_path / "land.json", Path(tmp_path / "land.svg")
    if text is not None:
        source.write_text(text)

    with pytest.raises(CommandError, match=r"land\.json is not TopoJSON of the land"):
        call_command("draw_land", source, "--to", drawing)

    assert not drawing.exists()
