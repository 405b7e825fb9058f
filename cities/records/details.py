"""A row that is kept with the one record that it belongs to."""

from collections.abc import Collection
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models

from cities.records.base import Record
from cities.records.publishing import Publication, refusal_to_delete


class DetailQuerySet(models.QuerySet):
    def of_public(self) -> Self:
        """Filter to the rows whose record was published, by what is stored."""
        (owner,) = self.model.parents  # type: ignore[attr-defined]
        return self.exclude(**{f"{owner}__publication": Publication.DRAFT})

    def delete(self) -> tuple[int, dict[str, int]]:
        """Raise `ProtectedError` if the record of one of the rows was published."""
        if (public := self.of_public()).exists():
            raise refusal_to_delete(public)
        return super().delete()


class Detail(Record):
    """A row that means nothing without the one record that it belongs to.

    Once that record was published, nobody deletes the row or changes its `frozen_fields`.
    """

    frozen_message: Any = ""
    """What staff read when they try to change one of them."""

    objects = DetailQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def owner_model(cls) -> Any:
        """Return the model of the record that it belongs to."""
        (owner,) = cls.parents
        return cls._meta.get_field(owner).related_model

    @property
    def frozen_fields(self) -> Collection[str]:
        return ()

    def clean_fields(self, exclude: Any = None) -> None:
        super().clean_fields(exclude=exclude)
        stored = self._stored_of_public().first() if self.pk else None
        if stored and self.differs_from(stored, self.frozen_fields):
            raise ValidationError(self.frozen_message)

    def _stored_of_public(self) -> Any:
        """Return its row as stored, if the record that it belongs to was published."""
        rows: Any = type(self)._default_manager
        return rows.of_public().filter(pk=self.pk).order_by()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise `ProtectedError` if the record that it belongs to was published."""
        if self._stored_of_public().exists():
            raise refusal_to_delete({self})
        return super().delete(*args, **kwargs)
