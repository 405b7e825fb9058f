from typing import Any

from django.core.management.base import BaseCommand

from cities.records.scheduling import release_due


class Command(BaseCommand):
    help = (
        "Publishes the change sets whose time has come. `serve` does so twice a minute by itself;"
        " a timer calls this where the site runs in another way."
    )

    def handle(self, **options: Any) -> None:
        released, sent_back = release_due()
        for change_set in released:
            self.stdout.write(f"Published: {change_set}")
        for change_set in sent_back:
            self.stdout.write(f"Sent back, see why on its page: {change_set}")
