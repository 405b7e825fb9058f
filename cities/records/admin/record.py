"""The list and the form of any record that is kept with its history."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.contrib.admin.utils import flatten
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from cities.records.admin.autocomplete import AutocompleteAdmin
from cities.records.admin.faults import faults_on_page
from cities.records.admin.forms import RecordForm
from cities.records.admin.history import HistoryAdmin
from cities.records.admin.parts import SHORT_TEXTS, with_button_in_sentence_case
from cities.records.admin.permissions import may
from cities.records.admin.presence import PresenceAdmin
from cities.records.admin.returning import ReturningAdmin
from cities.records.admin.unsaved import UnsavedAdmin
from cities.records.filters import among, containing
from cities.records.keys import key_in
from cities.records.paging import in_their_order
from cities.records.publishing import Publication

RARE = "rare"
"""The class of a part of a form with fields that few records need."""

FORM_FIELDS = ("change_reason", "seen")
"""Fields of the form that are none of the record."""


class LateChangeList(ChangeList):
    """A list that reads the ids of its page first, and then what it shows of these rows.

    Its links hold the filters to come back to: to add them, Django would look up each link.
    """

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.link_end, self.preserved_filters = self.preserved_filters, ""
        self.title = capfirst(str(self.opts.verbose_name_plural))

    def url_for_result(self, result: Any) -> str:
        address = cast(RecordAdmin, self.model_admin).row_address(result.pk)
        return f"{address}?{self.link_end}" if self.link_end else address

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        pks = list(self.result_list.values_list("pk", flat=True))
        self.result_list: Any = in_their_order(pks, self._complete)

    def _complete(self, pks: list[Any]) -> QuerySet:
        rows = self.root_queryset.filter(pk__in=pks).order_by()
        rows = rows if rows.query.select_related else self.apply_select_related(rows)
        return cast(RecordAdmin, self.model_admin).for_list(rows)


class RecordAdmin(PresenceAdmin, ReturningAdmin, UnsavedAdmin, AutocompleteAdmin, HistoryAdmin):
    """A record with its history, shown to those who may see what it belongs to."""

    form = RecordForm
    change_form_template = "admin/records/record_form.html"
    change_list_template = "admin/records/record_list.html"
    formfield_overrides = SHORT_TEXTS
    view_on_site = False
    actions = None  # deleting several at once would not ask of each whether it may go
    list_per_page = 50
    show_full_result_count = False  # it would count everything beside what was found
    slug_from: Sequence[str] = ()
    """The fields from which the web address is filled in."""
    visible_through: dict[str, type[models.Model]] = {}
    """The records by which a row is seen, by lookup: while one is a draft, so is the row."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        for lookup, model in self.visible_through.items():
            if not may(request, "preview", model):
                rows = rows.exclude(**{f"{lookup}__publication": Publication.DRAFT})
        return rows

    def get_object(
        self, request: HttpRequest, object_id: Any, from_field: str | None = None
    ) -> Any:
        """Return a record: for a page that only shows it, as it was read first."""
        if request.method != "GET" or from_field:
            return super().get_object(request, object_id, from_field)
        return self.record_read(request, str(object_id))

    def record_read(self, request: HttpRequest, object_id: str) -> Any:
        """Return the record with a key, for those who may see it, read once for each request."""
        read = vars(request).setdefault("records_read", {})
        key = (self.model, key_in(object_id))
        if key not in read:
            read[key] = self.get_queryset(request).filter(pk=key[1]).first()
        return read[key]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LateChangeList

    def for_list(self, rows: QuerySet) -> QuerySet:
        """Return rows with what the list shows beyond their own fields."""
        return rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Read words as the public search does: without accents, in any script.

        The rows are looked for once, however often the list reads them.
        """
        if not search_term.strip():
            return queryset, False
        rows = self.model._base_manager.order_by()
        found = self.matching(rows, self.get_search_fields(request), search_term)
        return queryset.filter(pk__in=among(found.values_list("pk", flat=True))), False

    def matching(self, rows: QuerySet, fields: Iterable[str], words: str) -> QuerySet:
        """Return the rows that a search finds."""
        return containing(rows, fields, words)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.slug_from = self.slug_from
        return form

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Let the web address follow the name while both are typed."""
        return {"slug": self.slug_from} if self.slug_from else {}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Put the web address last, and then the reason where there is a change to explain."""
        closing = [field.name for field in self.opts.fields if field.name == "slug"]
        if obj is not None and self.has_change_permission(request, obj):
            closing.append("change_reason")
        moved = ("slug", *FORM_FIELDS)
        kept: list[Any] = [
            (
                title,
                {
                    **options,
                    "fields": [f for f in options["fields"] if f not in moved],
                    "classes": self._classes(request, obj, options),
                },
            )
            for title, options in super().get_fieldsets(request, obj)
        ]
        return [*kept, (None, {"fields": closing, "classes": ["closing"]})] if closing else kept

    def _classes(self, request: HttpRequest, obj: Any, options: Any) -> list[str]:
        """Fold away rare fields in which nothing is entered."""
        classes = [*options.get("classes", [])]
        if RARE in classes:
            names = [*flatten(options["fields"])]
            stored = obj is not None and any(getattr(obj, name) for name in names)
            typed = any(request.POST.get(name) for name in names)
            classes += [] if stored or typed else ["collapse"]
        return classes

    def get_inline_formsets(self, *args: Any, **kwargs: Any) -> list[Any]:
        return [*map(with_button_in_sentence_case, super().get_inline_formsets(*args, **kwargs))]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Name the record, and say what is wrong, with the place of each field."""
        if context["original"] is not None:
            context["title"], context["subtitle"] = str(context["original"]), None
        if context["errors"]:
            form, parts = context["adminform"].form, context["inline_admin_formsets"]
            context["faults"] = [*faults_on_page(form, parts)]
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj._change_reason = form.cleaned_data.get("change_reason", "")
        super().save_model(request, obj, form, change)

    def change_address(self, record: models.Model) -> str:
        """Return the address of a record's form."""
        return self._form_address(record.pk)

    def row_address(self, pk: Any) -> str:
        """Return where a row of the list leads: to its form, for most."""
        return self._form_address(pk)

    def _form_address(self, pk: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])

    def page_address(self, pk: Any) -> str:
        """Return where somebody lands who looks for a record: on its form, for most."""
        return self._form_address(pk)
