"""Plain sentences about records, for templates."""

from typing import Any

from django import template

from cities import words
from cities.postmarks import Postmark, postmark_of
from cities.records.dates import on_or_in
from cities.records.languages import language_name
from cities.standing import Standing

register = template.Library()
register.filter(words.standing_sentence)
register.filter(words.short_standing)
register.filter(words.what_happened)
register.filter(words.headline)
register.filter(words.rest_of_note)
register.filter(words.who_decided)
register.filter(on_or_in)
register.filter(words.lower_first)
register.filter(words.titled)
register.filter(language_name)


@register.inclusion_tag("cities/_postmark.html")
def postmark(place: Any, standing: Standing | None) -> dict[str, Postmark]:
    """The postmark at the head of a page: one on a page, for its parts have ids."""
    return {"postmark": postmark_of(place, standing)}


@register.inclusion_tag("cities/_postmark_small.html")
def small_postmark(place: Any, standing: Standing | None) -> dict[str, Postmark]:
    """The postmark in a list. The page includes ``cities/_postmark_parts.html`` once."""
    return {"postmark": postmark_of(place, standing)}
