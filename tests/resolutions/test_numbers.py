"""Numbers of resolutions: how they are printed, found, and follow one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolutions.numbers import (
    Gap,
    Number,
    gaps_in,
    meanings,
    parse,
    spelling,
)

PRINTED = [
    ("#2018-001", Number(2018, 1)),
    ("2018-1", Number(2018, 1)),
    ("2018-001", Number(2018, 1)),
    ("Resolution 2018-001", Number(2018, 1)),
    ("RESOLUTION #2018-001", Number(2018, 1)),
    ("RESOLUTION 2017-001", Number(2017, 1)),
    ("Res. No. 2013 - 0239", Number(2013, 239)),
    ("No 2018/001", Number(2018, 1)),
    ("No. 2018 / 001", Number(2018, 1)),
    ("2018–001", Number(2018, 1)),
    ("2018 — 001", Number(2018, 1)),
    ("2018−001", Number(2018, 1)),
    ("2018\u2011001", Number(2018, 1)),
    ("2018\u00ad001", Number(2018, 1)),
    ("2018\u200b-\ufeff001", Number(2018, 1)),
    ("２０１８－００１", Number(2018, 1)),
    ("＃２０１８－００１", Number(2018, 1)),
    ("Resolution\u00a02018-001", Number(2018, 1)),
    ("  Resolution\n\t2018-001  ", Number(2018, 1)),
    ("resolution 2018 001", Number(2018, 1)),
    ("2018 001", Number(2018, 1)),
    ("City Council Resolution 2018-001, as amended", Number(2018, 1)),
    ("2018-001.", Number(2018, 1)),
    ("2018-001 — A resolution", Number(2018, 1)),
    ("2018-001a", Number(2018, 1, "a")),
    ("#2018-001A", Number(2018, 1, "a")),
    ("Resolution 2018-001-B", Number(2018, 1, "b")),
    ("2018-2019", Number(2018, 2019)),
    ("1859-1", Number(1859, 1)),
    ("2018-000000001", Number(2018, 1)),
    ("RESOLUTION #001", Number(None, 1)),
    ("RESOLUTION 001", Number(None, 1)),
    ("Resolution: 12", Number(None, 12)),
    ("Number: 12", Number(None, 12)),
    ("№ 12", Number(None, 12)),
    ("Nº 12", Number(None, 12)),
    ("001", Number(None, 1)),
    ("12b", Number(None, 12, "b")),
    ("ORDINANCE NO. 1234", Number(None, 1234)),
    ("ORDINANCE NO. 1999", Number(None, 1999)),
    ("#2018", Number(None, 2018)),
    ("Motion 7", Number(None, 7)),
    ("w" * 197 + " #1", Number(None, 1)),  # 200 characters
]


@pytest.mark.parametrize(("printed", "number"), PRINTED)
def test_printed_number_is_read(printed, number):
    assert parse(printed) == number


NONE = [
    "",
    " ",
    "#",
    "No.",
    "Resolution",
    "Resolution to thank the hosts",
    "number not found",
    "18-001",  # of 1818, 1918 or 2018
    "'18-001",
    "1-2018",
    "001-2018",
    "1234-5",  # no council of ours sat in 1234
    "2250-1",
    "2018",
    "Resolution 2018",
    "2018 resolution",
    "Resolution 2018-",
    "12 May",
    "May 12",
    "Resolution of 12 May",
    "2018-05-12",
    "Resolution 5/12/2018",
    "Resolution 2018-001 of 12 May",
    "Resolutions 2018-001 and 2018-002",
    "Resolution 1, 2",
    "No. 1,234",
    "2018-000",
    "0",
    "#0",
    "21st Ward",
    "2018-1st",
    "2018-001ab",
    "2018-001_1",
    "item2018-001",
    "Resolution 1²",
    "2018-1½",
    "2018-١",
    "२०१८-००१",
    "Resolution Ⅻ",
    "2018\x00-001",
    "2018-0000000001",
    "1" * 10_000,
    "2018-" + "1" * 100,
    "w" * 198 + " #1",
    "word " * 500 + "2018-001",
    "\x00" * 50,
    "\ud800",
]


@pytest.mark.parametrize("printed", NONE)
def test_text_without_one_meaning_has_no_number(printed):
    assert parse(printed, 2006) is None


def test_line_without_a_year_takes_the_given_one():
    assert parse("RESOLUTION #001", 2006) == Number(2006, 1)


def test_printed_year_wins_over_the_given_one():
    assert parse("RESOLUTION #2018-001", 2006) == Number(2018, 1)


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (Number(2018, 1), "2018-1"),
        (Number(2018, 1, "a"), "2018-1a"),
        (Number(None, 1), "1"),
        (Number(None, 1, "a"), "1a"),
    ],
)
def test_key_is_the_one_spelling(number, key):
    assert number.key == key


NUMBERS = st.builds(
    Number,
    st.integers(1800, 2199),
    st.integers(1, 999_999_999),
    st.sampled_from(["", "a", "z"]),
)


@given(
    number=NUMBERS,
    before=st.sampled_from(["", "#", "Resolution ", "RESOLUTION NO. #", "Res. No. "]),
    gap=st.sampled_from(["-", " - ", "–", "/"]),
    width=st.integers(1, 9),
)
def test_every_spelling_has_the_same_key(number, before, gap, width):
    printed = f"{before}{number.year}{gap}{number.serial:0{width}}{number.suffix}"

    assert parse(printed) == number
    assert parse(number.key) == number
    assert meanings(printed) == [number]


LIKELY = st.text(alphabet="0123456789-/#.,: resoluтnNo№ª²٣ab\x00\u00ad\u200b\n", max_size=60)


@given(text=st.one_of(st.text(max_size=300), LIKELY), year=st.none() | st.integers(1, 9999))
def test_any_text_is_a_number_or_none(text, year):
    found = parse(text, year)

    assert found is None or (0 < found.serial < 10**9 and len(found.key) < 20)
    assert len(meanings(text)) <= 10
    if found:
        assert [meaning.finds(found) for meaning in meanings(text)] == [True]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("2018-1", [Number(2018, 1)]),
        ("#2018-001", [Number(2018, 1)]),
        ("res 2018 001", [Number(2018, 1)]),
        ("2018 1", [Number(2018, 1)]),
        ("2018-1a", [Number(2018, 1, "a")]),
        ("#001", [Number(None, 1)]),
        ("001", [Number(None, 1)]),
        ("2018", [Number(None, 2018)]),
        ("resolution 12 about Otsu", [Number(None, 12)]),
        ("Otsu 2018-1", [Number(2018, 1)]),
        ("2018-2, 2018-1 and 2018-002", [Number(2018, 2), Number(2018, 1)]),
        ("#1 #2 #3 #4 #5 #6 #7 #8 #9 #10 #11 #12", [Number(None, n) for n in range(1, 11)]),
        ("Otsu", []),
        ("Otsu 1969", []),
        ("5 years", []),
        ("in 2018 12 members", []),
        ("18-001", []),
        ("12-2018-001", []),
        ("2013-08-19", []),
        ("19/08/2013", []),
        ("#0", []),
        ("", []),
        ("\x00", []),
        ("9" * 10_000, []),
        ("2018-1 " * 500, []),
    ],
)
def test_search_text_means_numbers(query, expected):
    assert meanings(query) == expected


@pytest.mark.parametrize(
    ("sought", "found", "expected"),
    [
        (Number(2018, 1), Number(2018, 1), True),
        (Number(2018, 1), Number(2018, 1, "a"), True),
        (Number(2018, 1, "a"), Number(2018, 1, "a"), True),
        (Number(2018, 1, "a"), Number(2018, 1), False),
        (Number(2018, 1), Number(2017, 1), False),
        (Number(2018, 1), Number(2018, 2), False),
        (Number(2018, 1), Number(None, 1), False),
        (Number(None, 1), Number(2006, 1), True),
        (Number(None, 1), Number(None, 1), True),
    ],
)
def test_search_finds_the_years_and_letters_it_leaves_open(sought, found, expected):
    assert sought.finds(found) is expected


def numbers(*serials):
    return [Number(2018, serial) for serial in serials]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], ()),
        (numbers(1, 2, 3), ()),
        (numbers(3, 1, 2), ()),
        (numbers(2), (Gap(1, 1),)),
        (numbers(1, 5000), (Gap(2, 4999),)),
        (numbers(2, 5, 9), (Gap(1, 1), Gap(3, 4), Gap(6, 8))),
        ([Number(2018, 1), Number(2018, 2, "a"), Number(2018, 2, "b")], ()),
        ([Number(None, 1), Number(None, 3)], (Gap(2, 2),)),
    ],
)
def test_gaps_are_what_is_missing_from_a_sequence(found, expected):
    assert gaps_in(found) == expected


def test_sequence_that_runs_on_begins_where_it_is_set():
    found = [Number(None, serial) for serial in (1232, 1234, 1236)]

    assert gaps_in(found, first=1234) == (Gap(1235, 1235),)


def test_sequence_of_two_years_is_refused():
    with pytest.raises(ValueError, match=r"^A sequence has one year\.$"):
        gaps_in([Number(2017, 1), Number(2018, 2)])


@pytest.mark.parametrize(
    ("gap", "count", "text"), [(Gap(4, 4), 1, "4"), (Gap(2, 4999), 4998, "2–4999")]
)
def test_gap_is_counted_and_shown_as_a_range(gap, count, text):
    assert (len(gap), str(gap)) == (count, text)


@given(serials=st.sets(st.integers(1, 300), max_size=60))
def test_gaps_and_numbers_together_are_the_whole_sequence(serials):
    gaps = gaps_in(numbers(*serials))
    missing = [serial for gap in gaps for serial in range(gap.first, gap.last + 1)]

    assert sorted([*missing, *serials]) == list(range(1, max(serials, default=0) + 1))


# --- any print ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "digits", "letters", "year"),
    [
        ("R-15-0234", ("15", "234"), ("r",), None),
        ("Or 2019-7", ("2019", "7"), ("or",), 2019),
        ("CB 119876", ("119876",), ("cb",), None),
        ("Int. No. 1234-2019-A", ("1234", "2019"), ("int", "a"), 2019),
        ("2018-R-12", ("2018", "12"), ("r",), 2018),
        ("No. 15/2018", ("15", "2018"), (), 2018),
        ("114-HB-0023", ("114", "23"), ("hb",), None),
        ("RESOLUTION #2018-001", ("2018", "1"), (), 2018),
        ("18-000", ("18", "0"), (), None),
        ("2018-2019", ("2018", "2019"), (), None),
        ("2018", ("2018",), (), None),
        ("ＣＢ　１１９", ("119",), ("cb",), None),
        ("Resolution No.", (), (), None),
        ("CB 12²", (), (), None),
        ("1" * 201, (), (), None),
    ],
)
def test_any_print_is_digits_and_letters(printed, digits, letters, year):
    found = spelling(printed)

    assert (found.digits, found.letters, found.year) == (digits, letters, year)


@pytest.mark.parametrize(
    ("printed", "is_of_its_own"),
    [
        ("R-2018-1", True),
        ("Int. No. 12", True),
        ("2018-1", False),
        ("2018-1a", False),
        ("Resolution 2018-1", False),
        ("Council Resolution 2018-1", False),
        ("City Council 2018-1", False),
        ("Or", False),
    ],
)
def test_series_with_letters_of_its_own_begins_with_them(printed, is_of_its_own):
    assert spelling(printed).begins_with_letters is is_of_its_own


@pytest.mark.parametrize(
    ("printed", "alike"),
    [
        ("2015-234", ["15-234", "2015-234", "234-15", "234-2015"]),
        ("15-234", ["15-234", "1915-234", "2015-234", "234-15", "234-1915", "234-2015"]),
        ("005-234", ["1905-234", "2005-234", "234-1905", "234-2005", "234-5", "5-234"]),
        ("119876", ["119876"]),
        ("12", ["12"]),
        ("2018", ["2018"]),
        ("114-23-2018", ["114-23-18", "114-23-2018"]),
    ],
)
def test_year_stands_first_or_last_in_two_digits_or_four(printed, alike):
    assert spelling(printed).alike == alike


@given(st.text(max_size=210))
def test_no_text_is_too_odd_to_spell(printed):
    found = spelling(printed)

    assert all(group.isdigit() and group.isascii() for group in found.digits)
    assert found.alike
