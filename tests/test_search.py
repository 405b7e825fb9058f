"""The search over everything: what it finds, in which order, and that its index never lies."""

import json
from io import StringIO

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cities.models import City, Relationship
from cities.records.derived import changed, collecting, registered
from cities.records.publishing import Publication
from cities.records.rebuilding import rebuild
from lrscc.files.loading import RegisterError, load
from lrscc.models import SearchDocument
from lrscc.running.preparing import REGISTER
from lrscc.search import index
from lrscc.search.documents import indexed
from lrscc.search.extracts import LENGTH, Part, Wanted, extract, highlighted
from lrscc.search.query import find, suggestions
from lrscc.search.spelling import nearest
from resolutions.models import Member, Resolution
from tests.admin.browser import form_of
from tests.admin.people import at, browser
from tests.derived import differences
from tests.drafts import MARK, add_drafts_apart, link_drafts, make_public_register
from tests.factories import (
    make_action,
    make_city,
    make_effect,
    make_entry,
    make_full_exchange,
    make_full_partnership,
    make_full_resolution,
    make_meeting,
    make_member,
    make_minutes,
    make_name,
    make_organization,
    make_partnership,
    make_relationship,
    make_reply,
    make_resolution,
    make_source,
    make_statement,
    make_summary,
    make_term,
    make_text,
)
from tests.reading import lines_of, sections_of, title_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indexed")]
DRAFT = {"publication": Publication.DRAFT}


def found(question: str) -> list[str]:
    """What a question finds, in order, as ``kind slug``."""
    documents = find(SearchDocument.objects.all(), question)
    return [f"{document.kind} {document.slug}" for document in documents]


def snapshot() -> list[tuple]:
    """The whole index; the order of tokens is no part of it."""
    rows = SearchDocument.objects.order_by("kind", "object_id").values()
    return [
        tuple(
            sorted(value.split()) if name in ("head", "body") else json.dumps(value, default=str)
            for name, value in row.items()
            if name != "id"
        )
        for row in rows
    ]


def rebuilt() -> list[tuple]:
    """The index, made again with all that it is made from: not with the log."""
    for derivation in registered():
        if not derivation.name.startswith("log"):
            rebuild(derivation)
    return snapshot()


# --- any spelling and script of a place -------------------------------------------------


@pytest.fixture
def places():
    otsu = make_city("otsu", country="JP", subdivision="JP-25")
    make_name(otsu, "大津市")
    make_name(otsu, "Ōtsu-shi", language="ja-Latn", kind="romanized")
    akuapim = make_city("akuapim-south", country="GH")
    make_name(akuapim, "Akuapem South", language="en", kind="exonym")
    petersburg = make_city("st-petersburg", name="St. Petersburg", country="RU")
    make_name(petersburg, "Санкт-Петербург", language="ru")
    asan = make_city("asan", country="KR")
    make_name(asan, "아산시", language="ko")
    make_city("xian", name="Xi’an", country="CN")


SPELLINGS = {
    "otsu": [
        *("Otsu", "ŌTSU", "ōtsu-shi", "大津", "大津市", "Ｏｔｓｕ", "shiga otsu"),
        *("ohtsu", "Ohtsu-shi", "Otsi"),
    ],
    "akuapim-south": ["Akuapem", "akuapim", "Akuapem South"],
    "st-petersburg": [
        *("St Petersburg", "st. petersburg", "Petersburg", "Санкт-Петербург"),
        *("санкт", "ПЕТЕРБУРГ", "Russia", "saint petersburg", "Sankt Petersburg", "sankt"),
        *("petersberg", "petersbrug", "St. Petersberg", "saint petesburg", "петебург"),
    ],
    "asan": ["Asan", "아산", "아산시"],
    "xian": ["Xian", "Xi'an", "xi’an", "China Xi'an"],
}


@pytest.mark.parametrize("slug", SPELLINGS)
def test_place_is_found_by_any_spelling(places, slug):
    answers = {spelling: found(spelling) for spelling in SPELLINGS[slug]}

    assert answers == {spelling: [f"city {slug}"] for spelling in SPELLINGS[slug]}


def test_what_is_about_a_place_is_found_by_its_names(places):
    otsu = City.objects.get(slug="otsu")
    relationship = make_relationship(otsu)
    make_resolution("r").relationships.add(relationship)
    make_statement("s").places.add(otsu)

    assert found("大津") == ["city otsu", "resolution r", "statement s"]


