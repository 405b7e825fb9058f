"""Constraints that records of many kinds have."""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from django.db import models, router
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


@cache
def _fields_in(condition: Any) -> frozenset[str]:
    model: Any = models.Model
    return frozenset(path[0] for path in model._get_expr_references(condition))


def checks_hold(record: Any, exclude: Collection[str]) -> bool:
    """Return whether all checks hold that need no field of `exclude`, in one query.

    Django asks for each check by itself, which can cost more than the rest of a form.
    """
    constraints = record._meta.constraints
    conditions = [one.condition for one in constraints if isinstance(one, models.CheckConstraint)]
    asked = [one for one in conditions if _fields_in(one).isdisjoint(exclude)]
    if not asked:
        return True
    named = frozenset[str]().union(*map(_fields_in, asked))
    values = record._get_field_expression_map(record._meta, set(exclude))
    using = router.db_for_write(type(record), instance=record)
    return Q(*asked).check({name: values[name] for name in named}, using=using)
