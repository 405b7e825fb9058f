"""Cities: their names, where they are, and what became of them."""

import re
from decimal import Decimal

import pytest

from cities.models import City, CityName, CitySummary, Succession
from cities.records.publishing import Publication
from tests.cities.refusals import assert_clerk_reads, assert_database_refuses
from tests.factories import make_city, make_name, make_source, make_succession, make_summary
from tests.pictures import (
    ALT,
    BROKEN,
    CREDIT,
    KEPT_NAME,
    TOO_LARGE,
    TOO_MANY,
    claiming,
    draw,
    files_in,
    give_picture,
    upload,
)

pytestmark = pytest.mark.django_db

NOT_CHOICE = "Value '{}' is not a valid choice.".format
BLANK = "This field cannot be blank."
GLOBE = "Enter both latitude (-90 to 90) and longitude (-180 to 180), or leave both blank."
SAY_WHAT = "Say what the picture shows, and who made it."
NO_PICTURE = "There is no picture. Add one, or clear what it shows and its credit."


def place(**fields) -> City:
    """A place as yet unsaved, right but for what the test says."""
    return City(**{"slug": "otsu", "name": "Otsu", "kind": "city", "country": "JP"} | fields)


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"name": ""}, "cities_city_has_a_name", {"name": [BLANK]}),
        ({"kind": "village"}, "cities_city_kind_known", {"kind": [NOT_CHOICE("village")]}),
        ({"country": ""}, "cities_city_country_is_a_code", {"country": [BLANK]}),
        ({"country": "1"}, "cities_city_country_is_a_code", {"country": [NOT_CHOICE("1")]}),
        ({"latitude": 35}, "cities_city_on_the_globe", GLOBE),
        ({"longitude": 135}, "cities_city_on_the_globe", GLOBE),
        ({"latitude": Decimal("90.1"), "longitude": 0}, "cities_city_on_the_globe", GLOBE),
        ({"latitude": Decimal("-90.1"), "longitude": 0}, "cities_city_on_the_globe", GLOBE),
        ({"latitude": 0, "longitude": Decimal("180.1")}, "cities_city_on_the_globe", GLOBE),
        ({"latitude": 0, "longitude": Decimal("-180.1")}, "cities_city_on_the_globe", GLOBE),
        (
            {"began": "1898", "ceased": "1897"},
            "cities_city_ceases_after_it_began",
            ("The city cannot be dissolved before it was founded. Correct one of the dates."),
        ),
        (
            {"publication": "secret"},
            "cities_city_publication_known",
            "Choose draft, published or withdrawn.",
        ),
        (
            {"publication": Publication.WITHDRAWN},
            "cities_city_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
    ],
)
def test_place_rule_is_kept_by_clerk_and_database(wrong, constraint, sentences):
    assert_clerk_reads(place(**wrong), sentences)
    assert_database_refuses(place(**wrong), match=constraint)


@pytest.mark.parametrize(
    "right",
    [
        {},
        {"latitude": 90, "longitude": -180, "is_outside_country": True},
        {"latitude": -90, "longitude": 180, "is_outside_country": True},
        {"latitude": Decimal("35.004444"), "longitude": Decimal("135.868333")},
        {"began": "1898", "ceased": "1898"},
        {"began": "1898-10-01", "ceased": "1898"},  # the end may be after the beginning
        {"began": "1898", "ceased": "1898-05"},
        {"ceased": "1897"},
        {"subdivision": "JP-25", "time_zone": "Asia/Tokyo", "wikidata_id": "Q200441"},
    ],
)
def test_right_place_is_accepted(right):
    record = place(**right)

    record.full_clean()
    record.save()

    assert City.objects.get() == record


