"""The pages of resolutions, meetings, members and statements."""

import io
from datetime import UTC, datetime

import pypdf
import pytest

from resolutions.course import Status
from resolutions.models import (
    Action,
    Ballot,
    Meeting,
    Member,
    Resolution,
    Statement,
)
from resolutions.models.numbering import ResolutionKind
from resolutions.typesetting import TypesettingError
from resolutions.views import members
from tests.factories import (
    council,
    make_action,
    make_attendance,
    make_effect,
    make_entry,
    make_meeting,
    make_member,
    make_members,
    make_organization,
    make_partnership,
    make_resolution,
    make_roll_call,
    make_seat,
    make_source,
    make_statement,
    make_term,
    make_text,
)
from tests.reading import choices_of, lines_of, links_of, sections_of, title_of
from tests.resolutions.story import NAMES, WITHDRAWN, make_story

pytestmark = pytest.mark.django_db

DRAFT = {"publication": "draft"}
DOWNLOAD = "Download this list (JSON)"
SEND = "Do you have a document that can help? Send it to us."
PAPER = "Source: The paper, A Press, August 20, 2013 Press"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """A day that stays, for what is counted up to today."""
    noon = datetime(2026, 11, 24, 17, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


# --- one resolution ---------------------------------------------------------------------

REQUEST = [
    "Home",
    "Resolutions",
    "On human rights",
    "On human rights",
    "City Council · Resolution",
    "Adopted, August 19, 2013. See the vote",
    "It urges the commission.",
    "Facts",
    "Introduced by",
    "The Committee of the Whole",
    "Sponsors",
    "A. Washington",
    "About",
    "St. Petersburg",
    "Download PDF",
    "How to cite",
    "What it does",
    "Request",
    "Urges the commission to end all ties",
    "To: Commission. About the relationship with St. Petersburg.",
    "This is a request. It does not change a relationship.",
    "Commission replied, August 20, 2013: no action needed. There is nothing to end.",
    "Source: The paper Press",
    "Reply of August 20, 2013 was withdrawn from the record on May 6, 2024: It was another text.",
    "Statement",
    "Condemns the arrests",
    "About St. Petersburg.",
    "Request",
    "Urges the mayor to write a letter",
    "To: Mayor. About St. Petersburg.",
    "This is a request. It does not change a relationship.",
    "We have no record of a reply, 13 years later.",
    "Request",
    "Urges the mayor to call",
    "Withdrawn from the record on May 6, 2024: It was another text.",
    "What happened",
    "July 22, 2013",
    "Introduced",
    PAPER,
    "July 29, 2013",
    "Tabled",
    "Action 2 was withdrawn from the record on May 6, 2024: It was another text.",
    "August 19, 2013",
    "Adopted, 7–0",
    (
        "Moved by A. Wood. Seconded by A. Washington. Meeting: Regular meeting, August 19, 2013."
        " Text voted on: As adopted, version 2."
    ),
    "Roll call vote. Passed. 7 of 8 voted yes. Five yes votes were needed.",
    "Needed to pass: more than half of all seats. Result as printed: “Motion carried”.",
    "The printed counts disagree with the roll call.",
    "Vote count",
    "As printedRoll call",
    "Yes7 7",
    "No1 0",
    "AbstainedNo record 0",
    "AbsentNo record 1",
    "Roll call vote, August 19, 2013",
    "MemberVote",
    "A. DunbarAbsent",
    "A. HoughtonYes",
    "A. JeffriesYes",
    "A. QuinneyYes",
    "A. RobinsonYes",
    "A. WashingtonYes",
    "A. WoodYes",
    "A. YorkoYes",
    PAPER,
    "Full text",
    "Corrected, version 3. Corrected at this meeting: City Council, August 26, 2013.",
    "Whereas, clause 1",
    "WHEREAS, many people were held; and",
    "Resolved, clause 1",
    "RESOLVED, that the Council urges the commission to end all ties.",
    "SHA-256 8c9534978a5ffb1fcd2daf9dc510d4573aaa3d6047f2b8c4f284a38dac879847",
    "What the correction changed (version 3)",
    "Corrected at this meeting: City Council, August 26, 2013.",
    "Added words are underlined. Deleted words are struck through.",
    "Whereas, clause 1changed",
    "WHEREAS, many [inserted:] people [end of inserted] were held; and",
    "Versions of the text",
    "Version 1",
    "As introduced, July 22, 2013",
    "Read version 1",
    "SHA-256 ccbae4030d8d447ad9345af3bedb4162e94d479125f8c06996a2cd1a2591b05b",
    "Version 2",
    "As adopted, August 19, 2013",
    "Read version 2",
    "SHA-256 7d6bf80a8ecc7b30859258bf8ca4a02cc31480d7c3730355aeda0940d9cfdaa4",
    "Version 3",
    "Corrected",
    "Shown above.",
    "SHA-256 8c9534978a5ffb1fcd2daf9dc510d4573aaa3d6047f2b8c4f284a38dac879847",
    "Version 4",
    "Substitute",
    "Withdrawn from the record on May 6, 2024: It was another text.",
    "Older version",
    "1: As introduced",
    "2: As adopted",
    "3: Corrected",
    "Newer version",
    "1: As introduced",
    "2: As adopted",
    "3: Corrected",
    "Compare versions",
    "Related resolutions",
    "This resolution supersedes End the tie.",
    "Sources",
    "The paper, A Press, August 20, 2013 Press",
    "How to cite",
    "Title",
    "City Council, “On human rights”",
    "Permanent link",
    "http://testserver/resolutions/asked/",
    "Version",
    "Corrected, version 3",
    "Fingerprint of the text",
    "SHA-256 8c9534978a5ffb1fcd2daf9dc510d4573aaa3d6047f2b8c4f284a38dac879847",
    "Accessed",
    "November 24, 2026",
    "What we are still looking for",
    "The resolution number.",
    "Mayor: the reply to the request of August 19, 2013.",
    SEND,
]


def test_resolution_page_shows_everything_on_record(client):
    make_story()

    response = client.get("/resolutions/asked/")

    assert title_of(response) == "On human rights – Resolutions"
    assert lines_of(response) == REQUEST


def test_resolution_that_was_pulled_asked_nobody(client):
    make_story()

    sections = sections_of(client.get("/resolutions/pulled/"))

    assert sections.pop("")[3:] == [
        *("End the tie", "City Council · Resolution"),
        "Withdrawn before a vote, July 29, 2013. See what happened",
        *("It was pulled.", "Facts", "About", "St. Petersburg", "Download PDF", "How to cite"),
    ]
    assert sections == {
        "does": [
            *("Request", "Urges the commission to end the tie"),
            "To: Commission. About the relationship with St. Petersburg.",
            "It did not pass, so it changed nothing.",
        ],
        "actions": [
            *("July 15, 2013", "Introduced", PAPER),
            *("July 29, 2013", "Withdrawn", "Before any vote.", PAPER),
        ],
        "related": ["On human rights supersedes this resolution."],
        "cite": [
            *("Title", "City Council, “End the tie”"),
            *("Permanent link", "http://testserver/resolutions/pulled/"),
            *("Accessed", "November 24, 2026"),
        ],
        "unknown": ["The resolution number.", "The full text.", SEND],
    }


def test_two_versions_are_compared_in_words_and_marks(client):
    make_story()

    response = client.get("/resolutions/asked/?old=1&new=2")

    sections = sections_of(response)
    assert sections.pop("compared") == [
        "Added words are underlined. Deleted words are struck through.",
        "Whereas, clause 1changed",
        (
            "WHEREAS, [deleted:] people [end of deleted] [inserted:] many [end of"
            " inserted] were held; and"
        ),
        "Resolved, clause 1",
        "RESOLVED, that the Council urges the commission to end all ties.",
    ]
    assert sections == sections_of(client.get("/resolutions/asked/"))
    assert '<del><span class="visually-hidden"> [deleted:] </span> people' in response.text
    assert '<ins><span class="visually-hidden"> [inserted:] </span> many' in response.text


# --- meetings ---------------------------------------------------------------------------


def test_meeting_page_shows_everything_on_record(client):
    make_story()

    response = client.get("/meetings/council-2013-08-19/")

    assert title_of(response) == ("City Council, Regular meeting, August 19, 2013 – Meetings")
    assert lines_of(response) == [
        "Home",
        "Meetings",
        "City Council, August 19, 2013",
        "City Council, August 19, 2013",
        "Regular meeting · All City Council meetings",
        "Held.",
        "Votes and actions",
        "August 19, 2013",
        "On human rights: adopted, 7–0",
        "Moved by A. Wood. Seconded by A. Washington. Text voted on: As adopted, version 2.",
        "Roll call vote. Passed. 7 of 8 voted yes. Five yes votes were needed.",
        "Needed to pass: more than half of all seats. Result as printed: “Motion carried”.",
        "The printed counts disagree with the roll call.",
        "Vote count",
        "As printedRoll call",
        "Yes7 7",
        "No1 0",
        "AbstainedNo record 0",
        "AbsentNo record 1",
        "Roll call vote, August 19, 2013",
        "MemberVote",
        "A. DunbarAbsent",
        "A. HoughtonYes",
        "A. JeffriesYes",
        "A. QuinneyYes",
        "A. RobinsonYes",
        "A. WashingtonYes",
        "A. WoodYes",
        "A. YorkoYes",
        PAPER,
        "Attendance",
        "Members present and absent, August 19, 2013",
        "MemberAttendance",
        "A. DunbarAbsent",
        "A. HoughtonPresent",
        "A. JeffriesPresent",
        "A. QuinneyPresent",
        "A. RobinsonPresent",
        "A. WashingtonPresent",
        "A. WoodPresent",
        "A. YorkoPresent",
        "Minutes",
        "Proposed minutes were due August 29, 2013. They were available on August 22, 2013.",
        "Approved minutes were due September 3, 2013. They were available on August 29, 2013.",
        "Proposed minutes, version 1",
        "Available to the public since August 22, 2013. Source: The paper.",
        "Text of version 1",
        "It met.",
        "Carried, 7 to 1.",
        "SHA-256 ad548559649726b14c40b4f6acd2c8c829bce48dfab7f79ba773276812a630c3",
        "Approved minutes, version 2",
        (
            "Available to the public since August 29, 2013. Approved at this meeting: City"
            " Council, August 26, 2013."
        ),
        "Text of version 2",
        "It met.",
        "Carried, 7 to 1.",
        "SHA-256 ad548559649726b14c40b4f6acd2c8c829bce48dfab7f79ba773276812a630c3",
        "Corrected minutes, version 3",
        (
            "Available to the public since September 1, 2013. Corrected at this meeting: City"
            " Council, August 26, 2013."
        ),
        (
            "What the correction changed. Added words are underlined, and deleted words are struck"
            " through."
        ),
        "Text, paragraph 2changed",
        "Carried, 7 to [deleted:] 1 [end of deleted] [inserted:] 0 [end of inserted] .",
        "Text of version 3",
        "It met.",
        "Carried, 7 to 0.",
        "SHA-256 8f4a751eeb8d1da343f0e68550ae30e3d52ee945847b7cf221fa6b446d4bf390",
        "Corrected minutes, version 4",
        "Withdrawn from the record on May 6, 2024: It was another text.",
    ]


def test_meeting_of_which_little_is_known_says_so(client):
    make_story()

    sections = sections_of(client.get("/meetings/council-2013-08-26/"))

    assert sections.pop("")[3:] == [
        "City Council, August 26, 2013",
        "Regular meeting · All City Council meetings",
        "Held.",
    ]
    assert sections == {
        "done": ["We have no votes or actions on record for this meeting."],
        "minutes": ["Proposed minutes were due September 6, 2013. We have no record of them."],
        "unknown": ["The minutes.", "The list of members present and absent.", SEND],
    }


def test_statements_are_listed_newest_first(client):
    make_story()
    make_statement(title="Undated", slug="undated", on=None, source=make_source(title="T"))
    make_statement("secret", publication="draft")

    response = client.get("/statements/?city=")

    assert lines_of(response) == [
        "Home",
        "Statements",
        "Statements",
        (
            "What people in office said about our sister cities. A statement does not change a"
            " relationship."
        ),
        "City",
        "Any",
        "St. Petersburg",
        "Apply filters",
        "2 statements",
        "July 22, 2013",
        "Keep the tie",
        "A Mayor, Mayor",
        "The mayor asked to keep it.",
        "Source: The paper Press",
        "No date on record",
        "Undated",
        "A Mayor, Mayor",
        "What the mayor said.",
        "Source: T Press",
        DOWNLOAD,
    ]
    assert "Undated" not in client.get("/statements/?city=st-petersburg").text


def test_meetings_are_listed_newest_first(client):
    make_story()

    response = client.get("/meetings/")

    assert lines_of(response) == [
        "Home",
        "Meetings",
        "Meetings",
        "Council or commission",
        "Any",
        "City Council",
        "Kind",
        "Any",
        "Regular meeting",
        "Special meeting",
        "Committee of the Whole",
        "Status",
        "Any",
        "Scheduled",
        "Held",
        "Canceled",
        "No quorum",
        "Year",
        "For example, 2013.",
        "Apply filters",
        "2 meetings",
        "August 26, 2013",
        "City Council, Regular meeting",
        "Held.",
        "August 19, 2013",
        "City Council, Regular meeting",
        "Held.",
        DOWNLOAD,
    ]


# --- members and statements -------------------------------------------------------------


def test_members_are_listed_by_council_with_its_seats(client):
    make_story()

    response = client.get("/members/")

    assert lines_of(response) == [
        "Home",
        "Members",
        "Members and seats",
        "Members of the Commission and the City Council, now and in the past",
        "City Council",
        "City Council resolutions",
        "City Council meetings",
        "8 voting seats today",
        "SeatDates",
        "At large (4 seats)Since 1978",
        "Ward 1Since 1978",
        "Ward 2Since 1978",
        "Ward 3Since 1978",
        "Ward 4Since 1978",
        "Past and future members",
        "A. Dunbar Ward 1 2010 to 2014",
        "A. Houghton Ward 2 2010 to 2014",
        "A. Jeffries Ward 3 2010 to 2014",
        "A. Quinney Ward 4 2010 to 2014",
        "A. Robinson At large 2010 to 2014",
        "A. Washington At large 2010 to 2014",
        "A. Wood At large 2010 to 2014",
        "A. Yorko At large 2010 to 2014",
    ]


def test_member_page_shows_terms_votes_and_motions(client):
    make_story()

    sections = sections_of(client.get("/members/wood/"))

    assert sections == {
        "": ["Home", "Members", "A. Wood", "A. Wood"],
        "terms": ["City Council At large 2010 to 2014 source: The paper"],
        "votes": [
            "How A. Wood voted, newest first",
            "DateResolutionVoteResult",
            "August 19, 2013On human rightsYesAdopted",
        ],
        "put-forward": ["Moved: On human rights. Adopted, August 19, 2013."],
    }


def test_statement_page_shows_who_said_what(client):
    make_story()

    response = client.get("/statements/mayor-2013/")

    assert title_of(response) == "Keep the tie – Statement"
    assert lines_of(response) == [
        "Home",
        "Keep the tie",
        "Keep the tie",
        "A Mayor, Mayor · July 22, 2013",
        "The mayor asked to keep it.",
        "Our summary. We keep statements made in office; they do not change a relationship.",
        "About",
        "St. Petersburg",
        "Source",
        "The paper Press",
    ]


# --- the list ---------------------------------------------------------------------------


def test_resolutions_are_listed_newest_first(client):
    make_story()

    response = client.get("/resolutions/")

    assert title_of(response) == "Resolutions"
    assert choices_of(response) == {
        "q": [],
        "organization": ["", "council"],
        "kind": ["", *ResolutionKind.values],
        "year": [],
        "status": ["", *Status.values],
        "on": [],
        "city": ["", "st-petersburg"],
        "member": ["", *(name.lower() for name in NAMES)],
    }
    assert sections_of(response)[""][7:] == [
        "2 resolutions",
        *("August 19, 2013", "On human rights", "City Council · Resolution"),
        *("Adopted, August 19, 2013.", "It urges the commission."),
        *("July 29, 2013", "End the tie", "City Council · Resolution"),
        *("Withdrawn before a vote, July 29, 2013.", "It was pulled."),
        DOWNLOAD,
    ]


def titles(response) -> list[str]:
    """The titles of the resolutions that a list shows."""
    return [title for title in BOTH if title in lines_of(response, "h2")]


BOTH = ["On human rights", "End the tie"]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("q=human+rights", BOTH[:1]),
        ("q=pulled", BOTH[1:]),
        ("organization=council", BOTH),
        ("organization=nobody", []),
        ("kind=resolution", BOTH),
        ("kind=ordinance", []),
        ("year=2013", BOTH),
        ("year=2012", []),
        ("status=adopted", BOTH[:1]),
        ("status=withdrawn", BOTH[1:]),
        ("on=2013-07-29", BOTH),
        ("on=2013-07-29&status=introduced", BOTH[:1]),
        ("on=2013-07-21", BOTH[1:]),
        ("on=2013-07-01", []),
        ("city=st-petersburg", BOTH),
        ("city=lansing", []),
        ("member=wood", BOTH[:1]),
        ("status=&q=", BOTH),
    ],
)
def test_list_answers_what_is_asked(client, question, found):
    make_story()

    response = client.get(f"/resolutions/?{question}")

    assert (response.status_code, titles(response)) == (200, found)
    assert f"{len(found)} resolution{'' if len(found) == 1 else 's'}" in lines_of(response)


