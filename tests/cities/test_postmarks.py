"""The postmark: what it says of a place and a day, that it fits, and how it is drawn."""

import re
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from cities.postmarks import (
    BOTTOM,
    BOTTOM_ARC,
    INK,
    MIDDLE,
    SMALL_MIDDLE,
    TONES,
    TOP,
    TOP_ARC,
    Lettering,
    Ring,
    postmark_of,
    width,
)
from cities.records.dates import RecordDate
from cities.records.publishing import Publication
from cities.standing import EntryKey, Standing, Status
from cities.views import drawing_of
from tests.factories import (
    make_city,
    make_entry,
    make_name,
    make_partnership,
    make_relationship,
    make_type,
)
from tests.otsu import WITHDRAWN
from tests.reading import lines_of

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def place(name="Otsu", native="", language="ja", country="Japan"):
    natives = [SimpleNamespace(text=native, language=language)] if native else []
    return SimpleNamespace(name=name, country_name=country, native_names=natives)


def standing(status="active", began="1969-10-01", kind="signed", home=None, partner=None):
    line = EntryKey(1, kind, RecordDate.parse(began)) if began else None
    return Standing(status, home or status, partner or status, "sister-city", line, line)


def texts_of(drawing: str) -> list[str]:
    """All words of a drawing in order; fails on what is no XML."""
    tree = ElementTree.fromstring(drawing)
    return ["".join(text.itertext()) for text in tree.iter(f"{SVG}text")]


# --- what it says -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "native", "middle", "short"),
    [
        ("Otsu", "大津市", ["大津市"], "大津"),
        ("Asan", "아산시", ["아산시"], "아산"),
        ("St. Petersburg", "Санкт-Петербург", ["Санкт-", "Петербург"], "СП"),
        ("A district", "Куйбышевский район", ["Куйбышевский", "район"], "К"),
        ("Cairo", "القاهرة", ["القاهرة"], "القاهرة"),
        ("Flint", "", ["F"], "F"),
        ("Dar es Salaam", "", ["DS"], "DS"),
        ("Nsawam-Adoagyiri", "", ["NA"], "NA"),
        ("eThekwini", "", ["e"], "e"),
        ("大津市", "", ["大津"], "大津"),
        ("Otsu", "大津\n 市", ["大津 市"], "大津"),
        ("Otsu", "e\u0301\u202e\x01", ["é"], "é"),
        ("\u202e", "", [""], ""),
    ],
)
def test_middle_has_the_name_in_its_own_script_or_initials(name, native, middle, short):
    postmark = postmark_of(place(name, native))

    assert [line.text for line in postmark.middle] == middle
    assert postmark.short.text == short
    assert postmark.language == ("ja" if native else "")


def test_middle_has_initials_where_the_own_script_cannot_be_drawn():
    postmark = postmark_of(place("Otsu", "大津市"), own_script=False)

    assert ([line.text for line in postmark.middle], postmark.short.text) == (["O"], "O")
    assert postmark.language == ""


@pytest.mark.parametrize(
    ("began", "kind", "year"),
    [
        ("1969-10-01", "signed", "1969"),
        ("2013-08", "concluded", "2013"),
        ("1994~", "signed", "~1994"),
        ("1994?", "signed", "1994?"),
        ("1994%", "signed", "~1994?"),
        ("[1994-02-01,1994-03-01]", "signed", "1994"),
        ("1994/1995", "signed", ""),
        ("196X", "signed", ""),
        ("1997/..", "signed", ""),
        ("/1997", "signed", ""),
        ("1969-10-01", "attested", ""),  # in force that day; when it began nobody knows
        (None, None, ""),
    ],
)
def test_year_is_that_in_which_the_relationship_began_if_it_is_known(began, kind, year):
    assert postmark_of(place(), standing(began=began, kind=kind)).year == year


@pytest.mark.django_db
def test_year_is_that_of_the_sentence_on_the_page(client):
    relationship = make_relationship(make_city("asan"))
    make_entry(relationship, "signed", "2006-02-14", type=make_type("friendship-city"))
    make_entry(relationship, "concluded", "2008", type=make_type("sister-city"))
    page = client.get("/cities/asan/?on=2026-01-01")
    assert "Sister city since 2008. Before that, friendship city since" in page.text
    assert page.text.count(">2008</text>") == 1

    make_entry(relationship, "suspended", "2020")
    page = client.get("/cities/asan/?on=2026-01-01")
    assert "Sister city, suspended since 2020." in page.text
    assert page.text.count(">2006</text>") == 1


@pytest.mark.parametrize("status", [status for status in Status if status != Status.CONTESTED])
def test_ring_is_that_of_the_status(status):
    assert postmark_of(place(), standing(status)).rings == (Ring(status),)


