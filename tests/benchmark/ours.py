"""Fill a database of our site with the facts; imported by `manage.py shell -c` alone.

Few rows go through `load_register`. Meetings and resolutions are written in bulk with their
history, and then everything that follows from them is derived.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import tomli_w
from django.core.management import call_command, get_commands
from django.db import connection, transaction
from django.test import Client
from simple_history.utils import bulk_create_with_history

from cities.models import Organization, Relationship, Source
from resolutions import numbers
from resolutions.clauses import fingerprint, tidy
from resolutions.models import Action, ActionCitation, Ballot, Meeting, Member, Resolution, Text
from tests.benchmark import facts
from tests.benchmark.bulk import BATCH, DERIVING, ROWS, link, moments

PUBLIC = {"publication": "published"}


def fill(size: facts.Size) -> None:
    """Fill a migrated, empty database."""
    tables = facts.few(size)
    meetings = tables.pop("meetings")
    call_command("load_register", str(facts.REGISTER), verbosity=0, stdout=_Quiet())
    with tempfile.NamedTemporaryFile("wb", suffix=".toml") as file:
        tomli_w.dump(tables, file)
        file.flush()
        call_command("load_register", file.name, verbosity=0, stdout=_Quiet())
    write_in_bulk(meetings, facts.resolutions(size))


class _Quiet:
    def write(self, text: str) -> None:
        """Drop what a command says."""


def write_in_bulk(meetings: list[facts.Row], resolutions: Iterator[facts.Row]) -> None:
    with transaction.atomic():
        writer = BulkWriter()
        writer.write_meetings(meetings)
    while batch := list(islice(resolutions, BATCH)):
        with transaction.atomic():
            writer.write_resolutions(batch)


class BulkWriter:
    """Writes rows of register files with their history, five minutes after each other."""

    def __init__(self) -> None:
        self.council = Organization.objects.get(slug=facts.COUNCIL)
        self.keys = {
            model: dict(model.objects.values_list("slug", "pk"))
            for model in (Relationship, Source, Member)
        }
        self.relationships, self.sources, self.members = self.keys.values()
        self.meetings: dict[str, int] = {}
        self.moments = moments()

    def create(self, model: Any, rows: Iterable[Any], moments: Iterable[datetime]) -> list[Any]:
        rows = list(rows)
        for row, moment in zip(rows, moments, strict=True):
            row._history_date = moment
        return bulk_create_with_history(rows, model, batch_size=ROWS)

    def write_meetings(self, rows: list[facts.Row]) -> None:
        source = self.sources[facts.SOURCE]
        meetings = [
            Meeting(
                organization=self.council,
                **{name: row[name] for name in ("slug", "kind", "on", "state")},
                **PUBLIC,
            )
            for row in rows
        ]
        made = self.create(Meeting, meetings, [next(moments())] * len(meetings))
        self.meetings = {meeting.slug: meeting.pk for meeting in made}
        link(Meeting.sources, ((meeting.pk, source) for meeting in made))

    def write_resolutions(self, rows: list[facts.Row]) -> None:
        at = list(islice(self.moments, len(rows)))
        resolutions = self.create(Resolution, [self._resolution(row) for row in rows], at)
        for name, keys in (("relationships", self.relationships), ("sources", self.sources)):
            pairs = [
                (resolution.pk, keys[slug])
                for resolution, row in zip(resolutions, rows, strict=True)
                for slug in row[name]
            ]
            link(getattr(Resolution, name), pairs)
        self._write_parts(list(zip(resolutions, rows, at, strict=True)))

    def _resolution(self, row: facts.Row) -> Any:
        names = ("slug", "kind", "number", "number_year", "title", "summary")
        resolution = Resolution(
            organization=self.council, **{name: row[name] for name in names}, **PUBLIC
        )
        number = numbers.parse(row["number"], row["number_year"])
        resolution.number_serial, resolution.number_suffix = number.serial, number.suffix
        return resolution

    def _write_parts(self, written: list[tuple[Any, facts.Row, datetime]]) -> None:
        """Write texts, then the actions on them, then what belongs to an action."""
        of_texts = [(key, text, at) for key, row, at in written for text in row["texts"]]
        texts = self.create(
            Text, [_text(key, row) for key, row, __ in of_texts], [at for *__, at in of_texts]
        )
        text_of = {text.resolution_id: text for text in texts}
        of_actions = [(key, action, at) for key, row, at in written for action in row["actions"]]
        actions = self.create(
            Action,
            [self._action(key, row, text_of.get(key.pk)) for key, row, __ in of_actions],
            [at for *__, at in of_actions],
        )
        self._write_votes(
            [(action, row, at) for action, (__, row, at) in zip(actions, of_actions, strict=True)]
        )

    def _action(self, resolution: Any, row: facts.Row, text: Any) -> Any:
        names = ("number", "kind", "on", "method", "outcome", "requirement", "base")
        return Action(
            resolution=resolution,
            organization=self.council,
            meeting_id=self.meetings[row["meeting"]],
            mover_id=self.members[row["mover"]],
            seconder_id=self.members[row["seconder"]],
            text=text,
            **{name: row[name] for name in names},
            **PUBLIC,
        )

    def _write_votes(self, actions: list[tuple[Any, facts.Row, datetime]]) -> None:
        citations = [
            ActionCitation(
                action=action,
                source_id=self.sources[citation["source"]],
                **{name: citation[name] for name in ("role", "says")},
            )
            for action, row, __ in actions
            for citation in row["citations"]
        ]
        self.create(ActionCitation, citations, [at for *__, at in actions])
        ballots = [
            (
                Ballot(action=action, member_id=self.members[one["member"]], choice=one["choice"]),
                at,
            )
            for action, row, at in actions
            for one in row.get("ballots", ())
        ]
        self.create(Ballot, [ballot for ballot, __ in ballots], [at for __, at in ballots])


def _text(resolution: Any, row: facts.Row) -> Any:
    words = tidy(row["text"])
    names = ("number", "kind", "on")
    return Text(
        resolution=resolution,
        text=words,
        sha256=fingerprint(words),
        **{name: row[name] for name in names},
        **PUBLIC,
    )


def derive() -> None:
    """Make everything that is derived from the records, by the command of this version."""
    command = next(name for name in DERIVING if name in get_commands())
    call_command(command, stdout=_Quiet())


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


def prepare(records: int, cities: int, file: str) -> None:
    """Migrate the database, fill an empty one, derive, and save the statuses to a file."""
    call_command("migrate", verbosity=0)
    if not Organization.objects.exists():
        fill(facts.Size(records, cities))
    derive()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(headers={"host": "127.0.0.1"})
    Path(file).write_text(json.dumps(statuses(client)))
