"""Every kind of page of the admin in a real browser, signed in."""

import re
from dataclasses import asdict
from random import Random

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from cities.models import City, Entry
from cities.records.corrections import correct
from cities.records.publishing import Publication
from cities.records.releasing import propose, submit
from resolutions.desk import result_sentence
from resolutions.models import Meeting, Resolution
from resolutions.tally import Base, Choice, Requirement, Rule, Tally, result
from tests.admin.people import MAKERS, at
from tests.browser.checks import (
    NARROW,
    assert_nothing_found,
    axe_faults,
    complaints,
    outcome,
    reset,
    width_of,
)
from tests.browser.keyboard import walk_faults
from tests.factories import (
    make_city,
    make_meeting,
    make_members,
    make_organization,
    make_relationship,
    make_resolution,
    make_seat,
    make_text,
    make_vote_requirement,
)

NAME, PASSWORD = "somebody", "a long password of nobody"

FORMS = [(model._meta.label, "change") for model in admin.site._registry]
LISTS = ["cities.City", "exchanges.Exchange", "resolutions.Resolution", "auth.User"]
EVERY_PAGE = [
    *FORMS,
    *((label, "changelist") for label in LISTS),
    *(("cities.City", page) for page in ("history", "delete", "publish", "submit")),
    *(("cities.Entry", page) for page in ("add", "withdraw")),
    ("resolutions.Resolution", "vote"),
    *(("resolutions.Meeting", page) for page in ("vote", "record_more")),
    ("exchanges.Exchange", "report"),
    *(("cities.City", page) for page in ("new_partner", "partner")),
    *(("", page) for page in ("index", "password_change", "resolutions_meeting_record")),
]
"""A model and what is done with it; or a page of the admin itself."""

FULL = {
    City: "otsu",
    Resolution: "lansing-council-leader-2017",
    Meeting: "lansing-city-council-2017-01",
}
"""Records with more parts than others of their model."""


def record(label: str, page: str):
    """A record to do that with; a list and a new form need the model alone."""
    model = apps.get_model(label)
    if page in ("changelist", "add", "report", "new_partner"):
        return model
    if model is City and page not in ("change", "partner"):
        return City.objects.get(slug="draft")
    wanted = {"slug": FULL[model]} if model in FULL else {}
    return model._base_manager.filter(**wanted).first() or MAKERS[model]()


@pytest.fixture(scope="module")
def addresses(db):
    """The address of each page, and somebody who may open it."""
    User.objects.create_superuser(NAME, password=PASSWORD)
    draft = make_city("draft", publication=Publication.DRAFT)
    relationship = make_relationship(draft, publication=Publication.DRAFT)
    submit(propose([relationship, draft], name="Draft", reason="Signed in May."))
    entries = Entry.objects.filter(publication=Publication.PUBLISHED)
    correct(entries.first())  # its set is the first of the list
    return {
        (label, page): at(record(label, page), page) if label else reverse(f"admin:{page}")
        for label, page in EVERY_PAGE
    }


@pytest.fixture(scope="module")
def desk(db):
    """The address of the form for votes of a council with one empty seat."""
    organization = make_organization("a-council")
    make_members(SERVING, organization)
    make_seat(organization)
    make_vote_requirement(organization)
    make_vote_requirement(
        organization, kind="override", requirement="number", required_number=7, base="serving"
    )
    meeting = make_meeting("2013-08-19", organization=organization)
    resolution = make_resolution(organization=organization)
    make_text(resolution)
    return at(resolution, "vote") + f"?meeting={meeting.pk}"


@pytest.fixture(scope="module")
def context(addresses, desk, chromium, site):
    """The browser of somebody who signed in."""
    context = chromium.new_context(base_url=site.url, locale="en-US", service_workers="block")
    tab = context.new_page()
    tab.goto(reverse("admin:login"))
    tab.get_by_label("Name or e-mail").fill(NAME)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**" + reverse("admin:index"))
    tab.close()
    yield context
    context.close()


