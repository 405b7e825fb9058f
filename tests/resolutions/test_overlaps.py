"""Too many terms, or two rules, at one time: refused by the database as by `clean`."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from resolutions.models import Seat, Term, VoteRequirement
from resolutions.triggers import (
    ENOUGH_PLACES,
    ONE_REQUIREMENT,
    ONE_TERM,
    allow_overlaps,
    refuse_overlaps,
)
from tests.factories import (
    council,
    make_member,
    make_organization,
    make_seat,
    make_source,
    make_term,
    make_vote_requirement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.dialect]


@pytest.fixture(autouse=True)
def _refusing():
    """The database refuses what overlaps, as it does on the site."""
    refuse_overlaps("default")
    yield
    allow_overlaps("default")


def assert_refused(sentence: str, write) -> None:
    """The database refuses it, and nothing is written."""
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        write()


def another(record, **fields):
    """Return a copy that is not saved."""
    values = {field.attname: getattr(record, field.attname) for field in record._meta.fields}
    return type(record)(**values | {"id": None} | fields)


def test_term_too_many_is_refused_by_every_door():
    seat = make_seat(places=1)
    term = make_term(seat=seat)
    free = make_term(seat=make_seat())
    other = make_member()

    assert_refused(ENOUGH_PLACES, lambda: make_term(seat=seat))
    assert_refused(
        ENOUGH_PLACES, lambda: Term.objects.bulk_create([another(term, member_id=other.pk)])
    )
    assert_refused(ENOUGH_PLACES, lambda: Term.objects.filter(pk=free.pk).update(seat=seat))
    with connection.cursor() as cursor:
        sql = "UPDATE resolutions_term SET seat_id = %s WHERE id = %s"
        assert_refused(ENOUGH_PLACES, lambda: cursor.execute(sql, [seat.pk, free.pk]))
    assert Term.objects.filter(seat=seat).count() == 1


def test_rows_of_one_statement_are_counted_together():
    seat = make_seat(places=2)
    since = {"seat": seat, "organization": seat.organization, "source": make_source()}
    terms = [Term(member=make_member(), since="2010-01-01", **since) for __ in range(3)]

    assert_refused(ENOUGH_PLACES, lambda: Term.objects.bulk_create(terms))
    Term.objects.bulk_create(terms[:2])


def test_member_has_one_term_at_a_time_in_an_organization():
    term = make_term(until="2013-12-31")
    own = {"member": term.member, "organization": council(), "seat": None}

    assert_refused(ONE_TERM, lambda: make_term(**own | {"since": "2013-12-31"}))
    later = make_term(**own | {"since": "2014-01-01"})
    assert_refused(ONE_TERM, lambda: Term.objects.filter(pk=term.pk).update(until=None))
    make_term(**own | {"organization": make_organization()})
    Term.objects.filter(pk=later.pk).update(since_latest=None)  # “since some day after”


def test_places_do_not_become_fewer_than_the_members_of_one_day():
    seat = make_seat(places=2)
    make_term(seat=seat, until="2011")
    make_term(seat=seat, since="2012-01-01")
    make_term(seat=seat, since="2011-06-01")

    assert_refused(ENOUGH_PLACES, lambda: Seat.objects.update(places=1))
    Seat.objects.update(places=2, label="At large")
    Term.objects.order_by("pk").first().delete()
    assert_refused(ENOUGH_PLACES, lambda: Seat.objects.update(places=1))


def test_kind_of_motion_has_one_rule_at_a_time():
    rule = make_vote_requirement(kind="adopt", until="2013-12-31")

    def write(**fields):
        new = another(rule, **{"slug": "new", "until": None} | fields)
        VoteRequirement.objects.bulk_create([new])
        return new

    assert_refused(ONE_REQUIREMENT, write)
    assert_refused(ONE_REQUIREMENT, lambda: write(since="2013-12-31"))
    write(slug="rescind", kind="rescind")
    write(slug="club", organization_id=make_organization().pk)
    new = write(since="2014-01-01")
    earlier = VoteRequirement.objects.filter(pk=new.pk)
    assert_refused(ONE_REQUIREMENT, lambda: earlier.update(since_latest=date(2013, 12, 31)))


DAYS = st.sampled_from(["2010-01-01", "2011-06-01", "2012", "[..2011]", "2011/..", "[2012..]"])
TERMS = st.lists(
    st.tuples(DAYS, st.one_of(st.none(), DAYS), st.integers(0, 3), st.booleans()),
    min_size=1,
    max_size=6,
)


def is_refused(save) -> bool:
    try:
        with transaction.atomic():
            save()
    except (IntegrityError, ValidationError):
        return True
    return False


@given(places=st.integers(1, 2), terms=TERMS)
def test_database_refuses_what_clean_refuses(places, terms):
    seat = make_seat(places=places, since=None)
    members = [make_member() for __ in range(4)]
    source = make_source()
    for since, until, member, is_seated in terms:
        term = Term(
            member=members[member],
            organization=seat.organization,
            seat=seat if is_seated else None,
            since=since,
            until=until,
            source=source,
        )
        by_clean = is_refused(term.clean)
        last, first = term.until_latest, term.since_earliest
        again = Term.objects.filter(member=term.member, since=term.since)
        if again.exists() or (last and first and last < first):
            continue  # other constraints refuse it
        assert is_refused(term.save) is by_clean
    Term.objects.all()._raw_delete("default")


def test_rule_is_there_after_migrations_and_gone_while_they_run():
    allow_overlaps("default")
    allow_overlaps("default")

    make_term(seat=(seat := make_seat()))
    make_term(seat=seat)  # what is there already stays as it is
    refuse_overlaps("default")
    refuse_overlaps("default")
    assert Term.objects.filter(since_earliest=date(2010, 1, 1)).count() == 2
