"""The pages that show more than one app, and what no page of the site shows."""

import re
from datetime import UTC, date, datetime

import pytest
from django.utils.timezone import localdate

from cities.models import Citation, City, Organization, Succession
from resolutions.gaps import RESOLUTIONS_LISTED
from resolutions.models import Minutes, Reply, Resolution, Text
from tests.factories import (
    council,
    home,
    make_action,
    make_agreement,
    make_authority,
    make_city,
    make_effect,
    make_entry,
    make_meeting,
    make_member,
    make_minutes,
    make_organization,
    make_partnership,
    make_population,
    make_register,
    make_relationship,
    make_reply,
    make_resolution,
    make_seat,
    make_source,
    make_statement,
    make_summary,
    make_term,
    make_text,
    make_type,
)
from tests.otsu import WITHDRAWN, make_otsu
from tests.pictures import give_picture
from tests.problems import NOTHING_HERE, problem
from tests.reading import everything_from, lines_of, links_of, sections_of, title_of
from tests.resolutions.story import make_story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def register(db):
    """The site is Lansing’s."""
    return make_register()


GO_ON = ["Where to go next:", "Home", "All sister and friendship cities", "Report a mistake"]

# --- withdrawn records ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "path"),
    [
        ("place", "/cities/otsu/"),
        ("place", "/cities/otsu/picture/"),
        ("source", "/sources/otsu-page/"),
        ("source", "/sources/otsu-page/document/"),
        ("place", "/api/v1/cities/otsu/"),
        ("source", "/api/v1/sources/otsu-page/"),
        ("organization", "/api/v1/organizations/lansing-city-council/"),
        ("relationship", "/api/v1/relationships/lansing-otsu/"),
        ("entry", "/api/v1/entries/lansing-otsu-2/"),
    ],
)
def test_address_of_a_withdrawn_record_answers_the_reason(client, record, path):
    relationship = make_otsu()
    line = relationship.entries.get(number=2)
    records = {
        "place": relationship.partner,
        "source": line.citations.get(role="supports").source,
        "organization": line.decided_by,
        "relationship": relationship,
        "entry": line,
    }
    type(records[record])._base_manager.filter(pk=records[record].pk).update(**WITHDRAWN)

    response = client.get(path)

    assert response.status_code == 410
    if path.startswith("/api/"):
        assert response.json() == problem(410, "This record was withdrawn.") | {
            "kind": records[record]._meta.model_name,
            "withdrawn_on": "2024-05-06",
            "withdrawn_because": "It was another place.",
        }
    else:
        assert title_of(response) == "This record was withdrawn"
        assert lines_of(response) == [
            "This record was withdrawn",
            f"Kind of record: {records[record]._meta.verbose_name}",
            "It was withdrawn on May 6, 2024. The reason: It was another place.",
            *GO_ON,
        ]


@pytest.mark.parametrize("hidden", ["relationship", "partner", "home"])
def test_withdrawn_entry_that_was_never_public_has_no_address(client, hidden):
    relationship = make_partnership("kyoto")
    relationship.entries.get().withdraw(because="It was a rumour.", on=date(2024, 5, 6))
    record = {
        "relationship": relationship,
        "partner": relationship.partner,
        "home": relationship.home,
    }[hidden]
    type(record).objects.filter(pk=record.pk).update(publication="draft")

    response = client.get("/api/v1/entries/lansing-kyoto-1/")

    assert (response.status_code, response.json()) == (
        404,
        NOTHING_HERE,
    )


