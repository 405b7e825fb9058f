"""What the database itself does for the log: it numbers the entries, and it refuses to forget.

Nobody changes or deletes a row of the log or of a record's history. The triggers are made again
after every migration, since SQLite loses those of a table that a migration rebuilds. While
migrations run there are none.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.apps import apps
from django.db import connections

from cities.records.change_sets import SETTLED, ChangeSet, ProposedChange
from cities.records.log import LogEntry, Representation

_LOG = LogEntry._meta.db_table
_TEXTS = Representation._meta.db_table

NUMBERING_LOCK = 20_261_127
"""The number of our lock in PostgreSQL: one transaction at a time gives numbers, as it commits."""

REFUSAL = "The log and the history only grow. Add a correction, or withdraw the record."

_NUMBERING = {
    # One writer at a time: the order of writing is that of commits.
    "sqlite": f"""
    CREATE TRIGGER {_LOG}_number AFTER INSERT ON {_LOG} BEGIN
        UPDATE {_LOG} SET
            number = COALESCE((SELECT MAX(number) FROM {_LOG}), 0) + 1,
            moment = MAX(moment, COALESCE((SELECT moment FROM {_LOG} WHERE number =
                (SELECT MAX(number) FROM {_LOG})), moment))
        WHERE id = NEW.id;
    END
    """,
    # Put off to the commit. Whoever waits for the lock reads what the one before committed. It
    # has the rights of the owner: the role that serves the site may not update the log. The row is
    # found by its key alone: with “number IS NULL” beside it PostgreSQL, which believes that there
    # are few such rows, may go through all that a large load has added, for each of them.
    "postgresql": f"""
    CREATE OR REPLACE FUNCTION {_LOG}_number() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        newest record;
    BEGIN
        IF NEW.number IS NOT NULL THEN
            RETURN NULL;
        END IF;
        PERFORM pg_advisory_xact_lock({NUMBERING_LOCK});
        SELECT number, moment INTO newest FROM {_LOG}
            WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1;
        UPDATE {_LOG} SET
            number = COALESCE(newest.number, 0) + 1,
            moment = GREATEST(moment, newest.moment)
        WHERE id = NEW.id;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER {_LOG}_number AFTER INSERT ON {_LOG}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {_LOG}_number();
    """,
}

REFUSAL_OF_SETS = "A change set that is published or dropped never changes."

_REFUSING = f"""
CREATE OR REPLACE FUNCTION {_LOG}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$
"""


class Refusal(NamedTuple):
    """What may not be done to the rows of a table, and under which condition not."""

    table: str
    name: str
    event: str
    condition: str = ""
    sentence: str = REFUSAL


def _refusals() -> Iterator[Refusal]:
    kept = {str(field.column) for field in LogEntry._meta.concrete_fields} - {"number", "moment"}
    yield Refusal(_LOG, "deleted", "DELETE")
    yield Refusal(_LOG, "changed", f"UPDATE OF {', '.join(sorted(kept))}")
    yield Refusal(_LOG, "renumbered", "UPDATE OF number, moment", "OLD.number IS NOT NULL")
    yield Refusal(_TEXTS, "deleted", "DELETE")
    is_no_redaction = "NEW.text <> '' OR OLD.text = '' OR NEW.sha256 <> OLD.sha256"
    yield Refusal(_TEXTS, "changed", "UPDATE", is_no_redaction)
    for table in history_tables():
        yield Refusal(table, "deleted", "DELETE")
        yield Refusal(table, "changed", "UPDATE")


def _refusals_for_sets() -> Iterator[Refusal]:
    """Yield what may not be done to a change set that is settled, or to what it published."""
    is_settled = "OLD.state IN ('{}')".format("', '".join(SETTLED))
    for table, condition in (
        (ChangeSet._meta.db_table, is_settled),
        (ProposedChange._meta.db_table, "OLD.version IS NOT NULL"),
    ):
        yield Refusal(table, "deleted", "DELETE", condition, REFUSAL_OF_SETS)
        yield Refusal(table, "changed", "UPDATE", condition, REFUSAL_OF_SETS)


def history_tables() -> list[str]:
    """Return the tables that keep the versions of records and of their links."""
    return sorted(
        str(model._meta.db_table)
        for model in apps.get_models()
        if model._meta.pk and model._meta.pk.name in ("history_id", "m2m_history_id")
    )


def tables_kept_for_ever() -> list[str]:
    """Return the tables whose rows are never changed or deleted."""
    return sorted({refusal.table for refusal in _refusals()})


def number_entries(using: str) -> None:
    """Let the database number the entries of the log."""
    _execute(using, [_drop(using, _LOG, "number"), _NUMBERING[connections[using].vendor]])


def keep_for_ever(using: str) -> None:
    """Let the database refuse to change or delete what is in the log and in the history."""
    lift_refusals(using)
    if connections[using].vendor == "sqlite":
        _execute(using, map(_on_sqlite, (*_refusals(), *_refusals_for_sets())))
    else:
        refusals = map(_on_postgresql, (*_refusals(), *_refusals_for_sets()))
        _execute(using, [_REFUSING, *refusals])
        _execute(using, map(_no_truncation, tables_kept_for_ever()))


def names(using: str) -> set[str]:
    """Return what the triggers are called that a database in use has."""
    refusals = [*_refusals(), *_refusals_for_sets()]
    found = {f"{_LOG}_number", *(f"{refusal.table}_{refusal.name}" for refusal in refusals)}
    if connections[using].vendor == "postgresql":
        found |= {f"{table}_truncated" for table in tables_kept_for_ever()}
    return found


def lift_refusals(using: str) -> None:
    """Let rows be changed and deleted, while migrations run."""
    refusals = [*_refusals(), *_refusals_for_sets()]
    names = [(refusal.table, refusal.name) for refusal in refusals]
    names += [(table, "truncated") for table in {table for table, __ in names}]
    with connections[using].cursor() as cursor:
        there = set(connections[using].introspection.table_names(cursor))
    _execute(using, [_drop(using, *one) for one in names if one[0] in there])


def _on_sqlite(refusal: Refusal) -> str:
    when = f"WHEN {refusal.condition}" if refusal.condition else ""
    return (
        f"CREATE TRIGGER {refusal.table}_{refusal.name} BEFORE {refusal.event}"
        f" ON {refusal.table} {when} BEGIN SELECT RAISE(ABORT, '{refusal.sentence}'); END"
    )


def _on_postgresql(refusal: Refusal) -> str:
    when = f"WHEN ({refusal.condition})" if refusal.condition else ""
    return (
        f"CREATE TRIGGER {refusal.table}_{refusal.name} BEFORE {refusal.event}"
        f" ON {refusal.table} FOR EACH ROW {when}"
        f" EXECUTE FUNCTION {_LOG}_refuse('{refusal.sentence}')"
    )


def _no_truncation(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_truncated BEFORE TRUNCATE ON {table}"
        f" EXECUTE FUNCTION {_LOG}_refuse('{REFUSAL}')"
    )


def _drop(using: str, table: str, name: str) -> str:
    on_table = f" ON {table}" if connections[using].vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {table}_{name}{on_table}"


def _execute(using: str, statements: Iterable[str]) -> None:
    with connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
