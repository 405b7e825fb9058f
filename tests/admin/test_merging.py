"""Two people, one record: the second keeps or takes what the first changed, and loses nothing."""

import pytest

from cities.models import City, CityName
from cities.records.releasing import release
from exchanges.models import Program
from tests.admin.browser import form_in, form_of, sentences, text
from tests.admin.people import SUPERUSER, at, browser, everything
from tests.admin.test_edits import edit
from tests.factories import (
    make_action,
    make_city,
    make_name,
    make_program,
    make_relationship,
    make_resolution,
)

pytestmark = pytest.mark.django_db

WHY = {"change_reason": "Because."}
DRAFT = {"publication": "draft"}
PLEASE = ("Please correct the error below.", "Please correct the errors below.")


@pytest.fixture
def city():
    fields = {"country": "JP", "subdivision": "JP-25", "time_zone": "Asia/Tokyo"}
    return make_city("otsu", summary="Old", website="https://old.example/", **fields)


@pytest.fixture
def ana():
    return browser(SUPERUSER)


@pytest.fixture
def ben():
    return browser("Publisher")


def both(record, ana, ben, first: dict, second: dict):
    """The page on which Ben, whose form Ana's save has overtaken, finds what to look at."""
    opened = form_of(ben, at(record)) | WHY
    assert ana.post(at(record), form_of(ana, at(record)) | WHY | first).status_code == 302
    before = everything()
    page = ben.post(at(record), opened | second)
    assert page.status_code == 200
    assert everything() == before
    return page


def said(page) -> list[str]:
    """What the page says beyond that there is something to look at."""
    return [one for one in sentences(page) if one not in PLEASE][1:]


def test_fields_that_only_the_other_one_changed_are_taken_over(city, ana, ben):
    page = both(city, ana, ben, {"time_zone": "Asia/Seoul"}, {"summary": "Mine"})

    assert said(page) == ["Time zone: changed from “Asia/Tokyo” to “Asia/Seoul”."]
    assert "Look at it, then save it again." in text(page)
    assert ben.post(at(city), form_in(page)).status_code == 302
    city.refresh_from_db()
    assert (city.summary, city.time_zone) == ("Mine", "Asia/Seoul")


@pytest.mark.parametrize(("take", "stored"), [([], "Mine"), (["summary"], "Theirs")])
def test_field_that_both_changed_is_kept_or_taken(city, ana, ben, take, stored):
    page = both(city, ana, ben, {"summary": "Theirs"}, {"summary": "Mine", "website": ""})

    assert form_in(page)["summary"] == "Mine"
    assert (
        "Somebody else changed this to “Theirs”. Take that instead of what I typed"
        in sentences(page)
    )
    assert ben.post(at(city), form_in(page) | {"take": take}).status_code == 302
    city.refresh_from_db()
    assert (city.summary, city.website) == (stored, "")


def test_what_the_other_one_emptied_is_said(city, ana, ben):
    page = both(city, ana, ben, {"website": ""}, {"website": "https://mine.example/"})

    assert "Somebody else emptied this." in text(page)
    assert ben.post(at(city), form_in(page) | {"take": ["website"]}).status_code == 302
    city.refresh_from_db()
    assert city.website == ""


def test_box_that_the_other_one_unchecked_is_unchecked(ana):
    action = make_action(make_resolution(), "introduce", is_late_item=True, **DRAFT)
    first = form_of(ana, at(action))
    first.pop("is_late_item")
    second = form_of(ana, at(action)) | {"note": "Mine"}
    assert ana.post(at(action), first).status_code == 302

    page = ana.post(at(action), second)

    assert ana.post(at(action), form_in(page)).status_code == 302
    action.refresh_from_db()
    assert (action.is_late_item, action.note) == (False, "Mine")