def test_conditions_in_force_can_be_removed_one_by_one(client):
    make_story()

    response = client.get("/resolutions/?q=rights&status=adopted&organization=&page=1")

    lines = lines_of(response)
    start = lines.index("Search") + 1
    assert title_of(response) == "Resolutions – rights – adopted"
    assert lines[start : start + 3] == [
        "Words or number: rights Remove Words or number: rights",
        "Status: adopted Remove Status: adopted",
        "Clear all filters",
    ]
    links = [link for link in links_of(response) if link.startswith("/resolutions/?")]
    assert links == ["/resolutions/?status=adopted", "/resolutions/?q=rights"]
    assert '<option value="adopted" selected>' in response.text
    assert 'name="q" value="rights"' in response.text
    assert "<details open>" in response.text


@pytest.mark.parametrize("question", ["", "?q=rights", "?status=&organization="])
def test_conditions_not_in_use_are_folded_away(client, question):
    make_story()

    response = client.get(f"/resolutions/{question}")

    assert response.text.count("<details>") == 1
    assert "<details open>" not in response.text


def test_short_form_folds_nothing_away(client):
    assert "<details" not in client.get("/meetings/").text


@pytest.mark.parametrize(
    ("question", "problem", "field"),
    [
        ("year=x", "Enter a year with four digits, from 1800 to 2200, like 2013.", "year"),
        (
            "status=gone",
            "“gone” is not one of the choices. Choose one from the list.",
            "status",
        ),
        (
            "on=2013-02-30",
            "That is not a date. Enter it like 8/19/2013 or 2013-08-19.",
            "on",
        ),
        ("page=9", "That page does not exist. The list has only one page.", None),
        ("page=x", "That page does not exist. The list has only one page.", None),
    ],
)
def test_condition_that_cannot_be_read_is_left_out_in_words(client, question, problem, field):
    make_story()

    response = client.get(f"/resolutions/?q=rights&{question}")

    sections = sections_of(response)
    assert response.status_code == 400
    assert title_of(response) == "Error: Resolutions – rights"
    assert sections["problem"] == [
        problem,
        "Until you fix it, the list is shown without that filter.",
    ]
    assert titles(response) == BOTH[:1]
    if field:
        assert problem in sections["form"]
        assert f'<a href="#id_{field}">' in response.text
        assert response.text.count(f'id_{field}_error"') == 2  # the words, and what they describe
        assert response.text.count('aria-invalid="true"') == 1


