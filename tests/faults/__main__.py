"""Faults in a site that runs: `python -m tests.faults`, or some of its files by name.

Each takes a minute or more, and some measure time: so they run one by one, and in no other suite.
docs/reliability.md has what came of them. With `--postgresql` those that need no site of their own
ask that database.
"""

import sys

from tests.__main__ import ROOT, run, scratch, start_postgresql

FAULTS = sorted(
    path.stem for path in (ROOT / "tests" / "faults").glob("*.py") if path.stem[0] != "_"
)


def main(arguments: list[str]) -> int:
    names = [argument for argument in arguments if argument != "--postgresql"]
    files = [f"tests/faults/{name}.py" for name in names or FAULTS]
    with scratch() as folder:
        url = start_postgresql(f"{folder}/pg") if "--postgresql" in arguments else ""
        return run("Faults", ["--numprocesses=0", "-s", "--show-capture=no", *files], database=url)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
