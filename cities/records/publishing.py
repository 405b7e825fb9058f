"""Drafts, published records, and records withdrawn with a reason; every change is kept."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any, Self

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, NullIf
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cities.records.fields import BoundField


class Publication(models.TextChoices):
    """Whether the public may read a record."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def kept(records: models.QuerySet | set) -> models.ProtectedError:
    """The refusal to delete what has been on the public record (MCL 399.5)."""
    return models.ProtectedError(
        str(_("A record that was published is never deleted. Withdraw it and say why.")),
        set(records),
    )


def publish_first(named: Iterable[Any]) -> list[str]:
    """What to do about each draft among the records that a public one names."""
    return [
        gettext("Publish “%s” first. It is still a draft.") % record
        for record in named
        if getattr(record, "is_draft", False)
    ]


def next_number(model: Any, name: str, **of: Any) -> int:
    """The next number of a record among its siblings; the history knows those of deleted drafts.

    `name` is the field, `of` what the siblings share. A number is never used again.
    """
    highest = [
        rows.filter(**of).aggregate(highest=Max(name))["highest"]
        for rows in (model._base_manager, model.history)
    ]
    return max(number or 0 for number in highest) + 1


class WithdrawnError(Exception):
    """The record asked for was withdrawn: its address answers 410 with the reason."""

    def __init__(self, record: "Publishable") -> None:
        super().__init__(record.withdrawn_because)
        self.record = record


def find_public(queryset: models.QuerySet, wanted: Q) -> Any:
    """The one record of a public queryset. Raises `Http404` or `WithdrawnError`."""
    try:
        return get_object_or_404(queryset, wanted)
    except Http404:
        gone = queryset.model._base_manager.filter(wanted, publication=Publication.WITHDRAWN)
        record = gone.first()
        if record is not None and record.was_public:
            raise WithdrawnError(record) from None
        raise


def is_public(record: Any) -> bool:
    """Whether a visitor may read it: it is published, and so is all that it is about."""
    ways = getattr(type(record)._default_manager.none(), "visible_through", ())
    return getattr(record, "is_published", True) and all(
        reduce(getattr, way.split("__"), record).is_published for way in ways
    )


_NEVER = Value(datetime(1, 1, 1, tzinfo=UTC))


class RecordQuerySet(models.QuerySet):
    def with_modified(self, *parts: models.QuerySet) -> Self:
        """Each row with `modified`: when its newest version was kept, or its parts’ newest.

        `parts` are versions of parts, those of the row being `OuterRef("pk")`.
        """
        own = self.model.history.filter(id=OuterRef("pk"))  # type: ignore[attr-defined]
        moments = [
            Subquery(versions.order_by("-history_date").values("history_date")[:1])
            for versions in (own, *parts)
        ]
        newest = Greatest(_NEVER, *[Coalesce(moment, _NEVER) for moment in moments])
        return self.annotate(modified=NullIf(newest, _NEVER))

    def modified_since(self, moment: datetime) -> Self:
        """Those of the rows `with_modified` that changed at the moment or later."""
        return self.filter(modified__gte=moment)


