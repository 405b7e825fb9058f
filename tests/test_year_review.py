"""A year in review: its page, the API and the file for the awards show the same numbers."""

import csv
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cities.models import City, Population
from cities.records.derived import collecting
from exchanges.models import Exchange
from exchanges.review import Total, status_of
from lrscc.pages import year_review as years
from resolutions.models import Action
from tests.factories import (
    make_action,
    make_award_category,
    make_city,
    make_entry,
    make_exchange,
    make_funding,
    make_held_exchange,
    make_organization,
    make_partnership,
    make_population,
    make_population_band,
    make_program,
    make_register,
    make_relationship,
    make_resolution,
    make_type,
)
from tests.reading import lines_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    for module in (
        "lrscc.pages.year",
        "lrscc.pages.year_api",
        "exchanges.views",
        "exchanges.words",
    ):
        monkeypatch.setattr(f"{module}.localdate", lambda: TODAY)


@collecting()
def make_year() -> None:
    """2025: three exchanges held, one canceled, one without a word; and 2024."""
    make_register()
    otsu, asan = make_partnership("otsu"), make_partnership("asan")
    camp = make_program("camp", otsu)
    trade = make_program("trade", asan, kind="business_trade")
    office = make_organization("office")
    both = make_held_exchange("camp-2025", program=camp, direction="both", people_hosted=8)
    both.relationships.set([otsu, asan])
    sent = make_held_exchange(
        "trade-2025",
        program=trade,
        begins="2025",
        ends=None,
        **dict.fromkeys(["people_sent", "people_hosted", "students", "volunteers"]),
        volunteer_hours=None,
        home_stays=0,
    )
    make_held_exchange("guests-2025", program=camp, direction="in", people_sent=None, students=2)
    make_exchange("off-2025", program=camp, state="cancelled", reason="Flu.", begins="2025-08")
    make_exchange("unsaid-2025", program=camp, begins="2025-09-01")
    make_held_exchange("camp-2024", program=camp, begins="2024-12-30", ends="2025-01-02")
    make_held_exchange("vague", program=camp, begins="2024/2025", ends=None)
    make_held_exchange("draft-2025", program=camp, publication="draft")
    make_funding(both, office, amount="1000.10", currency="USD")
    make_funding(both, office, amount="0.20", currency="USD", what="Buses")
    make_funding(both, office, amount="300", currency="EUR", what="Meals")
    make_funding(sent, office)
    make_funding(sent, office, nature="in_kind", what="=100 meals")
    make_funding(both, make_organization("zzyx", publication="draft"), amount="9", currency="USD")
    make_award_category("youth", "youth_education")
    make_award_category("overall")
    make_award_category("sports", "sports")
    make_award_category("person", honors="person")
    make_award_category("later", since_year=2030)
    make_population_band()
    lansing = City.objects.get(slug="lansing")
    make_population(lansing, 112_600)
    make_population(lansing, 541_000, area="metropolitan", on="2024")
    make_population(lansing, 5, on="1859")


def total(known, reported, missing) -> dict:
    return {"known": known, "reported": reported, "missing": missing}


def test_year_is_added_up_and_unknown_is_never_none(client):
    make_year()

    data = client.get("/api/v1/years/2025/").json()["exchanges"]

    assert data["total"] == {
        "slug": "all",
        "name": "All exchanges",
        "exchanges": 3,
        "people_sent": total(12, 1, 1),
        "people_hosted": total(8, 2, 0),
        "students": total(12, 2, 1),
        "volunteers": total(10, 2, 1),
        "volunteer_hours": total(160, 2, 1),
        "home_stays": total(24, 3, 0),
    }
    assert [(row["slug"], row["exchanges"]) for row in data["kinds"]] == [
        ("youth_education", 2),
        ("business_trade", 1),
    ]
    assert [(row["slug"], row["exchanges"]) for row in data["partners"]] == [
        ("asan", 2),
        ("otsu", 2),
    ]
    assert [(row["slug"], row["exchanges"]) for row in data["awards"]] == [
        ("youth", 2),
        ("overall", 3),
        ("sports", 0),
    ]
    assert (data["awards_year"], data["band"]) == (2026, {"least": 100_001, "most": 300_000})
    assert data["money"] == {
        "sums": [
            {"currency": "EUR", "amount": "300.00", "gifts": 1},
            {"currency": "USD", "amount": "1000.30", "gifts": 2},
        ],
        "gifts": 4,
        "unknown": 1,
    }
    assert data["in_kind"] == {"sums": [], "gifts": 1, "unknown": 1}
    assert sorted(gift["given"] for gift in data["gifts"]) == [
        "$0.20",
        "$1,000.10",
        "300 EUR",
        "=100 meals",
        "money, amount unknown",
    ]
    assert data["unfunded"] == 1
    api = "http://testserver/api/v1/exchanges/"
    assert data["held"] == [f"{api}{slug}/" for slug in ("trade-2025", "camp-2025", "guests-2025")]
    assert data["not_counted"] == [
        {"exchange": f"{api}off-2025/", "state": "cancelled"},
        {"exchange": f"{api}unsaid-2025/", "state": "planned"},
    ]
    assert [lack["exchange"] for lack in data["lacks"]] == [
        f"{api}{slug}/" for slug in ("trade-2025", "guests-2025", "unsaid-2025")
    ]


