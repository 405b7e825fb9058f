"""The clerk's desk: a vote with its roll in one step; what did not happen is not recorded."""

from types import SimpleNamespace

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import Source
from resolutions.desk import result_sentence
from resolutions.models import Action, ActionCitation, Ballot, Seat, Term, VoteRequirement
from resolutions.tally import Tally
from tests import factories as make
from tests.admin.browser import form_in, form_of, sentences, text, typed_in
from tests.admin.people import NO_GROUP, SUPERUSER, at, browser, browser_with, everything
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

NOTE = "Nothing is saved yet. Please correct this first:"
CHOSEN = "Select a valid choice. That choice is not one of the available choices."
DRAFT = {"publication": "draft"}


@pytest.fixture
def clerk():
    return browser("Council clerk")


@pytest.fixture
@remembered
def hall():
    """A meeting of eight members, one away, with a resolution before them."""
    members = make.make_members(8)
    meeting = make.make_meeting("2013-08-19")
    make.make_attendance(meeting, members[7], "absent")
    source = make.make_source(title="The proceedings")
    meeting.sources.add(source)
    make.make_vote_requirement(source=make.make_source(title="The charter"))
    resolution = make.make_resolution("end-the-tie")
    return SimpleNamespace(
        members=members,
        meeting=meeting,
        source=source,
        resolution=resolution,
        text=make.make_text(resolution),
        url=at(resolution, "vote") + f"?meeting={meeting.pk}",
    )


def keeper_without_sources():
    """A person who keeps the councils’ records, and sees only published sources."""
    kept = ("action", "ballot", "actioncitation", "resolution", "meeting", "text")
    rights = ("add", "change", "view", "preview")
    return browser_with("view_source", *(f"{right}_{name}" for right in rights for name in kept))


def votes(hall, letters="yyyyyyyx"):
    names = {"y": "yes", "n": "no", "a": "abstain", "x": "absent", "r": "recused", "-": ""}
    pairs = zip(hall.members, letters, strict=True)
    return {f"vote_{member.pk}": names[letter] for member, letter in pairs}


def assert_refused(client, url, given, said):
    before = everything()
    page = client.post(url, given)
    assert page.status_code == 200, page
    assert everything() == before
    assert sentences(page) == [NOTE, *said]


# --- With what the form begins --------------------------------------------------------------


def test_form_begins_with_the_roll_of_the_day_and_the_likely_vote(clerk, hall):
    assert typed_in(form_of(clerk, hall.url)) == {
        "number": "1",
        "printed": "",
        "kind": "adopt",
        "text": str(hall.text.pk),
        "method": "roll_call",
        "outcome": "carried",
        "mover": "",
        "seconder": "",
        "source": str(hall.source.pk),
        "locator": "",
        "requirement": "majority",
        "base": "seats",
        "required_number": "",
        "announced_yes": "",
        "announced_no": "",
        "announced_abstain": "",
        "announced_absent": "",
        "announced_as": "",
        "tie_break": "",
        "tie_broken_by": "",
        "override_reason": "",
        "agenda_label": "",
        "effective": "",
        "veto_until": "",
        "note": "",
        **votes(hall),
        **{f"words_{member.pk}": "" for member in hall.members},
    }
    assert "7 yes, 0 no, 1 absent. Passes: needs 5 of 8." in text(clerk.get(hall.url))


def test_newest_meeting_is_taken_unless_another_is_asked_for(clerk, hall):
    later = make.make_meeting("2013-08-26")

    page = clerk.get(at(hall.resolution, "vote"))

    assert page.context["occasion"].cleaned_data == {"meeting": later, "on": None}
    assert "8 yes, 0 no. Passes: needs 5 of 8." in text(page)


def needed(clerk, url):
    """The votes needed with which the form begins."""
    form = form_of(clerk, url)
    wanted = ("requirement", "base", "required_number", "counts_abstentions")
    return [form.get(name, "") for name in wanted]


