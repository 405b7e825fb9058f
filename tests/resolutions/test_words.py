"""The sentences that say what is on the bodies' record."""

from datetime import date

import pytest

from cities.records.dates import RecordDate
from resolutions.course import Course
from resolutions.models import Action, Effect, Meeting, Term
from resolutions.models.meetings import MeetingState
from resolutions.tally import Tally
from resolutions.words import (
    announced_counts,
    asks,
    clock_sentences,
    counts,
    course_sentence,
    effect_sentence,
    heading,
    how_decided,
    how_long,
    in_short,
    meeting_sentence,
    no_reply,
    reply_sentence,
    result_sentence,
    term_seat,
    term_time,
    version_name,
    votes_needed,
    what_was_done,
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
        (None, "Nothing that the body did with it is on record yet."),
        ("introduced", "Before the body since August 2013."),
        ("referred", "Referred to a committee, August 2013."),
        ("tabled", "On the table since August 2013."),
        ("postponed", "Postponed, August 2013."),
        ("withdrawn", "Withdrawn before a decision, August 2013."),
        ("adopted", "Adopted, August 2013."),
        ("failed", "Failed, August 2013."),
        ("vetoed", "Vetoed, August 2013."),
        ("rescinded", "Rescinded, August 2013."),
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
        ("refer", "Referred to a committee", "Motion to refer to a committee: lost"),
        ("amend", "Amended", "Motion to amend: lost"),
        ("table", "Laid on the table", "Motion to lay on the table: lost"),
        ("take_from_table", "Taken from the table", "Motion to take from the table: lost"),
        ("postpone", "Postponed", "Motion to postpone: lost"),
        ("withdraw", "Withdrawn", "Motion to withdraw: lost"),
        ("reconsider", "Taken up again", "Motion to reconsider: lost"),
        ("adopt", "Adopted", "Motion to adopt: lost"),
        ("fail", "Died without a vote", None),
        ("veto", "Vetoed", None),
        ("override", "Veto overridden", "Motion to override the veto: lost"),
        ("rescind", "Rescinded", "Motion to rescind: lost"),
        ("correct", "Corrected", "Motion to correct: lost"),
    ],
)
def test_action_says_what_was_done(kind, words, lost):
    assert what_was_done(Action(kind=kind)) == words
    assert lost is None or what_was_done(Action(kind=kind, outcome="lost")) == lost


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        ("", ""),
        ("roll_call", "Roll call."),
        ("voice", "Voice vote: names were not recorded."),
        (
            "unanimous_consent",
            "Unanimous consent: nobody objected, and names were not recorded.",
        ),
        (
            "consent_agenda",
            "Part of the consent agenda: nobody objected, and names were not recorded.",
        ),
        ("ballot", "Ballot papers: names were not recorded."),
        ("not_recorded", "How the vote was taken is not found yet."),
    ],
)
def test_action_says_how_it_was_decided(method, sentence):
    assert how_decided(Action(method=method)) == sentence


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ""),
        ({"requirement": "majority", "base": "seats"}, "more than half of all seats"),
        ({"requirement": "two_thirds", "base": "cast"}, "two-thirds of the votes cast"),
        (
            {"requirement": "number", "base": "seats", "required_number": 8},
            "8 yes votes, whatever the number present",
        ),
    ],
)
def test_action_says_what_it_needed(fields, words):
    assert votes_needed(Action(**fields)) == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choices", "outcome", "rule", "title", "sentence"),
    [
        ("yyyyyyyx", "carried", "majority", "Adopted, 7 to 0", "7 of 8 said yes; 5 were needed."),
        (
            "yyyynnnn",
            "lost",
            "majority",
            "Motion to adopt: lost, 4 to 4",
            "4 of 8 said yes; 5 were needed.",
        ),
        (
            "nnnnnnnn",
            "lost",
            "two_thirds",
            "Motion to adopt: lost, 0 to 8",
            "None of 8 said yes; 6 were needed.",
        ),
    ],
)
def test_roll_call_says_its_result(choices, outcome, rule, title, sentence):
    members = make_members(8)
    make_roll_call(
        make_resolution(), choices, members, outcome=outcome, requirement=rule, base="seats"
    )

    action = Action.objects.get()

    assert heading(action) == title
    assert result_sentence(action) == sentence


