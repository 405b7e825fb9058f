"""The clerk's desk: the pages on which a vote is recorded with its roll."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.models import construct_instance
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cities.models import Source
from cities.records.admin.base import ToldAtTheTop, may
from cities.records.fields import RecordDateFormField
from resolutions.admin.base import rows_of
from resolutions.course import UNVOTED, Kind
from resolutions.desk import (
    CARRIES,
    COUNTS,
    FAILS,
    before_the_body,
    call,
    likely_sources,
    may_record_votes,
    next_action_number,
    presets,
    record_consent,
    record_vote,
    result_sentence,
)
from resolutions.filters import ResolutionFilter
from resolutions.models import (
    Action,
    ActionCitation,
    Meeting,
    Member,
    Resolution,
    Roster,
    Text,
)
from resolutions.models.meetings import MeetingState
from resolutions.printed_roll import Named, Reading, read_roll
from resolutions.tally import BY_CONSENT, WITHOUT_NAMES, Choice, Method, Rule, Tally, result

MOST = 100
"""Choices that one menu or list offers."""

LETTERS = {
    "a": Choice.YES,
    "y": Choice.YES,
    "n": Choice.NO,
    "b": Choice.ABSTAIN,
    "x": Choice.ABSENT,
    "e": Choice.EXCUSED,
    "r": Choice.RECUSED,
}
"""The key of each vote, while a row of the roll has the focus."""


LABELS = [
    *((c.value, c.label) for c in (Choice.YES, Choice.NO, Choice.ABSTAIN, Choice.RECUSED)),
    (Choice.ABSENT.value, Choice.ABSENT.label),
    (Choice.EXCUSED.value, _("Excused")),
    (Choice.NOT_VOTING.value, _("Not voting")),
]
"""The choices of a row, short enough for one line."""


class WhenForm(forms.Form):
    """At which meeting, or on which day if no meeting is on record."""

    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Meeting"), required=False, empty_label=_("None on record")
    )
    on = RecordDateFormField(label=_("or the day"), required=False)

    def __init__(self, data: Any, *, meetings: Any) -> None:
        if not {"meeting", "on"} & data.keys():
            data = {"meeting": meetings.values_list("pk", flat=True).first()}
        super().__init__(data)
        field: Any = self.fields["meeting"]
        field.queryset = meetings
        field.choices = [("", field.empty_label), *((m.pk, str(m)) for m in meetings[:MOST])]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        day = given.get("on")
        if day is not None and day.earliest is None:
            self.add_error("on", _now("Give a date with a first possible day."))
        if given.get("meeting") is None and day is None and not self.errors:
            self.add_error("on", _now("Choose the meeting, or give the day."))
        return given

    @property
    def day(self) -> Any:
        meeting = self.cleaned_data["meeting"]
        return meeting.on if meeting else self.cleaned_data["on"]


class Sourced(forms.Form):
    """A form that cites one document."""

    source = forms.ModelChoiceField(
        Source.objects.none(),
        label=_("Source"),
        required=False,
        help_text=_("The paper you copy from. It can be added later, before publication."),
    )
    locator = forms.CharField(label=_("Where in it"), max_length=120, required=False)

    def offer_sources(self, seen: Any, likely: Any, *, adder: Any) -> None:
        """All that the person may see is taken; what is likely is offered first.

        Whoever may add one to the register finds the way to it beside the menu: `adder` is
        the admin then.
        """
        field: Any = self.fields["source"]
        field.queryset = seen
        if adder is not None:
            link: Any = ActionCitation._meta.get_field("source").remote_field
            field.widget = RelatedFieldWidgetWrapper(
                field.widget, link, adder, can_add_related=True
            )
        first = [*seen.filter(likely).order_by("title")[:MOST]]
        rest = seen.exclude(pk__in=[source.pk for source in first]).order_by("-pk")[:MOST]
        groups = ((_now("Of this meeting and resolution"), first), (_now("Newest"), rest))
        field.choices = [
            ("", "---------"),
            *((name, [(one.pk, str(one)) for one in group]) for name, group in groups if group),
        ]
        if len(first) == 1:
            self.initial.setdefault("source", first[0].pk)


class VoteForm(Sourced, ToldAtTheTop):
    """A vote on one resolution, with a choice for each member of the roll."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    printed = forms.CharField(
        label=_("The line of the minutes"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: Ayes: Boles, Dunbar. Nays: None. Absent: Robinson."),
    )
    reading: Reading | None = None
    """What the pasted line said, once the roll is filled in from it."""

    class Meta:
        model = Action
        fields = [
            "kind",
            "text",
            "method",
            "outcome",
            "mover",
            "seconder",
            "requirement",
            "base",
            "required_number",
            "counts_abstentions",
            "announced_yes",
            "announced_no",
            "announced_abstain",
            "announced_absent",
            "announced_as",
            "tie_break",
            "tie_broken_by",
            "override_reason",
            "note",
        ]
        widgets = {
            "override_reason": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(
        self,
        data: Any,
        *,
        resolution: Resolution,
        meeting: Any,
        on: Any,
        texts: Any,
        sources: Any,
        adder: Any,
    ) -> None:
        body = resolution.organization
        action = Action(resolution=resolution, organization=body, meeting=meeting, on=on)
        self.roster: Roster = action.roster
        self.roll = call(self.roster, meeting)
        initial = {
            **presets(resolution, body, bool(self.roll)),
            "number": next_action_number(resolution),
        }
        super().__init__(data, instance=action, initial=initial)
        kinds: Any = self.fields["kind"]
        kinds.choices = [(k.value, k.label.capitalize()) for k in Kind if k not in UNVOTED]
        text: Any = self.fields["text"]
        text.queryset = texts
        versions = [(t.pk, f"{t.get_kind_display()}, {t.number}") for t in texts]
        text.choices = [("", text.empty_label), *versions]
        members = Member.objects.filter(pk__in=[called.member.pk for called in self.roll])
        for name in ("mover", "seconder"):
            self.fields[name].queryset = members  # type: ignore[attr-defined]
        self.offer_sources(sources, likely_sources(meeting, resolution), adder=adder)
        for called in self.roll:
            self.fields[self._name(called)] = forms.ChoiceField(
                label=str(called.member),
                choices=[*LABELS, *([] if called.is_certain else [("", _("Not called"))])],
                widget=forms.RadioSelect,
                initial=called.preset,
                required=False,
            )

    @staticmethod
    def _name(called: Any) -> str:
        return f"vote_{called.member.pk}"

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """Each member called, with the choices."""
        return [(called, self[self._name(called)]) for called in self.roll]

    def fill_in(self) -> None:
        """Put the pasted line into the roll; all else stays as entered, and is not asked yet.

        Whom the line does not name for sure has no vote then: the clerk chooses it.
        """
        entered = {name: self[name].data for name in self.fields}
        roll = [
            Named(called.member.pk, called.member.name, called.member.sort_name)
            for called in self.roll
        ]
        self.reading = read_roll((entered["printed"] or "")[:2000], roll)
        votes = self.reading.votes
        filled = {self._name(called): votes.get(called.member.pk, "") for called in self.roll}
        self.initial = {**self.initial, **entered, **filled, "method": Method.ROLL_CALL}
        self.is_bound = False

    def clean(self) -> dict[str, Any]:
        """What the way of deciding leaves out is not taken from the presets."""
        given = super().clean() or self.cleaned_data
        counts = [given.get(name) for name in ("announced_yes", "announced_no")]
        if given.get("method") in WITHOUT_NAMES and None in counts:
            given["requirement"] = ""
        if not given.get("requirement"):
            given["base"], given["counts_abstentions"] = "", False
        if given.get("requirement") != "number":
            given["required_number"] = None
        return given

    def _post_clean(self) -> None:
        """The rules are asked once, when the vote is recorded with its roll."""
        fields = self._meta.fields
        self.instance = construct_instance(self, self.instance, fields, None)

    @property
    def votes(self) -> dict[Member, str]:
        """The vote of each member; none where no names are left."""
        if self.cleaned_data["method"] != Method.ROLL_CALL:
            return {}
        cast = {called.member: self.cleaned_data[self._name(called)] for called in self.roll}
        return {member: choice for member, choice in cast.items() if choice}

    def record(self) -> bool | None:
        """Whether the vote is new; ``None`` where a rule refuses it, and the form says why."""
        given = self.cleaned_data
        try:
            return record_vote(
                self.instance,
                number=given["number"],
                votes=self.votes,
                source=given["source"],
                locator=given["locator"],
            )
        except ValidationError as error:
            self.add_error(None, error)
            return None

    # --- what the page shows beside the choices ---

    @cached_property
    def sentence(self) -> str:
        """How the roll, as it stands in the form, comes out."""
        if self["method"].value() != Method.ROLL_CALL:
            return ""
        tally = Tally.of(filter(None, (field.value() for __, field in self.rows)))
        rule = self._rule()
        if rule is None or self.roster.places is None:
            return result_sentence(tally, None)
        outcome = result(tally, rule, seats=self.roster.places, serving=tally.roll)
        return result_sentence(tally, outcome)

    def _rule(self) -> Rule | None:
        requirement, base = self["requirement"].value(), self["base"].value()
        number = str(self["required_number"].value() or "")
        if not requirement or not base or (requirement == "number" and not number.isdecimal()):
            return None
        counts = bool(self["counts_abstentions"].value())
        return Rule(requirement, base, int(number[:6]) if number.isdecimal() else None, counts)

    @property
    def for_the_script(self) -> dict[str, Any]:
        """What desk.js needs to count as the server does, and the words it says it in."""
        return {
            "seats": self.roster.places,
            "letters": LETTERS,
            "counts": COUNTS,
            "carries": CARRIES,
            "fails": FAILS,
            "withoutNames": WITHOUT_NAMES,
            "byConsent": BY_CONSENT,
        }


class ConsentForm(Sourced):
    """Several resolutions adopted by one motion."""

    resolutions = forms.ModelMultipleChoiceField(
        Resolution.objects.none(),
        label=_("Resolutions"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the resolutions that were adopted.")},
    )
    method = forms.ChoiceField(
        label=_("How it was decided"),
        choices=[(m.value, m.label) for m in (Method.CONSENT_AGENDA, Method.UNANIMOUS_CONSENT)],
    )
    mover = forms.ModelChoiceField(Member.objects.none(), label=_("Moved by"), required=False)
    seconder = forms.ModelChoiceField(
        Member.objects.none(), label=_("Seconded by"), required=False
    )

    def __init__(
        self, data: Any, *, meeting: Meeting, every: Any, sources: Any, adder: Any
    ) -> None:
        super().__init__(data, initial={})
        self.meeting = meeting
        self.fields["resolutions"].queryset = every  # type: ignore[attr-defined]
        called = [one.member.pk for one in call(meeting.roster, meeting)]
        for name in ("mover", "seconder"):
            members = Member.objects.filter(pk__in=called)
            self.fields[name].queryset = members  # type: ignore[attr-defined]
        self.offer_sources(sources, likely_sources(meeting), adder=adder)

    @property
    def chosen(self) -> list[str]:
        """The numbers of the rows whose boxes are ticked."""
        return [str(pk) for pk in self["resolutions"].value() or []]

    def record(self) -> list[Action] | None:
        """What was recorded; ``None`` where a rule refuses, and the form says why."""
        given = {**self.cleaned_data}
        try:
            return record_consent(self.meeting, given.pop("resolutions"), **given)
        except ValidationError as error:
            self.add_error(None, error)
            return None


class Desk:
    """Pages of the desk that belong to a record of the admin."""

    def _at_the_desk(self, request: HttpRequest, pk: int) -> Any:
        """The record, for somebody who may record votes on it."""
        admin: Any = self
        record = get_object_or_404(admin.get_queryset(request), pk=pk)
        if not may_record_votes(request.user) or not admin.has_change_permission(request, record):
            raise PermissionDenied
        return record

    def _desk_page(
        self, request: HttpRequest, template: str, record: Any, **context: Any
    ) -> HttpResponse:
        admin: Any = self
        return render(
            request,
            f"admin/resolutions/{template}",
            {
                **admin.admin_site.each_context(request),
                "record": record,
                "opts": admin.opts,
                "address": admin._address(record),
                "media": admin.media,  # opens the form of a new source, and takes it back
                **context,
            },
        )

    def _adder(self, request: HttpRequest) -> Any:
        """The admin in which this person may add a source; none who may not."""
        admin: Any = self
        return admin.admin_site if may(request, "add", Source) else None

    def _log(self, request: HttpRequest, action: Action) -> None:
        """As the action’s own form does when it adds one."""
        admin: Any = self
        keeper = admin.admin_site.get_model_admin(Action)
        keeper.log_addition(request, action, [{"added": {}}])

    def get_urls(self) -> list[Any]:
        admin: Any = self
        view = admin.admin_site.admin_view(self.vote_view)  # type: ignore[attr-defined]
        name = f"resolutions_{admin.opts.model_name}_vote"
        return [path("<int:pk>/vote/", view, name=name), *super().get_urls()]  # type: ignore[misc]


class ResolutionDesk(Desk):
    """A vote on one resolution."""

    def vote_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose the meeting by GET; record what was decided at it by POST."""
        admin: Any = self
        resolution = self._at_the_desk(request, pk)
        meetings = rows_of(
            admin,
            request,
            Meeting,
            organization=resolution.organization,
            state=MeetingState.HELD,
        ).exclude(publication="withdrawn")
        when = WhenForm(request.GET, meetings=meetings)
        form = self._form(request, resolution, when) if when.is_valid() else None
        if form is not None and "_fill_in" in request.POST:
            form.fill_in()
        if request.method == "POST" and form is not None and form.is_valid():
            is_new = form.record()
            if is_new is not None:
                return self._recorded(request, form, is_new)
        return self._desk_page(
            request, "vote.html", resolution, title=_("Record a vote"), when=when, form=form
        )

    def _form(self, request: HttpRequest, resolution: Resolution, when: WhenForm) -> VoteForm:
        texts = rows_of(self, request, Text, resolution=resolution)  # type: ignore[arg-type]
        return VoteForm(
            request.POST if request.method == "POST" else None,
            resolution=resolution,
            meeting=when.cleaned_data["meeting"],
            on=when.day,
            texts=texts.exclude(publication="withdrawn"),
            sources=rows_of(self, request, Source),  # type: ignore[arg-type]
            adder=self._adder(request),
        )

    def _recorded(self, request: HttpRequest, form: VoteForm, is_new: bool) -> HttpResponse:
        """Say what was recorded, and go to it or to the meeting’s next vote."""
        admin: Any = self
        action = form.instance
        if is_new:
            self._log(request, action)
            words = _now("Recorded as a draft: %(action)s. %(tally)s") % {
                "action": action,
                "tally": form.sentence,
            }
            messages.success(request, words.strip())
        else:
            messages.info(request, _now("This vote was recorded already: %s.") % action)
        if "_next" in request.POST and action.meeting_id:
            address = reverse("admin:resolutions_meeting_vote", args=[action.meeting_id])
        else:
            address = admin._address(action.resolution)
        return HttpResponseRedirect(address)


class MeetingDesk(Desk):
    """The votes of one meeting: one by one, or several by one consent motion."""

    def vote_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What is before the body: each with a link to its roll call, and a box for consent."""
        admin: Any = self
        meeting = self._at_the_desk(request, pk)
        every = rows_of(admin, request, Resolution, organization=meeting.organization)
        form = ConsentForm(
            request.POST if request.method == "POST" else None,
            meeting=meeting,
            every=every,
            sources=rows_of(admin, request, Source),
            adder=self._adder(request),
        )
        if request.method == "POST" and form.is_valid():
            recorded = form.record()
            if recorded is not None:
                for action in recorded:
                    self._log(request, action)
                count = len(recorded)
                words = ngettext(
                    "%(count)s adoption is recorded as a draft.",
                    "%(count)s adoptions are recorded as drafts.",
                    count,
                )
                messages.success(request, words % {"count": count})
                return HttpResponseRedirect(admin._address(meeting))
        words = request.GET.get("q", "")[:200]
        open_now = before_the_body(every).order_by("-pk")
        if words:
            open_now = ResolutionFilter({"q": words}, queryset=open_now).qs
        return self._desk_page(
            request,
            "meeting_votes.html",
            meeting,
            title=_("Votes at this meeting"),
            form=form,
            words=words,
            open_now=open_now[:MOST],
        )
