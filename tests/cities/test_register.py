"""The register itself: one row that names the home city, its maintainer and an office."""

import importlib
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.models import ProtectedError
from django.test import RequestFactory
from django.urls import reverse

from cities import current_register
from cities.current_register import register_of
from cities.models import City, Organization, Register, Relationship
from lrscc import roles
from lrscc.files.loading import RegisterError, load
from tests.admin.browser import form_of
from tests.admin.people import NO_GROUP, SUPERUSER, browser
from tests.cities.refusals import (
    assert_clerk_reads,
    assert_database_refuses,
    assert_refused,
)
from tests.factories import (
    home,
    make_city,
    make_exchange,
    make_organization,
    make_register,
    make_relationship,
)
from tests.reading import lines_of

pytestmark = pytest.mark.django_db

ROLES = [
    *(roles.STAFF, roles.CLERK, roles.PUBLISHER, roles.COMMISSIONER, roles.ADMINISTRATOR),
    *(SUPERUSER, NO_GROUP),
]
ANOTHER = "There is already a register. Change that one instead of adding another."

NOT_HOME = "This is the record of Lansing’s sister cities. Choose Lansing as the home city."


# --- there is one -------------------------------------------------------------------------


def test_second_register_is_refused_at_every_door(admin_client):
    first = make_register()
    second = Register(home=make_city("flint"), maintainer=make_organization("b"))

    assert_clerk_reads(second, ANOTHER)
    second.pk = 2
    assert_database_refuses(second, match="cities_register_only_one")
    assert admin_client.get("/admin/cities/register/add/").status_code == 403
    assert [*Register.objects.all()] == [first]


def test_register_keeps_its_key_however_it_is_saved():
    make_register()
    Register.objects.all().delete()

    again = Register.objects.create(home=home(), maintainer=make_organization("b"))

    assert (again.pk, Register.objects.count()) == (1, 1)


def test_file_that_names_two_registers_is_refused(tmp_path):
    make_city("otsu")
    make_organization("b")
    path = tmp_path / "register.toml"
    row = '[[register]]\nhome = "otsu"\nmaintainer = "b"\n'
    path.write_text(row * 2)

    with pytest.raises(RegisterError) as refusal:
        load([path], lambda table, number, total: None)

    assert str(refusal.value) == (
        "register.toml: register: The same record is also in register.toml. Keep one."
    )
    assert Register.objects.count() == 0


# --- who may change it -----------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_register_is_changed_by_administrators_alone(role):
    register = make_register()
    clerk = make_organization("clerk")
    address = reverse("admin:cities_register_change", args=[register.pk])
    given = {
        "home": register.home_id,
        "maintainer": register.maintainer_id,
        "records_office": clerk.pk,
        "change_reason": "A new office.",
    }
    boss = browser(SUPERUSER)
    client = boss if role == SUPERUSER else browser(role)

    page = client.get(address)
    answer = client.post(address, form_of(boss, address) | given)
    register.refresh_from_db()

    may = role in ("Administrator", SUPERUSER)
    assert page.status_code == (403 if role == NO_GROUP else 200)
    assert answer.status_code == (302 if may else 403)
    assert register.records_office == (clerk if may else None)


@pytest.mark.parametrize("role", ROLES)
def test_first_register_is_added_by_administrators_alone(role):
    city, organization = home(), make_organization("commission")

    answer = browser(role).post(
        reverse("admin:cities_register_add"),
        {"home": city.pk, "maintainer": organization.pk, "records_office": ""},
    )

    assert Register.objects.count() == (role in ("Administrator", SUPERUSER)), answer.text


# --- only what is public -----------------------------------------------------------------


@pytest.mark.parametrize("model", [City, Organization])
def test_register_of_a_draft_is_not_shown(client, model):
    make_register(email="office@example.org")
    model.objects.update(publication="draft")

    page = client.get("/about/").text
    answer = client.get("/api/v1/register/").json()

    assert "Our City’s sister cities" in page
    assert ("Lansing" in page, "office@example.org" in page) == (False, False)
    assert (answer["home"], answer["contacts"], answer["jurisdiction"]) == (None, [], "")


def test_office_that_is_a_draft_is_not_shown(client):
    register = make_register()
    register.records_office = make_organization(
        "clerk", name="City Clerk", email="clerk@example.org", publication="draft"
    )
    Register.objects.bulk_update([register], ["records_office"])

    assert "clerk@example.org" not in client.get("/").text
    (contact,) = client.get("/api/v1/register/").json()["contacts"]
    assert contact["name"] == "Lansing Regional Sister Cities Commission"


