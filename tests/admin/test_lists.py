"""The admin's lists: what they find and show, and that no page asks more for more records."""

import re
from itertools import count

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities import models
from cities.models import AgreementTitle, Citation, Signatory
from cities.records import log
from resolutions import models as resolutions
from tests import factories as make
from tests.admin import exchanges
from tests.admin.browser import text
from tests.admin.people import APART
from tests.derived import derived_tables

pytestmark = pytest.mark.django_db

APPS = ("cities", "exchanges", "resolutions")
KEPT = sorted(
    (
        model
        for model in admin.site._registry
        if model._meta.app_label in APPS and model not in APART
    ),
    key=lambda model: model._meta.model_name,
)
NUMBERS = count(1)
QUERIES = 15
"""The most that a page of the desk may ask."""


def organization(**fields):
    return make.make_organization(place=make.make_city(), source=make.make_source(), **fields)


def approved(council):
    meeting = make.make_meeting("2013-08-19", organization=council)
    later = make.make_meeting("2013-09-09", organization=council)
    source = make.make_source()
    return make.make_minutes(meeting, kind="approved", decided_at=later, source=source)


MAKERS = {
    models.Agreement: lambda: make.make_agreement(make.make_partnership()),
    models.Authority: lambda: make.make_authority(organization(), source=make.make_source()),
    models.City: lambda: make.make_city(part_of=make.make_city()),
    models.Entry: lambda: make.make_partnership().entries.get(),
    models.Organization: organization,
    models.Relationship: make.make_partnership,
    models.RelationshipType: lambda: make.make_type(
        f"type-{models.RelationshipType.objects.count()}"
    ),
    models.Source: make.make_source,
    models.Succession: lambda: make.make_succession(make.make_city(), make.make_city()),
    resolutions.Action: lambda: make.make_action(
        make.make_resolution(organization=organization()),
        method="roll_call",
        meeting=make.make_meeting(),
        mover=make.make_member(),
    ),
    resolutions.Effect: lambda: make.make_effect(
        make.make_resolution(organization=organization()),
        addressed_to=organization(),
        relationship=make.make_partnership(),
        place=make.make_city(),
    ),
    resolutions.Meeting: lambda: make.make_meeting(organization=organization()),
    resolutions.Member: lambda: make.make_term(seat=make.make_seat(organization())).member,
    resolutions.Minutes: lambda: approved(organization()),
    resolutions.Reply: lambda: make.make_reply(make.make_effect(make.make_resolution())),
    resolutions.Resolution: lambda: make.make_resolution(organization=organization()),
    resolutions.Seat: lambda: make.make_seat(organization(), source=make.make_source()),
    resolutions.Statement: lambda: make.make_statement(organization=organization()),
    resolutions.Text: lambda: make.make_text(
        make.make_resolution(organization=organization()), source=make.make_source()
    ),
    resolutions.NumberingScheme: lambda: make.make_numbering_scheme(organization()),
    resolutions.VoteRequirement: lambda: make.make_vote_requirement(organization()),
    **exchanges.LISTED,
}
"""One more record of each model, with what its list shows."""


def cite(entry):
    Citation.objects.create(entry=entry, source=make.make_source())


def sign(agreement):
    number = agreement.signatories.count()
    Signatory.objects.create(agreement=agreement, name=f"A Mayor {number}")
    AgreementTitle.objects.create(agreement=agreement, language=f"{number:02}", text="姉妹都市")
    agreement.documents.add(make.make_source())
    agreement.relationships.add(make.make_relationship())


def vote(action):
    member = make.make_term(seat=make.make_seat(action.organization)).member
    resolutions.Ballot.objects.create(action=action, member=member, choice="yes")


def attend(meeting):
    member = make.make_term(seat=make.make_seat(meeting.organization)).member
    make.make_attendance(meeting, member)
    make.make_minutes(meeting, source=make.make_source())
    meeting.sources.add(make.make_source())


def grow(resolution):
    make.make_relation(resolution, make.make_resolution())
    make.make_other_number(resolution, "bill", f"CB {resolution.other_numbers.count()}")
    make.make_text(resolution)
    make.make_effect(resolution, addressed_to=organization())
    make.make_action(resolution, "amend", meeting=make.make_meeting(), mover=make.make_member())
    resolution.sources.add(make.make_source())


def again(member):
    """A further term, in another organization: each has a member once at a time."""
    make.make_term(member, make.make_seat(organization()))


PARTS = {
    resolutions.Action: vote,
    resolutions.Effect: make.make_reply,
    resolutions.Meeting: attend,
    resolutions.Member: again,
    resolutions.Resolution: grow,
    models.Agreement: sign,
    models.City: lambda city: make.make_name(
        city, f"大津{city.names.count()}", source=make.make_source()
    ),
    models.Entry: cite,
    models.Relationship: lambda relationship: make.make_entry(
        relationship,
        "reaffirmed",
        "1995",
        type=make.make_type(),
        decided_by=organization(),
        partner=make.make_city(),
    ),
    **exchanges.PARTS,
}
"""One more part of a record, of those whose form shows parts."""


