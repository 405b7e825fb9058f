"""What is missing from the record."""

from datetime import date

import pytest

from cities.gaps import Gap, gaps_of, gaps_of_authority, gaps_of_sources, with_entries
from cities.models import City, Population, Relationship, RelationshipType
from cities.records.publishing import Publication
from tests.factories import (
    home,
    make_agreement,
    make_authority,
    make_city,
    make_entry,
    make_name,
    make_organization,
    make_partnership,
    make_population,
    make_relationship,
    make_source,
    make_type,
)
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

TODAY = date(2020, 1, 1)
DRAFT = {"publication": Publication.DRAFT}
WITHDRAWN = {
    "publication": Publication.WITHDRAWN,
    "withdrawn_on": "2019-01-01",
    "withdrawn_because": "It was wrong.",
}


@pytest.fixture
@remembered
def known() -> Relationship:
    """A relationship with everything on record."""
    source = make_source(address="https://otsu.example")
    place = make_city("otsu", country="JP")
    make_population(place, source=source)
    make_name(place, "大津市")
    relationship = make_relationship(place)
    council = make_organization("council")
    kind = make_type(needs_agreement=True)
    make_entry(relationship, "signed", "1969-10-01", type=kind, decided_by=council, source=source)
    make_entry(relationship, "visited", f"{TODAY.year - 5}", source=source)
    paper = make_source(
        reliability="signed_original", document="otsu.pdf", document_sha256="0" * 64
    )
    make_agreement(relationship, signed_on="1969-10-01").documents.add(source, paper)
    return relationship


def missing(on: date = TODAY) -> list[str]:
    """What is missing of the one tie there is."""
    return [gap.missing for gap in gaps_of(with_entries(Relationship.objects.all())[0], on)]


def test_relationship_of_which_all_is_known_has_no_gap(known):
    assert missing() == []
    assert list(gaps_of_sources()) == []


def test_gap_names_the_place_and_its_page(known):
    known.agreements.get().documents.clear()

    [relationship] = with_entries(Relationship.objects.all())

    assert list(gaps_of(relationship, TODAY)) == [
        Gap(
            "Otsu",
            "The 1969 agreement. We do not have the original.",
            "/cities/otsu/",
        )
    ]


def test_gap_where_no_entry_gives_the_status(known):
    assert missing(on=date(1969, 9, 30)) == [
        "A document that shows the status of the relationship."
    ]


def test_gap_where_the_beginning_is_not_found(known):
    """And no gap that nobody decided: the line is a sighting."""
    known.entries.update(kind="attested", decided_by=None)

    assert missing() == ["When and how the relationship began."]


@pytest.mark.parametrize(
    ("years", "gaps"),
    [
        (5, []),
        (6, ["Is it still active? The newest evidence is from 2015."]),
    ],
)
def test_gap_where_the_newest_evidence_is_years_old(known, years, gaps):
    """And nothing is downgraded: it stays active."""
    later = date(2015 + years, 12, 31)

    assert missing(on=later) == gaps
    assert known.standing_on(later).status == "active"


@pytest.mark.parametrize(
    ("on", "asked"),
    [
        (date(2023, 8, 22), []),
        (date(2023, 8, 23), ["Did the signing planned for August 22, 2023 take place?"]),
    ],
)
def test_gap_where_a_planned_signing_is_past(on, asked):
    relationship = make_relationship(make_city("suceava"))
    make_entry(relationship, "planned", "2023-07", planned_for="2023-08-22")

    assert [gap for gap in missing(on) if "signing" in gap] == asked


def test_no_gap_of_evidence_where_it_is_not_active(known):
    make_entry(known, "suspended", "2016", party="partner")

    assert missing(on=date(2026, 1, 1)) == []


@pytest.mark.parametrize(
    ("changes", "gaps"),
    [
        ({}, ["Who approved the 1990 renewal for Lansing?"]),
        ({"party": "home"}, ["Who approved the 1990 renewal for Lansing?"]),
        ({"party": "partner"}, []),
        ({"kind": "visited"}, []),
        ({"kind": "attested"}, []),
        ({"why_not_preferred": "No paper."}, []),
        (DRAFT, []),
        (WITHDRAWN, []),
    ],
)
def test_gap_where_an_entry_does_not_say_who_decided(known, changes, gaps):
    fields = {"kind": "renewed", "on": "1990~"} | changes
    make_entry(known, **fields)

    assert missing() == gaps


