"""What a standing and an entry say, in plain sentences."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import number_format
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.anniversaries import Anniversary
from cities.distances import MILE, hours_ahead, kilometers
from cities.models import Agreement, City, Entry, Relationship, RelationshipType, Source
from cities.records.dates import RecordDate, on_or_in, year_of
from cities.records.languages import with_language
from cities.standing import Kind, Party, Standing, Status

MAX_HEADLINE = 140
"""Characters of the first sentence of a note that can be the headline of its entry."""

_SENTENCE = re.compile(r".*?(?<!\b[A-Z])(?<!\b[A-Z][a-z.])[.!?][”\")]?(?=\s|$)")
"""Up to a period that is no part of “St. Petersburg”, “Dr. Cain” or “U.S.”."""

_ENDED = {
    Kind.TERMINATED: _("Ended %(when)s by a decision."),
    Kind.LAPSED: _("Ended %(when)s. It was allowed to lapse."),
    Kind.PARTNER_CEASED: _("Ended %(when)s. The partner no longer exists."),
    Kind.SUPERSEDED: _("Ended %(when)s. Another relationship replaced it."),
}

_ENDED_BY = {
    Kind.TERMINATED: _("Ended by %(side)s %(when)s. No answer from %(other)s is on record."),
    Kind.LAPSED: _(
        "Ended by %(side)s %(when)s: it was allowed to lapse. No answer from %(other)s is on"
        " record."
    ),
    Kind.SUPERSEDED: _(
        "Ended by %(side)s %(when)s: another relationship replaced it. No answer from %(other)s is"
        " on record."
    ),
}
"""What only one side did: the other has said nothing for itself since."""

_WITH_TYPE = {
    Kind.PROPOSED: _("Proposed as a %(type)s"),
    Kind.APPROVED: _("Approved as a %(type)s"),
    Kind.PLANNED: _("Signing as a %(type)s planned"),
    Kind.POSTPONED: _("Signing as a %(type)s postponed"),
    Kind.SIGNED: _("%(type)s agreement signed"),
    Kind.CONCLUDED: _("%(type)s relationship agreed"),
    Kind.RENEWED: _("Renewed as a %(type)s"),
    Kind.RESUMED: _("Resumed as a %(type)s"),
    Kind.REAFFIRMED: _("Reaffirmed as a %(type)s"),
    Kind.ATTESTED: _("Named as a %(type)s in a source"),
}

_DECIDED = {
    Kind.PROPOSED: _("Proposed by the %(organization)s."),
    Kind.PLANNED: _("Announced by the %(organization)s."),
    Kind.POSTPONED: _("Announced by the %(organization)s."),
    Kind.SUSPENDED: _("Decided by the %(organization)s."),
    Kind.TERMINATED: _("Decided by the %(organization)s."),
    Kind.SUPERSEDED: _("Decided by the %(organization)s."),
    Kind.LAPSED: _("The %(organization)s let it lapse."),
    Kind.DORMANT: _("Reported by the %(organization)s."),
    Kind.ATTESTED: _("Confirmed by the %(organization)s."),
    Kind.PARTNER_CEASED: _("Reported by the %(organization)s."),
}
"""What an organization did in an entry; in one of any other kind it approved."""


def standing_sentence(standing: Standing, home: City) -> str:
    """Return how a relationship of the home city stands, since when and as what.

    `standing` comes from `fold`: its type and entries are records.
    """
    if standing.status is None:
        return gettext("We have no record of its status.")
    parts = {
        "type": standing.type.name if standing.type else gettext("Partner"),
        "since": standing.since.on,
        "when": on_or_in(standing.since.on),
    }
    if standing.acted_alone:
        return _one_sided_sentence(standing, parts | _sides(standing, home))
    if standing.status == Status.ACTIVE:
        return _active_sentence(standing, parts)
    if standing.status == Status.PROPOSED:
        parts["type"] = lower_first(parts["type"])
        proposed = gettext("Proposed as a %(type)s %(when)s. Not agreed yet.") % parts
        return " ".join(filter(None, [proposed, _signing_sentence(standing)]))
    if standing.status == Status.CONTESTED:
        return gettext(
            "Disputed since %(since)s: %(at_home)s for %(home)s, %(partner)s for the partner."
        ) % {
            **parts,
            "home": home.name,
            "at_home": Status(str(standing.home)).label,
            "partner": Status(str(standing.partner)).label,
        }
    if standing.status == Status.ENDED:
        return _ended_sentence(standing, home, parts)
    if standing.status == Status.SUSPENDED:
        return gettext("%(type)s, suspended since %(since)s.") % parts
    if standing.since.last_contact:
        parts["last"] = standing.since.last_contact
        return (
            gettext("%(type)s, inactive: last contact %(last)s, reported inactive %(since)s.")
            % parts
        )
    return gettext("%(type)s, inactive since %(since)s.") % parts


def _signing_sentence(standing: Standing) -> str:
    """Return when it is to be signed, or was to be; empty where nothing is on record."""
    plan = standing.plan
    if plan is None:
        return ""
    day: RecordDate | None = plan.planned_for
    if day is None:
        if plan.kind == Kind.PLANNED:
            return gettext("A signing is planned. We have no record of the date.")
        return gettext("The signing was postponed. We have no record of a new date.")
    parts = {"day": day}
    if day.latest is not None and day.latest < localdate():
        return (
            gettext("The signing was planned for %(day)s. We have no record that it took place.")
            % parts
        )
    if plan.kind == Kind.PLANNED:
        return gettext("The signing is planned for %(day)s.") % parts
    return gettext("The signing was postponed to %(day)s.") % parts


def _sides(standing: Standing, home: City) -> dict[str, str]:
    """Return the side that acted alone and the other, as sentences name them."""
    sides = [home.name, gettext("the partner")]
    side, other = sides if standing.acted_alone == Party.HOME else reversed(sides)
    return {"side": side, "other": other}


def _one_sided_sentence(standing: Standing, parts: dict[str, Any]) -> str:
    if standing.status == Status.ENDED:
        return str(_ENDED_BY[Kind(standing.since.kind)] % parts)
    if standing.status == Status.SUSPENDED:
        return (
            gettext(
                "%(type)s, suspended by %(side)s since %(since)s. No answer from %(other)s is on"
                " record."
            )
            % parts
        )
    return (
        gettext(
            "%(type)s, inactive for %(side)s since %(since)s. No answer from %(other)s is on"
            " record."
        )
        % parts
    )


def _ended_sentence(standing: Standing, home: City, parts: dict[str, Any]) -> str:
    """Return how it ended, and how long the home city counted a partner that was gone."""
    ended = str(_ENDED[Kind(standing.since.kind)] % parts)
    if standing.reason != Kind.PARTNER_CEASED or standing.home is None:
        return ended
    if standing.home != Status.ENDED:
        counted = gettext("For %(home)s it is still %(status)s.") % {
            "home": home.name,
            "status": Status(str(standing.home)).label,
        }
    else:
        counted = gettext("%(home)s went on counting it until %(until)s.") % {
            "home": home.name,
            "until": standing.home_since.on,
        }
    return f"{ended} {counted}"


def _active_sentence(standing: Standing, parts: dict[str, Any]) -> str:
    if standing.since.kind == Kind.ATTESTED:
        parts["confirmed"] = _confirmed(standing)
        words = gettext(
            "%(type)s, active, last confirmed %(confirmed)s. We have no record of when it began."
        )
        return words % parts
    began = standing.began
    is_later = began.on != standing.since.on  # both on one day: it was never the former type
    if is_later and began.type not in (None, standing.type):
        return gettext("%(type)s since %(since)s. Before that, %(before)s since %(began)s.") % {
            **parts,
            "before": lower_first(began.type.name),
            "began": began.on,
        }
    return gettext("%(type)s since %(since)s.") % parts


def short_standing(standing: Standing, home: City) -> str:
    """Return since when it stands so, for a list under a heading that says the type."""
    parts = {
        "since": standing.since.on,
        "when": on_or_in(standing.since.on),
        "status": standing.status_label,
    }
    if standing.acted_alone:
        parts |= _sides(standing, home)
        if standing.status == Status.ENDED:
            return gettext("ended by %(side)s %(when)s; no answer on record") % parts
        return gettext("%(status)s for %(side)s since %(since)s; no answer on record") % parts
    if standing.status == Status.ENDED:
        return gettext("ended %(when)s") % parts
    if standing.status != Status.ACTIVE:
        return _short_but_not_active(standing, parts)
    parts["confirmed"] = _confirmed(standing)
    if standing.since.kind == Kind.ATTESTED:
        return gettext("active, last confirmed %(confirmed)s; no record of when it began") % parts
    if standing.confirmed.on != standing.since.on:
        return gettext("since %(since)s; last confirmed %(confirmed)s") % parts
    return gettext("since %(since)s") % parts


def _short_but_not_active(standing: Standing, parts: dict[str, Any]) -> str:
    plan = standing.plan
    if plan is not None and plan.planned_for:
        parts["day"] = plan.planned_for
        return gettext("%(status)s since %(since)s; signing planned for %(day)s") % parts
    if plan is not None and plan.kind == Kind.POSTPONED:
        return gettext("%(status)s since %(since)s; signing postponed") % parts
    if standing.status == Status.DORMANT and standing.since.last_contact:
        parts["last"] = standing.since.last_contact
        return gettext("%(status)s, last contact %(last)s") % parts
    return gettext("%(status)s since %(since)s") % parts


def status_and_confirmation(standing: Standing) -> str:
    """Return the status for a map, and when it was last confirmed that it is active."""
    if standing.status != Status.ACTIVE:
        return standing.status_label
    return gettext("%(status)s, last confirmed %(confirmed)s") % {
        "status": standing.status_label,
        "confirmed": _confirmed(standing),
    }


def _confirmed(standing: Standing) -> str:
    """Return the year in which it was last shown in effect, or the date where that is no year."""
    on: RecordDate = standing.confirmed.on
    return str(year_of(on) or on)


def what_happened(entry: Entry) -> str:
    """Return what kind of event an entry is, with the type that it brings."""
    kind = Kind(entry.kind)
    if entry.type is not None:
        words = _WITH_TYPE.get(kind, _("%(happened)s as a %(type)s"))
        return upper_first(words % {"happened": kind.label, "type": lower_first(entry.type.name)})
    return upper_first(str(kind.label))


def headline(entry: Entry) -> str:
    """Return the heading of an entry: of a visit, a note or a dispute what its note says first."""
    return _first_sentence(entry)[0].removesuffix(".") or what_happened(entry)


def rest_of_note(entry: Entry) -> str:
    """Return what the headline has not said of the note."""
    return _first_sentence(entry)[1]


def _first_sentence(entry: Entry) -> tuple[str, str]:
    """Return the first sentence of a note if it can be a headline, and the rest of the note."""
    found = None if entry.moves_standing else _SENTENCE.match(entry.note)
    if found is None or len(found[0]) > MAX_HEADLINE:
        return "", entry.note
    return found[0], entry.note[found.end() :].strip()


def no_document(record: Entry | Agreement) -> str:
    """Return who looked for a document and knows of none. Needs `has_no_document`."""
    return gettext("%(who)s looked for a document and knows of none (%(date)s).") % {
        "who": upper_first(record.no_document_by),
        "date": record.no_document_on,
    }


def who_decided(entry: Entry) -> str:
    """Return who approved, decided or reported it; nothing where that is not on record."""
    if entry.decided_by is None or not entry.decided_by.is_published:
        return ""
    words = _DECIDED.get(Kind(entry.kind), _("Approved by the %(organization)s."))
    return str(words % {"organization": entry.decided_by.name})


def time_difference(place: City, home: City, day: date) -> str:
    """Return how far the clocks of a city are from home on a day; empty where we do not know."""
    ahead = hours_ahead(place, home, day)
    if ahead is None:
        return ""
    parts = {"home": home.name, "hours": number_format(f"{abs(ahead):g}")}
    if ahead == 0:
        return gettext("Same time as %(home)s") % parts
    whole_hours = ceil(abs(ahead))  # for the plural: 5.5 hours
    if ahead > 0:
        sentence = ngettext(
            "%(hours)s hour ahead of %(home)s", "%(hours)s hours ahead of %(home)s", whole_hours
        )
    else:
        sentence = ngettext(
            "%(hours)s hour behind %(home)s", "%(hours)s hours behind %(home)s", whole_hours
        )
    return sentence % parts


def distance(place: City, home: City) -> str:
    """Return how far a city is from home; empty where we do not know."""
    length = kilometers(place, home)
    if length is None:
        return ""
    return gettext("%(miles)s miles (%(kilometers)s km) from %(home)s") % {
        "miles": intcomma(round(length / MILE)),
        "kilometers": intcomma(length),
        "home": home.name,
    }


def anniversary_sentence(anniversary: Anniversary) -> str:
    """Return how many years it will be, and when: “58 years on October 1, 2027”."""
    years = anniversary.years
    return ngettext("%(years)s year %(when)s", "%(years)s years %(when)s", years) % {
        "years": intcomma(years),
        "when": on_or_in(anniversary.on),
    }


def titled(source: Source) -> str:
    """Return the title of a source, marked with its language where that is not English."""
    return with_language(source.title, source.title_language)


def lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def upper_first(words: str) -> str:
    return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Group:
    """Relationships under one heading of a list."""

    slug: str
    title: str
    relationships: list[Relationship]


def grouped_by_type(
    relationships: Iterable[Relationship], types: Iterable[RelationshipType]
) -> list[Group]:
    """Return relationships with their standing by type, closest first; what has ended is last."""
    ended = [
        relationship
        for relationship in relationships
        if relationship.standing.status == Status.ENDED
    ]
    alive = [
        relationship
        for relationship in relationships
        if relationship.standing.status != Status.ENDED
    ]
    groups = [
        Group(
            kind.slug,
            kind.name_plural,
            [relationship for relationship in alive if relationship.standing.type == kind.slug],
        )
        for kind in types
    ]
    untyped = [relationship for relationship in alive if relationship.standing.type is None]
    groups += [
        Group("type-not-found", gettext("Type not on record"), untyped),
        Group("ended", gettext("Ended"), ended),
    ]
    return [group for group in groups if group.relationships]
