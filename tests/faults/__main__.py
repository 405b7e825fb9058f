"""Faults in a site that runs: `python -m tests.faults`, or some of its files by name.

Each takes a minute or more, and some measure time: so they run one by one, and in no other suite.
docs/reliability.md has what came of them. With `--postgresql` those that need no site of their own
ask that database. `--quick` leaves out all but what takes seconds; it is a step of `.ci/run`.
"""

import sys

from tests.__main__ import ROOT, run, scratch, start_postgresql

FAULTS = sorted(
    path.stem for path in (ROOT / "tests" / "faults").glob("*.py") if path.stem[0] != "_"
)
QUICK = ["disk", "slow_clients::test_reload_of_the_server_is_noticed_by_nobody"]


def path_of(name: str) -> str:
    """The file of a fault, or one of its tests: `slow_clients::test_…`."""
    stem, sign, test = name.partition("::")
    return f"tests/faults/{stem}.py{sign}{test}"


def main(arguments: list[str]) -> int:
    names = [argument for argument in arguments if not argument.startswith("--")]
    usual = QUICK if "--quick" in arguments else FAULTS
    files = [path_of(name) for name in names or usual]
    with scratch() as folder:
        url = start_postgresql(f"{folder}/pg") if "--postgresql" in arguments else ""
        return run("Faults", ["--numprocesses=0", "-s", "--show-capture=no", *files], database=url)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
