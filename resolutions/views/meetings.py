"""The page of one record."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404
