"""The page for a whole meeting: all of it is recorded at once as drafts, or nothing is."""

from types import SimpleNamespace

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import ChangeSet, Source
from cities.records.releasing import release
from resolutions.desk import MEETING_RIGHTS as RIGHTS
from resolutions.models import Action, Ballot, Meeting, Resolution, Text
from tests import factories as make
from tests.admin.browser import form_in, form_of, sentences, text
from tests.admin.people import SUPERUSER, at, browser, browser_with, everything
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

URL = reverse("admin:resolutions_meeting_record")
HOME = reverse("admin:index")
NOTE = "Nothing is saved yet. Please correct this first:"
CHOSEN = "Select a valid choice. That choice is not one of the available choices."
WORDS = "WHEREAS, they are friends; and NOW, THEREFORE, BE IT RESOLVED, that they stay so."


@pytest.fixture
def clerk():
    return browser("Council clerk")


@pytest.fixture
@remembered
def hall():
    """Eight members of the home city's council, which met a week before in City Hall."""
    make.make_register()
    members = make.make_members(8)
    make.make_vote_requirement(source=make.make_source(title="The charter"))
    make.make_meeting("2013-08-12", begins_at="19:00", held_at="City Hall")
    otsu = make.make_organization("otsu-city-council", place=make.make_city("otsu"))
    make.make_meeting("2013-08-15", organization=otsu)
    return SimpleNamespace(members=members, council=make.council())


def item(number=0, **fields):
    """What a browser sends of one item, where that is not what it began with."""
    return {f"items-{number}-{name.replace('__', '-')}": value for name, value in fields.items()}


def filled_in(client, hall, **fields):
    """The page with what an ordinary meeting needs."""
    facts = {"on": "8/19/2013", "new_source-address": "https://example.org/proceedings"}
    new = item(new__number="2013-1", new__title="Stay friends", wording=WORDS)
    return form_of(client, URL) | facts | new | fields


def votes(hall, letters, number=0):
    names = {"y": "yes", "n": "no", "a": "abstain", "x": "absent", "r": "recused"}
    pairs = zip(hall.members, letters, strict=True)
    return {f"items-{number}-vote_{member.pk}": names[letter] for member, letter in pairs}


def presence(hall, number, value):
    return {f"attendance-at_{hall.members[number].pk}": value}


def says(record, *names):
    return {name: str(getattr(record, name)) for name in names}


def record(client, given):
    answer = client.post(URL, given)
    assert answer.status_code == 302, sentences(answer)
    return answer


def assert_refused(client, given, *said):
    """The page says so and nothing else, keeps what was entered, and nothing is saved."""
    before = everything()
    page = client.post(URL, given)
    assert page.status_code == 200, page
    assert everything() == before
    note, *found = sentences(page)
    assert note == NOTE
    assert found == list(said), found
    again = form_in(page)
    kept = {name: given[name] for name in given if not name.startswith(("csrf", "shown_"))}
    assert {name: again.get(name) for name in kept} == kept
    return page


# --- with what it begins ----------------------------------------------------------------------


def test_page_begins_with_the_home_council_as_it_met_last_and_everybody_present(clerk, hall):
    form = form_of(clerk, URL)

    facts = ("organization", "on", "kind", "begins_at", "held_at")
    assert [form[name] for name in facts] == [
        str(hall.council.pk),
        "",
        "regular",
        "19:00",
        "City Hall",
    ]
    for member in hall.members:
        assert form[f"attendance-at_{member.pk}"] == "present"
    assert {name: form[name] for name in votes(hall, "yyyyyyyy")} == votes(hall, "yyyyyyyy")
    first = ("kind", "method", "outcome", "requirement", "base", "mover", "seconder")
    assert [form[f"items-0-{name}"] for name in first] == [
        *("adopt", "roll_call", "carried", "majority", "seats", "", ""),
    ]
    page = clerk.get(URL)
    assert "8 yes, 0 no. Passes: needs 5 of 8." in text(page)
    assert "Council or commission (required)" in text(page)


def test_page_is_one_click_from_the_home_of_the_desk_and_from_the_form_of_a_meeting(clerk, hall):
    assert f'<a href="{URL}">' in clerk.get(HOME).text
    assert f'<a href="{URL}">' in clerk.get(at(Meeting, "add")).text
    staff = browser_with("add_meeting", "view_meeting", "view_organization")
    assert URL not in staff.get(at(Meeting, "add")).text


