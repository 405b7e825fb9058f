from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cities.records.derived import registered
from lrscc.running.preparing import NotReadyError, check_tables


class Command(BaseCommand):
    help = (
        "Compares what the database derives from the records with what the rules say now, and"
        " names the first difference of each kind."
    )

    def handle(self, **options: Any) -> None:
        try:
            check_tables()
        except NotReadyError as error:
            raise CommandError(str(error)) from None
        differ = 0
        for derivation in registered():
            difference = next(derivation.differences(), None)
            differ += difference is not None
            self.stdout.write(f"  {derivation.name}: {difference or 'as it should be.'}")
        if differ:
            raise CommandError("Something differs. `manage.py rebuild` makes it right.")
