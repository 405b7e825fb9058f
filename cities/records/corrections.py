"""Correct a published record: a new draft takes its place in the moment in which it is withdrawn.

What it said is never overwritten. Until the set is released the public reads the record as it is.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cities.records.change_sets import (
    NAME_LENGTH,
    ChangeSet,
    Deed,
    ProposedChange,
    change_of,
    kind_of,
)
from cities.records.numbering import Numbered

OF_ITS_OWN = ("number", "publication", "withdrawn_on", "withdrawn_because")
"""Fields that a successor does not take over."""


@transaction.atomic
def correct(record: Numbered, *, author: Any = None) -> Numbered:
    """Return a draft that says the same, in a set that puts it in the place of the record.

    If somebody corrects the record already, it is their draft. Raise `ValidationError` unless the
    record is published.
    """
    held: Any = type(record)._base_manager.select_for_update().get(pk=record.pk)
    if not held.is_published:
        raise ValidationError(_("Only a published record can be corrected."))
    begun = _begun(held)
    if begun is not None:
        return begun
    draft = _successor(held)
    change_set = ChangeSet.objects.create(name=str(held)[:NAME_LENGTH], author=author)
    change_of(draft, Deed.CORRECT, change_set=change_set, replaces=held.pk).save()
    return draft


def _begun(record: Numbered) -> Any:
    """Return the draft that corrects a record already, unless somebody deleted it."""
    sets = ChangeSet.objects.unsettled()
    found = ProposedChange.objects.filter(
        kind=kind_of(record), replaces=record.pk, change_set__in=sets
    )
    pks = found.values_list("object_id", flat=True)
    return type(record)._base_manager.filter(pk__in=list(pks)).first()


def _successor(record: Any) -> Any:
    """Return a new draft with what a record and its parts say."""
    draft = type(record)(number=record.next_number(getattr(record, f"{record.owner}_id")))
    _take_over(draft, record, OF_ITS_OWN)
    draft.save()
    for part in record.own_parts():
        [link] = [name for name in part.parents if getattr(part, name) == record]
        copy = type(part)(**{link: draft})
        _take_over(copy, part, (link,))
        copy.save()
    return draft


def _take_over(new: Any, old: Any, besides: tuple[str, ...]) -> None:
    for field in old._meta.concrete_fields:
        if not field.primary_key and field.name not in besides:
            setattr(new, field.attname, getattr(old, field.attname))
