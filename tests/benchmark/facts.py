"""The facts that both sites show: the register's own, and as many made-up ones as wanted.

All are in the form of register files (docs/register-files.md), so that our site, the twin and
`load_register` are filled from one source. The same size gives the same facts on any day.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]

REGISTER = Path(__file__).resolve().parents[2] / "lrscc" / "data" / "register"
COUNCIL = "example-council"
SOURCE = "general-knowledge"

MEMBERS = 9
RESOLUTIONS_PER_MEETING = 20
FIRST_DAY, DAYS = date(1990, 1, 8), 13_000
"""The meetings are spread over these days, whatever their number."""

TOPICS = (
    "park", "street", "budget", "friendship", "severed ties", "sister city", "water", "library",
)  # fmt: skip
COMMON_WORD, RARE_WORD = "library", "aqueduct"
"""Words for the search: in every eighth resolution, and in three whatever their number."""

COUNTRIES = ("JP", "DE", "KR", "FR", "MX", "IT", "PL", "GH", "BR", "IN")

TEXT = """\
WHEREAS, the City of Lansing and {city} have exchanged letters about the {topic}; and

WHEREAS, the people of both cities have met, in schools, workshops and town halls, and have \
found that what they share is more than what sets them apart; and

WHEREAS, this is matter number {number} of those that came before the Council;

NOW, THEREFORE, BE IT RESOLVED, that the Council agrees to what was said about the \
{topic}; and

BE IT FURTHER RESOLVED, that the City Clerk sends a copy of this resolution to {city}."""


@dataclass(frozen=True)
class Size:
    """How much is on record: resolutions, and cities that these are about."""

    records: int
    cities: int = 11

    def __str__(self) -> str:
        return f"{self.records}_{self.cities}"


def register() -> Tables:
    """Return the tables of the register's own files."""
    tables: Tables = {}
    for path in sorted(REGISTER.glob("*.toml")):
        tables |= tomllib.loads(path.read_text())
    return tables


def relationships(size: Size) -> list[tuple[str, str]]:
    """Return the relationships that the resolutions are about, each with its partner."""
    own = [(row["slug"], row["partner"]) for row in register()["relationships"]]
    made = [(f"lansing-{slug}", slug) for slug in _made_up_cities(size)]
    return [*own, *made][: size.cities]


def _made_up_cities(size: Size) -> list[str]:
    own = len(register()["relationships"])
    return [f"example-{number}" for number in range(1, size.cities - own + 1)]


def few(size: Size) -> Tables:
    """Return the made-up rows of every table but that of resolutions."""
    cities = _made_up_cities(size)
    council = {
        "slug": COUNCIL,
        "name": "Example Council",
        "classification": "council",
        "place": "lansing",
    }
    seats = {
        "slug": f"{COUNCIL}-at-large",
        "organization": COUNCIL,
        "label": "At large",
        "places": MEMBERS,
        "since": "1978",
        "source": SOURCE,
    }
    return {
        "organizations": [council],
        "seats": [seats],
        "cities": [_city(number, slug) for number, slug in enumerate(cities)],
        "relationships": [_relationship(number, slug) for number, slug in enumerate(cities)],
        "members": [_member(number) for number in range(1, MEMBERS + 1)],
        "meetings": [_meeting(number, day) for number, day in enumerate(meeting_days(size))],
    }


def _city(number: int, slug: str) -> Row:
    return {
        "slug": slug,
        "name": f"Example {number + 1}",
        "kind": "city",
        "country": COUNTRIES[number % len(COUNTRIES)],
        "summary": f"City number {number + 1} of those made up to measure the site.",
        "latitude": (number * 37) % 120 - 50,
        "longitude": (number * 61) % 340 - 170,
        "is_outside_country": True,  # spread over the map, and in none of these countries
        "geography_source": SOURCE,
    }


def _relationship(number: int, slug: str) -> Row:
    year = 1960 + number % 60
    steps = (("approved", "home", year), ("signed", "both", year + 1), ("renewed", "both", 2021))
    return {
        "slug": f"lansing-{slug}",
        "home": "lansing",
        "partner": slug,
        "entries": [
            {
                "number": count,
                "kind": kind,
                "on": f"{on}-05-13",
                "party": party,
                "acceptance": "accepted",
                "type": "friendship-city" if number % 3 else "sister-city",
                "note": f"Step {count} of the relationship with Example {number + 1}.",
                "citations": [{"source": SOURCE, "role": "supports"}],
            }
            for count, (kind, party, on) in enumerate(steps, start=1)
        ],
    }


