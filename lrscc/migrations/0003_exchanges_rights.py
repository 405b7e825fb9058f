"""Who may do what with programmes and exchanges: commission staff keep them."""

from django.db import migrations

from lrscc.roles import ADMINISTRATOR, CLERK, COMMISSIONER, PUBLISHER, STAFF, grant

TABLES = ["awardcategory", "awardkind", "populationband"]


def give(apps, schema_editor):
    # Another migration calls them programs, perhaps before this one.
    models = apps.get_app_config("exchanges").models
    program = "program" if "program" in models else "programme"
    published = [program, "exchange"]
    parts = [f"{program}role", "exchangerole", "funding"]
    everything = [*published, *parts, *TABLES]
    # Who has “view” alone sees what is published; “preview” opens drafts.
    grant(apps, CLERK, "exchanges", everything, ["view"])
    grant(apps, STAFF, "exchanges", published, ["add", "change", "delete", "view", "preview"])
    grant(apps, STAFF, "exchanges", parts, ["add", "change", "delete", "view"])
    grant(apps, STAFF, "exchanges", TABLES, ["view"])
    grant(apps, PUBLISHER, "exchanges", published, ["change", "view", "preview", "publish"])
    grant(apps, PUBLISHER, "exchanges", parts, ["change", "view"])
    grant(apps, PUBLISHER, "exchanges", TABLES, ["view"])
    grant(apps, COMMISSIONER, "exchanges", published, ["view", "preview"])
    grant(apps, COMMISSIONER, "exchanges", [*parts, *TABLES], ["view"])
    grant(apps, ADMINISTRATOR, "exchanges", published, ["view", "preview"])
    grant(apps, ADMINISTRATOR, "exchanges", parts, ["view"])
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
    operations = [migrations.RunPython(give, take)]
