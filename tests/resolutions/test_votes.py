"""Votes: only by who held a seat, once, as they were there; and what follows from them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from cities.records.publishing import Publication
from resolutions.models import Action, Ballot
from resolutions.tally import Result, Tally
from tests.cities.refusals import (
    as_published,
    assert_clerk_reads,
    assert_database_refuses,
    assert_loader_refuses,
    assert_refused,
    load_record,
)
from tests.factories import (
    council,
    make_action,
    make_attendance,
    make_meeting,
    make_member,
    make_members,
    make_organization,
    make_resolution,
    make_roll_call,
    make_seat,
    make_term,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": Publication.DRAFT}
DAY = date(2013, 8, 19)
NOT_CHOICE = "Value '{}' is not a valid choice.".format
NO_SEAT = "{} held no voting seat in Lansing City Council on that day.".format
PUBLISHED = "These votes are published, so you cannot change them."
OF_ALL = {"requirement": "majority", "base": "seats"}


def changed(record, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    return record


def roll_call(choices: str, members=None, **fields) -> Action:
    """A draft adoption by roll call, of as many members as there are choices."""
    members = members if members is not None else make_members(len(choices))
    return make_roll_call(make_resolution(title="Ties"), choices, members, **DRAFT, **fields)


def ballot(action: Action, member=None, choice: str = "yes", **fields) -> Ballot:
    return Ballot(action=action, member=member or make_term().member, choice=choice, **fields)


# --- one vote ---------------------------------------------------------------------------


def test_vote_in_an_action_without_a_day_leaves_the_word_to_the_action():
    action = Action(resolution=make_resolution(), organization=council(), kind="adopt")

    with pytest.raises(ValidationError) as refusal:
        action.full_clean()
    ballot(action, make_member()).clean()

    assert refusal.value.message_dict["on"] == ["This field cannot be null."]


def test_member_votes_once_and_some_way():
    action = roll_call("y")
    again = ballot(action, action.ballots.get().member, "no")
    odd = ballot(action, choice="maybe")

    assert_clerk_reads(again, "This member already has a vote in this action.")
    assert_database_refuses(
        again,
        match=r"resolutions_ballot_one_for_a_member|ballot\.action_id, resolutions_ballot\.member",
    )
    assert_refused(odd, {"choice": [NOT_CHOICE("maybe")]})
    assert_database_refuses(odd, match="resolutions_ballot_choice_known")


def test_only_who_held_a_voting_seat_that_day_votes():
    action = roll_call("y")
    gone = make_term(make_member("gone"), until="2013-08-18").member
    to_come = make_term(make_member("to-come"), since="2013-08-20").member
    elsewhere = make_term(make_member("elsewhere"), make_seat(make_organization())).member
    mute = make_term(make_member("mute"), make_seat(is_voting=False)).member

    for member in (make_member("nobody"), gone, to_come, elsewhere, mute):
        assert_refused(ballot(action, member), {"member": [NO_SEAT(member)]})
    ballot(Action.objects.get(), make_term(since="2013-08-19").member).full_clean()


def test_who_may_have_held_a_seat_on_one_of_two_days_may_vote():
    action = roll_call("y", on="[2013-08-12,2013-08-19]")
    late, early = make_term(since="2013-08-19"), make_term(until="2013-08-12")
    seatless = make_term(organization=council())

    for term in (late, early, seatless):
        ballot(action, term.member).full_clean()


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("voice", "Voice vote"),
        ("unanimous_consent", "Unanimous consent"),
        ("consent_agenda", "Consent agenda"),
        ("ballot", "Paper ballot"),
    ],
)
def test_voice_and_consent_leave_no_names_and_no_counts(method, words):
    action = make_action(make_resolution(title="Ties"), method=method, **DRAFT, **OF_ALL)
    member = make_term().member
    sentence = f"“{words}” records no names. Remove the votes, or choose “Roll call”."

    assert_refused(ballot(action, member), sentence)
    Ballot.objects.create(action=action, member=member, choice="yes")
    sentence = f"“{words}” records no names. Remove the votes, or choose “Roll call”."
    assert_refused(changed(action, note="It passed."), {"method": [sentence]})
    assert (action.tally, action.result, action.named) == (None, None, Tally())
    assert not action.names_votes


def test_nobody_votes_where_there_was_no_vote():
    action = make_action(make_resolution(), "introduce", **DRAFT)
    member = make_term().member

    assert_refused(
        ballot(action, member),
        "“without a vote” records no names. Remove the votes, or choose “Roll call”.",
    )
    Ballot.objects.create(action=action, member=member, choice="yes")
    sentence = "“without a vote” records no names. Remove the votes, or choose “Roll call”."
    assert_refused(changed(action, note="It came in."), {"method": [sentence]})


@pytest.mark.parametrize(
    "field", ["choice", "member", "name_as_printed", "choice_as_printed", "action"]
)
def test_published_vote_stays_as_it_is(field):
    action = roll_call("yn")
    action.publish()
    cast = action.ballots.first()
    new = {
        "choice": "no" if cast.choice == "yes" else "yes",
        "member": make_term().member,
        "name_as_printed": "Wd.",
        "choice_as_printed": "present",
        "action": roll_call("y"),  # away into a draft
    }

    assert_clerk_reads(changed(cast, **{field: new[field]}), PUBLISHED)
    if field in ("choice", "name_as_printed", "choice_as_printed"):
        assert_loader_refuses(cast, PUBLISHED)


def test_vote_is_said_with_the_word_of_its_source():
    cast = roll_call("a").ballots.get()

    assert cast.choice_in_words == "Abstained"
    changed(cast, choice_as_printed="present, a trustee of the applicant").save()
    assert cast.choice_in_words == "Abstained (printed as “present, a trustee of the applicant”)"
    assert str(cast) == f"{cast.member}: {cast.choice_in_words}"
    assert_clerk_reads(
        changed(cast, choice_as_printed="x" * 121),
        {"choice_as_printed": ["Ensure this value has at most 120 characters (it has 121)."]},
    )


def test_no_vote_is_added_to_a_published_roll():
    action = roll_call("yn")
    action.publish()
    late = make_term().member

    assert_refused(ballot(action, late), PUBLISHED)
    # Nor by a record in memory that says it is a draft, nor from a draft into it.
    stale = changed(Action.objects.get(), publication=Publication.DRAFT)
    assert_clerk_reads(ballot(stale, late), PUBLISHED)
    moved = roll_call("y").ballots.get()
    assert_clerk_reads(changed(moved, action=action), PUBLISHED)


def test_note_of_a_published_vote_may_be_added():
    action = roll_call("y")
    action.publish()

    load_record(changed(action.ballots.get(), note="By telephone."))

    assert Ballot.objects.get().note == "By telephone."


def test_published_votes_are_never_deleted():
    action = roll_call("yn")
    action.publish()
    draft = roll_call("y")

    for delete in (action.ballots.first().delete, Ballot.objects.all().delete):
        with pytest.raises(ProtectedError, match="A published record is never deleted"):
            delete()
    draft.ballots.get().delete()
    assert roll_call("y").ballots.all().delete()[0] == 1


def test_votes_are_public_with_their_action():
    action = roll_call("y")
    assert list(Ballot.objects.public()) == []

    action.publish()

    cast = action.ballots.get()
    assert list(Ballot.objects.public()) == [cast]
    assert str(cast) == f"{cast.member}: Yes"
    assert Ballot(choice="yes").clean() is None


# --- the roll ---------------------------------------------------------------------------


def test_roll_plus_vacancies_is_the_seats_in_force():
    members = make_members(7)
    make_seat(label="Vacant")
    action = make_roll_call(
        make_resolution(), "yyyynax", members, outcome="lost", mover=members[0], **DRAFT, **OF_ALL
    )

    load_record(as_published(action))

    action = Action.objects.get()
    assert action.tally.roll + action.roster.vacancies == action.roster.places == 8
    assert action.result == Result(False, 4, 5, 8)


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        (["ann"], "The roll call is missing Ann. Record a vote or an absence."),
        (["ann", "bob"], "The roll call is missing Ann, Bob. Record a vote or an absence."),
    ],
)
def test_published_roll_has_each_who_surely_held_a_seat(lacking, sentence):
    action = roll_call("yyy")
    for slug in lacking:
        make_term(make_member(slug))
    action.full_clean()  # as a draft it may be entered bit by bit

    assert_refused(as_published(action), sentence)


def test_roll_is_whole_without_who_only_may_have_held_a_seat():
    action = roll_call("yyy", on="[2013-08-12,2013-08-19]")
    make_term(make_member("maybe"), since="2013-08-15")

    as_published(action).full_clean()


def test_roll_has_no_more_names_than_seats():
    members = make_members(2)
    seatless = make_term(make_member("cal"), organization=council()).member
    action = roll_call("yyy", [*members, seatless])

    assert_refused(
        as_published(action),
        "3 members are on the roll call, but only 2 seats existed on that day.",
    )


def test_empty_roll_is_no_roll_call():
    make_seat(label="Vacant")
    action = roll_call("", [])

    assert_refused(
        as_published(action),
        "A roll call needs the vote of each member, or the printed totals. If we have no record"
        " of either, choose “Not recorded”.",
    )


@pytest.mark.parametrize("counts", [{"announced_yes": 7}, {"announced_no": 0}])
def test_one_printed_total_is_no_roll_call_either(counts):
    make_term(make_member("ann"))
    action = roll_call("", [], **counts)

    assert_refused(
        as_published(action),
        {
            "__all__": [
                "The roll call is missing Ann. Record a vote or an absence.",
                (
                    "A roll call needs the vote of each member, or the printed totals. If we"
                    " have no record of either, choose “Not recorded”."
                ),
            ]
        },
    )


def test_roll_call_whose_source_has_only_the_totals_is_recorded_and_counted_by_them():
    make_members(8)
    action = roll_call("", [], **OF_ALL, announced_yes=7, announced_no=1)

    load_record(as_published(action))

    action = Action.objects.get()
    assert (action.tally, action.result) == (None, Result(True, 7, 5, 8))
    assert (action.names_each_vote, action.disagreements) == (False, [])


def test_roll_of_an_organization_without_seats_on_record_is_recorded_as_it_was_called():
    organization = make_organization("board", name="Board")
    members = [make_term(make_member(name), organization=organization).member for name in "abc"]
    of_board = {"organization": organization}
    resolution = make_resolution(**of_board)
    action = make_roll_call(
        resolution, "yyn", members, requirement="majority", base="cast", **of_board, **DRAFT
    )

    load_record(as_published(action))

    action = Action.objects.get()
    assert action.result == Result(True, 2, 2, 3)
    assert action.names_each_vote
    changed(action, base="serving", publication="published")
    assert action.result == Result(True, 2, 2, 3)
    changed(action, base="seats", publication="published")
    assert action.result is None


def test_roll_without_seats_on_record_still_has_each_member_in_office():
    organization = make_organization("board", name="Board")
    members = [make_term(make_member(name), organization=organization).member for name in "ab"]
    of_board = {"organization": organization}
    action = make_roll_call(make_resolution(**of_board), "y", members[:1], **of_board, **DRAFT)

    assert_refused(
        as_published(action), "The roll call is missing B. Record a vote or an absence."
    )


@pytest.mark.parametrize(
    ("places", "fields", "choices", "known"),
    [
        (None, {}, "y", False),
        (None, {}, "", False),
        (None, {"announced_yes": 2, "announced_no": 0}, "yyx", True),
        (None, {"announced_yes": 2, "announced_no": 1}, "yyx", False),
        (None, {"announced_yes": 2}, "yy", False),
        (None, {"announced_yes": 0, "announced_no": 0}, "", False),
        (3, {}, "yyn", True),
        (4, {}, "yyn", False),
        (3, {"announced_yes": 3, "announced_no": 0}, "yyn", False),
        (3, {"announced_yes": 3}, "yyn", True),
        (4, {"announced_yes": 2, "announced_no": 1}, "yyn", True),
        (3, {"method": "roll_call"}, "yyn", True),
        (3, {"method": "roll_call", "announced_yes": 3, "announced_no": 0}, "", False),
        (3, {"method": "voice", "announced_yes": 0, "announced_no": 0}, "", False),
    ],
)
@pytest.mark.dialect
def test_votes_are_all_known_by_name_in_python_as_in_sql(places, fields, choices, known):
    members = [make_term(organization=council(), seat=None).member for __ in choices]
    if places:
        make_seat(places=places)
        make_seat(places=9, since="2014")
        make_seat(places=9, until="[2013-08-18..]")
        make_seat(places=9, is_voting=False)
    make_roll_call(make_resolution(), choices, members, **{"method": "not_recorded"} | fields)

    assert Action.objects.get().names_each_vote is known
    assert Action.objects.with_names().get().has_all_names is known


def test_votes_entered_for_another_day_are_noticed_when_the_day_changes():
    member = make_term(make_member("ann"), until="2013-12-31").member
    make_term(make_member("bob"), since="2014-01-01")
    action = roll_call("y", [member])
    assert action.roster.holds(member)

    changed(action, on="2014-01-01")

    assert_refused(action, {"__all__": [NO_SEAT("Ann")]})


def test_who_was_away_did_not_vote():
    held, members = make_meeting(), make_members(3)
    make_attendance(held, members[0], "absent")
    make_attendance(held, members[1], "excused")
    make_attendance(held, members[2])
    action = roll_call("yny", members, meeting=held)
    said = "{} is on record as absent from this meeting, and could not vote.".format

    assert_refused(
        changed(action, note="It passed."),
        {"__all__": [said(ballot.member) for ballot in action.ballots.all()[:2]]},
    )
    for cast, choice in zip(action.ballots.all(), ["absent", "excused", "absent"], strict=True):
        changed(cast, choice=choice).save()
    action.full_clean()  # who was there may have left before the vote


# --- what follows -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "rule", "declared", "result"),
    [
        ("yyyynnnn", OF_ALL, "carried", Result(False, 4, 5, 8)),
        ("yyyyyyyx", OF_ALL, "lost", Result(True, 7, 5, 8)),
        (
            "yyyyyyynnnn",
            {"requirement": "number", "base": "seats", "required_number": 8},
            "carried",
            Result(False, 7, 8, 11),
        ),
        (
            "yyyyyyynnnn",
            {"requirement": "two_thirds", "base": "seats"},
            "carried",
            Result(False, 7, 8, 11),
        ),
        (
            "yyynnaa",
            {"requirement": "majority", "base": "cast", "counts_abstentions": True},
            "carried",
            Result(False, 3, 4, 7),
        ),
        (
            "yyyrrnnx",
            {"requirement": "majority", "base": "present"},
            "lost",
            Result(True, 3, 3, 5),
        ),
        (
            "yyyrrnnx",
            {"requirement": "majority", "base": "serving"},
            "carried",
            Result(False, 3, 5, 8),
        ),
    ],
)
def test_declared_outcome_follows_from_the_roll_or_says_why_not(choices, rule, declared, result):
    action = roll_call(choices, outcome=declared, **rule)

    assert action.result == result
    sentence = (
        f"{result.yes} voted yes and {result.needed} of {result.of} were needed. Correct the"
        " votes or the outcome, or say why the declared outcome stands."
    )
    assert_refused(as_published(action), {"outcome": [sentence]})
    changed(action, override_reason="The chair declared it so.").full_clean()
    words = {"carried": "Passed", "lost": "Failed"}[declared]
    assert action.disagreements == [
        (f"Declared “{words}”, but {result.yes} voted yes and {result.needed} were needed.")
    ]


@pytest.mark.parametrize("choices", ["yyyynnnn", "yyyyyyyx"])
def test_count_contradicts_no_outcome_where_none_is_on_record(choices):
    action = roll_call(choices, outcome="unknown", **OF_ALL)

    as_published(action).full_clean()
    assert action.disagreements == []
    assert not action.is_carried


@pytest.mark.parametrize(("choices", "declared"), [("yyyynnnn", "lost"), ("yyyyyyyx", "carried")])
def test_reason_is_given_only_for_a_disagreement(choices, declared):
    action = roll_call(choices, outcome=declared, **OF_ALL)
    sentence = "The count agrees with the declared outcome, so leave the reason blank."

    as_published(action).full_clean()
    assert action.disagreements == []
    assert_refused(changed(action, override_reason="So."), {"override_reason": [sentence]})
    without = changed(roll_call("y"), override_reason="So.", publication="published")
    with pytest.raises(ValidationError) as refusal:
        without.full_clean()
    assert refusal.value.message_dict["override_reason"] == [sentence]


def test_tie_is_broken_and_nothing_else():
    tied = roll_call("yyyynnnn", tie_break="yes", tie_broken_by="The mayor", **OF_ALL)
    assert tied.result == Result(True, 5, 5, 8)
    as_published(tied).full_clean()

    members = [cast.member for cast in tied.ballots.all()]
    other = roll_call("yyyyyynn", members, **OF_ALL)
    changed(other, tie_break="yes", tie_broken_by="The mayor")
    assert_refused(
        as_published(other),
        {"tie_break": ["The votes are not equal, so there is no tie to break."]},
    )


def test_printed_counts_stand_in_for_the_names():
    make_members(8)
    action = make_action(
        make_resolution(), announced_yes=4, announced_no=4, outcome="lost", **DRAFT, **OF_ALL
    )

    assert action.result == Result(False, 4, 5, 8)
    as_published(action).full_clean()
    assert_refused(
        changed(action, tie_break="yes", tie_broken_by="The mayor"),
        {
            "outcome": [
                (
                    "5 voted yes and 5 of 8 were needed. Correct the votes or the outcome, or"
                    " say why the declared outcome stands."
                )
            ]
        },
    )
    assert_refused(
        changed(action, announced_no=3, announced_yes=3, outcome="carried", tie_break="no"),
        {
            "outcome": [
                (
                    "3 voted yes and 5 of 8 were needed. Correct the votes or the outcome, or say"
                    " why the declared outcome stands."
                )
            ]
        },
    )
    assert_clerk_reads(
        changed(action, announced_no=2, outcome="lost"),
        {"tie_break": ["The votes are not equal, so there is no tie to break."]},
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"announced_yes": 7},
        {"announced_yes": 7, "announced_no": 0, "base": "present"},
        {"announced_yes": 7, "announced_no": 0, "base": "cast", "counts_abstentions": True},
        {"announced_yes": 7, "announced_no": 0, "requirement": "", "base": ""},
    ],
)
def test_what_is_not_printed_is_not_zero(fields):
    make_members(8)
    action = make_action(make_resolution(), **DRAFT, **OF_ALL | fields)

    assert action.result is None
    as_published(action).full_clean()


def test_nothing_follows_where_no_seats_are_known():
    action = make_action(make_resolution(), announced_yes=7, announced_no=0, **OF_ALL)

    assert action.result is None


@pytest.mark.parametrize(
    ("fields", "disagreements"),
    [
        ({}, []),
        ({"announced_yes": 7, "announced_no": 0, "announced_absent": 1}, []),
        ({"announced_yes": 6}, ["The printed counts disagree with the roll call."]),
    ],
)
def test_print_that_disagrees_with_the_roll_is_kept_and_told(fields, disagreements):
    action = roll_call("yyyyyyyx", **OF_ALL, **fields)

    load_record(as_published(action))

    action = Action.objects.get()
    assert action.disagreements == disagreements
    assert action.announced_yes == fields.get("announced_yes")


def test_names_that_are_found_bit_by_bit_are_no_roll():
    first, second = make_members(2)
    action = make_action(make_resolution(), announced_yes=1, announced_no=1, **DRAFT)
    Ballot.objects.create(action=action, member=first, choice="yes")

    as_published(action).full_clean()
    assert (action.tally, action.disagreements) == (None, [])
    Ballot.objects.create(action=action, member=second, choice="yes")
    assert action.named == Tally(yes=2)
    assert action.disagreements == ["More votes are listed by name than the printed counts say."]


def test_unsaved_action_has_no_votes():
    action = Action(method="roll_call", outcome="carried")

    assert (action.tally, action.named) == (None, Tally())


@pytest.mark.parametrize("count", [1, 4])
def test_actions_are_read_with_their_results_in_a_fixed_number_of_queries(
    count, django_assert_num_queries
):
    members = make_members(3)
    for __ in range(count):
        make_roll_call(
            make_resolution(), "yyn", members, meeting=make_meeting(), mover=members[0], **OF_ALL
        )

    with django_assert_num_queries(5):
        rows = [
            (
                str(action),
                action.result,
                action.disagreements,
                action.roster.vacancies,
                str(action.mover),
                str(action.meeting),
                len([str(ballot) for ballot in action.ballots.all()]),
                len([citation.source.slug for citation in action.public_citations]),
            )
            for action in Action.objects.for_reading()
        ]

    assert [row[1] for row in rows] == [Result(True, 2, 2, 3)] * count
    assert [row[6:] for row in rows] == [(3, 1)] * count


def test_printed_counts_of_votes_cast_need_no_seats_on_record():
    action = make_action(
        make_resolution(),
        announced_yes=3,
        announced_no=4,
        requirement="majority",
        base="cast",
        **DRAFT,
    )

    assert action.roster.places is None
    assert action.result == Result(False, 3, 4, 7)
    sentence = (
        "3 voted yes and 4 of 7 were needed. Correct the votes or the outcome, or"
        " say why the declared outcome stands."
    )
    assert_refused(as_published(action), {"outcome": [sentence]})


@pytest.mark.parametrize(("yes", "no", "expected"), [(5, 3, None), (3, 0, Result(True, 3, 3, 4))])
def test_members_serving_are_not_known_where_more_voted_than_are_on_record(yes, no, expected):
    make_members(4)

    action = make_action(
        make_resolution(),
        announced_yes=yes,
        announced_no=no,
        requirement="majority",
        base="serving",
    )

    assert action.result == expected
    assert action.disagreements == []
