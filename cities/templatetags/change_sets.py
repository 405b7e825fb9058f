"""What waits for somebody at the desk: change sets to review, and those sent back."""

from typing import Any

from django import template
from django.db.models import Q

from cities.records.admin.change_sets import reads_drafts, sets_for
from cities.records.change_sets import SetState

SETS_LISTED = 20

register = template.Library()


@register.inclusion_tag("admin/change_sets/_waiting.html", takes_context=True)
def waiting_sets(context: Any) -> dict[str, Any]:
    """List what the user may publish, what they prepare, and what was sent back to them."""
    request = context["request"]
    if not reads_drafts(request):
        return {}
    mine = Q(author=request.user, state__in=(SetState.OPEN, SetState.SENT_BACK))
    to_publish = sets_for(request, "publish").filter(
        state__in=(SetState.SUBMITTED, SetState.SCHEDULED)
    )
    rows = sets_for(request).filter(mine | Q(pk__in=to_publish.order_by().values("pk")))
    found = list(rows.select_related("author").order_by("submitted_at")[:SETS_LISTED])
    return {
        "to_review": [one for one in found if one.state == SetState.SUBMITTED],
        "open": [one for one in found if one.state == SetState.OPEN],
        "scheduled": [one for one in found if one.state == SetState.SCHEDULED],
        "sent_back": [one for one in found if one.state == SetState.SENT_BACK],
    }
