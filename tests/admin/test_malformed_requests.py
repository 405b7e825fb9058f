"""Addresses and forms that no page of ours makes: refused in words, and nothing is saved."""

import pytest
from django.contrib import admin
from django.urls import reverse

from cities.models import Agreement, City, Entry
from cities.records.admin import parts
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import APART, MAKERS, SUPERUSER, at, browser, everything
from tests.factories import make_city, make_entry, make_name, make_partnership

pytestmark = pytest.mark.django_db

NUMBERS = ["9" * 20, "-" + "9" * 20, "abc", "²", "\0", "1.5"]
NO_CHOICE = {
    "Select a valid choice. That choice is not one of the available choices.",
    "Null characters are not allowed.",
}
WHY = {"change_reason": "Because."}


@pytest.fixture
def boss():
    return browser(SUPERUSER)


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_address_of_no_record_says_that_there_is_nothing(boss, model):
    record = MAKERS[model]()
    version = record.history.latest().pk
    folder = at(model, "changelist")
    answers = {
        404: "There is nothing",
        403: "does not have permission to do this",
        200: "doesn’t exist",
    }
    for number in ("é", "999999"):
        for url in (
            f"{folder}{number}/history/",
            f"{folder}{number}/history/{version}/",
            f"{folder}{record.pk}/history/{number}/",
            f"{folder}{number}/change/",
        ):
            answer = boss.get(url, follow=True)

            assert answers[answer.status_code] in text(answer), url


@pytest.mark.parametrize("number", NUMBERS)
def test_choice_that_is_no_record_is_refused_in_words(boss, number):
    city = make_city(publication="draft")
    form = form_of(boss, at(city))
    before = everything()

    page = boss.post(at(city), form | {"part_of": number})

    __, sentence = sentences(page)
    assert sentence in NO_CHOICE
    assert everything() == before


@pytest.mark.parametrize("number", NUMBERS)
def test_choices_of_which_one_is_no_record_are_refused_in_words(boss, number):
    agreement = MAKERS[Agreement](publication="draft")
    form = form_of(boss, at(agreement))
    before = everything()

    page = boss.post(at(agreement), form | {"relationships": [form["relationships"], number]})

    __, sentence = sentences(page)
    assert sentence in NO_CHOICE or sentence.endswith("” is not a valid value.")
    assert everything() == before


@pytest.mark.parametrize("number", ["abc", "²", "1.5", "٣٣٣"])
def test_new_form_begins_without_a_choice_that_is_no_record(boss, number):
    page = boss.get(at(Entry, "add"), {"relationship": number, "publication": "published"})

    assert page.status_code == 200
    assert sentences(page) == []


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("condition", "Only a suspension has a condition and a review date. Leave both blank."),
        (
            "reason",
            (
                "Only a suspension, a report of inactivity or an end has a reason. Use the note"
                " instead."
            ),
        ),
        (
            "why_not_preferred",
            "If we do not rely on this entry, say why. If we do, leave that field blank.",
        ),
    ],
)
def test_rule_between_an_open_and_a_fixed_field_holds_for_a_published_entry(boss, field, sentence):
    entry = make_entry(make_partnership(), "visited", "2020")
    form = form_of(boss, at(entry)) | WHY
    before = everything()

    page = boss.post(at(entry), form | {field: "Because of the war."})

    assert sentences(page) == ["Please correct the error below.", sentence]
    assert everything() == before


BROKEN = [
    ("citations-TOTAL_FORMS", "x"),
    ("citations-INITIAL_FORMS", ""),
    ("citations-0-id", "9" * 20),
    ("citations-0-id", "\0"),
    ("citations-0-source", "9" * 20),
    ("citations-0-entry", "9" * 20),
    ("seen", "9" * 5000),
    ("seen", "\0"),
]


def test_broken_form_of_an_entry_is_refused_and_saves_nothing(boss):
    entry = make_entry(make_partnership(), "visited", "2020", publication="draft")
    form = form_of(boss, at(entry)) | WHY
    before = everything()
    for name, value in BROKEN:
        page = boss.post(at(entry), form | {"note": "Changed", name: value})

        assert (name, page.status_code) == (name, 200)
        assert sentences(page)[0].startswith("Please correct the error"), (name, value[:9])
        assert everything() == before, (name, value[:9])


OTHER_ROWS = (
    "The rows of this record changed after you opened the form. Open the record in a new tab and"
    " enter your changes there."
)
ROWS_CHANGED = (
    "The rows of this record changed after you opened the form. Nothing is saved yet. What you"
    " typed is still in this form. Look at the rows, then save it again."
)
TOO_MANY = "One form takes no more than 100 rows. Save some of them first."


def make_line():
    return make_entry(make_partnership(), "visited", "2020")


def make_named_city():
    city = make_city()
    make_name(city, "大津市")
    return city


WRONG_COUNTS = [
    ({"INITIAL_FORMS": "0"}, OTHER_ROWS),
    ({"INITIAL_FORMS": "0", "0-id": ""}, ROWS_CHANGED),
    ({"INITIAL_FORMS": "-1"}, OTHER_ROWS),
    ({"INITIAL_FORMS": "7"}, OTHER_ROWS),
    ({"INITIAL_FORMS": "0", "TOTAL_FORMS": "0"}, ROWS_CHANGED),
    ({"TOTAL_FORMS": "101"}, TOO_MANY),
    ({"TOTAL_FORMS": "100000"}, TOO_MANY),
]


