"""The ground floor's part of the API: whole answers, questions, refusals."""

import json
from datetime import UTC, datetime

import pytest
from django.utils.timezone import localdate

from cities.models import (
    Agreement,
    Authority,
    Citation,
    City,
    Entry,
    LogEntry,
    Organization,
    Source,
)
from cities.records.publishing import Publication
from tests.database import undone
from tests.drafts import add_drafts_apart, make_public_register
from tests.factories import (
    home,
    make_agreement,
    make_authority,
    make_city,
    make_entry,
    make_name,
    make_organization,
    make_partnership,
    make_relationship,
    make_source,
    make_summary,
    make_type,
)
from tests.moments import all_changed_at, change
from tests.otsu import make_otsu as make_otsu_now
from tests.problems import NOTHING_HERE, problem, refusal
from tests.remembered import remembered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("logged")]

SITE = "http://testserver"
API = f"{SITE}/api/v1"


MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
MODIFIED = "2026-01-02T03:04:05.000678Z"


@remembered
def make_otsu() -> None:
    make_otsu_now()
    all_changed_at(MOMENT)


def day(edtf: str, earliest: str | None = None, latest: str | None = None) -> dict:
    return {"edtf": edtf, "earliest": earliest or edtf, "latest": latest or earliest or edtf}


NO_CONTACT = {
    "email": "",
    "telephone": "",
    "postal_address": "",
    "hours": "",
    "contact_source": None,
}

