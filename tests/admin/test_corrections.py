"""A published entry is corrected at the desk, with a few clicks."""

import pytest

from cities.models import ChangeSet, Entry, ProposedChange
from cities.records.corrections import correct
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import NO_GROUP, SUPERUSER, at, browser, everything
from tests.factories import make_city, make_partnership

pytestmark = pytest.mark.django_db

STAFF, CLERK, PUBLISHER = "Commission staff", "Council clerk", "Publisher"
WHY = "The paper says 1970."


@pytest.fixture
def entry():
    return make_partnership("otsu", "1969-10-01").entries.get()


def page_of(change_set) -> str:
    return f"/admin/cities/changeset/{change_set.pk}/change/"


def test_date_is_corrected_with_three_clicks_by_staff_and_two_by_a_publisher(entry):
    """Staff: Correct, Save, Send for review. The publisher: the set on the first page, Publish."""
    staff, publisher = browser(STAFF), browser(PUBLISHER)
    assert at(entry, "correct") in staff.get(at(entry)).text

    opened = staff.post(at(entry, "correct"))
    draft = Entry.objects.get(number=2)
    assert (opened.status_code, opened.url) == (302, at(draft))
    form = form_of(staff, at(draft)) | {"on": "October 1, 1970", "_save": ""}
    saved = staff.post(at(draft), form)
    change_set = ChangeSet.objects.get()
    assert (saved.status_code, saved.url) == (302, page_of(change_set)), sentences(saved)
    sent = staff.post(page_of(change_set), {"_submit": "", "reason": WHY})
    assert sent.status_code == 302

    shown = text(publisher.get(page_of(change_set)))
    assert "It takes the place of" in shown
    assert "October 1, [deleted:] 1969 [end of deleted]" in shown
    assert page_of(change_set) in publisher.get("/admin/").text
    preview = publisher.get(at(draft, "preview"), {"set": change_set.pk})
    assert "Sister city since October 1, 1970" in text(preview)
    done = publisher.post(page_of(change_set), {"_release": "", "reason": WHY})
    assert done.status_code == 302
    entry.refresh_from_db()
    draft.refresh_from_db()
    assert (entry.publication, draft.publication) == ("withdrawn", "published")


def test_reason_is_missed_on_the_page(entry):
    correct(entry)
    change_set = ChangeSet.objects.get()
    boss = browser(SUPERUSER)

    page = boss.post(page_of(change_set), {"_release": "", "reason": " "})

    assert sentences(page) == ["Say why. The public can read this."]
    assert (
        boss.post(page_of(change_set), {"_release": "", "reason": "x" * 2001}).status_code == 200
    )
    entry.refresh_from_db()
    assert entry.is_published


def test_publish_page_of_a_successor_leads_to_its_set(entry):
    draft = correct(entry)

    answer = browser(PUBLISHER).post(at(draft, "publish"))

    assert answer.url == page_of(ChangeSet.objects.get())
    draft.refresh_from_db()
    assert draft.is_draft


@pytest.mark.parametrize("role", [STAFF, CLERK, PUBLISHER, "Commissioner", SUPERUSER, NO_GROUP])
def test_correction_is_begun_by_those_who_may_add_or_publish_entries(entry, role):
    client = browser(role)
    before = everything()

    answer = client.post(at(entry, "correct"))

    begins = role in (STAFF, PUBLISHER, SUPERUSER)
    assert (answer.status_code == 302) == begins
    assert (at(entry, "correct") in client.get(at(entry)).text) == begins
    if not begins:
        assert everything() == before


def test_draft_and_other_kinds_are_not_corrected(entry):
    boss = browser(SUPERUSER)
    city = make_city()
    draft = correct(entry)
    changes = ProposedChange.objects.count()

    for record in (city, draft):
        assert boss.post(at(record, "correct")).status_code == 403
        assert at(record, "correct") not in boss.get(at(record)).text
    assert boss.get(at(entry, "correct")).status_code == 403
    assert ProposedChange.objects.count() == changes
