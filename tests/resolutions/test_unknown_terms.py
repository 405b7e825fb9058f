"""Seats and terms whose days are not on record."""

from datetime import date

import pytest

from resolutions.models import Seat, Term
from resolutions.rolls import _possibly_called
from resolutions.words import seat_time

DAY = date(2026, 1, 1)


def test_seat_without_days_has_no_record():
    assert seat_time(Seat(), DAY) == "No record"


@pytest.mark.django_db
def test_member_who_was_never_seen_in_office_is_called_without_a_year():
    called = _possibly_called(Term(member_id=1), {}, DAY)

    assert (called.preset, called.is_certain, called.seen, called.is_unlikely) == (
        "",
        False,
        None,
        False,
    )
