"""What the database itself refuses: too many terms or rules at one time, a vote counted twice.

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
ACTIONS = "resolutions_action"
BALLOTS = "resolutions_ballot"
RESOLUTIONS = "resolutions_resolution"
SCHEMES = "resolutions_numberingscheme"

ONE_TERM = "A member has one term in an organization at a time."
ENOUGH_PLACES = "A seat has no more members at a time than places."
ONE_REQUIREMENT = "A kind of motion has one rule in an organization at a time."
ONE_VOTE = "Actions that share a vote are alike, on different resolutions, and one has the vote."
ONE_NUMBER = "Leading zeros distinguish two numbers only where they count."
VOTE_ELSEWHERE = "The votes are recorded with the action that has the vote."

LOCK = 20_261_128
"""The first number of our lock in PostgreSQL; the second is that of the organization."""


class Rule(NamedTuple):
    """What a row of a table may not be after it was added or changed, as SQL about NEW."""

    table: str
    name: str
    event: str
    fault: str
    message: str
    organization: str = "NEW.organization_id"


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


def _alike(one: str, other: str) -> str:
    """Return whether two actions can be of one vote."""
    same = ("kind", '"on"', "organization_id", "method", "outcome")
    alike = [f"{one}.{column} = {other}.{column}" for column in same]
    alike.append(f"COALESCE({one}.meeting_id, 0) = COALESCE({other}.meeting_id, 0)")
    return " AND ".join(alike)


def _shares_no_vote() -> str:
    """Return whether an action names another one whose vote it cannot share."""
    return (
        "NEW.shares_vote_with_id IS NOT NULL AND ("
        f"EXISTS (SELECT 1 FROM {BALLOTS} cast_here WHERE cast_here.action_id = NEW.id)"
        f" OR NOT EXISTS (SELECT 1 FROM {ACTIONS} vote WHERE vote.id = NEW.shares_vote_with_id"
        " AND vote.shares_vote_with_id IS NULL AND vote.resolution_id <> NEW.resolution_id"
        f" AND {_alike('vote', 'NEW')}))"
    )


def _leaves_those_that_share() -> str:
    """Return whether an action has others that share its vote, and is no longer like them."""
    return (
        f"EXISTS (SELECT 1 FROM {ACTIONS} other WHERE other.shares_vote_with_id = NEW.id"
        f" AND (NEW.shares_vote_with_id IS NOT NULL OR NOT ({_alike('other', 'NEW')})))"
    )


def _voted_elsewhere() -> str:
    return (
        f"EXISTS (SELECT 1 FROM {ACTIONS} sharing WHERE sharing.id = NEW.action_id"
        " AND sharing.shares_vote_with_id IS NOT NULL)"
    )


def _same_number(one: str, other: str) -> str:
    """Return whether two numbers differ by their leading zeros at most."""
    same = ("organization_id", "kind", "number_serial", "number_suffix")
    alike = [f"{one}.{column} = {other}.{column}" for column in same]
    years = f"{one}.number_year", f"{other}.number_year"
    alike.append("({0} = {1} OR ({0} IS NULL AND {1} IS NULL))".format(*years))
    alike.append(f"{one}.number_zeros <> {other}.number_zeros")
    return " AND ".join(alike)


def _differs_by_zeros() -> str:
    return (
        f"EXISTS (SELECT 1 FROM {RESOLUTIONS} other WHERE {_same_number('other', 'NEW')})"
        f" AND NOT EXISTS (SELECT 1 FROM {SCHEMES} scheme WHERE scheme.zeros_count"
        " AND scheme.organization_id = NEW.organization_id AND scheme.kind = NEW.kind)"
    )


def _rests_on_zeros() -> str:
    """Return whether zeros no longer count that two numbers on record rest on."""
    numbers = f"{RESOLUTIONS} one JOIN {RESOLUTIONS} other ON {_same_number('one', 'other')}"
    return (
        f"NOT NEW.zeros_count AND EXISTS (SELECT 1 FROM {numbers}"
        " WHERE one.organization_id = NEW.organization_id AND one.kind = NEW.kind)"
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
        yield Rule(ACTIONS, "sharing", event, _shares_no_vote(), ONE_VOTE)
        by = f"(SELECT organization_id FROM {ACTIONS} WHERE id = NEW.action_id)"
        yield Rule(BALLOTS, "elsewhere", event, _voted_elsewhere(), VOTE_ELSEWHERE, by)
        yield Rule(RESOLUTIONS, "zeros", event, _differs_by_zeros(), ONE_NUMBER)
    yield Rule(SCHEMES, "zeros", "UPDATE", _rests_on_zeros(), ONE_NUMBER)
    yield Rule(ACTIONS, "shared", "UPDATE", _leaves_those_that_share(), ONE_VOTE)
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


def names() -> set[str]:
    """Return what the triggers are called that a database in use has."""
    return {_name(rule) for rule in _rules()}


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
        PERFORM pg_advisory_xact_lock({LOCK}, ({rule.organization} % 2147483647)::int);
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
