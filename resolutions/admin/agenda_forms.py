"""The agenda of a meeting: each item a resolution, its text, and how it was decided."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet
from django.forms.renderers import get_default_renderer
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Source
from resolutions.admin.chambers import Chamber
from resolutions.admin.draft_forms import (
    AtHandField,
    AtHandMultipleField,
    DraftForm,
    show_as_entered,
)
from resolutions.admin.roll_forms import RollForm
from resolutions.clauses import Clause, fingerprint, read, tidy
from resolutions.course import Kind, Outcome
from resolutions.desk import (
    is_same_vote,
    newest_text,
    next_action_number,
    record_together,
    record_vote,
)
from resolutions.models import Action, Meeting, Resolution, Text
from resolutions.models.texts import TextKind
from resolutions.models.versions import MAX_TEXT

ITEMS_PER_PAGE = 12
"""Items that one page takes: with more, a browser would send more fields than the site reads."""


class NewResolutionForm(DraftForm):
    """A resolution that is not on record yet."""

    slug_from = ["number", "title"]
    relationships = AtHandMultipleField(label=_("About the relationships"), required=False)

    class Meta:
        model = Resolution
        fields = [
            "number",
            "title",
            "kind",
            "number_year",
            "summary",
            "introduced_by",
            "relationships",
        ]
        widgets = {"summary": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"number": _("As printed, for example 2018-001. Leave blank if unknown.")}

    def has_changed(self) -> bool:
        """Return whether anything was entered, beyond what the form begins with."""
        return any(self[name].data for name in self.fields if name != "kind")


WITH_WHICH_IT_BEGINS = {
    "kind",
    "method",
    "outcome",
    "requirement",
    "base",
    "required_number",
    "counts_abstentions",
    "same_vote",
    DELETION_FIELD_NAME,
}
"""Fields of an item that say nothing while the others are blank."""


class ItemForm(RollForm):
    """One item: a new resolution or one on record, its text, and what was decided."""

    resolution = AtHandField(label=_("Resolution on record"), required=False)
    find = forms.CharField(label=_("Search by title or number"), max_length=200, required=False)
    wording = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Paste it. Each WHEREAS and each RESOLVED becomes a clause of its own."),
    )
    same_vote = forms.BooleanField(
        label=_("Decided by the same vote as the item above"), required=False
    )
    mover = AtHandField(label=_("Moved by"), required=False)
    seconder = AtHandField(label=_("Seconded by"), required=False)
    locator = forms.CharField(label=_("Page or section"), max_length=120, required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, chamber: Chamber, prefix: str, **options: Any
    ) -> None:
        self.chamber = chamber
        self.new = NewResolutionForm(
            data,
            prefix=f"{prefix}-new",
            label_suffix="",
            empty_permitted=True,
            use_required_attribute=False,
        )
        super().__init__(
            data,
            action=chamber.action(),
            roll=chamber.roll,
            requirements=chamber.requirements,
            initial=chamber.presets,
            prefix=prefix,
            **options,
        )
        self._offer_kinds()
        self.decided_meanwhile: Resolution | None = None
        """What is chosen though it is no longer offered: the page is old, or was sent twice."""
        self._offer_resolutions()
        new_fields: Any = self.new.fields
        new_fields["relationships"].offer(chamber.relationships)

    def _offer_resolutions(self) -> None:
        words, chosen = "", ""
        if self.is_bound:
            words, chosen = self["find"].data or "", self["resolution"].data or ""
        found = self.chamber.find(words[:200]) if words else self.chamber.open_resolutions
        offered = [*found]
        if chosen and chosen not in {str(one.pk) for one in offered}:
            self.decided_meanwhile = self.chamber.named(chosen)
            offered += filter(None, [self.decided_meanwhile])
        fields: Any = self.fields
        fields["resolution"].offer(offered)

    def _offer_movers(self) -> None:
        members = {called.member.pk: called.member for called in self.movers}
        fields: Any = self.fields
        for name in ("mover", "seconder"):
            fields[name].offer(members.values())

    @property
    def number(self) -> str:
        """The number of the item on the page, from 1; of one to be copied, a mark for it."""
        index = str(self.prefix).rpartition("-")[2]
        return str(int(index) + 1) if index.isdecimal() else "__number__"

    @property
    def title(self) -> str:
        return gettext("Item %(number)s") % {"number": self.number}

    # --- what was entered ---

    @property
    def is_sent(self) -> bool:
        """Return whether the browser sent it; else it is to be added to the page."""
        return self.is_bound and self.add_prefix("kind") in self.data

    def has_changed(self) -> bool:
        """Return whether anything of an item was entered: one without is passed over."""
        votes = {self.name_of(called): called.preset for called in self.roll}
        if any((self[name].data or "") != preset for name, preset in votes.items()):
            return True
        names = self.fields.keys() - WITH_WHICH_IT_BEGINS - votes.keys()
        return any(self[name].data for name in names) or self.new.has_changed()

    def show_again(self) -> None:
        """Show what was entered and check nothing; a new item shows with what it begins."""
        is_sent = self.is_sent
        form: Any
        for form in (self, self.new):
            if is_sent:
                show_as_entered(form)
            form.is_bound = False
            form._bound_fields_cache.clear()

    def fill_in(self) -> None:
        if self.roll:
            super().fill_in()
        show_as_entered(self.new)

    @property
    def clauses(self) -> list[Clause]:
        """The clauses into which the text that was entered is divided."""
        return read(tidy(str(self["wording"].value() or "")[:MAX_TEXT]))

    @property
    def is_on_record(self) -> bool:
        """Return whether the fields for a resolution on record are unfolded."""
        return any(self[name].value() or self[name].errors for name in ("resolution", "find"))

    @property
    def has_more_of_the_resolution(self) -> bool:
        """Return whether the folded fields of a new resolution say anything."""
        names = ("number_year", "introduced_by", "summary", "relationships")
        return any(self.new[name].value() or self.new[name].errors for name in names)

    @property
    def rare_fields(self) -> list[forms.BoundField]:
        """The fields that the page folds away."""
        shown = ("kind", "method", "outcome", "mover", "seconder")
        return [self[name] for name in RollForm.Meta.fields if name not in shown]

    @property
    def has_more_of_the_vote(self) -> bool:
        """Return whether one of them has an error, or says what the form did not begin with."""
        names = [self["locator"], self["totals_only"], *self.rare_fields]
        given = [field for field in names if field.name not in WITH_WHICH_IT_BEGINS]
        return any(field.errors for field in names) or any(field.value() for field in given)

    def is_valid(self) -> bool:
        """Check both forms: a new resolution is needed where none on record is chosen."""
        is_valid = super().is_valid()
        if self.has_changed() and not self.cleaned_data.get("resolution"):
            self.new.empty_permitted = False
        return self.new.is_valid() and is_valid

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("resolution") and self.new.has_changed():
            self.add_error(
                "resolution",
                gettext("Choose a resolution on record or enter a new one, but not both."),
            )
        return cleaned

    # --- recording ---

    def record(
        self, meeting: Meeting, source: Source | None, vote: Action | None
    ) -> tuple[Action, list[Any]]:
        """Record the item as drafts. Return its action, and all that is new.

        `vote` is the vote on the item above, which may have decided this one as well. Raise
        `ValidationError` if a rule refuses something; the form says so beside the field.
        """
        made: list[Any] = []
        resolution = self.cleaned_data["resolution"]
        if resolution is None:
            resolution = self._record_resolution(meeting, source)
            made.append(resolution)
        if self.cleaned_data["wording"]:
            made.append(self._record_text(resolution, source))
        action = self._record_vote(meeting, resolution, source, vote)
        return action, [*made, action]

    def _record_resolution(self, meeting: Meeting, source: Source | None) -> Resolution:
        self.new.instance.organization = meeting.organization
        try:
            resolution = self.new.record()
        except ValidationError as error:
            self.new.add_error(None, error)
            raise
        if source is not None:
            resolution.sources.add(source)
        return resolution

    def _record_text(self, resolution: Resolution, source: Source | None) -> Text:
        """Record what was pasted: as adopted if it was, else as it was put to the vote."""
        was_adopted = (self.instance.kind, self.instance.outcome) == (Kind.ADOPT, Outcome.CARRIED)
        kind = TextKind.ADOPTED if was_adopted else TextKind.INTRODUCED
        text = Text(
            resolution=resolution, kind=kind, text=self.cleaned_data["wording"], source=source
        )
        try:
            text.full_clean()
            text.save()
        except ValidationError as error:
            self.add_error("wording", error.messages)
            raise
        return text

    def _record_vote(
        self,
        meeting: Meeting,
        resolution: Resolution,
        source: Source | None,
        vote: Action | None,
    ) -> Action:
        cited = {"source": source, "locator": self.cleaned_data["locator"]}
        try:
            if self.cleaned_data["same_vote"] and vote is not None:
                [shared] = record_together(vote, [resolution], **cited)
                return shared
            action = self.instance
            action.resolution, action.meeting = resolution, meeting
            action.organization, action.on = meeting.organization, meeting.on
            action.text = newest_text(resolution)
            number = next_action_number(resolution)
            record_vote(action, number=number, votes=self.votes, **cited)
        except ValidationError as error:
            self.add_error(None, error)
            raise
        return action

    def is_recorded_in(self, action: Action) -> bool:
        """Return whether an action on record says the same: the page was sent twice."""
        resolution = self.cleaned_data["resolution"] or self.new.instance
        recorded = action.resolution
        if resolution.pk not in (None, recorded.pk):
            return False
        if (resolution.number, resolution.title) != (recorded.number, recorded.title):
            return False
        wording = self.cleaned_data["wording"]
        if wording and (action.text is None or action.text.sha256 != fingerprint(tidy(wording))):
            return False
        if self.cleaned_data["same_vote"]:
            return action.shares_vote_with_id is not None
        sent = self.chamber.action()
        for name in ("kind", "mover", "seconder", "method", "outcome"):
            setattr(sent, name, getattr(self.instance, name))
        sent.meeting, sent.on, sent.text = action.meeting, action.on, action.text
        return is_same_vote(action, sent, self.votes)


class AgendaFormSet(BaseFormSet):
    """The items of one meeting, in their order."""

    form = ItemForm
    renderer: Any = None
    extra = 1
    can_order, can_delete, can_delete_extra = False, True, True
    min_num, validate_min = 0, False
    max_num = absolute_max = ITEMS_PER_PAGE
    validate_max = True
    edit_only = False
    default_error_messages = {
        "missing_management_form": _(
            "The form did not arrive in full, so nothing is saved. Open this page again."
        ),
        "too_many_forms": _("One page takes no more than 12 items. Record the others later."),
    }

    def __init__(self, data: Any, *, chamber: Chamber) -> None:
        self.renderer = get_default_renderer()
        super().__init__(data, prefix="items", form_kwargs={"chamber": chamber})

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[DELETION_FIELD_NAME].label = _("Leave this item out")

    @cached_property
    def items(self) -> list[ItemForm]:
        """The items that are to be recorded."""
        every: list[Any] = self.forms
        return [form for form in every if form.has_changed() and not self._is_left_out(form)]

    @staticmethod
    def _is_left_out(form: Any) -> bool:
        return bool(form[DELETION_FIELD_NAME].data)

    def clean(self) -> None:
        if not self.items:
            raise ValidationError(
                gettext(
                    "Enter at least one item: the title of a resolution, or one on record. To"
                    " record only that the Council met, use the form of the meeting."
                )
            )
        first = self.items[0]
        if first["same_vote"].data:
            first.add_error("same_vote", gettext("There is no item above this one."))
