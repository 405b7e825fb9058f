"""The current version of a text, and what corrections changed."""

from itertools import pairwise
from typing import Any

from resolutions.text_comparison import Change, Compared, compare

CORRECTED = "corrected"


def in_force(versions: list) -> Any:
    """Return the last correction or the adopted text, else the newest, if there is one."""
    final = [version for version in versions if version.kind in ("adopted", CORRECTED)]
    return (final or versions or [None])[-1]


def corrections(versions: list) -> list[tuple[Any, list[Compared]]]:
    """Return each correction with the clauses that it changed, and no others."""
    return [
        (new, [clause for clause in compare(old.text, new.text) if clause.change != Change.SAME])
        for old, new in pairwise(versions)
        if new.kind == CORRECTED
    ]
