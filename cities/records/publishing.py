"""Drafts, published records, and records withdrawn with a reason."""

from collections.abc import Iterator
from datetime import date
from functools import reduce
from typing import Any, Self

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from cities.records.base import (
    Record,
    RecordQuerySet,
    in_order_of_keys,
    publish_first,
    related,
)
from cities.records.constraints import choices_constraint
from cities.records.whole import links_of, parts_of


class Publication(models.TextChoices):
    """Whether the public may read a record."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def refusal_to_delete(records: models.QuerySet | set) -> models.ProtectedError:
    """Return the error for deleting what has been on the public record (MCL 399.5)."""
    return models.ProtectedError(
        str(_("A published record is never deleted. Withdraw it and say why.")),
        set(records),
    )


class WithdrawnError(Exception):
    """The record was withdrawn: its address answers 410 with the reason."""

    def __init__(self, record: "Publishable") -> None:
        super().__init__(record.withdrawn_because)
        self.record = record


def find_public(queryset: models.QuerySet, wanted: Q) -> Any:
    """Return the one record of a public queryset. Raise `Http404` or `WithdrawnError`."""
    try:
        return get_object_or_404(queryset, wanted)
    except Http404:
        gone = queryset.model._base_manager.filter(wanted, publication=Publication.WITHDRAWN)
        record = gone.first()
        if record is not None and record.was_public:
            raise WithdrawnError(record) from None
        raise


def is_public(record: Any) -> bool:
    """Return whether a visitor may read it: it is published, and so are its parents."""
    paths = getattr(type(record)._default_manager._queryset_class, "visible_through", ())
    return getattr(record, "is_published", True) and all(
        reduce(getattr, path.split("__"), record).is_published for path in paths
    )


class PublishableQuerySet(RecordQuerySet):
    visible_through: tuple[str, ...] = ()
    """The paths to the records a row belongs to. It is public only while they all are."""

    def public(self) -> Self:
        """Filter to the rows that a visitor may read."""
        return self.filter(self._all_are(Publication.PUBLISHED))

    def public_or_withdrawn(self) -> Self:
        """Filter to the rows whose address answers, with the record or why it was withdrawn."""
        public = Publication.PUBLISHED
        was_public = self._all_are((public, Publication.WITHDRAWN), "__in")
        withdrawn = Q(publication=Publication.WITHDRAWN) & was_public
        return self.filter(self._all_are(public) | withdrawn)

    def _all_are(self, publication: Any, lookup: str = "") -> Q:
        paths = ["publication", *(f"{path}__publication" for path in self.visible_through)]
        return Q(**{f"{path}{lookup}": publication for path in paths})

    @classmethod
    def public_at(cls, path: str) -> Q:
        """Return the condition that a visitor may read the record at the end of a path.

        It joins the record to the rows, where to name all public ones would read them all.
        """
        paths = [path, *(f"{path}__{through}" for through in cls.visible_through)]
        return Q(**{f"{each}__publication": Publication.PUBLISHED for each in paths})

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete drafts. Raise `ProtectedError` if one of the rows was ever published."""
        public = self.exclude(publication=Publication.DRAFT)
        if public.exists():
            raise refusal_to_delete(public)
        return super().delete()


