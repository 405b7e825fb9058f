"""The filters of councils' and commissions' records, and what they refuse."""

from datetime import date

import pytest
from django.http import QueryDict
from django.utils.timezone import localdate

from cities.records.publishing import Publication
from resolutions.filters import (
    ActionFilter,
    MeetingFilter,
    MemberFilter,
    ResolutionFilter,
    SeatFilter,
    StatementFilter,
)
from resolutions.models import Action, Ballot, Meeting, Member, Resolution, Seat, Statement
from tests.factories import (
    council,
    make_action,
    make_city,
    make_meeting,
    make_member,
    make_members,
    make_organization,
    make_relationship,
    make_resolution,
    make_roll_call,
    make_seat,
    make_statement,
    make_term,
)

pytestmark = pytest.mark.django_db
DRAFT = {"publication": Publication.DRAFT}


def slugs(filterset: type, rows, question: str) -> list[str]:
    """The slugs or refs of what the question finds, in order."""
    filters = filterset(QueryDict(question), rows)
    assert filters.errors == {}
    return sorted(getattr(row, "ref", None) or row.slug for row in filters.qs)


def found(question: str) -> list[str]:
    return slugs(ResolutionFilter, Resolution.objects.public(), question)


# --- words and numbers ------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "#2018-001",
        "2018-1",
        "2018-001",
        "2018/001",
        "2018–001",
        "Resolution 2018-001",
        "RESOLUTION #2018-001",
        "resolution no. 1",
        "１",
        "#1",
        "1",
    ],
)
def test_number_is_found_in_every_spelling(question):
    make_resolution("it", number="RESOLUTION #2018-001", number_year=2018, number_serial=1)
    make_resolution("other", number="#2018-002", number_year=2018, number_serial=2)
    make_resolution("without", title="No number")
    parameters = QueryDict(mutable=True)
    parameters["q"] = question

    assert found(parameters.urlencode()) == ["it"]


@pytest.mark.parametrize(
    ("question", "slugs_found"),
    [
        ("2018-1", ["a", "plain"]),
        ("2018-1a", ["a"]),
        ("2017-1", ["earlier"]),
        ("#1", ["a", "earlier", "plain"]),
        ("2018-999999999", []),
        ("0", []),
    ],
)
def test_number_means_its_year_and_letter_if_they_are_given(question, slugs_found):
    for slug, year, suffix in (("plain", 2018, ""), ("a", 2018, "a"), ("earlier", 2017, "")):
        make_resolution(
            slug, number=f"#{year}", number_year=year, number_serial=1, number_suffix=suffix
        )

    parameters = QueryDict(mutable=True)
    parameters["q"] = question
    assert found(parameters.urlencode()) == slugs_found


@pytest.mark.parametrize(
    ("question", "is_found"),
    [
        ("petersburg", True),
        ("PETERSBURG ties", True),
        ("ties petersburg sever", True),
        ("petersburg kyoto", False),
        ("100%25", True),
        ("100_", False),
        ("%25%25", False),
        ("_", False),
        ("%5C", False),
        ("%27%3B--", False),
        ("+++", True),
        ("", True),
        ("Ōtsu", True),
        ("ōtsu", True),
        ("ŌTSU", True),
        ("otsu petersb", True),
        ("ＯＴＳＵ", True),
        ("大津", True),
        ("petersburg+" * 13, True),
    ],
)
def test_every_word_is_in_the_title_or_the_summary(question, is_found):
    make_resolution(
        "it",
        title="To sever ties with St. Petersburg",
        summary="As 100% of the members asked; not Ōtsu (大津).".replace(
            "not Ōtsu", "unlike Ōtsu"
        ),
    )

    assert found(f"q={question}") == (["it"] if is_found else [])


def test_words_beyond_the_twelfth_are_not_looked_for():
    make_resolution("it", title="a b c d e f g h i j k l")

    assert found("q=a+b+c+d+e+f+g+h+i+j+k+l+zzz") == ["it"]
    assert found("q=a+b+c+d+e+f+g+h+i+j+k+zzz") == []


# --- year, status, day ------------------------------------------------------------------