def test_list_without_a_match_says_how_to_go_on(client):
    make_story()

    lines = lines_of(client.get("/resolutions/?q=nothing"))

    assert lines[-3:] == [
        "0 resolutions",
        "No resolutions match. Try fewer words, or remove a filter.",
        DOWNLOAD,
    ]


def test_empty_lists_say_so(client):
    assert lines_of(client.get("/resolutions/"))[-3:] == [
        "0 resolutions",
        "No resolutions on record.",
        DOWNLOAD,
    ]
    assert lines_of(client.get("/meetings/"))[-3:] == [
        "0 meetings",
        "No meetings on record.",
        DOWNLOAD,
    ]
    assert lines_of(client.get("/meetings/?year=2013"))[-3:] == [
        "0 meetings",
        "No meetings match. Remove a filter.",
        DOWNLOAD,
    ]
    assert lines_of(client.get("/statements/"))[-3:] == [
        "0 statements",
        "No statements on record.",
        DOWNLOAD,
    ]
    assert lines_of(client.get("/statements/?city=nowhere"))[-3:] == [
        "0 statements",
        "No statements match. Remove a filter.",
        DOWNLOAD,
    ]
    assert lines_of(client.get("/members/"))[-1] == "No members on record."
    assert lines_of(client.get("/members/?organization=nobody"))[-2:] == [
        "Show all councils and commissions",
        "We have no council or commission by that name.",
    ]


