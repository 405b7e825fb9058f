"""Dates on record: which text is one, what days it can mean, and how it reads."""

from datetime import date

import edtf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cities.records.date_phrases import readings
from cities.records.dates import NotADateError, RecordDate

FORMS = (
    "Write a year (1968), a month (August 2013 or 2013-08) or a day (August 19, 2013 or"
    " 2013-08-19). Not exact: “about 1994” or 1994~; “spring 2000”; “the 1970s”. Perhaps wrong:"
    " “1994 (not certain)” or 1994?. One of several days: “August 12 or 19, 2013” or"
    " [2013-08-12,2013-08-19]. A limit: “July 15, 2013 or earlier” or [..2013-07-15]. A period:"
    " “from 1994 to 1998”, “from 2020” or “until 2015”."
)

ACCEPTED = [
    # text, EDTF, earliest, latest, in words
    ("1968", "1968", "1968-01-01", "1968-12-31", "1968"),
    ("  1968 ", "1968", "1968-01-01", "1968-12-31", "1968"),
    ("0001", "0001", "0001-01-01", "0001-12-31", "0001"),
    ("9999", "9999", "9999-01-01", "9999-12-31", "9999"),
    ("2013-08", "2013-08", "2013-08-01", "2013-08-31", "August 2013"),
    ("1968-02", "1968-02", "1968-02-01", "1968-02-29", "February 1968"),
    ("2013-08-19", "2013-08-19", "2013-08-19", "2013-08-19", "August 19, 2013"),
    ("1968-02-29", "1968-02-29", "1968-02-29", "1968-02-29", "February 29, 1968"),
    ("9999-12-31", "9999-12-31", "9999-12-31", "9999-12-31", "December 31, 9999"),
    ("1994~", "1994~", "1994-01-01", "1994-12-31", "about 1994"),
    ("1994?", "1994?", "1994-01-01", "1994-12-31", "1994 (not certain)"),
    ("1994%", "1994%", "1994-01-01", "1994-12-31", "about 1994 (not certain)"),
    ("2013-07~", "2013-07~", "2013-07-01", "2013-07-31", "about July 2013"),
    ("2013-07-22?", "2013-07-22?", "2013-07-22", "2013-07-22", "July 22, 2013 (not certain)"),
    ("198X", "198X", "1980-01-01", "1989-12-31", "the 1980s"),
    ("201X-XX", "201X-XX", "2010-01-01", "2019-12-31", "the 2010s"),
    ("19XX", "19XX", "1900-01-01", "1999-12-31", "between 1900 and 1999"),
    ("1XXX", "1XXX", "1000-01-01", "1999-12-31", "between 1000 and 1999"),
    ("2013-XX", "2013-XX", "2013-01-01", "2013-12-31", "2013"),
    ("2013-XX-XX", "2013-XX-XX", "2013-01-01", "2013-12-31", "2013"),
    ("2013-08-XX", "2013-08-XX", "2013-08-01", "2013-08-31", "August 2013"),
    ("2000-21", "2000-21", "2000-03-01", "2000-05-31", "spring 2000"),
    ("2000-22", "2000-22", "2000-06-01", "2000-08-31", "summer 2000"),
    ("2000-23", "2000-23", "2000-09-01", "2000-11-30", "fall 2000"),
    ("1990/1995", "1990/1995", "1990-01-01", "1995-12-31", "from 1990 to 1995"),
    ("1994/1994", "1994/1994", "1994-01-01", "1994-12-31", "from 1994 to 1994"),
    (
        "1990-05/1995-06-07",
        "1990-05/1995-06-07",
        "1990-05-01",
        "1995-06-07",
        "from May 1990 to June 7, 1995",
    ),
    (
        "1990~/1995?",
        "1990~/1995?",
        "1990-01-01",
        "1995-12-31",
        "from about 1990 to 1995 (not certain)",
    ),
    ("198X/199X", "198X/199X", "1980-01-01", "1999-12-31", "from the 1980s to the 1990s"),
    (
        "2000-21/2001-22",
        "2000-21/2001-22",
        "2000-03-01",
        "2001-08-31",
        "from spring 2000 to summer 2001",
    ),
    ("1997/..", "1997/..", "1997-01-01", None, "from 1997"),
    ("../1997", "../1997", None, "1997-12-31", "until 1997"),
    ("1994?/..", "1994?/..", "1994-01-01", None, "from 1994 (not certain)"),
    ("198X/..", "198X/..", "1980-01-01", None, "from the 1980s"),
    ("19XX/", "19XX/", "1900-01-01", None, "from between 1900 and 1999, end unknown"),
    ("../198X", "../198X", None, "1989-12-31", "until the 1980s"),
    ("/198X", "/198X", None, "1989-12-31", "until the 1980s, start unknown"),
    # An unknown end has no bound: none is invented.
    ("1969-10-01/", "1969-10-01/", "1969-10-01", None, "from October 1, 1969, end unknown"),
    ("/1997", "/1997", None, "1997-12-31", "until 1997, start unknown"),
    (
        "[2013-08-12, 2013-08-19]",
        "[2013-08-12,2013-08-19]",
        "2013-08-12",
        "2013-08-19",
        "August 12 or 19, 2013",
    ),
    (
        "[2013-08-19,2013-08-12]",
        "[2013-08-12,2013-08-19]",
        "2013-08-12",
        "2013-08-19",
        "August 12 or 19, 2013",
    ),
    (
        "[2013-08-12,2013-08-13,2013-08-19]",
        "[2013-08-12,2013-08-13,2013-08-19]",
        "2013-08-12",
        "2013-08-19",
        "August 12, 13 or 19, 2013",
    ),
    (
        "[2013-08-31,2013-09-01]",
        "[2013-08-31,2013-09-01]",
        "2013-08-31",
        "2013-09-01",
        "August 31 or September 1, 2013",
    ),
    ("[1967,1968]", "[1967,1968]", "1967-01-01", "1968-12-31", "1967 or 1968"),
    ("[1967,1968-05]", "[1967,1968-05]", "1967-01-01", "1968-05-31", "1967 or May 1968"),
    ("[1968~,1970]", "[1968~,1970]", "1968-01-01", "1970-12-31", "either about 1968 or 1970"),
    ("[198X,1995]", "[198X,1995]", "1980-01-01", "1995-12-31", "the 1980s or 1995"),
    (
        "[1980..1985]",
        "[1980..1985]",
        "1980-01-01",
        "1985-12-31",
        "between 1980 and 1985",
    ),
    (
        "[1990,1995..1997]",
        "[1990,1995..1997]",
        "1990-01-01",
        "1997-12-31",
        "1990 or between 1995 and 1997",
    ),
    (
        "[2017-01-01..2017-01-12]",
        "[2017-01-01..2017-01-12]",
        "2017-01-01",
        "2017-01-12",
        "between January 1 and 12, 2017",
    ),
    (
        "[2017-01-28..2017-02-03]",
        "[2017-01-28..2017-02-03]",
        "2017-01-28",
        "2017-02-03",
        "between January 28 and February 3, 2017",
    ),
    (
        "[2016-12-28..2017-01-03]",
        "[2016-12-28..2017-01-03]",
        "2016-12-28",
        "2017-01-03",
        "between December 28, 2016 and January 3, 2017",
    ),
    ("[..1984]", "[..1984]", None, "1984-12-31", "1984 or earlier"),
    ("[1984..]", "[1984..]", "1984-01-01", None, "1984 or later"),
    ("[1980,2000..]", "[1980,2000..]", "1980-01-01", None, "either 1980 or 2000 or later"),
]