def test_page_of_a_register_without_a_home_and_without_members_still_opens(clerk):
    page = clerk.get(URL)

    assert page.status_code == 200
    assert "No members are on record for this council and date." in text(page)


def test_council_that_met_last_is_the_usual_one_where_no_home_is_on_record(clerk):
    council = make.make_organization("a-council")
    make.make_meeting(organization=council)

    assert form_of(clerk, URL)["organization"] == str(council.pk)


# --- what is recorded -------------------------------------------------------------------------


def test_whole_meeting_is_recorded_as_drafts_of_one_set(clerk, hall):
    mover, seconder = hall.members[:2]
    given = filled_in(
        clerk,
        hall,
        **presence(hall, 7, "absent"),
        **item(mover=str(mover.pk), seconder=str(seconder.pk), locator="page 3"),
        **votes(hall, "yyynnyyy"),
    )

    answer = record(clerk, given)

    change_set = ChangeSet.objects.get()
    assert (answer.status_code, answer.url) == (302, at(change_set))
    meeting = Meeting.objects.get(publication="draft")
    assert says(meeting, "organization", "on", "kind", "held_at", "state", "slug") == {
        "organization": hall.council.name,
        "on": "August 19, 2013",
        "kind": "regular",
        "held_at": "City Hall",
        "state": "held",
        "slug": "lansing-city-council-2013-08-19",
    }
    assert {row.member: row.presence for row in meeting.attendance.all()} == {
        **dict.fromkeys(hall.members[:7], "present"),
        hall.members[7]: "absent",
    }
    source = Source.objects.get(publication="draft")
    assert says(source, "title", "kind", "reliability", "dated", "address", "slug") == {
        "title": "Official proceedings of the Lansing City Council, August 19, 2013",
        "kind": "proceedings",
        "reliability": "proceedings",
        "dated": "August 19, 2013",
        "address": "https://example.org/proceedings",
        "slug": "official-proceedings-of-the-lansing-city-council-august-19-2013",
    }
    resolution = Resolution.objects.get()
    assert says(resolution, "organization", "number", "number_year", "title", "slug") == {
        "organization": hall.council.name,
        "number": "2013-1",
        "number_year": "2013",
        "title": "Stay friends",
        "slug": "2013-1-stay-friends",
    }
    wording = Text.objects.get()
    assert [clause.kind for clause in wording.clauses] == ["whereas", "resolved"]
    assert (wording.resolution, wording.kind, wording.source) == (resolution, "adopted", source)
    action = Action.objects.get()
    assert says(
        action, "resolution", "kind", "on", "method", "outcome", "requirement", "base"
    ) == {
        "resolution": str(resolution),
        "kind": "adopt",
        "on": "August 19, 2013",
        "method": "roll_call",
        "outcome": "carried",
        "requirement": "majority",
        "base": "seats",
    }
    assert (action.meeting, action.text) == (meeting, wording)
    assert (action.mover, action.seconder) == (mover, seconder)
    cast = {ballot.member: ballot.choice for ballot in action.ballots.all()}
    assert [cast[member] for member in hall.members] == [
        *("yes", "yes", "yes", "no", "no", "yes", "yes", "absent"),
    ]
    [citation] = action.citations.all()
    assert (citation.source, citation.locator, citation.role) == (source, "page 3", "supports")
    assert [*meeting.sources.all(), *resolution.sources.all()] == [source, source]
    records = [source, meeting, resolution, wording, action]
    assert [str(change) for change in change_set.changes.all()] == [str(one) for one in records]
    assert (change_set.name, change_set.author.username) == (str(meeting), "council-clerk")
    assert {record.history.first().history_user.username for record in records} == {
        "council-clerk"
    }
    assert LogEntry.objects.count() == len(records)
    assert sentences(clerk.get(answer.url)) == [f"Recorded as drafts: {meeting}, with 1 item."]


def test_what_is_recorded_is_published_together(clerk, hall):
    record(clerk, filled_in(clerk, hall))

    published = release(ChangeSet.objects.get())

    assert len(published) == 5
    assert all(record.is_published for record in published)


def test_source_on_record_and_resolution_on_record_are_taken_as_they_are(clerk, hall):
    source = make.make_source(title="The proceedings")
    resolution = make.make_resolution("waiting")
    introduced = make.make_text(resolution)
    given = form_of(clerk, URL) | {"on": "8/19/2013", "source": str(source.pk)}
    given |= item(resolution=str(resolution.pk), method="voice")

    record(clerk, given)

    action = Action.objects.get()
    assert (action.resolution, action.text, action.method) == (resolution, introduced, "voice")
    assert action.citations.get().source == source
    assert not Ballot.objects.exists()
    assert [change.kind for change in ChangeSet.objects.get().changes.all()] == [
        "resolutions.meeting",
        "resolutions.action",
    ]


