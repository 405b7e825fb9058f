"""The list of resolutions, and the page of each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    raise Http404


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


@require_safe
def pdf(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404
