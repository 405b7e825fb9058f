"""What is left for the commission's staff to do about partners and sources."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Relationship, Source
from cities.records.dates import year_of
from cities.records.tasks import Task, TaskList
from cities.standing import Status

YEARS_TO_CONFIRM = 2
"""Years after which somebody asks the partner whether a relationship still lives.

Visitors read it later, after `cities.gaps.FRESH_YEARS`: many partners have answered by then.
"""


def task_lists(today: date) -> list[TaskList]:
    """Return all that is left to do, in a fixed number of queries."""
    unconfirmed, planned = [], []
    for relationship in Relationship.objects.public().with_places().with_standing(today):
        standing = relationship.standing
        is_active = standing.status == Status.ACTIVE
        if is_active and not standing.is_confirmed_since(today.year - YEARS_TO_CONFIRM):
            newest = standing.confirmed.on
            parts = {"partner": relationship.partner.menu_label, "year": year_of(newest) or newest}
            sentence = gettext("%(partner)s: the newest evidence is from %(year)s.") % parts
            unconfirmed.append(Task(sentence, relationship))
        day = standing.plan.planned_for if standing.plan else None
        if day is not None and day.latest is not None and day.latest < today:
            parts = {"partner": relationship.partner.menu_label, "day": day}
            sentence = gettext("%(partner)s: a signing was planned for %(day)s.") % parts
            planned.append(Task(sentence, relationship, is_late=True))
    return [
        TaskList.of(_("Did the planned signing take place?"), planned),
        TaskList.of(_("Ask the partner whether it is still active"), unconfirmed),
        _without_document(),
    ]


def _without_document() -> TaskList:
    """Return the public sources that nobody can look up: no file and no link."""
    sources = Source.objects.public().filter(document="", address="", archived_address="")
    return TaskList.of_rows(_("Sources without a file or a link"), sources, str)
