"""The register’s own data: what Lansing’s record says once it is loaded."""

from pathlib import Path

import pytest
from django.conf import settings

from cities.models import Acceptance, Citation, Entry, Relationship
from cities.models.ledger import CitationRole
from cities.publishing import Publication
from lrscc.register import dump
from lrscc.register_loading import load
from lrscc.shapes import SHAPES
from tests.reading import lines_of, links_of

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.BASE_DIR) / "lrscc" / "data" / "register"
PARTNERS = [
    *("akuapim-south", "asan", "cosenza", "dar-es-salaam", "flint", "guadalajara", "lanzhou"),
    *("otsu", "pianezza", "sakaide", "saltillo", "sanming", "st-petersburg", "suceava"),
]


def silently(table: str, number: int, total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def loaded(module_db):
    return load([FOLDER], silently)


@pytest.fixture(autouse=True)
def register(loaded):
    """Every test here reads the register as it is loaded."""


def day(edtf: str, earliest: str | None = None, latest: str | None = None) -> dict:
    return {"edtf": edtf, "earliest": earliest or edtf, "latest": latest or earliest or edtf}


def standing_of(client, city: str, on: str = "") -> dict:
    answer = client.get(f"/api/v1/relationships/?city={city}&on={on}").json()
    assert [tie["slug"] for tie in answer["results"]] == [f"lansing-{city}"]
    return answer["results"][0]["standing"]


# --- files ------------------------------------------------------------------------------


def test_files_are_written_back_byte_for_byte(tmp_path):
    written = dict(dump(tmp_path))

    names = {f"{table}.toml" for table in SHAPES}
    assert set(written) == {path.name for path in FOLDER.iterdir()} == names
    for name in names:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_loading_again_changes_nothing(loaded):
    history = Entry.history.count(), Citation.history.count(), Relationship.history.count()

    again = load([FOLDER], silently)

    assert again.new.total() == again.changed.total() == 0
    assert again.same == loaded.new
    assert history == (
        Entry.history.count(),
        Citation.history.count(),
        Relationship.history.count(),
    )


def test_every_record_is_valid_and_published():
    records = [
        record
        for shape in (*SHAPES.values(), SHAPES["relationships"].late_children["entries"])
        for record in shape.model._default_manager.all()
    ]

    assert len(records) > 130
    for record in records:
        record.full_clean()
        assert getattr(record, "publication", Publication.PUBLISHED) == Publication.PUBLISHED


# --- partners ---------------------------------------------------------------------------


def test_partners_are_these(client):
    answer = client.get("/api/v1/relationships/?page_size=200").json()

    assert sorted(tie["partner"].split("/")[-2] for tie in answer["results"]) == PARTNERS
    assert {tie["home"] for tie in answer["results"]} == {
        "http://testserver/api/v1/cities/lansing/"
    }


def test_places_are_partners_home_and_those_the_record_names(client):
    answer = client.get("/api/v1/cities/?page_size=200").json()

    assert sorted(place["slug"] for place in answer["results"]) == sorted(
        [
            *PARTNERS,
            "lansing",
            "kuybyshevsky-district",
            "nsawam-adoagyiri",
            "tsentralny-district",
        ]
    )


def test_types_are_sister_and_friendship_city(client):
    answer = client.get("/api/v1/relationship-types/").json()

    assert [kind["slug"] for kind in answer["results"]] == ["sister-city", "friendship-city"]


def test_every_accepted_line_has_a_source_that_supports_it():
    without = Entry.objects.filter(acceptance=Acceptance.ACCEPTED).exclude(
        citations__role=CitationRole.SUPPORTS
    )

    assert Entry.objects.count() == 46
    assert [line.ref for line in without] == []


def test_every_claim_has_a_source_and_a_reason():
    claims = Entry.objects.filter(acceptance=Acceptance.CLAIMED)

    assert claims.count() == 10
    assert [c.ref for c in claims if not c.citations.exists() or not c.why_not_preferred] == []


def test_no_population_stands_without_year_scope_and_source(client):
    places = client.get("/api/v1/cities/?page_size=200").json()["results"]

    told = [place["population"] for place in places if place["population"]]
    assert len(told) == 14
    assert [population for population in told if not all(population.values())] == []


# --- days -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "partners"),
    [
        ("1968-12-31", []),
        ("1969-10-01", ["Otsu"]),
        ("1990-01-01", ["Guadalajara", "Otsu"]),
        (
            "1994-03-11",
            ["Guadalajara", "Otsu", "Saltillo", "St. Petersburg"],
        ),
    ],
)
def test_sister_cities_on_a_day_are_these(client, on, partners):
    ties = client.get(f"/api/v1/relationships/?on={on}&type=sister-city").json()["results"]
    places = client.get(f"/api/v1/cities/?on={on}&type=sister-city").json()["results"]
    page = lines_of(client.get(f"/cities/?on={on}&type=sister-city"))

    alive = [tie["partner"] for tie in ties if tie["standing"]["status"] != "proposed"]
    assert [place["url"] for place in places if place["url"] in alive] == alive
    assert [place["name"] for place in places if place["url"] in alive] == partners
    shown = [line for line in page if " since " in line and "proposed" not in line]
    assert [any(line.startswith(name) for name in partners) for line in shown] == [True] * len(
        partners
    )


