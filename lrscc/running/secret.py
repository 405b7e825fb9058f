"""The secret key of an installation without one in its settings."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def kept_secret(folder: Path) -> str:
    """Return the key in the data folder, made on first use, readable by its owner alone.

    If the folder cannot be written, the key lasts as long as the process; `serve` refuses such
    a folder by name.
    """
    path = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(get_random_secret_key())
    except OSError:
        pass  # it is there already, or the folder cannot be written
    try:
        return path.read_text()
    except OSError:
        return get_random_secret_key()
