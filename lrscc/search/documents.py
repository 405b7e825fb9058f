"""What each kind of record is found by: its names, the words it says, and those said of it.

Only what a visitor may read is told: the records, and what hangs on them, are `public()`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from cities.models import (
    Agreement,
    City,
    Entry,
    Organization,
    Relationship,
    RelationshipType,
    Source,
)
from cities.records.dates import RecordDate
from cities.records.folding import plain, tokens
from exchanges.models import Exchange, Program
from exchanges.models.exchanges import ExchangeRole
from exchanges.models.programs import ProgramRole
from lrscc.models import DocumentKind, SearchDocument
from resolutions.models import (
    Action,
    Effect,
    Meeting,
    Member,
    Minutes,
    Reply,
    Resolution,
    Statement,
    Term,
    Text,
)


@dataclass
class Words:
    """What one record says of itself."""

    title: str
    also: list[tuple[str, str]] = field(default_factory=list)
    """Other names, each with its language or nothing."""
    said: list[str] = field(default_factory=list)
    """Sentences: looked through, and shown in extracts."""
    about: list[str] = field(default_factory=list)
    """Words it is found by and that its own page tells elsewhere: labels, names of others."""
    places: list[City] = field(default_factory=list)
    """Public places that it is about, with their names."""
    on: RecordDate | None = None


@dataclass(frozen=True)
class Recipe:
    """How the document of one kind of record is made."""

    kind: DocumentKind
    records: Callable[[], QuerySet]
    tell: Callable[[Any], Words]
    reads: dict[str, tuple[str, ...]]
    """The ways from a record to all that its words are taken from, each with the fields that
    matter there; none named is all of them."""

    @property
    def model(self) -> Any:
        return self.records().model

    def document(self, record: Any) -> SearchDocument:
        words = self.tell(record)
        names = [words.title, *(name for name, __ in words.also)]
        near = [name for place in words.places for name in _names_of(place)]
        head = tokens(*names)
        body = tokens(*words.said, *words.about, *near, str(words.on or ""))
        known = set(head)
        return SearchDocument(
            kind=self.kind,
            object_id=record.pk,
            slug=record.slug,
            url=record.get_absolute_url(),
            title=words.title,
            also=[list(name) for name in words.also],
            names=_in_strokes(plain(name) for name in names),
            places=_in_strokes(place.slug for place in words.places),
            dated=words.on.edtf if words.on else "",
            day=words.on.earliest if words.on else None,
            text="\n".join(sentence for sentence in words.said if sentence),
            head=" ".join(head),
            body=" ".join(token for token in body if token not in known),
        )


def _in_strokes(names: Iterable[str]) -> str:
    return "".join(f"|{name}" for name in dict.fromkeys(names)) + "|"


# --- what hangs on records --------------------------------------------------------------

_RELATIONSHIPS = "relationships"
_NAMES: tuple[str, ...] = ("name", "publication")
_OF_ORGANIZATION = ("name", "abbreviation", "publication")
_PLACES_OF_RELATIONSHIPS = {
    _RELATIONSHIPS: ("publication",),
    f"{_RELATIONSHIPS}__home": ("publication",),
    f"{_RELATIONSHIPS}__partner": ("name", "slug", "publication"),
    f"{_RELATIONSHIPS}__partner__names": (),
}
_PLACES = {"places": ("name", "slug", "publication"), "places__names": ()}


def _to_relationships() -> Prefetch:
    relationships = Relationship.objects.public().select_related("partner")
    return Prefetch(
        _RELATIONSHIPS, relationships.prefetch_related("partner__names").order_by("slug")
    )


def _to_places() -> Prefetch:
    return Prefetch("places", City.objects.public().prefetch_related("names").order_by("slug"))


def _names_of(place: City) -> list[str]:
    return [place.name, *(name.text for name in place.names.all())]


def _partners(record: Any) -> list[City]:
    return [relationship.partner for relationship in record.relationships.all()]


def _said_of(organization: Organization | None) -> list[str]:
    """The name of an organization that the public may read of."""
    if organization is None or not organization.is_published:
        return []
    return [organization.name, organization.abbreviation]


def _label(record: Any, name: str) -> str:
    return str(getattr(record, f"get_{name}_display")())


# --- the ground floor -------------------------------------------------------------------


def _places() -> QuerySet:
    entries = Entry.objects.public().select_related("decided_by", "type").order_by("number")
    agreements = Agreement.objects.public().order_by("slug")
    relationships = Relationship.objects.public().prefetch_related(
        Prefetch("entries", entries),
        Prefetch("agreements", agreements.prefetch_related("titles", "signatories")),
    )
    return (
        City.objects.public()
        .select_related("part_of")
        .prefetch_related(
            "names",
            "summaries",
            Prefetch(_RELATIONSHIPS, relationships.order_by("slug")),
            Prefetch("organizations", Organization.objects.public().order_by("slug")),
        )
    )


def _place(place: City) -> Words:
    words = Words(
        place.name,
        also=[(name.text, name.language) for name in place.names.all()],
        said=[place.summary, *(summary.text for summary in place.summaries.all())],
        about=[_label(place, "kind"), place.country_name, place.subdivision_name],
        places=[place],
    )
    if place.part_of is not None and place.part_of.is_published:
        words.about.append(place.part_of.name)
    for organization in place.organizations.all():
        words.said.append(organization.summary)
        words.about += _said_of(organization)
    for relationship in place.relationships.all():
        words.said.append(relationship.story)
        words.about.append(relationship.lead_commissioner)
        for entry in relationship.entries.all():
            words.said += [entry.note, entry.reason, entry.condition, entry.why_not_preferred]
            words.about += [_label(entry, "kind"), str(entry.on), *_said_of(entry.decided_by)]
            words.about += [entry.type.name] if entry.type else []
        for agreement in relationship.agreements.all():
            words.said += [title.text for title in agreement.titles.all()]
            words.said += [agreement.note, agreement.signed_at]
            words.about.append(_label(agreement, "kind"))
            for signatory in agreement.signatories.all():
                words.said.append(f"{signatory.name}, {signatory.office}".strip(", "))
    return words


def _type(kind: RelationshipType) -> Words:
    return Words(kind.name, said=[kind.definition], about=[kind.name_plural])


def _source(source: Source) -> Words:
    return Words(
        source.title,
        said=[source.publisher, source.finding_aid],
        about=[_label(source, "kind"), _label(source, "reliability"), source.address],
        on=source.dated,
    )


# --- bodies -----------------------------------------------------------------------------


def _resolutions() -> QuerySet:
    replies = Reply.objects.public().order_by("number")
    effects = Effect.objects.public().order_by("number")
    return (
        Resolution.objects.public()
        .select_related("organization")
        .prefetch_related(
            _to_relationships(),
            _to_places(),
            Prefetch("sponsors", Member.objects.public().order_by("slug")),
            Prefetch("texts", Text.objects.public().order_by("-number")),
            Prefetch("actions", Action.objects.public().order_by("on_earliest", "number")),
            Prefetch("effects", effects.prefetch_related(Prefetch("replies", replies))),
        )
    )


def _resolution(resolution: Resolution) -> Words:
    actions = list(resolution.actions.all())
    words = Words(
        str(resolution),
        said=[resolution.summary, *(text.text for text in resolution.texts.all())],
        about=[_label(resolution, "kind"), resolution.introduced_by],
        places=_once([*resolution.places.all(), *_partners(resolution)]),
        on=actions[-1].on if actions else None,
    )
    if resolution.number:
        words.about.append(resolution.number_key.key)
    words.about += _said_of(resolution.organization)
    words.about += [member.name for member in resolution.sponsors.all()]
    for action in actions:
        words.said.append(action.note)
        words.about += [_label(action, "kind"), str(action.on), action.announced_as]
    for effect in resolution.effects.all():
        words.said.append(f"{_label(effect, 'kind')} {effect.what}")
        words.said += [reply.summary for reply in effect.replies.all()]
    return words


def _once(places: list[City]) -> list[City]:
    return list({place.pk: place for place in places}.values())


def _meetings() -> QuerySet:
    minutes = Minutes.objects.public().order_by("-number")
    meetings = Meeting.objects.public().select_related("organization")
    return meetings.prefetch_related(Prefetch("minutes", minutes))


def _meeting(meeting: Meeting) -> Words:
    return Words(
        str(meeting),
        said=[
            meeting.note,
            meeting.why_cancelled,
            meeting.held_at,
            *(minutes.text for minutes in meeting.minutes.all()),
        ],
        about=[
            *(_label(meeting, "kind"), _label(meeting, "state"), "meeting"),
            *_said_of(meeting.organization),
        ],
        on=meeting.on,
    )


def _members() -> QuerySet:
    terms = Term.objects.public().order_by("pk")
    return Member.objects.public().prefetch_related(Prefetch("terms", terms))


def _member(member: Member) -> Words:
    words = Words(member.name, said=[member.summary], about=[member.sort_name])
    for term in member.terms.all():
        words.about += [*_said_of(term.organization), term.role]
        words.about += [term.seat.label] if term.seat else []
    return words


def _statements() -> QuerySet:
    statements = Statement.objects.public().select_related("organization")
    return statements.prefetch_related(_to_relationships(), _to_places())


def _statement(statement: Statement) -> Words:
    return Words(
        statement.title,
        said=[f"{statement.speaker}, {statement.office}".strip(", "), statement.summary],
        about=_said_of(statement.organization),
        places=_once([*statement.places.all(), *_partners(statement)]),
        on=statement.on,
    )


# --- exchanges --------------------------------------------------------------------------


def _programs() -> QuerySet:
    roles = ProgramRole.objects.public().order_by("pk")
    return Program.objects.public().prefetch_related(_to_relationships(), Prefetch("roles", roles))


def _program(program: Program) -> Words:
    words = Words(
        program.title,
        said=[program.summary, program.for_whom, program.how_to_apply],
        about=[_label(program, "kind"), _label(program, "audience")],
        places=_partners(program),
        on=program.since,
    )
    words.about.append(program.contact_office)
    for role in program.roles.all():
        words.about += _said_of(role.organization)
    return words


def _exchanges() -> QuerySet:
    roles = ExchangeRole.objects.public().order_by("pk")
    exchanges = Exchange.objects.public().select_related("program", "where")
    return exchanges.prefetch_related(_to_relationships(), Prefetch("roles", roles))


def _exchange(exchange: Exchange) -> Words:
    words = Words(
        exchange.title,
        said=[exchange.story, exchange.venue, exchange.reason, exchange.cost_words],
        about=[exchange.program.title, _label(exchange, "state")],
        places=_partners(exchange),
        on=exchange.begins,
    )
    words.about += [exchange.public_where.name] if exchange.public_where else []
    for role in exchange.roles.all():
        words.about += _said_of(role.organization)
    return words


_ROLES = {"roles": (), "roles__organization": _OF_ORGANIZATION}

RECIPES: dict[str, Recipe] = {
    recipe.kind: recipe
    for recipe in (
        Recipe(
            DocumentKind.CITY,
            _places,
            _place,
            {
                "names": (),
                "summaries": (),
                "part_of": _NAMES,
                "organizations": (*_OF_ORGANIZATION, "summary", "place_id", "slug"),
                _RELATIONSHIPS: (),
                f"{_RELATIONSHIPS}__home": ("publication",),
                f"{_RELATIONSHIPS}__entries": (),
                f"{_RELATIONSHIPS}__entries__decided_by": _OF_ORGANIZATION,
                f"{_RELATIONSHIPS}__entries__type": ("name",),
                f"{_RELATIONSHIPS}__agreements": (),
                f"{_RELATIONSHIPS}__agreements__titles": (),
                f"{_RELATIONSHIPS}__agreements__signatories": (),
            },
        ),
        Recipe(DocumentKind.TYPE, lambda: RelationshipType.objects.all(), _type, {}),
        Recipe(
            DocumentKind.RESOLUTION,
            _resolutions,
            _resolution,
            {
                "organization": _OF_ORGANIZATION,
                "sponsors": _NAMES,
                "texts": (),
                "actions": (),
                "effects": (),
                "effects__replies": (),
                **_PLACES,
                **_PLACES_OF_RELATIONSHIPS,
            },
        ),
        Recipe(
            DocumentKind.STATEMENT,
            _statements,
            _statement,
            {"organization": _OF_ORGANIZATION, **_PLACES, **_PLACES_OF_RELATIONSHIPS},
        ),
        Recipe(
            DocumentKind.MEETING,
            _meetings,
            _meeting,
            {"organization": _OF_ORGANIZATION, "minutes": ()},
        ),
        Recipe(
            DocumentKind.MEMBER,
            _members,
            _member,
            {
                "terms": (),
                "terms__organization": _OF_ORGANIZATION,
                "terms__seat": ("label",),
            },
        ),
        Recipe(DocumentKind.PROGRAM, _programs, _program, {**_ROLES, **_PLACES_OF_RELATIONSHIPS}),
        Recipe(
            DocumentKind.EXCHANGE,
            _exchanges,
            _exchange,
            {
                "program": ("title", "publication"),
                "where": _NAMES,
                **_ROLES,
                **_PLACES_OF_RELATIONSHIPS,
            },
        ),
        Recipe(DocumentKind.SOURCE, lambda: Source.objects.public(), _source, {}),
    )
}
