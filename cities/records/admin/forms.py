"""Forms of records: a reason for each change, and nothing overwritten unseen."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.base import publish_first
from cities.records.fields import BoundField


class PartialModelForm(forms.ModelForm):
    """A form for some of a record's fields: errors of the others are shown at the top."""

    def add_error(self, field: Any, error: Any) -> None:
        if field is not None or not hasattr(error, "error_dict"):
            super().add_error(field, error)
            return
        for name, problems in error.error_dict.items():
            super().add_error(name if name in self.fields else None, problems)


class RecordForm(PartialModelForm):
    """Require a reason for changing a published record; never overwrite what it did not show."""

    change_reason = forms.CharField(
        label=_("Why you change it"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_(
            "Kept in the history. Needed when the record is published: then everyone reads it,"
            " so name nobody who works here."
        ),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = self._newest_version() if self.instance.pk else None
        self.fields["seen"].initial = newest and newest.history_id

    def _newest_version(self) -> Any:
        """Return the record's newest version, or None if it was saved without its history."""
        return self.instance.history.order_by("-history_id").first()

    def _get_validation_exclusions(self) -> set[str]:
        """Hold rules over a field as well where this form only shows it, or not even that."""
        fields = self.instance._meta.fields
        others = {field.name for field in fields if not isinstance(field, BoundField)}
        return super()._get_validation_exclusions() - (others - self.fields.keys())  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._refuse_overwriting(cleaned)
            if not getattr(self.instance, "is_draft", True) and not cleaned.get("change_reason"):
                self.add_error(
                    "change_reason",
                    _("The record is published. Say why you change it; the history keeps it."),
                )
        if getattr(self.instance, "is_published", False):
            for field in self.instance._meta.many_to_many:
                for sentence in publish_first(cleaned.get(field.name, ())):
                    self.add_error(field.name, sentence)
        return cleaned

    def _refuse_overwriting(self, cleaned: dict[str, Any]) -> None:
        """Refuse if somebody saved the record after this form was opened."""
        with transaction.atomic():
            locked = type(self.instance)._base_manager.select_for_update()
            locked.filter(pk=self.instance.pk).first()  # the second of two savers waits here
            newest = self._newest_version()
        if newest is not None and cleaned.get("seen") != newest.history_id:
            raise ValidationError(
                gettext(
                    "%(who)s changed this record at %(when)s, after you opened it. Nothing of"
                    " yours is saved. Open the record again in a new tab, look at the change,"
                    " and enter yours once more."
                )
                % {
                    "who": newest.history_user or gettext("Somebody"),
                    "when": localtime(newest.history_date).strftime("%H:%M"),
                }
            )


class NumberedForm(RecordForm):
    """New rows of one record wait for each other, so that each gets its own number."""

    numbered_in = ""
    """The field that names the record in which the rows are numbered."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if parent := cleaned.get(self.numbered_in):
            type(parent)._base_manager.select_for_update().filter(pk=parent.pk).first()
        return cleaned