@pytest.mark.parametrize(("text", "edtf", "earliest", "latest", "words"), ACCEPTED)
def test_accepted_form_has_one_spelling_its_bounds_and_its_words(
    text, edtf, earliest, latest, words
):
    found = RecordDate.parse(text)

    assert found.as_dict() == {"edtf": edtf, "earliest": earliest, "latest": latest}
    assert str(found) == words
    assert RecordDate.parse(found.edtf) == found


REFUSED = [
    "",
    " ",
    "1967-02-29",  # no leap year
    "1967-04-31",
    "1967-01-32",
    "1967-01-00",
    "1967-00",
    "1967-13",
    "1967-20",
    "2000-24",  # a winter lies in two years
    "2000-25",  # southern seasons, quarters: EDTF level 2
    "2000-41",
    "2000-21-05",
    "[1967-01-01,1967-02-29]",
    "1967-02-29/1968",
    "1966/1967-02-29",
    "0000",
    "0000-01-01",
    "000X",
    "0XXX",
    "../000X",
    "../00XX",
    "0XXX/1990",
    "[00XX,1990]",
    "-0001",
    "-1968",
    "Y170000002",
    "Y2000",
    "Y-17e7",
    "1950S2",
    "1E3",
    "{1990,1991}",
    "1990-01-01T10:00:00",
    "1990-01-01T10:00:00Z",
    "1990-01-01 10:00",
    "1995/1990",
    "1995-05-02/1995-05-01",
    "1968/1969/1970",
    "1968/../1970",
    "/",
    "../",
    "/..",
    "..",
    "../..",
    "XXXX",
    "XX99",
    "19X9",
    "198X~",
    "2013-1X",
    "2013-08-1X",
    "1990-XX-05",
    "~1994",
    "?2013",
    "2013-~08",
    "1994~~",
    "1994?~",
    "[1968,1969]~",
    "[1968]",
    "[..1984,1990..]",  # any day at all
    "[..1984..]",
    "[1968,]",
    "[,1968]",
    "[]",
    "[,]",
    "[1968",
    "1968]",
    "[2000-21,2001]",
    "[1990/1991,1995]",
    "1990,1991",
    "open",
    "unknown",
    "1994/open",
    "1994/unknown",
    "19",
    "196",
    "19680",
    "1968-1",
    "1968-01-1",
    "20130819",
    "05/06/97",
    "5/6/1997",
    "5.6.1997",
    "１９６８",
    "१९६८",
    "1968\x00",
    "19\u200b68",
    "1968;1969",
    "today",
]


