"""Rules that have an identity: a code, a sentence, and where they come from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any

from django.core.exceptions import ValidationError

OUR_DECISION = "Our own decision"
"""Where a rule comes from that no law or practice on record asks for."""

Check = Callable[..., list[str]]
"""Takes a record, and returns what staff read if it breaks the rule: what is wrong, what to do."""


@dataclass(frozen=True)
class Rule:
    """A rule for records of one kind.

    `sentence` states it, `origin` is the law or practice it comes from, and `field` is where a
    form shows what is wrong.
    """

    code: str
    field: str
    sentence: str
    origin: str
    check: Check

    def __call__(self, record: Any, *context: Any) -> list[str]:
        """Return what is wrong with the record; nothing if it obeys the rule."""
        return self.check(record, *context)


def rule(code: str, field: str, origin: str = OUR_DECISION) -> Callable[[Check], Rule]:
    """Make a rule of a check, whose docstring is the sentence of the rule."""

    def as_rule(check: Check) -> Rule:
        sentence = " ".join(cleandoc(check.__doc__ or "").split("\n\n")[0].split())
        return Rule(code, field, sentence, origin, check)

    return as_rule


def enforce(rules: Iterable[Rule], record: Any, *context: Any) -> None:
    """Raise `ValidationError` with what is wrong with the record, by field.

    The code of each error is the code of its rule.
    """
    errors: dict[str, list[ValidationError]] = {}
    for each in rules:
        for sentence in each(record, *context):
            errors.setdefault(each.field, []).append(ValidationError(sentence, code=each.code))
    if errors:
        raise ValidationError(errors)