def test_misspelled_city_comes_first_with_its_status(client, places):
    """Before the sources that have the word as it is typed."""
    relationship = make_relationship(City.objects.get(slug="st-petersburg"))
    make_entry(relationship, "signed", "1990")
    make_entry(relationship, "lapsed", "1994")
    make_source(slug="s", title="Petersberg and Ohtsu", dated="1990")

    lines = lines_of(client.get("/search/?q=petersberg"))
    suggested = client.get("/search/suggest?q=saint+petersb").json()["suggestions"]
    (answer, *_) = client.get("/api/v1/search/?q=petersberg").json()["results"]

    assert found("petersberg") == ["city st-petersburg", "source s"]
    assert found("saint petersburg") == ["city st-petersburg"]
    assert found("ohtsu") == ["city otsu", "source s"]
    at = lines.index("2 results")
    assert lines[at + 1 : at + 3] == ["Cities 1", "St. Petersburg Partner, ended in 1994"]
    assert [(one["title"], one["standing"]) for one in suggested] == [
        ("St. Petersburg", "Partner, ended in 1994")
    ]
    assert (answer["title"], answer["status"]) == ("St. Petersburg", "ended")


@pytest.mark.parametrize(
    "question",
    [
        "petersber",  # two letters
        "peterxburk",
        "osu",  # too short
        "otsuuu",
        "petersberg boats",  # a word that is in no name
        "otus harbor",
    ],
)
def test_words_unlike_a_name_find_no_city(places, question):
    assert found(question) == []


def test_word_that_is_in_a_name_is_no_mistake(places):
    make_city("asas", name="Asas")
    make_city("asad", name="Asad")

    assert found("asan") == ["city asan"]
    assert found("asax") == ["city asad", "city asan", "city asas"]


# --- numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question", ["#2018-001", "2018-1", "Resolution 2018-001", "res. 2018–1", "２０１８/001"]
)
def test_resolution_with_the_number_asked_for_comes_first(client, question):
    make_resolution("it", number="RESOLUTION #2018-001", number_year=2018, number_serial=1)
    make_resolution("b", title="Amends Resolution 2018-001")
    make_city("resolution-2018-1")

    assert found(question)[0] == "resolution it"
    page = client.get("/search/", {"q": question})
    assert lines_of(page, "h2")[0].startswith("Resolutions")


@pytest.mark.parametrize("question", ["R-15-0234", "r 15/234", "2015-234", "Resolution R-15-234"])
def test_resolution_with_a_number_in_any_print_comes_first(question):
    make_resolution("b", title="Amends R-15-0234 of 2015")
    resolution = make_resolution("it", number="R-15-0234", number_year=2015)
    resolution.full_clean()
    resolution.save()

    assert found(question)[0] == "resolution it"


# --- words ------------------------------------------------------------------------------


def test_words_of_everything_that_hangs_on_a_record():
    relationship = make_partnership("otsu")
    make_entry(relationship, "suspended", "1990", reason="A quarrel over boats.")
    make_summary(relationship.partner, text="琵琶湖のほとりの町。")
    resolution = make_resolution("r", summary="It asks for lemons.")
    make_text(resolution, "WHEREAS, the harbour is wide;\n\nRESOLVED, that it be so.")
    make_action(resolution, note="The clerk read it aloud.", agenda_label="XVII.QQ")
    make_reply(make_effect(resolution, what="the mayor to whistle"), summary="A reply in verse.")
    meeting = make_meeting(slug="m", held_at="Under the oak", presided_by="Alderwoman Bellweather")
    make_minutes(meeting, text="The gavel fell.")
    member = make_member("wood", name="Carol Wood", sort_name="Wood, Carol")
    make_term(member, role="president")

    questions = (
        "quarrel boat",
        "琵琶湖",
        "lemon",
        "harbours",
        "aloud",
        "whistling",
        "verse",
        "oak",
        "gavel",
        "bellweather",
        "XVII",
    )
    assert [found(words) for words in questions] == [
        *[["city otsu"], ["city otsu"], ["resolution r"], ["resolution r"], ["resolution r"]],
        *[["resolution r"], ["resolution r"], ["meeting m"], ["meeting m"]],
        *[["meeting m"], ["resolution r"]],
    ]
    assert found("president wood") == ["member wood"]