@pytest.mark.parametrize("text", REFUSED)
def test_refused_form_names_what_was_written_and_what_to_write(text):
    with pytest.raises(NotADateError) as refusal:
        RecordDate.parse(text)

    assert str(refusal.value) == (f"“{text.strip()}” is not a date that we can read. {FORMS}")


@pytest.mark.parametrize(
    "text",
    [
        "1" * 10_000,
        "[" * 10_000,
        "[" * 119 + "]",
        "(" * 10_000 + ")" * 10_000,
        "[" + "1968," * 2_000 + "1968]",
        "1 or " * 2_000 + "May 2, 1990",
        "about " * 2_000 + "1990",
        "1968" + " " * 10_000 + "x",
    ],
)
@pytest.mark.parametrize("door", [RecordDate.parse, RecordDate.read])
def test_long_or_deep_text_is_refused_and_shown_in_part(door, text):
    with pytest.raises(NotADateError) as refusal:
        door(text)

    assert len(str(refusal.value)) < 500
    assert str(refusal.value).endswith(f" is not a date that we can read. {FORMS}")


def test_long_text_is_cut_after_forty_characters():
    with pytest.raises(NotADateError) as refusal:
        RecordDate.parse("x" * 41)

    assert str(refusal.value) == (f"“{'x' * 40}…” is not a date that we can read. {FORMS}")


