"""What the system says of running processes, read from `/proc` (Linux)."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

GONE = (FileNotFoundError, ProcessLookupError)
"""How a process is read that has ended meanwhile."""

_TICKS = os.sysconf("SC_CLK_TCK")


def family(root: int) -> list[int]:
    """Return a process and all below it."""
    children: dict[int, list[int]] = {}
    for number in (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()):
        with suppress(*GONE):
            children.setdefault(int(_stat(number)[1]), []).append(number)
    found = [root]
    for number in found:
        found += children.get(number, [])
    return found


def _stat(number: int) -> list[str]:
    """Return the fields of `/proc/…/stat` behind the name of the program."""
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()


def cpu_ms(processes: Iterable[int]) -> float:
    """Return the CPU time of processes and of their children that have ended.

    That of threads which run is exact to the nanosecond, that of children to ten milliseconds.
    """
    total = 0.0
    for number in processes:
        with suppress(*GONE):
            total += sum(_nanoseconds(number)) / 1e6
            waited = _stat(number)[13:15]
            total += sum(map(int, waited)) * 1000 / _TICKS
    return total


def _nanoseconds(number: int) -> Iterator[int]:
    for thread in Path(f"/proc/{number}/task").iterdir():
        with suppress(*GONE):
            yield int((thread / "schedstat").read_text().split()[0])


def memory_mb(processes: Iterable[int]) -> float:
    """Return the memory of processes together; what several share counts once (PSS)."""
    total = 0
    for number in processes:
        with suppress(*GONE):
            for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024
