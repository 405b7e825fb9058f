"""Plain American names: entries have numbers, sources a reliability, names are romanized."""

from django.db import migrations

KINDS = {"romanised": "romanized", "misspelt": "misspelled"}


def _rename(apps, kinds):
    for model in ("CityName", "HistoricalCityName"):
        names = apps.get_model("cities", model).objects
        for old, new in kinds.items():
            names.filter(kind=old).update(kind=new)


def american_values(apps, schema_editor):
    _rename(apps, KINDS)


def british_values(apps, schema_editor):
    _rename(apps, {new: old for old, new in KINDS.items()})


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0005_summaries_in_other_languages"),
    ]

    operations = [
        migrations.RemoveConstraint("Entry", "cities_entry_line_from_one"),
        migrations.RemoveConstraint("Entry", "cities_entry_line_once"),
        migrations.RemoveConstraint("Source", "cities_source_grade_known"),
        migrations.RemoveConstraint("CityName", "cities_cityname_kind_known"),
        migrations.RenameField("Entry", "line", "number"),
        migrations.RenameField("HistoricalEntry", "line", "number"),
        migrations.RenameField("Source", "grade", "reliability"),
        migrations.RenameField("HistoricalSource", "grade", "reliability"),
        migrations.RunPython(american_values, british_values),
    ]
