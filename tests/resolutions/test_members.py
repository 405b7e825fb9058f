"""Seats, members and their terms in an organization, and what happened in them."""

from datetime import date
from io import StringIO
from itertools import permutations
from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import ProtectedError

from cities.models import Organization
from cities.records.publishing import Publication
from lrscc.files.loading import load
from resolutions.models import Member, Roster, Seat, Term
from tests.cities.refusals import (
    as_withdrawn,
    assert_clerk_reads,
    assert_database_refuses,
    assert_refused,
    load_record,
)
from tests.factories import (
    council,
    make_action,
    make_attendance,
    make_meeting,
    make_member,
    make_members,
    make_organization,
    make_resolution,
    make_roll_call,
    make_seat,
    make_source,
    make_term,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": Publication.DRAFT}
DAY = date(2013, 8, 19)
NEVER_DELETED = "A published record is never deleted. Withdraw it and say why."


def changed(record, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    return record


# --- seats ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        (
            {"label": ""},
            "resolutions_seat_labelled",
            {
                "label": ["This field cannot be blank."],
                "__all__": ["Enter the seat’s label, and at least one member."],
            },
        ),
        (
            {"places": 0},
            "resolutions_seat_labelled",
            {"places": ["Ensure this value is greater than or equal to 1."]},
        ),
        (
            {"since": "2014", "until": "2013"},
            "resolutions_seat_ends_after_it_begins",
            {"__all__": ["A seat cannot end before it begins."]},
        ),
    ],
)
def test_seat_rule_is_kept_everywhere(wrong, constraint, sentences):
    fields = {"slug": "ward-1", "organization": council(), "label": "1st Ward", "since": "1978"}
    seat = Seat(**fields | wrong)

    if "label" in wrong:  # without its constraint’s field Django leaves the constraint out
        sentences = {"label": ["This field cannot be blank."]}
    assert_refused(seat, sentences)
    assert_database_refuses(Seat(**fields | wrong), match=constraint)


def test_number_of_seats_has_dates():
    """Lansing’s Council has eight seats until the election of 2029, and nine from then on."""
    organization = council()
    make_seat(organization, places=4, label="Ward", since="1978")
    make_seat(organization, places=4, label="At large", since="1978", until="2029-12-31")
    make_seat(organization, places=5, label="At large", since="2030-01-01")
    make_seat(organization, label="Clerk", is_voting=False)

    def places(first: str, last: str) -> int | None:
        return Roster.of(organization, date.fromisoformat(first), date.fromisoformat(last)).places

    assert places("2013-08-12", "2013-08-19") == 8
    assert places("2029-12-31", "2029-12-31") == 8
    assert places("2030-01-01", "2030-01-01") == 9
    # Before any seat on record the number is not known: the council may have existed.
    assert places("1977-01-01", "1977-01-01") is None
    # On one of two days between which it changes, only the wards are sure.
    assert places("2029-12-31", "2030-01-01") == 4
    assert Roster.of(make_organization(), DAY, DAY).places is None


@pytest.mark.parametrize(
    ("since", "until", "sure"),
    [
        ("", "", True),
        ("2013-08-12", "2013-08-19", True),
        ("2013-08-13", "", False),
        ("", "2013-08-18", False),
        ("[..2013]", "[2013-08-19..]", False),
        ("[..2013-08-12]", "[2013-08-19..]", True),
        ("2013-08-12/..", "", False),  # begun some day after
    ],
)
def test_seat_is_in_force_when_it_surely_was_on_each_possible_day(since, until, sure):
    seat = Seat(since=since or None, until=until or None)

    assert seat.surely_covers(date(2013, 8, 12), DAY) == sure


def test_seat_does_not_shrink_away_from_under_a_roll_call():
    members = make_members(8)
    roll = make_roll_call(make_resolution(title="Ties"), "yyyyyyyx", members)
    seat = Seat.objects.first()
    sentence = f"“{roll}” has more votes than there would be seats."
    term = seat.terms.get()
    Term.objects.filter(pk=term.pk).update(seat=None)

    assert_refused(changed(seat, until="2012"), {"__all__": [sentence]})
    seat.refresh_from_db()
    assert_refused(changed(seat, is_voting=False), {"__all__": [sentence]})
    seat.refresh_from_db()
    assert_refused(changed(seat, organization=make_organization()), {"__all__": [sentence]})
    seat.refresh_from_db()
    for delete in (seat.delete, Seat.objects.filter(pk=seat.pk).delete):
        with pytest.raises(ProtectedError, match="Votes were cast from this seat"):
            delete()
    changed(seat, until="2013-08-19", label="First Ward").full_clean()
    changed(seat, places=2).full_clean()


