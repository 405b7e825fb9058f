"""Resolutions, the versions of their texts, and how they relate to one another."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, FilteredRelation, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import City, Organization, Relationship, Source
from cities.records.base import Record
from cities.records.fields import date_on_record
from cities.records.numbering import CitedByNumber, number_once
from cities.records.periods import covering
from cities.records.publishing import Publication, Publishable, PublishableQuerySet
from resolutions import numbers
from resolutions.course import Course, Status, adopting, fold
from resolutions.models.meetings import NOT_HELD, Meeting
from resolutions.models.members import Member
from resolutions.models.versions import Version


class ResolutionKind(models.TextChoices):
    """What kind of text was put to the body."""

    RESOLUTION = "resolution", _("Resolution")
    ORDINANCE = "ordinance", _("Ordinance")
    ORDER = "order", _("Order")
    MOTION = "motion", _("Motion")
    PROCLAMATION = "proclamation", _("Proclamation")
    TRIBUTE = "tribute", _("Tribute")


class ResolutionQuerySet(PublishableQuerySet):
    visible_through = ("organization",)

    def with_course(self, on: date) -> Self:
        """Each row with its status on day `on`, computed by the database.

        Filter by ``course_status``; read ``resolution.course``.
        """
        return self.annotate(
            period=FilteredRelation("periods", condition=covering(on)),
            course_status=F("period__status"),
            course_since=F("period__since__on"),
            course_since_earliest=F("period__since__on_earliest"),
        )

    def for_list(self) -> Self:
        """With what a list shows of each, newest first, what was never decided last."""
        return (
            self.select_related("organization")
            .with_course(localdate())
            .order_by(F("course_since_earliest").desc(nulls_last=True), "slug")
        )

    def numbering(self) -> list["Numbering"]:
        """What each body's numbers lack and repeat, by kind and year, for the clerk.

        Drafts and what was withdrawn have their numbers too. In one query.
        """
        rows: Any = self.exclude(number="").select_related("organization")
        found: dict[tuple[Any, Any, Any], list[numbers.Number]] = {}
        for row in rows.order_by("organization__name", "organization", "kind", "number_year"):
            of = (row.organization, row.kind, row.number_year)
            found.setdefault(of, []).append(row.number_key)
        checked = [Numbering(*of, numbers.check_sequence(keys)) for of, keys in found.items()]
        return [one for one in checked if one.sequence.gaps or one.sequence.duplicates]


@dataclass(frozen=True)
class Numbering:
    """What the numbers of one body, kind and year lack and repeat."""

    organization: Organization
    kind: str
    year: int
    sequence: numbers.Sequence

    @property
    def kind_label(self) -> str:
        return str(ResolutionKind(self.kind).label)


class Resolution(Publishable):
    """A text put to a body. What the body did with it, and how it voted, are its actions."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("body"),
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
        help_text=_("As printed: RESOLUTION #2018-001. Empty while it is not found."),
    )
    number_year = models.PositiveSmallIntegerField(
        _("year of the number"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1800), MaxValueValidator(2200)],
        help_text=_("Only needed when the printed number does not say it."),
    )
    number_serial = models.PositiveIntegerField(_("number"), null=True, editable=False)
    number_suffix = models.CharField(_("letter"), max_length=4, blank=True, editable=False)
    title = models.CharField(
        _("title"),
        max_length=300,
        help_text=_("As printed; where none is known, what it is, in plain words."),
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        validators=[MaxLengthValidator(2000)],
        help_text=_("What it asks or decides, in plain words. The public reads this first."),
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
        City, verbose_name=_("about the places"), related_name="+", blank=True
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
        indexes = [models.Index(fields=["number_serial", "number_year"])]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "kind", "number_year", "number_serial", "number_suffix"],
                name="resolutions_resolution_number_once",
                violation_error_message=_(
                    "This body already has this number in that year. Numbers are never used again."
                ),
            ),
            models.CheckConstraint(
                condition=Q(number="", number_serial__isnull=True, number_suffix="")
                | (
                    ~Q(number="")
                    & Q(number_serial__isnull=False, number_year__isnull=False)
                    & Q(number_serial__gte=0)
                ),
                name="resolutions_resolution_number_with_its_year",
                violation_error_message=_(
                    "Say the year of the number: the printed number does not."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ResolutionKind.values) & ~Q(title=""),
                name="resolutions_resolution_kind_and_title",
                violation_error_message=_("Choose the kind and give the title."),
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
        """Its number as one key, whatever the spelling. Only where it has one."""
        assert self.number_serial is not None
        return numbers.Number(self.number_year, self.number_serial, self.number_suffix)

    @property
    def normalized_number(self) -> str:
        """The key of its number, whatever the spelling; empty where it has none."""
        return self.number_key.key if self.number else ""

    @property
    def course(self) -> Course:
        """The status of the day asked for with `with_course`."""
        status: Any = self
        return Course(status.course_status, status.course_since)

    def course_on(self, day: date | None = None) -> Course:
        """The status on a day, or after all, from this resolution’s own published actions."""
        return fold((action for action in self.actions.all() if action.is_published), day)

    def course_of_all(self) -> Course:
        """The status after all its actions, drafts among them."""
        return fold(action for action in self.actions.all() if not action.is_withdrawn)

    @property
    def adoption(self) -> Any:
        """The action by which it came into force, drafts among them; none if there is none."""
        return adopting(action for action in self.actions.all() if not action.is_withdrawn)

    @property
    def frozen_fields(self) -> list[str]:
        """Its address, its body and its kind; its number, once that is known."""
        numbered = ["number", "number_year", "number_serial", "number_suffix"]
        return ["slug", "organization", "kind", *(numbered if self.number else [])]

    frozen_message = _(
        "The resolution is published: its body, kind, number and slug stay. If one of them is"
        " wrong, withdraw it with the reason and add a new record."
    )

    def clean_fields(self, exclude: Any = None) -> None:
        """Its number as the database finds it, from the number as printed."""
        found = numbers.parse(self.number, self.number_year) if self.number else None
        self.number_serial = found.serial if found else None
        self.number_suffix = found.suffix if found else ""
        if found and found.year is not None:
            self.number_year = found.year
        super().clean_fields(exclude=exclude)
        if self.number and found is None:
            raise ValidationError(
                {"number": gettext("There is no number in that. Write it as printed: #2018-001.")}
            )

    def publish(self) -> None:
        """Let everyone read it, with all its parts that are still drafts.

        Raises `ValidationError` if it, or one of its parts, is not ready; then nothing is.
        """
        before = self.publication
        try:
            with transaction.atomic():
                self.lock()
                super().publish()
                parts: Any
                for parts in (self.texts, self.actions, self.effects):
                    for part in parts.filter(publication=Publication.DRAFT).order_by("pk"):
                        part._change_reason = getattr(self, "_change_reason", "")
                        part.publish()
        except ValidationError:
            self.publication = before
            raise

    def lock(self) -> None:
        """Let one at a time publish or withdraw what it decides, until the transaction ends.

        Somebody may have been quicker: whether it is public is read again.
        """
        stored = Resolution._base_manager.select_for_update().get(pk=self.pk)
        self.publication = stored.publication

    def withdraw(self, *, because: str, on: date) -> None:
        """As every record, and never while something of it takes effect."""
        with transaction.atomic():
            self.lock()
            super().withdraw(because=because, on=on)

    blocks_withdrawal = {"organization": _("“%s” is its resolution. Withdraw that first.")}


class TextKind(models.TextChoices):
    INTRODUCED = "introduced", _("As introduced")
    SUBSTITUTE = "substitute", _("Substitute")
    AMENDED = "amended", _("As amended")
    ADOPTED = "adopted", _("As adopted")
    CORRECTED = "corrected", _("Corrected")


class PartQuerySet(PublishableQuerySet):
    visible_through = ("resolution", "resolution__organization")


class Text(CitedByNumber, Version):
    """One version of a resolution’s text. The adopted text is frozen."""

    resolution = models.ForeignKey(
        Resolution, verbose_name=_("resolution"), related_name="texts", on_delete=models.PROTECT
    )
    kind = models.CharField(_("kind"), max_length=12, choices=TextKind)
    on, on_earliest, on_latest = date_on_record("on", _("date"), blank=True)
    corrected_at = models.ForeignKey(
        Meeting,
        verbose_name=_("corrected at"),
        related_name="corrections",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("For a correction: the meeting that made it."),
    )

    objects = PartQuerySet.as_manager()  # type: ignore[misc]
    owner = "resolution"

    class Meta(Version.Meta):
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["resolution", "number"]
        constraints = [
            *Version.Meta.constraints,
            number_once("resolution", "resolutions_text_version_once"),
            models.CheckConstraint(
                condition=Q(kind__in=TextKind.values),
                name="resolutions_text_kind_known",
                violation_error_message=_("Choose what version of the text this is."),
            ),
            models.CheckConstraint(
                condition=Q(kind=TextKind.CORRECTED, corrected_at__isnull=False)
                | (~Q(kind=TextKind.CORRECTED) & Q(corrected_at__isnull=True)),
                name="resolutions_text_corrected_at_a_meeting",
                violation_error_message=_(
                    "A correction names the meeting that made it; other versions do not."
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s, version %(number)s: %(resolution)s") % {
            "kind": self.get_kind_display(),
            "number": self.number or "?",
            "resolution": self.resolution,
        }

    def get_absolute_url(self) -> str:
        return f"{self.resolution.get_absolute_url()}#version-{self.number}"

    @property
    def frozen_fields(self) -> list[str]:
        says = ["kind", "text", "sha256", "corrected_at"]
        return ["resolution", "number", *says, *self.known("on")]

    def clean(self) -> None:
        if self.resolution_id is None:
            return  # the fields have said so themselves
        if self.is_withdrawn:
            return  # it has left the record, and its rules
        errors: dict[str, str] = {}
        if self.kind == TextKind.ADOPTED and (fault := self._not_adopted()):
            errors["kind"] = fault
        if self.kind == TextKind.CORRECTED and not self._others(TextKind.ADOPTED):
            errors["kind"] = gettext(
                "Only an adopted text is corrected. Add the adopted text first."
            )
        if self.corrected_at is not None and (fault := self._not_corrected()):
            errors["corrected_at"] = fault
        if errors:
            raise ValidationError(errors)

    def _not_adopted(self) -> str:
        """Why it cannot be what was adopted; empty if it can."""
        if self._others(TextKind.ADOPTED):
            return gettext("The adopted text is there already. Add a correction.")
        course = self.resolution.course_of_all()
        if course.status in UNDECIDED_FOR_GOOD:
            return gettext("The resolution is on record as “%s”: no text of it was adopted.") % (
                course.label
            )
        adoption = self.resolution.adoption
        voted = adoption.text if adoption is not None and adoption.is_published else None
        if voted is not None and voted.pk != self.pk and voted.sha256 != self.sha256:
            return gettext(
                "The vote was on version %s, which has other words. The adopted text has the words"
                " that were voted on."
            ) % (voted.number)
        return ""

    def _not_corrected(self) -> str:
        """Why the meeting cannot have corrected it; empty if it can."""
        meeting: Any = self.corrected_at
        if meeting.organization_id != self.resolution.organization_id:
            return gettext("That was a meeting of another body.")
        if not meeting.is_held:
            return NOT_HELD % meeting.get_state_display()
        adoption = self.resolution.adoption
        if adoption is not None and not corrects(meeting, adoption):
            return gettext("The text was adopted %s: a later meeting corrects it.") % adoption.on
        return ""

    def _others(self, kind: str) -> list["Text"]:
        others = self.resolution.texts.filter(kind=kind).exclude(pk=self.pk)
        return [*others.exclude(publication=Publication.WITHDRAWN)]

    def reasons_against_withdrawal(self) -> list[str]:
        """A correction rests on the adopted text."""
        if self.kind != TextKind.ADOPTED:
            return super().reasons_against_withdrawal()
        corrections = [text for text in self._others(TextKind.CORRECTED) if text.is_published]
        return [
            *super().reasons_against_withdrawal(),
            *(gettext("“%s” corrects it. Withdraw that first.") % text for text in corrections),
        ]

    blocks_withdrawal = {"corrected_at": _("“%s” was made at it. Withdraw that text first.")}


UNDECIDED_FOR_GOOD = (Status.FAILED, Status.WITHDRAWN)
"""How a resolution stands that has no adopted text."""


def corrects(meeting: Any, adoption: Any) -> bool:
    """Whether a meeting can have corrected what was adopted: a later one."""
    return meeting.pk != adoption.meeting_id and meeting.days[1] >= adoption.on_earliest


class RelationKind(models.TextChoices):
    AMENDS = "amends", _("amends")
    RESCINDS = "rescinds", _("rescinds")
    IMPLEMENTS = "implements", _("implements")
    REPLACES = "replaces", _("replaces")


class RelationQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Relations between resolutions a visitor may read, with both."""
        public = Resolution.objects.public().values("pk")
        return self.filter(resolution__in=public, other__in=public).select_related(
            "resolution", "other"
        )


class Relation(Record):
    """What one resolution does to another."""

    resolution = models.ForeignKey(
        Resolution,
        verbose_name=_("resolution"),
        related_name="relations",
        on_delete=models.CASCADE,  # a relation means nothing without its resolution
    )
    kind = models.CharField(_("what it does"), max_length=12, choices=RelationKind)
    other = models.ForeignKey(
        Resolution,
        verbose_name=_("other resolution"),
        related_name="related_from",
        on_delete=models.PROTECT,
    )

    objects = RelationQuerySet.as_manager()

    parents = ("resolution", "other")

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["resolution", "kind", "other"]
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "kind", "other"],
                name="resolutions_relation_once",
                violation_error_message=_("This relation is already there."),
            ),
            models.CheckConstraint(
                condition=~Q(resolution=F("other")) & Q(kind__in=RelationKind.values),
                name="resolutions_relation_between_two",
                violation_error_message=_("Choose what it does, and another resolution."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolution} {self.get_kind_display()} {self.other}"
