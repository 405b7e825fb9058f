"""Programs: who runs them, their exchanges, and the next exchange in the same form."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cities.contacts import warn_if_personal
from cities.models import Relationship
from cities.records.admin import PartInline, PublishableAdmin
from exchanges.admin.forms import NextExchangeForm
from exchanges.models import Exchange, Program, ProgramRole


class ProgramRoleInline(PartInline):
    model = ProgramRole
    autocomplete_fields = ["organization"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("organization")


class NextExchangeInline(PartInline):
    """One new exchange with the program’s partners; those on record have their own form."""

    model = Exchange
    form = NextExchangeForm
    verbose_name = _("next exchange")
    verbose_name_plural = verbose_name
    fields = [
        "title",
        "direction",
        "state",
        "begins",
        "ends",
        "where",
        "applications_open_on",
        "applications_close_on",
        "cost",
        "cost_currency",
        "slug",
    ]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["where"]
    extra = 1
    max_num = 1
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Exchange.objects.none()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Program)
class ProgramAdmin(PublishableAdmin):
    change_form_template = "admin/exchanges/program_form.html"
    list_display = ["title", "kind", "audience", "since", "publication"]
    list_filter = ["publication", "kind", "audience"]
    search_fields = [
        "title",
        "slug",
        "relationships__partner__name",
        "relationships__partner__names__text",
    ]
    search_help_text = _("Search by title, or by any name of a partner.")
    slug_from = ["title"]
    autocomplete_fields = ["relationships", "sources"]
    readonly_fields = ["editions"]
    inlines = [ProgramRoleInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "kind",
                    "relationships",
                    "summary",
                    "since",
                    "until",
                ]
            },
        ),
        (
            _("Who can take part, and how"),
            {
                "fields": [
                    "audience",
                    "for_whom",
                    "how_to_apply",
                    "application_address",
                    "contact_office",
                    "contact_email",
                ]
            },
        ),
        (_("Sources"), {"fields": ["sources"]}),
        (_("Exchanges"), {"fields": ["editions"]}),
    ]

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Attach its exchanges that the user may see."""
        program = super().get_object(request, *args, **kwargs)
        if program is not None:
            exchanges = self.admin_site.get_model_admin(Exchange).get_queryset(request)
            program.editions_shown = [*exchanges.filter(program=program)]
        return program

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Offer a copy of the newest exchange, to those who may add one."""
        shown = getattr(context["original"], "editions_shown", [])
        if self.admin_site.get_model_admin(Exchange).has_add_permission(request):
            context["last_edition"] = _last(shown)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Add the next exchange, which is no part of it: it has a history of its own."""
        return [*self.inlines, NextExchangeInline]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Load relationships with the two cities by which each is shown."""
        if db_field.name == "relationships":
            kwargs["queryset"] = Relationship.objects.select_related("home", "partner")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Program, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "contact_email" in form.changed_data:
            warn_if_personal(request, obj.contact_email)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Give the next exchange the program’s partners."""
        super().save_formset(request, form, formset, change)
        if formset.model is Exchange:
            for exchange in formset.new_objects:
                relationships = form.instance.relationships.filter(withdrawn_on__isnull=True)
                exchange.relationships.set(relationships)

    @admin.display(description=_("exchanges on record"))
    def editions(self, program: Program) -> SafeString:
        context = {
            "program": program,
            "editions": getattr(program, "editions_shown", []),
        }
        return render_to_string("admin/exchanges/_editions.html", context)


def _last(editions: list[Exchange]) -> Exchange | None:
    """Return the newest exchange with a date that was not withdrawn."""
    kept = [edition for edition in editions if not edition.is_withdrawn]
    dated = [edition for edition in kept if edition.begins_earliest is not None]
    return max(dated, key=lambda edition: edition.begins_earliest, default=None)
