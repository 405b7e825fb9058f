"""The rules of history entries that need other records.

What the database can check in one row is in `Entry.Meta.constraints`.
"""

from datetime import date
from typing import Any, Protocol

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext

from cities.models.evidence import is_signed_original, original_is_there
from cities.records.base import related
from cities.records.publishing import Publication
from cities.records.rules import Rule, rule
from cities.standing import ACTIVE, ENDINGS, LIVE, Party, fold


class EntryRecord(Protocol):
    """What the rules read of an entry."""

    pk: Any
    number: int
    kind: str
    party: str
    on: Any
    on_earliest: date | None
    on_latest: date | None
    is_claimed: bool
    counts: bool
    relationship: Any
    decided_by: Any
    type_id: Any
    partner_id: Any
    agreement: Any
    citations: Any
    no_document_by: str


@rule("E1", "decided_by", "Mayor Bernero’s statement: “The decision rests with the LRSCC”")
def decided_with_authority(entry: EntryRecord) -> list[str]:
    """Only an organization with authority on that day decides for the home city."""
    if entry.decided_by is None or entry.party == Party.PARTNER or entry.is_claimed:
        return []
    if entry.on_earliest is None:
        return []
    last = entry.on_latest or entry.on_earliest
    home = entry.relationship.home
    if entry.decided_by.authorities.over(home, entry.on_earliest, last).exists():
        return []
    return [
        gettext(
            "%(organization)s did not have the authority to decide for %(home)s on that date."
            " Choose the council or commission that decided, or leave this blank if we have no"
            " record of it."
        )
        % {"organization": entry.decided_by, "home": home.name}
    ]


@rule("E2", "on")
def in_order(entry: EntryRecord) -> list[str]:
    """A relationship does not end before it began, nor begin after it ended."""
    if entry.is_claimed or entry.on_earliest is None:
        return []
    others = _others(entry)
    starts = [other for other in others if other.kind in LIVE]
    if entry.kind in ENDINGS:
        return _ends_too_early(entry, starts)
    if entry.kind in LIVE and not starts:
        for end in others:
            if end.kind in ENDINGS and end.on_latest and end.on_latest < entry.on_earliest:
                return [
                    gettext(
                        "The relationship cannot begin after it ended (%(ended)s). Correct the"
                        " date."
                    )
                    % {"ended": end.on}
                ]
    return []


def _ends_too_early(entry: EntryRecord, starts: list[Any]) -> list[str]:
    """Compare by interval: the last possible day of the end, the first of the beginning."""
    if not starts:
        return [gettext("We have no record of how the relationship began. Add that entry first.")]
    if entry.on_latest and all(entry.on_latest < start.on_earliest for start in starts):
        return [
            gettext("The relationship cannot end before it began (%(began)s). Correct the date.")
            % {"began": starts[0].on}
        ]
    return []


@rule("E3", "type")
def of_some_type(entry: EntryRecord) -> list[str]:
    """An entry that makes a relationship active says its type, unless an earlier entry did."""
    if entry.kind not in ACTIVE or entry.type_id or entry.is_claimed or not entry.on_earliest:
        return []
    if fold(_others(entry), entry.on_earliest).type is not None:
        return []
    return [gettext("Choose the new type: this entry makes the relationship active.")]


@rule("E4", "partner")
def with_another_city(entry: EntryRecord) -> list[str]:
    """The home city is never its own partner."""
    if entry.partner_id and entry.partner_id == entry.relationship.home_id:
        return [gettext("The home city cannot be the partner. Choose another city.")]
    return []


@rule("E5", "agreement")
def by_its_own_agreement(entry: EntryRecord) -> list[str]:
    """An entry names an agreement of its own relationship."""
    if entry.agreement is None or entry.relationship in entry.agreement.relationships.all():
        return []
    return [
        gettext("That agreement belongs to another relationship. Choose an agreement of this one.")
    ]


@rule("E6", NON_FIELD_ERRORS)
def with_a_source(entry: EntryRecord) -> list[str]:
    """An entry that we rely on has a source before it is published."""
    if not entry.counts:
        return []
    if entry.pk:
        behind = entry.citations.supporting()
        # Nobody reads the entry of a withdrawn relationship, and its sources may go too.
        if (behind if entry.relationship.is_withdrawn else behind.standing()).exists():
            return []
    return [
        gettext("An entry needs a source before it is published. Add a source that supports it.")
    ]


def _others(entry: EntryRecord) -> list[Any]:
    """Return the other entries that we rely on and that are not withdrawn, oldest first."""
    others = entry.relationship.entries.exclude(pk=entry.pk)
    return [
        other
        for other in others.exclude(publication=Publication.WITHDRAWN)
        if not other.is_claimed and other.number != entry.number
    ]


@rule("E7", "no_document_by")
def without_the_original(entry: EntryRecord) -> list[str]:
    """Of what has a signed original on record, nobody says that no document is known."""
    if not entry.no_document_by or not entry.pk:
        return []
    cited = related(entry, "citations", "source")
    if not any(each.supports and is_signed_original(each.source) for each in cited):
        return []
    return [original_is_there()]


RULES: tuple[Rule, ...] = (
    decided_with_authority,
    in_order,
    of_some_type,
    with_another_city,
    by_its_own_agreement,
    with_a_source,
    without_the_original,
)
