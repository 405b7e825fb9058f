"""Whatever is edited, and by which door: derived rows are what the rules say of what is stored."""

import random
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cities.models import Acceptance, Entry, Relationship, RelationshipType
from cities.records.derived import changed, collecting
from cities.records.publishing import Publication
from cities.standing import Kind, Party
from lrscc.files.loading import RegisterError, load
from resolutions.course import Kind as ActionKind
from resolutions.course import Outcome
from resolutions.models import Action, Resolution
from tests.admin.browser import form_of
from tests.admin.people import SUPERUSER, at, browser
from tests.cities import test_standing
from tests.derived import differences, rebuild_all
from tests.factories import (
    make_action,
    make_entry,
    make_relationship,
    make_resolution,
    make_source,
    make_type,
)
from tests.resolutions import test_course

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indexed")]
DAYS = [date(year, month, 1) for year in (1990, 1991, 1992) for month in (1, 7)]
STATES = ["draft", "draft", "published", "published", "withdrawn"]


class Editor:
    """Somebody who does one thing after another, at random."""

    def __init__(self, seed: int, folder: Any) -> None:
        self.random = random.Random(seed)
        self.folder = folder
        self.client = browser(SUPERUSER)
        self.done: set[str] = set()
        self.numbers = count(100)

    def any(self, rows: Any) -> Any:
        return self.random.choice(list(rows.order_by("pk")))

    def day(self) -> str:
        forms = ["%Y-%m-%d", "%Y-%m", "%Y"]
        return self.random.choice(DAYS).strftime(self.random.choice(forms))

    def entry(self) -> Entry:
        return self.any(Entry.objects)

    def action(self) -> Action:
        return self.any(Action.objects)

    def said(self) -> dict[str, Any]:
        """Anything that an entry may say."""
        claimed = self.random.random() < 0.2
        return {
            "kind": self.random.choice(Kind.values),
            "party": self.random.choice(Party.values),
            "type": self.random.choice([None, *RelationshipType.objects.all()]),
            "acceptance": Acceptance.CLAIMED if claimed else Acceptance.ACCEPTED,
            "why_not_preferred": "Another account." if claimed else "",
            **self.published(),
        }

    def published(self) -> dict[str, Any]:
        state = self.random.choice(STATES)
        is_withdrawn = state == "withdrawn"
        return {
            "publication": state,
            "withdrawn_on": date(2020, 1, 1) if is_withdrawn else None,
            "withdrawn_because": "Wrong." if is_withdrawn else "",
        }

    def done_to(self, action: Action) -> None:
        """Let an action be another one."""
        action.kind = self.random.choice(ActionKind.values)
        is_voted = action.kind not in ("introduce", "fail", "veto")
        action.outcome = self.random.choice(Outcome.values) if is_voted else ""
        action.method = "not_recorded" if is_voted else ""

    # --- the shell ---

    def add_entry(self) -> None:
        said = self.said_of_side() | {"number": next(self.numbers)}
        make_entry(self.any(Relationship.objects), on=self.day(), **said)

    def said_of_side(self) -> dict[str, Any]:
        said = self.said()
        if said["kind"] == Kind.PARTNER_CEASED:
            said["party"] = Party.PARTNER
        return said

    def save_entry(self) -> None:
        entry = self.entry()
        for name, value in self.said_of_side().items():
            setattr(entry, name, value)
        entry.save()

    def change_a_date(self) -> None:
        for row in (self.entry(), self.action()):
            row.on = self.day()
            row.save()

    def change_the_type(self) -> None:
        entry = self.entry()
        entry.type = self.any(RelationshipType.objects)
        entry.save(update_fields=["type"])

    def move_to_another(self) -> None:
        entry, action = self.entry(), self.action()
        entry.relationship = self.any(Relationship.objects.exclude(pk=entry.relationship_id))
        action.resolution = self.any(Resolution.objects.exclude(pk=action.resolution_id))
        for row in (entry, action):
            row.number = row.number if row.number >= 100 else next(self.numbers)
            row.save()

    def add_action(self) -> None:
        said = self.published() | {"number": next(self.numbers)}
        action = make_action(self.any(Resolution.objects), on=self.day(), **said)
        self.done_to(action)
        action.save()

    def save_action(self) -> None:
        action = self.action()
        self.done_to(action)
        for name, value in self.published().items():
            setattr(action, name, value)
        action.save()

    def delete_a_draft(self) -> None:
        for model in (Entry, Action):
            drafts = model.objects.filter(publication=Publication.DRAFT)
            if drafts:
                self.any(drafts).delete()

    def withdraw(self) -> None:
        for model in (Entry, Action):
            published = model.objects.filter(publication=Publication.PUBLISHED)
            if published:
                self.any(published).withdraw(because="Wrong.", on=date(2026, 1, 1))

    def fail_halfway(self) -> None:
        """Undo it all, with what follows from it."""
        with transaction.atomic():
            self.save_entry()
            self.save_action()
            transaction.set_rollback(True)

    # --- in bulk ---

    def update_in_bulk(self) -> None:
        entries = self.any(Relationship.objects).entries.all()
        entries.exclude(kind=Kind.PARTNER_CEASED).update(party=self.random.choice(Party.values))
        actions = self.any(Resolution.objects).actions.filter(outcome=Outcome.CARRIED)
        actions.update(kind="adopt", outcome=self.random.choice(Outcome.values))
        changed([*entries, *self.any(Resolution.objects).actions.all(), *Action.objects.all()])

    def create_in_bulk(self) -> None:
        relationship = self.any(Relationship.objects)
        common = {"relationship": relationship, "on": self.day()}
        entries = [
            Entry(number=next(self.numbers), **common, **self.said_of_side()) for __ in range(2)
        ]
        with collecting():
            changed(Entry.objects.bulk_create(entries))

    # --- files and forms ---

    def load_a_file(self) -> None:
        relationship, resolution = self.any(Relationship.objects), self.any(Resolution.objects)
        path = self.folder / "more.toml"
        path.write_text(
            f'[[relationships]]\nhome = "lansing"\npartner = "{relationship.partner.slug}"\n'
            f'slug = "{relationship.slug}"\npublication = "published"\n'
            f"[[relationships.entries]]\nnumber = {next(self.numbers)}\n"
            f'kind = "noted"\non = "{self.day()}"\nnote = "Loaded."\npublication = "draft"\n'
            f"[[relationships.entries]]\nnumber = {next(self.numbers)}\n"
            f'kind = "dormant"\non = "{self.day()}"\npublication = "published"\n'
            f'[[relationships.entries.citations]]\nsource = "source"\n'
        )
        load([path], lambda *progress: None)
        resolution.refresh_from_db()

    def send_a_form(self) -> None:
        entry = self.entry()
        form = form_of(self.client, at(entry))
        more = {"on": self.day(), "kind": self.random.choice(Kind.values), "change_reason": "So."}
        self.client.post(at(entry), form | {name: more[name] for name in more if name in form})

    def publish_by_a_form(self) -> None:
        for record in (self.entry(), self.action()):
            self.client.post(at(record, "publish"))

    def withdraw_by_a_form(self) -> None:
        for record in (self.entry(), self.action()):
            self.client.post(at(record, "withdraw"), {"because": "Wrong.", "change_reason": "So."})

    def act(self) -> None:
        doors: list[Callable[[], None]] = [
            *(self.add_entry, self.save_entry, self.change_a_date, self.change_the_type),
            *(self.move_to_another, self.add_action, self.save_action, self.delete_a_draft),
            *(self.withdraw, self.fail_halfway, self.update_in_bulk, self.create_in_bulk),
            *(self.load_a_file, self.send_a_form, self.publish_by_a_form, self.withdraw_by_a_form),
        ]
        door = self.random.choice(doors)
        self.door = door.__name__
        try:
            with transaction.atomic():
                door()
        except (ValidationError, IntegrityError, RegisterError):
            return  # a rule refused it
        self.done.add(self.door)


@pytest.mark.parametrize("seed", range(3))
def test_derived_rows_follow_edits_by_every_door(seed, tmp_path):
    make_source(slug="source")
    make_type("sister-city")
    make_type("friendship-city")
    for number in range(2):
        relationship, resolution = make_relationship(), make_resolution(f"r-{number}")
        make_entry(relationship, "signed", "1990", type=make_type())
        make_action(resolution, on="1990")
    editor = Editor(seed, tmp_path)

    for number in range(40):
        editor.act()
        assert (number, editor.door, differences()) == (number, editor.door, [])
        day = editor.random.choice(DAYS)
        for relationship in Relationship.objects.all():
            test_standing.in_python_and_sql(relationship, day)
        for resolution in Resolution.objects.all():
            test_course.in_python_and_sql(resolution, day)

    assert len(editor.done) >= 12, editor.done
    rebuild_all()
    assert differences() == []
