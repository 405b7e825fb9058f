"""States that a city was in and that are gone."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.models.cities import City
from cities.models.sources import Source
from cities.records.base import Record
from cities.records.constraints import choices_constraint, dates_in_order
from cities.records.countries import GONE, former_country_choices, former_country_name
from cities.records.dates import RecordDate
from cities.records.fields import date_on_record


class FormerCountry(Record):
    """A state that is gone, such as the Soviet Union, in which a city was."""

    city = models.ForeignKey(
        City,
        related_name="former_countries",
        on_delete=models.CASCADE,  # it means nothing without its place
    )
    country = models.CharField(_("country"), max_length=4, choices=former_country_choices)
    since, since_earliest, since_latest = date_on_record(
        "since",
        _("since"),
        blank=True,
        help_text=_("Leave blank if we have no record of it, or if that does not matter."),
    )
    until, until_earliest, until_latest = date_on_record(
        "until",
        _("until"),
        help_text=_("When the city left it, or the state came to an end: December 26, 1991."),
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        related_name="former_countries",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )

    parents = ("city",)

    class Meta:
        verbose_name = _("former country")
        verbose_name_plural = _("former countries")
        ordering = ["city", "until_latest", "country"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "country"],
                name="cities_formercountry_once",
                violation_error_message=_("This country is already listed."),
            ),
            choices_constraint(
                "cities_formercountry_known",
                _("Choose the country from the list."),
                country=GONE,
            ),
            models.CheckConstraint(
                condition=Q(until_latest__isnull=False),
                name="cities_formercountry_is_over",
                violation_error_message=_(
                    "Enter when it ended, as exactly as the source says, such as 1991."
                ),
            ),
            dates_in_order(
                "since",
                "until",
                "cities_formercountry_ends_after_it_begins",
                _("A city cannot leave a country before it came to it. Correct one of the dates."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return former_country_name(self.country)

    def had_it(self, on: RecordDate) -> bool:
        """Return whether the city was in it on a date: surely, however roughly dates are known."""
        ended: Any = self.until_earliest or self.until_latest
        is_before_the_end = on.latest is not None and on.latest <= ended
        began: Any = self.since_latest or self.since_earliest
        is_after_the_start = began is None or (on.earliest is not None and on.earliest >= began)
        return is_before_the_end and is_after_the_start
