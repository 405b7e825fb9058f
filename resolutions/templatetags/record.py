"""The plain sentences about votes, members and meetings, for templates."""

from django import template

from resolutions import course_words, words

register = template.Library()
register.filter(course_words.course_sentence)
register.filter(course_words.not_adopted_sentence)
register.filter(course_words.action_label)
register.filter(words.method_sentence)
register.filter(words.vote_count)
register.filter(words.action_heading)
register.filter(words.requirement_sentence)
register.filter(words.result_sentence)
register.filter(words.counts)
register.filter(words.announced_counts)
register.filter(words.effect_sentence)
register.filter(words.is_request)
register.filter(words.how_long)
register.filter(words.seat_name)
register.filter(words.seat_time)
register.filter(words.votes_needed)
register.filter(words.motion_name)
register.filter(words.term_seat)
register.filter(words.term_time)
register.filter(words.meeting_sentence)
register.filter(words.clock_sentences)
register.filter(words.awaits_reply)
register.filter(words.count_columns)
register.filter(words.names_caption)
register.filter(words.reply_sentence)
register.filter(words.no_reply)
register.filter(words.version_name)