def test_year_is_of_the_number_or_of_something_done():
    make_resolution("numbered", number="#2013-1", number_year=2013, number_serial=1)
    make_action(make_resolution("done"), on="2013-08")
    make_action(make_resolution("twice"), "introduce", "2012-12-31")
    make_action(Resolution.objects.get(slug="twice"), on="2013-01-01")
    make_action(make_resolution("hidden"), on="2013", **DRAFT)
    make_resolution("without")

    assert found("year=2013") == ["done", "numbered", "twice"]
    assert found("year=2012") == ["twice"]
    assert found("year=1800") == found("year=2200") == []


@pytest.mark.parametrize(
    "year", ["1799", "2201", "-1", "2013.5", "13", "1e3", "0x7DD", "NaN", "Infinity", "9" * 400]
)
@pytest.mark.parametrize(
    ("filterset", "rows"), [(ResolutionFilter, Resolution), (MeetingFilter, Meeting)]
)
def test_year_that_is_none_is_refused_in_words(filterset, rows, year):
    filters = filterset(QueryDict(f"year={year}"), rows.objects.public())

    assert filters.errors == {
        "year": ["Enter a year with four digits, from 1800 to 2200, like 2013."]
    }


def test_question_that_is_too_long_is_refused_in_words():
    filters = ResolutionFilter(QueryDict(f"q={'a' * 201}"), Resolution.objects.public())

    assert filters.errors == {"q": ["Use fewer words: at most 200 characters."]}
    assert found(f"q={'a' * 200}") == []


@pytest.mark.parametrize("with_course_first", [True, False])
def test_status_is_the_one_of_the_day_whether_the_rows_have_another_or_none(with_course_first):
    resolution = make_resolution("it")
    make_action(resolution, "introduce", "2013-07-29")
    make_action(resolution, on="2013-08-19")
    make_resolution("without")
    rows = Resolution.objects.public()
    rows = rows.for_list() if with_course_first else rows

    def courses(question: str) -> list[tuple]:
        filters = ResolutionFilter(QueryDict(question), rows)
        return [(r.slug, r.course.status, str(r.course.since)) for r in filters.qs]

    introduced = ("it", "introduced", "July 29, 2013")
    adopted = ("it", "adopted", "August 19, 2013")
    assert courses("on=2013-08-18") == [introduced]
    assert courses("on=2013-08-18&status=introduced") == [introduced]
    assert courses("on=2013-08-18&status=adopted") == []
    assert courses("status=adopted") == courses("on=2013-08-19") == [adopted]
    assert courses("on=2013-07-28") == []
    without_a_question = ResolutionFilter(QueryDict(""), rows).qs.with_course(localdate())
    assert sorted((r.slug, r.course.status, str(r.course.since)) for r in without_a_question) == [
        adopted,
        ("without", None, "None"),
    ]


def test_day_asked_about_is_today_if_none_is_given():
    def day(question: str) -> date:
        return ResolutionFilter(QueryDict(question), Resolution.objects.public()).day

    assert day("on=2013-08-19") == date(2013, 8, 19)
    assert day("") == day("on=never") == localdate()


# --- place, member, organization ---------------------------------------------------------


@pytest.mark.parametrize(
    ("filterset", "model", "make"),
    [
        (ResolutionFilter, Resolution, make_resolution),
        (StatementFilter, Statement, make_statement),
    ],
)
def test_place_is_named_by_itself_or_by_its_relationship_once(filterset, model, make):
    otsu, kyoto = make_city("otsu"), make_city("kyoto")
    relationship, hidden = make_relationship(otsu), make_relationship(kyoto, **DRAFT)
    oslo = make_city("oslo", **DRAFT)
    both, by_relationship, by_draft = make("both"), make("by-tie"), make("by-draft")
    both.places.add(otsu, oslo)
    both.relationships.add(relationship)
    by_relationship.relationships.add(relationship)
    by_draft.relationships.add(hidden, make_relationship(oslo))
    make("apart")

    def about(slug: str) -> list[str]:
        return slugs(filterset, model.objects.public(), f"city={slug}")

    assert about("otsu") == ["both", "by-tie"]
    assert about("kyoto") == about("oslo") == about("nowhere") == []


