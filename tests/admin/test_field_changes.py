"""What staff read about a change: what was, what is, and which draft comes first."""

from types import SimpleNamespace

import pytest

from cities.models import City
from cities.records.admin.field_changes import FieldChanges
from cities.records.admin.forms import _change_sentence
from tests.admin.people import at, browser, browser_with
from tests.factories import make_agreement, make_relationship


def test_choice_is_shown_by_its_label_and_nothing_as_empty():
    changes = FieldChanges(City, City())
    kind = SimpleNamespace(field="kind")

    assert changes.prepare_delta_change_value(kind, "city") == "City"
    assert changes.prepare_delta_change_value(kind, None) == ""


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


@pytest.mark.django_db
def test_draft_to_publish_first_is_linked_only_for_people_who_may_see_it():
    relationship = make_relationship(publication="draft")
    agreement = make_agreement(relationship, publication="draft")
    rights = [f"{action}_agreement" for action in ("view", "change", "preview", "publish")]
    link = f'href="{at(relationship)}"'

    publisher = browser("Publisher").post(at(agreement, "publish")).text
    other = browser_with(*rights).post(at(agreement, "publish")).text

    assert (link in publisher, link in other) == (True, False)
    agreement.refresh_from_db()
    assert agreement.is_draft
