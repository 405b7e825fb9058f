"""Staff announce an exchange, hold it and report on it; what is refused, and who may."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from exchanges.models import AwardCategory, Exchange, Program
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import at, browser, browser_with, everything, release_all
from tests.exchanges.test_exchanges import WRONG
from tests.factories import (
    make_exchange,
    make_full_exchange,
    make_funding,
    make_held_exchange,
    make_name,
    make_organization,
    make_partnership,
    make_program,
    make_program_role,
)
from tests.pictures import ALT, CREDIT, draw, upload

pytestmark = pytest.mark.django_db

STAFF, CLERK, PUBLISHER = "Commission staff", "Council clerk", "Publisher"
COMMISSIONER, ADMINISTRATOR = "Commissioner", "Administrator"
TODAY = localdate()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
PLEASE = "Please correct the error below."
WHY = {"change_reason": "Because."}
TOO_LATE = "That date has passed. Enter a closing date from today on, or choose another state."
NOT_HOW_TO_APPLY = "The program does not say how to apply. Add that to the program first."


@pytest.fixture
def staff():
    return browser(STAFF)


def new_program(client, **changes) -> dict:
    """The form of a new program about one tie, filled in."""
    relationship = make_partnership()
    given = {"title": "Camp", "slug": "camp", "relationships": [str(relationship.pk)]}
    return form_of(client, at(Program, "add")) | given | changes


def next_exchange(**fields) -> dict:
    given = {"title": "Camp 2027", "slug": "camp-2027", "state": "planned"} | fields
    return {f"exchanges-0-{name}": value for name, value in given.items()}


def new_exchange(client, program, **changes) -> dict:
    url = f"{at(Exchange, 'add')}?program={program.pk}"
    return form_of(client, url) | {"slug": "camp"} | changes


def change(client, record, **changes):
    return client.post(at(record), form_of(client, at(record)) | WHY | changes)


# --- a program and its next exchange --------------------------------------------------


def test_program_and_its_next_exchange_are_one_form(staff):
    ahead = {"begins": "July 12, 2027", "ends": "2027-07-18", "direction": "out"}
    form = new_program(staff, **next_exchange(**ahead))

    page = staff.post(at(Program, "add"), form)

    assert page.status_code == 302, sentences(page)
    exchange = Exchange.objects.get()
    program = Program.objects.get()
    assert (exchange.program, exchange.title, exchange.slug) == (
        program,
        "Camp 2027",
        "camp-2027",
    )
    assert (exchange.begins.edtf, exchange.ends.edtf) == ("2027-07-12", "2027-07-18")
    assert [*exchange.relationships.all()] == [*program.relationships.all()]
    assert (program.is_draft, exchange.is_draft, exchange.state) == (True, True, "planned")
    assert exchange.history.first().history_user.username == "commission-staff"


def test_program_is_saved_without_an_exchange(staff):
    page = staff.post(at(Program, "add"), new_program(staff))

    assert page.status_code == 302, sentences(page)
    assert (Program.objects.count(), Exchange.objects.count()) == (1, 0)


def test_next_exchange_of_a_program_there_is_has_its_partners_that_stand(staff):
    program, gone = make_program(relationship=make_partnership()), make_partnership()
    program.relationships.add(gone)
    gone.withdraw(because="Wrong.", on="2026-01-01")
    form = form_of(staff, at(program)) | WHY | next_exchange()

    page = staff.post(at(program), form)

    assert page.status_code == 302, sentences(page)
    exchange = Exchange.objects.get()
    assert list(exchange.relationships.all()) == [
        relationship for relationship in program.relationships.all() if relationship != gone
    ]


@pytest.mark.parametrize(
    ("program", "exchange", "sentence"),
    [
        ({}, {"state": "open", "applications_close_on": TOMORROW}, NOT_HOW_TO_APPLY),
        (
            {"how_to_apply": "Write."},
            {"state": "open", "applications_close_on": YESTERDAY},
            TOO_LATE,
        ),
        (
            {"how_to_apply": "Write."},
            {"state": "open"},
            "An exchange that is open for applications needs a last day to apply.",
        ),
        ({}, {"begins": "2027", "ends": "2026"}, "An exchange cannot end before it begins."),
        (
            {},
            {"state": "held", "begins": "2020"},
            "Select a valid choice. held is not one of the available choices.",
        ),
        ({}, {"title": ""}, "This field is required."),
    ],
)
def test_wrong_next_exchange_saves_nothing(staff, program, exchange, sentence):
    form = new_program(staff, **program, **next_exchange(**exchange))
    before = everything()

    page = staff.post(at(Program, "add"), form)

    assert sentences(page) == [PLEASE, sentence]
    assert everything() == before


def test_open_exchange_of_a_new_program_that_says_how_to_apply(staff):
    is_open = next_exchange(state="open", applications_close_on=TOMORROW)
    form = new_program(staff, how_to_apply="Write to the office.", **is_open)

    page = staff.post(at(Program, "add"), form)

    assert page.status_code == 302, sentences(page)
    assert Exchange.objects.get().phase_on(TODAY) == "open"


def test_program_form_lists_its_exchanges(staff):
    program = make_program()
    shown = make_exchange("camp", program=program, begins="2026-07")
    make_exchange("trip", program=program, publication="draft")

    said = text(staff.get(at(program)))

    assert "Camp, July 2026 (Planned)" in said
    assert "Trip (Planned, draft)" in said
    assert f'href="{at(shown)}"' in staff.get(at(program)).content.decode()
    assert "None on record." in text(staff.get(at(make_program())))
    assert "Announce the next exchange below" in text(staff.get(at(Program, "add")))


def test_draft_exchanges_are_listed_to_those_who_may_see_them():
    program = make_program()
    make_exchange("secret-trip", program=program, publication="draft")

    for role, sees in ((CLERK, False), (COMMISSIONER, True), (PUBLISHER, True)):
        assert ("Secret trip" in text(browser(role).get(at(program)))) is sees, role


@pytest.mark.parametrize("role", [PUBLISHER, COMMISSIONER, CLERK, ADMINISTRATOR])
def test_next_exchange_is_announced_by_staff_alone(role):
    program = make_program()
    page = browser(role).get(at(program)).content.decode()

    assert "Next exchange" not in page
    assert 'name="exchanges-0-title"' not in page


@pytest.mark.parametrize(
    ("address", "warns"),
    [("ana.diaz@lansingmi.gov", True), ("sister.cities@lansingmi.gov", False)],
)
def test_address_of_a_person_is_kept_with_a_warning(staff, address, warns):
    contact = {"contact_office": "The office", "contact_email": address}

    page = staff.post(at(Program, "add"), new_program(staff, **contact), follow=True)

    assert Program.objects.get().contact_email == address
    said = f"“{address}” looks like the address of a person." in text(page)
    assert said is warns
    again = change(staff, Program.objects.get(), summary="Other")
    assert "looks like" not in text(staff.get(again.url))


def test_history_of_a_program_shows_its_organizations(staff):
    program = make_program()
    make_program_role(program, make_organization("lansing-school"))
    make_exchange("camp", program=program)

    said = text(staff.get(at(program, "history")))

    assert "Lansing School: Organizer" in said
    assert "Camp" not in said


# --- an exchange ------------------------------------------------------------------------


def test_exchange_begins_with_the_program_it_was_opened_from(staff):
    program = make_program("camp", make_partnership())
    gone = make_partnership()
    program.relationships.add(gone)
    gone.withdraw(because="Wrong.", on="2026-01-01")

    form = form_of(staff, f"{at(Exchange, 'add')}?program={program.pk}")

    kept = program.relationships.exclude(pk=gone.pk).get()
    assert (form["program"], form["title"]) == (str(program.pk), "Camp")
    assert form["relationships"] == str(kept.pk)


@pytest.mark.parametrize("number", ["", "abc", "²", "-1", "999999"])
def test_exchange_of_no_program_begins_empty(staff, number):
    form = form_of(staff, f"{at(Exchange, 'add')}?program={number}")

    assert (form["title"], form.get("relationships")) == ("", None)


def test_hidden_program_shows_nothing_to_who_adds_an_exchange():
    hidden = make_program("secret", make_partnership(), publication="draft")
    client = browser_with("add_exchange", "view_exchange", "view_program")

    page = client.get(f"{at(Exchange, 'add')}?program={hidden.pk}")

    assert page.status_code == 200
    assert form_of(client, f"{at(Exchange, 'add')}?program={hidden.pk}")["title"] == ""


TYPED = {
    name: ({field: "" if value is None else str(value) for field, value in wrong.items()}, said)
    for name, (wrong, __, said) in WRONG.items()
    if isinstance(said, str) and not {"picture", "publication"} & wrong.keys()
}
"""Wrong exchanges as somebody types them in, with the sentence that answers."""


def test_wrong_exchanges_save_nothing(staff):
    form = new_exchange(staff, make_program())
    before = everything()

    for name, (wrong, sentence) in TYPED.items():
        page = staff.post(at(Exchange, "add"), form | wrong)

        assert (name, sentences(page)) == (name, [PLEASE, sentence])
        assert everything() == before, name


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"state": "open", "applications_close_on": YESTERDAY}, TOO_LATE),
        (
            {"state": "held", "begins": TOMORROW},
            "The exchange has not begun yet. Choose “Held” after it takes place.",
        ),
        (
            {"state": "held", "begins": YESTERDAY, "ends": TOMORROW},
            "The exchange is not over yet. Choose “Held” after its last day.",
        ),
        (
            {"cost": "5", "cost_currency": "XXX"},
            "Select a valid choice. XXX is not one of the available choices.",
        ),
        (
            {"cost": "0.001", "cost_currency": "USD"},
            "Ensure that there are no more than 2 decimal places.",
        ),
        ({"people_sent": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"relationships": []}, "This field is required."),
    ],
)
def test_exchange_against_a_rule_saves_nothing(staff, wrong, sentence):
    form = new_exchange(staff, make_program(relationship=make_partnership()), **wrong)
    before = everything()

    page = staff.post(at(Exchange, "add"), form)

    assert sentences(page) == [PLEASE, sentence]
    assert everything() == before


def test_open_until_today_is_in_time(staff):
    is_open = {"state": "open", "applications_close_on": TODAY}

    page = staff.post(at(Exchange, "add"), new_exchange(staff, make_program(), **is_open))

    assert page.status_code == 302, sentences(page)


def test_announce_open_close_hold_report():
    """A year of an exchange, as staff and a publisher go through it."""
    staff, publisher = browser(STAFF), browser(PUBLISHER)
    program = make_program("camp", make_partnership())
    day = {"begins": str(YESTERDAY), "ends": str(YESTERDAY)}
    staff.post(at(Exchange, "add"), new_exchange(staff, program, **day))
    exchange = Exchange.objects.get()
    publisher.post(at(exchange, "publish"))
    steps = [
        {"state": "open", "begins": str(TOMORROW), "ends": "", "applications_close_on": TODAY},
        {"state": "confirmed"},
        {"state": "held", **day, "applications_close_on": ""},
        {"people_sent": "8", "students": "0", "story": "Eight people went."},
    ]

    states = []
    for step in steps:
        page = change(staff, exchange, **step)
        assert page.status_code == 302, sentences(page)
        release_all()
        exchange.refresh_from_db()
        states.append((exchange.state, exchange.phase_on(TODAY).value))

    assert states == [
        ("open", "open"),
        ("confirmed", "coming"),
        ("held", "past"),
        ("held", "past"),
    ]
    assert (exchange.people_sent, exchange.people_hosted, exchange.students) == (8, None, 0)
    before = everything()
    refused = change(staff, exchange, state="planned")
    assert "The exchange was held, so its state stays. Correct its report instead." in sentences(
        refused
    )
    assert everything() == before


def test_postponed_exchange_is_held_only_when_it_is_planned_again(staff):
    exchange = make_exchange(state="postponed", reason="Snow.")
    before = everything()

    page = change(staff, exchange, state="held", begins="2020", reason="")

    assert sentences(page) == [
        PLEASE,
        (
            "The exchange is “Postponed” now. Choose one of these first: Planned, Open"
            " for applications, Confirmed, Canceled."
        ),
    ]
    assert everything() == before


def test_funding_and_organizations_are_in_the_same_form(staff):
    exchange, giver = make_held_exchange(), make_organization("giver")
    rows = {
        "funding-TOTAL_FORMS": "1",
        "funding-0-organization": str(giver.pk),
        "funding-0-nature": "in_kind",
        "funding-0-what": "Rooms",
        "roles-TOTAL_FORMS": "1",
        "roles-0-organization": str(giver.pk),
        "roles-0-role": "host",
    }

    page = change(staff, exchange, **rows)

    assert page.status_code == 302, sentences(page)
    release_all()
    assert str(exchange.funding.get()) == "Giver: Rooms"
    assert str(exchange.roles.get()) == "Giver: Host"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ({"nature": "in_kind"}, "Choose money, or say what was given in kind."),
        (
            {"nature": "money", "amount": "5"},
            "Enter an amount of 0 or more with its currency, or leave both blank.",
        ),
    ],
)
def test_wrong_funding_saves_nothing(staff, rows, sentence):
    exchange, giver = make_held_exchange(), make_organization("giver")
    given = {"organization": str(giver.pk)} | rows
    form = {f"funding-0-{name}": value for name, value in given.items()}
    before = everything()

    page = change(staff, exchange, **form, **{"funding-TOTAL_FORMS": "1"})

    assert sentences(page) == [PLEASE, sentence]
    assert everything() == before


# --- how it stands today ----------------------------------------------------------------


def test_form_shows_the_status_and_what_is_missing_from_the_report(staff):
    exchange = make_held_exchange(people_sent=None)

    said = text(staff.get(at(exchange)))

    assert "Past . This depends on the state and the dates." in said
    assert "Its report still needs: How many people were sent. Who paid for it." in said
    make_funding(exchange, amount=5, currency="USD")
    Exchange.objects.update(people_sent=12)
    assert "still lacks" not in text(staff.get(at(exchange)))


def test_form_that_is_refused_shows_how_the_stored_exchange_stands(staff):
    exchange = make_exchange(begins="2999")

    page = change(staff, exchange, state="held", begins="")

    assert sentences(page) == [
        PLEASE,
        "An exchange that was held needs a date. A year is enough.",
    ]
    assert "Coming up . This depends" in text(page)
    assert "still lacks" not in text(page)


def test_new_exchange_and_older_versions_do_not_say_how_they_stand(staff):
    exchange = make_held_exchange()
    version = at(exchange, "simple_history", exchange.history.earliest("history_id").pk)

    for url in (at(Exchange, "add"), version):
        page = staff.get(url)
        assert page.status_code == 200
        assert "Shown after you save." in text(page)


def test_list_shows_and_filters_by_how_exchanges_stand(staff):
    program = make_program("camps")
    make_exchange("now", program=program, begins=str(TODAY))
    make_exchange("some-day", program=program, publication="draft")
    make_held_exchange("then", program=program)
    url = at(Exchange, "changelist")

    said = text(staff.get(url))

    for row in (
        "Some day Camps – Dates to be announced Draft",
        "Then Camps July 1, 2025 Past Published",
    ):
        assert row in said, said
    for query, slugs in {
        "phase=under_way": ["now"],
        "phase=past": ["then"],
        "phase=open": [],
        "phase=nonsense": [],
        "year=2025": ["then"],
        "year=1994": [],
        "year=nonsense": ["now", "some-day", "then"],
        "year=99999": ["now", "some-day", "then"],
        "phase=past&year=2025": ["then"],
    }.items():
        rows = staff.get(f"{url}?{query}").context["cl"].result_list
        assert sorted(row.slug for row in rows) == slugs, query


@pytest.mark.parametrize("typed", ["otsu", "大津", "youth camp", "camp-2025"])
@pytest.mark.parametrize("model", [Program, Exchange])
def test_search_finds_by_title_and_by_any_name_of_a_partner(staff, model, typed):
    relationship = make_partnership("otsu")
    make_name(relationship.partner, "大津")
    make_name(relationship.partner, "大津市")
    program = make_program("camp-2025-program", relationship, title="Youth camp")
    exchange = make_exchange("camp-2025", relationship, program=program)
    make_exchange("other", make_partnership("biei"))

    found = staff.get(at(model, "changelist"), {"q": typed}).context["cl"].result_list

    assert [*found] == [program if model is Program else exchange]


# --- again ------------------------------------------------------------------------------


def test_exchange_is_announced_again_with_one_button(staff):
    exchange = make_held_exchange("camp-2025", make_partnership(), title="Camp 2025")
    url = at(exchange, "announce_again")
    assert f'action="{url}"' in staff.get(at(exchange)).content.decode()

    page = staff.post(url, follow=True)

    edition = Exchange.objects.get(slug="camp")
    assert page.redirect_chain == [(at(edition), 302)]
    assert sentences(page) == [
        (
            "This is a draft of the next edition. Enter its dates and add the year to its title."
            " If you do not need it, delete it."
        )
    ]
    assert (edition.title, edition.is_draft, edition.state) == ("Camp", True, "planned")
    assert edition.history.first().history_user.username == "commission-staff"
    staff.post(at(edition, "delete"), {"post": "yes"})
    assert [*Exchange.objects.all()] == [exchange]


def test_exchange_is_not_announced_by_a_link(staff):
    exchange = make_exchange()
    before = everything()

    page = staff.get(at(exchange, "announce_again"))

    assert (page.status_code, page.headers["Allow"]) == (405, "POST")
    assert "This address is no page. Go back and use the button" in text(page)
    assert everything() == before


@pytest.mark.parametrize("role", [CLERK, PUBLISHER, COMMISSIONER, ADMINISTRATOR])
def test_exchange_is_announced_again_by_staff_alone(role):
    exchange, client = make_exchange(), browser(role)
    before = everything()

    assert client.post(at(exchange, "announce_again")).status_code == 403
    assert "Announce again" not in text(client.get(at(exchange)))
    assert everything() == before


def test_draft_is_not_announced_again_by_who_may_not_see_it():
    exchange = make_exchange(publication="draft")
    client = browser_with("add_exchange", "view_exchange", "change_exchange")
    before = everything()

    assert client.post(at(exchange, "announce_again")).status_code == 404
    assert client.post(f"{at(Exchange, 'changelist')}999/announce-again/").status_code == 404
    assert everything() == before


# --- the year's report ------------------------------------------------------------------


def test_report_lists_what_is_missing_of_each_exchange_of_the_year(staff):
    make_held_exchange("first", people_sent=None)
    whole = make_held_exchange("second", begins="2025-08", ends=None)
    make_funding(whole, amount=5, currency="USD")
    make_exchange("third", begins="2025-09-01")
    make_exchange("fourth", begins="2025", state="cancelled", reason="Snow.")
    make_exchange("fifth", begins="2025-12-31", publication="draft", state="postponed", reason="?")
    make_held_exchange("other-year", begins="2024", ends=None)

    page = staff.get(at(Exchange, "report"), {"year": "2025"})

    rows = [(exchange.slug, missing) for exchange, missing in page.context["rows"]]
    assert rows == [
        ("fourth", []),
        ("first", ["How many people were sent.", "Who paid for it."]),
        ("second", []),
        ("third", ["Whether it took place."]),
        ("fifth", []),
    ]
    said = text(page)
    assert "Missing from the 2025 report" in said
    for row in (
        "First, July 1, 2025 Held How many people were sent. Who paid for it.",
        "Second, August 2025 Held Nothing",
        "Fourth, 2025 Canceled No report yet.",
        "Fifth, December 31, 2025 Postponed, draft",
    ):
        assert row in said, said


@pytest.mark.parametrize("query", ["", "?year=", "?year=abc", "?year=²", "?year=0", "?year=10000"])
def test_report_is_of_last_year_where_none_is_named(staff, query):
    page = staff.get(at(Exchange, "report") + query)

    assert page.context["year"] == TODAY.year - 1
    assert f"We have no record of exchanges that began in {TODAY.year - 1}." in text(page)


def test_report_offers_the_years_there_are(staff):
    make_held_exchange(begins="1994", ends=None)
    make_held_exchange(begins="[1990,1991]", ends=None)
    make_exchange()

    page = staff.get(at(Exchange, "report"), {"year": "1980"})

    assert page.context["years"] == [TODAY.year, TODAY.year - 1, 1994, 1980]


def test_report_shows_no_draft_to_who_may_not_see_it():
    make_held_exchange("shown")
    make_held_exchange("secret", publication="draft")
    make_held_exchange("hidden", program=make_program(publication="draft"))
    url = f"{at(Exchange, 'report')}?year=2025"

    said = text(browser(CLERK).get(url))

    assert "Shown" in said
    assert "Secret" not in said
    assert "Hidden" not in said
    assert browser_with("view_city").get(url).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_report_asks_no_more_for_many_exchanges(staff, django_assert_num_queries, count):
    for __ in range(count):
        make_funding(make_held_exchange(program=Program.objects.first()))
    url = f"{at(Exchange, 'report')}?year=2025"
    staff.get(url)

    with django_assert_num_queries(8):
        page = staff.get(url)

    assert len(page.context["rows"]) == count


def test_list_leads_to_the_report(staff):
    page = staff.get(at(Exchange, "changelist")).content.decode()

    assert f'href="{at(Exchange, "report")}"' in page


# --- pictures, awards -------------------------------------------------------------------


def test_picture_of_an_exchange_is_kept_and_shown(staff, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    exchange = make_exchange()
    picture = {"picture": upload(draw("PNG")), "picture_alt": ALT, "picture_credit": CREDIT}

    page = change(staff, exchange, **picture)

    assert page.status_code == 302, sentences(page)
    release_all()
    exchange.refresh_from_db()
    key = exchange.picture.name.removeprefix("pictures/").removesuffix(".webp")
    url = at(exchange, "picture", key)
    assert f'src="{url}"' in staff.get(at(exchange)).content.decode()
    shown = staff.get(url)
    assert shown.headers["Content-Type"] == "image/webp"
    assert b"".join(shown.streaming_content)[8:12] == b"WEBP"


def test_picture_without_words_saves_nothing(staff, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    exchange = make_exchange()
    before = everything()

    page = change(staff, exchange, picture=upload(draw("PNG")))

    assert sentences(page) == [PLEASE, "Say what the picture shows, and who made it."]
    assert everything() == before


def test_administrator_keeps_award_categories_with_the_kinds_that_count():
    boss = browser(ADMINISTRATOR)
    form = form_of(boss, at(AwardCategory, "add"))
    rows = {"kinds-TOTAL_FORMS": "1", "kinds-0-kind": "sports"}
    given = {"name": "Best team", "slug": "best-team", "rank": "1"}

    page = boss.post(at(AwardCategory, "add"), form | given | rows)

    assert page.status_code == 302, sentences(page)
    assert AwardCategory.objects.get().counted_kinds == ["sports"]


def test_withdrawn_records_are_shown_as_they_were(staff):
    exchange = make_full_exchange()
    program = exchange.program
    exchange.withdraw(because="Wrong.", on="2026-01-01")
    program.withdraw(because="Wrong.", on="2026-01-01")

    for record in (exchange, program):
        page = staff.get(at(record))
        assert page.status_code == 200
        assert "Withdrawn on January 1, 2026: Wrong." in text(page)
        assert 'name="_save"' not in page.content.decode()


def test_newest_exchange_of_a_program_is_announced_again_from_the_program(staff):
    program = make_program("camps", make_partnership(), title="Camps")
    for year in ("2024", "2025", "2026"):
        exchange = make_exchange(f"camp-{year}", program=program, begins=f"{year}-07-01")
        if year == "2026":
            exchange.withdraw(because="It was not held.", on=TODAY)
    make_exchange("some-day", program=program)

    page = staff.get(at(program))

    assert page.context["last_edition"].slug == "camp-2025"
    assert text(page).count("Announce the next one") == 1
    assert f'action="{at(page.context["last_edition"], "announce_again")}"' in page.text


def test_program_without_a_dated_exchange_or_the_right_offers_no_copy(staff):
    program = make_program()
    make_exchange(program=program)

    assert "Announce the next one" not in text(staff.get(at(program)))
    assert "Announce the next one" not in text(staff.get(at(Program, "add")))
    make_exchange(program=program, begins="2025")
    assert "Announce the next one" not in text(browser(PUBLISHER).get(at(program)))
