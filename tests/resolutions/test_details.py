"""Rows of a published record stay, whatever record somebody says they belong to."""

import pytest
from django.db.models import ProtectedError

from cities.models import Citation
from resolutions.models import ActionCitation, Attendance, Ballot
from tests.factories import (
    make_action,
    make_attendance,
    make_entry,
    make_meeting,
    make_members,
    make_partnership,
    make_resolution,
    make_roll_call,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": "draft"}


def test_row_of_a_published_record_is_not_deleted_by_naming_a_draft():
    members = make_members(1)
    roll = make_roll_call(make_resolution(), "y", members)
    make_attendance(make_meeting(), members[0])
    relationship = make_partnership()
    drafts = {
        Ballot: ("action", make_action(make_resolution(), **DRAFT)),
        ActionCitation: ("action", make_action(make_resolution(), **DRAFT)),
        Attendance: ("meeting", make_meeting(**DRAFT)),
        Citation: ("entry", make_entry(relationship, "visited", "2021", **DRAFT)),
    }

    for model, (owner, draft) in drafts.items():
        row = model.objects.of_public().first()
        setattr(row, owner, draft)
        with pytest.raises(ProtectedError):
            row.delete()

    assert roll.ballots.count() == 1
