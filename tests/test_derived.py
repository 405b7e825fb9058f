"""Rows that follow from other rows: made once, with what they follow from, or not at all."""

from copy import copy

import pytest
from django.db import transaction

from cities.models import (
    City,
    CityName,
    Entry,
    Organization,
    Relationship,
    StandingPeriod,
)
from cities.records.dependencies import Dependency, LinkDependency, dependencies_of, links_on
from cities.records.derived import changed, collecting, register, registered
from cities.records.publishing import Publication
from lrscc.models import SearchDocument
from lrscc.search.index import SearchOf
from resolutions.models import CoursePeriod, Member, Resolution
from tests.admin.browser import form_of
from tests.admin.people import at, browser
from tests.factories import (
    make_action,
    make_city,
    make_entry,
    make_name,
    make_organization,
    make_relationship,
    make_resolution,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indexed")]


@pytest.fixture
def derived(monkeypatch):
    """What is made again of the search index: a derivation’s name, and keys."""
    calls: list[tuple[str, list[int]]] = []
    derive = SearchOf.derive

    def note(search, pks):
        calls.append((search.name, list(pks)))
        derive(search, pks)

    monkeypatch.setattr(SearchOf, "derive", note)
    return calls


# --- paths --------------------------------------------------------------------------------


def test_rows_on_the_way_matter_by_what_leads_on_from_them():
    paths = {"entries__decided_by": ["name"], "partner__names": []}

    assert set(dependencies_of(Relationship, paths)) == {
        (Organization, Dependency("entries__decided_by", frozenset({"name"}))),
        (Entry, Dependency("entries", frozenset({"decided_by_id"}), "relationship_id")),
        (CityName, Dependency("partner__names", None, "city_id")),
        (City, Dependency("partner", frozenset())),
        (Relationship, Dependency("", frozenset({"partner_id"}))),
    }


def test_links_to_many_on_a_path_lead_to_the_nearer_rows():
    sponsors = Resolution.sponsors.through

    assert list(links_on(Resolution, "sponsors__terms")) == [
        (sponsors, LinkDependency(Resolution, "", "sponsors"))
    ]
    assert list(links_on(Member, "terms")) == []
    assert list(links_on(Member, "sponsored__sponsors")) == [
        (sponsors, LinkDependency(Member, "", "sponsored")),
        (sponsors, LinkDependency(Resolution, "sponsored", "sponsors")),
    ]


def test_two_derivations_have_two_names():
    taken = copy(registered()[0])

    with pytest.raises(ValueError, match="is registered already"):
        register(taken)


# --- how often ----------------------------------------------------------------------------


def test_field_that_no_row_is_made_from_causes_no_work(derived):
    relationship = make_relationship(make_city("otsu"))
    office = make_organization("council", place=relationship.home)
    derived.clear()

    office.finding_aid = "Box 3."
    office.save()
    assert derived == []

    office.name = "City Council"
    office.save()
    assert [name for name, __ in derived] == ["search of city"]


def test_nothing_is_made_until_the_outermost_end(derived):
    city = make_city("otsu")
    derived.clear()

    with collecting():
        with collecting():
            make_name(city, "大津市")
        city.name = "Ōtsu"
        city.save()
        assert derived == []

    assert derived == [("search of city", [city.pk])]
    assert SearchDocument.objects.get().names == "|otsu|大津市|"


def test_changes_inside_are_undone_with_what_fails(derived):
    city = make_city("otsu")
    derived.clear()

    @collecting()
    def rename() -> None:
        city.name = "Kyoto"
        city.save()
        raise LookupError

    with pytest.raises(LookupError):
        rename()

    assert derived == []
    assert City.objects.get().name == "Otsu"


def test_form_with_its_parts_is_made_once(derived):
    staff = browser("Commission staff")
    city = make_city("otsu", country="JP", publication=Publication.DRAFT)
    form = form_of(staff, at(city))
    derived.clear()

    names = {"names-TOTAL_FORMS": 2}
    for number, text in enumerate(["大津市", "Ōtsu-shi"]):
        names |= {
            f"names-{number}-text": text,
            f"names-{number}-language": ["ja", "ja-Latn"][number],
            f"names-{number}-kind": ["native", "romanized"][number],
        }
    response = staff.post(at(city), form | {"name": "Ōtsu"} | names)

    assert response.status_code == 302, response.text
    assert city.names.count() == 2
    assert [call for call in derived if call[0] == "search of city"] == [
        ("search of city", [city.pk])
    ]


def test_form_whose_end_fails_saves_nothing(monkeypatch):
    staff = browser("Commission staff")
    city = make_city("otsu", country="JP", publication=Publication.DRAFT)
    form = form_of(staff, at(city))

    def fail(search, pks):
        raise LookupError("broken rules")

    monkeypatch.setattr(SearchOf, "derive", fail)
    with pytest.raises(LookupError), transaction.atomic():
        staff.post(at(city), form | {"name": "Ōtsu"})

    assert City.objects.get(pk=city.pk).name == "Otsu"


def test_part_that_is_moved_leaves_the_record_it_was_in():
    first, second = make_relationship(make_city("otsu")), make_relationship(make_city("asan"))
    entry = make_entry(first, "signed", "1990", number=7)
    action = make_action(make_resolution("r"), number=7)
    entry.relationship, action.resolution = second, make_resolution("s")

    entry.save()
    action.save()

    assert StandingPeriod.objects.get().relationship == second
    assert CoursePeriod.objects.get(status="adopted").resolution == action.resolution


def test_rows_changed_in_bulk_are_followed_when_they_are_named():
    resolution = make_resolution("r")
    action = make_action(resolution, note="Read aloud.")
    entry = make_entry(make_relationship(make_city("otsu")), "signed", "1990", note="By boat.")
    type(action).objects.update(note="Sung.")
    type(entry).objects.update(note="By train.")

    changed([*type(action).objects.all(), *type(entry).objects.all()])

    texts = SearchDocument.objects.filter(kind__in=["resolution", "city"])
    said = " ".join(texts.values_list("text", flat=True))
    assert [word in said for word in ("Sung", "train", "aloud", "boat")] == [
        *(True, True, False, False)
    ]
