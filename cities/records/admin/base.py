"""What every record's form has: its history, a reason for changes, no silent overwriting,
and for publishable records a page each for publishing and withdrawing."""

from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models, transaction
from django.db.models import QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from cities.records.admin.autocomplete import ChosenByTyping
from cities.records.admin.history_links import Links
from cities.records.fields import BoundField
from cities.records.filters import containing
from cities.records.publishing import Publication, Publishable, publish_first

MAX_ROWS = 100
"""Parts of one kind that a form takes; more would keep the server busy for long."""


class ToldAtTheTop(forms.ModelForm):
    """Tells at the top what is wrong with a field that the form does not have."""

    def add_error(self, field: Any, error: Any) -> None:
        if field is not None or not hasattr(error, "error_dict"):
            super().add_error(field, error)
            return
        for name, problems in error.error_dict.items():
            super().add_error(name if name in self.fields else None, problems)


class RecordForm(ToldAtTheTop):
    """Asks why a published record is changed, and refuses to overwrite what it never showed."""

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
        newest = self._newest() if self.instance.pk else None
        self.fields["seen"].initial = newest and newest.history_id

    def _newest(self) -> Any:
        """The record's newest version; none of one that was never saved with its history."""
        return self.instance.history.order_by("-history_id").first()

    def _get_validation_exclusions(self) -> set[str]:
        """Rules over a field hold as well where this form only shows it, or not even that."""
        fields = self.instance._meta.fields
        others = {field.name for field in fields if not isinstance(field, BoundField)}
        return super()._get_validation_exclusions() - (others - self.fields.keys())  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._refuse_overwriting(given)
            if not getattr(self.instance, "is_draft", True) and not given.get("change_reason"):
                self.add_error(
                    "change_reason",
                    _("The record is published. Say why you change it; the history keeps it."),
                )
        if getattr(self.instance, "is_published", False):
            for field in self.instance._meta.many_to_many:
                for sentence in publish_first(given.get(field.name, ())):
                    self.add_error(field.name, sentence)
        return given

    def _refuse_overwriting(self, given: dict[str, Any]) -> None:
        """Refuse if somebody saved the record after this form was opened."""
        with transaction.atomic():
            locked = type(self.instance)._base_manager.select_for_update()
            locked.filter(pk=self.instance.pk).first()  # the second of two savers waits here
            newest = self._newest()
        if newest is not None and given.get("seen") != newest.history_id:
            raise ValidationError(
                _now(
                    "%(who)s changed this record at %(when)s, after you opened it. Nothing of"
                    " yours is saved. Open the record again in a new tab, look at the change,"
                    " and enter yours once more."
                )
                % {
                    "who": newest.history_user or _now("Somebody"),
                    "when": localtime(newest.history_date).strftime("%H:%M"),
                }
            )


class NumberedForm(RecordForm):
    """New rows of one record wait for each other, so that each gets its own number."""

    numbered_in = ""

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if above := given.get(self.numbered_in):
            type(above)._base_manager.select_for_update().filter(pk=above.pk).first()
        return given


