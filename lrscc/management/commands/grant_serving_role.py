from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lrscc.running import database_roles


class Command(BaseCommand):
    help = (
        "Gives a role of PostgreSQL the rights that serving the site needs, and no others: it can"
        " neither change nor delete what the log and the histories hold, nor alter tables. Run it"
        " as the owner of the tables, again after each upgrade."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="The name of a role that exists.")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        database_roles.grant(role, database_roles.serving)
        self.stdout.write(f"The role “{role}” can serve the site.")
