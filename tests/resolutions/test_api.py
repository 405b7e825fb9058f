"""The API of councils and commissions: whole answers, filters, refusals."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.utils.timezone import localdate

from cities.records.derived import collecting
from cities.records.publishing import Publication
from resolutions.models import Ballot, Member, Resolution, Term
from tests.database import undone
from tests.factories import (
    council,
    make_action,
    make_attendance,
    make_city,
    make_effect,
    make_entry,
    make_meeting,
    make_member,
    make_minutes,
    make_office,
    make_organization,
    make_other_number,
    make_relation,
    make_relationship,
    make_reply,
    make_resolution,
    make_roll_call,
    make_seat,
    make_source,
    make_statement,
    make_term,
    make_text,
    make_type,
)
from tests.moments import all_changed_at, change
from tests.problems import NOTHING_HERE, problem, refusal
from tests.resolutions.api import API, DRAFT, LISTS, SINCE, SITE, day, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("logged")]

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
MODIFIED = "2026-01-02T03:04:05.000678Z"


FIRST = "RESOLUTION #2013-001\n\nWHEREAS, people were arrested;\n\nRESOLVED, to end all ties."
ADOPTED = "WHEREAS, people were arrested;\n\nRESOLVED, to urge the commission."
CORRECTED = "WHEREAS, people were arrested;\n\nRESOLVED, to urge the Commission."


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module", autouse=True)
def affair(module_db):
    """A council of two, with one of everything that the API has of it."""
    paper = make_source(
        slug="proceedings", title="Official Proceedings", reliability="proceedings"
    )
    organization, commission = council(), make_organization("lrscc", classification="commission")
    relationship = make_relationship(make_city("st-petersburg", country="RU"))
    carol = make_member("carol-wood", name="Carol Wood", sort_name="Wood, Carol", summary="Led.")
    kathie = make_member("kathie-dunbar", name="Kathie Dunbar", sort_name="Dunbar, Kathie")
    ward = make_seat(organization, slug="ward-1", label="1st Ward", until="2100~", source=paper)
    make_seat(organization, slug="at-large", label="At large", since=None)
    make_term(carol, ward, role="president", since="2010-01", until="[2013-08-19..]", source=paper)
    make_term(kathie, None, organization=organization, since="[..2013-07-15]", source=paper)
    make_office(carol, organization=organization, source=paper)

    first = make_meeting("2013-08-12", slug="meeting-12")
    meeting = make_meeting(
        "2013-08-19",
        slug="meeting-19",
        kind="special",
        begins_at="19:00",
        held_at="City Hall",
        presided_by="Council President Dunbar",
        reconvened_from=first,
        note="It met again.",
    )
    later = make_meeting("2013-09-09", slug="meeting-september")
    meeting.sources.add(paper)
    make_attendance(meeting, carol)
    make_attendance(meeting, kathie, "absent")
    make_minutes(meeting, text="The Council met.", source=paper, available_on="2013-08-22")
    make_minutes(
        meeting,
        text="The Council met.",
        kind="approved",
        available_on="2013-09-20",
        decided_at=later,
    )

    other = make_resolution("before", title="One before")
    resolution = make_resolution(
        "st-petersburg-2013",
        kind="resolution",
        number="RESOLUTION #2013-001",
        number_year=2013,
        number_serial=1,
        title="On St. Petersburg",
        summary="Urges the commission to end the tie.",
        introduced_by="The Committee of the Whole",
    )
    resolution.sponsors.add(carol)
    resolution.relationships.add(relationship)
    resolution.places.add(relationship.partner)
    resolution.sources.add(paper)
    make_relation(resolution, other, "refers_to")
    make_other_number(resolution, "file", "File 13-0214")
    make_text(resolution, FIRST, source=paper, on="2013-07-29")
    adopted = make_text(resolution, ADOPTED, kind="adopted", on="2013-08-19")
    make_text(resolution, CORRECTED, kind="corrected", corrected_at=later)
    make_action(resolution, "introduce", "2013-07", source=paper)
    make_roll_call(
        resolution,
        "yx",
        [carol, kathie],
        meeting=meeting,
        text=adopted,
        mover=carol,
        seconder=kathie,
        requirement="two_thirds",
        base="cast",
        announced_yes=7,
        announced_no=0,
        announced_as="Motion carried.",
        override_reason="As declared.",
        agenda_label="X.B.2",
        is_late_item=True,
        effective="2013-09",
        veto_until="2013-08-26",
        note="Adopted.",
        source=paper,
    )
    urges = make_effect(
        resolution,
        addressed_to=commission,
        relationship=relationship,
        place=relationship.partner,
        what="an end",
    )
    make_reply(urges, organization=commission, source=paper)
    entry = make_entry(relationship, "approved", "2013-08-19", party="home", type=make_type())
    make_effect(resolution, "approves", relationship=relationship, what="the tie", entry=entry)
    statement = make_statement(
        "mayor-2013", organization=commission, title="A statement", source=paper
    )
    statement.relationships.add(relationship)
    statement.places.add(relationship.partner)
    all_changed_at(MOMENT)


RESOLUTION = {
    "url": f"{API}/resolutions/st-petersburg-2013/",
    "page": f"{SITE}/resolutions/st-petersburg-2013/",
    "pdf": f"{SITE}/resolutions/st-petersburg-2013/pdf/",
    "slug": "st-petersburg-2013",
    "organization": f"{API}/organizations/lansing-city-council/",
    "kind": "resolution",
    "number": "RESOLUTION #2013-001",
    "number_year": 2013,
    "other_numbers": [{"kind": "file", "number": "File 13-0214"}],
    "title": "On St. Petersburg",
    "summary": "Urges the commission to end the tie.",
    "status": {"status": "adopted", "since": day("2013-08-19")},
    "introduced_by": "The Committee of the Whole",
    "sponsors": [f"{API}/members/carol-wood/"],
    "relationships": [f"{API}/relationships/lansing-st-petersburg/"],
    "cities": [f"{API}/cities/st-petersburg/"],
    "texts": [
        {
            "page": f"{SITE}/resolutions/st-petersburg-2013/#version-1",
            "version": 1,
            "kind": "introduced",
            "sha256": sha(FIRST),
            "source": f"{API}/sources/proceedings/",
            "on": day("2013-07-29"),
            "corrected_at": None,
            "clauses": [
                {
                    "kind": "other",
                    "number": 1,
                    "anchor": "text-1",
                    "text": "RESOLUTION #2013-001",
                },
                {
                    "kind": "whereas",
                    "number": 1,
                    "anchor": "whereas-1",
                    "text": "WHEREAS, people were arrested;",
                },
                {
                    "kind": "resolved",
                    "number": 1,
                    "anchor": "resolved-1",
                    "text": "RESOLVED, to end all ties.",
                },
            ],
        },
        {
            "page": f"{SITE}/resolutions/st-petersburg-2013/#version-2",
            "version": 2,
            "kind": "adopted",
            "sha256": sha(ADOPTED),
            "source": None,
            "on": day("2013-08-19"),
            "corrected_at": None,
            "clauses": [
                {
                    "kind": "whereas",
                    "number": 1,
                    "anchor": "whereas-1",
                    "text": "WHEREAS, people were arrested;",
                },
                {
                    "kind": "resolved",
                    "number": 1,
                    "anchor": "resolved-1",
                    "text": "RESOLVED, to urge the commission.",
                },
            ],
        },
        {
            "page": f"{SITE}/resolutions/st-petersburg-2013/#version-3",
            "version": 3,
            "kind": "corrected",
            "sha256": sha(CORRECTED),
            "source": None,
            "on": None,
            "corrected_at": f"{API}/meetings/meeting-september/",
            "clauses": [
                {
                    "kind": "whereas",
                    "number": 1,
                    "anchor": "whereas-1",
                    "text": "WHEREAS, people were arrested;",
                },
                {
                    "kind": "resolved",
                    "number": 1,
                    "anchor": "resolved-1",
                    "text": "RESOLVED, to urge the Commission.",
                },
            ],
        },
    ],
    "effects": [
        {
            "page": f"{SITE}/resolutions/st-petersburg-2013/#effect-1",
            "number": 1,
            "kind": "urges",
            "what": "an end",
            "addressed_to": f"{API}/organizations/lrscc/",
            "relationship": f"{API}/relationships/lansing-st-petersburg/",
            "city": f"{API}/cities/st-petersburg/",
            "entry": None,
            "replies": [
                {
                    "organization": f"{API}/organizations/lrscc/",
                    "on": day("2013-08-20"),
                    "answer": "moot",
                    "summary": "There is nothing to end.",
                    "source": f"{API}/sources/proceedings/",
                }
            ],
        },
        {
            "page": f"{SITE}/resolutions/st-petersburg-2013/#effect-2",
            "number": 2,
            "kind": "approves",
            "what": "the tie",
            "addressed_to": None,
            "relationship": f"{API}/relationships/lansing-st-petersburg/",
            "city": None,
            "entry": f"{API}/entries/lansing-st-petersburg-1/",
            "replies": [],
        },
    ],
    "relations": [
        {
            "kind": "refers_to",
            "resolution": f"{API}/resolutions/before/",
            "title": "One before",
        }
    ],
    "related_from": [],
    "actions": f"{API}/actions/?resolution=st-petersburg-2013",
    "sources": [f"{API}/sources/proceedings/"],
    "modified": MODIFIED,
}
BARE_RESOLUTION = {
    "url": f"{API}/resolutions/before/",
    "page": f"{SITE}/resolutions/before/",
    "pdf": f"{SITE}/resolutions/before/pdf/",
    "slug": "before",
    "organization": f"{API}/organizations/lansing-city-council/",
    "kind": "resolution",
    "number": None,
    "number_year": None,
    "other_numbers": [],
    "title": "One before",
    "summary": "",
    "status": {"status": None, "since": None},
    "introduced_by": "",
    "sponsors": [],
    "relationships": [],
    "cities": [],
    "texts": [],
    "effects": [],
    "relations": [],
    "related_from": [
        {
            "kind": "refers_to",
            "resolution": f"{API}/resolutions/st-petersburg-2013/",
            "title": "On St. Petersburg",
        }
    ],
    "actions": f"{API}/actions/?resolution=before",
    "sources": [],
    "modified": MODIFIED,
}
CITATION = {
    "role": "supports",
    "source": f"{API}/sources/proceedings/",
    "title": "Official Proceedings",
    "reliability": "proceedings",
    "locator": "",
    "says": "",
}
INTRODUCTION = {
    "url": f"{API}/actions/st-petersburg-2013-1/",
    "page": f"{SITE}/resolutions/st-petersburg-2013/#action-1",
    "ref": "st-petersburg-2013-1",
    "resolution": f"{API}/resolutions/st-petersburg-2013/",
    "number": 1,
    "kind": "introduce",
    "on": day("2013-07", "2013-07-01", "2013-07-31"),
    "organization": f"{API}/organizations/lansing-city-council/",
    "meeting": None,
    "text": None,
    "mover": None,
    "seconder": None,
    "method": None,
    "outcome": None,
    "shares_vote_with": None,
    "together": [],
    "requirement": None,
    "announced": {"yes": None, "no": None, "abstain": None, "absent": None},
    "announced_as": "",
    "votes": None,
    "tie_break": None,
    "result": None,
    "override_reason": "",
    "disagreements": [],
    "agenda_label": "",
    "is_late_item": False,
    "effective": None,
    "veto_until": None,
    "note": "",
    "citations": [CITATION],
    "modified": MODIFIED,
}
ADOPTION = {
    "url": f"{API}/actions/st-petersburg-2013-2/",
    "page": f"{SITE}/resolutions/st-petersburg-2013/#action-2",
    "ref": "st-petersburg-2013-2",
    "resolution": f"{API}/resolutions/st-petersburg-2013/",
    "number": 2,
    "kind": "adopt",
    "on": day("2013-08-19"),
    "organization": f"{API}/organizations/lansing-city-council/",
    "meeting": f"{API}/meetings/meeting-19/",
    "text": 2,
    "mover": f"{API}/members/carol-wood/",
    "seconder": f"{API}/members/kathie-dunbar/",
    "method": "roll_call",
    "outcome": "carried",
    "shares_vote_with": None,
    "together": [],
    "requirement": {
        "kind": "two_thirds",
        "base": "cast",
        "number": None,
        "counts_abstentions": False,
    },
    "announced": {"yes": 7, "no": 0, "abstain": None, "absent": None},
    "announced_as": "Motion carried.",
    "votes": {
        "is_complete": True,
        "counts": {
            "yes": 1,
            "no": 0,
            "abstain": 0,
            "recused": 0,
            "absent": 1,
            "excused": 0,
            "not_voting": 0,
        },
        "ballots": [
            {
                "member": f"{API}/members/kathie-dunbar/",
                "name": "Kathie Dunbar",
                "name_as_printed": "",
                "choice": "absent",
                "choice_as_printed": "",
                "note": "",
            },
            {
                "member": f"{API}/members/carol-wood/",
                "name": "Carol Wood",
                "name_as_printed": "",
                "choice": "yes",
                "choice_as_printed": "",
                "note": "",
            },
        ],
    },
    "tie_break": None,
    "result": {"is_carried": True, "yes": 1, "needed": 1, "of": 1},
    "override_reason": "As declared.",
    "disagreements": ["The printed counts disagree with the roll call."],
    "agenda_label": "X.B.2",
    "is_late_item": True,
    "effective": {"edtf": "2013-09", "earliest": "2013-09-01", "latest": "2013-09-30"},
    "veto_until": {"edtf": "2013-08-26", "earliest": "2013-08-26", "latest": "2013-08-26"},
    "note": "Adopted.",
    "citations": [CITATION],
    "modified": MODIFIED,
}
WORDS = {"kind": "other", "number": 1, "anchor": "text-1", "text": "The Council met."}
MEETING = {
    "url": f"{API}/meetings/meeting-19/",
    "page": f"{SITE}/meetings/meeting-19/",
    "slug": "meeting-19",
    "organization": f"{API}/organizations/lansing-city-council/",
    "kind": "special",
    "on": day("2013-08-19"),
    "begins_at": "19:00:00",
    "held_at": "City Hall",
    "presided_by": "Council President Dunbar",
    "state": "held",
    "why_cancelled": "",
    "reconvened_from": f"{API}/meetings/meeting-12/",
    "reconvened_as": [],
    "note": "It met again.",
    "attendance": [
        {
            "member": f"{API}/members/kathie-dunbar/",
            "name": "Kathie Dunbar",
            "presence": "absent",
            "note": "",
        },
        {
            "member": f"{API}/members/carol-wood/",
            "name": "Carol Wood",
            "presence": "present",
            "note": "",
        },
    ],
    "minutes": [
        {
            "page": f"{SITE}/meetings/meeting-19/#minutes-1",
            "version": 1,
            "kind": "proposed",
            "sha256": sha("The Council met."),
            "source": f"{API}/sources/proceedings/",
            "available_on": "2013-08-22",
            "decided_at": None,
            "clauses": [WORDS],
        },
        {
            "page": f"{SITE}/meetings/meeting-19/#minutes-2",
            "version": 2,
            "kind": "approved",
            "sha256": sha("The Council met."),
            "source": None,
            "available_on": "2013-09-20",
            "decided_at": f"{API}/meetings/meeting-september/",
            "clauses": [WORDS],
        },
    ],
    "clocks": [
        {"minutes": "proposed", "due": "2013-08-29", "done": "2013-08-22", "state": "met"},
        {"minutes": "approved", "due": "2013-09-16", "done": "2013-09-20", "state": "met_late"},
    ],
    "actions": f"{API}/actions/?meeting=meeting-19",
    "sources": [f"{API}/sources/proceedings/"],
    "modified": MODIFIED,
}
FIRST_MEETING = {
    "url": f"{API}/meetings/meeting-12/",
    "page": f"{SITE}/meetings/meeting-12/",
    "slug": "meeting-12",
    "organization": f"{API}/organizations/lansing-city-council/",
    "kind": "regular",
    "on": day("2013-08-12"),
    "begins_at": None,
    "held_at": "",
    "presided_by": "",
    "state": "held",
    "why_cancelled": "",
    "reconvened_from": None,
    "reconvened_as": [f"{API}/meetings/meeting-19/"],
    "note": "",
    "attendance": [],
    "minutes": [],
    "clocks": [{"minutes": "proposed", "due": "2013-08-22", "done": None, "state": "late"}],
    "actions": f"{API}/actions/?meeting=meeting-12",
    "sources": [],
    "modified": MODIFIED,
}
MEMBER = {
    "url": f"{API}/members/carol-wood/",
    "page": f"{SITE}/members/carol-wood/",
    "slug": "carol-wood",
    "name": "Carol Wood",
    "sort_name": "Wood, Carol",
    "summary": "Led.",
    "terms": [
        {
            "organization": f"{API}/organizations/lansing-city-council/",
            "seat": f"{API}/seats/ward-1/",
            "seat_label": "1st Ward",
            "role": "president",
            "since": day("2010-01", "2010-01-01", "2010-01-31"),
            "until": {"edtf": "[2013-08-19..]", "earliest": "2013-08-19", "latest": None},
            "source": f"{API}/sources/proceedings/",
        }
    ],
    "offices": [
        {
            "organization": f"{API}/organizations/lansing-city-council/",
            "role": "president",
            "since": day("2013", "2013-01-01", "2013-12-31"),
            "until": day("2013", "2013-01-01", "2013-12-31"),
            "source": f"{API}/sources/proceedings/",
        }
    ],
    "modified": MODIFIED,
}
OTHER_MEMBER = {
    "url": f"{API}/members/kathie-dunbar/",
    "page": f"{SITE}/members/kathie-dunbar/",
    "slug": "kathie-dunbar",
    "name": "Kathie Dunbar",
    "sort_name": "Dunbar, Kathie",
    "summary": "",
    "terms": [
        {
            "organization": f"{API}/organizations/lansing-city-council/",
            "seat": None,
            "seat_label": None,
            "role": "",
            "since": {"edtf": "[..2013-07-15]", "earliest": None, "latest": "2013-07-15"},
            "until": None,
            "source": f"{API}/sources/proceedings/",
        }
    ],
    "offices": [],
    "modified": MODIFIED,
}
SEAT = {
    "url": f"{API}/seats/ward-1/",
    "slug": "ward-1",
    "organization": f"{API}/organizations/lansing-city-council/",
    "label": "1st Ward",
    "places": 1,
    "is_voting": True,
    "since": day("1978", "1978-01-01", "1978-12-31"),
    "until": day("2100~", "2100-01-01", "2100-12-31"),
    "source": f"{API}/sources/proceedings/",
    "modified": MODIFIED,
}
BARE_SEAT = {
    "url": f"{API}/seats/at-large/",
    "slug": "at-large",
    "organization": f"{API}/organizations/lansing-city-council/",
    "label": "At large",
    "places": 1,
    "is_voting": True,
    "since": None,
    "until": None,
    "source": None,
    "modified": MODIFIED,
}
STATEMENT = {
    "url": f"{API}/statements/mayor-2013/",
    "page": f"{SITE}/statements/mayor-2013/",
    "slug": "mayor-2013",
    "title": "A statement",
    "speaker": "A Mayor",
    "office": "Mayor",
    "organization": f"{API}/organizations/lrscc/",
    "on": day("2013-07-22"),
    "summary": "What the mayor said.",
    "relationships": [f"{API}/relationships/lansing-st-petersburg/"],
    "cities": [f"{API}/cities/st-petersburg/"],
    "source": f"{API}/sources/proceedings/",
    "modified": MODIFIED,
}

PAPER = [{"url": f"{SITE}/sources/proceedings/", "note": "Official Proceedings"}]
MEMBERSHIP = {
    "person_id": "carol-wood",
    "organization_id": "lansing-city-council",
    "post_id": "ward-1",
    "label": "1st Ward",
    "role": "president",
    "start_date": "2010-01",
    "end_date": None,
    "sources": PAPER,
}
PRESIDENCY = MEMBERSHIP | {
    "post_id": None,
    "label": None,
    "role": "president",
    "start_date": "2013",
    "end_date": "2013",
}
OTHER_MEMBERSHIP = {
    "person_id": "kathie-dunbar",
    "organization_id": "lansing-city-council",
    "post_id": None,
    "label": None,
    "role": "",
    "start_date": None,
    "end_date": None,
    "sources": PAPER,
}
PERSON = {
    "url": f"{API}/popolo/persons/carol-wood/",
    "id": "carol-wood",
    "name": "Carol Wood",
    "sort_name": "Wood, Carol",
    "summary": "Led.",
    "memberships": [MEMBERSHIP, PRESIDENCY],
    "links": [{"url": f"{SITE}/members/carol-wood/", "note": "Page"}],
    "updated_at": MODIFIED,
}
ORGANIZATION = {
    "url": f"{API}/popolo/organizations/lansing-city-council/",
    "id": "lansing-city-council",
    "name": "Lansing City Council",
    "classification": "council",
    "area_id": "lansing",
    "founding_date": None,
    "dissolution_date": None,
    "posts": [
        {
            "id": "ward-1",
            "label": "1st Ward",
            "organization_id": "lansing-city-council",
            "start_date": "1978",
            "end_date": "2100",
            "places": 1,
            "is_voting": True,
            "sources": PAPER,
        },
        {
            "id": "at-large",
            "label": "At large",
            "organization_id": "lansing-city-council",
            "start_date": None,
            "end_date": None,
            "places": 1,
            "is_voting": True,
            "sources": [],
        },
    ],
    "memberships": [OTHER_MEMBERSHIP, MEMBERSHIP, PRESIDENCY],
    "sources": [],
    "updated_at": MODIFIED,
}
VOTE_EVENT = {
    "url": f"{API}/popolo/vote-events/st-petersburg-2013-2/",
    "id": "st-petersburg-2013-2",
    "motion_id": "st-petersburg-2013-2",
    "other_motion_ids": [],
    "organization_id": "lansing-city-council",
    "classification": "roll_call",
    "start_date": "2013-08-19",
    "result": "pass",
    "counts": [
        {"option": "yes", "value": 1},
        {"option": "no", "value": 0},
        {"option": "abstain", "value": 0},
        {"option": "not voting", "value": 0},
        {"option": "absent", "value": 1},
    ],
    "votes": [
        {
            "voter_id": "kathie-dunbar",
            "option": "absent",
            "choice": "absent",
            "choice_as_printed": "",
        },
        {"voter_id": "carol-wood", "option": "yes", "choice": "yes", "choice_as_printed": ""},
    ],
    "sources": PAPER,
    "updated_at": MODIFIED,
}
MOTION = {
    "url": f"{API}/popolo/motions/st-petersburg-2013-2/",
    "id": "st-petersburg-2013-2",
    "organization_id": "lansing-city-council",
    "creator_id": "carol-wood",
    "text": "On St. Petersburg",
    "classification": "adopt",
    "date": "2013-08-19",
    "requirement": "Two-thirds of the votes cast",
    "result": "pass",
    "vote_events": [VOTE_EVENT],
    "sources": PAPER,
    "updated_at": MODIFIED,
}


def without_words(record: dict) -> dict:
    """As a list has it."""
    versions = {
        name: [{k: v for k, v in version.items() if k != "clauses"} for version in record[name]]
        for name in ("texts", "minutes")
        if name in record
    }
    return record | versions


# --- whole answers ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "record",
    [
        RESOLUTION,
        BARE_RESOLUTION,
        INTRODUCTION,
        ADOPTION,
        MEETING,
        FIRST_MEETING,
        MEMBER,
        OTHER_MEMBER,
        SEAT,
        BARE_SEAT,
        STATEMENT,
        PERSON,
        ORGANIZATION,
        MOTION,
        VOTE_EVENT,
    ],
    ids=lambda record: record["url"].removeprefix(API),
)
def test_record_is_shown_whole(client, record):
    response = client.get(record["url"])

    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == record


@pytest.mark.parametrize(
    ("question", "records"),
    [
        ("/resolutions/", [RESOLUTION, BARE_RESOLUTION]),
        ("/actions/", [INTRODUCTION, ADOPTION]),
        ("/meetings/?year=2013&kind=special", [MEETING]),
        ("/members/", [OTHER_MEMBER, MEMBER]),
        ("/seats/", [SEAT, BARE_SEAT]),
        ("/statements/", [STATEMENT]),
        ("/popolo/persons/?organization=lansing-city-council&page_size=1&page=2", [PERSON]),
        ("/popolo/organizations/?classification=council", [ORGANIZATION]),
        ("/popolo/motions/", [MOTION]),
        ("/popolo/vote-events/", [VOTE_EVENT]),
    ],
)
def test_list_holds_records_without_the_words_of_their_texts(client, question, records):
    assert client.get(f"/api/v1{question}").json()["results"] == [
        without_words(record) for record in records
    ]


# --- status on a day --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2013-06-30", {"status": None, "since": None}),
        (
            "2013-07-01",
            {"status": "introduced", "since": day("2013-07", "2013-07-01", "2013-07-31")},
        ),
        (
            "2013-08-18",
            {"status": "introduced", "since": day("2013-07", "2013-07-01", "2013-07-31")},
        ),
        ("2013-08-19", RESOLUTION["status"]),
        ("9999-12-31", RESOLUTION["status"]),
    ],
)
def test_resolution_has_the_status_of_the_day(client, on, status):
    one = client.get(f"/api/v1/resolutions/st-petersburg-2013/?on={on}").json()
    many = client.get(f"/api/v1/resolutions/?on={on}").json()

    assert one == RESOLUTION | {"status": status}
    expected = [] if status["status"] is None else [without_words(one)]
    assert many == page_of(*expected)


def test_status_asked_for_is_the_one_of_the_day(client):
    def found(question: str) -> list[str]:
        answer = client.get(f"/api/v1/resolutions/?{question}").json()
        return [record["slug"] for record in answer["results"]]

    assert found("on=2013-08-01&status=introduced") == ["st-petersburg-2013"]
    assert found("on=2013-08-01&status=adopted") == []
    assert found("status=introduced") == []
    assert found("status=adopted") == ["st-petersburg-2013"]


# --- what is refused --------------------------------------------------------------------

NO_DAY = "That is not a date. Enter it like 8/19/2013 or 2013-08-19."
NO_YEAR = "Enter a year with four digits, from 1800 to 2200, like 2013."
NO_NUL = "The address or a cookie contains a null character. Remove it and try again."
TOO_LARGE = "A number in the address is too large. Use a smaller one."


def no_choice(value: str) -> str:
    return f"“{value}” is not one of the choices. Choose one from the list."


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("/resolutions/?status=alive", refusal(status=no_choice("alive"))),
        ("/resolutions/?kind=law", refusal(kind=no_choice("law"))),
        ("/resolutions/?year=99999999999999999999", problem(400, TOO_LARGE)),
        ("/resolutions/?year=9999999999999", refusal(year=NO_YEAR)),
        ("/resolutions/?year=1e999999999", refusal(year=NO_YEAR)),
        ("/resolutions/?year=2013.5", refusal(year=NO_YEAR)),
        ("/resolutions/?year=NaN", refusal(year=NO_YEAR)),
        ("/resolutions/?year=1799", refusal(year=NO_YEAR)),
        ("/resolutions/?year=-2013", refusal(year=NO_YEAR)),
        ("/resolutions/?on=never", refusal(on=NO_DAY)),
        ("/resolutions/st-petersburg-2013/?on=never", refusal(on=NO_DAY)),
        ("/resolutions/?q=%00", problem(400, NO_NUL)),
        (
            f"/resolutions/?q={'a' * 201}",
            refusal(q="Use fewer words: at most 200 characters."),
        ),
        ("/resolutions/?city=%00", problem(400, NO_NUL)),
        ("/resolutions/?member=%00", problem(400, NO_NUL)),
        ("/resolutions/?organization=%00", problem(400, NO_NUL)),
        ("/meetings/?year=2013.5", refusal(year=NO_YEAR)),
        ("/meetings/?state=lost", refusal(state=no_choice("lost"))),
        ("/meetings/?kind=party", refusal(kind=no_choice("party"))),
        ("/actions/?kind=wish", refusal(kind=no_choice("wish"))),
        ("/actions/?meeting=%00", problem(400, NO_NUL)),
        ("/actions/?member=%00", problem(400, NO_NUL)),
        ("/seats/?on=never", refusal(on=NO_DAY)),
        ("/statements/?city=%00", problem(400, NO_NUL)),
        ("/popolo/motions/?kind=wish", refusal(kind=no_choice("wish"))),
    ],
)
def test_question_that_makes_no_sense_is_refused_in_words(client, question, said):
    response = client.get(f"/api/v1{question}")

    assert (response.status_code, response.json()) == (400, said)
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{name}/nowhere/" for name in LISTS),
        "/actions/st-petersburg-2013-99/",
        "/actions/st-petersburg-2013-99999/",
        "/popolo/motions/st-petersburg-2013-1/",
        "/popolo/vote-events/st-petersburg-2013-1/",
    ],
)
def test_record_that_is_not_there_says_so(client, path):
    response = client.get(f"/api/v1{path}")

    assert response.status_code == 404
    assert response.json() == NOTHING_HERE


# --- drafts -----------------------------------------------------------------------------


def everything(client) -> dict:
    """All that the API has of councils and commissions, page by page and record by record."""
    lists = {name: client.get(f"/api/v1/{name}/?page_size=200").json() for name in LISTS}
    records = [record["url"] for page in lists.values() for record in page["results"]]
    return lists | {url: client.get(url).json() for url in records}


@collecting()
def make_drafts_apart() -> None:
    """Drafts beside the public records, and public records about drafts."""
    organization = council()
    hidden = make_organization("zzyx-organization", **DRAFT)
    member = make_member("zzyx-member", **DRAFT)
    make_term(member, make_seat(hidden, slug="zzyx-seat"))
    make_term(Member.objects.get(slug="carol-wood"), organization=hidden)
    make_term(member, organization=organization)
    public = Resolution.objects.get(slug="st-petersburg-2013")
    for about in (
        make_resolution("zzyx-draft", **DRAFT),
        make_resolution("zzyx-of-draft", organization=hidden),
    ):
        make_action(about, meeting=make_meeting(slug=f"{about.slug}-met", organization=hidden))
        make_text(about, **DRAFT)
        about.texts.update(publication=Publication.PUBLISHED)
        make_reply(make_effect(about, what="zzyx"), organization=organization)
        make_relation(public, about, "amends")
        make_relation(about, public, "amends")
    make_meeting(slug="zzyx-meeting", **DRAFT)
    make_text(public, "zzyx", kind="amended", **DRAFT)
    make_action(public, "rescind", "2014", note="zzyx", **DRAFT)
    make_reply(make_effect(public, what="zzyx", **DRAFT), organization=organization)
    make_reply(public.effects.get(number=1), summary="zzyx", organization=organization, **DRAFT)
    make_minutes(public.actions.get(number=2).meeting, text="zzyx", **DRAFT)
    make_statement("zzyx-statement", **DRAFT)


def test_drafts_beside_public_records_change_nothing(client):
    before = everything(client)

    make_drafts_apart()

    after = everything(client)
    moments = ("modified", "updated_at")
    assert after == before
    assert all(
        record.get(name, MODIFIED) == MODIFIED for record in after.values() for name in moments
    )


DRAFTS = [
    "resolutions/zzyx-draft",
    "resolutions/zzyx-of-draft",
    "actions/zzyx-draft-1",
    "actions/zzyx-of-draft-1",
    "actions/st-petersburg-2013-3",
    "meetings/zzyx-meeting",
    "meetings/zzyx-draft-met",
    "members/zzyx-member",
    "seats/zzyx-seat",
    "statements/zzyx-statement",
    "popolo/persons/zzyx-member",
    "popolo/organizations/zzyx-organization",
    "popolo/motions/st-petersburg-2013-3",
    "popolo/vote-events/zzyx-draft-1",
]


def test_draft_is_nowhere(client):
    make_drafts_apart()

    assert [path for path in DRAFTS if client.get(f"/api/v1/{path}/").status_code != 404] == []


NAMING_DRAFTS = [
    "resolutions/?organization=zzyx-organization",
    "resolutions/?member=zzyx-member",
    "resolutions/?city=zzyx-city",
    "resolutions/?q=zzyx",
    "resolutions/?year=2014",
    "resolutions/?status=rescinded",
    "actions/?resolution=zzyx-draft",
    "actions/?meeting=zzyx-meeting",
    "actions/?meeting=zzyx-draft-met",
    "actions/?organization=zzyx-organization",
    "actions/?member=zzyx-member",
    "meetings/?organization=zzyx-organization",
    "members/?organization=zzyx-organization",
    "seats/?organization=zzyx-organization",
    "statements/?city=zzyx-city",
    "popolo/persons/?organization=zzyx-organization",
    "popolo/motions/?member=zzyx-member",
]


def test_slug_of_a_draft_names_nothing(client):
    make_drafts_apart()
    link_drafts()

    answers = {question: client.get(f"/api/v1/{question}").json() for question in NAMING_DRAFTS}

    assert {question: answer for question, answer in answers.items() if answer != page_of()} == {}


def link_drafts() -> None:
    """Let the public records name a draft wherever they can name a record."""
    public = Resolution.objects.get(slug="st-petersburg-2013")
    member = Member.objects.get(slug="zzyx-member")
    city, source = make_city("zzyx-city", **DRAFT), make_source(slug="zzyx-source", **DRAFT)
    relationship = make_relationship(city, slug="zzyx-second-tie")
    public.sponsors.add(member)
    public.places.add(city)
    public.relationships.add(relationship)
    public.sources.add(source)
    action = public.actions.get(number=2)
    meeting = action.meeting
    action.mover, action.seconder = member, make_member("zzyx-second", **DRAFT)
    action.meeting = make_meeting(slug="zzyx-linked", **DRAFT)
    action.text = public.texts.get(publication=Publication.DRAFT)
    action.save()
    action.citations.update(source=source)
    Ballot.objects.filter(member__slug="carol-wood").update(member=member)
    meeting.attendance.filter(member__slug="carol-wood").update(member=member)
    meeting.sources.add(source)
    meeting.reconvened_from = make_meeting(slug="zzyx-from", **DRAFT)
    meeting.save()
    meeting.minutes.update(source=source)
    make_meeting(slug="zzyx-as", reconvened_from=meeting, **DRAFT)
    public.texts.filter(kind="corrected").update(corrected_at=meeting.reconvened_from)
    public.texts.update(source=source)
    effect = public.effects.get(number=1)
    effect.addressed_to = make_organization("zzyx-asked", **DRAFT)
    effect.relationship, effect.place = relationship, city
    effect.save()
    effect.replies.update(organization=effect.addressed_to, source=source)
    public.effects.get(number=2).entry.relationship.partner.__class__.objects.filter(
        slug="st-petersburg"
    ).update(publication=Publication.DRAFT)
    Term.objects.update(source=source)


def test_public_records_show_null_for_the_drafts_they_name(client):
    make_drafts_apart()

    link_drafts()

    resolution = client.get("/api/v1/resolutions/st-petersburg-2013/").json()
    action = client.get("/api/v1/actions/st-petersburg-2013-2/").json()
    meeting = client.get("/api/v1/meetings/meeting-19/").json()
    names = ("sponsors", "relationships", "cities", "sources")
    assert [resolution[name] for name in names] == [
        [f"{API}/members/carol-wood/"],
        [],
        [],
        [f"{API}/sources/proceedings/"],
    ]
    assert [(text["source"], text["corrected_at"]) for text in resolution["texts"]] == [
        (None, None)
    ] * 3
    links = ("addressed_to", "relationship", "city", "entry")
    assert [[effect[name] for name in links] for effect in resolution["effects"]] == [
        [None] * 4
    ] * 2
    [reply] = resolution["effects"][0]["replies"]
    assert (reply["organization"], reply["source"]) == (None, None)
    links = ("meeting", "text", "mover", "seconder", "citations")
    assert [action[name] for name in links] == [None, None, None, None, []]
    assert action["votes"]["counts"] == ADOPTION["votes"]["counts"]
    unnamed = {
        "member": None,
        "name": None,
        "name_as_printed": "",
        "choice": "yes",
        "choice_as_printed": "",
        "note": "",
    }
    assert unnamed in action["votes"]["ballots"]
    assert {"member": None, "name": None, "presence": "present", "note": ""} in meeting[
        "attendance"
    ]
    assert (meeting["reconvened_from"], meeting["reconvened_as"]) == (None, [])
    assert [minutes["source"] for minutes in meeting["minutes"]] == [None, None]
    event = client.get("/api/v1/popolo/vote-events/st-petersburg-2013-2/").json()
    assert {"voter_id": None, "option": "yes", "choice": "yes", "choice_as_printed": ""} in event[
        "votes"
    ]
    assert event["sources"] == []
    assert "zzyx" not in str(everything(client)).replace("lansing-zzyx", "")


# --- what was withdrawn, and what changed since -----------------------------------------


def listed(client, question: str = SINCE, lists: list[str] = LISTS) -> dict[str, list[str]]:
    """The address of each record in a list, by list."""
    answers = {name: client.get(f"/api/v1/{name}/?modified_since={question}") for name in lists}
    return {
        name: [record["url"].removeprefix(f"{API}/{name}/") for record in answer.json()["results"]]
        for name, answer in answers.items()
        if answer.json()["count"]
    }


def public() -> Resolution:
    return Resolution.objects.get(slug="st-petersburg-2013")


VOTE = {
    "actions": ["st-petersburg-2013-2/"],
    "popolo/motions": ["st-petersburg-2013-2/"],
    "popolo/vote-events": ["st-petersburg-2013-2/"],
}
RESOLVED = {"resolutions": ["st-petersburg-2013/"]}
ORGANIZATIONS = {"popolo/organizations": ["lansing-city-council/"]}
CAROL = {"members": ["carol-wood/"], "popolo/persons": ["carol-wood/"]}
CHANGES = {
    "a resolution": (lambda: change(public(), summary="Another."), RESOLVED),
    "a text": (lambda: change(public().texts.get(number=1), on="2013-07-01"), RESOLVED),
    "an effect": (lambda: change(public().effects.get(number=1), what="another"), RESOLVED),
    "a reply": (
        lambda: change(public().effects.get(number=1).replies.get(), summary="Another."),
        RESOLVED,
    ),
    "a relation": (
        lambda: change(public().relations.get(), kind="amends"),
        {"resolutions": ["st-petersburg-2013/", "before/"]},
    ),
    "a relation taken away": (
        lambda: public().relations.get().delete(),
        {"resolutions": ["st-petersburg-2013/", "before/"]},
    ),
    "an action, and so the status": (
        lambda: change(public().actions.get(number=2), note="Another."),
        RESOLVED | VOTE,
    ),
    "a vote": (lambda: change(Ballot.objects.first(), note="Another."), RESOLVED | VOTE),
    "a citation": (
        lambda: change(public().actions.get(number=2).citations.get(), says="Another."),
        RESOLVED | VOTE,
    ),
    "a meeting": (
        lambda: change(public().actions.get(number=2).meeting, note="Another."),
        {"meetings": ["meeting-19/"]},
    ),
    "minutes": (
        lambda: change(
            public().actions.get(number=2).meeting.minutes.first(), available_on="2013-09-30"
        ),
        {"meetings": ["meeting-19/"]},
    ),
    "attendance": (
        lambda: change(public().actions.get(number=2).meeting.attendance.first(), note="Another."),
        {"meetings": ["meeting-19/"]},
    ),
    "a member": (lambda: change(Member.objects.get(slug="carol-wood"), summary="Another."), CAROL),
    "a term": (
        lambda: change(Term.objects.get(member__slug="carol-wood"), since="2010-02"),
        CAROL | ORGANIZATIONS,
    ),
    "a seat": (
        lambda: change(council().seats.get(slug="ward-1"), label="Ward 1."),
        {"seats": ["ward-1/"]} | ORGANIZATIONS,
    ),
}


def test_change_is_reported_with_the_record_that_shows_it(client):
    assert listed(client) == {}
    for what, (do, records) in CHANGES.items():
        with undone():
            do()

            assert (what, listed(client)) == (what, records)


def test_withdrawn_records_answer_with_the_reason_and_are_reported_among_what_changed(client):
    statement = make_statement("wrong")
    meeting, member = make_meeting(slug="wrong"), make_member("wrong")
    resolution = make_resolution("wrong")
    action = make_action(make_resolution("other"), "introduce")
    motion = make_action(make_resolution("third"))
    for record in (statement, meeting, member, resolution, action, motion):
        change(
            record,
            publication=Publication.WITHDRAWN,
            withdrawn_on=localdate(),
            withdrawn_because="Wrong.",
        )

    def tombstone(path: str, name: str = "slug") -> dict:
        return {
            "url": f"{API}/{path}/",
            name: path.split("/")[-1],
            "withdrawn_on": localdate().isoformat(),
            "withdrawn_because": "Wrong.",
        }

    tombstones = [
        *(tombstone(f"{name}/wrong") for name in ("resolutions", "meetings", "members")),
        tombstone("statements/wrong"),
        tombstone("actions/other-1", "ref"),
        tombstone("actions/third-1", "ref"),
        tombstone("popolo/persons/wrong", "id"),
        tombstone("popolo/motions/third-1", "id"),
        tombstone("popolo/vote-events/third-1", "id"),
    ]
    changed = [
        record
        for name in LISTS
        for record in client.get(f"/api/v1/{name}/?modified_since={SINCE}").json()["results"]
        if "withdrawn_on" in record
    ]
    assert sorted(changed, key=str) == sorted(tombstones, key=str)
    kinds = {"persons": "member", "motions": "action", "vote-events": "action"}
    for record in tombstones:
        answer = client.get(record["url"])
        assert answer.status_code == 410
        assert answer.json() == problem(410, "This record was withdrawn.") | {
            "kind": kinds.get(record["url"].split("/")[-3]) or record["url"].split("/")[-3][:-1],
            "withdrawn_on": localdate().isoformat(),
            "withdrawn_because": "Wrong.",
        }
    assert client.get("/api/v1/popolo/motions/other-1/").status_code == 404
    assert "withdrawn_on" not in str(everything(client))