class Publishable(Record):
    """A record that starts as a draft, is published, and may be withdrawn but never deleted."""

    publication = models.CharField(
        _("publication"),
        max_length=10,
        choices=Publication,
        default=Publication.DRAFT,
        editable=False,
        help_text=_(
            "Draft: only staff can see it. Published: everyone can. Withdrawn: everyone"
            " can see why."
        ),
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
            choices_constraint(
                "%(app_label)s_%(class)s_publication_known",
                _("Choose draft, published or withdrawn."),
                publication=Publication,
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
                violation_error_message=_(
                    "Enter the date and the reason of the withdrawal. Leave both blank for other"
                    " records."
                ),
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
        """Return whether its address has ever answered: it and its parents are no drafts."""
        return not self.is_draft

    @property
    def frozen_fields(self) -> list[str]:
        """Return the fields that cannot change once the record was published."""
        return ["slug"]

    def known(self, *names: str) -> list[str]:
        """Return those of the fields that have a value."""
        values = {name: getattr(self, self._meta.get_field(name).attname) for name in names}  # type: ignore[union-attr]
        return [name for name, value in values.items() if value not in (None, "")]

    is_brought_back = False
    """Whether an undo makes it public again; otherwise what is withdrawn stays so."""

    frozen_message: Any = _("This record is published, so its web address cannot change.")
    """What staff read when they try to change one of them."""

    def clean_fields(self, exclude: Any = None) -> None:
        """Refuse to take back what is published, and to change its frozen fields.

        The same for the admin, register files and the shell.
        """
        super().clean_fields(exclude=exclude)
        stored = self.stored()
        if stored is None:
            return
        if stored.is_draft:
            if self.is_published:
                self.check_drafts_beside()
            return
        faults: list[Any] = []
        if stored.is_published and self.is_withdrawn:
            faults += self.reasons_against_withdrawal()
        goes_back = self.is_draft or (stored.is_withdrawn and not self.is_brought_back)
        if goes_back and stored.publication != self.publication:
            faults.append(
                _(
                    "A published record cannot become a draft again, and a withdrawn record"
                    " cannot become public again."
                )
            )
        if self.differs_from(stored, stored.frozen_fields):
            faults.append(self.frozen_message)
        if faults:
            raise ValidationError(faults)

    def reasons_against_withdrawal(self) -> list[str]:
        """Return why public records still need it, and what to do first."""
        return [
            sentence
            for relation in self._meta.get_fields(include_hidden=True)
            if isinstance(relation, models.ManyToOneRel)
            and issubclass(relation.related_model, Record)  # not their history
            for sentence in relation.related_model.withdrawal_blocks(relation.field.name, self)
        ]

    def check_drafts_beside(self) -> None:
        """Raise `ValidationError` if its lists of records or its parts name a draft."""
        found = {
            field.name: publish_first(in_order_of_keys(getattr(self, field.name).all()))
            for field in self._meta.many_to_many
        }
        found[NON_FIELD_ERRORS] = [
            sentence
            for part in self.own_parts()
            if part.is_read
            for sentences in part.drafts_named().values()
            for sentence in sentences
        ]
        problems = {name: [*dict.fromkeys(faults)] for name, faults in found.items() if faults}
        if problems:
            raise ValidationError(problems)

    def own_parts(self) -> Iterator[Record]:
        """Yield the rows that are part of it, each with the records it names."""
        for part_model, accessor, name in parts_of(type(self)):
            others = [field.name for field in links_of(part_model) if field.name != name]
            for part in in_order_of_keys(related(self, accessor, *others)):
                setattr(part, name, self)
                yield part

    with_it: tuple[str, ...] = ()
    """The relations to what its own `publish` publishes with it, in their order."""

    def published_with_it(self) -> Iterator["Publishable"]:
        """Yield the drafts that its own `publish` publishes with it."""
        for name in self.with_it:
            yield from (row for row in in_order_of_keys(related(self, name)) if row.is_draft)

    def publish(self) -> None:
        """Let everyone read it. Raise `ValidationError` if the record is not ready."""
        if self.is_withdrawn:
            raise ValidationError(_("A withdrawn record stays withdrawn. Add a new one."))
        self.publication = Publication.PUBLISHED
        self._check_and_save()

    def withdraw(self, *, because: str, on: date) -> None:
        """Remove it from the public pages; its address stays and gives the reason.

        Raise `ValidationError` if it was never published or the reason is empty.
        """
        if not self.is_published:
            raise ValidationError(_("Only a published record can be withdrawn."))
        if not because.strip():
            raise ValidationError(_("Say why you withdraw the record. The public can read this."))
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
        """Delete a draft. Raise `ProtectedError` once the record was published."""
        stored = type(self)._base_manager.filter(pk=self.pk)
        if stored.exclude(publication=Publication.DRAFT).exists():
            raise refusal_to_delete({self})
        return super().delete(*args, **kwargs)
