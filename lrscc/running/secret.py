"""The secret key of an installation without one in its settings."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from django.core.management.utils import get_random_secret_key


def kept_secret(folder: Path) -> str:
    """Return the key in the data folder, made on first use, readable by its owner alone.

    If the folder cannot be written, the key lasts as long as the process; `serve` refuses such
    a folder by name.
    """
    path = folder / "secret_key"
    try:
        if path.exists() and not path.stat().st_size:
            path.unlink()  # an earlier version was stopped between making and writing it
        return path.read_text() if path.exists() else _made(path)
    except OSError:
        return get_random_secret_key()


def _made(path: Path) -> str:
    """Make the key. It gets its name once it is complete; of two who make one, the first wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, unfinished = mkstemp(prefix=".secret_key-", dir=path.parent)
    try:
        with os.fdopen(number, "w") as file:
            file.write(get_random_secret_key())
        with suppress(FileExistsError):
            os.link(unfinished, path)
    finally:
        os.unlink(unfinished)
    return path.read_text()
