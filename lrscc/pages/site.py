"""Pages about the site."""

from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from cities import shared

TESTED_ON = date(2026, 11, 25)
"""When people last tested the pages as the accessibility statement says."""


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this site is, who decides, and how a fact gets here."""
    return render(request, "about.html", {"authorities": shared.authorities()})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement: the standard, the tests, known problems, another format."""
    return render(request, "accessibility.html", {"tested_on": TESTED_ON})


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """How to report a mistake, what happens then, and how a correction shows."""
    return render(request, "corrections.html")


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """The record as data: formats, license, permanent addresses, how to cite."""
    address = request.build_absolute_uri(reverse("cities:list"))
    return render(request, "data.html", {"address": address, "today": localdate()})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the site keeps about visitors, and what it does not."""
    return render(request, "privacy.html", {"logs_requests": settings.LOG_REQUESTS})


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """The API in words, made from its OpenAPI description."""
    schema = _description()
    resources = [
        (path, operation)
        for path, operations in schema["paths"].items()
        for operation in operations.values()
    ]
    return render(request, "api_docs.html", {"info": schema["info"], "resources": resources})


@cache
def _description() -> Any:
    """Return the OpenAPI description: it takes half a second, and only code changes it."""
    return SchemaGenerator().get_schema(request=None, public=True)