def test_form_begins_with_the_votes_needed_by_the_rules_of_the_council_on_that_day(clerk, hall):
    every = "Filled in from the rules of the Lansing City Council: more than half of all seats"
    fixed = {"requirement": "number", "base": "serving", "required_number": 6}
    make.make_roll_call(make.make_resolution(), "yyyyyyyx", hall.members, **fixed)

    assert needed(clerk, hall.url) == ["majority", "seats", "", ""]
    assert f"{every} (The charter). Change this if the minutes say otherwise." in text(
        clerk.get(hall.url)
    )

    adopting = make.make_vote_requirement(kind="adopt", counts_abstentions=True, **fixed)
    make.make_vote_requirement(kind="rescind", requirement="two_thirds")
    assert needed(clerk, hall.url) == ["number", "serving", "6", "on"]
    page = clerk.get(hall.url)
    assert "7 yes, 0 no, 1 absent. Passes: needs 6 of 8." in text(page)
    by_kind = page.context["form"].for_the_script["requirements"]
    assert [(kind, rule["requirement"]) for kind, rule in sorted(by_kind.items())] == [
        ("adopt", "number"),
        ("amend", "majority"),
        ("override", "majority"),
        ("postpone", "majority"),
        ("reconsider", "majority"),
        ("rescind", "two_thirds"),
        ("suspend_rules", "majority"),
        ("table", "majority"),
        ("take_from_table", "majority"),
    ]
    for dates in ({"since": "2013-08-20"}, {"until": "2013-08-18"}, {"since": "2013-08"}):
        for name in ("since", "until"):
            setattr(adopting, name, dates.get(name))
        adopting.save()
        assert needed(clerk, hall.url) == ["majority", "seats", "", ""], dates


def test_without_a_rule_on_record_the_votes_needed_begin_empty_and_nothing_is_stored(clerk, hall):
    VoteRequirement.objects.all().delete()

    assert needed(clerk, hall.url) == ["", "", "", ""]
    assert "Filled in from" not in text(clerk.get(hall.url))
    assert clerk.post(hall.url, form_of(clerk, hall.url)).status_code == 302
    action = Action.objects.get()
    assert (action.requirement, action.base, action.result) == ("", "", None)


@pytest.mark.parametrize(
    ("done", "next_step"),
    [
        ("table", "take_from_table"),
        ("refer", "adopt"),
        ("introduce", "adopt"),
    ],
)
def test_what_can_be_voted_on_as_it_stands_is_offered(clerk, hall, done, next_step):
    make.make_action(hall.resolution, done, "2013-07-29", **DRAFT)

    assert form_of(clerk, hall.url)["kind"] == next_step


@pytest.mark.parametrize(
    ("done", "fields"),
    [
        ("adopt", {}),
        ("adopt", {"outcome": "lost"}),
        ("withdraw", {}),
        ("fail", {"outcome": "", "method": ""}),
    ],
)
def test_what_would_change_a_decision_is_never_filled_in(clerk, hall, done, fields):
    make.make_action(hall.resolution, done, "2013-07-29", **DRAFT | fields)

    form = form_of(clerk, hall.url)

    wanted = ("kind", "outcome", *votes(hall))
    assert [form.get(name, "") for name in wanted] == ["", "", *[""] * 7, "absent"]
    page = text(clerk.get(hall.url))
    assert "A decision on this resolution is already recorded , perhaps as a draft." in page
    assert "start with a yes" not in page
    required = "This field is required."
    assert_refused(clerk, hall.url, form, [required])
    rescinded = form | {"kind": "rescind", "outcome": "carried", **votes(hall)}
    if done == "adopt" and not fields:
        assert clerk.post(hall.url, rescinded).status_code == 302
        assert Action.objects.latest("number").kind == "rescind"


def test_member_who_may_not_have_been_in_office_is_not_called_unless_chosen(clerk, hall):
    term = make.make_term(since="2013~", seat=make.make_seat(label="Late Ward"))

    form = form_of(clerk, hall.url)

    assert form[f"vote_{term.member.pk}"] == ""
    assert "Term unknown, last seen 2013" in text(clerk.get(hall.url))
    assert clerk.post(hall.url, form).status_code == 302
    assert not term.member.ballots.exists()


FOLDED = "1 member with an unknown term, last on record years before or after this date"


@pytest.mark.parametrize(
    ("since", "until", "seen", "is_folded"),
    [
        ("[..2013-07-15]", "[2013-08-12..]", "last seen 2013", False),
        ("[..2008-07-15]", "[2009-08-19..]", "last seen 2009", True),
        ("[..2017-07-15]", "", "first seen 2017", True),
    ],
)
def test_member_seen_only_years_from_the_vote_is_folded_away(
    clerk, hall, since, until, seen, is_folded
):
    make.make_term(since=since, until=until, seat=make.make_seat(label="Late Ward"))

    page = text(clerk.get(hall.url))

    assert f"Term unknown, {seen}" in page
    assert (FOLDED in page) == is_folded


def test_member_who_voted_later_than_the_term_is_known_for_is_not_folded_away(clerk, hall):
    term = make.make_term(since="[..2008-07-15]", until="[2009-08-19..]", seat=make.make_seat())
    action = make.make_action(make.make_resolution(), "adopt", "2012-08-20")
    action.ballots.create(member=term.member, choice="yes")

    page = text(clerk.get(hall.url))

    assert "Term unknown, last seen 2012" in page
    assert FOLDED not in page


