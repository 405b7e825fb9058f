"""Forms of records: a reason for each change, and nothing overwritten unseen."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.admin.field_changes import FieldChanges
from cities.records.admin.merging import merge, take_over_chosen
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


class WebAddressForm(forms.ModelForm):
    """A form that fills in the web address of a record where it is left blank."""

    slug_from: Sequence[str] = ()
    """The fields of whose values the address is made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "The end of the page’s address. Filled in for you if you leave it blank."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "slug" in self.fields and "slug" not in self.errors and not cleaned.get("slug"):
            cleaned["slug"] = self._free_slug(self.slug_text(cleaned))
            is_required = not self._slug_field.blank
            if is_required and not cleaned["slug"] and not self.errors:
                self.add_error(
                    "slug", _("Enter the web address: small letters a–z, numbers and hyphens.")
                )
        return cleaned

    @property
    def _slug_field(self) -> Any:
        return self._meta.model._meta.get_field("slug")

    def slug_text(self, cleaned: dict[str, Any]) -> str:
        """Return the text that a web address is made from."""
        return " ".join(str(cleaned.get(name) or "") for name in self.slug_from)

    def _free_slug(self, text: str) -> str:
        """Return an address that no other record of the model has."""
        room_for_number = 4
        length = self._slug_field.max_length - room_for_number
        wanted = slugify(text)[:length].strip("-")
        others = self._meta.model._base_manager.filter(slug__startswith=wanted)
        taken = {*others.exclude(pk=self.instance.pk).values_list("slug", flat=True)}
        number, slug = 1, wanted
        while slug in taken:
            number += 1
            slug = f"{wanted}-{number}"
        return slug


class RecordForm(PartialModelForm, WebAddressForm):
    """Require a reason for changing a published record; never overwrite what it did not show."""

    change_reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Optional. The history keeps it."),
        error_messages={
            "required": _("This record is published. Enter the reason for the change.")
        },
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        take_over_chosen(self)
        self.label_suffix = ""  # some labels are questions
        newest = self._newest_version() if self.instance.pk else None
        self.fields["seen"].initial = newest and newest.history_id
        if self.instance.pk and not getattr(self.instance, "is_draft", True):
            reason: Any = self.fields["change_reason"]
            reason.required = reason.says_required = True
            reason.label = _("Reason for the change (required, public)")
            reason.help_text = _("Everyone can read it. Do not name anyone who works here.")

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
        seen = cleaned.get("seen")
        if newest is None or seen == newest.history_id:
            return
        version = self.instance.history.filter(history_id=seen).first() if seen else None
        said = {"who": newest.history_user or gettext("Somebody"), "when": _moment(newest)}
        if version is None:
            conflict = gettext(
                "%(who)s changed this record at %(when)s, after you opened it. Nothing is saved,"
                " but what you typed is still in this form. Open the record in a new tab and"
                " enter your changes there."
            )
            self.add_error(None, conflict % said)
            return
        conflict = gettext(
            "%(who)s changed this record at %(when)s, after you opened it. Nothing is saved yet."
            " What you typed is still in this form, and what only the other one changed is in it"
            " as well. Look at it, then save it again."
        )
        merge(self, version)
        data: Any = self.data
        self.data = data.copy()
        self.data["seen"] = str(newest.history_id)  # type: ignore[index]
        self.add_error(None, [conflict % said, *self._changes_since(version, newest)])

    def _changes_since(self, version: Any, newest: Any) -> list[str]:
        """Return a sentence for each field that changed since the version that was seen."""
        many = [field.name for field in self.instance._meta.many_to_many]
        delta = newest.diff_against(version, excluded_fields=many, foreign_keys_are_objs=True)
        changes = FieldChanges(type(self.instance), newest).context_for_delta_changes(delta)
        return [_change_sentence(change) for change in changes]


def _change_sentence(change: dict[str, Any]) -> str:
    """Return “Time zone: changed from “Asia/Tokyo” to “Asia/Seoul”.”, for example."""
    if not change["old"]:
        return gettext("%(field)s: “%(new)s” was added.") % change
    if not change["new"]:
        return gettext("%(field)s: “%(old)s” was removed.") % change
    return gettext("%(field)s: changed from “%(old)s” to “%(new)s”.") % change


def _moment(version: Any) -> str:
    """Return the time at which a version was saved, with the date unless it is today's."""
    moment = localtime(version.history_date)
    is_today = moment.date() == localdate()
    return date_format(moment, "TIME_FORMAT" if is_today else "DATETIME_FORMAT")


class NumberedForm(RecordForm):
    """New rows of one record wait for each other, so that each gets its own number."""

    numbered_in = ""
    """The field that names the record in which the rows are numbered."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if parent := cleaned.get(self.numbered_in):
            type(parent)._base_manager.select_for_update().filter(pk=parent.pk).first()
        return cleaned
