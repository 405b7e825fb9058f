"""The bodies' plain sentences, for templates."""

from django import template

from resolutions import words

register = template.Library()
register.filter(words.course_sentence)
register.filter(words.what_was_done)
register.filter(words.how_decided)
register.filter(words.in_short)
register.filter(words.heading)
register.filter(words.votes_needed)
register.filter(words.result_sentence)
register.filter(words.counts)
register.filter(words.announced_counts)
register.filter(words.effect_sentence)
register.filter(words.asks)
register.filter(words.how_long)
register.filter(words.term_seat)
register.filter(words.term_time)
register.filter(words.meeting_sentence)
register.filter(words.clock_sentences)
register.filter(words.is_answered)
register.filter(words.by_consent)
register.filter(words.reply_sentence)
register.filter(words.no_reply)
register.filter(words.version_name)
