"""Change sets at the desk: sent for review, read, sent back, published with a few clicks."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import ChangeSet, Citation, Source
from cities.records.releasing import propose, publish, release, submit
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import NO_GROUP, SUPERUSER, at, browser, browser_with, everything
from tests.cities.test_releasing import new_partner, states
from tests.factories import (
    make_agreement,
    make_city,
    make_entry,
    make_member,
    make_name,
    make_organization,
    make_relationship,
    make_source,
)

pytestmark = pytest.mark.django_db

STAFF, CLERK, PUBLISHER = "Commission staff", "Council clerk", "Publisher"
DRAFT = {"publication": "draft"}
LIST = reverse("admin:cities_changeset_changelist")
HOME = reverse("admin:index")


def page_of(change_set) -> str:
    return reverse("admin:cities_changeset_change", args=[change_set.pk])


def checked(client, address: str) -> dict:
    """The form as a browser sends it, with its boxes checked as they come."""
    return form_of(client, address)


# --- the whole way -------------------------------------------------------------------------


def test_new_partner_goes_to_the_public_with_two_clicks_of_each():
    """The author: Send for review, twice. The publisher: the set on the first page, publish."""
    records = new_partner()
    city, entry = records[0], records[-1]
    staff, publisher = browser(STAFF), browser(PUBLISHER)
    submit_page = at(entry, "submit")
    assert submit_page in staff.get(at(entry)).text

    sent = staff.post(submit_page, checked(staff, submit_page) | {"reason": "Signed in May."})

    change_set = ChangeSet.objects.get()
    assert (sent.status_code, sent.url) == (302, page_of(change_set))
    assert states(records) == ["draft"] * 5
    home = publisher.get(HOME)
    assert f'<a href="{page_of(change_set)}">{entry}</a>, sent by commission-staff' in home.text
    shown = text(publisher.get(page_of(change_set)))
    for record in records:
        assert str(record) in shown
    assert publisher.post(page_of(change_set), {"_release": ""}).status_code == 302
    assert states(records) == ["published"] * 5
    assert city.history.first().history_change_reason == "Signed in May."
    assert city.history.first().history_user.username == "publisher"
    assert text(publisher.get(page_of(change_set))).count(" by publisher.") == 1
    assert change_set.name not in text(publisher.get(HOME)).partition("Recent actions")[0]


def test_publisher_publishes_what_belongs_together_from_any_of_its_records():
    records = new_partner()
    city = records[0]
    publisher = browser(PUBLISHER)
    page = at(city, "publish")

    shown = publisher.get(page)
    answer = publisher.post(page, checked(publisher, page))

    for record in records:
        assert str(record) in text(shown)
    assert states(records) == ["published"] * 5
    assert answer.url == at(city, "partner")
    assert sentences(publisher.get(answer.url)) == [f"Published: {city}, with 4 other records."]


def test_what_a_record_does_not_need_can_be_left_out():
    records = new_partner()
    publisher = browser(PUBLISHER)

    publisher.post(at(records[0], "publish"))

    assert states(records) == ["published", *["draft"] * 4]


def test_fault_of_another_record_is_named_with_a_link_to_it():
    records = new_partner()
    city, entry = records[0], records[-1]
    type(city).objects.filter(pk=city.pk).update(website="nowhere")
    publisher = browser(PUBLISHER)
    before = everything()

    page = publisher.post(at(entry, "publish"), {"reason": "So."})

    assert sentences(page) == [f"{city} : Enter a valid URL."]
    assert f'<a href="{at(city)}">{city}</a>' in page.text
    assert 'value="So."' in page.text
    assert everything() == before


def test_draft_that_somebody_may_not_see_is_not_named():
    relationship = make_relationship(make_city("secretville", **DRAFT), **DRAFT)
    agreement = make_agreement(relationship, slug="paper", **DRAFT)
    rights = [f"{action}_agreement" for action in ("view", "change", "preview", "publish")]
    other = browser_with(*rights)
    before = everything()

    pages = [other.get(at(agreement, "publish")), other.post(at(agreement, "publish"))]

    assert sentences(pages[1])[0] == (
        "It needs a draft that you do not have permission to publish."
    )
    assert "ecretville" not in "".join(page.text for page in pages)
    assert everything() == before


def test_set_is_sent_back_with_a_note_and_sent_again():
    source = make_source(title="The paper", **DRAFT)
    staff, publisher = browser(STAFF), browser(PUBLISHER)
    staff.post(at(source, "submit"))
    change_set = ChangeSet.objects.get()
    page = page_of(change_set)

    assert sentences(publisher.post(page, {"_send_back": "", "note": " "})) == [
        "Say what is to be changed first."
    ]
    publisher.post(page, {"_send_back": "", "note": "Which page of it?"})

    assert "Which page of it?" in text(staff.get(HOME))
    assert "Which page of it?" not in text(publisher.get(HOME))
    assert "Sent back by publisher: Which page of it?" in text(staff.get(page))
    staff.post(page, {"_submit": ""})
    change_set.refresh_from_db()
    assert change_set.state == "submitted"
    publisher.post(page, {"_release": ""})
    assert states([source]) == ["published"]


def test_reviewer_publishes_what_they_read_and_nothing_else():
    source = make_source(title="The paper", **DRAFT)
    change_set = propose([source])
    submit(change_set)
    publisher = browser(PUBLISHER)
    opened = form_of(publisher, page_of(change_set))
    source.title = "Another paper"
    source.save()

    page = publisher.post(page_of(change_set), opened | {"_release": ""})

    assert sentences(page) == [
        "Somebody changed this set after you opened it. Read it again, then publish it."
    ]
    assert "Another paper" in text(page)
    assert states([source]) == ["draft"]
    again = form_of(publisher, page_of(change_set)) | {"_release": ""}
    assert publisher.post(page_of(change_set), again).status_code == 302
    assert states([source]) == ["published"]


def test_draft_says_in_which_set_it_waits():
    source = make_source(**DRAFT)
    staff = browser(STAFF)
    staff.post(at(source, "submit"))
    change_set = ChangeSet.objects.get()

    page = staff.get(at(source))

    assert f'<a href="{page_of(change_set)}">' in page.text
    assert at(source, "submit") not in page.text
    again = staff.get(at(source, "submit"))
    assert (again.status_code, again.url) == (302, page_of(change_set))
    assert staff.post(at(source, "submit")).url == page_of(change_set)
    assert ChangeSet.objects.count() == 1


def test_refused_set_stays_as_it_was_and_names_what_is_wrong():
    records = new_partner()
    Citation.objects.filter(entry=records[-1]).delete()
    change_set = propose(records)
    submit(change_set)
    before = everything()

    page = browser(SUPERUSER).post(page_of(change_set), {"_release": ""})

    needed = "An entry needs a source before it is published. Add a source that supports it."
    assert sentences(page) == [f"{records[-1]} : {needed}"]
    after = everything()
    del before["auth.User"], after["auth.User"]
    assert after == before


# --- who may do what -----------------------------------------------------------------------

MOVES = {
    "_release": {},
    "_send_back": {"note": "No."},
    "_submit": {},
    "_drop": {},
}
ROLES = [STAFF, CLERK, PUBLISHER, "Commissioner", "Administrator", SUPERUSER, NO_GROUP]
READERS = {STAFF, PUBLISHER, "Commissioner", "Administrator", SUPERUSER}
"""Who may see drafts of cities."""
MAY_MOVE = {
    PUBLISHER: {"_release", "_send_back", "_drop"},
    SUPERUSER: {"_release", "_send_back", "_drop"},
}


@pytest.mark.parametrize("role", ROLES)
def test_set_of_somebody_else_is_read_and_moved_by_these_roles(role):
    author = User.objects.create_user("ana", is_staff=True)
    client = browser(role)
    done = set()
    for move, fields in MOVES.items():
        change_set = propose([make_city(**DRAFT)], author=author)
        submit(change_set)
        page = page_of(change_set)
        before = everything()

        assert (client.get(page).status_code == 200) == (role in READERS)
        listed = client.get(LIST)
        assert (listed.status_code == 200 and change_set.name in listed.text) == (role in READERS)
        if client.post(page, {move: "", **fields}).status_code == 302:
            done.add(move)
        else:
            assert everything() == before

    assert done == MAY_MOVE.get(role, set())


def test_author_sends_again_and_drops_but_does_not_publish():
    staff = browser(STAFF)
    author = User.objects.get()
    change_set = propose([make_city(**DRAFT)], author=author)
    submit(change_set)
    page = page_of(change_set)

    assert staff.post(page, {"_release": ""}).status_code == 403
    assert staff.post(page, {"_send_back": "", "note": "No."}).status_code == 403
    assert staff.post(page, {"_nothing": ""}).status_code == 403
    assert staff.post(page, {"_drop": ""}).status_code == 302
    change_set.refresh_from_db()
    assert change_set.state == "dropped"


def test_set_with_one_record_that_somebody_may_not_see_is_hidden_as_a_whole():
    change_set = propose([make_source(**DRAFT), make_city("secretville", **DRAFT)])
    clerk = browser(CLERK)  # who reads drafts of sources, not of cities

    assert clerk.get(page_of(change_set)).status_code == 404
    assert "ecretville" not in clerk.get(LIST).text + clerk.get(HOME).text
    mine = propose([make_source(**DRAFT)])
    assert clerk.get(page_of(mine)).status_code == 200


def test_what_the_author_may_not_see_comes_along_for_the_reviewer_alone():
    city = make_city("secretville", **DRAFT)
    source = make_source(**DRAFT)
    relationship = make_relationship(city, **DRAFT)
    agreement = make_agreement(relationship, **DRAFT)
    agreement.documents.add(source)
    rights = [f"{action}_agreement" for action in ("view", "change", "preview")]
    author = browser_with(*rights)

    author.post(at(agreement, "submit"))

    change_set = ChangeSet.objects.get()
    assert [change.label for change in change_set.changes.all()] == [str(agreement)]
    assert "ecretville" not in author.get(page_of(change_set)).text
    publisher = browser(PUBLISHER)
    assert "published along with the others" in publisher.get(page_of(change_set)).text
    publisher.post(page_of(change_set), {"_release": ""})
    assert states([city, relationship, agreement, source]) == ["published"] * 4


def test_author_sees_what_comes_along_without_a_link_to_a_form_closed_to_them():
    agreement = make_agreement(make_relationship(), **DRAFT)
    source = make_source(title="The paper", **DRAFT)
    agreement.documents.add(source)
    rights = [f"{action}_agreement" for action in ("view", "change", "preview", "publish")]
    person = browser_with(*rights, "preview_source")

    listed = person.get(at(agreement, "publish"))
    shown = person.get(page_of(propose([agreement])))

    for page in (listed, shown):
        assert str(source) in text(page)
        assert f'href="{at(agreement)}"' in page.text
        assert at(source) not in page.text


def test_part_that_names_a_hidden_draft_is_not_among_what_a_record_says():
    source = make_source(title="Secret paper", **DRAFT)
    entry = make_entry(make_relationship(), "visited", "2020", source=source, **DRAFT)
    page = page_of(propose([entry]))

    hidden = text(browser_with("view_entry", "preview_entry").get(page))

    assert str(entry) in hidden
    assert "Secret paper" not in hidden
    assert "Supports or disputes" not in hidden
    said = "Citation Supports or disputes: Supports; Source: Secret paper"
    assert said in text(browser(PUBLISHER).get(page))


def test_document_of_a_source_is_named_as_people_named_it():
    source = make_source(document="sources/the-paper.pdf", document_sha256="0" * 64, **DRAFT)

    page = text(browser(PUBLISHER).get(page_of(propose([source]))))

    assert "Document the-paper.pdf" in page
    assert "sources/the-paper.pdf" not in page


def test_record_without_a_page_of_its_own_has_no_preview_in_its_set():
    organization, city = make_organization(**DRAFT), make_city(**DRAFT)

    page = browser(PUBLISHER).get(page_of(propose([organization, city])))

    assert str(organization) in text(page)
    assert at(city, "preview") in page.text
    assert at(organization, "preview") not in page.text


def test_withdrawal_is_asked_for_and_published_by_somebody_else():
    source = make_source(slug="paper")
    staff, publisher = browser(STAFF), browser(PUBLISHER)
    assert "Ask for a withdrawal" in text(staff.get(at(source)))
    before = everything()
    [sentence] = sentences(staff.post(at(source, "withdraw"), {"because": " "}))
    assert sentence.startswith("Say why you withdraw the record.")
    assert everything() == before

    sent = staff.post(at(source, "withdraw"), {"because": "It is a copy."})

    change_set = ChangeSet.objects.get()
    assert sent.url == page_of(change_set)
    assert states([source]) == ["published"]
    page = text(publisher.get(page_of(change_set)))
    assert "Reason: It is a copy." in page
    assert "It is taken off the public pages." in page
    assert publisher.post(page_of(change_set), {"_release": ""}).status_code == 302
    source.refresh_from_db()
    assert (source.publication, source.withdrawn_because) == ("withdrawn", "It is a copy.")
    assert "Withdrawn. Its address gives the reason." in text(publisher.get(page_of(change_set)))


@pytest.mark.parametrize("role", ROLES)
def test_undone_by_those_who_may_publish_what_is_in_the_set(role):
    client = browser(role)
    source = make_source(title="The paper", **DRAFT)
    release(change_set := propose([source]))
    page, before = page_of(change_set), everything()

    shown = client.get(page)
    assert ("Undo this" in shown.text) == (role in MAY_MOVE)
    refused = client.post(page, {"_undo": "", "reason": " "})
    assert everything() == before
    client.post(page, {"_undo": "", "reason": "A slip."})

    assert states([source]) == ["withdrawn" if role in MAY_MOVE else "published"]
    if role in MAY_MOVE:
        assert sentences(refused) == ["Say why. The public can read this."]
        assert "Nothing is undone." in text(refused)
        [taking_back] = ChangeSet.objects.filter(undoes=change_set)
        assert "It takes back “ The paper ”." in text(client.get(page_of(taking_back)))
        assert "Reason: A slip." in text(client.get(page))
        again = client.post(page, {"_undo": "", "reason": "A slip."})
        assert sentences(again) == ["This was undone already."]


def test_deleted_draft_is_shown_by_what_it_was_called():
    gone, other = make_source(title="Gone paper", **DRAFT), make_source(**DRAFT)
    change_set = propose([gone, other])
    name, form, preview = str(gone), at(gone), at(gone, "preview")
    assert [str(change) for change in change_set.changes.all()] == [name, str(other)]
    gone.delete()

    page = browser(PUBLISHER).get(page_of(change_set))

    assert f"Source {name}" in text(page)
    assert str(other) in text(page)
    assert form not in page.text
    assert preview not in page.text


def test_draft_is_sent_for_review_by_those_who_may_change_it():
    draft, public = make_source(**DRAFT), make_source()
    reader = browser_with("view_source", "preview_source")
    staff = browser(STAFF)
    before = everything()

    for client, record in ((reader, draft), (staff, public)):
        for answer in (client.get(at(record, "submit")), client.post(at(record, "submit"))):
            assert answer.status_code == 403

    assert everything() == before


@pytest.mark.parametrize("address", ["9" * 18, "nothing", "0", "-1"])
def test_no_set_is_no_page(address):
    assert browser(SUPERUSER).get(f"{LIST}{address}/change/").status_code == 404


def test_nobody_adds_edits_or_deletes_a_set():
    change_set = propose([make_city(**DRAFT)])
    boss = browser(SUPERUSER)
    before = everything()

    for page in ("add/", f"{change_set.pk}/delete/"):
        for answer in (boss.get(LIST + page), boss.post(LIST + page, {"post": "yes"})):
            assert answer.status_code == 403
    boss.post(page_of(change_set), {"_submit": "", "name": "Another"})
    assert everything() == before


def test_visitor_finds_no_trace_of_a_set(client):
    change_set = propose([make_city("secretville", **DRAFT)], name="Secret set")
    submit(change_set)

    for page in ("/", "/changes/", "/api/v1/changes/", "/api/v1/log/", "/cities/"):
        assert "ecret" not in client.get(page).text
    for page in (LIST, page_of(change_set)):
        assert client.get(page).url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("reason", ["x" * 2001, "So.\0"])
def test_reason_that_cannot_be_kept_is_refused(reason):
    source = make_source(**DRAFT)
    boss = browser(SUPERUSER)
    before = everything()

    for page in ("publish", "submit"):
        [sentence] = sentences(boss.post(at(source, page), {"reason": reason}))
        assert sentence.startswith(("Ensure this value has at most 2000", "Null characters"))
        assert everything() == before


def test_shell_publishes_by_the_same_step():
    [source] = publish([make_source(**DRAFT)], reason="Found in the archive.")

    assert Source.objects.get() == source
    assert ChangeSet.objects.get().author is None
    assert source.history.first().history_change_reason == "Found in the archive."


def test_publisher_schedules_a_set_and_takes_that_back():
    source = make_source(title="The paper", **DRAFT)
    change_set = propose([source])
    submit(change_set)
    staff, publisher = browser(STAFF), browser(PUBLISHER)
    page = page_of(change_set)

    for moment, said in {
        "": "Enter the day and time.",
        "soon": "Enter a day and time, such as 2026-12-01 09:00.",
        "2020-01-01T09:00": "Enter a day and time that are still to come.",
    }.items():
        answer = publisher.post(page, {"_schedule": "", "moment": moment})
        assert sentences(answer) == [said]
        assert ChangeSet.objects.get().state == "submitted"
    wanted = {"_schedule": "", "moment": "2099-12-01T09:00"}
    assert staff.post(page, wanted).status_code == 403
    assert publisher.post(page, wanted).status_code == 302

    shown = text(publisher.get(page))
    assert "To be published on December 1, 2099, 9:00 a.m., as publisher decided." in shown
    home = publisher.get(HOME).text
    assert f'<a href="{page}">The paper</a>, on December 1, 2099, 9:00 a.m.' in home
    assert staff.post(page, {"_unschedule": ""}).status_code == 403
    assert publisher.post(page, {"_unschedule": ""}).status_code == 302
    assert ChangeSet.objects.get().state == "submitted"
    assert states([source]) == ["draft"]


def test_author_finds_on_the_first_page_what_is_not_sent_yet():
    staff = browser(STAFF)
    change_set = propose([make_source(title="The paper", **DRAFT)], author=User.objects.get())

    page = staff.get(HOME)

    assert "Not sent for review yet" in text(page)
    assert f'<a href="{page_of(change_set)}">The paper</a>' in page.text
    assert "Not sent for review yet" not in text(browser("Commissioner").get(HOME))


def questions(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_set_is_read_with_a_few_questions_for_each_kind_of_record():
    """So that three new partners, each with all that belongs to it, ask no more than one does."""
    publisher, counts = browser(PUBLISHER), []
    for number in (1, 3):
        records = []
        for one in range(number):
            city = make_city(f"city-{number}-{one}", **DRAFT)
            relationship = make_relationship(city, **DRAFT)
            source = make_source(title=f"The paper {number}.{one}", **DRAFT)
            entry = make_entry(relationship, "visited", "2001", **DRAFT)
            Citation.objects.create(entry=entry, source=source)
            agreement = make_agreement(relationship, **DRAFT)
            agreement.documents.add(source)
            records += [city, relationship, source, entry, agreement]
        change_set = propose(records)
        assert questions(publisher, page_of(propose(reversed(records)))) == 16
        addresses = [page_of(change_set), at(records[0], "publish")]
        counts.append([questions(publisher, address) for address in addresses])
    assert counts == [[16, 14], [16, 14]]


def test_set_with_one_kind_of_record_is_read_with_few_questions():
    publisher = browser(PUBLISHER)
    sources = [make_source(title=f"The paper {one}", **DRAFT) for one in range(3)]
    members = [make_member(name, **DRAFT) for name in ("Ana", "Ben", "Cleo")]

    asked = [questions(publisher, page_of(propose(drafts))) for drafts in (sources, members)]

    assert asked == [8, 9]


def test_set_of_very_many_records_says_the_same(monkeypatch):
    """It does not ask first which parts and lists they have: each question names every record."""
    city = make_city(**DRAFT)
    make_name(city, "大津", kind="native", language="ja")
    agreement = make_agreement(make_relationship(city, **DRAFT), **DRAFT)
    agreement.documents.add(make_source(title="The paper", **DRAFT))
    publisher, address = browser(PUBLISHER), page_of(propose([city, agreement]))

    few, asked = contents(publisher.get(address)), questions(publisher, address)
    monkeypatch.setattr("cities.records.whole.FEW", 1)

    assert contents(publisher.get(address)) == few
    assert "大津" in "".join(few)
    assert "The paper" in few
    assert questions(publisher, address) > asked


def contents(page) -> list[str]:
    return [fact.value for shown in page.context["shown"] for fact in shown.facts]
