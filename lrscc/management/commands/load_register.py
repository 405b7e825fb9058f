from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cities.records import events
from lrscc.files.loading import RegisterError, load
from lrscc.running.preparing import NotReadyError, check_tables


class Command(BaseCommand):
    help = (
        "Loads register files: all of them or, if anything is refused, nothing."
        " Loading the same files again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="FILE", help="a .toml file, or a folder of them"
        )

    def handle(self, *, paths: list[Path], **options: Any) -> None:
        try:
            check_tables()
            report = load(paths, self._report)
        except NotReadyError as error:
            raise CommandError(str(error)) from None
        except RegisterError as error:
            count = len(error.refusals)
            raise CommandError(
                f"{error}\nNothing was loaded: {count} problem(s). Correct them and try again."
            ) from None
        counts = {"new": report.new.total(), "changed": report.changed.total()}
        events.by_command("register files loaded", **counts)
        self.stdout.write(
            f"Loaded: {report.new.total()} new, {report.changed.total()} changed,"
            f" {report.same.total()} the same."
        )

    def _report(self, table: str, number: int, total: int) -> None:
        self.stdout.write(f"  {table.replace('_', ' ')}: {number} of {total}")
