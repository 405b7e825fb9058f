"""What the entries of a relationship mean for its standing: plain rules, no queries.

`unfold` reads all entries in memory. The database keeps what it yields as rows, one for each
period between two entries (`cities.derivations`), so that lists can be asked for any day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cities.records.dates import RecordDate


class Status(TextChoices):
    """The status of a relationship on a day."""

    PROPOSED = "proposed", _("proposed")
    ACTIVE = "active", _("active")
    DORMANT = "dormant", _("inactive")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")
    CONTESTED = "contested", _("disputed")


class Party(TextChoices):
    """Whose standing an entry changes."""

    HOME = "home", _("Home city only")
    PARTNER = "partner", _("the partner only")
    BOTH = "both", _("both cities")


class Kind(TextChoices):
    """What happened, according to an entry."""

    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    SIGNED = "signed", _("signed")
    CONCLUDED = "concluded", _("agreed")
    RENEWED = "renewed", _("renewed")
    RESUMED = "resumed", _("resumed")
    REAFFIRMED = "reaffirmed", _("reaffirmed")
    ATTESTED = "attested", _("named in a source")
    DORMANT = "dormant", _("reported inactive")
    SUSPENDED = "suspended", _("suspended")
    TERMINATED = "terminated", _("ended by a decision")
    LAPSED = "lapsed", _("allowed to lapse")
    PARTNER_CEASED = "partner_ceased", _("partner no longer exists")
    SUPERSEDED = "superseded", _("replaced")
    VISITED = "visited", _("visit")
    NOTED = "noted", _("note")
    DISPUTED = "disputed", _("dispute")


PROPOSALS = (Kind.PROPOSED, Kind.APPROVED)
ACTIVE = (
    Kind.SIGNED,
    Kind.CONCLUDED,
    Kind.RENEWED,
    Kind.RESUMED,
    Kind.REAFFIRMED,
    Kind.ATTESTED,
)
ENDINGS = (Kind.TERMINATED, Kind.LAPSED, Kind.PARTNER_CEASED, Kind.SUPERSEDED)

STATUS_OF: dict[str, Status] = {
    **dict.fromkeys(PROPOSALS, Status.PROPOSED),
    **dict.fromkeys(ACTIVE, Status.ACTIVE),
    Kind.DORMANT: Status.DORMANT,
    Kind.SUSPENDED: Status.SUSPENDED,
    **dict.fromkeys(ENDINGS, Status.ENDED),
}
MOVING = tuple(STATUS_OF)
"""Kinds that move the standing."""

FIRM = tuple(kind for kind in MOVING if kind not in PROPOSALS)
"""Moving kinds but proposals: a proposal never lowers a relationship that is alive."""

LIVE = tuple(kind for kind in FIRM if kind not in ENDINGS)
"""Firm kinds after which the relationship continues, so that a proposal changes nothing."""


class EntryLike(Protocol):
    """What `unfold` reads of an accepted, published entry."""

    number: int
    kind: str
    party: str
    on_earliest: date | None
    type: Any


@dataclass(frozen=True)
class EntryKey:
    """What a standing computed by the database says of one entry: enough to find it."""

    number: int
    kind: str
    on: RecordDate

    @classmethod
    def from_row(cls, row: Any, name: str) -> Self | None:
        number, kind, on = (
            getattr(row, f"standing_{name}_{part}") for part in ("number", "kind", "on")
        )
        return cls(number, kind, on) if number is not None else None


@dataclass(frozen=True)
class Standing:
    """The standing of a relationship on a day; a part is ``None`` where nothing is on record.

    `since` is the entry that brought the present status under the present type; `began` the
    first that made the relationship active. `reason` says how it ended, a `Kind` of `ENDINGS`.
    """

    status: str | None = None
    home: str | None = None
    partner: str | None = None
    type: Any = None
    since: Any = None
    began: Any = None

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """Return the standing in the ``standing_…`` columns that the database computed."""
        return cls(
            row.standing_status,
            row.standing_home,
            row.standing_partner,
            row.standing_type,
            EntryKey.from_row(row, "since"),
            EntryKey.from_row(row, "began"),
        )

    @property
    def is_alive(self) -> bool:
        """Return whether the relationship has begun and has not ended."""
        return self.status not in (None, Status.PROPOSED, Status.ENDED)

    @property
    def reason(self) -> str | None:
        return self.since.kind if self.status == Status.ENDED else None

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label) if self.status else ""


def combine(home: str | None, partner: str | None) -> str | None:
    """Return the overall status of two parties: contested where they differ.

    A party without a record does not contradict the other.
    """
    if home is None or partner is None:
        return home or partner
    return home if home == partner else Status.CONTESTED


def in_order(entries: Iterable[EntryLike]) -> list[EntryLike]:
    """Return entries as they took effect: by first possible day, then as they were recorded."""
    return sorted(entries, key=lambda entry: (entry.on_earliest or date.max, entry.number))


def fold(entries: Iterable[EntryLike], on: date) -> Standing:
    """Return the standing on day `on` that follows from accepted, published entries."""
    standing = Standing()
    for first_day, __, after in unfold(entries):
        if first_day > on:
            break
        standing = after
    return standing


def unfold(entries: Iterable[EntryLike]) -> Iterator[tuple[date, Any, Standing]]:
    """Yield each entry that moves the standing, with the day and the standing from then on."""
    status: dict[str, str | None] = {Party.HOME: None, Party.PARTNER: None}
    alive: dict[str, bool] = {Party.HOME: False, Party.PARTNER: False}
    firm_type = last_type = type_now = since = began = overall = None

    for entry in in_order(entries):
        if entry.kind not in MOVING or entry.on_earliest is None:
            continue
        for party in status:
            if entry.party not in (party, Party.BOTH):
                continue
            if entry.kind in FIRM:
                alive[party] = entry.kind in LIVE
            if entry.kind in FIRM or not alive[party]:
                status[party] = STATUS_OF[entry.kind]
        if entry.type is not None:
            last_type = entry.type
            firm_type = entry.type if entry.kind in FIRM else firm_type
        if began is None and entry.kind in ACTIVE:
            began = entry

        before = (overall, type_now)
        overall = combine(status[Party.HOME], status[Party.PARTNER])
        proposed = overall == Status.PROPOSED
        type_now = last_type if proposed or firm_type is None else firm_type
        if (overall, type_now) != before:
            since = entry
        home, partner = status[Party.HOME], status[Party.PARTNER]
        yield entry.on_earliest, entry, Standing(overall, home, partner, type_now, since, began)