@pytest.mark.parametrize(("make", "part"), [(make_line, "citations"), (make_named_city, "names")])
def test_form_that_counts_other_rows_than_there_are_saves_nothing(boss, make, part):
    record = make()
    form = form_of(boss, at(record)) | WHY
    before = everything()
    for count, sentence in WRONG_COUNTS:
        changes = {f"{part}-{name}": value for name, value in count.items()}

        page = boss.post(at(record), form | changes)

        assert (count, page.status_code) == (count, 200)
        assert (count, sentences(page)[1]) == (count, sentence)
        assert everything() == before, count


def test_number_of_rows_that_a_form_is_sent_with_is_bounded(boss):
    """Each row costs as much as a small page."""
    city = make_named_city()
    form = form_of(boss, at(city)) | WHY | {"names-TOTAL_FORMS": "100000"}

    page = boss.post(at(city), form).content.decode()

    assert page.count(' name="names-99-text"') == 1
    assert page.count(' name="names-100-text"') == 0


def test_record_with_more_rows_than_a_form_adds_is_still_changed(boss, monkeypatch):
    monkeypatch.setattr(parts, "PARTS_PER_FORM", 1)
    city = make_named_city()
    make_name(city, "大津")
    form = form_of(boss, at(city)) | WHY | {"names-1-text": "Ōtsu"}

    page = boss.post(at(city), form)

    assert page.status_code == 302, sentences(page)
    changed = city.names.get(text="Ōtsu")
    assert city.names.exclude(pk=changed.pk).count() == 1


@pytest.mark.parametrize("query", ["?o=abc", "?p=-1", "?p=99", "?publication__exact=none"])
def test_list_asked_for_what_there_is_not_is_still_a_list(boss, query):
    make_city()

    assert boss.get(at(City, "changelist") + query).context["cl"].title == "Cities"


def test_list_is_not_asked_about_a_hidden_field(boss):
    answer = boss.get(f"{at(City, 'changelist')}?_to_field=withdrawn_because")

    assert answer.status_code == 400
    assert "could not be read" in text(answer)


JUNK = [
    *("_to_field=", "_to_field=id", "_to_field=nothing", "_to_field=%20"),
    *("_popup=1", "_popup=", "_popup=2&_to_field=id"),
    *("_changelist_filters=", "_changelist_filters=%25FF", "_changelist_filters=o%3D%26%3D"),
    *("o=", "o=-", "o=--1", "o=1.2.3.999", "o=²", "p=", "p=-1", "p=1e3", "p=99999"),
    *("all=", "all=1", "e=1", "e=", "q=%22", "q=" + "%F0%9F%98%80" * 9),
    *("id__in=a,b", "pk=x", "id__isnull=2", "nothing__exact=1", "id__exact__exact=1"),
    *("publication__exact=", "publication__in=", "publication=draft&publication=published"),
    *("_saveasnew=1", "_continue=1", "=", "&&==&"),
]
"""Ends of addresses that the admin reads, as nobody types them."""


@pytest.mark.parametrize("page", ["changelist", "add", "change", "delete", "history"])
def test_junk_at_the_end_of_an_address_is_no_fault(boss, page):
    city = make_city()
    of_city = at(city, page) if page in ("change", "delete", "history") else at(City, page)
    of_user = of_city.replace("cities/city", "auth/user").replace(f"/{city.pk}/", "/1/")
    for query in JUNK:
        for address in (of_city, of_user):
            answer = boss.get(f"{address}?{query}", follow=True)

            assert answer.status_code in (200, 400, 403, 404), f"{address}?{query}"
            assert len(text(answer)) > 20, f"{address}?{query}"


@pytest.mark.parametrize("page", ["add", "change"])
def test_form_sent_with_an_empty_field_to_look_up_by_is_saved(boss, page):
    city = make_city(publication="draft")
    address = at(city) if page == "change" else at(City, "add")
    form = form_of(boss, address) | {"name": "Ōtsu", "_to_field": ""}

    assert boss.post(f"{address}?_to_field=", form).status_code in (200, 302)


@pytest.mark.parametrize("page", ["add", "change"])
def test_button_for_a_copy_that_no_page_has_is_no_fault(boss, page):
    city = make_city(publication="draft")
    address = at(city) if page == "change" else at(City, "add")
    form = form_of(boss, address) | {"name": "", "_saveasnew": "1"}

    page = boss.post(address, form)

    assert page.status_code == 200
    assert sentences(page)[0].startswith("Please correct the error")
    assert City.objects.filter(pk=city.pk).exists()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_desk_takes_no_other_method(boss, method):
    for address in (reverse("admin:index"), at(City, "changelist"), at(City, "add")):
        answer = boss.generic(method, address)

        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
        assert "Nothing can be sent to this address." in answer.text


def test_field_to_choose_for_must_be_one_of_a_form(boss):
    for query in (
        {},
        {"app_label": "cities", "model_name": "city", "field_name": "withdrawn_because"},
        {"app_label": "auth", "model_name": "permission", "field_name": "content_type"},
        {"app_label": "cities", "model_name": "nothing", "field_name": "at_all"},
    ):
        answer = boss.get(reverse("admin:autocomplete"), query)

        assert answer.status_code == 403
        assert "results" not in answer.content.decode()


def test_every_model_of_the_admin_is_asked_garbled():
    apps = ("cities", "exchanges", "resolutions")
    ours = {model for model in admin.site._registry if model._meta.app_label in apps} - APART

    assert MAKERS.keys() == ours