def rows(client, year: int = 2025) -> list[dict]:
    response = client.get(f"/exchanges/year/{year}/report.csv")
    assert response.status_code == 200
    return list(csv.DictReader(StringIO(response.content.decode(), newline="")))


def test_page_api_and_file_show_the_same_numbers(client):
    make_year()

    data = client.get("/api/v1/years/2025/").json()["exchanges"]
    table = rows(client)
    page = lines_of(client.get("/exchanges/year/2025/"))

    counts = [name for name, value in data["total"].items() if isinstance(value, dict)]
    assert len(counts) == 6
    for section, name in (
        ("kind", "kinds"),
        ("partner", "partners"),
        ("award_category", "awards"),
    ):
        in_file = [row for row in table if row["section"] == section]
        assert [row["name"] for row in in_file] == [entry["name"] for entry in data[name]]
        for row, entry in zip(in_file, data[name], strict=True):
            assert row["exchanges"] == str(entry["exchanges"])
            for count in counts:
                known = entry[count]["known"]
                assert row[count] == ("" if known is None else str(known))
                assert row[f"{count}_not_reported"] == str(entry[count]["missing"])
    (whole,) = [row for row in table if row["section"] == "total"]
    for count in counts:
        known, missing = data["total"][count]["known"], data["total"][count]["missing"]
        assert (whole[count], whole[f"{count}_not_reported"]) == (str(known), str(missing))
    money = [(row["currency"], row["amount"]) for row in table if row["section"] == "money"]
    assert money == [
        *((one["currency"], one["amount"]) for one in data["money"]["sums"]),
        ("", ""),
    ]
    begin = page.index("Exchanges that took place")
    assert page[begin + 1 : begin + 21] == [
        "Exchanges",
        "3",
        "People sent",
        "12 (not reported for 1 exchange)",
        "People hosted",
        "8",
        "Students",
        "12 (not reported for 1 exchange)",
        "Volunteers",
        "10 (not reported for 1 exchange)",
        "Volunteer hours",
        "160 (not reported for 1 exchange)",
        "Homestays",
        "24",
        "Money",
        "300 EUR, $1,000.30 and 1 gift of unknown amount",
        "Value of in-kind gifts",
        "1 gift of unknown amount",
        "Funding not reported",
        "1 exchange",
    ]


def test_file_is_a_table_that_no_spreadsheet_runs(client):
    make_year()

    response = client.get("/exchanges/year/2025/report.csv")

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        response.headers["Content-Disposition"]
        == 'attachment; filename="lansing-exchanges-2025.csv"'
    )
    table = list(csv.reader(StringIO(response.content.decode(), newline="")))
    assert table[0] == years.COLUMNS
    assert {len(row) for row in table} == {len(years.COLUMNS)}
    assert response.content.count(b"\r\n") == len(table)
    gifts = [row for row in rows(client) if row["section"] == "gift"]
    assert "'=100 meals" in [row["note"] for row in gifts]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_cell_that_a_spreadsheet_would_run_is_guarded(first):
    assert years.guarded(f"{first}1+1") == f"'{first}1+1"
    assert years.guarded(f"a{first}") == f"a{first}"


def test_resolutions_and_relationships_of_the_year_are_reported(client):
    relationship = make_relationship(make_city("suceava"))
    make_entry(relationship, "signed", "2025-12-08", type=make_type())
    old = make_relationship(make_city("otsu"))
    make_entry(old, "signed", "1969-10-01", type=make_type())
    make_entry(old, "renewed", "2025-03-03")
    seen = make_relationship(make_city("lanzhou"))
    make_entry(seen, "attested", "2025-07-22", type=make_type())
    vague = make_relationship(make_city("asan"))
    make_entry(vague, "signed", "2024/2025", type=make_type())
    council = make_organization("council")
    adopted = make_resolution("adopted", title="On trade", organization=council)
    make_action(adopted, "adopt", "2025-02-03")
    lost = make_resolution("lost", organization=council)
    make_action(lost, "adopt", "2025-02-03", outcome="lost")
    in_doubt = make_resolution("in-doubt", organization=council)
    make_action(in_doubt, "adopt", "2025-02-03", outcome="unknown")
    make_action(make_resolution("older", organization=council), "adopt", "2024-12-31")
    draft = make_resolution("draft", organization=council)
    make_action(draft, "adopt", "2025-05-05", publication="draft")

    data = client.get("/api/v1/years/2025/").json()
    page = lines_of(client.get("/exchanges/year/2025/"))
    table = rows(client)

    api = "http://testserver/api/v1"
    day = {"edtf": "2025-12-08", "earliest": "2025-12-08", "latest": "2025-12-08"}
    assert data["new_relationships"] == [
        {
            "relationship": f"{api}/relationships/lansing-suceava/",
            "partner": f"{api}/cities/suceava/",
            "began": day,
        }
    ]
    action = Action.objects.get(resolution=adopted)
    assert data["resolutions_adopted"] == [
        {
            "resolution": f"{api}/resolutions/adopted/",
            "action": f"{api}/actions/{action.ref}/",
            "title": "On trade",
            "on": {"edtf": "2025-02-03", "earliest": "2025-02-03", "latest": "2025-02-03"},
        }
    ]
    assert page[page.index("Resolutions adopted") + 1] == "February 3, 2025: On trade, Council"
    assert page[page.index("New sister and friendship cities") + 1] == "December 8, 2025: Suceava"
    assert [(r["section"], r["name"], r["date"]) for r in table[-2:]] == [
        ("resolution", "On trade", "February 3, 2025"),
        ("new_relationship", "Suceava, United States", "December 8, 2025"),
    ]