def test_ring_of_a_contested_relationship_has_the_home_side_on_the_left():
    postmark = postmark_of(place(), standing("contested", home="active", partner="ended"))

    assert postmark.rings == (Ring("active", "home"), Ring("ended", "partner"))


def test_ring_without_a_standing_is_whole():
    assert (
        postmark_of(place()).rings == postmark_of(place(), Standing()).rings == (Ring("active"),)
    )


# --- that it fits -----------------------------------------------------------------------

NAMES = st.text(st.characters(codec="utf-8"), max_size=200) | st.sampled_from(
    ["W" * 120, "i" * 120, "大" * 120, "Санкт-Петербург " * 7, "a-" * 60, "\u0301" * 9]
)


def length(words: Lettering) -> float:
    return words.size * width(words.text) + words.spacing * len(words.text)


@given(name=NAMES, native=NAMES, country=NAMES, began=st.sampled_from(["1969", None]))
def test_every_name_fits(name, native, country, began):
    """Half a unit of room for rounding: the sizes have one digit."""
    postmark = postmark_of(place(name, native, country=country), standing(began=began))

    assert length(postmark.name) <= TOP * TOP_ARC + 3
    assert length(postmark.country) <= BOTTOM * BOTTOM_ARC + 3
    assert all(length(line) <= MIDDLE + 2 for line in postmark.middle)
    assert length(postmark.short) <= SMALL_MIDDLE + 2
    assert postmark.name.size >= 7
    assert postmark.country.size >= 6
    assert all(6 <= line.size <= 30 for line in postmark.middle)
    assert 7 <= postmark.short.size <= 17
    assert len(postmark.middle) in (1, 2)
    ElementTree.fromstring(drawing_of(postmark))


def test_words_of_two_lines_do_not_touch():
    first, second = postmark_of(place("St. Petersburg", "Санкт-Петербург"), standing()).middle

    assert first.size == second.size
    assert second.y - first.y >= first.size


def test_long_name_is_smaller_and_too_long_a_one_is_cut():
    short, long, endless = (
        postmark_of(place(name)).name for name in ("Otsu", "Kuybyshevsky District", "Long " * 20)
    )

    assert short.size > long.size > endless.size == 7
    assert short.spacing > long.spacing > endless.spacing == 0
    assert (short.text, long.text) == ("OTSU", "KUYBYSHEVSKY DISTRICT")
    cut = endless.text.removesuffix("…")
    assert endless.text.endswith("…")
    assert ("LONG " * 20).startswith(cut)
    assert 0.9 * TOP * TOP_ARC < length(endless) <= TOP * TOP_ARC


# --- how it is drawn --------------------------------------------------------------------


def test_drawing_of_a_postmark_is_this():
    """The whole file, but the waves, which are an ornament of many points."""
    postmark = postmark_of(place("Otsu", "大津市"), standing())

    drawing = re.sub(r'd="M96 38[^"]*"', 'd="WAVES"', drawing_of(postmark))

    name, country, (middle,) = postmark.name, postmark.country, postmark.middle
    assert drawing == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 192 128"'
        ' font-family="Charter, Georgia, serif">\n'
        "<title>Postmark of Otsu</title>\n"
        '<path fill="#fbfaf6" d="M0 0h192v128H0z"/>\n'
        f'<path fill="none" stroke="{TONES["sister-city"]}" stroke-width="2"'
        ' stroke-linecap="round" d="WAVES"/>\n'
        '<circle cx="64" cy="64" r="64" fill="#fbfaf6"/>\n'
        '<defs><path id="postmark-over" d="M22.8 83.2A45.5 45.5 0 1 1 105.2 83.2"/>'
        '<path id="postmark-under" d="M11 64a53 53 0 0 0 106 0"/></defs>\n'
        f'<g fill="none" stroke="{INK}"><g><circle cx="64" cy="64" r="60" stroke-width="3.4"/>'
        '</g><circle cx="64" cy="64" r="41"/></g>\n'
        f'<g fill="{INK}" text-anchor="middle"><circle cx="16.6" cy="78.5" r="1.5"/>'
        '<circle cx="111.4" cy="78.5" r="1.5"/>'
        f'<text font-size="{name.size}" letter-spacing="{name.spacing}" font-weight="600">'
        '<textPath href="#postmark-over" startOffset="50%">OTSU</textPath></text>'
        f'<text font-size="{country.size}" letter-spacing="{country.spacing}">'
        '<textPath href="#postmark-under" startOffset="50%">JAPAN</textPath></text>\n'
        f'<text x="64" y="{middle.y}" font-size="{middle.size}" lang="ja">大津市</text>'
        '<text x="64" y="89" font-size="12">1969</text></g>\n'
        "</svg>\n"
    )


