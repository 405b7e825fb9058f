"""What a standing and an entry say, in plain sentences."""

from datetime import date

import pytest
from django.template import Context, Template

from cities.models import Relationship, RelationshipType
from cities.records.dates import RecordDate, on_or_in
from cities.standing import Kind, Standing
from cities.words import (
    grouped_by_type,
    headline,
    lower_first,
    rest_of_note,
    short_standing,
    standing_sentence,
    status_and_confirmation,
    what_happened,
    who_decided,
)
from tests.factories import (
    home,
    make_city,
    make_entry,
    make_organization,
    make_partnership,
    make_relationship,
    make_type,
)

pytestmark = pytest.mark.django_db

TODAY = date(2020, 1, 1)
SISTER, FRIEND = "sister-city", "friendship-city"


def relationship_with(lines: list[tuple]) -> Relationship:
    """A relationship with a history of (kind, day, party, type) entries."""
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
        "Partner since October 1, 1969.",
        "since October 1, 1969",
    ),
    (
        [("signed", "2006-02-14", "both", FRIEND), ("concluded", "2008", "both", SISTER)],
        "Sister city since 2008. Before that, friendship city since February 14, 2006.",
        "since 2008",
    ),
    (
        [
            ("signed", "2016-04-26", "both", FRIEND),
            ("concluded", "2016-04-26", "both", SISTER),
        ],
        "Sister city since April 26, 2016.",
        "since April 26, 2016",
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
        ("Friendship city, active, last confirmed 2013. We have no record of when it began."),
        "active, last confirmed 2013; no record of when it began",
    ),
    (
        [("signed", "1990", "both", SISTER), ("visited", "2013-07", "home", None)],
        "Sister city since 1990.",
        "since 1990; last confirmed 2013",
    ),
    (
        [("approved", "1990", "home", SISTER)],
        "Proposed as a sister city in 1990. Not agreed yet.",
        "proposed since 1990",
    ),
    (
        [("planned", "1990", "both", SISTER)],
        (
            "Proposed as a sister city in 1990. Not agreed yet. A signing is planned. We have no"
            " record of the date."
        ),
        "proposed since 1990",
    ),
    (
        [("planned", "1990", "both", SISTER), ("postponed", "1991", "both", None)],
        (
            "Proposed as a sister city in 1990. Not agreed yet. The signing was postponed. We"
            " have no record of a new date."
        ),
        "proposed since 1990; signing postponed",
    ),
    (
        [("proposed", "1990", "home", None)],
        "Proposed as a partner in 1990. Not agreed yet.",
        "proposed since 1990",
    ),
    (
        [("signed", "1992", "both", SISTER), ("lapsed", "2010-01", "home", None)],
        (
            "Ended by Lansing in January 2010: it was allowed to lapse. No answer from the"
            " partner is on record."
        ),
        "ended by Lansing in January 2010; no answer on record",
    ),
    (
        [("signed", "1992", "both", SISTER), ("partner_ceased", "1994-03-11", "partner", None)],
        "Ended on March 11, 1994. The partner no longer exists. For Lansing it is still active.",
        "ended on March 11, 1994",
    ),
    (
        [
            ("signed", "1992", "both", SISTER),
            ("partner_ceased", "1994-03-11", "partner", None),
            ("lapsed", "2010-01", "home", None),
        ],
        (
            "Ended on March 11, 1994. The partner no longer exists. Lansing went on counting it"
            " until January 2010."
        ),
        "ended on March 11, 1994",
    ),
    (
        [("signed", "1992", "partner", SISTER), ("partner_ceased", "1994", "partner", None)],
        "Ended in 1994. The partner no longer exists.",
        "ended in 1994",
    ),
    (
        [("signed", "1992", "both", SISTER), ("terminated", "2012-03-01", "home", None)],
        "Ended by Lansing on March 1, 2012. No answer from the partner is on record.",
        "ended by Lansing on March 1, 2012; no answer on record",
    ),
    (
        [("signed", "1992", "both", SISTER), ("superseded", "2012-03-01", "partner", None)],
        (
            "Ended by the partner on March 1, 2012: another relationship replaced it. No answer"
            " from Lansing is on record."
        ),
        "ended by the partner on March 1, 2012; no answer on record",
    ),
    (
        [("signed", "1992", "both", SISTER), ("suspended", "2012-03", "partner", None)],
        (
            "Sister city, suspended by the partner since March 2012. No answer from Lansing is on"
            " record."
        ),
        "suspended for the partner since March 2012; no answer on record",
    ),
    (
        [("signed", "1992", "both", SISTER), ("dormant", "2012", "home", None)],
        "Sister city, inactive for Lansing since 2012. No answer from the partner is on record.",
        "inactive for Lansing since 2012; no answer on record",
    ),
    (
        [
            ("signed", "1992", "both", SISTER),
            ("terminated", "2012-03", "home", None),
            ("reaffirmed", "2012-05", "partner", None),
        ],
        "Disputed since May 2012: ended for Lansing, active for the partner.",
        "disputed since May 2012",
    ),
    (
        [("signed", "1992", "both", SISTER), ("superseded", "2000", "both", None)],
        "Ended in 2000. Another relationship replaced it.",
        "ended in 2000",
    ),
    (
        [("signed", "1992", "both", SISTER), ("suspended", "2000-05", "both", None)],
        "Sister city, suspended since May 2000.",
        "suspended since May 2000",
    ),
    (
        [("signed", "1992", "both", None), ("dormant", "2000-05", "both", None)],
        "Partner, inactive since May 2000.",
        "inactive since May 2000",
    ),
]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([("signed", "1992", "both", SISTER)], "active, last confirmed 1992"),
        (
            [("signed", "1992", "both", SISTER), ("visited", "2013-07", "both", None)],
            "active, last confirmed 2013",
        ),
        ([("attested", "[1999-12-31,2000-01-01]", "both", SISTER)], "active, last confirmed "),
        ([("signed", "1992", "both", SISTER), ("dormant", "1999", "both", None)], "inactive"),
        ([], ""),
    ],
)
def test_status_says_when_it_was_last_confirmed_that_it_is_active(lines, words):
    standing = relationship_with(lines).standing

    if words.endswith(" "):  # no one year: the date as it is
        words += str(standing.confirmed.on)
    assert status_and_confirmation(standing) == words


