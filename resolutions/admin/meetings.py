"""Meetings with their attendance, and the versions of their minutes."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cities.models import Organization
from cities.records.admin import (
    NumberedForm,
    PartInline,
    PublishableAdmin,
    RecordForm,
    VisibleRelatedFilter,
)
from resolutions.admin.base import (
    UsualOrganizationAdmin,
    clauses_found,
    meeting_address,
    rows_of,
)
from resolutions.admin.whole_meeting_pages import WholeMeetingAdmin
from resolutions.models import Attendance, Meeting, Minutes
from resolutions.rolls import fill_in_attendance
from resolutions.todo import clock_tasks


class AttendanceInline(PartInline):
    model = Attendance
    autocomplete_fields = ["member"]
    verbose_name = _("member at this meeting")
    verbose_name_plural = _("attendance")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("member", "meeting__organization")


class MeetingForm(RecordForm):
    def slug_text(self, cleaned: dict[str, Any]) -> str:
        return meeting_address(cleaned.get("organization"), cleaned.get("on"))


@admin.register(Meeting)
class MeetingAdmin(UsualOrganizationAdmin, WholeMeetingAdmin):
    form = MeetingForm
    change_form_template = "admin/resolutions/meeting_form.html"
    list_display = ["on", "organization", "kind", "state", "publication"]
    list_filter = ["publication", "state", "kind", ("organization", VisibleRelatedFilter)]
    list_select_related = ["organization"]
    visible_through = {"organization": Organization}
    search_fields = [
        "on_earliest",
        "slug",
        "organization__name",
        "organization__abbreviation",
        "note",
    ]
    search_help_text = _("Search by date (2013-08-19 or 2013-08), organization or note.")
    autocomplete_fields = ["organization", "reconvened_from", "sources"]
    inlines = [AttendanceInline]
    readonly_fields = ["minutes_on_record"]
    fieldsets = [
        (None, {"fields": ["organization", "kind", "on", "begins_at", "held_at", "presided_by"]}),
        (_("Was it held?"), {"fields": ["state", "why_cancelled", "reconvened_from"]}),
        (_("Note and sources"), {"fields": ["note", "sources"]}),
        (_("Minutes"), {"fields": ["minutes_on_record"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("organization")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Attach the minutes that the user may see."""
        meeting = super().get_object(request, *args, **kwargs)
        if meeting is not None:
            meeting.minutes_shown = rows_of(self, request, Minutes, meeting=meeting)
        return meeting

    @admin.display(description=_("versions and deadlines"))
    def minutes_on_record(self, meeting: Meeting) -> SafeString:
        context = {
            "meeting": meeting,
            "versions": getattr(meeting, "minutes_shown", []),
            "deadlines": clock_tasks(meeting, localdate()) if meeting.pk else [],
        }
        return render_to_string("admin/resolutions/_minutes.html", context)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """List the members in office at a new meeting that was held, and on demand."""
        super().save_related(request, form, formsets, change)
        meeting = form.instance
        wanted = "_roll" in request.POST or (not change and not meeting.attendance.exists())
        if not wanted or not meeting.is_held:
            return
        added = fill_in_attendance(meeting)
        if added or "_roll" in request.POST:
            self.message_user(
                request,
                ngettext(
                    "%(count)s member in office that day is listed as present. Mark who was"
                    " absent.",
                    "%(count)s members in office that day are listed as present. Mark who was"
                    " absent.",
                    added,
                )
                % {"count": added},
            )

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Show the form again after the members are listed, to mark who was absent."""
        response = super().response_change(request, obj)
        if "_roll" in request.POST:
            return HttpResponseRedirect(self.change_address(obj))
        return response

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Show a new meeting with its members again, to mark who was absent."""
        response = super().response_add(request, obj, *args, **kwargs)
        is_plain = not {"_addanother", "_popup"} & request.POST.keys()
        if is_plain and obj.attendance.exists():
            return HttpResponseRedirect(self.change_address(obj))
        return response


class MinutesForm(NumberedForm):
    numbered_in = "meeting"


@admin.register(Minutes)
class MinutesAdmin(PublishableAdmin):
    form = MinutesForm
    list_display = ["meeting", "number", "kind", "available_on", "publication"]
    list_display_links = ["meeting", "number"]
    list_filter = ["publication", "kind"]
    list_select_related = ["meeting__organization"]
    visible_through = {"meeting": Meeting, "meeting__organization": Organization}
    search_fields = ["meeting__on_earliest", "meeting__slug", "meeting__organization__name"]
    search_help_text = _(
        "Search by the date of the meeting (2013-08-19 or 2013-08), or by organization."
    )
    autocomplete_fields = ["meeting", "decided_at", "source"]
    readonly_fields = ["clauses"]
    fieldsets = [
        (None, {"fields": ["meeting", "kind", "decided_at", "available_on", "source"]}),
        (_("Text"), {"fields": ["text", "clauses"]}),
    ]
    published_hint = _("Its text cannot change. To correct it, add a new version.")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep a version with its meeting."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "meeting"] if obj is not None and obj.is_draft else fields

    @admin.display(description=_("clauses"))
    def clauses(self, version: Minutes) -> SafeString | str:
        return clauses_found(version)
