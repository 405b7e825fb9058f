"""The rules of standing: the fold, the database's answer, and that they agree."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cities.models import Acceptance, Entry, Relationship
from cities.publishing import Publication
from cities.standing import MOVING, Kind, Party, Standing
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
        standing.since and standing.since.line,
        standing.began and standing.began.line,
    )


def both_ways(relationship: Relationship, day: date) -> tuple:
    """What the database and the fold say, which must be the same."""
    row = Relationship.objects.with_standing(day).get(pk=relationship.pk)
    in_memory = summary(relationship.standing_on(day))
    assert summary(row.standing) == in_memory
    return in_memory


DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(1992, 12, 31))
DATES = st.one_of(
    DAYS.map(lambda day: day.isoformat()),
    DAYS.map(lambda day: day.strftime("%Y-%m")),
    DAYS.map(lambda day: f"{day.year}~"),
    st.just("[1990-03-01,1991-06-01]"),
)
LINES = st.lists(
    st.tuples(
        st.sampled_from(Kind.values),
        DATES,
        st.sampled_from(Party.values),
        st.sampled_from([None, "sister-city", "friendship-city"]),
        st.sampled_from(["counts", "counts", "counts", "claimed", "draft", "withdrawn"]),
    ),
    max_size=9,
)


def write_ledger(relationship: Relationship, lines: list) -> None:
    types = {slug: make_type(slug) for slug in ("sister-city", "friendship-city")}
    Entry.objects.filter(relationship=relationship)._raw_delete("default")
    entries = []
    for number, (kind, on, party, slug, state) in enumerate(lines, start=1):
        withdrawn = state == "withdrawn"
        claimed = state == "claimed"
        entries.append(
            Entry(
                relationship=relationship,
                line=number,
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


@settings(max_examples=150)
@given(lines=LINES, day=DAYS)
def test_database_and_fold_agree_on_any_ledger_and_day(lines, day):
    relationship = Relationship.objects.first() or make_relationship()
    write_ledger(relationship, lines)

    both_ways(Relationship.objects.get(pk=relationship.pk), day)
