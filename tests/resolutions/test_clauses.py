"""A text as clauses: how pasted text is made tidy, and what its clauses are."""

import hashlib
import re
import unicodedata

import pytest
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st

from resolutions import clauses
from resolutions.clauses import Clause, ClauseKind, fingerprint, read, tidy

WHEREAS, RESOLVED, OTHER = ClauseKind.WHEREAS, ClauseKind.RESOLVED, ClauseKind.OTHER


@pytest.mark.parametrize(
    ("pasted", "tidied"),
    [
        ("", ""),
        (" \r\n\t\u00a0\n ", ""),
        ("One.", "One."),
        ("One\r\ntwo\rthree\nfour", "One two three four"),
        ("One\x0btwo\x0cthree\x85four\u2028five", "One two three four five"),
        ("One.\u2029Two.", "One.\n\nTwo."),
        ("One.\n\n\n \n\t\nTwo.", "One.\n\nTwo."),
        ("One.\r\n\r\nTwo.", "One.\n\nTwo."),
        ("\n\n One. \n", "One."),
        ("a\u00a0b\tc  d\u2003e\u202ff\u3000g", "a b c d e f g"),
        ("re\u00adso\u00adlu\u00adtion", "resolution"),
        ("reso\u00ad\nlution", "resolution"),
        ("reso\u00ad \nlution", "resolution"),
        ("one \u00ad two", "one two"),
        ("One.\u00ad\n\nTwo.", "One.\n\nTwo."),
        ("z\u200be\u200cr\u200do\u2060 w\ufeffidth", "zero width"),
        ("left\u202e right\u2066", "left right"),
        ("n\x00u\x07l\x1bl", "null"),
        ("one\r\x00\ntwo", "one two"),
        ("half \ud800pair", "half pair"),
        ("Cafe\u0301", "Café"),
        ("Cafe\u200b\u0301", "Café"),
        ("“Friends” – it’s so…", "“Friends” – it’s so…"),
        ("大津市", "大津市"),
        ("•\tOne.\n\n● ▪ Two. • Three.\n•\n○ Four.", "One.\n\nTwo. • Three.\n\nFour."),
        ("•\tWHEREAS, a;\n•\tWHEREAS, b", "WHEREAS, a;\n\nWHEREAS, b"),
    ],
)
def test_characters_and_lines_are_tidied(pasted, tidied):
    assert tidy(pasted) == tidied


@pytest.mark.parametrize(
    ("pasted", "tidied"),
    [
        ("a reso-\nlution", "a resolution"),
        ("a reso- \n lution", "a resolution"),
        ("A RESO-\nLUTION", "A RESOLUTION"),
        ("a long-\nterm plan", "a long-term plan"),
        ("a twin-\ntown; one twin-town", "a twin-town; one twin-town"),
        ("a twin-\ntown; one Twintown", "a twintown; one Twintown"),
        ("a long-\nstanding and longstanding tie", "a longstanding and longstanding tie"),
        ("No. 2018-\n001", "No. 2018-001"),
        ("part 8-\na", "part 8-a"),
        ("the Lansing-\nOtsu tie", "the Lansing-Otsu tie"),
        ("an A-\nframe", "an A-frame"),
        ("so -\nand on", "so - and on"),
        ("a mother-in-\nlaw; mother-in-law", "a mother-in-law; mother-in-law"),
        ("One-\n\ntwo", "One-\n\ntwo"),
        ("pro-\ngram-\nmer", "programmer"),
        ("it is so-\nWHEREAS, b", "it is so-\n\nWHEREAS, b"),
        ("\u1100-\n\u1161", "\u1100-\u1161"),  # halves of one letter, were they to meet
        ("-\nx", "- x"),
        ("x-\n;", "x- ;"),
    ],
)
def test_words_divided_at_a_lines_end_are_made_whole(pasted, tidied):
    assert tidy(pasted) == tidied


