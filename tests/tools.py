"""What tests need of the world around: programs that no Python package brings, and no limits.

Where a program is missing, tests are skipped and say so.
"""

import os

import pytest

UNLIMITED = dict.fromkeys(("LIMIT_PAGES", "LIMIT_SEARCH", "LIMIT_API"), "none")
"""What a site is started with that tests ask as fast as they can, all from one address."""


def needs(found: object, name: str, what_to_do: str) -> None:
    """Skip the test unless the program is found; fail it where REQUIRE_TOOLS is set."""
    if found:
        return
    words = f"NOT TESTED: there is no {name} here. {what_to_do}"
    if os.environ.get("REQUIRE_TOOLS"):
        pytest.fail(words)
    pytest.skip(words)
