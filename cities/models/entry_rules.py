"""What a line may say, given the rest of its ledger: rules that need other rows.

Each takes an `Entry` and answers with sentences that a clerk can act on; none if all is
well. What SQL can say of one row stands in `Entry.Meta.constraints`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _

from cities.records.publishing import Publication
from cities.standing import ACTIVE, ENDINGS, LIVE, Party, fold

if TYPE_CHECKING:
    from cities.models.entries import Entry


def decided_with_authority(line: "Entry") -> list[str]:
    """Only a body with authority decides for the home side; others can urge."""
    if line.decided_by is None or line.party == Party.PARTNER or line.is_claimed:
        return []
    if line.on_earliest is None:
        return []
    last = line.on_latest or line.on_earliest
    home = line.relationship.home
    if line.decided_by.authorities.over(home, line.on_earliest, last).exists():
        return []
    return [
        _(
            "%(body)s had no authority over %(home)s’s relationships on that day: it could"
            " urge, not decide. Choose the body that decided, or leave this empty while it"
            " is not found."
        )
        % {"body": line.decided_by, "home": home.name}
    ]


def in_order(line: "Entry") -> list[str]:
    """An end is not before its start: latest(end) ≥ earliest(start)."""
    if line.is_claimed or line.on_earliest is None:
        return []
    others = _others(line)
    starts = [other for other in others if other.kind in LIVE]
    if line.kind in ENDINGS:
        if not starts:
            return [_("The ledger has no beginning yet. Record how the tie began first.")]
        if line.on_latest and all(line.on_latest < start.on_earliest for start in starts):
            return [
                _("The tie cannot end before it began (%(began)s). Correct the date.")
                % {"began": starts[0].on}
            ]
    if line.kind in LIVE and not starts:
        for end in others:
            if end.kind in ENDINGS and end.on_latest and end.on_latest < line.on_earliest:
                return [
                    _("The tie cannot begin after it ended (%(ended)s). Correct the date.")
                    % {"ended": end.on}
                ]
    return []


def of_some_type(line: "Entry") -> list[str]:
    """A tie that becomes active is of some type."""
    if line.kind not in ACTIVE or line.type_id or line.is_claimed or not line.on_earliest:
        return []
    if fold(_others(line), line.on_earliest).type is not None:
        return []
    return [_("Say what kind of tie this made: choose the type from then on.")]


def with_another_place(line: "Entry") -> list[str]:
    if line.partner_id and line.partner_id == line.relationship.home_id:
        return [_("The home place cannot be the partner. Choose another place.")]
    return []


def by_its_own_agreement(line: "Entry") -> list[str]:
    if line.agreement is None or line.relationship in line.agreement.relationships.all():
        return []
    return [_("That agreement is about another relationship. Choose one of this tie.")]


def with_a_source(line: "Entry") -> list[str]:
    """An accepted line has a source before it is published."""
    if not line.counts:
        return []
    if line.pk:
        behind = line.citations.supporting()
        # Under a withdrawn tie nobody reads the line, and its sources may go too.
        if (behind if line.relationship.is_withdrawn else behind.standing()).exists():
            return []
    return [_("A line needs a source before it is published. Add one that supports it.")]


def _others(line: "Entry") -> list["Entry"]:
    """The other accepted lines of the ledger that are not withdrawn, oldest first."""
    others = line.relationship.entries.exclude(pk=line.pk)
    return [
        other
        for other in others.exclude(publication=Publication.WITHDRAWN)
        if not other.is_claimed and other.line != line.line
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
