"""What somebody types into a form of the desk is kept until it is saved, for them alone."""

import re
from datetime import timedelta
from html import unescape
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from cities.models import City, Source, UnsavedForm
from cities.records import unsaved
from cities.records.unsaved import keep_input
from lrscc.accounts import sessions
from resolutions.models import Meeting, Resolution
from tests import factories as make
from tests.admin.browser import form_in, form_of, sentences, text, typed_in
from tests.admin.people import MAKERS, SUPERUSER, at, browser

pytestmark = pytest.mark.django_db

URL = "/admin/unsaved/"
HOME = reverse("admin:index")
SHOWN = "The form shows what you typed on"
OFFERED = "You typed into this form on"


@pytest.fixture
def boss():
    return browser(SUPERUSER)


def kept(client, address, **typed):
    """Open a form, type into it, and let its script send that; return the page of the form."""
    form = form_of(client, address)
    answer = client.post(URL, {**form, **typed})
    assert answer.status_code == 200
    assert re.fullmatch(r"([0-9:]+ [ap]\.m\.|noon|midnight)", answer.content.decode())
    return form["_page"]


def again(address, page):
    return f"{address}{'&' if '?' in address else '?'}unsaved={page}"


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model._meta.label)
def test_every_form_shows_again_what_was_typed(boss, model):
    record = MAKERS[model]()
    for address in (at(record), at(model, "add")):
        before = model._base_manager.count()
        empty = form_of(boss, address)
        fields = typed_in(empty).items()
        name = next(name for name, value in fields if not value and name != "seen")
        page = kept(boss, address, **{name: "typed but not saved"})
        assert OFFERED in text(boss.get(address))
        response = boss.get(again(address, page))
        assert SHOWN in text(response)
        assert OFFERED not in text(response)
        assert "typed but not saved" in response.content.decode()
        assert form_in(response)["_page"] == page, "typing on would be kept beside it"
        assert model._base_manager.count() == before


def test_what_is_saved_is_forgotten_even_if_the_script_comes_late(boss):
    city = make.make_city("otsu", publication="draft")
    page = kept(boss, at(city), name="Otsu-shi", latitude="wrong")
    form = form_in(boss.get(again(at(city), page)))
    assert (form["name"], form["latitude"]) == ("Otsu-shi", "wrong")
    refused = boss.post(at(city), form)
    assert form_in(refused)["_page"] == page
    assert list(UnsavedForm.objects.values_list("address", "title")) == [(at(city), str(city))]
    answer = boss.post(at(city), {**form, "latitude": "", "_save": ""})
    assert answer.status_code == 302, sentences(answer)
    city.refresh_from_db()
    assert city.name == "Otsu-shi"
    assert boss.post(URL, form).status_code == 200
    assert OFFERED not in text(boss.get(at(city))), "it is saved"
    assert list(UnsavedForm.objects.values_list("input", flat=True)) == [[]]


def test_a_form_that_was_saved_before_anything_was_kept_is_not_kept_afterwards(boss):
    form = {**form_of(boss, at(Source, "add")), "title": "Minutes", "kind": "document"}
    form |= {"reliability": "signed_original", "address": "https://example.org/"}
    answer = boss.post(at(Source, "add"), {**form, "_save": ""})
    assert answer.status_code == 302, sentences(answer)
    assert boss.post(URL, form).status_code == 200
    assert "Not saved yet" not in text(boss.get(HOME))


def test_a_change_that_waits_for_review_is_saved_too():
    staff = browser("Commission staff")
    city = make.make_city("otsu")
    page = kept(staff, at(city), name="Otsu-shi")
    form = form_in(staff.get(again(at(city), page)))
    answer = staff.post(at(city), {**form, "change_reason": "It says so.", "_save": ""})
    assert answer.status_code == 302, sentences(answer)
    assert OFFERED not in text(staff.get(at(city)))
    page = kept(staff, at(city), name="Ōtsu")
    shown = form_in(staff.get(again(at(city), page)))
    assert shown["name"] == "Ōtsu", "what waits already hides what was typed last"


