"""The stock admin."""

from django.contrib import admin

from tests.benchmark.twin import models

admin.site.register(
    [
        models.Agreement,
        models.City,
        models.Exchange,
        models.Meeting,
        models.Member,
        models.Organization,
        models.Program,
        models.Relationship,
        models.RelationshipType,
        models.Source,
    ]
)


class ActionInline(admin.StackedInline):
    model = models.Action
    extra = 0


@admin.register(models.Resolution)
class ResolutionAdmin(admin.ModelAdmin):
    list_display = ["number", "title", "organization", "kind", "status", "decided_on"]
    list_display_links = ["number", "title"]
    list_filter = ["kind", "status", "organization"]
    list_select_related = ["organization"]
    list_per_page = 50
    search_fields = [
        "title",
        "slug",
        "number",
        "summary",
        "sponsors__name",
        "relationships__partner__name",
    ]
    inlines = [ActionInline]
