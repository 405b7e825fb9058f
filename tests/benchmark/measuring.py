"""Asking servers in turn, one question at a time, and keeping what each answer took."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
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
        self.wanted = 304 if work.is_conditional and server.name in (KEPT, FIRST) else 200

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
        """Yield the question to each server; that to the bare view is as long as the answer."""

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

    def measure(self, works: list[Work], rounds: int, say: Any) -> dict[str, Any]:
        """Return the figures of each kind of work by server, from so many rounds."""
        asked: list[tuple[Work, list[Question]]] = []
        for work in works:
            questions = list(self.questions(work))
            for question in questions:
                question.warm_up()
            size = questions[0].samples.size
            bare = Question(self.servers[BARE], work, once(lambda turn, n=size: f"/{n}/"), {})
            bare.warm_up()
            asked.append((work, [*questions, bare]))
            say(f"  warmed up: {work.name}")
        for number in range(rounds):
            for __, questions in asked:
                turned = number % len(questions)
                for question in questions[turned:] + questions[:turned]:
                    question.measure()
            say(f"  round {number + 1} of {rounds}")
        return {
            work.name: {question.server.name: question.samples.summary() for question in questions}
            for work, questions in asked
        }


def once(address: Address) -> Address:
    """Return the address of the first question for every question."""
    return lambda turn: address(0)
