"""Relationships, their types, and how they are asked for."""

from datetime import date

import pytest

from cities.models import Relationship, RelationshipType
from cities.records.publishing import Publication
from tests.cities.refusals import assert_clerk_reads, assert_database_refuses
from tests.factories import home, make_city, make_partnership, make_relationship, make_type

pytestmark = pytest.mark.django_db

BLANK = "This field cannot be blank."
ONE_PER_PAIR = (
    "These two cities already have a relationship. Open it and add an entry to its history."
)


@pytest.mark.parametrize("field", ["name", "name_plural", "definition"])
def test_type_is_named_and_defined(field):
    fields = {
        "slug": "sister-city",
        "name": "Sister city",
        "name_plural": "Sister cities",
        "definition": "A close tie.",
        "rank": 1,
    } | {field: ""}

    assert_clerk_reads(RelationshipType(**fields), {field: [BLANK]})
    assert_database_refuses(
        RelationshipType(**fields), match="cities_relationshiptype_named_and_defined"
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("slug", "sister-city", "Relationship type with this Web address already exists."),
        ("name", "Sister city", "Relationship type with this Name already exists."),
        ("rank", 1, "Relationship type with this Rank already exists."),
    ],
)
def test_type_slug_name_and_rank_are_used_once(field, value, sentence):
    make_type("sister-city")
    fields = {
        "slug": "friendship-city",
        "name": "Friendship city",
        "name_plural": "Friendship cities",
        "definition": "A tie.",
        "rank": 2,
    } | {field: value}

    assert_clerk_reads(RelationshipType(**fields), {field: [sentence]})
    assert_database_refuses(RelationshipType(**fields), match=rf"relationshiptype[._]{field}")


def test_types_stand_in_order_of_rank_and_say_their_name():
    make_type("friendship-city", rank=2)
    make_type("sister-city", rank=1)

    assert [str(kind) for kind in RelationshipType.objects.all()] == [
        "Sister city",
        "Friendship city",
    ]
    assert RelationshipType(slug="sister-city").get_absolute_url().endswith("#sister-city")


def test_places_have_one_relationship_either_way_round():
    otsu = make_city("otsu")
    make_relationship(otsu)

    for pair in ({"home": home(), "partner": otsu}, {"home": otsu, "partner": home()}):
        assert_clerk_reads(Relationship(slug="again", **pair), ONE_PER_PAIR)
        assert_database_refuses(
            Relationship(slug="again", **pair), match="cities_relationship_one_per_pair"
        )


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        (
            {"partner": "lansing"},
            "cities_relationship_of_two_places",
            "A city cannot have a relationship with itself. Choose another city.",
        ),
        (
            {"publication": "secret"},
            "cities_relationship_publication_known",
            "Choose draft, published or withdrawn.",
        ),
        (
            {"publication": Publication.WITHDRAWN},
            "cities_relationship_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
    ],
)
def test_relationship_rule_is_kept_by_clerk_and_database(wrong, constraint, sentences):
    places = {"lansing": home(), "otsu": make_city("otsu")}
    fields = {"home": home(), "slug": "lansing-otsu", "partner": "otsu"} | wrong
    fields["partner"] = places[fields["partner"]]

    assert_clerk_reads(Relationship(**fields), sentences)
    assert_database_refuses(Relationship(**fields), match=constraint)


def test_relationship_has_a_slug_made_from_its_places():
    fields = {"home": home(), "partner": make_city("otsu")}

    record = Relationship(**fields)
    record.full_clean()

    assert record.slug == "lansing-otsu"
    assert_database_refuses(Relationship(**fields), match="cities_relationship_has_a_slug")


@pytest.mark.parametrize("publication", ["draft", "published"])
def test_relationship_without_places_is_asked_for_them(publication):
    assert_clerk_reads(
        Relationship(publication=publication),
        {
            "home": ["This field cannot be null."],
            "partner": ["This field cannot be null."],
            "__all__": ["Enter a web address, such as kobe-riga."],
        },
    )


@pytest.mark.parametrize("draft", ["home", "partner"])
def test_relationship_is_published_after_both_its_places(draft):
    places = {"home": make_city("east-lansing"), "partner": make_city("otsu")}
    places[draft].publication = Publication.DRAFT
    places[draft].save()

    assert_clerk_reads(
        Relationship(slug="relationship", publication=Publication.PUBLISHED, **places),
        {draft: [f"Publish “{places[draft]}” first. It is still a draft."]},
    )
    Relationship(slug="relationship", **places).full_clean()


@pytest.mark.parametrize("gone", ["home", "partner"])
def test_relationship_of_a_withdrawn_place_is_not_published(gone):
    places = {"home": make_city("east-lansing"), "partner": make_city("otsu")}
    places[gone].withdraw(because="Wrong.", on=date(2020, 1, 1))

    assert_clerk_reads(
        Relationship(slug="relationship", publication=Publication.PUBLISHED, **places),
        f"“{places[gone]}” was withdrawn, so its relationships cannot be published.",
    )
    Relationship(slug="relationship", **places).full_clean()


def test_relationships_are_public_when_they_and_both_places_are():
    draft = {"publication": Publication.DRAFT}
    shown = make_relationship()
    make_relationship(**draft)
    make_relationship(make_city(**draft))
    make_relationship(make_city(), home=make_city(**draft))

    assert list(Relationship.objects.public()) == [shown]


def test_countries_are_those_of_the_partners_by_name():
    for slug, country in (("otsu", "JP"), ("asan", "KR"), ("kyoto", "JP"), ("biezun", "PL")):
        make_relationship(make_city(slug, country=country))

    assert Relationship.objects.countries() == [
        ("JP", "Japan"),
        ("PL", "Poland"),
        ("KR", "South Korea"),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_list_with_standing_takes_two_queries(count, django_assert_num_queries):
    for number in range(count):
        make_partnership(f"partner-{number}")

    with django_assert_num_queries(2):
        relationships = list(Relationship.objects.for_list().with_standing(date(2020, 1, 1)))
        assert [
            (
                str(relationship),
                relationship.standing.status,
                relationship.standing.type,
                list(relationship.partner.names.all()),
            )
            for relationship in relationships
        ] == [(f"Lansing – Partner {n}", "active", "sister-city", []) for n in range(count)]


def test_relationship_says_its_places_and_lives_at_its_partner():
    relationship = make_relationship(make_city("otsu"))

    assert str(relationship) == "Lansing – Otsu"
    assert relationship.get_absolute_url() == "/cities/otsu/"


@pytest.mark.parametrize("name", ["home", "partner"])
def test_published_relationship_keeps_its_places(name):
    relationship = make_partnership("otsu")
    setattr(relationship, name, make_city("kyoto"))

    assert_clerk_reads(
        relationship,
        "This relationship is published, so its cities and its web address cannot change."
        " Withdraw it with a reason, or add an entry with a new partner.",
    )
