"""How many people live in a city, as counted at different times and within different limits."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models.cities import City
from cities.models.sources import Source
from cities.records.base import Record
from cities.records.constraints import choices_constraint
from cities.records.fields import date_on_record


class Area(models.TextChoices):
    """What a count takes in, the smallest first."""

    PROPER = "proper", _("Within its limits")
    URBAN = "urban", _("Urban area")
    METROPOLITAN = "metropolitan", _("Metropolitan area")

    @property
    def in_words(self) -> str:
        """Return it as it stands after a number: “345,000 (urban area, 2020)”."""
        words = {
            Area.PROPER: gettext("within its limits"),
            Area.URBAN: gettext("urban area"),
            Area.METROPOLITAN: gettext("metropolitan area"),
        }
        return words[self]


class Population(Record):
    """One count of the people of a city, as its source has it."""

    city = models.ForeignKey(
        City,
        related_name="populations",
        on_delete=models.CASCADE,  # a count means nothing without its place
    )
    count = models.PositiveIntegerField(_("population"))
    area = models.CharField(_("area counted"), max_length=12, choices=Area, default=Area.PROPER)
    scope = models.CharField(
        _("what the source calls the area"),
        max_length=60,
        blank=True,
        help_text=_("For example, whole prefecture or Greater Guadalajara."),
    )
    on, on_earliest, on_latest = date_on_record(
        "on",
        _("date of the count"),
        help_text=_("As exactly as the source says: 2020, about 2020 or April 1, 2020."),
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), related_name="populations", on_delete=models.PROTECT
    )

    parents = ("city",)

    class Meta:
        verbose_name = _("population")
        verbose_name_plural = _("populations")
        ordering = ["city", "area", "on_earliest", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "area", "on", "source"],
                name="cities_population_once",
                violation_error_message=_("This count is already listed."),
            ),
            choices_constraint(
                "cities_population_area_known",
                _("Choose the area counted from the list."),
                area=Area,
            ),
            models.CheckConstraint(
                condition=Q(on_earliest__isnull=False, on_latest__isnull=False),
                name="cities_population_at_a_time",
                violation_error_message=_(
                    "A count needs a date with a first and a last possible day, such as 2020."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.count)

    @property
    def area_rank(self) -> int:
        return list(Area).index(Area(self.area))

    @property
    def area_in_words(self) -> str:
        """Return the area in the words of the source, else in ours."""
        return self.scope or Area(self.area).in_words
