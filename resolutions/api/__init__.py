"""Resolutions, votes, meetings, members and statements in the read-only API."""

from resolutions.api.actions import ActionViewSet
from resolutions.api.meetings import MeetingViewSet
from resolutions.api.members import MemberViewSet, SeatViewSet
from resolutions.api.popolo import (
    MotionViewSet,
    PersonViewSet,
    PopoloOrganizationViewSet,
    VoteEventViewSet,
)
from resolutions.api.resolutions import ResolutionViewSet
from resolutions.api.statements import StatementViewSet

__all__ = [
    "ActionViewSet",
    "MeetingViewSet",
    "MemberViewSet",
    "MotionViewSet",
    "PersonViewSet",
    "PopoloOrganizationViewSet",
    "ResolutionViewSet",
    "SeatViewSet",
    "StatementViewSet",
    "VoteEventViewSet",
]
