from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cities.records import events
from lrscc.changes.redaction import NotRedactableError, redact


class Command(BaseCommand):
    help = (
        "Empties for good what the log keeps of one earlier version of a record. Its hash stays,"
        " and the reason is public."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sha256", help="The hash of the version, as the log gives it.")
        parser.add_argument("--because", required=True, help="The reason. The public can read it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = redact(options["sha256"], options["because"])
        except NotRedactableError as error:
            raise CommandError(str(error)) from None
        events.by_command("version redacted", sha256=options["sha256"], entries=count)
        self.stdout.write(f"Redacted. It stood in {count} entries of the log.")