@pytest.mark.parametrize(
    ("typed", "edtf"),
    [
        ("1968", "1968"),
        ("  August   2013 ", "2013-08"),
        ("August 2013", "2013-08"),
        ("Aug 2013", "2013-08"),
        ("august, 2013", "2013-08"),
        ("19 August 2013", "2013-08-19"),
        ("19 Aug 2013", "2013-08-19"),
        ("August 19, 2013", "2013-08-19"),
        ("August 19,2013", "2013-08-19"),
        ("19 August, 2013", "2013-08-19"),
        ("Aug 19 2013", "2013-08-19"),
        ("May 5, 0099", "0099-05-05"),
        ("2013-08-19", "2013-08-19"),
        ("1994~", "1994~"),
        ("about 1994", "1994~"),
        ("About August 1994", "1994-08~"),
        ("around 1994", "1994~"),
        ("circa 1994", "1994~"),
        ("c. 1994", "1994~"),
        ("ca. 1994", "1994~"),
        ("1994 (not certain)", "1994?"),
        ("July 22, 2013 (not certain)", "2013-07-22?"),
        ("22 July 2013 (not certain)", "2013-07-22?"),
        ("about 1994 (not certain)", "1994%"),
        ("August 12 or 19, 2013", "[2013-08-12,2013-08-19]"),
        ("12 or 19 August 2013", "[2013-08-12,2013-08-19]"),
        ("August 12, 13 or 19, 2013", "[2013-08-12,2013-08-13,2013-08-19]"),
        ("August 12, 13, or 19, 2013", "[2013-08-12,2013-08-13,2013-08-19]"),
        ("12, 13 or 19 August 2013", "[2013-08-12,2013-08-13,2013-08-19]"),
        ("August 31 or September 1, 2013", "[2013-08-31,2013-09-01]"),
        ("31 August or 1 September 2013", "[2013-08-31,2013-09-01]"),
        ("August 31, 2013 or September 1, 2013", "[2013-08-31,2013-09-01]"),
        ("31 August 2013 or 1 September 2013", "[2013-08-31,2013-09-01]"),
        ("August 30, 31 or September 1, 2013", "[2013-08-30,2013-08-31,2013-09-01]"),
        ("December 31, 2013 or January 1, 2014", "[2013-12-31,2014-01-01]"),
        ("1967 or 1968", "[1967,1968]"),
        ("1966, 1967 or 1968", "[1966,1967,1968]"),
        ("April 2013, May 2013 or June 2013", "[2013-04,2013-05,2013-06]"),
        ("1967, May 1968 or June 3, 1969", "[1967,1968-05,1969-06-03]"),
        ("June 3, 1969, July 4, 1970 or 1971", "[1969-06-03,1970-07-04,1971]"),
        ("1967-05 or 1968", "[1967-05,1968]"),
        ("July 15, 2013 or earlier", "[..2013-07-15]"),
        ("15 July 2013 or earlier", "[..2013-07-15]"),
        ("August 2013 or later", "[2013-08..]"),
        ("1984 or Later", "[1984..]"),
        ("July or August 2013", "[2013-07,2013-08]"),
        ("May, June or July 2013", "[2013-05,2013-06,2013-07]"),
        ("either about 1968 or 1970", "[1968~,1970]"),
        ("about 1968 or about 1970", "[1968~,1970~]"),
        ("1970 or about 1968", "[1968~,1970]"),
        ("1968 (not certain) or 1970", "[1968?,1970]"),
        ("either 1984 or earlier, 1990 or 1991", "[..1984,1990,1991]"),
        ("1990 or between 1995 and 1997", "[1990,1995..1997]"),
        ("between August 12 and 19, 2013", "[2013-08-12..2013-08-19]"),
        ("between May and August 2013", "[2013-05..2013-08]"),
        ("between 1900 and 1999", "19XX"),
        ("between 1000 and 1999", "1XXX"),
        ("between 1900 and 2099", "[1900..2099]"),
        ("the 1970s", "197X"),
        ("The 1970’s", "197X"),
        ("1970s", "197X"),
        ("the 1980s, 1990 or 1995", "[198X,1990,1995]"),
        ("spring 2000", "2000-21"),
        ("Spring of 2000", "2000-21"),
        ("summer, 2000", "2000-22"),
        ("fall 2000", "2000-23"),
        ("autumn 2000", "2000-23"),
        ("from 2020", "2020/.."),
        ("since May 2020", "2020-05/.."),
        ("2020 to present", "2020/.."),
        ("2020 – today", "2020/.."),
        ("from 1994 (not certain)", "1994?/.."),
        ("from October 1, 1969, end unknown", "1969-10-01/"),
        ("1994/open", "1994/.."),
        ("1994/unknown", "1994/"),
        ("until 2015", "../2015"),
        ("till about 2015", "../2015~"),
        ("through August 2015", "../2015-08"),
        ("until 1997, start unknown", "/1997"),
        ("unknown/1994", "/1994"),
        ("open/1994", "../1994"),
        ("from 1994 to 1998", "1994/1998"),
        ("From 1994 until 1998", "1994/1998"),
        ("1994 to 1998", "1994/1998"),
        ("1994–1998", "1994/1998"),
        ("1994-1998", "1994/1998"),
        ("2013-08-12 - 2013-09-19", "2013-08-12/2013-09-19"),
        ("from about 1990 to 1995 (not certain)", "1990~/1995?"),
        ("from the 1980s to the 1990s", "198X/199X"),
        ("from between 1900 and 1999 to 2005", "19XX/2005"),
        ("from May 1990 to June 7, 1995", "1990-05/1995-06-07"),
        ("from spring 2000 to summer 2001", "2000-21/2001-22"),
        ("January 28 to February 3, 2013", "2013-01-28/2013-02-03"),
        ("August 12–19, 2013", "2013-08-12/2013-08-19"),
        ("12 to 19 August 2013", "2013-08-12/2013-08-19"),
        ("May to August 2013", "2013-05/2013-08"),
        ("Sept 2000", "2000-09"),
        ("Sept. 2000", "2000-09"),
        ("SEPT 5, 2000", "2000-09-05"),
        ("Aug. 19, 2013", "2013-08-19"),
        ("approx. 1994", "1994~"),
        ("probably 1994", "1994?"),
        ("perhaps about 1994", "1994%"),
        ("in 1982", "1982"),
        ("on October 1, 1969", "1969-10-01"),
        ("June 5th, 1997", "1997-06-05"),
        ("5th June 1997", "1997-06-05"),
        ("2013-8-5", "2013-08-05"),
        ("2013/8/5", "2013-08-05"),
        ("2013.08.05", "2013-08-05"),
        ("8/19/2013", "2013-08-19"),
        ("19.8.2013", "2013-08-19"),
        ("5/5/2013", "2013-05-05"),
    ],
)
def test_words_are_read_as_a_date(typed, edtf):
    assert RecordDate.read(typed) == RecordDate.parse(edtf)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "about",
        "about ",
        "(not certain)",
        "or",
        "29 February 1967",
        "31 April 1990",
        "29 or 30 February 1968",
        "February 29 or 30, 1968",
        "August 12 or 19",
        "12 August or 19, 2013",
        "May 5 June 1990 or 1991",
        "May 5 June or 6, 1990",
        "Juni 1997",
        "1994 or 95",
        "about August 12 or 13, 2013",
        "August 12 or 13, 2013 (not certain)",
        "about 12 or 13 August 2013",
        "before 1990",
        "earlier",
        "or later",
        "1984, 1985 or later",
        "1984 or earlier or later",
        "about 1984 or earlier",
        "about spring 2000",
        "about 1968 or 1970",
        "1968 or 1970 (not certain)",
        "1980 or 2000 or later",
        "August or later",
        "the 70s",
        "1985s",
        "early 1980s",
        "about the 1980s",
        "winter 0001",
        "winter 9999",
        "spring",
        "from",
        "until",
        "from 1994 to",
        "from 1998 to 1994",
        "from 1994 to 98",
        "2001–02",
        "between 1994",
        "between May and August",
        "from 1990 or 1991",
        "2013-13-5",
        "2013-2-30",
        "2013/14",
        "13/13/2013",
        "2/30/97",
        "1994/never",
        "open/unknown",
        "end unknown",
        "August",
        "19 August",
        "August 19",
    ],
)
def test_words_with_no_one_meaning_are_refused_as_typed(typed):
    with pytest.raises(NotADateError) as refusal:
        RecordDate.read(typed)

    assert str(refusal.value) == (
        f"“{' '.join(typed.split())}” is not a date that we can read. {FORMS}"
    )


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("05/06/97", "May 6, 1997", "June 5, 1997"),
        ("5/6/1997", "May 6, 1997", "June 5, 1997"),
        ("5.6.1997", "May 6, 1997", "June 5, 1997"),
        ("05-06-07", "May 6, 2007", "June 5, 2007"),
        (
            "winter 2000",
            "between December 1999 and February 2000",
            "between December 2000 and February 2001",
        ),
    ],
)
def test_phrase_with_two_meanings_is_refused_and_both_are_offered(typed, first, last):
    with pytest.raises(NotADateError) as refusal:
        RecordDate.read(typed)

    assert str(refusal.value) == (
        f"“{typed}” can be two dates. Write “{first}” or “{last}”, whichever it is."
    )
    assert [str(RecordDate.read(offered)) for offered in (first, last)] == [first, last]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("8/19/13", "August 19, 2013"),
        ("05/05/97", "May 5, 1997"),
        ("5 June 97", "June 5, 1997"),
        ("5 June ’97", "June 5, 1997"),
        ("June 5, 97", "June 5, 1997"),
        ("June 97", "June 1997"),
        ("spring 97", "spring 1997"),
    ],
)
def test_year_of_two_digits_is_refused_and_the_whole_date_is_offered(typed, offered):
    with pytest.raises(NotADateError) as refusal:
        RecordDate.read(typed)

    assert str(refusal.value) == (
        f"“{typed}” has a year of two digits. Write all four, for example “{offered}”."
    )
    assert str(RecordDate.read(offered)) == offered