@pytest.mark.parametrize(
    "text",
    [
        "WHEREAS, a; and|WHEREAS, b; and|NOW, THEREFORE, BE IT RESOLVED, that c",
        "BE IT FURTHER RESOLVED, that d; and|BE IT FINALLY RESOLVED that e.",
        "WHEREAS a,|WHEREAS: b,|NOW THEREFORE BE IT RESOLVED that c.",
        "WHEREAS, a;|WHEREAS, b; AND|WHEREAS, c",
        "Whereas, a; and|Whereas b;|Now, therefore, be it resolved, That c",
        "Whereas, a;|Be it further resolved that b.",
        "WHEREAS, a;|NOW, THEREFORE, be it hereby resolved that b",
        "WHEREAS, a|RESOLVED, that b;|FURTHER RESOLVED, that c.|Resolved, that d",
        "WHEREAS, a.|RESOLVED by us, that b",
        "WHEREAS, a|RESOLVED that b|RESOLVED: c",
        "WHEREAS, a|THEREFORE, BE IT RESOLVED that b|LET IT BE RESOLVED that c",
        "WHEREAS, a|BE IT ORDAINED that b|IT IS FURTHER RESOLVED that c",
        "WHEREAS, a|NOW, THEREFORE, I, the Mayor, do proclaim b",
        "WHEREAS, a: and,|Whereas, b",
        "AND WHEREAS, a, and|WHEREAS, b",
        "AND BE IT FURTHER RESOLVED, that a",
        "and, BE IT FURTHER RESOLVED, that a",
    ],
)
@pytest.mark.parametrize("between", [" ", "\n", "\n\n", "  \r\n"])
def test_each_formula_begins_a_clause(text, between):
    assert tidy(text.replace("|", between)) == text.replace("|", "\n\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "It was so, whereas now it is not.",
        "It is so; whereas before it was not; and whereas it may be again.",
        "They resolved, that year, to meet.",
        "It has now, therefore, be it resolved or not, an end.",
        "It was Whereas written so.",
        "THE MATTER WAS RESOLVED, AND ALL WENT HOME.",
        "ALL DISPUTES RESOLVED BEFORE MAY COUNT.",
        "It was so. Resolved disputes are closed.",
        "The plan was Resolved, that is all.",
        "The matter is old. It is resolved.",
        "The words “WHEREAS” and “RESOLVED” begin a clause.",
        "WHEREASES and UNRESOLVED matters.",
    ],
)
def test_words_inside_a_sentence_begin_nothing(sentence):
    assert tidy(sentence) == sentence


@pytest.mark.parametrize(
    ("pasted", "tidied"),
    [
        ("the Council was\nresolved, that year", "the Council was resolved, that year"),
        ("it was so\nwhereas not now", "it was so whereas not now"),
        ("it was\nResolved disputes", "it was Resolved disputes"),
        ("the matter was\nRESOLVED, that is all", "the matter was RESOLVED, that is all"),
        (
            "It was so\nResolved by the Council, that a",
            "It was so\n\nResolved by the Council, that a",
        ),
        ("NOW, THEREFORE,\n\nBE IT RESOLVED, that a", "NOW, THEREFORE, BE IT RESOLVED, that a"),
        ("NOW,\nTHEREFORE\n\nBE IT RESOLVED: a", "NOW, THEREFORE BE IT RESOLVED: a"),
        ("NOW, THEREFORE,\n\nWhereas, a", "NOW, THEREFORE,\n\nWhereas, a"),
    ],
)
def test_entry_breaks_and_formulas_together(pasted, tidied):
    assert tidy(pasted) == tidied


PRINTED = """RESOLUTION #2030-001
BY THE COMMITTEE OF THE WHOLE
RESOLVED BY THE CITY COUNCIL OF THE CITY OF LANSING
WHEREAS, the sky is wide; and
WHEREAS, a bird sings when
it is glad;
NOW, THEREFORE, BE IT RESOLVED, that we thank the birds; and BE IT FURTHER RESOLVED, that
we listen.
By Council Member Example
Motion Carried
"""


def test_lansings_layout_is_read_clause_by_clause():
    assert read(tidy(PRINTED)) == [
        Clause(OTHER, 1, "RESOLUTION #2030-001"),
        Clause(OTHER, 2, "BY THE COMMITTEE OF THE WHOLE"),
        Clause(OTHER, 3, "RESOLVED BY THE CITY COUNCIL OF THE CITY OF LANSING"),
        Clause(WHEREAS, 1, "WHEREAS, the sky is wide; and"),
        Clause(WHEREAS, 2, "WHEREAS, a bird sings when it is glad;"),
        Clause(RESOLVED, 1, "NOW, THEREFORE, BE IT RESOLVED, that we thank the birds; and"),
        Clause(RESOLVED, 2, "BE IT FURTHER RESOLVED, that we listen."),
        Clause(OTHER, 4, "By Council Member Example"),
        Clause(OTHER, 5, "Motion Carried"),
    ]


@pytest.mark.parametrize(
    ("paragraph", "kind"),
    [
        ("WHEREAS, a", WHEREAS),
        ("whereas a", WHEREAS),
        ("AND WHEREAS, a", WHEREAS),
        ("And, whereas a", WHEREAS),
        ("NOW, THEREFORE, we do a", RESOLVED),
        ("be it finally resolved that a", RESOLVED),
        ("BE IT RESOLVED BY THE CITY COUNCIL: a", RESOLVED),
        ("RESOLVED BY THE CITY COUNCIL, THAT a", RESOLVED),
        ("Resolved by the Council that a", RESOLVED),
        ("Resolved, That a", RESOLVED),
        ("Resolved: a", RESOLVED),
        ("RESOLVED a", RESOLVED),
        ("Resolved by the Council", OTHER),
        ("Resolved disputes are closed", OTHER),
        ("Resolution", OTHER),
        ("a, whereas b", OTHER),
        ("And a", OTHER),
    ],
)
def test_first_words_of_a_paragraph_are_its_kind(paragraph, kind):
    assert read(paragraph) == [Clause(kind, 1, paragraph)]


