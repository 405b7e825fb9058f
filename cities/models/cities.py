"""Cities and other places: where they are, and what they are part of."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models.sources import Source
from cities.records.constraints import choices_constraint, dates_in_order
from cities.records.countries import (
    check_subdivision,
    country_choices,
    country_name,
    subdivision_name,
)
from cities.records.dates import RecordDate
from cities.records.fields import PlainNameField, date_on_record
from cities.records.folding import plain
from cities.records.pictured import Pictured
from cities.records.publishing import Publication, Publishable
from cities.whereabouts import lies_in


class PlaceKind(models.TextChoices):
    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    MUNICIPALITY = "municipality", _("Municipality")
    BOROUGH = "borough", _("Borough")
    COUNTY = "county", _("County")
    STATE = "state", _("State")
    PREFECTURE = "prefecture", _("Prefecture")


@cache
def _time_zones() -> set[str]:
    """Return all names: they are read from as many files, and stay the same."""
    return available_timezones()


def check_time_zone(name: str) -> None:
    """Raise `ValidationError` unless the IANA time zone database has the zone."""
    if name not in _time_zones():
        raise ValidationError(
            gettext("“%(name)s” is not a time zone. Enter one such as Asia/Tokyo.")
            % {"name": name}
        )


class City(Pictured, Publishable):
    """A city, or a district, municipality, borough, county, state or prefecture."""

    slug = models.SlugField(_("web address"), max_length=60, unique=True)
    name = models.CharField(_("English name"), max_length=120)
    plain_name = PlainNameField(max_length=250, default="", editable=False)
    is_another_place = models.BooleanField(_("another place of the same name"), default=False)
    kind = models.CharField(_("kind"), max_length=20, choices=PlaceKind)
    country = models.CharField(_("country"), max_length=2, choices=country_choices)
    subdivision = models.CharField(
        _("state or province"),
        max_length=6,
        blank=True,
        help_text=_("The code of the state or province, such as JP-25 for Shiga."),
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        related_name="parts",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("For a district, the city it belongs to."),
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("One or two sentences for readers who have never heard of it."),
    )
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    is_outside_country = models.BooleanField(
        _("the coordinates are right, though outside the country"), default=False
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, blank=True, validators=[check_time_zone]
    )
    geography_source = models.ForeignKey(
        Source,
        verbose_name=_("source for the location"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Where the coordinates, time zone and codes come from."),
    )
    website = models.URLField(_("website"), max_length=300, blank=True)
    wikidata_id = models.CharField(
        _("Wikidata ID"),
        max_length=15,
        blank=True,
        validators=[
            RegexValidator(r"^Q[1-9]\d*$", _("Enter the letter Q and a number, such as Q200441."))
        ],
    )
    began, began_earliest, began_latest = date_on_record("began", _("founded"), blank=True)
    ceased, ceased_earliest, ceased_latest = date_on_record("ceased", _("dissolved"), blank=True)

    picture_route = "cities:city-picture"

    class Meta(Publishable.Meta):
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["name", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            *Pictured.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(name=""),
                name="cities_city_has_a_name",
                violation_error_message=_("Enter the English name."),
            ),
            models.UniqueConstraint(
                fields=["plain_name", "country", "subdivision"],
                condition=Q(is_another_place=False) & ~Q(publication=Publication.WITHDRAWN),
                name="cities_city_name_once_in_a_state",
                violation_error_message=_(
                    "A city of this name is already on record there. Correct the name, the country"
                    " or the state. If yours is another place, set “is_another_place”."
                ),
            ),
            choices_constraint(
                "cities_city_kind_known",
                _("Choose the kind from the list."),
                kind=PlaceKind,
            ),
            models.CheckConstraint(
                condition=Q(country__gte="AA", country__lte="ZZ"),
                name="cities_city_country_is_a_code",
                violation_error_message=_("Choose the country from the list."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="cities_city_on_the_globe",
                violation_error_message=_(
                    "Enter both latitude (-90 to 90) and longitude (-180 to 180), or leave both"
                    " blank."
                ),
            ),
            models.CheckConstraint(
                condition=Q(is_outside_country=False) | Q(latitude__isnull=False),
                name="cities_city_outside_with_coordinates",
                violation_error_message=_(
                    "Only coordinates can be outside the country. Enter them, or leave that out."
                ),
            ),
            dates_in_order(
                "began",
                "ceased",
                "cities_city_ceases_after_it_began",
                _("The city cannot be dissolved before it was founded. Correct one of the dates."),
            ),
            models.CheckConstraint(
                condition=Q(part_of__isnull=True) | ~Q(part_of=F("id")),
                name="cities_city_not_part_of_itself",
                violation_error_message=_("A city cannot be part of itself. Choose another one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.country_name}"

    def get_absolute_url(self) -> str:
        return reverse("city", args=[self.slug])

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def subdivision_name(self) -> str:
        return subdivision_name(self.subdivision) if self.subdivision else ""

    def get_subdivision_display(self) -> str:
        """Return the name for which the code stands, as Django does for a field with choices."""
        return self.subdivision_name

    @property
    def menu_label(self) -> str:
        """Return its name with the state or province: menus have several cities of one name."""
        where = [self.subdivision_name, self.country_name]
        return ", ".join([self.name, *filter(None, where)])

    @property
    def native_names(self) -> list[Any]:
        """Return the names in its own languages that differ from the English one."""
        return [name for name in self.names.all() if name.is_native and name.text != self.name]

    @property
    def populations_in_order(self) -> list[Any]:
        """Return its populations: within its limits before wider areas, the newest first."""
        newest = sorted(self.populations.all(), key=lambda each: each.on_latest, reverse=True)
        return sorted(newest, key=lambda each: each.area_rank)

    def country_on(self, on: RecordDate) -> str:
        """Return the state that is gone in which it surely was on a date; else nothing."""
        return next((each.name for each in self.former_countries.all() if each.had_it(on)), "")

    def clean(self) -> None:
        self.plain_name = plain(self.name)
        self.draw_picture()
        if self.subdivision:
            try:
                check_subdivision(self.subdivision, self.country)
            except ValidationError as error:
                raise ValidationError({"subdivision": error}) from None
        self._check_coordinates()
        if self.part_of is not None and self in self.part_of.ancestors():
            raise ValidationError(
                {
                    "part_of": gettext(
                        "%(place)s is already part of this city. Choose another one."
                    )
                    % {"place": self.part_of}
                }
            )

    def _check_coordinates(self) -> None:
        """Question coordinates outside the country, until somebody says that they are right."""
        if self.latitude is None or self.longitude is None or self.is_outside_country:
            return
        latitude, longitude = float(self.latitude), float(self.longitude)
        is_on_the_globe = abs(latitude) <= 90 and abs(longitude) <= 180
        if is_on_the_globe and lies_in(self.country, latitude, longitude) is False:
            raise ValidationError(
                {
                    "is_outside_country": gettext(
                        "These coordinates are not in %(country)s. Correct them or the country, or"
                        " say here that they are right."
                    )
                    % {"country": self.country_name}
                }
            )

    def ancestors(self) -> Iterator["City"]:
        """Yield the city, then each one it is part of, smallest first."""
        place: City | None = self
        seen: set[int] = set()
        while place is not None and place.pk not in seen:
            yield place
            seen.add(place.pk)
            place = place.part_of