@pytest.mark.parametrize(
    ("status", "ring"),
    [
        ("active", '<circle cx="64" cy="64" r="60" stroke-width="3.4"/>'),
        ("dormant", '<circle cx="64" cy="64" r="60" stroke-width="1.2"/>'),
        (
            "suspended",
            (
                '<circle cx="64" cy="64" r="60" stroke-width="3.4" pathLength="72"'
                ' stroke-dasharray="5 1" stroke-dashoffset="2.5"/>'
            ),
        ),
        (
            "ended",
            (
                '<circle cx="64" cy="64" r="61.4" stroke-width="1.2"/>'
                '<circle cx="64" cy="64" r="57.4" stroke-width="1.2"/>'
            ),
        ),
        (
            "proposed",
            (
                '<circle cx="64" cy="64" r="60" stroke-width="3" stroke-linecap="round"'
                ' pathLength="120" stroke-dasharray="0 2"/>'
            ),
        ),
    ],
)
def test_every_standing_has_a_ring_of_its_own(status, ring):
    large = drawing_of(postmark_of(place(), standing(status)))
    small = render_to_string(
        "cities/_postmark_small.html", {"postmark": postmark_of(place(), standing(status))}
    )
    shapes = ElementTree.fromstring(render_to_string("cities/_postmark_parts.html"))

    assert f'<g fill="none" stroke="{INK}"><g>{ring}</g>' in large
    assert re.findall('href="#(.+?)"', small) == ["postmark-dial", f"postmark-{status}"]
    assert shapes.find(f".//*[@id='postmark-{status}']") is not None


def test_ring_of_a_contested_relationship_is_of_two_halves_in_two_colors():
    postmark = postmark_of(place(), standing("contested", home="active", partner="ended"))

    large, small = (
        drawing_of(postmark),
        render_to_string("cities/_postmark_small.html", {"postmark": postmark}),
    )

    assert re.findall(
        r'<g clip-path="url\(#(.+?)\)" stroke="(.+?)"><circle.+?(?:r="(.+?)")', large
    ) == [
        ("postmark-home", "#63308f", "60"),
        ("postmark-partner", "#555c63", "61.4"),
    ]
    assert re.findall("<use .+?/>", small) == [
        '<use href="#postmark-dial"/>',
        '<use href="#postmark-active" class="postmark-of-home" clip-path="url(#postmark-home)"/>',
        (
            '<use href="#postmark-ended" class="postmark-of-partner"'
            ' clip-path="url(#postmark-partner)"/>'
        ),
    ]
    for half in ("postmark-home", "postmark-partner"):
        assert f'<clipPath id="{half}">' in large
        assert f'<clipPath id="{half}">' in render_to_string("cities/_postmark_parts.html")


HOSTILE = '<script>alert(1)</script> & "O\'su" ]]>\x01\ufffe'


@pytest.mark.parametrize(
    "template", ["cities/postmark.svg", "cities/_postmark.html", "cities/_postmark_small.html"]
)
def test_hostile_name_is_text(template):
    postmark = postmark_of(place(HOSTILE, HOSTILE, country=HOSTILE), standing())

    drawing = render_to_string(template, {"postmark": postmark, "tone": INK})

    assert "<script" not in drawing.lower()
    svg = (
        drawing if "xmlns" in drawing else drawing.replace("<svg", f'<svg xmlns="{SVG[1:-1]}"', 1)
    )
    texts = texts_of(svg)
    assert postmark.short.text in texts or postmark.name.text in texts
    assert "1969" in texts


def test_kind_of_relationship_nobody_gave_a_color_has_that_of_the_letters():
    other = Standing("active", "active", "active", "twin-town")

    assert f'<path fill="none" stroke="{INK}"' in drawing_of(postmark_of(place(), other))


def test_small_postmark_is_small():
    contested = standing("contested", "1969~", home="suspended", partner="active")

    drawn = render_to_string(
        "cities/_postmark_small.html",
        {"postmark": postmark_of(place("Otsu", "大津市", "zh-Hans"), contested)},
    )

    assert len(drawn.encode()) <= 450
    assert 'aria-hidden="true"' in drawn


def test_colors_are_those_of_the_pages():
    folder = ROOT / "lrscc/static/lrscc"
    style = "".join((folder / name).read_text() for name in ("shared.css", "site.css"))
    on_paper = dict(re.findall(r"--([\w-]+): (#\w+);", style[: style.index("@media")]))

    template = (ROOT / "templates/cities/postmark.svg").read_text()
    named = {"paper": "paper", "one": "contested", "other": "ended"}
    assert {name: on_paper[token] for name, token in named.items()} == {
        name: re.search(rf' {name}="(.+?)"', template)[1] for name in named
    }
    assert on_paper["ink"] == INK
    assert {
        slug: on_paper[token]
        for slug, token in re.findall(r"\.tone-([\w-]+) { --tone: var\(--([\w-]+)\)", style)
    } == TONES


