"""The part of a form that says how a motion was decided, with a choice for each member."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.models import construct_instance
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cities.records.admin.forms import PartialModelForm
from resolutions.course import UNVOTED, Kind
from resolutions.desk import COUNT_LABELS, FAILS, PASSES, result_sentence
from resolutions.models import Action, Member, Roster, VoteRequirement
from resolutions.models.agenda import AGENDA_FIELDS
from resolutions.models.requirements import REQUIREMENT_FIELDS
from resolutions.printed_roll import Named, Reading, read_roll
from resolutions.rolls import Called, offices_held
from resolutions.tally import (
    AWAY,
    BY_CONSENT,
    WITHOUT_NAMES,
    Base,
    Choice,
    Method,
    Rule,
    Tally,
    result,
)

LETTERS = {
    "a": Choice.YES,
    "y": Choice.YES,
    "n": Choice.NO,
    "b": Choice.ABSTAIN,
    "x": Choice.ABSENT,
    "e": Choice.EXCUSED,
    "r": Choice.RECUSED,
}
"""The key of each vote, while a row of the roll has the focus. V is for a voice vote."""


LABELS = [
    *((c.value, c.label) for c in (Choice.YES, Choice.NO, Choice.ABSTAIN, Choice.RECUSED)),
    (Choice.ABSENT.value, Choice.ABSENT.label),
    (Choice.EXCUSED.value, _("Excused")),
    (Choice.NOT_VOTING.value, _("Not voting")),
]
"""The choices of a row, short enough for one line."""


def members_called(roll: Iterable[Called]) -> Any:
    return Member.objects.filter(pk__in=[called.member.pk for called in roll])


def as_initial(requirement: VoteRequirement | None) -> dict[str, Any]:
    """Return how a form begins that has the fields of a requirement on record."""
    return {name: getattr(requirement, name) for name in REQUIREMENT_FIELDS if requirement}


def _as_named(called: Called, offices: dict[int, str]) -> Named:
    member, away = called.member, called.preset if called.preset in AWAY else ""
    office = offices.get(member.pk, called.term.role)
    return Named(member.pk, member.name, member.sort_name, office, away, called.is_certain)


def _as_announced(counts: dict[Choice, int]) -> dict[str, int]:
    """Return printed counts by field of the form: “absent” counts the excused, too."""
    fields = {f"announced_{choice}": count for choice, count in counts.items()}
    if Choice.EXCUSED in counts:
        fields["announced_absent"] = counts.get(Choice.ABSENT, 0) + counts[Choice.EXCUSED]
    return {name: count for name, count in fields.items() if name in RollForm.Meta.fields}


class CalledRows:
    """A form with a field for each member who may be called.

    The page folds away members with unknown terms, until something is in one of their rows.
    """

    roll: list[Called]
    name_of: Any
    __getitem__: Any

    @property
    def rows(self) -> list[tuple[Called, forms.BoundField]]:
        """Each member called, with the field."""
        return [(called, self[self.name_of(called)]) for called in self.roll]

    @property
    def likely_rows(self) -> list[tuple[Called, forms.BoundField]]:
        return [(called, field) for called, field in self.rows if not called.is_unlikely]

    @property
    def unlikely_rows(self) -> list[tuple[Called, forms.BoundField]]:
        """The rows that the page folds away."""
        return [(called, field) for called, field in self.rows if called.is_unlikely]

    @property
    def has_unlikely_rows_filled_in(self) -> bool:
        """Return whether one of the rows folded away has a value, or an error."""
        return any(field.value() or field.errors for __, field in self.unlikely_rows)


class RollForm(CalledRows, PartialModelForm):
    """How a motion was decided, with a choice for each member of the roll."""

    printed = forms.CharField(
        label=_("Votes as printed in the minutes"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "For example: Ayes: Boles, Dunbar. Nays: None. Absent: Robinson. Counts, titles,"
            " given names alone and “all present” are understood, too."
        ),
    )
    totals_only = forms.BooleanField(
        label=_("The source has only the totals, not how each member voted"), required=False
    )
    reading: Reading | None = None
    """What the pasted line said, once the roll is filled in from it."""

    class Meta:
        model = Action
        fields = [
            "kind",
            "method",
            "outcome",
            "mover",
            "seconder",
            *REQUIREMENT_FIELDS,
            "announced_yes",
            "announced_no",
            "announced_abstain",
            "announced_absent",
            "announced_as",
            "tie_break",
            "tie_broken_by",
            "override_reason",
            *AGENDA_FIELDS,
            "note",
        ]
        widgets = {
            "override_reason": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(
        self,
        data: Any,
        *,
        action: Action,
        roll: list[Called],
        requirements: dict[str, VoteRequirement],
        initial: dict[str, Any],
        **options: Any,
    ) -> None:
        self.roster: Roster = action.roster
        self.roll, self.requirements = roll, requirements
        initial = {**initial, **as_initial(requirements.get(initial["kind"]))}
        super().__init__(data, instance=action, initial=initial, label_suffix="", **options)
        self._add_roll()
        self._offer_movers()

    def _offer_kinds(self, *first: tuple[str, str]) -> None:
        """Offer what is put to a vote."""
        kinds = [(kind.value, kind.label.capitalize()) for kind in Kind if kind not in UNVOTED]
        self.fields["kind"].choices = [*first, *kinds]  # type: ignore[attr-defined]

    @abstractmethod
    def _offer_movers(self) -> None:
        """Offer `movers` to move and second; each form does it in its own way."""

    @property
    def movers(self) -> list[Called]:
        """Whoever is called: of the rows that are folded away, those with a vote alone."""
        return [called for called, vote in self.rows if not called.is_unlikely or vote.value()]

    def _add_roll(self) -> None:
        """Add a row of choices for each member called."""
        for called in self.roll:
            not_called = [] if called.is_certain else [("", _("Not called"))]
            self.fields[self.name_of(called)] = forms.ChoiceField(
                label=str(called.member),
                choices=[*LABELS, *not_called],
                widget=forms.RadioSelect,
                initial=called.preset,
                required=False,
            )

    @staticmethod
    def name_of(called: Called) -> str:
        return f"vote_{called.member.pk}"

    @property
    def has_members_in_office(self) -> bool:
        return any(called.is_certain for called in self.roll)

    def fill_in(self) -> None:
        """Fill in the roll call from the pasted text of the minutes; check nothing yet.

        A member that the text does not name for sure is left without a vote for the clerk to
        choose. A count that is entered already stays.
        """
        entered = {name: self[name].data for name in self.fields}
        offices = offices_held(self.instance)
        roll = [_as_named(called, offices) for called in self.roll]
        self.reading = read_roll((entered["printed"] or "")[:2000], roll)
        votes = self.reading.votes
        filled: dict[str, Any] = {
            self.name_of(called): votes.get(called.member.pk, "") for called in self.roll
        }
        for name, count in _as_announced(self.reading.counts).items():
            filled[name] = entered[name] or count
        self.initial = {**self.initial, **entered, **filled, "method": Method.ROLL_CALL}
        self.is_bound = False
        # The fields keep with what the form began.
        self._bound_fields_cache.clear()  # type: ignore[attr-defined]
        self._offer_movers()

    def clean(self) -> dict[str, Any]:
        """Drop presets that do not go with how it was decided."""
        cleaned = super().clean() or self.cleaned_data
        counts = [cleaned.get(name) for name in ("announced_yes", "announced_no")]
        if cleaned.get("method") in WITHOUT_NAMES and None in counts:
            cleaned["requirement"] = ""
        if not cleaned.get("requirement"):
            cleaned["base"], cleaned["counts_abstentions"] = "", False
        if cleaned.get("requirement") != "number":
            cleaned["required_number"] = None
        return cleaned

    def _post_clean(self) -> None:
        """Leave the rules for later: they are checked once, with the roll."""
        fields = self._meta.fields
        self.instance = construct_instance(self, self.instance, fields, None)

    @property
    def votes(self) -> dict[Member, str]:
        """The vote of each member; empty if votes were not recorded by name."""
        cleaned = self.cleaned_data
        if cleaned["method"] != Method.ROLL_CALL or cleaned["totals_only"]:
            return {}
        cast = {called.member: self.cleaned_data[self.name_of(called)] for called in self.roll}
        return {member: choice for member, choice in cast.items() if choice}

    # --- what the page shows beside the choices ---

    @cached_property
    def sentence(self) -> str:
        """The count and the result of the roll as it stands in the form."""
        if self["method"].value() != Method.ROLL_CALL or self["totals_only"].value():
            return ""
        tally = Tally.of(filter(None, (field.value() for __, field in self.rows)))
        if not tally.roll:
            return ""
        rule = self._rule()
        seats = self.roster.places
        if rule is None or (seats is None and rule.base == Base.SEATS):
            return result_sentence(tally, None)
        outcome = result(tally, rule, seats=seats or 0, serving=tally.roll)
        return result_sentence(tally, outcome)

    def _rule(self) -> Rule | None:
        requirement, base = self["requirement"].value(), self["base"].value()
        number = str(self["required_number"].value() or "")
        if not requirement or not base or (requirement == "number" and not number.isdecimal()):
            return None
        counts = bool(self["counts_abstentions"].value())
        return Rule(requirement, base, int(number[:6]) if number.isdecimal() else None, counts)

    @property
    def rule_on_record(self) -> VoteRequirement | None:
        """Return the rule that the form begins with, for the kind of motion chosen."""
        return self.requirements.get(self["kind"].value() or "")

    @property
    def for_the_script(self) -> dict[str, Any]:
        """Return what vote.js needs to count as the server does, and the sentences it shows."""
        return {
            "seats": self.roster.places,
            "letters": LETTERS,
            "counts": COUNT_LABELS,
            "passes": PASSES,
            "fails": FAILS,
            "withoutNames": WITHOUT_NAMES,
            "byConsent": BY_CONSENT,
            "requirements": {kind: as_initial(one) for kind, one in self.requirements.items()},
        }
