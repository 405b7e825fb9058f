"""What is left to do, in sentences, for the first page of the desk."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.urls import reverse

from cities.records.publishing import Publication

TASKS_SHOWN = 10
"""Tasks shown under one heading; the rest is counted."""

TASKS_OPEN = 5
"""Tasks shown at once; what goes beyond is folded away."""


@dataclass(frozen=True)
class Task:
    """One thing to do, and the record where it is done, if there is one.

    A model instead of a record stands for the list of its drafts.
    """

    sentence: str
    record: Any = None
    is_late: bool = False
    page: str = "change"
    """The page of the record where it is done."""

    @property
    def address(self) -> str:
        """The page of the record; of a model, the list of its drafts; nothing without either."""
        if self.record is None:
            return ""
        name = f"admin:{self.record._meta.app_label}_{self.record._meta.model_name}"
        if isinstance(self.record, type):
            return f"{reverse(f'{name}_changelist')}?publication__exact={Publication.DRAFT}"
        return reverse(f"{name}_{self.page}", args=[self.record.pk])


@dataclass(frozen=True)
class TaskList:
    """Things to do of one kind: the first few, and how many there are."""

    heading: Any
    tasks: list[Task] = field(default_factory=list)
    count: int = 0

    @property
    def first(self) -> list[Task]:
        return self.tasks[:TASKS_OPEN]

    @property
    def folded(self) -> list[Task]:
        return self.tasks[TASKS_OPEN:]

    @property
    def folded_count(self) -> int:
        """Return how many tasks are folded away, with those that are only counted."""
        return self.count - len(self.first)

    @property
    def more(self) -> int:
        return self.count - len(self.tasks)

    @classmethod
    def of(cls, heading: Any, tasks: Iterable[Task]) -> "TaskList":
        found = [*tasks]
        return cls(heading, found[:TASKS_SHOWN], len(found))

    @classmethod
    def of_rows(
        cls,
        heading: Any,
        rows: QuerySet,
        sentence: Callable[[Any], str],
        *,
        is_late: Callable[[Any], bool] = lambda row: False,
        page: str = "change",
    ) -> "TaskList":
        """Make tasks of the first few of rows that may be thousands, with one query."""
        first = list(rows.annotate(total=Window(Count("*")))[:TASKS_SHOWN])
        tasks = [Task(sentence(row), row, is_late(row), page) for row in first]
        return cls(heading, tasks, first[0].total if first else 0)