def test_year_of_which_nothing_is_on_record_says_so(client):
    make_held_exchange(begins="1994", ends=None)

    page = lines_of(client.get("/exchanges/year/2000/"))

    assert (
        "We have no records for 2000: no exchanges, resolutions or new relationships. That does"
        " not mean nothing happened. Do you have a document that can help? Send it to us."
    ) in page


@pytest.mark.parametrize("year", [1993, 2027, "0000", 9999])
def test_year_before_the_record_or_to_come_is_none(client, year):
    make_held_exchange(begins="1994", ends=None)
    make_exchange(begins="2027")

    assert client.get(f"/exchanges/year/{year}/").status_code == 404
    assert client.get(f"/exchanges/year/{year}/report.csv").status_code == 404
    assert client.get(f"/api/v1/years/{year}/").status_code == 404


def test_years_link_to_the_years_beside_them(client):
    make_held_exchange(begins="2025-01-01", ends=None)

    first, last = (client.get(f"/exchanges/year/{year}/").text for year in (2025, 2026))

    assert 'rel="prev"' not in first
    assert '<a rel="next" href="/exchanges/year/2026/">2026</a>' in first
    assert '<a rel="prev" href="/exchanges/year/2025/">2025</a>' in last
    assert 'rel="next"' not in last
    assert "The year is not over" in last
    assert "The year is not over" not in first


def test_api_lists_the_years_on_record(client):
    make_partnership("otsu")
    make_held_exchange(begins="2025", ends=None)
    Exchange.objects.update(publication="draft")
    first = years.years_on_record(TODAY)[0]

    data = client.get("/api/v1/years/").json()

    assert data[0] == {"year": 2026, "url": "http://testserver/api/v1/years/2026/"}
    assert [one["year"] for one in data] == list(range(2026, first - 1, -1))
    assert first < 2025


def test_record_without_anything_has_this_year_alone():
    assert list(years.years_on_record(TODAY)) == [2026]


def test_band_is_not_known_without_a_population_or_a_public_home(client):
    make_year()
    Population.objects.filter(area="proper").delete()

    assert client.get("/api/v1/years/2025/").json()["exchanges"]["band"] is None


@given(st.lists(st.none() | st.integers(0, 1000), max_size=8))
def test_total_is_the_sum_of_what_is_known(numbers):
    exchanges = [Exchange(direction="out", people_sent=number) for number in numbers]

    found = Total.of("people_sent", exchanges)

    known = [number for number in numbers if number is not None]
    assert found == Total(sum(known) if known else None, len(known), len(numbers) - len(known))


@pytest.mark.parametrize(
    ("direction", "missing"),
    [
        ("", ["people_sent", "people_hosted", "students", "volunteers", "home_stays"]),
        ("out", ["people_sent", "students", "volunteers", "home_stays"]),
        ("in", ["people_hosted", "students", "volunteers", "home_stays"]),
        ("both", ["people_sent", "people_hosted", "students", "volunteers", "home_stays"]),
        ("virtual", ["volunteers"]),
    ],
)
def test_count_is_missed_where_such_people_are_expected(direction, missing):
    exchange = Exchange(direction=direction)
    names = ["people_sent", "people_hosted", "students", "volunteers", "home_stays"]

    assert [name for name in names if Total.of(name, [exchange]).missing] == missing


def test_exchange_that_the_totals_leave_out_says_why():
    make_exchange(begins="2025-07-01", ends="2025-07-02")

    def said(on: date) -> str:
        return status_of(Exchange.objects.with_phase(on).get())

    assert said(date(2025, 6, 1)) == "Coming up or happening now"
    assert said(date(2025, 8, 1)) == "The dates have passed"
