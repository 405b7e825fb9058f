"""The clerk's forms: what they fill in, show and refuse, and what waits on the clerk."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.records.tasks import TASKS_SHOWN
from resolutions.models import (
    Action,
    Attendance,
    Ballot,
    Meeting,
    Member,
    Relation,
    Resolution,
    Text,
)
from tests import factories as make
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import at, browser, everything
from tests.reading import links_of
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

DRAFT = {"publication": "draft"}
WHY = {"change_reason": "Because."}
PLEASE = ("Please correct the error below.", "Please correct the errors below.")


@pytest.fixture
def clerk():
    return browser("Council clerk")


def assert_refused(client, url, changes, said):
    given, before = form_of(client, url) | changes, everything()
    page = client.post(url, given)
    assert page.status_code == 200, page
    assert everything() == before
    note, *found = sentences(page)
    assert note in PLEASE
    assert found == said, found


def rows(prefix, *parts):
    """What a form sends for new parts of a record."""
    sent = {
        f"{prefix}-{number}-{name}": str(value)
        for number, part in enumerate(parts)
        for name, value in part.items()
    }
    return {f"{prefix}-TOTAL_FORMS": str(len(parts)), **sent}


# --- Relations ------------------------------------------------------------------------------


def test_form_that_rescinds_and_keeps_the_same_resolution_is_refused(clerk):
    other = make.make_resolution("other")
    url = at(make.make_resolution("order", **DRAFT))
    both = [{"kind": kind, "other": other.pk} for kind in ("rescinds", "rescinds_all_except")]

    said = (
        "A resolution rescinds another one or keeps it, not both. Remove one of the two relations."
    )
    assert_refused(clerk, url, rows("relations", *both), [said])
    assert clerk.post(url, form_of(clerk, url) | rows("relations", both[1])).status_code == 302
    assert [str(relation) for relation in Relation.objects.all()] == [
        "Order rescinds all others except Other"
    ]


# --- Meetings -------------------------------------------------------------------------------


def test_new_meeting_of_a_day_when_nobody_is_known_to_sit_has_no_roll(clerk):
    form = form_of(clerk, at(Meeting, "add"))
    form |= {"organization": str(make.council().pk), "on": "2013-08-19"}

    answer = clerk.post(at(Meeting, "add"), form)

    meeting = Meeting.objects.get()
    assert (answer.status_code, answer.url) == (302, at(Meeting, "changelist"))
    assert not meeting.attendance.exists()
    assert [
        sentence for sentence in sentences(clerk.get(at(meeting))) if "present" in sentence
    ] == []


def test_new_meeting_gets_its_slug_and_the_roll_of_its_day(clerk):
    members = make.make_members(3)
    make.make_meeting("2013-08-12", slug="lansing-city-council-2013-08-19")
    form = form_of(clerk, at(Meeting, "add")) | {"on": "2013-08-19"}

    answer = clerk.post(at(Meeting, "add"), form)

    meeting = Meeting.objects.get(publication="draft")
    assert (answer.status_code, answer.url) == (302, at(meeting))
    assert (meeting.organization, meeting.slug) == (
        make.council(),
        "lansing-city-council-2013-08-19-2",
    )
    assert dict(meeting.attendance.values_list("member", "presence")) == {
        member.pk: "present" for member in members
    }
    assert sentences(clerk.get(at(meeting)))[:1] == [
        "3 members in office that day are listed as present. Mark who was absent."
    ]


@pytest.mark.parametrize("model", [Meeting, Resolution])
def test_new_record_begins_with_the_council_of_the_home_city(clerk, model):
    make.make_register()
    otsu = make.make_organization("otsu-city-council", place=make.make_city("otsu"))
    make.make_meeting(organization=otsu)
    make.make_resolution(organization=otsu)
    assert form_of(clerk, at(model, "add"))["organization"] == str(otsu.pk)

    council = make.council()

    assert form_of(clerk, at(model, "add"))["organization"] == str(council.pk)
    chosen = clerk.get(at(model, "add"), {"organization": otsu.pk}).context["adminform"].form
    assert chosen["organization"].value() == str(otsu.pk)


def test_meeting_that_is_only_scheduled_has_no_roll(clerk):
    make.make_members(3)
    make.council()
    form = form_of(clerk, at(Meeting, "add")) | {
        "organization": str(make.council().pk),
        "on": "2013-08-19",
        "state": "scheduled",
        "slug": "own",
    }

    assert clerk.post(at(Meeting, "add"), form).status_code == 302
    assert Meeting.objects.get().slug == "own"
    assert not Attendance.objects.exists()


def test_roll_is_filled_in_on_demand_beside_what_is_there(clerk):
    one, two = make.make_members(2)
    meeting = make.make_meeting(**DRAFT)
    make.make_attendance(meeting, one, "absent")

    answer = clerk.post(at(meeting), form_of(clerk, at(meeting)) | {"_roll": "Save"})

    assert (answer.status_code, answer.url) == (302, at(meeting))
    found = dict(meeting.attendance.values_list("member", "presence"))
    assert found == {one.pk: "absent", two.pk: "present"}


def test_meeting_without_a_day_is_refused(clerk):
    form = {"organization": str(make.council().pk), "on": ""}

    assert_refused(clerk, at(Meeting, "add"), form, ["This field is required."])


@pytest.mark.parametrize("new", [True, False])
def test_who_was_no_member_that_day_is_not_on_the_roll(clerk, new):
    make.make_members(2)
    stranger = make.make_member("a-stranger")
    part = {"member": stranger.pk, "presence": "present"}
    url = at(Meeting, "add") if new else at(make.make_meeting("2013-08-12", **DRAFT))
    given = {"organization": str(make.council().pk), "on": "2013-08-12"} if new else {}

    assert_refused(
        clerk,
        url,
        given | rows("attendance", part),
        ["A Stranger was not a member of Lansing City Council on that day. Add the term first."],
    )


def test_meeting_shows_its_minutes_and_its_clocks(clerk):
    meeting = make.make_meeting("2013-08-19")
    decided = make.make_meeting("2013-09-09")
    make.make_minutes(meeting, available_on="2013-08-30")
    make.make_minutes(meeting, kind="approved", available_on="2013-09-12", decided_at=decided)
    words = text(clerk.get(at(meeting)))

    assert (
        "Proposed minutes: available to the public on August 30, 2013, late. Due August 29, 2013."
    ) in words
    assert (
        "Approved minutes: available to the public on September 12, 2013. Due September 16, 2013."
    ) in words
    assert "Proposed, version 1 (published)" in words


# --- Members ----------------------------------------------------------------------------------


def term(**fields):
    return {
        "organization": make.council().pk,
        "since": "2010-01-01",
        "source": make.make_source().pk,
        **fields,
    }


def member(*terms):
    named = {"name": "Ana", "slug": "ana", "sort_name": "Ana"}
    return named | rows("terms", *terms)


def test_new_member_comes_with_a_term(clerk):
    form = form_of(clerk, at(Member, "add")) | member(term(seat=make.make_seat().pk))

    assert clerk.post(at(Member, "add"), form).status_code == 302
    assert Member.objects.get().terms.get().organization == make.council()


def test_new_member_comes_with_terms_one_after_the_other(clerk):
    first = term(seat=make.make_seat().pk, until="2013-12-31")
    second = term(seat=make.make_seat().pk, since="2014-01-01")

    sent = form_of(clerk, at(Member, "add")) | member(first, second)

    assert clerk.post(at(Member, "add"), sent).status_code == 302
    assert [str(one.since) for one in Member.objects.get().terms.all()] == [
        "January 1, 2010",
        "January 1, 2014",
    ]


def test_term_of_a_new_member_is_held_against_the_record(clerk):
    taken = make.make_term(make.make_member("bo"))
    elsewhere = make.make_seat(make.make_organization())

    for given, said in [
        (
            [term(seat=taken.seat.pk)],
            [
                (
                    f"{taken} is on record for the same time (January 1, 2010 – today). End that"
                    " term first, or correct the dates."
                )
            ],
        ),
        (
            [term(seat=elsewhere.pk)],
            ["That seat belongs to another organization. Choose one of this organization."],
        ),
        (
            [term(), term(since="2012")],
            [("Two of these terms in one organization overlap. Give the first one an end date.")],
        ),
    ]:
        assert_refused(clerk, at(Member, "add"), member(*given), said)


# --- Actions and resolutions: what did not happen ----------------------------------------------


def action(resolution, **fields):
    return {
        "resolution": str(resolution.pk),
        "kind": "adopt",
        "on": "2013-08-19",
        "method": "roll_call",
        "outcome": "carried",
        **fields,
        "citations-TOTAL_FORMS": "0",
    }


def test_action_has_the_day_of_its_meeting(clerk):
    meeting, resolution = make.make_meeting("2013-08-19"), make.make_resolution()
    given = action(resolution, on="", meeting=str(meeting.pk))

    answer = clerk.post(at(Action, "add"), form_of(clerk, at(Action, "add")) | given)

    assert answer.status_code == 302
    assert Action.objects.get().on == meeting.on


FAULTS = {
    "no day": ({"on": ""}, ["Enter the date, or choose the meeting."]),
    "a day that never was": (
        {"on": "2013-02-30"},
        None,
    ),
    "a day to come": (
        {"on": "2126-01-01"},
        ["That date is in the future. Record an action after it happens."],
    ),
    "a day without a beginning": (
        {"on": "[..2013-08-19]"},
        ["An action needs a date with a first possible day, such as August 2013."],
    ),
    "out of order": (
        {"kind": "rescind"},
        [
            (
                "At that time the resolution was not introduced yet, so “rescind” was not"
                " possible. Check the dates, or first record what happened in between."
            )
        ],
    ),
    "an outcome without how": (
        {"method": ""},
        [
            (
                "Choose both the outcome and how it was decided, or “Not recorded” if the"
                " minutes do not say. Without a vote, leave both blank."
            )
        ],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_action_that_was_not_so_is_refused(clerk, fault):
    changes, said = FAULTS[fault]
    given = action(make.make_resolution()) | changes
    if said is None:
        before = everything()
        page = clerk.post(at(Action, "add"), form_of(clerk, at(Action, "add")) | given)
        assert "is not a date that we can read" in sentences(page)[1]
        assert everything() == before
    else:
        assert_refused(clerk, at(Action, "add"), given, said)


@pytest.mark.parametrize("new", [True, False])
def test_vote_of_a_stranger_and_second_vote_are_refused(clerk, new):
    one, __ = make.make_members(2)
    stranger = make.make_member("a-stranger")
    resolution = make.make_resolution()
    url, prefix = at(Action, "add"), action(resolution)
    if not new:
        draft = make.make_action(resolution, method="roll_call", **DRAFT)
        url, prefix = at(draft), {}
    for votes, said in [
        (
            [{"member": stranger.pk, "choice": "yes"}],
            ["A Stranger held no voting seat in Lansing City Council on that day."],
        ),
        (
            [{"member": one.pk, "choice": "yes"}] * 2,
            ["Please correct the duplicate data for member."],
        ),
    ]:
        given, before = form_of(clerk, url) | prefix | rows("ballots", *votes), everything()
        page = clerk.post(url, given)
        assert page.status_code == 200
        assert everything() == before
        assert said[0] in sentences(page)


def test_votes_of_a_published_action_stay_as_they_were_cast(clerk):
    members = make.make_members(2)
    done = make.make_roll_call(make.make_resolution(), "yn", members)
    form = form_of(clerk, at(done)) | WHY
    before = [*Ballot.objects.order_by("pk").values()]

    clerk.post(at(done), form | {"ballots-0-choice": "no", "ballots-1-DELETE": "on"})

    assert [*Ballot.objects.order_by("pk").values()] == before


def test_adopted_text_is_not_edited_and_not_added_twice(clerk):
    resolution = make.make_resolution()
    adopted = make.make_text(resolution, kind="adopted")
    form = form_of(clerk, at(adopted)) | WHY

    assert "text" not in form
    assert clerk.post(at(adopted), form | {"text": "RESOLVED, that not."}).status_code == 302
    adopted.refresh_from_db()
    assert adopted.text == "RESOLVED, that it is so."
    second = {"resolution": str(resolution.pk), "kind": "adopted", "text": "RESOLVED, that not."}
    assert_refused(
        clerk,
        at(Text, "add"),
        second,
        ["There is already an adopted text. Add a correction instead."],
    )


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("none", ["There is no number in this. Write it as printed: #2018-001."]),
        ("#12", ["Enter the year of the number. The printed number does not include it."]),
        (
            "Resolution 2013-7",
            [
                (
                    "This organization already used this number in that year. A number is never"
                    " used again."
                )
            ],
        ),
    ],
)
def test_number_that_cannot_be_is_refused(clerk, number, said):
    make.make_resolution(number="#2013-007", number_year=2013, number_serial=7)
    given = {"title": "New", "slug": "new", "number": number}

    assert_refused(clerk, at(Resolution, "add"), given, said)


@pytest.mark.parametrize("typed", ["2013-7", "#2013-007", "Resolution 2013-007", "sister"])
@pytest.mark.parametrize("model", ["resolution", "text", "action", "effect", "reply"])
def test_search_finds_a_resolution_by_any_spelling_of_its_number(clerk, typed, model):
    found = make.make_resolution(
        title="Sister city", number="#2013-007", number_year=2013, number_serial=7
    )
    other = make.make_resolution(number="#2013-008", number_year=2013, number_serial=8)
    for resolution in (found, other):
        make.make_text(resolution)
        make.make_action(resolution, "refer")
        make.make_reply(make.make_effect(resolution))

    page = clerk.get(reverse(f"admin:resolutions_{model}_changelist"), {"q": typed})

    [row] = page.context["cl"].result_list
    at_row = {"resolution": lambda: row, "reply": lambda: row.effect.resolution}
    assert at_row.get(model, lambda: row.resolution)() == found


def test_list_and_form_show_the_status_that_follows_from_the_actions(clerk):
    resolution = make.make_resolution(title="End the tie")
    make.make_action(resolution, "adopt", "2013-08-19")
    make.make_text(resolution)
    make.make_effect(resolution)
    listed = text(clerk.get(at(Resolution, "changelist")))
    shown = text(clerk.get(at(resolution)))

    assert "No record End the tie Lansing City Council Resolution adopted Published" in listed
    assert "adopted, August 19, 2013" in shown
    assert "August 19, 2013: adopt, passed (not recorded, published)" in shown
    assert "urges the commission to end the tie (published)" in shown


def test_pasted_text_is_shown_in_the_clauses_that_were_found(clerk):
    version = make.make_text(
        make.make_resolution(), "WHEREAS, it is; and\nNOW, THEREFORE, BE IT RESOLVED, that so."
    )

    words = text(clerk.get(at(version)))

    assert "Whereas, clause 1 WHEREAS, it is; and" in words
    assert "Resolved, clause 1 NOW, THEREFORE, BE IT RESOLVED, that so." in words


@pytest.mark.parametrize("role", ["Council clerk", "Commission staff"])
def test_number_in_an_address_prefills_no_draft_that_one_may_not_see(role):
    secret = make.make_organization(name="Secretville", **DRAFT)
    client = browser(role)

    page = client.get(at(Resolution, "add"), {"organization": secret.pk})

    assert "Secretville" not in page.content.decode()


def test_clerk_has_no_form_for_standing(clerk):
    relationship = make.make_partnership()
    entry = relationship.entries.get()

    for record in (relationship, entry):
        assert clerk.get(at(type(record), "add")).status_code == 403
        assert "_save" not in clerk.get(at(record)).content.decode()


# --- To do --------------------------------------------------------------------------------------


@pytest.fixture
@remembered
def to_do():
    """One thing of each kind that is left to do, on November 24, 2026."""
    make.make_meeting("2026-11-09")
    make.make_meeting("2013-08-19", **DRAFT)
    approved, deciding = make.make_meeting("2026-10-19"), make.make_meeting("2026-11-19")
    make.make_minutes(approved, available_on="2026-10-20")
    make.make_minutes(deciding, available_on="2026-11-20")
    make.make_minutes(
        approved,
        kind="approved",
        available_on="2026-11-20",
        decided_at=deciding,
        **DRAFT,
    )
    numbered = {"number_year": 2026}
    make.make_resolution(number="#2026-002", number_serial=2, **numbered)  # 1 is no task
    make.make_resolution(number="#2026-005", number_serial=5, **numbered)
    request = make.make_resolution(title="End the tie")
    make.make_action(request, "adopt", "2013-08-19")
    make.make_effect(request, addressed_to=make.make_organization("commission"))
    answered = make.make_effect(request, addressed_to=make.make_organization())
    make.make_reply(answered)


def test_first_page_lists_what_the_clerk_has_to_do(to_do, clerk, monkeypatch):
    monkeypatch.setattr("lrscc.admin_site.localdate", lambda: date(2026, 11, 24))
    page = clerk.get(reverse("admin:index"))

    assert [
        (each.heading, [task.sentence for task in each.tasks])
        for each in page.context["task_lists"]
    ] == [
        ("Drafts", ["1 meeting", "1 minutes"]),
        (
            "Minutes due under the Open Meetings Act",
            [
                (
                    "Lansing City Council, November 9, 2026. Proposed minutes: due November 20,"
                    " 2026, 2 business days late."
                ),
                (
                    "Lansing City Council, October 19, 2026. Approved minutes: due November 30,"
                    " 2026, 2 business days left."
                ),
                "1 meeting before November 23, 2025 has no minutes on record.",
            ],
        ),
        ("Adopted resolutions without a number", ["End the tie, adopted August 19, 2013"]),
        ("Requests without a reply on record", ["End the tie: no reply from Commission"]),
    ]
    words = text(page)
    assert "To do" in words
    assert [link for link in links_of(page) if "publication__exact" in link] == [
        "/admin/resolutions/meeting/?publication__exact=draft",
        "/admin/resolutions/minutes/?publication__exact=draft",
    ]
    assert "End the tie: no reply from Commission" in words


@pytest.mark.parametrize("role", ["Commission staff", "Commissioner", "Administrator"])
def test_first_page_shows_others_nothing_of_it(to_do, role):
    lists = browser(role).get(reverse("admin:index")).context["task_lists"]
    assert {str(each.heading) for each in lists} <= {"Drafts", "Sources without a file or a link"}


def test_first_page_has_no_list_where_nothing_is_to_do(clerk):
    assert "To do" not in text(clerk.get(reverse("admin:index")))


def test_first_page_asks_no_more_for_thirty_of_everything_than_for_one(to_do, clerk):
    def query_count():
        clerk.get(reverse("admin:index"))
        with CaptureQueriesContext(connection) as queries:
            page = clerk.get(reverse("admin:index"))
        return len(queries), text(page)

    few, __ = query_count()
    for number in range(TASKS_SHOWN + 5):
        make.make_meeting(f"2026-09-{number + 1:02}")
        one = make.make_resolution()
        make.make_action(one, "adopt", "2013-08-19")
        make.make_effect(one, addressed_to=make.make_organization())
        make.make_resolution(
            number=f"#{1990 + number}-9", number_year=1990 + number, number_serial=9
        )
    many, words = query_count()

    assert many == few
    assert "and 8 more" in words  # meetings
    assert "and 6 more" in words  # replies


def test_form_and_deletion_of_a_resolution_ask_a_fixed_number_of_queries(clerk):
    """Each list that names records takes two more: one for the form, one for its menu."""
    one = make.make_resolution(**DRAFT)
    addresses = [at(one, "change"), at(one, "delete")]

    def counts():
        for address in addresses:
            clerk.get(address)
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert clerk.get(address).status_code == 200
            found.append(len(queries))
        return found

    assert counts() == [16, 16]
    for number in (1, 3):
        while one.actions.count() < number:
            make.make_text(one, **DRAFT)
            make.make_action(one, "adopt", "2013-08-19", **DRAFT)
            make.make_effect(one, **DRAFT)
            one.sources.add(make.make_source())
        assert counts()[0] == 18
