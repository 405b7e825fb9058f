"""Two who write: each waits for the other a short while, and neither misses what the other did.

SQLite lets one writer in at a time; `test_serve` has what somebody else reads meanwhile.
"""

from datetime import date
from functools import partial
from threading import Barrier, Event, Thread
from time import monotonic, sleep

import pytest
from django.db import IntegrityError, connection, transaction

from cities.models import AgreementTitle, City, Entry, StandingPeriod
from cities.records.derived import collecting
from resolutions.models import Term, VoteRequirement
from resolutions.triggers import (
    ENOUGH_PLACES,
    ONE_REQUIREMENT,
    allow_overlaps,
    refuse_overlaps,
)
from tests.admin.browser import form_in, form_of, sentences
from tests.admin.people import SUPERUSER, at, browser
from tests.derived import differences
from tests.factories import (
    make_agreement,
    make_city,
    make_entry,
    make_meeting,
    make_member,
    make_name,
    make_organization,
    make_relationship,
    make_resolution,
    make_seat,
    make_source,
    make_statement,
    make_type,
)

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.dialect,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time by itself"),
]


class Known:
    """What is on record before the two begin."""

    def __init__(self) -> None:
        self.organization = make_organization("city-club", name="City Club")
        self.relationship = make_relationship(make_city("otsu", name="Otsu", country="JP"))
        self.partner = self.relationship.partner
        self.kind = make_type()
        self.resolution, self.statement = make_resolution(), make_statement()
        self.agreement = make_agreement(make_relationship(make_city("guadalajara")))


def rename(record) -> None:
    record.name = "Another name"
    record.save()


def speak_for_the_organization(known) -> None:
    known.statement.organization = known.organization
    known.statement.save()


def decide(known) -> None:
    make_entry(
        known.relationship, "signed", "1990", type=known.kind, decided_by=known.organization
    )


NAMED_AND_CHANGED = {
    "organization of a new record": (
        lambda known: make_resolution(organization=known.organization),
        lambda known: rename(known.organization),
    ),
    "organization of a record that had none": (
        speak_for_the_organization,
        lambda known: rename(known.organization),
    ),
    "organization of a new part": (decide, lambda known: rename(known.organization)),
    "page that the log names": (
        lambda known: make_meeting(organization=known.organization),
        lambda known: rename(known.organization),
    ),
    "city that is linked": (
        lambda known: known.resolution.places.add(known.partner),
        lambda known: rename(known.partner),
    ),
    "city of a relationship that is linked": (
        lambda known: known.resolution.relationships.add(known.relationship),
        lambda known: rename(known.partner),
    ),
    "new name of a city that is linked": (
        lambda known: known.resolution.places.add(known.partner),
        lambda known: make_name(known.partner, "大津市"),
    ),
    "new title of an agreement that is linked": (
        lambda known: known.agreement.relationships.add(known.relationship),
        lambda known: AgreementTitle.objects.create(
            agreement=known.agreement, language="en", text="A title"
        ),
    ),
}
"""What one person names, and what another one changes of it."""


def in_threads(*work) -> None:
    """Do all at the same moment, each with a connection of its own."""
    faults = []

    def run(each) -> None:
        try:
            each()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert faults == []


def wait_until_somebody_waits() -> None:
    """Return once another connection waits for a lock."""
    until = monotonic() + 20
    with connection.cursor() as cursor:
        while monotonic() < until:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
            sleep(0.02)
    raise AssertionError("Nobody waits.")


def test_who_saves_while_another_writes_is_told_soon_and_keeps_what_was_typed():
    client, city = browser(SUPERUSER), make_city("otsu", country="JP", publication="draft")
    typed = form_of(client, at(city)) | {"summary": "By a <lake>.\r\nAnd “hills”."}
    is_locked, is_told = Event(), Event()
    answers = []

    def write() -> None:
        with transaction.atomic():
            City.objects.select_for_update().get(pk=city.pk)
            is_locked.set()
            is_told.wait(timeout=20)

    def save() -> None:
        is_locked.wait(timeout=20)
        began = monotonic()
        answers.append(client.post(at(city), typed))
        answers.append(monotonic() - began)
        is_told.set()

    in_threads(write, save)
    answer, waited = answers
    kept = form_in(answer)
    again = client.post(at(city), kept)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert 2.5 < waited < 6
    assert "Somebody else is saving right now" in answer.text
    assert kept | {"csrfmiddlewaretoken": ""} == typed | {"csrfmiddlewaretoken": ""}
    assert again.status_code == 302
    assert City.objects.get(pk=city.pk).summary.split("\r\n")[0] == "By a <lake>."


