"""Each role, each model, each door: who gets in, and that nothing changes for the others."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from cities.models import (
    Agreement,
    Authority,
    Citation,
    City,
    Entry,
    Organization,
    ProposedChange,
    Relationship,
    RelationshipType,
    Source,
    Succession,
)
from cities.records.publishing import Publishable
from resolutions.models import (
    Action,
    Attendance,
    Effect,
    Meeting,
    Member,
    Minutes,
    NumberingScheme,
    Reply,
    Resolution,
    Seat,
    Statement,
    Term,
    Text,
    VoteRequirement,
)
from tests.admin import exchanges
from tests.admin.browser import form_of
from tests.admin.people import APART, MAKERS, NO_GROUP, SUPERUSER, at, browser, rows_of
from tests.database import undone
from tests.factories import (
    council,
    make_city,
    make_effect,
    make_meeting,
    make_organization,
    make_relationship,
    make_resolution,
    make_source,
)

pytestmark = pytest.mark.django_db

STAFF, CLERK, PUBLISHER = "Commission staff", "Council clerk", "Publisher"
COMMISSIONER, ADMINISTRATOR, VISITOR = "Commissioner", "Administrator", "Visitor"
ROLES = [
    STAFF, CLERK, PUBLISHER, COMMISSIONER, ADMINISTRATOR, SUPERUSER, NO_GROUP, VISITOR,
]  # fmt: skip
WHY = {"change_reason": "Because."}
REFUSED = "Your account does not have permission to do this. Ask an administrator if it should."
NOWHERE = "There is nothing at this address."
GONE = "doesn’t exist. Perhaps it was deleted?"

# --- What is expected ---------------------------------------------------------------------

READ = {"list", "open", "history", "version", "compare", "choose"}
PREVIEW = {
    "open draft",
    "history of draft",
    "version of draft",
    "compare of draft",
    "choose draft",
}
WAITS = "waits for review"
WRITE = {"add", f"change, {WAITS}", f"withdraw, {WAITS}", "change draft", "delete draft"}
RELEASE = {"publish", "withdraw", "revert", "revert draft"}
RECORDS = {
    STAFF: READ | PREVIEW | WRITE,
    CLERK: READ,
    PUBLISHER: READ | PREVIEW | RELEASE | {"change", "change draft"},
    COMMISSIONER: READ | PREVIEW,
    ADMINISTRATOR: READ | PREVIEW,
    SUPERUSER: READ | PREVIEW | RELEASE | {"add", "change", "change draft", "delete draft"},
}
KEEP = READ | {"add", "change", "delete", "revert"}
TABLES = dict.fromkeys(RECORDS, READ) | {ADMINISTRATOR: KEEP, SUPERUSER: KEEP}
PARTS = dict.fromkeys(RECORDS, READ) | {
    STAFF: KEEP,
    PUBLISHER: READ | {"change", "revert"},
    SUPERUSER: KEEP,
}
OF_RESOLUTIONS = RECORDS | {STAFF: READ, CLERK: READ | PREVIEW | WRITE}
MAY = {
    **dict.fromkeys((Agreement, City, Entry, Organization, Relationship), RECORDS),
    Source: RECORDS | {CLERK: READ | PREVIEW | {"add", "change draft"}},
    **dict.fromkeys((Authority, RelationshipType), TABLES),
    Succession: PARTS,
    **dict.fromkeys(
        (Action, Effect, Meeting, Member, Minutes, Reply, Resolution, Statement, Text),
        OF_RESOLUTIONS,
    ),
    **dict.fromkeys((NumberingScheme, Seat, VoteRequirement), PARTS | {STAFF: READ, CLERK: KEEP}),
    **dict.fromkeys(exchanges.KEPT_BY_STAFF, RECORDS),
    **dict.fromkeys(exchanges.TABLES, TABLES),
}
"""By model and role, every door that opens; nobody else's does, and no other door."""

# --- How each door is tried ---------------------------------------------------------------