def test_members_folded_away_may_be_chosen_where_nobody_is_in_office(clerk):
    term = make.make_term(since="[..2013-07-15]", until="[2013-08-19..]", seat=make.make_seat())
    resolution = make.make_resolution()
    make.make_text(resolution)
    url = at(resolution, "vote") + "?on=2026-09-07"

    page = clerk.get(url)
    said = text(page)
    sent = form_of(clerk, url) | {f"vote_{term.member.pk}": "yes"}

    assert "No members of the Lansing City Council are on record for this date." in said
    assert "Add them , or choose below from members whose term is unknown." in said
    assert FOLDED in said
    assert "start with a yes" not in said
    # What was chosen is no longer folded away.
    again = clerk.post(url, sent | {"number": "9"}).content.decode()
    assert '<details class="unlikely" open>' in again
    assert '<details class="unlikely">' in page.content.decode()


def test_motion_is_made_by_a_member_who_was_likely_in_office(clerk, hall):
    far = make.make_term(
        make.make_member("far-away"),
        make.make_seat(label="Late Ward"),
        since="[..2008-07-15]",
        until="[2009-08-19..]",
    ).member
    near = make.make_term(
        make.make_member("near-by"),
        make.make_seat(label="Near Ward"),
        since="[..2013-07-15]",
        until="[2013-08-12..]",
    ).member

    for url in (hall.url, at(hall.meeting, "vote")):
        menu = clerk.get(url).context["form"].fields["mover"].queryset
        assert {*menu} == {*hall.members, near}
    form = form_of(clerk, hall.url)
    assert_refused(clerk, hall.url, form | {"mover": str(far.pk)}, [CHOSEN])
    sentence = f"{near} is not on the roll call, and could not move or second."
    assert_refused(clerk, hall.url, form | {"mover": str(near.pk)}, [sentence])
    # Whoever is called may have moved it, though the term is not known.
    eighth = {f"vote_{hall.members[7].pk}": "absent"}
    chosen = form | eighth | {"mover": str(far.pk), f"vote_{far.pk}": "yes"}
    assert clerk.post(hall.url, chosen).status_code == 302
    assert Action.objects.get().mover == far


def test_organization_without_members_on_record_says_so_and_takes_a_voice_vote(clerk):
    organization = make.make_organization("commission")
    resolution = make.make_resolution(organization=organization)
    url = at(resolution, "vote") + "?on=2019-09-07"

    page = clerk.get(url)

    assert "No members of the Commission are on record for this date." in text(page)
    assert clerk.post(url, form_of(clerk, url)).status_code == 302
    [action] = Action.objects.all()
    assert (action.method, action.meeting, str(action.on)) == ("voice", None, "September 7, 2019")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?on=2013-02-30", "“2013-02-30” is not a date"),
        ("?on=[..2013-08-19]", "Enter a date with a first possible day, for example August 2013."),
        ("?on=", "Choose the meeting, or enter the date."),
        ("?meeting=x", CHOSEN),
        ("?meeting=%s", CHOSEN),
    ],
)
def test_day_that_is_none_is_reported_and_shows_no_roll(clerk, hall, query, said):
    other = make.make_meeting(organization=make.make_organization())
    url = at(hall.resolution, "vote") + query.replace("%s", str(other.pk))
    before = everything()

    page = clerk.get(url)

    assert said in text(page)
    assert page.context["form"] is None
    assert clerk.post(url, {"number": "1"}).status_code == 200
    assert everything() == before


# --- What is recorded ---------------------------------------------------------------------


def test_vote_is_recorded_as_a_draft_with_its_roll_and_its_source(clerk, hall):
    form = form_of(clerk, hall.url) | {
        "mover": str(hall.members[0].pk),
        "seconder": str(hall.members[1].pk),
        "locator": "page 3",
        "announced_as": "Motion carried",
        **votes(hall, "ynyyyyyx"),
    }

    answer = clerk.post(hall.url, form)

    assert (answer.status_code, answer.url) == (302, at(hall.resolution))
    [action] = Action.objects.all()
    assert (action.publication, action.kind, action.outcome) == ("draft", "adopt", "carried")
    assert (action.meeting, action.on, action.text) == (hall.meeting, hall.meeting.on, hall.text)
    assert (action.mover, action.seconder) == (hall.members[0], hall.members[1])
    assert (action.requirement, action.base) == ("majority", "seats")
    assert dict(action.ballots.values_list("member__slug", "choice")) == {
        member.slug: choice
        for member, choice in zip(hall.members, votes(hall, "ynyyyyyx").values(), strict=True)
    }
    [citation] = action.citations.all()
    assert (citation.source, citation.locator, citation.role) == (
        hall.source,
        "page 3",
        "supports",
    )
    assert {row.history.get().history_user.username for row in (action, citation)} == {
        "council-clerk"
    }
    assert LogEntry.objects.get().object_id == str(action.pk)
    assert sentences(clerk.get(answer.url)) == [
        f"Recorded as a draft: {action}. 6 yes, 1 no, 1 absent. Passes: needs 5 of 8."
    ]


