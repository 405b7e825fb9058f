"""The API of councils and commissions where little is on record: nothing, one vote, one draft."""

import pytest
from django.utils.timezone import localdate

from resolutions.models import Action, Ballot
from tests.factories import (
    council,
    home,
    make_action,
    make_city,
    make_member,
    make_members,
    make_resolution,
    make_roll_call,
    make_term,
)
from tests.problems import problem
from tests.resolutions.api import API, DRAFT, LISTS, SINCE, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("logged")]

# --- nothing on record ------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_list_of_nothing_is_empty(client, name):
    assert client.get(f"/api/v1/{name}/").json() == page_of()


@pytest.mark.parametrize("name", LISTS)
def test_page_that_is_not_there_says_so(client, name):
    response = client.get(f"/api/v1/{name}/?page=2")

    assert (response.status_code, response.json()) == (404, problem(404, "There is no such page."))


# --- votes ------------------------------------------------------------------------------


def vote(client, action: Action) -> dict:
    """What the API has of one vote, but not of its record."""
    data = client.get(f"/api/v1/actions/{action.ref}/").json()
    names = ("method", "outcome", "requirement", "announced", "votes", "tie_break", "result")
    return {name: data[name] for name in (*names, "override_reason", "disagreements")}


NO_COUNTS = {"yes": None, "no": None, "abstain": None, "absent": None}


@pytest.mark.parametrize(
    "method", ["voice", "unanimous_consent", "consent_agenda", "ballot", "not_recorded"]
)
def test_vote_without_names_is_null_with_its_method(client, method):
    action = make_action(make_resolution(), method=method)

    assert vote(client, action) == {
        "method": method,
        "outcome": "carried",
        "requirement": None,
        "announced": NO_COUNTS,
        "votes": None,
        "tie_break": None,
        "result": None,
        "override_reason": "",
        "disagreements": [],
    }
    event = client.get(f"/api/v1/popolo/vote-events/{action.ref}/").json()
    assert (event["classification"], event["counts"], event["votes"]) == (method, [], [])


def test_names_that_are_known_of_a_vote_that_was_not_called_are_reported_without_counts(client):
    """In 2013: seven to none, and one member known to have been away."""
    absent = make_members(8)[0]
    action = make_action(
        make_resolution(), announced_yes=7, announced_no=0, requirement="majority", base="seats"
    )
    Ballot.objects.create(action=action, member=absent, choice="absent", name_as_printed="D.")

    assert vote(client, action) == {
        "method": "not_recorded",
        "outcome": "carried",
        "requirement": {
            "kind": "majority",
            "base": "seats",
            "number": None,
            "counts_abstentions": False,
        },
        "announced": {"yes": 7, "no": 0, "abstain": None, "absent": None},
        "votes": {
            "is_complete": False,
            "counts": None,
            "ballots": [
                {
                    "member": f"{API}/members/{absent.slug}/",
                    "name": absent.name,
                    "name_as_printed": "D.",
                    "choice": "absent",
                    "choice_as_printed": "",
                    "note": "",
                }
            ],
        },
        "tie_break": None,
        "result": {"is_carried": True, "yes": 7, "needed": 5, "of": 8},
        "override_reason": "",
        "disagreements": [],
    }
    event = client.get(f"/api/v1/popolo/vote-events/{action.ref}/").json()
    assert event["counts"] == [{"option": "yes", "value": 7}, {"option": "no", "value": 0}]
    assert event["votes"] == [
        {"voter_id": absent.slug, "option": "absent", "choice": "absent", "choice_as_printed": ""}
    ]


def test_broken_tie_and_a_disagreement_are_reported(client):
    action = make_roll_call(
        make_resolution(),
        "yyyynnnn",
        make_members(8),
        requirement="number",
        required_number=6,
        base="seats",
        counts_abstentions=True,
        tie_break="yes",
        tie_broken_by="The City Clerk",
        override_reason="The chair ruled so.",
    )

    assert {name: value for name, value in vote(client, action).items() if name != "votes"} == {
        "method": "roll_call",
        "outcome": "carried",
        "requirement": {
            "kind": "number",
            "base": "seats",
            "number": 6,
            "counts_abstentions": True,
        },
        "announced": NO_COUNTS,
        "tie_break": {"choice": "yes", "by": "The City Clerk"},
        "result": {"is_carried": False, "yes": 5, "needed": 6, "of": 8},
        "override_reason": "The chair ruled so.",
        "disagreements": ["Declared “Passed”, but 5 voted yes and 6 were needed."],
    }
    motion = client.get(f"/api/v1/popolo/motions/{action.ref}/").json()
    assert (motion["requirement"], motion["result"]) == ("6 of all seats", "pass")


