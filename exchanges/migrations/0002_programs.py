"""American names: programs instead of programmes, and what an award honors."""

from django.db import migrations


def american_values(apps, schema_editor):
    for model in ("AwardCategory", "HistoricalAwardCategory"):
        apps.get_model("exchanges", model).objects.filter(honors="programme").update(
            honors="program"
        )


def british_values(apps, schema_editor):
    for model in ("AwardCategory", "HistoricalAwardCategory"):
        apps.get_model("exchanges", model).objects.filter(honors="program").update(
            honors="programme"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("exchanges", "0001_programmes_and_exchanges"),
    ]

    operations = [
        migrations.RemoveConstraint("ProgrammeRole", "exchanges_programmerole_once"),
        migrations.RenameModel("Programme", "Program"),
        migrations.RenameModel("ProgrammeRole", "ProgramRole"),
        migrations.RenameModel("HistoricalProgramme", "HistoricalProgram"),
        migrations.RenameModel("HistoricalProgrammeRole", "HistoricalProgramRole"),
        migrations.RenameModel(
            "HistoricalProgramme_relationships", "HistoricalProgram_relationships"
        ),
        migrations.RenameModel("HistoricalProgramme_sources", "HistoricalProgram_sources"),
        migrations.RenameField("ProgramRole", "programme", "program"),
        migrations.RenameField("HistoricalProgramRole", "programme", "program"),
        migrations.RenameField("HistoricalProgram_relationships", "programme", "program"),
        migrations.RenameField("HistoricalProgram_sources", "programme", "program"),
        migrations.RenameField("Exchange", "programme", "program"),
        migrations.RenameField("HistoricalExchange", "programme", "program"),
        migrations.RemoveConstraint("AwardCategory", "exchanges_awardcategory_named"),
        migrations.RenameField("AwardCategory", "honours", "honors"),
        migrations.RenameField("HistoricalAwardCategory", "honours", "honors"),
        migrations.RunPython(american_values, british_values),
    ]
