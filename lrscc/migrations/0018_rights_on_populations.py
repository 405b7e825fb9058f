"""Whoever keeps cities keeps their populations, as their names."""

from django.db import migrations

from lrscc.roles import ADMINISTRATOR, CLERK, COMMISSIONER, PUBLISHER, STAFF, grant

MODELS = ["population"]


def give(apps, schema_editor):
    grant(apps, STAFF, "cities", MODELS, ["add", "change", "delete", "view"])
    grant(apps, PUBLISHER, "cities", MODELS, ["change", "view"])
    for role in (CLERK, COMMISSIONER, ADMINISTRATOR):
        grant(apps, role, "cities", MODELS, ["view"])


def take(apps, schema_editor):
    permission = apps.get_model("auth", "Permission").objects
    rights = permission.filter(content_type__app_label="cities", codename__endswith="_population")
    for group in apps.get_model("auth", "Group").objects.all():
        group.permissions.remove(*rights)


class Migration(migrations.Migration):
    dependencies = [
        ("lrscc", "0017_sessions_since"),
        ("cities", "0023_populations"),
    ]

    operations = [migrations.RunPython(give, take)]
