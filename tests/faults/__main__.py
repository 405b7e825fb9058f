"""Faults in a site that runs: `python -m tests.faults`, or some of its files by name.

Each takes a minute or more, and some measure time: so they run one by one, and in no other suite.
docs/reliability.md has what came of them.
"""

import sys

from tests.__main__ import ROOT, run, scratch

FAULTS = sorted(
    path.stem for path in (ROOT / "tests" / "faults").glob("*.py") if path.stem[0] != "_"
)


def main(names: list[str]) -> int:
    files = [f"tests/faults/{name}.py" for name in names or FAULTS]
    with scratch():
        return run("Faults", ["--numprocesses=0", "-s", *files])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