def test_text_of_a_motion_that_failed_is_not_the_adopted_one(clerk, hall):
    given = filled_in(clerk, hall, **votes(hall, "yyynnnnn"), **item(outcome="lost"))

    record(clerk, given)
    assert Text.objects.get().kind == "introduced"


def test_source_keeps_the_title_that_was_entered(clerk, hall):
    record(clerk, filled_in(clerk, hall) | {"new_source-title": "Minutes, page 7"})

    source = Source.objects.get(publication="draft")
    assert (source.title, source.slug) == ("Minutes, page 7", "minutes-page-7")


def test_document_is_kept_with_the_source(clerk, hall, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("minutes.pdf", b"%PDF-1.7")
    given = filled_in(clerk, hall) | {"new_source-address": "", "new_source-document": file}

    record(clerk, given)

    source = Source.objects.get(publication="draft")
    assert source.document.read() == b"%PDF-1.7"
    source.document.close()


def test_document_of_a_refused_page_is_not_kept_and_has_to_be_chosen_again(
    clerk, hall, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    given = filled_in(clerk, hall, **item(mover=str(hall.members[0].pk)))
    given |= item(seconder=str(hall.members[0].pk))
    file = SimpleUploadedFile("minutes.pdf", b"%PDF-1.7")

    page = clerk.post(URL, given | {"new_source-document": file})

    assert "Choose the file again. A browser does not keep it." in text(page)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_about_what_a_resolution_is_and_who_presided_are_kept(clerk, hall):
    relationship = make.make_relationship(make.make_city("asan"))
    given = filled_in(clerk, hall, presided_by="Council President Wood", note="Long.")
    given |= item(new__relationships=str(relationship.pk), new__summary="So it stays.")

    record(clerk, given)

    resolution = Resolution.objects.get()
    assert [*resolution.relationships.all()] == [relationship]
    assert resolution.summary == "So it stays."
    meeting = Meeting.objects.get(publication="draft")
    assert (meeting.presided_by, meeting.note) == ("Council President Wood", "Long.")


# --- several items ----------------------------------------------------------------------------


def with_items(client, hall, count):
    """The page with so many items, each added by its button."""
    given = filled_in(client, hall)
    for number in range(1, count):
        given = form_in(client.post(URL, given | {"_add": ""}))
        given |= item(number, new__number=f"2013-{number + 1}", new__title=f"Title {number + 1}")
    return given


def test_item_is_added_without_losing_anything_and_saves_nothing(clerk, hall):
    given = filled_in(clerk, hall, **presence(hall, 7, "absent"), **votes(hall, "nyyyyyyy"))
    before = everything()

    page = clerk.post(URL, given | {"_add": ""})

    assert everything() == before
    assert sentences(page) == []
    again = form_in(page)
    kept = {
        name: given[name]
        for name in given
        if not name.startswith(("csrf", "shown_", "items-TOTAL"))
    }
    followed = {
        f"attendance-was_{hall.members[7].pk}": "absent",
        **votes(hall, "nyyyyyyx"),
    }
    assert {name: again[name] for name in kept} == kept | followed
    assert again["items-TOTAL_FORMS"] == "2"
    assert {name: again[name] for name in votes(hall, "yyyyyyyx", 1)} == votes(hall, "yyyyyyyx", 1)
    assert again["items-1-kind"] == "adopt"


def test_items_are_recorded_in_their_order_with_votes_of_their_own(clerk, hall):
    given = with_items(clerk, hall, 3) | item(1, method="consent_agenda")
    given |= votes(hall, "nnnnnnny", 2) | item(2, outcome="lost")

    record(clerk, given)

    assert [
        (str(action.resolution), action.method, action.outcome, action.ballots.count())
        for action in Action.objects.order_by("pk")
    ] == [
        ("2013-1: Stay friends", "roll_call", "carried", 8),
        ("2013-2: Title 2", "consent_agenda", "carried", 0),
        ("2013-3: Title 3", "roll_call", "lost", 8),
    ]
    assert Meeting.objects.filter(publication="draft").count() == 1
    release(ChangeSet.objects.get())


def test_one_vote_decides_several_items(clerk, hall):
    given = with_items(clerk, hall, 3) | item(1, same_vote="on") | item(2, same_vote="on")

    record(clerk, given)

    first, *others = Action.objects.order_by("pk")
    assert [action.shares_vote_with for action in others] == [first, first]
    assert Ballot.objects.count() == 8
    release(ChangeSet.objects.get())


def test_item_left_blank_or_left_out_is_not_recorded(clerk, hall):
    given = with_items(clerk, hall, 3) | item(1, DELETE="on")
    given |= item(2, new__number="", new__title="")

    record(clerk, given)

    assert [str(one) for one in Resolution.objects.all()] == ["2013-1: Stay friends"]


def test_two_items_of_one_title_get_two_addresses(clerk, hall):
    given = with_items(clerk, hall, 2) | item(new__number="") | item(1, new__number="")
    given |= item(1, new__title="Stay friends")

    record(clerk, given)

    assert sorted(one.slug for one in Resolution.objects.all()) == [
        "stay-friends",
        "stay-friends-2",
    ]


def test_resolution_on_record_is_found_by_its_title(clerk, hall):
    found = make.make_resolution("about-the-lake")
    given = filled_in(clerk, hall) | item(find="lake")

    page = clerk.post(URL, given | {"_find": "items-0"})

    [shown] = page.context["page"].agenda.forms
    assert list(shown.fields["resolution"].records) == [str(found.pk)]
    assert form_in(page)["items-0-find"] == "lake"
    assert sentences(page) == []


def test_votes_are_filled_in_from_the_minutes(clerk, hall):
    for member, name in zip(
        hall.members, ["Wood", "Dunbar", "Boles", "Yorko", "Oh", "Ek", "Lu", "Ott"], strict=True
    ):
        member.name = member.sort_name = name
        member.save()
    line = "Ayes: Wood, Dunbar, Boles, Yorko, Oh. Nays: Ek, Lu. Absent: Ott"
    given = filled_in(clerk, hall) | item(printed=line)

    page = clerk.post(URL, given | {"_fill_in": "items-0"})

    again = form_in(page)
    cast = votes(hall, "yyyyynnx")
    assert {name: again[name] for name in cast} == cast
    assert again["items-0-new-title"] == "Stay friends"
    assert "The votes are filled in from the minutes." in text(page)


def test_page_adds_no_more_items_than_it_takes(clerk, hall):
    given = filled_in(clerk, hall) | {"items-TOTAL_FORMS": "12"}

    page = clerk.post(URL, given | {"_add": ""})

    assert form_in(page)["items-TOTAL_FORMS"] == "12"


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_does_not_grow_with_the_items(clerk, hall, count):
    make.make_resolution("open-one")
    given = with_items(clerk, hall, count)
    for number in range(count):
        given |= item(number, mover=str(hall.members[0].pk), seconder=str(hall.members[1].pk))
    given |= {"on": ""}
    clerk.post(URL, given)

    with CaptureQueriesContext(
        connection,
    ) as shown:
        clerk.get(URL)
    with CaptureQueriesContext(connection) as refused:
        page = clerk.post(URL, given)

    assert sentences(page) == [NOTE, "This field is required."]
    assert (len(shown), len(refused)) == (QUERIES_SHOWN, QUERIES_REFUSED)


QUERIES_SHOWN, QUERIES_REFUSED = 14, 16


# --- who was in office ------------------------------------------------------------------------


def test_members_of_another_day_are_shown_before_anything_is_saved(clerk, hall):
    seat = make.make_seat()
    later = make.make_term(seat=seat, since="2013-08-20").member
    given = filled_in(clerk, hall)
    assert f"attendance-at_{later.pk}" in given
    before = everything()

    page = clerk.post(URL, given)

    assert everything() == before
    assert sentences(page) == [
        NOTE,
        (
            "Other members were in office on that day. They are shown now: check who was present"
            " and how they voted, then save again."
        ),
    ]
    again = form_in(page)
    assert f"attendance-at_{later.pk}" not in again
    assert again["items-0-new-title"] == "Stay friends"
    record(clerk, again)


def test_members_of_another_council_are_shown_at_the_press_of_a_button(clerk, hall):
    other = make.make_organization("commission", classification="commission")
    [member] = make.make_members(1, other)
    given = filled_in(clerk, hall, organization=str(other.pk))

    page = clerk.post(URL, given | {"_members": ""})

    assert sentences(page) == []
    again = form_in(page)
    listed = [name for name in again if name.startswith("attendance-at_")]
    assert listed == [f"attendance-at_{member.pk}"]
    assert again[f"items-0-vote_{member.pk}"] == "yes"
    assert again["items-0-new-title"] == "Stay friends"


def test_member_whose_term_is_unknown_is_listed_and_called_only_if_chosen(clerk, hall):
    term = make.make_term(since="[..2013-07-15]", until="[2013-08-12..]", seat=make.make_seat())
    given = form_in(clerk.post(URL, filled_in(clerk, hall) | {"_members": ""}))
    assert given[f"attendance-at_{term.member.pk}"] == ""

    record(clerk, given)

    assert not term.member.attendance.exists()
    assert not term.member.ballots.exists()


# --- what is refused --------------------------------------------------------------------------


def test_page_without_an_item_is_refused(clerk, hall):
    given = form_of(clerk, URL) | {"on": "8/19/2013"}

    assert_refused(
        clerk,
        given,
        "Enter at least one item: the title of a resolution, or one on record. To record only"
        " that the Council met, use the form of the meeting.",
    )


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("", "This field is required."),
        ("2099-01-01", "That date is in the future. Record a meeting after it was held."),
        (
            "[..2013-08-19]",
            "Enter a date with a first possible day, for example August 2013.",
        ),
    ],
)
def test_date_that_is_none_is_refused(clerk, hall, on, said):
    assert_refused(clerk, filled_in(clerk, hall, on=on), said)