def test_public_register_never_names_a_draft():
    register = make_register()
    register.records_office = make_organization("clerk", name="Clerk", publication="draft")

    assert_clerk_reads(
        register, {"records_office": ["Publish “Clerk” first. It is still a draft."]}
    )


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("home", "It is the home city of “%s”. Choose another home city first."),
        ("maintainer", "It keeps the record “%s”. Choose another maintainer first."),
        ("records_office", "It is the office for council records in “%s”. Remove it there first."),
    ],
)
def test_what_the_register_names_is_not_withdrawn(field, sentence):
    register = make_register()
    register.records_office = make_organization("clerk")
    register.save()
    record = getattr(register, field)

    with pytest.raises(ValidationError) as refusal:
        record.withdraw(because="It was wrong.", on=date(2026, 1, 1))

    assert sentence % "Lansing’s sister cities" in refusal.value.messages


def test_what_the_register_names_is_not_deleted():
    register = make_register()
    City.objects.update(publication="draft")

    with pytest.raises(ProtectedError):
        register.home.delete()


@pytest.mark.parametrize("rows", [0, 1])
def test_new_relationship_is_one_of_the_home_city(rows):
    """One of a former home stays, and can be corrected."""
    flint = make_city("flint")
    former = make_relationship(make_city("otsu"), home=flint)
    for __ in range(rows):
        make_register()
    new = Relationship(home=flint, partner=make_city("asan"))

    former.full_clean()
    if rows:
        sentence = (
            "This is the record of Lansing’s sister cities. Choose Lansing as the home city."
        )
        assert_refused(new, {"home": [sentence]})
    else:
        new.full_clean()


def test_office_that_is_also_the_maintainer_is_shown_once(client):
    register = make_register(email="office@example.org")
    register.records_office = register.maintainer
    register.save()

    assert client.get("/").text.count("mailto:office@example.org") == 1


@pytest.mark.parametrize(
    ("address", "warnings"),
    [("clerk@city.example", 0), ("ana.diaz@city.example", 1), ("friends@gmail.com", 1)],
)
def test_address_of_a_person_is_warned_of(address, warnings):
    office = make_organization("office", name="Office")
    boss = browser(SUPERUSER)
    path = reverse("admin:cities_organization_change", args=[office.pk])

    given = {"email": address, "change_reason": "A new office."}
    page = boss.post(path, form_of(boss, path) | given, follow=True)

    office.refresh_from_db()
    assert office.email == address
    assert page.text.count("looks like the address of a person") == warnings


# --- how to reach an office --------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "dialed"),
    [
        ("517-483-4131", "5174834131"),
        ("(517) 483-4131", "5174834131"),
        ("+47 55 55 01 00", "+4755550100"),
        ("+1 517.483.4131 x 22", "+15174834131"),
        ("517-483-4131 ext. 22", "5174834131"),
    ],
)
def test_telephone_number_is_dialed_without_its_extension(number, dialed):
    office = make_organization("office", telephone=number)

    office.full_clean()
    assert office.dialed == dialed


@pytest.mark.parametrize(
    "number", ["call us", "1", "517-483-4131\n", "javascript:1", "555<script>", "x 22", "5" * 41]
)
def test_what_is_no_telephone_number_is_refused(number):
    office = Organization(slug="o", name="Office", classification="council", telephone=number)

    with pytest.raises(ValidationError) as refusal:
        office.full_clean()

    assert "Enter a telephone number, such as 517-555-0100." in refusal.value.messages


def test_contact_is_never_markup(client):
    make_register(postal_address="<b>1 Main</b>", hours="<i>9</i>", telephone="517-555-0100")

    page = client.get("/").text

    assert "&lt;b&gt;1 Main&lt;/b&gt;" in page
    assert ("<b>1" in page, "<i>9" in page) == (False, False)


