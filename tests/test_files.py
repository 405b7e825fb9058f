"""Register files: loaded all or nothing, and written back byte for byte."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from cities.models import (
    Agreement,
    AgreementTitle,
    City,
    Entry,
    Relationship,
    Source,
)
from cities.records.dates import ACCEPTED_FORMS
from cities.records.register_tables import Table
from lrscc.files.loading import MAX_REFUSALS
from lrscc.files.tables import tables
from resolutions.models import Action, Resolution, Text
from tests.derived import derived_tables
from tests.factories import (
    make_agreement,
    make_authority,
    make_city,
    make_organization,
    make_relationship,
    make_source,
    make_type,
)
from tests.pictures import files_in, give_picture

pytestmark = pytest.mark.django_db


def models_of(found: Iterable[Table]) -> Iterator[type[Model]]:
    for table in found:
        yield table.model
        yield from models_of(table.all_children.values())


MODELS = tuple(models_of(tables().values()))

# One of everything, written as `dump_register` writes it.
FILES = {
    "sources.toml": """\
[[sources]]
slug = "minutes-1969"
title = "Minutes of 1969"
publisher = "City of Lansing"
kind = "proceedings"
reliability = "proceedings"
dated = "1969-10"
language = "en"
address = "https://example.org/minutes"
accessed_on = 2026-01-02

[[sources]]
slug = "otsu-page"
title = "大津市の姉妹都市"
title_language = "ja"
kind = "official_page"
reliability = "official"
publication = "draft"

[[sources]]
slug = "rumour"
title = "A rumour"
kind = "oral"
reliability = "oral"
publication = "withdrawn"
withdrawn_on = 2026-01-03
withdrawn_because = "Nobody said it."
""",
    "cities.toml": """\
[[cities]]
slug = "akuapim-south"
name = "Akuapim South"
kind = "district"
country = "GH"
ceased = "2012"

[[cities]]
slug = "ishiyama"
name = "Ishiyama"
kind = "district"
country = "JP"
part_of = "otsu"

[[cities]]
slug = "lansing"
name = "Lansing"
kind = "city"
country = "US"
subdivision = "US-MI"

[[cities]]
slug = "nsawam"
name = "Nsawam"
kind = "municipality"
country = "GH"

[[cities]]
slug = "otsu"
name = "Otsu"
kind = "city"
country = "JP"
subdivision = "JP-25"
part_of = "shiga"
latitude = 35.004444
longitude = 0.000001
is_outside_country = true
time_zone = "Asia/Tokyo"
geography_source = "minutes-1969"
names = [
    { text = "大津市", language = "ja", kind = "native", source = "minutes-1969" },
    { text = "Ōtsu-shi", language = "ja-Latn", kind = "romanized" },
]
summaries = [
    { language = "ja", text = "姉妹都市です。", written_by = "The office" },
    { language = "ko", text = "자매도시입니다.", written_by = "The office" },
]
populations = [
    { count = 340000, area = "proper", scope = "city", on = "2020", source = "minutes-1969" },
]

[[cities]]
slug = "shiga"
name = "Shiga"
kind = "prefecture"
country = "JP"
""",
    "successions.toml": """\
[[successions]]
predecessor = "akuapim-south"
successor = "nsawam"
kind = "split_into"
on = "2012"
source = "minutes-1969"
""",
    "organizations.toml": """\
[[organizations]]
slug = "council"
name = "City Council"
classification = "council"
place = "lansing"

[[organizations]]
slug = "lrscc"
name = "Lansing Regional Sister Cities Commission"
abbreviation = "LRSCC"
classification = "commission"
founded = "1994"
source = "minutes-1969"
""",
    "authorities.toml": """\
authorities = [
    { organization = "council", place = "lansing", until = "1994" },
    { organization = "lrscc", place = "lansing", since = "1994", source = "minutes-1969" },
]
""",
    "relationship_types.toml": """\
[[relationship_types]]
slug = "friendship-city"
name = "Friendship city"
name_plural = "Friendship cities"
definition = "A tie."
rank = 2

[[relationship_types]]
slug = "sister-city"
name = "Sister city"
name_plural = "Sister cities"
definition = "A close tie."
rank = 1
needs_agreement = true
""",
    "relationships.toml": """\
[[relationships]]
slug = "lansing-akuapim-south"
home = "lansing"
partner = "akuapim-south"

[[relationships.entries]]
number = 1
kind = "signed"
on = "1997"
party = "both"
acceptance = "accepted"
type = "sister-city"
publication = "withdrawn"
withdrawn_on = 2026-01-04
withdrawn_because = "The year was wrong."
citations = [
    { source = "minutes-1969", role = "supports" },
]

[[relationships.entries]]
number = 2
kind = "lapsed"
on = "2012"
party = "both"
acceptance = "accepted"
reason = "The district was split."
citations = [
    { source = "minutes-1969", role = "supports" },
]

[[relationships.entries]]
number = 3
kind = "signed"
on = "1998"
party = "both"
acceptance = "accepted"
type = "sister-city"
citations = [
    { source = "minutes-1969", role = "supports" },
]

[[relationships]]
slug = "lansing-otsu"
home = "lansing"
partner = "otsu"
review_on = 2030-01-01

[[relationships.entries]]
number = 1
kind = "concluded"
on = "1969-10-01"
party = "both"
acceptance = "accepted"
decided_by = "council"
type = "sister-city"
agreement = "otsu-1969"
citations = [
    { source = "rumour", role = "disputes", locator = "p. 2" },
    { source = "minutes-1969", role = "supports", locator = "p. 1", says = "Gives the day." },
]

[[relationships.entries]]
number = 2
kind = "concluded"
on = "[..1968]"
party = "both"
acceptance = "claimed"
why_not_preferred = "Nothing else says so."

[[relationships.entries]]
number = 3
kind = "visited"
on = "[2013-08-12,2013-08-19]"
party = "both"
acceptance = "accepted"
note = "A visit."
publication = "draft"
""",
    "agreements.toml": """\
