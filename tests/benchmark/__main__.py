"""The benchmark: `python -m tests.benchmark`; docs/performance.md says what it measures."""

import argparse
import json
import platform
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import rest_framework

from tests.benchmark import databases, loading, measuring, report, servers
from tests.benchmark.databases import POSTGRESQL, SQLITE, Database, PostgreSQL
from tests.benchmark.facts import Size
from tests.benchmark.measuring import BARE, FIRST, KEPT, TWIN
from tests.benchmark.work import works

NO_KEPT_ANSWERS = {"ANSWERS_KEPT": "false"}
"""The settings of our site with which every answer is a first one."""

TWIN_SITE, BARE_SITE = "tests.benchmark.twin.wsgi", "tests.benchmark.bare"

NEW = "_load"
"""How the name of a database ends that is filled by `load_register` and then dropped."""

DERIVING = "from tests.benchmark.ours import deriving_command as command; print(command())"


def say(text: str) -> None:
    """Print progress, apart from the report."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.benchmark", description=__doc__)
    add = parser.add_argument
    add("--records", type=int, nargs="+", default=[100], help="resolutions; several for growth")
    add("--cities", type=int, default=11, help="cities that the resolutions are about")
    add("--database", choices=[SQLITE, POSTGRESQL, "both"], default="both")
    add("--folder", type=Path, help="where the databases are kept; a temporary one if not given")
    add("--rounds", type=int, default=10, help="turns of every server for every kind of work")
    add("--only", default="", metavar="WORDS", help="the kinds of work with these words in them")
    add("--gzip", action="store_true", help="ask as a browser does, for compressed answers")
    add("--load", type=int, default=1000, help="resolutions for `load_register`; 0 for none")
    add("--first", action="append", default=[], metavar="NAME=VALUE", help="a setting of our"
        " site for first answers, more than ANSWERS_KEPT=false")  # fmt: skip
    add("--json", type=Path, metavar="FILE", help="write all figures to a file")
    return parser.parse_args(arguments)


class Benchmark:
    """One run: every size on every database, one after the other."""

    def __init__(self, chosen: argparse.Namespace, folder: Path) -> None:
        self.chosen, self.folder = chosen, folder
        wants_postgresql = chosen.database in (POSTGRESQL, "both")
        self.postgresql = PostgreSQL(folder) if wants_postgresql else None
        self.first = NO_KEPT_ANSWERS | dict(pair.split("=", 1) for pair in chosen.first)

    def run(self) -> Iterator[dict[str, Any]]:
        """Yield the figures of each size on each database."""
        for records in self.chosen.records:
            size = Size(records, self.chosen.cities)
            for database in self.databases(size):
                yield self.measure(database, size)

    def databases(self, size: Size, name: str = "") -> list[Database]:
        found = []
        if self.chosen.database in (SQLITE, "both"):
            found.append(databases.sqlite(self.folder, size, name))
        if self.postgresql:
            found.append(self.postgresql.database(size, name))
        return found

    def measure(self, database: Database, size: Size) -> dict[str, Any]:
        say(f"{database.system}, {size.records} resolutions, {size.cities} cities")
        database.prepare(size)
        say("  the databases are ready")
        result = {"database": database.system, "records": size.records, "cities": size.cities}
        result |= self.measure_servers(database, size)
        if self.chosen.load:
            result |= self.measure_commands(database)
        return result

    def measure_servers(self, database: Database, size: Size) -> dict[str, Any]:
        up = {
            KEPT: servers.our_site(KEPT, database.ours, database.pid),
            FIRST: servers.our_site(FIRST, database.ours | self.first, database.pid),
            TWIN: servers.with_gunicorn(TWIN, TWIN_SITE, database.twin, database.pid),
            BARE: servers.with_gunicorn(BARE, BARE_SITE, {}),
        }
        ours = database.sign_in(database.ours)
        cookies = {KEPT: ours, FIRST: ours, TWIN: database.sign_in(database.twin)}
        headers = {"Accept-Encoding": "gzip"} if self.chosen.gzip else {}
        with ExitStack() as stack:
            for server in up.values():
                stack.callback(server.stop)
                server.start()  # the files of each are read from the disk once
            for server in up.values():
                server.stop()
            starts = {name: server.start() for name, server in up.items()}
            chosen = [work for work in works(size) if self.chosen.only in work.name]
            comparison = measuring.Comparison(up, cookies, headers)
            measured = comparison.measure(chosen, self.chosen.rounds, say)
            memory = {name: server.memory_mb() for name, server in up.items()}
        return asdict(measured) | {"memory_mb": memory, "start_seconds": starts}

    def measure_commands(self, database: Database) -> dict[str, Any]:
        """Measure what is done by commands: loading into a new database, and the rest."""
        size = Size(self.chosen.load)
        self.drop_new(size)
        new = next(one for one in self.databases(size, NEW) if one.system == database.system)
        try:
            loaded = loading.load(new, self.chosen.load)
        finally:
            self.drop_new(size)
        say("  loaded")
        command = databases.shell(database.ours, DERIVING).strip()
        return {
            "load": loaded,
            "dump": loading.dump(database),
            "rebuild": loading.rebuild(database, command),
        }

    def drop_new(self, size: Size) -> None:
        """Remove the databases that only take what is loaded."""
        for folder in self.folder.glob(f"*-{size}{NEW}_*"):
            shutil.rmtree(folder)
        if self.postgresql:
            self.postgresql.drop(size, NEW)


def about(chosen: argparse.Namespace) -> dict[str, str]:
    """Return when, where and with what the run was made."""
    model = next(
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "machine": f"{model}, {platform.machine()}",
        "python": platform.python_version(),
        "django": django.__version__,
        "rest framework": rest_framework.VERSION,
        "rounds": str(chosen.rounds),
        "gzip": str(chosen.gzip),
    }


def main(arguments: list[str]) -> int:
    chosen = options(arguments)
    signal.signal(signal.SIGTERM, lambda *ignored: sys.exit(1))  # as Ctrl-C: servers are stopped
    began = time.perf_counter()
    runs: list[dict[str, Any]] = []
    with ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        stack.callback(write, chosen, runs)  # also what there is when it is stopped
        for run in Benchmark(chosen, folder).run():
            runs.append(run)
    say(f"done in {time.perf_counter() - began:.0f} s")
    return 0


def write(chosen: argparse.Namespace, runs: list[dict[str, Any]]) -> None:
    """Write the report, and all figures to a file if there is to be one."""
    results = {"about": about(chosen), "runs": runs}
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=1) + "\n")
    if runs:
        sys.stdout.write(report.markdown(results))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
