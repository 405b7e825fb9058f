"""The list of partners, the types of relationship, sources, documents and pictures."""

import hashlib
import os
import re

import pytest
from django.core.files.base import ContentFile

from cities.models import Citation, City
from cities.records.publishing import Publication
from tests.factories import (
    home,
    make_authority,
    make_city,
    make_entry,
    make_name,
    make_organization,
    make_partnership,
    make_relationship,
    make_source,
    make_type,
)
from tests.otsu import WITHDRAWN, make_otsu
from tests.pictures import give_picture
from tests.reading import choices_of, lines_of, links_of, sections_of, title_of

pytestmark = pytest.mark.django_db

TODAY = "Sister and friendship cities today"
ON = "Sister and friendship cities on"
NO_DAY = "That is not a date. Enter it like 8/19/2013 or 2013-08-19."
WITHOUT_IT = "Until you fix it, the list is shown without that filter."


TIMELINE = "Timeline of the sister cities, year by year"


def result_of(response) -> list[str]:
    """What the list says below its form and the years of change."""
    lines = lines_of(response)
    return lines[lines.index(TIMELINE if TIMELINE in lines else "Apply filters") + 1 :]


def years_of(response) -> list[str]:
    """The years in which something changed."""
    return sections_of(response)["years"][:-1]  # the last leads to the timeline


def nowhere(*names: str) -> str:
    """That these have no coordinates."""
    return "Not on the map: " + "; ".join(f"{name} (no coordinates on record)" for name in names)


DOWNLOAD = "Download this list (JSON)"


# --- partners ---------------------------------------------------------------------------


def test_partners_of_an_empty_register_are_none(client):
    response = client.get("/cities/")

    assert title_of(response) == f"{TODAY}"
    assert lines_of(response) == [
        *("Home", "Sister cities", TODAY),
        "On date",
        "For example, 1/1/1990. Leave blank for today.",
        *("Type", "Any"),
        *("Status", "Any"),
        *("proposed", "active", "inactive", "suspended", "ended", "disputed"),
        *("Country", "Any"),
        "Apply filters",
        "0 cities",
        "No cities match. Try another date or fewer filters.",
        DOWNLOAD,
    ]


def test_partners_are_grouped_by_kind_and_the_ended_come_last(client):
    sister, friends = make_type("sister-city"), make_type("friendship-city")
    make_partnership("otsu", type=sister)
    make_partnership("kyoto", "1982", type=friends)
    make_entry(make_partnership("nara", "1950", type=sister), "lapsed", "2010-01")
    make_entry(make_partnership("cork", "1955", type=sister), "suspended", "1990")
    make_entry(make_relationship(make_city("rome")), "proposed", "1990", type=friends)
    make_entry(make_relationship(make_city("bath")), "proposed", "1991")
    make_entry(make_relationship(make_city("lyon")), "attested", "2013-07-22?", type=friends)
    make_entry(make_relationship(make_city("oslo")), "visited", "1990")

    response = client.get("/cities/")

    assert result_of(response) == [
        "7 cities: 2 proposed, 3 active, 1 suspended, 1 ended",
        *("Sister city (plural)", "2"),
        *("Friendship city (plural)", "2"),
        *("Of these, suspended", "1"),
        *("Proposed", "2"),
        *("Ended", "1"),
        *("Countries", "1"),
        *("Since", "1955"),
        nowhere("Bath", "Cork", "Kyoto", "Lyon", "Nara", "Otsu", "Rome"),
        "Sister city (plural) 2",
        "Cork United States suspended since 1990",
        "Otsu United States since October 1, 1969",
        "Friendship city (plural) 3",
        "Kyoto United States since 1982",
        "Lyon United States active, last confirmed 2013; no record of when it began",
        "Rome United States proposed since 1990",
        "Type not on record 1",
        "Bath United States proposed since 1991",
        "Ended 1",
        "Nara United States ended in January 2010",
        DOWNLOAD,
    ]


def test_partners_on_a_day_are_those_of_the_day(client):
    make_entry(make_partnership("otsu", "1969-10-01"), "terminated", "1990-03")
    make_partnership("kyoto", "1982")

    response = client.get("/cities/?on=1981-12-31")

    assert title_of(response) == f"{ON} December 31, 1981"
    assert lines_of(response)[2] == f"{ON} December 31, 1981"
    assert result_of(response) == [
        "1 city: 1 active",
        *("Sister city (plural)", "1"),
        *("Countries", "1"),
        *("Since", "October 1, 1969"),
        nowhere("Otsu"),
        "Sister city (plural) 1",
        "Otsu United States since October 1, 1969",
        DOWNLOAD,
    ]
    assert "/api/v1/relationships/?on=1981-12-31" in links_of(response)
    assert 'name="on" value="12/31/1981"' in response.text