[[agreements]]
slug = "otsu-1969"
kind = "telephone"
relationships = [
    "lansing-otsu",
]
signed_on = "1969-10-01"
documents = [
    "minutes-1969",
]
titles = [
    { language = "en", text = "Sister cities" },
    { language = "ja", text = "姉妹都市" },
]
signatories = [
    { name = "A. Mayor", office = "Mayor", on_behalf_of = "City of Lansing" },
    { name = "B. Mayor" },
]
""",
}
RECORDS = 39


def write(folder: Path, files: dict[str, str] = FILES) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def load(*paths: Path) -> str:
    """What the command says; the last line counts the records."""
    out = StringIO()
    call_command("load_register", *paths, stdout=out)
    return out.getvalue()


def count_rows() -> dict[str, int]:
    return {model.__name__: model._base_manager.count() for model in MODELS}


def refusals(*paths: Path) -> list[str]:
    """The sentences with which the files are refused; nothing at all was saved."""
    before = count_rows()
    with pytest.raises(CommandError) as refusal:
        load(*paths)
    assert count_rows() == before
    *sentences, last = str(refusal.value).split("\n")
    assert last == f"Nothing was loaded: {len(sentences)} problem(s). Correct them and try again."
    return sentences


@pytest.fixture
def folder(tmp_path):
    """A folder with one of everything."""
    return write(tmp_path / "register")


def test_files_are_loaded_twice_and_change_nothing_the_second_time(folder):
    first = load(folder)
    history = {model: model.history.count() for model in MODELS}

    second = load(folder)

    assert first == (
        "  sources: 3 of 3\n"
        "  cities: 6 of 6\n"
        "  relationships: 2 of 2\n"
        "  agreements: 1 of 1\n"
        "  organizations: 2 of 2\n"
        "  relationship types: 2 of 2\n"
        "  successions: 1 of 1\n"
        "  authorities: 2 of 2\n"
        "  entries: 6 of 6\n"
        f"Loaded: {RECORDS} new, 0 changed, 0 the same.\n"
    )
    assert second.splitlines()[-1] == f"Loaded: 0 new, 0 changed, {RECORDS} the same."
    assert {model: model.history.count() for model in MODELS} == history


def test_files_are_written_back_byte_for_byte(folder, tmp_path):
    load(folder)
    out = StringIO()

    call_command("dump_register", tmp_path / "new" / "dump", stdout=out)

    dump = tmp_path / "new" / "dump"
    assert read(dump) == read(folder)
    assert out.getvalue() == (
        f"  {dump}/sources.toml: 3 record(s)\n"
        f"  {dump}/cities.toml: 6 record(s)\n"
        f"  {dump}/relationships.toml: 2 record(s)\n"
        f"  {dump}/agreements.toml: 1 record(s)\n"
        f"  {dump}/organizations.toml: 2 record(s)\n"
        f"  {dump}/relationship_types.toml: 2 record(s)\n"
        f"  {dump}/successions.toml: 1 record(s)\n"
        f"  {dump}/authorities.toml: 2 record(s)\n"
    )
    assert load(dump).splitlines()[-1] == f"Loaded: 0 new, 0 changed, {RECORDS} the same."


PLANS = """
[[relationships.entries]]
number = 4
kind = "dormant"
on = "2030-05"
party = "both"
acceptance = "accepted"
last_contact = "2013"
citations = [
    { source = "minutes-1969", role = "supports" },
]

