"""The secret key of an installation without one in its settings."""

from pathlib import Path

from django.core.management.utils import get_random_secret_key

from lrscc.running.private_files import write_once


def kept_secret(folder: Path) -> str:
    """Return the key in the data folder, made on first use, readable by its owner alone.

    If the folder cannot be written, the key lasts as long as the process; `serve` refuses such
    a folder by name.
    """
    path = folder / "secret_key"
    try:
        if path.exists() and not path.stat().st_size:
            path.unlink()  # an earlier version was stopped between making and writing it
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_once(path, get_random_secret_key())
        return path.read_text()
    except OSError:
        return get_random_secret_key()
