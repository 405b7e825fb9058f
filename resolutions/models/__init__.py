"""The records of bodies: who sits in them, what they met on, decided and said."""

from resolutions.models.actions import Action, ActionCitation, Ballot
from resolutions.models.courses import CoursePeriod
from resolutions.models.effects import Effect, Reply
from resolutions.models.meetings import Attendance, Meeting, Minutes
from resolutions.models.members import Member, Roster, Seat, Term
from resolutions.models.resolutions import Relation, Resolution, Text
from resolutions.models.statements import Statement

__all__ = [
    "Action",
    "ActionCitation",
    "Attendance",
    "Ballot",
    "CoursePeriod",
    "Effect",
    "Meeting",
    "Member",
    "Minutes",
    "Relation",
    "Reply",
    "Resolution",
    "Roster",
    "Seat",
    "Statement",
    "Term",
    "Text",
]
