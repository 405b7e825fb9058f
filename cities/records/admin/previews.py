"""The public page of a record as it will be, before anybody else can see it."""

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path

from cities.records.admin.permissions import may
from cities.records.change_sets import ChangeSet
from cities.records.deeds import drafts_in
from cities.records.drafts import belonging_to, with_what_they_need
from cities.records.edits import edits_in
from cities.records.keys import key_in
from cities.records.previewing import (
    as_if_published,
    has_page,
    public_address,
    public_answer,
)
from cities.records.publishing import Publishable

_BEGINNING = re.compile(r"<body[^>]*>")


class PreviewAdmin:
    """Show what the public will read of a draft, with all that belongs to it."""

    admin_site: Any
    model: Any
    opts: Any
    get_queryset: Any
    change_address: Any

    def preview_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.preview_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [path("<int:pk>/preview/", view, name=name)]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the public page of a draft as if its set, or what belongs to it, were public."""
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method != "GET" or not may(request, "preview", self.model):
            raise PermissionDenied
        if record.is_withdrawn or not has_page(self.model):
            raise Http404
        change_set = self._chosen_set(request)
        edits: dict[Any, list[str]] = {}
        if change_set is not None:
            edits = {change: [] for change in edits_in(change_set)}
        if record.is_published and not edits:
            return HttpResponseRedirect(public_address(record))
        drafts = self._shown_with(request, record, change_set)
        models = {*map(type, drafts), *(change.model for change in edits)}
        if not all(may(request, "preview", model) for model in models):
            raise PermissionDenied

        def read() -> HttpResponse:
            row = self.model._base_manager.get(pk=pk)
            return public_answer(request, public_address(row))

        return self._marked(record, as_if_published(drafts, read, edits))

    @staticmethod
    def _chosen_set(request: HttpRequest) -> ChangeSet | None:
        number = key_in(request.GET.get("set", ""))
        return ChangeSet.objects.unsettled().filter(pk=number).first() if number else None

    def _shown_with(
        self, request: HttpRequest, record: Publishable, change_set: ChangeSet | None
    ) -> list[Publishable]:
        """Return the drafts that are public in the preview, in the order of publishing."""
        own = [record] if record.is_draft else []
        if change_set is not None:
            return with_what_they_need([*drafts_in(change_set), *own])
        belonging = belonging_to(with_what_they_need(own))
        shown = (one for one in belonging if may(request, "preview", type(one)))
        return with_what_they_need([*own, *shown])

    def _marked(self, record: Publishable, answer: HttpResponse) -> HttpResponse:
        """Return a page that says what it is. As all of the admin, no cache keeps it."""
        context = {"record": record, "address": self.change_address(record)}
        banner = render_to_string("admin/change_sets/_preview.html", context)
        text = _BEGINNING.sub(lambda match: match[0] + banner, answer.content.decode(), count=1)
        return HttpResponse(text, status=answer.status_code)
