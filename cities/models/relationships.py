"""Relationships between two cities, and their standing on any day."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Case, F, FilteredRelation, Q, Value, When
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models.cities import City
from cities.models.register import Register
from cities.models.sources import Source
from cities.records.base import Record, RecordQuerySet, related
from cities.records.countries import country_name
from cities.records.languages import sorting_key
from cities.records.periods import covering
from cities.records.publishing import Publishable, PublishableQuerySet
from cities.standing import Standing, fold


class RelationshipType(Record):
    """A type of relationship, as the Commission defines it."""

    slug = models.SlugField(_("web address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    name_plural = models.CharField(_("plural name"), max_length=80)
    definition = models.TextField(
        _("definition"),
        validators=[MaxLengthValidator(2000)],
        help_text=_(
            "What this type of relationship means, in plain words. The public can read this."
        ),
    )
    rank = models.PositiveSmallIntegerField(
        _("rank"), unique=True, help_text=_("1 is the closest type. Lists follow this order.")
    )
    needs_agreement = models.BooleanField(
        _("needs an agreement"),
        default=False,
        help_text=_(
            "If checked, a relationship of this type without an agreement on file is listed as a"
            " gap."
        ),
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("relationship type")
        verbose_name_plural = _("relationship types")
        ordering = ["rank"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(name_plural="") & ~Q(definition=""),
                name="cities_relationshiptype_named_and_defined",
                violation_error_message=_("Enter the name, its plural and a definition."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('cities:relationship-types')}#{self.slug}"


class RelationshipQuerySet(PublishableQuerySet):
    visible_through = ("home", "partner")

    def with_standing(self, on: date) -> Self:
        """Annotate each row with its standing on day `on`, computed by the database.

        Filter by ``standing_status`` and ``standing_type`` (a slug); read
        ``relationship.standing``.
        """
        return self.annotate(
            period=FilteredRelation("periods", condition=covering(on)),
            standing_day=Value(on, models.DateField()),
            standing_status=F("period__status"),
            standing_home=F("period__home"),
            standing_partner=F("period__partner"),
            standing_type=F("period__type__slug"),
            **{
                f"standing_{mark}_{field}": F(f"period__{mark}__{field}")
                for mark in ("since", "began", "home_since", "partner_since", "confirmed", "plan")
                for field in ("number", "kind", "on")
            },
            standing_plan_planned_for=F("period__plan__planned_for"),
            standing_since_last_contact=F("period__since__last_contact"),
        )

    def with_places(self) -> Self:
        return self.select_related("home", "partner")

    def home_first(self, home: City | None) -> Self:
        """Order those of the home city before those of a former one."""
        if home is None:
            return self
        is_other = Case(When(home=home, then=0), default=1)
        return self.order_by(is_other, "partner__name", "slug")

    def for_list(self) -> Self:
        """Select the two cities and prefetch the partner’s names."""
        return self.with_places().prefetch_related("partner__names")

    def countries(self) -> list[tuple[str, str]]:
        """Return the partners’ countries as (code, name), sorted by name."""
        codes = self.order_by().values_list("partner__country", flat=True).distinct()
        named = ((code, country_name(code)) for code in codes)
        return sorted(named, key=lambda pair: sorting_key(pair[1]))


class Relationship(Publishable):
    """The relationship of a home city and a partner city: one record per pair, forever."""

    slug = models.SlugField(
        _("web address"),
        max_length=130,
        unique=True,
        blank=True,
        help_text=_("Filled in from the two cities if you leave it blank."),
    )
    home = models.ForeignKey(
        City, verbose_name=_("home"), related_name="+", on_delete=models.PROTECT
    )
    partner = models.ForeignKey(
        City, verbose_name=_("partner"), related_name="relationships", on_delete=models.PROTECT
    )
    lead_commissioner = models.CharField(_("lead commissioner"), max_length=120, blank=True)
    review_on = models.DateField(
        _("review on"), null=True, blank=True, help_text=_("When to review this relationship.")
    )
    story = models.TextField(
        _("story"),
        blank=True,
        validators=[MaxLengthValidator(5000)],
        help_text=_("How the relationship came about, in plain words. Put dates in the history."),
    )

    other_records = models.ManyToManyField(
        Source,
        verbose_name=_("records of it elsewhere"),
        related_name="recorded_relationships",
        blank=True,
        help_text=_(
            "Pages on which the partner city, or another commission, keeps its own record of this"
            " relationship. Each needs a link."
        ),
    )

    objects = RelationshipQuerySet.as_manager()  # type: ignore[misc]

    others_to_be: Iterable[Source] | None = None
    """The records of it elsewhere that it has once it is saved, if others than it has now."""

    _history_m2m_fields = [other_records]  # read by simple-history

    class Meta(Publishable.Meta):
        verbose_name = _("relationship")
        verbose_name_plural = _("relationships")
        ordering = ["partner__name", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                Least("home", "partner"),
                Greatest("home", "partner"),
                name="cities_relationship_one_per_pair",
                violation_error_message=_(
                    "These two cities already have a relationship. Open it and add an entry to"
                    " its history."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(home=F("partner")),
                name="cities_relationship_of_two_places",
                violation_error_message=_(
                    "A city cannot have a relationship with itself. Choose another city."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(slug=""),
                name="cities_relationship_has_a_slug",
                violation_error_message=_("Enter a web address, such as kobe-riga."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.home.name} – {self.partner.name}"

    def get_absolute_url(self) -> str:
        return self.partner.get_absolute_url()

    def clean_fields(self, exclude: Any = None) -> None:
        if not self.slug and self.home_id and self.partner_id:
            self.slug = f"{self.home.slug}-{self.partner.slug}"
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        if self.home_id is None or self.partner_id is None:
            return  # the fields have said so themselves
        self._check_home()
        self._check_other_records()
        for place in (self.home, self.partner):
            if self.is_published and place.is_withdrawn:
                raise ValidationError(
                    gettext("“%s” was withdrawn, so its relationships cannot be published.")
                    % place
                )

    def _check_home(self) -> None:
        """Refuse a new relationship of a city that is not the home of this register."""
        register = Register.objects.select_related("home").first()
        if self._state.adding and register is not None and register.home_id != self.home_id:
            raise ValidationError(
                {
                    "home": gettext(
                        "This is the record of %(home)s’s sister cities. Choose %(home)s as the"
                        " home city."
                    )
                    % {"home": register.home.name}
                }
            )

    def _check_other_records(self) -> None:
        """Refuse a record elsewhere that nobody can open."""
        others = self.others_to_be
        if others is None:
            others = related(self, "other_records") if self.pk else ()
        closed = [source for source in others if not (source.address or source.archived_address)]
        if closed:
            sentences = [gettext("Add the link of “%s” first.") % source for source in closed]
            raise ValidationError({"other_records": sentences})

    @classmethod
    def withdrawal_blocks(cls, link: str, record: Publishable) -> list[str]:
        """Return why a city with a relationship cannot be withdrawn."""
        relationships = (
            cls.objects.public().select_related("home", "partner").filter(**{link: record})
        )
        return [
            gettext(
                "Withdraw its relationship with %(other)s first. Or keep the city, and add an"
                " entry for how the relationship ended."
            )
            % {"other": (relationship.partner if link == "home" else relationship.home).name}
            for relationship in relationships
        ]

    @property
    def was_public(self) -> bool:
        return super().was_public and self.home.was_public and self.partner.was_public

    @property
    def frozen_fields(self) -> list[str]:
        return ["slug", "home", "partner"]

    frozen_message = _(
        "This relationship is published, so its cities and its web address cannot change."
        " Withdraw it with a reason, or add an entry with a new partner."
    )

    @cached_property
    def standing(self) -> Standing:
        """The standing on the day given to `with_standing`."""
        return Standing.from_row(self)

    def standing_on(self, day: date) -> Standing:
        """Return the standing on a day, computed from the entries."""
        return fold((entry for entry in self.entries.all() if entry.counts), day)