@pytest.mark.django_db
def test_result_of_one_says_it_in_the_singular():
    member = make_members(1)
    make_roll_call(make_resolution(), "y", member, requirement="majority", base="seats")

    assert result_sentence(Action.objects.get()) == "1 of 1 said yes; 1 was needed."


@pytest.mark.django_db
def test_printed_counts_stand_where_no_roll_does():
    """A roll call whose names are not found yet has no counts of its own."""
    printed = {"announced_yes": 7, "announced_no": 0, "announced_absent": 1}
    make_action(make_resolution(), **printed)
    make_action(make_resolution(), **printed | {"method": "roll_call"})
    make_action(make_resolution(), announced_yes=7)
    make_action(make_resolution())

    actions = list(Action.objects.order_by("pk"))

    assert [in_short(action) for action in actions] == ["7 to 0", "7 to 0", "", ""]
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

    assert (effect_sentence(effect), asks(effect)) == (sentence, waits)


@pytest.mark.django_db
def test_reply_says_who_answered_unless_that_is_not_public():
    effect = make_effect(make_resolution())
    reply = make_reply(effect, organization=make_organization(name="The mayor"))
    hidden = make_reply(effect, organization=make_organization(publication="draft"))

    assert reply_sentence(reply) == "The mayor replied, August 20, 2013: nothing to decide."
    assert reply_sentence(hidden) == "A reply came, August 20, 2013: nothing to decide."


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

    assert sentence == ("No reply is recorded. It was asked 13 years ago (August 12 or 19, 2013).")


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
        (None, "president", "president; seat not found yet"),
        (None, "", "Seat not found yet"),
    ],
)
def test_term_says_its_seat(label, role, words):
    seat = make_seat(label=label) if label else None

    assert term_seat(Term(seat=seat, role=role)) == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2010", "", "since 2010"),
        ("[..2013-07-15]", "", "on record July 15, 2013 or earlier"),
        ("2010", "2014", "from 2010 to 2014"),
        ("2010", "[2013-08-19..]", "began 2010; ended August 19, 2013 or later"),
        ("[..2013-07-15]", "2014", "began July 15, 2013 or earlier; ended 2014"),
    ],
)
def test_term_says_from_when_to_when(since, until, words):
    make_term(organization=council(), since=since, until=until or None)

    assert term_time(Term.objects.get()) == words


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (MeetingState.HELD, "Held."),
        (MeetingState.SCHEDULED, "Not held yet."),
        (MeetingState.CANCELLED, "Cancelled: Snow."),
        (
            MeetingState.NO_QUORUM,
            "Too few members came for a quorum, so nothing could be decided.",
        ),
    ],
)
def test_meeting_says_what_became_of_it(state, sentence):
    assert meeting_sentence(Meeting(state=state, why_cancelled="Snow.")) == sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("open_on", "today", "sentence"),
    [
        ("2013-08-29", DAY, "were due August 29, 2013; open since August 29, 2013."),
        (
            "2013-08-30",
            DAY,
            "were due August 29, 2013; open since August 30, 2013, which was late.",
        ),
        ("2013-08-30", date(2013, 8, 29), "are due August 29, 2013."),
        (None, date(2013, 8, 29), "are due August 29, 2013."),
        (None, DAY, "were due August 29, 2013; none are on record here."),
    ],
)
def test_clock_says_what_was_due_and_when_it_was_done(open_on, today, sentence):
    meeting = make_meeting("2013-08-19")
    if open_on:
        make_minutes(meeting, available_on=open_on)

    found = list(clock_sentences(Meeting.objects.get(), today))

    assert found == [f"Proposed minutes {sentence}"]
