"""Pages about the site, and what machines ask of it."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from cities.models import Authority


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this register is, who decides, and how a statement gets into it."""
    return render(request, "about.html", {"authorities": Authority.objects.public()})


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """The API in words, made from the same description that programs read."""
    schema = _description()
    resources = [
        (path, operation)
        for path, operations in schema["paths"].items()
        for operation in operations.values()
    ]
    return render(request, "api_docs.html", {"info": schema["info"], "resources": resources})


@cache
def _description() -> Any:
    """The OpenAPI description. Making it takes half a second, and only code changes it."""
    return SchemaGenerator().get_schema(request=None, public=True)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; nothing is asked of the database."""
    return JsonResponse({"status": "ok"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /api/v1/\n", content_type="text/plain")