def test_recorded_vote_is_published_as_it_is(clerk, hall):
    clerk.post(hall.url, form_of(clerk, hall.url))

    Action.objects.get().publish()

    assert Action.objects.get().is_published


def test_form_sent_twice_records_one_vote(clerk, hall):
    form = form_of(clerk, hall.url)
    clerk.post(hall.url, form)
    clerk.get(at(hall.resolution))  # reads the first message
    before = everything()

    answer = clerk.post(hall.url, form)

    assert everything() == before
    assert (answer.status_code, answer.url) == (302, at(hall.resolution))
    assert sentences(clerk.get(answer.url)) == [
        f"This vote was recorded already: {Action.objects.get()}."
    ]


def test_other_vote_from_a_form_that_was_overtaken_is_refused(clerk, hall):
    form = form_of(clerk, hall.url)
    clerk.post(hall.url, form)
    clerk.get(at(hall.resolution))  # reads the message

    assert_refused(
        clerk,
        hall.url,
        form | votes(hall, "nyyyyyyx"),
        [
            (
                "Somebody recorded another action on this resolution after you opened this form,"
                " so your vote is not saved. Look at that action, then open this form again."
            )
        ],
    )


@pytest.mark.parametrize(
    ("method", "outcome"),
    [
        ("voice", "carried"),
        ("voice", "lost"),
        ("consent_agenda", "carried"),
        ("voice", "unknown"),
    ],
)
def test_vote_without_names_takes_two_choices(clerk, hall, method, outcome):
    form = form_of(clerk, hall.url) | {"method": method, "outcome": outcome}

    answer = clerk.post(hall.url, form)

    assert answer.status_code == 302
    [action] = Action.objects.all()
    assert (action.method, action.outcome) == (method, outcome)
    assert (action.requirement, action.base, action.tally, action.result) == ("", "", None, None)
    assert not Ballot.objects.exists()


def test_printed_counts_of_a_vote_without_names_are_held_against_its_rule(clerk, hall):
    form = form_of(clerk, hall.url) | {"method": "ballot", "announced_yes": "4"}
    form |= {"announced_no": "4"}

    assert_refused(
        clerk,
        hall.url,
        form,
        [
            (
                "4 voted yes and 5 of 8 were needed. Correct the votes or the outcome, or"
                " say why the declared outcome stands."
            )
        ],
    )
    assert clerk.post(hall.url, form | {"outcome": "lost"}).status_code == 302


def test_outcome_against_the_count_is_kept_as_declared_with_its_reason(clerk, hall):
    form = form_of(clerk, hall.url) | votes(hall, "yyyynnnx")
    assert_refused(
        clerk,
        hall.url,
        form,
        [
            (
                "4 voted yes and 5 of 8 were needed. Correct the votes or the outcome, or"
                " say why the declared outcome stands."
            )
        ],
    )

    answer = clerk.post(hall.url, form | {"override_reason": "So the chair ruled."})

    assert answer.status_code == 302
    [action] = Action.objects.all()
    assert (action.outcome, action.result.is_carried) == ("carried", False)
    assert "Declared “Passed”, but 4 voted yes and 5 were needed" in text(clerk.get(at(action)))


def test_next_vote_follows_at_the_same_meeting(clerk, hall):
    answer = clerk.post(hall.url, form_of(clerk, hall.url) | {"_next": "Save"})

    assert (answer.status_code, answer.url) == (302, at(hall.meeting, "vote"))


def test_next_vote_without_a_meeting_leads_to_the_resolution(clerk, hall):
    url = at(hall.resolution, "vote") + "?on=2013-08-19"

    answer = clerk.post(url, form_of(clerk, url) | {"_next": "Save"})

    assert (answer.status_code, answer.url) == (302, at(hall.resolution))


# --- What did not happen --------------------------------------------------------------------


def away_moves(hall):
    return {"mover": str(hall.members[7].pk)}, [
        f"{hall.members[7]} was absent, and could not move or second."
    ]


def stranger_moves(hall):
    return {"mover": str(make.make_member().pk)}, [CHOSEN]


def same_seconds(hall):
    one = str(hall.members[0].pk)
    return {"mover": one, "seconder": one}, ["Members cannot second their own motion."]


def absent_votes(hall):
    return votes(hall, "yyyyyyyy"), [
        f"{hall.members[7]} is on record as absent from this meeting, and could not vote."
    ]


