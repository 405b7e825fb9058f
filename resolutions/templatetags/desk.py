"""What waits on the clerk, on the admin’s first page."""

from typing import Any

from django import template
from django.urls import reverse

from cities.records.publishing import Publication
from resolutions.todo import Task, heaps

register = template.Library()


@register.inclusion_tag("admin/resolutions/_to_do.html", takes_context=True)
def waiting(context: Any) -> dict[str, Any]:
    """All of it for those who keep the bodies’ record and read its drafts; nothing for others."""
    needed = ["resolutions.change_meeting", "resolutions.preview_meeting"]
    return {"heaps": heaps() if context["request"].user.has_perms(needed) else []}


@register.filter
def where_to_mend(task: Task) -> str:
    """The form of the task’s record; of a model, the list of its drafts; else nothing.

    It takes the task: a template would call the model, and get a record that is none.
    """
    record = task.record
    if record is None:
        return ""
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}"
    if isinstance(record, type):
        return f"{reverse(f'{name}_changelist')}?publication__exact={Publication.DRAFT}"
    return reverse(f"{name}_change", args=[record.pk])
