"""Kinds of records at which a second person looks before they are public."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from cities.models import ChangeSet, City
from cities.records.deeds import RefusedError
from cities.records.releasing import propose, publish_alone, release, submit
from cities.records.scheduling import release_due, schedule
from cities.records.undoing import undo
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import at, browser
from tests.admin.test_change_sets import page_of
from tests.factories import make_city

pytestmark = pytest.mark.django_db

PUBLISHER = "Publisher"
WAIT = (
    "Somebody else has to look at this before it is public. Send it for review, or say why nobody"
    " else can look at it."
)
ASKED = "Why can nobody else look at it?"
WHY = "The others are in Otsu this week."


@pytest.fixture(autouse=True)
def cities_need_a_second_person(settings):
    settings.SECOND_PERSON_FOR = ["cities.city"]


@pytest.fixture
def publisher():
    return browser(PUBLISHER)


@pytest.fixture
def colleague():
    """Another publisher."""
    user = User.objects.create_user("colleague", is_staff=True)
    user.groups.add(Group.objects.get(name=PUBLISHER))
    client = Client()
    client.force_login(user)
    return client


def person_of(client):
    return User.objects.get(pk=client.session["_auth_user_id"])


def draft_by(client, slug="otsu"):
    """A draft that somebody saved last."""
    city = make_city(slug, publication="draft")
    city.history.update(history_user=person_of(client))
    return city


def state_of(city) -> str:
    return City.objects.get(pk=city.pk).publication


def test_own_draft_is_published_alone_only_with_a_reason(publisher):
    city = draft_by(publisher)
    page = at(city, "publish")
    assert ASKED in text(publisher.get(page))
    for words in ("", "   "):
        refused = publisher.post(page, {"alone": words})
        assert sentences(refused) == [WAIT]
    assert state_of(city) == "draft"
    assert publisher.post(page, {"alone": WHY}).status_code == 302
    assert state_of(city) == "published"
    change_set = ChangeSet.objects.get()
    assert change_set.alone_because == WHY
    shown = publisher.get(page_of(change_set))
    assert f"Nobody else looked at it, because: {WHY}" in text(shown)


def test_draft_of_somebody_else_needs_no_reason(publisher):
    city = draft_by(browser("Commission staff"))
    page = at(city, "publish")
    assert ASKED not in text(publisher.get(page))
    assert publisher.post(page, {}).status_code == 302
    assert state_of(city) == "published"


def test_set_of_its_author_waits_for_somebody_else(publisher, colleague):
    city = draft_by(publisher)
    change_set = propose([city], author=person_of(publisher))
    submit(change_set)
    assert ASKED in text(publisher.get(page_of(change_set)))
    assert sentences(publisher.post(page_of(change_set), {"_release": ""})) == [f"{city} : {WAIT}"]
    moment = {"moment": "2099-01-01 09:00", "_schedule": ""}
    assert sentences(publisher.post(page_of(change_set), moment)) == [f"{city} : {WAIT}"]
    assert ASKED not in text(colleague.get(page_of(change_set)))
    assert colleague.post(page_of(change_set), {"_release": ""}).status_code == 302
    assert state_of(city) == "published"


def test_reason_goes_once_somebody_else_has_looked(publisher, colleague):
    city = draft_by(publisher)
    change_set = propose([city], author=person_of(publisher), alone_because=WHY)
    release(change_set, by=person_of(colleague))
    assert change_set.alone_because == ""


def test_change_of_a_public_record_waits_even_if_its_author_may_publish(publisher):
    city = make_city("otsu")
    sent = {**form_of(publisher, at(city)), "name": "Ōtsu", "change_reason": "As it says."}
    answer = publisher.post(at(city), {**sent, "_save": ""})
    change_set = ChangeSet.objects.get()
    assert answer.url == page_of(change_set)
    assert City.objects.get(pk=city.pk).name == city.name
    refused = publisher.post(page_of(change_set), {"_release": ""})
    assert sentences(refused)[-1] == f"{city} : {WAIT}"
    assert publisher.post(page_of(change_set), {"_release": "", "alone": WHY}).status_code == 302
    assert City.objects.get(pk=city.pk).name == "Ōtsu"


def test_withdrawal_waits_and_an_undo_does_not(publisher, colleague):
    city = make_city("otsu")
    publisher.post(at(city, "withdraw"), {"because": "It is a double."})
    change_set = ChangeSet.objects.get()
    assert (change_set.state, state_of(city)) == ("submitted", "published")
    release(change_set, by=person_of(colleague))
    assert state_of(city) == "withdrawn"
    undo(change_set, by=person_of(publisher), reason="It is none.")
    assert state_of(city) == "published"
    assert ChangeSet.objects.get(undoes=change_set).alone_because == "It is none."


def test_clock_publishes_what_its_author_scheduled_with_a_reason(publisher):
    city, author = draft_by(publisher), person_of(publisher)
    change_set = propose([city], author=author)
    with pytest.raises(RefusedError, match="Somebody else has to look"):
        schedule(change_set, by=author, moment=now() + timedelta(hours=1))
    publish_alone(change_set, WHY)
    schedule(change_set, by=author, moment=now() + timedelta(hours=1))
    ChangeSet.objects.update(scheduled_for=now() - timedelta(hours=1))
    assert release_due() == ([change_set], [])
    assert state_of(city) == "published"


def test_earlier_version_is_not_brought_back_at_once(publisher):
    city = make_city("otsu")
    version = city.history.get()
    city.name = "Ōtsu"
    city.save()
    page = reverse("admin:cities_city_simple_history", args=[city.pk, version.pk])
    assert publisher.post(page, form_of(publisher, page)).status_code == 403
    assert City.objects.get(pk=city.pk).name == "Ōtsu"


def test_shell_and_other_kinds_need_nobody(publisher, settings):
    release(propose([make_city("otsu", publication="draft")]))
    settings.SECOND_PERSON_FOR = ["resolutions.resolution"]
    city = draft_by(publisher, "akuapim")
    assert publisher.post(at(city, "publish"), {}).status_code == 302
    assert state_of(city) == "published"


def test_reason_is_kept_whole_or_refused(publisher):
    city = draft_by(publisher)
    for words in ("x" * 2001, "a\0b"):
        refused = publisher.post(at(city, "publish"), {"alone": words})
        assert refused.status_code in (200, 400)
        assert state_of(city) == "draft"
    assert not ChangeSet.objects.exists()


def test_setting_names_kinds_that_there_are(settings):
    assert [one for one in run_checks() if one.id == "cities.E001"] == []
    settings.SECOND_PERSON_FOR = ["cities.city", "cities.town", "cities.register"]
    found = [one for one in run_checks() if one.id == "cities.E001"]
    assert [one.msg for one in found] == [
        "SECOND_PERSON_FOR names no kind of record: cities.register, cities.town."
    ]
    assert "cities.city, " in found[0].hint
    with pytest.raises(SystemCheckError, match=r"cities\.town"):
        call_command("check")
