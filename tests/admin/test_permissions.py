"""Who may do what in the admin; what is refused leaves every row as it was."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from cities.models import Authority, ChangeSet, Citation, City
from cities.records.publishing import Publishable
from resolutions.models import Seat
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import (
    APART,
    MAKERS,
    NO_GROUP,
    SUPERUSER,
    at,
    browser,
    everything,
    keeper,
    person,
)
from tests.factories import (
    make_authority,
    make_city,
    make_entry,
    make_members,
    make_name,
    make_organization,
    make_partnership,
    make_relationship,
    make_resolution,
    make_roll_call,
    make_seat,
    make_source,
    make_term,
)

pytestmark = pytest.mark.django_db

STAFF, CLERK, PUBLISHER = "Commission staff", "Council clerk", "Publisher"
COMMISSIONER, ADMINISTRATOR = "Commissioner", "Administrator"
ROLES = [STAFF, CLERK, PUBLISHER, COMMISSIONER, ADMINISTRATOR]
PUBLISHABLE = [model for model in admin.site._registry if issubclass(model, Publishable)]
DRAFT = {"publication": "draft"}
WHY = {"change_reason": "Because."}
NO_SOURCE = "An entry needs a source before it is published. Add a source that supports it."


@pytest.fixture
def boss():
    return browser(SUPERUSER)


# --- Deleting -----------------------------------------------------------------------------


@pytest.mark.parametrize("model", PUBLISHABLE)
def test_published_and_withdrawn_records_are_deleted_by_nobody(model, boss):
    withdrawn = {"withdrawn_on": "2022-01-01", "withdrawn_because": "Wrong."}
    for record in (MAKERS[model](), MAKERS[model](publication="withdrawn", **withdrawn)):
        several = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
        before = everything()

        assert boss.get(at(record, "delete")).status_code == 403
        assert boss.post(at(record, "delete"), {"post": "yes"}).status_code == 403
        boss.post(at(model, "changelist"), several)

        assert everything() == before


@pytest.mark.parametrize("model", PUBLISHABLE)
def test_several_drafts_at_once_are_deleted_by_nobody(model, boss):
    record = MAKERS[model](**DRAFT)
    several = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
    before = everything()

    boss.post(at(model, "changelist"), several)

    assert everything() == before


@pytest.mark.parametrize("model", PUBLISHABLE)
def test_record_is_released_by_a_publisher_alone(model):
    record = MAKERS[model](**DRAFT)
    row = model._base_manager.filter(pk=record.pk)
    publisher = browser(PUBLISHER)
    keeps, nobody = browser(keeper(model)), browser(NO_GROUP)  # every role: test_matrix
    for page, form, state, others in [
        ("publish", {}, "published", [keeps, nobody]),
        ("withdraw", {"because": " It was wrong. "}, "withdrawn", [nobody]),
    ]:
        before = everything()
        for client in others:
            for answer in (
                client.get(at(record, page)),
                client.post(at(record, page), form),
            ):
                assert answer.status_code in (403, 404)
        assert everything() == before

        assert publisher.get(at(record, page)).status_code == 200
        assert everything() == before
        assert publisher.post(at(record, page), form).status_code == 302
        assert row.get().publication == state
        assert record.history.first().history_user.username == "publisher"

    record = row.get()
    assert (record.withdrawn_because, record.withdrawn_on) == ("It was wrong.", localdate())
    assert ChangeSet.objects.filter(state="released").count() == ChangeSet.objects.count() == 2
    assert record.history.first().history_change_reason.strip() == "It was wrong."


# --- Publishing and withdrawing -----------------------------------------------------------


def test_entry_without_a_source_is_not_published():
    entry = make_entry(make_partnership(), "visited", "2020", **DRAFT)
    Citation.objects.all().filter(entry=entry).delete()
    publisher = browser(PUBLISHER)
    before = everything()

    page = publisher.post(at(entry, "publish"))

    assert sentences(page) == [NO_SOURCE]
    assert everything() == before


def test_relationship_is_published_with_its_places():
    relationship = make_relationship(make_city(**DRAFT), **DRAFT)

    answer = browser(PUBLISHER).post(at(relationship, "publish"))

    assert answer.status_code == 302
    relationship.refresh_from_db()
    assert (relationship.publication, relationship.partner.publication) == ("published",) * 2


@pytest.mark.parametrize("form", [{}, {"because": ""}, {"because": " \n "}])
def test_record_is_not_withdrawn_without_a_reason(form):
    city = make_city()
    publisher = browser(PUBLISHER)
    before = everything()

    page = publisher.post(at(city, "withdraw"), form)

    assert sentences(page) == ["Say why you withdraw the record. The public can read this."]
    assert everything() == before


def test_record_is_not_withdrawn_with_a_reason_too_long_to_keep():
    city = make_city()
    publisher = browser(PUBLISHER)
    before = everything()

    page = publisher.post(at(city, "withdraw"), {"because": "x" * 2001})

    assert len(sentences(page)) == 1
    assert everything() == before


def test_record_is_not_withdrawn_with_a_reason_that_is_no_text():
    city = make_city()
    publisher = browser(PUBLISHER)
    before = everything()

    page = publisher.post(at(city, "withdraw"), {"because": "Wrong.\0"})

    assert sentences(page) == ["Null characters are not allowed."]
    assert everything() == before


def test_record_that_is_published_already_is_not_published_again():
    source = make_source()
    publisher = browser(PUBLISHER)
    before = everything()

    answer = publisher.post(at(source, "publish"), {"because": "Again."})

    assert (answer.status_code, answer.url) == (302, at(source))
    assert everything() == before


def test_draft_is_not_withdrawn_and_nothing_withdrawn_is_released_again():
    draft = make_city(**DRAFT)
    gone = make_city(
        publication="withdrawn", withdrawn_on="2022-01-01", withdrawn_because="Wrong."
    )
    publisher = browser(PUBLISHER)
    before = everything()
    for record, page, sentence in [
        (draft, "withdraw", "Only a published record can be withdrawn."),
        (gone, "withdraw", "Only a published record can be withdrawn."),
        (gone, "publish", "A withdrawn record stays withdrawn. Add a new one."),
    ]:
        answer = publisher.post(at(record, page), {"because": "Again."})

        assert sentences(answer) == [sentence]
        assert everything() == before


def test_withdrawn_entry_no_longer_counts():
    relationship = make_partnership()
    end = make_entry(relationship, "terminated", "2020")
    assert relationship.standing_on(localdate()).status == "ended"

    browser(PUBLISHER).post(at(end, "withdraw"), {"because": "It was another place."})

    relationship = type(relationship).objects.get(pk=relationship.pk)
    assert relationship.standing_on(localdate()).status == "active"


# --- What a form does not offer, sent all the same ----------------------------------------


@pytest.mark.parametrize("model", PUBLISHABLE)
@pytest.mark.parametrize("role", ["keeper", SUPERUSER])
@pytest.mark.parametrize("publication", ["draft", "published"])
def test_publication_is_not_changed_by_a_form(model, role, publication):
    client = browser(keeper(model) if role == "keeper" else role)
    record = MAKERS[model](publication=publication)
    form = form_of(client, at(record)) | WHY
    forged = {
        "publication": {"draft": "published", "published": "draft"}[publication],
        "withdrawn_on": "2022-01-01",
        "withdrawn_because": "Forged.",
        "id": "99",
    }
    if "number" not in form:  # what numbers a part is no choice; what is printed on a text is
        forged["number"] = "77"

    answer = client.post(at(record), form | forged)

    assert answer.status_code == 302, sentences(answer)
    after = model._base_manager.get(pk=record.pk)
    assert (after.publication, after.withdrawn_on, after.withdrawn_because) == (
        publication,
        None,
        "",
    )
    assert getattr(after, "number", None) == getattr(record, "number", None)
    assert record.history.first().publication == publication


def test_new_record_is_a_draft_whatever_its_form_says():
    staff = browser(STAFF)
    nara = {"name": "Nara", "slug": "nara", "kind": "city", "country": "JP"}
    form = form_of(staff, at(City, "add")) | nara

    answer = staff.post(at(City, "add"), form | {"publication": "published"})

    assert answer.status_code == 302
    assert City.objects.get(slug="nara").is_draft


@pytest.mark.parametrize("publication", ["draft", "published"])
def test_entry_stays_with_its_relationship_and_keeps_its_number(publication):
    staff = browser(STAFF)
    relationship, other = make_partnership(), make_partnership()
    entry = make_entry(relationship, "visited", "2020", publication=publication)
    form = form_of(staff, at(entry)) | WHY

    answer = staff.post(at(entry), form | {"relationship": str(other.pk), "number": "1"})

    assert answer.status_code == 302, sentences(answer)
    entry.refresh_from_db()
    assert (entry.relationship, entry.number) == (relationship, 2)


def test_published_entry_keeps_its_meaning_whatever_its_form_says(boss):
    entry = make_entry(make_partnership(), "visited", "2020")
    other = {
        "kind": "terminated",
        "on": "1999",
        "party": "partner",
        "acceptance": "claimed",
        "type": "1",
        "partner": str(make_city().pk),
        "note": "Changed",
    }
    form = form_of(boss, at(entry)) | WHY
    says = ("kind", "party", "acceptance", "type", "partner")
    kept = [getattr(entry, name) for name in says]

    answer = boss.post(at(entry), form | other)

    assert answer.status_code == 302, sentences(answer)
    entry.refresh_from_db()
    assert [getattr(entry, name) for name in says] == kept
    assert (str(entry.on), entry.note) == ("2020", "Changed")


def test_source_of_a_published_entry_is_deleted_by_nobody(boss):
    entry = make_entry(make_partnership(), "visited", "2020")
    Citation.objects.create(entry=entry, source=make_source())
    count = Citation.objects.count()
    form = form_of(boss, at(entry)) | WHY

    boss.post(at(entry), form | {"citations-0-DELETE": "on", "citations-1-DELETE": "on"})

    assert Citation.objects.count() == count
    assert entry.citations.count() == 2


def test_withdrawn_record_is_changed_by_nobody(boss):
    city = make_city(name="Nara")
    make_name(city, "奈良")
    form = form_of(boss, at(city)) | WHY
    City.objects.filter(pk=city.pk).update(
        publication="withdrawn", withdrawn_on="2022-01-01", withdrawn_because="Wrong."
    )
    before = everything()

    answer = boss.post(at(city), form | {"name": "Changed", "names-0-text": "Changed"})

    assert answer.status_code == 403
    assert everything() == before


# --- Drafts -------------------------------------------------------------------------------

SECRET = "Secretville"


@pytest.mark.parametrize("role", [CLERK, COMMISSIONER])
def test_draft_is_listed_and_opened_by_those_who_may_preview_alone(role):
    draft = make_city("secretville", **DRAFT)
    make_entry(make_relationship(draft, **DRAFT), "noted", "2020", note=SECRET, **DRAFT)
    client = browser(role)
    sees = role == COMMISSIONER
    before = everything()
    for url in [at(City, "changelist"), f"{at(City, 'changelist')}?q=secret"]:
        page = client.get(url)
        assert page.status_code == 200
        assert (SECRET in text(page)) == sees
    for url in [at(draft), at(draft, "history")]:
        page = client.get(url, follow=True)
        assert (page.status_code == 200 and SECRET in text(page)) == sees
    assert client.post(at(draft), {"name": "Changed"}).status_code in (302, 403)
    assert everything() == before


@pytest.mark.parametrize(("role", "found"), [(STAFF, True), (CLERK, False), (NO_GROUP, False)])
@pytest.mark.parametrize(
    ("model", "field"),
    [("entry", "partner"), ("entry", "relationship"), ("relationship", "partner")],
)
def test_draft_is_offered_as_a_choice_to_those_who_may_preview_alone(role, found, model, field):
    draft = make_city("secretville", **DRAFT)
    make_relationship(draft, **DRAFT)
    query = {"app_label": "cities", "model_name": model, "field_name": field, "term": "secret"}

    answer = browser(role).get(reverse("admin:autocomplete"), query)

    assert (SECRET in answer.content.decode()) == found
    assert answer.status_code == (403 if role == NO_GROUP else 200)


def test_index_offers_each_role_what_it_may_see_alone():
    offered = {
        role: {
            model["object_name"]
            for section in browser(role).get(reverse("admin:index")).context["app_list"]
            for model in section["models"]
        }
        for role in (*ROLES, NO_GROUP, SUPERUSER)
    }
    registered = {model.__name__ for model in (*MAKERS, *APART)}
    seen = {model.__name__ for model in MAKERS} - {"Succession"}
    assert offered[SUPERUSER] == registered | {"User"}
    assert offered[NO_GROUP] == set()
    assert offered[ADMINISTRATOR] >= seen | {"User"}
    for role in (STAFF, CLERK, PUBLISHER, COMMISSIONER):
        assert "User" not in offered[role]
        assert offered[role] >= seen


# --- Accounts -----------------------------------------------------------------------------


def test_administrator_sees_no_superuser(boss):
    chief = User.objects.get(username="superuser")
    client = browser(ADMINISTRATOR)
    form = form_of(boss, at(chief)) | {"username": "changed"}
    before = everything()

    assert "superuser" not in text(client.get(at(User, "changelist")))
    for page in ("change", "history", "delete"):
        assert "superuser" not in text(client.get(at(chief, page), follow=True)).replace(
            f"“{chief.pk}”", ""
        )
    answers = [
        client.post(at(chief), form, follow=True),
        client.post(reverse("admin:auth_user_link", args=[chief.pk])),
        client.post(reverse("admin:auth_user_second_factor", args=[chief.pk])),
        client.post(at(chief, "delete"), {"post": "yes"}, follow=True),
    ]
    assert all(answer.status_code in (200, 403, 404) for answer in answers)
    assert everything() == before


@pytest.mark.parametrize("new", [True, False])
def test_administrator_makes_no_superuser_and_gives_no_single_right(new):
    client = browser(ADMINISTRATOR)
    forged = {
        "is_superuser": "on",
        "user_permissions": [str(Permission.objects.get(codename="publish_entry").pk)],
    }
    if new:
        url = at(User, "add")
        form = form_of(client, url) | {
            "first_name": "Ana",
            "last_name": "Pérez",
            "email": "ana@lansing.example",
            "groups": [str(Group.objects.get(name=STAFF).pk)],
        }
    else:
        url = at(User.objects.create_user("ana"))
        form = form_of(client, url) | {"groups": [str(Group.objects.get(name=STAFF).pk)]}

    answer = client.post(url, form | forged)

    assert answer.status_code == (200 if new else 302), sentences(answer)
    ana = User.objects.get(username="ana.perez" if new else "ana")
    assert not ana.is_superuser
    assert not ana.user_permissions.exists()
    assert [group.name for group in ana.groups.all()] == [STAFF]


def test_administrator_gives_itself_neither():
    client = browser(ADMINISTRATOR)
    own = User.objects.get(username="administrator")
    form = form_of(client, at(own))
    permission = Permission.objects.get(codename="publish_entry")

    client.post(at(own), form | {"is_superuser": "on", "user_permissions": [str(permission.pk)]})

    own.refresh_from_db()
    assert (own.is_superuser, own.user_permissions.count()) == (False, 0)


@pytest.mark.parametrize("role", [STAFF, CLERK, PUBLISHER, COMMISSIONER, NO_GROUP])
def test_accounts_are_closed_to_all_but_administrators(role, boss):
    own = person(role)
    client = Client()
    client.force_login(own)
    form = form_of(boss, at(own)) | {"is_superuser": "on"}
    before = everything()

    for url in (at(User, "changelist"), at(User, "add"), at(own), at(own, "history")):
        assert client.get(url).status_code == 403
        assert client.post(url, form).status_code == 403
    assert everything() == before


def test_account_is_deleted_by_nobody_since_the_history_names_it(boss):
    ana = User.objects.create_user("ana", is_staff=True)
    several = {"action": "delete_selected", "_selected_action": [ana.pk], "post": "yes"}
    for client in (boss, browser(ADMINISTRATOR)):
        before = everything()

        assert client.post(at(ana, "delete"), {"post": "yes"}).status_code == 403
        client.post(at(User, "changelist"), several)

        assert everything() == before


def test_superuser_gives_every_right(boss):
    ana = User.objects.create_user("ana")
    form = form_of(boss, at(ana))
    permission = Permission.objects.get(codename="publish_entry")

    boss.post(at(ana), form | {"is_superuser": "on", "user_permissions": [str(permission.pk)]})

    ana.refresh_from_db()
    assert ana.is_superuser
    assert [*ana.user_permissions.all()] == [permission]


def test_clerk_reads_no_draft_entry_in_a_history_and_no_draft_relationship_in_a_filter():
    relationship = make_partnership("otsu")
    make_entry(relationship, "visited", "1971", publication="draft")
    make_relationship(make_city("kyoto"), publication="draft")
    pages = [at(relationship), reverse("admin:cities_entry_changelist")]

    seen = {}
    for role in (CLERK, STAFF):
        client = browser(role)
        words = " ".join(text(client.get(page)) for page in pages)
        seen[role] = [word for word in ("Otsu", "1971", "Kyoto") if word in words]

    assert seen == {CLERK: ["Otsu"], STAFF: ["Otsu", "1971", "Kyoto"]}


def test_form_of_a_published_record_does_not_move_its_address_or_its_places(boss):
    city, relationship = make_city("otsu"), make_partnership("asan")
    kyoto = make_city("kyoto")

    for record, moved in (
        (city, {"slug": "moved"}),
        (relationship, {"slug": "moved", "partner": kyoto.pk}),
    ):
        form = form_of(boss, at(record))
        assert not form.keys() & moved.keys()
        assert boss.post(at(record), form | moved | WHY).status_code == 302

    city.refresh_from_db()
    relationship.refresh_from_db()
    assert (city.slug, relationship.slug, relationship.partner.slug) == (
        "otsu",
        "lansing-asan",
        "asan",
    )


def test_authority_that_an_entry_depends_on_is_not_deleted(boss):
    authority = make_authority(make_organization("council"), since="1960")
    spare = make_authority(make_organization("spare"))
    make_entry(make_partnership(), "renewed", "1990", decided_by=authority.organization)

    assert boss.post(at(authority, "delete"), {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [authority.pk], "post": "yes"}
    boss.post(reverse("admin:cities_authority_changelist"), bulk)
    assert set(Authority.objects.all()) == {authority, spare}

    boss.post(at(spare, "delete"), {"post": "yes"})
    assert set(Authority.objects.all()) == {authority}


def test_seat_that_somebody_held_is_not_deleted(boss):
    held, spare = make_term().seat, make_seat()

    assert boss.get(at(held, "delete")).status_code == 403
    assert boss.post(at(held, "delete"), {"post": "yes"}).status_code == 403
    boss.post(at(spare, "delete"), {"post": "yes"})

    assert set(Seat.objects.all()) == {held}


def test_seat_that_a_roll_call_needs_is_not_deleted_and_the_page_says_why(boss):
    """Nobody on record held it, and without it more would have voted than there are seats."""
    members, spare = make_members(2), make_seat()
    other = make_term(organization=spare.organization).member
    make_roll_call(make_resolution(), "yyy", [*members, other])

    page = boss.post(at(spare, "delete"), {"post": "yes"}, follow=True)

    assert page.status_code == 200
    assert "Votes were cast from this seat. Give it an end date instead." in sentences(page)
    assert Seat.objects.filter(pk=spare.pk).exists()


def test_relationship_that_is_not_there_is_reported(boss):
    page = boss.get(reverse("admin:cities_relationship_change", args=[999]), follow=True)

    assert sentences(page) == ["Relationship with ID “999” doesn’t exist. Perhaps it was deleted?"]