def test_partners_are_filtered_by_type_standing_and_country(client):
    sister, friends = make_type("sister-city"), make_type("friendship-city")
    make_entry(make_partnership("otsu", type=sister), "suspended", "1990")
    make_partnership("kyoto", type=sister)
    make_entry(make_partnership("nara", type=friends), "suspended", "1990")
    cork = make_relationship(make_city("cork", country="IE"))
    make_entry(cork, "signed", "1980", type=sister)
    make_entry(cork, "suspended", "1990")

    response = client.get("/cities/?type=sister-city&status=suspended&country=US")

    assert result_of(response)[:-1] == [
        "1 city: 1 suspended",
        *("Sister city (plural)", "1"),
        *("Of these, suspended", "1"),
        *("Countries", "1"),
        *("Since", "October 1, 1969"),
        nowhere("Otsu"),
        "Sister city (plural) 1",
        "Otsu United States suspended since 1990",
    ]
    for chosen in ("sister-city", "suspended", "US"):
        assert f'<option value="{chosen}" selected>' in response.text
    assert response.text.count(" selected>") == 3


def test_partners_choose_from_countries_there_are(client):
    make_partnership("otsu")
    make_relationship(make_city("rome", country="IT"))
    make_city("oslo", country="NO")

    assert choices_of(client.get("/cities/"))["country"] == ["", "IT", "US"]


@pytest.mark.parametrize("on", ["never", "2013-02-30", "2013", "19.8.2013"])
def test_partners_on_no_day_are_refused_in_words_and_shown_for_today(client, on):
    make_partnership("otsu")

    response = client.get("/cities/", {"on": on})

    assert response.status_code == 400
    assert title_of(response) == f"Error: {TODAY}"
    sections = sections_of(response)
    assert sections[""][2] == TODAY
    assert sections["problem"] == [NO_DAY, WITHOUT_IT]
    assert sections["form"].count(NO_DAY) == 1
    assert result_of(response)[1:10] == [
        *("Sister city (plural)", "1"),
        *("Countries", "1"),
        *("Since", "October 1, 1969"),
        nowhere("Otsu"),
        "Sister city (plural) 1",
        "Otsu United States since October 1, 1969",
    ]
    assert f'name="on" value="{on}"' in response.text
    assert 'aria-describedby="id_on_helptext id_on_error"' in response.text
    assert "#id_on" in links_of(response)


def test_partners_refuse_choices_that_are_none(client):
    make_partnership("otsu")

    response = client.get("/cities/?type=twin&status=alive&country=XX&on=1800-01-01")

    assert response.status_code == 400
    sections = sections_of(response)
    assert sections[""][2] == f"{ON} January 1, 1800"
    assert sections["problem"] == [
        "There is no such relationship type. Choose one from the list.",
        "“alive” is not one of the choices. Choose one from the list.",
        "“XX” is not one of the choices. Choose one from the list.",
        WITHOUT_IT,
    ]


def test_partners_say_what_was_asked_as_text(client):
    response = client.get("/cities/", {"on": '"><script>alert(1)</script>'})

    assert response.status_code == 400
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in response.text
    assert "<script>alert" not in response.text


# --- as of a day ------------------------------------------------------------------------


def test_day_moves_list_map_and_figures_together(client):
    City.objects.filter(pk=home().pk).update(latitude="42.733", longitude="-84.556")
    otsu, rome = make_partnership("otsu", "1969-10-01"), make_partnership("rome", "1991")
    make_entry(otsu, "terminated", "1990-03")
    City.objects.filter(pk=otsu.partner_id).update(latitude="35.018", longitude="135.855")
    City.objects.filter(pk=rome.partner_id).update(latitude="41.9", longitude="12.5")

    def shown(day: str) -> tuple:
        response = client.get("/cities/", {"on": day})
        lines = result_of(response)
        return (
            lines[0].split(":")[0],
            lines[1 : lines.index("Since")] if "Since" in lines else lines[1:5],
            re.findall(r'aria-label="([^"]*: [^"]*)"', response.text),
            re.findall(r'class="relationship-name" href="/cities/(\w+)/', response.text),
        )

    assert shown("1969-09-30") == (
        "0 cities",
        ["No cities match. Try another date or fewer filters.", DOWNLOAD],
        [],
        [],
    )
    assert shown("1969-10-01") == (
        "1 city",
        ["Sister city (plural)", "1", "Countries", "1"],
        ["Otsu, United States: sister city, active, last confirmed 1969"],
        ["otsu"],
    )
    assert shown("1991-01-01") == (
        "2 cities",
        ["Sister city (plural)", "1", "Ended", "1", "Countries", "1"],
        [
            "Otsu, United States: sister city, ended",
            "Rome, United States: sister city, active, last confirmed 1991",
        ],
        ["rome", "otsu"],
    )