def nobody_called(hall):
    return votes(hall, "yyyyyyy-"), [
        f"The roll call is missing {hall.members[7]}. Record a vote or an absence."
    ]


def no_text(hall):
    return {"text": ""}, ["Say which version of the text was adopted."]


def other_text(hall):
    return {"text": str(make.make_text(make.make_resolution()).pk)}, [CHOSEN]


def out_of_turn(hall):
    return {"kind": "take_from_table"}, [
        (
            "At that time the resolution was not introduced yet, so “take from the table” was"
            " not possible. Check the dates, or first record what happened in between."
        )
    ]


def consent_lost(hall):
    return {"method": "consent_agenda", "outcome": "lost"}, [
        ("One “no” prevents a decision by consent. Choose “Passed”, with no vote against.")
    ]


def number_without_a_number(hall):
    return {"requirement": "number"}, [
        ("Choose both “votes needed” and “out of”. Only a fixed number of votes has a number.")
    ]


def relationship_that_is_none(hall):
    return {"tie_break": "yes", "tie_broken_by": "The chair"}, [
        "The votes are not equal, so there is no tie to break."
    ]


def choice_that_is_none(hall):
    return {f"vote_{hall.members[0].pk}": "maybe"}, [
        "Select a valid choice. maybe is not one of the available choices."
    ]


def line_that_is_none(hall):
    return {"number": "77"}, [
        (
            "Somebody recorded another action on this resolution after you opened this form,"
            " so your vote is not saved. Look at that action, then open this form again."
        )
    ]


FAULTS = [
    away_moves,
    stranger_moves,
    same_seconds,
    absent_votes,
    nobody_called,
    no_text,
    other_text,
    out_of_turn,
    consent_lost,
    number_without_a_number,
    relationship_that_is_none,
    choice_that_is_none,
    line_that_is_none,
]


@pytest.mark.parametrize("fault", FAULTS)
def test_what_did_not_happen_is_refused_in_words_and_nothing_is_saved(clerk, hall, fault):
    form = form_of(clerk, hall.url)
    changes, said = fault(hall)

    assert_refused(clerk, hall.url, form | changes, said)


def test_adopted_resolution_is_not_adopted_again(clerk, hall):
    form = form_of(clerk, hall.url)
    make.make_action(hall.resolution, "adopt", "2013-08-12", text=hall.text)

    assert_refused(
        clerk,
        hall.url,
        form | {"number": "2"},
        [
            (
                "At that time the resolution was adopted, so “adopt” was not possible. Check the"
                " dates, or first record what happened in between."
            )
        ],
    )


def test_refused_form_counts_the_votes_as_they_stand_in_it(clerk, hall):
    form = form_of(clerk, hall.url) | votes(hall, "yyyynnnx") | {"required_number": "x"}

    page = clerk.post(hall.url, form)

    assert "4 yes, 3 no, 1 absent. Fails: needs 5 of 8." in text(page)
    page = clerk.post(hall.url, form | {"requirement": "number"})
    assert "4 yes, 3 no, 1 absent." in text(page)


def test_counts_without_a_rule_say_no_result():
    assert result_sentence(Tally(yes=3, excused=1), None) == "3 yes, 0 no, 1 excused."
    assert result_sentence(None, None) == ""


# --- From the line of the minutes -----------------------------------------------------------


def surnames(hall):
    """Eight members with names as minutes print them."""
    found = ["Wood", "Dunbar", "Boles", "Washington", "Houghton", "Yorko", "Quinney", "Robinson"]
    for member, name in zip(hall.members, found, strict=True):
        member.name, member.sort_name = f"Pat {name}", f"{name}, Pat"
        member.save()


def fill_in(client, hall, line, **fields):
    """The page after the line was pasted, and what a browser would send back from it."""
    given = form_of(client, hall.url) | {"printed": line, "_fill_in": "Fill in the roll"} | fields
    page = client.post(hall.url, given)
    assert page.status_code == 200
    return page, form_in(page)


PRINTED = (
    "Ayes: Wood, DUNBAR, P. Boles, Councilmember Washington, Houghton, Yorko. Nays: Quinney."
    " Absent: Robinson."
)


def test_line_of_the_minutes_fills_the_roll_and_saves_nothing(clerk, hall):
    surnames(hall)
    form, before = form_of(clerk, hall.url), everything()
    entered = {"note": "So it went.", "locator": "page 3", "outcome": "lost", "method": "voice"}

    page, sent = fill_in(clerk, hall, PRINTED, **entered)

    assert everything() == before
    kept = entered | {"printed": PRINTED, "method": "roll_call"}
    assert typed_in(sent) == typed_in(form) | kept | votes(hall, "yyyyyynx")
    assert sentences(page) == []
    assert "The votes are filled in from the minutes. Nothing is saved yet." in text(page)
    assert "6 yes, 1 no, 1 absent. Passes: needs 5 of 8." in text(page)

    assert clerk.post(hall.url, sent | {"outcome": "carried"}).status_code == 302
    assert {f"vote_{b.member_id}": b.choice for b in Ballot.objects.all()} == votes(
        hall, "yyyyyynx"
    )