def test_long_list_has_pages(client):
    for number in range(26):
        make_resolution(f"resolution-{number:02}")

    first = client.get("/resolutions/?kind=resolution")
    second = client.get("/resolutions/?kind=resolution&page=2")

    assert lines_of(first)[-3:] == ["Page 1 of 2", "Next page", DOWNLOAD]
    assert lines_of(second)[-3:] == ["Previous page", "Page 2 of 2", DOWNLOAD]
    assert "/api/v1/resolutions/?kind=resolution" in links_of(second)
    assert "?kind=resolution&page=2" in links_of(first)
    assert "?kind=resolution&page=1" in links_of(second)
    assert "/resolutions/resolution-24/" in links_of(first)
    assert [link for link in links_of(second) if link.startswith("/resolutions/res")] == [
        "/resolutions/resolution-25/"
    ]


# --- parts of a resolution’s page -------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ("old=1", "Choose two versions from the lists to compare them."),
        ("old=1&new=9", "Choose two versions from the lists to compare them."),
        ("old=x&new=2", "Choose two versions from the lists to compare them."),
        ("old=1&new=4", "Choose two versions from the lists to compare them."),
        ("old=1&new=1", "You chose the same version twice. Choose two different versions."),
        ("version=4", "There is no such version. Choose one from the list."),
        ("version=x", "There is no such version. Choose one from the list."),
    ],
)
def test_question_about_versions_that_cannot_be_read_is_answered_in_words(
    client, question, problem
):
    """Version 4 was withdrawn."""
    make_story()

    response = client.get(f"/resolutions/asked/?{question}")

    assert response.status_code == 400
    assert title_of(response) == "Error: On human rights – Resolutions"
    sections = sections_of(response)
    assert sections.pop("problem") == [problem]
    assert sections == sections_of(client.get("/resolutions/asked/"))