def test_years_of_change_lead_to_the_end_of_each(client):
    otsu = make_partnership("otsu", "1969-10-01")
    make_entry(otsu, "renewed", "1980")
    make_entry(otsu, "suspended", "1990-03")
    make_partnership("rome", "1990-05")

    response = client.get("/cities/?on=1975-06-01&country=US&type=&nothing=1")

    assert years_of(response) == ["← Back to 1969", "1969", "1990", "Forward to 1990 →"]
    assert [link for link in links_of(response) if link.endswith("#years")] == [
        "?on=1969-12-31&country=US#years",
        "?on=1969-12-31&country=US#years",
        "?on=1990-12-31&country=US#years",
        "?on=1990-12-31&country=US#years",
    ]
    assert "aria-current" not in response.text.split("Jump to a year")[1]
    there = client.get("/cities/?on=1990-12-31")
    assert years_of(there) == ["← Back to 1969", "1969", "1990"]
    assert '<a href="?on=1990-12-31#years" aria-current="true">1990</a>' in there.text


def test_years_of_change_forget_only_the_filters_that_were_refused(client):
    make_partnership("otsu", "1969-10-01")

    response = client.get("/cities/?country=XX&status=active")

    assert [link for link in links_of(response) if link.endswith("#years")] == [
        "?on=1969-12-31&status=active#years",
        "?on=1969-12-31&status=active#years",
    ]


# --- types of relationship -----------------------------------------------------------------------

STATUSES = ["proposed", "active", "inactive", "suspended", "ended", "disputed"]


def test_kinds_of_relationship_say_what_each_status_means(client):
    statuses = sections_of(client.get("/relationship-types/"))["statuses"]

    assert statuses[::2] == STATUSES
    assert all(sentence.endswith(".") for sentence in statuses[1::2])


def test_kinds_of_relationship_say_what_each_means_and_who_decides(client):
    make_partnership("otsu", type=make_type("sister-city", needs_agreement=True))
    make_type("friendship-city")
    make_entry(make_partnership("nara", "1950"), "lapsed", "2010-01")
    make_authority(make_organization("commission"), until="2100", basis="The by-laws.")

    response = client.get("/relationship-types/")

    assert title_of(response) == "What is a sister city?"
    sections = sections_of(response)
    assert sections.keys() == {"", "sister-city", "friendship-city", "who-decides", "statuses"}
    assert sections["sister-city"] == [
        "What a Sister city is.",
        "It needs a signed agreement. If we have none on file, we say so.",
        "Otsu United States since October 1, 1969",
    ]
    assert sections["friendship-city"] == [
        *("What a Friendship city is.", "Our City has none today."),
    ]
    assert sections["who-decides"] == [
        *("Commission", "From 1900 to 2100. The by-laws. No document on record."),
    ]


def test_kinds_of_relationship_of_an_empty_register_say_so(client):
    sections = sections_of(client.get("/relationship-types/"))

    assert sections[""][3:] == ["No type of relationship is on record yet."]
    assert sections["who-decides"] == ["We have no record of who decides."]


# --- sources ----------------------------------------------------------------------------


