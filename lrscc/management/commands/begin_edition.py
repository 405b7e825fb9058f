from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lrscc.changes.editions import begin


class Command(BaseCommand):
    help = (
        "Begins a new edition of the log, so that everyone who keeps a copy starts afresh. Do it"
        " after a database was restored from a backup."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--because", required=True, help="The reason, for your own records.")

    def handle(self, *args: Any, **options: Any) -> None:
        edition = begin(options["because"])
        self.stdout.write(f"Edition {edition.name} begins after entry {edition.follows}.")