def test_older_version_is_read_and_says_that_it_is_not_current(client):
    make_story()

    sections = sections_of(client.get("/resolutions/asked/?version=1"))

    assert sections["text"][:5] == [
        (
            "As introduced, version 1, July 22, 2013. This is not the current version. Read the"
            " current version."
        ),
        *("Whereas, clause 1", "WHEREAS, people were held; and"),
        *(
            "Resolved, clause 1",
            "RESOLVED, that the Council urges the commission to end all ties.",
        ),
    ]


def test_versions_with_the_same_words_say_so(client):
    resolution = make_resolution("same")
    make_text(resolution)
    make_text(resolution, kind="adopted")
    make_text(resolution, kind="corrected", corrected_at=make_meeting())

    lines = lines_of(client.get("/resolutions/same/"))

    assert "The text of the two versions is the same." in lines


def test_each_clause_can_be_linked(client):
    make_story()

    page = client.get("/resolutions/asked/").text

    for anchor in ("whereas-1", "resolved-1", "version-1", "action-1", "effect-1", "cite"):
        assert page.count(f'id="{anchor}"') == 1
    assert 'href="#whereas-1"' in page
    assert 'href="/resolutions/asked/#action-3">See the vote' in page


def test_roll_is_a_table_with_its_caption_and_heads(client):
    make_story()

    page = client.get("/resolutions/asked/").text

    table = page[page.index('<table class="roll">') :].split("</table>")[0]
    assert "<caption>Roll call vote, August 19, 2013</caption>" in table
    assert table.count('<th scope="col">') == 2
    assert table.count('<th scope="row">') == 8


def vote_lines(client, action: Action) -> list[str]:
    """What the page says of the only action, below its date."""
    return sections_of(client.get(action.resolution.get_absolute_url()))["actions"][1:]


def test_voice_vote_has_no_names_and_no_rule_on_record(client):
    action = make_action(make_resolution(), method="voice", source=make_source(title="S"))

    assert vote_lines(client, action) == [
        "Adopted",
        "Voice vote. Names were not recorded. Passed.",
        "Source: S Press",
    ]


def test_act_without_a_result_on_record_is_neither_pending_nor_failed(client):
    """An agenda of 1998 lists it; no minutes are left."""
    otsu, source = make_partnership("otsu"), make_source(title="Agenda")
    resolution = make_resolution("harborview", title="On the harbor")
    make_action(resolution, on="1998-05-04", outcome="unknown", source=source)
    make_effect(resolution, "renews", relationship=otsu, what="the agreement")

    sections = sections_of(response := client.get("/resolutions/harborview/"))

    status = "Considered, May 4, 1998. We have no record of the result."
    assert lines_of(response)[5] == f"{status} See what happened"
    assert sections["does"][-1] == "We have no record that it passed."
    assert sections["actions"] == [
        "May 4, 1998",
        "Considered, no record of the result",
        "Source: Agenda Press",
    ]
    assert "What was decided, May 4, 1998." in lines_of(response)
    listed = lines_of(client.get("/resolutions/?status=unknown"))
    assert listed[-5:-1] == [
        "May 4, 1998",
        "On the harbor",
        "Lansing City Council · Resolution",
        status,
    ]
    pdf = pypdf.PdfReader(io.BytesIO(client.get("/resolutions/harborview/pdf/").content))
    assert status in " ".join(pdf.pages[0].extract_text().split())


def test_roll_call_without_a_result_on_record_shows_its_votes_alone(client):
    action = make_roll_call(
        make_resolution(), "yn", make_members(2), outcome="unknown", source=make_source(title="S")
    )

    assert vote_lines(client, action)[:2] == [
        "Considered, no record of the result, 1–1",
        "Roll call vote.",
    ]


def test_consent_needs_no_number(client):
    action = make_action(make_resolution(), method="consent_agenda", source=make_source(title="S"))

    assert vote_lines(client, action) == [
        "Adopted",
        "Part of the consent agenda. No one objected; names were not recorded. Passed.",
        "Source: S Press",
    ]


def test_some_votes_known_by_name_are_shown_as_some(client):
    member = make_members(1)[0]
    action = make_action(
        make_resolution(),
        source=make_source(title="S"),
        announced_yes=7,
        announced_no=0,
        announced_absent=1,
    )
    Ballot.objects.create(
        action=action,
        member=member,
        choice="absent",
        name_as_printed="Dunbar",
        note="Away.",
        choice_as_printed="sick",
    )

    assert vote_lines(client, action) == [
        "Adopted, 7–0",
        "Passed.",
        "Vote count",
        "As printed",
        "Yes7",
        "No0",
        "Absent1",
        "Votes we know by name",
        "MemberVote",
        f"{member.name} printed as “Dunbar”Absent printed as “sick” Away.",
        "Source: S Press",
    ]


