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
    PLANNED = "planned", _("signing planned")
    POSTPONED = "postponed", _("signing postponed")
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


PLANS = (Kind.PLANNED, Kind.POSTPONED)
"""Kinds that say when an agreement is to be signed. It is not agreed by that."""

PROPOSALS = (Kind.PROPOSED, Kind.APPROVED, *PLANS)
ACTIVE = (
    Kind.SIGNED,
    Kind.CONCLUDED,
    Kind.RENEWED,
    Kind.RESUMED,
    Kind.REAFFIRMED,
    Kind.ATTESTED,
)
CONFIRMING = (*ACTIVE, Kind.VISITED)
"""Kinds that show a relationship in effect on their day, if it is active."""

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

GRAVITY = (Status.ACTIVE, Status.PROPOSED, Status.DORMANT, Status.SUSPENDED, Status.ENDED)
"""What one side alone says, from the mildest: where sides differ, the graver is that of both."""

LIVE = tuple(kind for kind in FIRM if kind not in ENDINGS)
"""Firm kinds after which the relationship continues, so that a proposal changes nothing."""


ONE_SIDED = (Status.DORMANT, Status.SUSPENDED, Status.ENDED)
"""Statuses that one side can bring to the whole, as long as the other does not answer."""


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
    planned_for: RecordDate | None = None
    last_contact: RecordDate | None = None

    @classmethod
    def from_row(cls, row: Any, name: str) -> Self | None:
        fields = cls.__match_args__
        parts = {part: getattr(row, f"standing_{name}_{part}", None) for part in fields}
        return cls(**parts) if parts["number"] is not None else None  # type: ignore[arg-type]


@dataclass(frozen=True)
class Standing:
    """The standing of a relationship on a day; a part is ``None`` where nothing is on record.

    `since` is the entry that brought the present status under the present type; `began` the
    first that made the relationship active; `home_since` and `partner_since` those that brought
    the status of each side; `confirmed` the newest that shows it in effect; `plan`, while it is
    proposed, the newest about the day of signing. `reason` says how it ended, a `Kind` of
    `ENDINGS`.
    """

    status: str | None = None
    home: str | None = None
    partner: str | None = None
    type: Any = None
    since: Any = None
    began: Any = None
    home_since: Any = None
    partner_since: Any = None
    confirmed: Any = None
    plan: Any = None

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
            EntryKey.from_row(row, "home_since"),
            EntryKey.from_row(row, "partner_since"),
            EntryKey.from_row(row, "confirmed"),
            EntryKey.from_row(row, "plan"),
        )

    @property
    def is_alive(self) -> bool:
        """Return whether the relationship has begun and has not ended."""
        return self.status not in (None, Status.PROPOSED, Status.ENDED)

    @property
    def reason(self) -> str | None:
        return self.since.kind if self.status == Status.ENDED else None

    @property
    def acted_alone(self) -> str | None:
        """Return the side that brought the status, if there is no answer of the other on record.

        A partner that no longer exists answers nothing, and nobody waits for it.
        """
        if self.status not in ONE_SIDED or self.reason == Kind.PARTNER_CEASED:
            return None
        if self.home == self.partner:
            return None
        return Party.HOME if self.home == self.status else Party.PARTNER

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label) if self.status else ""

    def is_confirmed_since(self, year: int) -> bool:
        """Return whether it was surely or possibly shown in effect in a year or later."""
        last = self.confirmed.on.latest if self.confirmed else None
        return last is not None and last.year >= year


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


@dataclass
class _Side:
    """One side of a relationship, as far as its entries have been read.

    `since` is the entry that brought its status. `acted` is the day on which the side came to
    it by a firm statement of its own that the other has not joined; `spoke` is the day of its
    newest firm statement of its own. An entry of both sides is nobody’s own.
    """

    status: str | None = None
    since: Any = None
    acted: date | None = None
    spoke: date | None = None
    is_firm: bool = False
    is_alive: bool = False
    has_ceased: bool = False

    def follow(self, entry: Any) -> None:
        """Change what an entry that concerns this side changes."""
        status, is_firm = STATUS_OF[entry.kind], entry.kind in FIRM
        own = entry.on_earliest if is_firm and entry.party != Party.BOTH else None
        if is_firm:
            self.is_firm, self.is_alive = True, entry.kind in LIVE
            self.spoke = own or self.spoke
        elif self.is_alive:
            return
        self.has_ceased = entry.kind == Kind.PARTNER_CEASED or (
            self.has_ceased and status == Status.ENDED
        )
        if status != self.status:
            self.status, self.since, self.acted = status, entry, own


def _overall(home: _Side, partner: _Side) -> str | None:
    """Return the status of the whole: see the decision record “Silence is not consent”."""
    if partner.has_ceased:
        return Status.ENDED
    sides = [side for side in (home, partner) if side.status is not None]
    sides = [side for side in sides if side.is_firm] or sides
    milder, graver = min(sides, key=_gravity), max(sides, key=_gravity)
    return Status.CONTESTED if _is_contested(milder, graver) else graver.status


def _gravity(side: _Side) -> int:
    return GRAVITY.index(Status(str(side.status)))


def _is_contested(milder: _Side, graver: _Side) -> bool:
    """Return whether one side answered, for itself, what the other did alone."""
    if milder.status == graver.status:
        return False
    act, answer = graver.acted, milder.spoke
    if act is None:  # both had stood so, and the milder side went its own way since
        act, answer = milder.acted, graver.spoke
    return act is not None and answer is not None and answer >= act


def unfold(entries: Iterable[EntryLike]) -> Iterator[tuple[date, Any, Standing]]:
    """Yield each entry that changes the standing, with the day and the standing from then on."""
    home, partner = _Side(), _Side()
    firm_type = last_type = type_now = since = began = confirmed = plan = overall = None

    for entry in in_order(entries):
        if entry.on_earliest is None or not _changes(entry.kind, overall):
            continue
        for party, side in ((Party.HOME, home), (Party.PARTNER, partner)):
            if entry.kind in MOVING and entry.party in (party, Party.BOTH):
                side.follow(entry)
        if home.status == partner.status:
            home.acted = partner.acted = None
        if entry.type is not None:
            last_type = entry.type
            firm_type = entry.type if entry.kind in FIRM else firm_type
        if began is None and entry.kind in ACTIVE:
            began = entry

        before = (overall, type_now)
        overall = _overall(home, partner)
        proposed = overall == Status.PROPOSED
        type_now = last_type if proposed or firm_type is None else firm_type
        if (overall, type_now) != before:
            since = entry
        if overall == Status.ACTIVE and entry.kind in CONFIRMING:
            confirmed = entry
        plan = _plan(overall, entry, plan)
        both = (overall, home.status, partner.status, type_now)
        marks = (since, began, home.since, partner.since, confirmed, plan)
        yield entry.on_earliest, entry, Standing(*both, *marks)


def _plan(status: str | None, entry: Any, before: Any) -> Any:
    """Return the entry that says when it is to be signed, while it is proposed."""
    if status != Status.PROPOSED:
        return None
    return entry if entry.kind in PLANS else before


def _changes(kind: str, status: str | None) -> bool:
    """Return whether an entry of a kind changes the standing: a visit confirms what is active."""
    return kind in MOVING or (status == Status.ACTIVE and kind in CONFIRMING)
