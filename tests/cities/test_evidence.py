"""What was looked for and is not known, beside what nobody has looked for yet."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cities import gaps
from cities.models import Agreement, Citation, Entry, Relationship
from tests.admin.browser import form_of, sentences
from tests.admin.people import at, browser, release_all
from tests.cities.refusals import (
    assert_clerk_reads,
    assert_database_refuses,
    assert_refused,
    load_record,
)
from tests.factories import (
    make_agreement,
    make_entry,
    make_partnership,
    make_source,
    make_type,
)
from tests.reading import lines_of

pytestmark = pytest.mark.django_db

BOTH = (
    "If no document is known, enter who looked for one and when they said so, or leave both blank."
)
ORIGINAL = "A signed original is among the sources. Leave this blank, or take that source off."
SAID = {"no_document_by": "the City Clerk of Harborview", "no_document_on": "2026-05"}
SENTENCE = "The City Clerk of Harborview looked for a document and knows of none (May 2026)."


@pytest.fixture
def relationship() -> Relationship:
    """One whose type needs an agreement."""
    return make_partnership("otsu", type=make_type(needs_agreement=True))


def original(**fields):
    return make_source(reliability="signed_original", title="The original", **fields)


def asked(relationship: Relationship) -> list[str]:
    """What is asked about the papers of a relationship."""
    known = gaps.with_entries(Relationship.objects.filter(pk=relationship.pk))
    found = [gap.missing for one in known for gap in gaps.gaps_of(one, date(2026, 11, 27))]
    return [sentence for sentence in found if "agreement" in sentence and "Who" not in sentence]


@pytest.mark.parametrize("half", [{"no_document_by": "The clerk"}, {"no_document_on": "2026"}])
def test_who_and_when_are_said_together(relationship, half):
    entry = Entry(relationship=relationship, number=9, kind="visited", on="2001", **half)
    agreement = Agreement(slug="paper", kind="agreement", **half)

    assert_clerk_reads(entry, BOTH)
    assert_database_refuses(entry, match="cities_entry_no_document_with_who_and_when")
    assert_clerk_reads(agreement, BOTH)
    assert_database_refuses(agreement, match="cities_agreement_no_document_with_who_and_when")


def test_nobody_says_so_of_what_has_a_signed_original(relationship):
    entry = relationship.entries.get()
    Citation.objects.create(entry=entry, source=original())
    agreement = make_agreement(relationship, slug="paper")
    agreement.documents.add(original())
    for record in (entry, agreement):
        for name, value in SAID.items():
            setattr(record, name, value)

    assert_refused(entry, {"no_document_by": [ORIGINAL]})
    assert_refused(agreement, {"no_document_by": [ORIGINAL]})


def test_it_is_said_of_an_entry_that_no_signed_original_supports(client, relationship):
    entry = relationship.entries.get()
    Citation.objects.create(entry=entry, source=original(), role="disputes")
    assert entry.citations.supporting().exists()
    for name, value in SAID.items():
        setattr(entry, name, value)

    entry.full_clean()
    load_record(entry)

    assert SENTENCE in lines_of(client.get("/cities/otsu/"))


def test_signed_original_is_not_added_while_somebody_says_so(relationship):
    entry = make_entry(relationship, "reaffirmed", "1999", **SAID)

    with pytest.raises(ValidationError, match="The entry says that no document is known"):
        Citation(entry=entry, source=original()).full_clean()
    Citation(entry=entry, source=original(), role="disputes").full_clean()
    Citation(entry=entry, source=make_source()).full_clean()


def test_clerk_says_it_of_an_agreement_and_takes_the_original_off_at_once(relationship):
    agreement, press = make_agreement(relationship, slug="paper"), make_source()
    agreement.documents.add(original())
    staff = browser("Commission staff")
    form = form_of(staff, at(agreement)) | SAID | {"change_reason": "The clerk wrote."}

    refused = staff.post(at(agreement), form)
    assert sentences(refused)[1:] == [ORIGINAL]

    saved = staff.post(at(agreement), form | {"documents": [str(press.pk)]})
    assert saved.status_code == 302
    release_all()
    agreement.refresh_from_db()
    assert (agreement.no_document_by, str(agreement.no_document_on)) == (
        SAID["no_document_by"],
        "May 2026",
    )


def test_page_and_api_say_it_in_words(client, relationship):
    entry = make_entry(relationship, "reaffirmed", "1999", **SAID)
    make_agreement(relationship, slug="paper", signed_on="1969", **SAID)

    lines = lines_of(client.get("/cities/otsu/"))
    of_entry = client.get(f"/api/v1/entries/{entry.ref}/").json()
    [of_agreement] = client.get("/api/v1/relationships/lansing-otsu/").json()["agreements"]

    assert lines.count(SENTENCE) == 2
    assert lines[lines.index("Documents") + 1] == SENTENCE
    for data in (of_entry, of_agreement):
        assert data["no_document_by"] == SAID["no_document_by"]
        assert data["no_document_on"]["edtf"] == "2026-05"


def test_document_that_nobody_looked_for_is_asked_for_and_one_that_is_not_there_is_not(
    relationship,
):
    assert asked(relationship) == ["The agreement. We have no copy."]
    Entry.objects.update(**SAID)
    assert asked(relationship) == []
    Entry.objects.update(no_document_by="", no_document_on=None)

    agreement = make_agreement(relationship, signed_on="1969-10-01")
    assert asked(relationship) == ["The 1969 agreement. We do not have the original."]
    Agreement.objects.filter(pk=agreement.pk).update(**SAID)
    assert asked(relationship) == []


def test_what_is_said_of_a_visit_or_a_claim_is_no_answer_about_the_agreement(relationship):
    make_entry(relationship, "visited", "2001", **SAID)
    make_entry(relationship, "concluded", "1968", why_not_preferred="Only a year.", **SAID)

    assert asked(relationship) == ["The agreement. We have no copy."]


def test_it_can_be_taken_back_once_the_document_is_found(relationship):
    entry = make_entry(relationship, "reaffirmed", "1999", **SAID)
    entry.no_document_by, entry.no_document_on = "", None

    entry.full_clean()
    load_record(entry)

    entry.refresh_from_db()
    assert not entry.has_no_document