@pytest.mark.parametrize(
    ("wrong", "sentences"),
    [
        (
            {"subdivision": "JP-99"},
            {"subdivision": ["No state or province has the code “JP-99”. An example is JP-25."]},
        ),
        (
            {"subdivision": "US-MI"},
            {"subdivision": ["US-MI is not in Japan. Change the code or the country."]},
        ),
        (
            {"time_zone": "Japan time"},
            {"time_zone": ["“Japan time” is not a time zone. Enter one such as Asia/Tokyo."]},
        ),
        (
            {"wikidata_id": "200441"},
            {"wikidata_id": ["Enter the letter Q and a number, such as Q200441."]},
        ),
        (
            {"wikidata_id": "Q0"},
            {"wikidata_id": ["Enter the letter Q and a number, such as Q200441."]},
        ),
        (
            {"summary": "x" * 1001},
            {"summary": ["Ensure this value has at most 1000 characters (it has 1001)."]},
        ),
        (
            {"country": "GH", "latitude": Decimal("5.6044445"), "longitude": 0},
            {"latitude": ["Ensure that there are no more than 6 decimal places."]},
        ),
    ],
)
def test_place_field_says_what_to_write(wrong, sentences):
    assert_clerk_reads(place(**wrong), sentences)


def test_place_slug_is_used_once():
    make_city("otsu")

    assert_clerk_reads(place(), {"slug": ["City with this Web address already exists."]})
    assert_database_refuses(place(), match=r"cities_city_slug|cities_city\.slug")


def test_place_is_not_part_of_itself():
    otsu = make_city("otsu", country="JP")

    otsu.part_of = otsu
    assert_clerk_reads(
        otsu, {"part_of": [("Otsu, Japan is already part of this city. Choose another one.")]}
    )
    assert_database_refuses(
        place(pk=otsu.pk + 1, slug="other", part_of_id=otsu.pk + 1),
        match="cities_city_not_part_of_itself",
    )


def test_places_do_not_lie_in_one_another():
    shiga = make_city("shiga", country="JP")
    otsu = make_city("otsu", country="JP", part_of=shiga)
    ishiyama = make_city("ishiyama", country="JP", part_of=otsu)

    shiga.part_of = ishiyama

    assert_clerk_reads(
        shiga, {"part_of": [("Ishiyama, Japan is already part of this city. Choose another one.")]}
    )


def test_ancestors_are_the_place_and_all_it_lies_in():
    shiga = make_city("shiga")
    otsu = make_city("otsu", part_of=shiga)
    ishiyama = make_city("ishiyama", part_of=otsu)

    assert list(ishiyama.ancestors()) == [ishiyama, otsu, shiga]

    City.objects.filter(pk=shiga.pk).update(part_of=ishiyama)
    assert list(City.objects.get(pk=otsu.pk).ancestors()) == [otsu, shiga, ishiyama]


def test_place_says_where_it_is():
    record = place(subdivision="JP-25")

    assert str(record) == "Otsu, Japan"
    assert record.country_name == "Japan"
    assert record.subdivision_name == "Shiga"
    assert place().subdivision_name == ""
    assert record.get_absolute_url() == "/cities/otsu/"


def test_native_names_are_those_that_differ_from_the_english_one():
    otsu = make_city("otsu")
    native = make_name(otsu, "大津市")
    make_name(otsu, "Otsu", language="en")
    make_name(otsu, "Ōtsu-shi", language="ja-Latn", kind="romanized")

    assert otsu.native_names == [native]
    assert str(native) == "大津市"
    assert native.language_name == "Japanese"


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"text": ""}, "cities_cityname_kind_known", {"text": [BLANK]}),
        ({"kind": "nick"}, "cities_cityname_kind_known", {"kind": [NOT_CHOICE("nick")]}),
        (
            {"text": "Otsu", "since": "1924", "until": "1923"},
            "cities_cityname_ends_after_it_begins",
            {"__all__": ["A name cannot end before it begins. Correct one of the dates."]},
        ),
        (
            {},
            r"cities_cityname_once|cityname\.city_id, cities_cityname\.text",
            "This name is already listed.",
        ),
    ],
)
def test_name_rule_is_kept_by_clerk_and_database(wrong, constraint, sentences):
    otsu = make_city("otsu")
    make_name(otsu, "大津市")
    fields = {"city": otsu, "text": "大津市", "language": "ja", "kind": "native"} | wrong

    assert_clerk_reads(CityName(**fields), sentences)
    assert_database_refuses(CityName(**fields), match=constraint)


def test_same_name_in_another_kind_or_language_is_another_name():
    otsu = make_city("otsu")
    make_name(otsu, "Otsu")

    for fields in ({"kind": "former"}, {"language": "en"}, {"text": "Ōtsu"}):
        CityName(
            **{"city": otsu, "text": "Otsu", "language": "ja", "kind": "native"} | fields
        ).full_clean()