def test_withdrawn_records_are_on_no_list(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    relationship = make_otsu()
    give_picture(relationship.partner)
    relationship.withdraw(because="It was another place.", on=localdate())
    source = make_source(slug="gone", title="A paper that is gone", **WITHDRAWN)
    make_city("gone", **WITHDRAWN)
    make_organization("gone-council", **WITHDRAWN)
    Citation.objects.create(entry=relationship.entries.get(number=2), source=source)

    shown = everything_from(client, ["/", "/cities/", "/gaps/", "/api/v1/"])

    assert [path for path, text in shown.items() if "gone" in path + text] == []
    assert [path for path, text in shown.items() if "lansing-otsu" in path + text] == []
    assert client.get("/api/v1/relationships/").json()["count"] == 0
    assert client.get("/api/v1/entries/").json()["count"] == 0
    assert lines_of(client.get("/"))[2] == "No sister cities are on record yet."


# --- home -------------------------------------------------------------------------------

NOTHING_TO_JOIN = [
    "What you can join",
    "Nothing is open for applications right now. Regular programs",
]
WHO_DECIDES = [
    "How a city becomes a sister city",
    (
        "Someone proposes it, both cities agree, and they sign an agreement. We record each step"
        " with its date. What is a sister city?"
    ),
    "Who decides",
    (
        "The Commission decides. The mayor and City Council can ask it to act. Who can decide, and"
        " since when"
    ),
    "Help fill the gaps",
    (
        "Some records are missing and some sources disagree. We show you where. What we are still"
        " looking for"
    ),
]
WELCOME = "Lansing’s sister cities: who they are, since when, and who decided"


def lead(partners: str) -> str:
    """What home says first of the cities that are partners today."""
    return (
        f"Lansing, Michigan has {partners}. This is the Commission’s official record of them, with"
        " the source for every fact."
    )


NEXT_OCTOBER = localdate().year + (localdate().strftime("%m-%d") > "10-01")
GAPS_OF_OTSU = [
    "Is it still active? The newest evidence is from 1991.",
    "Who suspended it for Lansing in March 1990?",
    "Who approved resuming it for Lansing about 1991?",
    "The 1969 agreement. We do not have the original.",
]
OTSU_PAGE = "大津市の姉妹都市, Otsu City, August 2013"
CONCLUDED = [
    "By telephone.",
    "Approved by the Lansing City Council.",
    "Disputed by: Sister cities, 2013 Press Gives 1968.",
    f"Source: {OTSU_PAGE}, Second table Official source Gives the day.",
]
SUSPENDED = [
    "Reason: No contact.",
    "Condition: Both mayors meet.",
    "For Lansing only.",
    f"Source: {OTSU_PAGE} Official source",
]
RESUMED = [
    "From then on, the partner is New Otsu.",
    f"Source: {OTSU_PAGE} Official source",
]


def test_home_of_an_empty_register_says_so(client):
    response = client.get("/")

    assert title_of(response) == "Sister cities of Lansing, Michigan"
    assert lines_of(response) == [
        WELCOME,
        (
            "This is the official record of the Lansing Regional Sister Cities Commission, with"
            " the source for every fact."
        ),
        "No sister cities are on record yet.",
        *NOTHING_TO_JOIN,
        *WHO_DECIDES,
    ]


def test_home_shows_relationships_and_the_newest_entries(client):
    make_otsu()

    response = client.get("/")

    assert lines_of(response) == [
        WELCOME,
        lead("1 sister city in 1 country"),
        "Sister city (plural) 1",
        "Otsu 大津市 Japan since about 1991",
        "All partner cities, past and present",
        "Map of the sister cities",
        *("active", "Sister city"),
        "See the map for any date · Timeline since 1969",
        *NOTHING_TO_JOIN,
        "Latest news from the record",
        *("about 1991", "Otsu: Resumed"),
        *("March 1990", "Otsu: Suspended"),
        *("October 1, 1969", "Otsu: Sister city relationship agreed", "By telephone."),
        *WHO_DECIDES,
    ]


def test_home_counts_relationships_that_are_alive_today_by_type(client):
    make_partnership("otsu", "1969-10-01", type=make_type("sister-city"))
    friends = make_type("friendship-city")
    make_partnership("kyoto", "1982", type=friends)
    make_entry(make_partnership("nara", "1950"), "terminated", "1960")
    make_entry(make_partnership("cork", "1955"), "suspended", "1990", party="home")
    make_entry(make_partnership("bonn", "1975"), "dormant", "1990")
    make_entry(make_relationship(make_city("rome")), "proposed", "1990", type=friends)
    make_entry(make_relationship(make_city("oslo")), "visited", "1990")
    make_partnership("utopia", "2100")
    City.objects.filter(slug="bonn").update(country="DE")

    response = client.get("/")

    sections = sections_of(response)
    assert sections[""][1] == lead("3 sister city (plural) and 1 friendship city in 2 countries")
    assert list(sections)[:4] == ["", "sister-city", "friendship-city", "next"]
    assert sections["sister-city"] == [
        "Bonn Germany inactive since 1990",
        "Cork United States suspended for Lansing since 1990; no answer on record",
        "Otsu United States since October 1, 1969",
    ]
    assert sections["friendship-city"] == ["Kyoto United States since 1982"]
    assert lines_of(response, "h2")[:2] == ["Sister city (plural) 3", "Friendship city (plural) 1"]


def test_home_shows_five_entries_and_none_of_the_future(client):
    relationship = make_partnership("otsu")
    for day in ("2001", "2002", "2003", "2004-05", "2004-05", "2100"):
        make_entry(relationship, "noted", day)

    lines = lines_of(client.get("/"))

    shown = [lines[number - 1] for number, line in enumerate(lines) if line == "Otsu: Note"]
    assert shown == ["May 2004", "May 2004", "2003", "2002", "2001"]


@pytest.mark.parametrize(
    ("on", "shown"),
    [
        ("1969-10-01", ["October 1, 1969"]),
        ("1969-10", []),
        ("1969", []),
        ("1969-10-01~", ["about October 1, 1969"]),
        ("1969-10-02", []),
        ("1969-11-01", []),
        ("2026-10-01", []),
        ("2027-10-01", []),
    ],
)
def test_home_shows_what_was_entered_for_this_day_of_an_earlier_year(
    client, monkeypatch, on, shown
):
    monkeypatch.setattr("lrscc.pages.home.localdate", lambda: date(2026, 10, 1))
    make_entry(make_partnership("otsu", "1950"), "visited", on)

    sections = sections_of(client.get("/"))

    listed = [words for day in shown for words in (day, "Otsu: Visit")]
    assert sections.get("on-this-day", []) == listed


def test_home_shows_the_newest_of_what_was_done_with_each_resolution(client):
    make_story()

    lines = lines_of(client.get("/"))

    shown = [line for line in lines if line.startswith(("On human rights:", "End the tie:"))]
    assert shown == ["On human rights: adopted, 7–0", "End the tie: withdrawn"]


# --- one place --------------------------------------------------------------------------


def test_city_page_shows_everything_on_record(client):
    make_otsu()

    response = client.get("/cities/otsu/")

    source = "source: 大津市の姉妹都市"
    assert title_of(response) == "Otsu, Japan – Sister cities"
    assert lines_of(response) == [
        *("Home", "Sister cities", "Otsu"),
        "Otsu 大津市",
        "City · part of Shiga · Shiga, Japan",
        "Lansing and Otsu",
        "Sister city since about 1991.",
        "See the entry · Source: 大津市の姉妹都市",
        "A city on Lake Biwa.",
        "Photo: A. Painter, <CC BY 4.0>",
        *("On this page", "How it began", "History with Lansing", "Sources that disagree"),
        *("Agreements", "What we are still looking for"),
        "Facts",
        *("In its own language (Japanese)", f"大津市 (since October 1, 1898) {source}"),
        *("In Latin letters (Japanese)", "Ōtsu-shi"),
        *("Population", f"345,000 (city, 2020) {source}"),
        *("Coordinates", f"35.018, 135.855 {source}"),
        *("Time zone", "Asia/Tokyo"),
        *("Next anniversary", f"{NEXT_OCTOBER - 1969} years on October 1, {NEXT_OCTOBER}"),
        *("Founded", "October 1, 1898"),
        *("Dissolved", "about 2100"),
        *("Website", "https://otsu.example"),
        *("Wikidata", "Q200441"),
        *("Includes", "Katata"),
        *("What happened to it", f"Renamed New Otsu, about 2100. A new name. {source}"),
        *("Formed from", f"Zeze (merged into Otsu) {source}"),
        *("Lead commissioner", "A. Commissioner"),
        *("How it began", "How it began."),
        "History with Lansing",
        *("October 1, 1969", "Sister city relationship agreed", *CONCLUDED),
        *("March 1990", "Suspended", *SUSPENDED),
        *("about 1991", "Resumed", *RESUMED),
        *("2000", "Visit", "Entry 5 was withdrawn on May 6, 2024: It was another place."),
        "Sources that disagree",
        "We keep them on record but do not rely on them.",
        *("1968", "Sister city relationship agreed"),
        "Why we do not rely on this: Otsu gives the exact day.",
        "Source: Sister cities, 2013 Press",
        "Agreements",
        "Agreement by telephone, October 1, 1969",
        *("Title (Japanese)", "姉妹都市提携"),
        *("Signed at", "City Hall"),
        *("Signed by", "A. Mayor, Mayor (City of Lansing)"),
        *("Term", "For ever"),
        *("In force until", "September 30, 2069"),
        *("Renewal", "None"),
        *("Documents", "大津市の姉妹都市 Official source"),
        "Concluded by telephone.",
        "What we are still looking for",
        *GAPS_OF_OTSU,
        "Do you have one of these? Send it to us.",
    ]


def test_city_page_shows_the_picture_at_its_size_with_its_words(client):
    make_otsu()

    page = client.get("/cities/otsu/").text

    figure = page[page.index("<figure") : page.index("</figure>")].strip()
    assert [line.strip() for line in figure.splitlines()] == [
        '<figure class="picture">',
        (
            '<img src="/cities/otsu/picture/?v=0f1e2d3c" width="800" height="600"'
            ' alt="The “lake” at dawn." decoding="async">'
        ),
        "<figcaption>Photo: A. Painter, &lt;CC BY 4.0&gt;</figcaption>",
    ]


@pytest.mark.parametrize(
    ("width", "height", "classes"),
    [
        (800, 799, "picture"),
        (800, 800, "picture picture-upright"),
        (800, 801, "picture picture-upright"),
    ],
)
def test_picture_that_is_not_wide_is_shown_narrower(client, width, height, classes):
    make_otsu()
    City.objects.filter(slug="otsu").update(picture_width=width, picture_height=height)

    assert f'<figure class="{classes}">' in client.get("/cities/otsu/").text


def test_city_page_without_a_picture_has_no_place_for_one(client):
    make_city("shiga")

    page = client.get("/cities/shiga/").text

    assert ("<figure" in page, "<img" in page) == (False, False)


def test_city_page_of_a_place_that_is_only_named_says_so(client):
    make_city("shiga", kind="prefecture", country="JP")

    response = client.get("/cities/shiga/")

    assert lines_of(response) == [
        *("Home", "Sister cities", "Shiga"),
        "Shiga",
        "Prefecture · Japan",
        "Facts",
        *("Population", "No record"),
        (
            "We have no record of a relationship with Shiga itself. It is listed because another"
            " record names it."
        ),
    ]


def test_city_page_of_a_relationship_without_entries_says_so(client):
    make_relationship(make_city("oslo", country="NO"))

    response = client.get("/cities/oslo/")

    assert lines_of(response)[3:] == [
        "Oslo",
        "City · Norway",
        "Lansing and Oslo",
        "We have no record of its status.",
        "Facts",
        *("Population", "No record"),
        *("History with Lansing", "Nothing is on record yet."),
        "What we are still looking for",
        "A document that shows the status of the relationship.",
        "Its population, with the year and a source.",
        "Its name in its own language.",
        "Do you have one of these? Send it to us.",
    ]


def test_city_page_shows_every_relationship_with_both_cities(client):
    otsu = make_otsu().partner
    flint = make_city("flint", subdivision="US-MI")
    second = make_relationship(otsu, home=flint, slug="flint-otsu", story="It began in Flint.")
    make_entry(second, "signed", "1980", type=make_type("friendship-city"))
    make_entry(second, "terminated", "1999", decided_by=make_organization("b", name="B"))
    make_entry(second, "signed", "1979", why_not_preferred="The paper says 1980.")

    response = client.get("/cities/otsu/")

    page, sections = response.text, sections_of(response)
    assert [line for line in sections[""] if line.endswith(" and Otsu")] == [
        *("Lansing and Otsu", "Flint and Otsu"),
    ]
    assert "Ended in 1999 by a decision." in sections[""]
    assert sections["story-2"] == ["It began in Flint."]
    assert sections["history-2"][0] == "1980"
    assert sections["history"][0] == "October 1, 1969"
    assert "Why we do not rely on this: The paper says 1980." in sections["claims-2"]
    assert "Why we do not rely on this: Otsu gives the exact day." in sections["claims"]
    assert 'href="#entry-2-2"' in page
    assert 'href="#entry-4"' in page
    ids = re.findall(r' id="([^"]*)"', page)
    assert sorted(set(ids)) == sorted(ids)
    assert [line for line in sections["gaps"] if line.startswith("Its population")] == []
    assert "Sister city since about 1991." in page.split('name="description"')[1][:200]


def test_city_page_of_home_says_who_decides(client):
    make_otsu()

    response = client.get("/cities/lansing/")

    assert lines_of(response)[3:] == [
        "Lansing",
        "City · Michigan, United States",
        "This is the record of Lansing’s sister cities.",
        "Facts",
        *("Population", "No record"),
        "Sister city (plural) 1",
        "Otsu 大津市 Japan since about 1991",
        "All partner cities, past and present",
        "Who decides about its sister cities",
        "Lansing City Council (LCC)",
        "From 1900 to 1994. The charter. Source: 大津市の姉妹都市.",
    ]


def test_city_page_of_a_successor_shows_the_entries_that_handed_over(client):
    make_otsu()

    response = client.get("/cities/new-otsu/")

    assert lines_of(response)[3:] == [
        "New Otsu",
        "City · Japan",
        "Facts",
        *("Population", "No record"),
        *("Formed from", "Otsu (renamed New Otsu, about 2100) source: 大津市の姉妹都市"),
        "Relationships of cities that became New Otsu",
        "Otsu 大津市 Japan since about 1991",
        "History with Lansing",
        *("about 1991", "Otsu: Resumed", *RESUMED),
    ]


def test_city_page_names_a_source_that_supports_the_standing(client):
    """A source that disputes the line may stand first among its citations."""
    relationship = make_relationship(make_city("sakaide", country="JP"))
    against = make_source(title="The doubt")
    line = make_entry(
        relationship, "attested", "2013", type=make_type(), source=make_source(title="The list")
    )
    line.citations.update(role="supports")
    Citation.objects.create(entry=line, source=against, role="disputes")

    lines = lines_of(client.get("/cities/sakaide/"))

    assert lines[7] == "See the entry · Source: The list"


def test_city_page_without_a_supporting_source_names_none(client):
    relationship = make_relationship(make_city("sakaide", country="JP"))
    line = make_entry(relationship, "attested", "2013", type=make_type(), party="partner")
    line.citations.update(role="disputes")

    lines = lines_of(client.get("/cities/sakaide/"))

    assert lines[6:8] == [
        "Sister city, active, last confirmed 2013. We have no record of when it began.",
        "See the entry",
    ]


def test_city_page_of_what_one_city_ended_says_that_the_other_has_not_answered(client):
    commission = make_organization("commission")
    relationship = make_partnership("st-petersburg", "1992")
    make_entry(
        relationship,
        "lapsed",
        "2010-01",
        party="home",
        decided_by=commission,
        reason="The partner is gone.",
    )

    lines = lines_of(client.get("/cities/st-petersburg/"))

    assert lines[6:8] == [
        (
            "Ended by Lansing in January 2010: it was allowed to lapse. No answer from the"
            " partner is on record."
        ),
        (
            f"The partner is gone. See the entry · Source: "
            f"{relationship.entries.get(number=2).citations.get().source}"
        ),
    ]


def test_city_page_says_when_a_signing_is_planned(client):
    relationship = make_relationship(make_city("suceava"))
    make_entry(relationship, "planned", "2018", type=make_type(), planned_for="2120-08-22")

    response = client.get("/cities/suceava/")

    assert lines_of(response)[6] == (
        "Proposed as a sister city in 2018. Not agreed yet. The signing is planned for"
        " August 22, 2120."
    )
    history = sections_of(response)["history"]
    assert "Signing as a sister city planned" in history
    assert history[history.index("Signing as a sister city planned") :][:2] == [
        "Signing as a sister city planned",
        "Planned for: August 22, 2120",
    ]


@pytest.mark.usefixtures("indexed")
def test_city_page_has_what_the_partner_calls_it_in_its_language(client):
    relationship = make_partnership("pianezza", "2016", type=make_type("friendship-city"))
    term = {"partner_term": "gemellaggio", "partner_term_language": "it"}
    make_entry(relationship, "reaffirmed", "2018", party="partner", **term)

    response = client.get("/cities/pianezza/")

    lines = lines_of(response)
    assert lines[lines.index("What Pianezza calls it") + 1] == "gemellaggio (Italian)"
    assert "The partner calls it: gemellaggio (Italian)" in lines
    assert response.text.count('<span lang="it" dir="auto">gemellaggio</span>') == 2
    assert "/cities/pianezza/" in links_of(client.get("/search/?q=gemellaggio"))


def test_city_page_names_the_others_of_an_agreement_of_several_cities(client):
    otsu, kyoto, nara = (make_partnership(slug) for slug in ("otsu", "kyoto", "nara"))
    draft = make_relationship(make_city("draft", publication="draft"))
    make_agreement(otsu, signed_on="1990").relationships.add(kyoto, nara, draft)

    def others(slug: str) -> list[str]:
        lines = lines_of(client.get(f"/cities/{slug}/"))
        found = lines.index("Also with")
        return lines[found + 1 : found + 3]

    assert (others("otsu"), others("nara")) == (["Kyoto", "Nara"], ["Kyoto", "Otsu"])
    answer = client.get("/api/v1/relationships/lansing-nara/").json()["agreements"][0]
    assert answer["relationships"] == [
        f"http://testserver/api/v1/relationships/lansing-{slug}/"
        for slug in ("kyoto", "nara", "otsu")
    ]


def test_city_page_anchors_each_entry_once(client):
    relationship = make_otsu()

    page = client.get("/cities/otsu/").text

    for entry in relationship.entries.all():
        assert page.count(f'id="entry-{entry.number}"') == 1
    assert 'href="#entry-4"' in page


def test_city_page_marks_names_with_their_language(client):
    make_otsu()

    page = client.get("/cities/otsu/").text

    assert '<span class="native" lang="ja" dir="auto">大津市</span>' in page
    assert '<span lang="ja-Latn" dir="auto">Ōtsu-shi</span>' in page
    assert '<dd lang="ja" dir="auto">姉妹都市提携</dd>' in page


def test_city_page_has_summaries_in_other_languages_each_marked_as_such(client):
    place = make_otsu().partner
    make_summary(place, "tw", text="Kuro")
    make_summary(place, "ja", text="姉妹都市です。\n\n琵琶湖<b>", written_by="The office")

    response = client.get("/cities/otsu/")

    lines = lines_of(response)
    start = lines.index("日本語 Japanese")
    assert lines[start : start + 6] == [
        *("日本語 Japanese", "姉妹都市です。", "琵琶湖<b>", "Written by The office."),
        *("Twi", "Kuro"),
    ]
    assert (
        '<h2 id="in-ja"><span lang="ja" dir="auto">日本語</span> '
        '<span class="count">Japanese</span></h2>'
    ) in response.text
    assert (
        '<div lang="ja" dir="auto"><p>姉妹都市です。</p>\n\n<p>琵琶湖&lt;b&gt;</p></div>'
    ) in response.text
    assert '<div lang="tw" dir="auto"><p>Kuro</p></div>' in response.text


def test_text_of_a_record_is_never_markup(client):
    relationship = make_partnership("otsu", story="<script>alert(1)</script>")
    City.objects.update(summary="<b>bold</b>", name="<i>Otsu</i>")
    make_entry(
        relationship, "noted", "2000", note='"><img src=x>', source=make_source(title="<u>t</u>")
    )

    pages = everything_from(client, ["/", "/cities/", "/gaps/"])

    marks = ("<script>alert", "<b>bold", "<i>Otsu", "<img src=x", "<u>t")
    data = ("/api/v1/", "/exchanges/calendar.ics")
    html = {path: text for path, text in pages.items() if not path.startswith(data)}
    assert len(html) > 8
    assert [path for path, text in html.items() if any(mark in text for mark in marks)] == []


# --- what is not known ------------------------------------------------------------------

GAPS = [
    *("Home", "Help fill the gaps", "Help fill the gaps"),
    "Here is what we are still looking for. Items drop off when someone finds the document.",
    "Sister and friendship cities",
]
SEND = [
    "Report a mistake or send a document",
    (
        "A program, a letter, minutes, a photograph of a signed page: each can settle a question."
        " Tell us what it is, its date, and where you got it. Keep the original."
    ),
]


def test_gaps_page_of_an_empty_register_has_nothing(client):
    response = client.get("/gaps/")

    assert title_of(response) == "Help fill the gaps"
    assert lines_of(response) == [
        *GAPS,
        "Nothing is missing.",
        *SEND,
        "Lansing Regional Sister Cities Commission",
        "What happens to what you send",
    ]


def test_gaps_page_lists_what_is_missing_and_where_to_send_it(client):
    Organization.objects.update(email="register@lansing.example")
    make_otsu()
    make_authority(make_organization("commission"), since=None)

    response = client.get("/gaps/")

    assert lines_of(response) == [
        *GAPS,
        "Otsu",
        *GAPS_OF_OTSU,
        "Who decides",
        "Commission: The document that lets it decide for Lansing.",
        "Commission: Since when it can decide for Lansing.",
        "Sources without a link or a copy",
        "Sister cities",
        *SEND,
        "Lansing Regional Sister Cities Commission register@lansing.example",
        "What happens to what you send",
    ]
    assert "mailto:register@lansing.example" in links_of(response)


# --- what councils did, requested and said ----------------------------------------------------


@pytest.fixture
def in_2026(monkeypatch):
    """A day that stays, for what is counted up to today."""
    noon = datetime(2026, 11, 24, 17, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


def test_home_shows_the_latest_votes(client):
    make_story()

    assert sections_of(client.get("/"))["votes"] == [
        *("August 19, 2013", "On human rights: adopted, 7–0", "City Council"),
        *("July 29, 2013", "End the tie: withdrawn", "City Council"),
        "All resolutions",
    ]


def test_city_page_shows_the_affair_of_2013_in_order(client, in_2026):
    make_story()

    sections = sections_of(client.get("/cities/st-petersburg/"))

    assert sections[""][8:13] == [
        "What the City Council asked on August 19, 2013",
        (
            "Urges the commission to end all ties. The City Council can only ask. Commission"
            " replied, August 20, 2013: no action needed."
        ),
        (
            "Urges the mayor to write a letter. The City Council can only ask. We have no record"
            " of a reply, 13 years later."
        ),
        *("Who can change this today", "Commission"),
    ]
    assert "Votes and statements" in sections["contents"]
    assert sections["votes"] == [
        "Only the Commission can start or end a relationship for Lansing.",
        "July 22, 2013",
        "A Mayor, Mayor: Keep the tie",
        "The mayor asked to keep it.",
        "This is a statement. It does not change a relationship.",
        "Source: The paper Press",
        "July 29, 2013",
        "City Council: End the tie",
        "Withdrawn before a vote, July 29, 2013.",
        "Urges the commission to end the tie. It did not pass, so it changed nothing.",
        "August 19, 2013",
        "City Council: On human rights",
        "Adopted, August 19, 2013. Vote: 7–0.",
        (
            "Urges the commission to end all ties. This is a request. It does not change a"
            " relationship."
        ),
        "Condemns the arrests.",
        (
            "Urges the mayor to write a letter. This is a request. It does not change a"
            " relationship. We have no record of a reply, 13 years later."
        ),
        "August 20, 2013",
        "Commission replied: no action needed",
        "There is nothing to end.",
        "In reply to On human rights.",
        "Source: The paper Press",
    ]


def test_resolution_leaves_the_standing_alone(client):
    make_story()
    first_page = client.get("/cities/st-petersburg/")

    Resolution.objects.update(publication="draft")

    before, after = (
        lines_of(page)[6] for page in (first_page, client.get("/cities/st-petersburg/"))
    )
    assert before == after == "Sister city since 1992."


def test_reply_stands_after_what_it_answers_however_vague_its_day(client):
    make_story()
    Reply.objects.filter(publication="published").update(
        on="2013", on_earliest="2013-01-01", on_latest="2013-12-31"
    )

    lines = lines_of(client.get("/cities/st-petersburg/"))

    assert lines.index("2013") > lines.index("August 19, 2013")


def test_what_has_no_day_comes_last_and_what_concerns_another_place_is_left_out(client):
    place = make_city("oslo", country="NO")
    other = make_city("bergen", country="NO")
    undated = make_resolution(title="Undated", slug="undated")
    make_effect(undated, place=place, what="somebody")
    make_effect(undated, place=other, what="somebody else")
    make_effect(undated, what="everybody")
    statement = make_statement(title="S", on=None, source=make_source(title="T"))
    statement.places.add(place)
    named = make_resolution(title="Named", slug="named")
    named.places.add(place)
    make_action(named, "introduce", "2020")

    assert sections_of(client.get("/cities/oslo/"))["votes"] == [
        "2020",
        "Lansing City Council: Named",
        "Pending since 2020.",
        "No date on record",
        "A Mayor, Mayor: S",
        "What the mayor said.",
        "This is a statement. It does not change a relationship.",
        "Source: T Press",
        "No date on record",
        "Lansing City Council: Undated",
        "We have no record of what happened.",
        "Urges somebody. We have no record that it passed.",
        "Urges everybody. We have no record that it passed.",
    ]
    assert "Undated" in client.get("/cities/bergen/").text
    assert "Named" not in client.get("/cities/bergen/").text


def test_effect_that_decided_leads_to_the_history(client):
    relationship = make_partnership("otsu")
    resolution = make_resolution()
    make_action(resolution)
    line = make_entry(relationship, "approved", "2013-08-19")
    make_effect(resolution, "approves", relationship=relationship, entry=line, what="the tie")

    lines = lines_of(client.get("/cities/otsu/"))

    assert "Approves the tie. This vote took effect. See the history." in lines


def test_gaps_page_lists_resolutions_and_members(client, in_2026):
    make_story()

    sections = sections_of(client.get("/gaps/"))

    assert sections["resolutions"] == [
        "On human rights",
        "The resolution number.",
        "Mayor: the reply to the request of August 19, 2013.",
        "End the tie",
        "The resolution number.",
        "The full text.",
    ]
    assert sections["members"] == ["City Council: Who holds 8 of the 8 seats today."]


def test_gaps_page_says_all_that_is_missing_of_one_member_in_one_line(client):
    make_term(make_member("wood"), organization=council(), since="[..2013-07-15]")

    assert sections_of(client.get("/gaps/"))["members"] == [
        "Lansing City Council: How many seats there are.",
        (
            "Wood: Which seat on the Lansing City Council it was. When the term on the Lansing"
            " City Council began."
        ),
    ]


def test_gaps_page_shows_how_many_resolutions_it_leaves_out(client):
    for __ in range(RESOLUTIONS_LISTED + 2):
        make_resolution()

    lines = sections_of(client.get("/gaps/"))["resolutions"]

    assert lines.count("The resolution number.") == RESOLUTIONS_LISTED
    assert lines[-1] == "2 older resolutions have gaps. They are listed on their pages."


# --- about, API in words, and for machines ----------------------------------------------


def test_about_page_shows_how_and_who_decides(client):
    make_otsu()
    make_authority(make_organization("commission"), since=None)

    response = client.get("/about/")

    sections = sections_of(response)
    decides = sections["who-decides"][1:]
    assert title_of(response) == "About this site"
    assert dict(zip(decides[::2], decides[1::2], strict=True)) == {
        "Commission": "No document on record.",
        "Lansing City Council (LCC)": (
            "From 1900 to 1994. The charter. Source: 大津市の姉妹都市."
        ),
    }
    assert sections.keys() == {"", "how", "who-decides", "reliability", "dates", "staff", "reuse"}
    assert all(sections.values())


def test_about_page_without_authorities_says_so(client):
    decides = sections_of(client.get("/about/"))["who-decides"]

    assert decides[1:] == ["We have no record of who decides."]


def test_api_docs_show_every_address_and_parameter(client):
    response = client.get("/api/docs/")

    described = client.get("/api/v1/openapi.json").json()["paths"]
    lines = lines_of(response)
    assert title_of(response) == "Data for developers (API)"
    assert [line for line in lines if line.startswith("/api/v1/")] == list(described)
    start = lines.index("/api/v1/relationships/")
    assert lines[start : start + 11] == [
        "/api/v1/relationships/",
        "Relationships on record by the given date, each with its status on that date.",
        "city string",
        "country string",
        "modified_since string",
        "on date",
        "page integer",
        "page_size integer",
        "status string",
        "type string",
        "/api/v1/relationships/{slug}/",
    ]


def test_healthz_answers_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz/")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


# --- the frame --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/cities/", "Sister cities"),
        ("/relationship-types/", "What is a sister city?"),
        ("/exchanges/", "Exchanges"),
        ("/resolutions/", "Resolutions"),
        ("/gaps/", None),
        ("/about/", "About"),
        ("/", None),
    ],
)
def test_menu_marks_the_page_one_is_on(client, path, here):
    page = client.get(path).text

    menu = page[page.index('aria-label="Main">') :].split("</nav>")[0]
    marked = f'<a href="{path}" aria-current="page">{here}</a>' if here else None
    assert menu.count("<a ") == 5
    assert menu.count("aria-current") == (1 if here else 0)
    assert marked is None or marked in menu


