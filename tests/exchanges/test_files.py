"""Programs, exchanges and awards in register files: what loads, what is refused."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from exchanges.models import (
    AwardCategory,
    AwardKind,
    Exchange,
    ExchangeRole,
    Funding,
    PopulationBand,
    Program,
    ProgramRole,
)
from tests.factories import (
    make_award_category,
    make_full_exchange,
    make_population_band,
)
from tests.test_files import load, read, refusals, write

pytestmark = pytest.mark.django_db

MODELS = (
    Program,
    ProgramRole,
    Exchange,
    ExchangeRole,
    Funding,
    AwardCategory,
    AwardKind,
    PopulationBand,
)

# One of everything, and what it names, written as `dump_register` writes it.
FILES = {
    "sources.toml": """\
[[sources]]
slug = "minutes"
title = "Minutes of the commission of 2022, with all that was counted"
publisher = "The commission"
kind = "proceedings"
reliability = "proceedings"
""",
    "cities.toml": """\
cities = [
    { slug = "lansing", name = "Lansing", kind = "city", country = "US" },
    { slug = "otsu", name = "Otsu", kind = "city", country = "JP" },
]
""",
    "organizations.toml": """\
organizations = [
    { slug = "giver", name = "Giver", classification = "funder" },
    { slug = "school", name = "School", classification = "school" },
]
""",
    "relationships.toml": """\
relationships = [
    { slug = "lansing-otsu", home = "lansing", partner = "otsu" },
]
""",
    "programs.toml": """\
[[programs]]
slug = "camp"
title = "Camp"
kind = "youth_education"
audience = "school_students"
for_whom = "Students from 14 to 16 years"
relationships = [
    "lansing-otsu",
]
summary = "A camp."
how_to_apply = "Write."
application_address = "https://example.org/apply"
contact_office = "The office"
contact_email = "office@example.org"
since = "1982"
until = "2030~"
sources = [
    "minutes",
]
roles = [
    { organization = "giver", role = "funder" },
    { organization = "school", role = "host" },
]

[[programs]]
slug = "trip"
title = "Trip"
relationships = [
    "lansing-otsu",
]
publication = "draft"
""",
    "exchanges.toml": """\
[[exchanges]]
slug = "camp-2020"
program = "camp"
title = "Camp of 2020"
relationships = [
    "lansing-otsu",
]
direction = "out"
state = "open"
begins = "2020-07"
ends = "2020-08~"
where = "otsu"
venue = "A school"
applications_open_on = 2020-01-01
applications_close_on = 2020-03-01
cost = 1250.50
cost_currency = "USD"
cost_words = "With the flight."
sources = [
    "minutes",
]

[[exchanges]]
slug = "camp-2021"
program = "camp"
title = "Camp of 2021"
relationships = [
    "lansing-otsu",
]
state = "cancelled"
reason = "Nobody could travel."

[[exchanges]]
slug = "camp-2022"
program = "camp"
title = "Camp of 2022"
relationships = [
    "lansing-otsu",
]
state = "held"
begins = "2022"
people_sent = 0
people_hosted = 12
students = 10
volunteers = 4
volunteer_hours = 80
home_stays = 12
counts_source = "minutes"
story = "What came of it."
roles = [
    { organization = "school", role = "host" },
]

[[exchanges.funding]]
organization = "giver"
nature = "in_kind"
what = "Rooms"

[[exchanges.funding]]
organization = "giver"
nature = "money"
amount = 0.00
currency = "JPY"
year = 2021
source = "minutes"

[[exchanges.funding]]
organization = "giver"
nature = "money"
amount = 99999.99
currency = "USD"
year = 2022
""",
    "award_categories.toml": """\
[[award_categories]]
slug = "best"
name = "Best"
honors = "program"
rank = 1
since_year = 2019
until_year = 2022
source = "minutes"
note = "A note."
kinds = [
    { kind = "medical" },
    { kind = "sports" },
]

[[award_categories]]
slug = "person"
name = "Person"
honors = "person"
rank = 2
""",
    "population_bands.toml": """\