def test_no_gap_where_who_decided_is_known_but_not_public(known):
    known.entries.filter(kind="signed").update(decided_by=make_organization("secret", **DRAFT))

    assert missing() == []


@pytest.mark.parametrize(
    ("ledger", "gaps"),
    [
        ([], ["The agreement. We have no copy."]),
        (["suspended"], ["The agreement. We have no copy."]),
        (["terminated"], []),
    ],
)
def test_gap_where_a_relationship_that_needs_an_agreement_has_none(known, ledger, gaps):
    council = known.entries.get(kind="signed").decided_by
    for kind in ledger:
        make_entry(known, kind, "2000", decided_by=council)
    known.agreements.update(publication=Publication.DRAFT)

    assert missing() == gaps


def test_no_gap_where_the_type_needs_no_agreement(known):
    known.agreements.update(publication=Publication.DRAFT)
    RelationshipType.objects.update(needs_agreement=False)

    assert missing() == []


def test_no_gap_of_an_agreement_where_the_type_is_not_found(known):
    known.agreements.update(publication=Publication.DRAFT)
    known.entries.update(type=None)

    assert missing() == []


@pytest.mark.parametrize(
    ("signed_on", "reliability", "gap"),
    [
        ("1969-10", "press", "The signed 1969 agreement. We only have news reports."),
        ("1969-10", "official", "The 1969 agreement. We do not have the original."),
        (None, "press", "An agreement without a date. We do not have the original."),
    ],
)
def test_gap_where_only_reports_of_the_agreement_are_on_file(known, signed_on, reliability, gap):
    agreement = make_agreement(known, signed_on=signed_on)
    report = make_source(reliability=reliability, address="https://report.example")
    agreement.documents.add(report)
    agreement.documents.add(make_source(reliability="signed_original", **DRAFT))

    assert missing() == [gap]


@pytest.mark.parametrize(
    "kind",
    [
        *("proposed", "approved", "signed", "concluded", "renewed", "resumed", "reaffirmed"),
        *("dormant", "suspended", "terminated", "lapsed", "superseded"),
    ],
)
def test_gap_asks_who_decided_whatever_was_decided(known, kind):
    make_entry(known, kind, "2010", type=None)

    (question,) = [gap for gap in missing() if gap.startswith("Who ")]
    assert "2010" in question


def test_gap_where_the_population_is_not_known(known):
    Population.objects.all().delete()

    assert missing() == ["Its population, with the year and a source."]


@pytest.mark.parametrize(
    ("country", "kind", "gaps"),
    [
        ("JP", "romanized", ["Its name in its own language."]),
        ("JP", "native", []),
        ("US", "romanized", []),
    ],
)
def test_gap_where_a_place_abroad_has_no_name_of_its_own(known, country, kind, gaps):
    known.partner.names.update(kind=kind)
    City.objects.filter(slug="otsu").update(country=country)

    assert missing() == gaps


def test_gaps_of_authority_are_its_beginning_and_its_document():
    source = make_source(address="https://rules.example")
    make_authority(make_organization("whole"), source=source)
    make_authority(make_organization("no-paper"))
    make_authority(make_organization("no-start"), since=None, source=source)
    make_authority(make_organization("draft", **DRAFT))
    make_authority(make_organization("other"), place=make_city("nara", **DRAFT))

    assert sorted(gaps_of_authority(), key=lambda gap: gap.subject) == [
        Gap(
            "No Paper",
            "The document that lets it decide for Lansing.",
            "/cities/lansing/",
        ),
        Gap("No Start", "Since when it can decide for Lansing.", "/cities/lansing/"),
    ]


def test_gaps_of_sources_are_those_nobody_can_open():
    home()
    make_source(address="https://a.example")
    make_source(archived_address="https://b.example")
    make_source(document="c.pdf", document_sha256="0" * 64)
    make_source(reliability="general_knowledge")
    make_source(title="Draft", **DRAFT)
    make_source(title="Gone", **WITHDRAWN)
    make_source(slug="lost", title="Lost", finding_aid="Somewhere.")

    assert list(gaps_of_sources()) == [Gap("Lost", "A link to it, or a copy.", "/sources/lost/")]


def test_gaps_of_relationships_are_read_at_once(known, django_assert_num_queries):
    make_partnership("kyoto")

    with django_assert_num_queries(9):  # five of them once for each version of the site
        relationships = with_entries(Relationship.objects.all())
    with django_assert_num_queries(0):
        found = [list(gaps_of(relationship, TODAY)) for relationship in relationships]

    assert [len(gaps) for gaps in found] == [4, 0]