@pytest.mark.parametrize("text", ["1994", "1994~", "1994?", "1994%", "1994-XX", "1994/.."])
def test_year_is_never_shown_as_first_of_january(text):
    found = RecordDate.parse(text)

    assert "January" not in str(found)
    assert "01" not in found.edtf


YEARS = st.integers(min_value=1, max_value=9999).map("{:04d}".format)
MONTHS = st.dates(min_value=date(1, 1, 1)).map(lambda day: day.isoformat()[:7])
DAYS = st.dates(min_value=date(1, 1, 1)).map(date.isoformat)
PLAIN = st.one_of(YEARS, MONTHS, DAYS)
ONES = st.builds(str.__add__, PLAIN, st.sampled_from(["", "~", "?", "%"]))
SETS = st.lists(PLAIN, min_size=2, max_size=5, unique=True).map(
    lambda members: "[" + ",".join(sorted(members)) + "]"
)
RUNS = st.one_of(
    st.builds("[{}..{}]".format, YEARS, YEARS), st.builds("[{}..{}]".format, DAYS, DAYS)
)
LIMITS = st.one_of(st.builds("[..{}]".format, PLAIN), st.builds("[{}..]".format, PLAIN))
SPANS = st.one_of(
    st.builds("{}/{}".format, ONES, ONES),
    st.builds("{}/{}".format, ONES, st.sampled_from(["", ".."])),
    st.builds("{}/{}".format, st.sampled_from(["", ".."]), ONES),
)


