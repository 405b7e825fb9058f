"""Pictures in the admin: what is kept, what is refused, and who sees which version."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cities.models import City
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import at, browser, browser_with, everything
from tests.factories import make_city
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

PLEASE = "Please correct the error below."
SAY_WHAT = "Say what the picture shows, and who made it."
NO_PICTURE = "There is no picture. Add one, or clear what it shows and its credit."
REASON_NEEDED = "This record is published. Enter the reason for the change."
WORDS = {"picture_alt": ALT, "picture_credit": CREDIT}
WHY = {"change_reason": "Because."}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def staff():
    return browser("Commission staff")


@pytest.fixture
def publisher():
    return browser("Publisher")


def send(client, place, **changes):
    """The place's form with changes, sent as browsers send files."""
    return client.post(at(place), form_of(client, at(place)) | changes)


def key(place: City) -> str:
    return place.picture.name.removeprefix("pictures/").removesuffix(".webp")


def stored(place: City) -> tuple:
    place = City.objects.get(pk=place.pk)
    return (
        place.picture.name,
        place.picture_alt,
        place.picture_credit,
        place.picture_width,
        place.picture_height,
    )


NONE = ("", "", "", None, None)


@pytest.mark.parametrize("size", [0, 3 * 1024 * 1024])  # the larger goes by way of the disk
def test_new_place_is_added_with_its_picture(staff, folder, size):
    form = form_of(staff, at(City, "add"))
    given = {"name": "Otsu", "slug": "otsu", "kind": "city", "country": "JP"} | WORDS
    picture = upload(draw("PNG", (3200, 1600)).ljust(size, b"\0"))

    page = staff.post(at(City, "add"), form | given | {"picture": picture})

    assert page.status_code == 302, sentences(page)
    name, *rest = stored(City.objects.get())
    assert re.fullmatch(KEPT_NAME, name)
    assert rest == [ALT, CREDIT, 1600, 800]
    assert files_in(folder) == [name]


def test_form_sends_files_and_shows_the_picture_where_the_admin_serves_it(staff):
    place = give_picture(make_city("otsu", publication="draft"))
    url = at(place, "picture", key(place))

    html = staff.get(at(place)).text
    picture = staff.get(url)

    assert '<form enctype="multipart/form-data" method="post" id="city_form"' in html
    assert f'<a href="{url}"><img class="kept-picture" src="{url}" alt="' in html
    assert html.count(url) == 2
    assert picture.headers["Content-Type"] == "image/webp"
    assert picture.headers["Content-Disposition"] == 'inline; filename="otsu.webp"'
    assert picture.headers["Cache-Control"] == "no-store"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    with Image.open(place.picture.path) as kept, open(kept.filename, "rb") as file:
        assert picture.getvalue() == file.read()


REFUSED = {
    "an empty file": ("a.jpg", b"", "The submitted file is empty."),
    "a renamed page": ("a.jpg", b"<!doctype html><script>alert(1)</script>", BROKEN),
    "an SVG": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', BROKEN),
    "a NUL": ("a.jpg", b"\0", BROKEN),
    "a moving GIF": ("a.gif", draw("GIF"), BROKEN),
    "a truncated picture": ("a.jpg", draw()[:300], BROKEN),
    "a large file": ("a.jpg", draw().ljust(5 * 1024 * 1024 + 1), TOO_LARGE),
    "a bomb": ("a.png", claiming("PNG", 20_000, 20_000), TOO_MANY),
    "a long name": (
        "a" * 100 + ".jpg",
        draw(),
        "Ensure this filename has at most 100 characters (it has 104).",
    ),
}


@pytest.mark.parametrize("publication", ["draft", "published"])
def test_wrong_pictures_are_refused_in_one_sentence_and_not_kept(staff, folder, publication):
    place = make_city(publication=publication)
    form = form_of(staff, at(place)) | WORDS | WHY
    before = everything()
    for wrong, (name, content, said) in REFUSED.items():
        page = staff.post(at(place), form | {"picture": upload(content, name)})

        assert (wrong, page.status_code) == (wrong, 200)
        assert (wrong, sentences(page)) == (wrong, [PLEASE, said])
        assert everything() == before, wrong
        assert files_in(folder) == [], wrong


@pytest.mark.parametrize("name", ["../../a.jpg", "a\0.jpg", "a.html", "é.jpg", "CON", "a/b\\c"])
def test_name_of_the_file_is_forgotten(publisher, folder, name):
    place = make_city()
    file = SimpleUploadedFile("a.jpg", draw(), content_type="text/html")
    file.__dict__["_name"] = name  # as a client of its own making sends it

    page = send(publisher, place, picture=file, **WORDS, **WHY)

    assert page.status_code == 302, sentences(page)
    assert files_in(folder) == [stored(place)[0]]
    assert re.fullmatch(KEPT_NAME, stored(place)[0])


@pytest.mark.parametrize(
    ("has", "changes", "said"),
    [
        (False, {"picture_alt": ALT}, NO_PICTURE),
        (False, {"picture_credit": CREDIT}, NO_PICTURE),
        (True, {"picture_alt": ""}, SAY_WHAT),
        (True, {"picture_credit": " "}, SAY_WHAT),
        (True, {"picture-clear": "on"}, NO_PICTURE),
        (True, {"picture-clear": "on", "picture_alt": ""}, NO_PICTURE),
    ],
)
def test_picture_and_its_words_stand_together_for_a_clerk(staff, folder, has, changes, said):
    place = make_city()
    if has:
        give_picture(place)
    before, files = everything(), files_in(folder)

    page = send(staff, place, **changes, **WHY)

    assert sentences(page) == [PLEASE, said]
    assert (everything(), files_in(folder)) == (before, files)


