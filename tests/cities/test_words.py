"""What a standing and a line say, in plain sentences."""

from datetime import date

import pytest
from django.template import Context, Template

from cities.models import Relationship, RelationshipType
from cities.standing import Kind, Standing
from cities.words import (
    grouped_by_type,
    lower_first,
    short_standing,
    standing_sentence,
    what_happened,
)
from tests.factories import make_city, make_entry, make_partnership, make_relationship, make_type

pytestmark = pytest.mark.django_db

TODAY = date(2020, 1, 1)
SISTER, FRIEND = "sister-city", "friendship-city"


def relationship_with(lines: list[tuple]) -> Relationship:
    """A tie with a ledger of (kind, day, party, type) lines."""
    relationship = make_relationship(make_city("otsu"))
    for kind, day, party, slug in lines:
        make_entry(relationship, kind, day, party=party, type=make_type(slug) if slug else None)
    return Relationship.objects.with_standing(TODAY).get()


LEDGERS = [
    (
        [("signed", "1969-10-01", "both", SISTER)],
        "Sister city since October 1, 1969.",
        "since October 1, 1969",
    ),
    (
        [("signed", "1969-10-01", "both", None)],
        "Tie since October 1, 1969.",
        "since October 1, 1969",
    ),
    (
        [("signed", "2006-02-14", "both", FRIEND), ("concluded", "2008", "both", SISTER)],
        "Sister city since 2008; before that friendship city, since February 14, 2006.",
        "since 2008",
    ),
    (
        [("signed", "1990", "both", None), ("concluded", "2008", "both", SISTER)],
        "Sister city since 2008.",
        "since 2008",
    ),
    (
        [
            ("signed", "1990", "both", SISTER),
            ("suspended", "1995", "both", None),
            ("resumed", "1994~", "both", None),
            ("resumed", "1996~", "both", None),
        ],
        "Sister city since about 1996.",
        "since about 1996",
    ),
    (
        [("attested", "2013-07-22?", "both", FRIEND)],
        (
            "Friendship city: a source of July 22, 2013 (not certain) shows it in force. When it"
            " began is not found yet."
        ),
        "on record July 22, 2013 (not certain); beginning not found yet",
    ),
    (
        [("approved", "1990", "home", SISTER)],
        "Proposed as sister city since 1990; not concluded.",
        "proposed since 1990",
    ),
    (
        [("proposed", "1990", "home", None)],
        "Proposed as tie since 1990; not concluded.",
        "proposed since 1990",
    ),
    (
        [("signed", "1992", "both", SISTER), ("lapsed", "2010-01", "home", None)],
        "Contested since January 2010: ended on Lansing’s side, active on the partner’s side.",
        "contested since January 2010",
    ),
    (
        [("signed", "1992", "both", SISTER), ("partner_ceased", "1994-03-11", "partner", None)],
        "Contested since March 11, 1994: active on Lansing’s side, ended on the partner’s side.",
        "contested since March 11, 1994",
    ),
    (
        [("signed", "1992", "both", SISTER), ("superseded", "2000", "both", None)],
        "Ended 2000: superseded.",
        "ended 2000, superseded",
    ),
    (
        [("signed", "1992", "both", SISTER), ("suspended", "2000-05", "both", None)],
        "Sister city, suspended since May 2000.",
        "suspended since May 2000",
    ),
    (
        [("signed", "1992", "both", None), ("dormant", "2000-05", "both", None)],
        "Tie, dormant since May 2000.",
        "dormant since May 2000",
    ),
]


@pytest.mark.parametrize(("lines", "sentence", "short"), LEDGERS)
def test_standing_is_said_in_a_sentence(lines, sentence, short):
    relationship = relationship_with(lines)

    assert standing_sentence(relationship.standing_on(TODAY)) == sentence


@pytest.mark.parametrize(("lines", "sentence", "short"), LEDGERS)
def test_standing_is_said_in_a_few_words(lines, sentence, short):
    relationship = relationship_with(lines)

    assert short_standing(relationship.standing) == short
    assert short_standing(relationship.standing_on(TODAY)) == short


def test_standing_of_nothing_is_said_too():
    assert standing_sentence(Standing()) == "No accepted line is on record yet."


@pytest.mark.parametrize(
    ("kind", "slug", "words"),
    [
        (Kind.SIGNED, SISTER, "Signed as sister city"),
        (Kind.SIGNED, None, "Signed"),
        (Kind.DORMANT, None, "Found dormant"),
        (Kind.PARTNER_CEASED, None, "Partner ceased to exist"),
        (Kind.CONCLUDED, FRIEND, "Concluded as friendship city"),
    ],
)
def test_line_says_what_happened(kind, slug, words):
    party = "partner" if kind == Kind.PARTNER_CEASED else "both"
    relationship = make_partnership("otsu")
    line = make_entry(
        relationship, kind, "1990", party=party, type=make_type(slug) if slug else None
    )

    assert what_happened(line) == words


@pytest.mark.parametrize(
    ("words", "lowered"),
    [("Sister city", "sister city"), ("", ""), ("LRSCC", "lRSCC"), ("Ō", "ō")],
)
def test_lower_first_lowers_one_letter(words, lowered):
    assert lower_first(words) == lowered


def test_relationships_are_grouped_by_type_with_the_ended_last():
    sister, friends, last = make_type(SISTER), make_type(FRIEND), make_type("other")
    make_partnership("kyoto", type=friends)
    make_partnership("otsu", type=sister)
    make_partnership("asan", type=sister)
    make_entry(make_partnership("nara", type=sister), "lapsed", "2000")
    make_entry(make_relationship(make_city("bath")), "proposed", "1991")

    groups = grouped_by_type(
        Relationship.objects.with_standing(TODAY), RelationshipType.objects.all()
    )

    assert last in RelationshipType.objects.all()
    assert [
        (g.slug, g.title, [relationship.partner.slug for relationship in g.relationships])
        for g in groups
    ] == [
        (SISTER, "Sister city (plural)", ["asan", "otsu"]),
        (FRIEND, "Friendship city (plural)", ["kyoto"]),
        ("type-not-found", "Type not on record", ["bath"]),
        ("ended", "Ended", ["nara"]),
    ]


def test_relationships_that_are_none_make_no_group():
    make_type()

    assert grouped_by_type([], RelationshipType.objects.all()) == []


def test_templates_say_the_same():
    relationship = make_partnership("otsu")
    template = Template(
        "{% load register %}{{ standing|standing_sentence }} {{ standing|short_standing }}"
        " {{ line|what_happened }} {{ word|lower_first }} {{ code|language_name }}"
    )

    said = template.render(
        Context(
            {
                "standing": relationship.standing_on(TODAY),
                "line": relationship.entries.get(),
                "word": "Otsu",
                "code": "ja-Latn",
            }
        )
    )

    assert said == (
        "Sister city since October 1, 1969. since October 1, 1969"
        " Signed as sister city otsu Japanese"
    )
