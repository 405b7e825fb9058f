"""What changed, in words: the list, the page, the feeds, and the last change on each page."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import Group, User
from django.utils.timezone import localdate

from cities.models import City, LogEntry
from cities.records.derived import collecting
from lrscc import roles
from lrscc.changes import feeds
from lrscc.changes import reading as changes
from lrscc.changes.scopes import followed_with, of_page
from tests.drafts import MARK, add_drafts_apart, link_drafts, make_public_register
from tests.factories import (
    home,
    make_action,
    make_agreement,
    make_city,
    make_effect,
    make_entry,
    make_exchange,
    make_full_resolution,
    make_meeting,
    make_member,
    make_minutes,
    make_name,
    make_organization,
    make_partnership,
    make_program,
    make_register,
    make_relationship,
    make_reply,
    make_resolution,
    make_source,
    make_statement,
    make_text,
)
from tests.moments import saved_at
from tests.problems import refusal
from tests.reading import lines_of, links_of, title_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("logged")]

LAST_CHANGED = "Last changed on February 1, 2026: changed. The census. (Commission staff)"
CENSUS = "The &lt;census&gt; &amp; more."
CITED = "Lansing Regional Sister Cities Commission, Sister Cities Register, “Otsu, Japan,”"
ATOM = "{http://www.w3.org/2005/Atom}"


def at(day: str, minutes: int = 0) -> datetime:
    """Noon of a day in Lansing’s winter, and so many minutes later."""
    return datetime.fromisoformat(f"{day}T17:00+00:00") + timedelta(minutes=minutes)


def save(record: Any, why: str = "", by: User | None = None, **values: Any) -> Any:
    """Change a record as the admin does."""
    for name, value in values.items():
        setattr(record, name, value)
    record._change_reason, record._history_user = why, by
    record.save()
    return record


def person(name: str, *groups: str) -> User:
    user = User.objects.create_user(name, first_name=name, last_name=MARK)
    user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    return user


def public_changes(scope: Any = None, kind: str = "") -> list[changes.Change]:
    return changes.changes_of(changes.entries(scope, kind))


def titles(scope: Any = None, kind: str = "") -> list[str]:
    return [change.title for change in public_changes(scope, kind)]


@pytest.fixture
def otsu() -> City:
    """A city with its relationship and an entry, each published on another day."""
    with saved_at(at("2025-12-01")):
        home()
    with saved_at(at("2025-12-31")):
        source = make_source(slug="page", title="Page")
    with saved_at(at("2026-01-01")):
        place = make_city("otsu", country="JP")
    with saved_at(at("2026-01-02")):
        relationship = make_relationship(place)
    with saved_at(at("2026-01-03")):
        make_entry(relationship, "signed", "1969-10-01", source=source)
    return place


# --- what is listed -------------------------------------------------------------------------


def without(change: changes.Change, name: str) -> dict:
    return {known: value for known, value in vars(change).items() if known != name}


def test_every_change_is_reported_whole_the_newest_first(otsu):
    with saved_at(at("2026-02-01")):
        save(otsu, "The census of 2020.", person("ana", roles.STAFF), summary="On Lake Biwa.")
    entry = otsu.relationships.get().entries.get()
    with saved_at(at("2026-03-01")):
        entry.withdraw(because="Another Otsu.", on=date(2026, 3, 1))

    found = public_changes()

    blank = {"office": "", "why": ""}
    assert {change.language for change in found} == {""}
    assert [without(change, "language") | {"id": ""} for change in found] == [
        {"id": "", "moment": at("2026-03-01"), "kind": "withdrawn", "record": "Otsu"}
        | {"what": "entry 1 (signed)", "address": "/cities/otsu/#entry-1"}
        | {"office": "", "why": "Another Otsu."},
        {"id": "", "moment": at("2026-02-01"), "kind": "changed", "record": "Otsu"}
        | {"what": "city", "address": "/cities/otsu/"}
        | {"office": "Commission staff", "why": "The census of 2020."},
        {"id": "", "moment": at("2026-01-02"), "kind": "published", "record": "Otsu"}
        | {"what": "relationship", "address": "/cities/otsu/", **blank},
        {"id": "", "moment": at("2026-01-01"), "kind": "published", "record": "Otsu"}
        | {"what": "city", "address": "/cities/otsu/", **blank},
        {"id": "", "moment": at("2025-12-31"), "kind": "published", "record": "Page"}
        | {"what": "source", "address": "/sources/page/", **blank},
        {"id": "", "moment": at("2025-12-01"), "kind": "published", "record": "Lansing"}
        | {"what": "city", "address": "/cities/lansing/", **blank},
    ]
    assert len({change.id for change in found}) == len(found)


def test_each_kind_of_record_has_its_words_and_its_place_on_a_page():
    """One of each that is published by itself, published long after what it is a part of."""
    long_ago = at("2020-01-01")
    with saved_at(long_ago):
        organization = make_organization("council", name="Council", place=home())
        resolution = make_resolution("on-peace", title="On peace", organization=organization)
        meeting = make_meeting("2013-08-19", slug="august", organization=organization)
        relationship = make_relationship(make_city("otsu"))
        effect = make_effect(resolution)
    with collecting():
        make_text(resolution, kind="adopted")
        make_minutes(meeting)
        page = make_source(title="Page", slug="page")
        make_entry(relationship, "signed", "1969", source=page)
        make_agreement(relationship)
        make_text(resolution, "Other words.", kind="corrected", corrected_at=meeting)
        make_action(resolution, "introduce")
        make_reply(effect)
        make_statement("said", title="Peace")
        make_member("wood", name="C. Wood")
        program = make_program("camp", title="Camp")
        make_exchange("camp-2026", title="Camp 2026", program=program)

    named = [
        change
        for change in public_changes()
        if not re.match(r"(Organization|Place|Source) \d", change.title)
    ]
    found = {(change.title, change.address) for change in named if change.moment > long_ago}

    assert found == {
        ("Otsu: entry 1 (signed), published", "/cities/otsu/#entry-1"),
        ("Otsu: agreement, published", "/cities/otsu/"),
        ("On peace: text (as adopted, version 1), published", "/resolutions/on-peace/#version-1"),
        ("On peace: text (corrected, version 2), corrected", "/resolutions/on-peace/#version-2"),
        ("On peace: action 1 (introduce), published", "/resolutions/on-peace/#action-1"),
        ("On peace: reply, published", "/resolutions/on-peace/#effect-1"),
        ("Peace: statement, published", "/statements/said/"),
        (
            "Council, August 19, 2013: minutes (proposed, version 1), published",
            "/meetings/august/#minutes-1",
        ),
        ("C. Wood: member, published", "/members/wood/"),
        ("Page: source, published", "/sources/page/"),
        ("Camp: program, published", "/programs/camp/"),
        ("Camp 2026: exchange, published", "/exchanges/camp-2026/"),
    }
    before = {(change.title, change.address) for change in named if change.moment == long_ago}
    assert before == {
        ("Council: organization, published", ""),
        ("On peace: resolution, published", "/resolutions/on-peace/"),
        ("Council, August 19, 2013: meeting, published", "/meetings/august/"),
        ("Otsu: relationship, published", "/cities/otsu/"),
        ("Otsu: city, published", "/cities/otsu/"),
        ("Lansing: city, published", "/cities/lansing/"),
    }


def test_what_is_published_with_its_record_is_no_change_of_its_own(otsu):
    assert titles(of_page(otsu)) == [
        "Otsu: entry 1 (signed), published",
        "Otsu: relationship, published",
        "Otsu: city, published",
    ]

    with saved_at(at("2026-02-02")):
        make_entry(make_relationship(make_city("nara")), "signed", "1970")

    assert titles(of_page(City.objects.get(slug="nara"))) == [
        "Nara: relationship, published",
        "Nara: city, published",
    ]


def test_changes_of_parts_are_changes_of_the_record_they_stand_under(otsu):
    with saved_at(at("2026-02-01")):
        name = make_name(otsu, "大津市")
        make_name(otsu, "Ōtsu-shi", kind="romanized")
    with saved_at(at("2026-03-01")):
        name.delete()

    assert [(change.title, change.moment) for change in public_changes(of_page(otsu))][:2] == [
        ("Otsu: city (name), changed", at("2026-03-01")),
        ("Otsu: city (name), changed", at("2026-02-01")),
    ]


def test_what_is_saved_at_once_is_one_change(otsu):
    with saved_at(at("2026-02-01")):
        for text in ("大津市", "大津"):
            make_name(otsu, text)
        save(otsu, "Names.", summary="On a lake.")

    newest, *rest = public_changes(of_page(otsu))

    assert (newest.title, newest.why) == ("Otsu: city, changed", "Names.")
    assert newest.moment == at("2026-02-01")
    assert all(change.moment < at("2026-02-01") for change in rest)


def test_two_changes_of_one_record_stay_two(otsu):
    save(otsu, "One.", summary="1")
    save(otsu, "Two.", summary="2")

    assert [change.why for change in public_changes(of_page(otsu))][:2] == ["Two.", "One."]


def test_save_that_changes_nothing_for_the_public_is_no_change(otsu):
    before = LogEntry.objects.count()

    save(otsu, "Nothing.")
    save(otsu.relationships.get().entries.get().citations.get(), "Nothing either.")

    assert LogEntry.objects.count() == before


@pytest.mark.parametrize(
    ("groups", "office"),
    [
        ([roles.STAFF], "Commission staff"),
        ([roles.CLERK], "City Clerk"),
        ([roles.CLERK, roles.PUBLISHER], "City Clerk"),
        ([roles.PUBLISHER], "Commission staff"),
        ([], "Commission staff"),
    ],
)
def test_office_is_reported_and_never_a_name(otsu, client, groups, office):
    save(otsu, "Because.", person(f"{MARK}-ana", *groups), summary="On a lake.")

    assert public_changes()[0].office == office
    for path in ("/changes/", "/changes/feed.atom", "/cities/otsu/", "/cities/otsu/feed.atom"):
        text = client.get(path).text
        assert office in text
        assert MARK not in text


def test_files_and_publishing_give_no_reason_of_their_own(otsu):
    source = make_source(slug="loaded", title="Loaded", publication="draft")
    save(source, "load_register sources.toml", publication="published")
    other = make_source(slug="other", title="Other", publication="draft")
    save(other, "Published", publication="published")

    assert [(change.record, change.why) for change in public_changes()[:2]] == [
        ("Other", ""),
        ("Loaded", "First import."),
    ]


# --- what is never listed -------------------------------------------------------------------


def test_draft_has_no_change_and_a_published_record_none_of_its_time_as_a_draft():
    draft = make_source(slug="draft", title=f"{MARK} draft", publication="draft")
    save(draft, f"{MARK} reason", title=f"{MARK} again")
    source = make_source(slug="page", title=f"{MARK} page", publication="draft")
    save(source, f"{MARK} reason", title="Page")
    with saved_at(at("2026-01-03")):
        save(source, "Published", publication="published")

    assert [(change.title, change.moment) for change in public_changes()] == [
        ("Page: source, published", at("2026-01-03"))
    ]


@pytest.mark.parametrize("hidden", ["relationship", "partner", "home"])
def test_what_was_done_while_the_record_it_is_about_was_a_draft_is_not_told(hidden):
    draft = {"publication": "draft"}
    here = make_city("lansing", **(draft if hidden == "home" else {}))
    place = make_city("otsu", **(draft if hidden == "partner" else {}))
    relationship = make_relationship(place, **(draft if hidden == "relationship" else {}))
    entry = make_entry(relationship, "signed", "1969")
    save(entry, f"{MARK} reason", note="Changed.")
    save(entry.citations.get(), says="More.")
    record = {"relationship": relationship, "partner": place, "home": here}[hidden]
    assert [change for change in public_changes() if "entry" in change.what] == []
    save(record, publication="published")

    assert [change for change in public_changes() if "entry" in change.what] == []
    save(entry, "In public.", note="Again.")
    assert [change.why for change in public_changes() if "entry" in change.what] == ["In public."]


def test_agreement_is_told_on_the_pages_of_public_relationships_alone():
    relationship, hidden = (
        make_relationship(make_city("otsu")),
        make_relationship(make_city("nara")),
    )
    with collecting():
        make_agreement(hidden).relationships.add(relationship)
    hidden.withdraw(because="Another Nara.", on=date(2026, 1, 1))
    nara = followed_with(hidden.partner)

    assert titles(nara) == ["Nara: relationship, withdrawn", "Nara: city, published"]
    assert [change.title for change in public_changes() if change.what == "agreement"] == [
        "Otsu: agreement, published"
    ]


def test_withdrawn_record_is_reported_without_its_name_and_its_past(client):
    with saved_at(at("2026-01-01")):
        source = make_source(slug="gone", title=f"{MARK} title")
    with saved_at(at("2026-02-01")):
        save(source, f"{MARK} reason", publisher="Somebody")
    with saved_at(at("2026-03-01")):
        source.withdraw(because="It was a forgery.", on=date(2026, 3, 1))
    save(source, f"{MARK} later", publisher="Nobody")

    (only,) = public_changes()

    assert (only.title, only.name, only.why) == (
        "Source, withdrawn",
        "Source",
        "It was a forgery.",
    )
    assert (only.address, only.moment) == ("/sources/gone/", at("2026-03-01"))
    assert MARK not in client.get("/changes/").text
    assert MARK not in client.get("/changes/feed.atom").text


def test_record_that_was_never_public_was_not_withdrawn_for_anybody():
    make_source(
        publication="withdrawn", withdrawn_on=date(2026, 1, 1), withdrawn_because="Another."
    )

    assert public_changes() == []


def test_withdrawn_part_of_a_public_page_keeps_its_words(otsu):
    entry = otsu.relationships.get().entries.get()
    entry.withdraw(because="Another Otsu.", on=date(2026, 3, 1))

    assert titles(kind="withdrawn") == ["Otsu: entry 1 (signed), withdrawn"]


def test_drafts_change_nothing_in_what_is_reported(client):
    make_public_register()
    paths = ["/changes/", "/changes/feed.atom", "/sitemap-city.xml"]
    paths += [f"/cities/{slug}/feed.atom" for slug in ("otsu", "nara", "kyoto", "lansing")]
    paths += ["/organizations/lansing-city-council/feed.atom"]
    before = {path: client.get(path).text for path in paths}

    add_drafts_apart()

    assert {path: client.get(path).text for path in paths} == before
    link_drafts()
    assert [path for path in paths if MARK in client.get(path).text.lower()] == []


# --- of one record ------------------------------------------------------------------------


def test_feed_of_a_place_shows_what_was_asked_said_and_done_about_it():
    with collecting():
        relationship, other = make_partnership("otsu"), make_partnership("nara")
    for partner in (relationship, other):
        name = partner.partner.name
        make_resolution(title=f"About {name}").places.add(partner.partner)
        make_resolution(title=f"About the tie with {name}").relationships.add(partner)
        make_statement(title=f"Said of {name}").places.add(partner.partner)
        program = make_program(f"p-{partner.pk}", partner, title=f"Camp with {name}")
        make_exchange(f"e-{partner.pk}", title=f"Edition with {name}", program=program)

    names = {
        (change.record, change.what)
        for change in public_changes(followed_with(relationship.partner))
    }

    assert names == {
        ("Otsu", "city"),
        ("Otsu", "relationship"),
        ("About Otsu", "resolution"),
        ("About the tie with Otsu", "resolution"),
        ("Said of Otsu", "statement"),
        ("Camp with Otsu", "program"),
        ("Edition with Otsu", "exchange"),
    }


def test_feed_of_a_place_does_not_follow_a_draft_relationship():
    relationship = make_relationship(make_city("otsu"), publication="draft")
    make_resolution(title="About the tie").relationships.add(relationship)

    assert titles(followed_with(relationship.partner)) == ["Otsu: city, published"]


def test_feed_of_a_member_shows_the_resolutions_the_member_took_part_in():
    member = make_member("wood", name="C. Wood")
    make_resolution(title="Sponsored").sponsors.add(member)
    make_action(make_resolution(title="Moved"), mover=member)
    make_action(make_resolution(title="Seconded"), seconder=member)
    voted = make_full_resolution("voted").actions.get(method="roll_call")
    voted.ballots.create(member=member, choice="yes")
    make_action(make_resolution(title="Hidden"), mover=member, publication="draft")
    make_resolution(title="Other")

    names = {
        change.record
        for change in public_changes(followed_with(member))
        if change.what == "resolution"
    }

    assert names == {"Sponsored", "Moved", "Seconded", voted.resolution.title}
    assert "C. Wood: member, published" in titles(followed_with(member))


def test_feed_of_an_organization_shows_its_meetings_and_resolutions():
    organization, other = make_organization("a", name="A"), make_organization("b", name="B")
    for one in (organization, other):
        make_resolution(title=f"R of {one.name}", organization=one)
        make_meeting("2013-08-19", organization=one)

    assert set(titles(followed_with(organization))) == {
        "A: organization, published",
        "R of A: resolution, published",
        "A, August 19, 2013: meeting, published",
    }


# --- the page -----------------------------------------------------------------------------


def test_page_of_changes_shows_them_by_day(client, otsu):
    with saved_at(at("2026-02-01")):
        save(otsu, "The census.", person("ana", roles.STAFF), summary="On a lake.")

    response = client.get("/changes/")

    assert title_of(response) == "What changed"
    lines = lines_of(response)
    # Only kinds of change that there are are offered.
    assert lines[lines.index("All changes") :] == [
        "All changes",
        "Published",
        "Changed",
        "February 1, 2026",
        "Changed Otsu city The census. (Commission staff)",
        "January 3, 2026",
        "Published Otsu entry 1 (signed)",
        "January 2, 2026",
        "Published Otsu relationship",
        "January 1, 2026",
        "Published Otsu city",
        "December 31, 2025",
        "Published Page source",
        "December 1, 2025",
        "Published Lansing city",
    ]


@pytest.mark.parametrize(
    ("query", "head", "words"),
    [
        ("?kind=changed", "What changed – Changed", ["Changed Otsu city The census."]),
        ("?kind=withdrawn", "What changed – Withdrawn", ["No changes of that kind."]),
        ("?city=lansing", "What changed – Lansing, United States", ["Published Lansing city"]),
        (
            "?city=otsu&kind=changed",
            "What changed – Otsu, Japan – Changed",
            ["Changed Otsu city The census."],
        ),
    ],
)
def test_page_of_changes_shows_those_asked_for(client, otsu, query, head, words):
    save(otsu, "The census.", summary="On a lake.")

    response = client.get(f"/changes/{query}")

    assert title_of(response) == f"{head}"
    days = {"December 1, 2025", f"{localdate():%B %-d, %Y}"}
    lines = lines_of(response)
    assert [
        change for change in lines[lines.index("Changed") + 1 :] if change not in days
    ] == words


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?kind=never", "There is no such kind of change. Choose one below."),
        ("?city=never", "There is no such record. These are the changes to all records."),
        ("?organization=hidden", "There is no such record. These are the changes to all records."),
        ("?page=2", "That page does not exist. The list has only one page."),
        ("?page=x", "That page does not exist. The list has only one page."),
    ],
)
def test_question_that_cannot_be_read_is_reported(client, otsu, query, sentence):
    make_organization("hidden", publication="draft")
    response = client.get(f"/changes/{query}")

    assert response.status_code == 400
    assert title_of(response) == "Error: What changed"
    assert sentence in lines_of(response)
    assert "Published Otsu relationship" in lines_of(response)


def test_pages_of_changes_keep_the_question(client, monkeypatch, otsu):
    monkeypatch.setattr("lrscc.changes.views.CHANGES_PER_PAGE", 1)

    first = client.get("/changes/?city=otsu&kind=published")
    second = client.get("/changes/?city=otsu&kind=published&page=2")

    assert "?city=otsu&kind=published&page=2" in links_of(first)
    assert title_of(second) == ("What changed – Otsu, Japan – Published (page 2 of 3)")


def test_page_of_changes_of_an_empty_register_says_so(client):
    response = client.get("/changes/")

    assert lines_of(response)[-1] == "Nothing is published yet."


# --- the feeds ----------------------------------------------------------------------------


def test_feed_is_shown_whole(client, otsu):
    with saved_at(at("2026-01-04")):
        make_register()
    with saved_at(at("2026-02-01")):
        save(otsu, "The <census> & more.", person("ana", roles.STAFF), summary="On a lake.")

    response = client.get("/cities/otsu/feed.atom")

    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    address = "http://testserver/cities/otsu/"
    entries = root.findall(f"{ATOM}entry")
    assert texts(root) == {
        "title": "Otsu: changes",
        "subtitle": "Published, changed, corrected and withdrawn records, newest first.",
        "id": "urn:uuid:9981d102-4808-5d20-9449-dc8492449be3",
        "updated": "2026-02-01T17:00:00+00:00",
        "author": "Lansing Regional Sister Cities Commission",
        "alternate": address,
        "self": f"{address}feed.atom",
    }
    assert [texts(entry) | {"id": ""} for entry in entries] == [
        {
            "title": "Otsu: city, changed",
            "updated": "2026-02-01T17:00:00+00:00",
            "alternate": address,
            "id": "",
            "summary": "Changed on February 1, 2026 (Commission staff): " + CENSUS,
            "category": "changed",
        },
        {
            "title": "Otsu: entry 1 (signed), published",
            "updated": "2026-01-03T17:00:00+00:00",
            "alternate": f"{address}#entry-1",
            "id": "",
            "summary": "Published on January 3, 2026.",
            "category": "published",
        },
        {
            "title": "Otsu: relationship, published",
            "updated": "2026-01-02T17:00:00+00:00",
            "alternate": address,
            "id": "",
            "summary": "Published on January 2, 2026.",
            "category": "published",
        },
        {
            "title": "Otsu: city, published",
            "updated": "2026-01-01T17:00:00+00:00",
            "alternate": address,
            "id": "",
            "summary": "Published on January 1, 2026.",
            "category": "published",
        },
    ]


def texts(element: ElementTree.Element) -> dict[str, str]:
    """What a feed or an entry of it says, by the names of its elements."""
    found = {}
    for part in element:
        name = part.tag.removeprefix(ATOM)
        if name == "link":
            found[part.attrib["rel"]] = part.attrib["href"]
        elif name == "category":
            found[name] = part.attrib["term"]
        elif name != "entry":
            found[name] = "".join(part.itertext())
    return found


def ids(client: Any, path: str = "/changes/feed.atom", **extra: Any) -> list[str]:
    root = ElementTree.fromstring(client.get(path, **extra).content)
    return [entry.findtext(f"{ATOM}id") or "" for entry in root.findall(f"{ATOM}entry")]


def test_names_of_entries_last_through_later_changes_and_other_hosts(client, otsu, settings):
    before = ids(client)
    with saved_at(at("2026-02-01")):
        save(otsu, "Because.", name="Ōtsu", summary="On a lake.")
    settings.ALLOWED_HOSTS = ["register.example"]

    after = ids(client, headers={"host": "register.example"}, secure=True)

    assert after[1:] == before
    assert len(set(after)) == len(before) + 1
    assert all(name.startswith("urn:uuid:") for name in after)


@pytest.mark.parametrize(
    "title",
    [
        "<b>&amp;</b> ]]> \"'",
        "大津市の姉妹都市 한국 🏙",
        "bell \x07, \ufffe and \x1f",
        "\u202egnirts",
    ],
)
def test_feed_is_sound_whatever_a_title_holds(client, title):
    make_source(slug="odd", title=title)

    root = ElementTree.fromstring(client.get("/changes/feed.atom").content)

    sound = title.replace("\x07", "").replace("\ufffe", "").replace("\x1f", "")
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == f"{sound}: source, published"
    assert client.get("/changes/").status_code == 200


def test_feed_of_an_empty_register_is_a_feed(client):
    root = ElementTree.fromstring(client.get("/changes/feed.atom").content)

    assert texts(root)["updated"] == "1970-01-01T00:00:00+00:00"
    assert texts(root)["title"] == "Our City’s sister cities: changes"
    assert root.findall(f"{ATOM}entry") == []


def test_feed_goes_back_as_far_as_it_says(client, monkeypatch, otsu):
    monkeypatch.setattr("lrscc.changes.views.CHANGES_PER_FEED", 2)

    assert len(ids(client)) == 2


@pytest.mark.parametrize("scope", ["cities", "resolutions", "members", "organizations"])
def test_feed_answers_as_its_record_does(client, scope):
    make = {
        "cities": make_city,
        "resolutions": make_resolution,
        "members": make_member,
        "organizations": make_organization,
    }[scope]
    make("there")
    make("hidden", publication="draft")
    gone = make("gone")
    gone.withdraw(because="A twin.", on=date(2026, 1, 1))

    codes = [
        client.get(f"/{scope}/{slug}/feed.atom").status_code
        for slug in ("there", "hidden", "gone", "nowhere")
    ]

    assert codes == [200, 404, 410, 404]


# --- on the pages of records --------------------------------------------------------------


def test_page_says_when_it_last_changed_and_why_and_how_to_follow_and_cite_it(client, otsu):
    with saved_at(at("2026-01-04")):
        make_register()
    with saved_at(at("2026-02-01")):
        save(otsu, "The census.", person("ana", roles.STAFF), summary="On a lake.")

    response = client.get("/cities/otsu/")

    day = f"{localdate():%B %-d, %Y}"
    assert lines_of(response, "aside") == [
        "About this page",
        f"{LAST_CHANGED} See what changed",
        "Follow changes to this page (Atom feed)",
        "All changes on this site",
        "Share by e-mail",
        "Permanent address",
        "http://testserver/cities/otsu/",
        "How to cite",
        f"{CITED} http://testserver/cities/otsu/, accessed {day}.",
    ]
    assert '<time datetime="2026-02-01">February 1, 2026</time>' in response.text
    links = links_of(response)
    assert {"/cities/otsu/feed.atom", "/changes/?city=otsu", "/changes/"} <= set(links)
    mail = "mailto:?subject=Otsu%2C%20Japan&body=http%3A%2F%2Ftestserver%2Fcities%2Fotsu%2F"
    assert mail in links


def test_page_of_a_place_with_programs_names_its_calendar(client, otsu):
    make_program("camp", otsu.relationships.get())

    lines = lines_of(client.get("/cities/otsu/"), "aside")

    assert lines[3] == "Calendar of exchanges (iCalendar)"
    assert "/exchanges/calendar.ics?city=otsu" in links_of(client.get("/cities/otsu/"))


def test_day_of_a_change_is_the_day_in_lansing(client, otsu):
    with saved_at(datetime(2026, 2, 2, 3, tzinfo=UTC)):
        save(otsu, "Late.", summary="On a lake.")

    assert (
        '<time datetime="2026-02-01">February 1, 2026</time>' in client.get("/cities/otsu/").text
    )
    assert lines_of(client.get("/changes/")).count("February 1, 2026") == 1


ANOTHER = {
    make_source: {"title": "New"},
    make_resolution: {"title": "New"},
    make_meeting: {"note": "New."},
    make_member: {"name": "New"},
    make_statement: {"title": "New"},
    make_program: {"title": "New"},
    make_exchange: {"title": "New"},
}


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (make_source, "/sources/it/"),
        (make_resolution, "/resolutions/it/"),
        (make_meeting, "/meetings/it/"),
        (make_member, "/members/it/"),
        (make_statement, "/statements/it/"),
        (make_program, "/programs/it/"),
        (make_exchange, "/exchanges/it/"),
    ],
)
def test_every_page_of_a_record_says_when_it_last_changed(client, make, path):
    with saved_at(at("2026-01-01")):
        record = make(slug="it")
        make(slug="other")
    with saved_at(at("2026-02-01")):
        save(record, "It was wrong.", **ANOTHER[make])

    lines = lines_of(client.get(path), "aside")

    (line,) = (line for line in lines if line.startswith("Last changed"))
    assert line.removesuffix(" See what changed") == (
        "Last changed on February 1, 2026: changed. It was wrong."
    )


def test_record_that_the_log_does_not_know_says_nothing_of_a_change(client, settings):
    settings.DERIVATIONS_PAUSED = ["log", "search"]
    city = make_city("otsu")

    assert changes.last(city) is None
    assert "Last changed" not in client.get("/cities/otsu/").text


def test_address_in_a_title_cannot_reach_into_the_mail(client):
    make_source(slug="it", title='A&body=x&cc=me@x.example"><b>')

    page = client.get("/sources/it/").text

    assert (
        "mailto:?subject=A%26body%3Dx%26cc%3Dme%40x.example%22%3E%3Cb%3E&amp;body=http%3A" in page
    )


def test_words_of_a_change_join_what_is_known():
    def said(office: str = "", why: str = "") -> str:
        change = changes.Change("", at("2026-01-01"), "changed", "Otsu", "place", "", office, why)
        return feeds.in_words(change)

    assert [said(), said("the clerk"), said(why="A typo."), said("the clerk", "A typo.")] == [
        "Changed on January 1, 2026.",
        "Changed on January 1, 2026 (the clerk).",
        "Changed on January 1, 2026: A typo.",
        "Changed on January 1, 2026 (the clerk): A typo.",
    ]


# --- the API ------------------------------------------------------------------------------


def test_changes_are_reported_in_the_api(client, otsu):
    with saved_at(at("2026-02-01")):
        save(otsu, "The census.", person("ana", roles.STAFF), summary="On a lake.")

    answer = client.get("/api/v1/changes/?city=otsu&page_size=2").json()

    assert answer["count"] == 4
    assert answer["next"] == "http://testserver/api/v1/changes/?city=otsu&page=2&page_size=2"
    assert answer["results"] == [
        {
            "moment": "2026-02-01T12:00:00-05:00",
            "kind": "changed",
            "record": "Otsu",
            "what": "city",
            "page": "http://testserver/cities/otsu/",
            "office": "Commission staff",
            "why": "The census.",
        },
        {
            "moment": "2026-01-03T12:00:00-05:00",
            "kind": "published",
            "record": "Otsu",
            "what": "entry 1 (signed)",
            "page": "http://testserver/cities/otsu/#entry-1",
            "office": "",
            "why": "",
        },
    ]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("?kind=never", refusal(kind="There is no such kind of change.")),
        ("?organization=never", refusal(organization="There is no such record.")),
    ],
)
def test_question_that_the_api_cannot_read_is_reported(client, query, detail):
    response = client.get(f"/api/v1/changes/{query}")

    assert (response.status_code, response.json()) == (400, detail)


def test_record_without_a_page_has_none_in_the_api(client):
    make_organization("club", name="A Club")

    (only,) = client.get("/api/v1/changes/").json()["results"]

    assert (only["record"], only["page"]) == ("A Club", None)