@pytest.mark.parametrize("are_all", [True, False])
def test_votes_all_known_by_name_are_shown_as_all(client, are_all):
    member = make_members(1)[0]
    fields = {"announced_yes": 1, "announced_no": 0} if are_all else {}
    action = make_action(make_resolution(), source=make_source(title="S"), **fields)
    Ballot.objects.create(action=action, member=member, choice="yes")
    make_seat()

    assert "How each member voted" in (lines := vote_lines(client, action)) or not are_all
    assert ("Votes we know by name" in lines) is not are_all
    missing = "How each member voted (adopted, August 19, 2013)."
    page = client.get(action.resolution.get_absolute_url())
    assert (missing in lines_of(page)) is not are_all


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({}, []),
        ({"is_late_item": True}, ["Added to the agenda at the meeting."]),
        ({"agenda_label": "X.B.2"}, ["Agenda item X.B.2."]),
        (
            {
                "agenda_label": "X.B.2",
                "is_late_item": True,
                "effective": "2013-09-01",
                "veto_until": "2013-08-26",
            },
            [
                "Agenda item X.B.2, added at the meeting.",
                "Takes effect September 1, 2013.",
                "Last day for a veto: August 26, 2013.",
            ],
        ),
    ],
)
def test_agenda_and_dates_are_read_with_the_action(client, fields, sentences):
    action = make_action(
        make_resolution(), method="voice", source=make_source(title="S"), **fields
    )

    assert vote_lines(client, action) == [
        "Adopted",
        *([" ".join(sentences)] if sentences else []),
        "Voice vote. Names were not recorded. Passed.",
        "Source: S Press",
    ]
    printed = words_of(client.get(f"{action.resolution.get_absolute_url()}pdf/"))
    assert [sentence for sentence in sentences if sentence not in printed] == []


def test_organization_that_is_a_draft_is_not_named_with_what_it_did(client):
    resolution = make_resolution("ties")
    make_action(resolution, "introduce", "2013-07-29")
    make_action(resolution, "refer", organization=make_organization("secret-committee", **DRAFT))

    page = client.get("/resolutions/ties/")

    assert "July 29, 2013" in page.text
    assert "Secret" not in page.text


def test_way_through_a_committee_to_the_mayor_is_read_step_by_step(client):
    resolution = make_resolution()
    committee = make_organization("committee", name="Committee on Ways and Means")
    mayor = make_organization("mayor", name="Mayor")
    seats = [make_term(organization=committee, seat=None).member for __ in range(3)]
    by_committee = {"organization": committee, "kind": "recommend", "on": "2013-08-12"}
    make_roll_call(resolution, "yyn", seats, **by_committee)
    make_action(resolution, "suspend_rules", method="voice")
    make_action(resolution, method="voice")
    make_action(resolution, "sign", "2013-08-22", organization=mayor)

    lines = sections_of(client.get(resolution.get_absolute_url()))["actions"]

    steps = (
        "Recommended for adoption, 2–1",
        "By Committee on Ways and Means.",
        "Rules suspended",
        "Adopted",
        "Signed",
        "By Mayor.",
    )
    assert [line for line in lines if line in steps] == [*steps]


def test_roll_call_without_names_says_what_the_source_has(client):
    make_members(8)
    action = make_action(
        make_resolution(),
        method="roll_call",
        announced_yes=7,
        announced_no=1,
        source=make_source(title="S"),
    )

    assert vote_lines(client, action) == [
        "Adopted, 7–1",
        "Roll call vote. The source has the totals, without names. Passed.",
        "Vote count",
        "As printed",
        "Yes7",
        "No1",
        "Source: S Press",
    ]
    printed = words_of(client.get(f"{action.resolution.get_absolute_url()}pdf/"))
    assert "The source has the totals, without names." in printed
    assert "Vote count as printed: 7 yes, 1 no." in printed


def test_outcome_against_the_count_is_shown_beside_it(client):
    members = make_members(4)
    action = make_roll_call(
        make_resolution(),
        "yynn",
        members,
        requirement="majority",
        base="seats",
        tie_break="no",
        tie_broken_by="the clerk",
        override_reason="The chair said so.",
        source=make_source(title="S"),
    )

    assert vote_lines(client, action)[:6] == [
        "Adopted, 2–2",
        "Roll call vote. Passed. 2 of 4 voted yes. Three yes votes were needed.",
        "Needed to pass: more than half of all seats. Tie broken by the clerk, who voted no.",
        "Declared “Passed”, but 2 voted yes and 3 were needed.",
        "Why we keep the announced result: The chair said so.",
        "Vote count",
    ]


def test_table_of_counts_adds_up_to_the_roll(client):
    action = make_roll_call(make_resolution(), "yyyyyyyyrpp", make_members(11))

    lines = vote_lines(client, action)

    assert lines[0] == "Adopted, 8–0, one recused"
    assert lines[2:10] == [
        "Vote count",
        "Roll call",
        "Yes8",
        "No0",
        "Abstained0",
        "Recused1",
        "Not voting2",
        "Absent0",
    ]


def test_action_of_another_organization_names_it(client):
    resolution = make_resolution()
    mayor = make_organization(name="The mayor")
    action = make_action(
        resolution,
        "veto",
        organization=mayor,
        note="A veto.",
        source=make_source(title="S"),
    )

    assert vote_lines(client, action) == ["Vetoed", "A veto.", "By The mayor.", "Source: S Press"]


def test_effect_that_decided_links_its_entry(client):
    resolution = make_resolution("otsu-1969")
    relationship = make_partnership("otsu")
    make_action(resolution)
    line = make_entry(relationship, "approved", "2013-08-19")
    make_effect(resolution, "approves", relationship=relationship, entry=line, what="the tie")

    response = client.get("/resolutions/otsu-1969/")

    assert sections_of(response)["does"] == [
        "Decision",
        "Approves the tie",
        "About the relationship with Otsu.",
        "This vote took effect. See the history: Otsu, approved, August 19, 2013.",
    ]
    assert "/cities/otsu/#entry-2" in links_of(response)


def test_effect_that_would_decide_decided_nothing_before_adoption(client):
    resolution = make_resolution("otsu-1969")
    make_effect(resolution, "approves", relationship=make_partnership("otsu"), what="the tie")

    sections = sections_of(client.get("/resolutions/otsu-1969/"))

    assert sections["does"][-1] == "We have no record that it passed."