CITY = {
    "url": f"{API}/cities/otsu/",
    "page": f"{SITE}/cities/otsu/",
    "slug": "otsu",
    "name": "Otsu",
    "names": [
        {
            "text": "大津市",
            "language": "ja",
            "kind": "native",
            "since": day("1898-10-01"),
            "until": None,
            "source": f"{API}/sources/otsu-page/",
        },
        {
            "text": "Ōtsu-shi",
            "language": "ja-Latn",
            "kind": "romanized",
            "since": None,
            "until": None,
            "source": None,
        },
    ],
    "kind": "city",
    "country": "JP",
    "country_name": "Japan",
    "former_countries": [],
    "subdivision": "JP-25",
    "part_of": f"{API}/cities/shiga/",
    "summary": "A city on Lake Biwa.",
    "summaries": [],
    "latitude": 35.018,
    "longitude": 135.855,
    "time_zone": "Asia/Tokyo",
    "geography_source": f"{API}/sources/otsu-page/",
    "populations": [
        {
            "count": 345000,
            "area": "proper",
            "scope": "city",
            "on": day("2020", "2020-01-01", "2020-12-31"),
            "source": f"{API}/sources/otsu-page/",
        }
    ],
    "picture": {
        "url": f"{SITE}/cities/otsu/picture/?v=0f1e2d3c",
        "alt": "The “lake” at dawn.",
        "credit": "Photo: A. Painter, <CC BY 4.0>",
        "width": 800,
        "height": 600,
    },
    "website": "https://otsu.example",
    "wikidata_id": "Q200441",
    "began": day("1898-10-01"),
    "ceased": day("2100~", "2100-01-01", "2100-12-31"),
    "became": [
        {
            "city": f"{API}/cities/new-otsu/",
            "kind": "renamed",
            "on": day("2100~", "2100-01-01", "2100-12-31"),
            "note": "A new name.",
            "source": f"{API}/sources/otsu-page/",
        }
    ],
    "came_from": [
        {
            "city": f"{API}/cities/zeze/",
            "kind": "merged_into",
            "on": None,
            "note": "",
            "source": f"{API}/sources/otsu-page/",
        }
    ],
    "relationships": [f"{API}/relationships/lansing-otsu/"],
    "modified": MODIFIED,
}
BARE_CITY = {
    "url": f"{API}/cities/lansing/",
    "page": f"{SITE}/cities/lansing/",
    "slug": "lansing",
    "name": "Lansing",
    "names": [],
    "kind": "city",
    "country": "US",
    "country_name": "United States",
    "former_countries": [],
    "subdivision": "US-MI",
    "part_of": None,
    "summary": "",
    "summaries": [],
    "latitude": None,
    "longitude": None,
    "time_zone": "",
    "geography_source": None,
    "populations": [],
    "picture": None,
    "website": "",
    "wikidata_id": "",
    "began": None,
    "ceased": None,
    "became": [],
    "came_from": [],
    "relationships": [],
    "modified": MODIFIED,
}
TYPE = {
    "url": f"{API}/relationship-types/sister-city/",
    "page": f"{SITE}/relationship-types/#sister-city",
    "slug": "sister-city",
    "name": "Sister city",
    "name_plural": "Sister city (plural)",
    "definition": "What a Sister city is.",
    "rank": 1,
    "needs_agreement": False,
    "modified": MODIFIED,
}
NEXT_OCTOBER = localdate().year + (localdate().strftime("%m-%d") > "10-01")
STANDING = {
    "status": "active",
    "reason": None,
    "home": "active",
    "partner": "active",
    "home_since": day("1991~", "1991-01-01", "1991-12-31"),
    "partner_since": day("1969-10-01"),
    "acted_alone": None,
    "last_confirmed": day("1991~", "1991-01-01", "1991-12-31"),
    "last_contact": None,
    "signing": None,
    "type": "sister-city",
    "since": day("1991~", "1991-01-01", "1991-12-31"),
    "began": day("1969-10-01"),
}
RELATIONSHIP = {
    "url": f"{API}/relationships/lansing-otsu/",
    "page": f"{SITE}/cities/otsu/",
    "slug": "lansing-otsu",
    "home": f"{API}/cities/lansing/",
    "partner": f"{API}/cities/otsu/",
    "standing": STANDING,
    "next_anniversary": {"years": NEXT_OCTOBER - 1969, "on": day(f"{NEXT_OCTOBER}-10-01")},
    "hours_ahead": None,
    "distance_km": None,
    "lead_commissioner": "A. Commissioner",
    "review_on": "2027-01-01",
    "story": "How it began.",
    "other_records": [],
    "agreements": [
        {
            "slug": "otsu-1969",
            "kind": "telephone",
            "relationships": [f"{API}/relationships/lansing-otsu/"],
            "signed_on": day("1969-10-01"),
            "signed_at": "City Hall",
            "term": "For ever",
            "until": day("2069-09-30"),
            "renewal_rule": "None",
            "no_document_by": "",
            "no_document_on": None,
            "signatories": [
                {"name": "A. Mayor", "office": "Mayor", "on_behalf_of": "City of Lansing"}
            ],
        }
    ],
    "entries": f"{API}/entries/?relationship=lansing-otsu",
    "modified": MODIFIED,
}
ENTRY = {
    "url": f"{API}/entries/lansing-otsu-2/",
    "page": f"{SITE}/cities/otsu/#entry-2",
    "ref": "lansing-otsu-2",
    "relationship": f"{API}/relationships/lansing-otsu/",
    "number": 2,
    "kind": "concluded",
    "on": day("1969-10-01"),
    "party": "both",
    "acceptance": "accepted",
    "why_not_preferred": "",
    "decided_by": f"{API}/organizations/lansing-city-council/",
    "type": "sister-city",
    "partner": None,
    "partner_term": "",
    "partner_term_language": "",
    "planned_for": None,
    "last_contact": None,
    "reason": "",
    "condition": "",
    "review_on": None,
    "no_document_by": "",
    "no_document_on": None,
    "note": "By telephone.",
    "citations": [
        {
            "role": "disputes",
            "source": f"{API}/sources/lansing-page/",
            "title": "Sister cities",
            "reliability": "press",
            "locator": "",
            "says": "Gives 1968.",
        },
        {
            "role": "supports",
            "source": f"{API}/sources/otsu-page/",
            "title": "大津市の姉妹都市",
            "reliability": "official",
            "locator": "Second table",
            "says": "Gives the day.",
        },
    ],
    "modified": MODIFIED,
}
PLAIN_CITATION = {
    "role": "supports",
    "source": f"{API}/sources/otsu-page/",
    "title": "大津市の姉妹都市",
    "reliability": "official",
    "locator": "",
    "says": "",
}
SUSPENSION = ENTRY | {
    "url": f"{API}/entries/lansing-otsu-3/",
    "page": f"{SITE}/cities/otsu/#entry-3",
    "ref": "lansing-otsu-3",
    "number": 3,
    "kind": "suspended",
    "on": day("1990-03", "1990-03-01", "1990-03-31"),
    "party": "home",
    "decided_by": None,
    "type": None,
    "partner_term": "",
    "partner_term_language": "",
    "planned_for": None,
    "last_contact": None,
    "reason": "No contact.",
    "condition": "Both mayors meet.",
    "review_on": "1991-01-01",
    "no_document_by": "",
    "no_document_on": None,
    "note": "",
    "citations": [PLAIN_CITATION],
}
RESUMPTION = ENTRY | {
    "url": f"{API}/entries/lansing-otsu-4/",
    "page": f"{SITE}/cities/otsu/#entry-4",
    "ref": "lansing-otsu-4",
    "number": 4,
    "kind": "resumed",
    "on": day("1991~", "1991-01-01", "1991-12-31"),
    "decided_by": None,
    "type": None,
    "partner": f"{API}/cities/new-otsu/",
    "note": "",
    "citations": [PLAIN_CITATION],
}
CLAIM = ENTRY | {
    "url": f"{API}/entries/lansing-otsu-1/",
    "page": f"{SITE}/cities/otsu/#entry-1",
    "ref": "lansing-otsu-1",
    "number": 1,
    "on": day("1968", "1968-01-01", "1968-12-31"),
    "acceptance": "claimed",
    "why_not_preferred": "Otsu gives the exact day.",
    "decided_by": None,
    "note": "",
    "citations": [
        {
            "role": "supports",
            "source": f"{API}/sources/lansing-page/",
            "title": "Sister cities",
            "reliability": "press",
            "locator": "",
            "says": "",
        }
    ],
}
ORGANIZATION = {
    "url": f"{API}/organizations/lansing-city-council/",
    "slug": "lansing-city-council",
    "name": "Lansing City Council",
    "abbreviation": "LCC",
    "classification": "council",
    "place": f"{API}/cities/lansing/",
    "summary": "The council.",
    "website": "https://lansing.example/council",
    **NO_CONTACT,
    "founded": day("1859", "1859-01-01", "1859-12-31"),
    "dissolved": day("2100", "2100-01-01", "2100-12-31"),
    "source": f"{API}/sources/otsu-page/",
    "authorities": [
        {
            "place": f"{API}/cities/lansing/",
            "since": day("1900", "1900-01-01", "1900-12-31"),
            "until": day("1994", "1994-01-01", "1994-12-31"),
            "basis": "The charter.",
            "source": f"{API}/sources/otsu-page/",
        }
    ],
    "modified": MODIFIED,
}
SOURCE = {
    "url": f"{API}/sources/otsu-page/",
    "page": f"{SITE}/sources/otsu-page/",
    "slug": "otsu-page",
    "title": "大津市の姉妹都市",
    "title_language": "ja",
    "publisher": "Otsu City",
    "kind": "official_page",
    "reliability": "official",
    "dated": day("2013-08", "2013-08-01", "2013-08-31"),
    "language": "ja",
    "address": "https://otsu.example/sister-cities",
    "archived_address": "https://archive.example/otsu",
    "finding_aid": "Under “International”.",
    "accessed_on": "2026-01-02",
    "document_sha256": "",
    "modified": MODIFIED,
}


