"""What takes minutes more and seldom finds anything: `python -m tests.long`, before a release.

Random examples by the thousand, new ones each time; every page that links lead to, not one of
each kind; the whole suite on the next Django; questions of every sort to the API.
"""

import subprocess
import sys

from tests import next_django
from tests.__main__ import BROWSER, run, scratch, without

MANY_EXAMPLES = ["-p", "tests.long.examples", "--hypothesis-profile=long", "-m", "hypothesis"]


def ask_the_api() -> int:
    command = ["uv", "run", "--group", "fuzz", "python", "-m", "tests.long.api"]
    return subprocess.run(command, check=False).returncode


def main() -> int:
    with scratch():
        failures = [
            run("Random examples by the thousand", [*MANY_EXAMPLES, *without(BROWSER)]),
            run("Every page", ["tests/long/every_page.py"]),
            next_django.run(without(BROWSER)),
            ask_the_api(),
        ]
    return int(any(failures))


if __name__ == "__main__":
    sys.exit(main())