def test_resolution_of_which_nothing_is_known_says_so(client):
    make_resolution("bare", number="#2013-001", number_year=2013, number_serial=1)

    response = client.get("/resolutions/bare/")

    lines = lines_of(response)
    assert lines[4:6] == [
        "Lansing City Council · Resolution · #2013-001",
        "We have no record of what happened.",
    ]
    assert "What happened to the resolution." in lines
    assert "Lansing City Council, #2013-001, “Bare”" in lines
    row = lines_of(client.get("/resolutions/"))[-5:]
    assert row == ["No date on record", "Bare", lines[4], lines[5], DOWNLOAD]


# --- parts of a meeting’s, a member’s and a statement’s page ------------------------------


def test_meeting_that_went_on_shows_its_days_as_a_chain(client):
    first = make_meeting("2017-01-05", slug="first")
    second = make_meeting("2017-01-12", slug="second", reconvened_from=first)
    make_meeting("2017-01-17", slug="third", reconvened_from=second)
    make_meeting("2017-01-18", slug="hidden", reconvened_from=second, **DRAFT)
    other = make_meeting("2017-01-19", slug="other")
    make_meeting("2017-01-20", reconvened_from=other)

    for slug in ("first", "second", "third"):
        response = client.get(f"/meetings/{slug}/")
        assert sections_of(response)["chain"] == [
            "The meeting was recessed and continued on these days:",
            *("January 5, 2017", "January 12, 2017", "January 17, 2017"),
        ]
        assert "/meetings/hidden/" not in links_of(response)
    assert "chain" in sections_of(client.get("/meetings/other/"))


def test_meeting_going_on_from_a_draft_is_no_chain(client):
    make_meeting("2017-01-12", slug="second", reconvened_from=make_meeting(**DRAFT))

    assert "chain" not in sections_of(client.get("/meetings/second/"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "cancelled", "why_cancelled": "Snow."}, "Canceled: Snow."),
        (
            {"state": "no_quorum"},
            "Not enough members came for a quorum, so no votes could be taken.",
        ),
    ],
)
def test_meeting_that_was_not_held_says_why_and_has_no_minutes(client, fields, words):
    fields |= {"begins_at": "19:00", "held_at": "City Hall", "presided_by": "President Dunbar"}
    make_meeting(slug="it", note="A note.", **fields)

    sections = sections_of(client.get("/meetings/it/"))

    assert sections[""][4:7] == [
        (
            "Regular meeting · 7:00 p.m. · City Hall · President Dunbar presided"
            " · All Lansing City Council meetings"
        ),
        words,
        "A note.",
    ]
    assert "minutes" not in sections


def test_meeting_shows_its_sources_and_notes_of_presence(client):
    meeting = make_meeting(slug="it")
    meeting.sources.add(make_source(title="S"), make_source(**DRAFT))
    attendance = make_attendance(meeting, make_member("wood"), "excused")
    type(attendance).objects.update(note="Ill.")

    sections = sections_of(client.get("/meetings/it/"))

    assert sections["attendance"][-1] == "WoodAbsent, excused Ill."
    assert sections["sources"] == ["S Press"]


def test_members_of_today_come_first(client):
    city_council = council()
    ward = make_seat(city_council, label="Ward", since=None, until="2030")
    make_seat(city_council, label="Clerk", is_voting=False, since="1978", until="1990")
    make_term(make_member("before"), organization=city_council, since="1980", until="1990")
    make_term(make_member("now"), ward, since="2020", role="president")
    make_term(make_member("unclear"), organization=city_council, since="2010", until="[2013..]")
    make_term(make_member("hidden", **DRAFT), organization=city_council)
    make_organization(name="No seats and no members")

    lines = lines_of(client.get("/members/?organization=lansing-city-council"))

    assert lines[4:] == [
        "Show all councils and commissions",
        "Lansing City Council",
        "Lansing City Council resolutions",
        "Lansing City Council meetings",
        "1 voting seat today",
        "SeatDates",
        "Clerk (does not vote)1978 to 1990",
        "WardUntil 2030",
        "Current members",
        "Now Ward, president Since 2020",
        "Members with no end date on record",
        "Unclear 2010 to 2013 or later",
        "Past and future members",
        "Before 1980 to 1990",
    ]


def test_council_with_members_or_seats_alone_says_what_is_missing(client):
    make_seat(make_organization("b", name="B"), label="Chair", since="1990")
    make_term(make_member("wood"), organization=make_organization("a", name="A"), since="2020")

    lines = lines_of(client.get("/members/"))

    assert lines[4:] == [
        *("A", "A resolutions", "A meetings"),
        "We have no record of how many seats there are.",
        *("Current members", "Wood Since 2020"),
        *("B", "B resolutions", "B meetings", "1 voting seat today"),
        *("SeatDates", "ChairSince 1990"),
        "No members on record.",
    ]


def test_page_of_a_member_without_terms_and_votes_says_so(client):
    make_member("wood", summary="She was in office.")

    assert sections_of(client.get("/members/wood/")) == {
        "": ["Home", "Members", "Wood", "Wood", "She was in office."],
        "terms": ["No terms on record."],
        "votes": ["No votes on record."],
    }


def test_member_page_shows_gaps_and_resolutions_sponsored_and_seconded(client):
    member = make_member("wood")
    make_term(member, organization=council(), since="[..2013-07-15]")
    resolution = make_resolution(title="R")
    resolution.sponsors.add(member)
    make_action(resolution, mover=make_members(1)[0], seconder=member)

    sections = sections_of(client.get("/members/wood/"))

    assert sections["put-forward"] == [
        "Sponsored: R. Adopted, August 19, 2013.",
        "Seconded: R. Adopted, August 19, 2013.",
    ]
    assert sections["unknown"] == [
        "Which seat on the Lansing City Council it was.",
        "When the term on the Lansing City Council began.",
        SEND,
    ]


