"""What the roles of PostgreSQL may do: one serves the site, one makes backups.

A third owns the tables and migrates them. Rights are given again after each upgrade: a new table
has none.
"""

from collections.abc import Callable

from django.core.management.base import CommandError
from django.db import connection, transaction

from lrscc.changes.triggers import tables_kept_for_ever


def serving(role: str, schema: str) -> list[str]:
    """Return what serving needs: no table is changed, and no row of the log and the histories."""
    kept = ", ".join(tables_kept_for_ever())
    return [
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {kept} FROM {role}",
        f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {role}",
    ]


def backing_up(role: str, schema: str) -> list[str]:
    """Return what a backup needs: to read."""
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role}",
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}",
        f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    ]


def grant(role: str, rights: Callable[[str, str], list[str]]) -> None:
    """Give a role its rights, and take from everybody else what nobody needs.

    Raise `CommandError` if there are no roles, or not this one.
    """
    if connection.vendor != "postgresql":
        raise CommandError("Only PostgreSQL has roles. Nothing was done.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            raise CommandError(f"There is no role “{role}”. Create it first: CREATE ROLE … LOGIN.")
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
        # Before PostgreSQL 15 everybody may make tables, and functions that others then call.
        cursor.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC")
        for statement in rights(connection.ops.quote_name(role), schema):
            cursor.execute(statement)
