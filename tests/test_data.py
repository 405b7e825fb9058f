"""The register’s own data: what Lansing’s record says once it is loaded."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from cities.models import (
    Acceptance,
    Citation,
    Entry,
    Organization,
    Relationship,
    Source,
)
from cities.models.citations import CitationRole
from cities.records.publishing import Publication
from lrscc.files.loading import load
from lrscc.files.tables import tables
from lrscc.files.writing import dump
from resolutions.models import (
    Action,
    Attendance,
    Ballot,
    Effect,
    Meeting,
    Office,
    Reply,
    Resolution,
    Statement,
    Term,
)
from resolutions.models.terms import Roster
from resolutions.tally import Result
from resolutions.words import office_time
from tests.reading import lines_of, sections_of

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.BASE_DIR) / "lrscc" / "data" / "register"
PARTNERS = [
    *("akuapim-south", "asan", "cosenza", "dar-es-salaam", "flint", "guadalajara", "lanzhou"),
    *("otsu", "pianezza", "sakaide", "saltillo", "sanming", "st-petersburg", "suceava"),
]


def silently(table: str, number: int, total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def loaded(module_db, indexed):
    return load([FOLDER], silently)


@pytest.fixture(autouse=True)
def register(loaded):
    """Every test here reads the register as it is loaded."""


def day(edtf: str, earliest: str | None = None, latest: str | None = None) -> dict:
    return {"edtf": edtf, "earliest": earliest or edtf, "latest": latest or earliest or edtf}


def standing_of(client, city: str, on: str = "") -> dict:
    answer = client.get(f"/api/v1/relationships/?city={city}&on={on}").json()
    assert [relationship["slug"] for relationship in answer["results"]] == [f"lansing-{city}"]
    return answer["results"][0]["standing"]


# --- files ------------------------------------------------------------------------------


def test_files_are_written_back_byte_for_byte(tmp_path):
    written = dict(dump(tmp_path))

    # No source for what the Council’s votes need is known yet.
    names = {f"{table}.toml" for table in tables()} - {
        "vote_requirements.toml",
        "numbering_schemes.toml",
    }
    assert set(written) == {path.name for path in FOLDER.iterdir()} == names
    for name in names:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_loading_again_changes_nothing(loaded):
    history = Entry.history.count(), Citation.history.count(), Relationship.history.count()

    again = load([FOLDER], silently)

    assert again.new.total() == again.changed.total() == 0
    assert again.same == loaded.new
    assert history == (
        Entry.history.count(),
        Citation.history.count(),
        Relationship.history.count(),
    )


def test_every_record_is_valid_and_published():
    parts = [part for table in tables().values() for part in table.all_children.values()]
    records = [
        record
        for table in (*tables().values(), *parts)
        for record in table.model._default_manager.all()
    ]

    assert len(records) > 220
    for record in records:
        record.full_clean()
        assert getattr(record, "publication", Publication.PUBLISHED) == Publication.PUBLISHED


# --- partners ---------------------------------------------------------------------------


def test_partners_are_these(client):
    answer = client.get("/api/v1/relationships/?page_size=200").json()

    assert (
        sorted(relationship["partner"].split("/")[-2] for relationship in answer["results"])
        == PARTNERS
    )
    assert {relationship["home"] for relationship in answer["results"]} == {
        "http://testserver/api/v1/cities/lansing/"
    }


def test_places_are_partners_home_and_those_the_record_names(client):
    answer = client.get("/api/v1/cities/?page_size=200").json()

    assert sorted(place["slug"] for place in answer["results"]) == sorted(
        [
            *PARTNERS,
            "lansing",
            "kuybyshevsky-district",
            "nsawam-adoagyiri",
            "tsentralny-district",
        ]
    )


def test_types_are_sister_and_friendship_city(client):
    answer = client.get("/api/v1/relationship-types/").json()

    assert [kind["slug"] for kind in answer["results"]] == ["sister-city", "friendship-city"]


def test_every_accepted_entry_has_a_source_that_supports_it():
    without = Entry.objects.filter(acceptance=Acceptance.ACCEPTED).exclude(
        citations__role=CitationRole.SUPPORTS
    )

    assert Entry.objects.count() == 46
    assert [entry.ref for entry in without] == []


def test_every_claim_has_a_source_and_a_reason():
    claims = Entry.objects.filter(acceptance=Acceptance.CLAIMED)

    assert claims.count() == 10
    assert [c.ref for c in claims if not c.citations.exists() or not c.why_not_preferred] == []


def test_no_population_stands_without_year_scope_and_source(client):
    places = client.get("/api/v1/cities/?page_size=200").json()["results"]

    known = [population for place in places for population in place["populations"]]
    assert len(known) == 14
    assert [population for population in known if not all(population.values())] == []


# --- days -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "partners"),
    [
        ("1968-12-31", []),
        ("1969-10-01", ["Otsu"]),
        ("1990-01-01", ["Guadalajara", "Otsu"]),
        (
            "1994-03-11",
            ["Guadalajara", "Otsu", "Saltillo", "St. Petersburg"],
        ),
    ],
)
def test_sister_cities_on_a_day_are_these(client, on, partners):
    relationships = client.get(f"/api/v1/relationships/?on={on}&type=sister-city").json()[
        "results"
    ]
    places = client.get(f"/api/v1/cities/?on={on}&type=sister-city").json()["results"]
    page = lines_of(client.get(f"/cities/?on={on}&type=sister-city"))

    alive = [
        relationship["partner"]
        for relationship in relationships
        if relationship["standing"]["status"] != "proposed"
    ]
    assert [place["url"] for place in places if place["url"] in alive] == alive
    assert [place["name"] for place in places if place["url"] in alive] == partners
    shown = page[page.index("Lansing, home") :] if "Lansing, home" in page else []
    dated = (" since ", " ended on ")
    shown = [line for line in shown if any(map(line.__contains__, dated))]
    shown = [line for line in shown if "proposed" not in line]
    assert [any(line.startswith(name) for name in partners) for line in shown] == [True] * len(
        partners
    )


def test_page_of_1990_lists_otsu_and_guadalajara_and_no_one_else(client):
    lines = lines_of(client.get("/cities/?on=1990-01-01"))

    assert lines[lines.index("Timeline of the sister cities, year by year") + 1 :] == [
        "2 cities: 2 active",
        *("Sister cities", "2", "Countries", "2", "Since", "October 1, 1969"),
        *("active", "Sister city", "Lansing, home"),
        "Sister cities 2",
        "Guadalajara Mexico since 1982",
        "Otsu 大津市 Japan since October 1, 1969",
        "Download this list (JSON)",
    ]


def test_home_counts_the_relationships_of_today(client):
    lines = lines_of(client.get("/"))

    assert lines[1].startswith(
        "Lansing, Michigan has 8 sister cities and 5 friendship cities in 9 countries."
    )
    assert lines[2:4] == ["Sister cities 8", "Akuapim South Ghana since 1997; last confirmed 2018"]


# --- St. Petersburg ---------------------------------------------------------------------

BEGAN = day("1992", "1992-01-01", "1992-12-31")


@pytest.mark.parametrize(
    ("on", "standing"),
    [
        ("1991-12-31", None),
        (
            "1993-06-01",
            {
                "status": "active",
                "reason": None,
                "home": "active",
                "partner": "active",
                "home_since": BEGAN,
                "partner_since": BEGAN,
                "acted_alone": None,
                "last_confirmed": BEGAN,
                "last_contact": None,
                "signing": None,
                "type": "sister-city",
                "since": BEGAN,
                "began": BEGAN,
            },
        ),
        (
            "2000-01-01",
            {
                "status": "ended",
                "reason": "partner_ceased",
                "home": "active",
                "partner": "ended",
                "home_since": BEGAN,
                "partner_since": day("1994-03-11"),
                "acted_alone": None,
                "last_confirmed": BEGAN,
                "last_contact": None,
                "signing": None,
                "type": "sister-city",
                "since": day("1994-03-11"),
                "began": BEGAN,
            },
        ),
        (
            "",
            {
                "status": "ended",
                "reason": "partner_ceased",
                "home": "ended",
                "partner": "ended",
                "home_since": day("2010-01", "2010-01-01", "2010-01-31"),
                "partner_since": day("1994-03-11"),
                "acted_alone": None,
                "last_confirmed": BEGAN,
                "last_contact": None,
                "signing": None,
                "type": "sister-city",
                "since": day("1994-03-11"),
                "began": BEGAN,
            },
        ),
    ],
)
def test_st_petersburg_stood_like_this(client, on, standing):
    if standing is None:
        assert client.get(f"/api/v1/relationships/?city=st-petersburg&on={on}").json() == {
            "count": 0,
            "next": None,
            "previous": None,
            "results": [],
        }
    else:
        assert standing_of(client, "st-petersburg", on) == standing


def test_st_petersburg_shows_its_beginnings_side_by_side(client):
    answer = client.get("/api/v1/entries/?city=st-petersburg&kind=concluded").json()

    beginnings = [
        (entry["on"]["edtf"], entry["acceptance"], bool(entry["why_not_preferred"]))
        for entry in answer["results"]
    ]
    assert beginnings == [
        ("1991", "claimed", True),
        ("1992", "accepted", False),
        ("1994", "claimed", True),
    ]


def test_st_petersburg_page_shows_its_end_and_what_2013_said(client):
    response = client.get("/cities/st-petersburg/")

    lines = lines_of(response)
    assert lines[6:8] == [
        (
            "Ended on March 11, 1994. The partner no longer exists. Lansing went on counting it"
            " until January 2010."
        ),
        (
            "The district was abolished. Its area became part of Tsentralny District. See the"
            " entry · Source: Encyclopedia page on Tsentralny District, St. Petersburg"
        ),
    ]
    assert lines[8:10] == [
        (
            "The Lansing Regional Sister Cities Commission let it lapse. The Commission found"
            " that no partner was left. See the entry for Lansing"
        ),
        "Sources that said otherwise later",
    ]
    assert "Decided by" not in response.text
    sections = sections_of(response)
    history, claims = sections["history"], sections["claims"]
    assert not [line for line in lines if line.startswith("Decided by")]  # no vote was taken
    assert [line for line in history if line in ("1992", "March 11, 1994", "January 2010")] == [
        *("1992", "March 11, 1994", "January 2010")
    ]
    assert "From then on, the partner is Kuybyshevsky District." in history
    assert "August 12 or 19, 2013" in history
    assert "Note" not in history  # each has a headline
    assert [line for line in claims if line in ("1991", "1994")] == ["1991", "1994"]
    for said in ("Named in a source", "Reported inactive", "Ended by a decision"):
        assert said in claims


# --- what councils decided ----------------------------------------------------------------

REPORTS = [
    *("metro-weekly-2013-council-vote", "mlive-2013-council-vote"),
    "pridesource-2013-council-vote",
]
RELATIONSHIPS = [
    *("city-pulse-2017-tie", "michigan-radio-2017-leaderless", "state-journal-2017-no-leader"),
    "state-journal-2017-tie",
]


def facts_of(action) -> dict:
    """All that an action says, names and sources by slug, what is empty left out."""
    counts = [action.announced_yes, action.announced_no, action.announced_absent]
    facts = {
        "kind": action.kind,
        "on": str(action.on),
        "by": action.organization.slug,
        "at": action.meeting and action.meeting.slug,
        "by way of": action.method,
        "outcome": action.outcome,
        "needed": [action.requirement, action.base, action.required_number],
        "moved by": [action.mover, action.seconder],
        "counts": counts,
        "votes": [(ballot.member.slug, ballot.choice) for ballot in action.ballots.all()],
        "supported by": slugs(action.citations.filter(role="supports"), "source__slug"),
        "disputed by": slugs(action.citations.filter(role="disputes"), "source__slug"),
    }
    empty = (None, "", [], [None, None], ["", "", None], [None, None, None])
    return {name: value for name, value in facts.items() if value not in empty}


def slugs(records, name: str = "slug") -> list[str]:
    return sorted(records.values_list(name, flat=True))


def actions_of(slug: str) -> list[dict]:
    return [facts_of(action) for action in Action.objects.filter(resolution__slug=slug)]


def effects_of(slug: str) -> list[tuple]:
    return [
        (
            effect.kind,
            effect.what,
            effect.addressed_to and effect.addressed_to.slug,
            effect.relationship and effect.relationship.slug,
            effect.entry and effect.entry.ref,
        )
        for effect in Effect.objects.filter(resolution__slug=slug)
    ]


def test_text_of_july_2013_was_withdrawn_before_any_vote():
    resolution = Resolution.objects.get(slug="lansing-st-petersburg-2013-07")

    assert actions_of(resolution.slug) == [
        {
            "kind": "withdraw",
            "on": "July 29, 2013",
            "by": "lansing-city-council",
            "at": "lansing-city-council-2013-07-29",
            "supported by": ["city-pulse-2013-off-agenda", "pridesource-2013-text-withdrawn"],
            "disputed by": ["mlive-2013-text-tabled"],
        }
    ]
    assert slugs(resolution.sponsors) == ["jody-washington"]
    assert resolution.course_on().label == "withdrawn"
    assert effects_of(resolution.slug) == []


def test_resolution_of_august_2013_was_adopted_with_one_absent_and_no_other_name():
    resolution = Resolution.objects.get(slug="lansing-st-petersburg-2013-08")

    assert (resolution.number, list(resolution.texts.all())) == ("", [])
    assert actions_of(resolution.slug) == [
        {
            "kind": "adopt",
            "on": "August 12 or 19, 2013",
            "by": "lansing-city-council",
            "at": "lansing-city-council-2013-08",
            "by way of": "not_recorded",
            "outcome": "carried",
            "counts": [7, 0, 1],
            "votes": [("kathie-dunbar", "absent")],
            "supported by": REPORTS,
        }
    ]
    assert resolution.course_on().is_adopted
    assert [(one.kind, one.other.slug) for one in resolution.relations.all()] == [
        ("replaces", "lansing-st-petersburg-2013-07")
    ]


def test_resolution_of_august_2013_urges_the_commission_which_had_nothing_to_decide():
    slug = "lansing-st-petersburg-2013-08"

    assert effects_of(slug) == [
        ("condemns", "human rights abuses", None, None, None),
        (
            "urges",
            (
                "the Commission to cut all remaining ties with St. Petersburg and to remove"
                " the name from its website and signs"
            ),
            "lrscc",
            "lansing-st-petersburg",
            None,
        ),
    ]
    assert [
        (one.effect.number, one.organization.slug, str(one.on), one.answer, one.source.slug)
        for one in Reply.objects.all()
    ] == [(2, "lrscc", "August 13 or 20, 2013", "moot", "mlive-2013-commission-memo")]


def test_nobody_is_shown_with_a_vote_that_no_source_names():
    assert [(one.member.slug, one.choice) for one in Ballot.objects.all()] == [
        ("kathie-dunbar", "absent")
    ]


@pytest.mark.parametrize(
    ("on", "present"),
    [
        (
            "2017-01-09",
            "Brown Clarke, Dunbar, Houghton, Hussain, Spitzley, Washington, Wood, Yorko",
        ),
        (
            "2018-01-03",
            "Dunbar, Garza, Hussain, Jackson, Spadafore, Spitzley, Washington, Wood",
        ),
    ],
)
def test_all_eight_members_attended_both_meetings_with_a_list(on, present):
    council, day = Organization.objects.get(slug="lansing-city-council"), date.fromisoformat(on)
    listed = Attendance.objects.filter(meeting__on=on).order_by("member__sort_name")

    names = [one.member.sort_name.split(",")[0] for one in listed]
    assert (", ".join(names), {one.presence for one in listed}) == (present, {"present"})
    roster = Roster.of(council, day, day)
    assert {one.member for one in listed} == {
        term.member for term in (*roster.certain, *roster.possible)
    }
    assert Attendance.objects.exclude(meeting__on__in=["2017-01-09", "2018-01-03"]).count() == 0


@pytest.mark.parametrize(
    ("on", "members"),
    [
        (
            "2020-06-01",
            (
                "1st Ward Betz, 2nd Ward Garza, 3rd Ward Hussain, 4th Ward Jackson, At large"
                " Dunbar, At large Spadafore, At large Spitzley, At large Wood"
            ),
        ),
        (
            "2024-06-01",
            (
                "1st Ward Kost, 2nd Ward Garza, 3rd Ward Hussain, 4th Ward Jackson, At large"
                " Brown, At large Carter, At large Pehlivanoglu, At large Spadafore"
            ),
        ),
        (
            "2026-11-01",
            (
                "1st Ward Kost, 2nd Ward Nevarez Martinez, 3rd Ward Hussain, 4th Ward Spadafore,"
                " At large Carter, At large Garza, At large Martinez, At large Pehlivanoglu"
            ),
        ),
    ],
)
def test_council_of_each_day_is_on_record(on, members):
    council, day = Organization.objects.get(slug="lansing-city-council"), date.fromisoformat(on)

    roster = Roster.of(council, day, day)

    seated = sorted(
        f"{term.seat.label} {term.member.sort_name.split(',')[0]}" for term in roster.certain
    )
    assert (", ".join(seated), roster.vacancies, roster.possible) == (members, 0, [])


def test_mayor_made_the_first_statement():
    [statement] = Statement.objects.all()

    assert statement.title == (
        "Mayor Bernero’s Statement on Lansing’s Sister City Relationship with St. Petersburg,"
        " Russia"
    )
    assert (statement.speaker, statement.office) == ("Virg Bernero", "Mayor of Lansing")
    assert statement.organization.slug == "mayor-of-lansing"
    assert str(statement.on) == "July 22, 2013 (not certain)"
    assert slugs(statement.relationships) == ["lansing-st-petersburg"]
    assert statement.source.slug == "lansing-mayor-statement-2013"
    assert "The decision rests with the Commission." in statement.summary


def test_council_tied_seven_times_in_january_2017():
    tied = {
        "kind": "adopt",
        "on": "January 12, 2017",
        "by": "lansing-city-council",
        "at": "lansing-city-council-2017-01-12",
        "by way of": "not_recorded",
        "outcome": "lost",
        "needed": ["number", "seats", 5],
        "counts": [4, 4, None],
        "supported by": RELATIONSHIPS,
    }
    resolution = Resolution.objects.get(slug="lansing-council-leader-2017")

    assert actions_of(resolution.slug) == [tied] * 7
    for action in resolution.actions.all():
        assert action.result == Result(is_carried=False, yes=4, needed=5, of=8)
    assert resolution.course_on().label == "failed"


def test_tie_declared_as_carried_is_refused():
    vote = Action.objects.get(resolution__slug="lansing-council-leader-2017", number=7)
    vote.pk, vote.number, vote.outcome = None, 8, "carried"
    vote._state.adding = True

    with pytest.raises(ValidationError) as refusal:
        vote.full_clean()

    assert refusal.value.message_dict["outcome"] == [
        (
            "4 voted yes and 5 of 8 were needed. Correct the votes or the outcome, or"
            " say why the declared outcome stands."
        )
    ]


def test_meetings_are_those_that_a_source_names():
    assert [
        (
            one.slug.removeprefix("lansing-city-council-"),
            one.kind,
            str(one.on),
            one.reconvened_from and str(one.reconvened_from.on),
            one.state,
        )
        for one in Meeting.objects.order_by("on_earliest")
    ] == [
        ("2013-07-22", "committee_of_the_whole", "July 22, 2013", None, "held"),
        ("2013-07-29", "regular", "July 29, 2013", None, "held"),
        ("2013-08", "regular", "August 12 or 19, 2013", None, "held"),
        ("2017-01", "regular", "January 9, 2017", None, "held"),
        ("2017-01-12", "regular", "January 12, 2017", "January 9, 2017", "held"),
        ("2017-01-17", "regular", "January 17, 2017", "January 12, 2017", "held"),
        ("2017-01-23", "regular", "January 23, 2017", "January 17, 2017", "held"),
        ("2018-01-03", "regular", "January 3, 2018", None, "held"),
    ]


@pytest.mark.parametrize(
    ("slug", "organization", "on", "what", "number"),
    [
        (
            "lansing-otsu-1969",
            "lansing-city-council",
            "May 12, 1969",
            "a sister city relationship with Otsu",
            "lansing-otsu-3",
        ),
        (
            "otsu-lansing-1969",
            "otsu-city-council",
            "March 31, 1969",
            "a sister city relationship with Lansing",
            "lansing-otsu-2",
        ),
    ],
)
def test_votes_for_otsu_are_the_entries_of_its_history(slug, organization, on, what, number):
    assert actions_of(slug) == [
        {
            "kind": "adopt",
            "on": on,
            "by": organization,
            "by way of": "not_recorded",
            "outcome": "carried",
            "supported by": ["otsu-city-sister-cities"],
        }
    ]
    assert effects_of(slug) == [("approves", what, None, "lansing-otsu", number)]


def test_no_number_is_invented():
    assert slugs(Resolution.objects.exclude(number="")) == []


@pytest.mark.parametrize(
    ("on", "places", "seats"),
    [
        ("2013-07-22", 8, {"At large": 4, "1st Ward": 1, "2nd Ward": 1, "3rd Ward": 1}),
        (
            "2030-01-15",
            9,
            {"At large": 4, "1st Ward": 1, "2nd Ward": 1, "3rd Ward": 1, "5th Ward": 1},
        ),
    ],
)
def test_council_has_eight_seats_and_nine_after_the_election_of_2029(on, places, seats):
    when = date.fromisoformat(on)
    council = Organization.objects.get(slug="lansing-city-council")

    in_force = {
        seat.label: seat.places for seat in council.seats.all() if seat.surely_covers(when, when)
    }

    assert in_force == seats | {"4th Ward": 1}
    assert Roster.of(council, when, when).places == places


def test_terms_are_as_exact_as_their_sources():
    found = {
        f"{term}: {term.since} – {term.until} ({term.source.slug})"
        for term in Term.objects.filter(
            member__slug__in=["alynne-boles-robinson", "brandon-betz", "derrick-quinney"]
        )
    }

    assert found == {
        (
            "A’Lynne Boles, 3rd Ward: 2010 or earlier –"
            " between January 10, 2014 and December 31, 2015 (city-pulse-2014-leaders)"
        ),
        (
            "Brandon Betz, 1st Ward: January 1, 2020 –"
            " between January 7 and 10, 2022 (state-journal-2022-betz)"
        ),
        (
            "Derrick Quinney, At large: 2013 or earlier –"
            " February 2015 (state-journal-2015-vice-president)"
        ),
    }
    assert not Term.objects.filter(source__slug="general-knowledge").exists()


def test_commission_has_the_presidents_that_sources_name():
    found = [
        (term.member.name, term.role, str(term.since), str(term.until), term.source.slug)
        for term in Term.objects.filter(organization__slug="lrscc").order_by("since_latest")
    ]

    assert found == [
        (
            "Barbara Roberts Mason",
            "president",
            "July 31, 2013 or earlier",
            "November 2018 or later",
            "graphic-2018-nsawam-renewal",
        ),
        (
            "Maxine Hankins Cain",
            "president",
            "December 8, 2025 or earlier",
            "December 8, 2025 or later",
            "tribuna-2025-suceava",
        ),
    ]


def test_council_has_the_officers_that_sources_name():
    """Dunbar was vice president in 2010 and 2011 by one report, in 2012 by another: neither."""
    found = [
        f"{office.member.sort_name.split(',')[0]}, {office.role}: {office_time(office)}"
        for office in Office.objects.order_by("since_latest", "role")
    ]

    assert found == [
        "Wood, vice president: 2002",
        "Wood, president: 2003",
        "Boles, president: 2010",
        "Boles, president: 2011",
        "Jeffries, president: 2012",
        "Wood, president: 2013",
        "Quinney, president: January 2015 to February 2015",
        "Houghton, vice president: January 2015 to February 2015",
        "Houghton, president: From February 2015, with no end date on record",
        "Brown Clarke, vice president: From March 30, 2015, with no end date on record",
        "Wood, president: 2018",
        "Wood, president: 2019",
        "Hussain, vice president: 2020",
        "Hussain, vice president: 2021",
        "Hussain, president: From January 3, 2022, with no end date on record",
        "Spadafore, president: Until January 3, 2022",
        "Wood, vice president: 2022",
        "Garza, vice president: 2023",
        "Garza, president: From January 2024, with no end date on record",
    ]
    assert not Office.objects.filter(member__slug="kathie-dunbar").exists()


def test_meeting_names_the_president_of_that_year(client):
    lines = lines_of(client.get("/meetings/lansing-city-council-2018-01-03/"))

    assert "Officers on record for that day: Carol Wood, president (2018)." in lines


def test_every_action_meeting_and_resolution_has_a_source():
    unsupported = Action.objects.exclude(citations__role="supports")

    assert Action.objects.count() == 11
    assert [action.ref for action in unsupported] == []
    assert slugs(Meeting.objects.filter(sources=None)) == []
    assert slugs(Resolution.objects.filter(sources=None)) == []


def standings_of_st_petersburg(client) -> list[dict]:
    days = ("1993-06-01", "2000-01-01", "2013-07-29", "2013-08-19", "2013-12-31", "")
    return [standing_of(client, "st-petersburg", on) for on in days]


def test_councils_resolution_leaves_the_standing_untouched(client):
    """Edited, withdrawn with all its parts, or followed by another one that is published."""
    before = standings_of_st_petersburg(client)
    relationship = Relationship.objects.get(slug="lansing-st-petersburg")
    lines = relationship.entries.count()
    first = Resolution.objects.get(slug="lansing-st-petersburg-2013-08")

    with transaction.atomic():
        second = Resolution.objects.create(
            slug="again", organization=first.organization, title="Again"
        )
        adopted = Action.objects.create(
            resolution=second,
            number=1,
            kind="adopt",
            on="2013-08-26",
            organization=second.organization,
            method="voice",
            outcome="carried",
        )
        adopted.citations.create(source=Source.objects.get(slug="mlive-2013-council-vote"))
        Effect.objects.create(
            resolution=second,
            number=1,
            kind="urges",
            what="the commission to end",
            relationship=relationship,
            addressed_to=Organization.objects.get(slug="lrscc"),
        )
        second.publish()
        published = standings_of_st_petersburg(client)
        first.summary, first.title = "Otherwise.", "Otherwise"
        first.full_clean()
        first.save()
        edited = standings_of_st_petersburg(client)
        parts = [Reply.objects.get(), *first.effects.all(), *first.actions.all(), first]
        for part in parts:
            part.withdraw(because="It was another one.", on=date(2026, 1, 2))
        withdrawn = standings_of_st_petersburg(client)
        counted = relationship.entries.count()
        transaction.set_rollback(True)

    assert published == edited == withdrawn == before
    assert counted == lines == 15


def test_effect_that_would_end_the_relationship_is_refused_to_the_council():
    resolution = Resolution.objects.get(slug="lansing-st-petersburg-2013-08")
    relationship = Relationship.objects.get(slug="lansing-st-petersburg")
    effect = Effect(
        resolution=resolution,
        kind="terminates",
        what="the tie",
        relationship=relationship,
        publication=Publication.PUBLISHED,
    )

    with pytest.raises(ValidationError) as refusal:
        effect.full_clean()

    assert list(refusal.value.message_dict) == ["kind"]
    [said] = refusal.value.message_dict["kind"]
    assert "Lansing City Council" in said


# --- the others -------------------------------------------------------------------------


def test_otsu_goes_by_1969_and_keeps_1968_as_another_account(client):
    sections = sections_of(client.get("/cities/otsu/"))

    history, claims = sections["history"], sections["claims"]
    assert sections[""][6] == "Sister city since October 1, 1969."
    assert "October 1, 1969" in history
    assert "1968" not in history
    assert claims[1:3] == ["1968", "Sister city relationship agreed"]
    assert claims[4].startswith("Why we do not rely on this: Otsu’s own page gives")


def test_asan_is_a_sister_city_after_a_friendship(client):
    assert standing_of(client, "asan") == {
        "status": "active",
        "reason": None,
        "home": "active",
        "partner": "active",
        "home_since": day("2006-02-14"),
        "partner_since": day("2006-02-14"),
        "acted_alone": None,
        "last_confirmed": day("2008", "2008-01-01", "2008-12-31"),
        "last_contact": None,
        "signing": None,
        "type": "sister-city",
        "since": day("2008", "2008-01-01", "2008-12-31"),
        "began": day("2006-02-14"),
    }
    assert lines_of(client.get("/cities/asan/"))[6] == (
        "Sister city since 2008. Before that, friendship city since February 14, 2006."
    )


@pytest.mark.parametrize("city", ["cosenza", "dar-es-salaam", "lanzhou", "sakaide"])
def test_friendship_city_of_which_the_beginning_is_not_found_says_so(client, city):
    attested = day("2013-07-22?", "2013-07-22")

    lines = lines_of(client.get(f"/cities/{city}/"))

    assert standing_of(client, city) == {
        "status": "active",
        "reason": None,
        "home": "active",
        "partner": "active",
        "home_since": attested,
        "partner_since": attested,
        "acted_alone": None,
        "last_confirmed": attested,
        "last_contact": None,
        "signing": None,
        "type": "friendship-city",
        "since": attested,
        "began": attested,
    }
    assert (
        "Friendship city, active, last confirmed 2013. We have no record of when it began."
        in lines
    )
    assert "When and how the relationship began." in lines


def test_akuapim_south_goes_on_with_nsawam_adoagyiri(client):
    lines = lines_of(client.get("/cities/nsawam-adoagyiri/"))

    found = client.get("/api/v1/relationships/?city=nsawam-adoagyiri").json()["results"]
    assert [relationship["slug"] for relationship in found] == ["lansing-akuapim-south"]
    assert "History with Lansing" in lines
    assert "Akuapim South: Renewed" in lines


def test_commission_decides_since_1994_and_the_council_before(client):
    lines = lines_of(client.get("/about/"))

    council, commission = (
        lines[lines.index(organization) + 1]
        for organization in (
            "Lansing City Council",
            "Lansing Regional Sister Cities Commission (LRSCC)",
        )
    )
    assert council.startswith("Until 1994. We have no record of the")
    assert commission.startswith("Since 1994. We have no record of the rule that")
