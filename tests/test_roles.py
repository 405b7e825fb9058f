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
ACTS = "member meeting minutes resolution text action effect reply statement"
ACTS_PARTS = "seat term attendance relation ballot actioncitation"
DOINGS = "program exchange"
DOINGS_PARTS = "programrole exchangerole funding"
AWARDS = "awardcategory awardkind populationband"

GIVEN_BY = {
    "0001_roles": {
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
    },
    "0002_clerks_rights": {
        "Commission staff": [("resolutions", "view", f"{ACTS} {ACTS_PARTS}")],
        "Council clerk": [
            ("resolutions", "add change delete view preview", ACTS),
            ("resolutions", "add change delete view", ACTS_PARTS),
            ("cities", "add preview", "source"),
        ],
        "Publisher": [
            ("resolutions", "change view preview publish", ACTS),
            ("resolutions", "change view", ACTS_PARTS),
        ],
        "Commissioner": [
            ("resolutions", "view preview", ACTS),
            ("resolutions", "view", ACTS_PARTS),
        ],
        "Administrator": [
            ("resolutions", "view preview", ACTS),
            ("resolutions", "view", ACTS_PARTS),
        ],
    },
    "0003_exchanges_rights": {
        "Commission staff": [
            ("exchanges", "add change delete view preview", DOINGS),
            ("exchanges", "add change delete view", DOINGS_PARTS),
            ("exchanges", "view", AWARDS),
        ],
        "Council clerk": [("exchanges", "view", f"{DOINGS} {DOINGS_PARTS} {AWARDS}")],
        "Publisher": [
            ("exchanges", "change view preview publish", DOINGS),
            ("exchanges", "change view", DOINGS_PARTS),
            ("exchanges", "view", AWARDS),
        ],
        "Commissioner": [
            ("exchanges", "view preview", DOINGS),
            ("exchanges", "view", f"{DOINGS_PARTS} {AWARDS}"),
        ],
        "Administrator": [
            ("exchanges", "view preview", DOINGS),
            ("exchanges", "view", DOINGS_PARTS),
            ("exchanges", "add change delete view", AWARDS),
        ],
    },
    "0004_rights_on_summaries": {
        "Commission staff": [("cities", "add change delete view", "citysummary")],
        "Council clerk": [("cities", "view", "citysummary")],
        "Publisher": [("cities", "change view", "citysummary")],
        "Commissioner": [("cities", "view", "citysummary")],
        "Administrator": [("cities", "view", "citysummary")],
    },
    "0008_rights_on_register": {
        "Commission staff": [("cities", "view", "register")],
        "Council clerk": [("cities", "view", "register")],
        "Publisher": [("cities", "view", "register")],
        "Commissioner": [("cities", "view", "register")],
        "Administrator": [("cities", "add change view", "register")],
    },
    "0010_rights_on_vote_requirements": {
        "Commission staff": [("resolutions", "view", "voterequirement")],
        "Council clerk": [("resolutions", "add change delete view", "voterequirement")],
        "Publisher": [("resolutions", "change view", "voterequirement")],
        "Commissioner": [("resolutions", "view", "voterequirement")],
        "Administrator": [("resolutions", "view", "voterequirement")],
    },
    "0012_rights_on_numbering_schemes": {
        "Commission staff": [("resolutions", "view", "numberingscheme")],
        "Council clerk": [("resolutions", "add change delete view", "numberingscheme")],
        "Publisher": [("resolutions", "change view", "numberingscheme")],
        "Commissioner": [("resolutions", "view", "numberingscheme")],
        "Administrator": [("resolutions", "view", "numberingscheme")],
    },
    "0016_rights_on_offices": {
        "Commission staff": [("resolutions", "view", "office")],
        "Council clerk": [("resolutions", "add change delete view", "office")],
        "Publisher": [("resolutions", "change view", "office")],
        "Commissioner": [("resolutions", "view", "office")],
        "Administrator": [("resolutions", "view", "office")],
    },
    "0011_rights_on_other_numbers": {
        "Commission staff": [("resolutions", "view", "othernumber")],
        "Council clerk": [("resolutions", "add change delete view", "othernumber")],
        "Publisher": [("resolutions", "change view", "othernumber")],
        "Commissioner": [("resolutions", "view", "othernumber")],
        "Administrator": [("resolutions", "view", "othernumber")],
    },
    "0018_rights_on_populations": {
        "Commission staff": [("cities", "add change delete view", "population")],
        "Council clerk": [("cities", "view", "population")],
        "Publisher": [("cities", "change view", "population")],
        "Commissioner": [("cities", "view", "population")],
        "Administrator": [("cities", "view", "population")],
    },
    "0019_rights_on_former_countries": {
        "Commission staff": [("cities", "add change delete view", "formercountry")],
        "Council clerk": [("cities", "view", "formercountry")],
        "Publisher": [("cities", "change view", "formercountry")],
        "Commissioner": [("cities", "view", "formercountry")],
        "Administrator": [("cities", "view", "formercountry")],
    },
}
ROLES = ["Commission staff", "Council clerk", "Publisher", "Commissioner", "Administrator"]
FIRST, *LATER = GIVEN_BY


RENAMING = "0007_rights_on_programs"


def expected(migrations=tuple(GIVEN_BY)):
    """What each role holds after these migrations."""
    return {
        role: {
            f"{app}.{action}_{model}"
            for migration in migrations
            for app, actions, models in GIVEN_BY[migration].get(role, [])
            for action in actions.split()
            for model in models.split()
        }
        for role in ROLES
    }


def held():
    rows = Group.objects.values_list(
        "name", "permissions__content_type__app_label", "permissions__codename"
    )
    found: dict[str, set[str]] = {}
    for name, app, codename in rows:
        found.setdefault(name, set()).add(f"{app}.{codename}")
    return found


def migration(name):
    """The module, and the apps as they were when it ran."""
    state = MigrationLoader(connection, replace_migrations=False).project_state(("lrscc", name))
    return importlib.import_module(f"lrscc.migrations.{name}"), state.apps


@pytest.mark.parametrize("role", ROLES)
def test_group_holds_its_rights_and_no_other(role):
    assert held()[role] == expected()[role]


def test_groups_are_these_five():
    assert sorted(held()) == sorted(ROLES)


def test_first_migration_backwards_removes_its_groups_and_no_other():
    module, apps = migration(FIRST)
    Group.objects.create(name="Friends of the museum")

    module.take(apps, None)

    assert [*Group.objects.values_list("name", flat=True)] == ["Friends of the museum"]


def test_first_migration_forwards_again_gives_the_same_rights():
    module, apps = migration(FIRST)
    module.take(apps, None)

    module.give(apps, None)
    module.give(apps, None)

    assert held() == expected([FIRST])


@pytest.mark.parametrize("name", LATER)
def test_later_migration_takes_what_it_gave_and_no_more(name):
    module, apps = migration(name)

    module.take(apps, None)

    assert held() == expected([other for other in GIVEN_BY if other != name])


@pytest.mark.parametrize("name", LATER)
def test_later_migration_forwards_again_gives_the_same_rights(name):
    module, apps = migration(name)
    module.take(apps, None)

    module.give(apps, None)
    module.give(apps, None)
    migration(RENAMING)[0].rename(apps, None)  # as it follows: programs had a British name

    assert held() == expected()
