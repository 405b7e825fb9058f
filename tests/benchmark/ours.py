"""Fill a database of our site with the facts; imported by `manage.py shell -c` alone.

Everything goes through `load_register`, so that what follows from the records is there as well.
"""

import json
import tempfile
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import tomli_w
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from cities.models import City
from tests.benchmark import facts

BATCH = 1000
"""Resolutions of one load, except for the newest."""

NEWEST, NEWEST_BATCH = 200, 40
"""The newest resolutions come in small loads: a large one is a single line of the changes."""

DERIVING = ("rebuild", "rebuild_search")
"""The command that derives everything from the records: the first of these that there is."""


def deriving_command() -> str:
    return next(name for name in DERIVING if name in get_commands())


def prepare(records: int, cities: int, file: str) -> None:
    """Bring the database up to this version, or fill an empty one; save the statuses to a file."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one
    before = MigrationRecorder(connection).applied_migrations()
    call_command("migrate", verbosity=0)
    if not City.objects.exists():
        fill(facts.Size(records, cities))
    elif MigrationRecorder(connection).applied_migrations() != before:
        call_command(deriving_command(), stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(headers={"host": "127.0.0.1"})
    Path(file).write_text(json.dumps(statuses(client)))


def fill(size: facts.Size) -> None:
    """Fill a migrated, empty database."""
    call_command("load_register", str(facts.REGISTER), stdout=StringIO())
    load(facts.few(size))
    resolutions = facts.resolutions(size)
    for count in batches(size.records):
        load({"resolutions": list(islice(resolutions, count))})


def batches(records: int) -> Iterator[int]:
    """Yield how many resolutions are loaded at a time."""
    while records > 0:
        count = min(BATCH, records - NEWEST) if records > NEWEST else min(NEWEST_BATCH, records)
        yield count
        records -= count


def load(tables: facts.Tables) -> None:
    with tempfile.NamedTemporaryFile("wb", suffix=".toml") as file:
        tomli_w.dump(tables, file)
        file.flush()
        call_command("load_register", file.name, stdout=StringIO())


def statuses(client: Any) -> dict[str, Any]:
    """Return the statuses that our API gives, which the twin only stores.

    Of every relationship, and of the register's own resolutions.
    """
    found: dict[str, Any] = {"relationships": {}, "resolutions": {}}
    address: str | None = "/api/v1/relationships/?page_size=200"
    while address:
        page = client.get(address).json()
        for row in page["results"]:
            found["relationships"][row["slug"]] = row["standing"]
        address = page["next"]
    for row in facts.register()["resolutions"]:
        answer = client.get(f"/api/v1/resolutions/{row['slug']}/").json()
        found["resolutions"][row["slug"]] = answer["status"]
    return found
