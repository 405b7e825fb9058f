"""The sentences about votes, meetings and members."""

from datetime import date

import pytest

from cities.records.dates import RecordDate
from resolutions.course import Course
from resolutions.course_words import action_label, course_sentence, not_adopted_sentence
from resolutions.models import Action, Effect, Meeting, Seat, Term
from resolutions.models.meetings import MeetingState
from resolutions.tally import Tally
from resolutions.words import (
    action_heading,
    announced_counts,
    clock_sentences,
    counts,
    effect_sentence,
    how_long,
    is_request,
    meeting_sentence,
    method_sentence,
    no_reply,
    reply_sentence,
    requirement_sentence,
    result_sentence,
    seat_time,
    term_seat,
    term_time,
    version_name,
    vote_count,
)
from tests.factories import (
    council,
    make_action,
    make_effect,
    make_meeting,
    make_members,
    make_minutes,
    make_organization,
    make_reply,
    make_resolution,
    make_roll_call,
    make_seat,
    make_term,
    make_text,
)

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (None, "We have no record of what happened."),
        ("introduced", "Pending since August 2013."),
        ("referred", "Referred to committee, August 2013."),
        ("tabled", "Tabled, August 2013."),
        ("postponed", "Postponed, August 2013."),
        ("withdrawn", "Withdrawn before a vote, August 2013."),
        ("adopted", "Adopted, August 2013."),
        ("failed", "Failed, August 2013."),
        ("vetoed", "Vetoed, August 2013."),
        ("rescinded", "Rescinded, August 2013."),
        ("unknown", "Considered, August 2013. We have no record of the result."),
    ],
)
def test_course_says_how_a_resolution_stands(status, sentence):
    since = RecordDate.parse("2013-08")

    assert course_sentence(Course(status, since)) == sentence
    assert course_sentence(Course(status, Action(on=since))) == sentence


@pytest.mark.parametrize(
    ("kind", "words", "lost"),
    [
        ("introduce", "Introduced", None),
        ("refer", "Referred to committee", "Motion to refer to committee failed"),
        (
            "recommend",
            "Recommended for adoption",
            "Motion to recommend adoption failed",
        ),
        (
            "recommend_against",
            "Recommended against adoption",
            "Motion to recommend against adoption failed",
        ),
        (
            "report",
            "Reported without a recommendation",
            "Motion to report without a recommendation failed",
        ),
        ("suspend_rules", "Rules suspended", "Motion to suspend the rules failed"),
        ("sign", "Signed", None),
        ("unsigned", "Took effect without a signature", None),
        ("amend", "Amended", "Motion to amend failed"),
        ("table", "Tabled", "Motion to table failed"),
        ("take_from_table", "Taken from the table", "Motion to take from the table failed"),
        ("postpone", "Postponed", "Motion to postpone failed"),
        ("withdraw", "Withdrawn", "Motion to withdraw failed"),
        ("reconsider", "Reconsidered", "Motion to reconsider failed"),
        ("adopt", "Adopted", "Failed"),
        ("fail", "Died without a vote", None),
        ("veto", "Vetoed", None),
        ("override", "Veto overridden", "Motion to override the veto failed"),
        ("rescind", "Rescinded", "Motion to rescind failed"),
        ("correct", "Corrected", "Motion to correct failed"),
    ],
)
def test_action_says_what_was_done(kind, words, lost):
    assert action_label(Action(kind=kind)) == words
    assert lost is None or action_label(Action(kind=kind, outcome="lost")) == lost


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("adopt", "Considered, no record of the result"),
        ("refer", "Motion to refer to committee, no record of the result"),
        ("recommend", "Motion to recommend adoption, no record of the result"),
        ("recommend_against", "Motion to recommend against adoption, no record of the result"),
        ("report", "Motion to report without a recommendation, no record of the result"),
        ("suspend_rules", "Motion to suspend the rules, no record of the result"),
        ("amend", "Motion to amend, no record of the result"),
        ("table", "Motion to table, no record of the result"),
        ("take_from_table", "Motion to take from the table, no record of the result"),
        ("postpone", "Motion to postpone, no record of the result"),
        ("withdraw", "Motion to withdraw, no record of the result"),
        ("reconsider", "Motion to reconsider, no record of the result"),
        ("override", "Motion to override the veto, no record of the result"),
        ("rescind", "Motion to rescind, no record of the result"),
        ("correct", "Motion to correct, no record of the result"),
    ],
)
def test_action_without_a_result_on_record_says_so(kind, words):
    assert action_label(Action(kind=kind, outcome="unknown")) == words


