"""What people without the right to publish change in a published record waits in a change set.

The form checks it as ever, and then nothing is saved: its input is kept, and goes through the
same form again when the set is released.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from hashlib import sha256
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cities.records.admin.form_input import (
    data_of,
    errors_of,
    forms_in,
    gone_fields,
    input_of,
    sending,
    showing_input,
)
from cities.records.admin.permissions import may
from cities.records.admin.release_pages import set_address
from cities.records.admin.unsaved import note_saved
from cities.records.change_sets import ProposedChange
from cities.records.drafts import with_what_they_need
from cities.records.edits import Typed, keep_edit, note_edit, take_edits_through, waiting_edits
from cities.records.previewing import as_if_published
from cities.records.publishing import Publishable
from cities.records.second_person import needs_second_person
from cities.records.unsaved import SHOWN

OF_THE_FORM = {"change_reason", "seen"}
"""Fields of a form that are none of the record."""


class Checked(NamedTuple):
    """What a form says of its input once it is found valid."""

    is_changed: bool
    """Whether it changes anything that the public reads."""
    form: str
    seen: int
    reason: str


class EditsAdmin:
    """Keep changes of a published record until somebody publishes them."""

    model: Any
    admin_site: Any
    has_change_permission: Any
    may_preview: Any
    record_read: Any

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Save what may be public at once; keep the rest for review."""
        here: Any = super()
        record = self._record_to_review(request, object_id)
        if record is None:
            return here.changeform_view(request, object_id, form_url, extra_context)
        extra = {"is_reviewed": True, **(extra_context or {})}
        if request.method != "POST":
            return self._open(request, record, form_url, extra)
        response, checked, drafts = self._check(request, record.pk, extra)
        if checked is None:
            return response
        if not checked.is_changed:
            return here.changeform_view(request, object_id, form_url, extra)
        return self._keep(request, record, checked, drafts)

    def _record_to_review(self, request: HttpRequest, object_id: str | None) -> Any:
        """Return the published record if what the user changes in it waits for somebody."""
        if object_id is None:
            return None
        if may(request, "publish", self.model) and not needs_second_person(self.model):
            return None
        record = self.record_read(request, object_id)
        if record is None or not record.is_published:
            return None
        return record if self.has_change_permission(request, record) else None

    is_saving_a_set = False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Note what is public at once, so that it can be undone as well."""
        here: Any = super()
        here.save_related(request, form, formsets, change)
        if self.is_saving_a_set or not change or not form.instance.is_published:
            return
        checked = _checked(form, formsets)
        if checked.is_changed:
            typed = Typed([], form=checked.form, base=checked.seen)
            note_edit(form.instance, typed, author=request.user, reason=checked.reason)

    # --- keeping ---

    def _check(
        self, request: HttpRequest, pk: int, extra: dict[str, Any]
    ) -> tuple[Any, Checked | None, list[Publishable]]:
        """Return what the form says of the input, with the drafts that it names.

        They need not be public yet: they are published with it.
        """
        response, checked = self._through_the_form(request, pk, extra)
        drafts = [] if checked else [*_drafts_named(response, request)]
        if drafts:
            drafts = with_what_they_need(drafts)

            def again() -> tuple[Any, Checked | None]:
                return self._through_the_form(request, pk, extra)

            response, checked = as_if_published(drafts, again)
        return response, checked, drafts

    def _keep(
        self, request: HttpRequest, record: Any, checked: Checked, drafts: list[Publishable]
    ) -> HttpResponse:
        typed = Typed(
            input_of(request.POST),
            form=checked.form,
            base=checked.seen,
            files={name: file for name, file in request.FILES.items() if name is not None},
        )
        change_set = keep_edit(
            record, typed, author=request.user, reason=checked.reason, drafts=drafts
        )
        done = _("Your change of “%s” is kept here. The public sees it once it is published.")
        messages.success(request, done % record)
        note_saved(request)
        return HttpResponseRedirect(set_address(change_set))

    # --- opening the form again ---

    def _open(
        self, request: HttpRequest, record: Any, form_url: str, extra: dict[str, Any]
    ) -> HttpResponse:
        """Show the form, with what the user changed before if that is not public yet."""
        edits = [*waiting_edits(record).order_by("pk")]
        shown = edits if self.may_preview(request) else []
        extra = {**extra, "waiting_edits": [change.change_set for change in shown]}
        own = [one for one in edits if one.change_set.author_id == request.user.pk]
        shows_another = {"public", SHOWN} & request.GET.keys()
        change = own[0] if own and not shows_another else None
        here: Any = super()
        if change is None:
            return here.changeform_view(request, str(record.pk), form_url, extra)
        stock: Any = super(EditsAdmin, showing_input(self))
        extra = {**extra, "kept": change.change_set}
        again = sending(request, change.input)
        response = stock.changeform_view(again, str(record.pk), form_url, extra)
        response.context_data["gone_fields"] = gone_fields(response.context_data, change.input)
        return response

    # --- through the form ---

    def _through_the_form(
        self, request: HttpRequest, pk: int, extra: dict[str, Any], *, saves: bool = False
    ) -> tuple[Any, Checked | None]:
        """Return the page with what is wrong, or what the form says of input that is valid."""
        found: list[Checked] = []
        desk: Any = copy(self)

        def note(request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
            found.append(_checked(form, formsets))
            return [{"changed": {"fields": sorted({*form.changed_data} - OF_THE_FORM)}}]

        desk.construct_change_message, desk.is_saving_a_set = note, True
        desk.response_change = lambda *args, **kwargs: HttpResponse(status=204)
        if not saves:
            desk.save_model = desk.save_related = desk.log_change = _nothing
        stock: Any = super(EditsAdmin, desk)
        response = stock.changeform_view(request, str(pk), "", extra)
        return response, (found[0] if found else None)

    def apply_edit(self, change: ProposedChange, with_uploads: bool) -> list[str]:
        """Save the input of a change, as its author would. Return what is wrong with it."""
        request = _request_of(change, with_uploads)
        around = getattr(HistoricalRecords.context, "request", None)
        HistoricalRecords.context.request = request  # the history names the author
        try:
            response, checked = self._through_the_form(request, change.object_id, {}, saves=True)
        except PermissionDenied:
            return [gettext("The person who prepared this may no longer change it.")]
        finally:
            HistoricalRecords.context.request = around
        if checked is None:
            return errors_of(response)
        if checked.form != change.form:
            return [
                gettext(
                    "The form of this record has changed since this was filled in. Open the"
                    " record, check what the form says, and save it again."
                )
            ]
        return []


def apply_edit(change: ProposedChange, with_uploads: bool) -> list[str]:
    """Save a change through the form of its record. Return what is wrong with it."""
    record_admin: Any = admin.site.get_model_admin(change.model)
    return record_admin.apply_edit(change, with_uploads)


take_edits_through(apply_edit)


# --- forms ----------------------------------------------------------------------------------


def _checked(form: Any, formsets: Iterable[Any]) -> Checked:
    """Return what a valid form says. New drafts that it adds are no change of the record."""
    parts = [one for one in formsets if not issubclass(one.model, Publishable)]
    is_changed = bool({*form.changed_data} - OF_THE_FORM) or any(
        formset.has_changed() for formset in parts
    )
    return Checked(
        is_changed,
        sha256("\n".join(sorted(_field_names(form, formsets))).encode()).hexdigest(),
        form.cleaned_data.get("seen") or 0,
        form.cleaned_data.get("change_reason", ""),
    )


def _field_names(form: Any, formsets: Iterable[Any]) -> Iterator[str]:
    """Yield the names of the fields of a form and of the rows of its parts."""
    yield from form.fields
    for formset in formsets:
        yield from (f"{formset.prefix}-{name}" for name in formset.empty_form.fields)


def _drafts_named(response: Any, request: HttpRequest) -> Iterator[Publishable]:
    """Yield the drafts that the input of a form names, if its author may see them."""
    form, formsets = forms_in(response.context_data)
    for one in (form, *(row for formset in formsets for row in formset.forms)):
        for name, field in one.fields.items():
            if isinstance(field, ModelChoiceField) and not field.disabled:
                yield from (
                    record
                    for record in _chosen(one, name, field)
                    if getattr(record, "is_draft", False) and may(request, "preview", type(record))
                )


def _chosen(form: Any, name: str, field: ModelChoiceField) -> Iterable[Any]:
    """Return the records that are chosen in a field."""
    value = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
    try:
        chosen = field.clean(value)
    except ValidationError:
        return []
    return chosen if hasattr(chosen, "all") else filter(None, [chosen])


def _nothing(*args: Any, **kwargs: Any) -> None:
    pass


# --- requests -------------------------------------------------------------------------------


class _Nobody:
    """Takes what a form says to the person at the desk, who is not there."""

    def add(self, *args: Any, **kwargs: Any) -> None:
        pass


def _request_of(change: ProposedChange, with_uploads: bool) -> HttpRequest:
    """Return a request in which the author sends the form."""
    request: Any = HttpRequest()
    request.method, request.user = "POST", change.change_set.author
    request.POST, request.FILES = data_of(change.input), MultiValueDict()
    for name, called, stored in change.uploads if with_uploads else ():
        with default_storage.open(stored) as file:
            request.FILES.appendlist(name, SimpleUploadedFile(called, file.read()))
    request.META = {"SCRIPT_NAME": ""}
    request._messages, request._dont_enforce_csrf_checks = _Nobody(), True
    return request