def member_slug(number: int) -> str:
    return f"example-member-{number}"


def _member(number: int) -> Row:
    term = {
        "organization": COUNCIL,
        "seat": f"{COUNCIL}-at-large",
        "since": "1990-01-01",
        "source": SOURCE,
    }
    return {
        "slug": member_slug(number),
        "name": f"Example Member {number}",
        "sort_name": f"Member {number}, Example",
        "terms": [term],
    }


def meeting_days(size: Size) -> list[date]:
    count = -(-size.records // RESOLUTIONS_PER_MEETING)
    return [FIRST_DAY + timedelta(days=DAYS * number // count) for number in range(count)]


def meeting_slug(number: int) -> str:
    return f"example-meeting-{number}"


def _meeting(number: int, day: date) -> Row:
    return {
        "slug": meeting_slug(number),
        "organization": COUNCIL,
        "kind": "regular",
        "on": day.isoformat(),
        "state": "held",
        "sources": [SOURCE],
    }


def slug_of(number: int) -> str:
    """Return the slug of a made-up resolution; the first has number 0."""
    return f"example-resolution-{number}"


def resolutions(size: Size) -> Iterator[Row]:
    """Yield the made-up resolutions, the oldest first, each with its text and its vote."""
    days, partners = meeting_days(size), relationships(size)
    sources = [row["slug"] for row in register()["sources"]]
    serials: dict[int, int] = {}
    rare = {size.records // 5, size.records // 2, size.records - 1}
    for number in range(size.records):
        meeting = number // RESOLUTIONS_PER_MEETING
        day = days[meeting]
        serials[day.year] = serials.get(day.year, 0) + 1
        topic = TOPICS[number % len(TOPICS)]
        relationship, partner = partners[number % len(partners)]
        suffix = f", and about an {RARE_WORD}" if number in rare else ""
        yield {
            "slug": slug_of(number),
            "organization": COUNCIL,
            "kind": "resolution",
            "number": f"RESOLUTION #{day.year}-{serials[day.year]:03}",
            "number_year": day.year,
            "title": f"Resolution {number} about the {topic}{suffix}",
            "summary": f"Asks the City to do something about the {topic}, part {number}.",
            "relationships": [relationship],
            "sources": [sources[number % len(sources)]],
            **_text_and_action(number, meeting, day.isoformat(), partner, topic),
        }


def _text_and_action(number: int, meeting: int, on: str, city: str, topic: str) -> Row:
    """Return one text, except for every tenth resolution, and one vote."""
    is_lost = number % 12 == 5
    text = {
        "number": 1,
        "kind": "introduced" if is_lost else "adopted",
        "on": on,
        "text": TEXT.format(city=city, topic=topic, number=number),
    }
    has_text = number % 10 != 9
    action = {
        "number": 1,
        "kind": "adopt",
        "on": on,
        "organization": COUNCIL,
        "meeting": meeting_slug(meeting),
        "mover": member_slug(number % MEMBERS + 1),
        "seconder": member_slug((number + 1) % MEMBERS + 1),
        "outcome": "lost" if is_lost else "carried",
        "requirement": "majority",
        "base": "cast",
        "citations": [{"source": SOURCE, "role": "supports", "says": f"Has vote {number}."}],
        **_votes(number, is_lost),
    }
    if has_text:
        action["text"] = f"{slug_of(number)}-1"
    return {"texts": [text] if has_text else [], "actions": [action]}


def _votes(number: int, is_lost: bool) -> Row:
    """Return nine ballots; one vote in 25 was by voice, and has none."""
    if number % 25 == 24:
        return {"method": "voice"}
    yes = 3 if is_lost else 7
    ballots = [
        {
            "member": member_slug(member),
            "choice": "yes" if (member + number) % MEMBERS < yes else "no",
        }
        for member in range(1, MEMBERS + 1)
    ]
    return {"method": "roll_call", "ballots": ballots}
