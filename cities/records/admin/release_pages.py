"""The pages on which a draft is published, or sent for review, with all that belongs to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cities.records.admin.permissions import may
from cities.records.admin.set_contents import form_address
from cities.records.change_sets import (
    REASON_LENGTH,
    ChangeSet,
    Deed,
    ProposedChange,
    kind_of,
)
from cities.records.corrections import correct
from cities.records.deeds import Problem, RefusedError
from cities.records.drafts import belonging_to, with_what_they_need
from cities.records.publishing import Publishable
from cities.records.releasing import propose, publish, submit
from cities.records.second_person import seen_by_one_alone
from cities.records.whole import key_of


@dataclass(frozen=True)
class Listed:
    """A draft on such a page: the one that the page is about needs it, or it can be left out."""

    record: Any
    noun: str
    address: str
    is_needed: bool
    is_offered: bool
    """Whether it is offered with a box; others come along with what needs them."""

    @property
    def value(self) -> str:
        return f"{kind_of(self.record)}-{self.record.pk}"


class ReleaseAdmin:
    """Publish a draft with all that it needs, at once or after somebody reviewed it."""

    admin_site: Any
    model: Any
    opts: Any
    get_queryset: Any
    change_address: Any
    page_address: Any
    log_change: Any

    def release_urls(self) -> list[Any]:
        def name(action: str) -> str:
            return f"{self.opts.app_label}_{self.opts.model_name}_{action}"

        view = self.admin_site.admin_view
        return [
            path("<int:pk>/publish/", view(self.publish_view), name=name("publish")),
            path("<int:pk>/submit/", view(self.submit_view), name=name("submit")),
            path("<int:pk>/correct/", view(self.correct_view), name=name("correct")),
        ]

    may_be_corrected = False
    """Whether a published record is corrected by another one that takes its place."""

    def may_begin_correction(self, request: HttpRequest) -> bool:
        """Return whether the user may: by adding entries, or by publishing them."""
        return may(request, "add", self.model) or may(request, "publish", self.model)

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin a correction, and open its draft."""
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may_be_corrected or not self.may_begin_correction(request):
            raise PermissionDenied
        if request.method != "POST" or not record.is_published:
            raise PermissionDenied
        return HttpResponseRedirect(self.change_address(correct(record, author=request.user)))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go from a correction to its set, where it is compared and published."""
        here: Any = super()
        response = here.response_change(request, obj)
        change_set = correcting_set(obj) if "_save" in request.POST else None
        return response if change_set is None else HttpResponseRedirect(set_address(change_set))

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """List what becomes public together, then publish it all or nothing."""
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        if not may(request, "publish", self.model):
            raise PermissionDenied
        correcting = correcting_set(record)
        if correcting is not None:
            return HttpResponseRedirect(set_address(correcting))
        problems: Iterable[Problem] = ()
        if request.method == "POST":
            held = self.model._base_manager.select_for_update().get(pk=pk)
            if held.is_published:
                return HttpResponseRedirect(self.page_address(record.pk))
            try:
                published = publish(
                    self._chosen(request, record),
                    by=request.user,
                    reason=self._reason(request),
                    alone_because=request.POST.get("alone", ""),
                )
            except RefusedError as error:
                problems = error.problems
            except ValidationError as error:
                problems = [Problem(None, sentence) for sentence in error.messages]
            else:
                self._say_published(request, record, published)
                return HttpResponseRedirect(self.page_address(record.pk))
        return self._page(request, record, "publish", problems)

    def submit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """List what is to become public together, then send it for review."""
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        if not may(request, "change", self.model) or not record.is_draft:
            raise PermissionDenied
        waiting = self.waiting_set(record)
        if waiting is not None:
            return HttpResponseRedirect(set_address(waiting))
        problems: Iterable[Problem] = ()
        if request.method == "POST":
            drafts = with_what_they_need(self._chosen(request, record))
            drafts = [draft for draft in drafts if may(request, "preview", type(draft))]
            try:
                change_set = propose(
                    drafts, author=request.user, name=str(record), reason=self._reason(request)
                )
            except ValidationError as error:
                problems = [Problem(None, sentence) for sentence in error.messages]
            else:
                submit(change_set)
                messages.success(request, _("Sent for review: %s") % change_set)
                return HttpResponseRedirect(set_address(change_set))
        return self._page(request, record, "submit", problems)

    @staticmethod
    def waiting_set(record: Publishable) -> ChangeSet | None:
        """Return the set in which a draft is on its way."""
        return ChangeSet.objects.unsettled().naming(kind_of(record), [record.pk]).first()

    @staticmethod
    def _reason(request: HttpRequest) -> str:
        return request.POST.get("reason", "").strip()

    def _chosen(self, request: HttpRequest, record: Publishable) -> list[Publishable]:
        """Return the record with those beside it that are checked."""
        wanted = set(request.POST.getlist("also"))
        offered = self._offered(request, with_what_they_need([record])) if wanted else []
        return [record, *(one for one in offered if f"{kind_of(one)}-{one.pk}" in wanted)]

    @staticmethod
    def _offered(request: HttpRequest, needed: list[Publishable]) -> list[Publishable]:
        """Return the drafts that are read with a record and what it needs."""
        return [one for one in belonging_to(needed) if may(request, "preview", type(one))]

    def _page(
        self, request: HttpRequest, record: Any, action: str, problems: Iterable[Problem]
    ) -> HttpResponse:
        listed = self._listed(request, record) if record.is_draft else []
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish") if action == "publish" else _("Send for review"),
            "action": action,
            "record": record,
            "opts": self.opts,
            "listed": listed,
            "problems": [self._placed(request, record, problem) for problem in problems],
            "reason": request.POST.get("reason", ""),
            "reason_length": REASON_LENGTH,
            "alone": self._seen_by_one_alone(request, action, listed),
            "alone_because": request.POST.get("alone", ""),
            "address": self.change_address(record),
        }
        return render(request, "admin/change_sets/prepare.html", context)

    @staticmethod
    def _seen_by_one_alone(
        request: HttpRequest, action: str, listed: list[Listed]
    ) -> list[Publishable]:
        """Return what the user would publish without a second person."""
        drafts = [one.record for one in listed] if action == "publish" else []
        return seen_by_one_alone(request.user, drafts=drafts)

    def _listed(self, request: HttpRequest, record: Publishable) -> list[Listed]:
        """Return what belongs together: what is needed first."""
        first = with_what_they_need([record])
        needed = {key_of(one) for one in first}
        others = self._offered(request, first)
        offered = {key_of(one) for one in others}
        rows = with_what_they_need([*first, *others])
        listed = [
            Listed(
                row,
                str(row._meta.verbose_name),
                form_address(self.admin_site, request, row),
                key_of(row) in needed,
                key_of(row) in offered,
            )
            for row in rows
            if may(request, "preview", type(row))
        ]
        return sorted(listed, key=lambda one: not one.is_needed)

    def _placed(
        self, request: HttpRequest, record: Publishable, problem: Problem
    ) -> tuple[str, str, Any]:
        """Return a problem with the address and the record if it is about another one."""
        other = problem.record
        if other is None or key_of(other) == key_of(record):
            return problem.sentence, "", None
        return problem.sentence, form_address(self.admin_site, request, other), other

    def _say_published(
        self, request: HttpRequest, record: Publishable, published: list[Publishable]
    ) -> None:
        for one in published:
            self.admin_site.get_model_admin(type(one)).log_change(request, one, "publish")
        others = len(published) - 1
        if not others:
            messages.success(request, _("Published: %s") % record)
            return
        sentence = ngettext(
            "Published: %(record)s, with %(count)s other record.",
            "Published: %(record)s, with %(count)s other records.",
            others,
        )
        messages.success(request, sentence % {"record": record, "count": others})


def correcting_set(record: Any) -> ChangeSet | None:
    """Return the set in which a draft is to take the place of a published record."""
    if not getattr(record, "is_draft", False):
        return None
    changes = ProposedChange.objects.filter(
        kind=kind_of(record), object_id=record.pk, deed=Deed.CORRECT
    )
    return ChangeSet.objects.unsettled().filter(pk__in=changes.values("change_set")).first()


def set_address(change_set: ChangeSet) -> str:
    """Return the page of a set."""
    return reverse("admin:cities_changeset_change", args=[change_set.pk])
