"""Register files of resolutions, meetings and members: loading, refusals, writing back."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from cities.models import Organization
from lrscc.files.tables import tables
from resolutions.models import Action, Attendance, Ballot, Resolution, Term
from resolutions.models.terms import Roster
from tests.factories import make_full_resolution
from tests.test_files import (
    MODELS,
    count_rows,
    empty_database,
    load,
    read,
    refusals,
    write,
)

pytestmark = pytest.mark.django_db

# One of everything that councils do, and what it names, written as `dump_register` writes it.
FILES = {
    "sources.toml": """\
[[sources]]
slug = "minutes-2018"
title = "Minutes of 2018"
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
    { slug = "council", name = "City Council", classification = "council", place = "lansing" },
    { slug = "lrscc", name = "The commission", classification = "commission" },
]
""",
    "authorities.toml": """\
authorities = [
    { organization = "council", place = "lansing", since = "1900" },
]
""",
    "relationships.toml": """\
[[relationships]]
slug = "lansing-otsu"
home = "lansing"
partner = "otsu"

[[relationships.entries]]
number = 1
kind = "approved"
on = "2018-01-08"
party = "home"
acceptance = "accepted"
decided_by = "council"
citations = [
    { source = "minutes-2018", role = "supports" },
]
""",
    "numbering_schemes.toml": """\
[[numbering_schemes]]
slug = "council-orders"
organization = "council"
kind = "order"
restarts = "never"
complete_from = 12
source = "minutes-2018"
""",
    "vote_requirements.toml": """\
[[vote_requirements]]
slug = "council-override"
organization = "council"
kind = "override"
requirement = "number"
base = "seats"
required_number = 6
since = "1978"
source = "minutes-2018"
""",
    "seats.toml": """\
[[seats]]
slug = "at-large"
organization = "council"
label = "At large"
places = 2
since = "1978"

[[seats]]
slug = "clerk"
organization = "council"
label = "Clerk"
places = 1
is_voting = false
until = "2030"
source = "minutes-2018"
""",
    "members.toml": """\
[[members]]
slug = "ann-1"
name = "Ann One"
sort_name = "One, Ann"
summary = "The president."

[[members.terms]]
organization = "council"
seat = "at-large"
role = "president"
since = "2010"
until = "[2018..]"
source = "minutes-2018"

[[members.terms]]
organization = "council"
since = "[..2005]"
until = "2006"
source = "minutes-2018"

[[members.offices]]
organization = "council"
role = "vice president"
since = "2017"
until = "2017"
source = "minutes-2018"

[[members]]
slug = "ben-2"
name = "Ben Two"
sort_name = "Two, Ben"
terms = [
    { organization = "council", seat = "at-large", since = "2010", source = "minutes-2018" },
]

[[members]]
slug = "draft"
name = "A Draft"
sort_name = "Draft"
publication = "draft"
""",
    "meetings.toml": """\
[[meetings]]
slug = "council-2018-01-08"
organization = "council"
kind = "regular"
on = "2018-01-08"
begins_at = 19:00:00
held_at = "City Hall"
presided_by = "Ann One, president"
state = "held"
note = "It met."
sources = [
    "minutes-2018",
]
attendance = [
    { member = "ann-1", presence = "present", note = "Came at eight." },
    { member = "ben-2", presence = "present" },
]

[[meetings.minutes]]
number = 1
kind = "proposed"
available_on = 2018-01-16
source = "minutes-2018"
text = "The Council met."

[[meetings.minutes]]
number = 2
kind = "approved"
available_on = 2018-01-24
decided_at = "council-2018-01-22"
text = "The Council met at City Hall."

[[meetings]]
slug = "council-2018-01-09"
organization = "council"
kind = "special"
on = "2018-01-09"
state = "held"
reconvened_from = "council-2018-01-22-first"

[[meetings]]
slug = "council-2018-01-15"
organization = "council"
kind = "regular"
on = "2018-01-15"
state = "cancelled"
why_cancelled = "A holiday."

[[meetings]]
slug = "council-2018-01-22"
organization = "council"
kind = "committee_of_the_whole"
on = "2018-01-22"
state = "held"