def test_date_that_cannot_be_read_is_refused_and_the_members_stay(clerk, hall):
    given = filled_in(clerk, hall, on="2013-02-30") | votes(hall, "nyyyyyyy")
    before = everything()

    page = clerk.post(URL, given)

    assert everything() == before
    assert "“2013-02-30” is not a date" in text(page)
    again = form_in(page)
    assert {name: again[name] for name in votes(hall, "nyyyyyyy")} == votes(hall, "nyyyyyyy")


def seconded_by_the_mover(hall):
    one = str(hall.members[0].pk)
    return item(mover=one, seconder=one), "Members cannot second their own motion."


def moved_by_somebody_absent(hall):
    moved = item(mover=str(hall.members[7].pk))
    said = f"{hall.members[7]} was absent, and could not move or second."
    return presence(hall, 7, "absent") | votes(hall, "yyyyyyyx") | moved, said


def vote_of_somebody_absent(hall):
    gone = presence(hall, 7, "absent") | {f"attendance-was_{hall.members[7].pk}": "absent"}
    said = f"{hall.members[7]} is on record as absent from this meeting, and could not vote."
    return gone | votes(hall, "yyyyyyyn"), said


def result_against_the_count(hall):
    said = (
        "3 voted yes and 5 of 8 were needed. Correct the votes or the outcome, or say why the"
        " declared outcome stands."
    )
    return votes(hall, "yyynnnnn"), said