def page_of(*records: dict) -> dict:
    """The envelope of a list that fits one page."""
    return {"count": len(records), "next": None, "previous": None, "results": list(records)}


# --- whole answers ----------------------------------------------------------------------


def test_root_names_every_resource(client):
    assert client.get("/api/v1/").json() == {
        "register": f"{API}/register/",
        "cities": f"{API}/cities/",
        "relationship-types": f"{API}/relationship-types/",
        "relationships": f"{API}/relationships/",
        "entries": f"{API}/entries/",
        "organizations": f"{API}/organizations/",
        "sources": f"{API}/sources/",
        "resolutions": f"{API}/resolutions/",
        "actions": f"{API}/actions/",
        "meetings": f"{API}/meetings/",
        "members": f"{API}/members/",
        "seats": f"{API}/seats/",
        "vote-requirements": f"{API}/vote-requirements/",
        "numbering-schemes": f"{API}/numbering-schemes/",
        "statements": f"{API}/statements/",
        "award-categories": f"{API}/award-categories/",
        "exchanges": f"{API}/exchanges/",
        "programs": f"{API}/programs/",
        "years": f"{API}/years/",
        "search": f"{API}/search/",
        "changes": f"{API}/changes/",
        "log": f"{API}/log/",
        "popolo/persons": f"{API}/popolo/persons/",
        "popolo/organizations": f"{API}/popolo/organizations/",
        "popolo/motions": f"{API}/popolo/motions/",
        "popolo/vote-events": f"{API}/popolo/vote-events/",
    }


@pytest.mark.parametrize(
    "record",
    [
        CITY,
        BARE_CITY,
        TYPE,
        RELATIONSHIP,
        ENTRY,
        SUSPENSION,
        RESUMPTION,
        CLAIM,
        ORGANIZATION,
        SOURCE,
    ],
    ids=lambda record: record["url"].removeprefix(API),
)
def test_record_is_shown_whole(client, record):
    make_otsu()

    response = client.get(record["url"])

    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == record


def test_text_is_written_as_it_is(client):
    make_otsu()

    assert "大津市" in client.get("/api/v1/cities/otsu/").content.decode()


@pytest.mark.parametrize(
    ("question", "records"),
    [
        ("/cities/?country=JP&status=active", [CITY]),
        ("/cities/?country=US", [BARE_CITY]),
        ("/relationship-types/", [TYPE]),
        ("/relationships/", [RELATIONSHIP]),
        ("/entries/", [CLAIM, ENTRY, SUSPENSION, RESUMPTION]),
        ("/organizations/", [ORGANIZATION]),
        ("/sources/?reliability=official", [SOURCE]),
    ],
)
def test_list_holds_whole_records(client, question, records):
    make_otsu()

    response = client.get(f"/api/v1{question}")

    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == page_of(*records)


@pytest.mark.parametrize(
    "name",
    ["cities", "relationship-types", "relationships", "entries", "organizations", "sources"],
)
def test_list_of_nothing_is_empty(client, name):
    assert client.get(f"/api/v1/{name}/").json() == page_of()


def test_organization_of_which_little_is_known_has_nulls(client):
    make_organization("sci", classification="association")
    all_changed_at(MOMENT)

    assert client.get("/api/v1/organizations/sci/").json() == {
        "url": f"{API}/organizations/sci/",
        "slug": "sci",
        "name": "Sci",
        "abbreviation": "",
        "classification": "association",
        "place": None,
        "summary": "",
        "website": "",
        **NO_CONTACT,
        "founded": None,
        "dissolved": None,
        "source": None,
        "authorities": [],
        "modified": MODIFIED,
    }