def test_every_word_must_be_there_but_for_common_ones():
    make_resolution("r", title="To sever the tie")

    assert [found(words) for words in ("sever tie", "what about the tie", "sever boats")] == [
        *[["resolution r"], ["resolution r"], []]
    ]


def test_order_is_by_rank_then_kind_then_day_then_title():
    make_city("lansing")
    make_city("east-lansing")
    make_city("holt", summary="Near Lansing.")
    older, newer = (make_resolution(f"lansing-{name}") for name in ("a", "b"))
    make_action(older, on="2001-01-01")
    make_action(newer, on="2002-01-01")
    make_resolution("lansing-0")
    make_resolution("ab", title="ß lansing")
    make_resolution("zz", title="Z lansing")
    make_source(slug="s", title="On Lansing")

    assert found("lansing") == [
        "city lansing",
        "city east-lansing",
        "resolution lansing-b",
        "resolution lansing-a",
        "resolution lansing-0",
        "resolution zz",
        "resolution ab",
        "source s",
        "city holt",
    ]


HOSTILE = [
    *('"', "'", 'a"b', "''", "\\", "otsu'); DROP TABLE x; --", "%", "_", "*", "otsu*", "-otsu"),
    *("NEAR(otsu)", "{head} : otsu", "head:otsu", "otsu OR", "AND", "NOT NOT", "(", "otsu & | !"),
    *("otsu:*", "otsu <-> x", "\t\n", "…", "🎉", "a" * 1000, "x " * 400, "(" * 500, "^otsu"),
]


@pytest.mark.parametrize("path", ["/search/", "/search/suggest", "/api/v1/search/"])
def test_whatever_is_asked_is_words(client, path):
    make_city("otsu")

    for question in HOSTILE:
        assert client.get(path, {"q": question}).status_code == 200, question[:40]


def test_operators_ask_for_nothing():
    make_city("otsu", summary="head not and near or drop table x")

    for question in (*HOSTILE, "\0otsu\0", "w " * 100_000, "\ud800"):
        plain = "".join(sign if sign.isalnum() else " " for sign in question)
        assert found(question) == found(plain), ascii(question[:40])
        assert list(suggestions(question)) == list(suggestions(plain)), ascii(question[:40])


# --- the index --------------------------------------------------------------------------


def test_index_is_what_a_rebuild_makes_after_much_was_changed():
    make_public_register()
    add_drafts_apart()
    link_drafts()
    make_full_partnership("otsu-2")
    make_full_resolution("r")
    make_full_exchange("e")
    resolution = Resolution.objects.get(slug="r")
    relationship = Relationship.objects.get(partner__slug="otsu-2")
    place, other = relationship.partner, make_city("other")
    changes = [
        lambda: save(place, name="Ōtsu", summary="Changed."),
        lambda: save(place.names.first(), text="滋賀県大津市"),
        lambda: save(place.names.first(), city=other),
        lambda: place.names.all().delete(),
        lambda: save(relationship.entries.first(), note="Told anew."),
        lambda: save(relationship.agreements.get(), note="Told anew."),
        lambda: relationship.agreements.get().titles.all().delete(),
        lambda: relationship.agreements.clear(),
        lambda: save(resolution.organization, name="The Council of Lansing"),
        lambda: save(resolution.texts.first(), publication="withdrawn", **WITHDRAWN),
        lambda: save(resolution.effects.first().replies.first(), summary="Another reply."),
        lambda: save(Member.objects.filter(sponsored=resolution).first(), name="New Name"),
        lambda: Member.objects.filter(sponsored=resolution).first().sponsored.clear(),
        lambda: resolution.sponsors.set([make_member("m")]),
        lambda: Member.objects.get(slug="m").sponsored.remove(resolution),
        lambda: resolution.places.clear(),
        lambda: resolution.relationships.remove(*resolution.relationships.all()),
        lambda: save(relationship.home, publication="draft"),
        lambda: save(relationship.home, publication="published"),
        lambda: save(resolution, publication="withdrawn", **WITHDRAWN),
        lambda: make_city("passing", **DRAFT).delete(),
        lambda: save(make_city("later", summary="Now public.", **DRAFT), publication="published"),
        lambda: save(make_organization("new"), place=other, summary="Moved."),
        lambda: save(other.organizations.get(), place=None),
    ]

    for number, change in enumerate(changes):
        change()
        before = snapshot()
        assert (number, before) == (number, rebuilt())
    assert len(before) >= 60