[[relationships.entries]]
number = 5
kind = "postponed"
on = "2031"
party = "both"
acceptance = "accepted"
partner_term = "姉妹都市"
partner_term_language = "ja"
planned_for = "2032-10"
citations = [
    { source = "minutes-1969", role = "supports" },
]
"""


def test_planned_signing_and_last_contact_are_written_back(folder, tmp_path):
    path = folder / "relationships.toml"
    path.write_text(path.read_text("utf-8") + PLANS, "utf-8")

    load(folder)
    call_command("dump_register", tmp_path / "dump", stdout=StringIO())

    assert read(tmp_path / "dump") == read(folder)


@pytest.mark.parametrize(
    ("said", "instead", "sentence"),
    [
        ('kind = "postponed"', 'kind = "approved"', "Only a signing that is planned or postponed"),
        ('kind = "dormant"', 'kind = "suspended"', "Only a report of inactivity has a last"),
        ('partner_term_language = "ja"\n', "", "Enter what the partner calls it and the"),
        ('"ja"', '"japanese language"', "language"),
        ('"2032-10"', '"2030-10"', "The signing cannot be planned for a day before"),
        ('"2013"', '"2031"', "The last contact cannot be after the report"),
    ],
)
def test_plan_that_cannot_be_is_refused(said, instead, sentence, folder):
    path = folder / "relationships.toml"
    path.write_text(path.read_text("utf-8") + PLANS.replace(said, instead, 1), "utf-8")

    found = refusals(folder)

    assert any(sentence in line for line in found), found
    assert Entry.objects.count() == 0


def empty_database() -> None:
    """Every record away, past all protection; the database looks at links in the end."""
    links = [field.remote_field.through for model in MODELS for field in model._meta.many_to_many]
    for model in (*derived_tables(), *links, *MODELS):
        model._base_manager.all()._raw_delete("default")


def test_dump_leaves_no_file_of_a_table_that_is_empty_now(folder, tmp_path):
    load(folder / "sources.toml")
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "agreements.toml").write_text("of an earlier dump")

    call_command("dump_register", tmp_path / "dump", stdout=StringIO())

    assert read(tmp_path / "dump") == {"sources.toml": FILES["sources.toml"]}


def test_register_of_the_site_survives_a_dump_into_an_empty_database(tmp_path):
    data = settings.BASE_DIR / "lrscc" / "data" / "register"
    load(data)
    assert load(data).splitlines()[-1].startswith("Loaded: 0 new, 0 changed, ")
    call_command("dump_register", tmp_path / "first", stdout=StringIO())
    empty_database()
    assert set(count_rows().values()) == {0}

    load(tmp_path / "first")
    call_command("dump_register", tmp_path / "second", stdout=StringIO())

    assert read(tmp_path / "second") == read(tmp_path / "first")
    # No source for what the Council’s votes need, or for how it numbers, is known yet.
    assert len(read(tmp_path / "first")) == len(tables()) - 2


def test_order_of_files_and_of_records_does_not_matter(folder, tmp_path):
    (folder / "cities.toml").write_text(
        "[[cities]]".join(["", *FILES["cities.toml"].split("[[cities]]")[:0:-1]])
    )
    load(*sorted(folder.iterdir(), reverse=True))
    call_command("dump_register", tmp_path / "dump", stdout=StringIO())

    assert read(tmp_path / "dump") == FILES


def test_folder_means_its_toml_files_alone(folder, tmp_path):
    (folder / "notes.txt").write_text("not TOML")
    (folder / "old.toml.bak").write_text("not TOML")
    (folder / "more").mkdir()
    (folder / "more" / "deep.toml").write_text("not TOML")

    assert load(folder).splitlines()[-1] == f"Loaded: {RECORDS} new, 0 changed, 0 the same."
    assert load(write(tmp_path / "empty", {})) == "Loaded: 0 new, 0 changed, 0 the same.\n"


def test_changed_record_is_reported_and_its_history_names_the_file(folder):
    load(folder)
    sources = folder / "sources.toml"
    sources.write_text(sources.read_text().replace("Minutes of 1969", "Council minutes of 1969"))

    assert load(folder).splitlines()[-1] == f"Loaded: 0 new, 1 changed, {RECORDS - 1} the same."
    assert list(
        Source.objects.get(slug="minutes-1969").history.values_list(
            "history_type", "history_change_reason", "title"
        )
    ) == [
        ("~", "load_register sources.toml", "Council minutes of 1969"),
        ("+", "load_register sources.toml", "Minutes of 1969"),
    ]


def test_every_record_of_a_load_is_in_the_history_with_its_file(folder):
    load(folder)

    for model in (model for model in MODELS if model._base_manager.exists()):
        reasons = set(model.history.values_list("history_change_reason", flat=True))
        assert len(reasons) == 1, model
        assert reasons.pop().startswith("load_register "), model


def test_changed_links_and_children_are_reported(folder):
    load(folder)
    agreements = folder / "agreements.toml"
    agreements.write_text(
        agreements.read_text()
        .replace('documents = [\n    "minutes-1969",\n]', "documents = []")
        .replace('text = "Sister cities"', 'text = "Twin cities"')
    )

    assert load(folder).splitlines()[-1] == f"Loaded: 0 new, 2 changed, {RECORDS - 2} the same."
    assert list(Agreement.objects.get().documents.all()) == []
    assert [title.text for title in AgreementTitle.objects.all()] == ["Twin cities", "姉妹都市"]


def test_field_left_out_is_emptied_and_record_left_out_is_kept(folder):
    load(folder)
    before = count_rows()

    (folder / "sources.toml").write_text(
        '[[sources]]\nslug = "minutes-1969"\ntitle = "Minutes"\nkind = "proceedings"\n'
        'reliability = "proceedings"\n'
    )
    for name in ("agreements", "relationships", "cities"):
        (folder / f"{name}.toml").unlink()
    load(folder)

    assert count_rows() == before
    source = Source.objects.get(slug="minutes-1969")
    assert (source.publisher, source.dated, source.accessed_on) == ("", None, None)


def test_picture_of_a_place_is_in_no_file_and_outlives_a_load(folder, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "documents"
    load(folder)
    otsu = give_picture(City.objects.get(slug="otsu"))
    places = folder / "cities.toml"
    places.write_text(places.read_text().replace('name = "Otsu"', 'name = "Ōtsu"'))

    load(folder)
    call_command("dump_register", tmp_path / "out", stdout=StringIO())

    loaded = City.objects.get(slug="otsu")
    assert (loaded.name, otsu.name) == ("Ōtsu", "Otsu")
    for name in ("", "_alt", "_credit", "_width", "_height"):
        assert getattr(loaded, f"picture{name}") == getattr(otsu, f"picture{name}") != ""
    assert files_in(tmp_path / "documents") == [otsu.picture.name]
    assert read(tmp_path / "out") == read(folder)


def test_draft_is_published_by_a_later_load_together_with_its_source(tmp_path):
    load(write(tmp_path / "first"))
    relationships = FILES["relationships.toml"].replace(
        'note = "A visit."\npublication = "draft"\n',
        'note = "A visit."\n\n[[relationships.entries.citations]]\nsource = "minutes-1969"\n',
    )

    report = load(write(tmp_path / "second", FILES | {"relationships.toml": relationships}))

    assert report.splitlines()[-1] == f"Loaded: 1 new, 1 changed, {RECORDS - 1} the same."
    entry = Entry.objects.get(relationship__slug="lansing-otsu", number=3)
    assert entry.is_published
    assert [citation.source.slug for citation in entry.citations.all()] == ["minutes-1969"]


def test_states_of_publication_are_loaded(folder):
    load(folder)

    assert list(
        Source.objects.order_by("slug").values_list(
            "slug", "publication", "withdrawn_on", "withdrawn_because"
        )
    ) == [
        ("minutes-1969", "published", None, ""),
        ("otsu-page", "draft", None, ""),
        ("rumour", "withdrawn", date(2026, 1, 3), "Nobody said it."),
    ]
    lines = Entry.objects.order_by("relationship__slug", "number")
    assert [(entry.ref, entry.publication) for entry in lines] == [
        ("lansing-akuapim-south-1", "withdrawn"),
        ("lansing-akuapim-south-2", "published"),
        ("lansing-akuapim-south-3", "published"),
        ("lansing-otsu-1", "published"),
        ("lansing-otsu-2", "published"),
        ("lansing-otsu-3", "draft"),
    ]


@pytest.fixture
def others():
    """What the records below refer to."""
    make_source(slug="minutes-1969")
    make_city("shiga", country="JP")
    make_type("sister-city")
    make_authority(make_organization("lrscc"), since="1994")
    make_authority(make_organization("city-council"), since=None, until="1994")
    make_agreement(make_relationship(make_city("otsu", country="JP")), slug="otsu-1969")


SOURCE = 'slug = "new"\ntitle = "New"\nkind = "press"\nreliability = "press"\n'
CITY = 'slug = "new"\nname = "New"\nkind = "city"\ncountry = "JP"\n'
ORGANIZATION = 'slug = "new"\nname = "New"\nclassification = "council"\n'
TYPE = 'slug = "new"\nname = "New"\nname_plural = "New"\ndefinition = "New."\nrank = 9\n'
RELATIONSHIP = 'slug = "new"\nhome = "lansing"\npartner = "shiga"\n'
ENTRY = (
    "\n[[relationships.entries]]\nnumber = 1\n"
    'kind = "visited"\non = "2000"\npublication = "draft"\n'
)
CITED = '\n[[relationships.entries.citations]]\nsource = "minutes-1969"\n'
PAPER = 'slug = "new"\nkind = "agreement"\nrelationships = ["lansing-otsu"]\n'
NAME = '\n[[cities.names]]\ntext = "新"\nlanguage = "ja"\nkind = "native"\n'
WITHDRAWN = "Enter the date and the reason of the withdrawal. Leave both blank for other records."
BLANK = "This field cannot be blank."
NULL = "This field cannot be null."
CHOICE = "Value '{}' is not a valid choice.".format


def without(text: str, field: str) -> str:
    return "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith(f"{field} =")
    )


def having(text: str, field: str, value: str) -> str:
    """The record with one field written otherwise."""
    return without(text, field) + f"{field} = {value}\n"


UNTITLED = having(SOURCE, "title", '""')


def named(text: str, slug: str) -> str:
    return having(text, "slug", f'"{slug}"')


def records(table: str, *texts: str) -> str:
    return "".join(f"[[{table}]]\n{text}\n" for text in texts)


REFUSED = [
    # table, record, what is said after the record’s name
    ("sources", having(SOURCE, "title", '""'), [f", field “title”: {BLANK}"]),
    ("sources", SOURCE + 'grade = "press"\n', [": “grade” is now called “reliability”."]),
    ("sources", having(SOURCE, "kind", '"x"'), [f", field “kind”: {CHOICE('x')}"]),
    ("sources", having(SOURCE, "reliability", '"x"'), [f", field “reliability”: {CHOICE('x')}"]),
    (
        "sources",
        SOURCE + 'publication = "secret"',
        [": Choose draft, published or withdrawn."],
    ),
    ("sources", SOURCE + 'publication = "withdrawn"', [f": {WITHDRAWN}"]),
    ("sources", SOURCE + 'withdrawn_because = "Wrong."', [f": {WITHDRAWN}"]),
    ("sources", SOURCE + "publication = 1", [", field “publication”: Write text in quotes."]),
    (
        "sources",
        SOURCE + 'dated = "05/06/97"',
        [f", field “dated”: “05/06/97” is not a date that we can read. {ACCEPTED_FORMS}"],
    ),
    (
        "sources",
        SOURCE + "dated = 1969-10-01T12:00:00",
        [", field “dated”: Write a date in quotes."],
    ),
    (
        "sources",
        SOURCE + 'language = "english"',
        [
            (
                ", field “language”: “english” is not a language code."
                " Enter it like en, ja, zh-Hans or en-US."
            )
        ],
    ),
    (
        "sources",
        SOURCE + "accessed_on = 2020",
        [", field “accessed_on”: Write a day, such as 2013-08-19."],
    ),
    (
        "sources",
        SOURCE + 'accessed_on = "2020"',
        [
            (
                ", field “accessed_on”: “2020” value has an invalid date format. It must be in"
                " YYYY-MM-DD format."
            )
        ],
    ),
    (
        "sources",
        SOURCE + 'document = "x.pdf"',
        [": There is no field “document”. Correct its name."],
    ),
    (
        "sources",
        SOURCE + "b = 1\na = 2\nid = 3",
        [
            ": There is no field “a”. Correct its name.",
            ": There is no field “b”. Correct its name.",
            ": There is no field “id”. Correct its name.",
        ],
    ),
    ("sources", having(SOURCE, "title", "5"), [", field “title”: Write text in quotes."]),
    ("sources", having(SOURCE, "title", '["A"]'), [", field “title”: Write text in quotes."]),
    ("sources", having(SOURCE, "title", "{a = 1}"), [", field “title”: Write text in quotes."]),
    (
        "sources",
        having(SOURCE, "title", '"a\\u0000"'),
        [", field “title”: Remove the NUL character."],
    ),
    ("cities", having(CITY, "name", '""'), [f", field “name”: {BLANK}"]),
    ("cities", having(CITY, "kind", '"x"'), [f", field “kind”: {CHOICE('x')}"]),
    ("cities", having(CITY, "country", '"XX"'), [f", field “country”: {CHOICE('XX')}"]),
    (
        "cities",
        CITY + 'subdivision = "US-MI"',
        [", field “subdivision”: US-MI is not in Japan. Change the code or the country."],
    ),
    (
        "cities",
        CITY + 'time_zone = "Tokyo"',
        [", field “time_zone”: “Tokyo” is not a time zone. Enter one such as Asia/Tokyo."],
    ),
    (
        "cities",
        CITY + "latitude = 91\nlongitude = 0",
        [": Enter both latitude (-90 to 90) and longitude (-180 to 180), or leave both blank."],
    ),
    ("cities", CITY + 'latitude = "35"', [", field “latitude”: Write a number."]),
    (
        "cities",
        CITY + "latitude = nan",
        [", field “latitude”: “NaN” value must be a decimal number."],
    ),
    ("cities", CITY + "population = 5", [": “population” is now called “populations”."]),
    (
        "cities",
        CITY + "populations = 5",
        [": Write “populations” as tables."],
    ),
    (
        "cities",
        CITY + 'populations = [{ count = 1.5, on = "2020" }]',
        [", population “? 2020 ?”, field “count”: Write a whole number."],
    ),
    (
        "cities",
        CITY + 'populations = [{ count = 5, area = "village", on = "2020" }]',
        [", population “village 2020 ?”, field “area”: Value 'village' is not a valid choice."],
    ),
    (
        "cities",
        CITY + 'populations = [{ count = 5, area = "urban" }]',
        [
            ", population “urban ? ?”, field “on”: This field cannot be null.",
            ", population “urban ? ?”, field “source”: This field cannot be null.",
            (
                ", population “urban ? ?”: A count needs a date with a first and a last possible"
                " day, such as 2020."
            ),
        ],
    ),
    (
        "cities",
        CITY + 'began = "1900"\nceased = "1800"',
        [(": The city cannot be dissolved before it was founded. Correct one of the dates.")],
    ),
    (
        "cities",
        CITY + 'part_of = "nowhere"',
        [", field “part_of”: There is no city “nowhere”. Add it to a file, or correct the slug."],
    ),
    ("cities", CITY + 'part_of = ["otsu"]', [", field “part_of”: Write text in quotes."]),
    ("cities", CITY + 'part_of = "\\u0000"', [", field “part_of”: Remove the NUL character."]),
    (
        "cities",
        CITY + 'part_of = "new"',
        [", field “part_of”: There is no city “new”. Add it to a file, or correct the slug."],
    ),
    ("cities", CITY + 'names = "新"', [": Write “names” as tables."]),
    ("cities", CITY + 'names = ["新"]', [": Write “names” as tables."]),
    (
        "cities",
        CITY + having(NAME, "kind", '"x"'),
        [f", name “x ja 新”, field “kind”: {CHOICE('x')}"],
    ),
    (
        "cities",
        CITY + NAME + NAME,
        [", name “native ja 新”: The same record is also in new.toml. Keep one."],
    ),
    ("organizations", having(ORGANIZATION, "name", '""'), [f", field “name”: {BLANK}"]),
    (
        "organizations",
        having(ORGANIZATION, "classification", '"x"'),
        [f", field “classification”: {CHOICE('x')}"],
    ),
    (
        "organizations",
        ORGANIZATION + 'founded = "1900"\ndissolved = "1800"',
        [
            (
                ": The organization cannot be dissolved before it was founded. Correct one of the"
                " dates."
            )
        ],
    ),
    ("relationship_types", having(TYPE, "name", '""'), [f", field “name”: {BLANK}"]),
    (
        "relationship_types",
        having(TYPE, "rank", "1"),
        [", field “rank”: Relationship type with this Rank already exists."],
    ),
    (
        "relationship_types",
        TYPE + 'needs_agreement = "yes"',
        [", field “needs_agreement”: Write true or false."],
    ),
    (
        "relationships",
        having(RELATIONSHIP, "partner", '"otsu"'),
        [
            (
                ": These two cities already have a relationship. Open it and add an entry to its"
                " history."
            )
        ],
    ),
    (
        "relationships",
        'slug = "new"\nhome = "otsu"\npartner = "lansing"\n',
        [
            (
                ": These two cities already have a relationship. Open it and add an entry to its"
                " history."
            )
        ],
    ),
    (
        "relationships",
        having(RELATIONSHIP, "partner", '"lansing"'),
        [": A city cannot have a relationship with itself. Choose another city."],
    ),
    ("relationships", without(RELATIONSHIP, "home"), [f", field “home”: {NULL}"]),
    (
        "relationships",
        without(RELATIONSHIP, "home") + 'publication = "draft"',
        [f", field “home”: {NULL}"],
    ),
    ("relationships", RELATIONSHIP + having(ENTRY, "kind", '"x"'), [f"KIND{CHOICE('x')}"]),
    (
        "relationships",
        RELATIONSHIP + having(ENTRY, "on", '"../1999"'),
        [
            (
                "ENTRY: An entry that we rely on needs a date with a first possible day, such as"
                " 1994 or August 19, 2013."
            )
        ],
    ),
    (
        "relationships",
        RELATIONSHIP + ENTRY + 'acceptance = "claimed"',
        ["ENTRY: If we do not rely on this entry, say why. If we do, leave that field blank."],
    ),
    (
        "relationships",
        RELATIONSHIP + ENTRY + 'type = "sister-city"',
        [
            (
                "ENTRY: A visit, a note or a dispute does not change the relationship. Leave"
                " “decided by”, “new type” and “new partner” blank."
            )
        ],
    ),
    (
        "relationships",
        RELATIONSHIP + ENTRY + 'condition = "Peace."',
        ["ENTRY: Only a suspension has a condition and a review date. Leave both blank."],
    ),
    (
        "relationships",
        RELATIONSHIP + ENTRY + 'reason = "War."',
        [
            (
                "ENTRY: Only a suspension, a report of inactivity or an end has a reason. Use the"
                " note instead."
            )
        ],
    ),
    (
        "relationships",
        RELATIONSHIP + having(ENTRY, "kind", '"signed"'),
        ["ENTRY, field “type”: Choose the new type: this entry makes the relationship active."],
    ),
    (
        "relationships",
        RELATIONSHIP + having(ENTRY, "kind", '"lapsed"'),
        [
            (
                "ENTRY, field “on”: We have no record of how the relationship began. Add that"
                " entry first."
            )
        ],
    ),
    (
        "relationships",
        RELATIONSHIP
        + having(ENTRY, "kind", '"signed"')
        + 'type = "sister-city"\ndecided_by = "city-council"',
        [
            (
                "ENTRY, field “decided_by”: City Council did not have the authority to decide for"
                " Lansing on that date. Choose the council or commission that decided, or leave"
                " this blank if we have no record of it."
            )
        ],
    ),
    (
        "relationships",
        RELATIONSHIP + ENTRY + 'agreement = "otsu-1969"',
        [
            (
                "ENTRY, field “agreement”: That agreement belongs to another relationship. Choose"
                " an agreement of this one."
            )
        ],
    ),
    (
        "relationships",
        RELATIONSHIP + without(ENTRY, "publication"),
        ["ENTRY: An entry needs a source before it is published. Add a source that supports it."],
    ),
    (
        "relationships",
        RELATIONSHIP + without(ENTRY, "publication") + CITED + 'role = "disputes"',
        ["ENTRY: An entry needs a source before it is published. Add a source that supports it."],
    ),
    (
        "relationships",
        RELATIONSHIP + ENTRY + CITED + 'role = "supports"' + CITED,
        ["ENTRY, citation “? minutes-1969”: The same record is also in new.toml. Keep one."],
    ),
    (
        "relationships",
        RELATIONSHIP + ENTRY + CITED + 'role = "x"',
        [f"ENTRY, citation “x minutes-1969”, field “role”: {CHOICE('x')}"],
    ),
    (
        "relationships",
        RELATIONSHIP + ENTRY + ENTRY,
        ["ENTRY: The same record is also in new.toml. Keep one."],
    ),
    (
        "relationships",
        RELATIONSHIP + having(ENTRY, "number", '"1"'),
        ["ENTRY, field “number”: Write a whole number."],
    ),
    (
        "relationships",
        RELATIONSHIP + having(ENTRY, "number", "0"),
        [", history entry “0”, field “number”: Ensure this value is greater than or equal to 1."],
    ),
    (
        "relationships",
        RELATIONSHIP + without(ENTRY, "number"),
        [", history entry “?”: Write its “number”, which identifies it."],
    ),
    (
        "relationships",
        RELATIONSHIP + having(ENTRY, "on", '"never"'),
        [f"ENTRY, field “on”: “never” is not a date that we can read. {ACCEPTED_FORMS}"],
    ),
    (
        "agreements",
        having(PAPER, "relationships", "[]"),
        [", field “relationships”: Name at least one."],
    ),
    ("agreements", having(PAPER, "kind", '"x"'), [f", field “kind”: {CHOICE('x')}"]),
    (
        "agreements",
        having(PAPER, "relationships", '"lansing-otsu"'),
        [", field “relationships”: Write a list of slugs."],
    ),
    (
        "agreements",
        having(PAPER, "relationships", '["lansing-nowhere"]'),
        [
            (
                ", field “relationships”: There is no relationship “lansing-nowhere”. Add it to a"
                " file, or correct the slug."
            )
        ],
    ),
    (
        "agreements",
        PAPER + 'titles = [{language = "en", text = "A"}, {language = "en", text = "B"}]',
        [", title “en”: The same record is also in new.toml. Keep one."],
    ),
    (
        "agreements",
        PAPER + 'signatories = [{name = "A"}, {name = "A"}]',
        [", signatory “A ?”: The same record is also in new.toml. Keep one."],
    ),
]


def test_refusal_names_file_record_field_and_reason(others, tmp_path):
    for table, record, sentences in REFUSED:
        new = write(tmp_path, {"new.toml": records(table, record)}) / "new.toml"
        name = f"new.toml: {tables()[table].label} “new”"
        entry = f"{name}, history entry “1”"

        assert (record, refusals(new)) == (
            record,
            [
                sentence.replace("ENTRY", entry, 1).replace("KIND", f"{entry}, field “kind”: ", 1)
                if sentence.startswith(("ENTRY", "KIND"))
                else name + sentence
                for sentence in sentences
            ],
        )


@pytest.mark.parametrize(
    ("table", "record", "sentences"),
    [
        (
            "successions",
            'predecessor = "otsu"\nsuccessor = "otsu"\nkind = "renamed"\nsource = "minutes-1969"',
            [
                (
                    "succession “otsu otsu renamed”: A city cannot be its own successor. Choose"
                    " another one."
                )
            ],
        ),
        (
            "successions",
            'predecessor = "otsu"\nsuccessor = "shiga"\nkind = "renamed"',
            [f"succession “otsu shiga renamed”, field “source”: {NULL}"],
        ),
        (
            "successions",
            'predecessor = "otsu"\nsuccessor = "shiga"\nkind = "x"\nsource = "minutes-1969"',
            [f"succession “otsu shiga x”, field “kind”: {CHOICE('x')}"],
        ),
        (
            "authorities",
            'organization = "lrscc"\nplace = "otsu"\nsince = "1994"\nuntil = "1990"',
            [
                (
                    "authority “otsu lrscc 1994”: The authority cannot end before it begins."
                    " Correct one of the dates."
                )
            ],
        ),
        (
            "sources",
            without(SOURCE, "slug"),
            ["source “?”: Write its “slug”, which identifies it."],
        ),
        (
            "sources",
            having(SOURCE, "slug", '""'),
            ["source “”: Write its “slug”, which identifies it."],
        ),
        (
            "cities",
            having(CITY, "slug", '["a"]'),
            ["city “['a']”, field “slug”: Write text in quotes."],
        ),
        (
            "relationships",
            without(RELATIONSHIP, "slug"),
            ["relationship “?”: Write its “slug”, which identifies it."],
        ),
    ],
)
def test_refusal_of_a_record_known_by_other_fields(table, record, sentences, others, tmp_path):
    new = write(tmp_path, {"new.toml": records(table, record)}) / "new.toml"

    assert refusals(new) == [f"new.toml: {sentence}" for sentence in sentences]


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (
            b"[[towns]]\nslug = 'x'",
            [
                (
                    "new.toml: There is no table “towns”. Use one of: sources, cities,"
                    " relationships, agreements, organizations, relationship_types, successions,"
                    " authorities, register, programs, exchanges, award_categories,"
                    " population_bands, numbering_schemes, seats, members, meetings, resolutions,"
                    " statements, vote_requirements."
                )
            ],
        ),
        (
            b"[[places]]\nslug = 'x'\n[[programmes]]\nslug = 'x'",
            [
                "new.toml: The table “places” is now called “cities”.",
                "new.toml: The table “programmes” is now called “programs”.",
            ],
        ),
        (b"cities = 5", ["new.toml: Write each record of “cities” under [[cities]]."]),
        (b"[cities]\nslug = 'x'", ["new.toml: Write each record of “cities” under [[cities]]."]),
        (b"cities = [1]", ["new.toml: Write each record of “cities” under [[cities]]."]),
        (b"\xff\xfe", ["PATH: The file is not UTF-8 text. Save it as UTF-8."]),
        (
            b"[[cities]\n",
            [
                (
                    "PATH: The file is not TOML: Expected ']]' at the end of an array declaration"
                    " (at line 1, column 9)."
                )
            ],
        ),
    ],
)
def test_file_that_cannot_be_read_is_named(content, sentences, tmp_path):
    path = tmp_path / "new.toml"
    path.write_bytes(content)

    assert refusals(path) == [sentence.replace("PATH", str(path)) for sentence in sentences]


@pytest.mark.parametrize(
    "content", ["a = " + "[" * 100_000, "a = " + "9" * 10_000], ids=["deep", "long number"]
)
def test_file_that_overwhelms_the_reader_is_refused(content, tmp_path):
    path = tmp_path / "new.toml"
    path.write_text(content)

    [sentence] = refusals(path)

    assert sentence.startswith(f"{path}: The file is not TOML: ")


def test_every_file_that_cannot_be_read_is_named_at_once(folder):
    missing = folder / "missing.toml"
    (folder / "broken.toml").write_text("=")

    assert refusals(folder / "broken.toml", missing, folder / "cities.toml") == [
        f"{folder}/broken.toml: The file is not TOML: Invalid statement (at line 1, column 1).",
        f"{missing}: The file cannot be read (No such file or directory).",
    ]


def test_one_refusal_keeps_everything_else_out(folder):
    (folder / "zz.toml").write_text(records("sources", UNTITLED))

    assert refusals(folder) == [f"zz.toml: source “new”, field “title”: {BLANK}"]
    assert set(count_rows().values()) == {0}


def test_refused_record_does_not_hide_the_next(tmp_path):
    text = records("sources", named(UNTITLED, "s1"), named(UNTITLED, "s2"))
    path = write(tmp_path, {"new.toml": text}) / "new.toml"

    assert refusals(path) == [
        f"new.toml: source “s1”, field “title”: {BLANK}",
        f"new.toml: source “s2”, field “title”: {BLANK}",
    ]


def test_entries_of_a_refused_relationship_are_not_reported(tmp_path):
    path = write(tmp_path, {"new.toml": f"[[relationships]]\n{RELATIONSHIP}{ENTRY}"}) / "new.toml"

    assert refusals(path) == [
        f"new.toml: relationship “new”, field “{name}”: There is no city “{slug}”."
        " Add it to a file, or correct the slug."
        for name, slug in (("home", "lansing"), ("partner", "shiga"))
    ]


def test_same_record_in_two_files_is_refused_even_if_written_otherwise(folder):
    (folder / "more.toml").write_text(
        '[[authorities]]\norganization = "council"\nplace = "lansing"\nsince = ""\n\n'
        + records("sources", named(SOURCE, "rumour"))
    )

    assert refusals(folder) == [
        "sources.toml: source “rumour”: The same record is also in more.toml. Keep one.",
        (
            "more.toml: authority “lansing council ”: The same record is also in authorities.toml."
            " Keep one."
        ),
    ]


def lying_in(slug: str, above: str | None) -> str:
    return having(named(CITY, slug), "name", f'"{slug}"') + (
        f'part_of = "{above}"\n' if above else ""
    )


def test_places_are_loaded_before_what_lies_in_them_however_they_are_ordered(tmp_path):
    places = [("a", "b"), ("b", "c"), ("c", "d"), ("d", None)]
    text = records("cities", *(lying_in(slug, above) for slug, above in places))

    load(write(tmp_path, {"cities.toml": text}))

    assert [place.slug for place in City.objects.get(slug="a").ancestors()] == list("abcd")


def test_places_that_lie_in_one_another_are_refused(tmp_path):
    new = write(
        tmp_path / "new", {"new.toml": records("cities", lying_in("a", "b"), lying_in("b", "a"))}
    )
    assert refusals(new) == [
        (
            "new.toml: city “b”, field “part_of”: There is no city “a”. Add it to a file, or"
            " correct the slug."
        ),
        (
            "new.toml: city “a”, field “part_of”: There is no city “b”. Add it to a file, or"
            " correct the slug."
        ),
    ]
    load(
        write(
            tmp_path / "apart",
            {"new.toml": records("cities", lying_in("a", None), lying_in("b", None))},
        )
    )
    assert refusals(new) == [
        (
            "new.toml: city “a”, field “part_of”: b, Japan is already part of this city."
            " Choose another one."
        )
    ]


def test_fifty_refusals_are_reported(tmp_path):
    text = records("sources", *(named(UNTITLED, f"s{n}") for n in range(60)))

    sentences = refusals(write(tmp_path, {"new.toml": text}))

    assert MAX_REFUSALS == 50
    assert sentences == [f"new.toml: source “s{n}”, field “title”: {BLANK}" for n in range(50)]


def test_progress_is_told_every_five_hundred_records(tmp_path):
    text = records("sources", *(named(SOURCE, f"s{n}") for n in range(501)))

    assert load(write(tmp_path, {"new.toml": text})) == (
        "  sources: 500 of 501\n  sources: 501 of 501\nLoaded: 501 new, 0 changed, 0 the same.\n"
    )


def test_progress_of_late_parts_counts_the_parts(others, tmp_path, monkeypatch):
    monkeypatch.setattr("lrscc.files.loading.PROGRESS_STEP", 5)
    entries = "".join(having(ENTRY, "number", str(n)) for n in range(1, 4))
    text = records("cities", named(CITY, "asan")) + records(
        "relationships",
        RELATIONSHIP + entries,
        named(having(RELATIONSHIP, "partner", '"asan"'), "more") + entries,
    )

    output = load(write(tmp_path, {"new.toml": text})).splitlines()

    assert output[2:-1] == ["  entries: 6 of 6"]


DOCS = (settings.BASE_DIR / "docs" / "register-files.md").read_text(encoding="utf-8")


def test_worked_example_of_the_docs_is_refused_then_loaded(others, tmp_path):
    """As they say, but for the kind of the part that is refused: its label is the model's."""
    example = DOCS.split("```toml\n")[1].split("```")[0]
    said, then = (block.split("```")[0].split("\n", 1)[1] for block in DOCS.split("$ uv ")[1:])
    path = tmp_path / "villanova.toml"
    path.write_text(example)

    sentences = refusals(path)

    label = tables()["relationships"].late_children["entries"].label
    assert sentences[0].replace(label, "history entry") in " ".join(said.split())
    assert f"Nothing was loaded: {len(sentences)} problem(s)." in said
    path.write_text(example.replace("minutes-2025-06", "minutes-2025-05"))
    assert load(path) == then
    assert f"`{load(path).splitlines()[-1]}`" in DOCS
    assert City.objects.get(slug="villanova").is_published


