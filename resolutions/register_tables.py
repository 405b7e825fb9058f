"""How members, meetings, resolutions and statements are written in the register's files."""

from cities.records.register_tables import Table, by_date
from resolutions.models import (
    Action,
    ActionCitation,
    Attendance,
    Ballot,
    Effect,
    Meeting,
    Member,
    Minutes,
    NumberingScheme,
    Office,
    OtherNumber,
    Relation,
    Reply,
    Resolution,
    Seat,
    Statement,
    Term,
    Text,
    VoteRequirement,
)
from resolutions.models.agenda import AGENDA_FIELDS
from resolutions.models.requirements import REQUIREMENT_FIELDS

_ROSTER = ("seats", "terms__member", "terms__seat")
"""What the rules read of an organization for each vote: who was a member that day."""

_FORMER_NUMBER = {"line": "number"}

SEATS = Table(
    Seat,
    name="seats",
    key=("slug",),
    fields=("slug", "organization", "label", "places", "is_voting", "since", "until", "source"),
)

VOTE_REQUIREMENTS = Table(
    VoteRequirement,
    name="vote_requirements",
    key=("slug",),
    fields=(
        "slug",
        "organization",
        "kind",
        *REQUIREMENT_FIELDS,
        "since",
        "until",
        "source",
    ),
)

NUMBERING_SCHEMES = Table(
    NumberingScheme,
    name="numbering_schemes",
    key=("slug",),
    fields=("slug", "organization", "kind", "restarts", "zeros_count", "complete_from", "source"),
)

MEMBERS = Table(
    Member,
    name="members",
    key=("slug",),
    fields=("slug", "name", "sort_name", "summary"),
    children={
        "terms": Table(
            Term,
            parent="member",
            key=("organization", "since"),
            fields=("organization", "seat", "role", "since", "until", "source"),
        ),
        "offices": Table(
            Office,
            parent="member",
            key=("organization", "role", "since"),
            fields=("organization", "role", "since", "until", "source"),
        ),
    },
)

MINUTES = Table(
    Minutes,
    parent="meeting",
    key=("number",),
    fields=("number", "kind", "available_on", "decided_at", "source", "text"),
)

MEETINGS = Table(
    Meeting,
    name="meetings",
    key=("slug",),
    fields=(
        "slug",
        "organization",
        "kind",
        "on",
        "begins_at",
        "held_at",
        "presided_by",
        "state",
        "why_cancelled",
        "reconvened_from",
        "note",
        "sources",
    ),
    children={
        "attendance": Table(
            Attendance,
            parent="meeting",
            key=("member",),
            fields=("member", "presence", "note"),
            looked_up_with={"member": ("terms",)},
        )
    },
    late_children={"minutes": MINUTES},
    looked_up_with={"organization": _ROSTER},
)

TEXTS = Table(
    Text,
    parent="resolution",
    key=("number",),
    fields=("number", "kind", "on", "corrected_at", "source", "text"),
    load_order=by_date,
)

ACTIONS = Table(
    Action,
    parent="resolution",
    key=("number",),
    fields=(
        "number",
        "kind",
        "on",
        "organization",
        "meeting",
        "text",
        "mover",
        "seconder",
        "method",
        "outcome",
        "shares_vote_with",
        *REQUIREMENT_FIELDS,
        "announced_yes",
        "announced_no",
        "announced_abstain",
        "announced_absent",
        "announced_as",
        "tie_break",
        "tie_broken_by",
        "override_reason",
        *AGENDA_FIELDS,
        "note",
    ),
    children={
        "ballots": Table(
            Ballot,
            parent="action",
            key=("member",),
            fields=("member", "choice", "name_as_printed", "choice_as_printed", "note"),
        ),
        "citations": Table(
            ActionCitation,
            parent="action",
            key=("role", "source"),
            fields=("source", "role", "locator", "says"),
        ),
    },
    looked_up_with={"organization": _ROSTER, "meeting": ("attendance",)},
    load_order=by_date,
    former_fields=_FORMER_NUMBER,
)

OTHER_NUMBERS = Table(
    OtherNumber, parent="resolution", key=("kind", "number"), fields=("kind", "number")
)

RELATIONS = Table(Relation, parent="resolution", key=("kind", "other"), fields=("kind", "other"))

REPLIES = Table(
    Reply,
    parent="effect",
    key=("number",),
    fields=("number", "organization", "on", "answer", "summary", "source"),
    load_order=by_date,
    former_fields=_FORMER_NUMBER,
)

EFFECTS = Table(
    Effect,
    parent="resolution",
    key=("number",),
    fields=("number", "kind", "what", "addressed_to", "relationship", "place", "entry"),
    children={"replies": REPLIES},
    former_fields=_FORMER_NUMBER,
)

RESOLUTIONS = Table(
    Resolution,
    name="resolutions",
    key=("slug",),
    fields=(
        "slug",
        "organization",
        "kind",
        "number",
        "number_year",
        "title",
        "summary",
        "introduced_by",
        "sponsors",
        "relationships",
        "places",
        "sources",
    ),
    children={"other_numbers": OTHER_NUMBERS, "texts": TEXTS, "actions": ACTIONS},
    late_children={"relations": RELATIONS, "effects": EFFECTS},
)

STATEMENTS = Table(
    Statement,
    name="statements",
    key=("slug",),
    fields=(
        "slug",
        "title",
        "speaker",
        "office",
        "organization",
        "on",
        "summary",
        "relationships",
        "places",
        "source",
    ),
)
