"""What the walks through the admin need to know of programs and exchanges."""

from typing import Any

from exchanges.models import AwardCategory, AwardKind, Exchange, PopulationBand, Program
from exchanges.models.programs import ProgramKind
from tests import factories as make

KEPT_BY_STAFF = (Program, Exchange)
TABLES = (AwardCategory, PopulationBand)


def one_band() -> PopulationBand:
    """A band of its own: two of a year do not overlap."""
    least = 1000 * PopulationBand.objects.count()
    return make.make_population_band(least, least + 999)


MAKERS: dict[type, Any] = {
    Program: make.make_program,
    Exchange: make.make_exchange,
    AwardCategory: make.make_award_category,
    PopulationBand: one_band,
}
"""A record of each model."""

CHANGED = {
    Program: {"summary": "Changed"},
    Exchange: {"venue": "Changed"},
    AwardCategory: {"note": "Changed"},
    PopulationBand: {"note": "Changed"},
}
CHOSEN_BY = {Program: (Exchange, "program")}
NEW = {
    Program: lambda: {
        "title": "New",
        "slug": "new",
        "relationships": [str(make.make_relationship().pk)],
    },
    Exchange: lambda: {
        "program": str(make.make_program().pk),
        "title": "New",
        "slug": "new",
        "relationships": [str(make.make_relationship().pk)],
    },
    AwardCategory: lambda: {"name": "New", "slug": "new", "rank": "77"},
    PopulationBand: lambda: {"least": "5000000"},
}
"""What to fill in to add a record."""


def carry(program: Program) -> None:
    make.make_program_role(program)
    make.make_exchange(program=program)
    program.relationships.add(make.make_relationship())
    program.sources.add(make.make_source())


def report(exchange: Exchange) -> None:
    make.make_exchange_role(exchange)
    make.make_funding(exchange, source=make.make_source())
    exchange.relationships.add(make.make_relationship())
    exchange.sources.add(make.make_source())


def add_kind(category: AwardCategory) -> None:
    """A further kind, while there is one."""
    others = set(ProgramKind.values) - {kind.kind for kind in category.kinds.all()}
    for kind in sorted(others)[:1]:
        AwardKind.objects.create(category=category, kind=kind)


LISTED = {
    Program: lambda: make.make_full_exchange().program,
    Exchange: make.make_full_exchange,
    AwardCategory: lambda: make.make_award_category(None, "sports", source=make.make_source()),
    PopulationBand: one_band,
}
"""One more record of each model, with what its list shows."""

PARTS = {Program: carry, Exchange: report, AwardCategory: add_kind}
"""One more part of a record, of those whose form shows parts."""

SEARCHED = {Program: 1, Exchange: 3}
"""Search boxes in each part: Django’s reads the one record it shows by itself."""
