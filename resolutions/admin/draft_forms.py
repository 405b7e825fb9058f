"""What the forms of a page share on which several new drafts are recorded at once."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance

from cities.records.admin.forms import PartialModelForm, WebAddressForm


class AtHandField(forms.ChoiceField):
    """One of a few records that were read already: choosing one asks the database nothing."""

    default_error_messages = {
        "invalid_choice": forms.ModelChoiceField.default_error_messages["invalid_choice"]
    }
    records: dict[str, Any] = {}

    def offer(self, records: Iterable[Any]) -> None:
        self.records = {str(record.pk): record for record in records}
        labels = [(key, str(record)) for key, record in self.records.items()]
        self.choices = [("", "---------"), *labels]

    def to_python(self, value: Any) -> Any:
        key = super().to_python(value)
        if not key:
            return None
        if key not in self.records:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.records[key]

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)


class AtHandMultipleField(forms.MultipleChoiceField):
    """Several of such records."""

    widget = forms.CheckboxSelectMultiple
    records: dict[str, Any] = {}

    def offer(self, records: Iterable[Any]) -> None:
        self.records = {str(record.pk): record for record in records}
        self.choices = [(key, str(record)) for key, record in self.records.items()]

    def clean(self, value: Any) -> Any:
        return [self.records[key] for key in super().clean(value)]


class DraftForm(PartialModelForm, WebAddressForm):
    """A form for a new draft that is checked as a whole when it is recorded, not before.

    What goes with it is known only then, and which web addresses are free.
    """

    def _post_clean(self) -> None:
        """Leave the rules for later: they are checked once, as it is recorded."""
        self.instance = construct_instance(self, self.instance, self._meta.fields, None)

    def record(self) -> Any:
        """Save the draft. Raise `ValidationError` if a rule refuses it."""
        if not self.instance.slug:
            self.instance.slug = self._free_slug(self.slug_text(self.cleaned_data))
        self.instance.full_clean()
        self.instance.save()
        self._save_m2m()  # type: ignore[attr-defined]
        return self.instance


def show_as_entered(form: Any) -> None:
    """Show again what was entered in a form that was sent, and check nothing yet."""
    entered = {name: form[name].data for name in form.fields if not form.fields[name].disabled}
    form.initial = {**form.initial, **entered}
    form.is_bound = False
    form._bound_fields_cache.clear()  # they keep with what the form began