def test_member_sponsored_moved_seconded_or_voted():
    ada, bob = make_members(2)
    for slug in ("sponsored", "moved", "seconded", "voted", "apart", "hidden"):
        make_resolution(slug)
    named = {r.slug: r for r in Resolution.objects.all()}
    named["sponsored"].sponsors.add(ada)
    make_action(named["moved"], mover=ada)
    make_action(named["seconded"], seconder=ada)
    make_roll_call(named["voted"], "yn", [ada, bob])
    make_action(named["hidden"], mover=ada, **DRAFT)

    assert found(f"member={ada.slug}") == ["moved", "seconded", "sponsored", "voted"]
    assert found(f"member={bob.slug}") == ["voted"]
    assert slugs(ActionFilter, Action.objects.public(), f"member={ada.slug}") == [
        "moved-1",
        "seconded-1",
        "voted-1",
    ]
    Member.objects.filter(pk=ada.pk).update(publication=Publication.DRAFT)
    assert found(f"member={ada.slug}") == []
    assert slugs(ActionFilter, Action.objects.public(), f"member={ada.slug}") == []


def test_actions_by_resolution_meeting_organization_and_kind():
    other = make_organization("other")
    meeting = make_meeting(slug="met")
    make_action(make_resolution("first"), meeting=meeting)
    make_action(make_resolution("second", organization=other), "introduce")
    actions = Action.objects.public()

    assert slugs(ActionFilter, actions, "resolution=first") == ["first-1"]
    assert slugs(ActionFilter, actions, "meeting=met") == ["first-1"]
    assert slugs(ActionFilter, actions, "organization=other") == ["second-1"]
    assert slugs(ActionFilter, actions, "kind=introduce") == ["second-1"]
    assert slugs(ActionFilter, actions, "resolution=first&kind=introduce") == []
    Meeting.objects.update(publication=Publication.DRAFT)
    assert slugs(ActionFilter, actions, "meeting=met") == []


def test_meetings_by_organization_kind_state_and_year():
    make_meeting("2013-08-19", slug="regular")
    make_meeting("2012-08", slug="special", kind="special")
    make_meeting(slug="off", state="cancelled", why_cancelled="Snow.")
    meetings = Meeting.objects.public()

    assert slugs(MeetingFilter, meetings, "organization=lansing-city-council&year=2012") == [
        "special"
    ]
    assert slugs(MeetingFilter, meetings, "kind=special") == ["special"]
    assert slugs(MeetingFilter, meetings, "state=cancelled") == ["off"]
    assert slugs(MeetingFilter, meetings, "year=2013&state=held") == ["regular"]


def test_member_of_an_organization_in_two_terms_is_found_once():
    member = make_member("ada")
    for since in ("2000", "2010"):
        make_term(member, organization=council(), since=since)
    make_term(make_member("bob"), organization=make_organization("other"))

    found = slugs(MemberFilter, Member.objects.public(), "organization=lansing-city-council")

    assert found == ["ada"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("1977-12-31", ["always", "until"]),
        ("1978-01-01", ["always", "since", "until"]),
        ("2029-12-31", ["always", "since", "until"]),
        ("2030-01-01", ["always", "since"]),
    ],
)
def test_seats_that_may_have_been_in_force_on_the_day(on, expected):
    make_seat(slug="always", since=None)
    make_seat(slug="since", since="1978")
    make_seat(slug="until", since="[..1960]", until="2029~")

    assert slugs(SeatFilter, Seat.objects.all(), f"on={on}") == expected
    assert slugs(SeatFilter, Seat.objects.all(), "") == ["always", "since", "until"]
    assert slugs(
        SeatFilter, Seat.objects.all(), "organization=lansing-city-council&on=2000-01-01"
    ) == [
        "always",
        "since",
        "until",
    ]


def test_vote_of_a_member_is_found_however_many_ballots_there_are():
    members = make_members(3)
    action = make_roll_call(make_resolution("it"), "yyy", members, mover=members[0])

    assert Ballot.objects.filter(action=action).count() == 3
    assert found(f"member={members[0].slug}") == ["it"]
