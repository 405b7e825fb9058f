"""Whoever keeps members keeps the offices that they held, as their terms."""

from django.db import migrations

from lrscc.roles import ADMINISTRATOR, CLERK, COMMISSIONER, PUBLISHER, STAFF, grant

MODELS = ["office"]


def give(apps, schema_editor):
    grant(apps, CLERK, "resolutions", MODELS, ["add", "change", "delete", "view"])
    grant(apps, PUBLISHER, "resolutions", MODELS, ["change", "view"])
    for role in (STAFF, COMMISSIONER, ADMINISTRATOR):
        grant(apps, role, "resolutions", MODELS, ["view"])


def take(apps, schema_editor):
    permission = apps.get_model("auth", "Permission").objects
    rights = permission.filter(
        content_type__app_label="resolutions", codename__endswith="_office"
    )
    for group in apps.get_model("auth", "Group").objects.all():
        group.permissions.remove(*rights)


class Migration(migrations.Migration):
    dependencies = [
        ("lrscc", "0015_sign_in_links"),
        ("resolutions", "0019_offices"),
    ]

    operations = [migrations.RunPython(give, take)]