def test_date_open_on_one_side_has_a_null_there(client):
    relationship = make_partnership("otsu")
    make_entry(relationship, "terminated", "[..2013-07-29]", why_not_preferred="No paper.")

    entry = client.get("/api/v1/entries/lansing-otsu-2/").json()

    assert entry["on"] == {"edtf": "[..2013-07-29]", "earliest": None, "latest": "2013-07-29"}


# --- pages of a list --------------------------------------------------------------------


def test_list_comes_in_pages_of_fifty(client):
    for __ in range(51):
        make_source()

    first = client.get("/api/v1/sources/").json()
    second = client.get("/api/v1/sources/?page=2").json()

    assert (first["count"], second["count"]) == (51, 51)
    assert (first["next"], first["previous"]) == (f"{API}/sources/?page=2", None)
    assert (second["next"], second["previous"]) == (None, f"{API}/sources/")
    assert (len(first["results"]), len(second["results"])) == (50, 1)
    slugs = [record["slug"] for record in first["results"] + second["results"]]
    assert len(set(slugs)) == 51


@pytest.mark.parametrize(("size", "shown"), [("1", 1), ("2", 2), ("200", 3)])
def test_page_has_the_size_asked_for(client, size, shown):
    for __ in range(3):
        make_source()

    answer = client.get(f"/api/v1/sources/?page_size={size}").json()

    assert (answer["count"], len(answer["results"])) == (3, shown)


@pytest.mark.parametrize("page", ["2", "999999999"])
def test_page_that_is_not_there_says_so(client, page):
    make_source()

    response = client.get(f"/api/v1/sources/?page={page}")

    assert response.status_code == 404
    assert response.json() == problem(404, "There is no such page.")


@pytest.mark.parametrize("page", ["0", "-1", "many", "last", "", "1.0", "9223372036854775807"])
def test_page_that_is_no_number_is_refused(client, page):
    response = client.get(f"/api/v1/sources/?page={page}")

    assert response.status_code == 400
    assert response.json() == refusal(page="Enter a whole number from 1.")


@pytest.mark.parametrize("size", ["0", "201", "-1", "many", "", "1e2", "²"])
def test_page_of_another_size_is_refused(client, size):
    response = client.get(f"/api/v1/sources/?page_size={size}")

    assert response.status_code == 400
    assert response.json() == refusal(page_size="Enter a whole number from 1 to 200.")


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("cities/?contry=JP", "country"),
        ("cities/?Country=JP", "country"),
        ("log/?aftr=3", "after"),
        ("relationships/lansing-otsu/?onn=1", "on"),
        ("popolo/motions/?resolutoin=x", "resolution"),
        ("relationship-types/?zzz=1", "modified_since, page, page_size"),
        (
            "changes/?zzz=x",
            "kind, city, organization, resolution, member, page, page_size",
        ),
        ("search/?zzz=x", "q, kind, place, since, until, page, page_size"),
        ("register/?on=2020-01-01", ""),
        ("cities/otsu/?page=1", ""),
        ("years/2025/?x=1", ""),
    ],
)
def test_parameter_that_there_is_not_is_refused_by_name(client, question, nearest):
    make_partnership("otsu")
    name = question.partition("?")[2].partition("=")[0]
    said = f"There is no parameter “{name}”"
    if not nearest:
        said += ": this address takes none."
    elif "," in nearest:
        said += f". Use one of: {nearest}."
    else:
        said += f". Did you mean “{nearest}”?"

    response = client.get(f"/api/v1/{question}")

    assert (response.status_code, response.json()) == (400, refusal(**{name: said}))


# --- standing on a day ------------------------------------------------------------------

NOTHING = dict.fromkeys(STANDING)
CONCLUDED = day("1969-10-01")
SUSPENDED = day("1990-03", "1990-03-01", "1990-03-31")
BY_LANSING = {
    "status": "suspended",
    "home": "suspended",
    "home_since": SUSPENDED,
    "acted_alone": "home",
    "last_confirmed": CONCLUDED,
    "since": SUSPENDED,
}


@pytest.mark.parametrize(
    ("on", "standing", "years"),
    [
        ("1969-09-30", NOTHING, None),
        (
            "1969-10-01",
            STANDING | dict.fromkeys(("home_since", "last_confirmed", "since"), CONCLUDED),
            1,
        ),
        ("1990-03-01", STANDING | BY_LANSING, None),
        ("1990-12-31", STANDING | BY_LANSING, None),
        ("1991-01-01", STANDING, 22),
        ("9999-12-31", STANDING, None),
    ],
)
def test_relationship_has_the_standing_of_the_day(client, on, standing, years):
    make_otsu()

    answer = client.get(f"/api/v1/relationships/lansing-otsu/?on={on}").json()

    following = {"years": years, "on": day(f"{1969 + years}-10-01")} if years else None
    assert answer == RELATIONSHIP | {"standing": standing, "next_anniversary": following}


