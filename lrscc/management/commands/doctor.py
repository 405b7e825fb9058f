from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lrscc.running.doctor import examined


class Command(BaseCommand):
    help = "Looks at the installation, and says what should be mended and how. Changes nothing."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        faults = 0
        for check in examined():
            faults += bool(check.fault)
            self.stdout.write(f"  {check.name}: {check.fault or 'fine'}")
        if faults:
            raise CommandError(f"{faults} thing(s) to mend.")
        self.stdout.write("Nothing to mend.")
