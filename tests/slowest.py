"""A plugin of pytest that begins with the slowest files, and prints which were slowest.

`pytest -p tests.slowest --no-loadscope-reorder`: else the files with most tests come first.
"""

from collections import Counter

import pytest

FILES = 20
SLOWEST = [
    "tests/test_serve.py",
    "tests/cities/test_dates.py",  # it needs no database, which the other process makes meanwhile
    "tests/test_backups.py",  # on PostgreSQL the longest by far of those that are measured there
    "tests/browser/test_pages.py",
    "tests/browser/test_admin.py",
    "tests/test_search.py",
    "tests/admin/test_lists.py",
    "tests/test_files.py",
    "tests/admin/test_desk.py",
    "tests/admin/test_permissions.py",
    "tests/admin/test_matrix.py",
    "tests/test_upgrade.py",
    "tests/test_project.py",
    "tests/test_data_walks.py",
    "tests/admin/test_whole_meeting.py",
    "tests/test_pages.py",
    "tests/exchanges/test_admin.py",
    "tests/test_drafts.py",
    "tests/test_every_door.py",
    "tests/resolutions/test_actions.py",
    "tests/cities/test_api.py",
]
"""The files to begin with: one that comes last would keep one core busy and the others idle."""


def path_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {path: number for number, path in enumerate(SLOWEST)}
    items.sort(key=lambda item: place.get(path_of(item.nodeid), len(place)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[path_of(report.nodeid)] += report.duration
    terminalreporter.section(f"slowest {FILES} files")
    for path, total in seconds.most_common(FILES):
        terminalreporter.write_line(f"{total:7.1f} s  {path}")
