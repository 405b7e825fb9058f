"""When and where a vote was taken, and the document that says so: parts of the desk's forms."""

from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Source
from cities.records.fields import RecordDateFormField
from resolutions.models import ActionCitation, Meeting

MENU_CHOICES = 100
"""Choices that one menu offers."""


class OccasionForm(forms.Form):
    """The meeting of a vote, or its day if no meeting is on record."""

    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Meeting"), required=False, empty_label=_("Not on record")
    )
    on = RecordDateFormField(label=_("Or the date"), required=False)

    def __init__(self, data: Any, *, meetings: Any) -> None:
        if not {"meeting", "on"} & data.keys():
            data = {"meeting": meetings.values_list("pk", flat=True).first()}
        super().__init__(data, label_suffix="")
        field: Any = self.fields["meeting"]
        field.queryset = meetings
        field.choices = [
            ("", field.empty_label),
            *((m.pk, str(m)) for m in meetings[:MENU_CHOICES]),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day = cleaned.get("on")
        if day is not None and day.earliest is None:
            self.add_error(
                "on", gettext("Enter a date with a first possible day, for example August 2013.")
            )
        if cleaned.get("meeting") is None and day is None and not self.errors:
            self.add_error("on", gettext("Choose the meeting, or enter the date."))
        return cleaned

    @property
    def day(self) -> Any:
        meeting = self.cleaned_data["meeting"]
        return meeting.on if meeting else self.cleaned_data["on"]


class CitingForm(forms.Form):
    """A form that cites one document as its source."""

    source = forms.ModelChoiceField(
        Source.objects.none(),
        label=_("Source"),
        required=False,
        help_text=_("The document you copy from. You can add it later, before you publish."),
    )
    locator = forms.CharField(label=_("Page or section"), max_length=120, required=False)

    def offer_sources(self, visible: Any, likely: Any, *, add_site: AdminSite | None) -> None:
        """Accept every source that the user may see, and offer the likely ones first.

        Where `add_site` is given the user may add a source there: a link beside the menu opens
        the form.
        """
        field: Any = self.fields["source"]
        field.queryset = visible
        if add_site is not None:
            link: Any = ActionCitation._meta.get_field("source").remote_field
            field.widget = RelatedFieldWidgetWrapper(
                field.widget, link, add_site, can_add_related=True
            )
        first = [*visible.filter(likely).order_by("title")[:MENU_CHOICES]]
        others = visible.exclude(pk__in=[source.pk for source in first]).order_by("-pk")
        rest = others[:MENU_CHOICES]
        groups = ((gettext("For this meeting and resolution"), first), (gettext("Newest"), rest))
        field.choices = [
            ("", "---------"),
            *((name, [(one.pk, str(one)) for one in group]) for name, group in groups if group),
        ]
        if len(first) == 1:
            self.initial.setdefault("source", first[0].pk)
