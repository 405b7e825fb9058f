"""The groups, and how a migration gives them their rights.

Rights are in migrations, one for each set of new records, so that an installation that
has adjusted its groups keeps its adjustments.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.management import create_permissions

STAFF = "Commission staff"
CLERK = "Council clerk"
PUBLISHER = "Publisher"
COMMISSIONER = "Commissioner"
ADMINISTRATOR = "Administrator"


def grant(apps: Any, role: str, app: str, models: Iterable[str], actions: Iterable[str]) -> None:
    """Give a role actions (add, change, delete, view, preview, publish) on models of an app."""
    config = apps.get_app_config(app)
    config.models_module = True  # a migration's app has none, and is skipped without one
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
    permission = apps.get_model("auth", "Permission").objects
    for model in models:
        codenames = [f"{action}_{model}" for action in actions]
        group.permissions.add(
            *permission.filter(content_type__app_label=app, codename__in=codenames)
        )
