"""What the site's engines know of councils' members, meetings, resolutions and statements."""

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Relationship
from cities.records.record_types import Changes, Known, RecordType, itself, lower_first, registry
from resolutions import register_tables, schema_org, search_fields, source_uses
from resolutions.course import Kind
from resolutions.models import (
    Action,
    Ballot,
    Effect,
    Meeting,
    Member,
    Minutes,
    NumberingScheme,
    Reply,
    Resolution,
    Seat,
    Statement,
    Text,
    VoteRequirement,
)
from resolutions.models.minutes import MinutesKind
from resolutions.models.texts import TextKind


def _text(known: Known) -> str:
    kind = lower_first(str(TextKind(known.kind).label))
    return gettext("text (%(kind)s, version %(number)s)") % {"kind": kind, "number": known.number}


def _minutes(known: Known) -> str:
    kind = lower_first(str(MinutesKind(known.kind).label))
    parts = {"kind": kind, "number": known.number}
    return gettext("minutes (%(kind)s, version %(number)s)") % parts


def _action(known: Known) -> str:
    kind = lower_first(str(Kind(known.kind).label))
    return gettext("action %(number)s (%(kind)s)") % {"number": known.number, "kind": kind}


def _about_city(pk: int) -> Q:
    relationships = Relationship.objects.public().filter(partner=pk)
    return Q(places=pk) | Q(relationships__in=relationships)


def _by_member(pk: int) -> Q:
    """Resolutions that a member sponsored, moved, seconded or voted on."""
    votes = Ballot.objects.public().filter(member=pk).values("action")
    did = Action.objects.public().filter(Q(mover=pk) | Q(seconder=pk) | Q(pk__in=votes))
    sharing = Action.objects.public().filter(shares_vote_with__in=did.values("pk"))
    acted = Q(pk__in=did.values("resolution")) | Q(pk__in=sharing.values("resolution"))
    return Q(sponsors=pk) | acted


def _of_organization(pk: int) -> Q:
    return Q(organization=pk)


registry.register(
    # Before resolutions: whether a number needs a year follows from it.
    RecordType(
        NumberingScheme,
        _("numbering scheme"),
        _("Numbering schemes"),
        cited_by=source_uses.NUMBERING_SCHEME,
        table=register_tables.NUMBERING_SCHEMES,
    ),
    RecordType(
        Resolution,
        _("resolution"),
        _("Resolutions"),
        route="resolutions:resolution",
        feed="resolution",
        followed_with={
            "resolution": itself,
            "city": _about_city,
            "member": _by_member,
            "organization": _of_organization,
        },
        changes=Changes(),
        embedded_in=("relations.other",),
        search=search_fields.RESOLUTION,
        cited_by=source_uses.RESOLUTION,
        schema_org=schema_org.legislation,
        table=register_tables.RESOLUTIONS,
    ),
    RecordType(
        Text,
        _("text of a resolution"),
        _("Texts of resolutions"),
        changes=Changes(
            phrase=_text,
            page="resolution",
            anchor="version",
            number="number",
            kind="kind",
            correction=TextKind.CORRECTED,
        ),
        cited_by=source_uses.TEXT,
        table=register_tables.TEXTS,
    ),
    RecordType(
        Action,
        _("action"),
        _("Actions"),
        changes=Changes(
            phrase=_action,
            page="resolution",
            anchor="action",
            number="number",
            kind="kind",
            correction=Kind.CORRECT,
        ),
        table=register_tables.ACTIONS,
    ),
    RecordType(
        Effect,
        _("effect"),
        _("Effects"),
        changes=Changes(
            page="resolution",
            anchor="effect",
            number="number",
        ),
        table=register_tables.EFFECTS,
    ),
    RecordType(
        Reply,
        _("reply"),
        _("Replies"),
        changes=Changes(
            page="effect__resolution",
            anchor="effect",
            number="effect__number",
        ),
        cited_by=source_uses.REPLY,
        table=register_tables.REPLIES,
    ),
    RecordType(
        Statement,
        _("statement"),
        _("Statements"),
        route="resolutions:statement",
        followed_with={"city": _about_city},
        changes=Changes(),
        search=search_fields.STATEMENT,
        cited_by=source_uses.STATEMENT,
        table=register_tables.STATEMENTS,
    ),
    RecordType(
        Meeting,
        _("meeting"),
        _("Meetings"),
        route="resolutions:meeting",
        followed_with={"organization": _of_organization},
        changes=Changes(title="organization__name", title_date="on"),
        search=search_fields.MEETING,
        cited_by=source_uses.MEETING,
        table=register_tables.MEETINGS,
    ),
    RecordType(
        Minutes,
        _("minutes"),
        _("Minutes"),
        changes=Changes(
            phrase=_minutes,
            page="meeting",
            anchor="minutes",
            title="organization__name",
            title_date="on",
            number="number",
            kind="kind",
            correction=MinutesKind.CORRECTED,
        ),
        cited_by=source_uses.MINUTES,
        table=register_tables.MINUTES,
    ),
    RecordType(
        Member,
        _("member"),
        _("Members"),
        route="resolutions:member",
        feed="member",
        feed_title=str,
        followed_with={"member": itself},
        changes=Changes(title="name"),
        embedded_in=("terms.organization", "offices.organization"),
        search=search_fields.MEMBER,
        cited_by=source_uses.MEMBER,
        table=register_tables.MEMBERS,
    ),
    RecordType(
        Seat,
        _("seat"),
        _("Seats"),
        table=register_tables.SEATS,
    ),
    RecordType(
        VoteRequirement,
        _("vote requirement"),
        _("Votes needed"),
        cited_by=source_uses.VOTE_REQUIREMENT,
        table=register_tables.VOTE_REQUIREMENTS,
    ),
)
