"""Constraints that records of many kinds have."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Q


def one_of(**choices: type[models.TextChoices] | Iterable[str]) -> Q:
    """Return the condition that each of the fields has one of its choices."""
    return Q(**{f"{field}__in": _values(values) for field, values in choices.items()})


def _values(choices: Any) -> list[str]:
    return list(getattr(choices, "values", choices))


def optional(choices: type[models.TextChoices]) -> list[str]:
    """Return the choices of a field that may be empty."""
    return ["", *choices.values]


def choices_constraint(
    name: str, message: Any, **choices: type[models.TextChoices] | Iterable[str]
) -> models.CheckConstraint:
    """Return the constraint that each of the fields has one of its choices."""
    return models.CheckConstraint(
        condition=one_of(**choices), name=name, violation_error_message=message
    )


def dates_in_order(first: str, last: str, name: str, message: Any) -> models.CheckConstraint:
    """Return the constraint that one date on record can be as late as another one.

    Both may be empty, or known only roughly.
    """
    return models.CheckConstraint(
        condition=Q(**{f"{first}_earliest__isnull": True})
        | Q(**{f"{last}_latest__isnull": True})
        | Q(**{f"{last}_latest__gte": F(f"{first}_earliest")}),
        name=name,
        violation_error_message=message,
    )
