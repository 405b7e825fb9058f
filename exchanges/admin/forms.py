"""What the forms of exchanges ask beyond the rules of the record itself."""

from typing import Any

from django import forms
from django.utils.timezone import localdate

from cities.records.admin import RecordForm
from exchanges.models.rules import TOO_LATE, is_too_late
from exchanges.states import State


class InTimeForm(forms.ModelForm):
    """A new exchange is not open until a day that is over.

    The record itself allows it: a file may bring back what was open long ago.
    """

    def clean(self) -> Any:
        given = super().clean() or self.cleaned_data
        closes = given.get("applications_close_on")
        if self.instance._state.adding and is_too_late(given.get("state"), closes, localdate()):
            self.add_error("applications_close_on", TOO_LATE)
        return given


class ExchangeForm(InTimeForm, RecordForm):
    """An exchange in its own form."""


class NextExchangeForm(InTimeForm):
    """The next exchange in the form of its program: nothing has happened yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ahead = (State.PLANNED, State.OPEN, State.CONFIRMED)
        state: Any = self.fields["state"]
        state.choices = [(one.value, one.label) for one in ahead]
