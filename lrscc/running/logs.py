"""What a line of the log says of the request in which it was written."""

import json
import logging
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

SECONDS_OF_A_SLOW_QUERY = 1.0

logger = logging.getLogger("lrscc.requests")
slow = logging.getLogger("lrscc.queries")

Handler = Callable[[HttpRequest], HttpResponse]


class Asked:
    """A request that is answered right now."""

    def __init__(self, request: HttpRequest) -> None:
        self.id = secrets.token_hex(8)
        self.request = request
        self.began = time.monotonic()
        self.queries = 0

    @property
    def person(self) -> str:
        """The key of who is signed in, if anybody looked."""
        user = getattr(self.request, "_cached_user", None)
        return str(user.pk) if user is not None and user.pk else ""

    @property
    def address(self) -> str:
        """Where it comes from: of visitors only if the operator decided so."""
        from lrscc.accounts.addresses import client_address  # noqa: PLC0415 - Django is set up now

        is_staff = self.request.path_info.startswith(f"/{settings.ADMIN_PATH}")
        return client_address(self.request) if is_staff or settings.LOG_REQUESTS else ""

    def count(self, execute: Any, sql: str, *others: Any) -> Any:
        """Send a query, and count it."""
        self.queries += 1
        began = time.monotonic()
        try:
            return execute(sql, *others)
        finally:
            seconds = time.monotonic() - began
            if seconds > SECONDS_OF_A_SLOW_QUERY:
                slow.warning("%.1f s: %s", seconds, sql[:1000])


_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


def log_requests(get_response: Handler) -> Handler:
    """Give each request an id, and log it if the operator decided so."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = Asked(request)
        request.asked = asked  # type: ignore[attr-defined]
        token = _asked.set(asked)
        try:
            with connection.execute_wrapper(asked.count):
                response = get_response(request)
            if response.status_code >= 500:
                response.headers["X-Request-ID"] = asked.id
            if settings.LOG_REQUESTS:
                _log(asked, response)
            return response
        finally:
            _asked.reset(token)

    return middleware


def _log(asked: Asked, response: HttpResponse) -> None:
    request = asked.request
    said = {
        "method": request.method,
        "path": request.path_info,
        "status": response.status_code,
        "milliseconds": round(1000 * (time.monotonic() - asked.began)),
        "queries": asked.queries,
    }
    logger.info(
        "%(method)s %(path)s: %(status)s, %(milliseconds)s ms, %(queries)s queries",
        said,
        extra={"said": said},
    )


class InRequest(logging.Filter):
    """Adds to each line the id of the request, the key of the person and the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django writes of an answer once all of ours is done.
        asked = _asked.get() or getattr(getattr(record, "request", None), "asked", None)
        for name in ("id", "person", "address"):
            setattr(record, f"request_{name}", getattr(asked, name) if asked else "")
        return True


class RefusedWithoutTraceback(logging.Filter):
    """A request that is refused is an event, and no fault of the code."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True


class Line(logging.Formatter):
    """A line for people; what somebody typed begins no line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        of_request = [
            f"{name} {value}"
            for name in ("id", "person", "address")
            if (value := getattr(record, f"request_{name}", ""))
        ]
        record.of_request = f" [{', '.join(of_request)}]" if of_request else ""
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - Python’s name
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")


class Json(logging.Formatter):
    """A line for programs: one object of JSON, in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": getattr(record, "request_id", ""),
            "person": getattr(record, "request_person", ""),
            "address": getattr(record, "request_address", ""),
            **getattr(record, "said", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