class PublishableQuerySet(RecordQuerySet):
    visible_through: tuple[str, ...] = ()
    """The ways to what a row is about: while that is not public, the row is not."""

    def public(self) -> Self:
        """Rows a visitor may read."""
        return self.filter(self._all_in(Publication.PUBLISHED))

    def public_or_withdrawn(self) -> Self:
        """Rows whose address answers: with the record, or with why it was withdrawn."""
        was_public = self._all_in(Publication.PUBLISHED, Publication.WITHDRAWN)
        withdrawn = Q(publication=Publication.WITHDRAWN) & was_public
        return self.filter(self._all_in(Publication.PUBLISHED) | withdrawn)

    def _all_in(self, *publications: Publication) -> Q:
        ways = ["publication", *(f"{way}__publication" for way in self.visible_through)]
        return Q(**{f"{way}__in": publications for way in ways})

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete drafts. Raises `ProtectedError` if one of the rows was ever published."""
        public = self.exclude(publication=Publication.DRAFT)
        if public.exists():
            raise kept(public)
        return super().delete()


class Record(models.Model):
    """A row whose every change is kept: who, when, before, after and why."""

    history = HistoricalRecords(inherit=True)

    parents: tuple[str, ...] = ()
    """The records it is a part of, by field. It is read as soon as all of them are."""

    class Meta:
        abstract = True

    @property
    def is_read(self) -> bool:
        """Whether visitors read it: a part is read with what it stands under."""
        above = (getattr(self, name, None) for name in self.parents)
        return all(record is not None and record.is_published for record in above)

    def drafts_named(self) -> dict[str, list[str]]:
        """What to do about each draft that one of its fields names, by field."""
        links = [field.name for field in self._meta.concrete_fields if field.is_relation]
        told = {name: publish_first([getattr(self, name, None)]) for name in links}
        return {name: sentences for name, sentences in told.items() if sentences}

    blocks_withdrawal: dict[str, Any] = {}
    """What to do first about a public row whose record is to be withdrawn, by the field that
    names it: a sentence with one place, for the row."""

    @classmethod
    def withdrawal_blocks(cls, link: str, record: "Publishable") -> list[str]:
        """Why `record`, which rows name in the field `link`, cannot be withdrawn before them."""
        if link not in cls.blocks_withdrawal:
            return []
        rows: Any = cls._default_manager.filter(**{link: record})
        told = rows.select_related(*rows.visible_through) if rows.visible_through else rows
        return [cls.blocks_withdrawal[link] % row for row in told.public()]

    def differs_from(self, stored: Any, names: Collection[str]) -> bool:
        """Whether one of the fields `names` says something else than in the stored row."""
        fields = [field.attname for field in self._meta.concrete_fields if field.name in names]
        return any(getattr(stored, name) != getattr(self, name) for name in fields)

    def clean_fields(self, exclude: Any = None) -> None:
        """What the public reads names no draft."""
        super().clean_fields(exclude=exclude)
        if self.is_read and (drafts := self.drafts_named()):
            raise ValidationError(drafts)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Also the rules about the first and last day of a date, which no form shows.

        They follow from the date's text, so a rule about them holds wherever the text stands.
        """
        left_out = set(exclude or ())
        days = (field for field in self._meta.fields if isinstance(field, BoundField))
        left_out -= {day.name for day in days if day.of not in left_out}
        super().validate_constraints(exclude=left_out)


class DetailQuerySet(models.QuerySet):
    def of_public(self) -> Self:
        """Rows under a record that was published, as they are stored."""
        (owner,) = self.model.parents  # type: ignore[attr-defined]
        return self.exclude(**{f"{owner}__publication": Publication.DRAFT})

    def delete(self) -> tuple[int, dict[str, int]]:
        """Raises `ProtectedError` if one stands under a record that was published."""
        if (public := self.of_public()).exists():
            raise kept(public)
        return super().delete()


