"""Each app describes its kinds of record once; the engines read that, and know no model."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import checks

from cities.models import City
from cities.records.publishing import Publishable
from cities.records.record_types import RecordType, Registry, registry
from cities.records.register_tables import Table
from cities.records.search_fields import SearchFields
from lrscc.files.tables import tables
from lrscc.search.checks import check_search_addresses, check_search_fields
from lrscc.search.documents import Indexed

ROOT = Path(__file__).resolve().parent.parent
APPS = ("cities", "exchanges", "resolutions")
ENGINES = [
    path
    for folder in ("changes", "files", "search")
    for path in sorted((ROOT / "lrscc" / folder).rglob("*.py"))
]


def test_every_publishable_record_is_described_and_its_changes_are_listed():
    publishable = {model for model in apps.get_models() if issubclass(model, Publishable)}

    described = {record_type.model for record_type in registry if record_type.changes}

    assert described == publishable


def test_a_kind_of_record_is_described_once():
    found = Registry()
    found.register(RecordType(City, "city", "Cities"))

    with pytest.raises(ValueError, match="City is registered already"):
        found.register(RecordType(City, "place", "Places"))


def test_every_publishable_record_is_written_in_register_files():
    written = {table.model: table for table in (*tables().values(), *parts_of(tables().values()))}

    assert {model for model in written if issubclass(model, Publishable)} == {
        record_type.model for record_type in registry if record_type.changes
    }
    for record_type in registry:
        assert record_type.table is written[record_type.model], record_type.label


def parts_of(found: Iterable[Table]) -> Iterator[Table]:
    for table in found:
        yield from table.all_children.values()
        yield from parts_of(table.all_children.values())


def test_a_table_is_loaded_after_those_that_its_records_name():
    """But for parts that are loaded last, and records that name others of their own table."""
    loaded: set[Any] = set()
    for table in tables().values():
        rows = with_parts(table)
        loaded |= {row.model for row in rows}
        fields = {row.model._meta.get_field(name) for row in rows for name in row.fields}
        named = {field.related_model for field in fields if field.is_relation}
        assert named <= loaded, table.name


def with_parts(table: Table) -> list[Table]:
    """A table and its parts that are loaded with it."""
    return [table, *(part for child in table.children.values() for part in with_parts(child))]


def imported(path: Path) -> set[str]:
    """The modules of apps that a file imports."""
    tree = ast.parse(path.read_text())
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    ]
    return {name for name in names if name.partition(".")[0] in APPS}


def test_engines_know_the_kit_of_records_and_no_app():
    kit = ("cities.records", "cities.records.")
    known = {
        str(path.relative_to(ROOT)): sorted(
            name for name in imported(path) if name != kit[0] and not name.startswith(kit[1])
        )
        for path in ENGINES
    }

    assert {path: names for path, names in known.items() if names} == {}


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("name", ""),
        ("country_name", ""),
        ("names__text", ""),
        ("__str__", ""),
        ("nmae", "nmae"),
        ("nmaes__text", "nmaes"),
        ("names__txet", "txet"),
        ("country_name__text", "country_name"),
        ("relationships__entries", "entries"),
    ],
)
def test_path_of_the_search_that_leads_nowhere_is_refused_at_the_start(path, missing):
    fields = SearchFields(kind="city", order=1, title="name", keywords=(path,))
    found = check_search_fields([RecordType(City, "city", "Cities", search=fields)])

    assert [(error.id, error.msg) for error in found] == (
        [("search.E001", f"“{path}” leads nowhere from City: there is no “{missing}”.")]
        if missing
        else []
    )


def test_search_of_the_site_leads_somewhere_on_every_path():
    assert check_search_fields() == []
    assert check_search_addresses() == []
    assert checks.run_checks() == []


def test_kind_that_is_searched_and_not_in_the_api_is_refused_at_the_start():
    """The API’s search could not say where the record is."""
    fields = SearchFields(kind="town_hall", order=1, title="name")
    found = check_search_addresses([RecordType(City, "city", "Cities", search=fields)])

    assert [(error.id, error.msg) for error in found] == [
        ("search.E002", "City is found by words, but the API has no “town-hall-detail”.")
    ]


@pytest.mark.parametrize(
    ("path", "fields"),
    [("part_of__name", {"name", "publication"}), ("part_of__country_name", set())],
)
def test_document_depends_on_the_field_it_reads_or_on_all_where_it_reads_a_property(path, fields):
    search = SearchFields(kind="city", order=1, title="name", keywords=(path,))
    city = Indexed(RecordType(City, "city", "Cities", search=search))

    assert city.dependencies == {"part_of": frozenset(fields)}
