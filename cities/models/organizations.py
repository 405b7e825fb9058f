"""Organizations, and which of them may decide on relationships."""

import re
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models.cities import City
from cities.models.sources import Source
from cities.records.base import Record
from cities.records.constraints import dates_in_order, one_of
from cities.records.fields import date_on_record
from cities.records.publishing import Publication, Publishable


class Classification(models.TextChoices):
    """What an organization is, in Popolo's sense."""

    COUNCIL = "council", _("Council")
    COMMISSION = "commission", _("Commission")
    EXECUTIVE = "executive", _("Mayor or executive")
    GOVERNMENT = "government", _("City or district government")
    ASSOCIATION = "association", _("Association")
    FUNDER = "funder", _("Funder")
    HOST = "host", _("Host")
    SCHOOL = "school", _("School or college")


class Organization(Publishable):
    """A council, commission, association, funder or host."""

    slug = models.SlugField(_("web address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    abbreviation = models.CharField(_("abbreviation"), max_length=20, blank=True)
    classification = models.CharField(_("classification"), max_length=20, choices=Classification)
    place = models.ForeignKey(
        City,
        verbose_name=_("city"),
        related_name="organizations",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("What it is, in one or two plain sentences."),
    )
    website = models.URLField(_("website"), max_length=300, blank=True)
    email = models.EmailField(
        _("e-mail"),
        blank=True,
        help_text=_("The address of the office. Do not enter anyone’s private address."),
    )
    telephone = models.CharField(
        _("telephone"),
        max_length=40,
        blank=True,
        validators=[
            RegexValidator(
                r"\A[+(0-9][0-9 ().-]{4,30}( (x|ext\.) ?[0-9]{1,6})?\Z",
                _("Enter a telephone number, such as 517-555-0100."),
            )
        ],
    )
    postal_address = models.CharField(
        _("postal address"),
        max_length=300,
        blank=True,
        help_text=_("In one line, such as 100 Main Street, Springfield, IL 62701."),
    )
    hours = models.CharField(
        _("office hours"),
        max_length=200,
        blank=True,
        help_text=_("For example, Monday to Friday, 8 a.m. to 5 p.m."),
    )
    contact_source = models.ForeignKey(
        Source,
        verbose_name=_("source for the contact details"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Where the e-mail, telephone, address and hours come from."),
    )
    founded, founded_earliest, founded_latest = date_on_record("founded", _("founded"), blank=True)
    dissolved, dissolved_earliest, dissolved_latest = date_on_record(
        "dissolved", _("dissolved"), blank=True
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        related_name="organizations",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )

    class Meta(Publishable.Meta):
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(name="") & one_of(classification=Classification),
                name="cities_organization_named_and_classified",
                violation_error_message=_(
                    "Enter the name and choose the classification from the list."
                ),
            ),
            dates_in_order(
                "founded",
                "dissolved",
                "cities_organization_dissolved_after_founded",
                _(
                    "The organization cannot be dissolved before it was founded. Correct one of"
                    " the dates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def dialed(self) -> str:
        """The telephone number as a ``tel:`` link dials it; without the extension."""
        return re.sub(r"[^0-9+]", "", re.split(r"x|ext", self.telephone)[0])


class AuthorityQuerySet(models.QuerySet["Authority"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete one by one. Raise `ProtectedError` if entries depend on one of them."""
        with transaction.atomic():
            gone = [authority.delete() for authority in self]
        return sum(count for count, __ in gone), {self.model._meta.label: len(gone)}

    def public(self) -> Self:
        """Filter to the authority of published organizations over published cities."""
        return self.filter(
            organization__publication=Publication.PUBLISHED,
            place__publication=Publication.PUBLISHED,
        ).select_related("organization", "place", "source")

    def over(self, place: City, first: date, last: date) -> Self:
        """Filter to the authority over the city on some day from `first` to `last`."""
        return self.filter(
            Q(since_earliest__lte=last) | Q(since__isnull=True),
            Q(until_latest__gte=first) | Q(until_latest__isnull=True),
            place=place,
        )


class Authority(Record):
    """The authority of an organization to decide on a city’s relationships, with its dates."""

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        related_name="authorities",
        on_delete=models.PROTECT,
    )
    place = models.ForeignKey(
        City,
        verbose_name=_("decides for"),
        related_name="authorities",
        on_delete=models.PROTECT,
    )
    since, since_earliest, since_latest = date_on_record(
        "since",
        _("since"),
        blank=True,
        help_text=_("Leave blank if we have no record of when it began."),
    )
    until, until_earliest, until_latest = date_on_record(
        "until", _("until"), blank=True, help_text=_("Leave blank while it is still in effect.")
    )
    basis = models.TextField(
        _("basis"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_(
            "The charter, ordinance or resolution that gives this authority, if we have it."
        ),
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        related_name="authorities",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )

    objects = AuthorityQuerySet.as_manager()

    parents = ("organization", "place")

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        ordering = ["place", F("since_earliest").asc(nulls_first=True), "organization"]
        constraints = [
            models.UniqueConstraint(
                F("organization"),
                F("place"),
                Coalesce("since", Value("")),
                name="cities_authority_once",
                violation_error_message=_("This authority is already listed."),
            ),
            dates_in_order(
                "since",
                "until",
                "cities_authority_ends_after_it_begins",
                _("The authority cannot end before it begins. Correct one of the dates."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} ({self.place.name})"

    def is_over(self, place: City, day: date) -> bool:
        """Return whether it is over the city on a day: the rule of `AuthorityQuerySet.over`."""
        begun = self.since is None or (
            self.since_earliest is not None and self.since_earliest <= day
        )
        not_over = self.until_latest is None or self.until_latest >= day
        return self.place_id == place.pk and begun and not_over

    def clean(self) -> None:
        """Refuse dates that no longer cover an entry decided under this authority."""
        for entry in self.dependent_entries():
            first, last = entry.on_earliest, entry.on_latest or entry.on_earliest
            begun = self.since_earliest is None or self.since_earliest <= last
            not_over = self.until_latest is None or self.until_latest >= first
            is_same = self.organization_id == entry.decided_by_id
            if not (begun and not_over and is_same and self.place == entry.relationship.home):
                raise ValidationError(
                    gettext(
                        "“%(entry)s” was decided under this authority. Withdraw that entry first."
                    )
                    % {"entry": entry}
                )

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise `ProtectedError` while entries depend on it."""
        if resting := self.dependent_entries():
            raise models.ProtectedError(
                str(
                    _(
                        "Entries were decided under this authority, so you cannot delete it. Enter"
                        " an end date instead."
                    )
                ),
                set(resting),
            )
        return super().delete(*args, **kwargs)

    def dependent_entries(self) -> list[Any]:
        """Return the entries that were decided under no other authority than the stored one."""
        stored = Authority.objects.filter(pk=self.pk).first()
        if stored is None:
            return []
        others = stored.organization.authorities.exclude(pk=self.pk)
        return [
            entry
            for entry in stored.organization.decisions.deciding_for(stored.place)
            if not others.over(
                stored.place, entry.on_earliest, entry.on_latest or entry.on_earliest
            ).exists()
        ]
