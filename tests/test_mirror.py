"""The client printed in docs/api.md, against random edits by others: its copy is never wrong."""

import json
import random
from collections.abc import Callable
from datetime import date
from email.message import Message
from itertools import count
from typing import Any
from urllib.error import HTTPError

import pytest
from django.db import transaction

from cities.models import City, Entry, Source
from cities.records.derived import collecting
from lrscc.changes.editions import begin
from lrscc.changes.representation import canonical, documents, represented
from resolutions.models import Action, Resolution
from tests.factories import (
    make_action,
    make_agreement,
    make_city,
    make_effect,
    make_entry,
    make_name,
    make_organization,
    make_relationship,
    make_reply,
    make_resolution,
    make_source,
)
from tests.mirror import printed_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("logged")]

_numbers = count(1)


def reader(client: Any) -> Callable[[str], Any]:
    """Reads an address as `urllib` does."""

    def get(address: str) -> Any:
        answer = client.get(address.removeprefix("http://testserver"))
        if answer.status_code != 200:
            raise HTTPError(address, answer.status_code, "", Message(), None)
        return answer.json()

    return get


def one_of(chance: random.Random, rows: Any) -> Any:
    found = list(rows.order_by("pk"))
    return chance.choice(found) if found else None


def publish(chance: random.Random) -> None:
    chance.choice([make_source, make_city, make_organization, make_resolution])()


def draft(chance: random.Random) -> None:
    make_source(publication="draft")


def release(chance: random.Random) -> None:
    if record := one_of(chance, Source.objects.filter(publication="draft")):
        record.publish()


def relate(chance: random.Random) -> None:
    relationship = make_relationship(make_city())
    make_entry(relationship, "signed", "1969")
    if chance.random() < 0.5:
        make_agreement(relationship)


def rename(chance: random.Random) -> None:
    if city := one_of(chance, City.objects.public()):
        city.name = f"City {next(_numbers)}"
        city.save()


def name(chance: random.Random) -> None:
    if city := one_of(chance, City.objects.public()):
        make_name(city, f"Name {next(_numbers)}", source=one_of(chance, Source.objects.public()))


def forget_a_name(chance: random.Random) -> None:
    city = one_of(chance, City.objects.public().filter(names__isnull=False))
    if city is not None and (found := city.names.first()):  # nobody else has deleted it since
        found.delete()


def act(chance: random.Random) -> None:
    if resolution := one_of(chance, Resolution.objects.public()):
        make_action(resolution, "introduce")
        make_reply(make_effect(resolution))


def note(chance: random.Random) -> None:
    if record := one_of(chance, chance.choice([Entry, Action]).objects.public()):
        record.note = f"Note {next(_numbers)}."
        record.save()


def withdraw(chance: random.Random) -> None:
    model = chance.choice([Source, City, Entry, Resolution, Action])
    record = one_of(chance, model.objects.public())
    if record is not None and not record.reasons_against_withdrawal():
        record.withdraw(because=f"Reason {next(_numbers)}.", on=date(2026, 1, 1))


EDITS = [publish, draft, release, relate, rename, name, forget_a_name, act, note, withdraw]


def edit(chance: random.Random) -> None:
    """Save something: alone, with others, or not after all."""
    kind = chance.random()
    if kind < 0.7:
        chance.choice(EDITS)(chance)
    elif kind < 0.9:
        with collecting():
            for change in chance.sample(EDITS, 3):
                change(chance)
    else:
        with transaction.atomic():
            chance.choice(EDITS)(chance)
            transaction.set_rollback(True)


def public_now() -> dict[str, str]:
    """What visitors can read of every record, as its canonical text."""
    return {
        f"{kind.resource}/{document['ref']}": canonical(document)
        for kind in represented().values()
        for document in documents(kind, kind.public(kind.answering())).values()
    }


@pytest.mark.parametrize("seed", range(3))
def test_copy_that_follows_the_log_is_byte_equal_to_a_fresh_one_and_to_the_record(client, seed):
    follow, get, chance, copy = printed_client(), reader(client), random.Random(seed), {}
    for number in range(60):
        edit(chance)
        if chance.random() < 0.3:
            follow(copy, "http://testserver", get)
        if number == 20:
            begin("A restore.")

    make_source(slug="gone").withdraw(because="A twin.", on=date(2026, 1, 1))
    follow(copy, "http://testserver", get)

    fresh: dict[str, Any] = {}
    follow(fresh, "http://testserver", get)
    assert json.dumps(copy, sort_keys=True) == json.dumps(fresh, sort_keys=True)
    public = {key: one for key, one in copy["records"].items() if "resource" in one}
    assert {key: canonical(one) for key, one in public.items()} == public_now()
    gone = copy["records"].keys() - public.keys()
    assert (len(public) > 20, "sources/gone" in gone) == (True, True)
