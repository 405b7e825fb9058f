"""Who paid for an exchange, and what they gave."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Source
from cities.records.base import Record
from cities.records.publishing import Publication
from exchanges.money import currency_choices, in_words


class FundingNature(models.TextChoices):
    MONEY = "money", _("Money")
    IN_KIND = "in_kind", _("In kind: goods, work, space")


class FundingQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Filter to funding by organizations that a visitor may read, with the source."""
        published = self.filter(organization__publication=Publication.PUBLISHED)
        return published.select_related("organization", "source")


class Funding(Record):
    """What an organization gave for an exchange. An unknown amount stays empty.

    It belongs to one exchange, so that the money of a year can be added up. Whoever pays for a
    program as a whole has the role of its funder.
    """

    exchange = models.ForeignKey(
        "exchanges.Exchange",
        related_name="funding",
        on_delete=models.CASCADE,  # it was given for this exchange
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        related_name="funding",
        on_delete=models.PROTECT,
    )
    nature = models.CharField(
        _("money or in kind"), max_length=10, choices=FundingNature, default=FundingNature.MONEY
    )
    what = models.CharField(
        _("what was given, or what for"),
        max_length=200,
        blank=True,
        help_text=_("In kind: 100 bicycles. Money: what it paid for, if known."),
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("In kind: what it was worth. Leave blank if unknown."),
    )
    currency = models.CharField(_("currency"), max_length=3, choices=currency_choices, blank=True)
    year = models.PositiveSmallIntegerField(
        _("year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2200)],
        help_text=_("When it was given, if known."),
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )

    objects = FundingQuerySet.as_manager()

    parents = ("exchange",)

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("funding")
        ordering = ["exchange", "year", "organization__name", "nature", "what"]
        constraints = [
            models.UniqueConstraint(
                "exchange",
                "organization",
                "nature",
                "what",
                Coalesce("year", Value(0)),
                name="exchanges_funding_once",
                violation_error_message=_("This funding is already on record."),
            ),
            models.CheckConstraint(
                condition=Q(nature=FundingNature.MONEY)
                | (Q(nature=FundingNature.IN_KIND) & ~Q(what="")),
                name="exchanges_funding_in_kind_says_what",
                violation_error_message=_("Choose money, or say what was given in kind."),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True, currency="")
                | (Q(amount__isnull=False, amount__gte=0) & ~Q(currency="")),
                name="exchanges_funding_amount_with_its_currency",
                violation_error_message=_(
                    "Enter an amount of 0 or more with its currency, or leave both blank."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.given}"

    @property
    def given(self) -> str:
        """Return what was given, in words: “56 computers, worth 5,000 USD”."""
        worth = None if self.amount is None else in_words(self.amount, self.currency)
        if self.nature == FundingNature.MONEY:
            return worth or gettext("money, amount unknown")
        if worth is None:
            return self.what
        return gettext("%(what)s, worth %(amount)s") % {"what": self.what, "amount": worth}
