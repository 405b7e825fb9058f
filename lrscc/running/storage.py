"""Where uploaded files are kept."""

from contextlib import suppress
from typing import Any

from django.core.files.storage import FileSystemStorage

from lrscc.running.waiting import is_full


class Documents(FileSystemStorage):
    """A folder in which a full disk leaves no part of a file behind."""

    def _save(self, name: str, content: Any) -> str:
        try:
            return super()._save(name, content)  # type: ignore[misc]
        except OSError as error:
            if is_full(error):
                with suppress(OSError):
                    self.delete(name)
            raise
