"""Documents of the search are of kinds that the apps name: a city, a program.

On SQLite Django copies the table to drop a constraint, and the triggers that keep the index of
words stay behind: the index is taken away first and made again afterward, from the documents.
"""

from importlib import import_module

from django.db import migrations, models

search = import_module("lrscc.migrations.0005_search_documents")


def make(apps, schema_editor):
    search.make(apps, schema_editor)
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"INSERT INTO {search.WORDS} ({search.WORDS}) VALUES ('rebuild')")


def take(apps, schema_editor):
    """Also the triggers, which on SQLite would else name a table of words that is gone."""
    if schema_editor.connection.vendor == "sqlite":
        for change in ("added", "deleted", "changed"):
            schema_editor.execute(f"DROP TRIGGER {search.WORDS}_{change}")
    else:
        schema_editor.execute(
            f"ALTER TABLE {search.TABLE} DROP COLUMN in_head, DROP COLUMN in_all"
        )
    search.take(apps, schema_editor)


def rename(apps, schema_editor):
    documents = apps.get_model("lrscc", "SearchDocument").objects
    documents.filter(kind="place").update(kind="city")
    documents.filter(kind="programme").update(
        kind="program",
        url=models.functions.Replace(
            "url", models.Value("/programmes/"), models.Value("/programs/")
        ),
    )


def name_back(apps, schema_editor):
    documents = apps.get_model("lrscc", "SearchDocument").objects
    documents.filter(kind="city").update(kind="place")
    documents.filter(kind="program").update(
        kind="programme",
        url=models.functions.Replace(
            "url", models.Value("/programs/"), models.Value("/programmes/")
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("lrscc", "0005_search_documents")]

    operations = [
        migrations.RunPython(take, make),
        migrations.RemoveConstraint("SearchDocument", "lrscc_searchdocument_kind_known"),
        migrations.AlterField("SearchDocument", "kind", models.CharField(max_length=20)),
        migrations.RunPython(rename, name_back),
        migrations.RunPython(make, take),
    ]
