"""What is written without templates is what Django's templates make of it."""

from datetime import date

import pytest
from django import forms
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.forms.boundfield import BoundWidget
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from cities.models import City
from lrscc.form_renderer import FormRenderer
from tests.factories import make_city

HOSTILE = "\"><script>alert(1)</script>&amp;'"
CHOICES = [
    ("", "---------"),
    (None, "Nothing"),
    (HOSTILE, HOSTILE),
    (mark_safe("<b>"), mark_safe("<b>bold</b>")),
    (1, 1234567),
    (2.5, 2.5),
    (True, True),
    ("lazy", _("Name")),
    (HOSTILE, [("in", HOSTILE), ("both", "大津市")]),
    (_("Name"), [("late", _("Name"))]),
    ("", [("apart", "In a group without a name")]),
]
ATTRIBUTES = {"id": "id_it", "required": True, "disabled": False, "data-it": HOSTILE, HOSTILE: 7}


@pytest.mark.parametrize("attributes", [None, {}, ATTRIBUTES])
@pytest.mark.parametrize("value", [None, "", HOSTILE, 1, "both", "unknown", ["in", 1, "lazy"]])
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple])
def test_select_is_what_django_makes_of_it(kind, value, attributes):
    widget = kind(attrs={"class": "wide"}, choices=CHOICES)

    ours, djangos = (
        widget.render(f"it{HOSTILE}", value, attributes, renderer())
        for renderer in (FormRenderer, DjangoTemplates)
    )

    assert ours == djangos
    assert hasattr(ours, "__html__")


def test_choices_none_yes_and_no_are_what_django_makes_of_them():
    for widget in (forms.Select(), forms.SelectMultiple(), forms.NullBooleanSelect()):
        written = {widget.render("it", None, None, FormRenderer()) for __ in range(2)}
        assert written == {widget.render("it", None, None, DjangoTemplates())}


INPUTS = [
    *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput),
    *(forms.HiddenInput, forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.Textarea),
    *(forms.CheckboxInput, forms.FileInput, forms.widgets.Input, AdminURLFieldWidget),
    *(forms.MultipleHiddenInput, forms.ClearableFileInput, forms.SplitDateTimeWidget),
]
VALUES = [None, "", HOSTILE, mark_safe("<b>"), 0, 1234567, 2.5, True, date(2013, 8, 19), _("Name")]


@pytest.mark.parametrize("kind", INPUTS)
def test_field_is_what_django_makes_of_it(kind):
    for attributes in (None, {}, ATTRIBUTES):
        for value in VALUES:
            widget = kind(attrs={"class": "wide"})
            given = [value] if isinstance(widget, forms.MultipleHiddenInput) else value
            if isinstance(widget, forms.SplitDateTimeWidget):
                given = None

            ours, djangos = (
                widget.render(f"it{HOSTILE}", given, attributes, renderer())
                for renderer in (FormRenderer, DjangoTemplates)
            )

            assert ours == djangos
            assert hasattr(ours, "__html__")


@pytest.mark.parametrize("kind", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_choice_with_its_label_is_what_django_makes_of_it(kind):
    for attributes in ({}, ATTRIBUTES):
        widget = kind(attrs={"class": "wide"}, choices=CHOICES)
        parts = list(widget.subwidgets(f"it{HOSTILE}", ["in", 1], attributes))
        whole = widget.render(f"it{HOSTILE}", ["in", 1], attributes, FormRenderer())
        assert whole == widget.render(f"it{HOSTILE}", ["in", 1], attributes, DjangoTemplates())
        for data in parts:
            for wrap_label in (False, True):
                ours, djangos = (
                    BoundWidget(widget, data, renderer()).tag(wrap_label=wrap_label)
                    for renderer in (FormRenderer, DjangoTemplates)
                )
                assert ours == djangos


@pytest.mark.django_db
def test_choice_of_records_is_what_django_makes_of_it():
    place = make_city(name=HOSTILE)
    make_city("lansing")
    field = forms.ModelChoiceField(City.objects.all())

    ours, djangos = (
        field.widget.render("it", place.pk, None, renderer())
        for renderer in (FormRenderer, DjangoTemplates)
    )

    assert ours == djangos
    assert ours.count("<option") == 3


def test_forms_of_the_site_are_written_so():
    assert type(get_default_renderer()) is FormRenderer
