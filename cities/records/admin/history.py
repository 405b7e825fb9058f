"""The history of a record: who changed what, when and why, and how to bring it back."""

from itertools import pairwise
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from simple_history.admin import SimpleHistoryAdmin

from cities.records.admin.change_sets import sets_that_made
from cities.records.admin.comparing import ComparingAdmin
from cities.records.admin.field_changes import FieldChanges
from cities.records.admin.link_history import LinkHistory
from cities.records.admin.permissions import without_hidden_drafts

PART_VERSIONS_SHOWN = 100
"""Versions of a record's parts that its history shows, of each kind and in all."""


class HistoryAdmin(ComparingAdmin, SimpleHistoryAdmin):
    """Show the history of records and of their parts without what the user may not see."""

    history_list_per_page = 25

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the history of what the user may see, and of what is deleted."""
        stored = self.model._base_manager.filter(pk=_number(object_id))
        if self.get_object(request, object_id) is None and stored.exists():
            raise Http404
        context = {"part_versions": self.part_versions(request, int(object_id))}
        return super().history_view(request, object_id, {**context, **(extra_context or {})})

    def part_versions(self, request: HttpRequest, pk: int) -> list[Any]:
        """Return the newest versions of the record’s parts that the user may see."""
        found: list[Any] = []
        for model, parent in self.part_links():
            versions = model.history.filter(**{parent: pk}).select_related("history_user")
            versions = versions._select_related_history_tracked_objs()
            versions = without_hidden_drafts(request, model, versions)
            versions = self.visible_part_versions(request, pk, versions)
            found += _with_changes(model, versions.order_by("-history_date", "-history_id"))
        newest_first = sorted(found, key=lambda version: version.history_date, reverse=True)
        return newest_first[:PART_VERSIONS_SHOWN]

    def visible_part_versions(self, request: HttpRequest, pk: int, versions: QuerySet) -> QuerySet:
        """Return those of the versions of a record's parts that the user may see."""
        return versions

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, foreign_keys_are_objs: bool = True
    ) -> None:
        """Read links to many for all versions together, and name no hidden draft."""
        versions = list(historical_records)
        numbers = [version.history_id for version in versions]
        made = sets_that_made(request, self.model, numbers)
        for version in versions:
            version.change_set = made.get(version.history_id)
        kept = self.model.history.model._history_m2m_fields  # type: ignore[attr-defined]
        links = [
            LinkHistory.of(
                field, numbers, self.admin_site.get_model_admin(field.related_model), request
            )
            for field in kept
        ]
        for newer, older in pairwise(versions):
            delta = newer.diff_against(
                older,
                excluded_fields=[link.field.name for link in links],
                foreign_keys_are_objs=foreign_keys_are_objs,
            )
            helper = self.get_historical_record_context_helper(request, newer)
            changes = [link.change(older.history_id, newer.history_id) for link in links]
            newer.history_delta_changes = [
                *helper.context_for_delta_changes(delta),
                *(change for change in changes if change["old"] != change["new"]),
            ]

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Refuse those who may not revert: simple-history only hides the button from them."""
        _number(version_id)
        record = self.get_object(request, object_id)
        if record is None:
            raise PermissionDenied
        if request.method == "POST" and not self.may_revert(request, record):
            raise PermissionDenied
        with transaction.atomic():  # as Django’s own form view: the lock holds until it is saved
            return super().history_form_view(request, object_id, version_id, extra_context)

    def get_historical_record_context_helper(
        self, request: HttpRequest, historical_record: Any
    ) -> FieldChanges:
        return FieldChanges(self.model, historical_record)

    def history_view_title(self, request: HttpRequest, obj: Any) -> str:
        return gettext("History: %s") % obj

    def history_form_view_title(self, request: HttpRequest, obj: Any) -> str:
        return gettext("Earlier version: %s") % obj

    def may_revert(self, request: HttpRequest, record: Any) -> bool:
        return self.has_change_permission(request, record)

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.may_revert(request, obj)


def _with_changes(model: Any, versions: QuerySet) -> list[Any]:
    """Return the newest versions of parts, each with the part’s name and what it changed."""
    found = list(versions[:PART_VERSIONS_SHOWN])
    newer: dict[int, Any] = {}
    for version in found:
        part = version.instance
        for field in model._meta.concrete_fields:
            if field.is_relation and getattr(version, field.attname) is not None:
                setattr(part, field.name, getattr(version, field.name))
        version.part = f"{model._meta.verbose_name}: {part}"
        if (after := newer.get(version.id)) is not None and after.history_type == "~":
            delta = after.diff_against(version, foreign_keys_are_objs=True)
            helper = FieldChanges(model, after)
            after.history_delta_changes = helper.context_for_delta_changes(delta)
        newer[version.id] = version
    return found


def _number(text: str) -> int:
    """Return a row's number in an address. Raise `Http404` if it is none."""
    try:
        return int(text)
    except ValueError:
        raise Http404 from None
