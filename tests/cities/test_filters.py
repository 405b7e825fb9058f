"""What a reader may ask: the questions of pages and API."""

import re
from datetime import date

import pytest
from django.utils.timezone import localdate

from cities.filters import (
    CityFilter,
    EntryFilter,
    OrganizationFilter,
    RelationshipFilter,
    SourceFilter,
)
from cities.models import Citation, City, Entry, Organization, Relationship, Source
from cities.records.filters import containing
from cities.records.folding import fold
from tests.factories import (
    make_city,
    make_entry,
    make_name,
    make_organization,
    make_partnership,
    make_relationship,
    make_source,
    make_type,
)
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
@remembered
def relationships() -> None:
    """Five ties that differ in type, country, standing and day."""
    sister, friends = make_type("sister-city"), make_type("friendship-city")
    otsu = make_relationship(make_city("otsu", country="JP"))
    make_entry(otsu, "signed", "1969-10-01", type=sister)
    kyoto = make_relationship(make_city("kyoto", country="JP"))
    make_entry(kyoto, "signed", "1980", type=friends)
    make_entry(kyoto, "concluded", "1990", type=sister)
    nara = make_partnership("nara", "1970", type=friends)
    make_entry(nara, "terminated", "2000")
    rome = make_relationship(make_city("rome", country="IT"))
    make_entry(rome, "proposed", "1995", type=sister)
    make_relationship(make_city("oslo", country="NO"))


def found(**question: str) -> list[str]:
    rows = RelationshipFilter(question, Relationship.objects.public()).qs
    return [relationship.partner.slug for relationship in rows]


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ({}, ["kyoto", "nara", "otsu", "rome"]),
        ({"on": ""}, ["kyoto", "nara", "otsu", "rome"]),
        ({"on": "1969-09-30"}, []),
        ({"on": "1969-10-01"}, ["otsu"]),
        ({"on": "1985-01-01"}, ["kyoto", "nara", "otsu"]),
        ({"type": "sister-city"}, ["kyoto", "otsu", "rome"]),
        ({"type": "sister-city", "on": "1985-01-01"}, ["otsu"]),
        ({"type": "friendship-city", "on": "1985-01-01"}, ["kyoto", "nara"]),
        ({"status": "ended"}, ["nara"]),
        ({"status": "ended", "on": "1999-12-31"}, []),
        ({"status": "proposed"}, ["rome"]),
        ({"country": "JP"}, ["kyoto", "otsu"]),
        ({"country": "NO"}, []),
        ({"country": "JP", "status": "active", "type": "sister-city"}, ["kyoto", "otsu"]),
        ({"city": "otsu"}, ["otsu"]),
        ({"city": "lansing"}, ["kyoto", "nara", "otsu", "rome"]),
        ({"city": "nowhere"}, []),
        ({"city": "nara", "country": "JP"}, []),
    ],
)
def test_relationships_are_those_asked_for(relationships, question, slugs):
    assert found(**question) == slugs


def test_relationships_of_a_place_are_also_those_it_took_over(relationships):
    """Once, however many lines say so."""
    after = make_city("after")
    relationship = Relationship.objects.get(partner__slug="otsu")
    for day in ("2001", "2002"):
        make_entry(relationship, "reaffirmed", day, partner=after)

    assert found(city="after") == ["otsu"]
    assert found(city="after", on="1999-01-01") == ["otsu"]


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ({}, None),
        ({"on": ""}, None),
        ({"on": "never"}, None),
        ({"on": "1990-01-01"}, date(1990, 1, 1)),
        ({"on": " 1990-1-1 "}, date(1990, 1, 1)),
        ({"on": "1990-01-01", "type": "twin"}, date(1990, 1, 1)),
    ],
)
def test_relationships_know_the_day_they_are_asked_about(question, day):
    filters = RelationshipFilter(question, Relationship.objects.all())

    assert filters.day == (day or localdate())


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ({}, ["kyoto", "lansing", "nara", "oslo", "otsu", "rome"]),
        ({"country": "JP"}, ["kyoto", "otsu"]),
        ({"kind": "prefecture"}, []),
        ({"kind": "city", "country": "US"}, ["lansing", "nara"]),
        ({"on": "1985-01-01"}, ["kyoto", "nara", "otsu"]),
        ({"on": "1985-01-01", "country": "JP", "type": "friendship-city"}, ["kyoto"]),
        ({"type": "sister-city"}, ["kyoto", "otsu", "rome"]),
        ({"status": "active"}, ["kyoto", "otsu"]),
        ({"status": "ended", "on": "1999-12-31"}, []),
    ],
)
def test_places_are_those_asked_for(relationships, question, slugs):
    found = CityFilter(question, City.objects.public()).qs

    assert [place.slug for place in found] == slugs


