"""The log: numbers, what it keeps, what it refuses to forget, and how a copy follows it."""

import hashlib
import json
from datetime import date
from functools import partial
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import now

from cities.models import City, Edition, LogEntry, LoggedRecord, Representation, Source
from cities.records.derived import collecting
from cities.records.log import Shown, site_version
from lrscc.changes import editions, triggers
from lrscc.changes.derivation import logs
from lrscc.changes.representation import canonical, documents
from tests.factories import (
    make_action,
    make_agreement,
    make_city,
    make_entry,
    make_name,
    make_organization,
    make_register,
    make_relationship,
    make_resolution,
    make_source,
    make_type,
)
from tests.moments import change
from tests.problems import problem, refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("logged")]


def told(entry: LogEntry) -> tuple[Any, ...]:
    name = f"{entry.record.kind} {entry.record.ref}" if entry.record else entry.count
    return entry.number, entry.kind, name


def the_log(after: int = 0) -> list[tuple[Any, ...]]:
    found = LogEntry.objects.filter(number__gt=after).select_related("record").order_by("number")
    return [told(entry) for entry in found]


def document_of(record: Any) -> dict[str, Any]:
    logged = LoggedRecord.objects.get(kind=record._meta.label_lower, object_id=record.pk)
    return json.loads(Representation.objects.get(sha256=logged.sha256).text)


def refused(change: Any, words: str = triggers.REFUSAL) -> bool:
    """Return whether the database refuses a change, in these words."""
    try:
        with transaction.atomic():
            change()
    except DatabaseError as error:
        return words in str(error)
    return False


# --- what is written --------------------------------------------------------------------


def test_each_public_change_is_one_entry_numbered_without_gaps():
    start = site_version().number
    draft = make_source(slug="page", title="Page", publication="draft")
    draft.publish()
    draft.title = "New"
    draft.save()
    assert refused(lambda: [make_source(slug="lost"), make_source(slug="lost")], "")
    city = make_city("otsu")
    with collecting():
        make_name(city, "大津市")
        city.summary = "On a lake."
        city.save()
    city.withdraw(because="A twin.", on=date(2026, 1, 1))

    assert the_log(start) == [
        (start + 1, "published", "cities.source page"),
        (start + 2, "changed", "cities.source page"),
        (start + 3, "published", "cities.city otsu"),
        (start + 4, "changed", "cities.city otsu"),
        (start + 5, "withdrawn", "cities.city otsu"),
    ]
    assert site_version().number == start + 5


def test_record_is_represented_as_canonical_json_without_a_status_or_an_address():
    source = make_source(slug="page", title="“Ōtsu” \u2028 \x07")
    relationship = make_relationship(
        make_city("otsu", country="JP", latitude="35.0175", longitude="0")
    )
    name = make_name(relationship.partner, "大津市", source=source)
    entry = make_entry(relationship, "signed", "1969~", source=source, type=make_type())

    document = document_of(relationship.partner)

    assert document == {
        "resource": "cities",
        "ref": "otsu",
        "name": "Otsu",
        "is_another_place": False,
        "kind": "city",
        "country": "JP",
        "is_outside_country": False,
        "latitude": "35.017500",
        "longitude": "0.000000",
        "names": [
            {"text": "大津市", "language": name.language, "kind": name.kind, "source": "page"}
        ],
    }
    assert document_of(entry) == {
        "resource": "entries",
        "ref": f"{relationship.slug}-1",
        "relationship": relationship.slug,
        "number": 1,
        "kind": "signed",
        "on": "1969~",
        "party": entry.party,
        "acceptance": "accepted",
        "type": "sister-city",
        "citations": [{"source": "page", "role": "supports"}],
    }
    [text] = Representation.objects.filter(text__contains='"ref":"page"').values_list(
        "text", flat=True
    )
    assert text == (
        '{"kind":"press","ref":"page","reliability":"press","resource":"sources",'
        '"title":"“Ōtsu” \u2028 \\u0007"}'
    )


def test_draft_is_in_no_representation_and_appears_once_it_is_published():
    draft = make_organization("draft", publication="draft")
    statement = make_resolution("on-peace", organization=make_organization("council"))
    name = make_name(
        make_city("otsu"), "大津市", source=make_source(slug="hidden", publication="draft")
    )

    assert "names" not in document_of(name.city)
    assert document_of(statement)["organization"] == "council"
    assert not LoggedRecord.objects.filter(ref=draft.slug).exists()

    name.source.publish()

    assert document_of(name.city)["names"][0]["source"] == "hidden"


