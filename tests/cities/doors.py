"""One wrong record at two doors: what the clerk reads, and what the database refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction


def sentences_for_clerk(record: models.Model) -> dict[str, list[str]]:
    """The sentences, by field, with which full validation refuses the record."""
    with pytest.raises(ValidationError) as refusal:
        record.full_clean()
    return refusal.value.message_dict


def assert_clerk_reads(record: models.Model, sentences: dict[str, list[str]] | str) -> None:
    """Full validation refuses the record with these sentences by field, or with this one."""
    if isinstance(sentences, str):
        sentences = {"__all__": [sentences]}
    found = sentences_for_clerk(record)
    assert found == sentences, found


def assert_database_refuses(record: models.Model, *, match: str) -> None:
    """The database itself refuses the row, written past all validation, by the rule’s name."""
    manager = type(record)._base_manager
    rows = manager.count()
    with pytest.raises(IntegrityError, match=match), transaction.atomic():
        manager.bulk_create([record])
    assert manager.count() == rows