def consent_that_failed(hall):
    said = "One “no” prevents a decision by consent. Choose “Passed”, with no vote against."
    return item(method="consent_agenda", outcome="lost"), said


def number_without_digits(hall):
    return (
        item(new__number="no number"),
        "There is no number in this. Write it as printed: #2018-001.",
    )


def number_used_already(hall):
    make.make_resolution(number="2013-001", number_year=2013, number_serial=1, number_zeros=2)
    said = "This organization already used this number in that year. A number is never used again."
    return {}, said


def text_adopted_already(hall):
    one = make.make_resolution("waiting")
    make.make_text(one, kind="adopted")
    said = "There is already an adopted text. Add a correction instead."
    return item(resolution=str(one.pk), new__number="", new__title=""), said


def web_address_used_already(hall):
    make.make_meeting("2013-07-01", slug="the-meeting")
    return {"slug": "the-meeting"}, "Meeting with this Web address already exists."


def choice_that_is_none(hall):
    said = "Select a valid choice. maybe is not one of the available choices."
    return {f"items-0-vote_{hall.members[0].pk}": "maybe"}, said


def mover_who_is_none(hall):
    return item(mover=str(make.make_member().pk)), CHOSEN


def resolution_that_is_none(hall):
    other = make.make_resolution(organization=make.make_organization())
    return item(resolution=str(other.pk)), CHOSEN


def both_resolutions(hall):
    one = make.make_resolution("waiting")
    said = "Choose a resolution on record or enter a new one, but not both."
    return item(resolution=str(one.pk)), said


def no_title(hall):
    return item(new__title=""), "This field is required."


def two_sources(hall):
    source = make.make_source()
    said = "Choose a source on record or enter a new one, but not both."
    return {"source": str(source.pk)}, said


def link_that_is_none(hall):
    return {"new_source-address": "nowhere"}, "Enter a valid URL."