class RecordAdmin(ChosenByTyping, SimpleHistoryAdmin):
    """A record with its history: who changed what, when and why, and a way back."""

    form = RecordForm
    change_form_template = "admin/cities/record_form.html"
    formfield_overrides: Any = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 60})}
    }
    view_on_site = False
    actions = None  # deleting several at once would not ask of each whether it may go
    list_per_page = 50
    history_list_per_page = 25
    visible_through: dict[str, type[models.Model]] = {}
    """What a row is about, by the way to it: while that is a draft, so is the row."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        for way, model in self.visible_through.items():
            if not may(request, "preview", model):
                rows = rows.exclude(**{f"{way}__publication": Publication.DRAFT})
        return rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """As the public search reads words: without accents, in any script."""
        if not search_term.strip():
            return queryset, False
        return containing(queryset, self.get_search_fields(request), search_term), False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The reason for a change comes last, and only where there is one to give."""
        fieldsets = [
            (title, {**options, "fields": [f for f in options["fields"] if f not in _OURS]})
            for title, options in super().get_fieldsets(request, obj)
        ]
        if obj is not None and self.has_change_permission(request, obj):
            fieldsets.append((_("This change"), {"fields": ["change_reason"]}))
        return fieldsets

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj._change_reason = form.cleaned_data.get("change_reason", "")
        super().save_model(request, obj, form, change)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Of what this person may see, and of what is deleted."""
        is_there = self.model._base_manager.filter(pk=_number(object_id)).exists()
        if is_there and self.get_object(request, object_id) is None:
            raise Http404
        context = {"part_versions": self.part_versions(request, int(object_id))}
        return super().history_view(request, object_id, {**context, **(extra_context or {})})

    def part_versions(self, request: HttpRequest, pk: int) -> list[Any]:
        """The newest versions of the record’s parts that this person may see, newest first."""
        found: list[Any] = []
        for inline in self.inlines:
            model: Any = inline.model
            above = next(
                name
                for name in model.parents
                if issubclass(self.model, model._meta.get_field(name).related_model)
            )
            versions = model.history.filter(**{above: pk}).select_related("history_user")
            versions = versions._select_related_history_tracked_objs()
            versions = without_hidden(request, model, versions)
            versions = self.since_public(request, pk, versions)
            found += _compared(model, versions.order_by("-history_date", "-history_id"))
        return sorted(found, key=lambda version: version.history_date, reverse=True)[:MAX_ROWS]

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, foreign_keys_are_objs: bool = True
    ) -> None:
        """Links to many are read for all versions together, and name no hidden draft."""
        versions = list(historical_records)
        numbers = [version.history_id for version in versions]
        kept = self.model.history.model._history_m2m_fields  # type: ignore[attr-defined]
        links = [
            Links.of(field, numbers, self.admin_site.get_model_admin(field.related_model), request)
            for field in kept
        ]
        for newer, older in pairwise(versions):
            delta = newer.diff_against(
                older,
                excluded_fields=[link.field.name for link in links],
                foreign_keys_are_objs=foreign_keys_are_objs,
            )
            helper = self.get_historical_record_context_helper(request, newer)
            told = [link.change(older.history_id, newer.history_id) for link in links]
            newer.history_delta_changes = [
                *helper.context_for_delta_changes(delta),
                *(change for change in told if change["old"] != change["new"]),
            ]

    def since_public(self, request: HttpRequest, pk: int, versions: QuerySet) -> QuerySet:
        """Those of the versions of parts that this person may see."""
        return versions

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """simple-history hides the button from those who may not revert, and obeys their POST."""
        _number(version_id)
        record = self.get_object(request, object_id)
        if record is None:
            raise PermissionDenied
        if request.method == "POST" and not self.may_revert(request, record):
            raise PermissionDenied
        with transaction.atomic():  # as Django’s own form view: the lock holds until it is saved
            return super().history_form_view(request, object_id, version_id, extra_context)

    def may_revert(self, request: HttpRequest, record: Any) -> bool:
        return self.has_change_permission(request, record)

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.may_revert(request, obj)


_OURS = ("change_reason", "seen")


def _compared(model: Any, versions: QuerySet) -> list[Any]:
    """The newest versions of parts, each with the part’s name and what it changed."""
    found = list(versions[:MAX_ROWS])
    newer: dict[int, Any] = {}
    for version in found:
        part = version.instance
        for field in model._meta.concrete_fields:
            if field.is_relation and getattr(version, field.attname) is not None:
                setattr(part, field.name, getattr(version, field.name))
        version.part = f"{model._meta.verbose_name}: {part}"
        if (after := newer.get(version.id)) is not None and after.history_type == "~":
            delta = after.diff_against(version, foreign_keys_are_objs=True)
            helper = HistoricalRecordContextHelper(model, after)
            after.history_delta_changes = helper.context_for_delta_changes(delta)
        newer[version.id] = version
    return found


def may(request: HttpRequest, action: str, model: Any) -> bool:
    """Whether the person has the right to an action on a model."""
    return request.user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")


def without_hidden(request: HttpRequest, model: Any, rows: QuerySet) -> QuerySet:
    """Those of the rows, or of their versions, that name no draft hidden from this person."""
    for link in (field for field in model._meta.concrete_fields if field.is_relation):
        if issubclass(link.related_model, Publishable) and not may(
            request, "preview", link.related_model
        ):
            rows = rows.exclude(**{f"{link.name}__publication": Publication.DRAFT})
    return rows


def _number(text: str) -> int:
    """A row's number in an address. Raises `Http404` if it is none."""
    try:
        return int(text)
    except ValueError:
        raise Http404 from None


