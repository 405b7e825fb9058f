"""The base of every record: its versions are kept, and it names what it is a part of."""

from collections.abc import Collection, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.encoding import force_str
from django.utils.translation import gettext
from simple_history.models import HistoricalRecords

from cities.records.constraints import checks_hold
from cities.records.fields import BoundField
from cities.records.links import is_plain_link
from cities.records.log import newest_moment


def publish_first(records: Iterable[Any]) -> list[str]:
    """Return a sentence for each record that is still a draft."""
    return [
        gettext("Publish “%s” first. It is still a draft.") % record
        for record in records
        if getattr(record, "is_draft", False)
    ]


def in_order_of_keys(rows: Iterable[Any]) -> list[Any]:
    """Return rows in the order in which they were added."""
    return sorted(rows, key=attrgetter("pk"))


def related(record: Any, name: str, *links: str) -> list[Any]:
    """Return the rows of a relation to many, with the records that their `links` name.

    Rows that were prefetched are not read again.
    """
    rows: Any = getattr(record, name).all()
    if rows._result_cache is None:
        return [*(rows.select_related(*links) if links else rows)]
    for link in links:
        if not all(row._meta.get_field(link).is_cached(row) for row in rows):
            models.prefetch_related_objects(rows, link)
    return [*rows]


class RecordQuerySet(models.QuerySet):
    def with_modified(self) -> Self:
        """Annotate each row with `modified`, the moment of its newest entry in the log."""
        return self.annotate(modified=newest_moment(self.model._meta.label_lower))

    def modified_since(self, moment: datetime) -> Self:
        """Filter rows `with_modified` to those that changed at the moment or later."""
        return self.filter(modified__gte=moment)


class Versions(HistoricalRecords):
    def create_historical_record_m2ms(self, history_instance: Any, instance: Any) -> None:
        """Keep the links to many with the version; a new row has none yet."""
        if history_instance.history_type != "+":
            super().create_historical_record_m2ms(history_instance, instance)


class Record(models.Model):
    """A row whose every version is kept: who changed it, when, why, and from what to what."""

    history = Versions(inherit=True)

    parents: tuple[str, ...] = ()
    """The fields that name the records it is a part of. It is public once they all are."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it with its version, the entry in the log and all that follows, or nothing."""
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)

    def _get_FIELD_display(self, field: Any) -> Any:  # noqa: N802 - Django’s name
        """Return the label of a choice. Django’s own translates all the others to compare them."""
        value = getattr(self, field.attname)
        return force_str(dict(field.flatchoices).get(value, value), strings_only=True)

    @property
    def is_read(self) -> bool:
        """Return whether visitors can read it: a part is as public as its parents."""
        parents = (getattr(self, name, None) for name in self.parents)
        return all(parent is not None and parent.is_published for parent in parents)

    def drafts_named(self) -> dict[str, list[str]]:
        """Return a sentence for each field that names a draft, by field."""
        links = [field.name for field in self._meta.concrete_fields if field.is_relation]
        found = {name: publish_first([getattr(self, name, None)]) for name in links}
        return {name: sentences for name, sentences in found.items() if sentences}

    @property
    def menu_label(self) -> str:
        """Return what a menu of records calls it."""
        return str(self)

    blocks_withdrawal: dict[str, Any] = {}
    """What to do before a record that public rows name can be withdrawn: by the field that
    names it, a sentence with one place for the row."""

    @classmethod
    def withdrawal_blocks(cls, link: str, record: Any) -> list[str]:
        """Return why `record`, which rows name in the field `link`, cannot be withdrawn."""
        if link not in cls.blocks_withdrawal:
            return []
        rows: Any = cls._default_manager.filter(**{link: record})
        if rows.visible_through:
            rows = rows.select_related(*rows.visible_through)
        return [cls.blocks_withdrawal[link] % row for row in rows.public()]

    def stored(self) -> Self | None:
        """Return the row as it is stored, or None if it is new."""
        if "as_stored" in vars(self):
            return self.as_stored
        if self.pk is None:
            return None
        rows = type(self)._base_manager.order_by()  # without a join for the order
        return rows.filter(pk=self.pk).first()

    as_stored: Self | None
    """The row as it is stored, set by what has it at hand."""

    def differs_from(self, stored: Any, names: Collection[str]) -> bool:
        """Return whether one of the fields `names` differs from the stored row."""
        fields = [field.attname for field in self._meta.concrete_fields if field.name in names]
        return any(getattr(stored, name) != getattr(self, name) for name in fields)

    def unclear_links(self, exclude: Collection[str]) -> dict[str, list[str]]:
        """Return a sentence for each link that does not lead where it seems to, by field."""
        sentence = gettext(
            "Enter a link that begins with https:// or http://, without a user name."
        )
        names = [field.name for field in self._meta.fields if isinstance(field, models.URLField)]
        links = {name: getattr(self, name) for name in names if name not in exclude}
        return {
            name: [sentence] for name, link in links.items() if link and not is_plain_link(link)
        }

    def clean_fields(self, exclude: Any = None) -> None:
        """Refuse a public record that names a draft, and a link that seems to lead elsewhere."""
        super().clean_fields(exclude=exclude)
        if unclear := self.unclear_links(exclude or ()):
            raise ValidationError(unclear)
        if self.is_read and (drafts := self.drafts_named()):
            raise ValidationError(drafts)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check also the constraints on the first and last day of a date.

        No form shows these two fields, which would exclude their constraints. They follow from
        the date's text, so they are checked wherever the text is.
        """
        excluded = set(exclude or ())
        days = (field for field in self._meta.fields if isinstance(field, BoundField))
        excluded -= {day.name for day in days if day.of not in excluded}
        self._checks_hold = checks_hold(self, excluded)
        try:
            super().validate_constraints(exclude=excluded)
        finally:
            del self._checks_hold

    _checks_hold = False
    """Whether the checks are known to hold, so that none has to be asked by itself."""

    def get_constraints(self) -> Any:
        constraints = super().get_constraints()
        if not self._checks_hold:
            return constraints
        return [
            (model, [one for one in of_model if not isinstance(one, models.CheckConstraint)])
            for model, of_model in constraints
        ]
