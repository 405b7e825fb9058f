"""A year in review: the numbers of its exchanges. What is unknown is never added as 0.

The page, the API and the CSV of a year all show what `of_year` returns.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from cities.models import Register
from cities.models.populations import Area
from cities.records.languages import sorting_key
from exchanges.gaps import HOSTING, SENDING, for_public, missing_in
from exchanges.models import AwardCategory, Exchange, Funding, PopulationBand
from exchanges.models.awards import Honors
from exchanges.models.exchanges import Direction
from exchanges.models.funding import FundingNature
from exchanges.models.programs import ProgramKind
from exchanges.models.reports import COUNTS
from exchanges.states import CALLED_OFF, Phase


@dataclass(frozen=True)
class Total:
    """A sum of what is known, and how many exchanges reported it and how many did not."""

    known: int | None
    reported: int
    missing: int

    @classmethod
    def of(cls, count: str, exchanges: list[Exchange]) -> "Total":
        reported = [getattr(exchange, count) for exchange in exchanges]
        known = [number for number in reported if number is not None]
        missing = sum(
            number is None and _is_expected(count, exchange)
            for number, exchange in zip(reported, exchanges, strict=True)
        )
        return cls(sum(known) if known else None, len(known), missing)


def _is_expected(count: str, exchange: Exchange) -> bool:
    """Return whether an exchange of this direction has such people at all."""
    directions = {"people_sent": SENDING, "people_hosted": HOSTING}.get(count)
    if exchange.direction == Direction.VIRTUAL:
        return count in ("volunteers", "volunteer_hours")
    return not directions or not exchange.direction or exchange.direction in directions


@dataclass(frozen=True)
class ReportRow:
    """The exchanges under one name: of a kind, with a partner, for an award."""

    slug: str
    name: str
    exchanges: int
    people_sent: Total
    people_hosted: Total
    students: Total
    volunteers: Total
    volunteer_hours: Total
    home_stays: Total

    @classmethod
    def of(cls, slug: str, name: str, exchanges: list[Exchange]) -> "ReportRow":
        totals = {count: Total.of(count, exchanges) for count in COUNTS}
        return cls(slug, name, len(exchanges), **totals)

    @property
    def totals(self) -> list[tuple[str, str, Total]]:
        """Return each count by its name and its title, with its total."""
        return [(name, count_title(name), getattr(self, name)) for name in COUNTS]


@dataclass(frozen=True)
class Sum:
    """What was given in one currency, in how many gifts."""

    currency: str
    amount: Decimal
    gifts: int


@dataclass(frozen=True)
class Giving:
    """Money, or the value of things: added up by currency, never across currencies."""

    sums: list[Sum]
    gifts: int
    unknown: int
    """Gifts of unknown amount."""

    @classmethod
    def of(cls, gifts: list[Funding]) -> "Giving":
        known = [gift for gift in gifts if gift.amount is not None]
        sums = []
        for currency in sorted({gift.currency for gift in known}):
            amounts = [gift.amount or 0 for gift in known if gift.currency == currency]
            sums.append(Sum(currency, Decimal(sum(amounts)), len(amounts)))
        return cls(sums, len(gifts), len(gifts) - len(known))


@dataclass(frozen=True)
class IncompleteReport:
    """What is missing in the report of one exchange."""

    exchange: Exchange
    missing: list[str]


@dataclass(frozen=True)
class Review:
    """The exchanges held in a year with their totals, and those that are not counted."""

    year: int
    held: list[Exchange]
    other: list[Exchange]
    """Canceled, postponed, coming up, or over without a record of whether it was held."""
    total: ReportRow
    kinds: list[ReportRow]
    partners: list[ReportRow]
    awards_year: int
    awards: list[ReportRow]
    band: PopulationBand | None
    money: Giving
    in_kind: Giving
    gifts: list[Funding]
    unfunded: int
    """Exchanges without a record of who paid."""
    incomplete: list[IncompleteReport]


def count_title(count: str) -> str:
    """Return the name of a count as on the forms."""
    field: Any = Exchange._meta.get_field(count)
    return str(field.verbose_name)


def of_year(year: int, on: date) -> Review:
    """Return the review of a year from the public record on a day."""
    exchanges = list(
        for_public(Exchange.objects.public().of_year(year).for_list().with_phase(on)).order_by(
            "begins_earliest", "slug"
        )
    )
    held = [exchange for exchange in exchanges if exchange.is_held]
    gifts = [gift for exchange in held for gift in exchange.funding.all()]
    reports = [IncompleteReport(exchange, missing_in(exchange, on)) for exchange in exchanges]
    return Review(
        year=year,
        held=held,
        other=[exchange for exchange in exchanges if not exchange.is_held],
        total=ReportRow.of("all", gettext("All exchanges"), held),
        kinds=list(_by_kind(held)),
        partners=list(_by_partner(held)),
        awards_year=year + 1,
        awards=list(_by_award(held, year + 1)),
        band=_band(year + 1),
        money=Giving.of([gift for gift in gifts if gift.nature == FundingNature.MONEY]),
        in_kind=Giving.of([gift for gift in gifts if gift.nature == FundingNature.IN_KIND]),
        gifts=gifts,
        unfunded=sum(not exchange.funding.all() for exchange in held),
        incomplete=[report for report in reports if report.missing],
    )


def _rows(
    names: Iterable[tuple[str, str]], held: list[Exchange], counts: Callable[[str, Exchange], bool]
) -> Iterator[ReportRow]:
    for slug, name in names:
        found = [exchange for exchange in held if counts(slug, exchange)]
        if found:
            yield ReportRow.of(slug, name, found)


def _by_kind(held: list[Exchange]) -> Iterator[ReportRow]:
    names = [
        *((kind.value, str(kind.label)) for kind in ProgramKind),
        ("", gettext("Kind not on record")),
    ]
    return _rows(names, held, lambda kind, exchange: exchange.program.kind == kind)


def _by_partner(held: list[Exchange]) -> Iterator[ReportRow]:
    """Yield a row for each partner; an exchange with several counts in each row."""
    partners = {
        relationship.partner
        for exchange in held
        for relationship in exchange.public_relationships  # type: ignore[attr-defined]
    }
    names = sorted(
        ((place.slug, place.name) for place in partners), key=lambda pair: sorting_key(pair[1])
    )
    return _rows(names, held, _is_with)


def _is_with(slug: str, exchange: Exchange) -> bool:
    return any(relationship.partner.slug == slug for relationship in exchange.public_relationships)  # type: ignore[attr-defined]


def _by_award(held: list[Exchange], awards_year: int) -> Iterator[ReportRow]:
    """Yield a row for each award category for programs, even without an exchange."""
    categories = AwardCategory.objects.in_year(awards_year).filter(honors=Honors.PROGRAM)
    for category in categories.prefetch_related("kinds"):
        names_kinds = bool(category.kinds.all())
        counted = [
            exchange
            for exchange in held
            if not names_kinds or exchange.program.kind in category.counted_kinds
        ]
        yield ReportRow.of(category.slug, category.name, counted)


def _band(awards_year: int) -> PopulationBand | None:
    """Return the population category of the home city, if both are known."""
    register = Register.objects.current()
    if not register.is_on_record:
        return None
    within_limits = register.home.populations.filter(area=Area.PROPER).order_by("on_latest")
    newest = within_limits.last()
    if newest is None:
        return None
    return PopulationBand.objects.in_year(awards_year).holding(newest.count).first()


def status_of(exchange: Exchange) -> str:
    """Return the status of an exchange that the totals leave out; needs `with_phase`."""
    if exchange.state in CALLED_OFF:
        return str(exchange.get_state_display())
    if exchange.phase == Phase.PAST:  # type: ignore[attr-defined]
        return gettext("The dates have passed")
    return gettext("Coming up or happening now")
