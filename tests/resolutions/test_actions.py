"""Actions: what an organization can have done, in which order, where, on which text, and who."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.timezone import localdate

from cities.records.dates import RecordDate
from cities.records.publishing import Publication
from resolutions.course import UNVOTED, VOTED
from resolutions.models import Action, ActionCitation, Meeting, Resolution, Text
from tests.cities.refusals import (
    as_published,
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
    make_members,
    make_organization,
    make_resolution,
    make_roll_call,
    make_source,
    make_term,
    make_text,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": Publication.DRAFT}
DAY = date(2013, 8, 19)
NOT_CHOICE = "Value '{}' is not a valid choice.".format
VOTE = {"method": "not_recorded", "outcome": "carried"}
NO_VOTE = {"method": "", "outcome": ""}
NOT_THERE = "{} held no voting seat in Lansing City Council on that day.".format
OVERWRITTEN = (
    "This action is published, so you cannot change what it says. Withdraw it"
    " with a reason and add a new action."
)
NO_SOURCE = "An action needs a source before it is published. Add one that supports it."
FIRST_DAY = "An action needs a date with a first possible day, such as August 2013."
VOTED_ON = "Choose whether the motion passed or failed, or that we have no record."
UNEXPLAINED = "Without a record of the result, leave the deciding vote and the reason blank."
WITH_METHOD = (
    "Choose both the outcome and how it was decided, or “Not recorded” if the minutes do not"
    " say. Without a vote, leave both blank."
)
NOBODY_VOTES = (
    "There is no vote on an introduction, a signature, a veto or a resolution that dies. Leave"
    " the outcome blank."
)
NOTHING_TO_COUNT = "Nobody voted, so there is nothing to count."
CONSENT = "One “no” prevents a decision by consent. Choose “Passed”, with no vote against."
BASE = "Choose both “votes needed” and “out of”. Only a fixed number of votes has a number."
BROKEN = "Enter both the deciding vote and who cast it."


def changed(record, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    return record


def action(kind: str = "adopt", **fields) -> Action:
    """A draft action as yet unsaved, right but for what the test says."""
    usual = {"number": 9, "on": "2013-08-19", "organization": council()}
    usual["resolution"] = fields.pop("resolution", None) or make_resolution()
    return Action(**usual | (VOTE if kind in VOTED else {}) | {"kind": kind} | fields)


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"on": "../2013"}, "resolutions_action_has_a_first_day", FIRST_DAY),
        (
            {"number": 0},
            "resolutions_action_has_a_first_day",
            {"number": ["Ensure this value is greater than or equal to 1."]},
        ),
        ({"method": "shout"}, "resolutions_action_vocabulary", {"method": [NOT_CHOICE("shout")]}),
        ({"outcome": "odd"}, "resolutions_action_vocabulary", {"outcome": [NOT_CHOICE("odd")]}),
        (
            {"requirement": "luck", "base": "cast"},
            "resolutions_action_vocabulary|requirement_with_its_base",
            {"requirement": [NOT_CHOICE("luck")]},
        ),
        (
            {"requirement": "majority", "base": "people"},
            "resolutions_action_vocabulary",
            {"base": [NOT_CHOICE("people")]},
        ),
        (
            {"tie_break": "may", "tie_broken_by": "Her"},
            "resolutions_action_vocabulary",
            {"tie_break": [NOT_CHOICE("may")]},
        ),
        *(
            ({"kind": kind, **NO_VOTE}, "resolutions_action_vote_has_an_outcome", VOTED_ON)
            for kind in ("adopt", "override", "suspend_rules")
        ),
        *(
            ({"kind": kind, **VOTE}, "resolutions_action_no_vote_no_outcome", NOBODY_VOTES)
            for kind in ("introduce", "fail")
        ),
        ({"method": ""}, "resolutions_action_outcome_with_its_method", WITH_METHOD),
        *(
            (
                {"kind": "refer", **NO_VOTE, name: value},
                "resolutions_action_counts_of_a_vote",
                NOTHING_TO_COUNT,
            )
            for name, value in {
                "announced_yes": 7,
                "announced_no": 0,
                "announced_abstain": 0,
                "announced_absent": 1,
                "announced_as": "Carried.",
                "override_reason": "So.",
            }.items()
        ),
        *(
            ({"method": method, **wrong}, "resolutions_action_consent_carries", CONSENT)
            for method in ("unanimous_consent", "consent_agenda")
            for wrong in (
                {"outcome": "lost"},
                {"announced_no": 1},
                {"tie_break": "yes", "tie_broken_by": "The chair"},
            )
        ),
        ({"requirement": "majority"}, "resolutions_action_requirement_with_its_base", BASE),
        ({"base": "cast"}, "resolutions_action_requirement_with_its_base", BASE),
        (
            {"requirement": "number", "base": "seats"},
            "resolutions_action_requirement_with_its_base",
            BASE,
        ),
        (
            {"requirement": "majority", "base": "seats", "required_number": 5},
            "resolutions_action_requirement_with_its_base",
            BASE,
        ),
        (
            {"requirement": "number", "base": "seats", "required_number": 0},
            "resolutions_action_requirement_with_its_base",
            BASE,
        ),
        *(
            (
                {"outcome": "unknown", **wrong},
                "resolutions_action_unknown_outcome_is_not_explained",
                UNEXPLAINED,
            )
            for wrong in ({"override_reason": "So."}, {"tie_break": "no", "tie_broken_by": "Her"})
        ),
        ({"tie_break": "yes"}, "resolutions_action_tie_broken_by_somebody", BROKEN),
        ({"tie_broken_by": "The mayor"}, "resolutions_action_tie_broken_by_somebody", BROKEN),
    ],
)
def test_action_rule_is_kept_everywhere(wrong, constraint, sentences):
    record = action()
    if wrong.get("kind") == "override":
        make_action(record.resolution, on="2013-08-01")
        make_action(record.resolution, "veto", "2013-08-02", organization=make_organization())

    assert_refused(changed(record, **wrong), sentences)
    assert_database_refuses(record, match=constraint)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"publication": "secret"}, "resolutions_action_publication_known"),
        ({"publication": "withdrawn"}, "resolutions_action_withdrawn_with_a_reason"),
        ({"kind": "eat"}, "resolutions_action_vocabulary"),
        (
            {"kind": "refer", **NO_VOTE, "requirement": "majority", "base": "cast"},
            "resolutions_action_counts_of_a_vote",
        ),
        (
            {"kind": "refer", **NO_VOTE, "tie_break": "yes", "tie_broken_by": "Her"},
            "resolutions_action_counts_of_a_vote",
        ),
    ],
)
def test_database_refuses_an_action(fields, constraint):
    assert_database_refuses(action(**fields), match=constraint)


def test_action_is_there_once_and_gets_the_next_number():
    first = make_action(make_resolution(), "introduce")
    again = action(resolution=first.resolution, number=1)

    assert_clerk_reads(again, "Somebody else added one with this number. Save again.")
    assert_database_refuses(
        again,
        match=r"resolutions_action_number_once|action\.resolution_id, resolutions_action\.number",
    )
    following = action(resolution=first.resolution, number=None)
    following.full_clean()
    assert following.number == 2


def test_nobody_seconds_a_motion_of_their_own():
    member = make_term().member
    record = action(mover=member, seconder=member)

    assert_refused(record, "Members cannot second their own motion.")
    assert_database_refuses(record, match="resolutions_action_two_people")


def test_organization_and_date_left_out_are_those_of_the_resolution_and_the_meeting():
    record = action(organization=None, on=None, meeting=make_meeting("2013-08-12"))

    record.full_clean()

    assert (record.organization, str(record.on)) == (council(), "August 12, 2013")


def test_action_of_a_day_to_come_has_not_happened():
    tomorrow = (localdate() + timedelta(days=1)).isoformat()

    assert_refused(
        action(on=tomorrow),
        {"on": ["That date is in the future. Record an action after it happens."]},
    )
    action(on=localdate().isoformat()).full_clean()


@pytest.mark.parametrize(
    ("meeting", "sentence"),
    [
        ({}, None),
        ({"on": "[2013-08-12,2013-08-19]"}, None),
        (
            {"state": "no_quorum"},
            "That meeting is on record as “No quorum”, so it could not decide anything.",
        ),
        (
            {"state": "cancelled", "why_cancelled": "Snow."},
            "That meeting is on record as “Canceled”, so it could not decide anything.",
        ),
        (
            {"state": "scheduled"},
            "That meeting is on record as “Scheduled”, so it could not decide anything.",
        ),
        (
            {"on": "2013-08-12"},
            (
                "The date of the meeting is August 12, 2013, so the action cannot be dated August"
                " 19, 2013."
            ),
        ),
        (
            {"organization": "other"},
            (
                "That was a meeting of another organization. Choose one of the organization that"
                " acted."
            ),
        ),
    ],
)
def test_only_a_meeting_of_the_organization_that_was_held_acts(meeting, sentence):
    other = {"organization": make_organization()} if "organization" in meeting else {}
    record = action(meeting=make_meeting(**{"on": "2013-08-19"} | meeting | other))

    if sentence:
        assert_refused(record, {"meeting": [sentence]})
    else:
        record.full_clean()


OTHERWISE = "Check the dates, or first record what happened in between."


@pytest.mark.parametrize(
    ("before", "kind", "sentence"),
    [
        (
            ["withdraw"],
            "adopt",
            (
                "At that time the resolution was withdrawn, so “adopt” was not possible. There"
                " is no vote after that."
            ),
        ),
        (
            ["table"],
            "adopt",
            (
                "At that time the resolution was tabled, so “adopt” was not possible. First"
                " record that it was taken from the table."
            ),
        ),
        (
            ["adopt"],
            "adopt",
            f"At that time the resolution was adopted, so “adopt” was not possible. {OTHERWISE}",
        ),
        (
            ["adopt"],
            "withdraw",
            (
                "At that time the resolution was adopted, so “withdraw” was not possible."
                f" {OTHERWISE}"
            ),
        ),
        (
            [],
            "rescind",
            (
                "At that time the resolution was not introduced yet, so “rescind” was not"
                f" possible. {OTHERWISE}"
            ),
        ),
        (
            [],
            "correct",
            (
                "At that time the resolution was not introduced yet, so “correct” was not"
                f" possible. {OTHERWISE}"
            ),
        ),
        (
            ["introduce"],
            "introduce",
            (
                "At that time the resolution was pending, so “introduce” was not possible."
                f" {OTHERWISE}"
            ),
        ),
    ],
)
@pytest.mark.parametrize("publication", ["draft", "published"])
def test_action_comes_in_its_turn(before, kind, sentence, publication):
    record = action(kind)
    for other in before:
        make_action(record.resolution, other, "2013-08-12", publication=publication)

    assert_refused(record, {"kind": [sentence]})


def test_vote_is_not_slipped_in_before_what_it_makes_impossible():
    record = action("withdraw", on="2013-08-01")
    vote = make_action(record.resolution, "adopt", "2013-08-19")

    assert_refused(
        record,
        {
            "kind": [
                f"Then “{vote}” would not have been possible: the resolution would be withdrawn."
            ]
        },
    )


def test_fault_that_was_there_before_is_not_held_against_another_action():
    record = action("amend", on="2013-08-01")
    make_action(record.resolution, "withdraw", "2013-08-02")
    make_action(record.resolution, "adopt", "2013-08-03")

    record.full_clean()


def test_withdrawn_action_is_under_no_rule_and_in_nobody_s_way():
    record = action()
    wrong = make_action(record.resolution, "withdraw", "2013-08-12")
    Action.objects.filter(pk=wrong.pk).update(on="2099-01-01", on_earliest="2099-01-01")

    Action.objects.get().withdraw(because="Wrong.", on=DAY)

    record.full_clean()


def test_organization_does_not_veto_its_own_resolution():
    record = action("veto")
    make_action(record.resolution, on="2013-08-12")

    assert_refused(
        record,
        {
            "organization": [
                (
                    "An organization cannot veto its own resolution. Choose who vetoed it, such as"
                    " the mayor."
                )
            ]
        },
    )
    changed(record, organization=make_organization()).full_clean()


@pytest.mark.parametrize("kind", ["adopt", "reconsider", "rescind", "correct"])
def test_no_other_organization_decides_in_its_place(kind):
    record = action(kind, organization=make_organization("committee"))
    if kind != "adopt":
        make_action(record.resolution, on="2013-08-12")
    words = record.get_kind_display()

    assert_refused(
        record,
        {
            "organization": [
                f"Only Lansing City Council can do this with its own resolution: {words}."
            ]
        },
    )


@pytest.mark.parametrize("kind", ["recommend", "recommend_against", "report"])
@pytest.mark.parametrize("vote", [{}, VOTE])
def test_committee_recommends_with_a_vote_on_record_or_without(kind, vote):
    record = action(kind, organization=make_organization("committee"), **vote)
    make_action(record.resolution, "refer", "2013-08-12")

    load_record(record)

    assert Resolution.objects.with_course(DAY).get().course.status == "referred"


def test_what_became_of_a_resolution_is_not_recommended():
    record = action("recommend")
    make_action(record.resolution, on="2013-08-12")

    sentence = (
        "At that time the resolution was adopted, so “recommend adoption” was not possible."
        f" {OTHERWISE}"
    )
    assert_refused(record, {"kind": [sentence]})


@pytest.mark.parametrize("kind", ["sign", "unsigned"])
def test_only_what_was_adopted_is_signed_or_let_stand(kind):
    record = action(kind, organization=make_organization("mayor"))

    words = record.get_kind_display()
    sentence = (
        f"At that time the resolution was not introduced yet, so “{words}” was not possible."
        f" {OTHERWISE}"
    )
    assert_refused(record, {"kind": [sentence]})
    make_action(record.resolution, on="2013-08-12")
    voted = changed(record, **VOTE)
    assert_database_refuses(voted, match="resolutions_action_no_vote_no_outcome")
    assert_refused(voted, {"__all__": [NOBODY_VOTES]})
    load_record(changed(record, **NO_VOTE))


def test_rules_are_suspended_by_a_vote_before_and_after_a_failure():
    record = action("suspend_rules", **VOTE)
    make_action(record.resolution, on="2013-08-12", outcome="lost")

    load_record(record)
    again = action("reconsider", resolution=record.resolution, number=10)
    again.full_clean()


NO_EFFECT = (
    "A motion that failed has no effect. Leave the date it takes effect and the last day for a"
    " veto blank."
)
NO_VETO = (
    "Only an adoption can be vetoed, and only after it. Correct the last day for a veto, or leave"
    " it blank."
)


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentence"),
    [
        (
            {"outcome": "lost", "effective": "2013-09"},
            "resolutions_action_lost_has_no_effect",
            NO_EFFECT,
        ),
        (
            {"outcome": "lost", "veto_until": "2013-09"},
            "resolutions_action_lost_has_no_effect",
            NO_EFFECT,
        ),
        ({"veto_until": "2013-08-18"}, "resolutions_action_veto_after_adoption", NO_VETO),
        (
            {"kind": "amend", "veto_until": "2013-09"},
            "resolutions_action_veto_after_adoption",
            NO_VETO,
        ),
    ],
)
def test_dates_of_a_decision_are_those_of_one(wrong, constraint, sentence):
    record = action(**wrong)

    assert_database_refuses(record, match=constraint)
    assert_refused(record, {"__all__": [sentence]})


@pytest.mark.parametrize(
    "dates",
    [
        {"effective": "2012", "veto_until": "2013-08-19"},
        {"effective": "2099-01-01", "veto_until": "2013-08-26/.."},
        {"kind": "amend", "effective": "2013-09"},
        {"outcome": "unknown", "effective": "2013-09", "veto_until": "2013-08"},
    ],
)
def test_dates_of_a_decision_are_what_the_record_says(dates):
    load_record(action(**dates))


def test_committee_may_amend():
    action("amend", organization=make_organization("committee")).full_clean()


# --- on which words ---------------------------------------------------------------------


def test_text_of_an_action_is_one_of_its_resolution():
    assert_refused(
        action(text=make_text(make_resolution())),
        {"text": ["That text belongs to another resolution. Choose one of this resolution."]},
    )


def adoption(**fields) -> Action:
    """A draft adoption, ready to be published but for what the test says."""
    return make_action(fields.pop("resolution", None) or make_resolution(), **fields, **DRAFT)


def test_adoption_says_which_of_the_texts_on_record_was_adopted():
    record = adoption()
    first = make_text(record.resolution)

    assert_refused(as_published(record), {"text": ["Say which version of the text was adopted."]})
    first.withdraw(because="Of another resolution.", on=DAY)
    record.full_clean()


def test_adoption_of_a_text_not_found_is_published():
    record = adoption()

    load_record(as_published(record))

    assert Action.objects.get().is_published


def test_adoption_is_on_the_adopted_text():
    record = adoption()
    introduced = make_text(record.resolution, "RESOLVED, that it is so.")
    adopted = make_text(record.resolution, "RESOLVED, otherwise.", kind="adopted")

    assert_refused(
        changed(as_published(record), text=introduced),
        {
            "text": [
                (
                    "Version 2 is on record as adopted, and its wording is different. Choose that"
                    " version."
                )
            ]
        },
    )
    changed(record, text=adopted).full_clean()
    same = adoption()
    chosen = make_text(same.resolution)
    make_text(same.resolution, kind="adopted")
    changed(as_published(same), text=chosen).full_clean()  # the words are the same


def test_adoption_is_on_no_correction_and_no_withdrawn_text():
    record = adoption()
    adopted = make_text(record.resolution, kind="adopted")
    later = make_meeting("2013-08-26")
    correction = make_text(record.resolution, kind="corrected", corrected_at=later)

    assert_refused(
        changed(as_published(record), text=correction),
        {"text": ["A correction comes after the vote. Choose the version that was voted on."]},
    )
    Text.objects.filter(pk=adopted.pk).update(
        publication="withdrawn", withdrawn_on=DAY, withdrawn_because="Wrong."
    )
    adopted.refresh_from_db()
    assert_refused(
        changed(record, text=adopted),
        {"text": ["That version was withdrawn. Choose the one that was voted on."]},
    )


def test_adoption_came_before_its_corrections():
    record = adoption()
    adopted = make_text(record.resolution, kind="adopted")
    late = {"on": "2013-08-26", "on_earliest": "2013-08-26", "on_latest": "2013-08-26"}
    early = {"on": "2013-08-12", "on_earliest": "2013-08-12", "on_latest": "2013-08-12"}
    make_text(record.resolution, kind="corrected", corrected_at=make_meeting("2013-08-26"))
    Meeting.objects.update(**early)

    assert_refused(
        changed(as_published(record), text=adopted),
        {"text": ["A correction from an earlier meeting is on record. Check the dates."]},
    )
    Meeting.objects.update(**late)
    changed(Action.objects.get(), text=adopted, publication="published").full_clean()


@pytest.mark.parametrize("kind", ["adopt", "fail", "withdraw"])
def test_resolution_with_an_adopted_text_did_not_fail(kind):
    fields = {"outcome": "lost"} if kind == "adopt" else {}
    record = adoption(kind=kind, **fields)
    text = make_text(make_resolution(), kind="adopted")
    Text.objects.filter(pk=text.pk).update(resolution=record.resolution)

    assert_refused(
        as_published(record),
        {"kind": ["A text is on record as adopted. Withdraw that text first."]},
    )
    Text.objects.update(publication="withdrawn", withdrawn_on=DAY, withdrawn_because="Wrong.")
    record.full_clean()


# --- who acted ----------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["mover", "seconder"])
def test_mover_and_seconder_held_a_seat(role):
    stranger, gone = make_member("stranger"), make_term(make_member("gone"), until="2012").member

    for member in (stranger, gone):
        assert_refused(action(**{role: member}), {"mover": [NOT_THERE(member)]})


@pytest.mark.parametrize("role", ["mover", "seconder"])
@pytest.mark.parametrize("presence", ["absent", "excused"])
def test_mover_and_seconder_were_there(role, presence):
    held, member = make_meeting(), make_term(make_member("wood")).member
    make_attendance(held, member, presence)

    assert_refused(
        action(meeting=held, **{role: member}),
        {"mover": ["Wood was absent, and could not move or second."]},
    )


@pytest.mark.parametrize("choice", ["absent", "excused"])
def test_who_moved_was_not_absent_from_the_vote(choice):
    first, other = make_members(2)
    record = make_roll_call(make_resolution(), "xy", [first, other], **DRAFT)
    record.ballots.filter(member=first).update(choice=choice)

    assert_refused(
        changed(record, mover=first, seconder=other),
        {"mover": [f"{first} was absent, and could not move or second."]},
    )


def test_mover_who_may_have_held_a_seat_is_taken():
    member = make_term(since="2013-08-15").member

    action(on="[2013-08-12,2013-08-19]", mover=member).full_clean()


# --- what stands behind it, and what stays ----------------------------------------------


def test_action_needs_a_source_before_it_is_published():
    record = adoption()
    source = ActionCitation.objects.get().source

    ActionCitation.objects.update(role="disputes")
    assert_refused(as_published(record), NO_SOURCE)
    ActionCitation.objects.update(role="supports")
    record.full_clean()
    source.withdraw(because="Wrong.", on=DAY)
    assert_refused(record, NO_SOURCE)
    assert_clerk_reads(action(publication="published"), NO_SOURCE)


def test_source_that_stands_alone_behind_an_action_is_not_withdrawn():
    record = make_action(make_resolution(title="Ties"))
    source = record.citations.get().source
    sentence = (
        f"“{record}” has no other source that supports it. Add another source first, or"
        " withdraw that record."
    )

    assert_refused(as_withdrawn(source), sentence)
    source.refresh_from_db()
    ActionCitation.objects.create(action=record, source=make_source())
    source.withdraw(because="Wrong.", on=DAY)
    record.refresh_from_db()
    record.full_clean()


def test_source_of_a_withdrawn_resolution_may_go():
    record = make_action(make_resolution())
    record.resolution.withdraw(because="Wrong.", on=DAY)

    record.citations.get().source.withdraw(because="Wrong.", on=DAY)

    Action.objects.get().full_clean()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "override"},
        {"on": "2013-08-12"},
        {"organization": "organization"},
        {"resolution": "other"},
        {"number": 7},
        {"method": "voice"},
        {"outcome": "lost"},
        {"counts_abstentions": True},
        {"tie_break": "yes", "tie_broken_by": "The mayor"},
        {"meeting": None},
        {"text": None},
        {"mover": None},
        {"seconder": "member"},
        {"requirement": "two_thirds"},
        {"base": "cast"},
        {"announced_yes": 6},
        {"announced_yes": None},
        {"announced_no": 1},
        {"announced_as": "Motion lost."},
        {"agenda_label": "X"},
        {"is_late_item": True},
        {"effective": "2014"},
        {"effective": None},
        {"veto_until": "2013-08-27"},
    ],
)
def test_published_action_is_never_overwritten(change):
    mover, seconder = make_term().member, make_term().member
    resolution = make_resolution()
    record = make_action(
        resolution,
        meeting=make_meeting(),
        text=make_text(resolution),
        mover=mover,
        seconder=seconder,
        requirement="majority",
        base="seats",
        announced_yes=7,
        announced_no=0,
        announced_as="Motion carried.",
        agenda_label="X.B.2",
        effective="2013-09",
        veto_until="2013-08-26",
    )
    named = {
        "organization": make_organization(),
        "other": make_resolution(),
        "member": make_term().member,
    }
    changed(record, **{name: named.get(value, value) for name, value in change.items()})

    with pytest.raises(ValidationError) as refusal:
        record.full_clean()
    assert OVERWRITTEN in refusal.value.message_dict["__all__"]


def test_published_action_is_kept_by_the_loader_too_and_never_deleted():
    record = make_action(make_resolution())

    assert_refused(changed(record, outcome="lost"), OVERWRITTEN)
    for delete in (record.delete, Action.objects.all().delete):
        with pytest.raises(ProtectedError, match="A published record is never deleted"):
            delete()


def test_what_was_not_known_of_a_published_action_is_filled_in():
    record = make_action(make_resolution())
    mover, seconder = make_term().member, make_term().member
    found = {
        "meeting": make_meeting(),
        "text": make_text(record.resolution),
        "mover": mover,
        "seconder": seconder,
        "announced_yes": 7,
        "announced_no": 0,
        "announced_as": "Carried.",
        "agenda_label": "X.B.2",
        "effective": RecordDate.parse("2013-09"),
        "veto_until": RecordDate.parse("2013-08-26"),
        "note": "In few words.",
    }

    load_record(changed(record, **found))

    record.refresh_from_db()
    assert {name: getattr(record, name) for name in found} == found


def test_action_is_published_after_its_resolution():
    record = make_action(make_resolution(title="Ties", **DRAFT), **DRAFT)

    with pytest.raises(ValidationError) as refusal:
        record.publish()

    assert refusal.value.message_dict == {
        "resolution": ["Publish “Ties” first. It is still a draft."]
    }
    assert record.is_draft


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        (
            {"role": "mentions"},
            "resolutions_actioncitation_role_known",
            {"role": [NOT_CHOICE("mentions")]},
        ),
        (
            {},
            r"resolutions_actioncitation_once|actioncitation\.action_id",
            "This source is already listed.",
        ),
    ],
)
def test_citation_rule_is_kept_by_clerk_and_database(wrong, constraint, sentences):
    cited = make_action(make_resolution()).citations.get()
    fields = {"action": cited.action, "source": cited.source, "role": "supports"} | wrong

    assert_clerk_reads(ActionCitation(**fields), sentences)
    assert_database_refuses(ActionCitation(**fields), match=constraint)


KEPT = (
    "This record is published, so you cannot change or remove its sources. Add another source"
    " instead."
)


@pytest.mark.parametrize("field", ["role", "source", "action"])
def test_citation_of_a_published_action_keeps_its_source_and_role(field):
    cited = make_action(make_resolution()).citations.get()
    new = {
        "role": "disputes",
        "source": make_source(),
        "action": make_action(make_resolution(), **DRAFT),
    }

    assert_clerk_reads(changed(cited, **{field: new[field]}), KEPT)
    for delete in (ActionCitation.objects.all().delete, ActionCitation.objects.first().delete):
        with pytest.raises(ProtectedError, match="A published record is never deleted"):
            delete()


def test_citation_of_a_draft_may_change_and_go():
    cited = make_action(make_resolution(), **DRAFT).citations.get()

    changed(cited, role="disputes", source=make_source()).full_clean()
    assert str(ActionCitation(source=make_source(title="Minutes"), role="disputes")) == (
        "Disputes: Minutes"
    )
    cited.delete()
    cited = make_action(make_resolution(), **DRAFT).citations
    assert cited.all().delete()[0] == 1


def test_another_source_is_added_to_a_published_action():
    cited = make_action(make_resolution()).citations.get()

    load_record(ActionCitation(action=cited.action, source=make_source(), role="disputes"))
    load_record(changed(cited, locator="p. 3", says="Gives the day."))

    assert [c.role for c in ActionCitation.objects.all()] == ["disputes", "supports"]
    assert ActionCitation.objects.supporting().get().locator == "p. 3"


def test_actions_are_public_with_their_resolution_and_organization():
    shown = make_action(make_resolution("relationships", title="Ties"))
    hidden = make_action(make_resolution(organization=make_organization(**DRAFT)))
    make_action(make_resolution(), **DRAFT)

    assert list(Action.objects.public()) == [shown]
    assert (shown.was_public, hidden.was_public) == (True, False)
    assert str(shown) == "Ties, action 1: adopt, August 19, 2013"
    assert str(action(resolution=shown.resolution, number=None)) == (
        "Ties, action ?: adopt, August 19, 2013"
    )
    assert shown.get_absolute_url() == "/resolutions/relationships/#action-1"
    assert shown.ref == "relationships-1"


def test_action_without_its_fields_is_asked_for_them():
    with pytest.raises(ValidationError) as refusal:
        Action(kind="introduce").full_clean()

    assert refusal.value.message_dict == {
        "resolution": ["This field cannot be null."],
        "on": ["This field cannot be null."],
        "__all__": [FIRST_DAY],
    }
    assert len(UNVOTED) == 5
    assert_loader_refuses(action("introduce", on="../2013"), FIRST_DAY)