def test_what_somebody_else_saved_meanwhile_is_brought_together(boss):
    city = make.make_city("otsu", publication="draft")
    page = kept(boss, at(city), name="Otsu-shi")
    city.website = "https://new.example/"
    city.save()
    response = boss.get(again(at(city), page))
    form = form_in(response)
    assert (form["name"], form["website"]) == ("Otsu-shi", "https://new.example/")
    assert any("changed this record" in sentence for sentence in sentences(response))


def test_whole_pages_show_again_what_was_typed(boss):
    make.make_register()
    make.make_members(3)
    resolution = make.make_resolution()
    meeting = make.make_meeting("2013-08-12")
    vote = at(resolution, "vote")
    pages = {
        reverse("admin:cities_city_new_partner"): "city-name",
        reverse("admin:resolutions_meeting_record"): "items-0-new-title",
        f"{vote}?meeting={meeting.pk}&on=2013-08-12": "note",
        at(meeting, "vote"): "locator",
    }
    for address, name in pages.items():
        assert name in form_of(boss, address), (address, sorted(form_of(boss, address)))
        page = kept(boss, address, **{name: "Typed"})
        assert OFFERED in text(boss.get(address))
        response = boss.get(again(address, page))
        assert (form_in(response)[name], form_in(response)["_page"]) == ("Typed", page)
        assert SHOWN in text(response)
    assert not City.objects.filter(name="Typed").exists()
    assert Meeting.objects.count() == 1
    assert Resolution.objects.count() == 1


def test_form_on_the_page_of_a_partner_is_offered_there_and_opens_by_itself(boss):
    relationship = make.make_partnership("otsu")
    entries = [make.make_entry(relationship, "visited", year) for year in ("1999", "2000")]
    partner = reverse("admin:cities_city_partner", args=[relationship.partner_id])
    first, second = (f"{partner}?change=entry-{entry.pk}" for entry in entries)
    page = kept(boss, first, note="Typed in place")
    assert OFFERED in text(boss.get(first))
    assert OFFERED not in text(boss.get(second))
    link = re.search(f'href="([^"]*{page})"', boss.get(first).content.decode())[1]
    shown = form_of(boss, unescape(link))
    assert (shown["note"], shown["_page"]) == ("Typed in place", page)
    answer = boss.post(unescape(link), {**shown, "change_reason": "So it was.", "_save": ""})
    assert (answer.status_code, answer.url) == (302, f"{partner}#entry-{entries[0].pk}")
    assert OFFERED not in text(boss.get(first))


def test_home_and_a_page_of_their_own_list_what_is_not_saved(boss):
    city = make.make_city("otsu", publication="draft")
    page = kept(boss, at(city), name="Otsu-shi")
    link = f'href="{again(at(city), page)}"'
    assert link in boss.get(HOME).content.decode()
    shown = boss.get(URL)
    assert link in shown.content.decode()
    assert "name Otsu-shi" in text(shown)
    assert str(UnsavedForm.objects.get()) == str(city)
    form = again(at(city), page)
    city.delete()
    assert boss.get(form).url == HOME
    assert "Otsu-shi" in text(boss.get(URL)), "the record is gone, what was typed is not"
    answer = boss.post(URL, {"forget": page})
    assert (answer.status_code, answer.url) == (302, URL)
    assert "all that you typed is saved" in text(boss.get(URL))
    assert "Not saved yet" not in text(boss.get(HOME))


def test_only_who_typed_it_reads_it(boss):
    city = make.make_city("otsu")
    page = kept(boss, at(city), name="Secret")
    other = browser("Publisher")
    for address in (URL, HOME, at(city), again(at(city), page)):
        assert "Secret" not in text(other.get(address))
        assert OFFERED not in text(other.get(address))
    other.post(URL, {**form_of(other, at(city)), "_page": page, "name": "Theirs"})
    assert form_in(boss.get(again(at(city), page)))["name"] == "Secret"
    assert form_in(other.get(again(at(city), page)))["name"] == "Theirs"
    other.post(URL, {"forget": page})
    assert form_in(boss.get(again(at(city), page)))["name"] == "Secret"
    public = browser("No group").__class__()
    assert public.get(URL).status_code == 302
    assert public.post(URL, {"_page": page}).status_code == 302