@pytest.mark.parametrize(("lines", "sentence", "short"), LEDGERS)
def test_standing_is_said_in_a_sentence(lines, sentence, short):
    relationship = relationship_with(lines)

    assert standing_sentence(relationship.standing_on(TODAY), relationship.home) == sentence


@pytest.mark.parametrize(("lines", "sentence", "short"), LEDGERS)
def test_standing_is_said_in_a_few_words(lines, sentence, short):
    relationship = relationship_with(lines)

    assert short_standing(relationship.standing, relationship.home) == short
    assert short_standing(relationship.standing_on(TODAY), relationship.home) == short


@pytest.mark.parametrize(
    ("kind", "planned_for", "sentence", "short"),
    [
        (
            "planned",
            "2120-08-22",
            "The signing is planned for August 22, 2120.",
            "signing planned for August 22, 2120",
        ),
        (
            "postponed",
            "2120-10",
            "The signing was postponed to October 2120.",
            "signing planned for October 2120",
        ),
        (
            "planned",
            "2019-08-22",
            "The signing was planned for August 22, 2019. We have no record that it took place.",
            "signing planned for August 22, 2019",
        ),
        (
            "postponed",
            "2019",
            "The signing was planned for 2019. We have no record that it took place.",
            "signing planned for 2019",
        ),
    ],
)
def test_planned_signing_is_said_with_its_day(kind, planned_for, sentence, short):
    relationship = make_relationship(make_city("suceava"))
    make_entry(relationship, kind, "2018", type=make_type(), planned_for=planned_for)
    relationship = Relationship.objects.with_standing(TODAY).get()
    proposed = "Proposed as a sister city in 2018. Not agreed yet."

    said = standing_sentence(relationship.standing_on(TODAY), relationship.home)
    assert said == f"{proposed} {sentence}"
    assert short_standing(relationship.standing, relationship.home) == (
        f"proposed since 2018; {short}"
    )


def test_inactivity_is_dated_from_the_last_contact():
    relationship = make_partnership("otsu", "1969")
    make_entry(relationship, "dormant", "2010-05", last_contact="2005~")
    relationship = Relationship.objects.with_standing(TODAY).get()

    assert standing_sentence(relationship.standing_on(TODAY), relationship.home) == (
        "Sister city, inactive: last contact about 2005, reported inactive May 2010."
    )
    assert short_standing(relationship.standing, relationship.home) == (
        "inactive, last contact about 2005"
    )


