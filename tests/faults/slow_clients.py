"""Five hundred clients that send slowly, while others browse."""

import socket
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Thread

import pytest

from tests.test_serve import Served

SLOW = 500
VISITORS = 6
PAGES = ("/", "/cities/", "/cities/otsu/", "/api/v1/cities/", "/search/?q=otsu", "/timeline/")
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
FORM = b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("data"))
    yield served
    served.close()


class Client:
    """A client that sends some bytes each second, until it is disconnected."""

    def __init__(self, port: int, begin: bytes, each_second: bytes) -> None:
        self.each_second = each_second
        self.began, self.ended = time.monotonic(), 0.0
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.socket.setblocking(False)
        self.send(begin)

    def send(self, some: bytes) -> None:
        try:
            self.socket.sendall(some)
            with suppress(BlockingIOError):
                if not self.socket.recv(1000):
                    raise ConnectionResetError
        except OSError:
            self.ended = time.monotonic()
            self.socket.close()

    def turn(self) -> None:
        if not self.ended:
            self.send(self.each_second)

    @property
    def lasted(self) -> float:
        return (self.ended or time.monotonic()) - self.began


def browse(served: Served, seconds: float) -> list[float]:
    """How long the pages took that visitors asked for, in milliseconds; each was answered."""
    took: list[float] = []
    faults: list[object] = []

    def visit(number: int) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            began = time.monotonic()
            try:
                answer = served.ask("GET", PAGES[(number + len(took)) % len(PAGES)])
                faults.extend([answer.status] if answer.status != 200 else [])
            except OSError as error:
                faults.append(error)
            took.append(1000 * (time.monotonic() - began))

    visitors = [Thread(target=visit, args=[number]) for number in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert faults == []
    return took


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def test_slow_clients_keep_nobody_waiting_and_are_disconnected(served):
    browse(served, 5)  # what is kept is kept
    quiet = browse(served, 15)
    slow = [Client(served.port, HEAD, b"x") for __ in range(SLOW // 2)]
    slow += [Client(served.port, FORM, b"x") for __ in range(SLOW // 2)]
    phone = Client(served.port, FORM, b"x" * 2048)
    over = Event()

    def trickle() -> None:
        while not over.wait(1):
            for client in (*slow, phone):
                client.turn()

    sending = Thread(target=trickle)
    sending.start()
    busy = browse(served, 9)
    later = browse(served, 60)
    over.set()
    sending.join()
    headers, contents = slow[: SLOW // 2], slow[SLOW // 2 :]
    sys.stdout.write(
        f"\n{len(quiet)} pages alone: median {statistics.median(quiet):.0f} ms,"
        f" p95 {p95(quiet):.0f} ms; {len(busy)} beside {SLOW} slow clients: median"
        f" {statistics.median(busy):.0f} ms, p95 {p95(busy):.0f} ms; {len(later)} in the minute"
        f" after: p95 {p95(later):.0f} ms\nslow headers lasted at most"
        f" {max(client.lasted for client in headers):.1f} s, slow contents"
        f" {max(client.lasted for client in contents):.1f} s; 2 kB a second after"
        f" {phone.lasted:.0f} s: {'disconnected' if phone.ended else 'still connected'}\n"
    )
    assert all(client.ended for client in slow)
    assert max(client.lasted for client in headers) < 20
    assert max(client.lasted for client in contents) < 45
    assert not phone.ended
    phone.socket.close()
    assert p95(busy) <= 2 * p95(quiet) + 50