FAILED = "It did not pass, so it changed nothing."
PENDING = "It has not passed, so it has changed nothing."
IN_DOUBT = "We have no record that it passed."


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        *((status, FAILED) for status in ("failed", "vetoed", "withdrawn")),
        *((status, PENDING) for status in ("introduced", "referred", "tabled", "postponed")),
        (None, IN_DOUBT),
        ("unknown", IN_DOUBT),
    ],
)
def test_only_what_failed_is_said_to_have_failed(status, sentence):
    assert not_adopted_sentence(Course(status)) == sentence


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        ("", ""),
        ("roll_call", "Roll call vote."),
        ("voice", "Voice vote. Names were not recorded."),
        (
            "unanimous_consent",
            "Unanimous consent. No one objected; names were not recorded.",
        ),
        (
            "consent_agenda",
            "Part of the consent agenda. No one objected; names were not recorded.",
        ),
        ("ballot", "Paper ballot. Names were not recorded."),
        ("not_recorded", ""),
    ],
)
def test_action_says_how_it_was_decided(method, sentence):
    assert method_sentence(Action(method=method)) == sentence


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ""),
        (
            {"requirement": "majority", "base": "seats"},
            "Needed to pass: more than half of all seats.",
        ),
        (
            {"requirement": "two_thirds", "base": "cast"},
            "Needed to pass: two-thirds of the votes cast.",
        ),
        (
            {"requirement": "number", "base": "seats", "required_number": 8},
            "Needed to pass: 8 yes votes.",
        ),
        (
            {"requirement": "number", "base": "seats", "required_number": 1},
            "Needed to pass: 1 yes vote.",
        ),
    ],
)
def test_action_says_what_it_needed(fields, words):
    assert requirement_sentence(Action(**fields)) == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choices", "outcome", "rule", "title", "sentence"),
    [
        (
            "yyyyyyyx",
            "carried",
            "majority",
            "Adopted, 7–0",
            "7 of 8 voted yes. Five yes votes were needed.",
        ),
        (
            "yyyynnnn",
            "lost",
            "majority",
            "Failed, 4–4",
            "4 of 8 voted yes. Five yes votes were needed.",
        ),
        (
            "nnnnnnnn",
            "lost",
            "two_thirds",
            "Failed, 0–8",
            "0 of 8 voted yes. Six yes votes were needed.",
        ),
    ],
)
def test_roll_call_says_its_result(choices, outcome, rule, title, sentence):
    members = make_members(8)
    make_roll_call(
        make_resolution(), choices, members, outcome=outcome, requirement=rule, base="seats"
    )

    action = Action.objects.get()

    assert action_heading(action) == title
    assert result_sentence(action) == sentence


@pytest.mark.django_db
def test_result_of_one_says_it_in_the_singular():
    member = make_members(1)
    make_roll_call(make_resolution(), "y", member, requirement="majority", base="seats")

    assert result_sentence(Action.objects.get()) == "1 of 1 voted yes. One yes vote was needed."


@pytest.mark.django_db
def test_printed_counts_stand_where_no_roll_does():
    """A roll call without names on record has no counts of its own."""
    printed = {"announced_yes": 7, "announced_no": 0, "announced_absent": 1}
    make_action(make_resolution(), **printed)
    make_action(make_resolution(), **printed | {"method": "roll_call"})
    make_action(make_resolution(), announced_yes=7)
    make_action(make_resolution())

    actions = list(Action.objects.order_by("pk"))

    assert [vote_count(action) for action in actions] == ["7–0", "7–0", "", ""]
    assert [announced_counts(action) for action in actions] == [
        [("yes", 7), ("no", 0), ("absent", 1)],
        [("yes", 7), ("no", 0), ("absent", 1)],
        [("yes", 7)],
        [],
    ]
    assert [result_sentence(action) for action in actions] == [""] * 4


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(), [("yes", 0), ("no", 0)]),
        (
            Tally(1, 2, 3, 4, 5, 6, 7),
            [
                *(("yes", 1), ("no", 2), ("abstained", 3), ("recused", 4)),
                *(("present, not voting", 7), ("absent", 11)),
            ],
        ),
    ],
)
def test_counts_name_what_there_is(tally, words):
    assert counts(tally) == words


@pytest.mark.parametrize(
    ("kind", "sentence", "waits"),
    [
        ("urges", "Urges the mayor to write", True),
        ("directs", "Directs the mayor to write", True),
        ("authorizes", "Authorizes the mayor to write", False),
        ("terminates", "Terminates the mayor to write", False),
    ],
)
def test_effect_says_what_it_does_and_whether_it_asks(kind, sentence, waits):
    effect = Effect(kind=kind, what="the mayor to write")

    assert (effect_sentence(effect), is_request(effect)) == (sentence, waits)


