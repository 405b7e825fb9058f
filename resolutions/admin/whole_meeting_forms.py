"""The facts of a meeting, its source, and who was present: parts of the page for all of it."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Source
from cities.models.sources import Reliability, SourceKind
from cities.records.fields import RecordDateFormField
from resolutions.admin.base import meeting_address
from resolutions.admin.draft_forms import AtHandField, DraftForm
from resolutions.admin.occasion_forms import CitingForm
from resolutions.admin.roll_forms import CalledRows
from resolutions.desk import likely_sources
from resolutions.models import Meeting, Member
from resolutions.models.attendance import Presence
from resolutions.rolls import Called
from resolutions.tally import Choice


class MeetingFactsForm(DraftForm):
    """Which council or commission met, when and where."""

    organization = AtHandField(label=_("Council or commission"))
    shown_organization = AtHandField(required=False, widget=forms.HiddenInput)
    shown_on = RecordDateFormField(required=False, widget=forms.HiddenInput)
    """The council and day whose members are shown, for when what is entered cannot be read."""
    is_another = forms.BooleanField(
        label=_("This was another meeting on the same day"), required=False
    )

    class Meta:
        model = Meeting
        fields = [
            "organization",
            "on",
            "kind",
            "begins_at",
            "held_at",
            "presided_by",
            "note",
            "slug",
        ]
        widgets = {
            "begins_at": forms.TimeInput(format="%H:%M"),
            "note": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "on": _("For example 8/19/2013 or August 19, 2013."),
            "begins_at": _("For example 19:00 for 7:00 p.m."),
        }

    def __init__(
        self,
        data: Any,
        *,
        organizations: list[Organization],
        initial: dict[str, Any],
        instance: Meeting | None = None,
    ) -> None:
        super().__init__(data, initial=initial, instance=instance, label_suffix="")
        fields: Any = self.fields
        for name in ("organization", "shown_organization"):
            fields[name].offer(organizations)

    @classmethod
    def of(cls, meeting: Meeting, data: Any) -> Self:
        """Return the form of a meeting on record, which only shows what it says."""
        shown = {"organization": meeting.organization_id, "shown_on": meeting.on}
        form = cls(data, organizations=[meeting.organization], initial=shown, instance=meeting)
        for name in ("organization", *cls.Meta.fields):
            form.fields[name].disabled = True
        return form

    def slug_text(self, cleaned: dict[str, Any]) -> str:
        return meeting_address(cleaned.get("organization"), cleaned.get("on"))

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day.earliest is None:
            raise ValidationError(
                gettext("Enter a date with a first possible day, for example August 2013.")
            )
        if day.earliest > localdate():
            raise ValidationError(
                gettext("That date is in the future. Record a meeting after it was held.")
            )
        return day

    @property
    def council(self) -> Organization | None:
        """The organization that is chosen, or the one that was shown."""
        return self._entered("organization") or self._entered("shown_organization")

    @property
    def day(self) -> Any:
        """The date that is entered; where it cannot be read, the one that was shown."""
        days = (self._entered(name) for name in ("on", "shown_on"))
        return next((day for day in days if day is not None and day.earliest), None)

    def _entered(self, name: str) -> Any:
        try:
            return self.fields[name].clean(self[name].value())
        except ValidationError:
            return None


class SourceOnRecordForm(CitingForm):
    """The document of a meeting, if it is on record already."""

    locator: Any = None  # each item has its own

    def __init__(self, data: Any, visible: Any) -> None:
        super().__init__(data, label_suffix="")
        self.offer_sources(visible, likely_sources(None), add_site=None)
        self.fields["source"].label = _("Or a source on record")
        self.fields["source"].help_text = ""


class NewSourceForm(DraftForm):
    """The document of a meeting that is not on record yet: its link, the file, or its title."""

    slug_from = ["title"]

    class Meta:
        model = Source
        fields = ["address", "document", "title", "kind", "reliability", "publisher"]
        widgets = {"document": forms.FileInput}
        help_texts = {"title": _("Leave blank for “Official proceedings” with the date.")}

    def __init__(self, data: Any, files: Any) -> None:
        super().__init__(
            data,
            files,
            prefix="new_source",
            label_suffix="",
            empty_permitted=True,
            use_required_attribute=False,
            initial={"kind": SourceKind.PROCEEDINGS, "reliability": Reliability.PROCEEDINGS},
        )
        self.fields["title"].required = False

    def has_changed(self) -> bool:
        """Return whether there is anything of a source, not only what the form begins with."""
        return any(self[name].data for name in ("address", "document", "title"))

    def slug_text(self, cleaned: dict[str, Any]) -> str:
        return self.instance.title

    def record_of(self, meeting: Meeting) -> Source:
        """Save the source of a meeting. Raise `ValidationError` if a rule refuses it."""
        if not self.instance.title:
            parts = {"organization": meeting.organization.name, "date": meeting.on}
            sentence = gettext("Official proceedings of the %(organization)s, %(date)s")
            self.instance.title = sentence % parts
        self.instance.dated = meeting.on
        return self.record()


LABELS = [
    (Presence.PRESENT.value, Presence.PRESENT.label),
    (Presence.ABSENT.value, Presence.ABSENT.label),
    (Presence.EXCUSED.value, _("Excused")),
]
"""The choices of a row, short enough for one line."""

VOTE_OF = {
    Presence.PRESENT.value: Choice.YES.value,
    Presence.ABSENT.value: Choice.ABSENT.value,
    Presence.EXCUSED.value: Choice.EXCUSED.value,
    "": "",
}
"""The vote with which a row of the roll begins, by the member's presence."""


class AttendanceForm(CalledRows, forms.Form):
    """Who was present: everybody in office, until somebody says otherwise.

    Beside each presence is the one that the rolls below were made for: so a roll follows the
    attendance, and a vote that somebody chose against it is noticed.
    """

    def __init__(self, data: Any, *, roll: Iterable[Called], usual: Mapping[int, str]) -> None:
        super().__init__(data, prefix="attendance", label_suffix="")
        self.roll = list(roll)
        for called in self.roll:
            begins = usual[called.member.pk]
            not_listed = [] if called.is_certain else [("", _("Not listed"))]
            self.fields[self.name_of(called)] = forms.ChoiceField(
                label=str(called.member),
                choices=[*LABELS, *not_listed],
                widget=forms.RadioSelect,
                initial=begins,
                required=called.is_certain,
            )
            self.fields[f"was_{called.member.pk}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=begins
            )

    @staticmethod
    def name_of(called: Called) -> str:
        return f"at_{called.member.pk}"

    @property
    def presences(self) -> dict[Member, str]:
        """The presence of each member who is listed."""
        chosen = {one.member: self.cleaned_data[self.name_of(one)] for one in self.roll}
        return {member: presence for member, presence in chosen.items() if presence}
