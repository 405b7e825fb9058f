"""What is missing from the record of votes and members."""

from datetime import date

import pytest

from cities.gaps import Gap
from resolutions.gaps import (
    gaps_of,
    gaps_of_members,
    gaps_of_terms,
    resolutions_with_gaps,
)
from resolutions.models import Resolution, Term
from resolutions.reading import with_record
from tests.factories import (
    council,
    make_action,
    make_effect,
    make_member,
    make_organization,
    make_reply,
    make_resolution,
    make_roll_call,
    make_seat,
    make_term,
    make_text,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 24)
DRAFT = {"publication": "draft"}
WITHDRAWN = {
    "publication": "withdrawn",
    "withdrawn_on": "2024-05-06",
    "withdrawn_because": "Wrong.",
}
NUMBERED = {"number": "#2013-001", "number_year": 2013, "number_serial": 1}


def complete(**fields) -> Resolution:
    """A resolution with nothing missing, unless the fields say otherwise."""
    resolution = make_resolution(**NUMBERED | fields)
    make_text(resolution)
    make_action(resolution, "introduce", "2013-07-01")
    make_action(resolution, method="consent_agenda")
    return resolution


def missing(resolution: Resolution) -> list[str]:
    loaded = with_record(Resolution.objects.all()).get(pk=resolution.pk)
    found = [gap.missing for gap in gaps_of(loaded)]
    assert resolutions_with_gaps().filter(pk=resolution.pk).exists() is bool(found)
    return found


def test_nothing_is_missing_of_a_complete_resolution():
    assert missing(complete()) == []


@pytest.mark.parametrize(
    ("fields", "choices", "found"),
    [
        ({}, "", True),
        ({}, "y", True),
        ({"announced_yes": 1, "announced_no": 0}, "", True),
        ({"announced_yes": 1, "announced_no": 0}, "y", False),
        ({"announced_yes": 1, "announced_no": 0, "method": "roll_call"}, "", True),
        ({"method": "roll_call"}, "y", False),
        ({"announced_yes": 1, "announced_no": 0, "method": "voice"}, "", False),
    ],
)
def test_votes_are_missing_where_one_has_no_name(fields, choices, found):
    resolution = complete()
    members = [make_term(organization=council(), seat=None).member for __ in choices]
    needed = {"requirement": "majority", "base": "cast", "method": "not_recorded"}
    make_roll_call(resolution, choices, members, kind="amend", on="2013-07-02", **needed | fields)

    gap = "How each member voted (amended, July 2, 2013)."
    assert missing(resolution) == ([gap] if found else [])


def test_gap_names_the_resolution_and_its_page():
    resolution = complete(slug="otsu", title="Otsu", number="", number_serial=None)

    loaded = with_record(Resolution.objects.all()).get()

    assert list(gaps_of(loaded)) == [
        Gap("Otsu", "The resolution number.", resolution.get_absolute_url())
    ]
    assert resolution.get_absolute_url() == "/resolutions/otsu/"


@pytest.mark.parametrize("hidden", [DRAFT, WITHDRAWN])
def test_text_and_actions_that_nobody_reads_are_missing(hidden):
    resolution = make_resolution(**NUMBERED)
    make_text(resolution, **hidden)
    make_action(resolution, **hidden)

    assert missing(resolution) == ["The full text.", "What happened to the resolution."]


@pytest.mark.parametrize(
    ("fields", "gaps"),
    [
        (
            {},
            [
                "How each member voted (adopted, August 19, 2013).",
                "How many yes votes were needed (adopted, August 19, 2013).",
            ],
        ),
        (
            {"requirement": "majority", "base": "seats"},
            ["How each member voted (adopted, August 19, 2013)."],
        ),
        ({"method": "voice"}, ["How many yes votes were needed (adopted, August 19, 2013)."]),
        ({"method": "voice", "requirement": "majority", "base": "cast"}, []),
        ({"method": "unanimous_consent"}, []),
        ({"outcome": "unknown"}, ["What was decided, August 19, 2013."]),
        (
            {"outcome": "unknown", "method": "voice", "requirement": "majority", "base": "cast"},
            ["What was decided, August 19, 2013."],
        ),
    ],
)
def test_gaps_of_votes_are_names_and_what_was_needed(fields, gaps):
    resolution = make_resolution(**NUMBERED)
    make_text(resolution)
    make_action(resolution, **fields)

    assert missing(resolution) == gaps


