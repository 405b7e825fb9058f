"""What the walks through the admin need to know of programmes and exchanges."""

from typing import Any

from exchanges.models import AwardCategory, AwardKind, Exchange, PopulationBand, Programme
from exchanges.models.programs import ProgrammeKind
from tests import factories as make

KEPT_BY_STAFF = (Programme, Exchange)
TABLES = (AwardCategory, PopulationBand)


def one_band() -> PopulationBand:
    """A band of its own: two of a year do not overlap."""
    least = 1000 * PopulationBand.objects.count()
    return make.make_population_band(least, least + 999)


MAKERS: dict[type, Any] = {
    Programme: make.make_programme,
    Exchange: make.make_exchange,
    AwardCategory: make.make_award_category,
    PopulationBand: one_band,
}
"""A record of each model."""

CHANGED = {
    Programme: {"summary": "Changed"},
    Exchange: {"venue": "Changed"},
    AwardCategory: {"note": "Changed"},
    PopulationBand: {"note": "Changed"},
}
CHOSEN_BY = {Programme: (Exchange, "programme")}
NEW = {
    Programme: lambda: {
        "title": "New",
        "slug": "new",
        "relationships": [str(make.make_relationship().pk)],
    },
    Exchange: lambda: {
        "programme": str(make.make_programme().pk),
        "title": "New",
        "slug": "new",
        "relationships": [str(make.make_relationship().pk)],
    },
    AwardCategory: lambda: {"name": "New", "slug": "new", "rank": "77"},
    PopulationBand: lambda: {"least": "5000000"},
}
"""What to fill in to add a record."""


def carry(programme: Programme) -> None:
    make.make_programme_role(programme)
    make.make_exchange(programme=programme)
    programme.relationships.add(make.make_relationship())
    programme.sources.add(make.make_source())


def report(exchange: Exchange) -> None:
    make.make_exchange_role(exchange)
    make.make_funding(exchange, source=make.make_source())
    exchange.relationships.add(make.make_relationship())
    exchange.sources.add(make.make_source())


def add_kind(category: AwardCategory) -> None:
    """A further kind, while there is one."""
    others = set(ProgrammeKind.values) - {kind.kind for kind in category.kinds.all()}
    for kind in sorted(others)[:1]:
        AwardKind.objects.create(category=category, kind=kind)


LISTED = {
    Programme: lambda: make.make_full_exchange().programme,
    Exchange: make.make_full_exchange,
    AwardCategory: lambda: make.make_award_category(None, "sports", source=make.make_source()),
    PopulationBand: one_band,
}
"""One more record of each model, with what its list shows."""

PARTS = {Programme: carry, Exchange: report, AwardCategory: add_kind}
"""One more part of a record, of those whose form shows parts."""

SEARCHED = {Programme: 1, Exchange: 3}
"""Search boxes in each part: Django’s reads the one record it shows by itself."""