# --- errors -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere/",
        "/cities/nowhere/",
        "/sources/nowhere/",
        "/sources/nowhere/document/",
        "/cities/nowhere/picture/",
        "/static/lrscc/nowhere.css",
        "/cities/no way/",
        "/apinowhere/",
    ],
)
def test_page_that_is_not_there_says_so_and_leads_on(client, path):
    response = client.get(path)

    assert response.status_code == 404
    assert title_of(response) == "Page not found"
    assert lines_of(response) == ["Page not found", "There is nothing at this address.", *GO_ON]


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nowhere/", "/api/v2/cities/"])
def test_api_address_that_is_not_there_says_so_in_json(client, path):
    response = client.get(path)

    assert response.status_code == 404
    assert response.json() == NOTHING_HERE


def test_host_that_is_not_ours_is_refused_in_words(client):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert title_of(response) == "The address could not be read"
    assert lines_of(response) == [
        "The address could not be read",
        "The address or the form could not be read. Check it and try again.",
        *GO_ON,
    ]


# --- what a source is cited for ---------------------------------------------------------

CITED = [
    "Votes and other actions",
    "July 15, 2013",
    *("End the tie: introduced", "Supports this."),
    "July 22, 2013",
    *("On human rights: introduced", "Supports this."),
    "July 29, 2013",
    *("End the tie: withdrawn", "Supports this."),
    "August 19, 2013",
    *("On human rights: adopted", "Supports this."),
    *("Resolutions", "On human rights: City Council"),
    *("Replies", "On human rights: Commission replied, August 20, 2013: no action needed."),
    *("Statements", "Keep the tie: A Mayor"),
    *("Minutes", "City Council, August 19, 2013: Proposed minutes, version 1"),
    "Terms in office",
]


