from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cities.records import events
from lrscc.backups.archive import BackupError
from lrscc.backups.restoring import restore
from lrscc.running.preparing import NotReadyError, check_folder


class Command(BaseCommand):
    help = (
        "Puts a backup into an empty installation: all of it or, if anything is wrong, nothing."
        " It may be on another database than the one that was backed up."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what `manage.py backup` wrote")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            check_folder()
            restore(file, self.stdout.write)
        except (BackupError, NotReadyError) as error:
            raise CommandError(str(error)) from None
        events.by_command("backup restored", file=str(file))
        self.stdout.write("Restored.")
