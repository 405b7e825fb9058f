from typing import Any

from django.core.management.base import BaseCommand

from cities.records.scheduling import release_due
from lrscc.accounts.unsent import send_again


class Command(BaseCommand):
    help = (
        "Publishes the change sets whose time has come, and sends the mails that the mail server"
        " did not take before. `serve` does so twice a minute by itself; a timer calls this where"
        " the site runs in another way."
    )

    def handle(self, **options: Any) -> None:
        released, sent_back = release_due()
        for change_set in released:
            self.stdout.write(f"Published: {change_set}")
        for change_set in sent_back:
            self.stdout.write(f"Sent back, see why on its page: {change_set}")
        if sent := send_again():
            self.stdout.write(f"Mails sent late: {sent}")
