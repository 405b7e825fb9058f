"""What a source stands behind, beside the lines of the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from cities.models import (
    Agreement,
    Authority,
    City,
    Organization,
    Relationship,
    Source,
    Succession,
)
from cities.records.publishing import Publication
from resolutions.gaps import members_address
from resolutions.models import (
    Action,
    ActionCitation,
    Meeting,
    Minutes,
    Reply,
    Resolution,
    Seat,
    Statement,
    Term,
    Text,
)
from resolutions.words import reply_sentence, term_seat, term_time, version_name

MOST = 100
"""Records of one kind that the page of a source lists."""


@dataclass(frozen=True)
class Use:
    """One record that names the source: what it is, where it is shown, and more in words."""

    subject: str
    address: str
    words: str = ""


@dataclass(frozen=True)
class Uses:
    """Records of one kind, the first of them where there are very many."""

    title: str
    shown: list[Use]
    is_cut: bool


def citations_of_actions(source: Source) -> tuple[list[ActionCitation], bool]:
    """What it says about actions, in their order of time, and whether there is more."""
    citations = (
        ActionCitation.objects.filter(source=source, action__in=Action.objects.public())
        .select_related("action__resolution")
        .order_by("action__on_earliest", "action__resolution", "action__number")
    )
    first = list(_first(citations))
    return first[:MOST], len(first) > MOST


def uses_of(source: Source) -> list[Uses]:
    """The kinds of record that name the source, each with its records; one query a kind."""
    every = [
        (_("Resolutions"), _resolutions(source)),
        (_("Versions of texts"), _texts(source)),
        (_("Replies"), _replies(source)),
        (_("Statements"), _statements(source)),
        (_("Meetings"), _meetings(source)),
        (_("Minutes"), _minutes(source)),
        (_("Members in office"), _terms(source)),
        (_("Seats"), _seats(source)),
        (_("Who may decide"), _authorities(source)),
        (_("Agreements"), _agreements(source)),
        (_("Bodies and groups"), _organizations(source)),
        (_("What became of places"), _successions(source)),
        (_("Facts about places"), _facts(source)),
    ]
    found = [(title, list(uses)) for title, uses in every]
    return [Uses(title, uses[:MOST], len(uses) > MOST) for title, uses in found if uses]


def _first(records: QuerySet) -> QuerySet:
    """As many as are shown, and one more to tell that there are more."""
    return records[: MOST + 1]


def _resolutions(source: Source) -> Iterator[Use]:
    resolutions = Resolution.objects.public().filter(sources=source)
    for resolution in _first(resolutions.for_list()):
        yield Use(resolution.title, resolution.get_absolute_url(), resolution.organization.name)


def _texts(source: Source) -> Iterator[Use]:
    texts = Text.objects.public().filter(source=source).select_related("resolution")
    for text in _first(texts.order_by("resolution__title", "resolution", "number")):
        yield Use(text.resolution.title, text.get_absolute_url(), version_name(text))


def _replies(source: Source) -> Iterator[Use]:
    replies = Reply.objects.public().filter(source=source)
    replies = replies.select_related("organization", "effect__resolution")
    for reply in _first(replies.order_by("on_earliest", "effect", "number")):
        yield Use(reply.effect.resolution.title, reply.get_absolute_url(), reply_sentence(reply))


def _statements(source: Source) -> Iterator[Use]:
    for statement in _first(Statement.objects.public().filter(source=source)):
        yield Use(statement.title, statement.get_absolute_url(), statement.speaker)


def _meetings(source: Source) -> Iterator[Use]:
    meetings = Meeting.objects.public().filter(sources=source).select_related("organization")
    for meeting in _first(meetings):
        yield Use(str(meeting), meeting.get_absolute_url(), meeting.get_kind_display())


def _minutes(source: Source) -> Iterator[Use]:
    minutes = Minutes.objects.public().filter(source=source)
    minutes = minutes.select_related("meeting__organization")
    for version in _first(minutes.order_by("meeting__on_earliest", "meeting", "number")):
        words = _("%(kind)s minutes, version %(number)s") % {
            "kind": version.get_kind_display(),
            "number": version.number,
        }
        yield Use(str(version.meeting), version.get_absolute_url(), words)


def _terms(source: Source) -> Iterator[Use]:
    for term in _first(Term.objects.public().filter(source=source)):
        parts = (term.organization.name, term_seat(term), term_time(term))
        yield Use(term.member.name, term.member.get_absolute_url(), "; ".join(parts))


def _seats(source: Source) -> Iterator[Use]:
    seats = Seat.objects.filter(
        source=source, organization__publication=Publication.PUBLISHED
    ).select_related("organization")
    for seat in _first(seats):
        yield Use(str(seat), members_address(seat.organization))


def _authorities(source: Source) -> Iterator[Use]:
    for authority in _first(Authority.objects.public().filter(source=source)):
        words = _("decides on %(place)s’s ties") % {"place": authority.place.name}
        yield Use(authority.organization.name, authority.place.get_absolute_url(), words)


def _agreements(source: Source) -> Iterator[Use]:
    relationships = Prefetch(
        "relationships", Relationship.objects.public().select_related("partner")
    )
    agreements = (
        Agreement.objects.public().filter(documents=source).prefetch_related(relationships)
    )
    for agreement in _first(agreements):
        for relationship in agreement.relationships.all():
            words = ", ".join(
                str(part) for part in (agreement.get_kind_display(), agreement.signed_on) if part
            )
            yield Use(relationship.partner.name, relationship.get_absolute_url(), words)


def _organizations(source: Source) -> Iterator[Use]:
    for organization in _first(Organization.objects.public().filter(source=source)):
        yield Use(organization.name, "")


def _successions(source: Source) -> Iterator[Use]:
    steps = Succession.objects.between_public_places().filter(source=source)
    for step in _first(steps.order_by("predecessor__name", "successor__name", "pk")):
        words = f"{step.get_kind_display()} {step.successor.name}"
        yield Use(step.predecessor.name, step.predecessor.get_absolute_url(), words)


def _facts(source: Source) -> Iterator[Use]:
    cited = Q(population_source=source) | Q(geography_source=source)
    for place in _first(City.objects.public().filter(cited)):
        facts = [
            (place.population_source_id, _("population")),
            (place.geography_source_id, _("where it lies")),
        ]
        words = ", ".join(fact for pk, fact in facts if pk == source.pk)
        yield Use(place.name, place.get_absolute_url(), words)
