"""Plain American names: actions, effects and replies have numbers; texts authorize and recognize."""

from django.db import migrations

KINDS = {"authorises": "authorizes", "recognises": "recognizes"}


def _rename(apps, kinds):
    for model in ("Effect", "HistoricalEffect"):
        effects = apps.get_model("resolutions", model).objects
        for old, new in kinds.items():
            effects.filter(kind=old).update(kind=new)


def american_values(apps, schema_editor):
    _rename(apps, KINDS)


def british_values(apps, schema_editor):
    _rename(apps, {new: old for old, new in KINDS.items()})


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0006_plain_names"),
        ("resolutions", "0001_bodies_record"),
    ]

    operations = [
        migrations.RemoveConstraint("Action", "resolutions_action_has_a_first_day"),
        migrations.RemoveConstraint("Action", "resolutions_action_line_once"),
        migrations.RemoveConstraint("Effect", "resolutions_effect_kind_and_words"),
        migrations.RemoveConstraint("Effect", "resolutions_effect_line_once"),
        migrations.RemoveConstraint("Reply", "resolutions_reply_line_once"),
        migrations.RemoveConstraint("Reply", "resolutions_reply_answer_day_and_words"),
        *(
            migrations.RenameField(model, "line", "number")
            for name in ("Action", "Effect", "Reply")
            for model in (name, f"Historical{name}")
        ),
        migrations.RunPython(american_values, british_values),
    ]
