"""The exchanges' plain sentences, for templates."""

from django import template

from cities.records.schema_org import data_block
from exchanges import review, sections, words

register = template.Library()
register.filter(words.when)
register.filter(words.phase_sentence)
register.filter(words.phase)
register.filter(words.who_travels)
register.filter(words.partners_of)
register.filter(words.report)
register.filter(words.total_sentence)
register.filter(words.bars)
register.filter(words.money_sentence)
register.filter(review.status_of)
register.filter(sections.section_title)
register.filter(sections.editions)
register.filter(data_block)
