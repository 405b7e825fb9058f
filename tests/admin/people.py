"""Who signs in to the admin, what they find there, and all that could have changed."""

from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from cities.models import (
    Agreement,
    Authority,
    City,
    Entry,
    Organization,
    Relationship,
    RelationshipType,
    Source,
    Succession,
)
from tests import factories as make
from tests.admin import exchanges

SUPERUSER = "Superuser"
NO_GROUP = "No group"

MAKERS: dict[type, Any] = {
    Agreement: lambda **fields: make.make_agreement(make.make_relationship(), **fields),
    City: make.make_city,
    Entry: lambda **fields: make.make_entry(make.make_tie(), "visited", "2020", **fields),
    Organization: make.make_organization,
    Relationship: make.make_relationship,
    Source: make.make_source,
    Authority: lambda: make.make_authority(make.make_organization()),
    RelationshipType: make.make_type,
    Succession: lambda: make.make_succession(make.make_city(), make.make_city()),
    **exchanges.MAKERS,
}
"""A record of every model that the admin keeps with its history."""


def person(role: str) -> User:
    """Somebody in the group; a superuser; or somebody in no group."""
    user = User.objects.create_user(
        role.lower().replace(" ", "-"), is_staff=True, is_superuser=role == SUPERUSER
    )
    if role not in (SUPERUSER, NO_GROUP):
        user.groups.add(Group.objects.get(name=role))
    return user


def browser(role: str) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def browser_with(*codenames: str) -> Client:
    """Of somebody with these single rights and no group."""
    user = person(NO_GROUP)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def at(record: Any, page: str = "change", *args: Any) -> str:
    """The address of a page about a record, or about all records of a model."""
    if not isinstance(record, type):
        args = (record.pk, *args)
    name = f"{record._meta.app_label}_{record._meta.model_name}_{page}"
    return reverse(f"admin:{name}", args=args)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the register, of its history, of the accounts and of the admin's log."""
    models = [
        *apps.get_app_config("cities").get_models(include_auto_created=True),
        *apps.get_app_config("exchanges").get_models(include_auto_created=True),
        *apps.get_app_config("auth").get_models(include_auto_created=True),
        LogEntry,
    ]
    return {model._meta.label: [*model._base_manager.order_by("pk").values()] for model in models}
