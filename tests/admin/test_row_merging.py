"""Two people, one record: rows that one added or deleted while the other typed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.timezone import now

from cities.models import ChangeSet, CityName, ProposedChange
from cities.records.admin.parts import PartFormSet
from cities.records.admin.row_merging import _named
from cities.records.releasing import release
from cities.records.scheduling import release_due, schedule
from resolutions.models import Attendance
from tests.admin.browser import form_in, form_of, sentences, text
from tests.admin.people import SUPERUSER, at, browser, browser_with, everything, person
from tests.admin.test_edits import edit, refusal
from tests.admin.test_merging import DRAFT, WHY, both, said
from tests.factories import (
    make_attendance,
    make_city,
    make_entry,
    make_meeting,
    make_members,
    make_name,
    make_partnership,
    make_population,
    make_source,
)

pytestmark = pytest.mark.django_db

ADDED = "superuser added this after you opened the form."
DELETED = (
    "superuser deleted this after you opened the form. What you typed is kept: saving adds it"
    " again. Let it go instead"
)
GONE = "superuser deleted “%s” after you opened the form."
ROWS_CHANGED = (
    "The rows of this record changed after you opened the form. Nothing is saved yet. What you"
    " typed is still in this form. Look at the rows, then save it again."
)
OTHER_ROWS = (
    "The rows of this record changed after you opened the form. Open the record in a new tab and"
    " enter your changes there."
)


@pytest.fixture
def city():
    city = make_city("otsu", summary="Old")
    for name in ("一", "二", "三"):
        make_name(city, name)
    return city


@pytest.fixture
def ana():
    return browser(SUPERUSER)


@pytest.fixture
def ben():
    """Somebody else who may do everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("ben"))
    return client


def new(city, number: int, name: str, count: int | None = None, **more) -> dict[str, str]:
    """What a browser sends of a new row, the last one unless a count says otherwise."""
    row = {"city": str(city.pk), "text": name, "language": "ja", "kind": "native", **more}
    return {
        "names-TOTAL_FORMS": str(count or number + 1),
        **{f"names-{number}-{field}": value for field, value in row.items()},
    }


def at_name(city, name: str) -> str:
    """The beginning of the fields of the row that a form has for a name."""
    rows = list(city.names.values_list("text", flat=True))
    return f"names-{rows.index(name)}"


def names(city) -> set[str]:
    return set(city.names.values_list("text", flat=True))


def finish(client, record, page, **more) -> None:
    """Save the form that a page shows: that is all that is left to do."""
    answer = client.post(at(record), form_in(page) | more)
    assert answer.status_code == 302, sentences(answer)


# --- one adds ------------------------------------------------------------------------------


def test_row_that_the_other_one_added_comes_in_beside_what_was_typed(city, ana, ben):
    two = at_name(city, "二")
    page = both(city, ana, ben, new(city, 3, "〇"), {f"{two}-text": "弐", "summary": "Mine"})

    assert said(page) == [ADDED]
    form = form_in(page)
    assert [form[f"names-{number}-text"] for number in range(4)].count("〇") == 1
    assert (form["names-INITIAL_FORMS"], form["names-TOTAL_FORMS"]) == ("4", "4")
    finish(ben, city, page)
    assert names(city) == {"一", "弐", "三", "〇"}
    assert CityName.history.filter(history_type="+").count() == 4


def test_both_add_a_row(city, ana, ben):
    page = both(city, ana, ben, new(city, 3, "彼女"), new(city, 3, "私"))

    assert said(page) == [ADDED]
    assert form_in(page)["names-4-text"] == "私"
    finish(ben, city, page)
    assert names(city) == {"一", "二", "三", "彼女", "私"}


def test_both_add_the_same_row(city, ana, ben):
    page = both(city, ana, ben, new(city, 3, "同じ"), new(city, 3, "同じ"))

    assert said(page) == [ADDED]
    assert form_in(page)["names-TOTAL_FORMS"] == "4"
    finish(ben, city, page)
    assert names(city) == {"一", "二", "三", "同じ"}


