from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lrscc.running.preparing import NotReadyError, check_tables
from lrscc.search.index import rebuild
from lrscc.search.views import kind_label


class Command(BaseCommand):
    help = "Makes the search index again from the published records, all or nothing."

    def handle(self, **options: Any) -> None:
        try:
            check_tables()
        except NotReadyError as error:
            raise CommandError(str(error)) from None
        total = rebuild(self._tell)
        self.stdout.write(f"Indexed: {total} records.")

    def _tell(self, kind: str, count: int) -> None:
        self.stdout.write(f"  {kind_label(kind)}: {count}")
