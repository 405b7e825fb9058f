"""A year in review: its exchanges, the resolutions adopted and the new relationships.

The page, the API and the file for the awards show what `review_of` returns.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext

from cities.models import Entry, Relationship
from cities.standing import Kind as EntryKind
from exchanges.models import Exchange
from exchanges.models.reports import COUNTS
from exchanges.review import Giving, ReportRow, Review, of_year
from resolutions.course import Kind, Outcome
from resolutions.models import Action


@dataclass(frozen=True)
class YearReview:
    """A year in review."""

    year: int
    exchanges: Review
    adoptions: list[Action]
    relationships: list[Relationship]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing of the year is on record."""
        whole = self.exchanges
        return not (whole.held or whole.other or self.adoptions or self.relationships)


def years_on_record(on: date) -> range:
    """Return the years from the first entry or exchange on record to the year of the day."""
    first_entry = Entry.objects.public().counting().aggregate(day=Min("on_earliest"))["day"]
    first_exchange = Exchange.objects.public().aggregate(day=Min("begins_earliest"))["day"]
    first = min((day for day in (first_entry, first_exchange) if day), default=on)
    return range(min(first.year, on.year), on.year + 1)


def review_of(year: int, on: date) -> YearReview:
    """Return the review of a year from the public record on a day."""
    return YearReview(year, of_year(year, on), _adoptions(year), _new_relationships(year, on))


def _adoptions(year: int) -> list[Action]:
    """Return the resolutions adopted on a day that is surely in the year."""
    return list(
        Action.objects.public()
        .filter(kind=Kind.ADOPT, on_earliest__year=year, on_latest__year=year)
        .filter(outcome=Outcome.CARRIED)
        .select_related("resolution__organization")
        .order_by("on_earliest", "resolution__slug", "number")
    )


def _new_relationships(year: int, on: date) -> list[Relationship]:
    """Return the relationships that surely began in the year, not those only attested in it."""
    relationships = (
        Relationship.objects.public().for_list().with_standing(min(date(year, 12, 31), on))
    )
    return [
        relationship
        for relationship in relationships
        if _began_in(year, relationship.standing.began)
    ]


def _began_in(year: int, began: Any) -> bool:
    if began is None or began.kind == EntryKind.ATTESTED:
        return False
    days = (began.on.earliest, began.on.latest)
    return all(day is not None and day.year == year for day in days)


# --- the file for the awards ------------------------------------------------------------

COLUMNS = [
    "section",
    "name",
    "date",
    "exchanges",
    *(name for count in COUNTS for name in (count, f"{count}_not_reported")),
    "currency",
    "amount",
    "gifts",
    "gifts_of_unknown_amount",
    "note",
]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(review: YearReview) -> str:
    """Return the year as a table (RFC 4180); an empty cell is unknown."""
    written = StringIO()
    table = csv.DictWriter(written, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    for row in _rows(review):
        table.writerow({name: guarded(str(value)) for name, value in row.items()})
    return written.getvalue()


def _rows(review: YearReview) -> Iterator[dict[str, Any]]:
    whole = review.exchanges
    yield {"section": "year", "name": review.year}
    yield {
        "section": "population_band",
        "name": whole.band or "",
        "note": gettext("For the %(year)s awards") % {"year": whole.awards_year},
    }
    yield _counts("total", whole.total)
    yield from _exchange_rows(whole)
    yield from _gift_rows(whole)
    yield from _decision_rows(review)
    for report in whole.incomplete:
        for missing in report.missing:
            yield {"section": "missing", "name": report.exchange.title, "note": missing}


def _exchange_rows(whole: Review) -> Iterator[dict[str, Any]]:
    for section, rows in (
        ("award_category", whole.awards),
        ("kind", whole.kinds),
        ("partner", whole.partners),
    ):
        for row in rows:
            yield _counts(section, row)
    for exchange in whole.held:
        row = ReportRow.of(exchange.slug, exchange.title, [exchange])
        yield _counts("exchange", row) | {"date": exchange.begins, "note": exchange.program}


def _gift_rows(whole: Review) -> Iterator[dict[str, Any]]:
    yield from _sums("money", whole.money)
    yield from _sums("in_kind", whole.in_kind)
    for gift in whole.gifts:
        yield {
            "section": "gift",
            "name": gift.organization,
            "currency": gift.currency,
            "amount": "" if gift.amount is None else gift.amount,
            "note": gift.given,
        }


def _decision_rows(review: YearReview) -> Iterator[dict[str, Any]]:
    for action in review.adoptions:
        resolution = action.resolution
        note = " ".join(part for part in (str(resolution.organization), resolution.number) if part)
        yield {"section": "resolution", "name": resolution.title, "date": action.on, "note": note}
    for relationship in review.relationships:
        yield {
            "section": "new_relationship",
            "name": relationship.partner,
            "date": relationship.standing.began.on,
        }


def _counts(section: str, row: ReportRow) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    for name, __, total in row.totals:
        counts[name] = "" if total.known is None else total.known
        counts[f"{name}_not_reported"] = total.missing
    return {"section": section, "name": row.name, "exchanges": row.exchanges} | counts


def _sums(section: str, giving: Giving) -> Iterator[dict[str, Any]]:
    for one in giving.sums:
        yield {
            "section": section,
            "currency": one.currency,
            "amount": one.amount,
            "gifts": one.gifts,
        }
    if giving.unknown:
        yield {"section": section, "gifts_of_unknown_amount": giving.unknown}
