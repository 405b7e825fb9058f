"""The counts that all processes of a machine share: exact, apart, and of a fixed size."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings as site

from lrscc.running import counters
from lrscc.running.counters import Counters

ROOT = Path(site.BASE_DIR)
NOON = 1_795_780_800.0


def test_counts_of_threads_and_processes_are_exact(tmp_path):
    code = (
        "import sys; from lrscc.running.counters import Counters\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as threads:\n"
        "    count = lambda _: Counters(sys.argv[1], {}).incr('192.0.2.1')\n"
        "    list(threads.map(count, range(2000)))\n"
    )
    code = f"import time; time.time = lambda: {NOON}\n{code}"
    path = tmp_path / "counts"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "lrscc.settings"}
    command = [sys.executable, "-c", code, str(path)]
    with ThreadPoolExecutor(3) as processes:
        done = list(
            processes.map(
                lambda _: subprocess.run(command, cwd=ROOT, env=environment, check=True), range(3)
            )
        )

    assert len(done) == 3
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counters.time, "time", lambda: NOON)
        assert Counters(str(path), {}).incr("192.0.2.1") == 6001
    assert path.stat().st_mode & 0o777 == 0o600


def test_ten_thousand_names_push_out_no_count_and_take_no_room(tmp_path, monkeypatch):
    monkeypatch.setattr(counters.time, "time", lambda: NOON)
    counts = Counters(str(tmp_path / "counts"), {})
    for __ in range(5):
        counts.incr("192.0.2.1")

    for number in range(10_000):
        counts.incr(f"2001:db8:0:{number:x}::/64")

    assert counts.incr("192.0.2.1") >= 6
    assert (tmp_path / "counts").stat().st_size <= counters.PLACES * 8
    counts.clear()
    assert counts.incr("192.0.2.1") == 1
