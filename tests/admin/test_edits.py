"""Edits of published records by people who may not publish wait in a set, and leave no trace."""

import re
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import ChangeSet, City, LogEntry, ProposedChange, Source
from cities.records.change_sets import Deed
from cities.records.deeds import RefusedError
from cities.records.edits import Typed, keep_edit
from cities.records.releasing import drop, propose, release, submit
from exchanges.models import Exchange
from resolutions.models import Attendance
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import NO_GROUP, at, browser, browser_with, everything
from tests.admin.test_change_sets import page_of
from tests.factories import (
    make_attendance,
    make_city,
    make_entry,
    make_meeting,
    make_members,
    make_organization,
    make_program,
    make_relationship,
    make_source,
    make_type,
)
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

DRAFT = {"publication": "draft"}
STAFF, CLERK, PUBLISHER = "Commission staff", "Council clerk", "Publisher"
WHY = "The city says so."
HOME = reverse("admin:index")
TABLES_OF_SETS = ("cities.ChangeSet", "cities.ProposedChange")


@pytest.fixture
@remembered
def otsu():
    city = make_city("otsu", website="https://old.example/")
    make_entry(make_relationship(city), "signed", "1969-10-01", type=make_type())
    return city


@pytest.fixture
def staff():
    return browser(STAFF)


@pytest.fixture
def publisher():
    return browser(PUBLISHER)


def edit(client, record, **fields) -> ChangeSet:
    """Send the form of a record with other values; return the set in which they wait."""
    sent = {**form_of(client, at(record)), "change_reason": WHY, "_save": "", **fields}
    answer = client.post(at(record), sent)
    assert answer.status_code == 302, sentences(answer)
    change_set = ChangeSet.objects.order_by("pk").last()
    assert answer.url == page_of(change_set)
    return change_set


def register() -> dict:
    """Every row but those of sets and of sessions: what was not touched."""
    rows = everything()
    return {name: found for name, found in rows.items() if name not in TABLES_OF_SETS}


def refusal(change_set) -> list[str]:
    """Why the set cannot be released, and nothing is."""
    before = everything()
    with pytest.raises(RefusedError) as refused:
        release(change_set)
    assert everything() == before
    return [problem.sentence for problem in refused.value.problems]


# --- the whole way -------------------------------------------------------------------------


def test_edit_waits_until_somebody_publishes_it(logged, otsu, staff, publisher):
    before, entries = register(), LogEntry.objects.count()
    public = Client().get("/cities/otsu/").text

    change_set = edit(staff, otsu, website="https://new.example/")

    assert register() == before
    assert LogEntry.objects.count() == entries
    assert Client().get("/cities/otsu/").text == public
    shown = staff.get(page_of(change_set))
    assert "kept here. The public sees it once it is published." in text(shown)
    assert "What stays the same" in text(shown)
    assert "&lt;a href" not in shown.text
    changed = '<div class="changed"><dt>Website</dt>'
    assert shown.text.count('<div class="changed">') == shown.text.count(changed) == 1
    staff.post(page_of(change_set), {"_submit": ""})
    assert f'<a href="{page_of(change_set)}">{otsu}</a>, sent by' in publisher.get(HOME).text
    assert register() == before

    opened = form_of(publisher, page_of(change_set))
    assert publisher.post(page_of(change_set), opened | {"_release": ""}).status_code == 302

    otsu.refresh_from_db()
    version = otsu.history.first()
    assert otsu.website == "https://new.example/"
    assert (version.history_user.username, version.history_change_reason) == (
        "commission-staff",
        WHY,
    )
    assert version.history_id == ProposedChange.objects.get().version
    assert LogEntry.objects.filter(reason=WHY, kind="changed").exists()
    assert "https://new.example/" in Client().get("/cities/otsu/").text


def test_preview_of_an_edit_is_the_page_that_visitors_get(logged, otsu, staff, publisher):
    change_set = edit(staff, otsu, website="https://new.example/")
    before = everything()

    preview = publisher.get(at(otsu, "preview"), {"set": change_set.pk})

    assert everything() == before
    assert "This page is not public." in text(preview)
    assert "https://new.example/" in preview.text
    without = publisher.get(at(otsu, "preview"))
    assert (without.status_code, without.url) == (302, "/cities/otsu/")
    assert browser_with("view_city").get(at(otsu, "preview")).status_code == 403


