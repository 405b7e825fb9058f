"""The offices that members held for part of the time: who was president, and when."""

from datetime import date

import pytest
from django.db.models import ProtectedError
from django.test import Client

from lrscc.files.writing import dump
from resolutions.models import Member, Office
from resolutions.words import office_time
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import at, browser, release_all
from tests.cities.refusals import (
    assert_clerk_reads,
    assert_database_refuses,
    assert_refused,
    load_record,
)
from tests.factories import (
    council,
    make_meeting,
    make_member,
    make_members,
    make_office,
    make_organization,
    make_resolution,
    make_seat,
    make_source,
    make_term,
)
from tests.reading import lines_of, sections_of
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

NO_MEMBER = (
    "{} was not a member of Lansing City Council when that began. Add the term first, or correct"
    " the dates."
)


@pytest.fixture
@remembered
def wood() -> Member:
    return make_term(make_member("carol-wood"), make_seat()).member


def office(member: Member, **fields) -> Office:
    """One as yet unsaved, of 2013 as far as its source says."""
    usual = {"organization": council(), "role": "president", "since": "2013", "until": "2013"}
    return Office(member=member, **usual | {"source": make_source()} | fields)


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentence"),
    [
        (
            {"role": ""},
            "resolutions_office_named",
            {
                "role": ["This field cannot be blank."],
            },
        ),
        (
            {"until": "2012"},
            "resolutions_office_ends_after_it_begins",
            {"__all__": ["An office cannot end before it begins."]},
        ),
    ],
)
def test_office_has_a_name_and_ends_after_it_begins(wood, wrong, constraint, sentence):
    assert_refused(office(wood, **wrong), sentence)
    assert_database_refuses(office(wood, **wrong), match=constraint)


def test_office_is_on_record_once(wood):
    make_office(wood)

    assert_clerk_reads(office(wood), "This office is already on record.")
    assert_database_refuses(
        office(wood), match=r"resolutions_office_once|resolutions_office\.member_id"
    )
    office(wood, role="vice president").full_clean()
    office(wood, since="2014", until="2014").full_clean()


def test_only_a_member_holds_an_office(wood):
    for since, until in (("2009", "2009"), ("2008-05", "2013")):
        assert_refused(office(wood, since=since, until=until), NO_MEMBER.format(wood))
    stranger = make_member("a-stranger")
    assert_refused(office(stranger), NO_MEMBER.format(stranger))
    office(wood, since="[..2013-01-03]", until="2013").full_clean()


def test_term_covers_the_offices_held_in_it(wood):
    held = make_office(wood)
    term = wood.terms.get()

    term.since = "2014-01-01"
    assert_clerk_reads(
        term,
        f"“{held}” depends on this term. The person, the organization, the seat and the dates must"
        " still cover it.",
    )
    with pytest.raises(ProtectedError):
        wood.terms.get().delete()
    held.delete()
    term.full_clean()


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2013", "2013", "2013"),
        ("2015-01", "2015-02", "January 2015 to February 2015"),
        ("2022-01-03", None, "Since January 3, 2022"),
        ("2022-01-03", "[2022-01-03..]", "From January 3, 2022, with no end date on record"),
        ("[..2022-01-03]", "2022-01-03", "Until January 3, 2022"),
    ],
)
def test_time_of_an_office_is_said_as_exactly_as_it_is_known(wood, since, until, said):
    assert office_time(office(wood, since=since, until=until)) == said


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2013", "2013", "president (2013)"),
        ("2013-08", "2013-08", "president (August 2013)"),
        ("2013-01-03", "2014-01-02", "president"),
        ("2013-01-03", None, "president"),
        ("2013-01-03", "[2013-01-03..]", ""),
        ("[..2013-08-20]", "2013-12-31", ""),
        ("2012", "2012", ""),
        ("2014", "2014", ""),
    ],
)
def test_meeting_shows_who_held_an_office_that_day(wood, client, since, until, said):
    make_office(wood, since=since, until=until)
    meeting = make_meeting("2013-08-19")

    lines = lines_of(client.get(meeting.get_absolute_url()))

    found = [line for line in lines if line.startswith("Officers on record")]
    assert found == ([f"Officers on record for that day: Carol Wood, {said}."] if said else [])


def test_office_elsewhere_or_of_a_draft_is_not_shown(wood, client):
    other = make_organization("other")
    make_term(wood, make_seat(other))
    make_office(wood, organization=other)
    hidden = make_term(make_member("hidden", publication="draft")).member
    make_office(hidden)

    assert "Officers" not in client.get(make_meeting().get_absolute_url()).text


def test_page_of_a_member_lists_the_offices(wood, client):
    make_office(wood, role="vice president", since="2011", until="2011")
    make_office(wood)

    terms = sections_of(client.get("/members/carol-wood/"))["terms"]

    assert any("Vice president 2011" in line for line in terms)
    assert any("President 2013" in line for line in terms)


def test_office_is_written_in_files(wood, tmp_path):
    held = make_office(wood, role="sergeant at arms")

    dict(dump(tmp_path))
    assert 'role = "sergeant at arms"' in (tmp_path / "members.toml").read_text()
    load_record(held)
    assert Office.objects.count() == 1


def test_source_of_an_office_says_so(wood, client):
    source = make_source(title="The paper")
    make_office(wood, source=source)

    lines = lines_of(client.get(source.get_absolute_url()))

    assert "Lansing City Council; president; 2013" in " ".join(lines)


def test_popolo_has_a_membership_for_each_office(wood, client):
    make_office(wood, since="2022-01-03", until=None)

    for path in ("persons/carol-wood", "organizations/lansing-city-council"):
        memberships = client.get(f"/api/v1/popolo/{path}/").json()["memberships"]
        assert [(one["role"], one["start_date"], one["end_date"]) for one in memberships] == [
            ("", "2010-01-01", None),
            ("president", "2022-01-03", None),
        ]


