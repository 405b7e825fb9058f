from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cities.records.derived import registered
from lrscc.answers import forget_all
from lrscc.running.deriving import make_again
from lrscc.running.preparing import NotReadyError, check_tables


class Command(BaseCommand):
    help = (
        "Makes again what the database derives from the records: statuses and the search index."
        " People can save meanwhile."
    )

    def handle(self, **options: Any) -> None:
        try:
            check_tables()
            self.stdout.write("Records whose derived rows were made again:")
            make_again(registered(), self.stdout.write)
        except NotReadyError as error:
            raise CommandError(str(error)) from None
        forget_all()