def test_form_shows_what_was_changed_before_and_replaces_it(otsu, staff):
    first = edit(staff, otsu, website="https://first.example/")
    again = form_of(staff, at(otsu))
    assert again["website"] == "https://first.example/"
    assert again["change_reason"] == WHY
    assert f'href="{page_of(first)}"' in staff.get(at(otsu)).text
    assert form_of(staff, f"{at(otsu)}?public")["website"] == "https://old.example/"

    second = edit(staff, otsu, website="https://second.example/")

    assert second == first
    assert "https://second.example/" in str(ProposedChange.objects.get().input)
    assert "https://first.example/" not in str(ProposedChange.objects.get().input)


def test_others_see_that_somebody_has_changed_it(otsu, staff, publisher):
    change_set = edit(staff, otsu, website="https://new.example/")

    page = publisher.get(at(otsu))

    assert "commission-staff has changed this record." in text(page)
    assert f'href="{page_of(change_set)}"' in page.text
    assert form_of(publisher, at(otsu))["website"] == "https://old.example/"
    reader = browser_with("view_city")
    assert "has changed this record" not in text(reader.get(at(otsu)))


def test_publisher_changes_a_record_at_once(otsu, publisher):
    sent = form_of(publisher, at(otsu)) | {"change_reason": WHY, "website": "https://new.example/"}

    publisher.post(at(otsu), sent | {"_save": ""})

    otsu.refresh_from_db()
    assert otsu.website == "https://new.example/"
    change_set = ChangeSet.objects.get()
    assert (change_set.state, change_set.reason, change_set.settled_by.username) == (
        "released",
        WHY,
        "publisher",
    )
    page = page_of(change_set)
    from_history = f'<a href="{page}?undo">Change set, and undo</a>'
    assert from_history in publisher.get(at(otsu, "history")).text
    assert from_history not in browser(CLERK).get(at(otsu, "history")).text
    assert '<details class="drop" open><summary>Undo this' in publisher.get(f"{page}?undo").text
    assert publisher.post(page, {"_undo": "", "reason": "A slip."}).status_code == 302
    otsu.refresh_from_db()
    assert (otsu.website, otsu.history.first().history_change_reason) == (
        "https://old.example/",
        "A slip.",
    )
    shown = publisher.get(page)
    assert re.search(r"Undone on .* by publisher\. Reason: A slip\.", text(shown))
    for one in (shown, publisher.get(page_of(change_set.undone_by))):
        assert one.text.count('<div class="changed"><dt>Website</dt>') == 1


# --- parts, lists, uploads -----------------------------------------------------------------


def test_parts_wait_with_the_record():
    meeting, [one, two] = make_meeting(), make_members(2)
    make_attendance(meeting, one)
    clerk = browser(CLERK)
    sent = form_of(clerk, at(meeting))
    absent = {"attendance-0-presence": "absent"}
    new = {
        "attendance-TOTAL_FORMS": "2",
        "attendance-1-member": str(two.pk),
        "attendance-1-presence": "present",
        "attendance-1-meeting": sent["attendance-0-meeting"],
    }

    change_set = edit(clerk, meeting, **absent, **new)

    assert [*Attendance.objects.values_list("member", "presence")] == [(one.pk, "present")]
    release(change_set)
    assert [*Attendance.objects.order_by("pk").values_list("member", "presence")] == [
        (one.pk, "absent"),
        (two.pk, "present"),
    ]
    assert {row.history_user.username for row in Attendance.history.all()[:2]} == {"council-clerk"}


def test_members_of_a_published_meeting_are_not_listed_as_present_by_a_clerk():
    make_members(2)
    meeting = make_meeting()
    clerk = browser(CLERK)
    before = register()

    edit(clerk, meeting, note="In the annex.", _roll="")

    assert register() == before
    release(ChangeSet.objects.get())
    assert not Attendance.objects.exists()


def test_new_exchange_is_a_draft_and_changes_nothing_public():
    program = make_program()
    staff = browser(STAFF)
    new = {"exchanges-TOTAL_FORMS": "1", "exchanges-0-title": "Choir 2027"}

    answer = staff.post(
        at(program), {**form_of(staff, at(program)), "change_reason": WHY, "_save": "", **new}
    )

    assert answer.status_code == 302, sentences(answer)
    assert Exchange.objects.get().is_draft
    assert not ChangeSet.objects.exists()


def test_draft_that_an_edit_names_is_published_with_it(staff):
    program, draft = make_program(), make_relationship(make_city("nara", **DRAFT), **DRAFT)
    chosen = [str(one.pk) for one in (program.relationships.get(), draft)]

    change_set = edit(staff, program, relationships=chosen)

    assert {change.label: change.deed for change in change_set.changes.all()} == {
        str(draft.partner): Deed.PUBLISH,
        str(draft): Deed.PUBLISH,
        str(program): Deed.EDIT,
    }
    assert program.relationships.count() == 1
    release(change_set)
    assert program.relationships.count() == 2
    assert {row.publication for row in City.objects.filter(slug="nara")} == {"published"}


