"""The form of the clerk's desk for several adoptions by one motion."""

from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from resolutions.admin.occasion_forms import CitingForm
from resolutions.admin.roll_forms import members_called
from resolutions.desk import likely_sources, record_consent
from resolutions.models import Action, Meeting, Member, Resolution
from resolutions.rolls import away_from, roll_to_call
from resolutions.tally import Method


class ConsentForm(CitingForm):
    """Several resolutions adopted by one motion."""

    resolutions = forms.ModelMultipleChoiceField(
        Resolution.objects.none(),
        label=_("Resolutions"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Check the resolutions that were adopted.")},
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
        self,
        data: Any,
        *,
        meeting: Meeting,
        resolutions: Any,
        sources: Any,
        add_site: AdminSite | None,
    ) -> None:
        super().__init__(data, initial={}, label_suffix="")
        self.meeting = meeting
        fields: Any = self.fields
        fields["resolutions"].queryset = resolutions
        roll = roll_to_call(meeting.roster, away_from(meeting), meeting.days[0])
        likely = members_called(called for called in roll if not called.is_unlikely)
        fields["mover"].queryset = fields["seconder"].queryset = likely
        self.offer_sources(sources, likely_sources(meeting), add_site=add_site)

    @property
    def chosen(self) -> list[str]:
        """The numbers of the rows whose boxes are ticked."""
        return [str(pk) for pk in self["resolutions"].value() or []]

    def record(self) -> list[Action] | None:
        """Return what was recorded; None if a rule refuses it, and the form says why."""
        options = {**self.cleaned_data}
        try:
            return record_consent(self.meeting, options.pop("resolutions"), **options)
        except ValidationError as error:
            self.add_error(None, error)
            return None
