"""Who may do what with programmes and exchanges: commission staff keep them."""

from django.db import migrations

from lrscc.roles import ADMINISTRATOR, CLERK, COMMISSIONER, PUBLISHER, STAFF, grant

PUBLISHED = ["programme", "exchange"]
PARTS = ["programmerole", "exchangerole", "funding"]
TABLES = ["awardcategory", "awardkind", "populationband"]
EVERYTHING = [*PUBLISHED, *PARTS, *TABLES]


def give(apps, schema_editor):
    # Who has “view” alone sees what is published; “preview” opens drafts.
    grant(apps, CLERK, "exchanges", EVERYTHING, ["view"])
    grant(apps, STAFF, "exchanges", PUBLISHED, ["add", "change", "delete", "view", "preview"])
    grant(apps, STAFF, "exchanges", PARTS, ["add", "change", "delete", "view"])
    grant(apps, STAFF, "exchanges", TABLES, ["view"])
    grant(apps, PUBLISHER, "exchanges", PUBLISHED, ["change", "view", "preview", "publish"])
    grant(apps, PUBLISHER, "exchanges", PARTS, ["change", "view"])
    grant(apps, PUBLISHER, "exchanges", TABLES, ["view"])
    grant(apps, COMMISSIONER, "exchanges", PUBLISHED, ["view", "preview"])
    grant(apps, COMMISSIONER, "exchanges", [*PARTS, *TABLES], ["view"])
    grant(apps, ADMINISTRATOR, "exchanges", PUBLISHED, ["view", "preview"])
    grant(apps, ADMINISTRATOR, "exchanges", PARTS, ["view"])
    grant(apps, ADMINISTRATOR, "exchanges", TABLES, ["add", "change", "delete", "view"])


def take(apps, schema_editor):
    rights = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="exchanges"
    )
    for group in apps.get_model("auth", "Group").objects.all():
        group.permissions.remove(*rights)


class Migration(migrations.Migration):
    dependencies = [
        ("lrscc", "0002_clerks_rights"),
        ("exchanges", "0001_programmes_and_exchanges"),
    ]
    run_before = [("exchanges", "0002_programs")]  # which gives the programmes another name
    operations = [migrations.RunPython(give, take)]