@pytest.fixture
def entries() -> None:
    """A history of four entries, and an entry of another."""
    otsu = make_partnership("otsu")
    page, paper = make_source(slug="page"), make_source(slug="paper")
    make_entry(otsu, "concluded", "1968", why_not_preferred="No day.", source=paper)
    both = make_entry(otsu, "renewed", "2019", source=page)
    Citation.objects.create(entry=both, source=page, role="disputes")
    make_entry(otsu, "visited", "2020", source=page)
    make_partnership("kyoto")


@pytest.mark.parametrize(
    ("question", "refs"),
    [
        ({}, ["kyoto-1", "otsu-2", "otsu-1", "otsu-3", "otsu-4"]),
        ({"relationship": "lansing-otsu"}, ["otsu-2", "otsu-1", "otsu-3", "otsu-4"]),
        ({"relationship": "otsu"}, []),
        ({"city": "kyoto"}, ["kyoto-1"]),
        ({"city": "lansing"}, []),
        ({"source": "page"}, ["otsu-3", "otsu-4"]),
        ({"source": "paper"}, ["otsu-2"]),
        ({"kind": "signed"}, ["kyoto-1", "otsu-1"]),
        ({"acceptance": "claimed"}, ["otsu-2"]),
        ({"acceptance": "accepted", "source": "page", "kind": "visited"}, ["otsu-4"]),
    ],
)
def test_entries_are_those_asked_for(entries, question, refs):
    found = EntryFilter(question, Entry.objects.public().for_reading()).qs

    assert [entry.ref.removeprefix("lansing-") for entry in found] == refs


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ({}, ["fund", "otsu-council"]),
        ({"classification": "funder"}, ["fund"]),
        ({"place": "otsu"}, ["otsu-council"]),
        ({"place": "otsu", "classification": "funder"}, []),
    ],
)
def test_organizations_are_those_asked_for(question, slugs):
    make_organization("otsu-council", place=make_city("otsu"))
    make_organization("fund", classification="funder")

    found = OrganizationFilter(question, Organization.objects.public()).qs

    assert [organization.slug for organization in found] == slugs


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ({}, ["paper", "report"]),
        ({"kind": "press"}, ["report"]),
        ({"reliability": "signed_original"}, ["paper"]),
        ({"kind": "press", "reliability": "signed_original"}, []),
    ],
)
def test_sources_are_those_asked_for(question, slugs):
    make_source(slug="paper", title="A", kind="document", reliability="signed_original")
    make_source(slug="report", title="B")

    found = SourceFilter(question, Source.objects.public()).qs

    assert [source.slug for source in found] == slugs


def test_faults_are_told_for_each_question():
    filters = RelationshipFilter(
        {"on": "1990", "type": "twin", "status": "fine", "country": "XX"},
        Relationship.objects.all(),
    )

    assert filters.errors == {
        "on": ["That is not a date. Enter it like 8/19/2013 or 2013-08-19."],
        "type": ["There is no such relationship type. Choose one from the list."],
        "status": ["“fine” is not one of the choices. Choose one from the list."],
        "country": ["“XX” is not one of the choices. Choose one from the list."],
    }


TEXTS = [
    *("Otsu", "Ōtsu", "otsu-shi", "大津市", "ＯＴＳＵ", "St. Petersburg", "Санкт-Петербург"),
    *(
        "Straße",
        "STRASSE",
        "l’été",
        "l'ete",
        "Łódź",
        "ıstanbul",
        "がく",
        "100% sure",
        "a_b",
        "a\\b",
    ),
]
QUESTIONS = ["otsu", "Ōtsu", "大津", "ＯＴＳＵ", "петербург", "strasse", "été", "l'", "lodz"]
QUESTIONS += ["ISTANBUL", "かく", "がく", "100%", "%", "_", "a_b", "a\\b", "st. pet", "otsu shi"]


@pytest.mark.dialect
@pytest.mark.parametrize("question", QUESTIONS)
def test_words_are_found_as_if_every_text_were_folded_and_read(question):
    """What the database compares itself it finds no less, and no more."""
    places = [make_city(f"city-{number}", name=text) for number, text in enumerate(TEXTS)]
    for place in places:
        make_name(make_city(f"{place.slug}-b", name="x"), place.name)
    words = [re.sub(r"^\W+|\W+$", "", word) for word in fold(question).split()]

    found = containing(City.objects.order_by("pk"), ["name", "names__text"], question)

    texts = {
        place.pk: "\n".join(
            fold(text) for text in [place.name, *(str(n) for n in place.names.all())]
        )
        for place in City.objects.all()
    }
    expected = [pk for pk in sorted(texts) if words[0] and all(w in texts[pk] for w in words)]
    assert [place.pk for place in found] == expected
    assert bool(expected) == (question not in ("%", "かく"))
