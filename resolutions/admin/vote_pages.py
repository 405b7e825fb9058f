"""The pages of the clerk's desk, each at a record of the admin."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.models import Source
from cities.records.admin import PublishableAdmin, may
from cities.records.admin.unsaved import note_saved, shown_again
from resolutions.admin.base import rows_of
from resolutions.admin.consent_forms import ConsentForm
from resolutions.admin.occasion_forms import OccasionForm
from resolutions.admin.vote_forms import VoteForm
from resolutions.desk import may_record_votes, still_open
from resolutions.filters import ResolutionFilter
from resolutions.models import Action, Meeting, Member, Resolution, Text
from resolutions.models.meetings import MeetingState

RESOLUTIONS_LISTED = 100
"""Resolutions that one page of a meeting's votes lists."""


class VotingAdmin(PublishableAdmin):
    """A record with a page at its desk, on which votes are recorded."""

    vote_view: Any
    """The view of that page: it takes the request and the key of the record."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.vote_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_vote"
        return [path("<int:pk>/vote/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        context["may_record"] = may_record_votes(request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def _get_record_to_vote_on(self, request: HttpRequest, pk: int) -> Any:
        """Return the record. Raise `PermissionDenied` unless the user may record votes on it."""
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        if not may_record_votes(request.user) or not self.has_change_permission(request, record):
            raise PermissionDenied
        return record

    def _render_vote_page(
        self, request: HttpRequest, template: str, record: Any, **context: Any
    ) -> HttpResponse:
        return render(
            request,
            f"admin/resolutions/{template}",
            {
                **self.admin_site.each_context(request),
                "record": record,
                "opts": self.opts,
                "address": self.change_address(record),
                "media": self.media,  # opens the form of a new source, and takes it back
                **context,
            },
        )

    def _site_to_add_sources(self, request: HttpRequest) -> AdminSite | None:
        return self.admin_site if may(request, "add", Source) else None

    def _log_action(self, request: HttpRequest, action: Action) -> None:
        """Write the log as the action’s own form does when it adds one."""
        action_admin = self.admin_site.get_model_admin(Action)
        action_admin.log_addition(request, action, [{"added": {}}])


class ResolutionVotingAdmin(VotingAdmin):
    """Record a vote on one resolution."""

    def vote_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose the meeting by GET; record what was decided at it by POST."""
        resolution = self._get_record_to_vote_on(request, pk)
        organization = resolution.organization
        meetings = rows_of(
            self, request, Meeting, organization=organization, state=MeetingState.HELD
        ).exclude(publication="withdrawn")
        occasion = OccasionForm(request.GET, meetings=meetings)
        form = self._vote_form(request, resolution, occasion) if occasion.is_valid() else None
        if form is not None and "_fill_in" in request.POST:
            form.fill_in()
        if request.method == "POST" and form is not None and form.is_valid():
            is_new = form.record()
            if is_new is not None:
                return self._redirect_after_vote(request, form, is_new)
        return self._render_vote_page(
            request,
            "vote.html",
            resolution,
            title=_("Record a vote"),
            occasion=occasion,
            form=form,
            may_add_members=may(request, "add", Member),
        )

    def _vote_form(
        self, request: HttpRequest, resolution: Resolution, occasion: OccasionForm
    ) -> VoteForm:
        sent = shown_again(request) or request
        texts = rows_of(self, request, Text, resolution=resolution)
        others = rows_of(self, request, Resolution, organization=resolution.organization)
        return VoteForm(
            sent.POST if sent.method == "POST" else None,
            resolution=resolution,
            meeting=occasion.cleaned_data["meeting"],
            on=occasion.day,
            texts=texts.exclude(publication="withdrawn"),
            others=others.exclude(pk=resolution.pk).exclude(publication="withdrawn"),
            sources=rows_of(self, request, Source),
            add_site=self._site_to_add_sources(request),
        )

    def _redirect_after_vote(
        self, request: HttpRequest, form: VoteForm, is_new: bool
    ) -> HttpResponse:
        """Say what was recorded, and go to it or to the meeting’s next vote."""
        note_saved(request)
        action = form.instance
        if is_new:
            for recorded in (action, *form.shared):
                self._log_action(request, recorded)
            messages.success(request, _recorded_sentence(action, form))
        else:
            messages.info(request, gettext("This vote was recorded already: %s.") % action)
        if "_next" in request.POST and action.meeting_id:
            address = reverse("admin:resolutions_meeting_vote", args=[action.meeting_id])
        else:
            address = self.change_address(action.resolution)
        return HttpResponseRedirect(address)


def _recorded_sentence(action: Action, form: VoteForm) -> str:
    """Return what was recorded, with the result of the roll."""
    parts = {"action": action, "tally": form.sentence}
    sentence = gettext("Recorded as a draft: %(action)s. %(tally)s") % parts
    others = len(form.shared)
    if not others:
        return sentence.strip()
    more = ngettext(
        "The same vote is recorded for %(count)s other resolution.",
        "The same vote is recorded for %(count)s other resolutions.",
        others,
    )
    return f"{sentence.strip()} {more % {'count': others}}"


class MeetingVotingAdmin(VotingAdmin):
    """Record the votes of one meeting: one by one, or several by one consent motion."""

    def vote_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """List what is still open, each with a link to its roll call and a box for consent."""
        meeting = self._get_record_to_vote_on(request, pk)
        resolutions = rows_of(self, request, Resolution, organization=meeting.organization)
        sent = shown_again(request) or request
        form = ConsentForm(
            sent.POST if sent.method == "POST" else None,
            meeting=meeting,
            resolutions=resolutions,
            sources=rows_of(self, request, Source),
            add_site=self._site_to_add_sources(request),
        )
        if request.method == "POST" and form.is_valid():
            recorded = form.record()
            if recorded is not None:
                return self._redirect_after_consent(request, meeting, recorded)
        search = request.GET.get("q", "")[:200]
        open_resolutions = still_open(resolutions).order_by("-pk")
        if search:
            open_resolutions = ResolutionFilter({"q": search}, queryset=open_resolutions).qs
        return self._render_vote_page(
            request,
            "meeting_votes.html",
            meeting,
            title=_("Votes at this meeting"),
            form=form,
            search=search,
            open_resolutions=open_resolutions[:RESOLUTIONS_LISTED],
        )

    def _redirect_after_consent(
        self, request: HttpRequest, meeting: Meeting, recorded: list[Action]
    ) -> HttpResponse:
        note_saved(request)
        for action in recorded:
            self._log_action(request, action)
        count = len(recorded)
        message = ngettext(
            "%(count)s adoption is recorded as a draft.",
            "%(count)s adoptions are recorded as drafts.",
            count,
        )
        messages.success(request, message % {"count": count})
        return HttpResponseRedirect(self.change_address(meeting))