def faults_of_visit(tab, context, site, address: str) -> dict[str, list[str]]:
    """Open the page in a narrow window, then check it in a wide one.

    Before the walk by keyboard ends, admin.js has named what Django leaves nameless.
    """
    found = {}
    with complaints(context, site.url) as heard:
        tab.set_viewport_size(NARROW)
        tab.goto(address)
        width = width_of(tab)
        reset(tab)
        found["The keyboard reaches everything and shows where it is"] = outcome(walk_faults, tab)
    found["The page fits a narrow window"] = [f"it is {width} px wide"] if width > 320 else []
    found["The browser has no complaint and asks nobody else"] = heard
    reset(tab)
    found["Axe finds nothing"] = outcome(axe_faults, tab)
    return found


@pytest.mark.parametrize("page", EVERY_PAGE, ids=" ".join)
def test_page(tab, context, site, addresses, page):
    assert_nothing_found(faults_of_visit(tab, context, site, addresses[page]))


def test_page_to_sign_in_is_open_to_everyone(chromium, site):
    with chromium.new_context(base_url=site.url) as context:
        tab = context.new_page()
        assert_nothing_found(faults_of_visit(tab, context, site, reverse("admin:login")))


def test_saving_stays_in_sight_on_a_phone_and_hides_no_field(tab, addresses):
    """WCAG 2.4.11: whatever the keyboard reaches is above the button, at any place of the form."""
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.goto(addresses["cities.City", "change"])
    save = tab.get_by_role("button", name="Save", exact=True)
    expect(save).to_be_in_viewport(ratio=1)
    tab.get_by_label("English name").focus()
    hidden = []
    for _ in range(100):
        tab.keyboard.press("Tab")
        field = tab.evaluate(
            """() => { const box = document.activeElement.getBoundingClientRect();
            return [document.activeElement.name ?? "", box.bottom]; }"""
        )
        bar = save.bounding_box()
        if field[0] != "_save" and field[1] > bar["y"]:
            hidden.append(field)
        if field[0] == "change_reason":
            break
    assert (hidden, field[0]) == ([], "change_reason")


def test_empty_part_that_the_reader_may_not_fill_shows_no_heading(tab, addresses):
    """And one that they may fill does."""
    tab.goto(addresses["cities.City", "change"])
    former = tab.get_by_role("heading", name="Former countries")
    expect(former).to_be_visible()
    tab.locator("#former_countries-group").evaluate(
        "(group) => group.querySelectorAll('.inline-related, .add-row').forEach((o) => o.remove())"
    )
    expect(former).to_be_hidden()


def test_card_of_a_list_on_a_phone_leaves_out_what_is_empty(tab, addresses):
    """A wide list shows a dash for it. The columns between which it stands are still apart."""
    tab.goto(addresses["cities.City", "changelist"])
    row = tab.locator("#result_list tbody tr").filter(has_text="Draft").first
    wide = row.inner_text()
    tab.set_viewport_size(NARROW)
    before = row.locator("td").evaluate_all(
        """(cells) => cells.filter((cell) => cell.checkVisibility()).map(
            (cell) => [getComputedStyle(cell, "::before").content, cell.textContent])"""
    )

    assert "–" in wide
    assert "–" not in row.inner_text()
    assert [text for mark, text in before if text != "–"] == [text for __, text in before]
    assert [mark for mark, __ in before] == ["none", *['" · "'] * (len(before) - 1)]


