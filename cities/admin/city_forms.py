"""The form of a city, with its state or province chosen by name."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import City
from cities.records.admin import RecordForm
from cities.records.countries import country_name, subdivision_choices
from cities.records.folding import plain
from cities.records.publishing import Publication
from cities.records.subdivision_names import codes_alike, codes_of, english_name


def find_subdivision(text: str, country: str) -> str:
    """Return the code of a country's state or province by a name of it, or by the code itself.

    Raise `ValidationError` with names that are spelled alike if there is none, or more than one.
    """
    found = codes_of(text, country)
    if len(found) == 1:
        return found[0]
    names = dict(subdivision_choices(country))
    alike = [names[code] for code in found or codes_alike(text, country)]
    if found:
        sentence = gettext("%(country)s has several called “%(name)s”. Choose one: %(alike)s.")
    elif alike:
        sentence = gettext(
            "%(country)s has no state or province called “%(name)s”. Did you mean %(alike)s?"
        )
    else:
        sentence = gettext("%(country)s has no state or province called “%(name)s”.")
    raise ValidationError(
        sentence % {"country": country_name(country), "name": text[:80], "alike": ", ".join(alike)}
    )


def offered_subdivisions(country: str) -> list[dict[str, str]]:
    """Return the names of a country’s states and provinces, each as a list shows it."""
    return [
        {"name": name, "label": _with_english_name(name, english_name(code))}
        for code, name in subdivision_choices(country)
    ]


def _with_english_name(name: str, english: str) -> str:
    return f"{name} ({english})" if english and english not in name else name


_PLACE = ("name", "country", "subdivision")

ANSWERS = ("is_another_place", "is_outside_country")
"""Boxes that are shown once what they answer is asked, or was answered before."""


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
        context = {"list_id": list_id, "names": offered_subdivisions(self.country)}
        return super().render(name, value, attrs, renderer) + render_to_string(
            "admin/cities/_subdivision_names.html", context
        )


def namesake(city: City, name: str, country: str, subdivision: str) -> City | None:
    """Return another city on record, perhaps a draft, of a name in a state or province."""
    others = City.objects.exclude(pk=city.pk).exclude(publication=Publication.WITHDRAWN)
    there = others.filter(plain_name=plain(name), country=country, subdivision=subdivision)
    return there.order_by("slug").first()


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
        self._stored = {name: getattr(self.instance, name) for name in _PLACE}
        widget: Any = self.fields["subdivision"].widget
        widget.country = country or ""
        for name in ANSWERS:
            if name in self.fields and not getattr(self.instance, name):
                self.fields[name].widget = forms.HiddenInput()

    def _post_clean(self) -> None:
        """Show the boxes that answer the questions which the form raises."""
        super()._post_clean()  # type: ignore[misc]
        for name in ANSWERS:
            if name in self.errors:
                self.fields[name].widget = forms.CheckboxInput()

    def clean(self) -> dict[str, Any]:
        """Store the code of the state or province whose name was chosen."""
        cleaned = super().clean()
        name, country = cleaned.get("subdivision"), cleaned.get("country")
        if name and country:
            try:
                cleaned["subdivision"] = find_subdivision(name, country)
            except ValidationError as error:
                self.add_error("subdivision", error)
        is_answered = cleaned.get("is_another_place")
        if not self.errors and not is_answered and self._is_elsewhere(cleaned):
            self._question_namesake(cleaned)
        return cleaned

    def _is_elsewhere(self, cleaned: dict[str, Any]) -> bool:
        """Return whether the city is new, or gets another name or place."""
        return any(cleaned.get(name, stored) != stored for name, stored in self._stored.items())

    def _question_namesake(self, cleaned: dict[str, Any]) -> None:
        """Question a city that may be on record already, unless it is said to be another one."""
        place = [cleaned.get(name, self._stored[name]) or "" for name in _PLACE]
        found = namesake(self.instance, *place)
        if found is None:
            return
        sentence = gettext(
            "{city} is already on record, with the web address “{ending}”."
            ' <a href="{address}" target="_blank">Open that one</a> in a new tab, or check this'
            " box if yours is another place."
        )
        address = reverse("admin:cities_city_partner", args=[found.pk])
        error = format_html(sentence, city=found, ending=found.slug, address=address)
        self.add_error("is_another_place", error)