def test_clerk_enters_an_office_beside_the_term(wood):
    clerk = browser("Council clerk")
    given = form_of(clerk, at(wood)) | {
        "offices-TOTAL_FORMS": "1",
        "offices-0-organization": str(council().pk),
        "offices-0-role": "president",
        "offices-0-since": "2013",
        "offices-0-until": "2009",
        "offices-0-source": str(make_source().pk),
        "change_reason": "Because.",
    }

    page = clerk.post(at(wood), given)
    assert "An office cannot end before it begins." in sentences(page)
    assert clerk.post(at(wood), given | {"offices-0-until": "2013"}).status_code == 302
    release_all()
    assert str(Office.objects.get()) == "Carol Wood, president, 2013"


@pytest.mark.parametrize("missing", ["organization", "since"])
def test_clerk_reads_once_what_an_office_needs(wood, missing):
    clerk = browser("Council clerk")
    given = form_of(clerk, at(wood)) | {
        "offices-TOTAL_FORMS": "1",
        "offices-0-organization": str(council().pk),
        "offices-0-role": "president",
        "offices-0-since": "2013",
        "offices-0-source": str(make_source().pk),
        "change_reason": "Because.",
    }

    page = clerk.post(at(wood), given | {f"offices-0-{missing}": ""})

    assert sentences(page)[1:] == ["This field is required."]
    assert not Office.objects.exists()


def new_member_with_a_term_and_an_office(clerk: Client) -> dict[str, str]:
    """What a clerk enters on the page that adds a member."""
    seat, source = make_seat(), make_source()
    return form_of(clerk, at(Member, "add")) | {
        "name": "Carol Wood",
        "sort_name": "Wood, Carol",
        "terms-TOTAL_FORMS": "1",
        "terms-0-organization": str(council().pk),
        "terms-0-seat": str(seat.pk),
        "terms-0-since": "2010-01-01",
        "terms-0-source": str(source.pk),
        "offices-TOTAL_FORMS": "1",
        "offices-0-organization": str(council().pk),
        "offices-0-role": "president",
        "offices-0-since": "2013",
        "offices-0-source": str(source.pk),
    }


@pytest.mark.parametrize(
    "terms",
    [
        {"terms-TOTAL_FORMS": "0"},
        {"terms-0-since": "2014-01-01"},
        {"terms-0-until": "2012"},
    ],
)
def test_office_of_a_new_member_needs_a_new_term(terms):
    clerk = browser("Council clerk")

    page = clerk.post(at(Member, "add"), new_member_with_a_term_and_an_office(clerk) | terms)

    assert sentences(page)[1:] == [NO_MEMBER.format("Carol Wood")]
    assert not Member.objects.exists()


def test_office_of_a_new_member_needs_a_term_in_its_organization():
    clerk = browser("Council clerk")
    elsewhere = {"offices-0-organization": str(make_organization("commission").pk)}

    page = clerk.post(at(Member, "add"), new_member_with_a_term_and_an_office(clerk) | elsewhere)

    assert sentences(page)[1:] == [
        NO_MEMBER.format("Carol Wood").replace("Lansing City Council", "Commission")
    ]


def test_office_of_a_new_member_that_is_left_out_or_blank_needs_no_term():
    clerk = browser("Council clerk")
    given = new_member_with_a_term_and_an_office(clerk)
    too_early = {
        name.replace("-0-", "-1-"): value
        for name, value in given.items()
        if name.startswith("offices-0-")
    } | {"offices-1-since": "2005"}
    given |= too_early | {"offices-TOTAL_FORMS": "3"}

    assert sentences(clerk.post(at(Member, "add"), given))[1:] == [NO_MEMBER.format("Carol Wood")]
    answer = clerk.post(at(Member, "add"), given | {"offices-1-DELETE": "on"})

    assert answer.status_code == 302
    assert [str(one) for one in Office.objects.all()] == ["Carol Wood, president, 2013"]


def test_clerk_reads_first_what_a_new_term_needs():
    clerk = browser("Council clerk")
    given = new_member_with_a_term_and_an_office(clerk) | {"terms-0-since": ""}

    assert sentences(clerk.post(at(Member, "add"), given))[1:] == ["This field is required."]


def test_clerk_enters_a_new_member_with_the_term_and_the_office():
    clerk = browser("Council clerk")
    given = new_member_with_a_term_and_an_office(clerk)

    assert clerk.post(at(Member, "add"), given).status_code == 302

    member = Member.objects.get()
    assert [str(one.since) for one in member.terms.all()] == ["January 1, 2010"]
    assert [str(one) for one in member.offices.all()] == ["Carol Wood, president, 2013"]


def test_pasted_minutes_name_whoever_held_the_office_that_day():
    members = make_members(3)
    make_office(members[1])
    make_office(members[2], since="2012", until="2012")
    resolution = make_resolution()
    clerk = browser("Council clerk")
    url = at(resolution, "vote") + f"?meeting={make_meeting().pk}"
    names = f"Ayes: {members[0].name}, {members[2].name}. Nays: President."

    page = clerk.post(url, form_of(clerk, url) | {"printed": names, "_fill_in": "1"})

    assert page.context["form"].initial[f"vote_{members[1].pk}"] == "no", text(page)


def test_days_of_an_office_are_those_on_which_it_can_have_begun(wood):
    assert office(wood, since="2013").days == (date(2013, 1, 1), date(2013, 12, 31))
    assert office(wood, since="[..2013-01-03]").days == (date(2013, 1, 3), date(2013, 1, 3))
    assert office(wood, since="[2013-01-03..]").days == (date(2013, 1, 3), date(2013, 1, 3))
