"""Parts of pages that are drawn once for the same values."""

import re

import pytest

from cities.models import City
from cities.postmarks import postmark_of
from cities.records import drawings
from tests.factories import make_city, make_partnership, make_source
from tests.reading import lines_of

pytestmark = pytest.mark.django_db


def test_same_values_are_drawn_once(monkeypatch):
    rendered = []
    render = drawings.render_to_string
    monkeypatch.setattr(
        drawings, "render_to_string", lambda *given: rendered.append(given) or render(*given)
    )
    place, other = make_city("otsu"), make_city("oslo")
    namesake = make_city("otsu-2", name="Otsu")
    drawings._drawn.cache_clear()

    same = [
        drawings.drawn("cities/_postmark.html", postmark=postmark_of(each))
        for each in (place, place, namesake)
    ]
    different = drawings.drawn("cities/_postmark.html", postmark=postmark_of(other))

    assert len(rendered) == 2
    assert len(set(same)) == 1
    assert different not in same


def test_record_is_no_plain_value():
    """It is equal to itself whatever was changed in it: its drawing would be stale."""
    with pytest.raises(TypeError, match="drawn from plain values, not from records"):
        drawings.drawn("cities/_postmark.html", postmark=make_city("otsu"))


def test_list_and_map_follow_each_change_at_once(client):
    partner = City.objects.filter(pk=make_partnership("otsu").partner_id)
    partner.update(latitude="35.018", longitude="135.854", geography_source=make_source())
    before = client.get("/cities/")

    partner.update(name="Ōtsu", longitude="100")

    after = client.get("/cities/")
    assert "Otsu" in before.text
    assert "Otsu" not in after.text
    assert "Ōtsu United States since October 1, 1969" in lines_of(after)
    pins = [
        re.findall(r'translate\(([^)]*)\)"><use class="pin', page.text) for page in (before, after)
    ]
    assert len(pins[0]) == len(pins[1]) == 1
    assert pins[0] != pins[1]
