"""Parts of a record, edited in the record's own form."""

import json
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.admin.autocomplete import AutocompleteAdmin
from cities.records.admin.merging import merge, take_over_chosen
from cities.records.admin.permissions import without_hidden_drafts
from cities.records.admin.row_merging import RowChanges, bring_together
from cities.records.keys import key_in

PARTS_PER_FORM = 100
"""Parts of one kind that a form takes; more would keep the server busy for long."""

_ROWS_CHANGED = _(
    "The rows of this record changed after you opened the form. Nothing is saved yet. What you"
    " typed is still in this form. Look at the rows, then save it again."
)

SHORT_TEXTS: Any = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 60})}}
"""Text fields low enough that a long form keeps its overview."""


class PartFormSet(forms.BaseInlineFormSet):
    """Rows of a record; the box that deletes one says so."""

    default_error_messages = {
        "too_many_forms": _("One form takes no more than 100 rows. Save some of them first.")
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.absolute_max = max(PARTS_PER_FORM, len(self.get_queryset()))
        is_on_record = self.is_bound and self.instance.pk
        self.others = bring_together(self) if is_on_record else RowChanges()

    def clean(self) -> None:
        """Bring rows together with what others did with them after the form was opened.

        Refuse a form that counts other rows than there were: it would add them once more.
        """
        super().clean()
        if self.others.is_unclear or self.initial_form_count() != len(self.get_queryset()):
            raise ValidationError(
                gettext(
                    "The rows of this record changed after you opened the form. Open the record"
                    " in a new tab and enter your changes there."
                )
            )
        self._merge()
        sentences = self.others.say(self)
        if self.others and self.following is None:  # the record’s own form says nothing
            sentences.insert(0, _ROWS_CHANGED)
        if sentences:
            raise ValidationError(sentences)

    def _merge(self) -> None:
        """Bring rows together with what somebody else changed in them meanwhile."""
        if self.following is None:
            return
        for form in self.initial_forms:
            versions = form.instance.history.filter(history_date__lt=self.following.history_date)
            version = versions.order_by("-history_date", "-history_id").first()
            if version is not None:
                merge(form, version)

    @cached_property
    def following(self) -> Any:
        """The version of the record that came after the one that the form showed, if any."""
        seen = self.data.get("seen", "") if self.is_bound else ""
        version = key_in(seen)
        if version is None or not self.instance.pk:
            return None
        return self.instance.history.filter(history_id__gt=version).last()

    def rows_history(self, **lookups: Any) -> QuerySet:
        """Return the versions of the record’s rows."""
        formset: Any = self
        versions = formset.model.history.filter(**{formset.fk.name: self.instance.pk}, **lookups)
        return versions.select_related("history_user")

    @staticmethod
    def visible_versions(versions: QuerySet) -> QuerySet:
        """Return the versions of rows that the user may see; set by what knows the user."""
        return versions.none()

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.is_bound:
            take_over_chosen(form)
        form.label_suffix = ""
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete this row")


def with_button_in_sentence_case(part: Any) -> Any:
    """Return what a form shows of a kind of parts: Django would offer to “Add another Term”."""
    data = json.loads(part.inline_formset_data())
    noun = part.opts.verbose_name
    data["options"]["addText"] = gettext("Add another %(verbose_name)s") % {"verbose_name": noun}
    part.inline_formset_data = json.dumps(data)  # which is called where it is shown
    return part


class PartInline(AutocompleteAdmin, admin.StackedInline):
    """Parts of a record in its own form: stacked, so that it reads on a phone too."""

    formset = PartFormSet
    view_on_site = False
    extra = 0
    max_num = PARTS_PER_FORM
    formfield_overrides = SHORT_TEXTS

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Leave out rows that name a draft which the user may not see."""
        return without_hidden_drafts(request, self.model, super().get_queryset(request))

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Let the rows know which of their earlier versions the user may see."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        visible = partial(without_hidden_drafts, request, self.model)
        formset.visible_versions = staticmethod(visible)
        return formset
