"""The groups of design: staff, clerk, publisher, commissioner and administrator."""

from django.db import migrations

from lrscc.roles import ADMINISTRATOR, CLERK, COMMISSIONER, PUBLISHER, STAFF, grant

PUBLISHED = ["city", "organization", "source", "relationship", "entry", "agreement"]
PARTS = ["cityname", "succession", "citation", "agreementtitle", "signatory"]
TABLES = ["relationshiptype", "authority"]
EVERYTHING = [*PUBLISHED, *PARTS, *TABLES]


def give(apps, schema_editor):
    # Who has “view” alone sees what is published; “preview” opens drafts.
    grant(apps, CLERK, "cities", EVERYTHING, ["view"])
    grant(apps, STAFF, "cities", PUBLISHED, ["add", "change", "delete", "view", "preview"])
    grant(apps, STAFF, "cities", PARTS, ["add", "change", "delete", "view"])
    grant(apps, STAFF, "cities", TABLES, ["view"])
    grant(apps, PUBLISHER, "cities", PUBLISHED, ["change", "view", "preview", "publish"])
    grant(apps, PUBLISHER, "cities", PARTS, ["change", "view"])
    grant(apps, PUBLISHER, "cities", TABLES, ["view"])
    grant(apps, COMMISSIONER, "cities", PUBLISHED, ["view", "preview"])
    grant(apps, COMMISSIONER, "cities", [*PARTS, *TABLES], ["view"])
    grant(apps, ADMINISTRATOR, "cities", PUBLISHED, ["view", "preview"])
    grant(apps, ADMINISTRATOR, "cities", PARTS, ["view"])
    grant(apps, ADMINISTRATOR, "cities", TABLES, ["add", "change", "delete", "view"])
    grant(apps, ADMINISTRATOR, "auth", ["user"], ["add", "change", "view"])


def take(apps, schema_editor):
    names = [STAFF, CLERK, PUBLISHER, COMMISSIONER, ADMINISTRATOR]
    apps.get_model("auth", "Group").objects.filter(name__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(give, take)]