def test_lost_motion_of_which_the_rule_is_not_found(client):
    action = make_roll_call(make_resolution(), "yn", make_members(2), outcome="lost")

    motion = client.get(f"/api/v1/popolo/motions/{action.ref}/").json()

    assert (motion["requirement"], motion["result"], motion["creator_id"]) == (None, "fail", None)


def test_vote_without_a_result_on_record_says_so_in_either_vocabulary(client):
    resolution = make_resolution("harborview")
    action = make_action(resolution, outcome="unknown", on="1998-05-04")

    answer = client.get(f"/api/v1/actions/{action.ref}/").json()
    assert (answer["method"], answer["outcome"]) == ("not_recorded", "unknown")
    assert client.get("/api/v1/resolutions/harborview/").json()["status"] == {
        "status": "unknown",
        "since": {"edtf": "1998-05-04", "earliest": "1998-05-04", "latest": "1998-05-04"},
    }
    found = client.get("/api/v1/resolutions/?status=unknown").json()["results"]
    assert [one["slug"] for one in found] == ["harborview"]
    for address in ("motions", "vote-events"):
        votes = client.get(f"/api/v1/popolo/{address}/{action.ref}/").json()
        assert votes["result"] is None


def test_every_choice_has_an_option_of_popolo_and_stays_beside_it(client):
    members = make_members(7)
    action = make_roll_call(make_resolution(), "ynarx", members[:5])
    for member, choice in zip(members[5:], ("excused", "not_voting"), strict=True):
        Ballot.objects.create(action=action, member=member, choice=choice)

    event = client.get(f"/api/v1/popolo/vote-events/{action.ref}/").json()

    assert {vote["choice"]: vote["option"] for vote in event["votes"]} == {
        "yes": "yes",
        "no": "no",
        "abstain": "abstain",
        "recused": "not voting",
        "absent": "absent",
        "excused": "absent",
        "not_voting": "not voting",
    }
    assert event["counts"] == [
        {"option": "yes", "value": 1},
        {"option": "no", "value": 1},
        {"option": "abstain", "value": 1},
        {"option": "not voting", "value": 2},
        {"option": "absent", "value": 2},
    ]


@pytest.mark.parametrize(
    ("edtf", "reduced"),
    [
        ("2013-08-19", "2013-08-19"),
        ("2013-08", "2013-08"),
        ("2013", "2013"),
        ("1994~", "1994"),
        ("[2013-08-12,2013-08-19]", "2013-08"),
        ("[2013-07-31,2013-08-01]", "2013"),
        ("[2013-12-31,2014-01-01]", None),
        ("[..2013-08-19]", None),
        ("[2013-08-19..]", None),
    ],
)
def test_date_of_popolo_says_no_more_than_is_known(client, edtf, reduced):
    make_term(make_member("ada"), since=edtf)

    [membership] = client.get("/api/v1/popolo/persons/ada/").json()["memberships"]

    assert membership["start_date"] == reduced


# --- drafts and what was withdrawn ------------------------------------------------------


def test_draft_members_do_not_count_among_those_serving(client):
    make_members(4)
    action = make_action(
        make_resolution(),
        announced_yes=3,
        announced_no=1,
        requirement="majority",
        base="serving",
    )
    make_term(make_member(**DRAFT))

    result = client.get(f"/api/v1/actions/{action.ref}/").json()["result"]

    assert result == {"is_carried": True, "yes": 3, "needed": 3, "of": 4}


def test_withdrawn_resolution_is_told_whatever_the_day_asked_about(client):
    resolution = make_resolution("wrong")
    resolution.withdraw(because="Wrong.", on=localdate())

    answer = client.get(f"/api/v1/resolutions/?modified_since={SINCE}&on=2013-01-01").json()

    assert [record["slug"] for record in answer["results"]] == ["wrong"]


def test_place_of_an_organization_that_is_a_draft_is_null(client):
    organization = council()
    organization.place = make_city("zzyx", **DRAFT)
    organization.save()
    home()

    assert (
        client.get(f"/api/v1/popolo/organizations/{organization.slug}/").json()["area_id"] is None
    )