WITHDRAWN = {"withdrawn_on": "2026-01-01", "withdrawn_because": "It was wrong."}


def save(record, **fields) -> None:
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()


def test_name_moved_to_another_place_leaves_the_first():
    first, second = make_city("first"), make_city("second")
    name = make_name(first, "大津")

    save(name, city=second)

    assert found("大津") == ["city second"]


def test_drafts_are_in_no_document(client):
    make_public_register()
    add_drafts_apart()
    link_drafts()

    assert SearchDocument.objects.count() >= 10
    assert MARK not in str(list(SearchDocument.objects.values())).lower()
    assert found(MARK) == []


def test_record_that_is_withdrawn_is_found_no_more():
    source = make_source(slug="s", title="A letter")
    assert found("letter") == ["source s"]

    source.withdraw(because="It was another letter.", on="2026-01-01")

    assert found("letter") == []


def test_index_is_undone_with_the_change():
    place = make_city("otsu")
    before = snapshot()

    with transaction.atomic():
        save(place, name="Kyoto")
        make_city("nara")
        assert found("kyoto") == ["city otsu"]
        transaction.set_rollback(True)

    assert snapshot() == before
    assert (found("kyoto"), found("otsu")) == ([], ["city otsu"])


def test_saving_what_did_not_change_writes_nothing(django_assert_num_queries):
    place = make_city("otsu")
    SearchDocument.objects.all().delete()

    place.save()

    assert snapshot() == []


def test_loader_indexes_once_what_it_loads(monkeypatch):
    written = []
    derive = index.SearchOf.derive

    def note(search, pks):
        written.extend((search.name, pk) for pk in pks)
        derive(search, pks)

    monkeypatch.setattr(index.SearchOf, "derive", note)

    load([REGISTER], lambda *messages: None)

    monkeypatch.undo()
    assert len(written) == len(set(written)) > 90
    assert differences() == []
    before = snapshot()
    assert before == rebuilt()
    load([REGISTER], lambda *messages: None)
    assert snapshot() == before


def test_refused_files_leave_the_index_as_it_was(tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        '[[places]]\nslug = "nara"\nname = "Nara"\nkind = "city"\ncountry = "JP"\n'
        'publication = "published"\n[[places]]\nslug = "kyoto"\n'
    )

    with pytest.raises(RegisterError):
        load([wrong], lambda *messages: None)

    assert snapshot() == []


def test_rebuild_command_makes_the_index_again():
    make_city("otsu")
    make_source(title="A letter")
    expected = snapshot()
    SearchDocument.objects.filter(kind="source").delete()
    SearchDocument.objects.update(title="Wrong", head="wrong")
    output = StringIO()

    call_command("rebuild", stdout=output)

    assert snapshot() == expected
    assert found("otsu") == ["city otsu"]
    searches = [line for line in output.getvalue().splitlines() if "search of" in line]
    assert [line for line in searches if not line.endswith(": 0")] == [
        "  search of city: 1",
        "  search of source: 1",
    ]


def test_a_record_has_one_document():
    make_city("otsu")
    assert str(SearchDocument.objects.get()) == "Otsu"
    row = {"title": "", "object_id": 1, "slug": "", "url": ""}
    pk = City.objects.get().pk

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        SearchDocument.objects.create(**row | {"kind": "city", "object_id": pk})
    names = {"lrscc_searchdocument_once_per_record", "lrscc_searchdocument.object_id"}
    assert any(name in str(refused.value) for name in names)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite’s own index")
def test_sqlites_index_agrees_with_the_table():
    make_full_resolution("r")
    save(Resolution.objects.get(slug="r"), title="Changed")
    SearchDocument.objects.filter(kind="source").delete()

    with connection.cursor() as cursor:
        words = "lrscc_searchdocument_words"
        cursor.execute(f"INSERT INTO {words} ({words}, rank) VALUES ('integrity-check', 1)")


# --- extracts ---------------------------------------------------------------------------


def in_brackets(parts: list[Part]) -> str:
    return "".join(f"[{part.text}]" if part.is_found else part.text for part in parts)


