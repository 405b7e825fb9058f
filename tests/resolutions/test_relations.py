"""What one resolution does to another, and what that makes of the other one."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cities.records.derived import changed, registered
from resolutions.models import Action, Relation, Resolution
from resolutions.models.relations import ENDS, RelationKind
from tests.cities.refusals import (
    assert_clerk_reads,
    assert_database_refuses,
)
from tests.factories import (
    make_action,
    make_city,
    make_organization,
    make_relation,
    make_resolution,
)
from tests.reading import lines_of, links_of, sections_of

pytestmark = pytest.mark.django_db

DAY = date(2013, 12, 31)
STATUSES = {"rescinds": "rescinded", "reverses": "reversed", "replaces": "superseded"}
NO_END = [kind for kind in RelationKind.values if kind not in STATUSES]
IN_DOUBT = "We have no record that it passed."


def status_of(resolution: Resolution, day: date = DAY) -> tuple[str | None, str]:
    """What the database and the plain rules say, which must be the same."""
    row = Resolution.objects.with_course(day).get(pk=resolution.pk)
    in_memory = row.course_on(day)
    assert (row.course.status, row.course.since) == (
        in_memory.status,
        in_memory.since and in_memory.since.on,
    )
    return row.course.status, str(row.course.since)


def adopted(slug: str | None = None, on: str = "2012-03-05", **fields) -> Resolution:
    resolution = make_resolution(slug, **fields)
    make_action(resolution, on=on)
    return resolution


def differences() -> list[str]:
    """What the database keeps of statuses that is not as it would be made now."""
    return [
        sentence
        for one in registered()
        if one.name == "status of resolutions"
        for sentence in one.differences()
    ]


# --- what ends another one ---------------------------------------------------------------


@pytest.mark.parametrize(("kind", "status"), STATUSES.items())
def test_other_resolution_ends_on_the_day_of_the_adoption(kind, status):
    old, new = adopted(), adopted(on="2013-08-19")
    make_relation(new, old, kind)

    assert status_of(old, date(2013, 8, 18)) == ("adopted", "March 5, 2012")
    assert status_of(old) == (status, "August 19, 2013")
    assert status_of(new) == ("adopted", "August 19, 2013")
    assert [*Resolution.objects.with_course(DAY).filter(course_status=status)] == [old]
    assert differences() == []


@pytest.mark.parametrize("kind", NO_END)
def test_other_relations_change_no_status(kind):
    old, new = adopted(), adopted(on="2013-08-19")
    make_relation(new, old, kind)

    assert status_of(old) == ("adopted", "March 5, 2012")


@pytest.mark.parametrize(
    "action",
    [
        None,
        {"kind": "introduce"},
        {"outcome": "lost"},
        {"outcome": "unknown"},
        {"publication": "draft"},
    ],
)
def test_without_a_decision_on_record_nothing_ends(action):
    old, new = adopted(), make_resolution()
    make_relation(new, old, "rescinds")
    if action:
        make_action(new, on="2013-08-19", **action)

    assert status_of(old) == ("adopted", "March 5, 2012")


def test_what_ends_it_is_followed_through_every_change():
    old, new = adopted(), make_resolution()
    relation = make_relation(new, old, "amends")
    adoption = make_action(new, on="2013-08-19", publication="draft")
    ended, in_effect = ("rescinded", "August 19, 2013"), ("adopted", "March 5, 2012")

    relation.kind = "rescinds"
    relation.save()
    assert status_of(old) == in_effect
    adoption.publish()
    assert status_of(old) == ended
    veto = make_action(new, "veto", "2013-08-20", organization=make_organization())
    assert status_of(old) == in_effect
    veto.withdraw(because="Of another resolution.", on=DAY)
    assert status_of(old) == ended
    organization = new.organization
    new.organization = make_organization(publication="draft")
    new.save()
    assert status_of(old) == in_effect
    new.organization = organization
    new.save()
    assert status_of(old) == ended
    adoption.withdraw(because="It was another one.", on=DAY)
    assert status_of(old) == in_effect
    make_action(new, on="2013-09-02")
    assert status_of(old) == ("rescinded", "September 2, 2013")
    new.withdraw(because="It was another one.", on=DAY)
    assert status_of(old) == in_effect
    assert differences() == []


def test_relation_that_is_deleted_ends_nothing():
    old, new = adopted(), adopted(on="2013-08-19")
    relation = make_relation(new, old, "rescinds")

    relation.delete()

    assert status_of(old) == ("adopted", "March 5, 2012")
    assert differences() == []


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([], "rescinded"),
        ([("introduce", "2012")], "rescinded"),
        ([("adopt", "2012", "unknown")], "rescinded"),
        ([("adopt", "2012", "lost")], "failed"),
        ([("introduce", "2012"), ("withdraw", "2013-01", "")], "withdrawn"),
        ([("adopt", "2012"), ("rescind", "2013-01")], "rescinded"),
        ([("adopt", "2013-08-19")], "rescinded"),
        ([("adopt", "2013-08-20")], "adopted"),
    ],
)
def test_what_was_over_before_or_adopted_later_is_not_ended(steps, status):
    old, new = make_resolution(), adopted(on="2013-08-19")
    for kind, on, *outcome in steps:
        method = (
            {"outcome": outcome[0], "method": "voice" if outcome[0] else ""} if outcome else {}
        )
        make_action(old, kind, on, **method)
    make_relation(new, old, "rescinds")

    assert status_of(old)[0] == status


def test_rescinding_what_rescinded_revives_nothing():
    first, second, third = adopted(), adopted(on="2012-06-04"), adopted(on="2013-08-19")
    make_relation(second, first, "rescinds")
    make_relation(third, second, "rescinds")

    assert status_of(first) == ("rescinded", "June 4, 2012")
    assert status_of(second) == ("rescinded", "August 19, 2013")


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["introduce", "adopt", "adopt", "rescind", "veto", "withdraw"]),
        st.dates(date(2013, 1, 1), date(2013, 3, 1)),
        st.sampled_from(["carried", "lost", "unknown"]),
    ),
    max_size=8,
)
RELATIONS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([*ENDS]), st.integers(0, 2)),
    max_size=4,
    unique=True,
)


@settings(max_examples=60)
@given(steps=STEPS, relations=RELATIONS, day=st.dates(date(2013, 1, 1), date(2013, 3, 1)))
def test_database_and_rules_agree_on_any_resolutions_that_end_each_other(steps, relations, day):
    three = [*Resolution.objects.order_by("pk")] or [make_resolution() for __ in range(3)]
    Relation.objects.all().delete()
    Action.objects.all()._raw_delete("default")
    actions = [
        Action(
            resolution=three[which],
            organization=three[which].organization,
            number=number,
            kind=kind,
            on=on.isoformat(),
            publication="published",
            **({} if kind in ("introduce", "veto") else {"outcome": outcome, "method": "voice"}),
        )
        for number, (which, kind, on, outcome) in enumerate(steps, start=1)
    ]
    Action.objects.bulk_create(actions)
    changed([*three, *actions])
    for one, kind, other in relations:
        if one != other:
            make_relation(three[one], three[other], kind)

    for resolution in three:
        status_of(resolution, day)


# --- what is refused ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["same_file", "companion"])
def test_mutual_relation_is_on_record_once(kind):
    one, other = make_resolution(), make_resolution()
    make_relation(one, other, kind)
    make_relation(other, one, "refers_to")

    again = Relation(resolution=other, kind=kind, other=one)

    said = "This relation is already on record, with the other resolution."
    assert_clerk_reads(again, said)
    assert_database_refuses(again, match="resolutions_relation_mutual_once")


@pytest.mark.parametrize(
    "kinds", [("rescinds", "rescinds_all_except"), ("rescinds_all_except", "rescinds")]
)
def test_what_is_kept_is_not_rescinded(kinds):
    one, other = make_resolution(), make_resolution()
    make_relation(one, other, kinds[0])

    both = Relation(resolution=one, kind=kinds[1], other=other)

    said = (
        "A resolution rescinds another one or keeps it, not both. Remove one of the two relations."
    )
    assert_clerk_reads(both, said)
    assert_database_refuses(
        both,
        match=r"resolutions_relation_rescinded_or_not|relation\.resolution_id, \S+\.other_id",
    )


# --- what a visitor reads -----------------------------------------------------------------


def test_pages_of_both_say_what_happened_to_the_other(client):
    """Fjordvik’s council of 2013 ended what an earlier one had set up."""
    council = make_organization("fjordvik-council", name="Fjordvik City Council")
    old = adopted("harbor", title="On the harbor", organization=council)
    kept = adopted("bells", title="On the bells", organization=council)
    new = adopted("order", on="2013-08-19", title="On order", organization=council)
    make_relation(new, old, "rescinds")
    make_relation(new, kept, "rescinds_all_except")

    answer = client.get("/resolutions/harbor/")
    assert "Rescinded, August 19, 2013. See the vote" in lines_of(answer)
    assert "/resolutions/order/#action-1" in links_of(answer)
    assert sections_of(answer)["related"] == ["On order rescinds this resolution."]
    assert sections_of(client.get("/resolutions/order/"))["related"] == [
        "This resolution rescinds On the harbor.",
        "This resolution rescinds all others except On the bells.",
    ]
    kept_page = client.get("/resolutions/bells/")
    assert "Adopted, March 5, 2012. See the vote" in lines_of(kept_page)
    assert sections_of(kept_page)["related"] == [
        "On order rescinds all others except this resolution."
    ]
    listed = lines_of(client.get("/resolutions/?status=rescinded"))
    assert listed[-5:-1] == [
        "August 19, 2013",
        "On the harbor",
        "Fjordvik City Council · Resolution",
        "Rescinded, August 19, 2013.",
    ]


def test_page_of_a_city_says_what_is_no_longer_in_effect(client):
    otsu = make_city("otsu")
    old, new = adopted(title="Harbor"), adopted(on="2013-08-19")
    old.places.add(otsu)
    make_relation(new, old, "rescinds")

    assert sections_of(client.get("/cities/otsu/"))["votes"][-3:] == [
        "August 19, 2013",
        "Lansing City Council: Harbor",
        "Rescinded, August 19, 2013.",
    ]


def test_pages_do_not_say_that_what_is_not_adopted_ended_anything(client):
    old, new = adopted("harbor", title="Harbor"), make_resolution("order", title="Order")
    make_action(new, "introduce", "2013-08-19")
    make_relation(new, old, "reverses")

    assert sections_of(client.get("/resolutions/harbor/"))["related"] == [
        f"Order reverses this resolution. {IN_DOUBT}"
    ]
    assert sections_of(client.get("/resolutions/order/"))["related"] == [
        "This resolution reverses Harbor. It has not passed, so it has changed nothing."
    ]


@pytest.mark.parametrize(
    ("kind", "verb"),
    [
        ("replaces", "supersedes"),
        ("refers_to", "refers to"),
        ("same_file", "is part of the same file as"),
        ("companion", "is a companion to"),
    ],
)
def test_relation_is_read_from_either_side(client, kind, verb):
    one, other = adopted("one", title="One"), adopted("other", title="Other")
    make_relation(one, other, kind)

    for slug, said in (
        ("one", f"This resolution {verb} Other."),
        ("other", f"One {verb} this resolution."),
    ):
        assert sections_of(client.get(f"/resolutions/{slug}/"))["related"] == [said]
    data = client.get("/api/v1/resolutions/other/").json()
    assert [relation["kind"] for relation in data["related_from"]] == [kind]


def test_status_in_the_api_is_that_of_the_day(client):
    old, new = adopted("harbor"), adopted(on="2013-08-19")
    make_relation(new, old, "replaces")

    def status(on: str) -> str:
        return client.get(f"/api/v1/resolutions/harbor/?on={on}").json()["status"]["status"]

    assert [status("2013-08-18"), status("2013-08-19")] == ["adopted", "superseded"]
    found = client.get("/api/v1/resolutions/?status=superseded").json()["results"]
    assert [one["slug"] for one in found] == ["harbor"]
