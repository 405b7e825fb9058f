"""Fill the twin's database with the facts; imported by `django-admin shell -c` alone."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from cities.records.dates import RecordDate
from tests.benchmark import facts
from tests.benchmark.twin import models

BATCH, ROWS = 1000, 500
"""Resolutions that are written at a time, and rows in one statement of SQL."""


def prepare(records: int, cities: int, statuses: str) -> None:
    """Make the tables and fill them, unless they are there; `statuses` is a file."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    if not models.City.objects.exists():
        with transaction.atomic():
            fill(facts.Size(records, cities), json.loads(Path(statuses).read_text()))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _counted(row: facts.Row) -> dict[str, Any]:
    """Return the first population of a city: the twin has room for one."""
    counts = row.get("populations", [])
    return {"population": counts[0]["count"], "population_year": counts[0]["on"]} if counts else {}


def fill(size: facts.Size, statuses: dict[str, Any]) -> None:
    tables, more = facts.register(), facts.few(size)
    rows = {name: [*tables.get(name, []), *more.get(name, [])] for name in {*tables, *more}}
    writer = Writer()
    writer.write_cities(rows, statuses["relationships"])
    writer.write_programs(rows)
    writer.write_meetings(rows)
    own = rows["resolutions"]
    for row in own:
        row["status"] = statuses["resolutions"][row["slug"]]
    writer.write_resolutions(own)
    made = facts.resolutions(size)
    at = moments()
    while batch := list(islice(made, BATCH)):
        written = writer.write_resolutions(batch)
        models.Change.objects.bulk_create(
            models.Change(
                at=next(at), kind="published", title=str(row), url=row.get_absolute_url()
            )
            for row in written
        )


def moments() -> Iterator[datetime]:
    """Yield when the resolutions were entered: five minutes after each other."""
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    while True:
        yield moment
        moment += timedelta(minutes=5)


def link(field: Any, pairs: Iterable[tuple[int, int]]) -> None:
    """Write the rows of a many-to-many field, given by its class."""
    mine, other = field.field.m2m_field_name(), field.field.m2m_reverse_field_name()
    rows = [field.through(**{f"{mine}_id": one, f"{other}_id": two}) for one, two in pairs]
    field.through.objects.bulk_create(rows, batch_size=ROWS)


def in_words(edtf: str) -> str:
    """Return a date as readers see it."""
    return str(RecordDate.parse(edtf)) if edtf else ""


def first_day(edtf: str) -> Any:
    return RecordDate.parse(edtf).earliest if edtf else None