def test_choice_of_the_other_one_is_said_in_words(city, ana, ben):
    page = both(city, ana, ben, {"kind": "county"}, {"kind": "town"})

    assert "Somebody else changed this to “County”." in text(page)
    assert ben.post(at(city), form_in(page) | {"take": ["kind"]}).status_code == 302
    city.refresh_from_db()
    assert city.kind == "county"


def test_same_change_of_both_asks_nothing(city, ana, ben):
    page = both(city, ana, ben, {"summary": "Same"}, {"summary": "Same"})

    assert said(page) == ["Summary: changed from “Old” to “Same”."]
    assert 'name="take"' not in page.text
    assert ben.post(at(city), form_in(page)).status_code == 302


def test_third_save_in_between_is_asked_about_again(city, ana, ben):
    page = both(city, ana, ben, {"summary": "Theirs"}, {"summary": "Mine"})
    ana.post(at(city), form_of(ana, at(city)) | WHY | {"summary": "Theirs again"})
    before = everything()

    again = ben.post(at(city), form_in(page))

    assert "Somebody else changed this to “Theirs again”." in text(again)
    assert everything() == before


@pytest.mark.parametrize(("is_taken", "stored"), [(False, "私"), (True, "彼女")])
def test_rows_of_parts_are_kept_or_taken(city, ana, ben, is_taken, stored):
    """The rows are shown in the order that they have by now."""
    first = make_name(city, "古")
    make_name(city, "二")
    opened = form_of(ben, at(city))
    own, other = (0, 1) if opened["names-0-id"] == str(first.pk) else (1, 0)
    theirs = {f"names-{own}-text": "彼女", f"names-{other}-text": "弐"}

    page = both(city, ana, ben, theirs, {f"names-{own}-text": "私"})

    assert (form_in(page)["names-0-text"], form_in(page)["names-1-text"]) == ("弐", "私")
    take = ["names-1-text"] if is_taken else []
    assert "Somebody else changed this to “彼女”." in text(page)
    assert ben.post(at(city), form_in(page) | {"take": take}).status_code == 302
    assert {*CityName.objects.values_list("text", flat=True)} == {stored, "弐"}


def test_row_that_the_other_one_put_in_the_place_of_another_is_not_overwritten(city, ana, ben):
    make_name(city, "古")
    theirs = {
        "names-0-DELETE": "on",
        "names-TOTAL_FORMS": "2",
        "names-1-city": str(city.pk),
        "names-1-text": "新",
        "names-1-language": "ja",
        "names-1-kind": "native",
    }

    both(city, ana, ben, theirs, {"names-0-text": "私"})

    assert [name.text for name in CityName.objects.all()] == ["新"]


@pytest.mark.parametrize("take", [[], ["relationships"]])
def test_lists_of_records_are_kept_or_taken(ana, ben, take):
    program = make_program()
    first, theirs, mine = program.relationships.get(), make_relationship(), make_relationship()

    page = both(
        program,
        ana,
        ben,
        {"relationships": [str(first.pk), str(theirs.pk)]},
        {"relationships": [str(first.pk), str(mine.pk)]},
    )

    assert f"Somebody else changed this to “{first}; {theirs}”." in text(page)
    answer = ben.post(at(program), form_in(page) | {"take": take})
    assert answer.status_code == 302, sentences(answer)
    wanted = {first, theirs} if take else {first, mine}
    assert {*Program.objects.get().relationships.all()} == wanted


def test_waiting_edit_is_brought_together_with_what_was_published_meanwhile(city, ana):
    staff = browser("Commission staff")
    change_set = edit(staff, city, website="https://new.example/")
    ana.post(at(city), form_of(ana, at(city)) | WHY | {"summary": "Theirs"})

    page = staff.get(at(city))
    assert form_in(page)["summary"] == "Theirs"
    assert form_in(page)["website"] == "https://new.example/"
    assert staff.post(at(city), form_in(page)).status_code == 302

    release(change_set)
    city = City.objects.get()
    assert (city.summary, city.website) == ("Theirs", "https://new.example/")
