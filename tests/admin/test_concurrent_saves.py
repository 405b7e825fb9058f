"""Two people in the same second: the database lets them through one after the other.

SQLite lets one writer in at a time from the first statement on; here PostgreSQL is asked.
"""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cities.models import City, Entry, Source
from resolutions.models import Meeting, Resolution
from tests.admin.browser import form_in, form_of, sentences
from tests.admin.people import SUPERUSER, at, browser, person
from tests.factories import (
    council,
    make_city,
    make_meeting,
    make_members,
    make_partnership,
    make_register,
    make_resolution,
    make_source,
    make_text,
)

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.dialect,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time by itself"),
]


def send_at_once(url: str, forms: list[dict[str, Any]]) -> list[Any]:
    """What each of several browsers is answered that send their forms at the same moment."""
    clients = [browser(SUPERUSER)]
    clients += [Client() for __ in forms[1:]]
    for client in clients[1:]:
        client.cookies = clients[0].cookies
    start, answers = Barrier(len(forms)), []

    def send(client: Client, form: dict[str, Any]) -> None:
        start.wait()
        try:
            answers.append(client.post(url, form))
        finally:
            connection.close()

    threads = [Thread(target=send, args=pair) for pair in zip(clients, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return answers


def opened(url: str) -> dict[str, Any]:
    client = Client()
    client.force_login(person("Commission staff"))
    return form_of(client, url)


def test_one_of_two_savers_wins_and_the_other_is_reported():
    city = make_city()
    form = opened(at(city)) | {"change_reason": "Because."}

    answers = send_at_once(at(city), [form | {"summary": f"Words {n}"} for n in range(4)])

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 302]
    for answer in answers:
        if answer.status_code == 200:
            assert "Nothing is saved" in sentences(answer)[1]
    assert city.history.count() == 2


def test_new_entries_of_one_relationship_each_get_a_number():
    relationship, source = make_partnership(), make_source()
    form = opened(at(Entry, "add")) | {
        "relationship": str(relationship.pk),
        "kind": "visited",
        "on": "2021",
        "citations-0-source": str(source.pk),
    }

    answers = send_at_once(at(Entry, "add"), [form | {"note": f"Visit {n}"} for n in range(4)])

    assert [answer.status_code for answer in answers] == [302] * 4
    assert sorted(relationship.entries.values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_record_that_several_publish_is_published_once():
    city = make_city(publication="draft")

    answers = send_at_once(at(city, "publish"), [{}] * 4)

    assert [answer.status_code for answer in answers] == [302] * 4
    assert [version.publication for version in city.history.all()] == ["published", "draft"]


def test_vote_that_is_sent_several_times_at_once_is_recorded_once():
    members = make_members(8)
    meeting = make_meeting("2013-08-19")
    resolution = make_resolution()
    make_text(resolution)
    url = at(resolution, "vote") + f"?meeting={meeting.pk}"
    clerk = Client()
    clerk.force_login(person("Council clerk"))
    form = form_of(clerk, url)

    answers = send_at_once(url, [form] * 4)

    assert [answer.status_code for answer in answers] == [302] * 4
    [action] = resolution.actions.all()
    assert dict(action.ballots.values_list("member", "choice")) == {
        member.pk: "yes" for member in members
    }


def test_meeting_that_is_sent_several_times_at_once_is_recorded_once():
    make_members(8)
    url = reverse("admin:resolutions_meeting_record")
    clerk = Client()
    clerk.force_login(person("Council clerk"))
    form = form_of(clerk, url) | {"organization": str(council().pk), "on": "8/19/2013"}
    form = form_in(clerk.post(url, form | {"_members": ""}))
    form |= {"items-0-new-title": "Stay friends"}

    answers = send_at_once(url, [form] * 3)

    assert [answer.status_code for answer in answers] == [302] * 3
    assert Meeting.objects.count() == Resolution.objects.count() == 1
    assert len({answer.url for answer in answers}) == 1


def test_one_of_several_different_votes_at_once_wins_and_the_others_are_reported():
    members = make_members(8)
    meeting = make_meeting("2013-08-19")
    resolution = make_resolution()
    make_text(resolution)
    url = at(resolution, "vote") + f"?meeting={meeting.pk}"
    clerk = Client()
    clerk.force_login(person("Council clerk"))
    form = form_of(clerk, url)

    answers = send_at_once(url, [form | {f"vote_{one.pk}": "no"} for one in members[:4]])

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 302]
    for answer in answers:
        if answer.status_code == 200:
            assert "your vote is not saved" in sentences(answer)[1]
    assert resolution.actions.count() == 1


def test_new_partner_that_is_sent_several_times_at_once_is_added_once():
    make_register()
    url = reverse("admin:cities_city_new_partner")
    form = opened(url) | {
        "city-name": "Otsu",
        "city-country": "JP",
        "city-is_another_place": "on",  # the name alone would not refuse the second one
        "entry-kind": "visited",
        "entry-on": "1969",
        "source-title": "A letter",
        "source-kind": "letter",
        "source-reliability": "official",
    }

    answers = send_at_once(url, [form] * 3)

    assert [answer.status_code for answer in answers] == [302] * 3
    assert len({answer.url for answer in answers}) == 1
    assert City.objects.filter(name="Otsu").count() == 1
    assert Entry.objects.count() == Source.objects.count() == 1
