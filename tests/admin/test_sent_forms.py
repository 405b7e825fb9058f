"""A new record that is sent three times is one record."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from cities.models import City, Entry, Source
from lrscc.models import SentForm
from tests.admin.browser import form_of, sentences
from tests.admin.people import SUPERUSER, at, browser
from tests.admin.test_matrix import MAY, new
from tests.factories import make_exchange
from tests.pictures import upload

pytestmark = pytest.mark.django_db
AGAIN = "This form was sent more than once. It is saved once."


@pytest.mark.parametrize("model", MAY, ids=lambda model: model.__name__)
def test_new_record_that_is_sent_three_times_is_one(model):
    boss = browser(SUPERUSER)
    form = form_of(boss, at(model, "add")) | new(model)
    before = model._base_manager.count()

    answers = [boss.post(at(model, "add"), form) for __ in range(3)]

    assert model._base_manager.count() == before + 1, sentences(answers[0])
    assert [answer.status_code for answer in answers] == [302] * 3
    assert len({answer.url for answer in answers}) == 1
    assert AGAIN in sentences(boss.get(answers[0].url))


def test_next_edition_that_is_announced_three_times_is_one():
    boss, exchange = browser(SUPERUSER), make_exchange()
    form = {"csrfmiddlewaretoken": form_of(boss, at(exchange))["csrfmiddlewaretoken"]}

    answers = {boss.post(at(exchange, "announce_again"), form).url for __ in range(3)}

    assert len(answers) == 1
    assert type(exchange).objects.count() == 2


def test_another_form_with_the_same_content_is_another_record():
    boss = browser(SUPERUSER)
    values = new(Entry)
    for __ in range(2):
        boss.post(at(Entry, "add"), form_of(boss, at(Entry, "add")) | values)

    assert Entry.objects.count() == 2


def test_form_that_is_refused_is_sent_again_once_it_is_right():
    boss = browser(SUPERUSER)
    form = form_of(boss, at(Source, "add")) | new(Source)
    for __ in range(2):
        assert boss.post(at(Source, "add"), form | {"title": ""}).status_code == 200
    assert not SentForm.objects.exists()

    assert boss.post(at(Source, "add"), form).status_code == 302
    assert boss.post(at(Source, "add"), form | {"title": "Other", "slug": "b"}).status_code == 302
    assert Source.objects.filter(slug__in=["new", "b"]).count() == 2


def test_form_of_another_person_is_another_one():
    forms = []
    for name in ("a", "b"):
        client = Client()
        client.force_login(User.objects.create_superuser(name))
        forms.append((client, form_of(client, at(Entry, "add"))))
    values = new(Entry) | {"csrfmiddlewaretoken": "x" * 64}
    for client, form in forms:
        assert client.post(at(Entry, "add"), form | values).status_code == 302

    assert Entry.objects.count() == 2


def test_file_belongs_to_what_is_sent(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    boss = browser(SUPERUSER)
    form = form_of(boss, at(City, "add")) | new(City)
    form |= {"picture_alt": "A bridge", "picture_credit": "City of Otsu"}

    answers = [boss.post(at(City, "add"), form | {"picture": upload()}) for __ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302], sentences(answers[0])
    assert City.objects.filter(name="New").count() == 1
    assert len([*tmp_path.rglob("*.webp")]) == 1


def test_forms_of_long_ago_are_forgotten():
    boss = browser(SUPERUSER)
    for days in (0, 2):
        SentForm.objects.create(
            key=str(days), led_to="/", sent_at=timezone.now() - timedelta(days=days)
        )

    boss.post(at(Entry, "add"), form_of(boss, at(Entry, "add")) | new(Entry))

    assert {sent.key for sent in SentForm.objects.exclude(led_to__contains="admin")} == {"0"}
    assert str(SentForm.objects.get(key="0")) == "0: /"


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one save at a time")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.dialect
def test_new_record_that_is_sent_three_times_at_once_is_one():
    boss = browser(SUPERUSER)
    form = form_of(boss, at(Entry, "add")) | new(Entry)
    start, answers = Barrier(3), []

    def send() -> None:
        client = Client()
        client.cookies = boss.cookies
        start.wait()
        try:
            answers.append(client.post(at(Entry, "add"), form))
        finally:
            connection.close()

    threads = [Thread(target=send) for __ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert Entry.objects.count() == 1
    assert [answer.status_code for answer in answers] == [302] * 3
