"""The report: Markdown tables of what was measured, of growth, and of the targets."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.benchmark.facts import Size
from tests.benchmark.measuring import BARE, FIRST, KEPT, TWIN
from tests.benchmark.work import Work, works

Run = dict[str, Any]

KEPT_LIMIT, NOT_MODIFIED_LIMIT = 4, 3
MEMORY_LIMIT, START_LIMIT = 200, 4
LOAD_LIMITS = {"sqlite": 150, "postgresql": 100}
LOAD_MEMORY_LIMIT, COMMAND_LIMIT, WAIT_LIMIT = 300, 20, 1
TARGET_SIZE = 10_000
"""Resolutions for which the targets are set."""

NOTHING = "–"


def number(value: float | None) -> str:
    """Return a number with about three digits."""
    if value is None:
        return NOTHING
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(value: float | None) -> str:
    return NOTHING if value is None else f"{number(value)} ×"


def ratio(figures: Run, what: str, of: str, to: str) -> float | None:
    """Return how many times one server takes what another does; None without both."""
    if of not in figures or to not in figures or not figures[to][what]:
        return None
    return figures[of][what] / figures[to][what]


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    headings = list(headings)
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *map(list, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def title(run: Run) -> str:
    system = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[run["database"]]
    return f"{system}, {run['records']:,} resolutions, {run['cities']:,} cities"


def markdown(results: Run) -> str:
    """Return the whole report."""
    runs = results["runs"]
    about = "; ".join(f"{name}: {value}" for name, value in results["about"].items())
    parts = [f"{about}.\n"]
    for run in runs:
        parts += [f"### {title(run)}\n", of_work(run), *of_failures(run), of_machine(run)]
    if compared := growths(runs):
        parts += ["### Growth\n", of_growth(compared)]
    parts += ["### Targets\n", of_targets(runs)]
    return "\n".join(parts)


def of_work(run: Run) -> str:
    """Return the table of all kinds of work: p50 / p99 ms, CPU ms a request, ratios."""

    def cell(figures: Run, server: str) -> str:
        if server not in figures:
            return NOTHING
        found = figures[server]
        return f"{number(found['p50'])} / {number(found['p99'])}, {number(found['cpu'])}"

    return table(
        [
            "work", "bytes", "first answer", "served again", "twin", "bare",
            "first ÷ twin (CPU)", "again ÷ bare (p50)", "again ÷ bare (CPU)",
        ],
        (
            [
                name,
                f"{figures[FIRST]['bytes']:,}",
                *(cell(figures, server) for server in (FIRST, KEPT, TWIN, BARE)),
                times(ratio(figures, "cpu", FIRST, TWIN)),
                times(ratio(figures, "p50", KEPT, BARE)),
                times(ratio(figures, "cpu", KEPT, BARE)),
            ]
            for name, figures in run["work"].items()
        ),
    )  # fmt: skip


def of_failures(run: Run) -> Iterator[str]:
    for name, why in run.get("failures", {}).items():
        yield f"Not measured: {name}. {why}\n"


def of_machine(run: Run) -> str:
    """Return the tables of memory, starts and commands."""
    servers = (KEPT, TWIN, BARE)
    rows = [
        ["memory, MB", *(number(run["memory_mb"][server]) for server in servers)],
        ["cold start, s", *(number(run["start_seconds"][server]) for server in servers)],
    ]
    text = table(["", "ours", "twin", "bare"], rows)
    if "load" not in run:
        return text
    loaded = run["load"]
    rows = [
        [
            f"`load_register`, {loaded['resolutions']:,} resolutions",
            f"{number(loaded['rate'])} a second",
            f"{number(loaded['cpu_ms'] * loaded['resolutions'] / 1000)}",
            number(loaded["peak_mb"]),
            number(loaded.get("longest_wait")),
        ]
    ]
    for name in ("dump", "rebuild"):
        done = run[name]
        seconds = f"{number(done['seconds'])} s"
        rows.append(
            [
                name,
                seconds,
                number(done["cpu_seconds"]),
                number(done["peak_mb"]),
                number(done.get("longest_wait")),
            ]
        )
    return f"{text}\n{table(['command', 'took', 'CPU s', 'peak MB', 'longest wait, s'], rows)}"


# --- growth -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Growth:
    """How the p50 of one kind of work grew on one database, for first and kept answers."""

    database: str
    work: Work
    sizes: tuple[int, int]
    first: float | None
    kept: float | None


def growths(runs: list[Run]) -> list[Growth]:
    """Return the growth from the fewest resolutions to the most, for each database."""
    found = []
    for database in dict.fromkeys(run["database"] for run in runs):
        of_it = sorted(
            (run for run in runs if run["database"] == database), key=lambda run: run["records"]
        )
        few, many = of_it[0], of_it[-1]
        if few["records"] == many["records"]:
            continue
        sizes = few["records"], many["records"]
        for work in works(Size(many["records"], many["cities"])):
            if work.name in few["work"] and work.name in many["work"]:
                pair = few["work"][work.name], many["work"][work.name]
                found.append(
                    Growth(database, work, sizes, grown(*pair, FIRST), grown(*pair, KEPT))
                )
    return found


def grown(few: Run, many: Run, server: str) -> float | None:
    if server not in few or server not in many:
        return None
    return many[server]["p50"] / few[server]["p50"]


def of_growth(found: list[Growth]) -> str:
    return table(
        ["work", "database", "from – to", "first answer", "served again", "at most"],
        (
            [
                growth.work.name,
                growth.database,
                f"{growth.sizes[0]:,} – {growth.sizes[1]:,}",
                times(growth.first),
                times(growth.kept),
                times(growth.work.growth_limit),
            ]
            for growth in found
        ),
    )


# --- targets ------------------------------------------------------------------------------

FIRST_GROUPS = {
    1.5: "home, lists, one city",
    3: "one resolution, page and API",
    1: "admin list",
    0.5: "admin search, last pages",
}
GROWTH_GROUPS = {1.5: "of most work", 3: "where a total is shown", 5: "of the search"}
"""What the targets of `Work` are called, by their limit."""


@dataclass(frozen=True)
class Target:
    """One target on one database, beside the worst that was measured for it."""

    name: str
    limit: str
    database: str
    worst: str
    is_met: bool


class Targets:
    """The targets that the runs say something about."""

    def __init__(self, runs: list[Run]) -> None:
        self.found: list[Target] = []
        sizes = {run["records"] for run in runs}
        wanted = TARGET_SIZE if TARGET_SIZE in sizes else max(sizes)
        for run in runs:
            if run["records"] == wanted:
                self.add_run(run)
        grown = growths(runs)
        for limit, group in GROWTH_GROUPS.items():
            of_group = [growth for growth in grown if growth.work.growth_limit == limit]
            for database in dict.fromkeys(growth.database for growth in of_group):
                values = {
                    f"{growth.work.name}, {kind}": value
                    for growth in of_group
                    if growth.database == database
                    for kind, value in (("first", growth.first), ("again", growth.kept))
                }
                few, many = of_group[0].sizes
                name = f"growth of p50 from {few:,} to {many:,}, {group}"
                self.add(name, limit, database, values, times)

    def add(
        self,
        name: str,
        limit: float,
        database: str,
        values: dict[str, float | None],
        show: Callable[[float], str],
    ) -> None:
        """Add a target for the highest of several values, unless nothing was measured."""
        known = {where: value for where, value in values.items() if value is not None}
        if known:
            where = max(known, key=lambda each: known[each])
            worst = f"{show(known[where])} ({where})" if where else show(known[where])
            is_met = known[where] <= limit
            self.found.append(Target(name, f"≤ {show(limit)}", database, worst, is_met))

    def add_run(self, run: Run) -> None:
        database, work = run["database"], run["work"]
        for what, label in (("p50", "p50"), ("cpu", "CPU")):
            for is_conditional, name, limit in (
                (False, "served again", KEPT_LIMIT),
                (True, "304", NOT_MODIFIED_LIMIT),
            ):
                values = {
                    name: ratio(figures, what, KEPT, BARE)
                    for name, figures in work.items()
                    if name.startswith("304") == is_conditional
                }
                self.add(f"{name}, {label}, to the bare view", limit, database, values, times)
        limits = {one.name: one.first_limit for one in works(Size(run["records"], run["cities"]))}
        for limit, group in FIRST_GROUPS.items():
            values = {
                name: ratio(figures, "cpu", FIRST, TWIN)
                for name, figures in work.items()
                if limits[name] == limit
            }
            self.add(f"first answer, CPU, to the twin: {group}", limit, database, values, times)
        self.add(
            "memory of the two workers", MEMORY_LIMIT, database, only(run["memory_mb"][KEPT]), mb
        )
        start = only(run["start_seconds"][KEPT])
        self.add("cold start on an existing database", START_LIMIT, database, start, seconds)
        if "load" in run:
            self.add_commands(run)

    def add_commands(self, run: Run) -> None:
        database, loaded = run["database"], run["load"]
        rate, least = loaded["rate"], LOAD_LIMITS[database]
        name = "`load_register`, resolutions a second"
        self.found.append(Target(name, f"≥ {least}", database, number(rate), rate >= least))
        name, peak = "`load_register`, peak memory", only(loaded["peak_mb"])
        self.add(name, LOAD_MEMORY_LIMIT, database, peak, mb)
        commands = {name: run[name] for name in ("dump", "rebuild")}
        cpu = {name: done["cpu_seconds"] for name, done in commands.items()}
        self.add("dump and rebuild, CPU", COMMAND_LIMIT, database, cpu, seconds)
        waits = {name: done.get("longest_wait") for name, done in commands.items()}
        name = "dump and rebuild, longest wait of another writer"
        self.add(name, WAIT_LIMIT, database, waits, seconds)


def only(value: float | None) -> dict[str, float | None]:
    return {"": value}


def mb(value: float) -> str:
    return f"{number(value)} MB"


def seconds(value: float) -> str:
    return f"{number(value)} s"


def of_targets(runs: list[Run]) -> str:
    """Return the table of targets, each with the worst on every database."""
    by_name: dict[tuple[str, str], dict[str, Target]] = {}
    for target in Targets(runs).found:
        by_name.setdefault((target.name, target.limit), {})[target.database] = target
    systems = ("sqlite", "postgresql")
    return table(
        ["target", "limit", "SQLite", "PostgreSQL", "met"],
        (
            [
                name,
                limit,
                *(on[system].worst if system in on else NOTHING for system in systems),
                "yes" if all(target.is_met for target in on.values()) else "**no**",
            ]
            for (name, limit), on in by_name.items()
        ),
    )