def test_new_picture_without_words_is_refused_and_not_kept(staff, folder):
    place = make_city()
    before = everything()

    page = send(staff, place, picture=upload(), **WHY)

    assert sentences(page) == [PLEASE, SAY_WHAT]
    assert (everything(), files_in(folder)) == (before, [])


def test_picture_both_new_and_cleared_is_refused(staff, folder):
    place = give_picture(make_city())
    before, files = everything(), files_in(folder)

    page = send(staff, place, picture=upload(), **{"picture-clear": "on"}, **WHY)

    assert sentences(page) == [
        PLEASE,
        "Please either submit a file or check the clear checkbox, not both.",
    ]
    assert (everything(), files_in(folder)) == (before, files)


def test_picture_is_cleared_with_its_words_and_stays_in_the_history(publisher, folder):
    place = give_picture(make_city())
    files = files_in(folder)

    page = send(
        publisher, place, **{"picture-clear": "on", "picture_alt": "", "picture_credit": ""}, **WHY
    )

    assert page.status_code == 302, sentences(page)
    assert stored(place) == NONE
    assert files_in(folder) == files
    assert "kept-picture" not in publisher.get(at(place)).text
    assert publisher.get(at(place, "picture", key(place))).getvalue()[8:12] == b"WEBP"


def test_picture_of_a_published_place_changes_with_a_reason_alone(publisher, folder):
    place = give_picture(make_city())
    old, files = stored(place), files_in(folder)

    page = send(publisher, place, picture=upload(draw("PNG", (20, 10))))
    assert sentences(page) == [PLEASE, REASON_NEEDED]
    assert (stored(place), files_in(folder)) == (old, files)

    page = send(publisher, place, picture=upload(draw("PNG", (20, 10))), **WHY)
    assert page.status_code == 302, sentences(page)
    name, *rest = stored(place)
    assert rest == [ALT, CREDIT, 20, 10]
    assert files_in(folder) == sorted([old[0], name])
    newest = place.history.first()
    assert (newest.picture, newest.history_change_reason) == (name, "Because.")


def test_form_refused_for_something_else_still_shows_the_picture_on_record(staff, folder):
    place = give_picture(make_city())
    files = files_in(folder)

    page = send(staff, place, name="", picture=upload(draw("PNG", (20, 10))), **WHY)

    assert sentences(page) == [PLEASE, "This field is required."]
    assert page.text.count(at(place, "picture", key(place))) == 2
    assert files_in(folder) == files


def test_version_brings_its_picture_back_with_its_size(folder):
    place = give_picture(make_city())
    first = stored(place)
    give_picture(place, draw("PNG", (20, 10)))
    publisher = browser("Publisher")
    version = at(place, "simple_history", place.history.get(picture=first[0]).pk)
    shown = at(place, "picture", first[0].removeprefix("pictures/").removesuffix(".webp"))

    html = publisher.get(version).text
    page = publisher.post(version, form_of(publisher, version) | WHY)

    assert page.status_code == 302, sentences(page)
    assert html.count(shown) == 2
    assert stored(place) == first
    assert len(files_in(folder)) == 2


# --- who sees which ---------------------------------------------------------------------


def test_who_only_reads_is_shown_the_picture_of_a_published_place():
    place = give_picture(make_city())
    url = at(place, "picture", key(place))
    clerk = browser("Council clerk")

    assert (
        f'<a href="{url}"><img class="kept-picture" src="{url}" alt="' in clerk.get(at(place)).text
    )
    assert clerk.get(url).getvalue()[8:12] == b"WEBP"


def test_who_only_reads_is_shown_that_there_is_no_picture():
    place = make_city()

    page = browser("Council clerk").get(at(place))

    assert "Picture – What the picture shows –" in text(page)
    assert "kept-picture" not in page.text


def test_picture_of_a_withdrawn_place_is_shown_to_staff(staff):
    place = give_picture(make_city())
    place.withdraw(because="Wrong.", on="2024-05-06")

    assert "kept-picture" in staff.get(at(place)).text
    assert staff.get(at(place, "picture", key(place))).getvalue()[8:12] == b"WEBP"


def test_picture_of_a_draft_is_closed_to_who_may_not_see_it():
    place = give_picture(make_city(publication="draft"))
    url = at(place, "picture", key(place))

    assert browser("Council clerk").get(url).status_code == 404
    assert browser_with("view_organization").get(url).status_code == 403
    assert browser("Commissioner").get(url).getvalue()[8:12] == b"WEBP"


def test_picture_a_place_had_as_a_draft_is_closed_to_who_may_not_see_drafts():
    place = give_picture(make_city(publication="draft"))
    url = at(place, "picture", key(place))
    give_picture(place, draw("PNG"))
    place.publish()

    assert browser("Council clerk").get(url).status_code == 404
    assert browser("Commissioner").get(url).getvalue()[8:12] == b"WEBP"


def test_picture_in_the_admin_is_closed_to_visitors(client):
    place = give_picture(make_city())
    url = at(place, "picture", key(place))

    page = client.get(url)

    assert (page.status_code, page.headers["Location"]) == (302, f"/admin/login/?next={url}")


def test_address_of_a_picture_the_place_never_had_is_none(staff, folder):
    place, other = give_picture(make_city()), give_picture(make_city())
    lost = at(place, "picture", key(place))
    (folder / place.picture.name).unlink()

    for url in (
        lost,
        at(place, "picture", key(other)),
        at(place, "picture", "0f1e2d3c-0000-4000-8000-000000000000"),
        lost.replace(f"/{place.pk}/", "/999999/"),
    ):
        page = staff.get(url)
        assert page.status_code == 404
        assert "There is nothing at this address." in text(page)
