"""The cards for links: their words, their size, drawn again only for a change."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cities.models import Register
from cities.postmarks import INK, postmark_of
from cities.records.publishing import Publication
from cities.standing import Status
from cities.views import drawing_of
from lrscc.pages.card_image import Card, can_draw, drawn
from lrscc.pages.cards import COLORS, card_of
from tests.factories import (
    home,
    make_city,
    make_entry,
    make_name,
    make_partnership,
    make_register,
    make_relationship,
    make_type,
)

ROOT = Path(__file__).resolve().parent.parent
SENDER = (
    "Lansing’s sister cities",
    "Official record of the Lansing Regional Sister Cities Commission",
)
NOBODY = "Our City’s sister cities", "Official record of the Sister Cities Commission"
"""Of an empty database."""
PAPER, VIOLET = (251, 250, 246), (99, 48, 143)


def make_otsu():
    relationship = make_partnership("otsu", type=make_type())
    make_name(relationship.partner, "大津市")
    return relationship


def picture(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    assert (image.format, image.size) == ("PNG", (1200, 630))
    return image.convert("RGB")


def colors(image: Image.Image) -> set:
    return {color for __, color in image.getcolors(image.width * image.height)}


# --- what it says -----------------------------------------------------------------------


@pytest.mark.django_db
def test_card_of_a_partner_says_how_its_relationship_stands():
    relationship = make_otsu()

    card = card_of(relationship.partner, relationship, Register())

    native = "大津市" if can_draw("大津市") else ""  # this machine may have no such fonts
    standing = relationship.standing_on(relationship.entries.get().on.earliest)
    mark = drawing_of(postmark_of(relationship.partner, standing, own_script=bool(native)))
    assert card == Card(
        sender=NOBODY,
        title="Otsu",
        sentence="Sister city since October 1, 1969.",
        native=native,
        color="#1f5f3a",
        postmark=mark,
    )


@pytest.mark.django_db
def test_card_without_fonts_for_a_script_leaves_it_out():
    relationship = make_otsu()

    card = card_of(relationship.partner, relationship, Register(), machine_fonts=False)

    assert card.native == ""
    assert ">大津市<" not in card.postmark
    assert ">O<" in card.postmark


@pytest.mark.django_db
def test_card_of_a_place_without_a_relationship_says_what_it_is():
    place = make_city("tsentralny", kind="district", country="RU")

    card = card_of(place, None, Register())

    mark = drawing_of(postmark_of(place))
    assert card == Card(NOBODY, "Tsentralny", "District, Russia", color=INK, postmark=mark)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "party", "color"),
    [
        ("signed", "both", "#1f5f3a"),
        ("dormant", "both", "#7a5200"),
        ("suspended", "both", "#7a5200"),
        ("terminated", "both", "#555c63"),
        ("terminated", "partner", "#555c63"),
        ("reaffirmed", "partner", "#63308f"),
        ("noted", "both", "#1b1f24"),
    ],
)
def test_card_has_the_color_of_the_standing(kind, party, color):
    relationship = make_relationship(make_city("otsu"))
    if kind in ("terminated", "dormant", "suspended", "reaffirmed"):
        make_entry(relationship, "signed", "1969", type=make_type())
    make_entry(relationship, kind, "1990", party=party)
    if kind == "reaffirmed":
        make_entry(relationship, "terminated", "1990", party="home")

    assert card_of(relationship.partner, relationship, Register()).color == color


def test_colors_are_those_of_the_pages():
    folder = ROOT / "lrscc/static/lrscc"
    style = "".join((folder / name).read_text() for name in ("shared.css", "site.css"))
    on_paper = dict(re.findall(r"--([\w-]+): (#\w+);", style[: style.index("@media")]))
    tokens = dict(re.findall(r"\.standing-(\w+) { color: var\(--(\w+)\)", style))

    assert {status: on_paper[tokens[status]] for status in Status} == COLORS


# --- how it is drawn --------------------------------------------------------------------

EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 192 128"></svg>'
PLAIN = Card(SENDER, "Otsu", "Sister city since 1969.")


def test_card_is_a_picture_on_paper():
    image = picture(drawn(PLAIN, machine_fonts=False))

    assert {image.getpixel(at) for at in ((0, 0), (1199, 0), (0, 629), (1199, 629))} == {PAPER}
    assert drawn.__wrapped__(PLAIN, machine_fonts=False) == drawn(PLAIN, machine_fonts=False)


def test_card_draws_the_postmark_and_the_color():
    violet = EMPTY.replace("></svg>", '><path fill="#63308f" d="M0 0h192v128H0z"/></svg>')

    assert VIOLET not in colors(picture(drawn(PLAIN)))
    assert picture(drawn(replace(PLAIN, postmark=violet))).getpixel((1000, 200)) == VIOLET
    assert VIOLET in colors(picture(drawn(replace(PLAIN, color="#63308f"))))


@pytest.mark.parametrize("title", ["W" * 120, "Long " * 24, "大" * 120, "#panic() \\ $x$ *a*", ""])
def test_card_of_any_name_leaves_the_postmark_and_the_edge_free(title):
    card = replace(PLAIN, title=title, native=title, sentence="A sentence. " * 12, postmark=EMPTY)

    image = picture(drawn(card))

    assert colors(image.crop((720, 0, 1200, 350))) == {PAPER}
    for edge in ((0, 0, 60, 630), (1140, 0, 1200, 630), (0, 600, 1200, 630)):
        assert colors(image.crop(edge)) == {PAPER}


def test_letters_are_drawn_that_have_a_font():
    assert can_draw("Санкт-Петербург", machine_fonts=False)
    assert can_draw("", machine_fonts=False)
    assert not can_draw("大津市", machine_fonts=False)


# --- where it is shown ------------------------------------------------------------------

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Type": "image/png",
}


@pytest.mark.usefixtures("answered")
def test_card_of_a_place_is_drawn_again_only_when_it_changed(client):
    relationship = make_otsu()
    path = "/cities/otsu/card.png"

    first = client.get(path)
    etag = first.headers["ETag"]
    unchanged = client.get(path, headers={"if-none-match": etag})
    make_entry(relationship, "reaffirmed", "2010", party="partner")
    make_entry(relationship, "terminated", "2010", party="home")
    changed = client.get(path, headers={"if-none-match": etag})

    assert first.headers.items() >= HEADERS.items()
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == etag
    assert VIOLET not in colors(picture(first.content))
    assert VIOLET in colors(picture(changed.content))


@pytest.mark.django_db
def test_card_of_a_place_shows_nothing_of_a_draft(client):
    relationship = make_relationship(make_city("otsu"), publication=Publication.DRAFT)
    make_entry(relationship, "signed", "1969", type=make_type())

    shown = client.get("/cities/otsu/card.png").content

    assert shown == drawn(card_of(relationship.partner, None, Register()))


@pytest.mark.django_db
def test_card_of_the_site_has_the_postmark_of_the_home_city(client):
    empty = client.get("/card.png")
    make_register()
    response = client.get("/card.png")

    title = "%s’s sister cities: who they are, since when, and who decided"
    sentence = "The official record, with the source for every fact."
    assert response.headers.items() >= HEADERS.items()
    assert empty.content == drawn(Card(NOBODY, title % "Our City", sentence=sentence))
    assert response.content == drawn(
        Card(
            SENDER, title % "Lansing", sentence=sentence, postmark=drawing_of(postmark_of(home()))
        )
    )
