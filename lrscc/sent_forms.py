"""A form that adds something is sent once, however often a browser sends it.

Twice clicked, sent again after “Back” or because no answer came, it is the same form: it has the
same token against forgery, which is another one on each page, and the same content.
"""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from lrscc.models import SentForm

KEPT = timedelta(days=1)
ROWS_DELETED = 100

ADDING = ("_add", "_announce_again", "_correct", "_report")
"""How the names of addresses end where a form adds something. Those of a new partner, of a whole
meeting and of a vote know by their content that they were sent before, and say so."""


def once(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do what a form asks for, or lead to where it led when it was sent before.

    Call it in the transaction in which that is saved: who sends the same meanwhile waits for it.
    """
    if not _adds(request):
        return act()
    now = timezone.now()
    key = _key(request)
    SentForm.objects.bulk_create([SentForm(key=key, sent_at=now)], ignore_conflicts=True)
    sent = SentForm.objects.select_for_update().get(key=key)
    if sent.led_to:
        messages.info(request, _("This form was sent more than once. It is saved once."))
        return HttpResponseRedirect(sent.led_to)
    response = act()
    if isinstance(response, HttpResponseRedirect):
        SentForm.objects.filter(key=key).update(led_to=response.url)
        _delete_old()
    else:
        SentForm.objects.filter(key=key).delete()
    return response


def _adds(request: HttpRequest) -> bool:
    route = request.resolver_match
    is_known = route is not None and (route.url_name or "").endswith(ADDING)
    return is_known and bool(request.POST.get("csrfmiddlewaretoken"))


def _key(request: HttpRequest) -> str:
    """Return a hash of who sends what to where: nobody reads the form from it."""
    files = [
        (name, file.name, file.size)
        for name, several in sorted(request.FILES.lists())
        for file in several
    ]
    content = repr((request.user.pk, request.path, sorted(request.POST.lists()), files))
    return salted_hmac("lrscc.sent_forms", content, algorithm="sha256").hexdigest()


def _delete_old() -> None:
    """Delete what was sent long ago; what somebody else is deleting is theirs."""
    old = SentForm.objects.select_for_update(skip_locked=True)
    old = old.filter(sent_at__lt=timezone.now() - KEPT)
    if keys := list(old.values_list("key", flat=True)[:ROWS_DELETED]):
        SentForm.objects.filter(key__in=keys).delete()
