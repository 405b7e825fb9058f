"""Who signs in to the admin, what they find there, and all that could have changed."""

from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from cities.models import (
    Agreement,
    Authority,
    ChangeSet,
    City,
    Entry,
    Organization,
    Register,
    Relationship,
    RelationshipType,
    Source,
    Succession,
    UnsavedForm,
)
from cities.records.releasing import release
from resolutions.models import (
    Action,
    Effect,
    Meeting,
    Member,
    Minutes,
    NumberingScheme,
    Reply,
    Resolution,
    Seat,
    Statement,
    Text,
    VoteRequirement,
)
from tests import factories as make
from tests.admin import exchanges

SUPERUSER = "Superuser"
NO_GROUP = "No group"

MAKERS: dict[type, Any] = {
    Agreement: lambda **fields: make.make_agreement(make.make_relationship(), **fields),
    City: make.make_city,
    Entry: lambda **fields: make.make_entry(make.make_partnership(), "visited", "2020", **fields),
    Organization: make.make_organization,
    Relationship: make.make_relationship,
    Source: make.make_source,
    Authority: lambda: make.make_authority(make.make_organization()),
    RelationshipType: make.make_type,
    Succession: lambda: make.make_succession(make.make_city(), make.make_city()),
    Action: lambda **fields: make.make_action(make.make_resolution(), "refer", **fields),
    Effect: lambda **fields: make.make_effect(make.make_resolution(), **fields),
    Meeting: make.make_meeting,
    Member: make.make_member,
    Minutes: lambda **fields: make.make_minutes(make.make_meeting(), **fields),
    Reply: lambda **fields: make.make_reply(make.make_effect(make.make_resolution()), **fields),
    Resolution: make.make_resolution,
    Seat: make.make_seat,
    Statement: make.make_statement,
    Text: lambda **fields: make.make_text(make.make_resolution(), **fields),
    NumberingScheme: make.make_numbering_scheme,
    VoteRequirement: make.make_vote_requirement,
    **exchanges.MAKERS,
}
"""A record of every model that the admin keeps with its history."""


APART = {ChangeSet, Register}
"""The only one of its kind, and what is no record: they have tests of their own."""


def keeper(model: Any) -> str:
    """The group that keeps the records of a model."""
    is_of_resolutions = model._meta.app_label == "resolutions"
    return "Council clerk" if is_of_resolutions else "Commission staff"


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


def release_all() -> None:
    """Publish what waits: the changes of people who may not publish them."""
    for change_set in ChangeSet.objects.unsettled():
        release(change_set)


def at(record: Any, page: str = "change", *args: Any) -> str:
    """The address of a page about a record, or about all records of a model."""
    if not isinstance(record, type):
        args = (record.pk, *args)
    name = f"{record._meta.app_label}_{record._meta.model_name}_{page}"
    return reverse(f"admin:{name}", args=args)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the register, of its history, of the accounts and of the admin's log.

    What people type and have not saved is none of it.
    """
    models = [
        *apps.get_app_config("cities").get_models(include_auto_created=True),
        *apps.get_app_config("resolutions").get_models(include_auto_created=True),
        *apps.get_app_config("exchanges").get_models(include_auto_created=True),
        *apps.get_app_config("auth").get_models(include_auto_created=True),
        LogEntry,
    ]
    return rows_of(*(model for model in models if model is not UnsavedForm))


def rows_of(*models: type[Model]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each model as the database keeps them, without the cost of the ORM."""
    found = {}
    with connection.cursor() as cursor:
        for model in models:
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY "{key}"')
            found[model._meta.label] = cursor.fetchall()
    return found
