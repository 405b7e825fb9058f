"""The groups, right for right: a right nobody meant to give shows here."""

import importlib

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.django_db

RECORDS = "city organization source relationship entry agreement"
PARTS = "cityname succession citation agreementtitle signatory"
TABLES = "relationshiptype authority"

RIGHTS = {
    "Commission staff": [
        ("cities", "add change delete view preview", RECORDS),
        ("cities", "add change delete view", PARTS),
        ("cities", "view", TABLES),
    ],
    "Council clerk": [("cities", "view", f"{RECORDS} {PARTS} {TABLES}")],
    "Publisher": [
        ("cities", "change view preview publish", RECORDS),
        ("cities", "change view", PARTS),
        ("cities", "view", TABLES),
    ],
    "Commissioner": [
        ("cities", "view preview", RECORDS),
        ("cities", "view", f"{PARTS} {TABLES}"),
    ],
    "Administrator": [
        ("cities", "view preview", RECORDS),
        ("cities", "view", PARTS),
        ("cities", "add change delete view", TABLES),
        ("auth", "add change view", "user"),
    ],
}
EXPECTED = {
    role: {
        f"{app}.{action}_{model}"
        for app, actions, models in rights
        for action in actions.split()
        for model in models.split()
    }
    for role, rights in RIGHTS.items()
}


def held():
    rows = Group.objects.values_list(
        "name", "permissions__content_type__app_label", "permissions__codename"
    )
    found: dict[str, set[str]] = {}
    for name, app, codename in rows:
        found.setdefault(name, set()).add(f"{app}.{codename}")
    return found


@pytest.fixture
def migration():
    """The module, and the apps as they were when it ran."""
    loader = MigrationLoader(connection)
    state = loader.project_state(("lrscc", "0001_roles"))
    return importlib.import_module("lrscc.migrations.0001_roles"), state.apps


@pytest.mark.parametrize("role", RIGHTS)
def test_group_holds_its_rights_and_no_other(role):
    assert held()[role] == EXPECTED[role]


def test_groups_are_these_five():
    assert held().keys() == RIGHTS.keys()


def test_migration_backwards_removes_its_groups_and_no_other(migration):
    module, apps = migration
    Group.objects.create(name="Friends of the museum")

    module.take(apps, None)

    assert [*Group.objects.values_list("name", flat=True)] == ["Friends of the museum"]


def test_migration_forwards_again_gives_the_same_rights(migration):
    module, apps = migration
    module.take(apps, None)

    module.give(apps, None)
    module.give(apps, None)

    assert held() == EXPECTED
