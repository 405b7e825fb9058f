"""What each record looks like in the register's files: its fields, its key, its parts."""

from dataclasses import dataclass, field

from django.db import models

from cities.models import (
    Agreement,
    AgreementTitle,
    Authority,
    Citation,
    City,
    CityName,
    CitySummary,
    Entry,
    Organization,
    Relationship,
    RelationshipType,
    Signatory,
    Source,
    Succession,
)
from cities.records.publishing import Publishable
from exchanges.models import (
    AwardCategory,
    AwardKind,
    Exchange,
    ExchangeRole,
    Funding,
    PopulationBand,
    Program,
    ProgramRole,
)
from resolutions.models import (
    Action,
    ActionCitation,
    Attendance,
    Ballot,
    Effect,
    Meeting,
    Member,
    Minutes,
    Relation,
    Reply,
    Resolution,
    Seat,
    Statement,
    Term,
    Text,
)


@dataclass(frozen=True)
class Shape:
    """How records of one model are written.

    `key` names the fields that tell a record from its siblings. `children` are written
    inside their parent; `late_children` too, but loaded once every other record is there.
    `by_itself` says that no rule compares a part with its siblings: they are saved together.
    """

    model: type[models.Model]
    key: tuple[str, ...]
    fields: tuple[str, ...]
    parent: str = ""
    children: dict[str, "Shape"] = field(default_factory=dict)
    late_children: dict[str, "Shape"] = field(default_factory=dict)
    by_itself: bool = False

    @property
    def all_children(self) -> dict[str, "Shape"]:
        return self.children | self.late_children

    @property
    def all_fields(self) -> tuple[str, ...]:
        return (*self.fields, *PUBLICATION) if self.is_publishable else self.fields

    @property
    def is_publishable(self) -> bool:
        return issubclass(self.model, Publishable)

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)


PUBLICATION = ("publication", "withdrawn_on", "withdrawn_because")

