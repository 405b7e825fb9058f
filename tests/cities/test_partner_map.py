"""The map of partner cities: who is on it, where, and who is in a close-up."""

import re
from datetime import date

import pytest
from django.test import override_settings

from cities.models import City, Relationship, RelationshipType
from cities.partner_map import ARC_STYLES, CLOSE_UP, _written, map_of
from cities.projection import HEIGHT, WIDTH, project
from cities.records.publishing import Publication
from tests.factories import (
    home,
    make_city,
    make_entry,
    make_partnership,
    make_relationship,
    make_type,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 1)
LANSING, OTSU, SAKAIDE = ("42.733", "-84.556"), ("35.018", "135.855"), ("34.316", "133.861")
ROME, DAR_ES_SALAAM = ("41.9", "12.5"), ("-6.816", "39.28")


def put(slug: str, place: tuple[str, str]) -> None:
    City.objects.filter(slug=slug).update(latitude=place[0], longitude=place[1])


def make_partnership_at(slug: str, place: tuple[str, str], **fields) -> Relationship:
    relationship = make_partnership(slug, **fields)
    put(slug, place)
    return relationship


def drawn(day: date = DAY):
    relationships = Relationship.objects.public().for_list().with_standing(day)
    relationships = relationships.filter(standing_status__isnull=False)
    return map_of(list(relationships), list(RelationshipType.objects.all()), day)


def at(place: tuple[str, str]) -> str:
    point = project(float(place[1]), float(place[0]))
    return f"translate({round(point.x, 2):g} {round(point.y, 2):g})"


def names(placed) -> list[str]:
    return [one.pin.name for one in placed]


# --- who is on it -----------------------------------------------------------------------


def test_map_of_nobody_is_empty():
    found = drawn()

    assert (found.has_pins, found.missing) == (False, [])


def test_partners_stand_where_their_coordinates_are():
    home()
    put("lansing", LANSING)
    make_partnership_at("otsu", OTSU)
    make_partnership_at("rome", ROME)

    found = drawn()

    assert [(one.pin.name, one.transform) for one in found.alone] == [
        ("Otsu", at(OTSU)),
        ("Rome", at(ROME)),
        ("Lansing", at(LANSING)),
    ]
    assert [one.pin.says for one in found.alone] == [
        "Otsu, United States: sister city, active, last confirmed 1969",
        "Rome, United States: sister city, active, last confirmed 1969",
        "Lansing, home",
    ]
    assert [one.pin.address for one in found.alone] == [
        "/cities/otsu/",
        "/cities/rome/",
        "/cities/lansing/",
    ]
    assert (found.crowded, found.close_ups, found.missing) == ([], [], [])
    assert found.homes == ["Lansing, home"]


def test_every_partner_is_on_the_map_or_said_to_be_missing():
    make_partnership_at("otsu", OTSU)
    make_partnership_at("sakaide", SAKAIDE)
    make_partnership_at("rome", ROME)
    make_partnership("nowhere")
    make_partnership_at("pole", ("-89.5", "0"))

    found = drawn()

    assert names([*found.alone, *found.crowded]) == ["Rome", "Otsu", "Sakaide"]
    assert [(one.name, one.reason) for one in found.missing] == [
        ("Nowhere", "no coordinates on record"),
        ("Pole", "beyond the edge of this map"),
    ]


def test_partner_on_the_equator_and_its_meridian_is_on_the_map():
    make_partnership_at("null-island", ("0", "0"))

    assert names(drawn().alone) == ["Null Island"]


def test_pins_say_their_type_and_how_they_stand_on_the_day():
    relationship = make_partnership_at("otsu", OTSU, type=make_type("friendship-city"))
    make_entry(relationship, "suspended", "1990")
    untyped = make_relationship(make_city("rome"))
    make_entry(untyped, "proposed", "1980")
    put("rome", ROME)

    def says(year: int) -> list[tuple[str, str]]:
        found = drawn(date(year, 1, 1))
        return [(one.pin.status, one.pin.says) for one in found.alone]

    assert says(1970) == [
        ("active", "Otsu, United States: friendship city, active, last confirmed 1969")
    ]
    assert says(1995) == [
        ("suspended", "Otsu, United States: friendship city, suspended"),
        ("proposed", "Rome, United States: type not on record, proposed"),
    ]
    assert drawn(date(1995, 1, 1)).statuses == [
        ("proposed", "proposed"),
        ("suspended", "suspended"),
    ]


# --- the partner of the day -------------------------------------------------------------


def test_relationship_is_where_the_place_is_that_it_went_on_with():
    relationship = make_partnership_at("otsu", OTSU)
    put(make_city("rome").slug, ROME)
    put(make_city("dar-es-salaam").slug, DAR_ES_SALAAM)
    make_entry(relationship, "reaffirmed", "1980", partner=City.objects.get(slug="dar-es-salaam"))
    make_entry(relationship, "reaffirmed", "1975", partner=City.objects.get(slug="rome"))

    where = {year: drawn(date(year, 6, 1)).alone[0].transform for year in (1974, 1976, 1981)}

    assert where == {1974: at(OTSU), 1976: at(ROME), 1981: at(DAR_ES_SALAAM)}
    assert names(drawn().alone) == ["Otsu"]


