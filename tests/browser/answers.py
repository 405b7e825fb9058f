"""Answers of the served site, made once: no test changes what a visitor reads."""

import threading
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class CachedAnswers:
    """Keeps each whole answer that a visitor without a cookie gets, as long as the site is served.

    So a page that tells the time tells the same time to everyone who compares it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.answers: dict[tuple, HttpResponseBase] = {}
        self.turn = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with self.turn:  # all requests share one connection, and each has savepoints of its own
            return self.answer(request)

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or request.COOKIES:
            return self.get_response(request)
        for condition in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
            request.META.pop(condition, None)  # what a browser has may be older
        takes = [request.headers.get(name) for name in ("Accept", "Accept-Encoding")]
        key = (request.get_full_path(), *takes)
        if key not in self.answers:
            answer = self.get_response(request)
            if answer.streaming or answer.status_code >= 500:
                return answer
            self.answers[key] = answer
        return self.answers[key]
