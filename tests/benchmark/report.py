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


@dataclass(frozen=True)
class Target:
    """One target beside the worst that was measured for it."""

    name: str
    limit: str
    worst: str
    where: str
    is_met: bool


def worst_of(
    name: str, limit: float, values: dict[str, float | None], show: Callable[[float], str] = times
) -> Target | None:
    """Return a target for the highest of several values; None where nothing was measured."""
    known = {where: value for where, value in values.items() if value is not None}
    if not known:
        return None
    where = max(known, key=lambda each: known[each])
    return Target(name, f"≤ {show(limit)}", show(known[where]), where, known[where] <= limit)


def targets(runs: list[Run]) -> Iterator[tuple[str, Target]]:
    """Yield every target that the runs say something about, with the name of the run."""
    for run in runs:
        for target in [*served_again(run), *first_answers(run), *machine(run)]:
            if target:
                yield title(run), target
    for growth in growths(runs):
        limit = growth.work.growth_limit
        name = f"growth of p50: {growth.work.name}"
        values = {"first answer": growth.first, "served again": growth.kept}
        if target := worst_of(name, limit, values):
            yield growth.database, target


def served_again(run: Run) -> Iterator[Target | None]:
    for what, label in (("p50", "p50"), ("cpu", "CPU")):
        by_kind: dict[bool, dict[str, float | None]] = {True: {}, False: {}}
        for name, figures in run["work"].items():
            by_kind[name.startswith("304")][name] = ratio(figures, what, KEPT, BARE)
        yield worst_of(f"served again, {label}, to the bare view", KEPT_LIMIT, by_kind[False])
        yield worst_of(f"304, {label}, to the bare view", NOT_MODIFIED_LIMIT, by_kind[True])


def first_answers(run: Run) -> Iterator[Target | None]:
    for work in works(Size(run["records"], run["cities"])):
        if work.first_limit and work.name in run["work"]:
            value = ratio(run["work"][work.name], "cpu", FIRST, TWIN)
            name = f"first answer, CPU, to the twin: {work.name}"
            yield worst_of(name, work.first_limit, {work.name: value})


def machine(run: Run) -> Iterator[Target | None]:
    def mb(value: float) -> str:
        return f"{number(value)} MB"

    def seconds(value: float) -> str:
        return f"{number(value)} s"

    ours = {"two workers": run["memory_mb"][KEPT]}
    yield worst_of("memory of the two workers", MEMORY_LIMIT, ours, mb)
    yield worst_of("cold start", START_LIMIT, {"": run["start_seconds"][KEPT]}, seconds)
    if "load" not in run:
        return
    rate, least = run["load"]["rate"], LOAD_LIMITS[run["database"]]
    yield Target(
        "`load_register`, resolutions a second", f"≥ {least}", number(rate), "", rate >= least
    )
    peak = {"": run["load"]["peak_mb"]}
    yield worst_of("`load_register`, peak memory", LOAD_MEMORY_LIMIT, peak, mb)
    waits = {name: run[name].get("longest_wait") for name in ("dump", "rebuild")}
    yield worst_of("longest wait of another writer", WAIT_LIMIT, waits, seconds)
    if run["records"] == TARGET_SIZE:
        for name in ("dump", "rebuild"):
            cpu = {"": run[name]["cpu_seconds"]}
            yield worst_of(f"{name}, CPU", COMMAND_LIMIT, cpu, seconds)


def of_targets(runs: list[Run]) -> str:
    return table(
        ["target", "run", "limit", "measured", "where it is worst", "met"],
        (
            [
                target.name,
                run,
                target.limit,
                target.worst,
                target.where,
                "yes" if target.is_met else "**no**",
            ]
            for run, target in targets(runs)
        ),
    )