def test_two_keys_jump_from_any_form_to_any_record(tab, addresses):
    """Ctrl-K and three letters, the arrow and Enter: no page between them, and no click."""
    tab.goto(addresses["cities.Source", "change"])
    field = tab.get_by_role("combobox", name="Jump to")
    expect(field).not_to_be_focused()
    tab.keyboard.press("Control+k")
    expect(field).to_be_focused()
    tab.keyboard.type("ots")
    first = tab.locator("#jump-to-list [role=option]").first
    expect(first).to_have_text("Otsu City")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")

    expect(tab).to_have_url(re.compile(r"/admin/partners/[0-9]+/$"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Otsu, Shiga, Japan")


# --- the clerk's desk -----------------------------------------------------------------------

SEATS, SERVING = 10, 9


def any_vote(chance: Random) -> tuple[Rule, list[str]]:
    """A rule, and what each member in office does."""
    rule = Rule(
        chance.choice(Requirement.values),
        chance.choice(Base.values),
        chance.randint(0, SEATS),
        chance.choice([True, False]),
    )
    usual = chance.choice([Choice.values, [Choice.YES.value, Choice.NO.value]])
    return rule, chance.choices(usual, k=SERVING)


def test_script_counts_each_vote_as_the_server_does(tab, desk):
    """vote.js repeats `resolutions.tally`, so that the clerk sees the result at each key."""
    chance = Random(2013)
    shown, counted = [], []
    tab.goto(desk)

    for __ in range(300):
        rule, choices = any_vote(chance)
        tally = Tally.of(choices)
        outcome = result(tally, rule, seats=SEATS, serving=SERVING)
        counted.append(
            (
                rule,
                choices,
                result_sentence(tally, outcome),
                ["lost", "carried"][outcome.is_carried],
            )
        )
        said = tab.evaluate(
            """([rule, choices]) => {
                const field = (name) => document.getElementById(`id_${name}`);
                field("requirement").value = rule.requirement;
                field("base").value = rule.base;
                field("required_number").value = rule.number;
                field("counts_abstentions").checked = rule.counts_abstentions;
                document.querySelectorAll("#roll .call").forEach((row, number) => {
                    row.querySelector(`input[value="${choices[number]}"]`).checked = true;
                });
                field("base").dispatchEvent(new Event("change", {bubbles: true}));
                return [document.getElementById("tally").textContent, field("outcome").value];
            }""",
            [asdict(rule), choices],
        )
        shown.append((rule, choices, *said))

    assert shown == counted


NEEDED = """() => ["requirement", "base", "required_number"].map(
    (name) => document.getElementById(`id_${name}`).value)"""


def test_votes_needed_follow_the_kind_of_motion_until_somebody_chooses_them(tab, desk):
    tab.goto(desk)
    note = tab.locator("#rule-on-record")
    assert (tab.evaluate(NEEDED), note.is_visible()) == (["majority", "seats", ""], True)

    tab.select_option("#id_kind", "override")
    assert (tab.evaluate(NEEDED), note.is_visible()) == (["number", "serving", "7"], False)
    tab.select_option("#id_kind", "adopt")
    assert (tab.evaluate(NEEDED), note.is_visible()) == (["majority", "seats", ""], True)

    tab.select_option("#id_base", "cast")
    tab.select_option("#id_kind", "override")
    assert tab.evaluate(NEEDED) == ["majority", "cast", ""]


def test_key_sets_a_vote_and_moves_to_the_next_member(tab, desk):
    tab.goto(desk)
    tab.locator("#roll .call input").first.focus()

    tab.keyboard.type("ynbxrea")

    chosen = tab.locator("#roll .call input:checked")
    assert [box.input_value() for box in chosen.all()] == [
        *("yes", "no", "abstain", "absent", "recused", "excused", "yes"),
        *("yes", "yes"),
    ]
    assert tab.inner_text("#tally") == (
        "4 yes, 1 no, 1 abstaining, 1 recused, 1 absent, 1 excused. Fails: needs 6 of 10."
    )


def test_roll_goes_away_where_the_source_has_totals_alone(tab, desk):
    tab.goto(desk)
    rows = tab.locator("#roll .call")
    assert (rows.first.is_visible(), tab.inner_text("#tally")[:6]) == (True, "9 yes,")

    tab.check("#id_totals_only")

    assert (rows.first.is_visible(), tab.inner_text("#tally")) == (False, "")


def test_one_key_makes_it_a_voice_vote_and_one_takes_it_back(tab, desk):
    tab.goto(desk)
    tab.locator("#roll .call input").first.focus()

    tab.keyboard.press("v")

    assert tab.evaluate("document.activeElement.id") == "id_method"
    assert (tab.input_value("#id_method"), tab.locator("#roll").is_visible()) == ("voice", False)
    tab.keyboard.type("r")
    assert tab.input_value("#id_method") == "roll_call"
    assert tab.locator("#roll").is_visible()
