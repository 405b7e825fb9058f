"""Names and codes of currencies, from ISO 4217 as `pycountry` keeps it."""

from decimal import Decimal
from functools import cache

import pycountry
from django.utils.formats import number_format
from django.utils.translation import pgettext

_NO_MONEY = {
    "XAG",
    "XAU",
    "XBA",
    "XBB",
    "XBC",
    "XBD",
    "XDR",
    "XPD",
    "XPT",
    "XSU",
    "XTS",
    "XUA",
    "XXX",
}
"""Metals, units of account and codes for tests: nobody pays a fee in them."""


@cache
def currency_choices() -> list[tuple[str, str]]:
    """Return every currency as (ISO 4217 code, “USD, US Dollar”), by code."""
    return sorted(
        (currency.alpha_3, f"{currency.alpha_3}, {currency.name}")
        for currency in pycountry.currencies
        if currency.alpha_3 not in _NO_MONEY
    )


def in_words(amount: Decimal, currency: str) -> str:
    """Return an amount as pages show it: “$1,500”, “$1,250.50”, “300 EUR”."""
    places = 0 if amount == amount.to_integral_value() else 2
    number = number_format(amount, places, force_grouping=True)
    if currency == "USD":
        return pgettext("money in dollars", "$%(amount)s") % {"amount": number}
    return pgettext("money", "%(amount)s %(currency)s") % {"amount": number, "currency": currency}
