"""Exchanges: the state of each today, what its report needs, and the next one made from it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Relationship
from cities.records.admin import PartInline, PicturedAdmin
from cities.records.keys import key_in
from exchanges.actions import announce_again
from exchanges.admin.forms import ExchangeForm
from exchanges.gaps import missing_in, with_report
from exchanges.models import Exchange, ExchangeRole, Funding, Program
from exchanges.states import Phase


class ExchangeRoleInline(PartInline):
    model = ExchangeRole
    autocomplete_fields = ["organization"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("organization")


class FundingInline(PartInline):
    model = Funding
    autocomplete_fields = ["organization", "source"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("organization")


class YearFilter(admin.SimpleListFilter):
    """Filter by the year in which an exchange certainly began."""

    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(year), str(year)) for year in years_of(model_admin.get_queryset(request))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        year = as_year(self.value())
        return queryset if year is None else queryset.of_year(year)


class PhaseFilter(admin.SimpleListFilter):
    """Filter by the state of exchanges today."""

    title = _("state today")
    parameter_name = "phase"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Phase.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(phase=self.value()) if self.value() else queryset


def years_of(exchanges: QuerySet) -> list[int]:
    """Return the years in which some of them certainly began, newest first."""
    days = exchanges.order_by().values_list("begins_earliest__year", "begins_latest__year")
    return sorted(
        {first for first, last in days.distinct() if first == last and first}, reverse=True
    )


def as_year(text: str | None) -> int | None:
    """Return the year that a text names, or None."""
    is_year = text is not None and text.isdecimal() and 1 <= int(text) <= 9999
    return int(text) if is_year and text else None


@admin.register(Exchange)
class ExchangeAdmin(PicturedAdmin):
    form = ExchangeForm
    change_form_template = "admin/exchanges/exchange_form.html"
    change_list_template = "admin/exchanges/exchange_list.html"
    list_display = ["title", "program_title", "begins", "phase_today", "publication"]
    list_filter = ["publication", PhaseFilter, YearFilter, "program__kind"]
    visible_through = {"program": Program}
    list_select_related = ["program"]
    search_fields = [
        "title",
        "slug",
        "program__title",
        "relationships__partner__name",
        "relationships__partner__names__text",
    ]
    search_help_text = _("Search by title, by program, or by any name of a partner.")
    slug_from = ["title"]
    autocomplete_fields = ["program", "relationships", "where", "counts_source", "sources"]
    readonly_fields = ["shown_picture", "state_today"]
    inlines = [ExchangeRoleInline, FundingInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "program",
                    "title",
                    "relationships",
                    "direction",
                    "state",
                    "reason",
                    "state_today",
                ]
            },
        ),
        (_("When and where"), {"fields": ["begins", "ends", "where", "venue"]}),
        (
            _("Applications and cost"),
            {
                "fields": [
                    "applications_open_on",
                    "applications_close_on",
                    "cost",
                    "cost_currency",
                    "cost_words",
                ]
            },
        ),
        (
            _("Report (after the exchange)"),
            {
                "description": _(
                    "Leave blank anything you do not know. Do not name anyone who took part."
                ),
                "fields": [
                    "people_sent",
                    "people_hosted",
                    "students",
                    "volunteers",
                    "volunteer_hours",
                    "home_stays",
                    "counts_source",
                    "story",
                ],
            },
        ),
        (_("Picture"), {"fields": ["picture", "picture_alt", "picture_credit"]}),
        (_("Sources"), {"fields": ["sources"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        exchanges: Any = super().get_queryset(request)
        return exchanges.with_phase(localdate())

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Attach what its report needs, before a form changes anything."""
        exchange = super().get_object(request, *args, **kwargs)
        if exchange is not None:
            models.prefetch_related_objects([exchange], "funding__organization")
            exchange.missing_today = missing_in(exchange, localdate())
        return exchange

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the title and the partners of the program in the address."""
        initial = super().get_changeform_initial_data(request)
        program = self._program_named(request)
        if program is None:
            return initial
        relationships = [
            relationship.pk
            for relationship in program.relationships.all()
            if not relationship.is_withdrawn
        ]
        return {"title": program.title, "relationships": relationships, **initial}

    def _program_named(self, request: HttpRequest) -> Program | None:
        """Return the program if there is one that the user may see."""
        number = key_in(request.GET.get("program", ""))
        programs = self.admin_site.get_model_admin(Program).get_queryset(request)
        return programs.filter(pk=number).first() if number else None

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Load relationships with the two cities by which each is shown."""
        if db_field.name == "relationships":
            kwargs["queryset"] = Relationship.objects.select_related("home", "partner")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("program"), ordering="program__title")
    def program_title(self, exchange: Exchange) -> str:
        return exchange.program.title

    @admin.display(description=_("state today"), ordering="phase")
    def phase_today(self, exchange: Any) -> str:
        return str(Phase(exchange.phase).label)

    @admin.display(description=_("state today"))
    def state_today(self, exchange: Exchange) -> SafeString:
        """Show what follows from the state and the dates, and what the report needs."""
        phase = getattr(exchange, "phase", None)  # none of a new one, or of an older version
        context = {
            "phase": phase and Phase(phase).label,
            "missing": getattr(exchange, "missing_today", []),
        }
        return render_to_string("admin/exchanges/_today.html", context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        context["may_announce_again"] = self.has_add_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("report/", view(self.report_view), name="exchanges_exchange_report"),
            path(
                "<int:pk>/announce-again/",
                view(self.announce_again_view),
                name="exchanges_exchange_announce_again",
            ),
            *super().get_urls(),
        ]

    def announce_again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a draft of the next edition and open it; a draft needs no confirmation."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        exchange = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        edition = announce_again(exchange=exchange)
        self.log_addition(request, edition, "announced again")
        messages.success(
            request,
            gettext(
                "This is a draft of the next edition. Enter its dates and add the year to its"
                " title. If you do not need it, delete it."
            ),
        )
        return HttpResponseRedirect(self.change_address(edition))

    def report_view(self, request: HttpRequest) -> HttpResponse:
        """List what the report of a year still needs; of last year unless one is named."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        today = localdate()
        year = as_year(request.GET.get("year")) or today.year - 1
        exchanges: Any = self.get_queryset(request)
        years = {*years_of(exchanges), today.year, today.year - 1, year}
        found = with_report(exchanges.of_year(year)).order_by("begins_earliest", "slug")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Missing from the %s report") % year,
            "opts": self.opts,
            "year": year,
            "years": sorted(years, reverse=True),
            "rows": [(exchange, missing_in(exchange, today)) for exchange in found],
        }
        return render(request, "admin/exchanges/report.html", context)