population_bands = [
    { least = 1, most = 100000, until_year = 2018 },
    { least = 1, since_year = 2019, source = "minutes", note = "A note." },
]
""",
}
RECORDS = 23


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "register", FILES)


def dumped(folder):
    call_command("dump_register", folder, stdout=StringIO())
    return read(folder)


def rows() -> dict[str, int]:
    return {model.__name__: model._base_manager.count() for model in MODELS}


def test_files_are_loaded_once_and_written_back_byte_for_byte(folder, tmp_path):
    first = load(folder)
    history = {model: model.history.count() for model in MODELS}

    second = load(folder)

    assert first.splitlines()[-1] == f"Loaded: {RECORDS} new, 0 changed, 0 the same."
    assert second.splitlines()[-1] == f"Loaded: 0 new, 0 changed, {RECORDS} the same."
    assert {model: model.history.count() for model in MODELS} == history
    assert dumped(tmp_path / "dump") == FILES


def test_what_is_left_out_is_unknown_and_never_none(folder):
    load(folder)

    bare = Program.objects.get(slug="trip")
    assert (bare.kind, bare.audience, bare.since) == ("", "", None)
    cancelled = Exchange.objects.get(slug="camp-2021")
    known = (cancelled.direction, cancelled.begins, cancelled.cost, cancelled.people_sent)
    assert known == ("", None, None, None)
    given = Funding.objects.order_by("what", "year").last()
    assert (given.what, given.amount, given.currency, given.year) == ("Rooms", None, "", None)


def test_every_record_of_a_load_is_in_the_history_with_its_file(folder):
    load(folder)

    for model in MODELS:
        reasons = set(model.history.values_list("history_change_reason", flat=True))
        assert len(reasons) == 1, model
        assert reasons.pop().startswith("load_register "), model


def test_exchange_that_was_open_once_comes_back(folder):
    """Its closing day is long over; it passed by itself."""
    load(folder)

    exchange = Exchange.objects.get(slug="camp-2020")
    assert (exchange.state, exchange.phase_on(localdate())) == ("open", "past")


def test_draft_program_and_exchange_are_published_by_a_later_load(folder, tmp_path):
    planned = FILES["exchanges.toml"].replace('state = "open"', 'state = "planned"')
    draft = planned.replace("]\n\n[[", ']\npublication = "draft"\n\n[[', 1)
    load(write(folder, {"exchanges.toml": draft}))
    assert Exchange.objects.get(slug="camp-2020").is_draft

    trip = FILES["programs.toml"].replace('publication = "draft"\n', "")
    load(write(folder, {"exchanges.toml": planned, "programs.toml": trip}))

    assert Exchange.objects.get(slug="camp-2020").is_published
    assert Program.objects.get(slug="trip").is_published


TOMORROW = localdate() + timedelta(days=1)
NEW = '\n[[exchanges]]\nslug = "new"\nprogram = "camp"\ntitle = "New"\n'
NEW += 'relationships = ["lansing-otsu"]\n'
OTHER = '\n[[programs]]\nslug = "new"\ntitle = "New"\nrelationships = ["lansing-otsu"]\n'
CHOICE = "Value '{}' is not a valid choice.".format
MONEY = "Enter a cost of 0 or more with its currency, or leave both blank."
REFUSED = {
    # what is added to a file, and what is said after the record’s name
    "a state of its own": (NEW + 'state = "dreamt"', f", field “state”: {CHOICE('dreamt')}"),
    "held on no day": (
        NEW + 'state = "held"',
        ": An exchange that was held needs a date. A year is enough.",
    ),
    "held tomorrow": (
        NEW + f'state = "held"\nbegins = "{TOMORROW}"',
        (", field “state”: The exchange has not begun yet. Choose “Held” after it takes place."),
    ),
    "open for ever": (
        NEW + 'state = "open"',
        ": An exchange that is open for applications needs a last day to apply.",
    ),
    "open, and nobody says how": (
        NEW.replace('"camp"', '"trip"')
        + f'state = "open"\napplications_close_on = {TOMORROW}\npublication = "draft"',
        ", field “state”: The program does not say how to apply. Add that to the program first.",
    ),
    "cancelled without a reason": (
        NEW + 'state = "cancelled"',
        ": Say why the exchange is postponed or canceled. Leave that blank for other exchanges.",
    ),
    "a report of what is planned": (
        NEW + "people_sent = 0",
        (": Only an exchange that was held has counts and results. Choose “Held”, or clear them."),
    ),
    "an end before the beginning": (
        NEW + 'begins = "2026"\nends = "2025"',
        ": An exchange cannot end before it begins.",
    ),
    "applications after the beginning": (
        NEW + 'begins = "2026"\napplications_close_on = 2027-01-01',
        (": Applications must close before the exchange begins. Correct one of the dates."),
    ),
    "a cost in no currency": (NEW + "cost = 5", f": {MONEY}"),
    "a cost in a currency that there is not": (
        NEW + 'cost = 5\ncost_currency = "XXX"',
        f", field “cost_currency”: {CHOICE('XXX')}",
    ),
    "a cost in words where a number stands": (
        NEW + 'cost = "5"\ncost_currency = "USD"',
        ", field “cost”: Write a number.",
    ),
    "half a person": (
        NEW + 'state = "held"\nbegins = "2020"\npeople_sent = 1.5',
        ", field “people_sent”: Write a whole number.",
    ),
    "more students than people": (
        NEW + 'state = "held"\nbegins = "2020"\npeople_sent = 1\npeople_hosted = 0\nstudents = 2',
        ": There are more students than people sent and hosted. Correct the counts.",
    ),
    "names of people": (
        NEW + 'participants = ["A. Student"]',
        ": There is no field “participants”. Correct its name.",
    ),
    "no partner": (
        NEW.replace('["lansing-otsu"]', "[]"),
        ", field “relationships”: Name at least one.",
    ),
    "a draft program": (
        NEW.replace('"camp"', '"trip"'),
        ", field “program”: Publish “Trip” first. It is still a draft.",
    ),
    "who pays as a role": (
        NEW + '[[exchanges.roles]]\norganization = "giver"\nrole = "funder"',
        (
            ", organization of the exchange “funder giver”: Choose organizer, host or partner."
            " Enter who pays under funding."
        ),
    ),
    "money in no currency": (
        NEW + '[[exchanges.funding]]\norganization = "giver"\nnature = "money"\namount = 5',
        (
            ", funding “giver ? money ?”: Enter an amount of 0 or more with its currency, or"
            " leave both blank."
        ),
    ),
    "funding told twice": (
        NEW + 2 * '[[exchanges.funding]]\norganization = "giver"\nnature = "money"\n',
        ", funding “giver ? money ?”: The same record is also in exchanges.toml. Keep one.",
    ),
    "a kind of program of its own": (
        OTHER + 'kind = "cooking"',
        f", field “kind”: {CHOICE('cooking')}",
    ),
    "an address of no office": (
        OTHER + 'contact_email = "a@example.org"',
        ": Enter the office that the e-mail address belongs to, as the contact.",
    ),
}


def test_refusal_names_file_record_field_and_reason(folder):
    before = rows()
    for name, (added, sentence) in REFUSED.items():
        table = "exchanges" if added.startswith("\n[[exchanges]]") else "programs"
        file = folder / f"{table}.toml"
        good = file.read_text()
        file.write_text(good + added)

        assert (name, refusals(folder)) == (name, [f"{table}.toml: {table[:-1]} “new”{sentence}"])
        assert rows() == before == dict.fromkeys(before, 0), name
        file.write_text(good)


@pytest.mark.parametrize(
    ("table", "was", "becomes", "sentence"),
    [
        (
            "exchanges",
            'state = "held"',
            'state = "planned"',
            (
                "exchange “camp-2022”, field “state”: The exchange was held, so its state stays."
                " Correct its report instead."
            ),
        ),
        (
            "exchanges",
            'state = "cancelled"\nreason = "Nobody could travel."',
            'state = "planned"',
            (
                "exchange “camp-2021”, field “state”: The exchange was canceled, so its state"
                " stays. Announce it again instead."
            ),
        ),
        (
            "exchanges",
            "applications_close_on = 2020-03-01",
            "applications_close_on = 2020-03-02",
            (
                "exchange “camp-2020”, field “applications_close_on”: That date has passed."
                " Enter a closing date from today on, or choose another state."
            ),
        ),
        (
            "population_bands",
            "until_year = 2018",
            "until_year = 2019",
            (
                "population band “1 ?”: This band overlaps “1 people or more” in at least"
                " one year. Correct the limits or the years."
            ),
        ),
    ],
)
def test_what_is_on_record_moves_only_as_the_rules_say(folder, table, was, becomes, sentence):
    load(folder)
    text = FILES[f"{table}.toml"]
    bare = text
    if 'state = "planned"' in becomes and "held" in was:
        lines = bare.splitlines(keepends=True)
        report = ("people_", "students", "volunteer", "home_stays", "counts_source", "story")
        bare = "".join(line for line in lines if not line.startswith(report))
    assert was in bare
    write(folder, {f"{table}.toml": bare.replace(was, becomes)})

    assert refusals(folder)[0] == f"{table}.toml: {sentence}"


@pytest.mark.parametrize("parts", [1, 3])
def test_full_exchange_survives_a_dump(tmp_path, parts):
    make_full_exchange(parts=parts)
    make_award_category("best", "sports")
    make_population_band()
    files = dumped(tmp_path / "first")

    report = load(tmp_path / "first")

    assert report.splitlines()[-1].startswith("Loaded: 0 new, 0 changed, ")
    assert dumped(tmp_path / "second") == files


def test_dump_takes_the_same_queries_for_one_and_for_three(tmp_path):
    counts = []
    for parts in (1, 3):
        make_full_exchange(parts=parts)
        with CaptureQueriesContext(connection) as queries:
            dumped(tmp_path / str(parts))
        counts.append(len(queries))

    assert counts[0] == counts[1]
