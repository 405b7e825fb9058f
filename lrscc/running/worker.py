"""A worker of the server that slow clients cannot hold up.

Gunicorn starts, watches and stops it. Waitress reads requests and sends answers, as fast or as
slowly as the clients are, without a thread for each; a thread gets a request once all of it is
there. Who sends it too slowly is disconnected.
"""

import os
import resource
import time
from copy import copy
from typing import Any

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import RequestEntityTooLarge

SECONDS_FOR_HEADERS = 10
SECONDS_OF_A_LOOK = 30
LEAST_BYTES = 1024 * SECONDS_OF_A_LOOK
"""Of the content of a request, in each look: a scan from a phone takes minutes."""

SECONDS_OF_IDLENESS = 10
"""How long a browser may keep a connection and ask nothing."""

SECONDS_TO_ASK = 1
"""How long a process that is to end waits for who has connected and not asked yet."""

BYTES_OF_A_REQUEST = 64 * 2**20
"""More is answered 413. Forms refuse files that are smaller than that, in words."""

BYTES_OF_A_STRANGER = 2**16
"""What somebody without a session may send: strangers sign in, and send no files. It stays in
memory, since what is larger is written to a disk before any page can refuse it."""

BYTES_AT_ONCE = 96 * 2**20
"""What a process holds of requests that are not complete: anybody can make up a cookie."""

BYTES_OF_A_STEP = 2**20
"""After how many bytes of a request it is looked at how much there is of all."""

HEALTH = "/healthz/"
"""What is answered also while every thread waits for the database."""

FILES_OPEN = 4096
FILES_OF_ITS_OWN = 100
"""What a process opens beside its connections."""


class Pace:
    """How fast a client sends its requests."""

    def __init__(self) -> None:
        self.request: Any = None
        self.since = 0.0
        self.received = 0

    def is_too_slow(self, request: Any, now: float) -> bool:
        """Return whether the request that is not complete should be given up."""
        if request is not self.request:
            self.request, self.since, self.received = request, now, 0
        if request is None:
            return False
        if not request.headers_finished:
            return now - self.since > SECONDS_FOR_HEADERS
        if now - self.since < SECONDS_OF_A_LOOK:
            return False
        came = request.body_bytes_received - self.received
        self.since, self.received = now, request.body_bytes_received
        return came < LEAST_BYTES


class Request(HTTPRequestParser):
    """A request, refused if it says its length in two ways (RFC 9112, section 6.3), or if it has
    more content than who sends it may send."""

    adj: Any

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Both Content-Length and Transfer-Encoding")
        has_session = settings.SESSION_COOKIE_NAME in self.headers.get("COOKIE", "")
        if self.body_rcv is not None and not has_session:
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = BYTES_OF_A_STRANGER

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error.body = "Sign in, then send the form again. It may have 64 MB at most."
        return consumed


class Channel(HTTPChannel):
    """A connection to a client."""

    parser_class = Request

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.pace = Pace()
        self.has_asked = False
        super().__init__(*args, **kwargs)

    def received(self, data: bytes) -> Any:
        self.has_asked = True
        before = self._steps()
        result = super().received(data)
        if self._steps() > before:
            self.server.make_room()
        return result

    def _steps(self) -> int:
        return self.request.body_bytes_received // BYTES_OF_A_STEP if self.request else 0

    def is_idle(self, *, waits_for_new: bool) -> bool:
        """Return whether nobody would notice that it is closed now: nothing is half sent."""
        is_at_work = self.requests or self.request is not None or self.total_outbufs_len
        return not is_at_work and (self.has_asked or not waits_for_new)


class Server(TcpWSGIServer):
    """A socket that listens, and the connections that came by it."""

    channel_class = Channel
    health: ThreadedTaskDispatcher

    def maintenance(self, now: float) -> None:
        """Disconnect who does nothing, and who sends a request too slowly."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            unread = None if channel.requests else channel.request
            if channel.pace.is_too_slow(unread, now):
                channel.will_close = True

    def make_room(self) -> None:
        """Disconnect who has sent most, if all of them together have sent too much."""
        held = {
            channel: channel.request.body_bytes_received
            for channel in self.active_channels.values()
            if channel.request is not None and not channel.will_close
        }
        for channel in too_much(held):
            channel.will_close = True

    def add_task(self, task: Channel) -> None:
        """Give a complete request to a thread; whether the process is up has one of its own."""
        is_health = getattr(task.requests[0], "path", "") == HEALTH  # one in error has none
        (self.health if is_health else self.task_dispatcher).add_task(task)

    def is_done(self, *, waits_for_new: bool) -> bool:
        """Return whether every request that came, or is about to, is answered."""
        channels = self.active_channels.values()
        return all(channel.is_idle(waits_for_new=waits_for_new) for channel in channels)


def too_much(held: dict[Any, int]) -> list[Any]:
    """Return who has sent most, until what is left of all has room."""
    total, most = sum(held.values()), []
    for sender in sorted(held, key=held.__getitem__, reverse=True):
        if total <= BYTES_AT_ONCE:
            break
        most.append(sender)
        total -= held[sender]
    return most


class BufferingWorker(Worker):
    """A process that serves the site with a few threads."""

    def run(self) -> None:
        channels: dict[int, Any] = {}
        threads = ThreadedTaskDispatcher()
        threads.set_thread_count(self.cfg.threads)
        Server.health = ThreadedTaskDispatcher()
        Server.health.set_thread_count(1)
        adjustments = _adjustments(_files_open())
        servers = [
            Server(
                self.wsgi,
                channels,
                True,
                listening.sock,
                dispatcher=threads,
                adj=adjustments,
                bind_socket=False,
                sockinfo=(listening.sock.family, None, None, listening.sock.getsockname()),
            )
            for listening in self.sockets
        ]
        while self.alive and self.ppid == os.getppid():
            self._turn(channels, 1)
        for server in servers:
            server.del_channel(channels)  # nobody else is let in
        self._answer_the_rest(servers, channels)
        threads.shutdown(timeout=1)
        Server.health.shutdown(timeout=1)
        wasyncore.close_all(channels)

    def _answer_the_rest(self, servers: list[Server], channels: dict[int, Any]) -> None:
        """Answer who is connected already: their connections are known to no other process."""
        began = time.monotonic()
        while (passed := time.monotonic() - began) < self.cfg.graceful_timeout:
            self._turn(channels, 0.1)
            is_early = passed < SECONDS_TO_ASK
            if all(server.is_done(waits_for_new=is_early) for server in servers):
                return

    def _turn(self, channels: dict[int, Any], seconds: float) -> None:
        """Read and send what can be read and sent now, or wait for it."""
        self.notify()
        wasyncore.loop(seconds, True, channels, 1)


def _files_open() -> int:
    """Return how many files this process may open, after it asked for as many as it can use."""
    __, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(FILES_OPEN, hard) if hard > 0 else FILES_OPEN  # RLIM_INFINITY is -1
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def _adjustments(files: int) -> Adjustments:
    return Adjustments(
        clear_untrusted_proxy_headers=False,  # the settings say which proxy is believed
        ident="",
        cleanup_interval=1,
        channel_timeout=SECONDS_OF_IDLENESS,
        connection_limit=files - FILES_OF_ITS_OWN,
        max_request_header_size=2**16,
        max_request_body_size=BYTES_OF_A_REQUEST,
        asyncore_use_poll=True,
        log_socket_errors=False,
    )