def test_relationship_says_how_far_the_cities_are_from_each_other(client):
    relationship = make_partnership("otsu")
    asia = {"latitude": "35.018", "longitude": "135.855", "time_zone": "Asia/Tokyo"}
    here = {"latitude": "42.733", "longitude": "-84.556", "time_zone": "America/Detroit"}
    City.objects.filter(pk=relationship.partner_id).update(**asia)
    City.objects.filter(pk=relationship.home_id).update(**here)

    def far(on: str) -> tuple:
        answer = client.get(f"/api/v1/relationships/?on={on}").json()["results"][0]
        return answer["hours_ahead"], answer["distance_km"]

    assert far("2026-06-01") == (13, 10445)
    assert far("2026-01-15") == (14, 10445)


def test_standing_of_an_ended_relationship_has_a_reason(client):
    relationship = make_partnership("otsu")
    make_entry(relationship, "terminated", "2010-01")

    assert client.get("/api/v1/relationships/lansing-otsu/").json()["standing"] == {
        "status": "ended",
        "reason": "terminated",
        "home": "ended",
        "partner": "ended",
        "home_since": day("2010-01", "2010-01-01", "2010-01-31"),
        "partner_since": day("2010-01", "2010-01-01", "2010-01-31"),
        "acted_alone": None,
        "last_confirmed": CONCLUDED,
        "last_contact": None,
        "signing": None,
        "type": "sister-city",
        "since": day("2010-01", "2010-01-01", "2010-01-31"),
        "began": CONCLUDED,
    }


def test_standing_of_a_proposed_relationship_has_no_beginning(client):
    relationship = make_relationship(make_city("oslo"))
    make_entry(relationship, "approved", "1990", party="home", type=make_type())

    assert client.get("/api/v1/relationships/lansing-oslo/").json()["standing"] == {
        "status": "proposed",
        "reason": None,
        "home": "proposed",
        "partner": None,
        "home_since": day("1990", "1990-01-01", "1990-12-31"),
        "partner_since": None,
        "acted_alone": None,
        "last_confirmed": None,
        "last_contact": None,
        "signing": None,
        "type": "sister-city",
        "since": day("1990", "1990-01-01", "1990-12-31"),
        "began": None,
    }


def test_standing_has_the_planned_signing(client):
    relationship = make_relationship(make_city("oslo"))
    make_entry(relationship, "planned", "1990", type=make_type(), planned_for="1991-05-01")
    make_entry(relationship, "postponed", "1991")

    def signing(on: str) -> dict:
        answer = client.get(f"/api/v1/relationships/?on={on}").json()["results"][0]
        return answer["standing"]["signing"]

    assert signing("1990-06-01") == {"state": "planned", "planned_for": day("1991-05-01")}
    assert signing("1991-06-01") == {"state": "postponed", "planned_for": None}
    [planned, postponed] = client.get("/api/v1/entries/").json()["results"]
    assert (planned["planned_for"], postponed["planned_for"]) == (day("1991-05-01"), None)


def test_standing_of_an_inactive_relationship_has_the_last_contact(client):
    relationship = make_partnership("otsu")
    make_entry(relationship, "dormant", "2010", last_contact="2005-03-04")

    def last_contact(on: str) -> dict:
        answer = client.get(f"/api/v1/relationships/lansing-otsu/?on={on}").json()
        return answer["standing"]["last_contact"]

    assert (last_contact("2009-12-31"), last_contact("2010-01-01")) == (None, day("2005-03-04"))


def test_relationship_without_entries_has_a_standing_of_nulls(client):
    make_relationship(make_city("oslo"))

    answer = client.get("/api/v1/relationships/lansing-oslo/").json()

    assert answer["standing"] == NOTHING
    assert client.get("/api/v1/relationships/").json() == page_of()


def test_agreement_of_three_places_is_reported_with_both_relationships(client):
    first, second = make_partnership("otsu"), make_partnership("kyoto")
    make_agreement(first, slug="three").relationships.add(second)

    listed = {
        relationship["slug"]: [agreement["slug"] for agreement in relationship["agreements"]]
        for relationship in client.get("/api/v1/relationships/").json()["results"]
    }

    assert listed == {"lansing-otsu": ["three"], "lansing-kyoto": ["three"]}


# --- what is refused --------------------------------------------------------------------

NO_DAY = "That is not a date. Enter it like 8/19/2013 or 2013-08-19."
NO_TYPE = "There is no such relationship type. Choose one from the list."


def no_choice(value: str) -> str:
    return f"“{value}” is not one of the choices. Choose one from the list."


WRONG_DAYS = [
    *("never", "2013-02-30", "2013", "2013-08", "19.8.2013", "2013-08-19T00:00", "0000-01-01")
]


