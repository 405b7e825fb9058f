"""What the reports of exchanges lack: worked out from the records, never typed."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from cities.gaps import Gap
from exchanges.models import Exchange, Funding
from exchanges.models.exchanges import Direction
from exchanges.models.funding import FundingNature
from exchanges.states import CALLED_OFF, Phase

MOST = 50
"""How many exchanges the list of gaps shows at once, the newest first."""

SENDING = (Direction.OUT, Direction.BOTH)
HOSTING = (Direction.IN, Direction.BOTH)


def with_report(exchanges: QuerySet) -> QuerySet:
    """Exchanges with all that `missing_in` reads, in a fixed number of queries."""
    return exchanges.select_related("program").prefetch_related("funding__organization")


def for_public(exchanges: QuerySet) -> QuerySet:
    """Exchanges with all that `missing_in` reads, of what a visitor may read."""
    return exchanges.prefetch_related(Prefetch("funding", Funding.objects.public()))


def missing_in(exchange: Exchange, on: date) -> list[str]:
    """What a year’s report still lacks of one exchange; needs `with_report`.

    Nothing of one that is still to come, or was called off.
    """
    if exchange.is_held:
        return [*_counts_missing(exchange), *_words_missing(exchange), *_money_missing(exchange)]
    if exchange.state not in CALLED_OFF and exchange.phase_on(on) == Phase.PAST:
        return [_("Whether it was held: its days are over.")]
    return []


def gaps_of(exchange: Exchange, on: date) -> Iterator[Gap]:
    """The same as gaps of the record, each with the page that lacks it."""
    for missing in missing_in(exchange, on):
        yield Gap(str(exchange), missing, exchange.get_absolute_url())


def _counts_missing(exchange: Exchange) -> Iterator[str]:
    is_sending, is_hosting = exchange.direction in SENDING, exchange.direction in HOSTING
    if not exchange.direction:
        yield _("Who traveled, and how many people.")
    if is_sending and exchange.people_sent is None:
        yield _("How many people were sent.")
    if is_hosting and exchange.people_hosted is None:
        yield _("How many people were hosted.")
    if (is_sending or is_hosting) and exchange.students is None:
        yield _("How many of them were students.")
    if exchange.volunteers is None:
        yield _("How many volunteers helped.")
    if exchange.volunteer_hours is None:
        yield _("How many hours volunteers gave.")


def _words_missing(exchange: Exchange) -> Iterator[str]:
    if exchange.begins_earliest.year != exchange.begins_latest.year:
        yield _("In which year it was.")
    if not exchange.story:
        yield _("What came of it.")


def _money_missing(exchange: Exchange) -> Iterator[str]:
    funding = exchange.funding.all()
    if not funding:
        yield _("Who paid for it.")
    for given in funding:
        if given.amount is None and given.nature == FundingNature.MONEY:
            yield _("How much %s gave.") % given.organization
        elif given.amount is None:
            yield _("What “%(what)s” of %(who)s was worth.") % {
                "what": given.what,
                "who": given.organization,
            }
