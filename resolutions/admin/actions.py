"""Actions on resolutions, each with its votes and its sources in one form."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.admin.entries import CitationInline
from cities.models import Organization
from cities.records.admin import RARE, NumberedForm, PartFormSet, PartInline
from resolutions.admin.base import THROUGH_RESOLUTION, NumberSearchAdmin
from resolutions.desk import result_sentence
from resolutions.models import Action, ActionCitation, Ballot, Meeting, Text


class ActionForm(NumberedForm):
    """Take the date of the meeting unless another is entered."""

    numbered_in = "resolution"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "on" in self.fields:
            self.fields["on"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "on" in self.fields and "on" not in self.errors and not cleaned.get("on"):
            meeting = cleaned.get("meeting")
            if meeting is None:
                self.add_error("on", gettext("Enter the date, or choose the meeting."))
            else:
                cleaned["on"] = meeting.on
        return cleaned


class BallotFormSet(PartFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        """Keep the votes of a published action as they were cast."""
        super().add_fields(form, index)
        if form.instance.pk and not self.instance.is_draft:
            for name in ("member", "choice", "name_as_printed", "choice_as_printed"):
                form.fields[name].disabled = True


class BallotInline(PartInline):
    model = Ballot
    formset = BallotFormSet
    autocomplete_fields = ["member"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("member")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and (obj is None or obj.is_draft)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)


class ActionCitationInline(CitationInline):
    model = ActionCitation
    verbose_name = _("source of this action")
    verbose_name_plural = _("sources of this action")


@admin.register(Action)
class ActionAdmin(NumberSearchAdmin):
    form = ActionForm
    list_display = ["resolution", "number", "on", "kind", "method", "outcome", "publication"]
    list_display_links = ["number", "on"]
    list_filter = ["publication", "kind", "method", "outcome"]
    list_select_related = ["resolution__organization"]
    visible_through = {
        **THROUGH_RESOLUTION,
        "organization": Organization,
        "meeting": Meeting,
        "text": Text,
    }
    resolution_lookup = "resolution__"
    search_fields = [
        "resolution__title",
        "resolution__number",
        "resolution__slug",
        "ballots__member__name",
        "ballots__name_as_printed",
        "mover__name",
        "note",
    ]
    autocomplete_fields = [
        "resolution",
        "organization",
        "meeting",
        "text",
        "mover",
        "seconder",
        "shares_vote_with",
    ]
    inlines = [BallotInline, ActionCitationInline]
    readonly_fields = ["count_and_result"]
    fieldsets = [
        (None, {"fields": ["resolution", "kind", "meeting", "on", "organization", "text"]}),
        (
            _("The motion"),
            {"fields": ["mover", "seconder", "method", "outcome", "shares_vote_with"]},
        ),
        (_("Result of the votes"), {"fields": ["count_and_result"]}),
        (
            _("Votes needed"),
            {"fields": ["requirement", "base", "required_number", "counts_abstentions"]},
        ),
        (
            _("Totals as printed"),
            {
                "classes": [RARE],
                "fields": [
                    "announced_yes",
                    "announced_no",
                    "announced_abstain",
                    "announced_absent",
                    "announced_as",
                ],
            },
        ),
        (
            _("Tie vote, or an outcome that differs from the count"),
            {"classes": [RARE], "fields": ["tie_break", "tie_broken_by", "override_reason"]},
        ),
        (
            _("Agenda and dates"),
            {
                "classes": [RARE],
                "fields": ["agenda_label", "is_late_item", "effective", "veto_until"],
            },
        ),
        (_("Note"), {"fields": ["note"]}),
    ]
    published_hint = _(
        "What a published action says is never overwritten. If it is wrong, a publisher withdraws"
        " it and says why, and you record it again. Its votes and sources stay."
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep an action with its resolution."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "resolution"] if obj is not None and obj.is_draft else fields

    @admin.display(description=_("count and result"))
    def count_and_result(self, action: Action) -> SafeString:
        is_saved = action.pk is not None
        context = {
            "action": action,
            "sentence": result_sentence(action.tally, action.result) if is_saved else "",
            "disagreements": action.disagreements if is_saved else [],
        }
        return render_to_string("admin/resolutions/_result.html", context)