def presence_that_is_none(hall):
    said = "Select a valid choice. maybe is not one of the available choices."
    return presence(hall, 0, "maybe"), said


def same_vote_as_nothing(hall):
    return item(same_vote="on"), "There is no item above this one."


def kind_that_is_none(hall):
    return item(kind="veto"), ("Select a valid choice. veto is not one of the available choices.")


FAULTS = [
    seconded_by_the_mover,
    moved_by_somebody_absent,
    vote_of_somebody_absent,
    result_against_the_count,
    consent_that_failed,
    number_without_digits,
    number_used_already,
    text_adopted_already,
    web_address_used_already,
    choice_that_is_none,
    mover_who_is_none,
    resolution_that_is_none,
    both_resolutions,
    no_title,
    two_sources,
    link_that_is_none,
    presence_that_is_none,
    same_vote_as_nothing,
    kind_that_is_none,
]


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_have_been_is_refused_in_words_and_nothing_is_saved(clerk, hall, fault):
    changes, said = fault(hall)
    given = filled_in(clerk, hall) | changes
    before = everything()

    page = clerk.post(URL, given)

    assert page.status_code == 200, page.url
    assert everything() == before
    assert [one for one in sentences(page) if one != NOTE] == [said]
    linked = [problem.sentence for problem in page.context["problems"]]
    assert linked == [said]
    [problem] = page.context["problems"]
    assert f'<a href="#{problem.anchor}">' in page.text
    assert f' id="{problem.anchor}"' in page.text
    again = form_in(page)
    assert (again["items-0-wording"], again["on"]) == (WORDS, "8/19/2013")


def test_faults_of_all_items_are_said_at_once(clerk, hall):
    one = str(hall.members[0].pk)
    given = with_items(clerk, hall, 3) | item(0, mover=one, seconder=one)
    given |= votes(hall, "yyynnnnn", 2)

    page = clerk.post(URL, given)

    assert [problem.label for problem in page.context["problems"]] == [
        "Item 1",
        "Item 3, Outcome, as declared",
    ]
    assert not Resolution.objects.exists()


def test_item_decided_by_a_refused_vote_has_no_fault_of_its_own(clerk, hall):
    one = str(hall.members[0].pk)
    given = with_items(clerk, hall, 4) | item(0, mover=one, seconder=one)
    given |= item(1, same_vote="on") | item(2, same_vote="on") | item(3, mover=one, seconder=one)
    given |= votes(hall, "nnnnnnnn", 1) | votes(hall, "nnnnnnnn", 2)  # which are not read
    before = everything()

    page = clerk.post(URL, given)

    assert everything() == before
    assert [problem.label for problem in page.context["problems"]] == ["Item 1", "Item 4"]


# --- sent twice, and other meetings of the day ------------------------------------------------


def test_page_sent_twice_records_one_meeting(clerk, hall):
    given = with_items(clerk, hall, 2) | item(1, same_vote="on")
    record(clerk, given)
    change_set = ChangeSet.objects.get()
    clerk.get(at(change_set))  # reads the message
    before = everything()

    answer = clerk.post(URL, given)

    assert everything() == before
    assert (answer.status_code, answer.url) == (302, at(change_set))
    meeting = Meeting.objects.get(publication="draft")
    assert sentences(clerk.get(answer.url)) == [f"This was recorded already: {meeting}."]


def test_page_sent_twice_says_so_of_a_resolution_that_was_on_record_and_is_decided_now(
    clerk, hall
):
    resolution = make.make_resolution(title="Stay friends")
    given = form_of(clerk, URL) | {"on": "8/19/2013"} | item(resolution=str(resolution.pk))
    record(clerk, given)
    clerk.get(HOME)
    before = everything()

    answer = record(clerk, given)

    assert everything() == before
    meeting = Meeting.objects.get(publication="draft")
    assert sentences(clerk.get(answer.url)) == [f"This was recorded already: {meeting}."]


