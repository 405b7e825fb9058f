"""Funding: money and things, and what is not known of them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from exchanges.models import Funding
from exchanges.money import currency_choices, in_words
from tests.cities.refusals import assert_clerk_reads, assert_database_refuses
from tests.factories import make_exchange, make_funding, make_organization

pytestmark = pytest.mark.django_db

NOT_CHOICE = "Value '{}' is not a valid choice.".format
WHAT = "Choose money, or say what was given in kind."
AMOUNT = "Enter an amount of 0 or more with its currency, or leave both blank."


def funding(**fields) -> Funding:
    """Money of an unknown amount, as yet unsaved."""
    return Funding(exchange=make_exchange(), organization=make_organization("giver"), **fields)


WRONG = {
    "a nature of its own": (
        {"nature": "love"},
        "exchanges_funding_in_kind_says_what",
        {"nature": [NOT_CHOICE("love")]},
    ),
    "in kind, but not what": (
        {"nature": "in_kind"},
        "exchanges_funding_in_kind_says_what",
        {"__all__": [WHAT]},
    ),
    "an amount in no currency": (
        {"amount": 5},
        "exchanges_funding_amount_with_its_currency",
        {"__all__": [AMOUNT]},
    ),
    "a currency without an amount": (
        {"currency": "USD"},
        "exchanges_funding_amount_with_its_currency",
        {"__all__": [AMOUNT]},
    ),
    "an amount below nothing": (
        {"amount": -1, "currency": "USD"},
        "exchanges_funding_amount_with_its_currency",
        {"__all__": [AMOUNT]},
    ),
}


@pytest.mark.parametrize(("wrong", "constraint", "sentences"), WRONG.values(), ids=WRONG)
def test_wrong_funding_is_refused(wrong, constraint, sentences):
    record = funding(**wrong)

    assert_clerk_reads(record, sentences)
    assert_database_refuses(record, match=constraint)


def test_currency_that_nobody_pays_in_is_refused():
    assert_clerk_reads(funding(amount=1, currency="XTS"), {"currency": [NOT_CHOICE("XTS")]})


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        (1899, "Ensure this value is greater than or equal to 1900."),
        (2201, "Ensure this value is less than or equal to 2200."),
    ],
)
def test_year_is_one_of_our_time(year, sentence):
    assert_clerk_reads(funding(year=year), {"year": [sentence]})


@pytest.mark.parametrize("year", [None, 1994])
def test_same_funding_is_there_once(year):
    first = make_funding(make_exchange(), year=year)
    again = Funding(exchange=first.exchange, organization=first.organization, year=year)

    assert_clerk_reads(again, "This funding is already on record.")
    assert_database_refuses(again, match=r"exchanges_funding_once|UNIQUE constraint failed")


def test_same_giver_gives_in_another_year_and_in_kind():
    first = make_funding(make_exchange(), year=1994)
    for other in ({"year": 1995}, {"year": None}, {"year": 1994, "what": "flights"}):
        make_funding(first.exchange, first.organization, **other)
    make_funding(first.exchange, first.organization, nature="in_kind", what="rooms", year=1994)

    assert first.exchange.funding.count() == 5


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "money, amount unknown"),
        ({"amount": "0.00", "currency": "USD"}, "$0"),
        ({"amount": "1234.50", "currency": "GHS"}, "1,234.50 GHS"),
        ({"nature": "in_kind", "what": "56 computers"}, "56 computers"),
        (
            {"nature": "in_kind", "what": "56 computers", "amount": "5000", "currency": "USD"},
            "56 computers, worth $5,000",
        ),
    ],
)
def test_what_was_given_in_words(fields, words):
    record = make_funding(make_exchange(), make_organization("giver"), **fields)

    assert str(Funding.objects.get(pk=record.pk)) == f"Giver: {words}"


@pytest.mark.parametrize("amount", ["0.1", "0.2", "9999999999.99", "0.01"])
def test_amount_is_exact(amount):
    record = make_funding(make_exchange(), amount=amount, currency="USD")

    record = Funding.objects.get(pk=record.pk)
    assert f"{record.amount:f}".rstrip("0") == amount.rstrip("0")
    record.full_clean()


def test_amount_finer_than_a_cent_is_refused():
    record = funding(amount="0.001", currency="USD")

    with pytest.raises(ValidationError) as refusal:
        record.full_clean()

    assert list(refusal.value.message_dict) == ["amount"]


def test_currencies_are_those_people_pay_in():
    choices = dict(currency_choices())

    assert choices["USD"] == "USD, US Dollar"
    assert {"JPY", "GHS", "KRW", "MXN", "RON", "CNY", "RUB", "TZS", "XOF"} <= choices.keys()
    assert not {"XAU", "XTS", "XXX"} & choices.keys()
    assert list(choices) == sorted(choices)


def test_amount_in_words_has_its_currency():
    record = make_funding(make_exchange(), amount="1000000", currency="JPY")

    assert in_words(Funding.objects.get(pk=record.pk).amount, "JPY") == "1,000,000 JPY"


def test_amount_is_said_as_the_language_of_the_page_writes_numbers():
    with override("de"):
        assert in_words(Decimal("1250.50"), "USD") == "$1.250,50"
    assert in_words(Decimal("1250000"), "USD") == "$1,250,000"