def test_row_that_the_other_one_added_is_deleted_again(city, ana, ben):
    page = both(city, ana, ben, new(city, 3, "〇"), {"summary": "Mine"})

    finish(ben, city, page, **{f"{at_name(city, '〇')}-DELETE": "on"})
    assert names(city) == {"一", "二", "三"}


def test_first_row_of_all_comes_in(ana, ben):
    city = make_city("nara")
    page = both(city, ana, ben, new(city, 0, "奈良"), {"summary": "Mine"})

    assert said(page) == [ADDED]
    finish(ben, city, page)
    city.refresh_from_db()
    assert (names(city), city.summary) == ({"奈良"}, "Mine")


# --- one deletes ---------------------------------------------------------------------------


@pytest.mark.parametrize("is_kept", [True, False])
def test_row_that_the_other_one_deleted_is_kept_as_typed_or_let_go(city, ana, ben, is_kept):
    one, two = at_name(city, "一"), at_name(city, "二")
    page = both(
        city, ana, ben, {f"{two}-DELETE": "on"}, {f"{two}-text": "弐", f"{one}-text": "壱"}
    )

    assert said(page) == [DELETED]
    form = form_in(page)
    assert (form["names-2-text"], form["names-2-id"]) == ("弐", "")
    assert (form["names-INITIAL_FORMS"], form["names-TOTAL_FORMS"]) == ("2", "3")
    finish(ben, city, page, **({} if is_kept else {"names-2-let_go": "on"}))
    assert names(city) == {"壱", "三"} | ({"弐"} if is_kept else set())


def test_row_into_which_nothing_was_typed_goes_with_a_word(city, ana, ben):
    two = at_name(city, "二")
    page = both(city, ana, ben, {f"{two}-DELETE": "on"}, {"summary": "Mine"})

    assert said(page) == [GONE % "二"]
    finish(ben, city, page)
    assert names(city) == {"一", "三"}


def test_row_that_both_delete_is_gone_without_a_question(city, ana, ben):
    two = at_name(city, "二")
    page = both(city, ana, ben, {f"{two}-DELETE": "on"}, {f"{two}-DELETE": "on", "summary": "Me"})

    assert said(page) == []
    finish(ben, city, page)
    assert names(city) == {"一", "三"}
    assert CityName.history.filter(history_type="-").count() == 1


def test_all_rows_are_deleted_by_the_other_one(city, ana, ben):
    two = at_name(city, "二")
    gone = {f"names-{number}-DELETE": "on" for number in range(3)}
    page = both(city, ana, ben, gone, {f"{two}-text": "弐"} | new(city, 3, "四"))

    assert sorted(said(page)) == sorted([GONE % "一", GONE % "三", DELETED])
    finish(ben, city, page)
    assert names(city) == {"弐", "四"}


def test_row_that_is_deleted_while_the_other_one_changes_it(city, ana, ben):
    two = at_name(city, "二")
    page = both(city, ana, ben, {f"{two}-text": "弐"}, {f"{two}-DELETE": "on", "summary": "Mine"})

    finish(ben, city, page)
    assert names(city) == {"一", "三"}


# --- several things at once ----------------------------------------------------------------


def test_other_one_adds_deletes_and_changes(city, ana, ben):
    one, two, three = (at_name(city, name) for name in ("一", "二", "三"))
    first = new(city, 3, "新") | {f"{one}-DELETE": "on", f"{two}-text": "彼女"}
    second = {f"{one}-text": "壱", f"{two}-text": "私", f"{three}-text": "参"} | new(city, 3, "四")

    page = both(city, ana, ben, first, second)

    assert sorted(said(page)) == sorted(
        [
            ADDED,
            DELETED,
            "Somebody else changed this to “彼女”. Take that instead of what I typed",
        ]
    )
    finish(ben, city, page, take=[f"{at_name(city, '彼女')}-text"])
    assert names(city) == {"新", "壱", "彼女", "参", "四"}


