"""Who may do what with summaries in other languages: as with the names of a place."""

from django.db import migrations

from lrscc.roles import ADMINISTRATOR, CLERK, COMMISSIONER, PUBLISHER, STAFF, grant

PARTS = ["citysummary"]


def give(apps, schema_editor):
    for role in (CLERK, COMMISSIONER, ADMINISTRATOR):
        grant(apps, role, "cities", PARTS, ["view"])
    grant(apps, STAFF, "cities", PARTS, ["add", "change", "delete", "view"])
    grant(apps, PUBLISHER, "cities", PARTS, ["change", "view"])


def take(apps, schema_editor):
    rights = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="cities", content_type__model__in=PARTS
    )
    for group in apps.get_model("auth", "Group").objects.all():
        group.permissions.remove(*rights)


class Migration(migrations.Migration):
    dependencies = [
        ("lrscc", "0003_exchanges_rights"),
        ("cities", "0005_summaries_in_other_languages"),
    ]
    operations = [migrations.RunPython(give, take)]
