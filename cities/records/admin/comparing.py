"""Two versions of a record compared word by word, with the parts that it had then."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext
from simple_history.models import DeletedObject

from cities.records.admin.facts import Fact, compared, is_hidden, said_in_fields
from cities.records.admin.link_history import LinkHistory
from cities.records.keys import key_in

VERSIONS_OFFERED = 500
"""The newest versions of a record, among which two are chosen."""

STATE = ("publication", "withdrawn_on", "withdrawn_because")
"""What no form changes, and what a version says all the same."""


class Chosen(NamedTuple):
    """A version of a record, and when the next one began."""

    version: Any
    until: Any

    def has(self, part: Any) -> bool:
        """Return whether a version of a part was there: parts are saved after their record."""
        return self.until is None or part.history_date < self.until


class ComparingAdmin:
    """Compare any two versions in the history of a record."""

    model: Any
    opts: Any
    inlines: Any
    admin_site: Any
    get_queryset: Any
    get_history_queryset: Any
    change_address: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.compare_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_compare"
        others: Any = super()
        return [path("<int:pk>/compare/", view, name=name), *others.get_urls()]

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what differs between two versions, or why two versions cannot be compared."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        versions, record = self._readable_history(request, pk)
        offered = [*versions.order_by("-history_id")[:VERSIONS_OFFERED]]
        asked = [request.GET.get(name, "") for name in ("from", "to")]
        numbers = [key_in(one) or 0 for one in asked]
        found = {one.history_id: one for one in versions.filter(history_id__in=numbers)}
        problem = _problem(asked, numbers, found)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Compare versions: %s") % record,
            "opts": self.opts,
            "record": record,
            "pk": pk,
            "offered": offered,
            "chosen": numbers,
            "problem": problem,
        }
        if not problem:
            context |= self._differences(request, pk, sorted(found.items()), offered)
        return render(request, "admin/records/compared_versions.html", context)

    def _readable_history(self, request: HttpRequest, pk: int) -> tuple[QuerySet, Any]:
        """Return the versions that the user may see, and the record or what it was last.

        Raise `Http404` or `PermissionDenied` as the page of the history does.
        """
        versions = self.get_history_queryset(request, self.model.history, "id", pk)
        record = self.get_queryset(request).filter(pk=pk).first()
        if record is None and self.model._base_manager.filter(pk=pk).exists():
            raise Http404
        newest = versions.order_by("-history_id").first() if record is None else None
        record = record or (newest and newest.instance)
        if record is None:
            raise Http404
        here: Any = self
        if not here.has_view_history_or_change_history_permission(request, record):
            raise PermissionDenied
        return versions, record

    def _differences(
        self, request: HttpRequest, pk: int, two: list[tuple[int, Any]], offered: list[Any]
    ) -> dict[str, Any]:
        (older, __), (newer, __) = two
        of_record = self.model.history.filter(id=pk, history_id__gt=older).order_by("history_id")
        later = list(of_record.values_list("history_id", "history_date"))
        chosen = [
            Chosen(version, next((day for after, day in later if after > number), None))
            for number, version in two
        ]
        before, after = self._facts(request, pk, chosen)
        facts = compared(before, after)
        return {
            "older": two[0][1],
            "newer": two[1][1],
            "steps": [one for one in offered if older < one.history_id <= newer],
            "changed": [one for one in facts if one.is_changed],
            "unchanged": [one for one in facts if not one.is_changed],
        }

    # --- what a version says ---

    def _facts(self, request: HttpRequest, pk: int, chosen: list[Chosen]) -> list[list[Fact]]:
        """Return what each version says, without drafts that the reader may not see."""
        found = [[*_own(request, one.version)] for one in chosen]
        numbers = [one.version.history_id for one in chosen]
        for field in self.model.history.model._history_m2m_fields:
            related_admin = self.admin_site.get_model_admin(field.related_model)
            links = LinkHistory.of(field, numbers, related_admin, request)
            for number, facts in zip(numbers, found, strict=True):
                if names := sorted(links.names.get(number, [])):
                    facts.append(Fact(capfirst(str(field.verbose_name)), "; ".join(names)))
        for model, parent in self.part_links():
            versions = model.history.filter(**{parent: pk}).order_by("history_date", "history_id")
            rows = [*versions._select_related_history_tracked_objs()]
            for one, facts in zip(chosen, found, strict=True):
                facts += _parts(request, parent, filter(one.has, rows))
        return found

    def part_links(self) -> Iterator[tuple[Any, str]]:
        """Yield the models of the parts in the record's form, each with the link to the record."""
        for inline in self.inlines:
            model: Any = inline.model
            parent = next(
                name
                for name in model.parents
                if issubclass(self.model, model._meta.get_field(name).related_model)
            )
            yield model, parent


def _problem(asked: list[str], numbers: list[int], found: dict[int, Any]) -> str:
    if not any(asked):
        return gettext("Choose two versions to compare.")
    if not all(number in found for number in numbers):
        return gettext("The history of this record has no such version. Choose two versions.")
    if numbers[0] == numbers[1]:
        return gettext("You chose the same version twice. Choose two different versions.")
    return ""


def _own(request: HttpRequest, version: Any) -> Iterator[Fact]:
    state = [name for name in STATE if hasattr(version, name)]
    yield from said_in_fields(request, _as_it_was(version), also=state)


def _parts(request: HttpRequest, parent: str, versions: Iterable[Any]) -> Iterator[Fact]:
    """Yield what parts said in their newest of these versions."""
    newest = {version.id: version for version in versions}
    for version in sorted(newest.values(), key=attrgetter("id")):
        part = _as_it_was(version)
        if version.history_type == "-" or is_hidden(request, part, besides=parent):
            continue
        facts = said_in_fields(request, part, besides=part.parents)
        said = "; ".join(f"{fact.label}: {fact.value}" for fact in facts)
        yield Fact(capfirst(str(part._meta.verbose_name)), said, row=version.id)


def _as_it_was(version: Any) -> Any:
    """Return the record of a version; what it names may be deleted since."""
    record = version.instance
    for field in record._meta.concrete_fields:
        key = getattr(record, field.attname) if field.is_relation else None
        if key is None:
            continue
        try:
            named = getattr(version, field.name)
        except ObjectDoesNotExist:
            named = None
        field.set_cached_value(record, named or DeletedObject(field.related_model, key))
    return record
