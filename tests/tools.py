"""What tests ask of the machine: programs that no Python package brings, and the time it takes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from coverage import Coverage


def needs(found: object, name: str, what_to_do: str) -> None:
    """Skip the test unless the program is found; fail it where REQUIRE_TOOLS is set."""
    if found:
        return
    words = f"NOT TESTED: there is no {name} here. {what_to_do}"
    if os.environ.get("REQUIRE_TOOLS"):
        pytest.fail(words)
    pytest.skip(words)


@contextmanager
def unmeasured() -> Iterator[None]:
    """Run without noting each line: for tests that only look at what others measure."""
    measuring = Coverage.current()
    if measuring:
        measuring.stop()
    yield
    if measuring:
        measuring.start()