def test_what_is_hidden_with_its_parent_is_withdrawn_for_copies_and_not_told_to_readers():
    relationship = make_relationship(make_city("otsu"))
    entry = make_entry(relationship, "signed", "1969")
    start = site_version().number

    relationship.withdraw(because="Another Otsu.", on=date(2026, 1, 1))

    shown = {(told(one)[1:], one.shown) for one in LogEntry.objects.filter(number__gt=start)}
    assert shown == {
        (("withdrawn", f"cities.relationship {relationship.slug}"), Shown.EVERYWHERE),
        (("withdrawn", f"cities.entry {entry.ref}"), Shown.NOWHERE),
    }


def test_records_that_are_read_with_what_changed_are_told_to_copies():
    resolution = make_resolution("on-peace")
    relationship = make_relationship(make_city("otsu"))
    agreement = make_agreement(relationship)
    cases = {
        "an action": (lambda: make_action(resolution, "introduce"), "resolutions.resolution"),
        "an agreement": (
            lambda: agreement.titles.create(language="en", text="Agreement"),
            "cities.relationship",
        ),
        "an agreement that leaves": (
            lambda: agreement.relationships.set([make_relationship(make_city("nara"))]),
            "cities.relationship",
        ),
    }
    for what, (do, above) in cases.items():
        start = site_version().number
        with collecting():
            do()

        refs = {"resolutions.resolution": "on-peace", "cities.relationship": relationship.slug}
        entries = [one for one in the_log(start) if one[2] == f"{above} {refs[above]}"]
        assert [entry[1] for entry in entries] == ["changed"], what


def test_import_of_many_is_one_line_for_readers_and_one_entry_each_for_copies(client):
    start = site_version().number
    with collecting():
        for number in range(50):
            make_source(slug=f"page-{number:02}")

    found = LogEntry.objects.filter(number__gt=start)
    assert found.filter(shown=Shown.ON_ITS_PAGE, kind="published").count() == 50
    assert [told(entry) for entry in found.filter(shown=Shown.EVERYWHERE)] == [
        (start + 51, "imported", 50)
    ]
    answer = client.get("/api/v1/changes/").json()["results"]
    assert [(one["what"], one["kind"], one["page"]) for one in answer] == [
        ("50 records", "imported", None)
    ]
    assert "50 records" in client.get("/changes/").text
    assert client.get("/sources/page-07/").text.count("Last changed") == 1


def test_log_says_what_the_records_say(client):
    make_register()
    make_entry(make_relationship(make_city("otsu")), "signed", "1969")
    make_action(make_resolution("on-peace"), "introduce")
    assert [line for log in logs() for line in log.differences()] == []

    City.objects.filter(slug="otsu").update(name="Kyoto")

    assert [line for log in logs() for line in log.differences()] == [
        "log of cities: otsu is not as the log says."
    ]
    editions.update()
    assert [line for log in logs() for line in log.differences()] == []


# --- what it refuses to forget --------------------------------------------------------------


@pytest.fixture
def kept(logged):
    """The database refuses to forget, as it does on the site."""
    triggers.keep_for_ever("default")
    yield
    triggers.lift_refusals("default")


def test_nobody_changes_or_deletes_a_row_of_the_log_or_of_a_history(kept):
    source = make_source(slug="page", title="Page")
    make_agreement(make_relationship(make_city("otsu")))
    person = User.objects.create_user("ana")
    source._history_user = person
    source.save()
    log, texts = LogEntry.objects.all(), Representation.objects.all()
    doors = {
        "an entry": lambda: log._raw_delete("default"),
        "its reason": lambda: log.update(reason="Another."),
        "its record": lambda: log.update(record=None, count=1),
        "its number": lambda: log.filter(number=site_version().number).update(number=10**6),
        "its moment": lambda: log.update(moment="2000-01-01T00:00:00Z"),
        "a text": lambda: texts.delete(),
        "its words": lambda: texts.update(text="{}"),
        "a version": lambda: source.history.all().delete(),
        "its title": lambda: source.history.update(title="Another"),
        "whose it is": lambda: person.delete(),
    }
    before = LogEntry.objects.count(), source.history.count()
    assert {name: refused(change) for name, change in doors.items()} == dict.fromkeys(doors, True)
    assert (LogEntry.objects.count(), source.history.count()) == before
    every = triggers.history_tables()
    assert {"cities_historicalcity", "cities_historicalagreement_relationships"} <= set(every)
    filled = [table for table in every if run(f"SELECT COUNT(*) FROM {table}")]
    assert len(filled) == 5
    assert [table for table in filled if not refused(partial(run, f"DELETE FROM {table}"))] == []