def test_page_of_1990_lists_otsu_and_guadalajara_and_no_one_else(client):
    lines = lines_of(client.get("/cities/?on=1990-01-01"))

    assert lines[lines.index("Show") + 1 :] == [
        "2 partners · Show all of today’s partners",
        "Sister cities 2",
        "Guadalajara Mexico since 1982",
        "Otsu 大津市 Japan since 1 October 1969",
        "The same as data: relationships on 1990-01-01 (JSON)",
    ]


def test_home_counts_the_ties_of_today(client):
    lines = lines_of(client.get("/"))

    assert lines[2:12] == [
        *("Sister cities", "8"),
        *("Friendship cities", "5"),
        *("Countries", "9"),
        *("First tie", "1 October 1969"),
        "Sister cities 8",
        "Akuapim South Ghana since 1997",
    ]


# --- St. Petersburg ---------------------------------------------------------------------

BEGAN = day("1992", "1992-01-01", "1992-12-31")


@pytest.mark.parametrize(
    ("on", "standing"),
    [
        ("1991-12-31", None),
        (
            "1993-06-01",
            {
                "status": "active",
                "reason": None,
                "home": "active",
                "partner": "active",
                "type": "sister-city",
                "since": BEGAN,
                "began": BEGAN,
            },
        ),
        (
            "2000-01-01",
            {
                "status": "contested",
                "reason": None,
                "home": "active",
                "partner": "ended",
                "type": "sister-city",
                "since": day("1994-03-11"),
                "began": BEGAN,
            },
        ),
        (
            "",
            {
                "status": "ended",
                "reason": "lapsed",
                "home": "ended",
                "partner": "ended",
                "type": "sister-city",
                "since": day("2010-01", "2010-01-01", "2010-01-31"),
                "began": BEGAN,
            },
        ),
    ],
)
def test_st_petersburg_stood_like_this(client, on, standing):
    if standing is None:
        assert client.get(f"/api/v1/relationships/?city=st-petersburg&on={on}").json() == {
            "count": 0,
            "next": None,
            "previous": None,
            "results": [],
        }
    else:
        assert standing_of(client, "st-petersburg", on) == standing


def test_st_petersburg_shows_its_beginnings_side_by_side(client):
    answer = client.get("/api/v1/entries/?city=st-petersburg&kind=concluded").json()

    beginnings = [
        (line["on"]["edtf"], line["acceptance"], bool(line["why_not_preferred"]))
        for line in answer["results"]
    ]
    assert beginnings == [
        ("1991", "claimed", True),
        ("1992", "accepted", False),
        ("1994", "claimed", True),
    ]


