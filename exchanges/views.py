"""Pages that show programmes and exchanges."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def exchange(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


@require_safe
def exchange_picture(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404
