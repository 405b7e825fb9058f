"""The page of the desk with all that is on record about one city."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import City, Entry
from cities.records.releasing import drop, propose, submit
from tests import factories as make
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import SUPERUSER, at, browser, browser_with, everything
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

STAFF, CLERK, PUBLISHER = "Commission staff", "Council clerk", "Publisher"
DRAFT = {"publication": "draft"}
QUERIES = 15


def lines(page):
    """Each section with its lines: the date, what is said, and a state that is not public."""
    return {
        section.key.partition("-")[0]: [
            (line.when, line.text, "" if line.publication == "published" else line.state)
            for line in section.lines
        ]
        for section in page.context["page"].sections
    }


def steps(page):
    """What can be done, by the section and the line."""
    return {
        section.key.partition("-")[0]: [
            *([step.label for step in line.steps] for line in section.lines),
            [step.label for step in section.steps],
        ]
        for section in page.context["page"].sections
    }


@pytest.fixture
@remembered
def otsu():
    """Otsu with one of everything."""
    make.make_register()
    city = make.make_city("otsu", country="JP", subdivision="JP-25", summary="On a lake.")
    make.make_name(city, "大津市")
    relationship = make.make_relationship(city)
    source = make.make_source(title="Minutes of 1969", dated="1969-05-12")
    make.make_entry(relationship, "signed", "1969-10-01", type=make.make_type(), source=source)
    entry = make.make_entry(relationship, "visited", "1970", source=source, note="A boat came.")
    entry.withdraw(because="It was 1971.", on=date(2026, 1, 1))
    make.make_entry(relationship, "visited", "1971", source=source, **DRAFT)
    agreement = make.make_agreement(relationship, signed_on="1969-10-01")
    agreement.documents.add(make.make_source(title="The agreement", **DRAFT))
    program = make.make_program(relationship=relationship, title="Youth camp")
    camp = {"title": "Youth camp 2025", "begins": "2025-07-01"}
    make.make_exchange(program=program, **camp).relationships.set([relationship])
    resolution = make.make_resolution(title="Greet Otsu", number="2019-7")
    resolution.relationships.add(relationship)
    statement = make.make_statement(title="Mayor on Otsu", on="2013-08")
    statement.places.add(city)
    make.make_entry(make.make_relationship(), "visited", "1999")  # of another city
    return city


def test_page_shows_all_that_is_on_record_with_its_state(otsu):
    page = browser(STAFF).get(at(otsu, "partner"))

    assert lines(page) == {
        "relationship": [
            ("October 1, 1969", "Sister city agreement signed", ""),
            ("1970", "A boat came", "Withdrawn"),
            ("1971", "Visit", "Draft"),
        ],
        "agreement": [("October 1, 1969", "Agreement", "")],
        "program": [("", "Youth camp", "")],
        "exchange": [("July 1, 2025", "Youth camp 2025", "")],
        "resolution": [("2019-7", "Greet Otsu", "")],
        "statement": [("August 2013", "Mayor on Otsu", "")],
        "source": [("May 12, 1969", "Minutes of 1969", ""), ("", "The agreement", "Draft")],
    }
    assert [*page.context["page"].facts] == [
        ("In its own language", "大津市", "ja"),
        ("Where", "Shiga, Japan", ""),
        ("Kind", "City", ""),
        ("Summary", "On a lake.", ""),
    ]
    said = text(page)
    for words in ("Sister city since October 1, 1969.", "entry 2, both cities", "Published."):
        assert words in said


def test_entry_that_we_do_not_rely_on_says_so(otsu):
    relationship = otsu.relationships.get()
    make.make_entry(relationship, "signed", "1964", why_not_preferred="No paper says so.")

    said = text(browser(STAFF).get(at(otsu, "partner")))

    assert "1964 Signed entry 4, both cities, claimed" in said


def test_each_person_is_offered_what_they_may_do(otsu):
    done = {
        role: steps(browser(role).get(at(otsu, "partner")))
        for role in (STAFF, PUBLISHER, "Commissioner")
    }

    assert done[STAFF] == {
        "relationship": [
            ["Change", "Correct"],
            ["Read"],
            ["Change", "Send for review"],
            ["Add an entry", "Change the relationship"],
        ],
        "agreement": [["Change"], ["Add an agreement"]],
        "program": [["Change", "Announce the next one"], ["Add a program"]],
        "exchange": [["Change"], ["Announce an exchange"]],
        "resolution": [["Read"], []],
        "statement": [["Read"], []],
        "source": [["Change"], ["Change", "Send for review"], ["Add a document"]],
    }
    assert done[PUBLISHER]["relationship"] == [
        ["Change"],
        ["Read"],
        ["Change", "Publish"],
        ["Change the relationship"],
    ]
    assert done["Commissioner"]["relationship"] == [["Read"], ["Read"], ["Read"], ["Read"]]


def test_clerk_sees_no_draft_of_partners_and_adds_resolutions(otsu):
    page = browser(CLERK).get(at(otsu, "partner"))

    assert [state for __, __, state in lines(page)["relationship"]] == ["", "Withdrawn"]
    assert steps(page)["resolution"] == [["Change"], ["Add a resolution"]]
    hidden = make.make_city("secretville", name="Secretville", **DRAFT)
    clerk = browser_with("view_city")
    assert clerk.get(at(hidden, "partner")).status_code == 404


def test_name_and_source_that_rest_on_a_hidden_draft_are_hidden(otsu):
    make.make_name(otsu, "大津宿", source=make.make_source(**DRAFT))
    hidden = make.make_source(title="A secret letter")
    relationship = otsu.relationships.get()
    make.make_entry(relationship, "visited", "1999", source=hidden, **DRAFT)
    secrets = ("大津宿", "A secret letter")

    rights = ("view_city", "view_relationship", "view_entry", "view_source")
    staff, reader = browser(STAFF), browser_with(*rights)
    found = [
        [secret in text(client.get(at(otsu, "partner"))) for secret in secrets]
        for client in (staff, reader)
    ]

    assert found == [[True, True], [False, False]]


def test_what_waits_in_a_change_set_says_so_and_is_not_sent_again(otsu):
    visit = Entry.objects.get(on="1971")
    change_set = propose([visit], name="A visit")
    submit(change_set)

    def shown(client):
        page = client.get(at(otsu, "partner"))
        line = page.context["page"].sections[0].lines[2]
        return line.waiting, [step.label for step in line.steps]

    assert shown(browser(STAFF)) == (change_set, ["Change"])
    assert shown(browser(PUBLISHER)) == (change_set, ["Change", "Publish"])
    drop(change_set, by=None)
    client = browser("Commissioner")
    assert shown(client) == (None, ["Read"])


def test_draft_says_that_its_status_follows_and_is_published_as_one(otsu):
    nara = make.make_city("nara", **DRAFT)
    relationship = make.make_relationship(nara, **DRAFT)
    make.make_entry(relationship, "signed", "2001", type=make.make_type(), **DRAFT)
    staff = browser(STAFF)

    page = staff.get(at(nara, "partner"))

    section = page.context["page"].sections[0]
    assert section.sentence == "Draft: Its status follows once an entry is published."
    assert [step.label for step in section.steps] == ["Add an entry", "Change the relationship"]
    itself = page.context["page"].itself
    assert [step.label for step in itself.steps] == ["Change facts", "Send for review"]
    assert at(nara, "preview") in page.content.decode()


def test_page_leaves_out_what_a_person_may_not_see(otsu):
    page = browser_with("view_city", "view_relationship").get(at(otsu, "partner"))

    assert lines(page) == {"relationship": []}


def test_page_is_closed_to_strangers_and_to_who_may_see_no_city(otsu):
    url = at(otsu, "partner")

    assert Client().get(url).headers["Location"].startswith(reverse("admin:login"))
    assert browser(CLERK).get(url).status_code == 200
    reader = browser_with("add_city")
    assert reader.get(url).status_code == 403
    reader = browser(STAFF)
    assert reader.get(url).status_code == 200
    for number in ("0", "9" * 30):
        assert reader.get(url.replace(f"/{otsu.pk}/", f"/{number}/")).status_code in (400, 404)


def test_entry_is_changed_and_added_from_the_page_and_leads_back_to_it(otsu):
    client = browser(STAFF)
    url = at(otsu, "partner")
    section = client.get(url).context["page"].sections[0]
    change = section.lines[2].steps[0].address
    add = section.steps[0].address

    changed = client.post(change, form_of(client, change) | {"note": "By boat."})
    new = form_of(client, add) | {"kind": "visited", "on": "1980"}
    source = make.make_source()
    added = client.post(add, new | {"citations-0-source": str(source.pk)})

    place = f"{url}#entry-{Entry.objects.get(on='1971').pk}"
    assert [answer.headers["Location"] for answer in (changed, added)] == [place, url]
    assert [*Entry.objects.order_by("pk").values_list("kind", "note")][-1] == ("visited", "")
    assert Entry.objects.get(on="1971").note == "By boat."
    assert Entry.objects.get(on="1980").relationship.partner == otsu


@pytest.mark.parametrize("key", ["entry", "agreement"])
def test_record_is_changed_in_its_place_and_an_error_is_told_there(otsu, key):
    client = browser(STAFF)
    agreement = make.make_agreement(otsu.relationships.get(), **DRAFT)
    record = {"entry": Entry.objects.get(on="1971"), "agreement": agreement}[key]
    date = {"entry": "on", "agreement": "signed_on"}[key]
    url = f"{at(otsu, 'partner')}?change={key}-{record.pk}"

    page = client.get(url)
    refused = client.post(url, form_of(client, url) | {date: "never"})
    saved = client.post(url, form_of(client, url) | {date: "1973"})

    assert f'<li class="in-place" id="{key}-{record.pk}">' in page.content.decode()
    assert "Otsu" in text(page)
    assert "Please correct the error below." in sentences(refused)
    assert f'<a href="#id_{date}">' in refused.content.decode()
    assert "<title>Error: Otsu" in refused.content.decode().replace("\n", "")
    assert f'<li class="in-place" id="{key}-{record.pk}">' in refused.content.decode()
    assert saved.headers["Location"] == f"{at(otsu, 'partner')}#{key}-{record.pk}"
    record.refresh_from_db()
    assert str(getattr(record, date)) == "1973"


@pytest.mark.parametrize("anchor", ["", "entry-", "entry-0", "entry-x", "city-1", "entry-²"])
def test_page_asked_to_change_what_it_has_not_changes_nothing(otsu, anchor):
    client = browser(STAFF)
    before = everything()

    answer = client.get(f"{at(otsu, 'partner')}?change={anchor}")

    assert answer.status_code in (200, 302)
    assert everything() == before


def test_nobody_changes_in_place_what_they_may_not_change(otsu):
    entry = Entry.objects.get(on="1971")
    url = f"{at(otsu, 'partner')}?change=entry-{entry.pk}"
    hidden, reader = browser(CLERK), browser("Commissioner")
    before = everything()

    for client in (hidden, reader):
        assert client.post(url, {"on": "1980"}).status_code == 403
    assert "1971" in text(reader.get(url))
    assert everything() == before


@pytest.mark.parametrize("key", ["agreement", "program", "exchange", "resolution", "statement"])
def test_new_record_begins_with_the_relationship_of_the_page(otsu, key):
    client = browser(SUPERUSER)
    page = client.get(at(otsu, "partner"))
    [section] = [one for one in page.context["page"].sections if one.key == key]

    form = form_of(client, section.steps[0].address)

    assert form["relationships"] == str(otsu.relationships.get().pk)


def test_next_exchange_begins_with_its_program(otsu):
    client = browser(STAFF)
    page = client.get(at(otsu, "partner"))
    [section] = [one for one in page.context["page"].sections if one.key == "program"]

    form = form_of(client, section.lines[0].steps[1].address)

    assert (form["title"], form["relationships"]) == (
        "Youth camp",
        str(otsu.relationships.get().pk),
    )


def test_announced_exchange_begins_with_the_program_where_there_is_one(otsu):
    client = browser(STAFF)

    def begun():
        page = client.get(at(otsu, "partner"))
        [section] = [one for one in page.context["page"].sections if one.key == "exchange"]
        form = form_of(client, section.steps[0].address)
        return form.get("program", ""), form["title"]

    relationship = otsu.relationships.get()
    program = relationship.programs.get()
    assert begun() == (str(program.pk), "Youth camp")
    make.make_program(relationship=relationship)
    assert begun() == ("", "")


def test_correction_is_begun_from_the_page(otsu):
    client = browser(STAFF)
    page = client.get(at(otsu, "partner"))
    [correct] = [
        step for step in page.context["page"].sections[0].lines[0].steps if step.is_button
    ]

    answer = client.post(correct.address)

    draft = Entry.objects.latest("pk")
    assert answer.headers["Location"] == at(draft)
    assert (draft.kind, str(draft.on), draft.publication) == ("signed", "October 1, 1969", "draft")


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org/admin/", "/cities/", "", "/admin/\n//x"]
)
def test_form_leads_back_nowhere_else(otsu, back):
    client = browser(STAFF)
    entry = Entry.objects.get(on="1971")
    url = f"{at(entry)}?back="

    answer = client.post(url + back, form_of(client, at(entry)))

    assert answer.headers["Location"].startswith("/admin/")
    assert "example.org" not in answer.headers["Location"]


def test_city_without_a_relationship_offers_one_and_the_home_city_none():
    make.make_register()
    client = browser(STAFF)
    nara = make.make_city("nara")

    page = client.get(at(nara, "partner"))

    [begin] = page.context["page"].begin
    assert "We have no record of a relationship with this city." in text(page)
    assert form_of(client, begin.address)["partner"] == str(nara.pk)
    assert client.get(at(make.home(), "partner")).context["page"].begin == []
    assert steps(page)["agreement"] == [[]]


def test_city_is_found_on_its_page_from_the_list_and_after_it_is_published():
    client = browser(SUPERUSER)
    nara = make.make_city("nara", **DRAFT)

    assert f'href="{at(nara, "partner")}"' in client.get(at(City, "changelist")).content.decode()
    published = client.post(at(nara, "publish"), {})
    assert published.headers["Location"] == at(nara, "partner")
    assert sentences(client.get(at(nara, "partner"))) == ["Published: Nara, United States"]


def test_longest_lists_are_cut_and_lead_to_all(otsu):
    program = otsu.relationships.get().programs.get()
    for year in range(21):
        exchange = make.make_exchange(program=program, begins=f"20{year:02}-07-01")
        exchange.relationships.set([otsu.relationships.get()])

    page = browser(STAFF).get(at(otsu, "partner"))

    [section] = [one for one in page.context["page"].sections if one.key == "exchange"]
    assert (len(section.lines), section.is_cut) == (20, True)
    assert section.every == "/admin/exchanges/exchange/?q=Otsu"
    assert "See all of them" in text(page)


@pytest.mark.parametrize("role", [STAFF, CLERK, SUPERUSER])
def test_page_asks_no_more_for_three_of_everything_than_for_one(otsu, role):
    client = browser(role)
    relationship = otsu.relationships.get()
    counts = []
    for number in range(3):
        client.get(at(otsu, "partner"))
        with CaptureQueriesContext(connection) as queries:
            client.get(at(otsu, "partner"))
        counts.append(len(queries))
        make.make_name(otsu, f"大津{number}")
        make.make_entry(relationship, "visited", "1990", type=None)
        make.make_agreement(relationship)
        program = make.make_program(relationship=relationship)
        make.make_exchange(program=program).relationships.set([relationship])
        make.make_resolution().relationships.add(relationship)
        make.make_statement().places.add(otsu)
    assert counts[0] == counts[2]
    assert counts[0] <= QUERIES


@pytest.mark.parametrize("key", ["entry", "agreement"])
def test_form_in_its_place_asks_no_more_for_three_of_everything_than_for_one(otsu, key):
    client = browser(STAFF)
    relationship = otsu.relationships.get()
    agreement = make.make_agreement(relationship, **DRAFT)
    record = {"entry": Entry.objects.get(on="1971"), "agreement": agreement}[key]
    url = f"{at(otsu, 'partner')}?change={key}-{record.pk}"
    counts = []
    for number in range(3):
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
        make.make_name(otsu, f"大津{number}")
        make.make_entry(relationship, "visited", "1990", type=None)
        make.make_agreement(relationship)
        make.make_exchange().relationships.set([relationship])
    assert counts[0] == counts[2]
    assert counts[0] <= QUERIES


def test_looking_changes_nothing(otsu):
    client = browser(SUPERUSER)
    before = everything()

    client.get(at(otsu, "partner"))

    assert everything() == before
    assert admin.site.get_model_admin(City).page_address(otsu.pk) == at(otsu, "partner")
