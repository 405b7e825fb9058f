"""`manage.py write_settings`: every variable of the environment, into the documentation."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from lrscc.running.environment import VARIABLES, Variable

PAGE = Path(settings.BASE_DIR) / "docs" / "operations.md"
TABLE = re.compile(r"(?<=<!-- written by `manage.py write_settings` -->\n).*?(?=\n\n)", re.DOTALL)


def with_settings(page: str) -> str:
    """Return the page in Markdown with the table of today."""
    rows = ["| variable | default | meaning |", "|---|---|---|", *map(_row, VARIABLES)]
    return TABLE.sub(lambda _: "\n".join(rows), page)


def _row(variable: Variable) -> str:
    written = f"`{variable.default}`" if variable.default else "none"
    return f"| `{variable.name}` | {variable.shown or written} | {variable.meaning} |"


class Command(BaseCommand):
    help = "Write the table of settings in docs/operations.md from the code."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(with_settings(PAGE.read_text("utf-8")), encoding="utf-8")
        self.stdout.write(f"Wrote {PAGE.name}.")