def test_standing_of_nothing_is_said_too():
    assert standing_sentence(Standing(), home()) == "We have no record of its status."


@pytest.mark.parametrize(
    ("kind", "slug", "words"),
    [
        (Kind.SIGNED, SISTER, "Sister city agreement signed"),
        (Kind.SIGNED, None, "Signed"),
        (Kind.DORMANT, None, "Reported inactive"),
        (Kind.PARTNER_CEASED, None, "Partner no longer exists"),
        (Kind.CONCLUDED, FRIEND, "Friendship city relationship agreed"),
        (Kind.ATTESTED, FRIEND, "Named as a friendship city in a source"),
        (Kind.DORMANT, SISTER, "Reported inactive as a sister city"),
        (Kind.VISITED, None, "Visit"),
    ],
)
def test_entry_says_what_happened(kind, slug, words):
    party = "partner" if kind == Kind.PARTNER_CEASED else "both"
    relationship = make_partnership("otsu")
    entry = make_entry(
        relationship, kind, "1990", party=party, type=make_type(slug) if slug else None
    )

    assert what_happened(entry) == words


@pytest.mark.parametrize(
    ("kind", "note", "said", "rest"),
    [
        ("noted", "The mayor spoke. He asked for time.", "The mayor spoke", "He asked for time."),
        ("visited", "A group came.", "A group came", ""),
        ("disputed", "No ties were left!", "No ties were left!", ""),
        ("noted", "In St. Petersburg Dr. Cain spoke.", "In St. Petersburg Dr. Cain spoke", ""),
        ("noted", "It was “Kubyashi.” It is gone.", "It was “Kubyashi.”", "It is gone."),
        ("noted", "That is what to do. He said so.", "That is what to do", "He said so."),
        ("noted", "", "Note", ""),
        ("noted", "without an end", "Note", "without an end"),
        ("noted", f"{'Long ' * 30}words. Then short.", "Note", None),
        ("noted", "One\nline. Two.", "Note", None),
        ("signed", "The mayors signed. It rained.", "Signed", None),
    ],
)
def test_note_of_what_changes_nothing_begins_with_its_headline(kind, note, said, rest):
    entry = make_entry(make_partnership("otsu"), kind, "2000", note=note)

    assert headline(entry) == said
    assert rest_of_note(entry) == (note if rest is None else rest)


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("1969-10-01", "on October 1, 1969"),
        ("2013-07-22?", "on July 22, 2013 (not certain)"),
        ("[2013-08-12,2013-08-19]", "on August 12 or 19, 2013"),
        ("2010-01", "in January 2010"),
        ("1982", "in 1982"),
        ("2013-21", "in spring 2013"),
        ("199X", "in the 1990s"),
        ("1994~", "about 1994"),
        ("[..2013-07-29]", "July 29, 2013 or earlier"),
        ("2000/2001", "from 2000 to 2001"),
    ],
)
def test_date_is_said_with_the_word_before_it(on, words):
    assert on_or_in(RecordDate.parse(on)) == words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("signed", "Approved by the Council."),
        ("proposed", "Proposed by the Council."),
        ("terminated", "Decided by the Council."),
        ("lapsed", "The Council let it lapse."),
        ("dormant", "Reported by the Council."),
    ],
)
def test_entry_says_who_decided_in_the_words_of_what_was_done(kind, words):
    council = make_organization("council")
    entry = make_entry(make_partnership("otsu"), kind, "2000", decided_by=council)

    assert who_decided(entry) == words


def test_entry_whose_decider_is_not_public_or_not_known_says_nothing():
    relationship = make_partnership("otsu")
    secret = make_organization("secret", publication="draft")

    assert who_decided(make_entry(relationship, "renewed", "1990")) == ""
    assert who_decided(make_entry(relationship, "renewed", "1991", decided_by=secret)) == ""


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
        "{% load register %}{{ standing|standing_sentence:home }}"
        " {{ standing|short_standing:home }}"
        " {{ entry|what_happened }} {{ word|lower_first }} {{ code|language_name }}"
    )

    said = template.render(
        Context(
            {
                "standing": relationship.standing_on(TODAY),
                "home": relationship.home,
                "entry": relationship.entries.get(),
                "word": "Otsu",
                "code": "ja-Latn",
            }
        )
    )

    assert said == (
        "Sister city since October 1, 1969. since October 1, 1969"
        " Sister city agreement signed otsu Japanese"
    )
