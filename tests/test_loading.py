"""Many rows loaded together: the same records, versions and refusals as one by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cities.records.log import LogEntry, LoggedRecord
from lrscc.files import loading
from lrscc.files.batches import ROWS_PER_BATCH
from lrscc.files.pending import Pending
from lrscc.files.saving import Saver
from resolutions.models import Ballot, Resolution
from tests.exchanges.test_files import FILES as EXCHANGES
from tests.resolutions.test_files import FILES as RESOLUTIONS
from tests.test_files import FILES as CITIES
from tests.test_files import load, refusals, write

pytestmark = pytest.mark.django_db

COUNCIL = {
    "sources.toml": '[[sources]]\nslug = "minutes"\ntitle = "Minutes"\nkind = "proceedings"\n'
    'reliability = "proceedings"\n',
    "organizations.toml": '[[organizations]]\nslug = "council"\nname = "City Council"\n'
    'classification = "council"\n',
    "seats.toml": '[[seats]]\nslug = "member"\norganization = "council"\nlabel = "Member"\n'
    "places = 9\n",
    "members.toml": "".join(
        f'[[members]]\nslug = "member-{number}"\nname = "Member {number}"\n'
        f'sort_name = "{number}, Member"\n[[members.terms]]\norganization = "council"\n'
        'seat = "member"\nsince = "1990"\nsource = "minutes"\n\n'
        for number in range(9)
    ),
    "meetings.toml": '[[meetings]]\nslug = "meeting"\norganization = "council"\n'
    'on = "2018-01-08"\nkind = "regular"\nstate = "held"\nattendance = [\n'
    '    { member = "member-0", presence = "present" },\n]\n',
}


QUERIES_FOR_KEYS_AND_ROWS = 25
"""Those of a load that more rows need, where a database takes or gives some at a time."""


def resolution(number: int) -> str:
    """A resolution with a text, its adoption, nine votes and a source."""
    ballots = "".join(
        f'    {{ member = "member-{member}", choice = "{"no" if member > 6 else "yes"}" }},\n'
        for member in range(9)
    )
    return f"""\
[[resolutions]]
slug = "res-{number}"
organization = "council"
kind = "resolution"
number = "#2018-{number}"
number_year = 2018
title = "Resolution {number}"
sources = ["minutes"]

[[resolutions.actions]]
number = 1
kind = "adopt"
on = "2018-01-08"
organization = "council"
meeting = "meeting"
text = "res-{number}-1"
mover = "member-0"
seconder = "member-1"
method = "roll_call"
outcome = "carried"
requirement = "majority"
base = "cast"
ballots = [
{ballots}]
citations = [
    {{ source = "minutes", role = "supports" }},
]

[[resolutions.texts]]
number = 1
kind = "adopted"
on = "2018-01-08"
text = "RESOLVED, that it is number {number}."

"""


def council(count: int) -> dict[str, str]:
    """The files of a council with a number of resolutions."""
    return COUNCIL | {"resolutions.toml": "".join(map(resolution, range(1, count + 1)))}


@pytest.fixture(params=["together", "one by one"])
def one_by_one_also(request, monkeypatch):
    """Load as usual, and with each row saved by itself."""
    if request.param == "one by one":
        monkeypatch.setattr(Saver, "save_in_memory", lambda *_: None)


@pytest.fixture
def together(monkeypatch) -> list[int]:
    """Have how many records each batch wrote together."""
    written: list[int] = []
    write_all = Pending.write

    def counted(pending: Any) -> None:
        written.append(len(pending._records))
        write_all(pending)

    monkeypatch.setattr(Pending, "write", counted)
    return written


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that a load writes, with places in their tables as keys."""
    stored = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ("cities", "exchanges", "resolutions", "lrscc")
        and model._meta.managed
    ]
    ranks = {model: _ranks(model) for model in stored}
    return {model._meta.label: _rows(model, ranks) for model in stored}


def _ranks(model: Any) -> dict[Any, int]:
    """Return the place of each row: versions stand in the order of each record of theirs."""
    order = ("id", "pk") if hasattr(model, "history_type") else ("pk",)
    keys = model._base_manager.order_by(*order).values_list("pk", flat=True)
    return {key: rank for rank, key in enumerate(keys)}