def test_place_without_coordinates_leaves_the_relationship_where_it_was():
    make_entry(
        make_partnership_at("otsu", OTSU), "reaffirmed", "1980", partner=make_city("nowhere")
    )

    assert drawn().alone[0].transform == at(OTSU)


def test_partner_without_coordinates_is_where_it_went_on():
    """As with St. Petersburg, whose tie was with one district."""
    make_entry(make_partnership("nowhere"), "reaffirmed", "1980", partner=make_city("rome"))
    put("rome", ROME)

    assert [(one.pin.name, one.transform) for one in drawn().alone] == [("Nowhere", at(ROME))]


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ({"publication": Publication.DRAFT}, {}),
        ({"why_not_preferred": "A rumour."}, {}),
        ({}, {"publication": Publication.DRAFT}),
    ],
    ids=["draft line", "claimed line", "draft place"],
)
def test_what_is_not_on_record_moves_no_relationship(entry, place):
    rome = make_city("rome", **place)
    put("rome", ROME)
    make_entry(make_partnership_at("otsu", OTSU), "reaffirmed", "1980", partner=rome, **entry)

    assert drawn().alone[0].transform == at(OTSU)


# --- arcs -------------------------------------------------------------------------------


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"[\d.]+", path)]


def test_arc_goes_from_home_to_the_partner_and_bends_north():
    home()
    put("lansing", LANSING)
    make_partnership_at("otsu", OTSU)

    (arc,) = drawn().arcs

    begin_x, begin_y, bend_x, bend_y, end_x, end_y = numbers(arc.path)
    lansing, otsu = project(-84.556, 42.733), project(135.855, 35.018)
    assert (begin_x, begin_y) == pytest.approx(lansing, abs=0.005)
    assert (end_x, end_y) == pytest.approx(otsu, abs=0.005)
    assert bend_x == pytest.approx((begin_x + end_x) / 2, abs=0.01)
    assert 0 < bend_y < min(begin_y, end_y)


def test_arcs_are_drawn_by_kind_of_relationship_and_standing():
    home()
    put("lansing", LANSING)
    kinds = [make_type(f"type-{number}") for number in range(5)]
    for number, kind in enumerate(kinds):
        make_partnership_at(f"place-{number}", (str(10 * number), "20"), type=kind)
    make_entry(Relationship.objects.get(partner__slug="place-1"), "lapsed", "2000")

    found = drawn()

    assert [(arc.style, arc.status) for arc in found.arcs] == [
        ("solid", "active"),
        ("dashed", "ended"),
        ("dotted", "active"),
        ("dash-dot", "active"),
        ("dash-dot", "active"),
    ]
    assert found.kinds == list(
        zip([*ARC_STYLES, "dash-dot"], [kind.name for kind in kinds], strict=True)
    )


def test_legend_has_only_what_is_shown():
    make_type("sister-city")
    make_partnership_at("otsu", OTSU, type=make_type("friendship-city"))
    make_entry(make_partnership("nowhere"), "lapsed", "2000")

    found = drawn()

    assert found.kinds == [("dashed", "Friendship city")]
    assert found.statuses == [("active", "active")]


def test_no_arc_begins_nowhere():
    make_partnership_at("otsu", OTSU)

    found = drawn()

    assert (found.arcs, found.homes, names(found.alone)) == ([], [], ["Otsu"])


# --- close-ups --------------------------------------------------------------------------


def test_partners_too_near_each_other_are_drawn_larger():
    make_partnership_at("otsu", OTSU)
    make_partnership_at("sakaide", SAKAIDE)
    make_partnership_at("rome", ROME)

    found = drawn()

    assert names(found.alone) == ["Rome"]
    assert [(one.pin.name, one.transform, one.label) for one in found.crowded] == [
        ("Otsu", at(OTSU), None),
        ("Sakaide", at(SAKAIDE), None),
    ]
    (close_up,) = found.close_ups
    assert (close_up.letter, close_up.places) == ("A", "Otsu and Sakaide")
    assert names(close_up.pins) == ["Otsu", "Sakaide"]
    assert all(one.label for one in close_up.pins)


def test_close_up_lies_around_its_places():
    make_partnership_at("otsu", OTSU)
    make_partnership_at("sakaide", SAKAIDE)

    (close_up,) = drawn().close_ups

    x, y, width, height = map(float, close_up.view.split())
    for lat, lon in (OTSU, SAKAIDE):
        point = project(float(lon), float(lat))
        assert x < point.x < x + width
        assert y < point.y < y + height
        frame = {name: float(value) for name, value in close_up.frame.items()}
        assert frame["x"] < point.x < frame["x"] + frame["width"]
        assert frame["y"] < point.y < frame["y"] + frame["height"]
    assert [one.transform.split("scale")[1] for one in close_up.pins] == [
        f"({width / CLOSE_UP:.3f})"
    ] * 2