def test_docs_list_the_fields_of_every_table():
    listed = {}
    for line in DOCS.splitlines():
        if line.startswith("| `"):
            name, __, fields = line.strip("| ").split(" | ")
            listed[name.strip("`")] = fields

    assert listed == dict(fields_of(tables()))


def fields_of(found: Mapping[str, Table], above: str = "") -> Iterator[tuple[str, str]]:
    """Each table and part with its fields, the key in bold."""
    for name, table in found.items():
        names = [f"**`{name}`**" if name in table.key else f"`{name}`" for name in table.fields]
        yield f"{above}{name}", ", ".join(names)
        yield from fields_of(table.all_children, f"{above}{name}.")


def test_published_entry_is_not_overwritten_by_a_load(folder):
    load(folder)
    path = folder / "relationships.toml"
    path.write_text(path.read_text().replace('on = "1969-10-01"', 'on = "1968"'))

    assert refusals(folder) == [
        (
            "relationships.toml: relationship “lansing-otsu”, history entry “1”: This entry is"
            " published, so you cannot change what it says. Withdraw it with a reason and add a"
            " new entry."
        )
    ]


def test_publication_refused_after_its_children_is_reported(folder):
    path = folder / "relationships.toml"
    path.write_text(
        path.read_text().replace('note = "A visit."\npublication = "draft"\n', "")
        + '\n[[relationships.entries.citations]]\nsource = "minutes-1969"\nrole = "disputes"\n'
    )

    assert refusals(folder) == [
        (
            "relationships.toml: relationship “lansing-otsu”, history entry “3”: An entry needs a"
            " source before it is published. Add a source that supports it."
        )
    ]


