"""Derived rows made again: by commands, after migrations, and when their rules changed."""

from importlib import import_module
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation

from cities.models import City, Entry, Relationship, StandingPeriod
from cities.records import rebuilding
from cities.records.derived import registered
from lrscc.models import DerivedVersion, SearchDocument
from lrscc.running import deriving
from lrscc.running.deriving import outdated
from lrscc.running.preparing import NotReadyError
from resolutions.models import CoursePeriod, Resolution
from tests.derived import differences, rebuild_all
from tests.factories import make_action, make_city, make_entry, make_partnership, make_resolution

pytestmark = pytest.mark.django_db
WRONG_STATUS = "a row has “active” in status, where it should be “ended”."
WRONG_TITLE = "a row has “Wrong” in title, where it should be"
STATUSES = [StandingPeriod, CoursePeriod]


@pytest.fixture
def record():
    """A relationship that ended, and a resolution that was adopted."""
    relationship = make_partnership("otsu")
    make_entry(relationship, "terminated", "1995")
    make_action(make_resolution("r"), "adopt", "2013-08-19")
    rebuild_all()


def every_row() -> list[list[tuple]]:
    tables = (*STATUSES, SearchDocument)
    found = []
    for table in tables:
        names = [field.name for field in table._meta.concrete_fields if field.name != "id"]
        found.append(sorted(table.objects.order_by().values_list(*names), key=str))
    return found


def spoil() -> None:
    """Change derived rows as nobody but a fault or SQL by hand would."""
    StandingPeriod.objects.filter(status="ended").update(status="active")
    CoursePeriod.objects.all().delete()
    SearchDocument.objects.filter(kind="city").update(title="Wrong", head="wrong")


def run(command: str) -> list[str]:
    output = StringIO()
    call_command(command, stdout=output)
    return output.getvalue().splitlines()


# --- the commands -------------------------------------------------------------------------


def test_rebuild_makes_every_row_again(record):
    expected = every_row()
    spoil()

    lines = run("rebuild")

    assert every_row() == expected
    assert lines[:3] == [
        "Records whose derived rows were made again:",
        "  status of relationships: 1",
        "  status of resolutions: 1",
    ]
    assert len(lines) == 1 + len(registered())
    assert outdated() == []


def test_rebuild_deletes_the_rows_of_records_that_are_gone(record):
    SearchDocument.objects.create(kind="city", object_id=10**6, slug="x", url="/x/", title="X")

    run("rebuild")

    assert not SearchDocument.objects.filter(object_id=10**6).exists()


def test_check_names_the_first_difference_of_each_derivation(record):
    assert all(line.endswith(": as it should be.") for line in run("check_derived"))
    spoil()
    output = StringIO()
    relationship, resolution = Relationship.objects.get(), Resolution.objects.get()
    city = City.objects.order_by("pk")[0]

    with pytest.raises(CommandError, match=r"^Something differs\. `manage\.py rebuild` makes it"):
        call_command("check_derived", stdout=output)

    assert [line for line in output.getvalue().splitlines() if "as it should" not in line] == [
        f"  status of relationships: Relationship {relationship.pk}: {WRONG_STATUS}",
        f"  status of resolutions: Resolution {resolution.pk}: a row is missing.",
        f"  search of city: City {city.pk}: {WRONG_TITLE} “{city.name}”.",
    ]


def test_check_names_a_row_too_many(record):
    Entry.objects.filter(kind="terminated").update(acceptance="claimed", why_not_preferred="No.")

    relationship = Entry.objects.first().relationship_id
    assert f"Relationship {relationship}: a row should not be there." in differences()


@pytest.mark.parametrize("command", ["rebuild", "check_derived"])
def test_commands_say_when_the_tables_are_not_ready(monkeypatch, command):
    def refuse() -> None:
        raise NotReadyError("Run migrate first.")

    module = import_module(f"lrscc.management.commands.{command}")
    monkeypatch.setattr(module, "check_tables", refuse)

    with pytest.raises(CommandError, match=r"^Run migrate first\.$"):
        call_command(command)


def test_rebuild_that_waits_in_vain_says_so(monkeypatch):
    class WaitedError(Exception):
        pgcode = "55P03"  # lock not available

    def wait(derivation):
        raise OperationalError from WaitedError()

    monkeypatch.setattr(deriving, "rebuild", wait)

    with pytest.raises(CommandError, match=r"^Somebody else is saving for long, perhaps an imp"):
        call_command("rebuild", stdout=StringIO())


def test_rebuild_does_not_hide_another_fault(monkeypatch):
    def fail(derivation):
        raise OperationalError("disk is full")

    monkeypatch.setattr(deriving, "rebuild", fail)

    with pytest.raises(OperationalError, match="disk is full"):
        call_command("rebuild", stdout=StringIO())


def test_others_can_save_between_the_batches_of_a_rebuild(record, monkeypatch):
    """Slow rules make batches small; on a fast machine there is a pause all the same."""
    for number in range(50):
        make_city(f"city-{number}")
    batches, slept, now = [], [], [0.0]
    search = next(each for each in registered() if each.name == "search of city")
    derive = type(search).derive

    def slowly(derivation, pks):
        now[0] += 0.0999 * len(pks)
        batches.append(len(pks))
        derive(derivation, pks)

    monkeypatch.setattr(type(search), "derive", slowly)
    monkeypatch.setattr(rebuilding, "monotonic", lambda: now[0])
    monkeypatch.setattr(rebuilding, "sleep", slept.append)
    monkeypatch.setattr(rebuilding, "connection", SimpleNamespace(in_atomic_block=False))
    rebuilding.rebuild(search)
    monkeypatch.undo()

    assert batches[0] == 20
    assert set(batches[1:-1]) == {4}
    assert sum(batches) == 52
    assert slept == [rebuilding.PAUSE] * len(batches)
    assert differences() == []


# --- when -----------------------------------------------------------------------------------


def after_migrations(plan: object) -> None:
    deriving._after_migrations(using="default", verbosity=0, plan=plan)


def test_migrations_make_everything_again(record):
    """They change rows without a signal."""
    spoil()

    after_migrations([("a migration", False)])

    assert differences() == []


def test_migrations_make_texts_in_the_language_of_the_site(record):
    """`migrate` itself speaks none: dates were “Oct. 1, 1969” in the search after each upgrade."""
    with translation.override(None):
        after_migrations([("a migration", False)])

    assert differences() == []
    assert "october" in SearchDocument.objects.get(slug="otsu").body


def test_migrate_without_migrations_makes_again_what_has_new_rules(record, monkeypatch):
    after_migrations([("a migration", False)])
    assert outdated() == []
    spoil()

    after_migrations([])
    assert len(differences()) == 5

    courses = next(each for each in registered() if each.name == "status of resolutions")
    monkeypatch.setattr(courses, "version", courses.version + 1, raising=False)
    assert outdated() == [courses]
    after_migrations([])

    assert len(differences()) == 3
    assert DerivedVersion.objects.get(name=courses.name).version == courses.version


@pytest.mark.parametrize("plan", [None, [("a migration", True)]], ids=["flush", "in part"])
def test_nothing_is_made_again_where_the_tables_are_others(record, plan):
    spoil()
    if plan is not None:
        MigrationRecorder(connection).migration_qs.filter(app="lrscc").delete()

    after_migrations(plan)

    assert len(differences()) == 5


def test_version_is_named():
    assert str(DerivedVersion(name="search of city", version=3)) == "search of city: 3"
