"""The form of the clerk's desk for a vote with its roll."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from resolutions.admin.occasion_forms import MENU_CHOICES, CitingForm
from resolutions.admin.roll_forms import RollForm, members_called
from resolutions.desk import (
    in_order_of_numbers,
    likely_kind,
    likely_sources,
    next_action_number,
    presets,
    record_together,
    record_vote,
    requirements_on_record,
    still_open,
)
from resolutions.models import Action, Meeting, Member, Resolution
from resolutions.rolls import Called, away_from, roll_to_call
from resolutions.tally import Choice


class VoteForm(CitingForm, RollForm):
    """A vote on one resolution, with a choice for each member of the roll."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    together = forms.ModelMultipleChoiceField(
        Resolution.objects.none(),
        label=_("Also decided by this vote"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The vote is counted once. The page of each resolution names the others."),
    )
    shared: Sequence[Action] = ()
    """What was recorded of the other resolutions that the vote decided."""

    class Meta(RollForm.Meta):
        fields = ["kind", "text", *RollForm.Meta.fields[1:]]

    def __init__(
        self,
        data: Any,
        *,
        resolution: Resolution,
        meeting: Meeting | None,
        on: Any,
        texts: Any,
        others: Any,
        sources: Any,
        add_site: AdminSite | None,
    ) -> None:
        organization = resolution.organization
        action = Action(resolution=resolution, organization=organization, meeting=meeting, on=on)
        kind = likely_kind(resolution)
        self.is_decided = kind is None
        """Whether there is a decision already: then the form begins without a vote."""
        vote = "" if self.is_decided else Choice.YES.value
        roll = roll_to_call(action.roster, away_from(meeting), action.days[0], vote)
        super().__init__(
            data,
            action=action,
            roll=roll,
            requirements=requirements_on_record(action),
            initial={
                **presets(resolution, kind, bool(roll)),
                "number": next_action_number(resolution),
            },
        )
        self._add_words()
        self._offer_kinds(*([("", "---------")] if self.is_decided else []))
        self._offer_texts(texts)
        self._offer_others(others)
        self.offer_sources(sources, likely_sources(meeting, resolution), add_site=add_site)

    def _add_words(self) -> None:
        """Let the clerk enter the word that the source has for a vote."""
        for called in self.roll:
            self.fields[self._name_of_words(called)] = forms.CharField(
                label=str(called.member), max_length=120, required=False
            )

    @staticmethod
    def _name_of_words(called: Called) -> str:
        return f"words_{called.member.pk}"

    @property
    def words_of_rows(self) -> list[forms.BoundField]:
        """The field of each member for the word that the source has for the vote."""
        return [self[self._name_of_words(called)] for called in self.roll]

    @property
    def has_words(self) -> bool:
        """Return whether one of these fields, which the page folds away, says anything."""
        return any(field.value() or field.errors for field in self.words_of_rows)

    def _offer_texts(self, texts: Any) -> None:
        """Offer the texts of the resolution."""
        field: Any = self.fields["text"]
        versions = [(text.pk, f"{text.get_kind_display()}, {text.number}") for text in texts]
        field.queryset = texts
        field.choices = [("", field.empty_label), *versions]

    def _offer_others(self, others: Any) -> None:
        """Accept any other resolution of the organization, and offer the newest open ones."""
        field: Any = self.fields["together"]
        field.queryset = others
        newest = still_open(others).order_by("-pk")[:MENU_CHOICES]
        field.choices = [(one.pk, str(one)) for one in in_order_of_numbers(newest)]

    def _offer_movers(self) -> None:
        fields: Any = self.fields
        fields["mover"].queryset = fields["seconder"].queryset = members_called(self.movers)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for called in self.roll:
            words = cleaned.get(self._name_of_words(called))
            vote = cleaned.get(self.name_of(called))
            if words and not vote:
                self.add_error(self._name_of_words(called), gettext("Choose the vote, too."))
        return cleaned

    @property
    def printed_words(self) -> dict[Member, str]:
        """The word of the source for each vote, where the clerk entered one."""
        cleaned = self.cleaned_data
        return {called.member: cleaned[self._name_of_words(called)] for called in self.roll}

    def record(self) -> bool | None:
        """Return whether the vote is new; None if a rule refuses it, and the form says why."""
        cleaned = self.cleaned_data
        source = {name: cleaned[name] for name in ("source", "locator")}
        try:
            with transaction.atomic():
                is_new = record_vote(
                    self.instance,
                    number=cleaned["number"],
                    votes=self.votes,
                    printed=self.printed_words,
                    **source,
                )
                if is_new:
                    self.shared = record_together(self.instance, cleaned["together"], **source)
                return is_new
        except ValidationError as error:
            self.add_error(None, error)
            return None