[[meetings]]
slug = "council-2018-01-22-first"
organization = "council"
kind = "regular"
on = "2018-01-05"
state = "held"
""",
    "resolutions.toml": """\
[[resolutions]]
slug = "res-2018-1"
organization = "council"
kind = "resolution"
number = "RESOLUTION #2018-001"
number_year = 2018
title = "A tie with Otsu"
summary = "It approves the tie."
introduced_by = "The Committee of the Whole"
sponsors = [
    "ann-1",
    "ben-2",
]
relationships = [
    "lansing-otsu",
]
places = [
    "otsu",
]
sources = [
    "minutes-2018",
]
other_numbers = [
    { kind = "bill", number = "CB 119876" },
    { kind = "file", number = "2018-017" },
]
relations = [
    { kind = "implements", other = "res-2018-2" },
    { kind = "rescinds_all_except", other = "res-2018-2" },
    { kind = "same_file", other = "res-2018-2" },
]

[[resolutions.texts]]
number = 1
kind = "introduced"
on = "2018-01-02"
source = "minutes-2018"
text = \"\"\"
WHEREAS, Otsu is near;

RESOLVED, that it is so.\"\"\"

[[resolutions.texts]]
number = 2
kind = "adopted"
on = "2018-01-08"
text = "RESOLVED, that it is so."

[[resolutions.texts]]
number = 3
kind = "corrected"
on = "2018-01-22"
corrected_at = "council-2018-01-22"
text = "RESOLVED, that it was so."

[[resolutions.actions]]
number = 1
kind = "introduce"
on = "2018-01-02"
organization = "council"
text = "res-2018-1-1"
citations = [
    { source = "minutes-2018", role = "supports" },
]

[[resolutions.actions]]
number = 2
kind = "adopt"
on = "2018-01-08"
organization = "council"
meeting = "council-2018-01-08"
text = "res-2018-1-2"
mover = "ann-1"
seconder = "ben-2"
method = "roll_call"
outcome = "carried"
requirement = "number"
base = "seats"
required_number = 3
counts_abstentions = true
announced_yes = 1
announced_no = 1
announced_as = "Motion carried."
tie_break = "yes"
tie_broken_by = "The clerk"
override_reason = "The charter lets the clerk decide."
agenda_label = "X.B.2"
is_late_item = true
effective = "2018-02"
veto_until = "2018-01-15"
note = "A tie."
ballots = [
    { member = "ann-1", choice = "yes", name_as_printed = "A. One", choice_as_printed = "aye" },
    { member = "ben-2", choice = "no", note = "Loudly." },
]
citations = [
    { source = "minutes-2018", role = "disputes", locator = "p. 1", says = "Not so." },
    { source = "minutes-2018", role = "supports" },
]

[[resolutions.actions]]
number = 3
kind = "correct"
on = "2018-01-22"
organization = "council"
publication = "withdrawn"
withdrawn_on = 2026-01-04
withdrawn_because = "It was another text."
citations = [
    { source = "minutes-2018", role = "supports" },
]

[[resolutions.actions]]
number = 4
kind = "rescind"
on = "2018-02"
organization = "council"
method = "voice"
outcome = "unknown"
publication = "draft"

[[resolutions.effects]]
number = 1
kind = "approves"
what = "the tie"
relationship = "lansing-otsu"
entry = "lansing-otsu-1"

[[resolutions.effects]]
number = 2
kind = "urges"
what = "the commission to write"
addressed_to = "lrscc"
relationship = "lansing-otsu"
place = "otsu"

[[resolutions.effects.replies]]
number = 1
organization = "lrscc"
on = "2018-01-09"
answer = "agreed"
summary = "It will write."
source = "minutes-2018"

[[resolutions]]
slug = "res-2018-2"
organization = "council"
kind = "ordinance"
number = "2a"
number_year = 2018
title = "A later one"
relations = [
    { kind = "amends", other = "res-2018-1" },
]

[[resolutions]]
slug = "res-order"
organization = "council"
kind = "order"
number = "Order 12"
title = "One of those that never begin again"
""",
    "statements.toml": """\
