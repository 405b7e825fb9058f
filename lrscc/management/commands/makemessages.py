"""`manage.py makemessages`: every sentence of the site, into one catalog."""

from pathlib import Path
from typing import Any

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django’s command, set up so that the same sentences always give the same file."""

    help = "Write lrscc/locale/django.pot again, and bring every translation up to date with it."

    # Where a module says something at once and something later, it has `_now` beside `_`.
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_now"]

    def handle(self, *args: Any, **options: Any) -> Any:
        fixed = {
            "keep_pot": True,
            "no_wrap": True,
            "no_obsolete": True,
            "add_location": "file",
            "all": options["all"] or not options["locale"],
            "ignore_patterns": [*options["ignore_patterns"], "tests/*", "var/*", "docs/*"],
        }
        return super().handle(*args, **options | fixed)

    def build_potfiles(self) -> list[str]:
        """Write the catalog without the time it was made, which would differ each time."""
        paths = super().build_potfiles()
        for path in map(Path, paths):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            kept = (line for line in lines if not line.startswith('"POT-Creation-Date:'))
            path.write_text("".join(kept), encoding="utf-8")
        return paths