def test_resolution_that_was_decided_meanwhile_is_not_decided_by_an_old_page(clerk, hall):
    resolution = make.make_resolution(title="Stay friends")
    given = form_of(clerk, URL) | {"on": "8/19/2013"} | item(resolution=str(resolution.pk))
    make.make_action(resolution, "adopt", "2013-08-12")

    page = assert_refused(
        clerk,
        given,
        "A decision on this resolution is on record already. If there was another one, search"
        " for the resolution and choose it again.",
    )
    assert [problem.label for problem in page.context["problems"]] == [
        "Item 1, Resolution on record"
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda hall: votes(hall, "nyyyyyyy"),
        lambda hall: presence(hall, 7, "absent"),
        lambda hall: item(wording="RESOLVED, that it is otherwise."),
        lambda hall: item(new__title="Another title"),
        lambda hall: {"held_at": "Elsewhere"},
        lambda hall: item(mover=str(hall.members[3].pk)),
    ],
)
def test_another_meeting_of_the_day_is_only_recorded_if_somebody_says_so(clerk, hall, change):
    given = filled_in(clerk, hall)
    record(clerk, given)
    meeting = Meeting.objects.get(publication="draft")
    clerk.get(HOME)
    before = everything()

    page = clerk.post(URL, given | change(hall))

    said = (
        "A meeting of that day is already on record. Open that one, or say below that this was"
        " another meeting."
    )
    assert everything() == before
    assert said in sentences(page)
    assert f'<a href="{more_of(meeting)}">' in page.text
    another = form_in(page) | {"is_another": "on"} | item(new__number="2013-7")
    record(clerk, another)
    assert Meeting.objects.filter(on="2013-08-19").count() == 2


def test_another_resolution_of_the_same_title_is_another_meeting(clerk, hall):
    first, second = (make.make_resolution(slug, title="Stay friends") for slug in ("one", "two"))
    given = form_of(clerk, URL) | {"on": "8/19/2013"}
    record(clerk, given | item(resolution=str(first.pk)))
    clerk.get(HOME)
    before = everything()

    page = clerk.post(URL, given | item(resolution=str(second.pk)))

    assert everything() == before
    assert sentences(page) == [
        NOTE,
        (
            "A meeting of that day is already on record. Open that one, or say below that this"
            " was another meeting."
        ),
    ]


# --- what no page of ours sends ---------------------------------------------------------------

BROKEN = [
    {"items-TOTAL_FORMS": "x"},
    {"items-TOTAL_FORMS": "-1"},
    {"items-TOTAL_FORMS": "9" * 20},
    {"items-TOTAL_FORMS": "99"},
    {"items-INITIAL_FORMS": "\0"},
    {"shown_on": "never", "on": "never"},
    {"shown_organization": "9" * 20, "organization": "9" * 20},
    {"organization": "²"},
    {"organization": ""},
    {"items-0-resolution": "\0"},
    {"items-0-find": "\0"},
    {"items-0-wording": "\0"},
    {"items-0-announced_yes": "9" * 30},
    {"source": "9" * 20},
    {"begins_at": "25:00"},
]


@pytest.mark.parametrize("button", ["", "_add", "_members", "_find", "_fill_in"])
def test_broken_page_saves_nothing_and_is_shown_again(clerk, hall, button):
    given = filled_in(clerk, hall)
    before = everything()

    for broken in [{}, *(given | changes for changes in BROKEN)]:
        page = clerk.post(URL, broken | {button: "items-0"})
        assert page.status_code == 200, broken
        assert everything() == before, broken
        if not button:
            assert len(sentences(page)) > 1, broken


