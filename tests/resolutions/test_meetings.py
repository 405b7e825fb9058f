"""Meetings, who was there, and their minutes: what cannot have been, and what stays."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.timezone import localdate

from cities.records.publishing import Publication
from resolutions.models import Attendance, Meeting, Minutes
from tests.cities.refusals import (
    as_withdrawn,
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
    make_minutes,
    make_organization,
    make_resolution,
    make_roll_call,
    make_seat,
    make_source,
    make_term,
    make_text,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": Publication.DRAFT}
DAY = date(2013, 8, 19)
NOT_CHOICE = "Value '{}' is not a valid choice.".format
NOT_YET = "That date is in the future."
HELD = "Actions, minutes or members present are on record for this meeting, so it was held."
STATES = [
    ("publication", "secret", "publication_known", "Choose draft, published or withdrawn."),
    (
        "publication",
        "withdrawn",
        "withdrawn_with_a_reason",
        ("Enter the date and the reason of the withdrawal. Leave both blank for other records."),
    ),
]


def changed(record, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    return record


def meeting(**fields) -> Meeting:
    """A draft meeting as yet unsaved, right but for what the test says."""
    return Meeting(**{"slug": "new", "organization": council(), "on": "2013-08-19"} | fields)


# --- meetings ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"kind": "party"}, "resolutions_meeting_vocabulary", {"kind": [NOT_CHOICE("party")]}),
        ({"state": "lost"}, "resolutions_meeting_vocabulary", {"state": [NOT_CHOICE("lost")]}),
        (
            {"on": "../2013"},
            "resolutions_meeting_has_a_first_day",
            {
                "__all__": [
                    "A meeting needs a date with a first possible day, such as August 2013."
                ]
            },
        ),
        (
            {"state": "cancelled"},
            "resolutions_meeting_cancelled_with_a_reason",
            {
                "__all__": [
                    "Say why a canceled meeting was canceled. Leave that blank for other meetings."
                ]
            },
        ),
        (
            {"why_cancelled": "Snow."},
            "resolutions_meeting_cancelled_with_a_reason",
            {
                "__all__": [
                    "Say why a canceled meeting was canceled. Leave that blank for other meetings."
                ]
            },
        ),
    ],
)
def test_meeting_rule_is_kept_everywhere(wrong, constraint, sentences):
    assert_refused(meeting(**wrong), sentences)
    assert_database_refuses(meeting(**wrong), match=constraint)


@pytest.mark.parametrize(("field", "value", "constraint", "sentence"), STATES)
def test_meeting_is_in_some_state_of_publication(field, value, constraint, sentence):
    assert_clerk_reads(meeting(**{field: value}), sentence)
    assert_database_refuses(
        meeting(**{field: value}),
        match={
            "publication_known": "resolutions_meeting_publication_known",
            "withdrawn_with_a_reason": "resolutions_meeting_withdrawn_with_a_reason",
        }[constraint],
    )


def test_meeting_does_not_go_on_from_itself():
    itself = make_meeting()
    row = meeting(pk=itself.pk + 1, reconvened_from_id=itself.pk + 1)

    assert_database_refuses(row, match="resolutions_meeting_not_from_itself")
    assert_clerk_reads(
        changed(itself, reconvened_from=itself),
        {
            "reconvened_from": ["That meeting itself continues this one."],
        },
    )


@pytest.mark.parametrize("state", ["held", "no_quorum"])
def test_meeting_of_a_day_to_come_was_not_held(state):
    tomorrow = localdate() + timedelta(days=1)

    assert_refused(
        meeting(on=tomorrow.isoformat(), state=state),
        {"state": ["That date is in the future. Choose “Scheduled”."]},
    )
    meeting(on=localdate().isoformat(), state=state).full_clean()
    meeting(on=tomorrow.isoformat(), state="scheduled").full_clean()


def test_meeting_goes_on_from_an_earlier_one_of_its_organization_that_took_place():
    first = make_meeting("2013-08-12", state="no_quorum")
    other = make_meeting("2013-08-12", organization=make_organization())
    later = make_meeting("2013-08-20")
    cancelled = make_meeting("2013-08-12", state="cancelled", why_cancelled="Snow.")

    meeting(reconvened_from=first).full_clean()
    for wrong, sentence in {
        other: "That was a meeting of another organization.",
        later: "That meeting was later. Choose an earlier one.",
        cancelled: "That meeting was canceled, so nothing continues it.",
    }.items():
        assert_refused(meeting(reconvened_from=wrong), {"reconvened_from": [sentence]})


def test_meetings_do_not_go_on_from_one_another_in_a_circle():
    first = make_meeting()
    second = make_meeting(reconvened_from=first)
    third = make_meeting(reconvened_from=second)

    assert_refused(
        changed(first, reconvened_from=third),
        {"reconvened_from": ["That meeting itself continues this one."]},
    )
    # A circle that was written past all rules does not hang the next meeting.
    Meeting.objects.filter(pk=first.pk).update(reconvened_from=third)
    third.refresh_from_db()
    assert_clerk_reads(
        meeting(reconvened_from=third),
        {"reconvened_from": ["That meeting itself continues this one."]},
    )


@pytest.mark.parametrize(
    ("on", "begins_at", "came_after"),
    [
        ("2013-08-20", None, True),
        ("2013-08-18", None, False),
        ("2013-08-19", None, False),
        ("2013-08-19", time(20), True),
        ("2013-08-19", time(19), False),
        ("[2013-08-12,2013-08-26]", None, True),
    ],
)
def test_meeting_came_after_another(on, begins_at, came_after):
    before = make_meeting(begins_at=time(19))

    assert meeting(on=on, begins_at=begins_at).came_after(before) == came_after


@pytest.mark.parametrize("state", ["scheduled", "cancelled", "no_quorum"])
@pytest.mark.parametrize("record", ["action", "attendance", "minutes", "decided", "correction"])
def test_meeting_with_a_record_was_held(state, record):
    held = make_meeting("2013-08-26")
    if record == "action":
        make_action(make_resolution(), on="2013-08-26", meeting=held, **DRAFT)
    elif record == "attendance":
        make_attendance(held, make_term().member)
    elif record == "minutes":
        make_minutes(held)
    elif record == "decided":
        make_minutes(make_meeting(), kind="approved", decided_at=held)
    else:
        resolution = make_resolution()
        make_text(resolution, kind="adopted")
        make_text(resolution, kind="corrected", corrected_at=held)
    changed(held, state=state, why_cancelled="Snow." if state == "cancelled" else "")

    if state == "no_quorum" and record in ("attendance", "minutes"):
        held.full_clean()  # who came, and that they were too few
    else:
        assert_refused(held, {"state": [HELD]})


def test_meeting_of_which_all_was_withdrawn_may_turn_out_not_held():
    held = make_meeting()
    make_attendance(held, make_term().member, "absent")
    make_action(make_resolution(), meeting=held).withdraw(because="Wrong.", on=DAY)
    make_minutes(held).withdraw(because="Wrong.", on=DAY)

    changed(held, state="no_quorum").full_clean()


def test_meeting_keeps_the_day_of_what_was_done_at_it():
    held = make_meeting("[2013-08-12,2013-08-19]")
    action = make_action(make_resolution(title="Ties"), on="2013-08-19", meeting=held)
    sentence = f"“{action}” happened at this meeting. Keep its organization and its date."

    assert_refused(changed(held, on="2013-08-12"), {"__all__": [sentence]})
    changed(held, on="2013-08-19").full_clean()
    Meeting.objects.filter(pk=held.pk).update(publication="draft")
    assert_clerk_reads(
        changed(held, publication="draft", organization=make_organization()), sentence
    )


def test_meeting_keeps_the_day_of_who_was_there():
    held = make_meeting("[2013-08-12,2013-08-19]")
    make_attendance(held, make_term(make_member("wood"), until="2013-08-15").member)

    assert_refused(
        changed(held, on="2013-08-19"),
        "Wood was not a member of Lansing City Council on that day. Add the term first.",
    )


def test_meeting_keeps_the_days_of_minutes():
    held, later = make_meeting("2013-08-12"), make_meeting("2013-08-26")
    minutes = make_minutes(held, kind="approved", decided_at=later, available_on="2013-08-27")

    assert_refused(
        changed(later, on="2013-08-12"),
        f"{minutes}: Only a later meeting approves or corrects these minutes.",
    )
    assert_refused(
        changed(held, on="2013-08-28"),
        f"{minutes}: Minutes come after the meeting. Correct the date.",
    )


def test_published_meeting_keeps_its_slug_and_organization():
    sentence = "This meeting is published, so its organization and its web address cannot change."

    assert_clerk_reads(changed(make_meeting(), slug="other"), sentence)
    assert_refused(changed(make_meeting(), organization=make_organization()), sentence)


def test_meeting_on_which_something_rests_is_not_withdrawn():
    held, later = make_meeting("2013-08-12"), make_meeting("2013-08-26")
    action = make_action(make_resolution(title="Ties"), on="2013-08-26", meeting=later)
    minutes = make_minutes(held, kind="approved", decided_at=later)
    resolution = make_resolution(title="Ties")
    make_text(resolution, kind="adopted")
    text = make_text(resolution, kind="corrected", corrected_at=later)
    again = make_meeting("2013-08-27", reconvened_from=later)

    with pytest.raises(ValidationError) as refusal:
        later.withdraw(because="Wrong.", on=DAY)

    sentences = [
        f"“{again}” continued this meeting. Withdraw that meeting first.",
        f"“{minutes}” were approved or corrected at this meeting. Withdraw those minutes first.",
        f"“{text}” was corrected at this meeting. Withdraw that text first.",
        f"“{action}” happened at this meeting. Withdraw that action first.",
    ]
    assert sorted(refusal.value.messages) == sorted(sentences)
    assert_loader_refuses(as_withdrawn(later), {"__all__": sentences})
    for record in (again, minutes, text, action):
        record.withdraw(because="Wrong.", on=DAY)
    Meeting.objects.get(pk=later.pk).withdraw(because="Wrong.", on=DAY)


def test_withdrawn_meeting_is_under_no_rule():
    held = make_meeting()
    Meeting.objects.filter(pk=held.pk).update(on="2099-01-01", on_earliest="2099-01-01")
    held.refresh_from_db()

    held.withdraw(because="Wrong.", on=DAY)

    assert not Meeting.objects.public().exists()


def test_meetings_are_public_with_their_organization():
    shown = make_meeting()
    hidden = make_meeting(organization=make_organization(**DRAFT))
    make_meeting(**DRAFT)

    assert list(Meeting.objects.public()) == [shown]
    assert (shown.was_public, hidden.was_public) == (True, False)
    assert str(shown) == "Lansing City Council, August 19, 2013"
    assert shown.get_absolute_url() == f"/meetings/{shown.slug}/"


def test_meeting_without_its_fields_is_asked_for_them():
    assert_clerk_reads(
        Meeting(slug="new"),
        {
            "organization": ["This field cannot be null."],
            "on": ["This field cannot be null."],
            "__all__": ["A meeting needs a date with a first possible day, such as August 2013."],
        },
    )


def test_links_of_a_meeting_are_kept_in_its_history():
    held = make_meeting()
    held.sources.add(source := make_source())

    assert [row.source for row in held.history.first().sources.all()] == [source]


@pytest.mark.parametrize(
    ("on", "state", "proposed", "decided", "expected"),
    [
        ("[2013-08-12,2013-08-19]", "held", None, None, []),
        ("2013-08-19", "cancelled", None, None, []),
        ("2013-08-19", "held", None, None, [("Proposed minutes", date(2013, 8, 29), None)]),
        (
            "2013-08-19",
            "held",
            "2013-08-22",
            "2013-08-26",
            [
                ("Proposed minutes", date(2013, 8, 29), date(2013, 8, 22)),
                ("Approved minutes", date(2013, 9, 3), date(2013, 8, 29)),
            ],
        ),
    ],
)
def test_clocks_of_a_meeting(on, state, proposed, decided, expected):
    why = "Snow." if state == "cancelled" else ""
    held = make_meeting(on, state=state, why_cancelled=why)
    if proposed:
        make_minutes(held, available_on=proposed)
    if decided:
        make_minutes(held, kind="approved", decided_at=make_meeting(decided))
    make_minutes(held, available_on="2013-08-20", **DRAFT) if state == "held" else None

    found = [(str(label), clock.due, clock.done) for label, clock in held.clocks]

    assert found == expected


# --- attendance -------------------------------------------------------------------------


def test_member_is_on_the_list_once_as_present_or_away():
    row = make_attendance(make_meeting(), make_term().member)
    again = Attendance(meeting=row.meeting, member=row.member, presence="absent")
    odd = Attendance(meeting=row.meeting, member=make_term().member, presence="asleep")

    assert_clerk_reads(again, "This member is already on the list.")
    assert_database_refuses(
        again,
        match=r"resolutions_attendance_once|attendance\.meeting_id, resolutions_attendance",
    )
    assert_refused(odd, {"presence": [NOT_CHOICE("asleep")]})
    assert_database_refuses(odd, match="resolutions_attendance_presence_known")


@pytest.mark.parametrize("state", ["scheduled", "cancelled"])
def test_nobody_was_at_a_meeting_that_was_not_held(state):
    why = "Snow." if state == "cancelled" else ""
    row = Attendance(
        meeting=make_meeting(state=state, why_cancelled=why),
        member=make_term().member,
        presence="absent",
    )

    assert_refused(
        row,
        "The meeting was not held, so it has no attendance. Change its state first.",
    )


def test_only_members_that_day_are_on_the_list():
    held = make_meeting("[2013-08-12,2013-08-19]")
    gone = make_term(make_member("gone"), until="2013-08-11").member
    elsewhere = make_term(make_member("elsewhere"), make_seat(make_organization())).member
    maybe = make_term(since="2013-08-19").member
    mute = make_term(seat=make_seat(is_voting=False)).member

    for member in (maybe, mute):
        Attendance(meeting=held, member=member, presence="present").full_clean()
    for member in (gone, elsewhere):
        assert_refused(
            Attendance(meeting=held, member=member, presence="absent"),
            {
                "member": [
                    (
                        f"{member} was not a member of Lansing City Council on that day. Add"
                        " the term first."
                    )
                ]
            },
        )


@pytest.mark.parametrize("deed", ["vote", "move", "second"])
def test_who_acted_at_the_meeting_was_there(deed):
    held, member = make_meeting(), make_term(make_member("wood")).member
    row = make_attendance(held, member)
    if deed == "vote":
        action = make_roll_call(make_resolution(title="Ties"), "n", [member], meeting=held)
    else:
        who = {"move": "mover", "second": "seconder"}[deed]
        action = make_action(make_resolution(title="Ties"), meeting=held, **{who: member})

    assert_refused(
        changed(row, presence="absent"),
        {"presence": [f"Wood voted or made a motion in “{action}”, and so was present."]},
    )
    action.withdraw(because="Wrong.", on=DAY)
    row.full_clean()


def test_list_of_a_published_meeting_is_completed_and_corrected_and_nobody_taken_off():
    held, other = make_meeting(), make_term().member
    row = make_attendance(held, make_term().member)
    sentence = (
        "This meeting is published, so you cannot remove anybody from its"
        " attendance. Add a row instead."
    )
    make_roll_call(make_resolution(), "x", [row.member], meeting=held)

    changed(row, presence="absent", note="Ill.").full_clean()
    Attendance(meeting=held, member=make_term().member, presence="present").full_clean()
    assert_clerk_reads(changed(row, member=other), sentence)
    row.refresh_from_db()
    assert_clerk_reads(changed(row, meeting=make_meeting()), sentence)
    for delete in (Attendance.objects.get().delete, Attendance.objects.all().delete):
        with pytest.raises(ProtectedError, match="A published record is never deleted"):
            delete()


def test_list_of_a_draft_is_free():
    held = make_meeting(**DRAFT)
    row = make_attendance(held, make_term().member)
    more = make_attendance(held, make_term().member)

    changed(row, member=make_term().member).full_clean()
    row.delete()
    assert Attendance.objects.all().delete()[0] == 1
    assert more.presence == "present"
    assert str(row) == f"{row.member}: Present"
    assert Attendance(meeting=held).clean() is None


# --- minutes ----------------------------------------------------------------------------


def minutes(held: Meeting | None = None, **fields) -> Minutes:
    """Draft minutes as yet unsaved, right but for what the test says."""
    usual = {"number": 9, "kind": "proposed", "available_on": date(2013, 8, 22)}
    return Minutes(**{"meeting": held or make_meeting(), "text": "It met."} | usual | fields)


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"kind": "secret"}, "resolutions_minutes_kind_known|decided_at_a_meeting", None),
        (
            {"kind": "approved"},
            "resolutions_minutes_decided_at_a_meeting",
            {
                "__all__": [
                    (
                        "Choose the meeting that approved or corrected the minutes. Leave that"
                        " blank for proposed minutes."
                    )
                ]
            },
        ),
        (
            {"number": 0},
            "resolutions_minutes_has_a_text_and_its_hash",
            {"number": ["Ensure this value is greater than or equal to 1."]},
        ),
        (
            {"text": ""},
            "resolutions_minutes_has_a_text_and_its_hash",
            {"text": ["This field cannot be blank."]},
        ),
    ],
)
def test_minutes_rule_is_kept_everywhere(wrong, constraint, sentences):
    sentences = sentences or {"kind": [NOT_CHOICE("secret")]}

    assert_refused(minutes(**wrong), sentences)
    assert_database_refuses(minutes(sha256="ab", **wrong), match=constraint)


def test_minutes_without_a_hash_are_refused_by_the_database():
    assert_database_refuses(minutes(), match="resolutions_minutes_has_a_text_and_its_hash")


@pytest.mark.parametrize(("field", "value", "constraint", "sentence"), STATES)
def test_minutes_are_in_some_state_of_publication(field, value, constraint, sentence):
    assert_clerk_reads(minutes(**{field: value}), sentence)
    assert_database_refuses(
        minutes(sha256="ab", **{field: value}),
        match={
            "publication_known": "resolutions_minutes_publication_known",
            "withdrawn_with_a_reason": "resolutions_minutes_withdrawn_with_a_reason",
        }[constraint],
    )


def test_version_of_minutes_is_there_once_and_gets_the_next_number():
    first = make_minutes(make_meeting())
    again = minutes(first.meeting, number=1, sha256="ab")

    assert_clerk_reads(again, "Somebody else added one with this number. Save again.")
    assert_database_refuses(
        again,
        match=r"resolutions_minutes_version_once|minutes\.meeting_id, resolutions_minutes\.number",
    )
    following = minutes(first.meeting, number=None)
    following.full_clean()
    assert following.number == 2


@pytest.mark.parametrize(
    ("available_on", "sentence"),
    [
        (date(2013, 8, 18), "Minutes come after the meeting. Correct the date."),
        (date(2099, 1, 1), NOT_YET),
        (date(2013, 8, 19), None),
    ],
)
def test_minutes_are_open_after_the_meeting_and_not_in_the_future(available_on, sentence):
    record = minutes(available_on=available_on)

    if sentence:
        assert_refused(record, {"available_on": [sentence]})
    else:
        record.full_clean()


@pytest.mark.parametrize("state", ["scheduled", "cancelled"])
def test_meeting_that_was_not_held_has_no_minutes(state):
    why = "Snow." if state == "cancelled" else ""
    record = minutes(make_meeting(state=state, why_cancelled=why))

    assert_refused(record, "That meeting was not held, so it has no minutes.")
    minutes(make_meeting(state="no_quorum")).full_clean()


LATER = "Only a later meeting approves or corrects these minutes."


@pytest.mark.parametrize("kind", ["approved", "corrected"])
@pytest.mark.parametrize(
    ("decided", "sentence"),
    [
        ({"on": "2013-08-26"}, None),
        ({"on": "2013-08-12"}, LATER),
        ({"on": "2013-08-19"}, LATER),
        (
            {"on": "2013-08-26", "state": "no_quorum"},
            "That meeting is on record as “No quorum”, so it could not decide anything.",
        ),
        (
            {"on": "2013-08-26", "organization": "other"},
            "That was a meeting of another organization.",
        ),
        ("itself", LATER),
    ],
)
def test_minutes_are_approved_and_corrected_at_a_later_meeting_held(kind, decided, sentence):
    held = make_meeting()
    make_minutes(held)
    if decided == "itself":
        at = held
    else:
        other = {"organization": make_organization()} if "organization" in decided else {}
        at = make_meeting(**decided | other)
    record = minutes(held, kind=kind, decided_at=at, available_on=date(2013, 9, 1))

    if sentence:
        assert_refused(record, {"decided_at": [sentence]})
    else:
        record.full_clean()


def test_minutes_are_approved_before_the_public_reads_them_as_approved():
    held, later = make_meeting(), make_meeting("2013-08-26")

    assert_refused(
        minutes(held, kind="approved", decided_at=later, available_on=date(2013, 8, 25)),
        {
            "available_on": [
                "This version cannot be public before the meeting that approved or corrected it."
            ]
        },
    )


def test_minutes_are_approved_once_and_then_corrected():
    held, later = make_meeting(), make_meeting("2013-08-26")
    fields = {"decided_at": later, "available_on": date(2013, 9, 1)}

    assert_refused(
        minutes(held, kind="corrected", **fields),
        {"kind": ["There is nothing to correct yet. Add proposed or approved minutes first."]},
    )
    first = make_minutes(held, kind="approved", **fields)
    minutes(held, kind="corrected", **fields).full_clean()
    assert_refused(
        minutes(held, kind="approved", **fields),
        {"kind": ["These minutes are already approved. Add a correction instead."]},
    )
    first.withdraw(because="Of another meeting.", on=DAY)
    minutes(held, kind="approved", **fields).full_clean()


@pytest.mark.parametrize(
    "change",
    [
        {"text": "It met twice."},
        {"kind": "proposed", "decided_at": None},
        {"available_on": date(2013, 9, 2)},
        {"number": 7},
        {"decided_at": "2013-09-01"},
        {"meeting": "2013-08-12"},
    ],
)
def test_published_minutes_are_frozen(change):
    record = make_minutes(make_meeting(), kind="approved", decided_at=make_meeting("2013-08-26"))
    for name, value in change.items():
        setattr(
            record,
            name,
            make_meeting(value) if name in ("meeting", "decided_at") and value else value,
        )

    found = None
    with pytest.raises(ValidationError) as refusal:
        record.full_clean()
    found = refusal.value.message_dict["__all__"]
    assert found == [
        (
            "This version is published, so its text cannot change. Add a correction as a"
            " new version."
        )
    ]


def test_published_minutes_are_frozen_for_the_loader_too():
    record = changed(make_minutes(make_meeting()), text="It met twice.")

    assert_refused(
        record,
        (
            "This version is published, so its text cannot change. Add a correction as a"
            " new version."
        ),
    )
    for delete in (record.delete, Minutes.objects.all().delete):
        with pytest.raises(ProtectedError, match="A published record is never deleted"):
            delete()


def test_minutes_without_their_fields_are_asked_for_them():
    found = Minutes(text="It met.")
    with pytest.raises(ValidationError) as refusal:
        found.full_clean()
    assert {"meeting", "kind", "available_on"} == set(refusal.value.message_dict)


def test_minutes_are_public_with_their_meeting_and_organization():
    shown = make_minutes(make_meeting())
    hidden = make_minutes(make_meeting(organization=make_organization(**DRAFT)))
    make_minutes(make_meeting(), **DRAFT)

    assert list(Minutes.objects.public()) == [shown]
    assert (shown.was_public, hidden.was_public) == (True, False)
    assert str(shown) == "Proposed minutes, version 1: Lansing City Council, August 19, 2013"
    assert str(minutes(shown.meeting, number=None)).startswith("Proposed minutes, version ?: ")
    assert shown.get_absolute_url() == f"{shown.meeting.get_absolute_url()}#minutes-1"


def test_withdrawn_minutes_are_under_no_rule():
    record = make_minutes(make_meeting())
    Meeting.objects.update(state="scheduled")

    Minutes.objects.get().withdraw(because="Wrong.", on=DAY)

    assert not Minutes.objects.public().exists()
    assert record.previous is None


def test_minutes_load():
    record = minutes(make_meeting(), number=1)
    load_record(record)

    assert Minutes.objects.get().kind == "proposed"


def test_attendance_of_a_meeting_without_a_day_leaves_the_word_to_the_meeting():
    meeting = Meeting(organization=council(), slug="no-day")

    with pytest.raises(ValidationError) as refusal:
        meeting.full_clean()
    Attendance(meeting=meeting, member=make_member(), presence="present").clean()

    assert refusal.value.message_dict["on"] == ["This field cannot be null."]