def test_who_saves_what_another_saves_at_that_moment_is_refused_in_words():
    """The checks of the form saw nothing of it; the database refuses it."""
    client, is_saved, answers = browser(SUPERUSER), Event(), []
    add = "/admin/cities/source/add/"
    typed = form_of(client, add) | {
        "slug": "letter-1969",
        "title": "A letter",
        "kind": "letter",
        "reliability": "official",
    }

    def write() -> None:
        with transaction.atomic():
            make_source(slug="letter-1969")
            is_saved.set()
            wait_until_somebody_waits()

    def save() -> None:
        is_saved.wait(timeout=20)
        answers.append(client.post(add, typed))

    in_threads(write, save)

    [answer] = answers
    assert answer.status_code == 200
    assert sentences(answer)[1:] == ["Source with this Web address already exists."]
    assert form_in(answer)["title"] == "A letter"


@pytest.mark.parametrize("number", range(3))
@pytest.mark.usefixtures("indexed")
def test_two_who_write_parts_of_one_record_do_not_miss_each_other(number):
    relationship, kind, source = make_relationship(), make_type(), make_source()
    both_have_saved = Barrier(2)

    def write(kind_of_entry: str, on: str, number: int) -> None:
        with collecting():
            make_entry(relationship, kind_of_entry, on, number=number, type=kind, source=source)
            both_have_saved.wait(timeout=20)

    in_threads(lambda: write("signed", "1990", 1), lambda: write("terminated", "1995", 2))

    periods = StandingPeriod.objects.order_by("first_day").values_list("status", "until__year")
    assert list(periods) == [("active", 1995), ("ended", None)]
    assert differences() == []


@pytest.mark.usefixtures("indexed")
def test_who_overwrites_what_another_has_just_saved_derives_all_that_changes():
    kind, source = make_type(), make_source()
    entry = make_entry(make_relationship(), "signed", "1990", type=kind, source=source)
    read_before, is_saved = Entry.objects.get(pk=entry.pk), Event()

    def withdraw() -> None:
        with transaction.atomic():
            entry.withdraw(because="A twin.", on=date(2026, 1, 1))
            is_saved.set()
            wait_until_somebody_waits()

    def note() -> None:
        is_saved.wait(timeout=20)
        read_before.note = "A note."
        read_before.save()

    in_threads(withdraw, note)

    periods = StandingPeriod.objects.values_list("status", flat=True)
    assert (list(periods), differences()) == (["active"], [])


@pytest.mark.parametrize("case", NAMED_AND_CHANGED.values(), ids=NAMED_AND_CHANGED)
@pytest.mark.usefixtures("indexed")
def test_who_names_a_record_does_not_miss_what_another_changes_of_it(case):
    known, both_have_saved = Known(), Barrier(2)

    def write(save) -> None:
        with collecting():
            save(known)
            both_have_saved.wait(timeout=20)

    in_threads(*(partial(write, save) for save in case))

    assert differences() == []


# --- what only one of two may save ----------------------------------------------------------


@pytest.fixture
def _refusing():
    """The database refuses what overlaps, as it does on the site."""
    refuse_overlaps("default")
    yield
    allow_overlaps("default")


@pytest.mark.usefixtures("_refusing", "indexed")
@pytest.mark.parametrize("number", range(3))
def test_of_two_who_fill_the_last_place_or_add_a_rule_one_is_refused(number):
    seat, source, members = make_seat(), make_source(), [make_member(), make_member()]
    both_have_checked, refused = Barrier(2), []

    def write(record) -> None:
        record.full_clean()
        both_have_checked.wait(timeout=20)
        try:
            record.save()
        except IntegrityError as error:
            refused.append(str(error).split("\n")[0])

    held = {"seat": seat, "organization": seat.organization, "source": source}
    in_threads(*(partial(write, Term(member=one, since="2010", **held)) for one in members))
    rule = {"organization": seat.organization, "requirement": "majority", "base": "seats"}
    in_threads(
        *(partial(write, VoteRequirement(slug=f"r-{n}", source=source, **rule)) for n in range(2))
    )

    assert refused == [ENOUGH_PLACES, ONE_REQUIREMENT]
    assert (Term.objects.count(), VoteRequirement.objects.count()) == (1, 1)
