"""The admin's lists: what they find and show, and that no page asks more for more records."""

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
from tests import factories as make
from tests.admin import exchanges
from tests.admin.browser import text

pytestmark = pytest.mark.django_db

APPS = ("cities", "exchanges")
KEPT = sorted(
    (model for model in admin.site._registry if model._meta.app_label in APPS),
    key=lambda model: model._meta.model_name,
)
NUMBERS = count(1)


def body(**fields):
    return make.make_organization(place=make.make_city(), source=make.make_source(), **fields)


MAKERS = {
    models.Agreement: lambda: make.make_agreement(make.make_tie()),
    models.Authority: lambda: make.make_authority(body(), source=make.make_source()),
    models.City: lambda: make.make_city(part_of=make.make_city()),
    models.Entry: lambda: make.make_tie().entries.get(),
    models.Organization: body,
    models.Relationship: make.make_tie,
    models.RelationshipType: lambda: make.make_type(
        f"type-{models.RelationshipType.objects.count()}"
    ),
    models.Source: make.make_source,
    models.Succession: lambda: make.make_succession(make.make_city(), make.make_city()),
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


PARTS = {
    models.Agreement: sign,
    models.City: lambda city: make.make_name(
        city, f"大津{city.names.count()}", source=make.make_source()
    ),
    models.Entry: cite,
    models.Relationship: lambda tie: make.make_entry(
        tie,
        "reaffirmed",
        "1995",
        type=make.make_type(),
        decided_by=body(),
        partner=make.make_city(),
    ),
    **exchanges.PARTS,
}
"""One more part of a record, of those whose form shows parts."""


SEARCHED = {models.City: 1, models.Entry: 1, **exchanges.SEARCHED}
"""Search boxes in each part of these: Django’s reads the one record it shows by itself."""


PER_VERSION = [(model, "history") for model in (models.Agreement, *exchanges.KEPT_BY_STAFF)]
"""Pages left out: simple-history reads the relationships and documents of each version."""


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


def asked_by(client, pages):
    """The statements that each page runs, once the process knows its content types."""
    found = []
    for url in pages:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        found.append([query["sql"] for query in asked])
    return found


def assert_no_more(few, many, allowed=0):
    for before, after in zip(few, many, strict=True):
        assert len(after) <= len(before) + allowed, sorted(set(after) - set(before))[:5]


@pytest.mark.parametrize("model", KEPT)
def test_lists_and_new_forms_ask_no_more_for_thirty_records_than_for_one(boss, model):
    MAKERS[model]()
    pages = [address(model, "changelist"), address(model, "add")]
    few = asked_by(boss, pages)
    for __ in range(29):
        MAKERS[model]()
    many = asked_by(boss, pages)
    assert_no_more(few, many)


@pytest.mark.parametrize("model", KEPT)
def test_form_and_history_ask_no_more_for_thirty_parts_and_versions_than_for_one(boss, model):
    record = MAKERS[model]()
    more = PARTS.get(model, lambda record: MAKERS[model]())
    if model is not models.Entry and model is not models.Relationship:
        more(record)  # the first; those two have one already
    names = [page for page in ("change", "history") if (model, page) not in PER_VERSION]
    pages = [address(model, page, record.pk) for page in names]
    few = asked_by(boss, pages)
    for __ in range(29):
        more(record)
        record.save()
    many = asked_by(boss, pages)
    assert_no_more(few[:1], many[:1], allowed=29 * SEARCHED.get(model, 0))
    assert_no_more(few[1:], many[1:])


CHOICES = {
    models.Agreement: "entry&field_name=agreement",
    models.City: "entry&field_name=partner",
    models.Organization: "entry&field_name=decided_by",
    models.Relationship: "entry&field_name=relationship",
    models.RelationshipType: "entry&field_name=type",
    models.Source: "citation&field_name=source",
}


@pytest.mark.parametrize("model", CHOICES)
def test_choices_ask_no_more_for_many_records_than_for_one(boss, model):
    url = reverse("admin:autocomplete") + f"?app_label=cities&model_name={CHOICES[model]}"
    MAKERS[model]()
    few = asked_by(boss, [url])
    for __ in range(29):
        MAKERS[model]()

    assert_no_more(few, asked_by(boss, [url]), allowed=1)  # whether there is a further page


def test_accounts_ask_no_more_for_thirty_than_for_one(boss):
    pages = [reverse("admin:auth_user_changelist"), reverse("admin:index")]
    few = asked_by(boss, pages)
    for number in range(29):
        User.objects.create_user(f"ana-{number}")

    assert_no_more(few, asked_by(boss, pages))


def test_every_kept_model_has_a_list_here():
    """A later model joins the walk: it needs a maker here, and a place in the admin."""
    assert set(MAKERS) == set(KEPT)
    parts = {inline.model for model in KEPT for inline in admin.site._registry[model].inlines}
    records = {
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if model._meta.managed and not model.__name__.startswith("Historical")
    }
    assert records == set(KEPT) | parts


NAMES = [
    ("大津", "native", "ja"),
    ("Ōtsu-shi", "romanised", "ja-Latn"),
    ("Ohtzu", "misspelt", "en"),
]


@pytest.mark.parametrize("typed", [*(name for name, *__ in NAMES), "ohtz", "Otsu"])
@pytest.mark.parametrize("model", [models.City, models.Relationship, models.Entry])
def test_search_finds_a_place_by_any_name_on_record(staff, model, typed):
    tie, __ = make.make_tie("otsu"), make.make_tie("biei")
    for name, kind, language in NAMES:
        make.make_name(tie.partner, name, kind=kind, language=language)
    wanted = {models.City: tie.partner, models.Relationship: tie}.get(model, tie.entries.first())

    found = staff.get(address(model, "changelist"), {"q": typed})
    assert [*found.context["cl"].result_list] == [wanted]


def test_relationship_list_shows_the_standing_and_type_of_today(staff):
    make.make_tie("otsu")
    ended = make.make_tie("biei")
    make.make_entry(ended, "terminated", "1999")
    make.make_relationship(make.make_city("alma"))
    said = text(staff.get(address(models.Relationship, "changelist")))

    assert "Standing today" in said
    assert "Type today" in said
    for row in (
        "Lansing – Alma – – - Published",
        "Lansing – Biei ended Sister city - Published",
        "Lansing – Otsu active Sister city - Published",
    ):
        assert row in said, said
