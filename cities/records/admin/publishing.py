"""Records that are drafted, published and withdrawn: who sees them, and who withdraws them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import transaction
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from cities.records.admin.edits import EditsAdmin
from cities.records.admin.permissions import may
from cities.records.admin.previews import PreviewAdmin
from cities.records.admin.record import RecordAdmin
from cities.records.admin.release_pages import ReleaseAdmin, set_address
from cities.records.deeds import RefusedError
from cities.records.edits import waiting_edits
from cities.records.previewing import has_page
from cities.records.publishing import Publication
from cities.records.releasing import propose_withdrawal, release
from cities.records.second_person import needs_second_person


def _as_stored(record: Any) -> Any:
    """Return a record as it is stored: one that was read just now, itself."""
    is_read = record._state.db is not None
    return record if is_read else type(record)._base_manager.get(pk=record.pk)


class PublishableAdmin(EditsAdmin, PreviewAdmin, ReleaseAdmin, RecordAdmin):
    """Show drafts to those who may preview; publish and withdraw on pages of their own."""

    change_form_template = "admin/records/publishable_form.html"
    list_filter: Any = ["publication"]
    published_hint: Any = ""
    """What the form says of a published record beyond that everyone can read it."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        records = super().get_queryset(request)
        if self.may_preview(request):
            return records
        return records.exclude(publication=Publication.DRAFT)

    def get_history_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet:
        versions = super().get_history_queryset(request, *args, **kwargs)
        if self.may_preview(request):
            return versions
        return versions.exclude(publication=Publication.DRAFT)

    def visible_part_versions(self, request: HttpRequest, pk: int, versions: QuerySet) -> QuerySet:
        """Leave out the time when it was a draft for those who may not see drafts."""
        if self.may_preview(request):
            return versions
        public: Any = self.model.history.filter(id=pk)  # type: ignore[attr-defined]
        since = public.exclude(publication=Publication.DRAFT).order_by("history_date")
        return versions.filter(history_date__gte=Subquery(since.values("history_date")[:1]))

    # --- rights ---

    def may_preview(self, request: HttpRequest) -> bool:
        return may(request, "preview", self.model)

    def may_publish(self, request: HttpRequest) -> bool:
        return may(request, "publish", self.model)

    def may_publish_alone(self, request: HttpRequest) -> bool:
        """Return whether what the user changes in a public record is public at once."""
        return self.may_publish(request) and not needs_second_person(self.model)

    def may_revert(self, request: HttpRequest, record: Any) -> bool:
        return super().may_revert(request, record) and self.may_publish_alone(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        hidden = obj is not None and obj.is_draft and not self.may_preview(request)
        return super().has_view_permission(request, obj) and not hidden

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep what was withdrawn as it was."""
        is_withdrawn = obj is not None and obj.is_withdrawn
        return super().has_change_permission(request, obj) and not is_withdrawn

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow it for drafts alone; what was published is withdrawn."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)

    # --- the form ---

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Bring back with an older version neither whether it was public nor frozen fields."""
        if obj is not None:
            stored = _as_stored(obj)
            kept = ["publication", "withdrawn_on", "withdrawn_because"]
            for name in kept if stored.is_draft else [*kept, *stored.frozen_fields]:
                setattr(obj, name, getattr(stored, name))
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [*super().get_readonly_fields(request, obj)]
        return fields if obj is None or obj.is_draft else [*fields, *obj.frozen_fields]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep the web address once it is public."""
        is_open = obj is None or obj.is_draft
        return super().get_prepopulated_fields(request, obj) if is_open else {}

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        context["may_publish"] = self.may_publish(request)
        record = context["original"]
        context["may_correct"] = (
            self.may_be_corrected and record is not None and self.may_begin_correction(request)
        )
        context["may_ask_withdrawal"] = (
            record is not None
            and record.is_published
            and not context["may_publish"]
            and self.has_change_permission(request, record)
        )
        if record is not None and record.is_draft and self.may_preview(request):
            context["may_preview"] = has_page(self.model)
            if not hasattr(request, "is_in_place"):  # where its line says so
                context["waiting"] = self.waiting_set(record)
            context["may_submit"] = self.has_change_permission(request, record)
        is_public = record is not None and record.is_published
        if is_public and self.may_preview(request) and "waiting_edits" not in context:
            edits = waiting_edits(record).order_by("pk")
            context["waiting_edits"] = [change.change_set for change in edits]
        return super().render_change_form(request, context, *args, **kwargs)

    # --- publishing and withdrawing ---

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_withdraw"
        view = self.admin_site.admin_view(self.withdraw_view)
        return [
            *self.preview_urls(),
            *self.release_urls(),
            path("<int:pk>/withdraw/", view, name=name),
            *super().get_urls(),
        ]

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the reason, then withdraw; show what is missing and save nothing."""
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        may_publish = self.may_publish_alone(request)
        if not self.may_publish(request) and not self.has_change_permission(request, record):
            raise PermissionDenied
        problems: list[str] = []
        if request.method == "POST":
            try:
                with transaction.atomic():
                    address = self._withdraw(request, pk)
            except ValidationError as error:
                problems = error.messages
            else:
                return HttpResponseRedirect(address)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Withdraw") if may_publish else _("Ask for a withdrawal"),
            "may_publish": may_publish,
            "record": record,
            "opts": self.opts,
            "problems": problems,
            "because": request.POST.get("because", ""),
            "address": self.change_address(record),
        }
        return render(request, "admin/records/withdrawal.html", context)

    def _withdraw(self, request: HttpRequest, pk: int) -> str:
        """Withdraw the record as it is now, once, or send that for review. Return where to go.

        Raise `ValidationError` if it may not be withdrawn.
        """
        record = self.model._base_manager.select_for_update().get(pk=pk)
        because = request.POST.get("because", "")
        ProhibitNullCharactersValidator()(because)
        change_set = propose_withdrawal(record, author=request.user, reason=because)
        if not self.may_publish_alone(request):
            messages.success(request, _("Sent for review: %s") % change_set)
            return set_address(change_set)
        try:
            release(change_set, by=request.user)
        except RefusedError as error:
            raise ValidationError([problem.sentence for problem in error.problems]) from None
        self.log_change(request, record, "withdraw")
        messages.success(request, _("Withdrawn: %s") % record)
        return self.change_address(record)