class Detail(Record):
    """A row that means nothing without the one record it stands under, and is kept with it.

    Once that record was published, nobody deletes the row or changes what is `FIXED` of it.
    """

    frozen_fields: tuple[str, ...] = ()
    frozen_message: Any = ""
    """What a person reads who would change one of them."""

    objects = DetailQuerySet.as_manager()

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Any = None) -> None:
        super().clean_fields(exclude=exclude)
        stored = self._stored_of_public().first()
        if stored and self.differs_from(stored, self.frozen_fields):
            raise ValidationError(self.frozen_message)

    def _stored_of_public(self) -> Any:
        """Its row as stored, if that stands under a record that was published."""
        rows: Any = type(self)._default_manager
        return rows.of_public().filter(pk=self.pk).order_by()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises `ProtectedError` if the record it stands under was published."""
        if self._stored_of_public().exists():
            raise kept({self})
        return super().delete(*args, **kwargs)


class Numbered:
    """A part that is cited by what it belongs to and its number there: ``lansing-otsu-3``.

    `numbered` names the two fields. What it belongs to has a slug.
    """

    numbered: tuple[str, str]

    @property
    def ref(self) -> str:
        """What it is cited by."""
        owner, number = (getattr(self, name) for name in self.numbered)
        return f"{owner.slug}-{number}"

    @classmethod
    def wanted(cls, ref: str) -> Q:
        """Which record a citation means; none for what is no citation."""
        slug, __, number = ref.rpartition("-")
        if not re.fullmatch(r"[0-9]{1,4}", number):
            return Q(pk__in=[])
        owner, name = cls.numbered
        return Q(**{f"{owner}__slug": slug, name: int(number)})


class Publishable(Record):
    """A record that begins as a draft, is published, and may be withdrawn; never deleted."""

    publication = models.CharField(
        _("publication"),
        max_length=10,
        choices=Publication,
        default=Publication.DRAFT,
        editable=False,
        help_text=_("Draft: staff alone see it. Published: everyone. Withdrawn: the reason."),
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, editable=False)
    withdrawn_because = models.TextField(
        _("why it was withdrawn"),
        blank=True,
        editable=False,
        validators=[MaxLengthValidator(2000)],
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "preview", "publish")
        constraints = [
            models.CheckConstraint(
                condition=Q(publication__in=Publication.values),
                name="%(app_label)s_%(class)s_publication_known",
                violation_error_message=_("Choose draft, published or withdrawn."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(publication=Publication.WITHDRAWN, withdrawn_on__isnull=False)
                    & ~Q(withdrawn_because="")
                )
                | (
                    ~Q(publication=Publication.WITHDRAWN)
                    & Q(withdrawn_on__isnull=True, withdrawn_because="")
                ),
                name="%(app_label)s_%(class)s_withdrawn_with_a_reason",
                violation_error_message=_("A withdrawn record says when and why; others do not."),
            ),
        ]

    @property
    def is_draft(self) -> bool:
        return self.publication == Publication.DRAFT

    @property
    def is_published(self) -> bool:
        return self.publication == Publication.PUBLISHED

    @property
    def is_withdrawn(self) -> bool:
        return self.publication == Publication.WITHDRAWN

    @property
    def is_read(self) -> bool:
        return self.is_published

    @property
    def was_public(self) -> bool:
        """Whether its address has ever answered: what it is about is no draft either."""
        return not self.is_draft

    @property
    def frozen_fields(self) -> list[str]:
        """What a record keeps for ever once it was published."""
        return ["slug"]

    frozen_message: Any = _(
        "The record is published, and its address never changes: keep the slug."
    )
    """What a person reads who would change one of them."""

    def clean_fields(self, exclude: Any = None) -> None:
        """Publication goes only forward, and fixed fields stay, whatever the door."""
        super().clean_fields(exclude=exclude)
        rows = type(self)._base_manager.order_by()  # not in the order of what it is a part of
        stored = rows.filter(pk=self.pk).first() if self.pk else None
        if stored is None:
            return
        if stored.is_draft:
            if self.is_published:
                self.check_drafts_beside()
            return
        faults: list[Any] = []
        if stored.is_published and self.is_withdrawn:
            faults += self._resting_on_it()
        goes_back = self.is_draft or stored.is_withdrawn
        if goes_back and stored.publication != self.publication:
            faults.append(_("What was published is withdrawn, never taken back."))
        if self.differs_from(stored, stored.frozen_fields):
            faults.append(self.frozen_message)
        if faults:
            raise ValidationError(faults)

    def _resting_on_it(self) -> list[str]:
        """What public records would lose with it, and what to do first."""
        return [
            sentence
            for relation in self._meta.get_fields(include_hidden=True)
            if isinstance(relation, models.ManyToOneRel)
            and issubclass(relation.related_model, Record)  # not their history
            for sentence in relation.related_model.withdrawal_blocks(relation.field.name, self)
        ]

    def check_drafts_beside(self) -> None:
        """Nor do its lists of records and its parts name a draft. Raises `ValidationError`."""
        told = {
            field.name: publish_first(getattr(self, field.name).order_by("pk"))
            for field in self._meta.many_to_many
        }
        told[NON_FIELD_ERRORS] = [
            sentence
            for part in self._parts()
            if part.is_read
            for sentences in part.drafts_named().values()
            for sentence in sentences
        ]
        problems = {name: [*dict.fromkeys(faults)] for name, faults in told.items() if faults}
        if problems:
            raise ValidationError(problems)

    def _parts(self) -> Iterator[Record]:
        """The rows that stand under it, each with the records it names."""
        for relation in self._meta.related_objects:
            model: Any = relation.related_model
            name = relation.field.name
            if name not in getattr(model, "parents", ()):
                continue
            links = [field.name for field in model._meta.concrete_fields if field.is_relation]
            rows = model._base_manager.order_by("pk").select_related(*links)
            for part in rows.filter(**{name: self}):
                setattr(part, name, self)
                yield part

    def publish(self) -> None:
        """Let everyone read it. Raises `ValidationError` if the record is not ready."""
        if self.is_withdrawn:
            raise ValidationError(_("A withdrawn record stays withdrawn. Add a new one."))
        self.publication = Publication.PUBLISHED
        self._check_and_save()

    def withdraw(self, *, because: str, on: date) -> None:
        """Take it off the public pages; its address keeps saying why.

        Raises `ValidationError` if it was never published or the reason is empty.
        """
        if not self.is_published:
            raise ValidationError(_("Only a published record can be withdrawn."))
        if not because.strip():
            raise ValidationError(_("Say why the record is withdrawn. The public reads this."))
        self.publication = Publication.WITHDRAWN
        self.withdrawn_on, self.withdrawn_because = on, because.strip()
        self._check_and_save()

    def _check_and_save(self) -> None:
        before = type(self)._base_manager.get(pk=self.pk)
        try:
            self.full_clean()
        except ValidationError:
            for name in ("publication", "withdrawn_on", "withdrawn_because"):
                setattr(self, name, getattr(before, name))
            raise
        self.save()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete a draft. Raises `ProtectedError` once the record was published."""
        stored = type(self)._base_manager.filter(pk=self.pk)
        if stored.exclude(publication=Publication.DRAFT).exists():
            raise kept({self})
        return super().delete(*args, **kwargs)
