"""Meetings with who was there, and the versions of their minutes."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import slugify
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
from resolutions.admin.base import NewestOrganizationAdmin, clauses_found, rows_of
from resolutions.admin.vote_pages import MeetingVotingAdmin
from resolutions.desk import fill_in_attendance
from resolutions.models import Attendance, Meeting, Minutes
from resolutions.todo import clock_tasks


class AttendanceInline(PartInline):
    model = Attendance
    autocomplete_fields = ["member"]
    verbose_name = _("member at this meeting")
    verbose_name_plural = _("who was there")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("member", "meeting__organization")


class MeetingForm(RecordForm):
    """A slug left empty is made of the body and the day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Left empty, it is made of the body and the day.")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        body, on = given.get("organization"), given.get("on")
        if "slug" in self.fields and not given.get("slug") and body and on and on.earliest:
            given["slug"] = self._free_slug(f"{body.abbreviation or body.slug} {on.earliest}")
        return given

    def _free_slug(self, words: str) -> str:
        wanted = slugify(words)[:90]
        taken = {*Meeting.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)}
        number, slug = 1, wanted
        while slug in taken:
            number += 1
            slug = f"{wanted}-{number}"
        return slug


@admin.register(Meeting)
class MeetingAdmin(NewestOrganizationAdmin, MeetingVotingAdmin):
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
    search_help_text = _("The day as 2013-08-19 or its beginning, the body, or words of the note.")
    autocomplete_fields = ["organization", "reconvened_from", "sources"]
    inlines = [AttendanceInline]
    readonly_fields = ["minutes_on_record"]
    fieldsets = [
        (None, {"fields": ["organization", "kind", "on", "slug", "begins_at", "held_at"]}),
        (_("Whether it was held"), {"fields": ["state", "why_cancelled", "reconvened_from"]}),
        (_("What happened"), {"fields": ["note", "sources"]}),
        (_("Minutes, and when they are due"), {"fields": ["minutes_on_record"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("organization")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """With the minutes that this person may see."""
        meeting = super().get_object(request, *args, **kwargs)
        if meeting is not None:
            meeting.minutes_shown = rows_of(self, request, Minutes, meeting=meeting)
        return meeting

    @admin.display(description=_("minutes"))
    def minutes_on_record(self, meeting: Meeting) -> SafeString:
        context = {
            "meeting": meeting,
            "versions": getattr(meeting, "minutes_shown", []),
            "deadlines": clock_tasks(meeting, localdate()) if meeting.pk else [],
        }
        return render_to_string("admin/resolutions/_minutes.html", context)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A new meeting that was held begins with the roll, and so does one on demand."""
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
                    "%(count)s member in office that day is listed as present: mark who was away.",
                    "%(count)s members in office that day are listed as present: mark who was"
                    " away.",
                    added,
                )
                % {"count": added},
            )

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """After the roll is filled in, the form comes back to mark who was away."""
        answer = super().response_change(request, obj)
        return (
            HttpResponseRedirect(self.change_address(obj)) if "_roll" in request.POST else answer
        )

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """A new meeting with its roll comes back to mark who was away."""
        answer = super().response_add(request, obj, *args, **kwargs)
        plain = not {"_addanother", "_popup"} & request.POST.keys()
        if plain and obj.attendance.exists():
            return HttpResponseRedirect(self.change_address(obj))
        return answer


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
    search_help_text = _("The day of the meeting as 2013-08-19 or its beginning, or the body.")
    autocomplete_fields = ["meeting", "decided_at", "source"]
    readonly_fields = ["clauses"]
    fieldsets = [
        (None, {"fields": ["meeting", "kind", "decided_at", "available_on", "source"]}),
        (_("The text"), {"fields": ["text", "clauses"]}),
    ]
    published_hint = _("Its text is frozen: add a correction as a new version.")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A version stays with its meeting."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "meeting"] if obj is not None and obj.is_draft else fields

    @admin.display(description=_("clauses as found"))
    def clauses(self, version: Minutes) -> SafeString | str:
        return clauses_found(version)
