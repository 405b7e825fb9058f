"""Error pages for people and error messages for the API, in our own words."""

import logging
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from cities.current_register import known_register_of
from lrscc.running.waiting import is_busy, is_full, reason

logger = logging.getLogger(__name__)

SECONDS_TO_WAIT = 5
"""After which a program may ask again when the database was busy."""

NOTHING_HERE = _("There is nothing at this address.")


PROBLEM = "application/problem+json"
"""The type of an error of the API: RFC 9457."""


def problem(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """Return an error of the API, with what went wrong in a sentence."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def answer(request: HttpRequest, status: int, detail: str, **context: Any) -> HttpResponse:
    """Return the error as a page, or under ``/api/`` as a problem (RFC 9457)."""
    if is_api(request):
        return JsonResponse(
            problem(status, detail, **context), status=status, content_type=PROBLEM
        )
    context = {"detail": detail, "register": known_register_of(request), **context}
    page = render_to_string(f"{status}.html", context)
    return HttpResponse(page, status=status)


def bad_request(
    request: HttpRequest, exception: Exception | None = None, reason: str = ""
) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return answer(
            request,
            413,
            gettext("The form has more text than it takes. Shorten it and try again."),
        )
    return answer(
        request,
        400,
        reason or gettext("The address or the form could not be read. Check it and try again."),
    )


def say_what_is_allowed(request: HttpRequest, response: HttpResponse) -> None:
    """Add words to the answer to a method that an address does not take; Django adds none."""
    if response.status_code != 405 or response.streaming or response.content:
        return
    if "GET" in response.headers.get("Allow", ""):
        detail = gettext("Nothing can be sent to this address. Open it as a page instead.")
    else:
        detail = gettext("This address is no page. Go back and use the button on the page.")
    said = answer(request, 405, detail)
    response.content = said.content
    response.headers["Content-Type"] = said.headers["Content-Type"]
    response.headers.pop("Content-Length", None)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(
        request,
        403,
        gettext("The form expired, or cookies are off. Go back, reload the page and try again."),
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(
        request,
        403,
        gettext(
            "Your account does not have permission to do this. Ask an administrator if it should."
        ),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 404, str(NOTHING_HERE))


def in_resource(exception: Exception, context: dict[str, Any]) -> Response | None:
    """The framework’s answer for an exception in a resource, as a problem (RFC 9457).

    It has no names of our classes. What is wrong with a parameter is in `errors`, too.
    """
    if isinstance(exception, Http404):
        exception = NotFound(NOTHING_HERE)
    response = exception_handler(exception, context)
    if response is None:
        return None
    status, data = response.status_code, response.data
    if isinstance(exception, ValidationError):
        errors = [
            {"parameter": name, "detail": str(sentence)}
            for name, sentences in data.items()
            for sentence in sentences
        ]
        detail = " ".join(error["detail"] for error in errors)
        response.data = problem(status, detail, errors=errors)
    else:
        response.data = problem(status, str(data["detail"]))
    response.content_type = PROBLEM
    return response


def withdrawn(request: HttpRequest, record: Any) -> HttpResponse:
    """Return 410 with the kind of record and the reason: what was published keeps its address."""
    kind = record._meta.model_name if is_api(request) else str(record._meta.verbose_name)
    return answer(
        request,
        410,
        gettext("This record was withdrawn."),
        kind=kind,
        withdrawn_on=record.withdrawn_on,
        withdrawn_because=record.withdrawn_because,
    )


def too_many_tries(request: HttpRequest, seconds: int) -> HttpResponse:
    """Return 429 with how long to wait, and nothing about what was tried."""
    logger.warning("Too many tries: %s %s", request.method, request.path_info)
    response = answer(request, 429, _wait(seconds))
    response.headers["Retry-After"] = str(seconds)
    return response


def _wait(seconds: int) -> str:
    if seconds < 60:
        return (
            ngettext(
                "There were too many tries. Wait %d second, then try again.",
                "There were too many tries. Wait %d seconds, then try again.",
                seconds,
            )
            % seconds
        )
    minutes = ceil(seconds / 60)
    return (
        ngettext(
            "There were too many tries. Wait %d minute, then try again.",
            "There were too many tries. Wait %d minutes, then try again.",
            minutes,
        )
        % minutes
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(
        request,
        500,
        gettext(
            "The problem is on our side. Nothing was saved. Please try again in a few minutes."
        ),
    )


def of_database(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """Return 503 in words if the database is busy or away, or if a disk is full."""
    if is_busy(exception):
        return busy(request, exception)
    if is_full(exception):
        return full(request, exception)
    if isinstance(exception, OperationalError | InterfaceError):
        return unavailable(request, exception)
    return None


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    _log(logging.ERROR, "The database cannot be reached", request, exception)
    return _later(
        request,
        60,
        gettext("Our database cannot be reached. Nothing is lost. Please try again in a minute."),
    )


def full(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    _log(logging.CRITICAL, "The disk is full", request, exception)
    return _later(
        request,
        300,
        gettext(
            "There is no room left to save anything, so nothing was saved. You can still read"
            " everything. Please contact whoever runs this site, and try again later."
        ),
    )


def busy(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    _log(logging.WARNING, "The database is busy", request, exception)
    return _later(
        request,
        SECONDS_TO_WAIT,
        gettext("The site is busy right now. Nothing is lost. Please try again in a moment."),
    )


def _log(level: int, what: str, request: HttpRequest, exception: Exception | None) -> None:
    """Log what happened, where, and what the database said."""
    because = f": {reason(exception)}" if exception else ""
    logger.log(level, "%s: %s %s%s", what, request.method, request.path_info, because)


def _later(request: HttpRequest, seconds: int, detail: str) -> HttpResponse:
    response = answer(request, 503, detail)
    response.headers["Retry-After"] = str(seconds)
    return response