SHAPES: dict[str, Shape] = {
    "sources": Shape(
        Source,
        ("slug",),
        (
            "slug",
            "title",
            "title_language",
            "publisher",
            "kind",
            "reliability",
            "dated",
            "language",
            "address",
            "archived_address",
            "finding_aid",
            "accessed_on",
        ),
    ),
    "cities": Shape(
        City,
        ("slug",),
        (
            "slug",
            "name",
            "kind",
            "country",
            "subdivision",
            "part_of",
            "summary",
            "latitude",
            "longitude",
            "time_zone",
            "geography_source",
            "population",
            "population_year",
            "population_scope",
            "population_source",
            "website",
            "wikidata_id",
            "began",
            "ceased",
        ),
        children={
            "names": Shape(
                CityName,
                ("kind", "language", "text"),
                ("text", "language", "kind", "source"),
                parent="city",
            ),
            "summaries": Shape(
                CitySummary, ("language",), ("language", "text", "written_by"), parent="city"
            ),
        },
    ),
    "successions": Shape(
        Succession,
        ("predecessor", "successor", "kind"),
        ("predecessor", "successor", "kind", "on", "source", "note"),
    ),
    "organizations": Shape(
        Organization,
        ("slug",),
        (
            "slug",
            "name",
            "abbreviation",
            "classification",
            "place",
            "summary",
            "website",
            "founded",
            "dissolved",
            "source",
        ),
    ),
    "authorities": Shape(
        Authority,
        ("place", "organization", "since"),
        ("organization", "place", "since", "until", "basis", "source"),
    ),
    "relationship_types": Shape(
        RelationshipType,
        ("slug",),
        ("slug", "name", "name_plural", "definition", "rank", "needs_agreement"),
    ),
    "relationships": Shape(
        Relationship,
        ("slug",),
        ("slug", "home", "partner", "lead_commissioner", "review_on", "story"),
        late_children={
            "entries": Shape(
                Entry,
                ("number",),
                (
                    "number",
                    "kind",
                    "on",
                    "party",
                    "acceptance",
                    "why_not_preferred",
                    "decided_by",
                    "type",
                    "partner",
                    "agreement",
                    "reason",
                    "condition",
                    "review_on",
                    "note",
                ),
                parent="relationship",
                children={
                    "citations": Shape(
                        Citation,
                        ("role", "source"),
                        ("source", "role", "locator", "says"),
                        parent="entry",
                    )
                },
            )
        },
    ),
    "agreements": Shape(
        Agreement,
        ("slug",),
        (
            "slug",
            "kind",
            "relationships",
            "signed_on",
            "signed_at",
            "term",
            "renewal_rule",
            "note",
            "documents",
        ),
        children={
            "titles": Shape(
                AgreementTitle, ("language",), ("language", "text"), parent="agreement"
            ),
            "signatories": Shape(
                Signatory,
                ("name", "on_behalf_of"),
                ("name", "office", "on_behalf_of"),
                parent="agreement",
            ),
        },
    ),
    "seats": Shape(
        Seat,
        ("slug",),
        ("slug", "organization", "label", "places", "is_voting", "since", "until", "source"),
    ),
    "members": Shape(
        Member,
        ("slug",),
        ("slug", "name", "sort_name", "summary"),
        children={
            "terms": Shape(
                Term,
                ("organization", "since"),
                ("organization", "seat", "role", "since", "until", "source"),
                parent="member",
            )
        },
    ),
    "meetings": Shape(
        Meeting,
        ("slug",),
        (
            "slug",
            "organization",
            "kind",
            "on",
            "begins_at",
            "held_at",
            "state",
            "why_cancelled",
            "reconvened_from",
            "note",
            "sources",
        ),
        children={
            "attendance": Shape(
                Attendance,
                ("member",),
                ("member", "presence", "note"),
                parent="meeting",
                by_itself=True,
            )
        },
        late_children={
            "minutes": Shape(
                Minutes,
                ("number",),
                ("number", "kind", "available_on", "decided_at", "source", "text"),
                parent="meeting",
            )
        },
    ),
    "resolutions": Shape(
        Resolution,
        ("slug",),
        (
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
        children={
            "texts": Shape(
                Text,
                ("number",),
                ("number", "kind", "on", "corrected_at", "source", "text"),
                parent="resolution",
            ),
            "actions": Shape(
                Action,
                ("number",),
                (
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
                    "requirement",
                    "base",
                    "required_number",
                    "counts_abstentions",
                    "announced_yes",
                    "announced_no",
                    "announced_abstain",
                    "announced_absent",
                    "announced_as",
                    "tie_break",
                    "tie_broken_by",
                    "override_reason",
                    "note",
                ),
                parent="resolution",
                children={
                    "ballots": Shape(
                        Ballot,
                        ("member",),
                        ("member", "choice", "name_as_printed", "note"),
                        parent="action",
                        by_itself=True,
                    ),
                    "citations": Shape(
                        ActionCitation,
                        ("role", "source"),
                        ("source", "role", "locator", "says"),
                        parent="action",
                    ),
                },
            ),
        },
        late_children={
            "relations": Shape(
                Relation, ("kind", "other"), ("kind", "other"), parent="resolution"
            ),
            "effects": Shape(
                Effect,
                ("number",),
                ("number", "kind", "what", "addressed_to", "relationship", "place", "entry"),
                parent="resolution",
                children={
                    "replies": Shape(
                        Reply,
                        ("number",),
                        ("number", "organization", "on", "answer", "summary", "source"),
                        parent="effect",
                    )
                },
            ),
        },
    ),
    "statements": Shape(
        Statement,
        ("slug",),
        (
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
    ),
    "programs": Shape(
        Program,
        ("slug",),
        (
            "slug",
            "title",
            "kind",
            "audience",
            "for_whom",
            "relationships",
            "summary",
            "how_to_apply",
            "application_address",
            "contact_office",
            "contact_email",
            "since",
            "until",
            "sources",
        ),
        children={
            "roles": Shape(
                ProgramRole,
                ("role", "organization"),
                ("organization", "role"),
                parent="program",
            )
        },
    ),
    "exchanges": Shape(
        Exchange,
        ("slug",),
        (
            "slug",
            "program",
            "title",
            "relationships",
            "direction",
            "state",
            "reason",
            "begins",
            "ends",
            "where",
            "venue",
            "applications_open_on",
            "applications_close_on",
            "cost",
            "cost_currency",
            "cost_words",
            "people_sent",
            "people_hosted",
            "students",
            "volunteers",
            "volunteer_hours",
            "home_stays",
            "counts_source",
            "story",
            "sources",
        ),
        children={
            "roles": Shape(
                ExchangeRole,
                ("role", "organization"),
                ("organization", "role"),
                parent="exchange",
            ),
            "funding": Shape(
                Funding,
                ("organization", "year", "nature", "what"),
                ("organization", "nature", "what", "amount", "currency", "year", "source"),
                parent="exchange",
            ),
        },
    ),
    "award_categories": Shape(
        AwardCategory,
        ("slug",),
        ("slug", "name", "honors", "rank", "since_year", "until_year", "source", "note"),
        children={"kinds": Shape(AwardKind, ("kind",), ("kind",), parent="category")},
    ),
    "population_bands": Shape(
        PopulationBand,
        ("least", "since_year"),
        ("least", "most", "since_year", "until_year", "source", "note"),
    ),
}
"""Every table a file may hold, in the order in which records may refer to one another."""
