"""The council clerk keeps how acts are numbered, as what a vote needs; the others see it."""

from django.db import migrations

from lrscc.roles import ADMINISTRATOR, CLERK, COMMISSIONER, PUBLISHER, STAFF, grant

MODELS = ["numberingscheme"]


def give(apps, schema_editor):
    grant(apps, CLERK, "resolutions", MODELS, ["add", "change", "delete", "view"])
    grant(apps, PUBLISHER, "resolutions", MODELS, ["change", "view"])
    for role in (STAFF, COMMISSIONER, ADMINISTRATOR):
        grant(apps, role, "resolutions", MODELS, ["view"])


def take(apps, schema_editor):
    permission = apps.get_model("auth", "Permission").objects
    rights = permission.filter(
        content_type__app_label="resolutions", codename__endswith="_numberingscheme"
    )
    for group in apps.get_model("auth", "Group").objects.all():
        group.permissions.remove(*rights)


class Migration(migrations.Migration):
    dependencies = [
        ("lrscc", "0011_rights_on_other_numbers"),
        ("resolutions", "0017_numbering_schemes"),
    ]

    operations = [migrations.RunPython(give, take)]