def test_what_the_line_leaves_open_is_reported_and_chosen_by_nobody(clerk, hall):
    surnames(hall)

    page, sent = fill_in(clerk, hall, "Ayes: Wood, Dunbar, Bowls. Nays: Dunbar. Absent: Robinson")

    assert sentences(page) == [
        "No member in office that day is called “Bowls”. Check the spelling.",
        "The text names Pat Dunbar under more than one vote. Choose that vote below.",
        (
            "The text does not name Pat Boles, Pat Houghton, Pat Quinney, Pat"
            " Washington, Pat Yorko. Choose that vote below."
        ),
    ]
    cast = {name: vote for name, vote in sent.items() if name.startswith("vote_")}
    assert cast == {
        f"vote_{hall.members[0].pk}": "yes",
        f"vote_{hall.members[7].pk}": "absent",
    }
    before = everything()
    assert sentences(clerk.post(hall.url, sent))[1:] == [
        (
            "The roll call is missing Pat Boles, Pat Dunbar, Pat Houghton, Pat Quinney, Pat"
            " Washington, Pat Yorko. Record a vote or an absence."
        ),
        (
            "1 voted yes and 5 of 8 were needed. Correct the votes or the outcome, or"
            " say why the declared outcome stands."
        ),
    ]
    assert everything() == before


def test_text_that_is_no_line_of_a_roll_fills_in_nothing_and_says_so(clerk, hall):
    page, sent = fill_in(clerk, hall, "The motion carried.")

    assert "We could not read any votes in that text." in text(page)
    assert not [name for name in sent if name.startswith("vote_")]


COUNTED = (
    "Ayes (6): Wood, Pat Dunbar, President, Washington, Houghton, Yorko. Nays: all present."
    " Motion carried 6-1."
)


def test_line_with_counts_offices_and_all_present_fills_roll_and_printed_counts(clerk, hall):
    surnames(hall)
    hall.members[2].terms.update(role="Council president")

    page, sent = fill_in(clerk, hall, COUNTED, announced_no="1")

    assert sentences(page) == []
    counts = {"announced_yes": "6", "announced_no": "1", "announced_absent": ""}
    cast = votes(hall, "yyyyyynx")  # the attendance says who was absent
    assert {name: sent[name] for name in counts | cast} == counts | cast
    assert clerk.post(hall.url, sent).status_code == 302
    action = hall.resolution.actions.get()
    assert (action.announced_yes, action.announced_no, action.announced_absent) == (6, 1, None)


def test_counts_that_the_names_contradict_are_reported_and_entered_counts_stay(clerk, hall):
    surnames(hall)
    line = "Ayes (8): Wood. Nays (2): all present. Absent (1): none. Excused (1): Robinson"

    page, sent = fill_in(clerk, hall, line, announced_yes="7")

    assert sentences(page) == [
        "The text counts 8 under “Yes”, but names 1.",
        "The text counts 2 under “No”, but names 6.",
        "The text counts 1 under “Absent”, but names 0.",
    ]
    counts = {"announced_yes": "7", "announced_no": "2", "announced_absent": "2"}
    assert {name: sent[name] for name in counts} == counts


def test_line_that_names_a_member_who_is_folded_away_fills_in_that_vote(clerk, hall):
    surnames(hall)
    term = make.make_term(
        make.make_member("far-away", name="Ida Farr", sort_name="Farr, Ida"),
        make.make_seat(label="Late Ward"),
        since="[..2008-07-15]",
        until="[2009-08-19..]",
    )

    page, sent = fill_in(clerk, hall, PRINTED.replace("Wood,", "Wood, Farr,"))

    assert sent[f"vote_{term.member.pk}"] == "yes"
    assert sentences(page) == []


def test_agenda_item_and_dates_are_recorded_with_the_vote(clerk, hall):
    given = {"agenda_label": "X.B.2", "is_late_item": "on", "effective": "September 2013"}
    form = form_of(clerk, hall.url) | given | {"veto_until": "8/26/2013"}

    assert clerk.post(hall.url, form).status_code == 302

    action = hall.resolution.actions.get()
    assert [action.agenda_label, action.is_late_item] == ["X.B.2", True]
    assert [str(action.effective), str(action.veto_until)] == ["September 2013", "August 26, 2013"]


