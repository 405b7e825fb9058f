"""Organizations that act, and which of them may decide."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from cities.models import Authority, Entry, Organization
from cities.records.publishing import Publication
from tests.cities.refusals import assert_clerk_reads, assert_database_refuses
from tests.factories import (
    home,
    make_authority,
    make_city,
    make_entry,
    make_organization,
    make_partnership,
)

pytestmark = pytest.mark.django_db

NOT_CHOICE = "Value '{}' is not a valid choice.".format


def new_organization(**fields) -> Organization:
    """An unsaved organization, right but for what the test says."""
    defaults = {"slug": "council", "name": "City Council", "classification": "council"}
    return Organization(**defaults | fields)


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        (
            {"name": ""},
            "cities_organization_named_and_classified",
            {"name": ["This field cannot be blank."]},
        ),
        (
            {"classification": "club"},
            "cities_organization_named_and_classified",
            {"classification": [NOT_CHOICE("club")]},
        ),
        (
            {"founded": "1994", "dissolved": "1993"},
            "cities_organization_dissolved_after_founded",
            (
                "The organization cannot be dissolved before it was founded. Correct one of the"
                " dates."
            ),
        ),
        (
            {"publication": "secret"},
            "cities_organization_publication_known",
            "Choose draft, published or withdrawn.",
        ),
        (
            {"publication": Publication.WITHDRAWN},
            "cities_organization_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
    ],
)
def test_organization_rule_is_kept_by_clerk_and_database(wrong, constraint, sentences):
    assert_clerk_reads(new_organization(**wrong), sentences)
    assert_database_refuses(new_organization(**wrong), match=constraint)


@pytest.mark.parametrize(
    "right",
    [
        {"founded": "1994", "dissolved": "1994"},
        {"founded": "1994-05", "dissolved": "1994"},  # the end may be after the beginning
        {"founded": "1994", "dissolved": "1994-05"},
        {"founded": "../1994", "dissolved": "1990"},
        {"founded": "1994", "dissolved": "1994/.."},
        {"dissolved": "1990"},
    ],
)
def test_organization_that_may_have_ended_after_it_began_is_accepted(right):
    record = new_organization(**right)

    record.full_clean()
    record.save()

    assert str(Organization.objects.get()) == "City Council"


AUTHORITY_ONCE = "cities_authority_once"


@pytest.mark.parametrize("since", ["1994", None])
def test_authority_is_there_once(since):
    lrscc = make_organization("lrscc")
    make_authority(lrscc, since=since)
    again = {"organization": lrscc, "place": home(), "since": since}

    assert_clerk_reads(Authority(**again), "This authority is already listed.")
    assert_database_refuses(Authority(**again), match=AUTHORITY_ONCE)


def test_authority_of_another_time_organization_or_place_is_another():
    lrscc, council = make_organization("lrscc"), make_organization("council")
    make_authority(lrscc, since="1994")

    for fields in (
        {"organization": lrscc, "place": home(), "since": "2001"},
        {"organization": lrscc, "place": home(), "since": None},
        {"organization": council, "place": home(), "since": "1994"},
        {"organization": lrscc, "place": make_city(), "since": "1994"},
    ):
        Authority(**fields).full_clean()


def test_authority_ends_after_it_begins():
    lrscc = make_organization("lrscc")
    fields = {"organization": lrscc, "place": home(), "since": "1994", "until": "1993"}

    assert_clerk_reads(
        Authority(**fields),
        "The authority cannot end before it begins. Correct one of the dates.",
    )
    assert_database_refuses(Authority(**fields), match="cities_authority_ends_after_it_begins")
    Authority(**fields | {"until": "1994-05"}).full_clean()


@pytest.mark.parametrize(
    ("since", "until", "first", "last", "has_authority"),
    [
        ("1994", None, "1994-01-01", "1994-01-01", True),
        ("1994", None, "1993-12-31", "1993-12-31", False),
        ("1994", None, "1993-01-01", "1994-12-31", True),  # some day of the two years
        ("1994", "2000", "2000-12-31", "2000-12-31", True),
        ("1994", "2000", "2001-01-01", "2001-01-01", False),
        ("1994", "2000-06-01", "2000-06-02", "2000-06-30", False),
        (None, "1994", "1900-01-01", "1900-01-01", True),
        (None, "1994", "1995-01-01", "1995-01-01", False),
        (None, None, "1900-01-01", "1900-01-01", True),
        ("1994", "1999/..", "2020-01-01", "2020-01-01", True),
    ],
)
def test_authority_covers_a_day(since, until, first, last, has_authority):
    authority = make_authority(make_organization(), since=since, until=until)
    make_authority(make_organization(), place=make_city(), since=None)

    found = Authority.objects.over(home(), date.fromisoformat(first), date.fromisoformat(last))

    assert list(found) == ([authority] if has_authority else [])


def test_authority_names_organization_and_place():
    assert str(make_authority(make_organization("lrscc"))) == "Lrscc (Lansing)"


def test_authority_is_public_when_organization_and_place_are():
    draft = {"publication": Publication.DRAFT}
    public = make_authority(make_organization())
    make_authority(make_organization(**draft))
    make_authority(make_organization(), place=make_city(**draft))

    assert list(Authority.objects.public()) == [public]


@pytest.fixture
def authority():
    """Of a council over Lansing’s ties, with a line of 1990 resting on it."""
    found = make_authority(make_organization("council"), since="1980")
    make_entry(make_partnership("otsu"), "renewed", "1990", decided_by=found.organization)
    return found


@pytest.mark.parametrize(
    "change", [{"since": "1991"}, {"until": "1989"}, {"organization": "other"}, {"place": "other"}]
)
def test_authority_does_not_shrink_away_from_under_an_entry(authority, change):
    others = {"organization": make_organization("other"), "place": make_city("other")}
    for name, value in change.items():
        setattr(authority, name, others[name] if value == "other" else value)

    with pytest.raises(ValidationError) as refusal:
        authority.full_clean()

    assert refusal.value.messages == [
        (
            "“Lansing – Otsu, entry 2: renewed, 1990” was decided under this authority. Withdraw"
            " that entry first."
        )
    ]


def test_authority_may_end_after_the_entries_that_rest_on_it(authority):
    authority.until = "1994"

    authority.full_clean()


def test_authority_shrinks_where_another_covers_the_entry_or_the_entry_is_withdrawn(authority):
    other = make_authority(authority.organization, since="1985")
    authority.until = "1984"
    authority.full_clean()

    other.delete()
    Entry.objects.get(number=2).withdraw(because="Wrong.", on=date(2020, 1, 1))
    authority.full_clean()


@pytest.mark.parametrize("door", ["instance", "queryset"])
def test_authority_is_not_deleted_from_under_an_entry(authority, door):
    spare = make_authority(make_organization("spare"))

    with pytest.raises(ProtectedError, match="Enter an end date instead"):
        authority.delete() if door == "instance" else Authority.objects.all().delete()

    assert set(Authority.objects.all()) == {authority, spare}


def test_authority_without_entries_is_deleted():
    make_authority(make_organization("spare"))

    assert Authority.objects.all().delete() == (1, {"cities.Authority": 1})
    assert not Authority.objects.exists()


def test_authority_of_unknown_beginning_stands_before_what_came_later():
    later = make_authority(make_organization("lrscc"), since="1994")
    unknown = make_authority(make_organization("council"), since=None)

    assert list(Authority.objects.all()) == [unknown, later]
