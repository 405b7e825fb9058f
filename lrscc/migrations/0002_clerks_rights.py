"""Who may do what with the records of bodies: the council clerk keeps them."""

from django.db import migrations

from lrscc.roles import ADMINISTRATOR, CLERK, COMMISSIONER, PUBLISHER, STAFF, grant

PUBLISHED = [
    "member", "meeting", "minutes", "resolution", "text", "action", "effect", "reply", "statement"
]
PARTS = ["seat", "term", "attendance", "relation", "ballot", "actioncitation"]
EVERYTHING = [*PUBLISHED, *PARTS]
SOURCES = ["add", "preview"]


def give(apps, schema_editor):
    # Who has “view” alone sees what is published; “preview” opens drafts.
    grant(apps, STAFF, "resolutions", EVERYTHING, ["view"])
    grant(apps, CLERK, "resolutions", PUBLISHED, ["add", "change", "delete", "view", "preview"])
    grant(apps, CLERK, "resolutions", PARTS, ["add", "change", "delete", "view"])
    grant(apps, CLERK, "cities", ["source"], SOURCES)  # minutes are the source of a vote
    grant(apps, PUBLISHER, "resolutions", PUBLISHED, ["change", "view", "preview", "publish"])
    grant(apps, PUBLISHER, "resolutions", PARTS, ["change", "view"])
    grant(apps, COMMISSIONER, "resolutions", PUBLISHED, ["view", "preview"])
    grant(apps, COMMISSIONER, "resolutions", PARTS, ["view"])
    grant(apps, ADMINISTRATOR, "resolutions", PUBLISHED, ["view", "preview"])
    grant(apps, ADMINISTRATOR, "resolutions", PARTS, ["view"])


def take(apps, schema_editor):
    permission = apps.get_model("auth", "Permission").objects
    rights = permission.filter(
        content_type__app_label="resolutions", content_type__model__in=EVERYTHING
    )
    groups = apps.get_model("auth", "Group").objects
    for group in groups.all():
        group.permissions.remove(*rights)
    codenames = [f"{action}_source" for action in SOURCES]
    for clerks in groups.filter(name=CLERK):
        clerks.permissions.remove(*permission.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("lrscc", "0001_roles"),
        ("resolutions", "0001_bodies_record"),
    ]
    operations = [migrations.RunPython(give, take)]