def _rows(model: Any, ranks: dict[Any, dict[Any, int]]) -> list[dict[str, Any]]:
    original = getattr(model, "instance_type", model)
    left_out = {"history_date", "object_id", "batch", "moment", "feed_id", "version"}
    if model in (LogEntry, LoggedRecord):  # in any order
        left_out |= {"id", "number", "page_id", "record_id", "newest_id"}
    if original is not model:
        left_out.add(model._meta.pk.attname)
    if original._meta.auto_created:
        left_out.add("id")  # links are made in any order
    models = {
        field.attname: field.related_model
        for field in model._meta.concrete_fields
        if field.is_relation
    } | {"id": original}
    rows = [
        {
            name: ranks[models[name]].get(value) if models.get(name) in ranks else value
            for name, value in row.items()
            if name not in left_out
        }
        for row in model._base_manager.order_by("pk").values()
    ]
    return sorted(rows, key=repr)


def only(name: str, files: dict[str, str]) -> dict[str, str]:
    return {f"{name}.toml": files[f"{name}.toml"]}


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "files", [CITIES, RESOLUTIONS, EXCHANGES, council(3)], ids=["cities", "all", "exchanges", "3"]
)
def test_rows_loaded_together_leave_what_they_leave_one_by_one(
    files, tmp_path, together, monkeypatch, indexed
):
    folder = write(tmp_path / "register", files)
    with undone():
        report = load(folder)
        found = everything()
    assert sum(together) > 3

    monkeypatch.setattr(Saver, "save_in_memory", lambda *_: None)

    assert load(folder) == report
    assert everything() == found


@pytest.mark.dialect
def test_records_and_their_versions_are_written_together(tmp_path, together):
    load(write(tmp_path / "register", council(3)))

    assert max(together) == 3 * 13
    history = Resolution.objects.get(slug="res-1").history.order_by("history_id")
    said = [
        (row.history_type, row.publication, row.history_change_reason, row.history_user)
        for row in history
    ]
    assert said == [
        ("+", "draft", "load_register resolutions.toml", None),
        ("~", "draft", "load_register resolutions.toml", None),
        ("~", "published", "load_register resolutions.toml", None),
    ]
    assert [row.sources.count() for row in history] == [0, 1, 1]
    assert [row.history_change_reason for row in Ballot.history.all()] == [
        "load_register resolutions.toml"
    ] * 27


