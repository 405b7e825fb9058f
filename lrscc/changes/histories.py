"""The versions of records that visitors could read, from all histories in one query.

The log was filled from it when it began; nothing else reads it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from cities.records.base import Record
from cities.records.dependencies import model_at
from cities.records.log import ChangeKind
from cities.records.publishing import Publication
from cities.records.record_types import RecordType, registry
from lrscc.changes.causes import OFFICES

SAME_CHANGE_WITHIN = timedelta(minutes=1)
"""What is saved within it belongs together: a form with its rows, a record with its parts."""


class Version(NamedTuple):
    """One version of a record or of its part, as the database returns it."""

    label: str
    pk: int
    part: str
    version: int
    moment: datetime
    kind: str
    step: str
    reason: str
    office: str
    is_by_somebody: bool


def tracked() -> list[RecordType]:
    """Return the kinds of record whose changes are listed."""
    return [record_type for record_type in registry if record_type.changes]


@cache
def parts() -> dict[str, tuple[Any, RecordType]]:
    """Rows that are parts of a record, each with the kind of record, by their label.

    They have no publication of their own: what changes in them is a change of the record.
    """
    found = {}
    for model in apps.get_models():
        if issubclass(model, Record) and model.parents:
            above = registry.of(model._meta.get_field(model.parents[0]).related_model)
            if above is not None and above.changes:
                found[model._meta.label_lower] = (model, above)
    return found


def versions() -> Any:
    """Return the public versions, the oldest first, as rows of `Version`."""
    found = [_own(record_type) for record_type in tracked()]
    found += [_of_part(model, part_of) for model, part_of in parts().values()]
    columns = [f"c_{name}" for name in Version._fields]
    first, *rest = (rows.values_list(*columns) for rows in found)
    newest_first = first.union(*rest, all=True)
    return newest_first.order_by("-c_moment", "c_label", "c_part", "-c_version")


def saved_together(rows: Iterable[Iterable]) -> list[list[Version]]:
    """Return the versions of one record that were saved together, group by group."""
    groups: list[list[Version]] = []
    newest: dict[tuple[str, int], list[Version]] = {}
    for row in map(Version._make, rows):
        group = newest.get((row.label, row.pk))
        if group is None or group[-1].moment - row.moment > SAME_CHANGE_WITHIN:
            group = newest[row.label, row.pk] = []
            groups.append(group)
        group.append(row)
    return groups


def _own(record_type: RecordType) -> Any:
    """Return versions of records: those of a published one, or the withdrawal."""
    history = record_type.model.history
    rows = record_type.shown()
    public, withdrawn = Publication.PUBLISHED, Publication.WITHDRAWN
    earlier = history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    is_news = Q(Exists(earlier.filter(publication=public)))
    is_news &= ~Q(Exists(earlier.filter(publication=withdrawn)))
    is_public = Q(publication=public, id__in=rows.filter(publication=public).values("pk"))
    is_withdrawn = Q(publication=withdrawn, id__in=rows.filter(publication=withdrawn).values("pk"))
    wanted = [is_public | is_withdrawn & is_news]
    for number, way in enumerate(record_type.model.objects.none().visible_through):
        since = _first_public(model_at(record_type.model, way), way)
        wanted.append(Q(history_date__gte=since))
        if record_type.changes.anchor and number == 0:
            wanted.append(Q(history_date__gte=_later(since)) | Q(publication=withdrawn))
    if record_type.is_on_any_page:
        wanted.append(Q(history_date__gte=_first_of_any(record_type)))
    return _columns(history.order_by().filter(*wanted), record_type, "id", "", _kind(record_type))


def _kind(record_type: RecordType) -> Case:
    """Return which kind of change a version is."""
    is_first = Q(history_date=_first_public(record_type.model, "id"))
    kinds = [When(publication=Publication.WITHDRAWN, then=Value(ChangeKind.WITHDRAWN))]
    if record_type.changes.correction:
        is_correction = is_first & Q(**{record_type.changes.kind: record_type.changes.correction})
        kinds.append(When(is_correction, then=Value(ChangeKind.CORRECTED)))
    kinds.append(When(is_first, then=Value(ChangeKind.PUBLISHED)))
    return Case(*kinds, default=Value(ChangeKind.CHANGED), output_field=TextField())


def _of_part(model: Any, record_type: RecordType) -> Any:
    """Return versions of the parts of a published record, since visitors can read it."""
    above, *others = model.parents
    public = record_type.shown().filter(publication=Publication.PUBLISHED)
    since = _later(_first_public(record_type.model, above))
    wanted = [Q(**{f"{above}__in": public.values("pk")}), Q(history_date__gte=since)]
    for name in others:
        other = model_at(model, name)
        wanted.append(Q(**{f"{name}__in": other.objects.public().values("pk")}))
        wanted.append(Q(history_date__gte=_first_public(other, name)))
    for way in record_type.model.objects.none().visible_through:
        opened = _first_public(model_at(record_type.model, way), f"{above}__{way}")
        wanted.append(Q(history_date__gte=opened))
    found = model.history.order_by().filter(*wanted)
    kind = Value(ChangeKind.CHANGED, output_field=TextField())
    return _columns(found, record_type, f"{above}_id", model._meta.label_lower, kind)


def _first_public(model: Any, outer: str) -> Subquery:
    """Return when a record was first published."""
    public = model.history.filter(id=OuterRef(outer)).exclude(publication=Publication.DRAFT)
    return _earliest(public)


def _first_of_any(record_type: RecordType) -> Subquery:
    """Return when the first of the records that show it was published."""
    link = record_type.model._meta.get_field(record_type.page.partition("__")[0])
    above = link.related_model
    shown = {link.related_query_name(): OuterRef(OuterRef("id"))}
    public = above.history.filter(id__in=above.objects.public().filter(**shown).values("pk"))
    return _earliest(public.exclude(publication=Publication.DRAFT))


def _earliest(rows: Any) -> Subquery:
    first = (
        rows.order_by().annotate(c_all=Value(1)).values("c_all").annotate(c=Min("history_date"))
    )
    return Subquery(first.values("c")[:1])


def _later(moment: Subquery) -> ExpressionWrapper:
    return ExpressionWrapper(moment + SAME_CHANGE_WITHIN, output_field=DateTimeField())


def _columns(found: Any, record_type: RecordType, pk: str, part: str, kind: Any) -> Any:
    """Return the columns of a `Version`, prefixed since records have fields of these names."""
    text = TextField()
    groups = get_user_model().groups.through.objects.filter(  # type: ignore[attr-defined]
        user=OuterRef("history_user_id"), group__name__in=OFFICES
    )
    reason: Any = Coalesce(Cast("history_change_reason", text), Value("", text))
    if not part:
        withdrawn = When(publication=Publication.WITHDRAWN, then=Cast("withdrawn_because", text))
        reason = Case(withdrawn, default=reason, output_field=text)
    office = groups.order_by("group__name").values("group__name")[:1]
    return found.annotate(
        c_label=Value(record_type.label, text),
        c_pk=F(pk),
        c_part=Value(part, text),
        c_version=F("history_id"),
        c_moment=F("history_date"),
        c_kind=kind,
        c_step=Cast("history_type", text),
        c_reason=reason,
        c_office=Coalesce(Subquery(office, output_field=text), Value("", text)),
        c_is_by_somebody=Case(
            When(history_user_id__isnull=False, then=1), default=0, output_field=IntegerField()
        ),
    )
