"""The form of a city, with its state or province chosen by name."""

from difflib import get_close_matches
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.admin import RecordForm
from cities.records.countries import country_name, subdivision_choices
from cities.records.folding import fold


def find_subdivision(text: str, country: str) -> str:
    """Return the code of a country's state or province by its name, or by the code itself.

    Raise `ValidationError` with names that are spelled alike if there is none.
    """
    choices = subdivision_choices(country)
    wanted = fold(text.strip())
    for code, name in choices:
        if wanted in (fold(name), fold(code)):
            return code
    names = {fold(name): name for __, name in choices}
    alike = [names[match] for match in get_close_matches(wanted, names)]
    sentence = gettext("%(country)s has no state or province called “%(name)s”.")
    if alike:
        sentence = gettext(
            "%(country)s has no state or province called “%(name)s”. Did you mean %(alike)s?"
        )
    raise ValidationError(
        sentence % {"country": country_name(country), "name": text[:80], "alike": ", ".join(alike)}
    )


class SubdivisionInput(forms.TextInput):
    """A text box that offers a country's states and provinces while one types."""

    country = ""

    class Media:
        js = ["lrscc/admin/subdivisions.js"]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        list_id = f"id_{name}_names"
        attrs = {
            **(attrs or {}),
            "list": list_id,
            "autocomplete": "off",
            "data-names": reverse("admin:cities_city_subdivisions"),
        }
        names = [name for __, name in subdivision_choices(self.country)]
        context = {"list_id": list_id, "names": names}
        return super().render(name, value, attrs, renderer) + render_to_string(
            "admin/cities/_subdivision_names.html", context
        )


class CityForm(RecordForm):
    subdivision = forms.CharField(
        label=_("State or province"),
        required=False,
        max_length=100,
        widget=SubdivisionInput,
        help_text=_("Choose the country first, then start typing and pick a name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self["country"].value() if "country" in self.fields else self.instance.country
        code, stored_country = self.instance.subdivision, self.instance.country
        if code:
            stored_names = dict(subdivision_choices(stored_country))
            self.initial["subdivision"] = stored_names.get(code, code)
        widget: Any = self.fields["subdivision"].widget
        widget.country = country or ""

    def clean(self) -> dict[str, Any]:
        """Store the code of the state or province whose name was chosen."""
        cleaned = super().clean()
        name, country = cleaned.get("subdivision"), cleaned.get("country")
        if name and country:
            try:
                cleaned["subdivision"] = find_subdivision(name, country)
            except ValidationError as error:
                self.add_error("subdivision", error)
        return cleaned
