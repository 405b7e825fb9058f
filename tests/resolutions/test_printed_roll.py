"""A line of printed minutes is read into a roll; nothing in it is guessed."""

import pytest

from resolutions.printed_roll import Named, read_roll

NAMES = [
    ("Carol Wood", "Wood, Carol"),
    ("Kathie Dunbar", "Dunbar, Kathie"),
    ("A’Lynne Boles", "Boles, A’Lynne"),
    ("Jody Washington", "Washington, Jody"),
    ("Tina Houghton", "Tina Houghton"),
    ("Patricia Brown Clarke", "Brown Clarke, Patricia"),
]
ROLL = [Named(key, *names) for key, names in enumerate(NAMES, 1)]
JORDAN = Named(7, "Jordan Washington", "Washington, Jordan")
ALL_YES = dict.fromkeys(range(1, 7), "yes")
MISSING = "The text does not name %s. Choose that vote below."
UNKNOWN = "No member in office that day is called “%s”. Check the spelling."


@pytest.mark.parametrize(
    ("line", "votes"),
    [
        ("Ayes: Wood, Dunbar, Boles, Washington, Houghton, Brown Clarke. Nays: None.", {}),
        ("YEAS: WOOD, DUNBAR, BOLES, WASHINGTON, HOUGHTON, BROWN CLARKE; NAYS: none", {}),
        (
            "Carried.\nYes (6): Wood, Dunbar, Boles,\nWashington, Houghton and Brown Clarke",
            {},
        ),
        (
            (
                "Ayes: Councilmembers Wood, K. Dunbar, A'Lynne Boles, Ms. Washington,"
                " Council Member Houghton & President Brown Clarke. Nays: 0. Motion carried 6-0."
            ),
            {},
        ),
        (
            "Ayes 5: Wood, Boles, Washington, Houghton, P. Brown Clarke. Absent: Dunbar",
            {2: "absent"},
        ),
        (
            (
                "Nays: Wood. Abstained: Dunbar. Recused: Boles. Absent, excused: Washington."
                " Not voting: Houghton. Absent: Brown Clarke."
            ),
            {1: "no", 2: "abstain", 3: "recused", 4: "excused", 5: "not_voting", 6: "absent"},
        ),
    ],
)
def test_line_fills_the_roll(line, votes):
    reading = read_roll(line, ROLL)

    assert (reading.votes, reading.problems) == (ALL_YES | votes, [])


@pytest.mark.parametrize("line", ["", "The motion carried.", "Wood, Dunbar", "Ayes Wood"])
def test_line_without_headings_fills_in_nothing(line):
    reading = read_roll(line, ROLL)

    assert (reading.votes, reading.problems) == (
        {},
        ["The text has no “Ayes:”, “Nays:” or “Absent:”. Paste it with these words."],
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Robinson", UNKNOWN % "Robinson"),
        ("Wod", UNKNOWN % "Wod"),
        ("Clarke", UNKNOWN % "Clarke"),
        ("Carol", UNKNOWN % "Carol"),
        ("D. Wood", UNKNOWN % "D. Wood"),
        ("Wood Dunbar", UNKNOWN % "Wood Dunbar"),
        ("all", UNKNOWN % "all"),
    ],
)
def test_unknown_name_is_reported_and_matched_with_nobody(name, sentence):
    reading = read_roll(f"Ayes: {name}", ROLL[:2])

    assert (reading.votes, reading.problems) == (
        {},
        [sentence, MISSING % "Carol Wood, Kathie Dunbar"],
    )


def test_name_of_two_members_is_reported_and_given_to_neither():
    reading = read_roll("Ayes: Washington, Wood", [ROLL[0], ROLL[3], JORDAN])

    assert reading.votes == {1: "yes"}
    assert reading.problems == [
        ("“Washington” may be Jody Washington, Jordan Washington. Choose that vote below."),
        MISSING % "Jody Washington, Jordan Washington",
    ]


def test_given_name_tells_two_members_of_one_family_name_apart():
    reading = read_roll("Ayes: Jody Washington. Nays: Jordan Washington", [ROLL[3], JORDAN])

    assert (reading.votes, reading.problems) == ({4: "yes", 7: "no"}, [])


def test_member_under_two_votes_is_reported_and_given_neither():
    reading = read_roll("Ayes: Wood, Dunbar. Nays: Wood", ROLL[:2])

    assert reading.votes == {2: "yes"}
    assert reading.problems == [
        "The text names Carol Wood under more than one vote. Choose that vote below."
    ]


def test_member_named_twice_under_one_vote_is_taken_once():
    reading = read_roll("Ayes: Wood, Carol Wood", ROLL[:1])

    assert (reading.votes, reading.problems) == ({1: "yes"}, [])