# --- summaries in other languages -------------------------------------------------------

WORDS = "Enter the summary and who wrote it."
NOT_ENGLISH = "The English summary has its own field. Choose another language."


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"text": ""}, "cities_citysummary_has_words_and_author", {"text": [BLANK]}),
        ({"written_by": ""}, "cities_citysummary_has_words_and_author", {"written_by": [BLANK]}),
        ({"language": "en"}, "cities_citysummary_not_in_english", NOT_ENGLISH),
        ({"language": "en-GB"}, "cities_citysummary_not_in_english", NOT_ENGLISH),
        (
            {"language": "ja"},
            r"cities_citysummary_once|citysummary\.city_id, cities_citysummary\.language",
            "There is already a summary in this language.",
        ),
    ],
)
def test_summary_rule_is_kept_by_clerk_and_database(wrong, constraint, sentences):
    otsu = make_city("otsu")
    make_summary(otsu)
    fields = {"city": otsu, "text": "도시", "language": "ko", "written_by": "The office"} | wrong

    assert_clerk_reads(CitySummary(**fields), sentences)
    assert_database_refuses(CitySummary(**fields), match=constraint)


def test_summary_is_called_by_its_beginning():
    assert str(make_summary(make_city("otsu"), text="市" * 70)) == "市" * 60


def test_summary_of_another_place_or_in_another_language_is_another_summary():
    otsu = make_city("otsu")
    make_summary(otsu)

    for fields in ({"language": "enm"}, {"language": "ja-Latn"}, {"city": make_city("nara")}):
        whole = {"city": otsu, "language": "ja", "text": "市", "written_by": "The office"}
        CitySummary(**whole | fields).full_clean()


def test_too_long_summary_is_refused():
    summary = make_summary(make_city("otsu"), text="市" * 2001)

    assert_clerk_reads(
        summary,
        {"text": ["Ensure this value has at most 2000 characters (it has 2001)."]},
    )


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"kind": "sunk"}, "cities_succession_kind_known", {"kind": [NOT_CHOICE("sunk")]}),
        (
            {"successor": "akuapim-south"},
            "cities_succession_of_two_places",
            "A city cannot be its own successor. Choose another one.",
        ),
        (
            {},
            r"cities_succession_once|succession\.predecessor_id, cities_succession\.successor_id",
            "This succession is already listed.",
        ),
    ],
)
def test_succession_rule_is_kept_by_clerk_and_database(wrong, constraint, sentences):
    places = {slug: make_city(slug) for slug in ("akuapim-south", "nsawam")}
    old = make_succession(places["akuapim-south"], places["nsawam"])
    fields = {
        "predecessor": old.predecessor,
        "kind": wrong.get("kind", "split_into"),
        "successor": places[wrong.get("successor", "nsawam")],
        "source": old.source,
    }

    assert_clerk_reads(Succession(**fields), sentences)
    assert_database_refuses(Succession(**fields), match=constraint)


def test_succession_is_said_in_words():
    succession = make_succession(make_city("akuapim-south"), make_city("nsawam"))

    assert str(succession) == "Akuapim South split into Nsawam"


def test_successions_are_public_between_published_places():
    source = make_source()
    shown, other, draft = make_city("shown"), make_city("other"), make_city("draft")
    City.objects.filter(pk=draft.pk).update(publication=Publication.DRAFT)
    public = make_succession(shown, other, source=source)
    make_succession(shown, draft, source=source)
    make_succession(draft, shown, source=source)

    assert list(Succession.objects.between_public_places()) == [public]


def test_succession_of_unknown_day_stands_before_what_came_later():
    old = make_city("old")
    later = make_succession(old, make_city("later"), on="1994")
    unknown = make_succession(old, make_city("unknown"))

    assert list(Succession.objects.all()) == [unknown, later]


# --- pictures ---------------------------------------------------------------------------

