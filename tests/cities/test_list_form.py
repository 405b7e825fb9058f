"""The parts of the form above a list: cities/records/list_form.py."""

import pytest
from django import forms
from pytest_django.asserts import assertHTMLEqual

from cities.records.list_form import PlainSelect

CHOICES = [("", "Any"), ("otsu", "Ōtsu <old> & “new”"), ('a"b', "Quoted"), (2013, "2013")]


@pytest.mark.parametrize("value", [None, "", "otsu", 'a"b', "2013", 2013, "unknown", "<b>"])
def test_a_plain_select_is_what_django_writes(value):
    attributes = {"id": "id_city", "aria-describedby": "id_city_helptext", "required": True}
    for own in ({}, {"class": "wide", "disabled": False}):
        plain, django = (
            widget(own, choices=CHOICES).render("city", value, attributes)
            for widget in (PlainSelect, forms.Select)
        )
        assertHTMLEqual(plain, django)