@settings(max_examples=60)
@given(text=st.one_of(ONES, SETS, SPANS, RUNS))
def test_every_date_is_canonical_and_in_order(text):
    try:
        found = RecordDate.parse(text)
    except NotADateError:
        # Only a span that runs backwards: both of its ends are good dates.
        first, _, last = text.strip("[]").replace("..", "/").partition("/")
        assert RecordDate.parse(first).earliest > RecordDate.parse(last).latest
        return

    assert RecordDate.parse(found.edtf) == found
    assert found.edtf == text
    assert found.earliest is None or found.latest is None or found.earliest <= found.latest
    assert str(found)


SEASONS = st.builds("{:04d}-{}".format, st.integers(1, 9998), st.sampled_from([21, 22, 23]))
DECADES = st.builds(
    lambda year, unknown: year[: 4 - unknown] + "X" * unknown, YEARS, st.integers(1, 3)
)
PARTS = st.one_of(
    YEARS.map("{}-XX".format),
    YEARS.map("{}-XX-XX".format),
    MONTHS.map("{}-XX".format),
    DECADES.map("{}-XX".format),
)
ENDS = st.one_of(ONES, DECADES, st.builds(str.__add__, SEASONS, st.sampled_from(["", "~", "?"])))
ANY_SPAN = st.one_of(
    st.builds("{}/{}".format, ENDS, ENDS),
    st.builds("{}/{}".format, ENDS, st.sampled_from(["", ".."])),
    st.builds("{}/{}".format, st.sampled_from(["", ".."]), ENDS),
)
MEMBERS = st.one_of(ONES, DECADES, st.builds("{}..{}".format, PLAIN, PLAIN))
ANY_SET = st.builds(
    lambda before, members, after: f"[{before}{','.join(members)}{after}]",
    st.sampled_from(["", ".."]),
    st.lists(MEMBERS, min_size=1, max_size=6, unique=True),
    st.sampled_from(["", ".."]),
)


