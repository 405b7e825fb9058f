"""Documents by which places bind themselves."""

import pytest

from cities.models import Agreement, AgreementTitle, Signatory
from cities.records.publishing import Publication
from tests.cities.refusals import assert_clerk_reads, assert_database_refuses
from tests.factories import make_agreement, make_relationship, make_source

pytestmark = pytest.mark.django_db

NOT_CHOICE = "Value '{}' is not a valid choice.".format


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"kind": "treaty"}, "cities_agreement_kind_known", {"kind": [NOT_CHOICE("treaty")]}),
        (
            {"signed_on": "1970", "until": "1969-12-31"},
            "cities_agreement_ends_after_it_was_signed",
            "An agreement cannot end before it was signed. Correct one of the dates.",
        ),
        (
            {"publication": "secret"},
            "cities_agreement_publication_known",
            "Choose draft, published or withdrawn.",
        ),
        (
            {"publication": Publication.WITHDRAWN},
            "cities_agreement_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
    ],
)
def test_agreement_rule_is_kept_by_clerk_and_database(wrong, constraint, sentences):
    fields = {"slug": "otsu-1969", "kind": "telephone"} | wrong

    assert_clerk_reads(Agreement(**fields), sentences)
    assert_database_refuses(Agreement(**fields), match=constraint)


def test_agreement_is_named_by_kind_and_date():
    relationship = make_relationship()

    dated = make_agreement(
        relationship, slug="otsu-1969", kind="telephone", signed_on="1969-10-01"
    )
    undated = make_agreement(relationship, slug="otsu")

    assert str(dated) == "Agreement by telephone, October 1, 1969 (otsu-1969)"
    assert str(undated) == "Agreement (otsu)"


def test_agreement_of_three_parties_binds_two_relationships_and_keeps_that_in_history():
    first, second, paper = make_relationship(), make_relationship(), make_source()
    agreement = make_agreement(first)

    agreement.relationships.add(second)
    agreement.documents.add(paper)

    assert list(agreement.relationships.order_by("id")) == [first, second]
    newest = agreement.history.first()
    assert [row.relationship for row in newest.relationships.order_by("relationship_id")] == [
        first,
        second,
    ]
    assert [row.source for row in newest.documents.all()] == [paper]


def test_title_is_there_once_per_language():
    agreement = make_agreement(make_relationship())
    title = AgreementTitle.objects.create(agreement=agreement, language="ja", text="姉妹都市")
    again = {"agreement": agreement, "language": "ja", "text": "Another"}

    assert_clerk_reads(AgreementTitle(**again), "There is already a title in this language.")
    assert_database_refuses(
        AgreementTitle(**again),
        match=r"cities_agreementtitle_once_per_language|title\.agreement_id, .*title\.language",
    )
    AgreementTitle(**again | {"language": "en"}).full_clean()
    assert (str(title), title.language_name) == ("姉妹都市", "Japanese")


@pytest.mark.parametrize("on_behalf_of", ["City of Otsu", ""])
def test_signatory_is_there_once(on_behalf_of):
    agreement = make_agreement(make_relationship())
    fields = {"agreement": agreement, "name": "A. Mayor", "on_behalf_of": on_behalf_of}
    signatory = Signatory.objects.create(**fields)

    assert_clerk_reads(Signatory(**fields), "This person is already listed.")
    assert_database_refuses(
        Signatory(**fields),
        match=r"cities_signatory_once|signatory\.agreement_id, cities_signatory\.name",
    )
    Signatory(**fields | {"on_behalf_of": "City of Lansing"}).full_clean()
    assert str(signatory) == "A. Mayor"


def test_agreement_of_unknown_day_stands_before_what_came_later():
    relationship = make_relationship()
    later = make_agreement(relationship, signed_on="1994")
    unknown = make_agreement(relationship)

    assert list(Agreement.objects.all()) == [unknown, later]
