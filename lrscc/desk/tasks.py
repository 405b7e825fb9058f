"""What a person can begin at the desk, and what waits for them there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Count, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import cities.todo
import exchanges.todo
import resolutions.todo
from cities.records.publishing import Publication, Publishable
from cities.records.tasks import Task, TaskList
from resolutions.desk import MEETING_RIGHTS


@dataclass(frozen=True)
class Beginning:
    """Something to begin, by the rights that it needs and the name of its page.

    `beside` is offered with it, or alone to those who may do no more than that.
    """

    label: Any
    page: str
    rights: tuple[str, ...]
    beside: "Beginning | None" = None

    @property
    def address(self) -> str:
        return reverse(f"admin:{self.page}")


BEGINNINGS = (
    Beginning(_("Record a meeting"), "resolutions_meeting_record", rights=MEETING_RIGHTS),
    Beginning(
        _("Add a partner city"),
        "cities_city_new_partner",
        rights=tuple(f"cities.add_{of}" for of in ("city", "relationship", "entry", "citation")),
        beside=Beginning(
            _("Change a partner city"), "cities_city_changelist", rights=("cities.change_city",)
        ),
    ),
    Beginning(
        _("Announce an exchange"), "exchanges_exchange_add", rights=("exchanges.add_exchange",)
    ),
    Beginning(_("Add a document"), "cities_source_add", rights=("cities.add_source",)),
)
"""The four things that most visits to the desk are for."""

_TODO: tuple[tuple[Callable[[date], list[TaskList]], tuple[str, ...]], ...] = (
    (resolutions.todo.task_lists, ("resolutions.change_meeting", "resolutions.preview_meeting")),
    (cities.todo.task_lists, ("cities.change_relationship", "cities.preview_relationship")),
    (exchanges.todo.task_lists, ("exchanges.change_exchange", "exchanges.preview_exchange")),
)
"""What each app has to do, and the rights of those who do it."""


def beginnings(user: Any) -> list[Beginning]:
    """Return what the user may begin."""
    found = []
    for each in BEGINNINGS:
        beside = each.beside if each.beside and user.has_perms(each.beside.rights) else None
        if user.has_perms(each.rights):
            found.append(replace(each, beside=beside))
        elif beside is not None:
            found.append(beside)
    return found


def waiting(site: AdminSite, request: HttpRequest, today: date) -> list[TaskList]:
    """Return what waits for a person, without empty lists."""
    user: Any = request.user
    every = [TaskList.of(_("Drafts"), _drafts(site, user))]
    for task_lists, rights in _TODO:
        if user.has_perms(rights):
            every += task_lists(today)
    return [tasks for tasks in every if tasks.count]


def _drafts(site: AdminSite, user: Any) -> Iterator[Task]:
    """Yield how many drafts there are of each kind that the user may read."""
    models = {
        model._meta.label_lower: model
        for model in site._registry
        if issubclass(model, Publishable)
        and user.has_perm(f"{model._meta.app_label}.preview_{model._meta.model_name}")
    }
    counts = [
        model._base_manager.filter(publication=Publication.DRAFT)
        .order_by()
        .values("publication")
        .annotate(label=Value(label), count=Count("pk"))
        .values_list("label", "count")
        for label, model in models.items()
    ]
    if not counts:
        return
    found = dict(counts[0].union(*counts[1:]).order_by())
    for label, model in models.items():
        if count := found.get(label):
            name = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
            yield Task(f"{count} {name}", model)