def cited_for(client, path: str = "/sources/press/") -> list[str]:
    """What a source is cited for, as its page says."""
    return sections_of(client.get(path))["cited"]


def test_source_page_lists_votes_and_terms_that_cite_it(client):
    make_story()

    response = client.get("/sources/press/")

    lines = cited_for(client)
    assert lines[: len(CITED)] == CITED
    assert len(lines) == len(CITED) + 8
    assert lines[len(CITED)] == "A. Dunbar: City Council; Ward 1; 2010 to 2014"
    links = links_of(response)
    assert "/resolutions/asked/#action-3" in links
    assert "/resolutions/asked/#effect-1" in links
    assert "/meetings/council-2013-08-19/#minutes-1" in links
    assert {"/resolutions/asked/", "/statements/mayor-2013/", "/members/wood/"} <= set(links)


def test_source_page_lists_every_other_record_that_names_it(client):
    source = make_source(slug="it")
    place, other = make_city("otsu"), make_city("nara")
    for city in (place, other):
        make_population(city, source=source)
        make_population(city, area="urban", source=source)
    City.objects.filter(pk=other.pk).update(geography_source=source)
    relationship = make_relationship(place)
    organization = make_organization("board", name="The board", source=source, place=home())
    make_authority(organization, source=source)
    agreement = make_agreement(relationship, signed_on="1969-10-01")
    agreement.documents.add(source)
    make_agreement(relationship, kind="memorandum").documents.add(source)
    Succession.objects.create(
        predecessor=place, successor=other, kind="merged_into", source=source
    )
    make_seat(organization, label="Chair", source=source)
    meeting = make_meeting(organization=organization)
    meeting.sources.add(source)
    make_text(make_resolution(title="R", organization=organization), source=source)

    assert cited_for(client, "/sources/it/") == [
        *("Facts about cities", "Nara: population, location", "Otsu: population"),
        *("Changes to cities", "Otsu: merged into Nara"),
        *("Agreements", "Otsu: Memorandum of understanding", "Otsu: Agreement, October 1, 1969"),
        *("Who can decide", "The board: decides for Lansing"),
        *("Organizations", "The board"),
        *("Texts of resolutions", "R: As introduced, version 1"),
        *("Meetings", "The board, August 19, 2013: Regular meeting"),
        *("Seats", "The board: Chair"),
    ]
    links = links_of(client.get("/sources/it/"))
    assert {"/members/?organization=board", "/cities/lansing/", "/cities/nara/"} <= set(links)


