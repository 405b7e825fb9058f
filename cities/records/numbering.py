"""Records that are numbered within the record that they belong to."""

import re
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from cities.records.publishing import Publishable

FROM_ONE = Q(number__gte=1)
"""For a constraint: records are numbered from 1."""


def number_once(
    owner: str, name: str = "%(app_label)s_%(class)s_number_once"
) -> models.UniqueConstraint:
    """Return the constraint that a number is used once in the record that `owner` names."""
    return models.UniqueConstraint(
        fields=[owner, "number"],
        name=name,
        violation_error_message=_("Somebody else added one with this number. Save again."),
    )


class Numbered(Publishable):
    """A record that belongs to another one, its owner, and is numbered there."""

    number = models.PositiveSmallIntegerField(
        _("number"),
        editable=False,
        validators=[MinValueValidator(1)],
        help_text=_("Numbered in the order they were added. A number is never used again."),
    )

    owner = ""
    """The field that names the record it belongs to."""

    class Meta(Publishable.Meta):
        abstract = True

    @classmethod
    def next_number(cls, owner_id: Any) -> int:
        """Return the number of the next record of an owner.

        The history knows the numbers of deleted drafts, so that none is used again.
        """
        every: Any = (cls._base_manager, cls.history)  # type: ignore[attr-defined]
        highest = [
            rows.filter(**{cls.owner: owner_id}).aggregate(highest=Max("number"))["highest"]
            for rows in every
        ]
        return max(number or 0 for number in highest) + 1

    def clean_fields(self, exclude: Any = None) -> None:
        """Give a new record its number."""
        owner_id = getattr(self, f"{self.owner}_id")
        if self.number is None and owner_id:
            self.number = self.next_number(owner_id)
        super().clean_fields(exclude=exclude)

    @property
    def was_public(self) -> bool:
        return super().was_public and getattr(self, self.owner).was_public


class CitedByNumber:
    """A numbered record that others cite, such as ``kobe-riga-3``. Its owner has a slug."""

    owner: str
    number: int

    @property
    def ref(self) -> str:
        """Its reference, such as kobe-riga-3."""
        return f"{getattr(self, self.owner).slug}-{self.number}"

    @classmethod
    def wanted(cls, ref: str) -> Q:
        """Return the filter for the record that is cited; for no citation, one without rows."""
        slug, __, number = ref.rpartition("-")
        if not re.fullmatch(r"[0-9]{1,4}", number):
            return Q(pk__in=[])
        return Q(**{f"{cls.owner}__slug": slug, "number": int(number)})
