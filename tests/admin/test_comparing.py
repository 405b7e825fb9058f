"""Any two versions of a record compared, by whoever may read its history."""

import re

import pytest

from cities.models import CityName
from cities.records.admin.comparing import _as_it_was
from tests.admin.browser import sentences, text
from tests.admin.people import SUPERUSER, at, browser, browser_with
from tests.factories import (
    make_city,
    make_entry,
    make_meeting,
    make_name,
    make_partnership,
    make_source,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": "draft"}


@pytest.fixture
def boss():
    return browser(SUPERUSER)


@pytest.fixture
def city():
    """Four versions, the third with another name, the fourth without the first one."""
    city = make_city("otsu", summary="A city by the lake.")
    name = make_name(city, "古")
    city.summary = "A city by the big lake."
    city._change_reason = "The lake is big."
    city.save()
    name.text = "新"
    name.save()
    city.population = None
    city.save()
    name.delete()
    make_name(city, "大津")
    return city


def versions(record) -> list[int]:
    """The keys of its versions, the oldest first."""
    return sorted(record.history.values_list("history_id", flat=True))


def compare(client, record, old, new):
    return client.get(at(record, "compare"), {"from": old, "to": new})


def shown(page) -> dict[str, str]:
    """What differs, by what it is about, with what went and what came."""
    found = re.findall(
        r'<div class="changed"><dt>(.*?)</dt><dd>(.*?)</dd></div>', page.text, re.DOTALL
    )
    marks = [
        (r"<ins>.*?</span>(.*?)<span.*?</ins>", r"[+\1]"),
        (r"<del>.*?</span>(.*?)<span.*?</del>", r"[-\1]"),
    ]
    said = {}
    for label, pieces in found:
        for mark, short in marks:
            pieces = re.sub(mark, short, pieces, flags=re.DOTALL)
        said[label] = pieces
    return said


def test_two_versions_differ_word_by_word_with_who_when_and_why(boss, city):
    first, second, __ = versions(city)

    page = compare(boss, city, first, second)

    assert page.status_code == 200
    assert shown(page) == {
        "Summary": "A city by the[+ big] lake.",
        "Name": "Name:[- 古][+ 新]; Language: ja; Kind: In its own language",
    }
    steps = page.text.partition('<ol class="steps">')[2].partition("</ol>")[0]
    assert steps.count("<li>") == 1
    assert "The lake is big." in steps
    assert "What stays the same" in text(page)


def test_part_that_went_and_part_that_came_are_two(boss, city):
    __, second, third = versions(city)

    page = compare(boss, city, second, third)

    assert page.text.count('<div class="changed">') == 2
    [gone] = re.findall(r"<del>.*?</del>", page.text, re.DOTALL)
    [come] = re.findall(r"<ins>.*?</ins>", page.text, re.DOTALL)
    assert ("Name: 新" in gone, "Name: 大津" in come) == (True, True)


def test_versions_are_compared_from_the_older_to_the_newer(boss, city):
    first, second, __ = versions(city)

    assert shown(compare(boss, city, second, first)) == shown(compare(boss, city, first, second))


def test_versions_that_say_the_same(boss):
    city = make_city()
    city.save()

    page = compare(boss, city, *versions(city))

    assert "Both versions say the same." in text(page)


def test_history_offers_two_versions_without_a_script(boss, city):
    page = boss.get(at(city, "history"))

    assert f'<form method="get" action="{at(city, "compare")}">' in page.text
    newest = versions(city)[::-1]
    for name, chosen in (("from", newest[1]), ("to", newest[0])):
        radios = re.findall(rf'<input type="radio" name="{name}" value="(\d+)"', page.text)
        assert [int(one) for one in radios] == newest
        assert re.search(rf'name="{name}" value="{chosen}" [^>]* checked>', page.text)
    assert 'type="radio"' not in boss.get(at(make_city(), "history")).text


def test_any_version_is_offered_beside_the_two(boss, city):
    page = compare(boss, city, *versions(city)[:2])

    options = re.findall(r'<option value="(\d+)"( selected)?>', page.text)
    assert [int(number) for number, __ in options] == versions(city)[::-1] * 2
    assert [int(number) for number, is_chosen in options if is_chosen] == versions(city)[:2]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("", "", "Choose two versions to compare."),
        ("first", "first", "You chose the same version twice. Choose two different versions."),
        ("first", "", "The history of this record has no such version. Choose two versions."),
        ("first", "foreign", "The history of this record has no such version."),
        ("first", "9" * 18, "The history of this record has no such version."),
        ("first", "x", "The history of this record has no such version."),
        ("first", "-1", "The history of this record has no such version."),
    ],
)
def test_what_cannot_be_compared_is_said(boss, city, old, new, sentence):
    named = {"first": versions(city)[0], "foreign": versions(make_city(name="Secretville"))[0]}

    page = compare(boss, city, named.get(old, old), named.get(new, new))

    assert page.status_code == 200
    assert sentences(page)[0].startswith(sentence)
    assert "Secretville" not in text(page)
    assert "What is different" not in text(page)


