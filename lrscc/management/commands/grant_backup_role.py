from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lrscc.running import database_roles


class Command(BaseCommand):
    help = (
        "Gives a role of PostgreSQL the right to read every table, and no other: a backup needs no"
        " more. Run it as the owner of the tables, again after each upgrade."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="The name of a role that exists.")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        database_roles.grant(role, database_roles.backing_up)
        self.stdout.write(f"The role “{role}” can make backups.")