def test_newest_resolutions_of_a_member_are_shown_with_a_link_to_the_rest(client):
    member = make_member("wood", name="Carol Wood")
    for number in range(21):
        make_action(make_resolution(), on=f"2013-08-{number + 1:02}", mover=member)

    page = client.get("/members/wood/")

    moved = [line for line in lines_of(page) if line.startswith("Moved:")]
    assert len(moved) == 20
    assert "August 21, 2013" in moved[0]
    assert "All resolutions that Carol Wood sponsored, moved, seconded or voted on" in lines_of(
        page
    )
    assert "/resolutions/?member=wood" in links_of(page)


def test_many_votes_of_a_member_have_pages(client):
    members = make_members(1)
    for __ in range(51):
        make_roll_call(make_resolution(), "y", members)

    lines = lines_of(client.get(f"{members[0].get_absolute_url()}?page=2"))

    assert lines[-2:] == ["Previous page", "Page 2 of 2"]
    assert len([line for line in lines if line.startswith("August 19, 2013")]) == 1


@pytest.mark.parametrize("path", ["/members/", "/members/wood/"])
@pytest.mark.parametrize("page", ["zz", "0", "-1", "2", "1.5", "%F0%9F%99%82"])
def test_page_of_members_that_is_not_there_is_reported_and_the_first_shown(client, path, page):
    make_term(make_member("wood"), organization=council())
    first = client.get(path)

    response = client.get(f"{path}?page={page}")

    assert (first.status_code, response.status_code) == (200, 400)
    assert title_of(response) == f"Error: {title_of(first)}"
    sections = sections_of(response)
    assert sections.pop("problem") == ["That page does not exist. The list has only one page."]
    assert sections == sections_of(first)


def test_many_councils_have_pages(client, monkeypatch):
    monkeypatch.setattr(members, "ORGANIZATIONS_PER_PAGE", 1)
    for name in ("A Council", "B Council"):
        make_term(make_member(), organization=make_organization(name=name))

    response = client.get("/members/?page=2")

    assert lines_of(response, "h2")[0] == "B Council"
    assert lines_of(response)[-2:] == ["Previous page", "Page 2 of 2"]


def test_statement_without_a_day_or_a_public_source_says_so(client):
    make_statement(
        "it",
        title="It",
        on=None,
        office="",
        source=make_source(**DRAFT),
        organization=make_organization(name="The city"),
    )

    assert lines_of(client.get("/statements/it/"))[2:] == [
        "It",
        "A Mayor · on behalf of The city",
        "What the mayor said.",
        "Our summary. We keep statements made in office; they do not change a relationship.",
        *("Source", "No record"),
    ]


# --- PDF --------------------------------------------------------------------------------


def pdf_of(response) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(response.content))


def words_of(response) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf_of(response).pages).split())


def test_pdf_says_the_same_and_is_tagged(client):
    resolution = make_story()

    response = client.get("/resolutions/asked/pdf/")

    document, words = pdf_of(response), words_of(response)
    assert document.metadata.title == "On human rights"
    assert document.trailer["/Root"]["/Lang"] == "en-US"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    for said in (
        "City Council · Resolution",
        "Adopted, August 19, 2013.",
        "It urges the commission.",
        "Corrected, version 3",
        "WHEREAS, many people were held; and",
        "Commission replied, August 20, 2013: no action needed. There is nothing to end.",
        "We have no record of a reply, 13 years later.",
        "August 19, 2013: Adopted, 7–0. Moved by A. Wood. Seconded by A. Washington.",
        "7 of 8 voted yes. Five yes votes were needed.",
        "The printed counts disagree with the roll call. Vote count as printed: 7 yes, 1 no.",
        "Roll call count: 7 yes, 0 no, 1 absent.",
        "A. Dunbar Absent A. Houghton Yes",
        "http://testserver/resolutions/asked/",
        resolution.texts.get(kind="corrected").sha256,
        "November 24, 2026",
    ):
        assert said in words
    assert "another text" not in words.lower()


def test_pdf_of_a_resolution_of_which_little_is_known_says_so(client):
    resolution = make_resolution("bare")

    words = words_of(client.get("/resolutions/bare/pdf/"))
    make_action(resolution, "introduce", note="A note.", mover=None)
    noted = words_of(client.get("/resolutions/bare/pdf/"))

    assert (
        "What we are still looking for The resolution number. The full text. What happened to the"
        " resolution."
    ) in words
    assert "August 19, 2013: Introduced. A note." in noted


def test_pdf_is_a_file_that_runs_nothing(client):
    make_story()

    response = client.get("/resolutions/asked/pdf/")

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="asked.pdf"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_pdf_that_cannot_be_made_is_said_in_words(client, monkeypatch):
    make_story()

    def refuse(document):
        raise TypesettingError("There is no ink.")

    monkeypatch.setattr("resolutions.views.pdf.typeset", refuse)

    response = client.get("/resolutions/asked/pdf/")

    assert response.status_code == 503
    assert title_of(response) == "We could not create this PDF"
    assert lines_of(response) == [
        "We could not create this PDF",
        "There is no ink.",
        "You can print the page instead: On human rights.",
    ]


# --- withdrawn --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "path"),
    [
        (Resolution, "/resolutions/asked/"),
        (Resolution, "/resolutions/asked/pdf/"),
        (Meeting, "/meetings/council-2013-08-19/"),
        (Member, "/members/wood/"),
        (Statement, "/statements/mayor-2013/"),
    ],
)
def test_address_of_a_withdrawn_record_answers_the_reason(client, model, path):
    make_story()
    model.objects.update(**WITHDRAWN)

    response = client.get(path)

    assert response.status_code == 410
    reason = "It was withdrawn on May 6, 2024. The reason: It was another text."
    assert reason in lines_of(response)