# --- who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Commission staff", "Publisher", "Commissioner"])
def test_page_is_closed_to_who_may_not_add_all_of_it(role, hall):
    other = browser(role)
    before = everything()

    answers = [other.get(URL), other.post(URL, {"on": "8/19/2013"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "does not have permission to do this" in text(answers[0])
    assert everything() == before


@pytest.mark.parametrize("right", RIGHTS)
def test_each_right_is_needed(right, hall):
    rights = [name.partition(".")[2] for name in RIGHTS if name != right]

    assert browser_with(*rights).get(URL).status_code == 403


def test_rights_together_are_enough(hall):
    seen = ("view_organization", "view_source", "view_relationship")
    other = browser_with(*(name.partition(".")[2] for name in RIGHTS), *seen)

    assert other.get(URL).status_code == 200


def test_drafts_that_somebody_may_not_see_are_not_offered(hall):
    hidden = make.make_organization("hidden-council", publication="draft")
    partner = make.make_city("secretville", publication="draft")
    make.make_relationship(partner, publication="draft")
    page = browser("Council clerk").get(URL)

    assert str(hidden.pk) not in page.context["page"].facts.fields["organization"].records
    assert "ecretville" not in page.text


def test_whoever_may_do_everything_may_do_this(hall):
    assert browser(SUPERUSER).get(URL).status_code == 200


# --- more of a meeting on record --------------------------------------------------------------


def more_of(meeting):
    return reverse("admin:resolutions_meeting_record_more", args=[meeting.pk])


@pytest.mark.parametrize("publication", ["draft", "published"])
def test_items_are_added_to_a_meeting_on_record(clerk, hall, publication):
    meeting = make.make_meeting("2013-08-19", publication=publication)
    make.make_attendance(meeting, hall.members[7], "absent")
    assert more_of(meeting) in clerk.get(at(meeting)).text
    url = more_of(meeting)
    given = form_of(clerk, url) | item(new__title="Stay friends", wording=WORDS)
    given |= {"new_source-address": "https://example.org/proceedings"}
    assert {name: given[name] for name in votes(hall, "yyyyyyyx")} == votes(hall, "yyyyyyyx")
    assert "on" not in given

    answer = clerk.post(url, given)

    assert answer.status_code == 302, sentences(answer)
    action = Action.objects.get()
    assert (action.meeting, action.on, action.ballots.count()) == (meeting, meeting.on, 8)
    is_draft = publication == "draft"
    assert meeting.attendance.count() == (8 if is_draft else 1)  # what is public stays
    assert [change.kind for change in ChangeSet.objects.get().changes.all()] == [
        "cities.source",
        *(["resolutions.meeting"] if is_draft else []),
        *("resolutions.resolution", "resolutions.text", "resolutions.action"),
    ]
    assert meeting.sources.count() == int(is_draft)
    assert LogEntry.objects.count() == 4
    before = everything()
    assert clerk.post(url, given).status_code == 302
    assert everything() == before
    release(ChangeSet.objects.get())


@pytest.mark.parametrize("publication", ["draft", "published"])
def test_presence_on_record_is_corrected_with_the_items(clerk, hall, publication):
    """In a published meeting by those who may publish it: the change of others waits."""
    meeting = make.make_meeting("2013-08-19", publication=publication)
    make.make_attendance(meeting, hall.members[0], "absent")
    given = form_of(clerk, more_of(meeting)) | item(new__title="Stay friends")
    given |= presence(hall, 0, "present") | {"new_source-address": "https://example.org/"}
    if publication == "published":
        boss, before = browser(SUPERUSER), everything()
        said = (
            "The attendance of this meeting is public. Change it in the form of the meeting:"
            " somebody who may publish looks at it first."
        )
        assert sentences(clerk.post(more_of(meeting), given))[1:] == [said]
        assert everything() == before
        clerk = boss

    assert clerk.post(more_of(meeting), given).status_code == 302

    assert set(meeting.attendance.values_list("presence", flat=True)) == {"present"}
    assert meeting.sources.count() == int(publication == "draft")  # the source is a draft
    assert Action.objects.get().ballots.filter(choice="yes").count() == 8


def test_member_who_voted_is_not_made_absent_by_the_items(hall):
    boss = browser(SUPERUSER)
    meeting = make.make_meeting("2013-08-19")
    voted = make.make_roll_call(make.make_resolution(), "yyyyyyyy", hall.members, meeting=meeting)
    given = form_of(boss, more_of(meeting)) | item(new__title="Stay friends")
    given |= presence(hall, 0, "absent")
    before = everything()

    page = boss.post(more_of(meeting), given)

    assert everything() == before
    said = f"{hall.members[0]} voted or made a motion in “{voted}”, and so was present."
    assert sentences(page) == [NOTE, said]
    assert [problem.anchor for problem in page.context["problems"]] == ["attendance"]


def test_refused_items_leave_the_meeting_as_it_is(clerk, hall):
    meeting = make.make_meeting("2013-08-19")
    given = form_of(clerk, more_of(meeting)) | item(new__title="Stay friends")
    before = everything()

    for button in ("", "_add"):
        page = clerk.post(more_of(meeting), given | votes(hall, "nnnnnnnn") | {button: ""})
        assert page.status_code == 200
        assert form_in(page)["items-0-new-title"] == "Stay friends"
        assert str(meeting) in text(page)

    assert everything() == before


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"state": "scheduled"}, 403),
        (
            {
                "publication": "withdrawn",
                "withdrawn_on": "2014-01-01",
                "withdrawn_because": "It was none.",
            },
            403,
        ),
    ],
)
def test_nothing_is_added_to_a_meeting_that_was_not_held_or_left_the_record(
    clerk, hall, fields, status
):
    meeting = make.make_meeting("2013-08-19", **fields)

    assert clerk.get(more_of(meeting)).status_code == status
    assert (
        clerk.get(reverse("admin:resolutions_meeting_record_more", args=[99999])).status_code
        == 404
    )
