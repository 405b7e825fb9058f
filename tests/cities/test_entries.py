"""Entries of a relationship’s history: what one may say, and what is refused."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from cities.models import Acceptance, Citation, Entry, Source
from cities.records.publishing import Publication
from cities.standing import ENDINGS, LIVE, MOVING, Kind
from tests.admin.browser import form_of
from tests.admin.people import at
from tests.cities.refusals import assert_clerk_reads, assert_database_refuses
from tests.factories import (
    home,
    make_agreement,
    make_authority,
    make_city,
    make_entry,
    make_organization,
    make_partnership,
    make_relationship,
    make_source,
    make_type,
)

pytestmark = pytest.mark.django_db

NOT_CHOICE = "Value '{}' is not a valid choice.".format
DRAFT = {"publication": Publication.DRAFT}
CLAIM = {"acceptance": Acceptance.CLAIMED, "why_not_preferred": "Another account."}

ONE_REASON = (
    "Only a suspension, a report of inactivity or an end has a reason. Use the note instead."
)
GEMELLAGGIO = {"partner_term": "gemellaggio", "partner_term_language": "it"}
TERM_AND_LANGUAGE = "Enter what the partner calls it and the language of that word, or neither."
NO_TERM = (
    "Only an entry that proposes, agrees or names the relationship says what the partner calls it."
    " Leave that blank."
)
NO_PLAN = "Only a signing that is planned or postponed has a planned date. Leave it blank."
PLANNED_BEFORE = (
    "The signing cannot be planned for a day before the plan was reported. Correct one of the"
    " dates."
)
NO_CONTACT = "Only a report of inactivity has a last contact. Leave it blank."
LATER_CONTACT = (
    "The last contact cannot be after the report of inactivity. Correct one of the dates."
)
SUSPENSION = "Only a suspension has a condition and a review date. Leave both blank."
DECIDES_NOTHING = (
    "A visit, a note or a dispute does not change the relationship. Leave “decided by”, “new"
    " type” and “new partner” blank."
)
CLAIMED = "If we do not rely on this entry, say why. If we do, leave that field blank."
FIRST_DAY = (
    "An entry that we rely on needs a date with a first possible day, such as 1994 or August 19,"
    " 2013."
)
PARTNER_CEASED = (
    "If the partner no longer exists, only the partner’s side changes. Add a separate entry for"
    " what the home city did about it."
)
NO_AUTHORITY = (
    "LRSCC did not have the authority to decide for Lansing on that date. Choose the council or"
    " commission that decided, or leave this blank if we have no record of it."
)
NO_BEGINNING = "We have no record of how the relationship began. Add that entry first."
NO_TYPE = "Choose the new type: this entry makes the relationship active."
OVERWRITTEN = (
    "This entry is published, so you cannot change what it says. Withdraw it with a reason and"
    " add a new entry."
)
NO_SOURCE = "An entry needs a source before it is published. Add a source that supports it."


@pytest.fixture
def relationship():
    """Lansing and Otsu, sister cities since October 1, 1969."""
    return make_partnership("otsu", since="1969-10-01")


def new_entry(relationship, kind="visited", on="2000", **fields) -> Entry:
    """A draft line as yet unsaved, right but for what the test says."""
    return Entry(**{"relationship": relationship, "number": 9, "kind": kind, "on": on} | fields)


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        (
            {"number": 1},
            r"cities_entry_number_once|cities_entry\.relationship_id, cities_entry\.number",
            "Somebody else added one with this number. Save again.",
        ),
        (
            {"number": 0},
            "cities_entry_number_from_one",
            {"number": ["Ensure this value is greater than or equal to 1."]},
        ),
        ({"kind": "eaten"}, "cities_entry_vocabulary", {"kind": [NOT_CHOICE("eaten")]}),
        ({"party": "nobody"}, "cities_entry_vocabulary", {"party": [NOT_CHOICE("nobody")]}),
        (
            {"acceptance": "maybe", "why_not_preferred": ""},
            "cities_entry_vocabulary|cities_entry_claim_says_why_not_preferred",
            {"acceptance": [NOT_CHOICE("maybe")]},
        ),
        ({"on": "../1999"}, "cities_entry_accepted_has_a_first_day", FIRST_DAY),
        ({"on": "[..1999]"}, "cities_entry_accepted_has_a_first_day", FIRST_DAY),
        (
            {"acceptance": Acceptance.CLAIMED},
            "cities_entry_claim_says_why_not_preferred",
            CLAIMED,
        ),
        (
            {"why_not_preferred": "Another account."},
            "cities_entry_claim_says_why_not_preferred",
            CLAIMED,
        ),
        (
            {"type": "sister-city"},
            "cities_entry_only_moving_entries_decide",
            DECIDES_NOTHING,
        ),
        (
            {"kind": "noted", "partner": "kyoto"},
            "cities_entry_only_moving_entries_decide",
            DECIDES_NOTHING,
        ),
        (
            {"kind": "disputed", "decided_by": "lrscc"},
            "cities_entry_only_moving_entries_decide",
            DECIDES_NOTHING,
        ),
        (
            {"condition": "When they answer."},
            "cities_entry_condition_of_a_suspension",
            SUSPENSION,
        ),
        (
            {"kind": "dormant", "review_on": date(2030, 1, 1)},
            "cities_entry_condition_of_a_suspension",
            SUSPENSION,
        ),
        (
            {"kind": "approved", "partner_term": "gemellaggio"},
            "cities_entry_partner_term_in_a_language",
            TERM_AND_LANGUAGE,
        ),
        (
            {"kind": "approved", "partner_term_language": "it"},
            "cities_entry_partner_term_in_a_language",
            TERM_AND_LANGUAGE,
        ),
        (
            {"kind": "visited", **GEMELLAGGIO},
            "cities_entry_partner_term_of_a_type",
            NO_TERM,
        ),
        (
            {"kind": "terminated", **GEMELLAGGIO},
            "cities_entry_partner_term_of_a_type",
            NO_TERM,
        ),
        ({"planned_for": "2030"}, "cities_entry_day_of_a_planned_signing", NO_PLAN),
        (
            {"kind": "approved", "planned_for": "2030"},
            "cities_entry_day_of_a_planned_signing",
            NO_PLAN,
        ),
        (
            {"kind": "planned", "on": "2023-07-15", "planned_for": "2023-07-14"},
            "cities_entry_planned_for_a_later_day",
            PLANNED_BEFORE,
        ),
        (
            {"kind": "postponed", "on": "2023-07", "planned_for": "2022"},
            "cities_entry_planned_for_a_later_day",
            PLANNED_BEFORE,
        ),
        ({"last_contact": "1990"}, "cities_entry_last_contact_before_inactivity", NO_CONTACT),
        (
            {"kind": "suspended", "last_contact": "1990"},
            "cities_entry_last_contact_before_inactivity",
            NO_CONTACT,
        ),
        (
            {"kind": "dormant", "on": "2010", "last_contact": "2011"},
            "cities_entry_last_contact_not_later",
            LATER_CONTACT,
        ),
        ({"reason": "Because."}, "cities_entry_reason_of_an_end", ONE_REASON),
        (
            {"kind": "renewed", "reason": "Because."},
            "cities_entry_reason_of_an_end",
            ONE_REASON,
        ),
        *(
            (
                {"kind": "partner_ceased", "party": party},
                "cities_entry_only_the_partner_ceases",
                PARTNER_CEASED,
            )
            for party in ("home", "both")
        ),
        (
            {"publication": "secret"},
            "cities_entry_publication_known",
            "Choose draft, published or withdrawn.",
        ),
        (
            {"publication": Publication.WITHDRAWN},
            "cities_entry_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
    ],
)
def test_entry_rule_is_kept_by_clerk_and_database(relationship, wrong, constraint, sentences):
    named = {
        "sister-city": make_type(),
        "kyoto": make_city("kyoto"),
        "lrscc": make_authority(make_organization("lrscc")).organization,
    }
    for name in ("type", "partner", "decided_by"):
        if name in wrong:
            wrong = wrong | {name: named[wrong[name]]}

    assert_clerk_reads(new_entry(relationship, **wrong), sentences)
    assert_database_refuses(new_entry(relationship, **wrong), match=constraint)


@pytest.mark.parametrize(
    "right",
    [
        {"kind": "suspended", "reason": "War.", "condition": "Peace."},
        {"kind": "suspended", "review_on": date(2030, 1, 1)},
        {"kind": "dormant", "reason": "No contact."},
        {"kind": "dormant", "on": "2010", "last_contact": "2010"},
        {"kind": "dormant", "on": "2010-05", "last_contact": "1990~"},
        {"kind": "planned"},
        {"kind": "approved", **GEMELLAGGIO},
        {"kind": "attested", **GEMELLAGGIO},
        {"kind": "planned", "on": "2023", "planned_for": "2023-08-22"},
        {"kind": "planned", "on": "2023-07-14", "planned_for": "2023-07"},
        {"kind": "postponed", "on": "2023-08"},
        {"kind": "postponed", "on": "2023-08-20", "planned_for": "2023-10"},
        *({"kind": kind, "reason": "So.", "party": "partner"} for kind in ENDINGS),
        {"on": "../1999", **CLAIM},
        {"kind": "signed", **CLAIM},
        {"kind": "terminated", "on": "1950", **CLAIM},
    ],
)
def test_right_entry_is_accepted(relationship, right):
    record = new_entry(relationship, **right)

    record.full_clean()
    record.save()

    assert Entry.objects.get(number=9) == record


def test_entry_gets_the_next_number_and_no_number_twice(relationship):
    make_entry(relationship, "visited", "1970", number=7, **DRAFT)
    withdrawn = make_entry(relationship, "visited", "1971", number=8)
    withdrawn.withdraw(because="Wrong.", on=date(2020, 1, 1))

    record = new_entry(relationship, number=None)
    record.full_clean()
    assert record.number == 9

    first = new_entry(make_relationship(), number=None)
    first.full_clean()
    assert first.number == 1


def test_entry_without_relationship_and_date_is_asked_for_them():
    assert_clerk_reads(
        Entry(kind="visited"),
        {
            "relationship": ["This field cannot be null."],
            "on": ["This field cannot be null."],
            "__all__": [FIRST_DAY],
        },
    )


@pytest.mark.parametrize(
    ("fields", "may_decide"),
    [
        ({"on": "1995"}, True),
        ({"on": "1994"}, True),
        ({"on": "1993/1994"}, True),  # some day of it
        ({"on": "1994-12/.."}, True),
        ({"on": "1993-12-31"}, False),
        ({"on": "1993-12-31/.."}, False),
        ({"on": "1993-12-31", "party": "home"}, False),
        ({"on": "1993-12-31", "party": "partner"}, True),
        ({"on": "1993-12-31", **CLAIM}, True),
        ({"on": "../1993", **CLAIM}, True),
        ({"on": "1993-12-31", "decided_by": None}, True),
    ],
)
def test_only_an_organization_with_authority_on_that_day_decides(relationship, fields, may_decide):
    lrscc = make_authority(make_organization("lrscc", name="LRSCC"), since="1994").organization
    record = new_entry(relationship, **{"kind": "renewed", "decided_by": lrscc} | fields)

    if may_decide:
        record.full_clean()
    else:
        assert_clerk_reads(record, {"decided_by": [NO_AUTHORITY]})


def test_authority_over_another_place_decides_nothing_here(relationship):
    other = make_authority(make_organization(name="Otsu Council"), place=make_city("kyoto"))

    record = new_entry(relationship, "renewed", decided_by=other.organization)

    with pytest.raises(
        ValidationError, match="Otsu Council did not have the authority to decide for Lansing"
    ):
        record.full_clean()


def test_accepted_entry_without_a_first_day_reports_only_that(relationship):
    """The rules that need the day leave the word to the one that asks for it."""
    lrscc = make_organization("lrscc")

    assert_clerk_reads(
        new_entry(relationship, "terminated", on="../1999", decided_by=lrscc), FIRST_DAY
    )
    assert_clerk_reads(new_entry(make_relationship(), "signed", on="../1999"), FIRST_DAY)


@pytest.mark.parametrize("kind", [kind.value for kind in ENDINGS])
def test_relationship_ends_only_after_it_began(kind):
    untouched = make_relationship()
    make_entry(untouched, "proposed", "1960", type=make_type())
    make_entry(untouched, "signed", "1960", number=3, type=make_type(), **CLAIM)

    assert_clerk_reads(new_entry(untouched, kind, party="partner"), {"on": [NO_BEGINNING]})


@pytest.mark.parametrize("kind", [kind.value for kind in LIVE])
@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (
            "1969-09-30",
            "The relationship cannot end before it began (October 1, 1969). Correct the date.",
        ),
        (
            "1968",
            "The relationship cannot end before it began (October 1, 1969). Correct the date.",
        ),
        ("1969-10-01", None),
        ("1969", None),  # the end may be after the beginning
        ("1968/..", None),
        ("1970", None),
    ],
)
def test_end_is_not_before_the_start(kind, on, sentence):
    relationship = make_relationship()
    make_entry(relationship, kind, "1969-10-01", type=make_type())
    make_entry(relationship, "renewed", "1980")

    if sentence:
        assert_clerk_reads(new_entry(relationship, "lapsed", on=on), {"on": [sentence]})
    else:
        new_entry(relationship, "lapsed", on=on).full_clean()


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("1991", "The relationship cannot begin after it ended (1990). Correct the date."),
        ("1990", None),
        ("1989/1995", None),
        ("1969", None),
    ],
)
def test_start_is_not_after_the_end(on, sentence):
    relationship = make_partnership("otsu", since="1980")
    make_entry(relationship, "lapsed", "1990")
    make_entry(relationship, "visited", "1985")
    start = relationship.entries.get(number=1)
    start.withdraw(because="Wrong year.", on=date(2020, 1, 1))
    record = new_entry(relationship, "signed", on=on, type=make_type())

    if sentence:
        assert_clerk_reads(record, {"on": [sentence]})
    else:
        record.full_clean()


def test_relationship_that_ended_may_be_resumed():
    relationship = make_partnership("otsu", since="1980")
    make_entry(relationship, "lapsed", "1990")

    new_entry(relationship, "resumed", on="1995").full_clean()


@pytest.mark.parametrize(
    "kind", ["signed", "concluded", "renewed", "resumed", "reaffirmed", "attested"]
)
def test_relationship_that_becomes_active_is_of_some_type(kind):
    bare, typed = make_relationship(), make_partnership(since="1990")

    assert_clerk_reads(new_entry(bare, kind), {"type": [NO_TYPE]})
    new_entry(bare, kind, type=make_type()).full_clean()
    new_entry(bare, kind, **CLAIM).full_clean()
    new_entry(typed, kind).full_clean()
    # Before the line that made it a sister city it was nothing yet.
    assert_clerk_reads(new_entry(typed, kind, on="1989"), {"type": [NO_TYPE]})


@pytest.mark.parametrize("kind", ["proposed", "approved", "dormant", "visited", "noted"])
def test_entry_that_makes_nothing_active_needs_no_type(kind):
    new_entry(make_relationship(), kind).full_clean()


def test_type_does_not_come_from_the_entry_itself(relationship):
    first = relationship.entries.get()
    Entry.objects.filter(pk=first.pk).update(publication=Publication.DRAFT)
    first.refresh_from_db()

    first.type = None

    assert_clerk_reads(first, {"type": [NO_TYPE]})


def test_home_place_is_no_partner(relationship):
    sentence = "The home city cannot be the partner. Choose another city."

    assert_clerk_reads(new_entry(relationship, "renewed", partner=home()), {"partner": [sentence]})
    new_entry(relationship, "renewed", partner=make_city("kyoto")).full_clean()


def test_agreement_of_an_entry_is_about_its_relationship(relationship):
    sentence = "That agreement belongs to another relationship. Choose an agreement of this one."

    assert_clerk_reads(
        new_entry(relationship, agreement=make_agreement(make_relationship())),
        {"agreement": [sentence]},
    )
    new_entry(relationship, agreement=make_agreement(relationship)).full_clean()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "concluded"},
        {"on": "1968"},
        {"party": "home"},
        {"acceptance": Acceptance.CLAIMED, "why_not_preferred": "Another account."},
        {"type": "friendship-city"},
        {"partner": "kyoto"},
        {"relationship": "other"},
        {"number": 5},
        {"decided_by": None},
        {"decided_by": "council"},
    ],
)
def test_published_entry_is_never_overwritten(relationship, change):
    council = make_authority(make_organization("council")).organization
    lrscc = make_authority(make_organization("lrscc")).organization
    named = {
        "friendship-city": make_type("friendship-city"),
        "kyoto": make_city("kyoto"),
        "other": make_relationship(),
        "council": council,
    }
    first = relationship.entries.get()
    first.decided_by = lrscc
    first.full_clean()
    first.save()

    for name, value in change.items():
        setattr(first, name, named.get(value, value))

    assert_clerk_reads(first, OVERWRITTEN)


def test_published_entry_is_not_overwritten_by_way_of_a_draft(relationship):
    first = relationship.entries.get()

    first.publication, first.on = Publication.DRAFT, "1968"

    assert_clerk_reads(
        first,
        {
            "__all__": [
                (
                    "A published record cannot become a draft again, and a withdrawn record"
                    " cannot become public again."
                ),
                OVERWRITTEN,
            ]
        },
    )


def test_what_was_not_known_of_a_published_entry_is_filled_in(relationship):
    first = relationship.entries.get()

    first.decided_by = make_authority(make_organization("council")).organization
    first.note = "Concluded by telephone."
    first.agreement = make_agreement(relationship)
    first.full_clean()
    first.save()

    assert Entry.objects.get(pk=first.pk).note == "Concluded by telephone."


def test_draft_entry_is_changed_at_will(relationship):
    draft = make_entry(relationship, "visited", "1980", **DRAFT)

    draft.kind, draft.on = "noted", "1981"

    draft.full_clean()


def test_withdrawn_entry_is_never_overwritten(relationship):
    visit = make_entry(relationship, "visited", "1980")
    visit.withdraw(because="Wrong.", on=date(2020, 1, 1))

    visit.on = "1981"

    assert_clerk_reads(visit, OVERWRITTEN)


def test_entry_needs_a_supporting_source_before_it_is_published(relationship):
    record = new_entry(relationship)
    record.save()

    with pytest.raises(ValidationError) as refusal:
        record.publish()
    assert refusal.value.messages == [NO_SOURCE]
    Citation.objects.create(entry=record, source=make_source(), role="disputes")
    with pytest.raises(ValidationError, match=NO_SOURCE):
        record.publish()
    Citation.objects.create(entry=record, source=make_source(), role="supports")
    record.publish()

    assert Entry.objects.get(number=9).is_published
    assert_clerk_reads(
        new_entry(relationship, number=10, publication=Publication.PUBLISHED), NO_SOURCE
    )


def test_claim_may_be_published_without_a_source(relationship):
    record = new_entry(relationship, **CLAIM)
    record.save()

    record.publish()

    assert Entry.objects.get(number=9).is_published


def test_several_faults_are_reported_at_once():
    relationship = make_relationship()

    assert_clerk_reads(
        new_entry(relationship, "lapsed", partner=home(), publication=Publication.PUBLISHED),
        {
            "on": [NO_BEGINNING],
            "partner": ["The home city cannot be the partner. Choose another city."],
            "__all__": [NO_SOURCE],
        },
    )


@pytest.mark.parametrize("withdrawn_first", [1, 2])
@pytest.mark.parametrize("second", ["lapsed", "renewed"])
def test_entries_of_a_history_written_by_mistake_are_withdrawn_in_any_order(
    withdrawn_first, second
):
    relationship = make_partnership("otsu")
    make_entry(relationship, second, "1990")

    for number in (withdrawn_first, 3 - withdrawn_first):
        relationship.entries.get(number=number).withdraw(because="Wrong.", on=date(2020, 1, 1))

    assert [entry.publication for entry in relationship.entries.all()] == [
        "withdrawn",
        "withdrawn",
    ]


def test_entry_is_withdrawn_though_its_organization_had_no_authority():
    relationship = make_partnership("otsu", since="1969")
    entry = make_entry(relationship, "renewed", "1990", decided_by=make_organization("council"))

    entry.withdraw(because="The council could not decide this.", on=date(2020, 1, 1))

    assert Entry.objects.get(pk=entry.pk).is_withdrawn


@pytest.mark.parametrize(
    ("fields", "on", "warnings"),
    [
        ({}, "1969", []),
        ({"began": "1970"}, "1969", ["before"]),
        ({"began": "1970"}, "1970", []),
        ({"began": "1970"}, "1969/..", []),
        ({"ceased": "1968"}, "1969", ["after"]),
        ({"ceased": "1969-06"}, "1969", []),
        ({"began": "1970", "ceased": "1980"}, "1981", ["after"]),
    ],
)
def test_entry_from_outside_its_place_s_life_is_kept_with_a_warning(fields, on, warnings):
    relationship = make_relationship(make_city("otsu", **fields))
    record = new_entry(relationship, on=on)
    said = {
        "before": "The entry is dated before Otsu was founded (1970).",
        "after": f"The entry is dated after Otsu was dissolved ({relationship.partner.ceased}).",
    }

    record.full_clean()

    assert record.warnings == [said[warning] for warning in warnings]


def test_start_after_the_partner_ceased_is_kept_with_a_warning(relationship, admin_client):
    make_entry(relationship, "signed", "1992")
    make_entry(relationship, "partner_ceased", "1994", party="partner")
    said = "The entry is dated after the partner no longer existed (1994)."

    for kind, on, fields, warnings in (
        ("reaffirmed", "1995", {}, [said]),
        ("reaffirmed", "1994-05", {}, []),
        ("reaffirmed", "1994/..", {}, []),
        ("visited", "1995", {}, []),
        ("reaffirmed", "1995", {"partner": make_city("successor")}, []),
    ):
        assert new_entry(relationship, kind, on=on, **fields).warnings == warnings, (kind, on)

    form = form_of(admin_client, at(Entry, "add")) | {
        "relationship": str(relationship.pk),
        "kind": "reaffirmed",
        "on": "1995",
    }
    answer = admin_client.post(at(Entry, "add"), form, follow=True)
    assert said in [str(message) for message in answer.context["messages"]]
    assert Entry.objects.filter(on="1995").exists()


def test_warning_is_about_the_partner_from_then_on(relationship):
    young = make_city("nsawam", began="2012")

    assert new_entry(relationship, "renewed", on="2008", partner=young).warnings == [
        "The entry is dated before Nsawam was founded (2012)."
    ]


@pytest.mark.parametrize(
    ("fields", "counts", "moves", "needs_decider"),
    [
        ({"kind": "renewed"}, True, True, True),
        ({"kind": "renewed", "party": "home"}, True, True, True),
        ({"kind": "renewed", "party": "partner"}, True, True, False),
        ({"kind": "renewed", **CLAIM}, False, True, False),
        ({"kind": "renewed", **DRAFT}, False, True, True),
        ({"kind": "visited"}, True, False, False),
    ],
)
def test_entry_says_what_it_is_good_for(relationship, fields, counts, moves, needs_decider):
    record = new_entry(relationship, **{"publication": Publication.PUBLISHED} | fields)

    assert (record.counts, record.moves_standing, record.needs_decider) == (
        counts,
        moves,
        needs_decider,
    )


def test_every_kind_moves_the_standing_but_three():
    assert set(Kind) - set(MOVING) == {Kind.VISITED, Kind.NOTED, Kind.DISPUTED}


def test_entry_is_named_by_its_relationship_and_number(relationship):
    record = relationship.entries.get()

    assert str(record) == "Lansing – Otsu, entry 1: signed, October 1, 1969"
    assert str(new_entry(relationship, number=None)) == "Lansing – Otsu, entry ?: visit, 2000"
    assert record.ref == "lansing-otsu-1"
    assert record.get_absolute_url() == "/cities/otsu/#entry-1"


def test_entries_stand_in_order_of_date_then_number_and_an_open_claim_at_its_latest(relationship):
    make_entry(relationship, "visited", "1970", number=5)
    make_entry(relationship, "visited", "1970", number=4)
    make_entry(
        relationship, "visited", "../1969-12-31", number=6, why_not_preferred="Only a guess."
    )

    assert [entry.number for entry in relationship.entries.all()] == [1, 6, 4, 5]


def test_entries_are_public_when_relationship_and_places_are():
    draft = Publication.DRAFT
    shown = make_entry(make_relationship(), "visited", "2000")
    for relationship in (
        make_relationship(publication=draft),
        make_relationship(make_city(publication=draft)),
        make_relationship(make_city(), home=make_city(publication=draft)),
    ):
        make_entry(relationship, "visited", "2000")
    make_entry(make_relationship(), "visited", "2000", publication=draft)

    assert list(Entry.objects.public()) == [shown]


def test_counting_entries_are_published_and_accepted(relationship):
    make_entry(relationship, "visited", "2000", **DRAFT)
    make_entry(relationship, "signed", "1968", why_not_preferred="Another account.")

    assert [entry.number for entry in relationship.entries.counting()] == [1]


@pytest.mark.parametrize("count", [1, 3])
def test_entries_for_reading_take_two_queries(count, django_assert_num_queries):
    relationship = make_relationship()
    source = make_source(slug="minutes")
    for number in range(count):
        make_entry(relationship, "visited", f"200{number}", source=source)

    with django_assert_num_queries(2):
        read = [
            (str(entry), [citation.source.slug for citation in entry.public_citations])
            for entry in Entry.objects.for_reading()
        ]

    assert [sources for _, sources in read] == [["minutes"]] * count


def test_citations_are_public_when_their_source_is(relationship):
    draft = make_source(**DRAFT)
    entry = relationship.entries.get()
    Citation.objects.create(entry=entry, source=draft)
    shown = entry.citations.exclude(source=draft).get()

    assert list(Citation.objects.public()) == [shown]


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"role": "mentions"}, "cities_citation_role_known", {"role": [NOT_CHOICE("mentions")]}),
        (
            {},
            r"cities_citation_once|citation\.entry_id, cities_citation\.source_id",
            "This source is already listed.",
        ),
    ],
)
def test_citation_rule_is_kept_by_clerk_and_database(relationship, wrong, constraint, sentences):
    entry = relationship.entries.get()
    fields = {"entry": entry, "source": Source.objects.get(), "role": "supports"} | wrong

    assert_clerk_reads(Citation(**fields), sentences)
    assert_database_refuses(Citation(**fields), match=constraint)


KEPT = (
    "This record is published, so you cannot change or remove its sources. Add another source"
    " instead."
)


@pytest.mark.parametrize("field", ["role", "source", "entry"])
@pytest.mark.parametrize("acceptance", ["accepted", "claimed"])
def test_citation_of_a_published_entry_keeps_its_source_and_role(relationship, field, acceptance):
    why = "Another account." if acceptance == "claimed" else ""
    citation = make_entry(relationship, "signed", "1968", why_not_preferred=why).citations.get()
    new = {
        "role": "disputes",
        "source": make_source(),
        "entry": relationship.entries.get(number=1),
    }

    setattr(citation, field, new[field])

    assert_clerk_reads(citation, KEPT)


def test_citation_of_a_published_entry_may_say_more_and_others_may_be_added(relationship):
    citation = Citation.objects.get()
    citation.locator, citation.says = "p. 3", "Gives the day."

    citation.full_clean()
    Citation(entry=citation.entry, source=make_source(), role="disputes").full_clean()


def test_citation_of_a_draft_may_change(relationship):
    citation = make_entry(relationship, "visited", "2000", **DRAFT).citations.get()
    citation.role, citation.source = "disputes", make_source()

    citation.full_clean()


def test_citation_of_a_published_entry_is_never_deleted(relationship):
    citation = Citation.objects.get()
    draft = make_entry(relationship, "visited", "2000", **DRAFT).citations.get()

    for delete in (citation.delete, Citation.objects.all().delete):
        with pytest.raises(ProtectedError, match="A published record is never"):
            delete()
    assert Citation.objects.count() == 2
    draft.delete()
    assert list(Citation.objects.all()) == [citation]


def test_citations_of_drafts_are_deleted_together(relationship):
    draft = make_entry(relationship, "visited", "2000", **DRAFT)

    draft.citations.all().delete()
    draft.delete()

    assert [entry.number for entry in Entry.objects.all()] == [1]


def test_citation_is_named_by_role_and_source(relationship):
    source = make_source(title="Minutes of 1969")

    assert str(Citation(source=source, role="disputes")) == "Disputes: Minutes of 1969"


def test_number_of_a_deleted_draft_is_never_used_again(relationship):
    for __ in range(2):
        record = new_entry(relationship, number=None)
        record.full_clean()
        record.save()
    record.delete()

    following = new_entry(relationship, number=None)
    following.full_clean()

    assert (record.number, following.number) == (3, 4)


@pytest.mark.parametrize(
    ("ref", "found"),
    [
        ("lansing-otsu-1", 1),
        ("lansing-otsu-2", 0),
        ("lansing-otsu", 0),
        ("lansing-otsu-12345", 0),
        ("lansing-otsu-99999999999999999999", 0),
        ("lansing-otsu-x1", 0),
        ("1", 0),
        ("", 0),
    ],
)
def test_citation_names_one_entry_or_none(ref, found):
    make_partnership("otsu")

    assert Entry.objects.filter(Entry.wanted(ref)).count() == found
