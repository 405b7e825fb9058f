"""The models of councils and commissions: their members, what they decided and what they said."""

from resolutions.models.actions import Action
from resolutions.models.attendance import Attendance
from resolutions.models.ballots import Ballot
from resolutions.models.citations import ActionCitation
from resolutions.models.courses import CoursePeriod
from resolutions.models.effects import Effect
from resolutions.models.meetings import Meeting
from resolutions.models.members import Member
from resolutions.models.minutes import Minutes
from resolutions.models.numbering import NumberingScheme
from resolutions.models.offices import Office
from resolutions.models.other_numbers import OtherNumber
from resolutions.models.relations import Relation
from resolutions.models.replies import Reply
from resolutions.models.requirements import VoteRequirement
from resolutions.models.resolutions import Resolution
from resolutions.models.seats import Seat
from resolutions.models.statements import Statement
from resolutions.models.terms import Roster, Term
from resolutions.models.texts import Text

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
    "NumberingScheme",
    "Office",
    "OtherNumber",
    "Relation",
    "Reply",
    "Resolution",
    "Roster",
    "Seat",
    "Statement",
    "Term",
    "Text",
    "VoteRequirement",
]
