"""What the database itself refuses of terms and of the votes needed: too many at one time.

`clean` says it in sentences, but two people may save at once, and the shell and SQL ask no model.
The triggers are made again after every migration, since SQLite loses those of a table that a
migration rebuilds. While migrations run there are none.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connections

TERMS = "resolutions_term"
SEATS = "resolutions_seat"
REQUIREMENTS = "resolutions_voterequirement"

ONE_TERM = "A member has one term in an organization at a time."
ENOUGH_PLACES = "A seat has no more members at a time than places."
ONE_REQUIREMENT = "A kind of motion has one rule in an organization at a time."

LOCK = 20_261_128
"""The first number of our lock in PostgreSQL; the second is that of the organization."""


class Rule(NamedTuple):
    """What a row of a table may not be after it was added or changed, as SQL about NEW."""

    table: str
    name: str
    event: str
    fault: str
    message: str


def _first(row: str) -> str:
    """Return the first day on which a row surely lasts, as `Lasting.sure_days` does."""
    return f"(CASE WHEN {row}.since IS NULL THEN '0001-01-01' ELSE {row}.since_latest END)"


def _last(row: str) -> str:
    known = f"COALESCE({row}.until_earliest, '0001-01-01')"
    return f"(CASE WHEN {row}.until IS NULL THEN '9999-12-31' ELSE {known} END)"


def _lasts_on(row: str, day: str) -> str:
    return f"{_first(row)} <= {day} AND {day} <= {_last(row)}"


def _other(table: str, *same: str) -> str:
    """Return whether another row that is the same in these columns lasts at the same time."""
    alike = " AND ".join(f"other.{column} = NEW.{column}" for column in same)
    return (
        f"EXISTS (SELECT 1 FROM {table} other WHERE {alike} AND other.id <> NEW.id"
        f" AND {_first('NEW')} <= {_last('NEW')} AND {_first('other')} <= {_last('other')}"
        f" AND {_first('NEW')} <= {_last('other')} AND {_first('other')} <= {_last('NEW')})"
    )


def _too_many(seat: str, places: str, since: str = "") -> str:
    """Return whether more terms than places last on a day on which one of the seat begins."""
    held = f"SELECT COUNT(*) FROM {TERMS} held WHERE held.seat_id = {seat}"
    return (
        f"EXISTS (SELECT 1 FROM {TERMS} began WHERE began.seat_id = {seat} {since}"
        f" AND ({held} AND {_lasts_on('held', _first('began'))}) > {places})"
    )


def _rules() -> Iterator[Rule]:
    places = f"(SELECT places FROM {SEATS} WHERE id = NEW.seat_id)"
    during = f"AND {_lasts_on('NEW', _first('began'))}"
    for event in ("INSERT", "UPDATE"):
        own = _other(TERMS, "member_id", "organization_id")
        yield Rule(TERMS, "own", event, own, ONE_TERM)
        yield Rule(TERMS, "places", event, _too_many("NEW.seat_id", places, during), ENOUGH_PLACES)
        alike = _other(REQUIREMENTS, "organization_id", "kind")
        yield Rule(REQUIREMENTS, "once", event, alike, ONE_REQUIREMENT)
    yield Rule(SEATS, "places", "UPDATE", _too_many("NEW.id", "NEW.places"), ENOUGH_PLACES)


def refuse_overlaps(using: str) -> None:
    """Let the database refuse what overlaps."""
    allow_overlaps(using)
    is_sqlite = connections[using].vendor == "sqlite"
    with connections[using].cursor() as cursor:
        for rule in _rules():
            for statement in _on_sqlite(rule) if is_sqlite else _on_postgresql(rule):
                cursor.execute(statement)


def allow_overlaps(using: str) -> None:
    """Let any rows be written, while migrations run."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for rule in _rules():
            on_table = f" ON {rule.table}" if connection.vendor == "postgresql" else ""
            if rule.table in there:
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(rule)}{on_table}")


def _name(rule: Rule) -> str:
    return f"{rule.table}_{rule.name}_{rule.event.lower()}"


def _on_sqlite(rule: Rule) -> Iterator[str]:
    yield (
        f"CREATE TRIGGER {_name(rule)} AFTER {rule.event} ON {rule.table} BEGIN"
        f" SELECT RAISE(ABORT, '{rule.message}') WHERE {rule.fault}; END"
    )


def _on_postgresql(rule: Rule) -> Iterator[str]:
    """Yield a trigger that waits for whoever writes for the same organization, then looks."""
    name = _name(rule)
    yield f"""
    CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock({LOCK}, (NEW.organization_id % 2147483647)::int);
        IF {rule.fault} THEN
            RAISE EXCEPTION '{rule.message}' USING ERRCODE = 'exclusion_violation';
        END IF;
        RETURN NULL;
    END $$
    """
    yield (
        f"CREATE TRIGGER {name} AFTER {rule.event} ON {rule.table}"
        f" FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