SEARCHED = {
    models.City: 1,
    models.Entry: 1,
    resolutions.Action: 1,
    resolutions.Meeting: 1,
    resolutions.Member: 3,
    resolutions.Resolution: 1,
    **exchanges.SEARCHED,
}
"""Search boxes in each part of these: Django’s reads the one record it shows by itself."""


@pytest.fixture
def boss(admin_client):
    """Who may do everything, and so sees every link and field."""
    admin_client.get(reverse("admin:index"))
    return admin_client


@pytest.fixture
def staff(client):
    user = User.objects.create_user("ana", is_staff=True)
    user.groups.add(Group.objects.get(name="Commission staff"))
    client.force_login(user)
    return client


def address(model, page, *args):
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    return reverse(f"admin:{name}_{page}", args=args)


def queries_of(client, pages):
    """The statements that each page runs."""
    found = []
    for url in pages:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        found.append([query["sql"] for query in queries])
    return found


def assert_no_more(client, pages, add, allowed=()):
    """No page asks more for two more of what it shows, or more than is allowed to it."""
    queries_of(client, pages)  # now the process knows its content types
    few = queries_of(client, pages)
    for __ in range(2):
        add()
    for url, before, after in zip(pages, few, queries_of(client, pages), strict=True):
        limit = len(before) + dict(allowed).get(url, 0)
        assert len(after) <= limit, (url, sorted(set(after) - set(before))[:5])


@pytest.mark.parametrize("model", KEPT)
def test_lists_and_new_forms_ask_no_more_for_three_records_than_for_one(boss, model):
    MAKERS[model]()

    assert_no_more(boss, [address(model, "changelist"), address(model, "add")], MAKERS[model])


@pytest.mark.parametrize("model", KEPT)
def test_form_and_history_ask_no_more_for_three_parts_and_versions_than_for_one(boss, model):
    record = MAKERS[model]()
    more = PARTS.get(model, lambda record: MAKERS[model]())
    if model is not models.Entry and model is not models.Relationship:
        more(record)  # the first; those two have one already

    def grow_and_save():
        more(record)
        record.save()

    form, history = (address(model, page, record.pk) for page in ("change", "history"))
    assert_no_more(
        boss, [form, history], grow_and_save, allowed={form: 2 * SEARCHED.get(model, 0)}
    )


CHOICES = {
    models.Agreement: "cities&model_name=entry&field_name=agreement",
    models.City: "cities&model_name=entry&field_name=partner",
    models.Organization: "cities&model_name=entry&field_name=decided_by",
    models.Relationship: "cities&model_name=entry&field_name=relationship",
    models.RelationshipType: "cities&model_name=entry&field_name=type",
    models.Source: "cities&model_name=citation&field_name=source",
    resolutions.Effect: "resolutions&model_name=reply&field_name=effect",
    resolutions.Meeting: "resolutions&model_name=action&field_name=meeting",
    resolutions.Member: "resolutions&model_name=ballot&field_name=member",
    resolutions.Resolution: "resolutions&model_name=action&field_name=resolution",
    resolutions.Seat: "resolutions&model_name=term&field_name=seat",
    resolutions.Text: "resolutions&model_name=action&field_name=text",
}


@pytest.mark.parametrize("model", CHOICES)
def test_choices_ask_no_more_for_three_records_than_for_one(boss, model):
    MAKERS[model]()

    assert_no_more(
        boss, [reverse("admin:autocomplete") + f"?app_label={CHOICES[model]}"], MAKERS[model]
    )


def test_accounts_ask_no_more_for_three_than_for_one(boss):
    pages = [reverse("admin:auth_user_changelist"), reverse("admin:index")]

    assert_no_more(boss, pages, lambda: User.objects.create_user(f"ana-{next(NUMBERS)}"))


def test_pages_of_the_desk_ask_at_most_fifteen_for_three_records_as_for_one(boss):
    """What is no list and no form: where somebody records, publishes, withdraws and looks up."""
    make.make_members(8)
    relationship = make.make_partnership("otsu")
    meeting = make.make_meeting("2013-08-19")
    entry = make.make_entry(relationship, "visited", "1990", publication="draft")

    def pages_of(model, pk, *names):
        return [address(model, name, pk) for name in names]

    pages = [
        *pages_of(resolutions.Meeting, meeting.pk, "vote", "record_more", "withdraw"),
        *pages_of(models.Entry, entry.pk, "publish", "history"),
        *pages_of(models.City, relationship.partner_id, "partner", "withdraw", "history"),
        reverse("admin:resolutions_meeting_record"),
        reverse("admin:cities_city_new_partner"),
        reverse("admin:exchanges_exchange_report"),
        reverse("admin:cities_changeset_changelist"),
        reverse("admin:jump") + "?q=ots",
    ]

    def grow_all():
        make.make_entry(relationship, "visited", "1991", publication="draft")
        make.make_agreement(relationship)
        make.make_source(title="Otsu today", publication="draft")
        make.make_exchange().relationships.set([relationship])
        make.make_resolution().relationships.add(relationship)
        cite(entry)

    grow_all()
    assert_no_more(boss, pages, grow_all)
    counted = dict(zip(pages, map(len, queries_of(boss, pages)), strict=True))
    assert {page: number for page, number in counted.items() if number > QUERIES} == {}