def test_st_petersburg_page_tells_its_end_and_what_2013_said(client):
    response = client.get("/cities/st-petersburg/")

    lines = lines_of(response)
    assert lines[5:7] == [
        "Ended January 2010: lapsed.",
        (
            "Decided by Lansing Regional Sister Cities Commission. The line it follows from ·"
            " Source: Report on the Council’s vote, with an e-mail from the commission’s chair"
        ),
    ]
    ledger = lines[lines.index("The ledger") : lines.index("Other accounts")]
    claims = lines[lines.index("Other accounts") : lines.index("What we do not know yet")]
    assert [line for line in ledger if line in ("1992", "11 March 1994", "January 2010")] == [
        *("1992", "11 March 1994", "January 2010")
    ]
    assert "From then on the partner is Kuybyshevsky District." in ledger
    assert "12 or 19 August 2013" in ledger
    assert [line for line in claims if line in ("1991", "1994")] == ["1991", "1994"]
    for said in ("Attested", "Found dormant", "Terminated"):
        assert said in claims


# --- the others -------------------------------------------------------------------------


def test_otsu_goes_by_1969_and_keeps_1968_as_another_account(client):
    lines = lines_of(client.get("/cities/otsu/"))

    ledger = lines[lines.index("The ledger") : lines.index("Other accounts")]
    claims = lines[lines.index("Other accounts") : lines.index("Agreements")]
    assert lines[5] == "Sister city since 1 October 1969."
    assert "1 October 1969" in ledger
    assert "1968" not in ledger
    assert claims[2:4] == ["1968", "Concluded as sister city"]
    assert claims[5].startswith("Why the record does not go by it: Otsu’s own page gives")


def test_asan_is_a_sister_city_after_a_friendship(client):
    assert standing_of(client, "asan") == {
        "status": "active",
        "reason": None,
        "home": "active",
        "partner": "active",
        "type": "sister-city",
        "since": day("2008", "2008-01-01", "2008-12-31"),
        "began": day("2006-02-14"),
    }
    assert lines_of(client.get("/cities/asan/"))[5] == (
        "Sister city since 2008; before that friendship city, since 14 February 2006."
    )


@pytest.mark.parametrize("city", ["cosenza", "dar-es-salaam", "lanzhou", "sakaide"])
def test_friendship_city_of_which_the_beginning_is_not_found_says_so(client, city):
    attested = day("2013-07-22?", "2013-07-22")

    lines = lines_of(client.get(f"/cities/{city}/"))

    assert standing_of(client, city) == {
        "status": "active",
        "reason": None,
        "home": "active",
        "partner": "active",
        "type": "friendship-city",
        "since": attested,
        "began": attested,
    }
    assert (
        "Friendship city: a source of 22 July 2013 (not certain) shows it in force. When it began"
        " is not found yet."
    ) in lines
    assert "When and how the tie began." in lines


def test_akuapim_south_goes_on_with_nsawam_adoagyiri(client):
    lines = lines_of(client.get("/cities/nsawam-adoagyiri/"))

    found = client.get("/api/v1/relationships/?city=nsawam-adoagyiri").json()["results"]
    assert [tie["slug"] for tie in found] == ["lansing-akuapim-south"]
    assert "The tie with this place" in lines
    assert "Akuapim South: renewed" in lines


def test_commission_decides_since_1994_and_the_council_before(client):
    lines = lines_of(client.get("/about/"))

    council, commission = (
        lines[lines.index(body) + 1]
        for body in (
            "Lansing City Council",
            "Lansing Regional Sister Cities Commission (LRSCC)",
        )
    )
    assert council.startswith("Since when is not found yet. Until 1994. The rule that gave the")
    assert commission.startswith("Decides since 1994. The rule that gives the commission this")


# --- every page of it -------------------------------------------------------------------


def test_every_address_the_site_shows_answers(client):
    waiting, anchors = ["/"], set()
    pages: dict[str, str] = {}
    while waiting:
        path, __, anchor = waiting.pop().partition("#")
        anchors.add((path, anchor))
        elsewhere = ("http", "mailto:", "/admin/", "/api/v1/", "/static/")
        if path in pages or path.startswith(elsewhere):
            continue
        response = client.get(path)
        assert (path, response.status_code) == (path, 200)
        pages[path] = response.text
        links = links_of(response)
        waiting += [path + link if link.startswith("#") else link for link in links]

    assert len(pages) > 60
    missing = [(p, name) for p, name in anchors if name and f'id="{name}"' not in pages[p]]
    assert missing == []