def pdf(name: str = "paper.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n", "application/pdf")


def test_upload_waits_where_nobody_reads_it(staff, django_capture_on_commit_callbacks):
    source = make_source(slug="paper")

    with django_capture_on_commit_callbacks(execute=True):
        change_set = edit(staff, source, document=pdf())
    [[name, called, stored]] = ProposedChange.objects.get().uploads
    with django_capture_on_commit_callbacks(execute=True):
        change_set = edit(staff, source, document=pdf("better.pdf"))

    assert (name, called) == ("document", "paper.pdf")
    assert not default_storage.exists(stored)
    [[__, __, stored]] = ProposedChange.objects.get().uploads
    assert default_storage.exists(stored)
    assert "New file: better.pdf" in text(staff.get(page_of(change_set)))
    assert not Source.objects.get().document
    with django_capture_on_commit_callbacks(execute=True):
        release(change_set)
    with Source.objects.get().document.open() as document:
        assert document.read().startswith(b"%PDF")
    assert not default_storage.exists(stored)


def test_one_of_several_uploads_is_sent_again(django_capture_on_commit_callbacks):
    source = make_source()
    typed = {"input": [], "form": "f", "base": 0}
    keep = partial(keep_edit, source, author=None, reason=WHY)
    keep(Typed(**typed, files={"scan": pdf("a.pdf"), "cover": pdf("b.pdf")}))
    first = {name: stored for name, __, stored in ProposedChange.objects.get().uploads}

    with django_capture_on_commit_callbacks(execute=True):
        keep(Typed(**typed, files={"scan": pdf("c.pdf")}))

    uploads = ProposedChange.objects.get().uploads
    assert [(name, called) for name, called, __ in uploads] == [
        ("cover", "b.pdf"),
        ("scan", "c.pdf"),
    ]
    assert not default_storage.exists(first["scan"])
    assert default_storage.exists(first["cover"])


def test_warning_about_an_edit_holds_up_no_release(staff):
    organization = make_organization(email="office@lansingmi.gov")
    change_set = edit(staff, organization, email="ana.of.lansing@gmail.com")

    release(change_set)

    organization.refresh_from_db()
    assert organization.email == "ana.of.lansing@gmail.com"


def test_dropped_set_forgets_what_was_typed(staff, django_capture_on_commit_callbacks):
    source = make_source()
    change_set = edit(staff, source, document=pdf(), title="Another")
    [[__, __, stored]] = ProposedChange.objects.get().uploads

    with django_capture_on_commit_callbacks(execute=True):
        drop(change_set, by=None)

    change = ProposedChange.objects.get()
    assert (change.label, change.input, change.uploads) == (str(source), [], [])
    assert not default_storage.exists(stored)
    assert form_of(staff, at(source))["title"] == source.title