@pytest.mark.parametrize(
    ("title", "question", "shown"),
    [
        ("Votes of the Council", "council vote", "[Votes] of the [Council]"),
        ("Ōtsu’s lake", "otsu", "[Ōtsu’s] lake"),
        ("姉妹都市の大津市へ", "大津", "姉妹都市の[大津]市へ"),
        ("姉妹都市", "姉妹都市", "[姉妹都市]"),
        ("大きい大", "大", "[大]きい[大]"),
        ("<b>Otsu</b>", "otsu", "<b>[Otsu]</b>"),
        ("Nothing", "otsu", "Nothing"),
        ("", "otsu", ""),
    ],
)
def test_words_asked_for_are_marked(title, question, shown):
    assert in_brackets(highlighted(title, Wanted(question))) == shown


def test_extract_is_around_the_first_word_asked_for():
    text = "A first line.\n" + "before " * 40 + "the harbour is wide " + "after " * 60 + "harbour"

    shown = in_brackets(extract(text, Wanted("wide harbours")))

    assert shown.startswith("… before before")
    assert shown.endswith("after …")
    assert "the [harbour] is [wide] after" in shown
    assert LENGTH - 20 < len(shown) < LENGTH + 20


def test_extract_of_a_short_text_is_all_of_it():
    assert (
        in_brackets(extract("The harbour.\nNext.", Wanted("harbour"))) == "The [harbour].\nNext."
    )
    assert extract("The harbour.", Wanted("boats")) == []


def test_extract_of_one_long_word_is_cut_between_nothing():
    shown = in_brackets(extract("あ" * 500 + "大津" + "い" * 500, Wanted("大津")))

    assert "[大津]" in shown
    assert len(shown) < LENGTH + 10


# --- the page ---------------------------------------------------------------------------


@collecting()
def make_results() -> None:
    otsu = make_city("otsu", country="JP", summary="A city on Lake Biwa.")
    make_name(otsu, "大津市")
    for number in range(6):
        make_source(slug=f"s-{number}", title=f"Report {number} on Otsu", dated=f"200{number}")
    resolution = make_resolution("r", title="Greetings to Otsu", summary="It greets <Otsu> & all.")
    make_action(resolution, on="2001-01-01")
    resolution.places.add(otsu)


FORM = [
    *("A name, words or a number", "For example: Otsu, 大津, severed ties, or 2018-001."),
    *("Type", "Any", "Cities", "Types of relationship", "Resolutions", "Statements"),
    *("Meetings", "Members", "Programs", "Exchanges", "Sources"),
    *("City", "Any", "Lansing", "Otsu"),
    *("From year", "For example, 2013.", "To year", "Search"),
]


def test_page_groups_what_is_found(client):
    make_results()

    response = client.get("/search/?q=Ōtsu")

    assert title_of(response) == "Ōtsu – Search"
    lines = lines_of(response)
    assert lines[lines.index("8 results") :] == [
        "8 results",
        *("Cities 1", "Otsu"),
        *("Resolutions 1", "Greetings to Otsu January 1, 2001", "It greets <Otsu> & all."),
        "Sources 6",
        *(f"Report {number} on Otsu 200{number}" for number in (5, 4, 3, 2, 1)),
        "All 6 results: Sources",
        "Download these results (JSON)",
    ]
    assert "<mark>Otsu</mark></a>" in response.text
    assert "It greets &lt;<mark>Otsu</mark>&gt; &amp; all." in response.text
    assert 'href="/search/?q=%C5%8Ctsu&amp;kind=source"' in response.text


def test_page_shows_the_other_name_that_was_asked_for_in_its_language(client):
    make_results()

    page = client.get("/search/?q=大津").text

    assert '<span class="result-name" lang="ja"><mark>大津</mark>市</span>' in page


def test_page_of_one_kind_goes_on_and_keeps_its_conditions(client):
    for number in range(25):
        make_source(title=f"Report {number:02} on Otsu", dated="2001")
    make_source(title="Report of before on Otsu", dated="1999")

    first = client.get("/search/?q=otsu&kind=source&since=2000")
    second = client.get("/search/?q=otsu&kind=source&since=2000&page=2")

    shown = [line for line in lines_of(first) + lines_of(second) if line.startswith("Report")]
    assert shown == [f"Report {number:02} on Otsu 2001" for number in range(25)]
    assert 'href="?q=otsu&amp;kind=source&amp;since=2000&amp;page=2"' in first.text
    assert "Page 2 of 2" in lines_of(second)


