"""An older database, and what any is made of: `python -m tests.upgrading older`, or `describe`.

In a process of its own, since migrations work on the database that the site is set to.
"""

import re
import sys
from collections.abc import Iterator

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

django.setup()

from cities.models import Source  # noqa: E402 - needs the apps

OLDER = [
    ("cities", "0012_names_of_constraints"),
    ("exchanges", "0006_names_of_constraints"),
    ("lrscc", "0008_rights_on_register"),
    ("resolutions", "0006_names_of_constraints"),
]
"""Before the log: of one app all that the first migration replaces, of the others a part."""

KEPT = "An older record"

MADE_UP = re.compile(r'"?\b\w+_([0-9a-f]{8}(_uniq|_like|_fk\w*)?|pkey|key|check)\b"?')
"""The name of an index or a rule that nobody named: a renamed table keeps the older one."""

CATALOG = """
    SELECT 'column', table_name, concat_ws(' ', column_name, data_type, is_nullable,
        column_default, character_maximum_length, generation_expression)
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION SELECT 'rule', conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    UNION SELECT 'index', tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION SELECT 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
"""
"""What PostgreSQL says of its tables, in any order of columns."""

RIGHTS = """
    SELECT g.name, t.app_label, p.codename FROM auth_group_permissions
    JOIN auth_group g ON g.id = group_id JOIN auth_permission p ON p.id = permission_id
    JOIN django_content_type t ON t.id = p.content_type_id
"""


def make_older() -> None:
    """Make a database as an older version of the site left it, with a record and a choice."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    executor.loader.replacements.clear()  # the older version knew of none
    before = [key for key in executor.loader.graph.leaf_nodes() if key[0] not in dict(OLDER)]
    executor.migrate([*before, *OLDER])
    state = executor.loader.project_state(OLDER).apps
    state.get_model("cities", "Source").objects.create(
        title=KEPT, slug="older", kind="letter", reliability="press", publication="published"
    )
    [right] = state.get_model("auth", "Permission").objects.filter(codename="add_city")
    right.group_set.clear()
    with connection.cursor() as cursor:
        for view in ("cities_standing_period", "resolutions_course_period"):
            cursor.execute(f"CREATE VIEW {view} AS SELECT title FROM cities_source")


def describe() -> Iterator[str]:
    """Say of what the database is made, in lines to compare."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT type, tbl_name, sql FROM sqlite_master WHERE sql <> ''")
            for kind, table, sql in cursor.fetchall():
                for part in _parts(sql) if kind == "table" else [sql]:
                    yield f"{kind} {table}: {MADE_UP.sub('(made up)', part)}"
        else:
            cursor.execute(CATALOG)
            yield from (MADE_UP.sub("(made up)", " ".join(row)) for row in cursor.fetchall())
        cursor.execute(RIGHTS)
        yield from (f"right: {' '.join(row)}" for row in cursor.fetchall())
    yield from (f"source: {source}" for source in Source.objects.all())


def _parts(sql: str) -> list[str]:
    """Cut a statement that makes a table at the commas of its outermost brackets."""
    depth, parts = 0, [""]
    for character in re.sub(r"\s+", " ", sql):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 1:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in [*parts[0].split("(", 1), *parts[1:-1], parts[-1][:-1]]]


if __name__ == "__main__":
    if sys.argv[1:] == ["older"]:
        make_older()
    else:
        sys.stdout.write("\n".join(sorted(describe())))