@pytest.mark.django_db
def test_reply_says_who_answered_unless_that_is_not_public():
    effect = make_effect(make_resolution())
    reply = make_reply(effect, organization=make_organization(name="The mayor"))
    hidden = make_reply(effect, organization=make_organization(publication="draft"))

    assert reply_sentence(reply) == "The mayor replied, August 20, 2013: no action needed."
    assert reply_sentence(hidden) == "Reply, August 20, 2013: no action needed."


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("2013-08-19", "13 years"),
        ("[2013-08-12,2013-08-19]", "13 years"),
        ("2025-11-24", "1 year"),
        ("2025-11-25", "11 months"),
        ("2026-10-24", "1 month"),
        ("2026-10-25", "30 days"),
        ("2026-11-23", "1 day"),
        ("2026-11-24", "0 days"),
        ("2026-12", "0 days"),
    ],
)
def test_how_long_ago_is_counted_from_the_first_day(since, words):
    assert how_long(RecordDate.parse(since), DAY) == words


def test_no_reply_says_since_when():
    sentence = no_reply(RecordDate.parse("[2013-08-12,2013-08-19]"), DAY)

    assert sentence == "We have no record of a reply, 13 years later."


@pytest.mark.django_db
def test_version_says_its_kind_number_and_day():
    resolution = make_resolution()

    assert version_name(make_text(resolution)) == "As introduced, version 1"
    assert version_name(make_text(resolution, kind="adopted", on="2013-08")) == (
        "As adopted, version 2, August 2013"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("label", "role", "words"),
    [
        ("1st Ward", "", "1st Ward"),
        ("1st Ward", "president", "1st Ward, president"),
        (None, "president", "president"),
        (None, "", ""),
    ],
)
def test_term_says_its_seat(label, role, words):
    seat = make_seat(label=label) if label else None

    assert term_seat(Term(seat=seat, role=role)) == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2010", "", "Since 2010"),
        ("[..2013-07-15]", "", "Since July 15, 2013 or earlier"),
        ("2010", "2014", "2010 to 2014"),
        (
            "2010",
            "[2014-01-10..2014-12-31]",
            "From 2010, ended between January 10 and December 31, 2014",
        ),
        ("2010", "[2013-08-19..]", "2010 to August 19, 2013 or later"),
        ("[..2013-08-19]", "[2013-08-12..]", "In office in August 2013"),
        ("[..2013-12]", "[2013-01..]", "In office in 2013"),
        ("[..2015]", "[2013..]", "In office some time from 2013 to 2015"),
        ("[..2013]", "[2018-11..]", "In office from 2013 or earlier to 2018 or later"),
        ("[..2013-07-15]", "2014", "July 15, 2013 or earlier to 2014"),
    ],
)
def test_term_says_from_when_to_when(since, until, words):
    make_term(organization=council(), since=since, until=until or None)

    assert term_time(Term.objects.get()) == words


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (MeetingState.HELD, "Held."),
        (MeetingState.SCHEDULED, "Scheduled."),
        (MeetingState.CANCELLED, "Canceled: Snow."),
        (
            MeetingState.NO_QUORUM,
            "Not enough members came for a quorum, so no votes could be taken.",
        ),
    ],
)
def test_meeting_says_what_became_of_it(state, sentence):
    assert meeting_sentence(Meeting(state=state, why_cancelled="Snow.")) == sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("open_on", "today", "sentence"),
    [
        ("2013-08-29", DAY, "were due August 29, 2013. They were available on August 29, 2013."),
        (
            "2013-08-30",
            DAY,
            "were due August 29, 2013. They were available late, on August 30, 2013.",
        ),
        ("2013-08-30", date(2013, 8, 29), "are due August 29, 2013."),
        (None, date(2013, 8, 29), "are due August 29, 2013."),
        (None, DAY, "were due August 29, 2013. We have no record of them."),
    ],
)
def test_clock_says_what_was_due_and_when_it_was_done(open_on, today, sentence):
    meeting = make_meeting("2013-08-19")
    if open_on:
        make_minutes(meeting, available_on=open_on)

    found = list(clock_sentences(Meeting.objects.get(), today))

    assert found == [f"Proposed minutes {sentence}"]


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (None, None, "No record"),
        (None, "1990", "Until 1990"),
        ("1978", None, "Since 1978"),
        ("1978", "1990", "1978 to 1990"),
        ("2029", None, "Starts 2029"),
    ],
)
def test_time_of_a_seat_is_said_as_far_as_it_is_known(since, until, said):
    dates = {
        name: text and RecordDate.parse(text)
        for name, text in (("since", since), ("until", until))
    }
    seat = Seat(**dates, since_earliest=dates["since"] and dates["since"].earliest)

    assert seat_time(seat, date(2026, 11, 28)) == said
