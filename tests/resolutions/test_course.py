"""How a resolution stands: the fold, the database's answer, and that they agree."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cities.records.derived import changed
from resolutions.course import (
    MAY_FOLLOW,
    NOT_CARRIED,
    STATUS_OF,
    UNDOING,
    UNVOTED,
    VOTED,
    Course,
    Kind,
    Outcome,
    Status,
    adopting,
    fold,
    moves,
    out_of_order,
)
from resolutions.models import Action, CoursePeriod, Resolution
from tests.cities.refusals import assert_database_refuses
from tests.factories import make_action, make_resolution

pytestmark = pytest.mark.django_db


def summary(course: Course) -> tuple:
    return course.status, course.since and course.since.number


def in_python_and_sql(resolution: Resolution, day: date) -> tuple:
    """What the database and the fold say, which must be the same."""
    row = Resolution.objects.with_course(day).get(pk=resolution.pk)
    since = row.actions.filter(on_earliest=row.course_since_earliest).order_by("number")
    in_memory = resolution.course_on(day)
    assert (row.course.status, row.course.since) == (
        in_memory.status,
        in_memory.since and in_memory.since.on,
    )
    assert row.course_since_earliest == (in_memory.since and in_memory.since.on_earliest)
    assert in_memory.since is None or in_memory.since in since
    return summary(in_memory)


DAYS = st.dates(min_value=date(2013, 1, 1), max_value=date(2013, 12, 31))
DATES = st.one_of(
    DAYS.map(lambda day: day.isoformat()),
    DAYS.map(lambda day: day.strftime("%Y-%m")),
    st.sampled_from(["2013", "2013~", "[2013-08-12,2013-08-19]", "2013-05/.."]),
)
ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(Kind.values),
        DATES,
        st.sampled_from(["carried", "carried", "lost", "unknown"]),
        st.sampled_from(["published", "published", "published", "draft", "withdrawn"]),
    ),
    max_size=9,
)


def write_actions(resolution: Resolution, actions: list) -> None:
    Action.objects.filter(resolution=resolution)._raw_delete("default")
    rows = []
    for number, (kind, on, outcome, state) in enumerate(actions, start=1):
        is_withdrawn = state == "withdrawn"
        is_voted = kind not in UNVOTED
        rows.append(
            Action(
                resolution=resolution,
                organization=resolution.organization,
                number=number,
                kind=kind,
                on=on,
                outcome=outcome if is_voted else "",
                method="not_recorded" if is_voted else "",
                publication=state,
                withdrawn_on=date(2014, 1, 1) if is_withdrawn else None,
                withdrawn_because="Wrong." if is_withdrawn else "",
            )
        )
    Action.objects.bulk_create(rows)
    changed([resolution, *rows])


@settings(max_examples=150)
@given(actions=ACTIONS, day=DAYS)
def test_database_and_fold_agree_on_any_actions_and_day(actions, day):
    resolution = Resolution.objects.first() or make_resolution()
    write_actions(resolution, actions)

    in_python_and_sql(Resolution.objects.get(pk=resolution.pk), day)


def course(*actions: tuple) -> Resolution:
    """A resolution with actions (kind, date, outcome, state); what is left out is usual."""
    resolution = make_resolution()
    usual = ("introduce", "2013-01-01", "carried", "published")
    write_actions(resolution, [(*action, *usual[len(action) :]) for action in actions])
    return Resolution.objects.get(pk=resolution.pk)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("introduce", "introduced"),
        ("refer", "referred"),
        ("amend", None),
        ("table", "tabled"),
        ("take_from_table", "introduced"),
        ("postpone", "postponed"),
        ("withdraw", "withdrawn"),
        ("reconsider", "introduced"),
        ("adopt", "adopted"),
        ("fail", "failed"),
        ("veto", "vetoed"),
        ("override", "adopted"),
        ("rescind", "rescinded"),
        ("correct", None),
        ("recommend", None),
        ("recommend_against", None),
        ("report", None),
        ("suspend_rules", None),
        ("sign", None),
        ("unsigned", None),
    ],
)
def test_kind_brings_its_status_from_its_first_day_on(kind, status):
    resolution = course((kind, "2013-08"))

    assert in_python_and_sql(resolution, date(2013, 7, 31)) == (None, None)
    assert in_python_and_sql(resolution, date(2013, 8, 1)) == (status, status and 1)


@pytest.mark.parametrize("kind", [kind.value for kind in Kind if kind not in UNVOTED])
def test_motion_that_is_lost_moves_nothing_but_adoption_fails(kind):
    resolution = course(("introduce", "2013-01-01"), (kind, "2013-08-19", "lost"))

    expected = ("failed", 2) if kind == "adopt" else ("introduced", 1)
    assert in_python_and_sql(resolution, date(2013, 12, 31)) == expected
    assert moves(kind, "lost") == (kind == "adopt")


@pytest.mark.parametrize("kind", [kind.value for kind in Kind if kind not in UNVOTED])
def test_motion_without_a_result_on_record_moves_nothing_but_an_adoption_is_in_doubt(kind):
    resolution = course(("introduce", "2013-01-01"), (kind, "2013-08-19", "unknown"))

    is_in_doubt = kind in ("adopt", "override")
    expected = ("unknown", 2) if is_in_doubt else ("introduced", 1)
    assert in_python_and_sql(resolution, date(2013, 12, 31)) == expected
    assert moves(kind, "unknown") == is_in_doubt
    assert resolution.adoption is None
    assert not Action.objects.adopting().exists()


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in ("introduce", "override")])
def test_after_a_vote_without_a_result_on_record_what_follows_shows_what_it_may_have_been(kind):
    vote = Step(1, "adopt", "unknown")

    assert list(out_of_order([vote, Step(2, kind)])) == []


@pytest.mark.parametrize("kind", ["introduce", "override"])
def test_a_vote_comes_after_the_introduction_and_without_a_veto(kind):
    again = Step(2, kind)

    assert list(out_of_order([Step(1, "adopt", "unknown"), again])) == [(again, Status.UNKNOWN)]


COURSES = {
    "the status is since the action that brought it": (
        [("introduce", "2013-01-01"), ("introduce", "2013-02-01"), ("adopt", "2013-03-01")],
        "2013-02-15",
        ("introduced", 1),
    ),
    "actions of one day go in the order of recording": (
        [("adopt", "2013-03-01"), ("introduce", "2013-03-01")],
        "2013-03-01",
        ("introduced", 2),
    ),
    "drafts and what was withdrawn move nothing": (
        [
            ("introduce", "2013-01-01"),
            ("adopt", "2013-02-01", "carried", "draft"),
            ("adopt", "2013-02-01", "carried", "withdrawn"),
        ],
        "2013-12-31",
        ("introduced", 1),
    ),
    "a veto is overridden": (
        [("adopt", "2013-02-01"), ("veto", "2013-03-01"), ("override", "2013-04-01")],
        "2013-12-31",
        ("adopted", 3),
    ),
    "an override that is lost leaves the veto": (
        [("adopt", "2013-02-01"), ("veto", "2013-03-01"), ("override", "2013-04-01", "lost")],
        "2013-12-31",
        ("vetoed", 2),
    ),
    "a reconsideration without a result on record undoes no adoption": (
        [("adopt", "2013-02-01"), ("reconsider", "2013-03-01", "unknown")],
        "2013-12-31",
        ("adopted", 1),
    ),
    "a later vote with a result settles it": (
        [("adopt", "2013-02-01", "unknown"), ("adopt", "2013-03-01")],
        "2013-12-31",
        ("adopted", 2),
    ),
    "one of two days counts from the first": (
        [("adopt", "[2013-08-12,2013-08-19]")],
        "2013-08-12",
        ("adopted", 1),
    ),
}


@pytest.mark.parametrize(("actions", "day", "expected"), COURSES.values(), ids=COURSES)
def test_course(actions, day, expected):
    assert in_python_and_sql(course(*actions), date.fromisoformat(day)) == expected


def test_course_after_all_needs_no_day():
    resolution = course(("introduce", "2013-01-01"), ("adopt", "2013-08-19"))

    assert summary(resolution.course_on()) == ("adopted", 2)
    assert resolution.course_on().is_adopted
    assert resolution.course_on().label == "adopted"
    assert (Course().label, Course().is_adopted) == ("", False)


@dataclass
class Step:
    """What the plain rules read of an action."""

    number: int
    kind: str
    outcome: str = "carried"
    on_earliest: date | None = date(2013, 1, 1)


STEPS = st.lists(
    st.tuples(st.sampled_from(Kind.values), st.sampled_from(Outcome.values)), max_size=8
).map(lambda pairs: [Step(n, *pair) for n, pair in enumerate(pairs, start=1)])


def test_action_without_a_first_day_is_not_reached():
    assert fold([Step(1, "adopt", on_earliest=None)]) == Course()


@given(steps=STEPS)
def test_what_is_adopted_was_adopted_by_an_action_that_nothing_undid(steps):
    found = adopting(steps)

    if not list(out_of_order(steps)):
        in_force = fold(steps).status in (Status.ADOPTED, Status.RESCINDED)
        assert (found is not None) == in_force
    if found is not None:
        assert found.kind in (Kind.ADOPT, Kind.OVERRIDE)
        assert found.outcome == Outcome.CARRIED
        after = steps[steps.index(found) + 1 :]
        assert not [s for s in after if s.kind in UNDOING and s.outcome not in NOT_CARRIED]


@given(steps=STEPS)
def test_in_turn_a_withdrawn_resolution_has_no_vote_after_it(steps):
    if list(out_of_order(steps)):
        return
    kinds = [(s.kind, s.outcome) for s in steps]
    if ("withdraw", "carried") in kinds:
        assert kinds.index(("withdraw", "carried")) == len(kinds) - 1


def test_out_of_turn_is_reported_with_the_status_that_forbade_it():
    withdrawn, adopted = Step(1, "withdraw"), Step(2, "adopt")

    assert list(out_of_order([adopted, withdrawn])) == [(adopted, Status.WITHDRAWN)]
    assert list(out_of_order([withdrawn])) == []


def test_every_kind_is_sorted_in():
    assert set(MAY_FOLLOW) == set(Kind)
    assert set(Kind) - set(STATUS_OF) == {
        *(Kind.AMEND, Kind.CORRECT, Kind.SUSPEND_RULES, Kind.SIGN, Kind.UNSIGNED),
        *(Kind.RECOMMEND, Kind.RECOMMEND_AGAINST, Kind.REPORT),
    }
    assert set(Kind) - set(VOTED) - set(UNVOTED) == {
        *(Kind.REFER, Kind.WITHDRAW, Kind.CORRECT),
        *(Kind.RECOMMEND, Kind.RECOMMEND_AGAINST, Kind.REPORT),
    }


def test_period_is_named_by_its_resolution_and_status():
    resolution = make_resolution(title="A text")
    make_action(resolution, "adopt", "2013-08-19")

    assert [str(period) for period in CoursePeriod.objects.all()] == [
        "A text: no status from 0001-01-01",
        "A text: adopted from 2013-08-19",
    ]


def test_resolution_has_one_period_in_each_place():
    make_resolution(title="A text")
    again = CoursePeriod.objects.get()
    again.pk = None

    assert_database_refuses(
        again, match=r"resolutions_courseperiod_position_once|courseperiod\.position"
    )
