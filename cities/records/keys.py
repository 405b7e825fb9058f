"""Keys of rows, as addresses and forms name them."""

DIGITS = 18
"""Of the longest key that every database can look for."""


def key_in(text: str) -> int | None:
    """Return the key that a text is; None for anything else."""
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None