@pytest.mark.parametrize(
    ("more", "slugs"),
    [
        ("", ["r", "s-0", "s-1"]),
        ("&kind=source", ["s-0", "s-1"]),
        ("&place=otsu", ["r"]),
        ("&since=2001", ["r", "s-1"]),
        ("&until=2000", ["s-0"]),
        ("&since=2001&until=2001&kind=resolution", ["r"]),
        ("&place=nara", []),
        ("&place=ots", []),
    ],
)
def test_filters(client, more, slugs):
    make_results()

    answer = client.get(f"/api/v1/search/?q=otsu{more}").json()

    kept = {"r", "s-0", "s-1"}
    slugs_found = [row["page"].rstrip("/").rpartition("/")[2] for row in answer["results"]]
    assert sorted(kept.intersection(slugs_found)) == slugs


@pytest.mark.parametrize("wrong", ["kind=picture", "since=never", "until=99999", "page=99"])
def test_condition_that_cannot_be_read_is_reported_and_left_out(client, wrong):
    make_results()

    response = client.get(f"/search/?q=otsu&{wrong}")

    assert response.status_code == 400
    assert sections_of(response)["problem"]
    assert "Greetings to Otsu January 1, 2001" in lines_of(response)


TRY = (
    "Try fewer words, or another spelling of a name. Accents and capital letters make no"
    " difference."
)


def test_page_helps_when_nothing_is_found(client):
    make_results()

    response = client.get("/search/?q=otzu harbour&kind=city")

    lines = lines_of(response)
    assert lines[lines.index("0 results") :] == [
        "0 results",
        "Nothing was found for “otzu harbour”",
        "Did you mean Otsu?",
        "Remove a filter above: type, city or years.",
        TRY,
        "Enter the number of a resolution with its year: 2018-001.",
        "We may not have it yet: see what we are still looking for.",
        "Browse the lists",
        *(
            "Sister and friendship cities",
            "Resolutions",
            "Meetings",
            "Members and seats",
            "Exchanges",
            "Programs",
        ),
        "Download these results (JSON)",
    ]
    lines = lines_of(client.get("/search/?q=greetings+harbour"))
    assert "Nothing has all of these words. Search for one at a time: greetings." in lines


def test_page_without_a_question_says_what_can_be_asked(client):
    make_results()

    response = client.get("/search/")

    assert title_of(response) == "Search"
    assert lines_of(response)[:3] == ["Home", "Search", "Search"]
    assert "results" not in " ".join(lines_of(response))
    assert client.get("/api/v1/search/").json()["results"] == []


def test_page_of_a_long_question_says_how_much_of_it_is_read(client):
    sentence = "We searched for the first 12 words."

    assert sentence in lines_of(client.get("/search/", {"q": " ".join("bcdefghijklmn")}))
    assert sentence not in lines_of(client.get("/search/", {"q": " ".join("bcdefghijklm")}))


def test_nearest_spellings_are_words_of_names():
    make_city("st-petersburg", name="St. Petersburg,")
    make_member("wood", name="Carol Wood", sort_name="Wood, Carol")

    assert nearest("Peterburg") == ["Petersburg", "St. Petersburg,"]
    assert nearest("Karol Wod") == ["Carol Wood", "Carol", "Wood"]
    assert nearest("zzzzzz") == nearest("\0") == []


# --- suggestions ------------------------------------------------------------------------

REPORTS = [f"Report {number} on Otsu" for number in (5, 4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        *((typed, ["Otsu", "Greetings to Otsu", *REPORTS]) for typed in ("ot", "Ōt")),
        ("大", ["Otsu"]),
        ("greetings ot", ["Greetings to Otsu"]),
        ("report", REPORTS),
        ("biwa", []),
        ("", []),
        ("…", []),
    ],
)
def test_suggestions_are_of_names_that_begin_so(client, typed, titles):
    make_results()
    answer = client.get("/search/suggest", {"q": typed}).json()

    assert [suggestion["title"] for suggestion in answer["suggestions"]] == titles


def test_suggestion_has_what_a_list_shows(client):
    make_city("otsu")
    make_resolution("it", number="#2018-001", number_year=2018, number_serial=1, title="Greets")

    assert client.get("/search/suggest?q=ots").json() == {
        "suggestions": [
            {"title": "Otsu", "kind": "Cities", "standing": "", "url": "/cities/otsu/"}
        ]
    }
    assert client.get("/search/suggest?q=res 2018-1").json() == {
        "suggestions": [
            {
                "title": "#2018-001: Greets",
                "kind": "Resolutions",
                "standing": "",
                "url": "/resolutions/it/",
            }
        ]
    }


