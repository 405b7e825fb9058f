"""Counts that all processes of one machine share, in one file of a fixed size."""

import os
import struct
import time
from fcntl import LOCK_EX, LOCK_UN, lockf
from pathlib import Path
from threading import Lock
from typing import Any
from zlib import crc32

from django.core.cache.backends.base import BaseCache

PLACES = 2**16
"""Names with the same place are counted together: of a thousand, one in sixty shares its place."""

_COUNT = struct.Struct("=II")  # the minute, and how many there were in it


_threads = Lock()  # the locks of a file are between processes alone
_open: dict[str, int] = {}
"""The files that this process has open: its threads have a cache each, and share them."""


class Counters(BaseCache):
    """A cache that only counts, exactly, and begins at zero with each minute.

    Django's cache in files reads and then writes, and throws counts away once there are many.
    Here nobody pushes out the count of somebody else, and one more takes some microseconds.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._path = str(location)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        place = crc32(self.make_key(key, version).encode()) % PLACES * _COUNT.size
        minute = int(time.time() // 60)
        with _threads:
            file = _open.get(self._path) or self._opened()
            lockf(file, LOCK_EX, _COUNT.size, place)
            try:
                kept = os.pread(file, _COUNT.size, place).ljust(_COUNT.size, b"\0")
                of_minute, number = _COUNT.unpack(kept)
                number = min(number if of_minute == minute else 0, 2**31) + delta
                os.pwrite(file, _COUNT.pack(minute, number), place)
            finally:
                lockf(file, LOCK_UN, _COUNT.size, place)
        return number

    def _opened(self) -> int:
        Path(self._path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _open[self._path] = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        return _open[self._path]

    def clear(self) -> None:
        """Begin at zero. The file stays, since other processes have it open."""
        with _threads:
            os.ftruncate(_open.get(self._path) or self._opened(), 0)
