"""What is left for the commission's staff to do about partners and sources."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Agreement, Relationship, Source
from cities.records.dates import year_of
from cities.records.tasks import Task, TaskList
from cities.standing import Status

YEARS_TO_CONFIRM = 2
"""Years after which somebody asks the partner whether a relationship still lives.

Visitors read it later, after `cities.gaps.FRESH_YEARS`: many partners have answered by then.
"""


DAYS_BEFORE_AN_END = 183
"""Days before an agreement ends on which staff think of a new one."""

DAYS_AFTER_AN_END = 365
"""Days after which an end that nobody followed up is left alone."""


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
            unconfirmed.append(Task(sentence, relationship, page="partner"))
        day = standing.plan.planned_for if standing.plan else None
        if day is not None and day.latest is not None and day.latest < today:
            parts = {"partner": relationship.partner.menu_label, "day": day}
            sentence = gettext("%(partner)s: a signing was planned for %(day)s.") % parts
            planned.append(Task(sentence, relationship, is_late=True, page="partner"))
    return [
        TaskList.of(_("Did the planned signing take place?"), planned),
        _ending(today),
        TaskList.of(_("Ask the partner whether it is still active"), unconfirmed),
        _without_document(),
    ]


def _ending(today: date) -> TaskList:
    """Return the public agreements that end soon or ended lately, if none was signed since."""
    since = Agreement.objects.public().filter(
        relationships__agreements=OuterRef("pk"),
        signed_on_earliest__gt=OuterRef("signed_on_latest"),
    )
    ending = Agreement.objects.public().filter(
        until_latest__gte=today - timedelta(days=DAYS_AFTER_AN_END),
        until_latest__lte=today + timedelta(days=DAYS_BEFORE_AN_END),
    )
    rows = ending.exclude(Exists(since)).order_by("until_latest", "slug")

    def is_over(agreement: Any) -> bool:
        return bool(agreement.until_latest < today)

    def sentence(agreement: Any) -> str:
        parts = {"agreement": agreement, "day": agreement.until}
        if is_over(agreement):
            return gettext("%(agreement)s: in force until %(day)s. It is over.") % parts
        return gettext("%(agreement)s: in force until %(day)s.") % parts

    heading = _("Agreements about to end")
    return TaskList.of_rows(heading, rows, sentence, is_late=is_over, page="partner")


def _without_document() -> TaskList:
    """Return the public sources that nobody can look up: no file and no link."""
    sources = Source.objects.public().filter(document="", address="", archived_address="")
    return TaskList.of_rows(_("Sources without a file or a link"), sources, str)
