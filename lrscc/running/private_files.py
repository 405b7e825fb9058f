"""Files that are written once, whole, and read by their owner alone."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp


def write_once(path: Path, text: str) -> bool:
    """Write a file that is not there. It gets its name once it is complete.

    Return whether it was written: of two who write it, the first wins.
    """
    number, unfinished = mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
        with suppress(FileExistsError):
            os.link(unfinished, path)
            return True
        return False
    finally:
        os.unlink(unfinished)
