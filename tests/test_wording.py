"""Migrations that change sentences alone: they leave every table as it is."""

from django.db import models
from django.db.migrations import AlterConstraint, AlterField, AlterModelOptions
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Field

from cities.records.wording import ChangeWording

BEFORE = models.CharField(max_length=9, help_text="Old words.")
AFTER = models.CharField(max_length=9, help_text="New words.")


def test_words_change_in_the_state_and_models_are_made_again_once():
    state = ProjectState()
    state.add_model(ModelState("cities", "Town", [("name", BEFORE)]))
    made = state.apps
    change = ChangeWording([AlterField("town", "name", AFTER)])

    change.state_forwards("cities", state)

    field = state.apps.get_model("cities", "Town")._meta.get_field("name")
    assert state.apps is not made
    assert field.help_text == "New words."
    assert (change.describe(), change.deconstruct()) == (
        "Change sentences",
        ("ChangeWording", [], {"operations": change.state_operations}),
    )


def test_no_migration_of_words_changes_a_table():
    """A column or a rule among them would be left out of every database."""
    loader = MigrationLoader(None, replace_migrations=False)
    found = [key for key, migration in loader.disk_migrations.items() if words_of(migration)]

    assert len(found) == 6
    for key in found:
        state = loader.project_state(key, at_end=False)
        for change in words_of(loader.disk_migrations[key])[0].state_operations:
            before = columns_and_rules(state, key[0], change)
            change.state_forwards(key[0], state)
            assert columns_and_rules(state, key[0], change) == before, change.describe()


def columns_and_rules(state, app, change):
    """What of it a table has: the type of a column and its options, or the condition of a rule."""
    assert isinstance(change, AlterField | AlterConstraint | AlterModelOptions)
    model = state.models[app, (getattr(change, "model_name", None) or change.name).lower()]
    if isinstance(change, AlterModelOptions):
        return None
    if isinstance(change, AlterConstraint):
        (rule,) = [each for each in model.options["constraints"] if each.name == change.name]
        __, __, kept = rule.deconstruct()
        return {name: kept[name] for name in kept if "violation" not in name}
    __, kind, __, kept = model.fields[change.name].deconstruct()
    return kind, {name: kept[name] for name in kept if name not in Field.non_db_attrs}


def words_of(migration):
    return [change for change in migration.operations if isinstance(change, ChangeWording)]
