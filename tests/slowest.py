"""A plugin of pytest that prints the slowest files of a run: `pytest -p tests.slowest`."""

from collections import Counter

import pytest

FILES = 20


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.section(f"slowest {FILES} files")
    for path, total in seconds.most_common(FILES):
        terminalreporter.write_line(f"{total:7.1f} s  {path}")
