"""Whoever keeps cities keeps their former countries, as their names."""

from django.db import migrations

from lrscc.roles import ADMINISTRATOR, CLERK, COMMISSIONER, PUBLISHER, STAFF, grant

MODELS = ["formercountry"]


def give(apps, schema_editor):
    grant(apps, STAFF, "cities", MODELS, ["add", "change", "delete", "view"])
    grant(apps, PUBLISHER, "cities", MODELS, ["change", "view"])
    for role in (CLERK, COMMISSIONER, ADMINISTRATOR):
        grant(apps, role, "cities", MODELS, ["view"])


def take(apps, schema_editor):
    permission = apps.get_model("auth", "Permission").objects
    rights = permission.filter(content_type__app_label="cities", codename__endswith="_formercountry")
    for group in apps.get_model("auth", "Group").objects.all():
        group.permissions.remove(*rights)


class Migration(migrations.Migration):
    dependencies = [
        ("lrscc", "0018_rights_on_populations"),
        ("cities", "0031_former_countries"),
    ]

    operations = [migrations.RunPython(give, take)]
