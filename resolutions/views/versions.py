"""Which version of a text counts, and what corrections changed."""

from itertools import pairwise
from typing import Any

from resolutions.text_comparison import Change, Compared, compare

CORRECTED = "corrected"


def in_force(versions: list) -> Any:
    """The last correction or the adopted text, else the newest; none where there is none."""
    final = [version for version in versions if version.kind in ("adopted", CORRECTED)]
    return (final or versions or [None])[-1]


def corrections(versions: list) -> list[tuple[Any, list[Compared]]]:
    """Each correction with the clauses it changed; the others would only hide them."""
    return [
        (new, [it for it in compare(old.text, new.text) if it.change != Change.SAME])
        for old, new in pairwise(versions)
        if new.kind == CORRECTED
    ]
