"""The page on which a clerk records a whole meeting: attendance, agenda, texts and votes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.records.admin.release_pages import set_address
from cities.records.admin.unsaved import note_saved, shown_again
from cities.records.change_sets import ChangeSet, kind_of
from cities.records.releasing import propose
from resolutions.admin.base import rows_of
from resolutions.admin.vote_pages import MeetingVotingAdmin
from resolutions.admin.whole_meetings import WholeMeeting
from resolutions.desk import MEETING_RIGHTS
from resolutions.models import Meeting

LETTERS = {"p": "present", "y": "present", "x": "absent", "e": "excused"}
"""The key of each presence, while a row of the attendance has the focus."""

ONLY_SHOWN_AGAIN = ("_members", "_add", "_find", "_fill_in")
"""Buttons that change what the page shows, and save nothing."""


class WholeMeetingAdmin(MeetingVotingAdmin):
    """Record a whole meeting on one page."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.record_view)
        return [
            path("record/", view, name="resolutions_meeting_record"),
            path("<int:pk>/record/", view, name="resolutions_meeting_record_more"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        context["may_record_all"] = request.user.has_perms(MEETING_RIGHTS)
        return super().render_change_form(request, context, *args, **kwargs)

    def record_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show the page; record all of it by POST, or only show more of it.

        With a key, items are added to the meeting on record.
        """
        if not request.user.has_perms(MEETING_RIGHTS):
            raise PermissionDenied
        again = shown_again(request)
        meeting = self._meeting_held(request, pk) if pk else None
        page = self._whole_meeting(again or request, meeting)
        pressed = next((name for name in ONLY_SHOWN_AGAIN if name in request.POST), None)
        if again is not None or pressed is not None:
            page.show_again(request.POST["_fill_in"] if pressed == "_fill_in" else "")
        elif request.method == "POST" and page.record():
            note_saved(request)
            return HttpResponseRedirect(self._address_of_recorded(request, page))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add to the meeting") if pk else _("Record a meeting"),
            "opts": self.opts,
            "page": page,
            "problems": page.problems,
            "is_longer": pressed == "_add",
            "has_lost_a_file": bool(request.FILES),
            "letters": LETTERS,
        }
        return render(request, "admin/resolutions/whole_meeting.html", context)

    def _meeting_held(self, request: HttpRequest, pk: int) -> Meeting:
        """Return a meeting to add to. Raise `PermissionDenied` if it was not held."""
        meeting = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, meeting) or not meeting.is_held:
            raise PermissionDenied
        return meeting

    def _whole_meeting(self, request: HttpRequest, meeting: Meeting | None) -> WholeMeeting:
        is_sent = request.method == "POST"
        return WholeMeeting(
            request.POST if is_sent else None,
            request.FILES if is_sent else None,
            visible=lambda model: rows_of(self, request, model),
            is_longer="_add" in request.POST,
            meeting=meeting,
            may_publish=self.may_publish(request),
        )

    def _address_of_recorded(self, request: HttpRequest, page: WholeMeeting) -> str:
        """Name the drafts together. Return the page on which they are published together."""
        meeting: Any = page.meeting
        if page.was_recorded:
            messages.info(request, gettext("This was recorded already: %s.") % meeting)
            found = ChangeSet.objects.unsettled().naming(kind_of(meeting), [meeting.pk]).first()
            return set_address(found) if found else self.change_address(meeting)
        for record in page.made:
            if record == page.on_record:
                continue
            record_admin = self.admin_site.get_model_admin(type(record))
            record_admin.log_addition(request, record, [{"added": {}}])
        count = len(page.agenda.items)
        sentence = ngettext(
            "Recorded as drafts: %(meeting)s, with %(count)s item.",
            "Recorded as drafts: %(meeting)s, with %(count)s items.",
            count,
        )
        messages.success(request, sentence % {"meeting": meeting, "count": count})
        return set_address(propose(page.made, author=request.user, name=str(meeting)))
