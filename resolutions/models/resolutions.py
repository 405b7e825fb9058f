"""Resolutions: the texts put to a council or commission."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import City, Organization, Relationship, Source
from cities.records.constraints import one_of
from cities.records.periods import covering
from cities.records.publishing import Publishable, PublishableQuerySet
from resolutions import numbers
from resolutions.course import Course, Ending, adopting, fold
from resolutions.models.members import Member
from resolutions.models.numbering import NumberingScheme, ResolutionKind, Restart


class ResolutionQuerySet(PublishableQuerySet):
    visible_through = ("organization",)

    def with_course(self, on: date) -> Self:
        """Annotate each row with its status on day `on`, computed by the database.

        Filter by ``course_status``; read ``resolution.course``.
        """
        return self.annotate(
            period=FilteredRelation("periods", condition=covering(on)),
            course_status=F("period__status"),
            course_since=F("period__since__on"),
            course_since_earliest=F("period__since__on_earliest"),
        )

    def for_list(self) -> Self:
        """Select what a list shows, newest first."""
        return self.select_related("organization").newest_first(localdate())

    def newest_first(self, on: date) -> Self:
        """Order by the day since when each has its status, resolutions without one last."""
        known = "course_status" in self.query.annotations
        rows = self if known else self.with_course(on)
        return rows.order_by(F("period__listed_on").desc(nulls_last=True), "slug")

    def numbering(self) -> list["Numbering"]:
        """Return what is missing from each series that is on record as complete.

        In two queries. Drafts and withdrawn resolutions keep their numbers.
        """
        schemes = NumberingScheme.objects.filter(complete_from__isnull=False)
        complete = {(one.organization_id, one.kind): one for one in schemes.for_list()}
        rows: Any = self.filter(organization__in={of for of, __ in complete}).exclude(number="")
        found: dict[tuple[NumberingScheme, int | None], list[numbers.Number]] = {}
        for row in rows.order_by("kind", F("number_year").asc(nulls_last=True)):
            scheme, key = complete.get((row.organization_id, row.kind)), row.number_in_series
            if scheme and key and scheme.has(key):
                found.setdefault((scheme, key.year), []).append(key)
        checked = [
            Numbering(scheme, year, numbers.gaps_in(keys, scheme.first))
            for (scheme, year), keys in found.items()
        ]
        return [one for one in checked if one.gaps]


@dataclass(frozen=True)
class Numbering:
    """The missing numbers of one series, in a year if it begins again each year."""

    scheme: NumberingScheme
    year: int | None
    gaps: tuple[numbers.Gap, ...]


NUMBER_USED = _(
    "This organization already used this number in that year. A number is never used again."
)


class Resolution(Publishable):
    """A text put to a council or commission. Its actions say what happened, by which votes."""

    slug = models.SlugField(_("web address"), max_length=100, unique=True)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        related_name="resolutions",
        on_delete=models.PROTECT,
    )
    kind = models.CharField(
        _("kind"), max_length=15, choices=ResolutionKind, default=ResolutionKind.RESOLUTION
    )
    number = models.CharField(
        _("number"),
        max_length=60,
        blank=True,
        help_text=_(
            "As printed, in any form: RESOLUTION #2018-001, R-18-1, CB 119876. Leave blank if we"
            " have no number."
        ),
    )
    number_year = models.PositiveSmallIntegerField(
        _("year of the number"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1800), MaxValueValidator(2200)],
        help_text=_("Only needed if the printed number does not include all of it."),
    )
    number_serial = models.PositiveIntegerField(_("number"), null=True, editable=False)
    number_suffix = models.CharField(_("letter"), max_length=4, blank=True, editable=False)
    number_zeros = models.PositiveSmallIntegerField(_("leading zeros"), default=0, editable=False)
    number_scheme = models.ForeignKey(
        NumberingScheme,
        verbose_name=_("numbering scheme"),
        related_name="running",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    number_digits = models.CharField(_("digits"), max_length=60, blank=True, editable=False)
    number_letters = models.CharField(_("letters"), max_length=130, blank=True, editable=False)
    title = models.CharField(
        _("title"),
        max_length=300,
        help_text=_("As printed. If there is no title, say what it is."),
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        validators=[MaxLengthValidator(2000)],
        help_text=_("What it requests or decides, in plain words. The public reads this first."),
    )
    introduced_by = models.CharField(
        _("introduced by, as printed"),
        max_length=200,
        blank=True,
        help_text=_("For example: the Committee of the Whole."),
    )
    sponsors = models.ManyToManyField(
        Member, verbose_name=_("sponsors"), related_name="sponsored", blank=True
    )
    relationships = models.ManyToManyField(
        Relationship,
        verbose_name=_("about the relationships"),
        related_name="+",
        blank=True,
    )
    places = models.ManyToManyField(
        City, verbose_name=_("about the cities"), related_name="+", blank=True
    )
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), related_name="+", blank=True
    )

    objects = ResolutionQuerySet.as_manager()  # type: ignore[misc]

    _history_m2m_fields = [sponsors, relationships, places, sources]  # read by simple-history

    class Meta(Publishable.Meta):
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = [
            F("number_year").desc(nulls_last=True),
            F("number_serial").desc(nulls_last=True),
            "slug",
        ]
        indexes = [
            models.Index(fields=["number_serial", "number_year"]),
            models.Index(fields=["number_digits"]),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=[
                    "organization",
                    "kind",
                    "number_year",
                    "number_serial",
                    "number_suffix",
                    "number_zeros",
                ],
                name="resolutions_resolution_number_once",
                violation_error_message=NUMBER_USED,
            ),
            models.UniqueConstraint(
                fields=["organization", "kind", "number_serial", "number_suffix", "number_zeros"],
                condition=Q(number_year__isnull=True, number_serial__isnull=False),
                name="resolutions_resolution_running_number_once",
                violation_error_message=_(
                    "This organization already used this number. A number is never used again."
                ),
            ),
            models.UniqueConstraint(
                "organization",
                "kind",
                Coalesce("number_year", 0),
                Lower("number"),
                condition=Q(number_serial__isnull=True) & ~Q(number=""),
                name="resolutions_resolution_printed_number_once",
                violation_error_message=NUMBER_USED,
            ),
            models.CheckConstraint(
                condition=(
                    (~Q(number="") | Q(number_digits="", number_letters=""))
                    & Q(number_serial__isnull=True, number_suffix="", number_zeros=0)
                )
                | (
                    ~Q(number="")
                    & Q(number_serial__isnull=False, number_serial__gte=0)
                    & (Q(number_year__isnull=False) | Q(number_scheme__isnull=False))
                ),
                name="resolutions_resolution_number_with_its_year",
                violation_error_message=_(
                    "Enter the year of the number. The printed number does not include it."
                ),
            ),
            models.CheckConstraint(
                condition=one_of(kind=ResolutionKind) & ~Q(title=""),
                name="resolutions_resolution_kind_and_title",
                violation_error_message=_("Choose the kind and enter the title."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}" if self.number else self.title

    def get_absolute_url(self) -> str:
        return reverse("resolutions:resolution", args=[self.slug])

    @property
    def was_public(self) -> bool:
        return super().was_public and self.organization.was_public

    @property
    def number_key(self) -> numbers.Number:
        """The number as one key for every spelling; only for a number with a year and a serial."""
        assert self.number_serial is not None
        return numbers.Number(self.number_year, self.number_serial, self.number_suffix)

    @property
    def number_in_series(self) -> numbers.Number | None:
        """The number in its series, whatever its print; None if that has no one meaning."""
        if self.number_serial is not None:
            return self.number_key
        return numbers.spelling(self.number).in_series(self.number_year)

    @property
    def normalized_number(self) -> str:
        """The number as text for every spelling; as printed in any other form."""
        return self.number_key.key if self.number_serial is not None else self.number

    @property
    def course(self) -> Course:
        """Return the status on the day given to `with_course`."""
        status: Any = self
        return Course(status.course_status, status.course_since)

    def course_on(self, day: date | None = None) -> Course:
        """Return the status on a day, or after all its published actions."""
        actions = (action for action in self.actions.all() if action.is_published)
        return fold(actions, day, self._endings())

    def _endings(self) -> list[Ending]:
        """Return the adoptions of other resolutions that end this one; few have any."""
        relations: Any = self.related_from
        if not any(relation.ends for relation in relations.all()):
            return []
        return relations.model.objects.endings([self.pk]).get(self.pk, [])

    def course_of_all(self) -> Course:
        """Return the status after all its actions, drafts included."""
        return fold(action for action in self.actions.all() if not action.is_withdrawn)

    @property
    def adoption(self) -> Any:
        """Return the action, drafts included, through which it took effect, or None."""
        return adopting(action for action in self.actions.all() if not action.is_withdrawn)

    @property
    def frozen_fields(self) -> list[str]:
        """Return its slug, organization and kind, and its number once that is known."""
        numbered = ["number", "number_year", "number_serial", "number_suffix", "number_zeros"]
        return ["slug", "organization", "kind", *(numbered if self.number else [])]

    frozen_message = _(
        "This resolution is published, so its organization, kind, number and web"
        " address cannot change. If one of them is wrong, withdraw it with a reason"
        " and add a new resolution."
    )

    def clean_fields(self, exclude: Any = None) -> None:
        """Store what the database finds the printed number by, in any spelling."""
        printed = numbers.spelling(self.number)
        self.number_digits, self.number_letters = printed.stored
        is_plain = self.number and not printed.begins_with_letters
        found = numbers.parse(self.number, self.number_year) if is_plain else None
        self.number_serial = found.serial if found else None
        self.number_suffix = found.suffix if found else ""
        self.number_zeros = numbers.leading_zeros(self.number) if found else 0
        if found and found.year is not None:
            self.number_year = found.year
        elif self.number and found is None and self.number_year is None:
            self.number_year = printed.year
        self.number_scheme = self._running_scheme() if found else None
        super().clean_fields(exclude=exclude)
        if self.number and not printed.digits:
            raise ValidationError(
                {"number": gettext("There is no number in this. Write it as printed: #2018-001.")}
            )

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check also whether only leading zeros that do not count distinguish two numbers.

        The database says so itself (`resolutions.triggers`).
        """
        super().validate_constraints(exclude=exclude)
        if self.number_serial is None or self.organization_id is None:
            return
        same = ("organization_id", "kind", "number_year", "number_serial", "number_suffix")
        alike = Resolution._base_manager.filter(**{name: getattr(self, name) for name in same})
        others = alike.exclude(number_zeros=self.number_zeros).exclude(pk=self.pk)
        counting = NumberingScheme.objects.filter(kind=self.kind, zeros_count=True)
        if others.exists() and not counting.filter(organization=self.organization_id).exists():
            raise ValidationError(NUMBER_USED)

    def _running_scheme(self) -> NumberingScheme | None:
        """Return by which a number without a year needs none: numbers that never restart."""
        if self.number_year is not None or self.organization_id is None:
            return None
        never = NumberingScheme.objects.filter(restarts=Restart.NEVER, kind=self.kind)
        return never.filter(organization=self.organization_id).first()

    with_it = ("texts", "actions", "effects")

    def publish(self) -> None:
        """Publish it with all its parts that are still drafts.

        Raise `ValidationError`, and publish nothing, if it or one of its parts is not ready.
        """
        before = self.publication
        try:
            with transaction.atomic():
                self.lock()
                super().publish()
                for part in self.published_with_it():
                    part._change_reason = getattr(self, "_change_reason", "")  # type: ignore[attr-defined]
                    part.publish()
        except ValidationError:
            self.publication = before
            raise

    def lock(self) -> None:
        """Lock the row until the transaction ends, and read again whether it is public.

        One request at a time publishes or withdraws what a resolution decides.
        """
        stored = Resolution._base_manager.select_for_update().get(pk=self.pk)
        self.publication = stored.publication

    def withdraw(self, *, because: str, on: date) -> None:
        """Withdraw it, but never while a decision of it is in effect."""
        with transaction.atomic():
            self.lock()
            super().withdraw(because=because, on=on)

    blocks_withdrawal = {
        "organization": _(
            "“%s” is a resolution of this organization. Withdraw that resolution first."
        )
    }


class PartQuerySet(PublishableQuerySet):
    visible_through = ("resolution", "resolution__organization")