def test_roll_call_has_its_names():
    resolution = make_resolution(**NUMBERED)
    make_text(resolution)
    member = make_term().member
    make_roll_call(resolution, "y", [member], requirement="majority", base="seats")

    assert missing(resolution) == []


NO_REPLY = "The mayor: the reply to the request of August 19, 2013."


def test_request_without_a_reply_is_a_gap_until_somebody_replies():
    resolution = complete()
    mayor = make_organization(name="The mayor")
    effect = make_effect(resolution, addressed_to=mayor)
    make_reply(effect, **DRAFT)
    make_reply(effect, **WITHDRAWN)
    assert missing(resolution) == [NO_REPLY]

    make_reply(effect)

    assert missing(resolution) == []


def test_request_to_nobody_public_names_nobody():
    resolution = complete()
    make_effect(resolution, addressed_to=make_organization(name="Zzyx", **DRAFT))

    assert missing(resolution) == ["The reply to the request of August 19, 2013."]


@pytest.mark.parametrize("kind", ["urges", "directs"])
def test_request_that_addresses_nobody_waits_for_no_reply(client, kind):
    resolution = complete()
    make_effect(resolution, kind, what="flags to be flown", addressed_to=None)

    assert missing(resolution) == []
    page = client.get(resolution.get_absolute_url()).text
    assert f"{kind.capitalize()} flags to be flown" in page
    assert "This is a request." in page
    assert "no record of a reply" not in page


@pytest.mark.parametrize("fields", [{"kind": "condemns"}, DRAFT, WITHDRAWN])
def test_effect_that_is_no_request_waits_for_no_reply(fields):
    resolution = complete()
    make_effect(resolution, addressed_to=make_organization(), **fields)

    assert missing(resolution) == []


def test_text_that_was_not_adopted_waits_for_no_reply():
    resolution = make_resolution(**NUMBERED)
    make_text(resolution)
    make_action(resolution, "introduce")
    make_effect(resolution, addressed_to=make_organization())
    make_action(resolution, method="consent_agenda", **DRAFT)

    assert missing(resolution) == []


# --- seats and members ------------------------------------------------------------------


def test_gap_is_the_seats_or_who_holds_them():
    city_council, other = council(), make_organization(name="Other council")
    make_resolution(organization=other)
    make_seat(city_council, places=4)
    make_term(make_member("wood"), make_seat(city_council), since="2010")
    make_term(organization=city_council, since="2010", until="[2013-08-19..]")
    make_organization(name="Never met")
    make_resolution(organization=make_organization(**DRAFT))

    gaps = list(gaps_of_members(DAY))

    assert [(gap.subject, gap.missing) for gap in gaps if gap.subject[:6] != "Member"] == [
        (city_council.name, "Who holds 3 of the 5 seats today."),
        ("Other council", "How many seats there are."),
    ]
    assert gaps[0].address == "/members/?organization=lansing-city-council"


def test_full_council_has_no_gap():
    make_term(make_member("wood"), make_seat(), since="2010")

    assert list(gaps_of_members(DAY)) == []


def test_gaps_of_a_term_are_its_seat_beginning_and_end():
    member = make_member("wood")
    make_term(member, organization=council(), since="[..2013-07-15]", until="[2013-08-19..]")
    make_term(member, since="2020", until="2021")

    assert list(gaps_of_terms(Term.objects.public())) == [
        Gap("Wood", "Which seat on the Lansing City Council it was.", "/members/wood/"),
        Gap(
            "Wood", "When the term on the Lansing City Council began and ended.", "/members/wood/"
        ),
    ]


def test_draft_member_leaves_no_gap():
    make_seat()
    make_term(make_member("zzyx", **DRAFT), organization=council(), since="[..2013-07-15]")

    assert [gap.missing for gap in gaps_of_members(DAY)] == ["Who holds the seat today."]
