from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cities.records import events
from lrscc.files.writing import dump
from lrscc.running.preparing import NotReadyError, check_tables


class Command(BaseCommand):
    help = "Writes the whole register as files that load_register reads back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where the files go; made if missing")

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            check_tables()
            written = 0
            for name, count in dump(folder):
                self.stdout.write(f"  {folder / name}: {count} record(s)")
                written += count
            events.by_command("register dumped", folder=str(folder), records=written)
        except NotReadyError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{folder} cannot be written ({error.strerror}).") from None
