"""The list of change sets, and the page on which one is reviewed, sent back or published."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.admin.permissions import may
from cities.records.admin.release_pages import set_address
from cities.records.admin.set_contents import contents_of, form_address
from cities.records.change_sets import (
    NOTE_LENGTH,
    REASON_LENGTH,
    ChangeSet,
    ProposedChange,
    SetState,
    kind_of,
)
from cities.records.deeds import Problem, RefusedError, drafts_in, published_in
from cities.records.drafts import with_what_they_need
from cities.records.joining import join
from cities.records.keys import key_in
from cities.records.publishing import Publishable
from cities.records.releasing import (
    drop,
    fingerprint,
    give_reason,
    needs_reason,
    prepared_alone,
    publish_alone,
    release,
    send_back,
    submit,
)
from cities.records.scheduling import schedule, unschedule
from cities.records.undoing import undo


class MomentForm(forms.Form):
    """When a set is to be published, in the time zone of the home city."""

    moment = forms.DateTimeField(
        error_messages={
            "required": _("Enter the day and time."),
            "invalid": _("Enter a day and time, such as 2026-12-01 09:00."),
        }
    )


def _publishable() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, Publishable)]


def reads_drafts(request: HttpRequest) -> bool:
    """Return whether the user may see drafts of any kind."""
    return any(may(request, "preview", model) for model in _publishable())


def sets_for(request: HttpRequest, action: str = "preview") -> Any:
    """Return the sets of records for which the user has a right: to see all drafts in them."""
    kinds = [kind_of(model) for model in _publishable() if not may(request, action, model)]
    return ChangeSet.objects.without_kinds(kinds)


def sets_that_made(
    request: HttpRequest, model: Any, versions: Iterable[int]
) -> dict[int | None, ChangeSet]:
    """Return the released sets that made these versions of records, if the user may see them."""
    made = ProposedChange.objects.filter(
        kind=model._meta.label_lower, version__in=[*versions], change_set__in=sets_for(request)
    )
    return {change.version: change.change_set for change in made.select_related("change_set")}


class ChangeSetAdmin(admin.ModelAdmin):
    """Read sets; move one on with the buttons of its page. Nobody edits or deletes a set."""

    change_list_template = "admin/records/record_list.html"
    list_display = ["name", "state", "author", "begun_at", "records"]
    list_filter = ["state"]
    list_select_related = ["author"]
    search_fields = ["name", "changes__label"]
    list_per_page = 50
    show_full_result_count = False
    actions = None

    # --- rights ---

    def has_module_permission(self, request: HttpRequest) -> bool:
        return reads_drafts(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not reads_drafts(request):
            return False
        return obj is None or sets_for(request).filter(pk=obj.pk).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def may_release(self, request: HttpRequest, records: Iterable[Any]) -> bool:
        return all(may(request, "publish", type(record)) for record in records)

    # --- the list ---

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return sets_for(request).annotate(count=Count("changes"))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        title = {"title": _("Change sets")}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    @admin.display(description=_("records"))
    def records(self, change_set: Any) -> int:
        return change_set.count

    # --- the page of one ---

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show what is in a set; move it on by POST."""
        number = key_in(object_id)
        if not reads_drafts(request):
            raise PermissionDenied
        people = ("author", "reviewer", "scheduled_by", "settled_by", "undoes", "undone_by")
        rows = sets_for(request).select_related(*people)
        change_set = get_object_or_404(rows, pk=number)
        problems: Iterable[Problem] = ()
        if request.method == "POST":
            try:
                with transaction.atomic():
                    self._move_on(request, change_set)
            except RefusedError as error:
                problems = error.problems
            except ValidationError as error:
                problems = [Problem(None, sentence) for sentence in error.messages]
            else:
                return HttpResponseRedirect(set_address(change_set))
            change_set = get_object_or_404(rows, pk=number)
        return self._page(request, change_set, problems)

    def _move_on(self, request: HttpRequest, change_set: ChangeSet) -> None:
        """Do what the pressed button says. Raise `PermissionDenied` unless the user may."""
        deeds: dict[str, Callable[[HttpRequest, ChangeSet], None]] = {
            "_release": self._release,
            "_send_back": self._send_back,
            "_submit": self._submit,
            "_schedule": self._schedule,
            "_unschedule": self._unschedule,
            "_drop": self._drop,
            "_undo": self._undo,
            "_join": self._join,
        }
        deed = next((deeds[name] for name in deeds if name in request.POST), None)
        if deed is None:
            raise PermissionDenied
        deed(request, change_set)

    def _release(self, request: HttpRequest, change_set: ChangeSet) -> None:
        self._require_right_to_release(request, change_set)
        self._require_what_was_read(request, change_set)
        self._take_reason(request, change_set)
        published = release(change_set, by=request.user)
        for one in published:
            self.admin_site.get_model_admin(type(one)).log_change(request, one, "publish")  # type: ignore[arg-type]
        messages.success(request, _("Published: %s") % change_set)

    def _send_back(self, request: HttpRequest, change_set: ChangeSet) -> None:
        self._require_right_to_release(request, change_set)
        send_back(change_set, by=request.user, note=request.POST.get("note", ""))
        messages.success(request, _("Sent back: %s") % change_set)

    def _submit(self, request: HttpRequest, change_set: ChangeSet) -> None:
        if change_set.author_id != request.user.pk:
            raise PermissionDenied
        self._take_reason(request, change_set)
        submit(change_set)
        messages.success(request, _("Sent for review: %s") % change_set)

    @staticmethod
    def _require_what_was_read(request: HttpRequest, change_set: ChangeSet) -> None:
        """Refuse to publish what somebody changed after the page was opened."""
        now_read = fingerprint(change_set)
        if request.POST.get("seen", now_read) != now_read:
            sentence = gettext(
                "Somebody changed this set after you opened it. Read it again, then publish it."
            )
            raise RefusedError(Problem(None, sentence))

    @staticmethod
    def _take_reason(request: HttpRequest, change_set: ChangeSet) -> None:
        if "reason" in request.POST:
            give_reason(change_set, request.POST["reason"])
        if "alone" in request.POST:
            publish_alone(change_set, request.POST["alone"])

    def _drop(self, request: HttpRequest, change_set: ChangeSet) -> None:
        if change_set.author_id != request.user.pk:
            self._require_right_to_release(request, change_set)
        drop(change_set, by=request.user)
        messages.success(request, _("Dropped: %s. Its drafts are still there.") % change_set)

    def _schedule(self, request: HttpRequest, change_set: ChangeSet) -> None:
        self._require_right_to_release(request, change_set)
        self._require_what_was_read(request, change_set)
        self._take_reason(request, change_set)
        moment = MomentForm(request.POST)
        if not moment.is_valid():
            raise ValidationError([*moment.errors["moment"]])
        schedule(change_set, by=request.user, moment=moment.cleaned_data["moment"])
        messages.success(request, _("Scheduled: %s") % change_set)

    def _unschedule(self, request: HttpRequest, change_set: ChangeSet) -> None:
        self._require_right_to_release(request, change_set)
        unschedule(change_set)
        messages.success(request, _("No longer scheduled: %s") % change_set)

    def _undo(self, request: HttpRequest, change_set: ChangeSet) -> None:
        if not self._may_undo(request, change_set):
            raise PermissionDenied
        undo(change_set, by=request.user, reason=request.POST.get("reason", ""))
        messages.success(request, _("Undone: %s") % change_set)

    def _join(self, request: HttpRequest, change_set: ChangeSet) -> None:
        if change_set.author_id != request.user.pk:
            raise PermissionDenied
        wanted = [one for one in request.POST.getlist("join") if one.isdecimal()]
        others = self._joinable(request, change_set)
        join(change_set, [one for one in others if str(one.pk) in wanted], by=request.user)
        messages.success(request, _("Joined: %s") % change_set)

    @staticmethod
    def _joinable(request: HttpRequest, change_set: ChangeSet) -> Iterable[ChangeSet]:
        """Return the other sets that the user prepares, if this one is in preparation too."""
        if change_set.author_id != request.user.pk or change_set.state != SetState.OPEN:
            return []
        own = sets_for(request).filter(author=request.user, state=SetState.OPEN)
        return list(own.exclude(pk=change_set.pk))

    def _may_undo(self, request: HttpRequest, change_set: ChangeSet) -> bool:
        models = {change.model for change in change_set.changes.all()}
        return change_set.is_released and all(may(request, "publish", model) for model in models)

    def _require_right_to_release(self, request: HttpRequest, change_set: ChangeSet) -> None:
        records = [*drafts_in(change_set), *published_in(change_set)]
        if not self.may_release(request, records):
            raise PermissionDenied

    def _page(
        self, request: HttpRequest, change_set: ChangeSet, problems: Iterable[Problem]
    ) -> HttpResponse:
        prefetch_related_objects([change_set], "changes")
        drafts = [] if change_set.is_settled else with_what_they_need(drafts_in(change_set))
        is_author = change_set.author_id == request.user.pk
        records = [] if change_set.is_settled else [*drafts, *published_in(change_set)]
        may_release = not change_set.is_settled and self.may_release(request, records)
        context = {
            **self.admin_site.each_context(request),
            "title": change_set.name,
            "change_set": change_set,
            "opts": self.opts,
            "shown": contents_of(self.admin_site, request, change_set, drafts),
            "problems": [self._placed(request, problem) for problem in problems],
            "may_release": may_release,
            "seen": fingerprint(change_set, drafts) if may_release else "",
            "may_send_back": may_release
            and change_set.state in (SetState.SUBMITTED, SetState.SCHEDULED),
            "moment": request.POST.get("moment", ""),
            "joinable": self._joinable(request, change_set),
            "time_zone": get_current_timezone_name(),
            "may_submit": is_author and change_set.state in (SetState.OPEN, SetState.SENT_BACK),
            "may_drop": not change_set.is_settled and (is_author or may_release),
            "asks_reason": not change_set.is_settled and needs_reason(change_set),
            "alone": prepared_alone(change_set, drafts, request.user) if may_release else [],
            "alone_because": request.POST.get("alone", change_set.alone_because),
            "undone_by": getattr(change_set, "undone_by", None),
            "may_undo": self._may_undo(request, change_set),
            "wants_undo": "undo" in request.GET,
            "reason": request.POST.get(
                "reason", "" if change_set.is_released else change_set.reason
            ),
            "reason_length": REASON_LENGTH,
            "note": request.POST.get("note", ""),
            "note_length": NOTE_LENGTH,
        }
        return render(request, "admin/change_sets/change_set.html", context)

    def _placed(self, request: HttpRequest, problem: Problem) -> tuple[str, str, Any]:
        record = problem.record
        address = form_address(self.admin_site, request, record) if record is not None else ""
        return problem.sentence, address, record
