"""The tests on the next Django: `python -m tests.next_django`, and what follows goes to pytest.

It needs Python 3.12 or newer, which uv looks for, and installs nothing into our environment.
"""

import subprocess
import sys
from pathlib import Path

from tests.__main__ import ON_EVERY_CORE, ROOT, scratch

NEXT = "django~=6.1.0"
TOUCHY = [
    "tests/admin/test_forms.py",
    "tests/admin/test_history.py",
    "tests/admin/test_lists.py",
    "tests/test_log.py",
]
"""What depends most on Django's own ways: all that CI has the time for."""


def newer_python() -> str:
    """Return the path of a Python new enough, or nothing."""
    find = ["uv", "python", "find", "--no-project", ">=3.12"]
    return subprocess.run(find, capture_output=True, text=True, check=False).stdout.strip()


def run(options: list[str]) -> int:
    """Run pytest with these options on the next Django; return its status."""
    python = newer_python()
    if not python:
        sys.stdout.write("NOT RUN: no Python 3.12 or newer here, so nothing was tried.\n")
        return 0
    export = ["uv", "export", "--quiet", "--frozen", "--no-hashes", "--no-emit-project"]
    locked = subprocess.run(export, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    others = [line for line in locked.splitlines() if not line.startswith("django==")]
    with scratch() as folder:
        requirements = Path(folder) / "requirements.txt"
        requirements.write_text("\n".join(others))
        command = ["uv", "run", "--isolated", "--no-project", "--python", python, "--with", NEXT]
        command += ["--with-requirements", str(requirements)]
        command += ["python", "-m", "pytest", "-q", "--tb=line", *ON_EVERY_CORE, *options]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:] or TOUCHY))
