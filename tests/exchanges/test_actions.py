"""Announcing an exchange again: what the next edition has from the last one, and what not."""

import pytest
from django.core.exceptions import ValidationError

from exchanges.actions import announce_again
from exchanges.models import Exchange
from tests.factories import (
    make_exchange,
    make_exchange_role,
    make_full_exchange,
    make_organization,
    make_partnership,
    make_program,
)

pytestmark = pytest.mark.django_db

GONE = {
    "publication": "withdrawn",
    "withdrawn_on": "2026-01-01",
    "withdrawn_because": "Wrong.",
}


def values(record: Exchange) -> dict:
    fields = record._meta.concrete_fields
    return {field.name: getattr(record, field.attname) for field in fields}


def test_next_edition_has_the_words_and_nothing_that_happened():
    last = make_full_exchange("camp-2025", parts=2)
    Exchange.objects.filter(pk=last.pk).update(title="Camp 2025", venue="A school")
    last.refresh_from_db()
    before = values(last)

    edition = announce_again(exchange=last)

    edition = Exchange.objects.get(pk=edition.pk)
    untouched = values(Exchange(slug="camp", title="Camp"))
    copied = {
        name: before[name]
        for name in (
            "program",
            "direction",
            "where",
            "venue",
            "cost",
            "cost_currency",
            "cost_words",
        )
    }
    assert values(edition) == untouched | copied | {"id": edition.pk}
    assert (edition.is_draft, edition.state) == (True, "planned")
    assert {*edition.relationships.all()} == {*last.relationships.all()}
    assert [(role.organization, role.role) for role in edition.roles.all()] == [
        (role.organization, role.role) for role in last.roles.all()
    ]
    assert not edition.funding.exists()
    assert not edition.sources.exists()
    assert (
        edition.history.earliest("history_id").history_change_reason == f"Announced again: {last}"
    )
    assert values(Exchange.objects.get(pk=last.pk)) == before


@pytest.mark.parametrize("state", ["planned", "cancelled"])
def test_any_exchange_is_announced_again(state):
    last = make_exchange(state=state, reason="Snow." if state == "cancelled" else "")

    assert announce_again(exchange=last).state == "planned"


@pytest.mark.parametrize(
    ("slug", "title", "begins", "expected"),
    [
        ("camp-2025", "Camp 2025", "2025-07", ("camp", "Camp")),
        ("camp-2025", "Camp (2025)", "2025-07", ("camp", "Camp")),
        ("camp-2025", "Camp, 2025", "2025-07", ("camp", "Camp")),
        ("2025-camp", "2025: Camp", "2025-07", ("camp", "Camp")),
        ("camp-2025", "Camp 2025", None, ("camp-2025-2", "Camp 2025")),
        ("camp-2024", "Camp 2024", "2025-07", ("camp-2024-2", "Camp 2024")),
        ("2025", "2025", "2025", ("2025-2", "2025")),
        ("camp", "Camp", "2025", ("camp-2", "Camp")),
    ],
)
def test_title_and_slug_lose_the_year_of_the_last_edition(slug, title, begins, expected):
    last = make_exchange(slug, title=title, begins=begins)

    edition = announce_again(exchange=last)

    assert (edition.slug, edition.title) == expected


def test_slug_is_one_that_no_exchange_has():
    last = make_exchange("a" * 99)

    first, second = announce_again(exchange=last), announce_again(exchange=last)

    assert (first.slug, second.slug) == ("a" * 90 + "-2", "a" * 90 + "-3")


def test_what_was_withdrawn_since_is_left_out():
    relationship, gone = make_partnership(), make_partnership()
    last = make_exchange(relationship=relationship)
    last.relationships.add(gone)
    gone.withdraw(because="Wrong.", on="2026-01-01")
    make_exchange_role(last, make_organization(**GONE))
    role = make_exchange_role(last)

    edition = announce_again(exchange=last)

    assert [*edition.relationships.all()] == [relationship]
    assert [kept.organization for kept in edition.roles.all()] == [role.organization]


def test_nothing_is_made_if_the_next_edition_would_be_wrong():
    last = make_exchange(program=make_program())
    last.cost = 5

    with pytest.raises(ValidationError):
        announce_again(exchange=last)

    assert Exchange.objects.count() == 1