@settings(max_examples=150)
@given(text=st.one_of(ENDS, PARTS, ANY_SPAN, ANY_SET))
@example(text="[1968~,1970?]")
@example(text="[..1968~,1970?..1975]")
@example(text="[198X,1984..]")
@example(text="19XX/2005?")
@example(text="[1900..1999]")
@example(text="[2013-08-12,2013-08-15..2013-08-17]")
def test_all_that_the_site_shows_is_read_back_as_the_same_date(text):
    try:
        found = RecordDate.parse(text)
    except NotADateError:  # out of order, or open on both sides
        return
    read = RecordDate.read(str(found))

    assert str(read) == str(found)
    assert (read.earliest, read.latest) == (found.earliest, found.latest)
    # “between 1900 and 1999” is 19XX as well as [1900..1999], “2013” is 2013-XX, too.
    assert read.edtf == found.edtf or "X" in found.edtf + read.edtf


@settings(max_examples=40)
@given(
    day=st.dates(),
    length=st.sampled_from([len("2013"), len("2013-08"), len("2013-08-19")]),
    mark=st.sampled_from(["", "~", "?", "%"]),
)
def test_year_month_or_day_is_what_the_library_reads(day, length, mark):
    """The module reads these by itself, since the library takes long."""
    text = day.isoformat()[:length] + mark
    read = edtf.parse_edtf(text)

    first, last = (date(*bound()[:3]) for bound in (read.lower_strict, read.upper_strict))
    assert RecordDate.parse(text) == RecordDate(str(read), first, last)


LIKELY = st.text(alphabet="0123456789-/.,[]{}~?%XxTZYSE: ()orabut\x00", max_size=40)


@given(text=st.one_of(st.text(max_size=200), LIKELY))
@example(text="2013-1X")
@example(text="2000-25")
@example(text="?2013")
@example(text="²or1 May 1990")
def test_any_text_is_a_date_or_refused(text):
    for door in (RecordDate.parse, RecordDate.read):
        try:
            found = door(text)
        except NotADateError:
            continue
        assert str(found)
        assert RecordDate.parse(found.edtf) == found


def test_phrase_with_a_short_year_and_no_one_meaning_has_no_reading():
    assert readings("winter ’00", this_year=2026) == []
