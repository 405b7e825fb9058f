"""Programs that no Python package brings: where one is missing, tests are skipped and say so."""

import os

import pytest


def needs(found: object, name: str, what_to_do: str) -> None:
    """Skip the test unless the program is found; fail it where REQUIRE_TOOLS is set."""
    if found:
        return
    words = f"NOT TESTED: there is no {name} here. {what_to_do}"
    if os.environ.get("REQUIRE_TOOLS"):
        pytest.fail(words)
    pytest.skip(words)
