"""The country at the time: a city was in a state that is gone, from when to when."""

import pytest
from django.utils.translation import override

from cities.models import City, FormerCountry
from cities.records.countries import former_country_choices, former_country_name
from cities.records.dates import RecordDate
from tests.admin.browser import form_of
from tests.admin.people import at, browser
from tests.cities.refusals import (
    assert_clerk_reads,
    assert_database_refuses,
    assert_refused,
    load_record,
)
from tests.factories import (
    make_city,
    make_entry,
    make_former_country,
    make_name,
    make_partnership,
    make_source,
)
from tests.reading import lines_of

OVER = "Enter when it ended, as exactly as the source says, such as 1991."
ORDER = "A city cannot leave a country before it came to it. Correct one of the dates."


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("SUHH", "Soviet Union"),
        ("DDDE", "East Germany"),
        ("YUCS", "Yugoslavia"),
        ("CSHH", "Czechoslovakia"),
        ("ZRCD", "Zaire"),
        ("SU", "SU"),
        ("XXXX", "XXXX"),
    ],
)
def test_state_that_is_gone_has_the_name_people_say(code, name):
    assert former_country_name(code) == name


def test_choices_are_every_state_that_is_gone_by_name_in_the_language_of_the_page():
    names = [name for __, name in former_country_choices()]

    assert len(names) == len(set(names)) == 31
    assert names[:2] == ["British Antarctic Territory", "Burma"]
    with override("es"):
        assert former_country_name("CSXX") == "Serbia y Montenegro"


@pytest.mark.parametrize(
    ("since", "until", "on", "was_in_it"),
    [
        (None, "1991-12-26", "1970", True),
        (None, "1991-12-26", "1991-12-26", True),
        (None, "1991-12-26", "1991", False),  # perhaps after the end
        (None, "1991", "1990", True),
        (None, "1991", "1991", False),
        (None, "[..1991]", "1995", False),
        (None, "1991-12-26", "1994", False),
        (None, "1991-12-26", "1990/..", False),
        ("1940", "1991-12-26", "1970", True),
        ("1940", "1991-12-26", "1940", False),
        ("1940", "1991-12-26", "1939", False),
        ("1940", "1991-12-26", "[..1970]", False),
    ],
)
def test_city_was_in_it_where_that_is_sure(since, until, on, was_in_it):
    former = FormerCountry(country="SUHH", since=since, until=until)

    assert former.had_it(RecordDate.parse(on)) is was_in_it


@pytest.fixture
def leningrad() -> City:
    """The partner St. Petersburg, since 1970; visited since."""
    relationship = make_partnership("st-petersburg", since="1970")
    make_entry(relationship, "visited", "2001")
    City.objects.filter(slug="st-petersburg").update(country="RU")
    return City.objects.get(slug="st-petersburg")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"until": "1991/.."}, "cities_formercountry_is_over", OVER),
        (
            {"since": "1992"},
            "cities_formercountry_ends_after_it_begins",
            ORDER,
        ),
    ],
)
def test_dates_of_it_are_in_order_at_every_door(leningrad, wrong, constraint, sentences):
    right = {"city": leningrad, "country": "SUHH", "until": "1991-12-26"}
    record = FormerCountry(**right | wrong)

    assert_refused(record, sentences)
    assert_database_refuses(record, match=constraint)


@pytest.mark.django_db
def test_it_is_a_state_that_is_gone_and_listed_once(leningrad):
    make_former_country(leningrad)
    again = FormerCountry(city=leningrad, country="SUHH", until="1991")
    russia = FormerCountry(city=leningrad, country="RU", until="1991")

    assert_clerk_reads(again, "This country is already listed.")
    assert_database_refuses(
        again, match=r"cities_formercountry_once|formercountry\.city_id, cities_formercountry"
    )
    assert_clerk_reads(russia, {"country": ["Value 'RU' is not a valid choice."]})
    assert_database_refuses(russia, match="cities_formercountry_known")


@pytest.mark.django_db
def test_page_names_it_where_it_speaks_of_that_time(client, leningrad):
    source = make_source(title="The treaty")
    make_former_country(leningrad, source=source)
    make_former_country(leningrad, country="YUCS", since="1920", until="1922")

    lines = lines_of(client.get("/cities/st-petersburg/"))

    assert lines.count("Country when it began: Soviet Union") == 1
    assert lines.count("Country at the time: Soviet Union") == 1
    at_facts = lines.index("Country before")
    assert lines[at_facts + 1 : at_facts + 3] == [
        "Yugoslavia (1920 to 1922)",
        "Soviet Union (until December 26, 1991) source: The treaty",
    ]


@pytest.mark.django_db
def test_page_of_a_city_whose_country_never_went_does_not_speak_of_it(client, leningrad):
    lines = lines_of(client.get("/cities/st-petersburg/"))

    assert [line for line in lines if line.startswith("Country")] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("indexed")
def test_api_and_search_know_it(client, leningrad):
    make_former_country(leningrad, source=make_source(slug="treaty"))

    [former] = client.get("/api/v1/cities/st-petersburg/").json()["former_countries"]
    found = client.get("/api/v1/search/", {"q": "soviet union"}).json()["results"]

    assert former == {
        "code": "SUHH",
        "name": "Soviet Union",
        "since": None,
        "until": {"edtf": "1991-12-26", "earliest": "1991-12-26", "latest": "1991-12-26"},
        "source": "http://testserver/api/v1/sources/treaty/",
    }
    assert [result["title"] for result in found] == ["St Petersburg"]


@pytest.mark.django_db
def test_file_and_form_keep_it(leningrad):
    load_record(FormerCountry(city=leningrad, country="SUHH", until="1991-12-26"))
    assert str(FormerCountry.objects.get()) == "Soviet Union"
    berlin = make_city("berlin", country="DE", publication="draft")
    make_name(berlin, "Ost-Berlin", kind="former")
    staff = browser("Commission staff")
    row = {"country": "DDDE", "until": "October 3, 1990"}
    given = {f"former_countries-0-{name}": value for name, value in row.items()}

    saved = staff.post(
        at(berlin), form_of(staff, at(berlin)) | given | {"former_countries-TOTAL_FORMS": "1"}
    )

    assert saved.status_code == 302
    assert berlin.country_on(RecordDate.parse("1980")) == "East Germany"
