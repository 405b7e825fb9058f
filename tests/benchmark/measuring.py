"""Asking servers in turn, one question at a time, and keeping what each answer took."""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from typing import Any

from tests.benchmark.servers import Answer, Headers, Server
from tests.benchmark.work import Address, Work

KEPT, FIRST, TWIN, BARE = "kept", "first", "twin", "bare"
"""Our site where it may serve an answer again, where it may not, and what it is compared to."""

BURST_MS, BURST = 150, 30
"""A server is asked again until so long, or so often, before it is the turn of the next."""

WARM_UP, SLOW_MS = 4, 3000
"""Questions before the measuring, each over a new connection; one where the answer is slow."""


class UnexpectedAnswerError(Exception):
    """A server did not answer as the measuring needs it."""


@dataclass
class Samples:
    """What the answers of one server to one kind of work took."""

    ms: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Milliseconds of CPU for each question, one number for each burst."""
    size: int = 0

    def summary(self) -> dict[str, float]:
        return {
            "p50": statistics.median(self.ms),
            "p99": percentile(self.ms, 99),
            "cpu": statistics.median(self.cpu),
            "bytes": self.size,
            "answers": len(self.ms),
        }


def percentile(values: list[float], percent: int) -> float:
    """Return the smallest value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)]


class Question:
    """One kind of work for one server."""

    def __init__(self, server: Server, work: Work, address: Address, headers: Headers) -> None:
        self.server, self.work, self.address = server, work, address
        self.headers = dict(headers)
        self.turns = count()
        self.times = 1
        self.samples = Samples()
        self.wanted = 304 if work.is_conditional and server.name == KEPT else 200

    def ask(self) -> Answer:
        address = self.address(next(self.turns))
        answer = self.server.get(address, self.headers)
        if answer.status != self.wanted:
            raise UnexpectedAnswerError(
                f"{self.server.name}: {address} answered {answer.status}, not {self.wanted}."
            )
        return answer

    def warm_up(self) -> None:
        """Ask both workers, and find out how often a burst asks."""
        if self.wanted == 304:
            first = self.server.get(self.address(0))
            self.headers["If-None-Match"] = first.headers["ETag"]
        answer = self.ask()
        for __ in range(WARM_UP if answer.ms < SLOW_MS else 1):
            self.server.connect()
            answer = self.ask()
        self.times = max(1, min(BURST, int(BURST_MS / answer.ms)))
        self.samples.size = len(answer.body)

    def measure(self) -> None:
        """Ask as often as a burst does, over one connection."""
        self.server.connect()
        before = self.server.cpu_ms()
        self.samples.ms += [self.ask().ms for __ in range(self.times)]
        self.samples.cpu.append((self.server.cpu_ms() - before) / self.times)


@dataclass
class Comparison:
    """The servers that are up, with the headers of a client that is signed in to each."""

    servers: dict[str, Server]
    cookies: dict[str, str]
    headers: dict[str, str]

    def questions(self, work: Work) -> Iterator[Question]:
        """Yield the question to each server but the bare view."""

        def asked(name: str, address: Address) -> Question:
            headers = dict(self.headers)
            if work.is_signed_in:
                headers["Cookie"] = self.cookies[name]
            return Question(self.servers[name], work, address, headers)

        ours = asked(FIRST, work.ours)
        if work.is_conditional:  # the tag is that of one address
            ours.address = once(work.ours)
        yield ours
        if work.is_kept:
            yield asked(KEPT, once(work.ours))
        if work.twin is not None:
            yield asked(TWIN, work.twin)

    def measure(self, works: list[Work], rounds: int, say: Callable[[str], None]) -> "Measured":
        """Measure each kind of work in so many rounds; one that fails is left out from there."""
        asked: dict[str, list[Question]] = {}
        failures: dict[str, str] = {}
        for work in works:
            with noted(failures, work.name, say):
                asked[work.name] = self.warmed_up(work)
                say(f"  warmed up: {work.name}")
        for number in range(rounds):
            for name in [name for name in asked if name not in failures]:
                questions = asked[name]
                turned = number % len(questions)
                with noted(failures, name, say):
                    for question in questions[turned:] + questions[:turned]:
                        question.measure()
            say(f"  round {number + 1} of {rounds}")
        figures = {
            name: {question.server.name: question.samples.summary() for question in questions}
            for name, questions in asked.items()
            if name not in failures
        }
        return Measured(figures, failures)

    def warmed_up(self, work: Work) -> list[Question]:
        """Return the questions after a first time; that to the bare view is for as many bytes."""
        questions = list(self.questions(work))
        for question in questions:
            question.warm_up()
        kept = (question for question in questions if question.server.name == KEPT)
        address = f"/{next(kept, questions[0]).samples.size}/"
        bare = Question(self.servers[BARE], work, lambda turn: address, {})
        bare.warm_up()
        return [*questions, bare]


@dataclass(frozen=True)
class Measured:
    """The figures of each kind of work by server, and what kept others from being measured."""

    work: dict[str, dict[str, Any]]
    failures: dict[str, str]


@contextmanager
def noted(failures: dict[str, str], name: str, say: Callable[[str], None]) -> Iterator[None]:
    """Keep a failure by the name of the work, instead of ending the run."""
    try:
        yield
    except (UnexpectedAnswerError, HTTPException, OSError) as error:
        failures[name] = str(error) or type(error).__name__
        say(f"  not measured: {name}: {failures[name]}")


def once(address: Address) -> Address:
    """Return the address of the first question for every question."""
    return lambda turn: address(0)
