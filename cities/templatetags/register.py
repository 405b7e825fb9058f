"""Plain sentences about records, for templates."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.safestring import SafeString

from cities import words
from cities.models import Agreement, City
from cities.place_names import full_name, name_apart
from cities.postmarks import Postmark, postmark_of
from cities.records.dates import on_or_in
from cities.records.drawings import drawn
from cities.records.languages import language_name
from cities.standing import Standing

register = template.Library()
register.filter(words.standing_sentence)
register.filter(words.short_standing)
register.filter(words.what_happened)
register.filter(words.headline)
register.filter(words.rest_of_note)
register.filter(words.no_document)
register.filter(words.who_decided)
register.filter(on_or_in)
register.filter(words.lower_first)
register.filter(words.titled)
register.filter("also_with", Agreement.also_with)
register.filter("country_on", City.country_on)
register.filter(words.anniversary_sentence)
register.filter(words.distance)
register.simple_tag(words.time_difference)
register.filter(language_name)
register.filter(full_name)
register.filter(name_apart)


@register.simple_tag
def postmark(place: Any, standing: Standing | None) -> SafeString:
    """The postmark at the head of a page: one on a page, for its parts have ids."""
    return drawn("cities/_postmark.html", postmark=postmark_of(place, standing))


@dataclass(frozen=True)
class RelationshipRow:
    """What a list shows of a relationship."""

    address: str
    name: str
    native_names: tuple[tuple[str, str], ...]
    country: str
    status: str
    standing: str
    postmark: Postmark


@register.simple_tag
def relationship_row(relationship: Any) -> SafeString:
    """A relationship in a list. The page includes ``cities/_postmark_parts.html`` once."""
    place, standing = relationship.partner, relationship.standing
    row = RelationshipRow(
        relationship.get_absolute_url(),
        name_apart(place),
        tuple((name.language, name.text) for name in place.native_names),
        place.country_name,
        str(standing.status),
        words.short_standing(standing, relationship.home),
        postmark_of(place, standing),
    )
    return drawn("cities/_relationship_row.html", row=row)