def test_source_page_shows_what_disputes_an_action(client):
    source = make_source(slug="it")
    action = make_action(make_resolution(title="R"))
    action.citations.create(source=source, role="disputes", says="It says tabled.")

    assert cited_for(client, "/sources/it/")[1:] == [
        *("August 19, 2013", "R: adopted", "Disputes this. It says tabled."),
    ]


def test_source_page_stops_where_a_list_is_very_long(client, monkeypatch):
    monkeypatch.setattr("lrscc.pages.cited_by.RECORDS_OF_A_KIND", 2)
    source = make_source(slug="it")
    for number in range(3):
        resolution = make_resolution(title=f"R{number}", slug=f"r{number}")
        resolution.sources.add(source)
        make_action(resolution, source=source)

    more = "There are more. Only the first are shown."
    assert cited_for(client, "/sources/it/") == [
        "Votes and other actions",
        *("August 19, 2013", "R0: adopted", "Supports this."),
        *("August 19, 2013", "R1: adopted", "Supports this.", more),
        *("Resolutions", "R0: Lansing City Council", "R1: Lansing City Council", more),
    ]


def test_drafts_that_name_a_source_are_not_on_its_page(client):
    source = make_source(slug="it")
    draft = {"publication": "draft"}
    hidden = make_organization("hidden", source=source, **draft)
    place = make_city("hidden-place", geography_source=source, **draft)
    shown = make_resolution()
    meeting = make_meeting()
    resolution = make_resolution(**draft)
    resolution.sources.add(source)
    make_resolution(organization=hidden).sources.add(source)
    make_action(shown, source=source, **draft)
    make_action(resolution, source=source)
    make_text(shown, source=source, **draft)
    Text.objects.filter(pk=make_text(resolution, **draft).pk).update(
        publication="published", source=source
    )
    make_reply(make_effect(shown), source=source, **draft)
    make_reply(make_effect(shown, **draft), source=source)
    make_statement(source=source, **draft)
    make_meeting(**draft).sources.add(source)
    make_minutes(meeting, source=source, **draft)
    Minutes.objects.filter(pk=make_minutes(make_meeting(**draft), **draft).pk).update(
        publication="published", source=source
    )
    make_term(make_member(**draft), organization=council(), source=source)
    make_term(organization=hidden, source=source)
    make_seat(hidden, source=source)
    make_authority(hidden, source=source)
    make_agreement(make_relationship(make_city()), **draft).documents.add(source)
    make_agreement(make_relationship(place)).documents.add(source)
    Succession.objects.create(
        predecessor=place, successor=make_city(), kind="merged_into", source=source
    )

    assert cited_for(client, "/sources/it/") == [
        "Nothing on this site uses it yet.",
    ]
