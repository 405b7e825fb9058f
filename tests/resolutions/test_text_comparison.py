"""Two versions of a text: what was kept, removed and added."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cities.records import word_comparison as comparing
from resolutions.clauses import Clause, ClauseKind, tidy
from resolutions.text_comparison import Change, Compared, Edit, Piece, compare

KEPT, DELETED, INSERTED = Edit.KEPT, Edit.DELETED, Edit.INSERTED


def shown(old, new):
    """What a reader sees of a comparison: the change of each clause and its marked words."""
    marks = {KEPT: "{}", DELETED: "[-{}-]", INSERTED: "[+{}+]"}
    return [
        (
            str(compared.change),
            "".join(marks[piece.change].format(piece.text) for piece in compared.pieces),
        )
        for compared in compare(old, new)
    ]


def text_of(comparison, side, edit):
    """One version of the text, put together again from the pieces."""
    return "\n\n".join(
        "".join(piece.text for piece in compared.pieces if piece.change in (KEPT, edit))
        for compared in comparison
        if getattr(compared, side)
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("One bird sings.", "One bird sings.", [("same", "One bird sings.")]),
        ("", "One bird sings.", [("added", "[+One bird sings.+]")]),
        ("One bird sings.", "", [("removed", "[-One bird sings.-]")]),
        (
            "One bird sings in May.",
            "One bird hums in May.",
            [("changed", "One bird[- sings-][+ hums+] in May.")],
        ),
        (
            "One bird sings, and listens in May.",
            "One bird sings in early May.",
            [("changed", "One bird sings[-, and listens-] in[+ early+] May.")],
        ),
        (
            "One bird sings in May",
            "One bird sings in May; and",
            [("changed", "One bird sings in May[+; and+]")],
        ),
        (
            "Today one bird sings in May.",
            "one bird sings in May.",
            [("changed", "[-Today one-][+one+] bird sings in May.")],
        ),
        (
            "One bird sings.",
            "Two fish swim far.",
            [("removed", "[-One bird sings.-]"), ("added", "[+Two fish swim far.+]")],
        ),
        (
            "One.\n\nTwo.\n\nThree.",
            "One.\n\nThree.\n\nFour.",
            [
                ("same", "One."),
                ("removed", "[-Two.-]"),
                ("same", "Three."),
                ("added", "[+Four.+]"),
            ],
        ),
        (
            "One bird sings in May.\n\nA dog sleeps well today.",
            "We like rain.\n\nOne bird hums in May.\n\nA dog sleeps badly today.\n\nEnd.",
            [
                ("added", "[+We like rain.+]"),
                ("changed", "One bird[- sings-][+ hums+] in May."),
                ("changed", "A dog sleeps[- well-][+ badly+] today."),
                ("added", "[+End.+]"),
            ],
        ),
        (
            "One bird sings in May.\n\nA dog sleeps well today.",
            "A dog sleeps badly today.",
            [
                ("removed", "[-One bird sings in May.-]"),
                ("changed", "A dog sleeps[- well-][+ badly+] today."),
            ],
        ),
        (  # a clause that moved
            "One.\n\nTwo.\n\nThree.",
            "Two.\n\nThree.\n\nOne.",
            [("removed", "[-One.-]"), ("same", "Two."), ("same", "Three."), ("added", "[+One.+]")],
        ),
        (  # a reason is no decision, alike as they are
            "WHEREAS, that one bird sings in May.",
            "RESOLVED, that one bird sings in May.",
            [
                ("removed", "[-WHEREAS, that one bird sings in May.-]"),
                ("added", "[+RESOLVED, that one bird sings in May.+]"),
            ],
        ),
        (" ", "\u00a0", [("removed", "[- -]"), ("added", "[+\u00a0+]")]),
    ],
)
def test_versions_are_compared_for_a_reader(old, new, expected):
    assert shown(old, new) == expected


def test_half_of_the_words_make_a_clause_the_other_one_changed():
    assert [change for change, _text in shown("a b c d", "a b x y")] == ["changed"]
    assert [change for change, _text in shown("a b c d e", "a b x y z")] == ["removed", "added"]


def test_pairs_are_the_most_alike():
    assert shown("a b c d", "a b x y\n\na b c x") == [
        ("added", "[+a b x y+]"),
        ("changed", "a b c[- d-][+ x+]"),
    ]


def test_clause_keeps_its_number_in_both_versions():
    first, second = (
        Clause(ClauseKind.WHEREAS, 1, "WHEREAS, a"),
        Clause(ClauseKind.WHEREAS, 2, "WHEREAS, b"),
    )
    moved = Clause(ClauseKind.WHEREAS, 1, "WHEREAS, b")

    found = compare("WHEREAS, a\n\nWHEREAS, b", "WHEREAS, b")

    assert found == [
        Compared(first, None, (Piece(DELETED, "WHEREAS, a"),)),
        Compared(second, moved, (Piece(KEPT, "WHEREAS, b"),)),
    ]
    assert [(one.clause, one.kind, one.change) for one in found] == [
        (first, ClauseKind.WHEREAS, Change.REMOVED),
        (moved, ClauseKind.WHEREAS, Change.SAME),
    ]


def test_changes_have_words():
    assert [str(change.label) for change in Change] == ["unchanged", "changed", "added", "removed"]
    assert [str(edit.label) for edit in Edit] == ["kept", "deleted", "inserted"]


WORDS = st.lists(
    st.sampled_from(["bird", "sings", "in", "May", ",", ";", "“so”", "it’s", "é", "大津市"]),
    min_size=1,
    max_size=8,
).map(" ".join)
CLAUSES = st.builds(str.__add__, st.sampled_from(["", "WHEREAS, ", "RESOLVED, that "]), WORDS)
TEXTS = st.lists(CLAUSES, max_size=8).map("\n\n".join)


def is_whole(comparison, old, new):
    assert text_of(comparison, "old", DELETED) == old
    assert text_of(comparison, "new", INSERTED) == new


@settings(max_examples=300)
@given(old=TEXTS, new=TEXTS)
def test_pieces_are_both_texts_exactly(old, new):
    found = compare(old, new)

    is_whole(found, old, new)
    for compared in found:
        edits = [piece.change for piece in compared.pieces]
        assert all(piece.text for piece in compared.pieces)
        assert all(a != b for a, b in pairwise(edits))
        assert (INSERTED, DELETED) not in pairwise(edits)
        assert (set(edits) == {KEPT}) == (compared.change == Change.SAME)
        assert (set(edits) == {INSERTED}) >= (compared.change == Change.ADDED)
        assert (set(edits) == {DELETED}) >= (compared.change == Change.REMOVED)


@given(old=st.text(max_size=80).map(tidy), new=st.text(max_size=80).map(tidy))
def test_any_tidy_texts_are_compared(old, new):
    is_whole(compare(old, new), old, new)


@given(text=TEXTS)
def test_text_compared_with_itself_is_unchanged(text):
    assert {compared.change for compared in compare(text, text)} <= {Change.SAME}


@settings(max_examples=50)
@given(old=TEXTS, new=TEXTS, ceiling=st.integers(0, 200))
def test_coarse_comparison_is_still_exact(old, new, ceiling):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "MOST_PAIRS", ceiling)
        found = compare(old, new)

    is_whole(found, old, new)


def test_beyond_the_ceiling_words_are_replaced_between_the_common_ends(monkeypatch):
    monkeypatch.setattr(comparing, "MOST_PAIRS", 27)

    assert shown("a b c d e f g h", "a b x d y f g h") == [
        ("changed", "a b[- c d e-][+ x d y+] f g h")
    ]


def test_beyond_the_ceiling_clauses_are_replaced_whole(monkeypatch):
    monkeypatch.setattr(comparing, "MOST_PAIRS", 0)

    assert shown("a\n\nb c d\n\nz", "a\n\nb c x\n\nz") == [
        ("same", "a"),
        ("removed", "[-b c d-]"),
        ("added", "[+b c x+]"),
        ("same", "z"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (",".join(f"x{n}" for n in range(40_000)), ",".join(f"y{n}" for n in range(40_000))),
        ("a " * 100_000 + "x", "a " * 100_000 + "y"),
        ("\n\n".join(["a", "b c"] * 20_000), "\n\n".join(["b c", "d"] * 20_000)),
        (
            "\n\n".join(f"x{n} a b c" for n in range(1_000)),
            "\n\n".join(f"y{n} a b c" for n in range(1_000)),
        ),
        (
            " ".join(str(n % 110) for n in range(2_000)),
            " ".join(str(-n % 110) for n in range(2_000)),
        ),
    ],
    ids=["words", "alike", "clauses", "similar", "cycle"],
)
def test_hostile_texts_are_compared(old, new):
    is_whole(compare(old, new), old, new)