CHANGED = {
    Agreement: {"note": "Changed"},
    Authority: {"basis": "Changed"},
    City: {"summary": "Changed"},
    Entry: {"note": "Changed"},
    Organization: {"summary": "Changed"},
    Relationship: {"story": "Changed"},
    RelationshipType: {"definition": "Changed"},
    Source: {"publisher": "Changed"},
    Succession: {"note": "Changed"},
    Action: {"note": "Changed"},
    Effect: {"what": "Changed"},
    Meeting: {"note": "Changed"},
    Member: {"summary": "Changed"},
    Minutes: "source",
    Reply: {"summary": "Changed"},
    Resolution: {"summary": "Changed"},
    Seat: {"label": "Changed"},
    Statement: {"summary": "Changed"},
    Text: "source",
    NumberingScheme: {"kind": "motion"},
    VoteRequirement: {"kind": "override"},
    **exchanges.CHANGED,
}
"""What a form changes; the name of a field alone: to a new source."""

CHOSEN_BY = {
    Agreement: (Entry, "agreement"),
    City: (Relationship, "partner"),
    Organization: (Entry, "decided_by"),
    Relationship: (Entry, "relationship"),
    RelationshipType: (Entry, "type"),
    Source: (Citation, "source"),
    Effect: (Reply, "effect"),
    Meeting: (Action, "meeting"),
    Member: (Attendance, "member"),
    Resolution: (Action, "resolution"),
    Seat: (Term, "seat"),
    Text: (Action, "text"),
    **exchanges.CHOSEN_BY,
}


def changed(model: type) -> dict[str, Any]:
    change = CHANGED[model]
    return {change: str(make_source().pk)} if isinstance(change, str) else change


def new(model: type) -> dict[str, Any]:
    """What to fill in to add a record."""
    if model in exchanges.NEW:
        return exchanges.NEW[model]()
    place, relationship = str(make_city().pk), str(make_relationship().pk)
    organization, source = str(council().pk), str(make_source().pk)
    resolution = {"resolution": str(make_resolution().pk)}
    named = {"name": "New", "slug": "new"}
    return {
        Agreement: {"slug": "new", "kind": "agreement", "relationships": [relationship]},
        Authority: {"organization": str(make_organization().pk), "place": place},
        City: {**named, "kind": "city", "country": "JP"},
        Entry: {"relationship": relationship, "kind": "visited", "on": "2021"},
        Organization: {**named, "classification": "council"},
        Relationship: {"home": place, "partner": str(make_city().pk)},
        RelationshipType: {**named, "name_plural": "New", "definition": "New.", "rank": "77"},
        Source: {"title": "New", "slug": "new", "kind": "press", "reliability": "press"},
        Succession: {
            "predecessor": place,
            "successor": str(make_city().pk),
            "kind": "renamed",
            "source": source,
        },
        Action: {**resolution, "kind": "refer", "on": "2013"},
        Effect: {**resolution, "kind": "urges", "what": "New."},
        Meeting: {"organization": organization, "on": "2013-08-05"},
        Member: {**named, "sort_name": "New", "terms-TOTAL_FORMS": "0"},
        Minutes: {
            "meeting": str(make_meeting().pk),
            "kind": "proposed",
            "available_on": "2013-08-22",
            "text": "New.",
        },
        Reply: {
            "effect": str(make_effect(make_resolution()).pk),
            "organization": organization,
            "on": "2020",
            "answer": "noted",
            "summary": "New.",
            "source": source,
        },
        Resolution: {"organization": organization, "title": "New", "slug": "new"},
        Seat: {"organization": organization, "label": "New", "slug": "new"},
        Statement: {
            "title": "New",
            "slug": "new",
            "speaker": "New",
            "summary": "New.",
            "source": source,
        },
        Text: {**resolution, "kind": "introduced", "text": "New."},
        NumberingScheme: {
            "organization": organization,
            "slug": "new",
            "kind": "tribute",
            "restarts": "never",
            "source": source,
        },
        VoteRequirement: {
            "organization": organization,
            "slug": "new",
            "kind": "rescind",
            "requirement": "majority",
            "base": "seats",
            "source": source,
        },
    }[model]


def choice(record: Any) -> str:
    """The address that offers records to choose from, narrowed to this one."""
    asking, field = CHOSEN_BY[type(record)]
    term = record.name if isinstance(record, RelationshipType) else _slug(record)
    return (
        f"{reverse('admin:autocomplete')}?app_label={asking._meta.app_label}"
        f"&model_name={asking._meta.model_name}&field_name={field}&term={term}"
    )