def test_source_page_says_what_it_is_and_what_it_is_cited_for(client):
    make_otsu()

    response = client.get("/sources/otsu-page/")

    assert title_of(response) == "大津市の姉妹都市 – Source"
    assert '<h1><span lang="ja" dir="auto">大津市の姉妹都市</span></h1>' in response.text
    assert lines_of(response) == [
        *("Home", "大津市の姉妹都市", "大津市の姉妹都市"),
        *("How reliable is it?", "Official source"),
        *("Kind", "Official web page"),
        *("Publisher", "Otsu City"),
        *("Date", "August 2013"),
        *("Language", "Japanese"),
        "Where to find it",
        "https://otsu.example/sister-cities Archived copy Under “International”.",
        *("Accessed", "January 2, 2026"),
        "Used as a source for",
        "History entries",
        *("October 1, 1969", "Otsu: Sister city relationship agreed"),
        "Supports this entry. Gives the day.",
        *("March 1990", "Otsu: Suspended", "Supports this entry."),
        *("about 1991", "Otsu: Resumed", "Supports this entry."),
        *("Facts about cities", "Otsu: population, location"),
        *("Changes to cities", "Otsu: renamed New Otsu", "Zeze: merged into Otsu"),
        *("Agreements", "Otsu: Agreement by telephone, October 1, 1969"),
        *("Who can decide", "Lansing City Council: decides for Lansing"),
        *("Organizations", "Lansing City Council"),
        "Names",
        "Otsu: 大津市",
    ]
    assert "/cities/otsu/#entry-2" in links_of(response)
    assert "https://archive.example/otsu" in links_of(response)


def test_source_page_says_what_it_disputes_and_what_is_only_claimed(client):
    make_otsu()

    sections = sections_of(client.get("/sources/lansing-page/"))

    assert sections == {
        "": [
            *("Home", "Sister cities", "Sister cities"),
            *("How reliable is it?", "Press"),
            *("Kind", "Press report"),
            *("Date", "2013"),
            *("Where to find it", "No record"),
        ],
        "cited": [
            "History entries",
            *("1968", "Otsu: Sister city relationship agreed"),
            "Supports this entry. We do not rely on it.",
            *("October 1, 1969", "Otsu: Sister city relationship agreed"),
            "Disputes this entry. Gives 1968.",
        ],
    }


def test_source_page_of_a_source_nothing_cites_says_so(client):
    make_source(slug="alone", title="Alone")

    sections = sections_of(client.get("/sources/alone/"))

    assert sections.pop("")[2:] == [
        "Alone",
        *("How reliable is it?", "Press"),
        *("Kind", "Press report"),
        *("Date", "No record"),
        *("Where to find it", "No record"),
    ]
    assert sections == {"cited": ["Nothing on this site uses it yet."]}


def test_source_page_of_names_alone_lists_them(client):
    source = make_source(slug="names")
    make_name(make_city("otsu"), "大津市", source=source)
    make_name(make_city("nara", publication=Publication.DRAFT), "奈良市", source=source)

    assert sections_of(client.get("/sources/names/"))["cited"] == ["Names", "Otsu: 大津市"]


def test_source_page_lists_relationships_by_place_and_day(client):
    source = make_source(slug="paper")
    for slug in ("otsu", "kyoto"):
        relationship = make_partnership(slug)
        make_entry(relationship, "visited", "2000", source=source)
        make_entry(relationship, "noted", "1999", source=source)
        make_entry(relationship, "noted", "1998", source=source, publication=Publication.DRAFT)
    Citation.objects.update(says="")

    assert sections_of(client.get("/sources/paper/"))["cited"][1:] == [
        *("1999", "Kyoto: Note", "Supports this entry."),
        *("2000", "Kyoto: Visit", "Supports this entry."),
        *("1999", "Otsu: Note", "Supports this entry."),
        *("2000", "Otsu: Visit", "Supports this entry."),
    ]


# --- documents of sources ---------------------------------------------------------------

PDF = b"%PDF-1.7 Otsu and Lansing"


@pytest.fixture
def scan(settings, tmp_path):
    """A published source with its document."""
    settings.MEDIA_ROOT = tmp_path
    source = make_source(slug="otsu-1969")
    source.document.save("A Scan.PDF", ContentFile(PDF), save=False)
    source.full_clean()
    source.save()
    source.document.close()
    return source


def test_document_comes_as_a_download_that_no_page_can_run(client, scan):
    response = client.get("/sources/otsu-1969/document/")

    assert response.getvalue() == PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Length"] == str(len(PDF))
    assert response.headers["Content-Disposition"] == 'attachment; filename="otsu-1969.pdf"'
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_document_is_shown_with_its_size_and_hash(client, scan):
    response = client.get("/sources/otsu-1969/")

    assert lines_of(response)[9:11] == [
        "Where to find it",
        f"Download the document (25\xa0bytes) SHA-256 {hashlib.sha256(PDF).hexdigest()}".replace(
            "\xa0", " "
        ),
    ]
    assert "/sources/otsu-1969/document/" in links_of(response)


