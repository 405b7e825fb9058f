"""The register itself: which city is home, and who keeps the record."""

from datetime import tzinfo
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models.cities import City
from cities.models.organizations import Organization
from cities.records.base import Record, RecordQuerySet
from cities.records.publishing import Publication

ONLY = 1
"""The primary key of the only row."""

THERE_IS_ONE = _("There is already a register. Change that one instead of adding another.")


class RegisterQuerySet(RecordQuerySet):
    visible_through = ("home", "maintainer")

    def public(self) -> Self:
        """Filter to the register whose home city and maintainer are published."""
        return self.filter(
            **{f"{path}__publication": Publication.PUBLISHED for path in self.visible_through}
        )

    def current(self) -> "Register":
        """Return the register, or an unsaved one that names no city if none is on record."""
        rows: Any = self.public().select_related("home", "maintainer", "records_office")
        return rows.first() or Register()


class Register(Record):
    """The home city, the organization that maintains its record, and the office for documents.

    There is at most one row: the site is the record of one city. Pages, feeds, cards, calendars
    and the API take every name from it. The time zone of “today” and the law that applies follow
    from the home city.
    """

    home = models.ForeignKey(
        City,
        verbose_name=_("home city"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("The city whose sister cities this site lists."),
    )
    maintainer = models.ForeignKey(
        Organization,
        verbose_name=_("kept by"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("The commission that keeps this record. Every page shows how to reach it."),
    )
    records_office = models.ForeignKey(
        Organization,
        verbose_name=_("office for council records"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The office to ask for minutes and resolutions, such as the city clerk."),
    )

    objects = RegisterQuerySet.as_manager()

    parents = ("home", "maintainer")
    blocks_withdrawal = {
        "home": _("It is the home city of “%s”. Choose another home city first."),
        "maintainer": _("It keeps the record “%s”. Choose another maintainer first."),
        "records_office": _(
            "It is the office for council records in “%s”. Remove it there first."
        ),
    }

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("register")
        constraints = [
            models.CheckConstraint(
                condition=Q(id=ONLY),
                name="cities_register_only_one",
                violation_error_message=THERE_IS_ONE,
            ),
        ]

    def __str__(self) -> str:
        return self.site_name

    def clean(self) -> None:
        if self._state.adding and Register.objects.exists():
            raise ValidationError(THERE_IS_ONE)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = ONLY
        super().save(*args, **kwargs)

    @property
    def is_on_record(self) -> bool:
        return self.pk is not None

    @property
    def home_if_known(self) -> City | None:
        return self.home if self.is_on_record else None

    @property
    def home_name(self) -> str:
        """The name of the home city: “Lansing”."""
        return self.home.name if self.is_on_record else gettext("Our City")

    @property
    def home_in_full(self) -> str:
        """The home city with its state, or else its country: “Lansing, Michigan”."""
        if not self.is_on_record:
            return self.home_name
        where = self.home.subdivision_name or self.home.country_name
        return gettext("%(city)s, %(where)s") % {"city": self.home.name, "where": where}

    @property
    def maintainer_name(self) -> str:
        """The name of the organization that keeps the record."""
        return self.maintainer.name if self.is_on_record else gettext("Sister Cities Commission")

    @property
    def site_name(self) -> str:
        """What the site is called: “Lansing’s sister cities”."""
        return gettext("%(city)s’s sister cities") % {"city": self.home_name}

    @property
    def domain(self) -> str:
        """The name that ids in feeds and calendars are made from, whatever the host is."""
        return f"{self.slug}-sister-cities"

    @property
    def slug(self) -> str:
        return self.home.slug if self.is_on_record else "our-city"

    @property
    def jurisdiction(self) -> str:
        """The ISO 3166 code whose law applies: of the state where it is known, or the country."""
        return (self.home.subdivision or self.home.country) if self.is_on_record else ""

    @property
    def time_zone(self) -> tzinfo:
        """The zone in which “today” is reckoned: that of the home city, where it is known."""
        if self.is_on_record and self.home.time_zone:
            return ZoneInfo(self.home.time_zone)
        return get_default_timezone()

    @property
    def country(self) -> str:
        return self.home.country if self.is_on_record else ""

    @property
    def contacts(self) -> list[Organization]:
        """The maintainer, and the office for council records if it is public."""
        offices = [self.maintainer, self.records_office] if self.is_on_record else []
        public = (office for office in offices if office is not None and office.is_published)
        return list(dict.fromkeys(public))
