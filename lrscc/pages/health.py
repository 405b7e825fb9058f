"""Whether the site is up, for the programs that watch it."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lrscc.running.readiness import checks

logger = logging.getLogger(__name__)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers, without a query."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 if the site can do its work, else 503; the log says what is wrong with it."""
    found = list(checks())
    for check in found:
        if check.fault:
            logger.error("Not ready: %s: %s", check.name, check.fault)
    is_ready = not any(check.fault for check in found)
    named = {check.name: "failed" if check.fault else "ok" for check in found}
    status = "ok" if is_ready else "unavailable"
    return JsonResponse({"status": status, "checks": named}, status=200 if is_ready else 503)
