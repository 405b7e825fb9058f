"""The forms of a new partner city, of its relationship and of what that rests on, for one page."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.admin.agreements import AgreementForm
from cities.admin.city_forms import CityForm
from cities.admin.entries import EntryForm
from cities.admin.relationships import RelationshipForm
from cities.models import CityName
from cities.models.names import NameKind
from cities.records.admin import RecordForm
from cities.records.languages import language_of_country
from cities.standing import Kind

CITY_FIELDS = [
    "name",
    "country",
    "subdivision",
    "is_another_place",
    "kind",
    "summary",
    "latitude",
    "longitude",
    "is_outside_country",
    "time_zone",
    "website",
    "slug",
]
RELATIONSHIP_FIELDS = ["lead_commissioner", "story"]
ENTRY_FIELDS = [
    "kind",
    "on",
    "type",
    "decided_by",
    "note",
    "party",
    "planned_for",
    "partner_term",
    "partner_term_language",
    "acceptance",
    "why_not_preferred",
]
AGREEMENT_FIELDS = [
    "kind",
    "signed_on",
    "signed_at",
    "term",
    "until",
    "renewal_rule",
    "note",
    "slug",
]
SOURCE_FIELDS = [
    "title",
    "kind",
    "reliability",
    "address",
    "document",
    "publisher",
    "dated",
    "language",
    "archived_address",
    "finding_aid",
    "slug",
]
CITATION_FIELDS = ["source", "locator", "says"]


class NewRecordForm(forms.ModelForm):
    """A form of a new record among others: nobody has a change to explain yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name in ("change_reason", "seen"):
            self.fields.pop(name, None)


class WaitingForm(forms.ModelForm):
    """A form whose rules are checked once the records that its own one names are saved."""

    is_due = False

    def _post_clean(self) -> None:
        if self.is_due:
            super()._post_clean()  # type: ignore[misc]

    def check_rules(self, **named: Any) -> bool:
        """Return whether the record follows its rules, with the records that it names."""
        for name, record in named.items():
            setattr(self.instance, name, record)
            if name in self.fields:
                self.cleaned_data[name] = record
        self.is_due = True
        self._post_clean()
        return not self.errors


class NewCityForm(NewRecordForm, CityForm):
    """The city itself."""


class NativeNameForm(WaitingForm, NewRecordForm):
    """What a city is called in its own language, which often follows from its country."""

    country = ""

    class Meta:
        model = CityName
        fields = ["text", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = NameKind.NATIVE
        self.fields["text"].label = _("Name in its own language")
        self.fields["language"].label = _("Language of that name")
        self.fields["language"].required = False
        self.fields["language"].help_text = _(
            "A language code, such as ja, ko or ru. Filled in from the country where it has one"
            " language."
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("text") and not cleaned.get("language") and "language" not in self.errors:
            cleaned["language"] = language_of_country(self.country)
            if not cleaned["language"]:
                self.add_error(
                    "language", _("Enter the language of the name, such as fr or ja-Latn.")
                )
        return cleaned


class NewRelationshipForm(WaitingForm, NewRecordForm, RelationshipForm):
    """The relationship of the home city with the new one."""


class FirstEntryForm(WaitingForm, NewRecordForm, EntryForm):
    """What the history of the relationship begins with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = _(
            "As exact as the source: October 1, 1969; August 2013; 1994; about 1994."
        )
        self.fields["type"].label = _("Type of relationship")
        self.fields["type"].help_text = _(
            "Leave blank only for a visit, a note or a dispute, or if it is not agreed yet."
        )
        self.fields["decided_by"].label = _("Who decided")
        self.fields["decided_by"].help_text = _(
            "It needs the authority to decide on that date. Leave blank if we have no record."
        )


class NewAgreementForm(NewRecordForm, AgreementForm):
    """The agreement, if there is one. Its web address follows from the city and the year."""

    is_document = forms.BooleanField(
        label=_("The source below is the signed document, or reports the signing"),
        required=False,
        initial=True,
    )
    city_slug = ""
    entry_date: Any = None
    """When the first entry says that it was signed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].help_text = _(
            "Leave blank if it was signed on the date of the entry above, or if we have no record."
        )

    def has_changed(self) -> bool:
        """Return whether there is an agreement: the box alone does not say so."""
        return any(name != "is_document" for name in self.changed_data)

    def clean(self) -> dict[str, Any]:
        if "signed_on" not in self.errors and not self.cleaned_data.get("signed_on"):
            self.cleaned_data["signed_on"] = self.entry_date
        return super().clean()

    def slug_text(self, cleaned: dict[str, Any]) -> str:
        return f"{self.city_slug} {super().slug_text(cleaned)}"

    def note_entry(self, entry: FirstEntryForm) -> None:
        """Take the date of an entry that says that it was signed."""
        cleaned = entry.cleaned_data
        self.entry_date = cleaned.get("on") if cleaned.get("kind") == Kind.SIGNED else None

    def warning(self, entry: Any) -> str:
        """Return a question about an agreement dated surely before the entry that signs it."""
        signed_on, on = self.instance.signed_on_latest, entry.on_earliest
        if entry.kind != Kind.SIGNED or not signed_on or not on or signed_on >= on:
            return ""
        return gettext(
            "The agreement is dated %(signed)s, before the entry that it was signed (%(entry)s)."
            " Check both dates."
        ) % {"signed": self.instance.signed_on, "entry": entry.on}


class NewSourceForm(NewRecordForm, RecordForm):
    """A source that is not on record yet."""


class FirstCitationForm(WaitingForm, NewRecordForm):
    """Which source supports the first entry, and where in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.required = False
        source.label = _("A source on record")
        source.help_text = _("Type a few letters of its title.")
        source.widget = source.widget.widget  # no link to add one: its fields stand below
        source.widget.choices, source.widget.is_required = source.choices, False
