"""What a line may say, given the rest of its ledger: rules that need other rows.

Each takes an `Entry` and answers with sentences that a clerk can act on; none if all is
well. What SQL can say of one row stands in `Entry.Meta.constraints`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext

from cities.records.publishing import Publication
from cities.standing import ACTIVE, ENDINGS, LIVE, Party, fold

if TYPE_CHECKING:
    from cities.models.entries import Entry


def decided_with_authority(entry: "Entry") -> list[str]:
    """Only a body with authority decides for the home side; others can urge."""
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
            "%(body)s had no authority over %(home)s’s relationships on that day: it could"
            " urge, not decide. Choose the body that decided, or leave this empty while it"
            " is not found."
        )
        % {"body": entry.decided_by, "home": home.name}
    ]


def in_order(entry: "Entry") -> list[str]:
    """An end is not before its start: latest(end) ≥ earliest(start)."""
    if entry.is_claimed or entry.on_earliest is None:
        return []
    others = _others(entry)
    starts = [other for other in others if other.kind in LIVE]
    if entry.kind in ENDINGS:
        if not starts:
            return [gettext("The ledger has no beginning yet. Record how the tie began first.")]
        if entry.on_latest and all(entry.on_latest < start.on_earliest for start in starts):
            return [
                gettext("The tie cannot end before it began (%(began)s). Correct the date.")
                % {"began": starts[0].on}
            ]
    if entry.kind in LIVE and not starts:
        for end in others:
            if end.kind in ENDINGS and end.on_latest and end.on_latest < entry.on_earliest:
                return [
                    gettext("The tie cannot begin after it ended (%(ended)s). Correct the date.")
                    % {"ended": end.on}
                ]
    return []


def of_some_type(entry: "Entry") -> list[str]:
    """A tie that becomes active is of some type."""
    if entry.kind not in ACTIVE or entry.type_id or entry.is_claimed or not entry.on_earliest:
        return []
    if fold(_others(entry), entry.on_earliest).type is not None:
        return []
    return [gettext("Say what kind of tie this made: choose the type from then on.")]


def with_another_place(entry: "Entry") -> list[str]:
    if entry.partner_id and entry.partner_id == entry.relationship.home_id:
        return [gettext("The home place cannot be the partner. Choose another place.")]
    return []


def by_its_own_agreement(entry: "Entry") -> list[str]:
    if entry.agreement is None or entry.relationship in entry.agreement.relationships.all():
        return []
    return [gettext("That agreement is about another relationship. Choose one of this tie.")]


def with_a_source(entry: "Entry") -> list[str]:
    """An accepted line has a source before it is published."""
    if not entry.counts:
        return []
    if entry.pk:
        behind = entry.citations.supporting()
        # Under a withdrawn tie nobody reads the line, and its sources may go too.
        if (behind if entry.relationship.is_withdrawn else behind.standing()).exists():
            return []
    return [gettext("A line needs a source before it is published. Add one that supports it.")]


def _others(entry: "Entry") -> list["Entry"]:
    """The other accepted lines of the ledger that are not withdrawn, oldest first."""
    others = entry.relationship.entries.exclude(pk=entry.pk)
    return [
        other
        for other in others.exclude(publication=Publication.WITHDRAWN)
        if not other.is_claimed and other.number != entry.number
    ]


Rule = tuple[str, Callable[["Entry"], list[str]]]

RULES: list[Rule] = [
    ("decided_by", decided_with_authority),
    ("on", in_order),
    ("type", of_some_type),
    ("partner", with_another_place),
    ("agreement", by_its_own_agreement),
    (NON_FIELD_ERRORS, with_a_source),
]
"""The field whose form shows the sentence, and the rule."""