@pytest.mark.parametrize("path", ["/relationships/", "/relationships/lansing-otsu/", "/cities/"])
def test_day_that_is_none_is_refused_in_words(client, path):
    make_otsu()

    for on in WRONG_DAYS:
        response = client.get(f"/api/v1{path}?on={on}")

        assert (on, response.status_code) == (on, 400)
        assert response.json() == refusal(on=NO_DAY), on


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("/relationships/?type=twin", refusal(type=NO_TYPE)),
        ("/relationships/?status=alive", refusal(status=no_choice("alive"))),
        ("/relationships/?country=Japan", refusal(country=no_choice("Japan"))),
        (
            "/relationships/?on=x&type=y&status=z",
            refusal(on=NO_DAY, type=NO_TYPE, status=no_choice("z")),
        ),
        ("/cities/?type=twin", refusal(type=NO_TYPE)),
        ("/cities/?kind=village", refusal(kind=no_choice("village"))),
        ("/cities/?country=XX", refusal(country=no_choice("XX"))),
        ("/cities/?status=alive", refusal(status=no_choice("alive"))),
        ("/entries/?kind=married", refusal(kind=no_choice("married"))),
        ("/entries/?acceptance=maybe", refusal(acceptance=no_choice("maybe"))),
        ("/organizations/?classification=club", refusal(classification=no_choice("club"))),
        ("/sources/?kind=rumour", refusal(kind=no_choice("rumour"))),
        ("/sources/?reliability=A", refusal(reliability=no_choice("A"))),
    ],
)
def test_question_that_makes_no_sense_is_refused_in_words(client, question, said):
    response = client.get(f"/api/v1{question}")

    assert response.status_code == 400
    assert response.json() == said


@pytest.mark.parametrize(
    "path",
    [
        "/cities/nowhere/",
        "/relationship-types/nowhere/",
        "/relationships/nowhere/",
        "/entries/lansing-otsu-99/",
        "/entries/lansing-otsu-99999/",
        "/entries/otsu/",
        "/organizations/nowhere/",
        "/sources/nowhere/",
    ],
)
def test_record_that_is_not_there_says_so(client, path):
    response = client.get(f"/api/v1{path}")

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == NOTHING_HERE


# --- other things programs do -----------------------------------------------------------


def test_address_without_its_last_slash_leads_on(client):
    response = client.get("/api/v1/cities?country=JP")

    assert response.status_code == 301
    assert response.headers["Location"] == "/api/v1/cities/?country=JP"


def test_head_answers_as_get_without_a_body(client):
    make_otsu()
    path = "/api/v1/cities/otsu/"

    head, get = client.head(path), client.get(path)

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(get.headers)
    assert head.headers["Content-Length"] == str(len(get.content))


def test_options_show_what_the_resource_is(client):
    answer = client.options("/api/v1/sources/").json()

    assert answer == {
        "name": "Source List",
        "description": "The sources that the records rely on.",
        "renders": ["application/json"],
        "parses": ["application/json"],
    }


