"""`manage.py write_rules`: every rule with an identity, into one page of the documentation."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cities.models.entry_rules import RULES as ENTRY_RULES
from cities.records.rules import Rule
from exchanges.models.rules import RULES as EXCHANGE_RULES
from resolutions.models.action_rules import RULES as ACTION_RULES

PAGE = Path(settings.BASE_DIR) / "docs" / "rules.md"

INTRODUCTION = """\
# Rules

Rules that a record obeys, whether a person, a register file or a program writes it, and where
each one comes from. An error that staff read carries the code of its rule. What the database can
check in one row is a constraint of its model, and is not listed here.

`manage.py write_rules` writes this page from the code.
"""

GROUPS: dict[str, tuple[Rule, ...]] = {
    "History entries": ENTRY_RULES,
    "Votes and other actions on resolutions": ACTION_RULES,
    "Exchanges": EXCHANGE_RULES,
}


def rules_page() -> str:
    """Return the page in Markdown."""
    parts = [INTRODUCTION]
    for heading, rules in GROUPS.items():
        parts.append(f"## {heading}\n\n" + "\n".join(_table(rules)) + "\n")
    return "\n".join(parts)


def _table(rules: Iterable[Rule]) -> Iterable[str]:
    yield "| Code | Rule | Where it comes from |"
    yield "| --- | --- | --- |"
    for rule in sorted(rules, key=lambda rule: (rule.code[0], int(rule.code[1:]))):
        yield f"| {rule.code} | {rule.sentence} | {rule.origin} |"


class Command(BaseCommand):
    help = "Write docs/rules.md from the rules in the code."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(rules_page(), encoding="utf-8")
        self.stdout.write(f"Wrote {PAGE.name}.")
