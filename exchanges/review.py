"""A year in review: what the exchanges of a year come to. Unknown is told, never added as 0.

The page, the API and the CSV of a year all show what `of_year` works out.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cities.models import City, Relationship
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
    """A sum of what is known, of how many exchanges it is known, and of how many it is missing."""

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
    """Whether an exchange of this direction has such people: nobody is sent by one to Lansing."""
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
        """Each count by its name in code and in words, with its total."""
        return [(name, words_of(name), getattr(self, name)) for name in COUNTS]


@dataclass(frozen=True)
class Sum:
    """What was given in one currency, in how many gifts."""

    currency: str
    amount: Decimal
    gifts: int


@dataclass(frozen=True)
class Giving:
    """Money, or things by what they were worth: added up by currency, never across them."""

    sums: list[Sum]
    gifts: int
    unknown: int
    """Gifts of an amount that is not known."""

    @classmethod
    def of(cls, gifts: list[Funding]) -> "Giving":
        known = [gift for gift in gifts if gift.amount is not None]
        sums = []
        for currency in sorted({gift.currency for gift in known}):
            amounts = [gift.amount or 0 for gift in known if gift.currency == currency]
            sums.append(Sum(currency, Decimal(sum(amounts)), len(amounts)))
        return cls(sums, len(gifts), len(gifts) - len(known))


@dataclass(frozen=True)
class Lack:
    """What the report still lacks of one exchange."""

    exchange: Exchange
    missing: list[str]


@dataclass(frozen=True)
class Review:
    """What the exchanges that were held in a year come to, and what became of the others."""

    year: int
    held: list[Exchange]
    other: list[Exchange]
    """Cancelled, postponed, still to come, or over without word of whether it was held."""
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
    """Exchanges of which nobody is known who paid."""
    lacks: list[Lack]


def words_of(count: str) -> str:
    """A count’s name on the forms."""
    field: Any = Exchange._meta.get_field(count)
    return str(field.verbose_name)


def of_year(year: int, on: date) -> Review:
    """What the public record of a year’s exchanges comes to on a day."""
    exchanges = list(
        for_public(Exchange.objects.public().of_year(year).for_list().with_phase(on)).order_by(
            "begins_earliest", "slug"
        )
    )
    held = [exchange for exchange in exchanges if exchange.is_held]
    gifts = [gift for exchange in held for gift in exchange.funding.all()]
    lacks = [Lack(exchange, missing_in(exchange, on)) for exchange in exchanges]
    return Review(
        year=year,
        held=held,
        other=[exchange for exchange in exchanges if not exchange.is_held],
        total=ReportRow.of("all", _("All exchanges"), held),
        kinds=list(_by_kind(held)),
        partners=list(_by_partner(held)),
        awards_year=year + 1,
        awards=list(_by_award(held, year + 1)),
        band=_band(year + 1),
        money=Giving.of([gift for gift in gifts if gift.nature == FundingNature.MONEY]),
        in_kind=Giving.of([gift for gift in gifts if gift.nature == FundingNature.IN_KIND]),
        gifts=gifts,
        unfunded=sum(not exchange.funding.all() for exchange in held),
        lacks=[lack for lack in lacks if lack.missing],
    )


def _lines(
    names: Iterable[tuple[str, str]], held: list[Exchange], counts: Callable[[str, Exchange], bool]
) -> Iterator[ReportRow]:
    for slug, name in names:
        found = [exchange for exchange in held if counts(slug, exchange)]
        if found:
            yield ReportRow.of(slug, name, found)


def _by_kind(held: list[Exchange]) -> Iterator[ReportRow]:
    names = [*((kind.value, str(kind.label)) for kind in ProgramKind), ("", _("Kind not known"))]
    return _lines(names, held, lambda kind, exchange: exchange.program.kind == kind)


def _by_partner(held: list[Exchange]) -> Iterator[ReportRow]:
    """An exchange with several partners stands under each."""
    partners = {
        relationship.partner
        for exchange in held
        for relationship in exchange.public_relationships  # type: ignore[attr-defined]
    }
    names = sorted(
        ((place.slug, place.name) for place in partners), key=lambda pair: sorting_key(pair[1])
    )
    return _lines(names, held, _is_with)


def _is_with(slug: str, exchange: Exchange) -> bool:
    return any(relationship.partner.slug == slug for relationship in exchange.public_relationships)  # type: ignore[attr-defined]


def _by_award(held: list[Exchange], awards_year: int) -> Iterator[ReportRow]:
    """The awards’ categories for programs, also those for which nothing counts yet."""
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
    """The band of the home place; none while its population or the band is not known."""
    homes = Relationship.objects.public().values("home")
    home = City.objects.public().filter(pk__in=homes, population__isnull=False).first()
    if home is None or home.population is None:
        return None
    return PopulationBand.objects.in_year(awards_year).holding(home.population).first()


def status_of(exchange: Exchange) -> str:
    """What became of an exchange that the totals leave out; needs `with_phase`."""
    if exchange.state in CALLED_OFF:
        return str(exchange.get_state_display())
    if exchange.phase == Phase.PAST:  # type: ignore[attr-defined]
        return _("Over; whether it was held is not known yet")
    return _("Still to come or under way")
