"""A form says who else has it open: to those who may change the record, and without a lock."""

import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache.backends.base import BaseCache
from django.test import Client
from django.urls import reverse

from cities.models import ChangeSet
from cities.records import presence
from lrscc.accounts import sessions
from tests.admin.browser import form_of, text
from tests.admin.people import MAKERS, NO_GROUP, SUPERUSER, at, browser, browser_with, everything
from tests.factories import make_city, make_source

pytestmark = pytest.mark.django_db

ADDRESS = reverse("admin:open_form")
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
DRAFT = {"publication": "draft"}


@pytest.fixture(autouse=True)
def shared_cache(settings):
    settings.CACHES = settings.CACHES | {"open_forms": {"BACKEND": LOCMEM, "LOCATION": "open"}}
    yield
    presence.caches["open_forms"].clear()


@pytest.fixture
def mary():
    user = User.objects.create_superuser("mary", first_name="Mary", last_name="Smith")
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff():
    return browser("Commission staff")


def signal(client, record, **more):
    return client.post(ADDRESS, {"kind": record._meta.label_lower, "key": record.pk, **more})


def later(monkeypatch, **span):
    moment = time.time() + timedelta(**span).total_seconds()
    monkeypatch.setattr(presence.time, "time", lambda: moment)


def sign(client, record) -> str:
    page = client.get(at(record)).text
    assert page.count('id="open-elsewhere"') == 1
    return page.partition('id="open-elsewhere"')[2].partition(">")[2].partition("</p>")[0]


@pytest.mark.parametrize("publication", ["draft", "published"])
def test_second_one_sees_who_opened_it_and_when(mary, staff, monkeypatch, publication):
    city = make_city("otsu", publication=publication)
    assert sign(mary, city) == ""
    assert sign(staff, city) == "Mary Smith opened this just now."

    later(monkeypatch, minutes=3)
    assert sign(staff, city) == "Mary Smith opened this 3 minutes ago."
    assert sign(mary, city) == "commission-staff opened this 3 minutes ago."


def test_page_asks_again_each_minute(mary, staff, monkeypatch):
    city = make_city("otsu")
    assert signal(staff, city).json() == {"says": ""}
    mary.get(at(city))
    later(monkeypatch, minutes=1)

    assert signal(staff, city).json() == {"says": "Mary Smith opened this 1 minute ago."}


def test_it_is_forgotten_when_the_form_is_saved(mary, staff):
    city = make_city("otsu")
    form = form_of(mary, at(city)) | {"change_reason": "Because."}
    assert mary.post(at(city), form | {"country": "none"}).status_code == 200
    assert "Mary Smith" in sign(staff, city)
    assert mary.post(at(city), form).status_code == 302
    assert sign(staff, city) == ""


def test_it_is_forgotten_when_an_edit_is_kept(mary, staff):
    city = make_city("otsu")
    form = form_of(staff, at(city)) | {"change_reason": "Because.", "summary": "New"}
    assert staff.post(at(city), form).status_code == 302

    assert ChangeSet.objects.exists()
    assert sign(mary, city) == ""


def test_it_is_forgotten_when_the_form_is_left_or_stays_silent(mary, staff, monkeypatch):
    city = make_city("otsu")
    mary.get(at(city))
    assert signal(mary, city, left="").status_code == 204
    assert sign(staff, city) == ""
    signal(staff, city, left="")
    assert signal(staff, city, left="").status_code == 204

    mary.get(at(city))
    later(monkeypatch, minutes=6)
    assert sign(staff, city) == ""


def test_it_is_no_lock(mary, staff):
    city = make_city("otsu")
    form = form_of(mary, at(city)) | {"change_reason": "Because.", "summary": "Mine"}
    assert "Mary Smith" in sign(staff, city)

    assert mary.post(at(city), form).status_code == 302
    city.refresh_from_db()
    assert city.summary == "Mine"


def test_cache_that_fails_holds_up_nobody(mary, staff, settings):
    failing = {"BACKEND": "tests.admin.test_presence.Failing"}
    settings.CACHES = settings.CACHES | {"open_forms": failing}
    city = make_city("otsu")
    form = form_of(mary, at(city)) | {"change_reason": "Because."}

    assert sign(staff, city) == ""
    assert signal(staff, city).json() == {"says": ""}
    assert mary.post(at(city), form).status_code == 302


class Failing(BaseCache):
    """A cache whose server is gone."""

    def __init__(self, location, params):
        super().__init__(params)

    def get(self, *args, **kwargs):
        raise ConnectionError

    set = delete = get

    def clear(self):
        pass


def test_other_records_and_other_kinds_are_apart(mary, staff):
    city = make_city("otsu", pk=7_000)
    mary.get(at(city))

    assert sign(staff, make_city("nara")) == ""
    assert sign(staff, make_source(pk=7_000)) == ""


# --- who sees it ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Council clerk", "Commissioner", NO_GROUP])
def test_people_who_may_not_change_the_record_neither_see_nor_give_a_sign(mary, staff, role):
    city = make_city("otsu")
    mary.get(at(city))
    client = browser(role)

    assert "Mary Smith" not in client.get(at(city)).content.decode()
    assert signal(client, city).status_code in (403, 404)
    signal(mary, city, left="")
    client.get(at(city))
    assert sign(staff, city) == ""


def test_hidden_draft_is_nowhere(mary):
    draft = make_city(name="Secretville", **DRAFT)
    mary.get(at(draft))
    client = browser_with("view_city", "change_city")

    assert signal(client, draft).status_code == 404
    assert signal(Client(), draft).status_code == 302
    assert signal(Client(), draft, left="").url.startswith(reverse("admin:login"))


def test_address_takes_signs_alone(mary):
    city = make_city("otsu")

    assert mary.get(ADDRESS).status_code == 405
    for kind, key in [
        ("", "1"),
        ("x", "1"),
        ("cities.none", "1"),
        ("auth.user", "1"),
        ("cities.changeset", "1"),
        ("cities.city", ""),
        ("cities.city", "x"),
        ("cities.city", "-1"),
        ("cities.city", "9" * 18),
        ("cities.city", str(city.pk + 1)),
    ]:
        answer = mary.post(ADDRESS, {"kind": kind, "key": key})
        assert answer.status_code == 404, (kind, key)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = mary.cookies
    assert signal(strict, city).status_code == 403


def test_sign_is_no_life_of_the_session(mary):
    """A page that is left open does not keep somebody signed in."""
    city = make_city("otsu")
    mary.get(at(city))
    session = mary.session
    seen = session[sessions.SEEN] = time.time() - 600
    session.save()

    signal(mary, city)

    assert mary.session[sessions.SEEN] == seen
    mary.get(at(city))
    assert mary.session[sessions.SEEN] > seen


def test_sign_writes_nothing_into_the_database(mary, staff, django_assert_num_queries):
    city = make_city("otsu")
    mary.get(at(city))
    before = everything()
    staff.get(at(city))
    signal(staff, city)

    with django_assert_num_queries(7):
        signal(staff, city)
    assert everything() == before


@pytest.mark.parametrize("model", MAKERS)
def test_every_record_of_the_desk_has_it(mary, model):
    record = MAKERS[model]()
    record.save()

    assert 'id="open-elsewhere"' in mary.get(at(record)).text
    assert text(browser(SUPERUSER).get(at(record))).count("Mary Smith opened this just now.") == 1


def test_popup_has_none(mary, staff):
    city = make_city("otsu")
    page = mary.get(at(city), {"_popup": "1"})

    assert 'id="open-elsewhere"' not in page.text
    assert sign(staff, city) == ""