def test_box_that_takes_a_value_follows_its_row(city, ana, ben):
    """The third person’s save moves the rows between two looks at the form."""
    three = at_name(city, "三")
    page = both(city, ana, ben, {f"{three}-text": "参"}, {f"{three}-text": "私"})
    taken = form_in(page) | {"take": [f"{at_name(city, '参')}-text"], "summary": "Mine"}
    two = at_name(city, "二")
    ana.post(at(city), form_of(ana, at(city)) | WHY | {f"{two}-DELETE": "on"})

    again = ben.post(at(city), taken)

    assert said(again) == [GONE % "二"]
    finish(ben, city, again)
    assert names(city) == {"一", "参"}


def test_three_in_a_row(city, ana, ben):
    two, three = at_name(city, "二"), at_name(city, "三")
    page = both(
        city, ana, ben, {f"{two}-DELETE": "on"}, {f"{two}-text": "弐", f"{three}-text": "参"}
    )
    opened = form_of(ana, at(city)) | WHY
    ana.post(at(city), opened | {f"{at_name(city, '三')}-DELETE": "on"} | new(city, 2, "四"))
    before = everything()

    again = ben.post(at(city), form_in(page))

    assert everything() == before
    assert sorted(said(again)) == sorted([ADDED, DELETED])
    finish(ben, city, again)
    assert names(city) == {"一", "弐", "参", "四"}


def test_rows_of_several_kinds(city, ana, ben):
    make_population(city, 345_000)
    page = both(
        city,
        ana,
        ben,
        new(city, 3, "新") | {"populations-0-DELETE": "on"},
        {"populations-0-count": "345001"},
    )

    assert said(page) == [ADDED, DELETED]
    finish(ben, city, page)
    assert names(city) == {"一", "二", "三", "新"}
    assert city.populations.get().count == 345_001


def test_rows_of_a_draft(ana):
    meeting, members = make_meeting(**DRAFT), make_members(3)
    for member in members[:2]:
        make_attendance(meeting, member)
    opened = form_of(ana, at(meeting))
    first = {
        "attendance-0-DELETE": "on",
        "attendance-TOTAL_FORMS": "3",
        "attendance-2-meeting": str(meeting.pk),
        "attendance-2-member": str(members[2].pk),
        "attendance-2-presence": "present",
    }
    assert ana.post(at(meeting), opened | first).status_code == 302

    page = ana.post(at(meeting), opened | {"attendance-0-presence": "absent", "note": "Mine"})

    assert {ADDED, DELETED} <= set(sentences(page))
    finish(ana, meeting, page)
    assert set(Attendance.objects.values_list("member", "presence")) == {
        (members[0].pk, "absent"),
        (members[1].pk, "present"),
        (members[2].pk, "present"),
    }


def test_new_row_that_the_rules_refuse_is_corrected_in_the_same_form(city, ana, ben):
    """What is wrong with the input is said beside what the other one did."""
    page = both(city, ana, ben, new(city, 3, "新"), new(city, 3, "", language="xx-nothing"))

    assert ADDED in said(page)
    assert "This field is required." in said(page)
    finish(ben, city, page, **{"names-4-text": "私", "names-4-language": "ja"})
    assert names(city) == {"一", "二", "三", "新", "私"}


def test_rows_that_changed_while_nobody_saved_the_record(city, ben):
    opened = form_of(ben, at(city)) | WHY | {"summary": "Mine"}
    make_name(city, "新")
    city.names.get(text="二").delete()
    before = everything()

    page = ben.post(at(city), opened)

    assert everything() == before
    assert sentences(page)[1:] == [
        ROWS_CHANGED,
        "Somebody else deleted “二” after you opened the form.",
        "Somebody else added this after you opened the form.",
    ]
    finish(ben, city, page)
    assert names(city) == {"一", "三", "新"}


