"""Who may say which city is home, who keeps the register, and how to reach them."""

from django.db import migrations

from lrscc.roles import ADMINISTRATOR, CLERK, COMMISSIONER, PUBLISHER, STAFF, grant


def give(apps, schema_editor):
    for role in (CLERK, PUBLISHER, COMMISSIONER, STAFF):
        grant(apps, role, "cities", ["register"], ["view"])
    grant(apps, ADMINISTRATOR, "cities", ["register"], ["add", "change", "view"])


def take(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects
    for permission in permissions.filter(
        content_type__app_label="cities", codename__endswith="_register"
    ):
        permission.group_set.clear()


class Migration(migrations.Migration):
    dependencies = [("lrscc", "0007_rights_on_programs"), ("cities", "0009_register")]

    operations = [migrations.RunPython(give, take)]