def test_at_most_eight_are_suggested():
    for number in range(9):
        make_city(f"otsu-{number}")

    assert len(suggestions("otsu")) == 8


# --- the API ----------------------------------------------------------------------------


def test_api_answers_as_the_page(client):
    make_results()

    answer = client.get("/api/v1/search/?q=otsu&page_size=2").json()

    api, page = "http://testserver/api/v1", "http://testserver"
    assert answer == {
        "count": 8,
        "next": f"{api}/search/?page=2&page_size=2&q=otsu",
        "previous": None,
        "results": [
            {
                "url": f"{api}/cities/otsu/",
                "page": f"{page}/cities/otsu/",
                "kind": "city",
                "title": "Otsu",
                "date": None,
                "status": None,
                "extract": "",
            },
            {
                "url": f"{api}/resolutions/r/",
                "page": f"{page}/resolutions/r/",
                "kind": "resolution",
                "title": "Greetings to Otsu",
                "date": {
                    "edtf": "2001-01-01",
                    "earliest": "2001-01-01",
                    "latest": "2001-01-01",
                },
                "status": None,
                "extract": "It greets <Otsu> & all.",
            },
        ],
    }


def test_api_and_pages_of_every_kind_answer(client):
    make_full_partnership("otsu")
    make_full_resolution("r")
    make_full_exchange("e")
    make_term(make_member("wood"))

    two_of_each = [
        document
        for kind in indexed()
        for document in SearchDocument.objects.filter(kind=kind).order_by("pk")[:2]
    ]

    kinds = set()
    for document in two_of_each:
        assert client.get(document.url.split("#")[0]).status_code == 200
        answer = client.get("/api/v1/search/", {"q": document.title}).json()["results"]
        kinds.update(row["kind"] for row in answer)
        assert {client.get(row["url"]).status_code for row in answer[:3]} == {200}
    assert kinds == set(indexed())


# --- the box on every page --------------------------------------------------------------


def test_every_page_but_the_search_itself_has_the_box(client):
    make_partnership("otsu")

    box = f'<form class="search-box" method="get" action="{reverse("search")}" role="search"'
    assert [client.get(path).text.count(box) for path in ("/", "/cities/otsu/", "/search/")] == [
        *(1, 1, 0)
    ]
    assert client.get("/no-such/").text.count(box) == 1


# --- through the admin ------------------------------------------------------------------


def test_index_follows_what_staff_do_in_the_admin():
    staff, publisher = browser("Commission staff"), browser("Publisher")
    place = make_city("otsu", country="JP", **DRAFT)
    form = form_of(staff, at(place))

    staff.post(at(place), form | {"name": "Ōtsu", "summary": "A city by a lake."})
    drafted = found("lake")
    publisher.post(at(place, "publish"), form_of(publisher, at(place, "publish")))
    published = found("lake otsu")
    reason = {"because": "It was another place.", "change_reason": "Wrong."}
    publisher.post(at(place, "withdraw"), form_of(publisher, at(place, "withdraw")) | reason)

    assert (drafted, published, found("lake")) == ([], ["city otsu"], [])
    assert snapshot() == rebuilt()


def test_fixture_is_indexed_by_a_rebuild():
    """Its rows come in any order, so nothing is made of them one by one."""
    fixture = serializers.serialize("json", [make_city("otsu")])
    City.objects.update(name="Kyoto")
    for row in serializers.deserialize("json", fixture):
        row.save()
    SearchDocument.objects.all().delete()
    for row in serializers.deserialize("json", fixture):
        row.save()

    assert found("otsu") == []
    rebuilt()
    assert found("otsu") == ["city otsu"]


def test_index_that_is_switched_off_follows_nothing_until_a_rebuild(settings):
    city, draft = make_city("otsu"), make_city("kyoto", **DRAFT)
    before = snapshot()
    settings.DERIVATIONS_PAUSED = ["search"]
    with collecting():
        make_name(city, "大津市")
    changed([make_city("nara")])
    draft.delete()

    assert snapshot() == before
    rebuilt()
    assert (found("大津市"), found("nara")) == (["city otsu"], ["city nara"])


def test_misspelled_name_suggests_the_city():
    make_city("otsu", name="Otsu")

    assert [found.title for found in suggestions("otszu")] == ["Otsu"]