def test_description_of_the_api_is_json_in_words(client):
    home()

    answer = json.loads(client.get("/api/v1/openapi.json").content)

    assert answer["openapi"] == "3.1.1"
    assert answer["info"] == {
        "title": "Sister Cities Register",
        "version": "1",
        "description": (
            "Free, read-only JSON. No key needed. Every status is calculated from dated"
            " entries, for today or any other date."
        ),
        "license": {"name": "MIT", "identifier": "MIT"},
    }
    assert [list(operations) for operations in answer["paths"].values()] == [["get"]] * 48
    operations = {path: one["get"] for path, one in answer["paths"].items()}
    summaries = {operation["summary"] for operation in operations.values()}
    assert len(summaries) == 48
    assert {"List of cities", "One city", "One vote event (Popolo)"} <= summaries
    for path, statuses in {
        "cities/": ["200", "400", "404", "429", "503"],
        "cities/{slug}/": ["200", "400", "404", "410", "429", "503"],
        "seats/{slug}/": ["200", "400", "404", "429", "503"],
        "log/": ["200", "400", "410", "429", "503"],
        "register/": ["200", "400", "429", "503"],
    }.items():
        answers = operations[f"/api/v1/{path}"]["responses"]
        assert (path, list(answers)) == (path, statuses)
        for status in statuses[1:]:
            assert answers[status]["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }
    bounds = {
        one["name"]: one["schema"]
        for one in operations["/api/v1/cities/"]["parameters"]
        if one["name"].startswith("page")
    }
    assert bounds == {
        "page": {"type": "integer", "minimum": 1, "maximum": 10**9, "default": 1},
        "page_size": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    }


# --- what changed since -----------------------------------------------------------------

LISTS = ["cities", "relationship-types", "relationships", "entries", "organizations", "sources"]
SINCE = "2026-01-03"
"""After everything was made, before anything was changed."""


def listed(client, question: str = SINCE, lists: list[str] = LISTS) -> dict[str, list[str]]:
    """The address of each record in a list, by list."""
    answers = {name: client.get(f"/api/v1/{name}/?modified_since={question}") for name in lists}
    return {
        name: [record["url"].removeprefix(f"{API}/{name}/") for record in answer.json()["results"]]
        for name, answer in answers.items()
        if answer.json()["count"]
    }


def otsu() -> City:
    return City.objects.get(slug="otsu")


def otsu_entry(number: int) -> Entry:
    return Entry.objects.get(relationship__slug="lansing-otsu", number=number)


def council() -> Organization:
    return Organization.objects.get(slug="lansing-city-council")


def agreement() -> Agreement:
    return Agreement.objects.get()


LEDGER = {"relationships": ["lansing-otsu/"]}
CHANGES = {
    "a place": (lambda: change(otsu(), summary="Another."), {"cities": ["otsu/"]}),
    "a new name": (lambda: make_name(otsu(), "大津"), {"cities": ["otsu/"]}),
    "a name": (lambda: change(otsu().names.first(), text="大津"), {"cities": ["otsu/"]}),
    "a new summary": (lambda: make_summary(otsu()), {"cities": ["otsu/"]}),
    "a name taken away": (lambda: otsu().names.first().delete(), {"cities": ["otsu/"]}),
    "a type": (
        lambda: change(make_type(), definition="Another."),
        {"relationship-types": ["sister-city/"]},
    ),
    "a tie": (lambda: change(otsu().relationships.get(), story="Another."), LEDGER),
    "a line, and so the standing": (
        lambda: change(otsu_entry(3), note="Another."),
        LEDGER | {"entries": ["lansing-otsu-3/"]},
    ),
    "a citation": (
        lambda: change(otsu_entry(2).citations.first(), says="Another."),
        LEDGER | {"entries": ["lansing-otsu-2/"]},
    ),
    "an agreement": (lambda: change(agreement(), note="Another."), LEDGER),
    "an agreement that leaves the tie": (
        lambda: agreement().relationships.set([]),
        LEDGER,
    ),
    "a signatory": (lambda: change(agreement().signatories.get(), office="Another"), LEDGER),
    "a signatory taken away": (lambda: agreement().signatories.get().delete(), LEDGER),
    "an organization": (
        lambda: change(council(), summary="Another."),
        {"organizations": ["lansing-city-council/"]},
    ),
    "an authority": (
        lambda: change(Authority.objects.get(), basis="Another."),
        {"organizations": ["lansing-city-council/"]},
    ),
    "a new authority": (
        lambda: make_authority(council(), place=otsu()),
        {"organizations": ["lansing-city-council/"]},
    ),
    "a source": (
        lambda: change(Source.objects.get(slug="otsu-page"), publisher="Another"),
        {"sources": ["otsu-page/"]},
    ),
}


def test_change_is_reported_with_the_record_that_shows_it(client):
    make_otsu()
    assert listed(client) == {}
    for what, (do, records) in CHANGES.items():
        with undone():
            do()

            assert (what, listed(client)) == (what, records)
            for name, found in records.items():
                [record] = client.get(f"/api/v1/{name}/?modified_since={SINCE}").json()["results"]
                assert record == client.get(f"/api/v1/{name}/{found[0]}").json(), what
                assert record["modified"] > "2026-01-03", what


def test_without_a_moment_every_record_is_reported(client):
    make_otsu()

    every = listed(client, "")

    assert len(every) == len(LISTS)
    withdrawn = ["lansing-otsu-5/"]
    assert listed(client, "0001-01-01") == every | {"entries": every["entries"] + withdrawn}


MOMENTS = {
    "2026-01-02": True,
    "2026-01-03": False,
    "2026-01-02T03:04:05.000678Z": True,
    "2026-01-02T03:04:05.000679Z": False,
    "2026-01-02t03:04:05z": True,
    "2026-01-02T03:04:06Z": False,
    "2026-01-02T05:04:05%2B02:00": True,
    "2026-01-02T05:04:05+02:00": True,
    "2026-01-01T22:04:06-05:00": False,
    "2026-01-02 03:04:05.0006789999Z": True,
    "0001-01-01": True,
    "9999-12-31T23:59:59.999999Z": False,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_change_at_the_moment_or_later_is_reported(client, moment):
    make_source(slug="minutes")
    all_changed_at(MOMENT)

    assert listed(client, moment) == ({"sources": ["minutes/"]} if MOMENTS[moment] else {})


NO_MOMENT = (
    "That is not a date or time. Enter a date like 2013-08-19, or a date and time like"
    " 2013-08-19T14:30:00Z."
)


WRONG_MOMENTS = [
    *("never", "2013", "2013-02-30", "0000-01-01", "99999-01-01", "-2013-01-01", "20130819"),
    *("2013-08-19T14:30", "2013-08-19T14:30:00", "2013-08-19T25:00:00Z", "2013-W01-1"),
    *("2013-08-19T14:30:60Z", "2013-08-19T14:30:00%2B24:00", "2013-08-19T14:30:00.Z"),
    *("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00", "٢٠١٣-٠٨-١٩"),
]


@pytest.mark.parametrize("name", LISTS)
def test_moment_that_is_none_is_refused_in_words(client, name):
    for moment in WRONG_MOMENTS:
        response = client.get(f"/api/v1/{name}/?modified_since={moment}")

        assert (moment, response.status_code) == (moment, 400)
        assert response.json() == refusal(modified_since=NO_MOMENT), moment


def test_page_for_people_is_not_asked_for_changes(client):
    make_otsu()

    assert client.get("/cities/?modified_since=never").status_code == 200


def test_withdrawn_records_are_reported_with_the_reason_among_what_changed(client):
    make_otsu()
    relationship, source = otsu().relationships.get(), make_source(slug="rumour")
    changed = make_source(slug="page", title="ZZ")
    club = make_organization("club")
    otsu_entry(4).withdraw(because="Wrong line.", on=localdate())
    relationship.withdraw(because="Wrong tie.", on=localdate())
    for record in (otsu(), source, club):
        record.withdraw(because="Wrong.", on=localdate())

    def tombstone(path: str, because: str = "Wrong.", name: str = "slug") -> dict:
        return {
            "url": f"{API}/{path}/",
            name: path.split("/")[1],
            "withdrawn_on": localdate().isoformat(),
            "withdrawn_because": because,
        }

    answers = {
        name: client.get(f"/api/v1/{name}/?modified_since={SINCE}").json() for name in LISTS
    }
    assert answers == {
        # Its predecessor and its successor show it no more.
        "cities": page_of(
            client.get("/api/v1/cities/new-otsu/").json(),
            tombstone("cities/otsu"),
            client.get("/api/v1/cities/zeze/").json(),
        ),
        "relationship-types": page_of(),
        "relationships": page_of(tombstone("relationships/lansing-otsu", "Wrong tie.")),
        "entries": page_of(tombstone("entries/lansing-otsu-4", "Wrong line.", "ref")),
        "organizations": page_of(tombstone("organizations/club")),
        "sources": page_of(
            tombstone("sources/rumour"), client.get("/api/v1/sources/page/").json()
        ),
    }
    for record in [record for answer in answers.values() for record in answer["results"]]:
        is_gone = "withdrawn_on" in record
        assert client.get(record["url"]).status_code == (410 if is_gone else 200)
    assert changed.slug in [s["slug"] for s in client.get("/api/v1/sources/").json()["results"]]
    assert "withdrawn_on" not in client.get("/api/v1/sources/").content.decode()


def test_relationship_that_has_no_entry_left_is_reported_when_it_is_withdrawn(client):
    relationship = make_partnership("oslo")
    relationship.entries.get().withdraw(because="Wrong line.", on=localdate())
    relationship.withdraw(because="Wrong tie.", on=localdate())

    assert listed(client, lists=["relationships"]) == {"relationships": ["lansing-oslo/"]}


def test_what_was_withdrawn_before_is_not_told(client):
    source = make_source()
    source.withdraw(because="Wrong.", on=localdate())
    all_changed_at(MOMENT)

    assert listed(client) == {}


def test_draft_that_was_withdrawn_by_a_file_about_a_draft_is_not_told(client):
    """No address ever answered about it."""
    gone = {"publication": "withdrawn", "withdrawn_on": localdate(), "withdrawn_because": "No."}
    relationship = make_relationship(make_city("oslo", publication="draft"), **gone)
    make_entry(relationship, "visited", "2020", **gone)

    assert listed(client, lists=["cities", "relationships", "entries"]) == {"cities": ["lansing/"]}


def test_filters_hold_among_what_changed(client):
    make_otsu()
    make_city("oslo", country="NO")
    make_city("kyoto", country="JP")

    assert listed(client, f"{SINCE}&country=JP", ["cities"]) == {"cities": ["kyoto/"]}


def test_change_of_a_draft_is_told_when_it_is_published(client):
    drafts = [
        make_source(slug="minutes", publication="draft"),
        make_city("oslo", publication="draft"),
    ]
    assert listed(client) == {}

    for draft in drafts:
        draft.publish()

    assert listed(client) == {"cities": ["oslo/"], "sources": ["minutes/"]}
    newest = LogEntry.objects.get(record__ref="minutes").moment
    assert client.get("/api/v1/sources/minutes/").json()["modified"] == (
        newest.isoformat().replace("+00:00", "Z")
    )


def test_drafts_beside_public_records_change_no_moment(client):
    make_public_register()
    home()
    make_type()
    all_changed_at(MOMENT)
    public = {city.slug for city in City.objects.all()}

    add_drafts_apart()
    source = make_source(publication="draft")
    Citation.objects.create(entry=otsu_entry(1), source=source, role="disputes")

    modified = {
        record["url"]: record["modified"]
        for name in LISTS
        for record in client.get(f"/api/v1/{name}/?page_size=200").json()["results"]
    }
    late = [url for url, moment in modified.items() if moment != MODIFIED]
    assert late == []
    assert len(modified) > len(public) > 3


def test_entry_of_a_draft_agreement_and_its_signatories_change_no_moment(client):
    make_otsu()
    draft = make_agreement(otsu().relationships.get(), publication=Publication.DRAFT)
    draft.signatories.create(name="A. Mayor")
    draft.save()

    assert listed(client) == {}


def test_record_that_the_log_does_not_know_has_no_moment(client):
    fields = {"kind": "press", "reliability": "press", "publication": "published"}
    Source.objects.bulk_create([Source(slug="old", title="Old", **fields)])

    assert client.get("/api/v1/sources/old/").json()["modified"] is None
    assert listed(client, "0001-01-01") == {}


def test_city_has_its_summaries_in_other_languages(client):
    make_otsu()
    make_summary(otsu(), "ko", text="도시")
    make_summary(otsu(), "ja")

    assert client.get("/api/v1/cities/otsu/").json()["summaries"] == [
        {"language": "ja", "text": "湖のほとりの町。", "written_by": "The office"},
        {"language": "ko", "text": "도시", "written_by": "The office"},
    ]
