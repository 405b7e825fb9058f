"""What is missing about exchanges and programs: found in the records, never typed."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from cities.gaps import Gap
from exchanges.models import Exchange, Funding, Program
from exchanges.models.exchanges import Direction
from exchanges.models.funding import FundingNature
from exchanges.states import CALLED_OFF, Phase

EXCHANGES_LISTED = 50
"""Exchanges on the page of gaps, the newest first."""

SENDING = (Direction.OUT, Direction.BOTH)
HOSTING = (Direction.IN, Direction.BOTH)


def with_report(exchanges: QuerySet) -> QuerySet:
    """Return exchanges with all that `missing_in` reads, in a fixed number of queries."""
    return exchanges.select_related("program").prefetch_related("funding__organization")


def for_public(exchanges: QuerySet) -> QuerySet:
    """Return exchanges with all that `missing_in` reads and a visitor may see."""
    return exchanges.prefetch_related(Prefetch("funding", Funding.objects.public()))


def missing_in(exchange: Exchange, on: date) -> list[str]:
    """Return what is missing in the report of an exchange; needs `with_report`.

    Nothing is missing while it is coming up, or once it was called off.
    """
    if exchange.is_held:
        return [*_counts_missing(exchange), *_words_missing(exchange), *_money_missing(exchange)]
    if exchange.state not in CALLED_OFF and exchange.phase_on(on) == Phase.PAST:
        return [gettext("Whether it took place.")]
    return []


def missing_in_program(program: Program) -> list[str]:
    """Return what is missing about a program; needs its public editions."""
    return [
        sentence
        for is_known, sentence in (
            (program.summary, gettext("What the program is.")),
            (program.kind, gettext("What kind of program it is.")),
            (program.for_whom or program.audience, gettext("Who can take part.")),
            (program.since, gettext("When it began.")),
            (
                program.until or program.says_how_to_apply or program.contact_office,
                gettext("How to apply."),
            ),
            (program.public_editions, gettext("When the exchanges took place.")),  # type: ignore[attr-defined]
        )
        if not is_known
    ]


def gaps_of(exchange: Exchange, on: date) -> Iterator[Gap]:
    """Yield the same as gaps of the record, each with the page of the exchange."""
    for missing in missing_in(exchange, on):
        yield Gap(str(exchange), missing, exchange.get_absolute_url())


def _counts_missing(exchange: Exchange) -> Iterator[str]:
    is_sending, is_hosting = exchange.direction in SENDING, exchange.direction in HOSTING
    if not exchange.direction:
        yield gettext("Who traveled, and how many people.")
    if is_sending and exchange.people_sent is None:
        yield gettext("How many people were sent.")
    if is_hosting and exchange.people_hosted is None:
        yield gettext("How many people were hosted.")
    if (is_sending or is_hosting) and exchange.students is None:
        yield gettext("How many of them were students.")
    if exchange.volunteers is None:
        yield gettext("How many volunteers helped.")
    if exchange.volunteer_hours is None:
        yield gettext("How many hours the volunteers gave.")


def _words_missing(exchange: Exchange) -> Iterator[str]:
    if exchange.begins_earliest.year != exchange.begins_latest.year:
        yield gettext("Which year it took place.")
    if not exchange.story:
        yield gettext("A report of the results.")


def _money_missing(exchange: Exchange) -> Iterator[str]:
    funding = exchange.funding.all()
    if not funding:
        yield gettext("Who paid for it.")
    for given in funding:
        if given.amount is None and given.nature == FundingNature.MONEY:
            yield gettext("%(organization)s: how much money was given.") % {
                "organization": given.organization
            }
        elif given.amount is None:
            yield gettext("%(organization)s: the value of “%(what)s”.") % {
                "what": given.what,
                "organization": given.organization,
            }
