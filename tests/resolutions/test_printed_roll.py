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
        ("Caro", UNKNOWN % "Caro"),
        ("C.", UNKNOWN % "C"),
        ("Carol Dunbar", UNKNOWN % "Carol Dunbar"),
        ("D. Wood", UNKNOWN % "D. Wood"),
        ("Wood Dunbar", UNKNOWN % "Wood Dunbar"),
        ("allen", UNKNOWN % "allen"),
        ("all but Wood", UNKNOWN % "all but Wood"),
        ("the Vice President", UNKNOWN % "the Vice President"),
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


@pytest.mark.parametrize(
    ("line", "votes", "counts"),
    [
        (
            "Ayes: Wood (1), Dunbar (2), Boles (3), Washington (4), Houghton (5). Nays: Clarke 1",
            {6: "no"},
            {"yes": 5, "no": 1},
        ),
        (
            "Ayes: 1. Wood 2. Dunbar 3. Boles 4. Washington 5. Houghton\nNays: 1) Clarke",
            {6: "no"},
            {"yes": 5, "no": 1},
        ),
        (
            "Ayes: 5: Wood, Dunbar, Boles, Washington, Houghton. Nays (1): Clarke. Abstain: 0",
            {6: "no"},
            {"yes": 5, "no": 1, "abstain": 0},
        ),
        (
            (
                "Ayes: Wood, Dunbar, Boles, Washington, Houghton. Nays: Clarke."
                " Motion carried 5-1 on August 19-20, 2013."
            ),
            {6: "no"},
            {"yes": 5, "no": 1},
        ),
        (
            (
                "Ayes: Wood, Dunbar (7:20 p.m.), Boles, Washington, Houghton [by video]."
                " Nays: Clarke. Carried by a vote of 5 to 1"
            ),
            {6: "no"},
            {"yes": 5, "no": 1},
        ),
    ],
)
def test_counts_beside_the_names_are_read_and_agree(line, votes, counts):
    roll = [*ROLL[:5], Named(6, "Pat Clarke", "Clarke, Pat")]

    reading = read_roll(line, roll)

    assert (reading.votes, reading.problems, reading.counts) == (ALL_YES | votes, [], counts)


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("Ayes (3): Wood, Dunbar", ["The text counts 3 under “Yes”, but names 2."]),
        ("Ayes: Wood (1), Dunbar (3)", ["The text counts 3 under “Yes”, but names 2."]),
        (
            "Ayes: Wood, Dunbar. Nays: None. Carried 1-1.",
            [
                "The text counts 1 under “Yes”, but names 2.",
                "The text counts 1 under “No”, but names 0.",
            ],
        ),
        (
            "Ayes (2): Wood, Dunbar. Carried 3-0",
            ["The text counts 3 under “Yes”, but names 2."],
        ),
        ("Ayes: Wood, Dunbar. Adopted 8-19-2013; adopted 7-0-1", []),
    ],
)
def test_counts_that_the_names_do_not_add_up_to_are_reported(line, sentences):
    assert read_roll(line, ROLL[:2]).problems == sentences


ABSENT_BY_ATTENDANCE = Named(8, "Brian Jeffries", "Jeffries, Brian", away="excused")
PERHAPS = Named(9, "Larry Meyer", "Meyer, Larry", is_certain=False)
NOT_WHO_WAS_ABSENT = "The text says “%s”, but not who was absent. Check that nobody was."


@pytest.mark.parametrize(
    ("line", "roll", "votes", "sentences"),
    [
        ("Ayes: All present. Absent: Boles", ROLL[:3], {1: "yes", 2: "yes", 3: "absent"}, []),
        (
            "Ayes: All other Council Members present. Nays: Wood. Absent: None",
            ROLL[:3],
            {1: "no"},
            [
                UNKNOWN % "All other Council Members present",
                MISSING % "Kathie Dunbar, A’Lynne Boles",
            ],
        ),
        (
            "Ayes: all Council Members present. Nays: Wood. Absent: None",
            [*ROLL[:3], PERHAPS],
            {1: "no", 2: "yes", 3: "yes"},
            [],
        ),
        ("Ayes: All", ROLL[:2], {1: "yes", 2: "yes"}, [NOT_WHO_WAS_ABSENT % "All"]),
        (
            "Ayes: all present",
            [*ROLL[:2], ABSENT_BY_ATTENDANCE],
            {1: "yes", 2: "yes", 8: "excused"},
            [],
        ),
        (
            "Ayes: all present. Nays: all present",
            ROLL[:1],
            {},
            [
                (
                    "The text says “all present” under more than one vote. Choose these votes"
                    " below."
                ),
                MISSING % "Carol Wood",
            ],
        ),
        ("Ayes (2): All present. Absent: Boles", ROLL[:3], {1: "yes", 2: "yes", 3: "absent"}, []),
    ],
)
def test_all_present_are_those_in_office_but_the_absent(line, roll, votes, sentences):
    reading = read_roll(line, roll)

    assert (reading.votes, reading.problems) == (votes, sentences)


def test_attendance_fills_in_who_the_text_does_not_name():
    reading = read_roll("Ayes: Wood", [ROLL[0], ABSENT_BY_ATTENDANCE, PERHAPS])

    assert (reading.votes, reading.problems) == ({1: "yes", 8: "excused"}, [])


def test_given_names_alone_are_read_where_one_member_has_them():
    reading = read_roll("Ayes: Carol, Kathie, A'Lynne, Jody, Tina; Nays: Patricia", ROLL)

    assert (reading.votes, reading.problems) == (ALL_YES | {6: "no"}, [])


@pytest.mark.parametrize(
    "other", [Named(7, "Carol Hill", "Hill, Carol"), Named(7, "Pat Carol", "Carol, Pat")]
)
def test_given_name_of_two_or_that_is_a_family_name_is_reported(other):
    reading = read_roll("Ayes: Carol", [ROLL[0], other])

    assert reading.votes == {}
    assert reading.problems == [
        f"“Carol” may be Carol Wood, {other.name}. Choose that vote below.",
        MISSING % f"Carol Wood, {other.name}",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Ayes: Trustee Wood, Hon. Dunbar and Vice Chair A. Boles",
        "Ayes: Council Members\nWood, Dunbar, Mr. President",
        "Ayes: Commissioners: Wood, Prof. Dunbar, the Council President",
        "Ayes: Alderwoman Wood; Miss Dunbar; Mayor Pro Tem Boles",
    ],
)
def test_honorifics_and_offices_are_left_out_or_name_who_holds_them(line):
    president = Named(3, "A’Lynne Boles", "Boles, A’Lynne", office="Council president")

    reading = read_roll(line, [*ROLL[:2], president])

    assert (reading.votes, reading.problems) == ({1: "yes", 2: "yes", 3: "yes"}, [])


def test_family_name_that_is_an_office_is_read_as_a_name():
    reading = read_roll("Ayes: Mayor, Clerk", [Named(1, "Ann Mayor", "Mayor, Ann"), ROLL[1]])

    assert reading.votes == {1: "yes"}
    assert reading.problems == [UNKNOWN % "Clerk", MISSING % "Kathie Dunbar"]
