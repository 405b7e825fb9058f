"""The server's own worker: slow clients keep nobody waiting, and are disconnected."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from lrscc.running import worker as module
from lrscc.running.worker import LEAST_BYTES, BufferingWorker, Pace

HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


class Running:
    """A worker in a thread, with a site of its own that can be slow."""

    def __init__(self) -> None:
        self.go_on = Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        config = Config()
        config.set("threads", 2)
        config.set("graceful_timeout", 5)
        sockets = [SimpleNamespace(sock=self.listening)]
        self.worker = BufferingWorker(1, os.getppid(), sockets, None, 30, config, None)
        self.worker.wsgi = self.site
        self.thread = Thread(target=self.worker.run)
        self.thread.start()

    def site(self, environ, start_response):
        if environ["PATH_INFO"] == "/slow":
            self.go_on.wait(10)
        content = environ["wsgi.input"].read() or environ["PATH_INFO"].encode()
        start_response("200 OK", [("Content-Length", str(len(content)))])
        return [content]

    def client(self, sent: bytes) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port), 10)
        client.sendall(sent)
        return client

    def ask(self, path: str, body: bytes | None = None) -> bytes:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as line:
            line.request("POST" if body else "GET", path, body)
            return line.getresponse().read()

    def stop(self) -> None:
        self.worker.alive = False
        self.thread.join(timeout=10)
        self.listening.close()
        self.worker.tmp.close()
        assert not self.thread.is_alive()


def ends(client: socket.socket, ending: bytes) -> bool:
    """Whether what a client is sent ends so; it may come in pieces."""
    came = b""
    while not came.endswith(ending) and (some := client.recv(1000)):
        came += some
    return came.endswith(ending)


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    yield running
    running.go_on.set()
    running.stop()


def test_requests_that_are_sent_in_part_hold_up_nobody(running, monkeypatch):
    monkeypatch.setattr(module, "SECONDS_FOR_HEADERS", 60)  # the machine may be slow
    slow = [running.client(HALF) for __ in range(50)]
    slow += [running.client(HALF + b"Content-Length: 9\r\n\r\nhalf") for __ in range(50)]

    assert running.ask("/home") == b"/home"
    assert running.ask("/", b"x" * 3_000_000) == b"x" * 3_000_000

    slow[0].sendall(b"\r\n")
    slow[-1].sendall(b" sent")
    assert ends(slow[0], b"\r\n\r\n/")
    assert ends(slow[-1], b"half sent")
    for client in slow:
        client.close()


def test_health_is_answered_while_every_thread_waits(running):
    waiting = [running.client(HALF.replace(b" / ", b" /slow ") + b"\r\n") for __ in range(4)]
    time.sleep(0.3)

    assert running.ask("/healthz/") == b"/healthz/"

    running.go_on.set()
    for client in waiting:
        assert ends(client, b"/slow")
        client.close()


def test_request_with_two_lengths_is_refused(running):
    client = running.client(
        HALF + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )

    assert client.recv(1000).startswith(b"HTTP/1.1 400 ")
    client.close()


def test_headers_too_slow_are_given_up(running, monkeypatch):
    monkeypatch.setattr(module, "SECONDS_FOR_HEADERS", 0.5)
    client = running.client(HALF)

    assert client.recv(1000) == b""
    client.close()


def test_stopped_worker_answers_what_has_come_and_lets_nobody_in(running):
    client = running.client(HALF.replace(b" / ", b" /slow ") + b"\r\n")
    time.sleep(0.3)
    running.worker.alive = False
    Thread(target=lambda: (time.sleep(1.5), running.go_on.set())).start()

    assert ends(client, b"\r\n\r\n/slow")
    running.thread.join(timeout=10)
    client.close()


@pytest.mark.parametrize("sent_before", [b"", HALF, HALF + b"Content-Length: 4\r\n\r\nab"])
def test_stopped_worker_waits_for_the_rest_of_a_request(running, sent_before):
    whole = HALF + (b"Content-Length: 4\r\n\r\nabcd" if b"ab" in sent_before else b"\r\n")
    client = running.client(sent_before)
    time.sleep(0.2)
    running.worker.alive = False
    time.sleep(1.3)

    client.sendall(whole.removeprefix(sent_before))

    assert ends(client, b"\r\n\r\nabcd" if b"ab" in sent_before else b"\r\n\r\n/")
    running.thread.join(timeout=10)
    assert not running.thread.is_alive()
    client.close()


def test_stopped_worker_waits_for_nobody_who_asks_nothing(running):
    silent = running.client(b"")
    answered = running.client(HALF + b"\r\n")
    assert ends(answered, b"\r\n\r\n/")
    running.worker.cfg.set("graceful_timeout", 60)
    running.worker.alive = False

    running.thread.join(timeout=10)

    assert not running.thread.is_alive()
    assert [client.recv(100) for client in (silent, answered)] == [b"", b""]
    silent.close()
    answered.close()


def test_stopped_worker_gives_up_a_request_that_never_ends(running):
    running.worker.cfg.set("graceful_timeout", 1)
    client = running.client(HALF)
    time.sleep(0.2)
    running.worker.alive = False

    running.thread.join(timeout=10)

    assert not running.thread.is_alive()
    client.close()


# --- how slow is too slow -----------------------------------------------------------------


def request(*, headers_finished: bool = True) -> SimpleNamespace:
    return SimpleNamespace(headers_finished=headers_finished, body_bytes_received=0)


def test_headers_have_ten_seconds_also_if_a_byte_comes_now_and_then():
    pace, sent = Pace(), request(headers_finished=False)

    assert [pace.is_too_slow(sent, now) for now in (0, 5, 10, 10.1)] == [False] * 3 + [True]


def test_time_between_two_requests_counts_for_neither():
    pace = Pace()

    pace.is_too_slow(request(headers_finished=False), 0)

    assert not pace.is_too_slow(None, 100)
    assert not pace.is_too_slow(request(headers_finished=False), 200)


@pytest.mark.parametrize(("more", "is_slow"), [(LEAST_BYTES - 1, True), (LEAST_BYTES, False)])
def test_content_comes_with_a_kilobyte_a_second_in_each_half_minute(more, is_slow):
    pace, sent = Pace(), request()
    pace.is_too_slow(sent, 0)
    sent.body_bytes_received = 10 * LEAST_BYTES

    assert not pace.is_too_slow(sent, 29)
    assert not pace.is_too_slow(sent, 30)
    sent.body_bytes_received += more
    assert not pace.is_too_slow(sent, 59)
    assert pace.is_too_slow(sent, 60) is is_slow