[[statements]]
slug = "mayor-2018"
title = "A statement"
speaker = "A Mayor"
office = "Mayor"
organization = "council"
on = "2018-01-01?"
summary = "What the mayor said."
relationships = [
    "lansing-otsu",
]
places = [
    "otsu",
]
source = "minutes-2018"
""",
}
RECORDS = 55


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "register", FILES)


def changed(table: str, was: str, is_now: str) -> dict[str, str]:
    """The files with one thing written otherwise."""
    text = FILES[f"{table}.toml"]
    assert text.count(was) == 1, was
    return FILES | {f"{table}.toml": text.replace(was, is_now)}


def dumped(folder) -> dict[str, str]:
    call_command("dump_register", folder, stdout=StringIO())
    return read(folder)


# --- there and back ---------------------------------------------------------------------


def test_files_are_loaded_twice_and_change_nothing_the_second_time(folder):
    first = load(folder)
    history = {model: model.history.count() for model in MODELS}

    second = load(folder)

    assert first == (
        "  sources: 1 of 1\n"
        "  cities: 2 of 2\n"
        "  relationships: 1 of 1\n"
        "  organizations: 2 of 2\n"
        "  authorities: 1 of 1\n"
        "  numbering schemes: 1 of 1\n"
        "  seats: 2 of 2\n"
        "  members: 3 of 3\n"
        "  meetings: 5 of 5\n"
        "  resolutions: 3 of 3\n"
        "  statements: 1 of 1\n"
        "  vote requirements: 1 of 1\n"
        "  entries: 1 of 1\n"
        "  minutes: 2 of 2\n"
        "  relations: 4 of 4\n"
        "  effects: 2 of 2\n"
        f"Loaded: {RECORDS} new, 0 changed, 0 the same.\n"
    )
    assert second.splitlines()[-1] == f"Loaded: 0 new, 0 changed, {RECORDS} the same."
    assert {model: model.history.count() for model in MODELS} == history


def test_every_record_of_a_load_is_in_the_history_with_its_file(folder):
    load(folder)

    stored = {
        f"{model.__name__} {kind} {reason}"
        for model in MODELS
        for kind, reason in model.history.values_list("history_type", "history_change_reason")
        if model in (Attendance, Ballot, Term)
    }
    assert stored == {
        "Attendance + load_register meetings.toml",
        "Ballot + load_register resolutions.toml",
        "Term + load_register members.toml",
    }
    assert Ballot.history.count() == Ballot.objects.count() == 2


def test_files_are_written_back_byte_for_byte(folder, tmp_path):
    load(folder)

    assert dumped(tmp_path / "dump") == FILES


def test_order_of_files_and_of_records_does_not_matter(folder, tmp_path):
    """Also of resolutions that name one another, and of a meeting that continues another."""
    for table in ("resolutions", "meetings"):
        first, *records = FILES[f"{table}.toml"].split(f"[[{table}]]")
        assert first == ""
        text = "\n".join(f"[[{table}]]{record}" for record in reversed(records))
        (folder / f"{table}.toml").write_text(text)
    for path in list(folder.iterdir()):
        path.rename(folder / f"{9 - ord(path.name[0]) % 10}-{path.name}")

    load(folder)

    assert dumped(tmp_path / "dump") == FILES


def test_minutes_name_a_meeting_of_another_file(folder, tmp_path):
    text = FILES["meetings.toml"]
    records = [f"[[meetings]]{record}" for record in text.split("[[meetings]]")[1:]]
    later = [record for record in records if 'slug = "council-2018-01-22"' in record]
    (folder / "meetings.toml").write_text("".join(r for r in records if r not in later))
    (folder / "zz.toml").write_text("".join(later))

    load(folder)

    assert dumped(tmp_path / "dump") == FILES


@pytest.mark.parametrize("parts", [1, 3])
def test_full_resolution_survives_a_dump_into_an_empty_database(parts, tmp_path):
    make_full_resolution("a-1-2", parts=parts)
    first = dumped(tmp_path / "first")
    rows = count_rows()
    empty_database()

    load(tmp_path / "first")

    assert dumped(tmp_path / "second") == first
    assert count_rows() == rows


def test_dump_takes_the_same_queries_for_one_and_for_three(tmp_path):
    def queries(folder) -> int:
        counted: list[int] = []
        with connection.execute_wrapper(lambda run, *rest: counted.append(1) or run(*rest)):
            dumped(folder)
        return len(counted)

    make_full_resolution(parts=1)
    one = queries(tmp_path / "one")
    make_full_resolution(parts=3)
    make_full_resolution(parts=3)

    assert queries(tmp_path / "three") == one


def test_seats_and_terms_on_record_count_for_votes_of_the_same_load(folder, tmp_path):
    """Though the organization was looked up before they came."""
    ground = ("sources", "cities", "organizations", "authorities", "relationships")
    names = [f"{name}.toml" for name in ground]
    load(write(tmp_path / "ground", {name: FILES[name] for name in names}))

    load(write(tmp_path / "votes", {n: t for n, t in FILES.items() if n not in names}))

    council = Organization.objects.get(slug="council")
    day = Action.objects.get(number=2).days
    assert [term.member.slug for term in Roster.of(council, *day).certain] == ["ben-2"]
    assert Ballot.objects.count() == 2


def test_what_stands_behind_a_vote_stays_when_it_is_left_out_of_a_file(folder, tmp_path):
    load(folder)
    printed = 'name_as_printed = "A. One", choice_as_printed = "aye"'
    voted = f'{{ member = "ann-1", choice = "yes", {printed} }}'
    files = changed("resolutions", f"    {voted},\n", "")

    load(write(tmp_path / "less", files))

    assert dumped(tmp_path / "dump") == FILES


def test_draft_vote_is_published_by_a_later_load(folder, tmp_path):
    first = {
        "resolutions.toml": FILES["resolutions.toml"].replace(
            'note = "A tie."\n', 'note = "A tie."\npublication = "draft"\n'
        )
    }
    without_effects = first["resolutions.toml"].replace('entry = "lansing-otsu-1"\n', "")
    drafted = without_effects.replace(
        'what = "the tie"', 'what = "the tie"\npublication = "draft"'
    )
    later = write(tmp_path / "first", FILES | {"resolutions.toml": drafted})
    load(later)
    assert Action.objects.get(number=2).is_draft

    load(folder)

    assert Action.objects.get(number=2).is_published
    assert dumped(tmp_path / "dump") == FILES


def test_text_of_a_resolution_whose_slug_ends_in_digits_is_found(folder):
    load(folder)

    assert {
        action.number: (action.text and action.text.ref)
        for action in Action.objects.filter(resolution__slug="res-2018-1")
    } == {1: "res-2018-1-1", 2: "res-2018-1-2", 3: None, 4: None}
    assert Resolution.objects.get(slug="res-2018-1").number_serial == 1


# --- refusals ---------------------------------------------------------------------------

VOTE = "resolutions.toml: resolution “res-2018-1”, action “2”"
NO_SUCH = "There is no {} “{}”. Add it to a file, or correct the slug.".format
ONE_NO = '    { member = "ben-2", choice = "no", note = "Loudly." },\n'


@pytest.mark.parametrize(
    ("table", "was", "is_now", "sentence"),
    [
        (
            "resolutions",
            'text = "res-2018-1-2"',
            'text = "res-2018-1-9"',
            [f"{VOTE}, field “text”: {NO_SUCH('text', 'res-2018-1-9')}"],
        ),
        (
            "resolutions",
            'text = "res-2018-1-2"',
            'text = "res-2018-1"',
            [f"{VOTE}, field “text”: {NO_SUCH('text', 'res-2018-1')}"],
        ),
        (
            "resolutions",
            'mover = "ann-1"',
            'mover = "nobody"',
            [f"{VOTE}, field “mover”: {NO_SUCH('member', 'nobody')}"],
        ),
        (
            "meetings",
            "begins_at = 19:00:00",
            "begins_at = 7",
            [
                (
                    "meetings.toml: meeting “council-2018-01-08”, field “begins_at”:"
                    " Write a time, such as 19:00:00."
                )
            ],
        ),
        (
            "resolutions",
            ONE_NO,
            ONE_NO + ONE_NO,
            [f"{VOTE}, vote “ben-2”: The same record is also in resolutions.toml. Keep one."],
        ),
        (
            "resolutions",
            '{ member = "ben-2", choice = "no"',
            '{ member = "draft", choice = "no"',
            [
                (
                    f"{VOTE}, vote “draft”, field “member”: A Draft held no voting seat in City"
                    " Council on that day."
                ),
                f"{VOTE}: The roll call is missing Ben Two. Record a vote or an absence.",
            ],
        ),
        (
            "resolutions",
            '{ member = "ben-2", choice = "no"',
            '{ member = "ben-2", choice = "no", color = "red"',
            [
                f"{VOTE}, vote “ben-2”: There is no field “color”. Correct its name.",
                f"{VOTE}: The roll call is missing Ben Two. Record a vote or an absence.",
            ],
        ),
        (
            "resolutions",
            'kind = "introduce"',
            'kind = "take_from_table"\nmethod = "voice"\noutcome = "carried"',
            [
                (
                    "resolutions.toml: resolution “res-2018-1”, action “1”, field “kind”: At"
                    " that time the resolution was not introduced yet, so “take from the table”"
                    " was not possible. Check the dates, or first record what happened in"
                    " between."
                )
            ],
        ),
        (
            "resolutions",
            'kind = "introduce"',
            'kind = "dance"',
            [
                (
                    "resolutions.toml: resolution “res-2018-1”, action “1”, field “kind”:"
                    " Value 'dance' is not a valid choice."
                )
            ],
        ),
        (
            "resolutions",
            'entry = "lansing-otsu-1"',
            'entry = "lansing-otsu-7"',
            [
                (
                    "resolutions.toml: resolution “res-2018-1”, effect “1”, field “entry”:"
                    f" {NO_SUCH('history entry', 'lansing-otsu-7')}"
                )
            ],
        ),
        (
            "resolutions",
            'title = "A later one"\n',
            'title = "A later one"\nactions = ["adopt"]\n',
            ["resolutions.toml: resolution “res-2018-2”: Write “actions” as tables."],
        ),
        (
            "meetings",
            'decided_at = "council-2018-01-22"',
            'decided_at = "council-2018-01-23"',
            [
                (
                    "meetings.toml: meeting “council-2018-01-08”, minutes “2”, field “decided_at”:"
                    f" {NO_SUCH('meeting', 'council-2018-01-23')}"
                )
            ],
        ),
        (
            "members",
            '[[members.terms]]\norganization = "council"\nseat = "at-large"\nrole = "president"',
            '[[members.terms]]\norganization = "council"\nseat = "nowhere"\nrole = "president"',
            [
                (
                    "members.toml: member “ann-1”, term “council 2010”, field “seat”:"
                    f" {NO_SUCH('seat', 'nowhere')}"
                )
            ],
        ),
        (
            "statements",
            'speaker = "A Mayor"\n',
            "",
            [
                (
                    "statements.toml: statement “mayor-2018”, field “speaker”: This field cannot"
                    " be blank."
                )
            ],
        ),
    ],
)
def test_refusal_names_file_record_field_and_reason(table, was, is_now, sentence, tmp_path):
    """And nothing is saved, of this file or of another."""
    said = refusals(write(tmp_path, changed(table, was, is_now)))

    assert said[: len(sentence)] == sentence
    assert set(count_rows().values()) == {0}


def test_published_vote_is_not_overwritten_by_a_load(folder, tmp_path):
    load(folder)
    files = changed(
        "resolutions", '{ member = "ben-2", choice = "no"', '{ member = "ben-2", choice = "yes"'
    )

    assert refusals(write(tmp_path / "new", files)) == [
        f"{VOTE}, vote “ben-2”: These votes are published, so you cannot change them."
    ]


def test_term_beside_one_in_the_same_seat_is_refused_where_it_is_full(folder, tmp_path):
    files = changed("seats", "places = 2\n", "")

    [sentence, *__] = refusals(write(tmp_path / "new", files))

    assert sentence == (
        "members.toml: member “ben-2”, term “council 2010”, field “since”: Ann One, At large is on"
        " record for the same time (2010 – 2018 or later). End that term first, or correct the"
        " dates."
    )
    assert Term.objects.count() == 0


def test_every_table_of_the_app_is_in_these_files():
    assert {f"{table}.toml" for table in tables()} - set(FILES) == {
        "successions.toml",
        "register.toml",
        "relationship_types.toml",
        "agreements.toml",
        "programs.toml",
        "exchanges.toml",
        "award_categories.toml",
        "population_bands.toml",
    }