def test_first_seats_on_record_are_enough_for_the_roll_calls_before():
    """A roll call of a council without seats on record has any number of votes."""
    members = [make_term(organization=council(), seat=None).member for __ in range(3)]
    roll = make_roll_call(make_resolution(title="Ties"), "yyy", members)
    sentence = f"“{roll}” has more votes than there would be seats."
    fields = {"organization": council(), "slug": "member", "label": "Member"}

    assert_refused(Seat(**fields, places=2), {"__all__": [sentence]})
    Seat(**fields, places=2, since="2014").full_clean()
    Seat(**fields, places=2, is_voting=False).full_clean()
    elsewhere = make_seat(make_organization(), places=2, since=None)
    assert_refused(changed(elsewhere, organization=council()), {"__all__": [sentence]})
    load_record(Seat(**fields, places=3))
    Seat(**fields | {"slug": "ward"}, places=1).full_clean()


def test_seat_without_a_roll_call_is_deleted_and_changed():
    seat, other = make_seat(), make_seat()
    make_roll_call(make_resolution(), "", [], **DRAFT)

    changed(seat, until="2000").full_clean()
    seat.delete()
    assert Seat.objects.filter(pk=other.pk).delete() == (1, {"resolutions.Seat": 1})
    assert not Seat.objects.exists()


def test_seat_in_which_somebody_sat_is_not_deleted():
    seat = make_term().seat

    with pytest.raises(ProtectedError):
        seat.delete()


@pytest.mark.parametrize(
    ("fields", "is_refused"),
    [
        ({"since": "2011"}, True),
        ({"until": "2019"}, True),
        ({"since": "2010-06"}, True),
        ({"since": "2010"}, False),
        ({"until": "2099"}, False),
        ({"since": None}, False),
    ],
)
def test_seat_lasts_as_long_as_somebody_sits_in_it(fields, is_refused):
    term = make_term(make_member("carol-wood"), since="2010-01-01")
    seat = changed(term.seat, **fields)

    if is_refused:
        sentence = (
            "Carol Wood held this seat from January 1, 2010 to today. Correct that term first,"
            " or the dates of the seat."
        )
        assert_refused(seat, {"__all__": [sentence]})
    else:
        seat.full_clean()


def test_seat_keeps_its_organization_and_its_vote_while_somebody_acted_in_it():
    term = make_term(make_member("carol-wood"))
    make_action(make_resolution(), mover=term.member)

    seat = changed(term.seat, organization=make_organization())
    assert_refused(seat, {"organization": ["Carol Wood held this seat in another organization."]})
    seat = changed(Seat.objects.get(), is_voting=False)
    assert_refused(seat, {"is_voting": ["Votes were cast from this seat."]})


def test_seat_of_a_public_organization_names_no_draft():
    draft = make_source(title="Charter", **DRAFT)

    seat = Seat(slug="ward-1", organization=council(), label="1st Ward", source=draft)

    assert_clerk_reads(seat, {"source": ["Publish “Charter” first. It is still a draft."]})


def test_seat_is_named_by_its_organization_and_label():
    assert str(make_seat(label="1st Ward")) == "Lansing City Council: 1st Ward"


# --- members ----------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["name", "sort_name"])
def test_member_has_a_name_and_one_to_sort_by(field):
    fields = {"slug": "wood", "name": "Carol Wood", "sort_name": "Wood, Carol"} | {field: ""}

    assert_refused(Member(**fields), {field: ["This field cannot be blank."]})
    assert_database_refuses(Member(**fields), match="resolutions_member_named")