def queries_of(folder: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        load(folder)
    return len(queries)


def test_number_of_queries_hardly_grows_with_the_rows(tmp_path):
    load(write(tmp_path / "council", COUNCIL))
    one = write(tmp_path / "one", {"resolutions.toml": resolution(1)})
    more = write(tmp_path / "more", {"resolutions.toml": "".join(map(resolution, range(2, 32)))})

    of_one, of_thirty = queries_of(one), queries_of(more)

    assert of_one < 125
    assert of_thirty < of_one + QUERIES_FOR_KEYS_AND_ROWS


def test_same_rows_are_compared_in_a_few_queries(tmp_path):
    load(write(tmp_path / "register", council(30)))
    again = write(tmp_path / "again", only("resolutions", council(30)))

    assert queries_of(again) < 40
    assert load(again).endswith("Loaded: 0 new, 0 changed, 390 the same.\n")


def test_one_wrong_vote_among_thousands_of_rows_is_named(tmp_path, together):
    load(write(tmp_path / "council", COUNCIL))
    number = ROWS_PER_BATCH + 5
    wrong = resolution(number).replace("member-4", "nobody")
    text = council(number + 3)["resolutions.toml"].replace(resolution(number), wrong)
    where = f"resolutions.toml: resolution “res-{number}”, action “1”"

    assert refusals(write(tmp_path / "wrong", {"resolutions.toml": text})) == [
        (
            f"{where}, vote “nobody”, field “member”: There is no member “nobody”. Add it to a"
            " file, or correct the slug."
        ),
        f"{where}: The roll call is missing Member 4. Record a vote or an absence.",
    ]
    assert max(together) == 13 * ROWS_PER_BATCH


def test_what_only_the_database_refuses_among_many_rows_is_named(tmp_path):
    load(write(tmp_path / "council", COUNCIL))
    text = council(30)["resolutions.toml"].replace('"#2018-20"', '"2018-10"')

    assert refusals(write(tmp_path / "wrong", {"resolutions.toml": text})) == [
        (
            "resolutions.toml: resolution “res-20”: This organization already used this number in"
            " that year. A number is never used again."
        )
    ]


def test_rule_that_asks_the_database_finds_what_came_before_it(tmp_path):
    """The second member in a seat of one is compared with the first, of the same file."""
    seats = COUNCIL["seats.toml"].replace("places = 9", "places = 1")

    said = refusals(write(tmp_path / "full", COUNCIL | {"seats.toml": seats}))

    terms = [sentence for sentence in said if sentence.startswith("members.toml")]
    assert len(terms) == 8
    assert "“member-1”" in terms[0]
    assert "Member 0, Member is on record for the same time" in terms[0]


def test_new_changed_and_same_rows_may_be_mixed(tmp_path, one_by_one_also):
    load(write(tmp_path / "council", council(6)))
    changed = resolution(4).replace("Resolution 4", "Resolution four")
    withdrawn = resolution(5).replace(
        'title = "Resolution 5"\n',
        'title = "Resolution 5"\npublication = "withdrawn"\nwithdrawn_on = 2026-01-04\n'
        'withdrawn_because = "It was another one."\n',
    )
    gone = resolution(9).replace(
        'title = "Resolution 9"\n',
        'title = "Resolution 9"\npublication = "withdrawn"\nwithdrawn_on = 2026-01-04\n'
        'withdrawn_because = "It was never one."\n',
    )
    rows = [resolution(8), changed, resolution(2), withdrawn, gone, resolution(7)]

    said = load(write(tmp_path / "mixed", {"resolutions.toml": "".join(rows)}))

    assert said.endswith("Loaded: 39 new, 2 changed, 37 the same.\n")
    states = Resolution.objects.values_list("slug", "title", "publication").order_by("pk")
    assert [*states][3:] == [
        ("res-4", "Resolution four", "published"),
        ("res-5", "Resolution 5", "withdrawn"),
        ("res-6", "Resolution 6", "published"),
        ("res-8", "Resolution 8", "published"),
        ("res-9", "Resolution 9", "withdrawn"),
        ("res-7", "Resolution 7", "published"),
    ]
    assert Ballot.objects.count() == 9 * 9


def limit_on_waiting() -> str:
    """How long the connection waits for others, as its database says it."""
    read = {"sqlite": "PRAGMA busy_timeout", "postgresql": "SHOW lock_timeout"}
    with connection.cursor() as cursor:
        cursor.execute(read[connection.vendor])
        return str(cursor.fetchone()[0])


@pytest.mark.dialect
def test_postgresql_looks_at_its_tables_while_a_load_grows_and_after_it(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "MANY_RECORDS", 20)
    monkeypatch.setattr(loading, "ROWS_PER_BATCH", 1)
    write(tmp_path, council(6))
    is_postgresql = connection.vendor == "postgresql"
    wanted = ["ANALYZE (SKIP_LOCKED)"] * 4 if is_postgresql else []

    for looks in (wanted, []):  # nothing is new the second time
        with CaptureQueriesContext(connection) as queries:
            load(tmp_path)
        assert [one["sql"] for one in queries if "ANALYZE" in (one["sql"] or "")] == looks


def test_load_waits_without_the_limit_of_a_page(tmp_path):
    loading.load([write(tmp_path / "council", COUNCIL)], lambda *_: None)
    usual = limit_on_waiting()
    seen = []

    loading.load(
        [write(tmp_path / "more", only("resolutions", council(3)))],
        lambda *_: seen.append(limit_on_waiting()),
    )

    assert set(seen) == {{"sqlite": "3600000", "postgresql": "0"}[connection.vendor]}
    assert limit_on_waiting() == usual