# --- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"website": "nowhere"}, "Enter a valid URL."),
        ({"change_reason": " "}, "This record is published. Enter the reason for the change."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_input_that_the_form_refuses_is_not_kept(otsu, staff, fields, sentence):
    before = everything()
    sent = {**form_of(staff, at(otsu)), "change_reason": WHY, "_save": "", **fields}

    page = staff.post(at(otsu), sent)

    assert page.status_code == 200
    assert sentence in sentences(page)
    assert everything() == before


def test_edit_of_a_record_that_somebody_changed_meanwhile_is_refused(otsu, staff, publisher):
    change_set = edit(staff, otsu, website="https://new.example/")
    sent = {**form_of(publisher, at(otsu)), "change_reason": WHY, "name": "Ōtsu", "_save": ""}
    publisher.post(at(otsu), sent)

    said = refusal(change_set)

    assert said[0].startswith("publisher changed this record at")
    assert said[1] == "English name: changed from “Otsu” to “Ōtsu”."
    page = publisher.get(page_of(change_set))
    assert "This change cannot be published as it is." in text(page)
    assert said[1] in text(page)


@pytest.mark.parametrize("loss", ["group", "account"])
def test_author_without_the_right_changes_nothing_any_more(otsu, staff, loss):
    change_set = edit(staff, otsu, website="https://new.example/")
    author = User.objects.get(username="commission-staff")
    if loss == "group":
        author.groups.clear()
    else:
        author.is_active = False
        author.save()

    assert refusal(change_set) == ["The person who prepared this may no longer change it."]


def test_form_that_has_changed_is_filled_in_again(otsu, staff):
    change_set = edit(staff, otsu, website="https://new.example/")
    change = ProposedChange.objects.get()
    change.form, change.input = "another", [*change.input, ["motto", "Water"]]
    change.save()

    assert refusal(change_set)[0].startswith("The form of this record has changed since")
    page = text(staff.get(at(otsu)))
    assert "The form no longer has these fields." in page
    assert "motto: Water" in page
    edit(staff, otsu, website="https://new.example/")
    release(change_set)
    otsu.refresh_from_db()
    assert otsu.website == "https://new.example/"


def test_withdrawn_record_is_not_edited(otsu, staff):
    source = make_source()
    change_set = edit(staff, source, title="Another")
    source.withdraw(because="Twice.", on="2026-01-01")

    assert refusal(change_set) == ["A withdrawn record stays withdrawn. Add a new one."]


def test_all_or_nothing_of_an_edit_and_a_draft(otsu, staff):
    change_set = edit(staff, otsu, website="https://new.example/")
    draft = make_source(**DRAFT)
    propose([draft])
    ProposedChange.objects.filter(object_id=draft.pk, kind="cities.source").update(
        change_set=change_set
    )
    Source.objects.filter(pk=draft.pk).update(address="nowhere")

    assert refusal(change_set) == ["Enter a valid URL."]


def test_reviewer_publishes_what_they_read(otsu, staff, publisher):
    change_set = edit(staff, otsu, website="https://new.example/")
    submit(change_set)
    opened = form_of(publisher, page_of(change_set))
    edit(staff, otsu, website="https://other.example/")

    page = publisher.post(page_of(change_set), opened | {"_release": ""})

    assert sentences(page)[0].startswith("Somebody changed this set after you opened it.")
    otsu.refresh_from_db()
    assert otsu.website == "https://old.example/"


def test_what_no_field_of_the_form_can_hold_is_not_kept(otsu, staff):
    """PostgreSQL keeps no null character, and a button is no field."""
    edit(staff, otsu, website="https://new.example/", **{"more": "a\0b", "mo\0re": "c"}, _x="d")

    [change] = ProposedChange.objects.all()
    kept = {name for name, __ in change.input}
    assert "website" in kept
    assert not {"more", "mo\0re", "_x", "_save", "csrfmiddlewaretoken"} & kept


# --- who may do what -----------------------------------------------------------------------


def test_only_who_may_publish_the_record_releases_its_edit(otsu, staff):
    change_set = edit(staff, otsu, website="https://new.example/")
    page = page_of(change_set)
    others = [browser(role) for role in (CLERK, NO_GROUP, "Commissioner")]
    before = register()

    for client in (staff, *others):
        assert client.post(page, {"_release": ""}).status_code in (403, 404)

    assert register() == before
    assert [client.get(page).status_code for client in (staff, *others)] == [200, 404, 403, 200]


def test_visitor_and_people_without_the_right_find_no_trace(otsu, staff):
    edit(staff, otsu, website="https://secret.example/")
    visitor, clerk = Client(), browser(CLERK)

    for page in ("/", "/cities/otsu/", "/changes/", "/api/v1/cities/otsu/", "/api/v1/log/"):
        assert "secret.example" not in visitor.get(page).text
    for page in (HOME, at(ChangeSet, "changelist"), at(otsu), at(otsu, "history")):
        assert "secret.example" not in clerk.get(page).text


def test_database_keeps_input_with_edits_alone(otsu):
    change_set = propose([make_source(**DRAFT)])
    named = {"change_set": change_set, "kind": "cities.city", "object_id": otsu.pk, "label": "x"}
    for wrong in (
        {"deed": "edit", "base": 1},
        {"deed": "publish", "form": "f"},
        {"deed": "publish", "input": [["a", "b"]]},
        {"deed": "publish", "uploads": [["a", "b", "c"]]},
    ):
        with (
            pytest.raises(IntegrityError, match="cities_proposedchange_edit_with_its_form"),
            transaction.atomic(),
        ):
            ProposedChange.objects.create(**named, **wrong)
    ProposedChange.objects.create(**named, deed="edit", form="f", base=0)


def test_form_of_a_published_record_reads_it_and_what_waits_for_it_once(staff):
    city = make_city("otsu", name="Otsu")
    staff.get(at(city))

    with CaptureQueriesContext(connection) as asked:
        staff.get(at(city))

    said = [one["sql"] for one in asked]
    of_city = [sql for sql in said if f'"cities_city"."id" = {city.pk} ' in sql]
    waiting = [sql for sql in said if 'FROM "cities_proposedchange"' in sql]
    assert (len(of_city), len(waiting)) == (1, 1)