def test_what_only_the_database_knows_is_reported_too(tmp_path):
    """As when another process adds the same record at the same moment."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX one_title ON cities_source (title)")
    text = records("sources", named(SOURCE, "s1"), named(SOURCE, "s2"))

    [sentence] = refusals(write(tmp_path, {"new.toml": text}))

    assert sentence.startswith("new.toml: source “s2”: The database refused it (")


def test_dump_into_a_place_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(CommandError) as refusal:
        call_command("dump_register", tmp_path / "file", stdout=StringIO())

    assert str(refusal.value) == f"{tmp_path}/file cannot be written (File exists)."


def test_dump_of_an_empty_register_is_an_empty_folder(tmp_path):
    out = StringIO()

    call_command("dump_register", tmp_path / "dump", stdout=out)

    assert (out.getvalue(), read(tmp_path / "dump")) == ("", {})


def test_dump_takes_the_same_queries_for_one_and_for_many(
    folder, tmp_path, django_assert_num_queries
):
    load(folder)
    with connection.execute_wrapper(lambda execute, *rest: counted.append(1) or execute(*rest)):
        counted: list[int] = []
        call_command("dump_register", tmp_path / "one", stdout=StringIO())
        first = len(counted)
    City.objects.create(slug="more", name="More", kind="city", country="JP", part_of_id=None)
    Relationship.objects.create(
        slug="more", home=City.objects.get(slug="lansing"), partner=City.objects.get(slug="more")
    )

    with django_assert_num_queries(first):
        call_command("dump_register", tmp_path / "two", stdout=StringIO())


def test_dump_writes_more_records_than_sqlite_takes_in_one_question(tmp_path):
    organization, numbers = make_organization("council"), range(1, 1002)
    resolutions = Resolution.objects.bulk_create(
        Resolution(
            slug=f"r-{n}", organization=organization, title="A title", publication="published"
        )
        for n in numbers
    )
    texts = Text.objects.bulk_create(
        Text(resolution=one, number=1, kind="introduced", text="A text.", sha256="0")
        for one in resolutions
    )
    Action.objects.bulk_create(
        Action(
            resolution=text.resolution,
            organization=organization,
            number=1,
            kind="amend",
            method="voice",
            outcome="carried",
            on="2013",
            text=text,
        )
        for text in texts
    )

    call_command("dump_register", tmp_path, stdout=StringIO())

    written = tomllib.loads((tmp_path / "resolutions.toml").read_text())["resolutions"]
    named = {one["slug"]: one["actions"][0]["text"] for one in written}
    assert named == {f"r-{n}": f"r-{n}-1" for n in numbers}


@pytest.mark.parametrize("name", tables())
def test_table_names_fields_of_its_model(name):
    found = [tables()[name]]
    while found:
        table = found.pop()
        names = {field.name for field in table.model._meta.get_fields()}
        assert set(table.all_fields) <= names
        assert set(table.key) <= set(table.fields)
        assert set(table.looked_up_with) <= set(table.fields)
        assert set(table.former_fields.values()) <= {*table.fields, *table.children}
        assert not table.parent or table.parent in names
        found += table.all_children.values()


# --- a published record names no draft --------------------------------------------------

IS_DRAFT = "Publish “%s” first. It is still a draft."


def draft_of(file: str, line: str) -> dict[str, str]:
    """The files, with the record that has this line a draft."""
    assert FILES[file].count(line) == 1
    return FILES | {file: FILES[file].replace(line, f'{line}\npublication = "draft"')}


def test_record_that_names_a_draft_is_refused_with_what_to_do(tmp_path):
    files = draft_of("cities.toml", 'slug = "shiga"')

    assert refusals(write(tmp_path / "new", files))[0] == (
        f"cities.toml: city “otsu”, field “part_of”: {IS_DRAFT % 'Shiga, Japan'}"
    )


def test_agreement_that_lists_drafts_is_refused_with_what_to_do(folder, tmp_path):
    """New, as well as when it is published already."""
    agreement = FILES["agreements.toml"].replace(
        '    "minutes-1969",', '    "minutes-1969",\n    "otsu-page",'
    )
    expected = [
        "agreements.toml: agreement “otsu-1969”, field “documents”: "
        + IS_DRAFT % "大津市の姉妹都市"
    ]
    new = write(tmp_path / "new", FILES | {"agreements.toml": agreement})

    assert refusals(new)[0] == expected[0]
    load(folder)
    assert refusals(new) == expected


def test_part_that_names_a_draft_is_refused_with_what_to_do(folder, tmp_path):
    """Of a new record, as well as of one that is published already."""
    names = FILES["cities.toml"].replace(
        'kind = "romanized" }', 'kind = "romanized", source = "otsu-page" }'
    )
    new = write(tmp_path / "new", FILES | {"cities.toml": names})
    said = IS_DRAFT % "大津市の姉妹都市"

    assert f"cities.toml: city “otsu”: {said}" in refusals(new)
    load(folder)
    assert refusals(new) == [
        "cities.toml: city “otsu”, name “romanized ja-Latn Ōtsu-shi”, field “source”: " + said
    ]


def test_record_and_the_draft_it_names_are_published_together(tmp_path):
    draft = write(tmp_path / "draft", draft_of("sources.toml", 'title = "Minutes of 1969"'))
    nothing = {"sources.toml": (draft / "sources.toml").read_text()}
    load(write(tmp_path / "sources", nothing))

    load(write(tmp_path / "all"))

    assert Source.objects.get(slug="minutes-1969").is_published


# --- what rests on a record is withdrawn before it --------------------------------------


def withdrawn(text: str, line: str) -> str:
    assert text.count(line) == 1
    state = 'publication = "withdrawn"\nwithdrawn_on = 2026-02-03\nwithdrawn_because = "Wrong."'
    return text.replace(line, f"{line}\n{state}")


def test_place_is_not_withdrawn_before_its_relationship(folder, tmp_path):
    load(folder)
    places = {"cities.toml": withdrawn(FILES["cities.toml"], 'slug = "akuapim-south"')}

    assert refusals(write(tmp_path / "places", places)) == [
        (
            "cities.toml: city “akuapim-south”: Withdraw its relationship with Lansing first."
            " Or keep the city, and add an entry for how the relationship ended."
        )
    ]


def test_everything_is_withdrawn_together_what_rests_on_the_others_first(folder, tmp_path):
    load(folder)
    files = FILES | {
        "sources.toml": withdrawn(FILES["sources.toml"], 'slug = "minutes-1969"'),
        "organizations.toml": withdrawn(FILES["organizations.toml"], 'slug = "council"'),
        "cities.toml": withdrawn(
            withdrawn(FILES["cities.toml"], 'slug = "lansing"'), 'slug = "otsu"'
        ),
        "relationships.toml": withdrawn(
            withdrawn(FILES["relationships.toml"], 'slug = "lansing-otsu"'),
            'slug = "lansing-akuapim-south"',
        ),
    }
    write(tmp_path / "gone", files)

    assert load(tmp_path / "gone").splitlines()[-1] == (
        f"Loaded: 0 new, 6 changed, {RECORDS - 6} the same."
    )
    assert load(tmp_path / "gone").splitlines()[-1] == (
        f"Loaded: 0 new, 0 changed, {RECORDS} the same."
    )
    call_command("dump_register", tmp_path / "dump", stdout=StringIO())
    assert load(tmp_path / "dump").splitlines()[-1] == (
        f"Loaded: 0 new, 0 changed, {RECORDS} the same."
    )
    empty_database()
    load(tmp_path / "dump")


@pytest.mark.parametrize("command", ["load_register", "dump_register"])
def test_database_without_its_tables_is_said_in_words(command, tmp_path):
    MigrationRecorder(connection).migration_qs.filter(app="cities").delete()

    with pytest.raises(CommandError) as refusal:
        call_command(command, tmp_path)

    assert str(refusal.value) == (
        "The database is missing tables of this version. Run `manage.py migrate` first."
    )
    assert list(tmp_path.iterdir()) == []


def test_citation_of_a_published_entry_stays_beside_what_a_load_adds(folder):
    load(folder)
    path = folder / "relationships.toml"
    cited = 'source = "minutes-1969", role = "supports", locator = "p. 1"'
    path.write_text(path.read_text().replace(cited, cited.replace("supports", "disputes")))

    load(folder)

    entry = Entry.objects.get(relationship__slug="lansing-otsu", number=1)
    assert sorted(entry.citations.values_list("source__slug", "role", "locator")) == [
        ("minutes-1969", "disputes", "p. 1"),
        ("minutes-1969", "supports", "p. 1"),
        ("rumour", "disputes", "p. 2"),
    ]
