"""Refusals of a wrong record: by the form of a clerk, the database, and the loader."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import tomli_w
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from cities.records.publishing import Publication
from cities.records.register_tables import PUBLICATION, Table
from lrscc.files.loading import RegisterError, load
from lrscc.files.tables import tables
from lrscc.files.writing import as_written


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


def assert_loader_refuses(record: models.Model, sentences: dict[str, list[str]] | str) -> None:
    """A register file with the record as it stands in memory is refused with just these."""
    if isinstance(sentences, str):
        sentences = {"__all__": [sentences]}
    where = _named(record)
    expected = [
        f"{where}{'' if field == '__all__' else f', field “{field}”'}: {sentence}"
        for field, of_field in sentences.items()
        for sentence in of_field
    ]
    found = refusals(record)
    assert sorted(found) == sorted(expected), found


def assert_refused(record: models.Model, sentences: dict[str, list[str]] | str) -> None:
    """Neither by hand nor from a file."""
    assert_clerk_reads(record, sentences)
    assert_loader_refuses(record, sentences)


def refusals(record: models.Model) -> list[str]:
    """What `load_register` says to a file with the record as it stands in memory."""
    with pytest.raises(RegisterError) as refusal:
        load_record(record)
    return refusal.value.refusals


def load_record(record: models.Model) -> None:
    """Load a file with the record as it stands in memory, and all it is a part of."""
    name, written = _as_file(record)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "register.toml"
        path.write_text(tomli_w.dumps({name: [written]}), encoding="utf-8")
        load([path], lambda *_: None)


def _path_to(model: type[models.Model]) -> list[tuple[str, Table]]:
    """The table of a model’s records, and the parts in which they are written."""

    def below(name: str, table: Table) -> list[tuple[str, Table]]:
        if table.model is model:
            return [(name, table)]
        ways = [below(*child) for child in table.all_children.items()]
        return next(([(name, table), *way] for way in ways if way), [])

    return next(way for way in (below(*named) for named in tables().items()) if way)


def _chain(record: models.Model) -> list[tuple[str, Table, Any]]:
    """The record with all it is a part of, outermost first."""
    chain: list[tuple[str, Table, Any]] = []
    owner: Any = record
    for name, table in reversed(_path_to(type(record))):
        chain.insert(0, (name, table, owner))
        owner = getattr(owner, table.parent) if table.parent else None
    return chain


def _as_file(record: models.Model) -> tuple[str, dict[str, Any]]:
    (name_of_table, table, top), *inner = _chain(record)
    above = written = _written(table, top)
    for name, table, row in inner:
        siblings = above.setdefault(name, [])
        stored = type(row)._base_manager.filter(pk=row.pk).first()
        key = _key(table, _written(table, stored)) if stored else None
        own = _written(table, row)
        place = [_key(table, sibling) for sibling in siblings]
        if key in place:
            siblings[place.index(key)] = own
        else:
            siblings.append(own)
        above = own
    return name_of_table, written


def _written(table: Table, record: Any) -> dict[str, Any]:
    """As `as_written`, also for what was never saved, and for what is to be withdrawn."""
    if record.pk:
        return as_written(table, record)
    many = {field.name for field in record._meta.many_to_many}
    fields = tuple(name for name in table.fields if name not in many)
    return as_written(Table(table.model, table.key, fields), record)


def _key(table: Table, written: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(written.get(name) for name in table.key)


def _named(record: models.Model) -> str:
    """How a refusal names it."""
    parts = []
    for _name, table, row in _chain(record):
        own = " ".join(str(part) for part in _key(table, _written(table, row)))
        parts.append(f"{table.label} “{own.replace('None', '?')}”")
    return f"register.toml: {', '.join(parts)}"


def as_published(record: Any) -> Any:
    """The draft, published in memory alone."""
    record.publication = Publication.PUBLISHED
    return record


def as_withdrawn(record: Any) -> Any:
    """The record, withdrawn in memory alone."""
    for name, value in zip(PUBLICATION, ("withdrawn", "2020-01-01", "Wrong."), strict=True):
        setattr(record, name, value)
    return record
