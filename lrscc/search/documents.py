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
from exchanges.models import Exchange, Programme
from exchanges.models.exchanges import ExchangeRole
from exchanges.models.programs import ProgrammeRole
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

_TIES = "relationships"
_NAMES: tuple[str, ...] = ("name", "publication")
_OF_ORGANIZATION = ("name", "abbreviation", "publication")
_PLACES_OF_TIES = {
    _TIES: ("publication",),
    f"{_TIES}__home": ("publication",),
    f"{_TIES}__partner": ("name", "slug", "publication"),
    f"{_TIES}__partner__names": (),
}
_PLACES = {"places": ("name", "slug", "publication"), "places__names": ()}


def _to_ties() -> Prefetch:
    ties = Relationship.objects.public().select_related("partner")
    return Prefetch(_TIES, ties.prefetch_related("partner__names").order_by("slug"))


def _to_places() -> Prefetch:
    return Prefetch("places", City.objects.public().prefetch_related("names").order_by("slug"))


def _names_of(place: City) -> list[str]:
    return [place.name, *(name.text for name in place.names.all())]


def _partners(record: Any) -> list[City]:
    return [tie.partner for tie in record.relationships.all()]


def _said_of(organization: Organization | None) -> list[str]:
    """The name of an organization that the public may read of."""
    if organization is None or not organization.is_published:
        return []
    return [organization.name, organization.abbreviation]


def _label(record: Any, name: str) -> str:
    return str(getattr(record, f"get_{name}_display")())


# --- the ground floor -------------------------------------------------------------------


def _places() -> QuerySet:
    lines = Entry.objects.public().select_related("decided_by", "type").order_by("line")
    agreements = Agreement.objects.public().order_by("slug")
    ties = Relationship.objects.public().prefetch_related(
        Prefetch("entries", lines),
        Prefetch("agreements", agreements.prefetch_related("titles", "signatories")),
    )
    return (
        City.objects.public()
        .select_related("part_of")
        .prefetch_related(
            "names",
            "summaries",
            Prefetch(_TIES, ties.order_by("slug")),
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
    for tie in place.relationships.all():
        words.said.append(tie.story)
        words.about.append(tie.lead_commissioner)
        for line in tie.entries.all():
            words.said += [line.note, line.reason, line.condition, line.why_not_preferred]
            words.about += [_label(line, "kind"), str(line.on), *_said_of(line.decided_by)]
            words.about += [line.type.name] if line.type else []
        for agreement in tie.agreements.all():
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
        about=[_label(source, "kind"), _label(source, "grade"), source.address],
        on=source.dated,
    )


# --- bodies -----------------------------------------------------------------------------


def _resolutions() -> QuerySet:
    replies = Reply.objects.public().order_by("line")
    effects = Effect.objects.public().order_by("line")
    return (
        Resolution.objects.public()
        .select_related("organization")
        .prefetch_related(
            _to_ties(),
            _to_places(),
            Prefetch("sponsors", Member.objects.public().order_by("slug")),
            Prefetch("texts", Text.objects.public().order_by("-number")),
            Prefetch("actions", Action.objects.public().order_by("on_earliest", "line")),
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
    return statements.prefetch_related(_to_ties(), _to_places())


def _statement(statement: Statement) -> Words:
    return Words(
        statement.title,
        said=[f"{statement.speaker}, {statement.office}".strip(", "), statement.summary],
        about=_said_of(statement.organization),
        places=_once([*statement.places.all(), *_partners(statement)]),
        on=statement.on,
    )


# --- exchanges --------------------------------------------------------------------------


def _programmes() -> QuerySet:
    roles = ProgrammeRole.objects.public().order_by("pk")
    return Programme.objects.public().prefetch_related(_to_ties(), Prefetch("roles", roles))


def _programme(programme: Programme) -> Words:
    words = Words(
        programme.title,
        said=[programme.summary, programme.for_whom, programme.how_to_apply],
        about=[_label(programme, "kind"), _label(programme, "audience")],
        places=_partners(programme),
        on=programme.since,
    )
    words.about.append(programme.contact_office)
    for role in programme.roles.all():
        words.about += _said_of(role.organization)
    return words


def _exchanges() -> QuerySet:
    roles = ExchangeRole.objects.public().order_by("pk")
    exchanges = Exchange.objects.public().select_related("programme", "where")
    return exchanges.prefetch_related(_to_ties(), Prefetch("roles", roles))


def _exchange(exchange: Exchange) -> Words:
    words = Words(
        exchange.title,
        said=[exchange.story, exchange.venue, exchange.reason, exchange.cost_words],
        about=[exchange.programme.title, _label(exchange, "state")],
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
            DocumentKind.PLACE,
            _places,
            _place,
            {
                "names": (),
                "summaries": (),
                "part_of": _NAMES,
                "organizations": (*_OF_ORGANIZATION, "summary", "place_id", "slug"),
                _TIES: (),
                f"{_TIES}__home": ("publication",),
                f"{_TIES}__entries": (),
                f"{_TIES}__entries__decided_by": _OF_ORGANIZATION,
                f"{_TIES}__entries__type": ("name",),
                f"{_TIES}__agreements": (),
                f"{_TIES}__agreements__titles": (),
                f"{_TIES}__agreements__signatories": (),
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
                **_PLACES_OF_TIES,
            },
        ),
        Recipe(
            DocumentKind.STATEMENT,
            _statements,
            _statement,
            {"organization": _OF_ORGANIZATION, **_PLACES, **_PLACES_OF_TIES},
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
        Recipe(DocumentKind.PROGRAMME, _programmes, _programme, {**_ROLES, **_PLACES_OF_TIES}),
        Recipe(
            DocumentKind.EXCHANGE,
            _exchanges,
            _exchange,
            {
                "programme": ("title", "publication"),
                "where": _NAMES,
                **_ROLES,
                **_PLACES_OF_TIES,
            },
        ),
        Recipe(DocumentKind.SOURCE, lambda: Source.objects.public(), _source, {}),
    )
}