def test_every_kept_model_has_a_list_here():
    """A later model joins the walk: it needs a maker here, and a place in the admin."""
    assert set(MAKERS) == set(KEPT)
    parts = {inline.model for model in KEPT for inline in admin.site._registry[model].inlines}
    records = {
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
        and model.__module__ != log.__name__  # the site writes it, and nobody changes it
        # nobody changes these at the desk either
        and model not in (models.ProposedChange, models.UnsavedForm)
    }
    assert records - derived_tables() == set(KEPT) | APART | parts


NAMES = [
    ("大津", "native", "ja"),
    ("Ōtsu-shi", "romanized", "ja-Latn"),
    ("Ohtzu", "misspelled", "en"),
]


@pytest.mark.parametrize(
    "typed", [*(name for name, *__ in NAMES), "ohtz", "OTSU", "otsu-shi", "ｏｔｓｕ 大津,"]
)
@pytest.mark.parametrize("model", [models.City, models.Relationship, models.Entry])
def test_search_finds_a_place_by_any_name_on_record(staff, model, typed):
    relationship, __ = make.make_partnership("otsu"), make.make_partnership("biei")
    for name, kind, language in NAMES:
        make.make_name(relationship.partner, name, kind=kind, language=language)
    wanted = {models.City: relationship.partner, models.Relationship: relationship}.get(
        model, relationship.entries.first()
    )

    found = staff.get(address(model, "changelist"), {"q": typed})
    assert [*found.context["cl"].result_list] == [wanted]


def test_relationship_list_shows_the_standing_and_type_of_today(staff):
    make.make_partnership("otsu")
    ended = make.make_partnership("biei")
    make.make_entry(ended, "terminated", "1999")
    make.make_relationship(make.make_city("alma"))
    said = text(staff.get(address(models.Relationship, "changelist")))

    assert "Status today" in said
    assert "Type today" in said
    for row in (
        "Lansing – Alma – – – Published",
        "Lansing – Biei ended Sister city – Published",
        "Lansing – Otsu active Sister city – Published",
    ):
        assert row in said, said


@pytest.mark.parametrize("query", ["", "?o=5", "?o=-5&all=", "?q=bench", "?publication=published"])
def test_list_of_resolutions_shows_the_status_of_today(boss, query):
    """Only a list in its order computes the status of more than it shows."""
    make.make_action(make.make_resolution("bench-2", title="Bench 2"), "adopt", "2013")
    make.make_resolution("bench-1", title="Bench 1")

    with CaptureQueriesContext(connection) as asked:
        said = text(boss.get(address(resolutions.Resolution, "changelist") + query))

    assert "Resolution adopted Published" in said
    assert "Resolution – Published" in said
    counted = [query["sql"] for query in asked if "COUNT(" in query["sql"]]
    assert len(counted) == 1
    assert ("period" in counted[0]) == ("o=" in query)


def test_empty_cells_say_so_to_the_style_sheet_which_hides_them_on_a_phone(boss):
    make.make_relationship(make.make_city("alma"))
    page = boss.get(address(models.Relationship, "changelist")).text

    [row] = re.findall("<tr>(<th class=.*?)</tr>", page, re.DOTALL)
    assert re.findall('<td class="field-([a-z_]+)"><span class="nothing">–</span></td>', row) == [
        "status_today",
        "type_today",
        "lead_commissioner",
    ]


def test_search_that_finds_nothing_shows_nothing(boss):
    make.make_resolution("bench-1", title="Bench 1")

    found = boss.get(address(resolutions.Resolution, "changelist"), {"q": "zzyx"})

    assert [*found.context["cl"].result_list] == []
    assert "0 resolutions" in text(found)


def test_links_of_a_filtered_list_lead_back_to_it(boss):
    source = make.make_source(title="Otsu")
    link = f"{address(models.Source, 'change', source.pk)}?_changelist_filters=q%3Dotsu"

    page = boss.get(address(models.Source, "changelist"), {"q": "otsu"}).text

    assert f'href="{link}"' in page
    assert "_changelist_filters" not in boss.get(address(models.Source, "changelist")).text


def test_list_of_cities_offers_the_countries_that_there_are(boss):
    for country in ("JP", "GH", "JP"):
        make.make_city(country=country)

    def offered(address):
        changelist = boss.get(reverse("admin:cities_city_changelist") + address).context["cl"]
        by_country = next(spec for spec in changelist.filter_specs if spec.title == "country")
        return [
            (choice["display"], choice["selected"]) for choice in by_country.choices(changelist)
        ]

    assert offered("") == [("All", True), ("Ghana", False), ("Japan", False)]
    assert offered("?country__exact=FR") == [
        ("All", False),
        ("France", True),
        ("Ghana", False),
        ("Japan", False),
    ]
