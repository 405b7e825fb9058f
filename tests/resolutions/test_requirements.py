"""What votes need by the rules of a council: at every door, on the page, in the API."""

from datetime import date

import pytest

from resolutions.models import VoteRequirement
from tests.cities.refusals import assert_clerk_reads, assert_database_refuses, assert_refused
from tests.factories import council, make_organization, make_source, make_vote_requirement
from tests.reading import lines_of

pytestmark = pytest.mark.django_db

BASE = "Choose both “votes needed” and “out of”. Only a fixed number of votes has a number."
BLANK = "This field cannot be blank."


def required(**fields) -> VoteRequirement:
    """One as yet unsaved, right but for what the test says."""
    usual = {"slug": "override", "organization": council(), "kind": "override"}
    votes = {"requirement": "two_thirds", "base": "serving", "source": make_source()}
    return VoteRequirement(**usual | votes | fields)


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        (
            {"requirement": "", "base": ""},
            "resolutions_vote_requirement_vocabulary",
            {"requirement": [BLANK], "base": [BLANK]},
        ),
        (
            {"base": ""},
            "resolutions_vote_requirement_vocabulary|requirement_with_its_base",
            {"base": [BLANK]},
        ),
        (
            {"required_number": 6},
            "resolutions_voterequirement_requirement_with_its_base",
            {"__all__": [BASE]},
        ),
        (
            {"requirement": "number", "required_number": 0},
            "resolutions_voterequirement_requirement_with_its_base",
            {"__all__": [BASE]},
        ),
        (
            {"since": "2013", "until": "2012"},
            "resolutions_vote_requirement_ends_after_it_begins",
            {"__all__": ["A rule cannot end before it begins."]},
        ),
    ],
)
def test_rule_of_a_requirement_is_kept_everywhere(wrong, constraint, sentences):
    assert_refused(required(**wrong), sentences)
    assert_database_refuses(required(**wrong), match=constraint)


@pytest.mark.parametrize("kind", ["introduce", "veto", "odd"])
def test_requirement_is_for_what_is_voted_on(kind):
    said = {"kind": [f"Value {kind!r} is not a valid choice."]}

    assert_refused(required(kind=kind), said)
    assert_database_refuses(required(kind=kind), match="resolutions_vote_requirement_vocabulary")


def test_one_rule_holds_for_a_kind_of_motion_at_a_time():
    make_vote_requirement(kind="override", since="1978", until="2009-12-31")

    assert_refused(
        required(since="2000"),
        {
            "since": [
                (
                    "Another rule for this kind of motion is in effect at the same time (1978 –"
                    " December 31, 2009). End that rule first, or correct the dates."
                )
            ]
        },
    )
    for fields in ({"since": "2010"}, {"kind": ""}, {"organization": make_organization()}):
        required(**fields).full_clean()


def test_requirement_of_a_public_council_names_no_draft():
    draft = make_source(title="Charter", publication="draft")

    assert_clerk_reads(
        required(source=draft), {"source": ["Publish “Charter” first. It is still a draft."]}
    )


def test_requirement_is_of_an_organization():
    assert_clerk_reads(
        required(organization=None), {"organization": ["This field cannot be null."]}
    )


def test_rule_in_effect_is_found_by_kind_of_motion():
    every = make_vote_requirement(since="1978")
    former = make_vote_requirement(kind="override", since="1978", until="2009-12-31")
    override = make_vote_requirement(kind="override", since="2010-01-01")

    def found(*days: str) -> dict[str, VoteRequirement]:
        first, last = (date.fromisoformat(day) for day in days)
        return VoteRequirement.by_kind([every, former, override], first, last)

    assert {one for kind, one in found("2013-08-19", "2013-08-19").items()} == {every, override}
    assert found("2013-08-19", "2013-08-19")["override"] == override
    assert found("2009-12-31", "2009-12-31")["override"] == former
    # On one of several days: neither surely held on all of them.
    assert found("2009-12-31", "2010-01-01")["override"] == every
    assert found("1970-01-01", "1970-01-01") == {}


def test_page_of_members_shows_what_a_vote_needs_with_its_source(client):
    charter = make_source(slug="charter", title="City Charter")
    make_vote_requirement(since="1978", source=charter)
    code = make_source(title="Code of Ordinances")
    fixed = {"requirement": "number", "required_number": 6}
    make_vote_requirement(kind="override", since="1978", source=code, **fixed)

    lines = lines_of(client.get("/members/"))
    start = lines.index("Votes needed to pass a motion")
    assert lines[start : start + 4] == [
        "Votes needed to pass a motion",
        "MotionVotes neededDatesSource",
        "Override the veto6 yes votesSince 1978Code of Ordinances",
        "All other motionsmore than half of all seatsSince 1978City Charter",
    ]
    assert "All other motions" in client.get("/sources/charter/").content.decode()


def test_api_gives_what_a_vote_needs(client):
    make_vote_requirement(
        slug="override",
        kind="override",
        requirement="two_thirds",
        base="serving",
        since="1978",
        until="2009",
        source=make_source(slug="charter"),
    )
    make_vote_requirement(slug="every", since="2010-01-01")
    hidden = make_organization("draft", publication="draft")
    make_vote_requirement(hidden, slug="hidden")
    api = "http://testserver/api/v1"

    answer = client.get("/api/v1/vote-requirements/").json()

    first = answer["results"][1]
    assert [one["slug"] for one in answer["results"]] == ["every", "override"]
    assert [one["kind"] for one in answer["results"]] == [None, "override"]
    assert first == {
        "url": f"{api}/vote-requirements/override/",
        "slug": "override",
        "organization": f"{api}/organizations/lansing-city-council/",
        "kind": "override",
        "requirement": {
            "kind": "two_thirds",
            "base": "serving",
            "number": None,
            "counts_abstentions": False,
        },
        "since": {"edtf": "1978", "earliest": "1978-01-01", "latest": "1978-12-31"},
        "until": {"edtf": "2009", "earliest": "2009-01-01", "latest": "2009-12-31"},
        "source": f"{api}/sources/charter/",
        "modified": first["modified"],
    }
    assert client.get("/api/v1/vote-requirements/override/").json() == first
    assert client.get("/api/v1/vote-requirements/hidden/").status_code == 404
    for query, slugs in {
        "on=2000-01-01": ["override"],
        "on=2010-06-01": ["every"],
        "organization=draft": [],
        "organization=lansing-city-council": ["every", "override"],
    }.items():
        answer = client.get(f"/api/v1/vote-requirements/?{query}").json()
        assert (query, [one["slug"] for one in answer["results"]]) == (query, slugs)
