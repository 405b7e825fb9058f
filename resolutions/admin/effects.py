"""Effects of resolutions, and the replies to them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cities.models import City, Entry, Organization, Relationship
from cities.records.admin import NumberedForm
from resolutions.admin.base import THROUGH_RESOLUTION, NumberSearchAdmin, rows_of
from resolutions.models import Effect, Reply


class EffectForm(NumberedForm):
    numbered_in = "resolution"


@admin.register(Effect)
class EffectAdmin(NumberSearchAdmin):
    form = EffectForm
    list_display = ["resolution", "number", "kind", "what", "addressed_to", "publication"]
    list_display_links = ["number", "kind"]
    list_filter = ["publication", "kind"]
    visible_through = {
        **THROUGH_RESOLUTION,
        "addressed_to": Organization,
        "relationship": Relationship,
        "place": City,
        "entry": Entry,
    }
    resolution_lookup = "resolution__"
    search_fields = [
        "what",
        "resolution__title",
        "resolution__slug",
        "resolution__number",
        "addressed_to__name",
        "relationship__partner__name",
        "relationship__partner__names__text",
    ]
    autocomplete_fields = ["resolution", "addressed_to", "relationship", "place", "entry"]
    readonly_fields = ["replies"]
    fieldsets = [
        (None, {"fields": ["resolution", "kind", "what", "addressed_to"]}),
        (_("Subject"), {"fields": ["relationship", "place", "entry"]}),
        (_("Replies"), {"fields": ["replies"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("resolution", "addressed_to")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep an effect with its resolution."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "resolution"] if obj is not None and obj.is_draft else fields

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Attach the replies that the user may see."""
        effect = super().get_object(request, *args, **kwargs)
        if effect is not None:
            effect.replies_shown = rows_of(self, request, Reply, effect=effect)
        return effect

    @admin.display(description=_("replies"))
    def replies(self, effect: Any) -> SafeString:
        context = {"effect": effect, "replies": getattr(effect, "replies_shown", [])}
        return render_to_string("admin/resolutions/_replies.html", context)


class ReplyForm(NumberedForm):
    numbered_in = "effect"


@admin.register(Reply)
class ReplyAdmin(NumberSearchAdmin):
    form = ReplyForm
    list_display = ["organization", "on", "answer", "effect", "publication"]
    list_display_links = ["organization", "on"]
    list_filter = ["publication", "answer"]
    visible_through = {
        "organization": Organization,
        "effect": Effect,
        "effect__resolution": THROUGH_RESOLUTION["resolution"],
        "effect__resolution__organization": Organization,
        "effect__relationship": Relationship,
        "effect__place": City,
    }
    resolution_lookup = "effect__resolution__"
    search_fields = [
        "summary",
        "organization__name",
        "effect__what",
        "effect__resolution__title",
        "effect__resolution__number",
    ]
    autocomplete_fields = ["effect", "organization", "source"]
    fieldsets = [
        (None, {"fields": ["effect", "organization", "on", "answer", "summary", "source"]})
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("organization", "effect__resolution")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep a reply with the effect that it answers."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "effect"] if obj is not None and obj.is_draft else fields