# --- where it is shown ------------------------------------------------------------------


def make_otsu():
    relationship = make_partnership("otsu", type=make_type("sister-city"))
    make_name(relationship.partner, "大津市")
    return relationship


@pytest.mark.django_db
def test_mark_comes_as_a_file_that_no_page_can_run(client):
    make_otsu()

    response = client.get("/cities/otsu/mark.svg")

    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert texts_of(response.text) == ["OTSU", "UNITED STATES", "大津市", "1969"]
    assert f'stroke="{TONES["sister-city"]}"' in response.text


@pytest.mark.usefixtures("answered")
def test_mark_is_sent_again_only_when_it_changed(client):
    relationship = make_otsu()
    etag = client.get("/cities/otsu/mark.svg").headers["ETag"]

    unchanged = client.get("/cities/otsu/mark.svg", headers={"if-none-match": etag})
    make_entry(relationship, "lapsed", "2010")
    changed = client.get("/cities/otsu/mark.svg", headers={"if-none-match": etag})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == etag
    assert changed.status_code == 200
    assert 'r="57.4"' in changed.text


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["mark.svg", "card.png"])
def test_mark_of_a_draft_is_not_there_any_more_than_nothing(client, file):
    make_city("otsu", publication=Publication.DRAFT)

    response = client.get(f"/cities/otsu/{file}")

    assert response.status_code == 404
    assert response.content == client.get(f"/cities/nowhere/{file}").content


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["mark.svg", "card.png"])
def test_mark_of_a_withdrawn_place_answers_the_reason(client, file):
    make_city("otsu", **WITHDRAWN)

    response = client.get(f"/cities/otsu/{file}")

    assert response.status_code == 410
    assert "It was another place." in " ".join(lines_of(response))


@pytest.mark.django_db
def test_postmark_shows_nothing_of_a_draft(client):
    relationship = make_relationship(make_city("otsu"), publication=Publication.DRAFT)
    make_entry(relationship, "suspended", "1969", type=make_type())
    public = make_relationship(make_city("nara"))
    make_entry(public, "suspended", "1969", type=make_type(), publication=Publication.DRAFT)

    for slug in ("otsu", "nara"):
        postmark = client.get(f"/cities/{slug}/mark.svg").text
        page = client.get(f"/cities/{slug}/").text
        assert texts_of(postmark)[2:] == [slug[0].upper()]
        assert "stroke-dasharray" not in postmark + page
        assert "tone-none" in page


@pytest.mark.django_db
def test_page_of_a_city_shows_its_postmark_beside_its_name(client):
    make_entry(make_otsu(), "suspended", "1990")

    page = client.get("/cities/otsu/").text

    (drawing,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert drawing.startswith(
        '<svg class="postmark tone-sister-city" viewBox="0 0 192 128" aria-hidden="true">'
    )
    assert texts_of(drawing.replace("<svg", f'<svg xmlns="{SVG[1:-1]}"')) == [
        *("OTSU", "UNITED STATES", "大津市", "1969"),
    ]
    assert 'pathLength="72"' in drawing


def rings(page: str) -> list[str]:
    return re.findall(r'href="#postmark-(?!dial)(\w+)"', page)


@pytest.mark.django_db
def test_list_of_a_day_has_the_rings_of_the_day(client):
    relationship = make_otsu()
    make_entry(relationship, "suspended", "1990")
    make_entry(relationship, "resumed", "2000")
    make_entry(relationship, "terminated", "2010", party="partner")
    make_entry(relationship, "reaffirmed", "2012", party="home")

    pages = {day: client.get(f"/cities/?on={day}").text for day in ("1985-01-01", "1995-01-01")}

    assert rings(pages["1985-01-01"]) == ["active"]
    assert rings(pages["1995-01-01"]) == ["suspended"]
    for path in ("/cities/", "/", "/relationship-types/"):
        page = client.get(path).text
        assert rings(page) == ["active", "ended"], path
        assert page.count('id="postmark-dial"') == 1, path


@pytest.mark.django_db
def test_page_with_thirty_postmarks_stays_light(client):
    for number in range(30):
        relationship = make_partnership(f"place-of-a-long-name-{number}", type=make_type())
        make_name(relationship.partner, "サンクトペテルブルク市")

    page = client.get("/cities/").content

    assert page.count(b'<svg class="postmark ') == 30
    assert len(page) < 30_000