# --- what follows from the home city ------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Kiritimati", "2026-11-27"), ("America/Detroit", "2026-11-26")]
)
def test_today_is_the_day_in_the_home_city(client, monkeypatch, zone, day):
    noon = datetime(2026, 11, 26, 17, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    make_register()
    City.objects.update(time_zone=zone)
    make_relationship(make_city("otsu"))
    make_exchange("tomorrow", begins="2026-11-27", ends="2026-11-27", state="confirmed")

    phase = client.get("/api/v1/exchanges/tomorrow/").json()["phase"]

    assert phase == {"2026-11-27": "under_way", "2026-11-26": "coming"}[day]


def test_home_without_a_state_is_named_with_its_country():
    register = make_register()
    register.home.subdivision = ""

    assert (register.home_in_full, register.jurisdiction) == ("Lansing, United States", "US")


@pytest.mark.parametrize(
    ("state", "told"),
    [("US-MI", (True, True)), ("US-OR", (False, True)), ("", (False, True))],
)
def test_law_is_told_where_it_applies(client, state, told):
    make_register()
    City.objects.update(subdivision=state)

    minutes = "MCL 15.269" in client.get("/corrections/").text
    federal = "28 CFR part 35" in client.get("/accessibility/").text
    assert (minutes, federal) == told
    assert ("Michigan" in client.get("/privacy/").text) == (state == "US-MI")


def test_federal_law_of_another_country_is_not_told(client):
    make_register()
    City.objects.update(subdivision="", country="NO")

    page = client.get("/accessibility/").text

    assert ("federal law" in page, "ada.gov" in page) == (False, False)


# --- when the database is away ------------------------------------------------------------


def test_register_is_read_once_for_a_request(django_assert_num_queries):
    make_register()
    request = RequestFactory().get("/")

    with django_assert_num_queries(1):
        names = {register_of(request).site_name for __ in range(3)}

    assert names == {"Lansing’s sister cities"}


def test_last_known_register_is_shown_while_the_database_is_away(client, monkeypatch):
    make_register(email="office@example.org")
    client.get("/")

    monkeypatch.setattr(type(Register.objects), "current", refuse)
    page = client.get("/privacy/")

    assert page.status_code == 200
    assert "office@example.org" in lines_of(page, "footer")[1]


@pytest.fixture
def away(monkeypatch, settings):
    """A process that starts while the database cannot be reached, on a machine of its own."""
    name = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": name, "LOCATION": "away"}}
    cache.clear()

    def go() -> Register:
        monkeypatch.setattr(type(Register.objects), "current", refuse)
        monkeypatch.setattr(current_register, "_last_known", [])
        return register_of(RequestFactory().get("/"))

    return go


def refuse(*args, **kwargs):
    raise OperationalError("connection refused")


def test_new_process_knows_what_another_read_last(away, monkeypatch):
    monkeypatch.setattr(current_register, "_last_known", [])
    register = make_register(email="old@example.org")
    register_of(RequestFactory().get("/"))
    Organization.objects.update(email="new@example.org")
    register_of(RequestFactory().get("/"))

    found = away()

    assert (found.site_name, found.contacts[0].email) == (register.site_name, "new@example.org")


def test_new_process_that_knows_nothing_names_no_city(away):
    assert away().site_name == "Our City’s sister cities"


@pytest.mark.parametrize("fault", [OSError("disk full"), EOFError("cut off"), ImportError()])
def test_cache_that_fails_refuses_no_page(away, monkeypatch, fault):
    def fail(*args, **kwargs):
        raise fault

    monkeypatch.setattr(LocMemCache, "get", fail)

    assert away().site_name == "Our City’s sister cities"


@pytest.mark.parametrize("fault", [OSError("No space left on device"), ImportError("no redis")])
def test_cache_that_keeps_nothing_refuses_no_page(away, monkeypatch, fault):
    def refuse_to_write(*args, **kwargs):
        raise fault

    make_register()
    monkeypatch.setattr(current_register, "_last_known", [])
    monkeypatch.setattr(LocMemCache, "set", refuse_to_write)

    assert register_of(RequestFactory().get("/")).site_name == "Lansing’s sister cities"


# --- databases of the version before ------------------------------------------------------


def note_home():
    importlib.import_module("cities.migrations.0010_home_on_record").note_home(apps, None)


def test_migration_names_the_home_that_the_relationships_have():
    relationship = make_relationship(make_city("otsu"))
    maintainer = make_organization("lrscc", classification="commission", place=relationship.home)
    make_organization("theirs", classification="commission", place=relationship.partner)

    note_home()
    note_home()

    register = Register.objects.get()
    assert (register.home, register.maintainer, register.records_office) == (
        home(),
        maintainer,
        None,
    )


@pytest.mark.parametrize("commissions", [0, 2])
def test_migration_guesses_nothing(commissions):
    make_relationship(make_city("otsu"))
    for number in range(commissions):
        make_organization(f"c{number}", classification="commission", place=home())

    note_home()

    assert Register.objects.count() == 0
