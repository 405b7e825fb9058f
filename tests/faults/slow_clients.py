"""Five hundred clients that send slowly, while others browse."""

import signal
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from tests.faults._site import workers
from tests.faults.machines import filled, new_source, signed_in
from tests.test_serve import Served

ADD = "/admin/cities/source/add/"
SCAN = b"%PDF-1.7\n" + b"x" * 15_000_000
PHONE = 60_000
"""Bytes a second."""
SLOW = 500
VISITORS = 6
PAGES = ("/", "/cities/", "/cities/otsu/", "/api/v1/cities/", "/search/?q=otsu", "/timeline/")
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
FORM = b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\n\r\n"
SCAN_OF_A_PHONE = FORM.replace(b"60000", b"1000000\r\nCookie: __Host-session=any")
"""Who has no session sends 64 kB at most."""


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


def test_scan_is_uploaded_at_the_pace_of_a_phone(served):
    """15 MB at 60 kB a second: four minutes, in which nothing disconnects it."""
    cookie = signed_in(served, "staff")
    scan = SimpleNamespace(name="scan.pdf", read=lambda: SCAN, content_type="application/pdf")
    content, kind = filled(served.ask("GET", ADD, **cookie), **new_source("slow"), document=scan)
    head = {"Host": "127.0.0.1", "Content-Length": str(len(content)), **cookie, **kind}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", served.port), 60) as phone:
        phone.sendall(f"POST {ADD} HTTP/1.1\r\n{lines}\r\n".encode())
        for start in range(0, len(content), PHONE // 4):
            phone.sendall(content[start : start + PHONE // 4])
            time.sleep(0.25)
        answer = phone.recv(1000).decode("latin-1").partition("\r\n")[0]
    took = time.monotonic() - began
    sys.stdout.write(f"\n{len(content) / 1e6:.1f} MB in {took:.0f} s: {answer}\n")
    assert answer.split()[1] == "302"
    assert took > 200


def test_reload_of_the_server_is_noticed_by_nobody(served):
    """Ten requests a second while the processes are replaced by others."""
    before = workers(served)
    began = time.monotonic()

    def visit(number: int) -> tuple[int, float]:
        time.sleep(max(0, began + number / 10 - time.monotonic()))
        if number == 30:
            served.process.send_signal(signal.SIGHUP)
        asked = time.monotonic()
        status = served.ask("GET", f"/cities/?on={1900 + number}-01-01").status
        return status, 1000 * (time.monotonic() - asked)

    with ThreadPoolExecutor(32) as visitors:
        answers = list(visitors.map(visit, range(120)))
    took = [milliseconds for __, milliseconds in answers]
    p99 = statistics.quantiles(took, n=100)[-1]
    sys.stdout.write(
        f"\n120 pages, 10 a second, none kept: median {statistics.median(took):.0f} ms,"
        f" p99 {p99:.0f} ms, the slowest {max(took):.0f} ms\n"
    )
    assert {status for status, __ in answers} == {200}
    assert not {*before} & {*workers(served)}


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def test_slow_clients_keep_nobody_waiting_and_are_disconnected(served):
    browse(served, 5)  # what is kept is kept
    quiet = browse(served, 15)
    slow = [Client(served.port, HEAD, b"x") for __ in range(SLOW // 2)]
    slow += [Client(served.port, FORM, b"x") for __ in range(SLOW // 2)]
    phone = Client(served.port, SCAN_OF_A_PHONE, b"x" * 2048)
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
