"""The rules of standing: the fold, the database's answer, and that they agree."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cities.models import Acceptance, Entry, Relationship
from cities.records.dates import RecordDate
from cities.records.derived import changed
from cities.records.publishing import Publication
from cities.standing import MOVING, EntryKey, Kind, Party, Standing, fold
from tests.factories import make_relationship, make_type

pytestmark = pytest.mark.django_db


def summary(standing: Standing) -> tuple:
    """A standing with its lines by number and its type by slug, however it was found."""
    return (
        standing.status,
        standing.home,
        standing.partner,
        getattr(standing.type, "slug", standing.type),
        standing.reason,
        standing.since and standing.since.number,
        standing.began and standing.began.number,
    )


def sides(standing: Standing) -> tuple:
    """What a standing says of each side alone."""
    return (
        standing.home_since and standing.home_since.number,
        standing.partner_since and standing.partner_since.number,
        standing.acted_alone,
        standing.confirmed and standing.confirmed.number,
        standing.plan and standing.plan.number,
    )


def in_python_and_sql(relationship: Relationship, day: date) -> tuple:
    """What the database and the fold say, which must be the same."""
    row = Relationship.objects.with_standing(day).get(pk=relationship.pk)
    in_memory = summary(relationship.standing_on(day))
    assert summary(row.standing) == in_memory
    assert sides(row.standing) == sides(relationship.standing_on(day))
    return in_memory


DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(1992, 12, 31))
DATES = st.one_of(
    DAYS.map(lambda day: day.isoformat()),
    DAYS.map(lambda day: day.strftime("%Y-%m")),
    DAYS.map(lambda day: f"{day.year}~"),
    st.just("[1990-03-01,1991-06-01]"),
)
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(Kind.values),
        DATES,
        st.sampled_from(Party.values),
        st.sampled_from([None, "sister-city", "friendship-city"]),
        st.sampled_from(["counts", "counts", "counts", "claimed", "draft", "withdrawn"]),
    ),
    max_size=9,
)


def write_history(relationship: Relationship, rows: list) -> None:
    types = {slug: make_type(slug) for slug in ("sister-city", "friendship-city")}
    Entry.objects.filter(relationship=relationship)._raw_delete("default")
    entries = []
    for number, (kind, on, party, slug, state) in enumerate(rows, start=1):
        withdrawn = state == "withdrawn"
        claimed = state == "claimed"
        entries.append(
            Entry(
                relationship=relationship,
                number=number,
                kind=kind,
                on=on,
                party=Party.PARTNER if kind == Kind.PARTNER_CEASED else party,
                type=types.get(slug) if kind in MOVING else None,
                acceptance=Acceptance.CLAIMED if claimed else Acceptance.ACCEPTED,
                why_not_preferred="Another account." if claimed else "",
                publication={"draft": Publication.DRAFT, "withdrawn": Publication.WITHDRAWN}.get(
                    state, Publication.PUBLISHED
                ),
                withdrawn_on=date(2000, 1, 1) if withdrawn else None,
                withdrawn_because="Wrong." if withdrawn else "",
            )
        )
    Entry.objects.bulk_create(entries)
    changed([relationship, *entries])


@settings(max_examples=150)
@given(entries=ENTRIES, day=DAYS)
def test_database_and_fold_agree_on_any_history_and_day(entries, day):
    relationship = Relationship.objects.first() or make_relationship()
    write_history(relationship, entries)

    status, *__ = in_python_and_sql(Relationship.objects.get(pk=relationship.pk), day)
    standing = Relationship.objects.get(pk=relationship.pk).standing_on(day)
    assert status != "active" or standing.confirmed.on_earliest <= day


SISTER, FRIEND = "sister-city", "friendship-city"
NOTHING = (None, None, None, None, None, None, None)


def relationship_with(*entries: tuple) -> Relationship:
    """A relationship with lines (kind, date, party, type, state); what is left out is usual."""
    relationship = make_relationship()
    usual = ("noted", "2000", "both", None, "counts")
    write_history(relationship, [(*entry, *usual[len(entry) :]) for entry in entries])
    return Relationship.objects.get(pk=relationship.pk)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("proposed", "proposed"),
        ("approved", "proposed"),
        ("planned", "proposed"),
        ("postponed", "proposed"),
        ("signed", "active"),
        ("concluded", "active"),
        ("renewed", "active"),
        ("resumed", "active"),
        ("reaffirmed", "active"),
        ("attested", "active"),
        ("dormant", "dormant"),
        ("suspended", "suspended"),
        ("terminated", "ended"),
        ("lapsed", "ended"),
        ("superseded", "ended"),
    ],
)
def test_kind_brings_its_status_to_both_sides(kind, status):
    relationship = relationship_with((kind, "1990", "both", SISTER))

    began = 1 if status == "active" else None
    reason = kind if status == "ended" else None
    assert in_python_and_sql(relationship, date(1990, 1, 1)) == (
        status,
        status,
        status,
        SISTER,
        reason,
        1,
        began,
    )


@pytest.mark.parametrize("kind", ["visited", "noted", "disputed"])
def test_kind_that_moves_nothing_changes_nothing(kind):
    alone = relationship_with((kind, "1990"))
    after = relationship_with(("signed", "1990", "both", SISTER), (kind, "1991"))

    assert in_python_and_sql(alone, date(2000, 1, 1)) == NOTHING
    assert in_python_and_sql(after, date(2000, 1, 1)) == (*3 * ("active",), SISTER, None, 1, 1)


STANDINGS = {
    "nothing is on record before the first line": (
        [("signed", "1990-05-02", "both", SISTER)],
        "1990-05-01",
        NOTHING,
    ),
    "a line counts from its first possible day": (
        [("signed", "1990-05", "both", SISTER)],
        "1990-05-01",
        ("active", "active", "active", SISTER, None, 1, 1),
    ),
    "one side alone does not contradict the other": (
        [("signed", "1990", "home", SISTER)],
        "1995-01-01",
        ("active", "active", None, SISTER, None, 1, 1),
    ),
    "the other side alone does not either": (
        [("approved", "1990", "partner", SISTER)],
        "1995-01-01",
        ("proposed", None, "proposed", SISTER, None, 1, None),
    ),
    "a side that ends it alone ends the whole: the other is silent": (
        [("signed", "1990", "both", SISTER), ("terminated", "1992", "partner")],
        "1995-01-01",
        ("ended", "active", "ended", SISTER, "terminated", 2, 1),
    ),
    "a side that suspends it alone suspends the whole": (
        [("signed", "1990", "both", SISTER), ("suspended", "1992", "home")],
        "1995-01-01",
        ("suspended", "suspended", "active", SISTER, None, 2, 1),
    ),
    "what the other said before is no answer": (
        [
            ("signed", "1990", "both", SISTER),
            ("reaffirmed", "1991", "partner"),
            ("terminated", "1992", "home"),
        ],
        "1995-01-01",
        ("ended", "ended", "active", SISTER, "terminated", 3, 1),
    ),
    "what the other said for itself later disputes it, since then": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1992", "home"),
            ("reaffirmed", "1993", "partner"),
        ],
        "1995-01-01",
        ("contested", "ended", "active", SISTER, None, 3, 1),
    ),
    "on the same day too, in whatever order they are recorded": (
        [
            ("signed", "1990", "both", SISTER),
            ("reaffirmed", "1992-03-01", "partner"),
            ("terminated", "1992-03-01", "home"),
        ],
        "1995-01-01",
        ("contested", "ended", "active", SISTER, None, 3, 1),
    ),
    "an entry of both sides on the same day is no answer of one": (
        [("signed", "1992-03-01", "both", SISTER), ("terminated", "1992-03-01", "home")],
        "1995-01-01",
        ("ended", "ended", "active", SISTER, "terminated", 2, 1),
    ),
    "a proposal is no answer": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1992", "home"),
            ("proposed", "1993", "partner"),
        ],
        "1995-01-01",
        ("ended", "ended", "active", SISTER, "terminated", 2, 1),
    ),
    "a visit, a note or a dispute that is noted is none either": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1992", "home"),
            ("visited", "1993", "partner"),
            ("disputed", "1994", "partner"),
        ],
        "1995-01-01",
        ("ended", "ended", "active", SISTER, "terminated", 2, 1),
    ),
    "a claimed answer is none": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1992", "home"),
            ("reaffirmed", "1993", "partner", None, "claimed"),
        ],
        "1995-01-01",
        ("ended", "ended", "active", SISTER, "terminated", 2, 1),
    ),
    "an answer to the suspension is none to the end that came after it": (
        [
            ("signed", "1990", "both", SISTER),
            ("suspended", "1991", "home"),
            ("renewed", "1992", "partner"),
            ("terminated", "1993", "home"),
        ],
        "1995-01-01",
        ("ended", "ended", "active", SISTER, "terminated", 4, 1),
    ),
    "an end that is said again is the same act": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1991", "home"),
            ("reaffirmed", "1992", "partner"),
            ("terminated", "1993", "home"),
        ],
        "1995-01-01",
        ("contested", "ended", "active", SISTER, None, 3, 1),
    ),
    "a graver act of the other goes further and disputes nothing": (
        [
            ("signed", "1990", "both", SISTER),
            ("suspended", "1991", "home"),
            ("terminated", "1992", "partner"),
        ],
        "1995-01-01",
        ("ended", "suspended", "ended", SISTER, "terminated", 3, 1),
    ),
    "a milder act of the other disputes the end": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1991", "home"),
            ("suspended", "1992", "partner"),
        ],
        "1995-01-01",
        ("contested", "ended", "suspended", SISTER, None, 3, 1),
    ),
    "the tie has ended when one side ended it, whatever the second does": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1992", "partner"),
            ("lapsed", "1993", "home"),
        ],
        "1995-01-01",
        ("ended", "ended", "ended", SISTER, "terminated", 2, 1),
    ),
    "one side alone does not resume what both ended": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1992"),
            ("resumed", "1993", "home"),
        ],
        "1995-01-01",
        ("ended", "active", "ended", SISTER, "terminated", 2, 1),
    ),
    "nor what one side ended and the other ended too": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1991", "partner"),
            ("lapsed", "1992", "home"),
            ("resumed", "1993", "home"),
        ],
        "1995-01-01",
        ("ended", "active", "ended", SISTER, "terminated", 2, 1),
    ),
    "the other that says again that it ended disputes the resumption": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1992"),
            ("resumed", "1993", "home"),
            ("terminated", "1994", "partner"),
        ],
        "1995-01-01",
        ("contested", "active", "ended", SISTER, None, 4, 1),
    ),
    "the other that follows resumes it": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1992"),
            ("resumed", "1993", "home"),
            ("resumed", "1994", "partner"),
        ],
        "1995-01-01",
        ("active", "active", "active", SISTER, None, 4, 1),
    ),
    "a side that takes back what it did alone leaves nothing to answer": (
        [
            ("signed", "1990", "both", SISTER),
            ("suspended", "1991", "home"),
            ("resumed", "1992", "home"),
        ],
        "1995-01-01",
        ("active", "active", "active", SISTER, None, 3, 1),
    ),
    "a side that only proposed does not lower what the other concluded": (
        [("signed", "1990", "home", SISTER), ("approved", "1991", "partner")],
        "1995-01-01",
        ("active", "active", "proposed", SISTER, None, 1, 1),
    ),
    "the partner that ceased ends the whole, and the home side stays": (
        [("signed", "1990", "both", SISTER), ("partner_ceased", "1992", "partner")],
        "1995-01-01",
        ("ended", "active", "ended", SISTER, "partner_ceased", 2, 1),
    ),
    "whatever the home side says, nobody is left to have it with": (
        [
            ("signed", "1990", "both", SISTER),
            ("partner_ceased", "1992", "partner"),
            ("reaffirmed", "1993", "home"),
        ],
        "1995-01-01",
        ("ended", "active", "ended", SISTER, "partner_ceased", 2, 1),
    ),
    "the home side that ends it later does not move the end": (
        [
            ("signed", "1990", "both", SISTER),
            ("partner_ceased", "1992", "partner"),
            ("lapsed", "1994", "home"),
        ],
        "1995-01-01",
        ("ended", "ended", "ended", SISTER, "partner_ceased", 2, 1),
    ),
    "the home side that had ended it before ended it": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1991", "home"),
            ("partner_ceased", "1992", "partner"),
        ],
        "1995-01-01",
        ("ended", "ended", "ended", SISTER, "terminated", 2, 1),
    ),
    "a partner that ceased leaves no dispute": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1991", "home"),
            ("reaffirmed", "1992", "partner"),
            ("partner_ceased", "1993", "partner"),
        ],
        "1995-01-01",
        ("ended", "ended", "ended", SISTER, "partner_ceased", 4, 1),
    ),
    "a successor that goes on with it makes it active": (
        [
            ("signed", "1990", "both", SISTER),
            ("partner_ceased", "1992", "partner"),
            ("resumed", "1993", "both"),
        ],
        "1995-01-01",
        ("active", "active", "active", SISTER, None, 3, 1),
    ),
    "the partner that ceased ends a tie of which it alone is known": (
        [("signed", "1990", "partner", SISTER), ("partner_ceased", "1992", "partner")],
        "1995-01-01",
        ("ended", None, "ended", SISTER, "partner_ceased", 2, 1),
    ),
    "renewals, reaffirmations and attestations do not reset since": (
        [
            ("signed", "1990", "both", SISTER),
            ("renewed", "1991"),
            ("reaffirmed", "1992"),
            ("attested", "1993", "both", SISTER),
        ],
        "1995-01-01",
        ("active", "active", "active", SISTER, None, 1, 1),
    ),
    "another type resets since, and began stays": (
        [("signed", "1990", "both", FRIEND), ("signed", "1992", "both", SISTER)],
        "1995-01-01",
        ("active", "active", "active", SISTER, None, 2, 1),
    ),
    "a type that comes back resets since again": (
        [
            ("signed", "1990", "both", FRIEND),
            ("signed", "1991", "both", SISTER),
            ("renewed", "1992", "both", FRIEND),
        ],
        "1995-01-01",
        ("active", "active", "active", FRIEND, None, 3, 1),
    ),
    "the day before the type changed has the old one": (
        [("signed", "1990", "both", FRIEND), ("signed", "1992", "both", SISTER)],
        "1991-12-31",
        ("active", "active", "active", FRIEND, None, 1, 1),
    ),
    "a tie that woke up is active since then, and began at first": (
        [
            ("signed", "1990", "both", SISTER),
            ("dormant", "1991"),
            ("resumed", "1992"),
        ],
        "1995-01-01",
        ("active", "active", "active", SISTER, None, 3, 1),
    ),
    "a proposal does not lower a tie that is active": (
        [("signed", "1990", "both", SISTER), ("proposed", "1992", "both", FRIEND)],
        "1995-01-01",
        ("active", "active", "active", SISTER, None, 1, 1),
    ),
    "a proposal does not lower a tie that is dormant": (
        [
            ("signed", "1990", "both", SISTER),
            ("dormant", "1991"),
            ("approved", "1992", "both", FRIEND),
        ],
        "1995-01-01",
        ("dormant", "dormant", "dormant", SISTER, None, 2, 1),
    ),
    "a proposal does not lower a tie that is suspended": (
        [
            ("signed", "1990", "both", SISTER),
            ("suspended", "1991"),
            ("proposed", "1992"),
        ],
        "1995-01-01",
        ("suspended", "suspended", "suspended", SISTER, None, 2, 1),
    ),
    "a proposal after the end counts, with its type": (
        [
            ("signed", "1990", "both", SISTER),
            ("lapsed", "1991"),
            ("proposed", "1992", "both", FRIEND),
        ],
        "1995-01-01",
        ("proposed", "proposed", "proposed", FRIEND, None, 3, 1),
    ),
    "a proposal to a side that ended counts for that side alone": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1991", "home"),
            ("proposed", "1992"),
        ],
        "1995-01-01",
        ("proposed", "proposed", "active", SISTER, None, 3, 1),
    ),
    "a second proposal does not reset since": (
        [("proposed", "1990", "both", SISTER), ("approved", "1991")],
        "1995-01-01",
        ("proposed", "proposed", "proposed", SISTER, None, 1, None),
    ),
    "signing makes what was proposed": (
        [("proposed", "1990", "both", SISTER), ("signed", "1991")],
        "1995-01-01",
        ("active", "active", "active", SISTER, None, 2, 2),
    ),
    "the type of the signing stands against a later proposal": (
        [
            ("proposed", "1990", "both", SISTER),
            ("signed", "1991", "both", FRIEND),
            ("proposed", "1992", "both", SISTER),
        ],
        "1995-01-01",
        ("active", "active", "active", FRIEND, None, 2, 2),
    ),
    "another reason for the end does not reset since, nor the reason": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1991"),
            ("superseded", "1992"),
        ],
        "1995-01-01",
        ("ended", "ended", "ended", SISTER, "terminated", 2, 1),
    ),
    "claimed lines do not count": (
        [
            ("signed", "1990", "both", SISTER),
            ("signed", "1985", "both", SISTER, "claimed"),
            ("terminated", "1992", "both", None, "claimed"),
        ],
        "1995-01-01",
        ("active", "active", "active", SISTER, None, 1, 1),
    ),
    "drafts do not count": (
        [
            ("signed", "1990", "both", SISTER),
            ("terminated", "1992", "both", None, "draft"),
        ],
        "1995-01-01",
        ("active", "active", "active", SISTER, None, 1, 1),
    ),
    "withdrawn lines do not count": (
        [
            ("signed", "1988", "both", FRIEND, "withdrawn"),
            ("signed", "1990", "both", SISTER),
            ("terminated", "1992", "both", None, "withdrawn"),
        ],
        "1995-01-01",
        ("active", "active", "active", SISTER, None, 2, 2),
    ),
    "a ledger of such lines alone says nothing": (
        [
            ("signed", "1990", "both", SISTER, "claimed"),
            ("signed", "1990", "both", SISTER, "draft"),
            ("signed", "1990", "both", SISTER, "withdrawn"),
        ],
        "1995-01-01",
        NOTHING,
    ),
    "lines of one day count in the order of their numbers": (
        [("signed", "1990-01-01", "both", SISTER), ("terminated", "1990-01-01")],
        "1990-01-01",
        ("ended", "ended", "ended", SISTER, "terminated", 2, 1),
    ),
    "also when the later number came first": (
        [("terminated", "1990-01-01"), ("signed", "1990-01-01", "both", SISTER)],
        "1990-01-01",
        ("active", "active", "active", SISTER, None, 2, 2),
    ),
    "lines count by their dates, not by their numbers": (
        [("terminated", "1992"), ("signed", "1990", "both", SISTER)],
        "1995-01-01",
        ("ended", "ended", "ended", SISTER, "terminated", 1, 2),
    ),
}


@pytest.mark.parametrize("case", STANDINGS)
def test_standing_on_a_day(case):
    entries, day, standing = STANDINGS[case]

    assert in_python_and_sql(relationship_with(*entries), date.fromisoformat(day)) == standing


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], (None, None, None, None, None)),
        ([("signed", "1990", "both", SISTER)], (1, 1, None, 1, None)),
        ([("signed", "1990", "home", SISTER)], (1, None, None, 1, None)),
        (
            [("signed", "1990"), ("renewed", "1991"), ("terminated", "1992", "home")],
            (3, 1, "home", 2, None),
        ),
        ([("signed", "1990"), ("suspended", "1992", "partner")], (1, 2, "partner", 1, None)),
        ([("signed", "1990", "home"), ("terminated", "1992", "home")], (2, None, "home", 1, None)),
        (
            [("signed", "1990"), ("terminated", "1992", "home"), ("renewed", "1993", "partner")],
            (2, 1, None, 1, None),
        ),
        ([("signed", "1990"), ("partner_ceased", "1992", "partner")], (1, 2, None, 1, None)),
        ([("signed", "1990"), ("visited", "1992"), ("noted", "1993")], (1, 1, None, 2, None)),
        ([("visited", "1990"), ("signed", "1991"), ("attested", "1992")], (2, 2, None, 3, None)),
        ([("signed", "1990"), ("suspended", "1991"), ("visited", "1992")], (2, 2, None, 1, None)),
        (
            [("signed", "1990"), ("visited", "1992", "both", None, "claimed")],
            (1, 1, None, 1, None),
        ),
        ([("proposed", "1990"), ("visited", "1992")], (1, 1, None, None, None)),
        ([("planned", "1990")], (1, 1, None, None, 1)),
        ([("planned", "1990"), ("postponed", "1991"), ("noted", "1992")], (1, 1, None, None, 2)),
        ([("planned", "1990"), ("approved", "1991", "home")], (1, 1, None, None, 1)),
        ([("planned", "1990"), ("signed", "1991")], (2, 2, None, 2, None)),
        ([("signed", "1990"), ("planned", "1991")], (1, 1, None, 1, None)),
        (
            [("signed", "1990"), ("terminated", "1991"), ("planned", "1992")],
            (3, 3, None, 1, 3),
        ),
    ],
)
def test_standing_says_since_when_each_side_stands_so_and_how_fresh_that_is(entries, expected):
    relationship = relationship_with(*entries)

    in_python_and_sql(relationship, date(2000, 1, 1))
    assert sides(relationship.standing_on(date(2000, 1, 1))) == expected


def test_claim_without_a_first_day_does_not_count():
    relationship = relationship_with(
        ("signed", "1990", "both", SISTER), ("terminated", "../1992", "both", None, "claimed")
    )

    assert in_python_and_sql(relationship, date(2000, 1, 1)) == (
        *3 * ("active",),
        SISTER,
        None,
        1,
        1,
    )


def test_entry_without_a_first_day_is_passed_over_even_if_asked_to_count():
    entries = [
        Entry(number=1, kind="signed", on="1990", party="both"),
        Entry(number=2, kind="terminated", on="../1992", party="both"),
    ]

    assert summary(fold(entries, date(2000, 1, 1))) == (*3 * ("active",), None, None, 1, 1)


def test_standings_of_several_relationships_are_kept_apart():
    first = relationship_with(("signed", "1990", "both", SISTER))
    second = relationship_with(("signed", "1980", "both", FRIEND), ("lapsed", "1985"))
    third = relationship_with()

    rows = Relationship.objects.with_standing(date(2000, 1, 1)).order_by("id")

    assert [(row, row.standing.status, row.standing.type) for row in rows] == [
        (first, "active", SISTER),
        (second, "ended", FRIEND),
        (third, None, None),
    ]
    assert list(rows.filter(standing_status="active")) == [first]
    assert list(rows.filter(standing_type=FRIEND)) == [second]
    assert list(rows.filter(standing_status=None)) == [third]


def test_standing_says_its_entries_with_their_dates():
    relationship = relationship_with(
        ("signed", "1990~", "both", FRIEND), ("signed", "1995-05", "both", SISTER)
    )

    standing = (
        Relationship.objects.with_standing(date(2000, 1, 1)).get(pk=relationship.pk).standing
    )

    assert standing == Standing(
        "active",
        "active",
        "active",
        SISTER,
        since=EntryKey(2, "signed", RecordDate.parse("1995-05")),
        began=EntryKey(1, "signed", RecordDate.parse("1990~")),
        home_since=EntryKey(1, "signed", RecordDate.parse("1990~")),
        partner_since=EntryKey(1, "signed", RecordDate.parse("1990~")),
        confirmed=EntryKey(2, "signed", RecordDate.parse("1995-05")),
    )


@pytest.mark.parametrize(
    ("entries", "status_label", "reason"),
    [
        ([], "", None),
        ([("dormant", "1990")], "inactive", None),
        ([("signed", "1990"), ("superseded", "1991")], "ended", "superseded"),
        ([("signed", "1990"), ("lapsed", "1991", "home")], "ended", "lapsed"),
        ([("partner_ceased", "1991", "partner")], "ended", "partner_ceased"),
    ],
)
def test_standing_is_said_in_words(entries, status_label, reason):
    standing = relationship_with(*entries).standing_on(date(2000, 1, 1))

    assert (standing.status_label, standing.reason) == (status_label, reason)


def test_periods_last_until_the_next_entry():
    relationship = relationship_with(
        ("signed", "1990", "both", SISTER), ("noted", "1991"), ("terminated", "1992-05")
    )

    assert list(
        relationship.periods.order_by("first_day").values_list(
            "first_day", "until", "status", "opened_by__number", "since__number", "began__number"
        )
    ) == [
        (date(1990, 1, 1), date(1992, 5, 1), "active", 1, 1, 1),
        (date(1992, 5, 1), None, "ended", 3, 3, 1),
    ]
    assert [str(period) for period in relationship.periods.order_by("first_day")] == [
        f"{relationship}: active from 1990-01-01",
        f"{relationship}: ended from 1992-05-01",
    ]


def test_standing_of_any_number_of_relationships_takes_one_query(django_assert_num_queries):
    for _ in range(3):
        relationship_with(("signed", "1990", "both", SISTER))

    with django_assert_num_queries(1):
        rows = Relationship.objects.with_standing(date(2000, 1, 1))
        assert [row.standing.began.number for row in rows] == [1, 1, 1]