@pytest.mark.parametrize("gone", [False, True])
def test_document_that_is_not_there_answers_404(client, scan, gone):
    if gone:  # the record says there is one, and the disk has lost it
        scan.document.storage.delete(scan.document.name)
    else:
        make_source(slug="no-document")

    response = client.get(f"/sources/{'otsu-1969' if gone else 'no-document'}/document/")

    assert response.status_code == 404
    assert lines_of(response)[:2] == ["Page not found", "There is nothing at this address."]


def test_source_page_outlives_its_document(client, scan):
    scan.document.storage.delete(scan.document.name)

    lines = lines_of(client.get("/sources/otsu-1969/"))

    sha256 = hashlib.sha256(PDF).hexdigest()
    assert lines[9:11] == [
        "Where to find it",
        f"The file is missing on our end. SHA-256 {sha256}",
    ]


# --- pictures of places -----------------------------------------------------------------


@pytest.fixture
def otsu(settings, tmp_path):
    """A published place with a picture, drawn at a known time."""
    settings.MEDIA_ROOT = tmp_path
    place = give_picture(make_city("otsu"))
    os.utime(place.picture.path, (1_700_000_000.5, 1_700_000_000.5))
    return place


CACHED = {
    "Cache-Control": "public, no-cache",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Last-Modified": "Tue, 14 Nov 2023 22:13:20 GMT",
    "X-Content-Type-Options": "nosniff",
}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_picture_comes_as_an_image_that_no_page_can_run(client, otsu, method):
    response = client.generic(method, "/cities/otsu/picture/")

    content = response.getvalue()
    kept = (otsu.picture.storage.path(otsu.picture.name), "rb")
    with open(*kept) as file:
        whole = file.read()
    assert content == (whole if method == "GET" else b"")
    assert response.status_code == 200
    assert response.headers.items() >= CACHED.items()
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Content-Length"] == str(len(whole))
    assert response.headers["Content-Disposition"] == 'inline; filename="otsu.webp"'
    assert response.headers["ETag"] == f'"{otsu.picture.name[9:45]}"'
    assert not response.cookies


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if-none-match": "ETAG"}, 304),
        ({"if-none-match": '"other"'}, 200),
        ({"if-modified-since": CACHED["Last-Modified"]}, 304),
        ({"if-modified-since": "Tue, 14 Nov 2023 22:13:19 GMT"}, 200),
        ({"if-match": '"other"'}, 412),
    ],
)
def test_picture_is_sent_again_only_when_it_changed(client, otsu, headers, status):
    etag = f'"{otsu.picture.name[9:45]}"'
    headers = {name: value.replace("ETAG", etag) for name, value in headers.items()}

    response = client.get("/cities/otsu/picture/", headers=headers)

    assert response.status_code == status
    assert response.headers.items() >= (CACHED | {"ETag": etag}).items()
    assert (response.getvalue() == b"") is (status != 200)


@pytest.mark.parametrize("missing", ["picture", "file", "place"])
def test_picture_that_is_not_there_answers_404_in_words(client, otsu, missing):
    if missing == "file":  # the record says there is one, and the disk has lost it
        otsu.picture.storage.delete(otsu.picture.name)
    make_city("bare")
    slug = {"picture": "bare", "file": "otsu", "place": "nowhere"}[missing]

    response = client.get(f"/cities/{slug}/picture/")

    assert response.status_code == 404
    assert lines_of(response)[:2] == ["Page not found", "There is nothing at this address."]


def test_picture_of_a_draft_is_not_there_any_more_than_nothing(client, otsu):
    City.objects.filter(pk=otsu.pk).update(publication=Publication.DRAFT)

    response = client.get("/cities/otsu/picture/")

    assert response.status_code == 404
    assert response.content == client.get("/cities/nowhere/picture/").content


def test_picture_of_a_withdrawn_place_answers_the_reason(client, otsu):
    City.objects.filter(pk=otsu.pk).update(**WITHDRAWN)

    response = client.get("/cities/otsu/picture/")

    assert response.status_code == 410
    assert "It was another place." in " ".join(lines_of(response))


def test_withdrawn_picture_that_a_browser_kept_is_not_called_unchanged(client, otsu):
    etag = f'"{otsu.picture.name[9:45]}"'
    City.objects.filter(pk=otsu.pk).update(**WITHDRAWN)

    response = client.get("/cities/otsu/picture/", headers={"if-none-match": etag})

    assert response.status_code == 410
