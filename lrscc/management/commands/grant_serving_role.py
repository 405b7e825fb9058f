from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from lrscc.changes.triggers import tables_kept_for_ever


class Command(BaseCommand):
    help = (
        "Gives a role of PostgreSQL the rights that serving the site needs, and no others: it can"
        " neither change nor delete what the log and the histories hold, nor alter tables. Run it"
        " as the owner of the tables, again after each upgrade."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="The name of a role that exists.")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles. Nothing was done.")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                raise CommandError(
                    f"There is no role “{role}”. Create it first: CREATE ROLE … LOGIN."
                )
            for statement in self._statements(connection.ops.quote_name(role)):
                cursor.execute(statement)
        self.stdout.write(f"The role “{role}” can serve the site.")

    def _statements(self, role: str) -> list[str]:
        kept = ", ".join(tables_kept_for_ever())
        with connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(current_schema())")
            schema = cursor.fetchone()[0]
        return [
            f"GRANT USAGE ON SCHEMA {schema} TO {role}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {kept} FROM {role}",
            f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {role}",
        ]
