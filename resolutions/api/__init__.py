"""Resolutions, votes, meetings, members and statements in the read-only API."""

from rest_framework.routers import SimpleRouter

from resolutions.api.actions import ActionViewSet
from resolutions.api.meetings import MeetingViewSet
from resolutions.api.members import MemberViewSet, SeatViewSet
from resolutions.api.numbering import NumberingSchemeViewSet
from resolutions.api.popolo import PersonViewSet, PopoloOrganizationViewSet
from resolutions.api.popolo_votes import MotionViewSet, VoteEventViewSet
from resolutions.api.requirements import VoteRequirementViewSet
from resolutions.api.resolutions import ResolutionViewSet
from resolutions.api.statements import StatementViewSet

router = SimpleRouter()
router.register("resolutions", ResolutionViewSet)
router.register("actions", ActionViewSet)
router.register("meetings", MeetingViewSet)
router.register("members", MemberViewSet)
router.register("seats", SeatViewSet)
router.register("vote-requirements", VoteRequirementViewSet)
router.register("numbering-schemes", NumberingSchemeViewSet)
router.register("statements", StatementViewSet)
router.register("popolo/persons", PersonViewSet, "popolo-person")
router.register("popolo/organizations", PopoloOrganizationViewSet, "popolo-organization")
router.register("popolo/motions", MotionViewSet, "popolo-motion")
router.register("popolo/vote-events", VoteEventViewSet, "popolo-vote-event")
