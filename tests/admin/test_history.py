"""Every change is kept and shown; publishers can undo it; nobody overwrites in silence."""

import re

import pytest
from django.test import Client

from cities.models import City, Entry, Succession
from tests.admin.browser import form_in, form_of, sentences, text
from tests.admin.people import (
    MAKERS,
    SUPERUSER,
    at,
    browser,
    browser_with,
    everything,
    release_all,
)
from tests.factories import (
    make_agreement,
    make_city,
    make_entry,
    make_meeting,
    make_name,
    make_partnership,
    make_source,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": "draft"}
REASON_NEEDED = "This record is published. Enter the reason for the change."
frozen_fields = (
    "This entry is published, so you cannot change what it says. Withdraw it with a reason and"
    " add a new entry."
)


@pytest.fixture
def boss():
    return browser(SUPERUSER)


def save(client: Client, record, **fields):
    """Open the record's form, change fields, send it, and have somebody publish it."""
    url = at(record)
    page = client.post(url, form_of(client, url) | fields)
    release_all()
    return page


def first_version(record):
    return at(record, "simple_history", record.history.earliest("history_id").pk)


def make_changed_city(**fields):
    """Summary “Old”, then “New”."""
    city = make_city(summary="Old", **fields)
    city.summary = "New"
    city.save()
    return city


@pytest.mark.parametrize("model", [City, Succession])  # every model: test_matrix
def test_version_cannot_be_brought_back_with_the_right_to_view_alone(model, boss):
    record = MAKERS[model]()
    record.save()
    url = first_version(record)
    form = form_of(boss, url) | {"change_reason": "Because."}
    name = model._meta.model_name
    viewer = browser_with(f"view_{name}", f"preview_{name}")
    versions, before = record.history.count(), everything()

    assert viewer.get(url).status_code == 200
    assert viewer.post(url, form).status_code == 403
    assert everything() == before

    # The same form of somebody who may is obeyed: the refusal was for the person.
    assert boss.post(url, form).status_code == 302
    assert record.history.count() == versions + 1


@pytest.mark.parametrize("role", ["Commission staff", "Council clerk", "Commissioner"])
def test_version_cannot_be_brought_back_without_being_publisher(role, boss):
    city = make_changed_city()
    form = form_of(boss, first_version(city)) | {"change_reason": "Because."}
    client = browser(role)
    before = everything()

    assert client.post(first_version(city), form).status_code == 403
    assert everything() == before


def test_publisher_brings_a_version_back_and_the_history_says_who_and_why():
    city = make_changed_city()
    publisher = browser("Publisher")
    form = form_of(publisher, first_version(city)) | {"change_reason": "The old one was right."}

    assert publisher.post(first_version(city), form).status_code == 302

    city.refresh_from_db()
    newest = city.history.first()
    assert (city.summary, city.history.count()) == ("Old", 3)
    assert newest.history_user.username == "publisher"
    assert newest.history_change_reason == "The old one was right."


def test_version_of_a_published_record_is_not_brought_back_without_a_reason():
    city = make_changed_city()
    publisher = browser("Publisher")
    before = everything()

    page = publisher.post(first_version(city), form_of(publisher, first_version(city)))

    assert REASON_NEEDED in sentences(page)
    assert everything() == before


def test_version_from_when_it_was_a_draft_brings_back_its_words_and_not_the_draft():
    city = make_changed_city(publication="draft")
    city.publish()
    publisher = browser("Publisher")
    form = form_of(publisher, first_version(city)) | {"change_reason": "It was right."}

    page = publisher.post(first_version(city), form)

    city.refresh_from_db()
    assert page.status_code == 302, sentences(page)
    assert (city.summary, city.publication) == ("Old", "published")
    assert city.history.first().publication == "published"


@pytest.mark.parametrize("was", ["draft", "published"])
def test_version_of_a_published_entry_never_brings_back_another_meaning(was):
    entry = make_entry(make_partnership(), "terminated", "1950", note="Old", publication=was)
    entry.kind, entry.on, entry.note, entry.publication = "lapsed", "2020", "New", "published"
    entry.save()
    publisher = browser("Publisher")
    url = first_version(entry)
    form = form_of(publisher, url) | {"change_reason": "Because."}

    page = publisher.post(url, form | {"kind": "visited", "on": "1999", "party": "home"})

    entry = Entry.objects.get(pk=entry.pk)
    assert page.status_code == 302, sentences(page)
    assert (entry.kind, entry.on.edtf, entry.party) == ("lapsed", "2020", "both")
    assert (entry.note, entry.publication) == ("Old", "published")


@pytest.mark.parametrize("was", ["draft", "published"])
def test_version_of_a_published_entry_brings_back_its_note(was):
    entry = make_entry(make_partnership(), "visited", "2020", note="Old", publication=was)
    Entry.objects.filter(pk=entry.pk).update(note="New", publication="published")
    Entry.objects.get(pk=entry.pk).save()
    publisher = browser("Publisher")
    form = form_of(publisher, first_version(entry)) | {"change_reason": "Because."}

    page = publisher.post(first_version(entry), form | {"kind": "noted", "on": "1999"})

    assert page.status_code == 302
    entry.refresh_from_db()
    assert (entry.note, entry.kind, str(entry.on)) == ("Old", "visited", "2020")
    assert entry.is_published


def test_version_of_a_withdrawn_record_is_not_brought_back(boss):
    city = make_changed_city(
        publication="withdrawn", withdrawn_on="2022-01-01", withdrawn_because="Wrong."
    )
    url = first_version(city)
    before = everything()

    assert boss.post(url, {"name": "Changed", "change_reason": "Because."}).status_code == 403
    assert everything() == before


def test_history_and_versions_of_a_draft_are_closed_to_who_may_not_see_it(boss):
    draft = make_city(name="Secretville", publication="draft")
    public = make_city(name="Secretville", is_another_place=True, publication="draft")
    public.publish()
    clerk = browser("Council clerk")
    for record, url in [
        (draft, at(draft, "history")),
        (draft, first_version(draft)),
        (public, first_version(public)),
    ]:
        form = form_of(boss, first_version(record)) | {"change_reason": "Because."}
        before = everything()

        for page in (clerk.get(url, follow=True), clerk.post(url, form, follow=True)):
            assert page.status_code in (403, 404)
            assert "Secretville" not in text(page)
        assert everything() == before
    assert clerk.get(at(public, "history")).status_code == 200


def test_history_of_a_published_record_keeps_its_drafts_from_who_may_not_see_them():
    city = make_changed_city(publication="draft")
    city.publish()
    city.summary = "Newest"
    city.save()
    url = at(city, "history")

    words = browser("Council clerk").get(url).content.decode()

    assert "<ins>Newest</ins>" in words
    assert "Old" not in words
    assert "<del>Old</del>" in browser("Commissioner").get(url).content.decode()


def test_history_of_a_deleted_draft_stays_closed_too(boss):
    draft = make_city(name="Secretville", publication="draft")
    urls = [at(draft, "history"), first_version(draft)]
    draft.delete()
    clerk = browser("Council clerk")

    for url in urls:
        page = clerk.get(url, follow=True)
        assert page.status_code in (403, 404)
        assert "Secretville" not in text(page)


def test_history_shows_who_changed_what_from_what_to_what_and_why():
    city = make_city(summary="Old words")
    staff = browser("Commission staff")

    save(staff, city, summary="New words", change_reason="The mayor wrote.")

    page = browser("Commissioner").get(at(city, "history"))
    words = page.content.decode()
    assert "<del>Old words</del>" in words
    assert "<ins>New words</ins>" in words
    assert "commission-staff" in text(page)
    assert "The mayor wrote." in text(page)


@pytest.mark.parametrize(
    ("publication", "reason", "is_saved"),
    [
        ("published", "", False),
        ("published", "   ", False),
        ("published", "Because.", True),
        ("draft", "", True),
        ("draft", "Because.", True),
    ],
)
def test_change_of_a_published_record_needs_a_reason(publication, reason, is_saved):
    city = make_city(summary="Old", publication=publication)
    staff = browser("Commission staff")
    before = everything()

    page = save(staff, city, summary="New", change_reason=reason)

    city.refresh_from_db()
    if is_saved:
        assert city.summary == "New"
        assert city.history.first().history_change_reason == reason
        assert city.history.first().history_user.username == "commission-staff"
    else:
        assert REASON_NEEDED in sentences(page)
        assert everything() == before


@pytest.mark.parametrize("publication", ["draft", "published"])
@pytest.mark.parametrize("part", ["record", "name", "new name", "deleted name"])
def test_second_of_two_savers_is_told_who_was_first_and_loses_nothing_of_the_first(
    part, publication
):
    city = make_city(summary="Old", publication=publication)
    make_name(city, "古")
    staff, publisher = browser("Commission staff"), browser("Publisher")
    url, why = at(city), {"change_reason": "Because."}
    firsts, seconds = form_of(staff, url) | why, form_of(publisher, url) | why
    firsts |= {
        "record": {"summary": "First"},
        "name": {"names-0-text": "First"},
        "new name": {
            "names-TOTAL_FORMS": "2",
            "names-1-city": str(city.pk),
            "names-1-text": "First",
            "names-1-language": "ja",
            "names-1-kind": "native",
        },
        "deleted name": {"names-0-DELETE": "on"},
    }[part]
    opened = everything()
    assert staff.post(url, firsts).status_code == 302
    release_all()
    before = everything()
    assert before["cities.City"] + before["cities.CityName"] != (
        opened["cities.City"] + opened["cities.CityName"]
    )

    page = publisher.post(url, seconds | {"summary": "Second", "names-0-text": "Second"})

    assert page.status_code == 200
    assert any(
        sentence.startswith("commission-staff changed this record at ")
        and "Nothing is saved yet. What you typed is still in this form" in sentence
        for sentence in sentences(page)
    )
    assert everything() == before


def test_second_of_two_savers_is_told_what_the_first_changed():
    source = make_source(title="The census")
    city = make_city(summary="Old", geography_source=source, time_zone="Asia/Tokyo")
    staff, publisher = browser("Commission staff"), browser("Publisher")
    why = {"change_reason": "Because."}
    seconds = form_of(publisher, at(city)) | why | {"summary": "Second"}
    save(staff, city, time_zone="Asia/Seoul", part_of=str(make_city(name="Shiga").pk), **why)

    page = publisher.post(at(city), seconds)

    conflict, *changes = sentences(page)[1:]
    assert re.match(r"commission-staff changed this record at \d+(:\d+)? [ap]\.m\.,", conflict)
    assert "Time zone: changed from “Asia/Tokyo” to “Asia/Seoul”." in changes
    assert "Part of: “Shiga, United States” was added." in changes
    assert form_in(page)["summary"] == "Second"


def test_form_that_does_not_say_truly_which_version_it_showed_is_refused():
    cities = [make_changed_city(), make_changed_city()]
    staff = browser("Commission staff")
    city = City.objects.get(pk=cities[0].pk)
    form = form_of(staff, at(city)) | {"summary": "Mine", "change_reason": "Because."}
    assert form["seen"] not in ("0", "1", "999999", "-1")
    form.pop("seen")
    before = everything()

    for seen in (None, "", "0", "1", "999999", "x", "-1"):
        page = staff.post(at(city), form if seen is None else form | {"seen": seen})

        assert any("Nothing is saved" in line for line in sentences(page)), seen
        assert everything() == before, seen


# --- the parts of a record --------------------------------------------------------------


@pytest.mark.parametrize("role", [SUPERUSER, "Commissioner", "Council clerk"])
def test_history_shows_what_changed_in_the_parts(role):
    city = make_city()
    make_name(city, "古", source=make_source(title="The page"))
    staff = browser("Commission staff")
    save(staff, city, **{"names-0-text": "新", "change_reason": "Read it again."})
    save(staff, city, **{"names-0-DELETE": "on", "change_reason": "It is another place."})

    page = browser(role).get(at(city, "history")).content.decode()

    table = page.partition('id="part-history"')[2].partition("</table>")[0]
    rows = [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in table.split("<tr>")[2:]]
    changes = [row.split(" ", 5)[5] for row in rows]
    assert changes == [
        "commission-staff Name: 新 Deleted",
        "commission-staff Name: 新 Changed Name: 古 新",
        "– Name: 古 Created",
    ]


VIEWER = ("view_city", "view_cityname", "view_entry", "view_citation", "view_source")


@pytest.mark.parametrize("sees", [False, True])
def test_history_of_parts_keeps_drafts_from_who_may_not_see_them(sees):
    city = make_city(publication="draft")
    name = make_name(city, "Secretville")
    name.text = "Public"
    name.save()
    city.publish()
    make_name(city, "Later")
    entry = make_partnership().entries.get()
    entry.citations.create(source=make_source(title="Secretville", publication="draft"))
    client = browser("Commissioner") if sees else browser_with(*VIEWER)

    pages = [text(client.get(at(record, "history"))) for record in (city, entry)]

    assert "Name: Later Created" in pages[0]
    assert "citation: Supports: Source" in pages[1].replace("Citation", "citation")
    assert ["Secretville" in page for page in pages] == [sees, sees]


@pytest.mark.parametrize("count", [1, 3])
def test_history_of_parts_asks_a_fixed_number_of_queries(boss, count, django_assert_num_queries):
    entry = make_partnership().entries.get()
    agreement = make_agreement(make_partnership())
    for number in range(count):
        citation = entry.citations.create(source=make_source())
        citation.says = "More."
        citation.save()
        agreement.signatories.create(name=f"Mayor {number}").save()
        agreement.titles.create(language="ja", text="姉妹都市").delete()

    for record, queries in ((entry, 10), (agreement, 15)):
        boss.get(at(record, "history"))
        with django_assert_num_queries(queries):
            page = boss.get(at(record, "history"))
        assert page.content.decode().count("<tr>") > count


def test_history_of_parts_shows_the_newest(boss):
    city = make_city()
    name = make_name(city, "Old name")
    for number in range(101):
        name.text = f"Name {number}"
        name.save()

    page = boss.get(at(city, "history")).content.decode()

    assert page.count("<li><strong>Name:</strong>") == 99
    assert "Name 100" in page
    assert "Old name" not in page


def test_history_of_a_record_without_parts_has_no_table_of_them(boss):
    assert 'id="part-history"' not in boss.get(at(make_city(), "history")).content.decode()


# --- Links to many ----------------------------------------------------------------------------


def changes_shown(page):
    """What the history says of each version: the field, what it was, and what it is."""
    versions = page.context["page_obj"]
    return [getattr(version, "history_delta_changes", None) for version in versions]


def make_linked_meeting():
    """Three versions: no source; then two, one of them a draft; then one that is gone since."""
    meeting = make_meeting()
    page, draft = make_source(title="The page"), make_source(title="Secretville", **DRAFT)
    meeting.sources.set([page, draft])
    gone = make_source(**DRAFT)
    meeting.sources.set([gone])
    pk = gone.pk
    meeting.sources.clear()
    gone.delete()
    return meeting, f"Deleted source (pk={pk})"


@pytest.mark.parametrize("sees", [False, True])
def test_history_shows_what_changed_in_links_to_many_but_no_hidden_draft(sees):
    meeting, gone = make_linked_meeting()
    client = browser("Commissioner") if sees else browser_with("view_meeting", "view_source")
    two = "Secretville, The page" if sees else "The page"

    changes = [
        change for of in changes_shown(client.get(at(meeting, "history"))) for change in of or []
    ]

    assert changes == [
        {"field": "Sources", "old": gone, "new": ""},
        {"field": "Sources", "old": "", "new": gone},
        {"field": "Sources", "old": two, "new": ""},
        {"field": "Sources", "old": "", "new": two},
    ]
