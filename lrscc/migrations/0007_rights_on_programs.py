"""The rights on programs go by the new name: groups keep what they had."""

from django.db import migrations

NAMES = {"programme": "program", "programmerole": "programrole"}


def _rename(apps, names):
    """Rights of the old names become those of the new; new ones made meanwhile give way."""
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="exchanges"
    )
    for old, new in names.items():
        for permission in permissions.filter(codename__endswith=f"_{old}"):
            action = permission.codename.removesuffix(f"_{old}")
            permissions.filter(codename=f"{action}_{new}").exclude(pk=permission.pk).delete()
            permission.codename = f"{action}_{new}"
            permission.name = permission.name.replace("programme", "program")
            permission.save()


def rename(apps, schema_editor):
    _rename(apps, NAMES)


def name_back(apps, schema_editor):
    _rename(apps, {new: old for old, new in NAMES.items()})


class Migration(migrations.Migration):
    dependencies = [
        ("lrscc", "0006_plain_kinds_of_document"),
        ("exchanges", "0003_plain_names_in_rules"),
    ]

    operations = [migrations.RunPython(rename, name_back)]
