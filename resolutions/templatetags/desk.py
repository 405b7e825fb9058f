"""The clerk's list of things to do, on the admin’s first page."""

from typing import Any

from django import template
from django.urls import reverse

from cities.records.publishing import Publication
from resolutions.todo import Task, task_lists

register = template.Library()


@register.inclusion_tag("admin/resolutions/_to_do.html", takes_context=True)
def to_do(context: Any) -> dict[str, Any]:
    """Show it to those who keep meetings and read their drafts; nothing to others."""
    needed = ["resolutions.change_meeting", "resolutions.preview_meeting"]
    may_do_it = context["request"].user.has_perms(needed)
    return {"task_lists": task_lists() if may_do_it else []}


@register.filter
def task_address(task: Task) -> str:
    """Return the form of the task’s record; of a model, the list of its drafts.

    It takes the task: a template would call the model, and get a record that is none.
    """
    record = task.record
    if record is None:
        return ""
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}"
    if isinstance(record, type):
        return f"{reverse(f'{name}_changelist')}?publication__exact={Publication.DRAFT}"
    return reverse(f"{name}_change", args=[record.pk])
