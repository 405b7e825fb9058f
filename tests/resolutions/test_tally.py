"""The arithmetic of votes: examples from the record and from the books, and what always holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolutions.tally import (
    AWAY,
    BY_CONSENT,
    WITHOUT_NAMES,
    Announced,
    Base,
    Choice,
    Method,
    Requirement,
    Result,
    Rule,
    Tally,
    result,
)

MAJORITY, TWO_THIRDS, NUMBER = Requirement.MAJORITY, Requirement.TWO_THIRDS, Requirement.NUMBER
CAST, PRESENT, SERVING, SEATS = Base.CAST, Base.PRESENT, Base.SERVING, Base.SEATS


@pytest.mark.parametrize(
    ("tally", "rule", "seats", "expected"),
    [
        # January 2017: 4–4, and no president.
        (Tally(yes=4, no=4), Rule(MAJORITY, CAST), 8, Result(False, 4, 5, 8)),
        (Tally(yes=4, no=4), Rule(MAJORITY, SEATS), 8, Result(False, 4, 5, 8)),
        # 7–4 is not enough where 8 of 11 are needed.
        (Tally(yes=7, no=4), Rule(TWO_THIRDS, SEATS), 11, Result(False, 7, 8, 11)),
        (Tally(yes=7, no=4), Rule(NUMBER, SEATS, 8), 11, Result(False, 7, 8, 11)),
        (Tally(yes=8, no=3), Rule(TWO_THIRDS, SEATS), 11, Result(True, 8, 8, 11)),
        # August 2013: 7–0 with one of eight away.
        (Tally(yes=7, absent=1), Rule(MAJORITY, SEATS), 8, Result(True, 7, 5, 8)),
        (Tally(yes=7, absent=1), Rule(MAJORITY, CAST), 8, Result(True, 7, 4, 7)),
        # An abstention in the base, or out of it (Robert’s Rules §44).
        (Tally(yes=3, no=2, abstain=2), Rule(MAJORITY, CAST), 8, Result(True, 3, 3, 5)),
        (
            Tally(yes=3, no=2, abstain=2),
            Rule(MAJORITY, CAST, None, True),
            8,
            Result(False, 3, 4, 7),
        ),
        (Tally(yes=3, no=2, abstain=2), Rule(MAJORITY, PRESENT), 8, Result(False, 3, 4, 7)),
        (Tally(yes=3, no=2, not_voting=2), Rule(MAJORITY, PRESENT), 8, Result(False, 3, 4, 7)),
        # Who is recused has left the question, and still serves.
        (Tally(yes=3, no=2, recused=2), Rule(MAJORITY, PRESENT), 8, Result(True, 3, 3, 5)),
        (Tally(yes=3, no=2, recused=2), Rule(MAJORITY, SERVING), 8, Result(False, 3, 4, 7)),
        # A vacancy is a seat and nobody serving: 4 of 7 serving, 4 of 8 seats.
        (Tally(yes=4, no=2, absent=1), Rule(MAJORITY, SERVING), 8, Result(True, 4, 4, 7)),
        (Tally(yes=4, no=2, absent=1), Rule(MAJORITY, SEATS), 8, Result(False, 4, 5, 8)),
        (Tally(yes=4, no=2, excused=1), Rule(MAJORITY, PRESENT), 8, Result(True, 4, 4, 6)),
        # Two-thirds are exact: 6 of 9, 7 of 10, 4 of 6, 1 of 1.
        (Tally(yes=6, no=3), Rule(TWO_THIRDS, CAST), 9, Result(True, 6, 6, 9)),
        (Tally(yes=6, no=4), Rule(TWO_THIRDS, CAST), 10, Result(False, 6, 7, 10)),
        (Tally(yes=4, no=2), Rule(TWO_THIRDS, CAST), 6, Result(True, 4, 4, 6)),
        (Tally(yes=1), Rule(TWO_THIRDS, CAST), 8, Result(True, 1, 1, 1)),
        # Nothing cast carries nothing.
        (Tally(absent=8), Rule(MAJORITY, CAST), 8, Result(False, 0, 1, 0)),
        (Tally(absent=8), Rule(TWO_THIRDS, CAST), 8, Result(False, 0, 0, 0)),
        (Tally(absent=8), Rule(NUMBER, SEATS), 8, Result(False, 0, 0, 8)),
        # A fixed number is enough, whoever says no.
        (Tally(yes=3, no=5), Rule(NUMBER, SEATS, 3), 8, Result(True, 3, 3, 8)),
    ],
)
def test_vote_comes_out_as_the_rule_says(tally, rule, seats, expected):
    assert result(tally, rule, seats=seats, serving=tally.roll) == expected


COUNTS = st.integers(min_value=0, max_value=12)
TALLIES = st.builds(Tally, *[COUNTS] * 7)
RULES = st.builds(
    Rule,
    st.sampled_from(Requirement.values),
    st.sampled_from(Base.values),
    st.integers(min_value=1, max_value=12),
    st.booleans(),
)
VACANT = st.integers(min_value=0, max_value=3)


def came_out(tally: Tally, rule: Rule, vacant: int) -> Result:
    return result(tally, rule, seats=tally.roll + vacant, serving=tally.roll)


@given(tally=TALLIES, rule=RULES, vacant=VACANT)
def test_tie_carries_nothing_that_needs_a_part(tally, rule, vacant):
    tied = Tally(tally.yes, tally.yes, tally.abstain, tally.recused, tally.absent)

    if rule.requirement != NUMBER:
        assert not came_out(tied, rule, vacant).is_carried


@given(tally=TALLIES, rule=RULES, vacant=VACANT)
def test_what_carries_has_what_it_needed_and_nothing_carries_without_a_yes(tally, rule, vacant):
    found = came_out(tally, rule, vacant)

    assert found.yes == tally.yes
    if found.is_carried:
        assert found.yes >= found.needed
        assert found.yes > 0
    elif rule.requirement == NUMBER:
        assert found.yes < found.needed
    else:
        assert found.yes < found.needed or found.yes <= tally.no


@given(tally=TALLIES, rule=RULES, vacant=VACANT, turned=st.sampled_from(Choice.values))
def test_member_who_turns_to_yes_never_sinks_a_motion(tally, rule, vacant, turned):
    count = getattr(tally, turned)
    if turned == Choice.YES or count == 0:
        return
    counts = {choice: getattr(tally, choice) for choice in Choice.values}
    better = Tally(**counts | {turned: count - 1, "yes": tally.yes + 1})

    if came_out(tally, rule, vacant).is_carried and rule.base not in (CAST, PRESENT):
        assert came_out(better, rule, vacant).is_carried
    if came_out(tally, rule, vacant).is_carried and turned in (Choice.NO, Choice.ABSTAIN):
        assert came_out(better, rule, vacant).is_carried


@given(tally=TALLIES, vacant=VACANT, requirement=st.sampled_from([MAJORITY, TWO_THIRDS]))
def test_wider_base_never_needs_fewer(tally, vacant, requirement):
    needed = [
        came_out(tally, Rule(requirement, base), vacant).needed
        for base in (CAST, PRESENT, SERVING, SEATS)
    ]

    assert needed == sorted(needed)


@given(of=st.integers(min_value=0, max_value=1000))
def test_more_than_half_and_two_thirds_are_exact(of):
    half, two_thirds = Rule(MAJORITY).needed(of), Rule(TWO_THIRDS).needed(of)

    assert 2 * half > of
    assert 2 * (half - 1) <= of
    assert 3 * two_thirds >= 2 * of
    assert 3 * (two_thirds - 1) < 2 * of


@given(tally=TALLIES, rule=RULES, vacant=VACANT)
def test_recused_and_absent_members_never_help_a_no(tally, rule, vacant):
    """Whether they are away counts only in the bases of serving members and seats."""
    there = Tally(tally.yes, tally.no, tally.abstain)
    away = Tally(tally.yes, tally.no, tally.abstain, tally.recused, tally.absent, tally.excused)

    if rule.base in (CAST, PRESENT):
        assert came_out(there, rule, vacant) == came_out(away, rule, vacant)


@given(choices=st.lists(st.sampled_from(Choice.values)))
def test_tally_counts_each_ballot_once(choices):
    tally = Tally.of(choices)

    assert {choice: getattr(tally, choice) for choice in Choice.values} == {
        choice: choices.count(choice) for choice in Choice.values
    }
    assert tally.roll == len(choices)
    assert tally.away == choices.count("absent") + choices.count("excused")
    assert tally.present == tally.roll - tally.away - tally.recused


@pytest.mark.parametrize(("choice", "expected"), [("yes", Tally(5, 4)), ("no", Tally(4, 5))])
def test_deciding_vote_breaks_a_tie(choice, expected):
    tally = Tally(yes=4, no=4).with_tie_break(choice)

    assert tally == expected
    assert result(tally, Rule(MAJORITY), seats=8, serving=8).is_carried == (choice == "yes")


@pytest.mark.parametrize(
    ("tally", "choice"), [(Tally(yes=5, no=3), "yes"), (Tally(yes=4, no=4), "abstain")]
)
def test_nothing_else_is_broken(tally, choice):
    with pytest.raises(ValueError, match="Only a tie is broken, by a yes or a no"):
        tally.with_tie_break(choice)


@pytest.mark.parametrize(
    ("announced", "is_known", "tally"),
    [
        (Announced(7, 0), True, Tally(yes=7)),
        (Announced(7, 0, 1, 2), True, Tally(yes=7, abstain=1, absent=2)),
        (Announced(7), False, None),
        (Announced(no=0), False, None),
        (Announced(), False, None),
    ],
)
def test_printed_counts_are_known_when_both_sides_are(announced, is_known, tally):
    assert announced.is_known == is_known
    if tally is not None:
        assert announced.as_tally() == tally
    else:
        with pytest.raises(ValueError, match="Both sides of the vote must be known"):
            announced.as_tally()


@pytest.mark.parametrize(
    ("announced", "rule", "suffices"),
    [
        (Announced(7, 0), Rule(MAJORITY, CAST), True),
        (Announced(7, 0), Rule(MAJORITY, SEATS), True),
        (Announced(7, 0), Rule(MAJORITY, SEATS, None, True), True),
        (Announced(7, None, 0), Rule(MAJORITY, SEATS), False),
        # How many abstained is not known, and they would count.
        (Announced(7, 0), Rule(MAJORITY, PRESENT), False),
        (Announced(7, 0), Rule(MAJORITY, CAST, None, True), False),
        (Announced(7, 0, 0), Rule(MAJORITY, PRESENT), True),
        (Announced(7, 0, 0), Rule(MAJORITY, CAST, None, True), True),
    ],
)
def test_printed_counts_are_enough_when_all_that_counts_is_printed(announced, rule, suffices):
    assert announced.suffices(rule) == suffices


@pytest.mark.parametrize(
    ("announced", "differs"),
    [
        (Announced(), False),
        (Announced(5, 2, 1, 3), False),
        (Announced(5, None, None, 3), False),
        (Announced(6), True),
        (Announced(5, 1), True),
        (Announced(abstain=0), True),
        (Announced(absent=2), True),
    ],
)
def test_printed_count_differs_from_the_roll_where_one_is_printed(announced, differs):
    assert announced.differs_from(Tally(5, 2, 1, absent=2, excused=1)) == differs


@pytest.mark.parametrize(
    ("announced", "falls_short"),
    [
        (Announced(), False),
        (Announced(7, 1, 1), False),
        (Announced(2, 1, 1), False),
        (Announced(1, 1, 1), True),
        (Announced(2, 0), True),
        (Announced(abstain=0), True),
    ],
)
def test_more_names_than_printed_votes_are_noticed(announced, falls_short):
    assert announced.falls_short_of(Tally(2, 1, 1)) == falls_short


def test_ways_to_decide_are_sorted():
    assert set(Method) - set(WITHOUT_NAMES) == {Method.ROLL_CALL, Method.NOT_RECORDED}
    assert set(BY_CONSENT) < set(WITHOUT_NAMES)
    assert AWAY == (Choice.ABSENT, Choice.EXCUSED)