def test_partners_at_one_place_are_moved_apart_with_a_line():
    for number in range(3):
        make_partnership_at(f"place-{number}", OTSU)

    (close_up,) = drawn().close_ups

    assert [bool(one.leader) for one in close_up.pins] == [False, True, True]
    assert len({one.transform for one in close_up.pins}) == 3
    start = numbers(at(OTSU))
    assert [numbers(one.leader)[:2] for one in close_up.pins[1:]] == [start, start]


def test_home_too_near_a_partner_is_in_the_close_up_and_no_link():
    home()
    put("lansing", LANSING)
    make_partnership_at("flint", ("43.013", "-83.688"))

    (close_up,) = drawn().close_ups

    assert close_up.places == "Flint and Lansing"
    assert [one.pin.partner is None for one in close_up.pins] == [False, True]


def test_close_ups_have_letters_however_many_there_are():
    for row, column in ((row, column) for row in range(3) for column in range(10)):
        for part in range(2):
            place = (str(-50 + 40 * row + 2 * part), str(-168 + 36 * column))
            make_partnership_at(f"place-{row}-{column}-{part}", place)

    letters = [close_up.letter for close_up in drawn().close_ups]

    assert letters == [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA", "BB", "CC", "DD"]


# --- on the page ------------------------------------------------------------------------


def test_map_is_a_named_group_of_links_that_show_type_and_standing(client):
    home()
    put("lansing", LANSING)
    make_partnership_at("otsu", OTSU)
    make_partnership_at("sakaide", SAKAIDE)
    make_entry(
        make_partnership_at("rome", ROME, type=make_type("friendship-city")), "lapsed", "2000"
    )

    page = client.get("/cities/").text

    world = page[page.index('<svg class="world"') : page.index('<div class="close-ups">')]
    assert 'role="group" aria-label="World map of the cities in the list"' in world
    assert re.findall(r'<a href="([^"]*)" aria-label="([^"]*)">', world) == [
        ("/cities/rome/", "Rome, United States: friendship city, ended"),
        ("#map-A", "A, close-up of Otsu and Sakaide"),
    ]
    assert re.findall(r"<text[^>]*>([^<]*)</text>", world) == ["Rome", "Lansing", "A"]
    assert re.search(r'<use class="land" href="/static/lrscc/land[^"#]*svg#land"', world)
    near = page[page.index('id="map-A"') : page.index('<ul class="row legend">')]
    assert re.findall(r'<a href="([^"]*)" aria-label="([^"]*)">', near) == [
        ("/cities/otsu/", "Otsu, United States: sister city, active, last confirmed 1969"),
        ("/cities/sakaide/", "Sakaide, United States: sister city, active, last confirmed 1969"),
    ]
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    used = set(re.findall(r'href="#((?:pin|map)-[^"]*)"', page))
    assert used == {"pin-active", "pin-ended", "pin-home", "map-arcs", "map-A"}
    assert used <= set(ids)


@pytest.mark.parametrize(
    ("kinds", "status", "word"),
    [
        ([], "active", "active"),
        (["dormant"], "dormant", "inactive"),
        (["suspended"], "suspended", "suspended"),
        (["terminated"], "ended", "ended"),
    ],
)
def test_each_standing_has_a_shape_and_a_word(client, kinds, status, word):
    relationship = make_partnership_at("otsu", OTSU)
    for kind in kinds:
        make_entry(relationship, kind, "1990")

    page = client.get("/cities/").text

    assert f'id="pin-{status}"' in page
    legend = page[page.index('<ul class="row legend">') :]
    assert re.search(rf'href="#pin-{status}"/></svg> {word}</li>', legend)


def test_name_of_a_place_is_text_on_the_map(client):
    make_partnership_at("otsu", OTSU)
    City.objects.filter(slug="otsu").update(name='"><script>x</script>')

    page = client.get("/cities/").text

    assert "<script>x" not in page
    assert "&lt;script&gt;x&lt;/script&gt;</text>" in page


@override_settings(LANGUAGE_CODE="de", USE_THOUSAND_SEPARATOR=True)
def test_numbers_of_the_drawing_are_those_of_svg_in_every_language(client):
    make_partnership_at("otsu", OTSU)
    make_partnership_at("sakaide", SAKAIDE)
    make_partnership_at("rome", ROME)

    page = client.get("/cities/").text

    drawing = page[page.index('<svg class="world"') : page.index('<ul class="row legend">')]
    measures = re.findall(r' (?:x|y|width|height|d|viewBox|transform)="([^"]*)"', drawing)
    assert len(measures) > 20
    assert not [measure for measure in measures if "," in measure]
    assert f'viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}"' in drawing


def test_name_without_room_is_not_written():
    assert _written(None, 1.0) is None
