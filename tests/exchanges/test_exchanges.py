"""Exchanges: what is refused at each door, how they move, and what a visitor may read."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from cities.records.publishing import Publication
from exchanges.models import Exchange, ExchangeRole
from exchanges.models.reports import COUNTS
from exchanges.states import MOVES, State
from tests.cities.refusals import assert_clerk_reads, assert_database_refuses
from tests.factories import (
    make_city,
    make_exchange,
    make_exchange_role,
    make_full_exchange,
    make_funding,
    make_held_exchange,
    make_organization,
    make_partnership,
    make_program,
    make_relationship,
    make_source,
)
from tests.pictures import ALT, CREDIT, give_picture

pytestmark = pytest.mark.django_db

NOT_CHOICE = "Value '{}' is not a valid choice.".format
TOMORROW = localdate() + timedelta(days=1)
YESTERDAY = localdate() - timedelta(days=1)
CLOSED = "Applications must close before the exchange begins. Correct one of the dates."
DAYS = (
    "Enter when it begins as well as when it ends. Each can be a year or a"
    " month, but not “or earlier” or “or later”."
)
REASON = "Say why the exchange is postponed or canceled. Leave that blank for other exchanges."
MONEY = "Enter a cost of 0 or more with its currency, or leave both blank."
REPORT = "Only an exchange that was held has counts and results. Choose “Held”, or clear them."
SOME = (
    "There are no counts to give a source for. Enter a count, or clear the source of the counts."
)
STUDENTS = "There are more students than people sent and hosted. Correct the counts."
TOO_LATE = "That date has passed. Enter a closing date from today on, or choose another state."
NOT_HOW_TO_APPLY = "The program does not say how to apply. Add that to the program first."
HELD = {"state": "held", "begins": "2025"}
PICTURE = {"picture": "pictures/x.webp", "picture_width": 8, "picture_height": 6}


@pytest.fixture
def program():
    return make_program()


def exchange(program, **fields) -> Exchange:
    """An exchange as yet unsaved, right but for what the test says."""
    return Exchange(**{"slug": "camp", "title": "Camp", "program": program} | fields)


WRONG = {
    "no title": (
        {"title": ""},
        "exchanges_exchange_has_a_title",
        {"title": ["This field cannot be blank."]},
    ),
    "a state of its own": (
        {"state": "dreamt"},
        "exchanges_exchange_vocabulary",
        {"state": [NOT_CHOICE("dreamt")]},
    ),
    "a direction of its own": (
        {"direction": "up"},
        "exchanges_exchange_vocabulary",
        {"direction": [NOT_CHOICE("up")]},
    ),
    "an end without a beginning": (
        {"ends": "2026"},
        "exchanges_exchange_days_with_a_first_and_a_last",
        DAYS,
    ),
    "a beginning that is open": (
        {"begins": "2026/.."},
        "exchanges_exchange_days_with_a_first_and_a_last",
        DAYS,
    ),
    "a beginning at any time before": (
        {"begins": "../2026"},
        "exchanges_exchange_days_with_a_first_and_a_last",
        DAYS,
    ),
    "an end that is open": (
        {"begins": "2026", "ends": "2026/.."},
        "exchanges_exchange_days_with_a_first_and_a_last",
        DAYS,
    ),
    "an end before the beginning": (
        {"begins": "2026-07-02", "ends": "2026-07-01"},
        "exchanges_exchange_ends_after_it_begins",
        "An exchange cannot end before it begins.",
    ),
    "held on no day": (
        {"state": "held"},
        "exchanges_exchange_held_on_a_day",
        "An exchange that was held needs a date. A year is enough.",
    ),
    "open without end": (
        {"state": "open"},
        "exchanges_exchange_open_until_a_day",
        "An exchange that is open for applications needs a last day to apply.",
    ),
    "applications that close before they open": (
        {"applications_open_on": date(2026, 1, 2), "applications_close_on": date(2026, 1, 1)},
        "exchanges_exchange_applications_close_after_they_open",
        "Applications cannot close before they open.",
    ),
    "applications after the beginning": (
        {"begins": "2026-07", "applications_close_on": date(2026, 8, 1)},
        "exchanges_exchange_applications_close_before_it_begins",
        CLOSED,
    ),
    "cancelled without a reason": (
        {"state": "cancelled"},
        "exchanges_exchange_called_off_with_a_reason",
        REASON,
    ),
    "postponed without a reason": (
        {"state": "postponed"},
        "exchanges_exchange_called_off_with_a_reason",
        REASON,
    ),
    "a reason for what goes on": (
        {"reason": "Snow."},
        "exchanges_exchange_called_off_with_a_reason",
        REASON,
    ),
    "a cost in no currency": ({"cost": 5}, "exchanges_exchange_cost_with_its_currency", MONEY),
    "a currency without a cost": (
        {"cost_currency": "USD"},
        "exchanges_exchange_cost_with_its_currency",
        MONEY,
    ),
    "a cost below nothing": (
        {"cost": -1, "cost_currency": "USD"},
        "exchanges_exchange_cost_with_its_currency",
        MONEY,
    ),
    "a story of what is planned": (
        {"story": "It was fine."},
        "exchanges_exchange_report_when_held",
        REPORT,
    ),
    **{
        f"{name} of what is planned": ({name: 0}, "exchanges_exchange_report_when_held", REPORT)
        for name in COUNTS
    },
    "more students than people": (
        HELD | {"students": 4, "people_sent": 1, "people_hosted": 2},
        "exchanges_exchange_students_among_the_people",
        STUDENTS,
    ),
    "a picture without words": (
        PICTURE,
        "exchanges_exchange_picture_with_alt_and_credit",
        "Say what the picture shows, and who made it.",
    ),
    "words without a picture": (
        {"picture_alt": ALT, "picture_credit": CREDIT},
        "exchanges_exchange_picture_described_is_there",
        "There is no picture. Add one, or clear what it shows and its credit.",
    ),
    "a picture without its size": (
        {"picture": "pictures/x.webp", "picture_alt": ALT, "picture_credit": CREDIT},
        "exchanges_exchange_picture_with_its_size",
        "A picture needs its width and height.",
    ),
    "a publication of its own": (
        {"publication": "secret"},
        "exchanges_exchange_publication_known",
        "Choose draft, published or withdrawn.",
    ),
    "withdrawn without a reason": (
        {"publication": Publication.WITHDRAWN},
        "exchanges_exchange_withdrawn_with_a_reason",
        ("Enter the date and the reason of the withdrawal. Leave both blank for other records."),
    ),
}


@pytest.mark.parametrize(("wrong", "rule", "sentences"), WRONG.values(), ids=WRONG)
def test_wrong_exchange_is_refused(program, wrong, rule, sentences):
    record = exchange(program, **wrong)

    assert_clerk_reads(record, sentences)
    assert_database_refuses(record, match=rule)


def test_source_of_no_counts_is_refused(program):
    record = exchange(program, **HELD, counts_source=make_source())

    assert_clerk_reads(record, SOME)
    assert_database_refuses(record, match="exchanges_exchange_source_of_some_counts")


@pytest.mark.parametrize("name", COUNTS)
def test_counts_are_never_below_nothing(program, name):
    record = exchange(program, **HELD, **{name: -1})

    assert_clerk_reads(record, {name: ["Ensure this value is greater than or equal to 0."]})
    assert_database_refuses(record, match=name)


@pytest.mark.parametrize("code", ["XXX", "XAU", "usd", "US", "DOLLAR"])
def test_currency_is_one_that_people_pay_in(program, code):
    record = exchange(program, cost=5, cost_currency=code)

    with pytest.raises(ValidationError) as refusal:
        record.full_clean()

    assert NOT_CHOICE(code) in refusal.value.message_dict["cost_currency"]


RIGHT = {
    "nothing but its title": {},
    "begins and ends in one month": {"begins": "2026-07", "ends": "2026-07"},
    "ends in the year it begins in": {"begins": "2026-07-02", "ends": "2026"},
    "closes on the first day it can begin": {
        "begins": "2026-07",
        "applications_close_on": date(2026, 7, 31),
    },
    "opens and closes on one day": {
        "applications_open_on": date(2026, 1, 1),
        "applications_close_on": date(2026, 1, 1),
    },
    "is free": {"cost": 0, "cost_currency": "JPY"},
    "cancelled with a reason": {"state": "cancelled", "reason": "Snow."},
    "counts of nobody": HELD | dict.fromkeys(COUNTS, 0),
    "students of people not all counted": HELD | {"students": 4, "people_sent": 1},
    "only students": HELD | {"students": 3, "people_sent": 1, "people_hosted": 2},
    "a story alone": HELD | {"story": "It was fine."},
    "open once, as a file brings it back": {
        "state": "open",
        "applications_close_on": date(2020, 1, 1),
    },
}


@pytest.mark.parametrize("fields", RIGHT.values(), ids=RIGHT)
def test_right_exchange_is_kept(program, fields):
    record = exchange(program, **fields)

    record.full_clean()
    record.save()

    stored = Exchange.objects.get()
    unknown = {name: getattr(stored, name) for name in COUNTS if name not in fields}
    assert unknown == dict.fromkeys(unknown)
    stored.full_clean()


# --- moves ------------------------------------------------------------------------------

FIELDS_OF = {
    "planned": {},
    "open": {"applications_close_on": TOMORROW},
    "confirmed": {},
    "held": {"begins": "2020"},
    "postponed": {"reason": "Snow."},
    "cancelled": {"reason": "Snow."},
}
EMPTY = {"reason": "", "applications_close_on": None, "begins": None}
FINAL = {
    "held": "The exchange was held, so its state stays. Correct its report instead.",
    "cancelled": "The exchange was canceled, so its state stays. Announce it again instead.",
    "confirmed": (
        "The exchange is “Confirmed” now. Choose one of these first: Open for"
        " applications, Held, Postponed, Canceled."
    ),
    "postponed": (
        "The exchange is “Postponed” now. Choose one of these first: Planned, Open"
        " for applications, Confirmed, Canceled."
    ),
}


def moved(record: Exchange, after: str) -> Exchange:
    for name, value in (EMPTY | FIELDS_OF[after] | {"state": after}).items():
        setattr(record, name, value)
    return record


@pytest.mark.parametrize("before", State.values)
def test_public_exchange_moves_as_the_table_says(program, before):
    kept = make_exchange(program=program, state=before, **FIELDS_OF[before])

    for after in State.values:
        record = moved(Exchange.objects.get(pk=kept.pk), after)
        if before == after or after in MOVES[before]:
            record.full_clean()
        else:
            assert_clerk_reads(record, {"state": [FINAL[before]]})


@pytest.mark.parametrize("before", State.values)
def test_draft_moves_freely(program, before):
    kept = make_exchange(program=program, state=before, publication="draft", **FIELDS_OF[before])

    for after in State.values:
        moved(Exchange.objects.get(pk=kept.pk), after).full_clean()


def test_report_of_what_was_held_is_corrected(program):
    record = make_held_exchange(program=program)
    record.people_sent, record.story = 13, "What came of it, corrected."

    record.full_clean()
    record.save()

    assert Exchange.objects.get().people_sent == 13


NOT_BEGUN = "The exchange has not begun yet. Choose “Held” after it takes place."
NOT_OVER = "The exchange is not over yet. Choose “Held” after its last day."


@pytest.mark.parametrize(
    ("begins", "ends", "sentence"),
    [
        (TOMORROW, None, NOT_BEGUN),
        (TOMORROW, TOMORROW, NOT_BEGUN),
        (YESTERDAY, TOMORROW, NOT_OVER),
        (YESTERDAY, localdate(), None),
        (localdate(), None, None),
        (localdate().year, localdate().year, None),
    ],
)
def test_only_what_is_over_was_held(program, begins, ends, sentence):
    record = exchange(program, state="held", begins=str(begins), ends=str(ends or ""))

    if sentence:
        assert_clerk_reads(record, {"state": [sentence]})
    else:
        record.full_clean()


def test_open_needs_a_program_that_says_how_to_apply():
    record = exchange(make_program(how_to_apply=""), state="open", applications_close_on=TOMORROW)

    assert_clerk_reads(record, {"state": [NOT_HOW_TO_APPLY]})

    record.program.application_address = "https://example.org/apply"
    record.full_clean()


@pytest.mark.parametrize("publication", ["draft", "published"])
def test_closing_day_that_is_over_is_not_set(program, publication):
    record = make_exchange(program=program, publication=publication)
    record.state, record.applications_close_on = "open", YESTERDAY

    assert_clerk_reads(record, {"applications_close_on": [TOO_LATE]})


def test_closing_day_is_not_moved_to_one_that_is_over(program):
    record = make_exchange(program=program, state="open", applications_close_on=TOMORROW)
    record.applications_close_on = YESTERDAY

    assert_clerk_reads(record, {"applications_close_on": [TOO_LATE]})


def test_closing_day_that_has_passed_stands_in_no_ones_way(program):
    """It passes by itself: what was open stays, and can be corrected."""
    record = make_exchange(program=program, state="open", applications_close_on=YESTERDAY)
    record.venue = "The school"

    record.full_clean()

    assert record.phase_on(localdate()) == "applications_over"


def test_draft_open_until_a_day_that_is_over_is_not_published(program):
    record = make_exchange(
        program=program,
        state="open",
        applications_close_on=YESTERDAY,
        publication="draft",
    )
    record.full_clean()

    with pytest.raises(ValidationError) as refusal:
        record.publish()

    assert refusal.value.message_dict == {"applications_close_on": [TOO_LATE]}


def test_exchange_without_a_program_is_told_so():
    record = Exchange(slug="camp", title="Camp", state="open", applications_close_on=TOMORROW)

    assert_clerk_reads(record, {"program": ["This field cannot be null."]})


# --- what it is part of -----------------------------------------------------------------


def test_exchange_is_not_published_before_its_program():
    record = make_exchange(program=make_program(publication="draft"), publication="draft")

    with pytest.raises(ValidationError) as refusal:
        record.publish()

    sentence = f"Publish “{record.program}” first. It is still a draft."
    assert refusal.value.message_dict == {"program": [sentence]}


def test_withdrawn_program_gets_no_public_exchange():
    gone = make_program(
        publication="withdrawn", withdrawn_on="2026-01-01", withdrawn_because="Wrong."
    )
    record = make_exchange(program=gone, publication="draft")
    record.full_clean()

    with pytest.raises(ValidationError) as refusal:
        record.publish()

    sentence = (
        f"“{gone}” was withdrawn, so it cannot have a public exchange. Choose another program."
    )
    assert refusal.value.message_dict == {"program": [sentence]}


def test_exchange_is_withdrawn_whatever_it_says(program):
    record = make_exchange(program=program, state="open", applications_close_on=YESTERDAY)
    program.how_to_apply = ""
    program.save()

    record.withdraw(because="Wrong.", on=date(2026, 1, 1))

    assert record.is_withdrawn


def test_slug_of_a_public_exchange_stays(program):
    record = make_exchange(program=program)
    record.slug = "other"

    assert_clerk_reads(record, "This record is published, so its web address cannot change.")


def test_exchange_of_a_draft_program_is_not_public():
    shown = make_exchange()
    hidden = make_exchange(program=make_program(publication="draft"))
    make_exchange(publication="draft")

    assert [*Exchange.objects.public()] == [shown]
    assert (shown.was_public, hidden.was_public) == (True, False)


def test_exchange_by_its_title_and_its_days(program):
    dated, undated = exchange(program, begins="2026-07"), exchange(program)

    assert (str(dated), str(undated)) == ("Camp, July 2026", "Camp")
    assert dated.get_absolute_url() == "/exchanges/camp/"


def test_picture_is_drawn_again_and_has_an_address(program, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    record = give_picture(make_exchange("camp", program=program))

    key = record.picture.name.removeprefix("pictures/")[:8]
    assert record.picture_address == f"/exchanges/camp/picture/?v={key}"
    assert (record.picture_width, record.picture_height) == (8, 6)


@pytest.mark.parametrize(
    ("cost", "currency", "words"),
    [
        (None, "", ""),
        (0, "USD", "$0"),
        ("1250.50", "USD", "$1,250.50"),
        (45000, "JPY", "45,000 JPY"),
    ],
)
def test_cost_in_words(program, cost, currency, words):
    make_exchange("camp", program=program, cost=cost, cost_currency=currency)

    assert Exchange.objects.get().cost_in_words == words


# --- lists and pages --------------------------------------------------------------------


@pytest.mark.parametrize("parts", [1, 4])
def test_page_asks_the_same_for_much_as_for_little(django_assert_num_queries, parts):
    full = make_full_exchange(parts=parts)

    with django_assert_num_queries(5):
        found = Exchange.objects.public().with_phase(date(2025, 7, 2)).for_page().get()
        shown = (found.program.title, found.public_where.name, found.counts_source.title)

    assert shown == (full.program.title, full.where.name, full.counts_source.title)
    lists = (
        found.public_relationships,
        found.public_roles,
        found.public_funding,
        found.public_sources,
    )
    assert [len(records) for records in lists] == [parts, parts, 2 * parts, parts + 1]
    assert found.phase == "under_way"


def test_page_shows_only_what_is_public():
    hidden = {"publication": "draft"}
    relationship, place = make_partnership(), make_city(**hidden)
    record = make_exchange(relationship=relationship, where=place)
    record.relationships.add(make_relationship(**hidden))
    record.sources.add(make_source(**hidden))
    make_exchange_role(record, make_organization(**hidden))
    make_funding(record, make_organization(**hidden))

    found = Exchange.objects.public().for_page().get()

    assert (found.public_relationships, found.public_where) == ([relationship], None)
    assert (found.public_sources, found.public_roles, found.public_funding) == ([], [], [])


def test_exchanges_of_a_year_surely_began_in_it():
    for slug, begins in {
        "first-day": "2025-01-01",
        "last-day": "2025-12-31",
        "year": "2025",
        "about": "2025~",
        "next-day": "2026-01-01",
        "one-of-two": "[2025-12-31,2026-01-01]",
        "decade": "202X",
        "day-unknown": None,
    }.items():
        make_exchange(slug, begins=begins)

    found = Exchange.objects.of_year(2025).values_list("slug", flat=True)
    assert sorted(found) == ["about", "first-day", "last-day", "year"]


def test_exchanges_with_a_partner():
    relationship = make_partnership()
    shown = make_exchange(relationship=relationship)
    shown.relationships.add(make_partnership())
    make_exchange()
    hidden = make_relationship(make_city("hidden"), publication="draft")
    make_exchange(relationship=hidden)

    assert [*Exchange.objects.with_partner(relationship.partner)] == [shown]
    assert [*Exchange.objects.with_partner(hidden.partner)] == []


def test_held_exchanges():
    held = make_held_exchange()
    make_exchange(begins="2025")

    assert [*Exchange.objects.held()] == [held]
    assert held.is_held


def test_newest_come_first_and_those_without_a_day_before_them():
    for slug, begins in (("old", "1994"), ("new", "2026-07"), ("undated", None)):
        make_exchange(slug, begins=begins)

    assert [*Exchange.objects.values_list("slug", flat=True)] == ["undated", "new", "old"]


# --- roles ------------------------------------------------------------------------------


def test_organization_has_a_role_once():
    role = make_exchange_role(make_exchange())
    again = ExchangeRole(exchange=role.exchange, organization=role.organization, role="host")

    assert_clerk_reads(again, "This organization already has this role.")
    assert_database_refuses(again, match=r"exchanges_exchangerole_once|UNIQUE constraint failed")
    assert str(role) == f"{role.organization}: Host"


def test_who_pays_stands_under_funding():
    role = ExchangeRole(exchange=make_exchange(), organization=make_organization(), role="funder")

    assert_clerk_reads(role, "Choose organizer, host or partner. Enter who pays under funding.")
    assert_database_refuses(role, match="exchanges_exchangerole_role_known")