def test_empty_text_has_no_clause():
    assert read("") == []


@pytest.mark.parametrize(
    ("clause", "anchor", "label"),
    [
        (Clause(WHEREAS, 1, "a"), "whereas-1", "Whereas, clause 1"),
        (Clause(RESOLVED, 2, "a"), "resolved-2", "Resolved, clause 2"),
        (Clause(OTHER, 3, "a"), "text-3", "Text, paragraph 3"),
    ],
)
def test_clause_has_an_anchor_and_a_name_in_words(clause, anchor, label):
    with override("en"):
        assert (clause.anchor, clause.label) == (anchor, label)


def test_fingerprint_is_of_the_text_as_it_stands():
    assert fingerprint("Ōtsu") == hashlib.sha256(b"\xc5\x8ctsu").hexdigest()
    assert fingerprint(" a") != fingerprint("a")
    assert re.fullmatch("[0-9a-f]{64}", fingerprint(""))


WORDS = re.split(
    r"\|",
    "WHEREAS|Whereas|whereas|NOW|THEREFORE|Now|therefore|BE IT|Be it|be it|RESOLVED|Resolved"
    "|resolved|FURTHER|AND|and|THAT|that|by the|BY THE COMMITTEE|By Council Member|Motion Carried"
    "|RESOLUTION #1|IT IS|was|LET IT BE|,|;|.|:|-|re|so|X|A|2018|“|\u0301|é|\u00ad|\u200b|\x00"
    "|\u2029|\u037e|\ud800|ſ|•|\u1100|\u1161",
)
FRAGMENTS = st.sampled_from(WORDS)
BETWEEN = st.sampled_from(["", " ", " ", " ", "\n", "\n", "\n\n", "\r\n", "-\n", "\t", " \n "])
PASTED = st.lists(st.tuples(FRAGMENTS, BETWEEN), max_size=30).map(
    lambda parts: "".join(fragment + between for fragment, between in parts)
)


@settings(max_examples=1000)
@given(pasted=st.one_of(PASTED, PASTED, st.text(max_size=100)))
@example(pasted="Be it re-\nsolved, that a. Be it re-\nsolved")
@example(pasted="NOW, THEREFORE, WHEREAS a")
@example(pasted="WHEREAS\u200b\u0301 a")
def test_stored_form_is_its_own_stored_form(pasted):
    text = tidy(pasted)

    assert tidy(text) == text
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search(r"[^\S \n]|  |\n\n\n|(?<!\n)\n(?!\n)| \n|\n ", text)
    assert "\n\n".join(clause.text for clause in read(text)) == text
    assert len({clause.anchor for clause in read(text)}) == len(read(text))
    assert fingerprint(text)


@given(pasted=PASTED)
def test_tidying_loses_no_letter(pasted):
    def letters(text):
        return [letter for letter in unicodedata.normalize("NFC", text) if letter.isalnum()]

    pasted = re.sub("[\u00ad\u200b\x00\ud800]", "", pasted)

    assert letters(tidy(pasted)) == letters(pasted)


PATTERNS = [pattern for pattern in vars(clauses).values() if isinstance(pattern, re.Pattern)]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:30])
def test_repeat_without_limit_stands_only_where_nothing_follows(pattern):
    """So no pattern tries a place again: the work is in proportion to the text."""
    bare = re.sub(r"\\.|\[(?:\\.|[^\]])+\]", "x", pattern.pattern)

    assert not re.search(r"[*+]|\{\d*,\}", bare[:-1])


@pytest.mark.parametrize(
    "part",
    [
        "WHEREAS, a; and ",
        "NOW, THEREFORE, ",
        "NOW, THEREFORE\n\n",
        "BE IT BE IT ",
        "BE IT HEREBY ",
        "AND ",
        "RESOLVED ",
        "a-\n",
        "a",
        " ",
        "-",
        "-\n",
        "\n",
        " \n",
        "\n\n",
        "\xad",
        "\xad\n",
        "\u200b ",
        "\r",
        "\u0301",
        "\u0301\u0316",
        "\u0344",
        "\u0f73",
        "; and ",
    ],
)
def test_hostile_text_of_200_000_characters_is_tidied(part):
    text = tidy(part * (200_000 // len(part)))

    assert tidy(text) == text
    assert "\n\n".join(clause.text for clause in read(text)) == text


def test_accents_without_end_are_cut():
    assert tidy("o\u0302\u0323k" + "\u0323" * 40) == "ộḳ" + "\u0323" * 29


def test_long_text_has_all_its_clauses():
    found = read(tidy("WHEREAS, a; and " * 12_500))

    assert {clause.text for clause in found} == {"WHEREAS, a; and"}
    assert found[-1].anchor == "whereas-12500"