def test_roll_call_with_totals_alone_is_recorded_without_names(clerk, hall):
    counts = {"announced_yes": "6", "announced_no": "1", "announced_absent": "1"}
    form = form_of(clerk, hall.url) | {"totals_only": "on"}

    page = clerk.post(hall.url, form)
    assert sentences(page)[-1] == (
        "A roll call needs the vote of each member, or the printed totals. If we have no record"
        " of either, choose “Not recorded”."
    )
    assert "7 yes, 0 no, 1 absent." not in text(page)
    assert clerk.post(hall.url, form | counts).status_code == 302
    action = hall.resolution.actions.get()
    assert (action.method, action.announced_yes, action.ballots.count()) == ("roll_call", 6, 0)
    action.publication = "published"
    assert action.result.is_carried


def test_roll_without_seats_on_record_is_counted_in_the_form(clerk, hall):
    Term.objects.update(seat=None)
    Seat.objects.all().delete()

    form = form_of(clerk, hall.url) | {"base": "cast", "requirement": "two_thirds"}

    page = clerk.post(hall.url, form | {"required_number": "x"})
    assert "7 yes, 0 no, 1 absent. Passes: needs 5 of 7." in text(page)
    page = clerk.post(hall.url, form | {"required_number": "x", "base": "seats"})
    assert "7 yes, 0 no, 1 absent. Passes" not in text(page)


def test_enter_in_a_field_saves_the_vote_and_does_not_fill_in_the_roll(clerk, hall):
    """Browsers press the first button of a form on Enter."""
    page = clerk.get(hall.url).content.decode()

    form = page[page.index('<form method="post" novalidate') :]
    assert form.index('<input type="submit" hidden>') < form.index('name="_fill_in"')


# --- A source that is not in the register yet ----------------------------------------------


def test_clerk_adds_the_source_of_a_vote_in_the_same_sitting(clerk, hall):
    popup = reverse("admin:cities_source_add") + "?_to_field=id&_popup=1"
    page = clerk.get(hall.url)
    assert popup.replace("&", "&amp;") in page.content.decode()
    assert "admin/js/admin/RelatedObjectLookups.js" in page.content.decode()
    vote = form_of(clerk, hall.url)
    given = form_of(clerk, popup) | {
        "title": "Proceedings of August 19, 2013",
        "slug": "proceedings-2013-08-19",
        "publisher": "City of Lansing",
        "kind": "proceedings",
        "reliability": "proceedings",
        "finding_aid": "City Clerk, proceedings of 2013",
    }

    answer = clerk.post(popup, given)

    assert answer.status_code == 200, sentences(answer)
    source = Source.objects.get(slug="proceedings-2013-08-19")
    assert source.is_draft
    assert f"&quot;value&quot;: &quot;{source.pk}&quot;" in answer.content.decode()
    assert clerk.post(hall.url, vote | {"source": str(source.pk)}).status_code == 302
    assert ActionCitation.objects.get().source == source


@pytest.mark.parametrize("page", ["the vote", "the consent motion", "the form of an action"])
def test_way_to_a_new_source_is_there_for_who_may_add_one(clerk, hall, page):
    url = {
        "the vote": hall.url,
        "the consent motion": at(hall.meeting, "vote"),
        "the form of an action": at(Action, "add"),
    }[page]
    keeper = keeper_without_sources()
    way = reverse("admin:cities_source_add")

    assert way in clerk.get(url).content.decode()
    answer = keeper.get(url)
    assert answer.status_code == 200
    assert way not in answer.content.decode()


# --- Several resolutions by one motion --------------------------------------------------------


def consent(hall, *resolutions, **fields):
    chosen = [str(resolution.pk) for resolution in resolutions]
    return {"resolutions": chosen, "method": "consent_agenda", "mover": "", "seconder": ""} | {
        "source": str(hall.source.pk),
        "locator": "",
        **fields,
    }


def test_one_motion_adopts_several_resolutions_with_an_action_each(clerk, hall):
    other = make.make_resolution("other", **DRAFT)
    form = consent(hall, hall.resolution, other, mover=str(hall.members[0].pk))

    for __ in range(2):  # the second time nothing is left to record
        answer = clerk.post(at(hall.meeting, "vote"), form)
        assert (answer.status_code, answer.url) == (302, at(hall.meeting))

    assert sentences(clerk.get(at(hall.meeting))) == [
        "2 adoptions are recorded as drafts.",
        "0 adoptions are recorded as drafts.",
    ]
    names = ("resolution", "number", "kind", "meeting", "text", "method", "outcome", "mover")
    assert [[getattr(action, name) for name in names] for action in Action.objects.all()] == [
        [resolution, 1, "adopt", hall.meeting, words, "consent_agenda", "carried", mover]
        for resolution, words, mover in (
            (hall.resolution, hall.text, hall.members[0]),
            (other, None, None),
        )
    ]
    assert other.actions.get().shares_vote_with == hall.resolution.actions.get()
    assert ActionCitation.objects.count() == 2
    assert LogEntry.objects.count() == 2
    assert not Ballot.objects.exists()


