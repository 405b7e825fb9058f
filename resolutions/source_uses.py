"""Where the page of a source lists what names it: resolutions, meetings, members and more."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.citations import CitedBy, Use
from cities.records.publishing import Publication
from resolutions.gaps import members_address
from resolutions.models import (
    Meeting,
    Minutes,
    NumberingScheme,
    Office,
    Reply,
    Resolution,
    Seat,
    Statement,
    Term,
    Text,
    VoteRequirement,
)
from resolutions.words import (
    motion_name,
    office_time,
    reply_sentence,
    term_seat,
    term_time,
    version_name,
)


def _resolutions(source: Any) -> Any:
    return Resolution.objects.public().filter(sources=source).for_list()


def _resolution(resolution: Resolution, source: Any) -> Iterator[Use]:
    address = resolution.get_absolute_url()
    yield Use(resolution.title, address, resolution.organization.name)


def _texts(source: Any) -> Any:
    texts = Text.objects.public().filter(source=source).select_related("resolution")
    return texts.order_by("resolution__title", "resolution", "number")


def _text(text: Text, source: Any) -> Iterator[Use]:
    yield Use(text.resolution.title, text.get_absolute_url(), version_name(text))


def _replies(source: Any) -> Any:
    replies = Reply.objects.public().filter(source=source)
    replies = replies.select_related("organization", "effect__resolution")
    return replies.order_by("on_earliest", "effect", "number")


def _reply(reply: Reply, source: Any) -> Iterator[Use]:
    yield Use(reply.effect.resolution.title, reply.get_absolute_url(), reply_sentence(reply))


def _statements(source: Any) -> Any:
    return Statement.objects.public().filter(source=source)


def _statement(statement: Statement, source: Any) -> Iterator[Use]:
    yield Use(statement.title, statement.get_absolute_url(), statement.speaker)


def _meetings(source: Any) -> Any:
    return Meeting.objects.public().filter(sources=source).select_related("organization")


def _meeting(meeting: Meeting, source: Any) -> Iterator[Use]:
    yield Use(str(meeting), meeting.get_absolute_url(), meeting.get_kind_display())


def _minutes(source: Any) -> Any:
    minutes = Minutes.objects.public().filter(source=source)
    minutes = minutes.select_related("meeting__organization")
    return minutes.order_by("meeting__on_earliest", "meeting", "number")


def _version(minutes: Minutes, source: Any) -> Iterator[Use]:
    parts = {"kind": minutes.get_kind_display(), "number": minutes.number}
    words = gettext("%(kind)s minutes, version %(number)s") % parts
    yield Use(str(minutes.meeting), minutes.get_absolute_url(), words)


def _terms(source: Any) -> Any:
    return Term.objects.public().filter(source=source)


def _term(term: Term, source: Any) -> Iterator[Use]:
    parts = (term.organization.name, term_seat(term), term_time(term))
    yield Use(term.member.name, term.member.get_absolute_url(), "; ".join(filter(None, parts)))


def _offices(source: Any) -> Any:
    return Office.objects.public().filter(source=source)


def _office(office: Office, source: Any) -> Iterator[Use]:
    parts = (office.organization.name, office.role, office_time(office))
    yield Use(office.member.name, office.member.get_absolute_url(), "; ".join(parts))


def _seats(source: Any) -> Any:
    seats = Seat.objects.filter(source=source, organization__publication=Publication.PUBLISHED)
    return seats.select_related("organization")


def _seat(seat: Seat, source: Any) -> Iterator[Use]:
    yield Use(str(seat), members_address(seat.organization))


def _requirements(source: Any) -> Any:
    rows = VoteRequirement.objects.filter(
        source=source, organization__publication=Publication.PUBLISHED
    )
    return rows.select_related("organization")


def _requirement(requirement: VoteRequirement, source: Any) -> Iterator[Use]:
    name, address = requirement.organization.name, members_address(requirement.organization)
    yield Use(name, address, motion_name(requirement))


def _schemes(source: Any) -> Any:
    rows = NumberingScheme.objects.filter(
        source=source, organization__publication=Publication.PUBLISHED
    )
    return rows.for_list()


def _scheme(scheme: NumberingScheme, source: Any) -> Iterator[Use]:
    name, address = scheme.organization.name, members_address(scheme.organization)
    yield Use(name, address, scheme.get_kind_display())


RESOLUTION = (CitedBy(_("Resolutions"), _resolutions, _resolution),)
TEXT = (CitedBy(_("Texts of resolutions"), _texts, _text),)
REPLY = (CitedBy(_("Replies"), _replies, _reply),)
STATEMENT = (CitedBy(_("Statements"), _statements, _statement),)
MEETING = (CitedBy(_("Meetings"), _meetings, _meeting),)
MINUTES = (CitedBy(_("Minutes"), _minutes, _version),)
MEMBER = (
    CitedBy(_("Terms in office"), _terms, _term),
    CitedBy(_("Offices"), _offices, _office),
    CitedBy(_("Seats"), _seats, _seat),
)
NUMBERING_SCHEME = (CitedBy(_("Numbering schemes"), _schemes, _scheme),)
VOTE_REQUIREMENT = (CitedBy(_("Votes needed"), _requirements, _requirement),)
