"""Each release is migrated while the one before it serves: expand, move what is there, contract.

A migration adds only what the version before can leave alone. What takes something from it comes a
release later, in a migration that says why nobody misses it: `contracts = "…"`.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

RELEASED = {
    "cities": "0039_agreement_until",
    "exchanges": "0006_names_of_constraints",
    "lrscc": "0020_sent_forms",
    "resolutions": "0020_leading_zeros",
}
"""The newest migration of each app in the newest release: move them on with each one.

There is no release yet: these are of November 2026.
"""

TAKES_AWAY = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
    migrations.AlterUniqueTogether,
)


def faults_of(migration: Any, state: ProjectState) -> Iterator[str]:
    """What of a migration the version before it cannot live with."""
    new: set[tuple[str, str]] = set()
    app = migration.app_label
    for outer in migration.operations:
        inside = getattr(outer, "database_operations", [outer])
        for operation in inside:
            fault = _fault(operation, app, state, new)
            if fault and not getattr(migration, "contracts", ""):
                yield f"{migration.name}: {fault}"
        outer.state_forwards(app, state)


def _fault(operation: Any, app: str, state: ProjectState, new: set[tuple[str, str]]) -> str:
    if isinstance(operation, migrations.CreateModel):
        new.update((operation.name_lower, name) for name, __ in operation.fields)
    if isinstance(operation, TAKES_AWAY):
        return f"{operation.describe()}: the version before still uses it."
    if isinstance(operation, migrations.AddField):
        new.add((operation.model_name_lower, operation.name))
        field = operation.field
        if not (field.null or field.many_to_many or field.has_db_default()):
            return f"{operation.describe()}: the version before leaves it out. Give it db_default."
    if isinstance(operation, migrations.AlterField):
        return _narrowed(operation, app, state)
    if isinstance(operation, migrations.AddConstraint):
        named = repr(operation.constraint.deconstruct())
        if not any(
            model == operation.model_name_lower and f"'{name}" in named for model, name in new
        ):
            return f"{operation.describe()}: the version before does not know the rule."
    return ""


def _narrowed(operation: Any, app: str, state: ProjectState) -> str:
    before = state.apps.get_model(app, operation.model_name)._meta.get_field(operation.name)
    after = operation.field.clone()
    after.set_attributes_from_name(operation.name)
    after.model = before.model
    kinds = [field.get_internal_type() for field in (before, after)]
    shorter = (after.max_length or 0) < (before.max_length or 0)
    if kinds[0] != kinds[1] or shorter or before.null > after.null or after.unique > before.unique:
        return f"{operation.describe()}: the version before may save what no longer fits."
    return ""


def test_new_migrations_take_nothing_from_the_version_before():
    loader = MigrationLoader(None, replace_migrations=False)
    new = [
        key for key in loader.disk_migrations if key[0] in RELEASED and key[1] > RELEASED[key[0]]
    ]

    found = [
        fault
        for key in sorted(new)
        for fault in faults_of(
            loader.disk_migrations[key], loader.project_state(key, at_end=False)
        )
    ]

    assert found == []


def test_what_was_released_is_there():
    loader = MigrationLoader(None, replace_migrations=False)

    assert set(RELEASED.items()) <= set(loader.disk_migrations)


# --- the rules themselves -----------------------------------------------------------------

NAME = models.CharField(max_length=20)
NEW = ("thing", "new")
A_RULE = models.CheckConstraint(condition=models.Q(name__gt=""), name="rule")
A_NEW_RULE = models.CheckConstraint(condition=models.Q(new__gt=""), name="rule")


def found_in(*operations: Any, **more: Any) -> list[str]:
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("name", NAME)]
    fields.append(("note", models.TextField(null=True)))
    state.add_model(ModelState("cities", "Thing", fields))
    migration = type("Migration", (migrations.Migration,), {"operations": operations, **more})
    return [*faults_of(migration("0099_new", "cities"), state)]


@pytest.mark.parametrize(
    "operations",
    [
        [migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))])],
        [migrations.AddField(*NEW, models.DateField(null=True))],
        [migrations.AddField(*NEW, models.TextField(db_default=""))],
        [
            migrations.AddField(*NEW, models.TextField(db_default="")),
            migrations.AddConstraint("thing", A_NEW_RULE),
        ],
        [migrations.AddIndex("thing", models.Index(fields=["name"], name="by_name"))],
        [migrations.AlterField("thing", "name", models.CharField("title", max_length=30))],
        [migrations.AlterField("thing", "name", models.CharField(max_length=20, null=True))],
        [migrations.AlterModelOptions("thing", {"ordering": ["name"]})],
        [migrations.SeparateDatabaseAndState([], [migrations.RemoveField("thing", "name")])],
        [migrations.RunPython(migrations.RunPython.noop)],
    ],
)
def test_what_is_added_is_left_alone(operations):
    assert found_in(*operations) == []


REMOVED = migrations.RemoveField("thing", "name")


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        (REMOVED, "Remove field name from thing: the version before still uses it."),
        (migrations.DeleteModel("Thing"), "Delete model Thing: the version before still uses it."),
        (
            migrations.RenameField("thing", "name", "title"),
            "Rename field name on thing to title: the version before still uses it.",
        ),
        (
            migrations.SeparateDatabaseAndState([REMOVED], []),
            "Remove field name from thing: the version before still uses it.",
        ),
        (
            migrations.AddField(*NEW, models.TextField(default="")),
            "Add field new to thing: the version before leaves it out. Give it db_default.",
        ),
        (
            migrations.AddConstraint("thing", A_RULE),
            "Create constraint rule on model thing: the version before does not know the rule.",
        ),
        *[
            (
                migrations.AlterField("thing", name, field),
                f"Alter field {name} on thing: the version before may save what no longer fits.",
            )
            for name, field in (
                ("name", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=20, unique=True)),
                ("name", models.IntegerField()),
                ("note", models.TextField()),
            )
        ],
    ],
)
def test_what_the_version_before_needs_is_named(operation, fault):
    assert found_in(operation) == [f"0099_new: {fault}"]
    assert found_in(operation, contracts="Nothing has read it since 0.2.") == []
