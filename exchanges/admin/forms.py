"""Forms of exchanges, with what they check beyond the rules of the record itself."""

from typing import Any

from django.utils.timezone import localdate

from cities.records.admin.forms import RecordForm, WebAddressForm
from exchanges.models.rules import TOO_LATE, is_too_late
from exchanges.states import State


class DeadlineForm(WebAddressForm):
    """Refuse a new exchange whose last day to apply is over.

    The record itself allows it: a register file may bring back what was open long ago.
    """

    def clean(self) -> Any:
        cleaned = super().clean()
        closes = cleaned.get("applications_close_on")
        if self.instance._state.adding and is_too_late(cleaned.get("state"), closes, localdate()):
            self.add_error("applications_close_on", TOO_LATE)
        return cleaned


class ExchangeForm(DeadlineForm, RecordForm):
    """An exchange in its own form."""


class NextExchangeForm(DeadlineForm):
    """The next exchange in the form of its program: it has not taken place yet."""

    slug_from = ("title",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ahead = (State.PLANNED, State.OPEN, State.CONFIRMED)
        state: Any = self.fields["state"]
        state.choices = [(each.value, each.label) for each in ahead]