@pytest.mark.parametrize("junk", ["9" * 30, "\0"])
def test_what_no_page_reads_is_refused_as_everywhere(boss, city, junk):
    page = compare(boss, city, versions(city)[0], junk)

    assert page.status_code == 400
    assert "could not be read" in text(page)


def test_lists_of_records_are_compared(boss):
    meeting = make_meeting()
    meeting.sources.set([make_source(title="The page")])
    meeting.sources.set([make_source(title="The book")])
    found = versions(meeting)

    assert shown(compare(boss, meeting, found[0], found[-1])) == {"Sources": "[+The book]"}


def test_record_that_was_named_and_is_gone(boss):
    source = make_source(title="The page", **DRAFT)
    city = make_city(geography_source=source, **DRAFT)
    key = source.pk
    city.geography_source = None
    city.save()
    source.delete()

    differences = shown(compare(boss, city, *versions(city)))

    assert list(differences.values()) == [f"[-Deleted source (pk={key})]"]


def test_public_and_withdrawn_are_compared_as_well(boss):
    source = make_source(**DRAFT)
    source.publish()
    source.withdraw(because="Twice.", on="2026-01-01")
    found = versions(source)

    differences = shown(compare(boss, source, found[0], found[-1]))

    assert "Twice." in " ".join(differences.values())
    assert "[-Draft][+Withdrawn]" in differences.values()


# --- rights --------------------------------------------------------------------------------


def test_versions_of_a_draft_are_closed_to_who_may_not_see_them():
    draft = make_city(name="Secretville", summary="Hidden words", **DRAFT)
    draft.save()
    clerk = browser("Council clerk")
    assert compare(clerk, draft, *versions(draft)).status_code == 404

    draft.name = "Public"
    draft.publish()
    draft.summary = "Newest"
    draft.save()
    found = versions(draft)
    page = compare(clerk, draft, found[0], found[-1])
    assert "has no such version" in sentences(page)[0]
    assert "Secretville" not in text(page)
    assert "Newest" in text(compare(clerk, draft, *found[-2:]))
    assert compare(browser("Commissioner"), draft, found[0], found[-1]).status_code == 200


def test_deleted_draft_stays_closed_too(boss):
    draft = make_city(name="Secretville", **DRAFT)
    draft.save()
    address, pair = at(draft, "compare"), versions(draft)
    draft.delete()

    data = {"from": pair[0], "to": pair[1]}
    page = browser("Council clerk").get(address, data)
    assert page.status_code in (403, 404)
    assert "Both versions say the same." in text(boss.get(address, data))


@pytest.mark.parametrize("sees", [False, True])
def test_parts_that_name_a_hidden_draft_are_left_out(sees):
    entry = make_partnership().entries.get()
    entry.save()
    entry.citations.create(source=make_source(title="Secretville", **DRAFT), says="Something")
    rights = ("view_entry", "view_citation", "view_source")
    client = browser("Commissioner") if sees else browser_with(*rights)

    page = compare(client, entry, *versions(entry)[-2:])

    assert page.status_code == 200
    assert ("Secretville" in page.text) is sees
    assert ("Something" in page.text) is sees


def test_page_is_only_read(boss, city):
    assert boss.post(at(city, "compare")).status_code == 403
    assert (
        boss.get(at(make_entry(make_partnership(), "visited", "2020"), "compare")).status_code
        == 200
    )
    assert boss.get(at(type(city), "changelist") + "999999/compare/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_comparing_asks_a_fixed_number_of_queries(boss, count, django_assert_num_queries):
    city = make_city()
    for number in range(count):
        make_name(city, f"Name {number}", source=make_source())
        city.summary = f"Words {number}"
        city.save()
    CityName.objects.first().delete()
    found = versions(city)

    compare(boss, city, found[0], found[-1])
    with django_assert_num_queries(12):
        compare(boss, city, found[0], found[-1])


def test_record_that_a_version_names_and_that_is_gone_is_said_to_be_deleted(boss):
    entry = make_entry(make_partnership("otsu"), "visited", "2000")
    entry.note = "They came in spring."
    entry.save()
    old, new = versions(entry)
    entry.history.filter(history_id=old).update(decided_by=999_999)

    page = compare(boss, entry, old, new)

    assert (page.status_code, "999999" in page.text) == (200, True)
    by_itself = entry.history.get(history_id=old)  # not read together with what it names
    assert str(_as_it_was(by_itself).decided_by) == "Deleted organization (pk=999999)"


def test_who_may_not_read_the_history_compares_nothing(city):
    old, *__, new = versions(city)
    assert compare(browser("No group"), city, old, new).status_code == 403


def test_boxes_are_said_in_words(boss, city):
    old = versions(city)[-1]
    city.is_another_place = True
    city.save()

    page = compare(boss, city, old, versions(city)[-1])
    assert shown(page) == {"Another place of the same name": "[+Yes]"}
