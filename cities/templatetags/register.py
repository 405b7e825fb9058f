"""The register's plain sentences, for templates."""

from django import template

from cities import words
from cities.languages import language_name

register = template.Library()
register.filter(words.standing_sentence)
register.filter(words.short_standing)
register.filter(words.what_happened)
register.filter(words.lower_first)
register.filter(language_name)