class Writer:
    """Writes rows of register files, and keeps the keys of what others name."""

    def __init__(self) -> None:
        self.keys: dict[Any, dict[str, int]] = {}

    def write(self, model: Any, rows: list[facts.Row], more: Callable[..., Any] = lambda row: {}):
        """Write the fields that the rows and the model share, and what `more` adds of a row."""
        fields = {
            field.name: field for field in model._meta.concrete_fields if not field.is_relation
        }
        made = model.objects.bulk_create(
            [
                model(**{name: row[name] for name in fields if name in row} | more(row))
                for row in rows
            ],
            batch_size=ROWS,
        )
        if "slug" in fields:
            self.keys.setdefault(model, {}).update((record.slug, record.pk) for record in made)
        return list(zip(made, rows, strict=True))

    def key(self, model: Any, slug: str | None) -> int | None:
        return self.keys[model][slug] if slug else None

    def link(self, field: Any, written: list[tuple[Any, facts.Row]], name: str) -> None:
        """Write a many-to-many field from the slugs in the rows."""
        other = self.keys[field.field.related_model]
        link(
            field,
            ((record.pk, other[slug]) for record, row in written for slug in row.get(name, [])),
        )

    def write_parts(
        self,
        model: Any,
        owner: str,
        written: list[tuple[Any, facts.Row]],
        name: str,
        more: Callable[..., Any] = lambda row: {},
    ) -> list[tuple[Any, facts.Row]]:
        """Write the parts of records, each with a key of its owner."""
        parts = [
            row | {"owner": record.pk} for record, whole in written for row in whole.get(name, [])
        ]
        return self.write(model, parts, lambda row: {f"{owner}_id": row["owner"]} | more(row))

    def cited(self, row: facts.Row) -> dict[str, Any]:
        return {"source_id": self.key(models.Source, row["source"])}

    def write_cities(self, rows: dict[str, list[facts.Row]], standing: dict[str, Any]) -> None:
        """Write cities, organizations and relationships with their history."""
        self.write(models.Source, rows["sources"], lambda row: {"dated": row.get("dated", "")})
        cities = self.write(models.City, rows["cities"], _counted)
        self.write_parts(models.CityName, "city", cities, "names")
        self.write(
            models.Organization,
            rows["organizations"],
            lambda row: {"place_id": self.key(models.City, row.get("place"))},
        )
        self.write(models.RelationshipType, rows["relationship_types"])
        relationships = self.write(
            models.Relationship,
            rows["relationships"],
            lambda row: self._relationship(row, standing[row["slug"]]),
        )
        entries = self.write_parts(
            models.Entry, "relationship", relationships, "entries", self._entry
        )
        self.write_parts(models.EntryCitation, "entry", entries, "citations", self.cited)
        agreements = self.write(
            models.Agreement,
            rows["agreements"],
            lambda row: {"signed_on": in_words(row.get("signed_on", ""))},
        )
        self.link(models.Agreement.relationships, agreements, "relationships")
        self.link(models.Agreement.documents, agreements, "documents")

    def _relationship(self, row: facts.Row, standing: dict[str, Any]) -> dict[str, Any]:
        since = (standing["since"] or {}).get("edtf", "")
        return {
            "home_id": self.key(models.City, row["home"]),
            "partner_id": self.key(models.City, row["partner"]),
            "status": standing["status"] or "",
            "type_id": self.key(models.RelationshipType, standing["type"]),
            "since": in_words(since),
            "since_earliest": first_day(since),
        }

    def _entry(self, row: facts.Row) -> dict[str, Any]:
        return {
            "on": in_words(row["on"]),
            "on_earliest": first_day(row["on"]),
            "decided_by_id": self.key(models.Organization, row.get("decided_by")),
            "type_id": self.key(models.RelationshipType, row.get("type")),
        }

    def write_programs(self, rows: dict[str, list[facts.Row]]) -> None:
        programs = self.write(models.Program, rows["programs"])
        self.link(models.Program.relationships, programs, "relationships")
        exchanges = self.write(
            models.Exchange,
            rows["exchanges"],
            lambda row: {
                "program_id": self.key(models.Program, row.get("program")),
                "begins": in_words(row.get("begins", "")),
                "begins_earliest": first_day(row.get("begins", "")),
            },
        )
        self.link(models.Exchange.relationships, exchanges, "relationships")

    def write_meetings(self, rows: dict[str, list[facts.Row]]) -> None:
        self.write(models.Member, rows["members"])
        meetings = self.write(
            models.Meeting,
            rows["meetings"],
            lambda row: {
                "organization_id": self.key(models.Organization, row["organization"]),
                "on": in_words(row["on"]),
                "on_earliest": first_day(row["on"]),
            },
        )
        self.link(models.Meeting.sources, meetings, "sources")

    def write_resolutions(self, rows: list[facts.Row]) -> list[Any]:
        """Write resolutions with their texts and actions."""
        resolutions = self.write(models.Resolution, rows, self._resolution)
        for name in ("sponsors", "relationships", "sources"):
            self.link(getattr(models.Resolution, name), resolutions, name)
        actions = self.write_parts(
            models.Action, "resolution", resolutions, "actions", self._action
        )
        self.write_parts(models.ActionCitation, "action", actions, "citations", self.cited)
        self.write_parts(
            models.Ballot,
            "action",
            actions,
            "ballots",
            lambda row: {"member_id": self.key(models.Member, row["member"])},
        )
        return [record for record, __ in resolutions]

    def _resolution(self, row: facts.Row) -> dict[str, Any]:
        """Return what is stored of its status: as our site gives it, or from its one vote."""
        if "status" in row:
            status, since = row["status"]["status"], (row["status"]["since"] or {}).get("edtf", "")
        else:
            vote = row["actions"][0]
            status = "adopted" if vote["outcome"] == "carried" else "failed"
            since = vote["on"]
        return {
            "organization_id": self.key(models.Organization, row["organization"]),
            "status": status or "",
            "decided_on": in_words(since),
            "decided_earliest": first_day(since),
            **_text(row),
        }

    def _action(self, row: facts.Row) -> dict[str, Any]:
        return {
            "on": in_words(row["on"]),
            "on_earliest": first_day(row["on"]),
            "organization_id": self.key(models.Organization, row["organization"]),
            "meeting_id": self.key(models.Meeting, row.get("meeting")),
            "text_version": int(row["text"].rpartition("-")[2]) if "text" in row else None,
            "mover_id": self.key(models.Member, row.get("mover")),
            "seconder_id": self.key(models.Member, row.get("seconder")),
        }


def _text(row: facts.Row) -> dict[str, Any]:
    """Return the text of a resolution: the last version, as the twin keeps only one."""
    if not row.get("texts"):
        return {}
    text = row["texts"][-1]
    return {"text": text["text"], "text_kind": text["kind"], "text_on": in_words(text["on"])}