def test_rows_whose_order_changed_stay_the_rows_that_they_were(city, ben):
    """The order follows from what is typed, and the form is sent by number."""
    opened = form_of(ben, at(city)) | WHY
    keys = {name.pk: name.text for name in city.names.all()}
    city.names.filter(text=opened["names-2-text"]).update(kind="exonym")

    page = ben.post(at(city), opened | {"names-0-text": "頭", "names-2-kind": "exonym"})

    assert page.status_code == 302, sentences(page)
    assert {name.pk: name.text for name in city.names.all()} == keys | {
        int(opened["names-0-id"]): "頭"
    }


# --- what nobody may see or touch ----------------------------------------------------------


@pytest.mark.parametrize("wrong", ["another city’s", "deleted from another city", "twice", "none"])
def test_rows_that_were_never_in_the_form_are_not_brought_in(city, ben, wrong):
    other = make_name(make_city("nara"), "Secretville")
    opened = form_of(ben, at(city)) | WHY
    key = {"twice": opened["names-1-id"], "none": "999999"}.get(wrong, str(other.pk))
    if wrong.startswith("deleted"):
        other.delete()
    before = everything()

    page = ben.post(at(city), opened | {"names-0-id": key})

    assert everything() == before
    assert page.status_code == 200
    assert OTHER_ROWS in sentences(page)
    assert "Secretville" not in text(page)


@pytest.mark.parametrize("sees", [False, True])
def test_deleted_row_that_names_a_hidden_draft_is_not_read_from_the_history(sees):
    entry = make_entry(make_partnership(), "visited", "2020", **DRAFT)
    kept = entry.citations.create(source=make_source())
    secret = make_source(title="Secretville", **DRAFT)
    citation = entry.citations.create(source=secret, locator="Page 1")
    rights = ("view_entry", "change_entry", "preview_entry", "view_citation", "change_citation")
    more = ("add_citation", "delete_citation", "preview_relationship", "view_source")
    client = browser(SUPERUSER) if sees else browser_with(*rights, *more)
    opened = form_of(client, at(entry))
    rows = {
        "citations-INITIAL_FORMS": "2",
        "citations-TOTAL_FORMS": "2",
        "citations-0-id": str(kept.pk),
        "citations-1-id": str(citation.pk),
        "citations-1-entry": str(entry.pk),
        "citations-1-source": str(secret.pk),
        "citations-1-role": citation.role,
        "citations-1-locator": "Page 1",
        "citations-1-says": "",
    }
    citation.delete()

    page = client.post(at(entry), opened | rows)

    assert page.status_code == 200
    assert ("Secretville" in text(page)) is sees
    assert (OTHER_ROWS in sentences(page)) is not sees


def test_row_that_the_other_one_added_with_a_hidden_draft_stays_hidden():
    entry = make_entry(make_partnership(), "visited", "2020", **DRAFT)
    rights = ("view_entry", "change_entry", "preview_entry", "view_citation", "change_citation")
    client = browser_with(*rights, "add_citation", "preview_relationship", "view_source")
    opened = form_of(client, at(entry)) | {"note": "Mine"}
    entry.citations.create(source=make_source(title="Secretville", **DRAFT))

    page = client.post(at(entry), opened)

    assert page.status_code == 302, sentences(page)
    assert "Secretville" in {one.source.title for one in entry.citations.all()}


def test_row_that_somebody_may_not_add_again_goes_with_what_was_typed(city, ana):
    two, publisher = at_name(city, "二"), browser("Publisher")

    page = both(city, ana, publisher, {f"{two}-DELETE": "on"}, {f"{two}-text": "弐"})

    assert said(page) == [
        (GONE % "二").removesuffix(".")
        + ", and you do not have permission to add it again. You typed: Name: 弐"
    ]
    finish(publisher, city, page)
    assert names(city) == {"一", "三"}


