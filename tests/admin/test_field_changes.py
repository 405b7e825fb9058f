"""What staff read about a change: what was, and what is."""

from types import SimpleNamespace

import pytest

from cities.models import City
from cities.records.admin.field_changes import FieldChanges
from cities.records.admin.forms import _change_sentence


def test_choice_and_code_are_shown_by_their_labels_and_nothing_as_empty():
    changes = FieldChanges(City, City())
    kind = SimpleNamespace(field="kind")

    assert changes.prepare_delta_change_value(kind, "city") == "City"
    assert changes.prepare_delta_change_value(kind, None) == ""
    subdivision = SimpleNamespace(field="subdivision")
    assert changes.prepare_delta_change_value(subdivision, "JP-25") == "Shiga"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("", "5", "Population: “5” was added."),
        ("5", "", "Population: “5” was removed."),
        ("5", "6", "Population: changed from “5” to “6”."),
    ],
)
def test_change_by_somebody_else_is_named(old, new, sentence):
    assert _change_sentence({"field": "Population", "old": old, "new": new}) == sentence