def _slug(record: Any) -> str:
    """Its own, or its resolution’s."""
    return record.slug if hasattr(record, "slug") else record.resolution.slug


def doors(model: type, boss: Client) -> dict[str, tuple[str, dict[str, Any] | None]]:
    """By name, the address and, where something is sent, what a superuser's form sends."""
    record = MAKERS[model]()
    record.save()
    found: dict[str, tuple[str, dict[str, Any] | None]] = {
        "list": (at(model, "changelist"), None),
        "add": (at(model, "add"), form_of(boss, at(model, "add")) | new(model)),
        "delete": (at(record, "delete"), {"post": "yes"}),
    }
    records = [("", record)]
    if issubclass(model, Publishable):
        draft, gone = MAKERS[model](publication="draft"), MAKERS[model]()
        draft.save()
        records.append((" draft", draft))
        form = form_of(boss, at(gone)) | changed(model) | WHY
        gone.withdraw(because="Wrong.", on="2022-01-01")
        found |= {
            "change withdrawn": (at(gone), form),
            "delete withdrawn": (at(gone, "delete"), {"post": "yes"}),
            "delete draft": (at(draft, "delete"), {"post": "yes"}),
            "publish": (at(draft, "publish"), {}),
            "withdraw": (at(record, "withdraw"), {"because": "Wrong."}),
        }
    for which, one in records:
        version = at(one, "simple_history", one.history.earliest("history_id").pk)
        of = which and f" of{which}"
        found |= {
            f"open{which}": (at(one), None),
            f"history{of}": (at(one, "history"), None),
            f"version{of}": (version, None),
            f"compare{of}": (at(one, "compare"), None),
            f"change{which}": (at(one), form_of(boss, at(one)) | changed(model) | WHY),
            f"revert{which}": (version, form_of(boss, version) | WHY),
        }
        if model in CHOSEN_BY:
            found[f"choose{which}"] = choice(one), None
    return found


def trace(model: Any) -> dict[str, list[tuple[Any, ...]]]:
    """All that a change of a record would leave."""
    return rows_of(model, model.history.model, LogEntry)


def opens(client: Client, model: type, address: str, form: dict[str, Any] | None) -> bool | str:
    """Whether the page opens; if not, it says so and nothing changes.

    What is sent may also wait in a change set, and then the record stays as it was, too.
    """
    before = trace(model)
    answer = client.get(address) if form is None else client.post(address, form)
    if trace(model) != before:
        assert (form is not None, answer.status_code) == (True, 302)
        return True
    if ProposedChange.objects.filter(deed__in=("edit", "withdraw")).exists():
        assert answer.url.startswith(reverse("admin:cities_changeset_changelist"))
        return WAITS
    if form is None and answer.status_code == 200:
        offers = answer.headers["Content-Type"] != "application/json"
        return offers or bool(answer.json()["results"])
    if answer.status_code == 302:
        to_sign_in = answer.url.startswith(reverse("admin:login"))
        assert to_sign_in or GONE in client.get(answer.url).text
    else:
        assert {403: REFUSED, 404: NOWHERE}[answer.status_code] in answer.text
    return False


@pytest.mark.parametrize("model", MAY, ids=lambda model: model.__name__)
def test_each_role_may_do_what_the_matrix_says_and_nothing_else(model):
    boss = browser(SUPERUSER)
    clients = {role: browser(role) for role in ROLES if role not in (SUPERUSER, VISITOR)}
    clients |= {SUPERUSER: boss, VISITOR: Client()}
    tried = doors(model, boss)

    found: dict[str, set[str]] = {role: set() for role in ROLES}
    for role, client in clients.items():
        for name, (address, form) in tried.items():
            with undone():
                if opened := opens(client, model, address, form):
                    found[role].add(name if opened is True else f"{name}, {opened}")

    assert found == {
        role: {door for door in MAY[model].get(role, set()) if door.partition(",")[0] in tried}
        for role in ROLES
    }


def test_every_model_of_the_admin_is_in_the_matrix():
    apps = ("cities", "exchanges", "resolutions")
    ours = {model for model in admin.site._registry if model._meta.app_label in apps} - APART

    assert MAY.keys() == CHANGED.keys() == ours