@pytest.mark.parametrize(
    ("fields", "constraint", "sentence"),
    [
        (
            {"publication": "secret"},
            "resolutions_member_publication_known",
            "Choose draft, published or withdrawn.",
        ),
        (
            {"publication": "withdrawn"},
            "resolutions_member_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
    ],
)
def test_member_is_in_some_state_of_publication(fields, constraint, sentence):
    fields = {"slug": "wood", "name": "Carol Wood", "sort_name": "Wood, Carol"} | fields

    assert_clerk_reads(Member(**fields), sentence)
    assert_database_refuses(Member(**fields), match=constraint)


def test_member_keeps_the_slug():
    member = changed(make_member("wood"), slug="woods")

    assert_clerk_reads(member, "This record is published, so its web address cannot change.")


def test_member_who_acted_is_not_withdrawn():
    term, seconder = make_term(), make_term().member
    member = term.member
    roll = make_roll_call(make_resolution(title="Ties"), "y", [member])
    moved = make_action(make_resolution(title="Funds"), mover=member, seconder=seconder)
    meeting = make_meeting()
    make_attendance(meeting, member)

    assert_refused(
        as_withdrawn(member),
        {
            "__all__": [
                f"“{meeting}” has this member on its list. Withdraw that meeting first.",
                f"“{roll}” has this member’s vote. Withdraw that action first.",
                f"“{moved}” was moved by this member. Withdraw that action first.",
            ]
        },
    )
    assert_refused(
        as_withdrawn(seconder),
        {"__all__": [f"“{moved}” was seconded by this member. Withdraw that action first."]},
    )
    member.refresh_from_db()
    with pytest.raises(ValidationError, match="has this member’s vote"):
        member.withdraw(because="Another person.", on=DAY)
    for record in (roll, moved, meeting):
        record.withdraw(because="Another person.", on=DAY)
    member.withdraw(because="Another person.", on=DAY)


def test_member_is_named():
    member = make_member("carol-wood")

    assert str(member) == "Carol Wood"
    assert member.get_absolute_url() == "/members/carol-wood/"


# --- terms ------------------------------------------------------------------------------


def term(member=None, **fields) -> Term:
    """A term as yet unsaved, right but for what the test says."""
    usual = {"member": member or make_member("carol-wood"), "organization": council()}
    return Term(**usual | {"since": "2010", "source": make_source()} | fields)


def test_term_is_there_once():
    first = make_term(make_member("carol-wood"), organization=council(), since="2010")
    again = term(first.member)

    assert_clerk_reads(
        again,
        {
            "since": [
                (
                    "Carol Wood, Lansing City Council is on record for the same time (2010 –"
                    " today). End that term first, or correct the dates."
                )
            ],
        },
    )
    assert_database_refuses(
        again,
        match=r"resolutions_term_once|term\.member_id, resolutions_term\.organization_id",
    )


def test_term_ends_after_it_begins():
    wrong = term(since="2013", until="2012")

    assert_refused(wrong, "A term cannot end before it begins.")
    assert_database_refuses(wrong, match="resolutions_term_ends_after_it_begins")


def test_term_is_in_a_seat_of_its_organization():
    wrong = term(seat=make_seat(make_organization()))

    assert_refused(
        wrong,
        {"seat": ["That seat belongs to another organization. Choose one of this organization."]},
    )


@pytest.mark.parametrize(
    ("seat", "fields", "fits"),
    [
        ({"since": "2011"}, {}, False),
        ({"since": "2010-06"}, {"since": "2010"}, True),
        ({"until": "2012"}, {"until": "2013"}, False),
        ({"until": "2012"}, {}, False),
        ({"until": "2012"}, {"until": "2012"}, True),
        ({"until": "2012"}, {"until": "[2012-01-01..]"}, True),
        ({"until": "2099"}, {}, True),
    ],
)
def test_term_lies_within_its_seat_s_time(seat, fields, fits):
    chosen = make_seat(**seat)
    record = term(seat=chosen, **fields)

    if fits:
        record.full_clean()
    else:
        sentence = (
            "That seat did not exist for the whole term"
            f" ({chosen.since} – {chosen.until or 'today'}). Choose another, or correct the dates."
        )
        assert_refused(record, {"seat": [sentence]})


def test_seat_holds_no_more_members_than_it_has_places():
    seat = make_seat(places=2, label="At large")
    make_term(make_member("robinson"), seat)
    term(make_member("dunbar"), seat=seat).full_clean()
    make_term(make_member("dunbar-2"), seat, until="2012-12-31")

    full = term(make_member("quinney"), seat=seat, since="2012-12-31")

    assert_refused(
        full,
        {
            "since": [
                (
                    "Dunbar 2, At large is on record for the same time (January 1, 2010 – December"
                    " 31, 2012). End that term first, or correct the dates."
                )
            ]
        },
    )
    term(make_member("washington"), seat=seat, since="2013-01-01").full_clean()


def test_long_service_beside_successive_colleagues_is_on_record_in_any_order():
    seat = make_seat(places=2, label="At large")
    long = {"since": "2000-01-01", "until": "2019-12-31"}
    successive = [
        {"since": f"{year}-01-01", "until": f"{year + 3}-12-31"} for year in (2000, 2004, 2008)
    ]
    for dates in permutations([long, *successive]):
        Term.objects.all()._raw_delete("default")
        for one in dates:
            make_term(make_member(), seat, **one)
        assert [one.full_clean() for one in Term.objects.all()] == [None] * 4

    assert_refused(
        term(seat=seat, since="2005-05-05", until="2005-05-05"),
        {
            "since": [
                (
                    f"{Term.objects.get(since='2004-01-01')} is on record for the same"
                    " time (January 1, 2004 – December 31, 2007). End that term first, or"
                    " correct the dates."
                )
            ]
        },
    )


@pytest.mark.parametrize("places", [1, 2, 4])
def test_whatever_terms_a_seat_takes_it_takes_again_from_a_dump(places, tmp_path):
    chance, seat = Random(places), make_seat(places=places, label="At large")
    years = range(1980, 2020)
    taken = 0
    for __ in range(60):
        first, last = sorted(chance.choices(years, k=2))
        dates = {
            "since": chance.choice([f"{first}", f"{first}-03-04", f"{first}~", f"{first}/.."]),
            "until": chance.choice([f"{last + 1}", f"{last + 1}-02-28", f"{last + 1}/.."]),
        }
        try:
            make_term(make_member(), seat, **dates).full_clean()
            taken += 1
        except ValidationError:
            Term.objects.latest("pk").delete()
    assert places <= taken < 60
    call_command("dump_register", tmp_path / "first", stdout=StringIO())
    Term.objects.all()._raw_delete("default")
    load([tmp_path / "first"], lambda *_: None)
    call_command("dump_register", tmp_path / "second", stdout=StringIO())

    for file in (tmp_path / "first").iterdir():
        assert (tmp_path / "second" / file.name).read_bytes() == file.read_bytes()


def test_seat_keeps_as_many_places_as_members_sat_in_it_at_once():
    seat = make_seat(places=3, label="At large")
    make_term(make_member(), seat, since="2010-01-01", until="2012-12-31")
    make_term(make_member(), seat, since="2012-01-01")
    make_term(make_member(), seat, since="2013-01-01")

    sentence = "More members than that held this seat at the same time."
    assert_refused(changed(seat, places=1), {"places": [sentence]})
    changed(seat, places=2).full_clean()


def test_member_has_one_term_at_a_time_in_an_organization():
    first = make_term(make_member("carol-wood"), since="2010-01-01", until="2013-12-31")

    assert_refused(
        term(first.member, since="2013"),
        {
            "since": [
                (
                    f"Carol Wood, {first.seat.label} is on record for the same time (January 1,"
                    " 2010 – December 31, 2013). End that term first, or correct the dates."
                )
            ]
        },
    )
    term(first.member, since="2014").full_clean()
    term(first.member, organization=make_organization()).full_clean()
    # Of a beginning nobody knows more than that it came later, nothing is sure.
    term(first.member, since="2013/..").full_clean()
    make_term(make_member("late"), organization=council(), since="2013/..")
    term(Member.objects.get(slug="late"), since="2010").full_clean()


def test_term_is_looked_up_among_its_own_alone(django_assert_max_num_queries):
    for __ in range(20):
        make_term()
    record = term(seat=make_seat())

    with django_assert_max_num_queries(10):
        record.full_clean()


@pytest.mark.parametrize("deed", ["vote", "motion", "attendance"])
@pytest.mark.parametrize(
    "change",
    [
        {"until": "2012"},
        {"since": "2014"},
        {"organization": "other"},
        {"member": "other"},
        {"seat": "clerk"},
    ],
)
def test_term_does_not_shrink_away_from_under_what_was_done_in_it(deed, change):
    record = make_term(make_member("carol-wood"), organization=council(), since="2010")
    if deed == "vote":
        rests = make_roll_call(make_resolution(title="Ties"), "y", [record.member])
    elif deed == "motion":
        rests = make_action(make_resolution(title="Ties"), seconder=record.member)
    else:
        rests = make_meeting()
        make_attendance(rests, record.member)
    named = {
        "other": make_organization() if "organization" in change else make_member(),
        "clerk": make_seat(is_voting=False),
    }
    changed(record, **{name: named.get(value, value) for name, value in change.items()})

    if deed == "attendance" and "seat" in change:
        record.full_clean()  # who has no vote was there all the same
    else:
        assert_clerk_reads(
            record,
            f"“{rests}” depends on this term. The person, the organization, the seat and the"
            " dates must still cover it.",
        )


def test_term_with_a_vote_is_kept_by_the_loader_too():
    record = make_term(make_member("carol-wood"), organization=council(), since="2010")
    roll = make_roll_call(make_resolution(title="Ties"), "y", [record.member])

    assert_refused(
        changed(record, until="2012"),
        f"“{roll}” depends on this term. The person, the organization, the seat and the dates"
        " must still cover it.",
    )


def test_term_in_which_somebody_acted_is_not_deleted():
    record = make_term(organization=council(), since="2010")
    make_roll_call(make_resolution(), "y", [record.member])

    for delete in (record.delete, Term.objects.all().delete):
        with pytest.raises(ProtectedError, match="The person acted in this term"):
            delete()
    # Another term that covers the day bears the vote as well.
    make_term(record.member, organization=council(), since="2013-01-01")
    changed(record, until="2012").full_clean()
    record.delete()


def test_term_in_which_nobody_acted_is_deleted():
    record = make_term(since="2010")
    roll = make_roll_call(make_resolution(), "y", [record.member])
    roll.withdraw(because="Wrong.", on=DAY)
    make_roll_call(make_resolution(), "y", [record.member], on="2009-01-01")

    assert Term.objects.all().delete() == (1, {"resolutions.Term": 1})
    assert Term().dependent_records() == []


def test_terms_are_public_with_their_member_and_organization(django_assert_num_queries):
    shown = make_term()
    make_term(make_member(**DRAFT))
    make_term(make_member(), organization=make_organization(**DRAFT))

    with django_assert_num_queries(1):
        shown_terms = [(str(t), t.source.slug) for t in Term.objects.public()]

    assert shown_terms == [(str(shown), shown.source.slug)]


def test_term_without_its_fields_is_asked_for_them():
    assert_clerk_reads(
        Term(),
        {
            name: ["This field cannot be null."]
            for name in ("member", "organization", "since", "source")
        },
    )


# --- who sat that day -------------------------------------------------------------------


def test_roster_shows_who_surely_sat_and_who_may_have():
    organization = council()
    sure = make_term(seat=make_seat(organization), since="2010")
    seatless = make_term(organization=organization, since="[..2013-07-15]", until="[2013-08-19..]")
    maybe = make_term(seat=make_seat(organization), since="2013-08-15")
    gone = make_term(seat=make_seat(organization), until="2013-08-11")
    mute = make_term(seat=make_seat(organization, is_voting=False))

    roster = Roster.of(organization, date(2013, 8, 12), DAY)

    assert (roster.places, roster.certain, roster.possible) == (3, [sure, seatless], [maybe])
    assert roster.vacancies == 1
    assert [roster.holds(t.member) for t in (sure, seatless, maybe, gone, mute)] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_roster_of_an_organization_whose_seats_are_not_found_knows_no_vacancies():
    term = make_term(organization=council())

    roster = Roster.of(council(), DAY, DAY)

    assert (roster.places, roster.vacancies, roster.certain) == (None, None, [term])


def test_roster_with_more_members_than_seats_has_no_vacancy():
    organization = council()
    make_seat(organization)
    make_term(organization=organization)
    make_term(organization=organization)

    assert Roster.of(organization, DAY, DAY).vacancies == 0


@pytest.mark.parametrize("count", [1, 9])
def test_roster_takes_two_queries_or_none(count, django_assert_num_queries):
    make_members(count)

    organization = council()
    with django_assert_num_queries(2):
        roster = Roster.of(organization, DAY, DAY)
        assert len([str(term) for term in roster.certain]) == count
    parts = ("seats", "terms__member", "terms__seat")
    read = Organization.objects.prefetch_related(*parts).get()
    with django_assert_num_queries(0):
        roster = Roster.of(read, DAY, DAY)
        assert len([str(term) for term in roster.certain]) == count


def test_seat_and_term_are_kept_with_every_change():
    seat = make_seat(label="1st Ward")
    load_record(changed(seat, label="First Ward"))

    versions = Seat.history.filter(id=seat.pk).order_by("history_id")
    assert [(v.label, v.history_change_reason) for v in versions] == [
        ("1st Ward", None),
        ("First Ward", "load_register register.toml"),
    ]


def test_seat_without_an_organization_is_refused_by_its_field_alone():
    assert Seat(label="1st Ward").clean() is None