def run(statement: str) -> Any:
    """Return the first value that a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def test_redaction_empties_an_earlier_version_for_good_with_a_reason(kept, client):
    source = make_source(slug="page", title="A private address")
    sha256 = LoggedRecord.objects.get(kind="cities.source", ref="page").sha256
    with pytest.raises(CommandError, match="Change or withdraw the record first"):
        call_command("redact", sha256, "--because", "A private address.")
    source.title = "Page"
    source.save()
    for because, digest, words in (
        (" ", sha256, "Say why."),
        ("A private address.", "0" * 64, "no version of a record"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("redact", digest, "--because", because)
    out = StringIO()

    call_command("redact", sha256, "--because", "A private address.", stdout=out)

    assert out.getvalue() == "Redacted. It stood in 1 entries of the log.\n"
    answer = client.get("/api/v1/log/").json()["results"]
    assert [(one["sha256"] == sha256, one["record"] is None) for one in answer] == [
        (True, True),
        (False, False),
    ]
    with pytest.raises(CommandError, match="It was redacted already: A private address"):
        call_command("redact", sha256, "--because", "Again.")
    texts = Representation.objects.all()
    assert refused(lambda: texts.filter(sha256=sha256).update(text="{}"))
    assert refused(lambda: texts.exclude(sha256=sha256).update(text=""), "with_a_reason")


@pytest.mark.dialect
def test_role_that_serves_the_site_has_no_right_to_forget():
    if connection.vendor == "sqlite":
        with pytest.raises(CommandError, match="Only PostgreSQL has roles"):
            call_command("grant_serving_role", "web")
        return
    with pytest.raises(CommandError, match="There is no role “web”"):
        call_command("grant_serving_role", "web")
    run("CREATE ROLE web")
    out = StringIO()
    call_command("grant_serving_role", "web", stdout=out)
    run("SET ROLE web")

    source = make_source(slug="page")
    change(source, title="Another")

    assert out.getvalue() == "The role “web” can serve the site.\n"
    assert [told(entry)[1] for entry in LogEntry.objects.order_by("number")] == [
        "published",
        "changed",
    ]
    for doing in (
        lambda: LogEntry.objects.update(reason="Another."),
        lambda: LogEntry.objects.all()._raw_delete("default"),
        lambda: Representation.objects.update(text="{}"),
        lambda: source.history.all().delete(),
        lambda: run("DELETE FROM django_migrations"),
        lambda: run("ALTER TABLE cities_logentry DISABLE TRIGGER ALL"),
    ):
        assert refused(doing, "permission denied") or refused(doing, "must be owner")
    run("RESET ROLE")


WRONG_ROWS = {
    "cities_logentry_kind_known": lambda row: LogEntry(**row | {"kind": "lost"}),
    "cities_logentry_record_or_count": lambda row: LogEntry(**row | {"count": 2}),
    "cities_loggedrecord_once_per_record": lambda row: LoggedRecord(
        kind="cities.source", object_id=row["record"].object_id, is_public=True
    ),
    "cities_representation_redacted_with_a_reason": lambda row: Representation(sha256="1"),
}


@pytest.mark.parametrize("constraint", WRONG_ROWS)
def test_log_has_no_wrong_row(constraint):
    make_source(slug="page")
    record = LoggedRecord.objects.get(ref="page")
    row = {"batch": uuid4(), "record": record, "kind": "changed", "shown": 0, "moment": now()}
    LogEntry(**row).save()

    wrong = WRONG_ROWS[constraint](row)

    words = constraint if connection.vendor == "postgresql" else ""
    assert refused(wrong.save, words)
    with pytest.raises(ValidationError):
        wrong.validate_constraints()


# --- how a copy follows it ---------------------------------------------------------------


def test_log_is_reported_whole_in_the_api(client):
    source = make_source(slug="page", title="Page")
    source.withdraw(because="A twin.", on=date(2026, 1, 1))
    make_source(slug="other", title="Other")
    first, gone, other = LogEntry.objects.order_by("number")

    answer = client.get("/api/v1/log/").json()

    edition = Edition.objects.get().name
    address = f"http://testserver/api/v1/log/?edition={edition}&after={other.number}&limit=100"
    assert answer == {
        "edition": edition,
        "next": address,
        "is_last": True,
        "results": [
            {
                "entry": entry.number,
                "moment": entry.moment.isoformat().replace("+00:00", "Z"),
                "kind": kind,
                "resource": "sources",
                "ref": ref,
                "office": "",
                "why": why,
                "sha256": entry.sha256,
                "record": record,
            }
            for entry, kind, ref, why, record in (
                (first, "published", "page", "", None),
                (gone, "withdrawn", "page", "A twin.", None),
                (other, "published", "other", "", document_of(Source.objects.get(slug="other"))),
            )
        ],
    }
    [last] = [one for one in answer["results"] if one["record"]]
    assert hashlib.sha256(canonical(last["record"]).encode()).hexdigest() == last["sha256"]


def test_log_goes_on_where_the_copy_is(client):
    for number in range(5):
        make_source(slug=f"page-{number}")
    address, seen, lasts = "/api/v1/log/?limit=2", [], []
    for _ in range(4):
        answer = client.get(address).json()
        seen.append([one["ref"] for one in answer["results"]])
        lasts.append(answer["is_last"])
        address = answer["next"].removeprefix("http://testserver")

    assert seen == [["page-0", "page-1"], ["page-2", "page-3"], ["page-4"], []]
    assert lasts == [False, False, True, True]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("after=1", 400, refusal(edition="Name the edition that the number is from.")),
        ("after=x", 400, refusal(after="Enter a whole number.")),
        ("after=-1", 400, refusal(after="Enter a whole number.")),
        ("limit=0", 400, refusal(limit="Ask for 1 to 500 entries.")),
        ("limit=501", 400, refusal(limit="Ask for 1 to 500 entries.")),
        ("edition=never", 410, None),
        ("edition=never&after=1000000000000000", 400, refusal(after="Enter a whole number.")),
        ("edition=never&limit=x", 400, refusal(limit="Enter a whole number.")),
        ("edition={}&after=99999", 410, None),
    ],
)
def test_question_that_the_log_cannot_answer_is_refused_in_words(client, query, status, words):
    make_source(slug="page")

    response = client.get(f"/api/v1/log/?{query.format(Edition.objects.get().name)}")

    ended = problem(410, "This edition of the log has ended. Empty your copy and start afresh.")
    assert (response.status_code, response.json()) == (status, words or ended)


def test_log_that_has_not_begun_sends_no_copy_in_circles(client):
    Edition.objects.all()._raw_delete("default")

    response = client.get("/api/v1/log/")

    assert (response.status_code, response.json()) == (
        503,
        problem(503, "The log has not begun. Try again later."),
    )


def test_new_edition_says_all_that_is_public_and_ends_the_one_before(client):
    make_source(slug="page")
    make_source(slug="gone").withdraw(because="A twin.", on=date(2026, 1, 1))
    before = client.get("/api/v1/log/").json()
    out = StringIO()

    call_command("begin_edition", "--because", "Restored from a backup.", stdout=out)

    after = client.get("/api/v1/log/").json()
    assert out.getvalue() == f"Edition {after['edition']} begins after entry 3.\n"
    assert [(one["entry"], one["kind"], one["ref"]) for one in after["results"]] == [
        (4, "restated", "page")
    ]
    assert after["results"][0]["record"] == before["results"][0]["record"]
    old = client.get(before["next"].removeprefix("http://testserver"))
    assert old.status_code == 410
    assert client.get("/api/v1/changes/").json()["count"] == 2


def test_another_shape_of_representations_begins_an_edition(monkeypatch, client):
    make_source(slug="page")
    before = client.get("/api/v1/changes/").json()
    editions.keep_up("here")
    assert Edition.objects.count() == 1

    def reshaped(*given: Any) -> dict[int, Any]:
        return {pk: one | {"shape": 99} for pk, one in documents(*given).items()}

    monkeypatch.setattr(editions, "SHAPE", 99)
    monkeypatch.setattr("lrscc.changes.writing.documents", reshaped)
    editions.keep_up("here")

    assert Edition.objects.count() == 2
    [entry] = client.get("/api/v1/log/").json()["results"]
    assert (entry["kind"], entry["ref"], entry["record"]["shape"]) == ("restated", "page", 99)
    assert client.get("/api/v1/changes/").json() == before


def test_rows_of_the_log_are_named():
    source = make_source(slug="page")
    entry = LogEntry.objects.get()
    text = Representation.objects.get()

    assert str(entry.record) == "cities.source page"
    assert str(entry) == f"{entry.number}: cities.source page published"
    assert str(text) == text.sha256 == entry.sha256
    edition = Edition.objects.get()
    assert (str(edition), len(edition.name)) == (edition.name, 8)
    assert source.pk == entry.record.object_id