def test_input_is_shown_in_its_own_form_alone(boss):
    city, other = make.make_city("otsu"), make.make_city("akuapim")
    page = kept(boss, at(city), name="Otsu-shi")
    assert form_of(boss, again(at(other), page))["name"] == other.name
    for junk in ("", "x", str(uuid4()), "0"):
        assert form_of(boss, again(at(city), junk))["name"] == city.name


def test_what_is_no_form_of_the_desk_is_not_kept(boss):
    city = make.make_city("otsu")
    form = {**form_of(boss, at(city)), "name": "Otsu-shi"}
    for wrong in (
        {"_page": "x"},
        {"_page": ""},
        {"_page_address": ""},
        {"_page_address": "/"},
        {"_page_address": "https://example.org/admin/"},
        {"_page_address": "//example.org/admin/"},
        {"_page_address": "/admin/nothing/"},
        {"_page_address": f"{at(city)}?x={'y' * 500}"},
        {"name": "x" * 500_001},
    ):
        answer = boss.post(URL, form | wrong)
        assert (answer.status_code, answer.content.decode()) == (
            400,
            "This cannot be kept. Save the form soon.",
        ), wrong
    assert boss.post(URL, {"_page": str(uuid4()), "_page_address": HOME}).status_code == 400
    assert boss.put(URL).status_code == 405
    assert not UnsavedForm.objects.exists()


def test_odd_text_is_kept_as_far_as_it_can_be_stored(boss):
    city = make.make_city("otsu")
    page = kept(boss, at(city), name="😀\u202e", website="a\0b", _page_title="T\0\n" + "x" * 300)
    row = UnsavedForm.objects.get()
    assert row.title == "T" + "x" * 199
    assert ["name", "😀\u202e"] in row.input
    assert "website" not in dict(row.input)
    assert not any(name.startswith(("_", "csrf")) for name, __ in row.input)
    assert form_in(boss.get(again(at(city), page)))["name"] == "😀\u202e"


def test_the_newest_are_kept_for_a_month(boss):
    city = make.make_city("otsu")
    with patch.object(unsaved, "KEPT_AT_MOST", 3):
        pages = [kept(boss, at(city), name=f"Name {number}") for number in range(5)]
    found = [str(page) for page in UnsavedForm.objects.values_list("page", flat=True)]
    assert found == pages[:1:-1]
    UnsavedForm.objects.filter(page=pages[4]).update(kept_at=now() - timedelta(days=31))
    listed = boss.get(URL).content.decode()
    assert [page in listed for page in pages] == [False, False, True, True, False]
    kept(browser("Publisher"), at(city), name="Of somebody else")
    left = {str(page) for page in UnsavedForm.objects.values_list("page", flat=True)}
    assert set(pages[2:4]) < left
    assert pages[4] not in left


def test_an_opened_form_has_one_row(boss):
    page = kept(boss, at(make.make_city("otsu")), name="Otsu-shi")
    row = UnsavedForm.objects.get()
    again = UnsavedForm(person=row.person, page=page, input=[], kept_at=now())
    by_name, by_columns = "cities_unsavedform_once_per_page", r"cities_unsavedform\.person_id"
    with pytest.raises(IntegrityError, match=f"{by_name}|{by_columns}"):
        again.save()


def test_a_session_that_is_over_keeps_nothing_of_what_a_script_sends(boss):
    city = make.make_city("otsu")
    form = form_of(boss, at(city))
    session = boss.session
    session[sessions.SEEN] = 0
    session.save()
    answer = boss.post(URL, form)
    assert (answer.status_code, answer.json()) == (401, {"left": 0})
    assert not UnsavedForm.objects.exists()


def test_keeping_asks_little_of_the_database(boss):
    form = form_of(boss, at(make.make_city("otsu")))
    counts, homes = [], []
    for number in range(3):
        with CaptureQueriesContext(connection) as asked:
            boss.post(URL, {**form, "name": f"Name {number}"})
        counts.append(len([one for one in asked if "cities_unsavedform" in one["sql"]]))
    assert counts == [4, 1, 1]
    person = UnsavedForm.objects.get().person
    for __ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert boss.get(HOME).content.decode().count(", typed on ") > len(homes)
        homes.append(len(asked))
        for __ in range(2):
            typed = {"address": HOME, "title": "City", "pairs": [["name", "Otsu"]]}
            keep_input(person, uuid4(), **typed)
    assert homes[0] == homes[1]