def test_meeting_offers_what_its_organization_could_still_adopt(clerk, hall):
    make.make_action(make.make_resolution("done"), "adopt", "2013-08-12", **DRAFT)
    make.make_action(make.make_resolution("gone"), "withdraw", "2013-08-12")
    make.make_resolution("elsewhere", organization=make.make_organization())
    make.make_resolution("waiting", title="About the lake", **DRAFT)

    page = clerk.get(at(hall.meeting, "vote"))
    found = clerk.get(at(hall.meeting, "vote"), {"q": "lake"})

    assert [one.slug for one in page.context["open_resolutions"]] == ["waiting", "end-the-tie"]
    assert [one.slug for one in found.context["open_resolutions"]] == ["waiting"]
    assert hall.url in page.content.decode()


def test_meeting_with_nothing_before_it_leads_to_a_new_resolution(clerk):
    meeting = make.make_meeting()

    page = clerk.get(at(meeting, "vote"))

    assert "No open resolution is on record." in text(page)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda hall: consent(hall), ["Check the resolutions that were adopted."]),
        (
            lambda hall: consent(hall, hall.resolution, mover=str(hall.members[7].pk)),
            ["End the tie: {} was absent, and could not move or second."],
        ),
    ],
)
def test_consent_that_cannot_have_been_is_refused_and_nothing_is_saved(clerk, hall, fault, said):
    before = everything()

    page = clerk.post(at(hall.meeting, "vote"), fault(hall))

    shown = [sentence.replace(str(hall.members[7]), "{}") for sentence in sentences(page)]
    assert shown[0] == NOTE
    assert said[0] in (shown[1:] or [text(page)])[0]
    assert everything() == before


# --- Who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Council clerk", SUPERUSER])
def test_desk_is_open_to_those_who_keep_the_record(role, hall):
    client = browser(role)

    assert client.get(at(hall.meeting, "vote")).status_code == 200
    assert client.post(hall.url, form_of(client, hall.url)).status_code == 302


@pytest.mark.parametrize(
    "role",
    ["Commission staff", "Publisher", "Commissioner", "Administrator", NO_GROUP, "Visitor"],
)
def test_desk_is_closed_to_all_others(role, hall, clerk):
    form = form_of(clerk, hall.url)
    client = Client() if role == "Visitor" else browser(role)
    refused = 302 if role == "Visitor" else 403
    refused = 404 if role == NO_GROUP else refused
    before = everything()

    for url, given in (
        (hall.url, form),
        (at(hall.meeting, "vote"), consent(hall, hall.resolution)),
    ):
        for answer in (client.get(url), client.post(url, given)):
            assert answer.status_code in (refused, 403), (role, answer.status_code)
            if answer.status_code == 302:
                assert answer.url.startswith(reverse("admin:login"))
    assert everything() == before
    if role not in ("Visitor", NO_GROUP):
        assert "Record a vote" not in text(client.get(at(hall.resolution), follow=True))


def test_desk_is_closed_for_what_was_withdrawn(clerk, hall):
    form = form_of(clerk, hall.url)
    hall.resolution.withdraw(because="Wrong.", on="2022-01-01")
    before = everything()

    assert clerk.get(hall.url).status_code == 403
    assert clerk.post(hall.url, form).status_code == 403
    assert everything() == before


def test_desk_offers_no_draft_to_who_may_not_preview_it(clerk, hall):
    secret = make.make_source(title="Secretville", **DRAFT)
    hall.meeting.sources.add(secret)
    keeper = keeper_without_sources()

    page = keeper.get(hall.url)

    assert "Secretville" not in text(page)
    assert_refused(keeper, hall.url, form_of(keeper, hall.url) | {"source": secret.pk}, [CHOSEN])
    assert "Secretville" in text(clerk.get(hall.url))


# --- What it costs ------------------------------------------------------------------------------


def test_desk_asks_no_more_for_thirty_of_everything_than_for_one(clerk, hall):
    pages = [hall.url, at(hall.meeting, "vote")]

    def query_count():
        found = []
        for url in pages:
            clerk.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert clerk.get(url).status_code == 200
            found.append(len(queries))
        return found

    few = query_count()
    for number in range(10):
        make.make_term(seat=make.make_seat())
        make.make_meeting(f"2013-09-{number + 1:02}")
        make.make_text(hall.resolution, f"RESOLVED, that {number}.", kind="substitute")
        hall.meeting.sources.add(make.make_source())
        make.make_resolution()

    assert query_count() == few