def test_rows_that_somebody_only_reads_hold_up_nothing_but_one_look(city, ana):
    rights = ("view_city", "change_city", "publish_city", "preview_city", "view_cityname")
    client = browser_with(*rights)
    opened = form_of(client, at(city)) | WHY
    two = at_name(city, "二")
    ana.post(at(city), form_of(ana, at(city)) | WHY | {f"{two}-DELETE": "on"} | new(city, 3, "新"))

    page = client.post(at(city), opened | {"summary": "Mine"})

    assert page.status_code == 200
    finish(client, city, page)
    city.refresh_from_db()
    assert (city.summary, names(city)) == ("Mine", {"一", "三", "新"})


# --- edits that wait -----------------------------------------------------------------------


def overtaken(city, ana, staff) -> ChangeSet:
    """A change of the names “二” and “三” that waits while “二” goes and “新” comes."""
    two, three = at_name(city, "二"), at_name(city, "三")
    change_set = edit(staff, city, **{f"{two}-text": "弐", f"{three}-text": "参"})
    ana.post(at(city), form_of(ana, at(city)) | WHY | {f"{two}-DELETE": "on"} | new(city, 3, "新"))
    return change_set


@pytest.mark.parametrize("is_kept", [True, False])
def test_waiting_edit_is_brought_together_with_rows_published_meanwhile(city, ana, is_kept):
    staff = browser("Commission staff")
    change_set = overtaken(city, ana, staff)

    page = staff.get(at(city))

    assert {ADDED, DELETED} <= set(sentences(page))
    assert "The form no longer has these fields." not in text(page)
    form = form_in(page)
    assert {form[f"names-{number}-text"] for number in range(4)} == {"一", "参", "新", "弐"}
    finish(staff, city, page, **({} if is_kept else {"names-3-let_go": "on"}))
    assert names(city) == {"一", "三", "新"}
    assert "The form no longer has these fields." not in text(staff.get(at(city)))
    release(change_set)
    assert names(city) == {"一", "参", "新"} | ({"弐"} if is_kept else set())


def test_waiting_edit_of_rows_that_changed_meanwhile_is_not_released(city, ana, ben):
    change_set = overtaken(city, ana, browser("Commission staff"))

    sentence = DELETED.removesuffix(" Let it go instead")
    assert sorted(refusal(change_set)[1:]) == sorted([ADDED, sentence])

    page = ben.get(at(change_set))
    assert sentence in sentences(page)
    assert "&lt;" not in page.text


def test_waiting_edit_of_a_field_that_changed_meanwhile_is_refused_in_words_alone(city, ana, ben):
    change_set = edit(browser("Commission staff"), city, summary="Mine")
    ana.post(at(city), form_of(ana, at(city)) | WHY | {"summary": "Theirs"})

    assert "Summary: Somebody else changed this to “Theirs”." in refusal(change_set)
    assert "&lt;" not in ben.get(at(change_set)).text


def test_clock_sends_back_an_edit_whose_rows_changed_though_the_record_did_not(city, ana):
    two = at_name(city, "二")
    change_set = edit(browser("Commission staff"), city, **{f"{two}-text": "弐"})
    reviewer = person("Publisher")
    schedule(change_set, by=reviewer, moment=now() + timedelta(hours=1))
    ChangeSet.objects.update(scheduled_for=now() - timedelta(minutes=1))
    city.names.get(text="二").delete()
    before = names(city)

    assert release_due() == ([], [change_set])

    change_set.refresh_from_db()
    assert change_set.state == "sent_back"
    assert "Somebody else deleted this after you opened the form." in change_set.note
    assert "<" not in change_set.note
    assert names(city) == before
    assert ProposedChange.objects.get().input != []


def test_row_whose_record_is_gone_is_named_by_its_kind():
    assert _named(Attendance(meeting_id=999_999, member_id=999_999)) == "Attendance"


def test_rows_show_no_version_until_somebody_is_known_to_see_them(city):
    make_name(city, "大津")
    assert not PartFormSet.visible_versions(CityName.history.all()).exists()