PICTURE = {
    "picture": "pictures/x.webp",
    "picture_alt": ALT,
    "picture_credit": CREDIT,
    "picture_width": 800,
    "picture_height": 600,
}


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        (
            PICTURE | {"picture_alt": ""},
            "cities_city_picture_with_alt_and_credit",
            SAY_WHAT,
        ),
        (
            PICTURE | {"picture_credit": ""},
            "cities_city_picture_with_alt_and_credit",
            SAY_WHAT,
        ),
        ({"picture_alt": ALT}, "cities_city_picture_described_is_there", NO_PICTURE),
        ({"picture_credit": CREDIT}, "cities_city_picture_described_is_there", NO_PICTURE),
        *(
            (
                PICTURE | {side: size},
                "cities_city_picture_with_its_size",
                "A picture needs its width and height.",
            )
            for side in ("picture_width", "picture_height")
            for size in (None, 0)
        ),
    ],
)
def test_picture_has_all_that_belongs_to_it(wrong, constraint, sentences):
    place(**PICTURE).full_clean()
    assert_clerk_reads(place(**wrong), sentences)
    assert_database_refuses(place(**wrong), match=constraint)


@pytest.mark.parametrize("side", ["picture_width", "picture_height"])
def test_size_of_no_picture_is_refused_by_the_database_and_emptied_for_the_clerk(side):
    assert_database_refuses(place(**{side: 8}), match="cities_city_picture_with_its_size")

    record = place(**{side: 8})
    record.full_clean()
    assert (record.picture_width, record.picture_height) == (None, None)


def test_picture_is_kept_under_a_name_of_ours_with_its_size(folder):
    record = give_picture(place(), draw("PNG", (3200, 1600)))

    assert (record.picture_width, record.picture_height) == (1600, 800)
    assert re.fullmatch(KEPT_NAME, record.picture.name)
    assert files_in(folder) == [record.picture.name]
    key = record.picture.name.removeprefix("pictures/")[:8]
    assert record.picture_address == f"/cities/otsu/picture/?v={key}"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("photo.jpg", b"<!doctype html><script>alert(1)</script>", BROKEN),
        ("photo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', BROKEN),
        ("photo.jpg", b"\0", BROKEN),
        ("photo.jpg", draw()[:200], BROKEN),
        ("photo.gif", draw("GIF"), BROKEN),
        ("photo.jpg", draw().ljust(5 * 1024 * 1024 + 1), TOO_LARGE),
        ("photo.png", claiming("PNG", 8001, 5000), TOO_MANY),
    ],
)
def test_file_that_is_no_small_picture_is_refused_in_one_sentence(name, content, sentence, folder):
    record = place(**PICTURE | {"picture": upload(content, name)})

    assert_clerk_reads(record, {"picture": [sentence]})
    assert files_in(folder) == []


def test_picture_is_known_by_its_content_whatever_its_name(folder):
    record = place(**PICTURE | {"picture": upload(draw("WEBP"), "photo.html")})

    record.full_clean()
    record.save()

    assert (record.picture_width, record.picture_height) == (8, 6)
    assert files_in(folder) == [record.picture.name]


def test_replaced_picture_has_another_address_and_the_old_file_stays(folder):
    record = give_picture(place())
    first, address = record.picture.name, record.picture_address

    give_picture(record, draw("PNG", (20, 10)))

    assert record.picture_address != address
    assert (record.picture_width, record.picture_height) == (20, 10)
    assert files_in(folder) == sorted([first, record.picture.name])
    versions = record.history.order_by("history_id").values_list("picture", "picture_width")
    assert list(versions) == [(first, 8), (record.picture.name, 20)]


def test_removed_picture_takes_its_size_along_but_stays_for_the_history(folder):
    record = give_picture(place())
    first = record.picture.name

    record.picture = ""
    assert_clerk_reads(record, NO_PICTURE)
    record.picture_alt = record.picture_credit = ""
    record.full_clean()
    record.save()

    assert (record.picture_width, record.picture_height) == (None, None)
    assert files_in(folder) == [first]
    assert record.history.earliest("history_id").picture == first


def test_picture_on_record_is_left_as_it_is_even_if_the_disk_has_lost_it(folder):
    record = City.objects.get(pk=give_picture(place()).pk)
    first = (record.picture.name, record.picture_width)
    record.picture.storage.delete(record.picture.name)

    record.summary = "New"
    record.full_clean()
    record.save()

    assert (record.picture.name, record.picture_width) == first
