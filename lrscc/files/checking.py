"""Check records, and save them one by one."""

from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction

from lrscc.files.lookups import record_for


class OneByOne:
    """Saves each record at once."""

    find = staticmethod(record_for)

    def save(self, record: models.Model) -> None:
        """Check a record and save it."""
        with transaction.atomic():
            check(record)
            record.save()

    def link(self, record: models.Model, name: str, others: list[models.Model]) -> None:
        """Set the records that it names in a field to many."""
        getattr(record, name).set(others)

    def before_publishing(self, record: models.Model, parts: Iterable[str]) -> None:
        """Read the parts once: the rules read them over and over, and no more of them come."""
        models.prefetch_related_objects([record], *parts)


def check(record: models.Model) -> None:
    """Raise `ValidationError` for what the database does not check itself when saving.

    Asking it about each constraint and each link first would double the time of a load. Every
    link that is given was looked up for the record.
    """
    found = [
        field.name
        for field in record._meta.concrete_fields
        if field.is_relation and getattr(record, field.attname) is not None
    ]
    record.full_clean(exclude=found, validate_unique=False, validate_constraints=False)


def all_that_is_wrong(record: models.Model, error: Exception) -> ValidationError:
    """Return every sentence about a refused record, those of its constraints included."""
    try:
        record.full_clean()
    except ValidationError as refusal:
        return refusal
    why = " ".join(str(error).split())
    return ValidationError({NON_FIELD_ERRORS: f"The database refused it ({why})."})