class PublishableAdmin(RecordAdmin):
    """Drafts are seen by those who may; publishing and withdrawing have pages of their own."""

    change_form_template = "admin/cities/publishable_form.html"
    list_filter: Any = ["publication"]
    published_hint: Any = ""
    slug_from: Any = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        records = super().get_queryset(request)
        if self.may_preview(request):
            return records
        return records.exclude(publication=Publication.DRAFT)

    def get_history_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet:
        versions = super().get_history_queryset(request, *args, **kwargs)
        if self.may_preview(request):
            return versions
        return versions.exclude(publication=Publication.DRAFT)

    def since_public(self, request: HttpRequest, pk: int, versions: QuerySet) -> QuerySet:
        """Of the time when it was a draft nothing is told to who may not see drafts."""
        if self.may_preview(request):
            return versions
        public: Any = self.model.history.filter(id=pk)  # type: ignore[attr-defined]
        since = public.exclude(publication=Publication.DRAFT).order_by("history_date")
        return versions.filter(history_date__gte=Subquery(since.values("history_date")[:1]))

    def may_preview(self, request: HttpRequest) -> bool:
        return may(request, "preview", self.model)

    def may_publish(self, request: HttpRequest) -> bool:
        return may(request, "publish", self.model)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        hidden = obj is not None and obj.is_draft and not self.may_preview(request)
        return super().has_view_permission(request, obj) and not hidden

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was withdrawn stays as it was."""
        is_over = obj is not None and obj.is_withdrawn
        return super().has_change_permission(request, obj) and not is_over

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts alone; what was published is withdrawn."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)

    def may_revert(self, request: HttpRequest, record: Any) -> bool:
        return super().may_revert(request, record) and self.may_publish(request)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """An older version never brings back whether it was public, nor what is fixed since."""
        if obj is not None:
            now = type(obj)._base_manager.get(pk=obj.pk)
            kept = ["publication", "withdrawn_on", "withdrawn_because"]
            for name in kept if now.is_draft else [*kept, *now.frozen_fields]:
                setattr(obj, name, getattr(now, name))
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [*super().get_readonly_fields(request, obj)]
        return fields if obj is None or obj.is_draft else [*fields, *obj.frozen_fields]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A slug follows the name until it is public."""
        is_open = obj is None or obj.is_draft
        return {"slug": self.slug_from} if self.slug_from and is_open else {}

    def get_urls(self) -> list[Any]:
        def name(action: str) -> str:
            return f"{self.opts.app_label}_{self.opts.model_name}_{action}"

        view = self.admin_site.admin_view
        return [
            path("<int:pk>/publish/", view(self.publish_view), name=name("publish")),
            path("<int:pk>/withdraw/", view(self.withdraw_view), name=name("withdraw")),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        context["may_publish"] = self.may_publish(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask once, then publish; what is missing is told and nothing is saved."""
        return self._release(request, pk, "publish")

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the reason, then withdraw."""
        return self._release(request, pk, "withdraw")

    def _release(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may_publish(request):
            raise PermissionDenied
        problems: list[str] = []
        if request.method == "POST":
            try:
                with transaction.atomic():
                    self._do(request, pk, action)
            except ValidationError as error:
                problems = error.messages
            else:
                return HttpResponseRedirect(self._address(record))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish") if action == "publish" else _("Withdraw"),
            "action": action,
            "record": record,
            "opts": self.opts,
            "problems": problems,
            "because": request.POST.get("because", ""),
            "address": self._address(record),
        }
        return render(request, "admin/cities/release.html", context)

    def _do(self, request: HttpRequest, pk: int, action: str) -> None:
        """Publish or withdraw the record as it is now, once. Raises `ValidationError`."""
        record = self.model._base_manager.select_for_update().get(pk=pk)
        because = request.POST.get("because", "")
        if action == "withdraw":
            ProhibitNullCharactersValidator()(because)
            record._change_reason, done = because, _("Withdrawn: %s")
            record.withdraw(because=because, on=localdate())
        elif not record.is_published:
            record._change_reason, done = str(_("Published")), _("Published: %s")
            record.publish()
        else:
            return
        self.log_change(request, record, action)
        messages.success(request, done % record)

    def _address(self, record: models.Model) -> str:
        return reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk]
        )


class PartFormSet(forms.BaseInlineFormSet):
    """Rows of a record; the box that deletes one says so."""

    default_error_messages = {
        "too_many_forms": _("These are more rows than one form takes. Save fewer at once.")
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.absolute_max = max(MAX_ROWS, len(self.get_queryset()))

    def clean(self) -> None:
        """A form that counts other rows than there are would add them once more."""
        super().clean()
        if self.initial_form_count() != len(self.get_queryset()):
            raise ValidationError(
                _now(
                    "The rows of this form are not those of the record. Open the record again"
                    " and enter your changes once more."
                )
            )

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete this row")


class PartInline(ChosenByTyping, admin.StackedInline):
    """Parts of a record in its own form: stacked, so that it reads on a phone too."""

    formset = PartFormSet
    view_on_site = False
    extra = 0
    max_num = MAX_ROWS
    formfield_overrides = RecordAdmin.formfield_overrides

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Without rows that name a draft which this person may not see."""
        return without_hidden(request, self.model, super().get_queryset(request))


class SeenListFilter(admin.RelatedFieldListFilter):
    """Filters by records that this person may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """In one query, each with all that its name shows."""
        seen = model_admin.admin_site.get_model_admin(field.related_model).get_queryset(request)
        return [(record.pk, str(record)) for record in seen]
