"""What is left for the commission's staff to do about exchanges."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cities.records.tasks import TaskList
from exchanges.models import Exchange
from exchanges.states import CALLED_OFF, Phase, State


def task_lists(today: date) -> list[TaskList]:
    """Return all that is left to do, in a fixed number of queries."""
    over: Any = Exchange.objects.public().with_phase(today)
    over = over.filter(phase=Phase.PAST)
    undecided = over.exclude(state__in=[State.HELD, *CALLED_OFF]).select_related("program")
    return [TaskList.of_rows(_("Did the exchange take place?"), undecided, str)]
