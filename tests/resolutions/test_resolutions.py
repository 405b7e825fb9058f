"""Resolutions, their numbers, the versions of their texts, and how they relate."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from cities.models import Entry
from cities.records.publishing import Publication
from resolutions.models import Relation, Resolution, Text
from resolutions.numbers import Gap, Number
from resolutions.triggers import allow_overlaps, refuse_overlaps
from tests.cities.refusals import (
    as_published,
    as_withdrawn,
    assert_clerk_reads,
    assert_database_refuses,
    assert_loader_refuses,
    assert_refused,
    load_record,
)
from tests.factories import (
    council,
    make_action,
    make_effect,
    make_meeting,
    make_member,
    make_numbering_scheme,
    make_organization,
    make_partnership,
    make_relation,
    make_reply,
    make_resolution,
    make_source,
    make_text,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": Publication.DRAFT}
DAY = date(2013, 8, 19)
NOT_CHOICE = "Value '{}' is not a valid choice.".format
USED = "This organization already used this number in that year. A number is never used again."
NO_YEAR = "Enter the year of the number. The printed number does not include it."
frozen_fields = (
    "This resolution is published, so its organization, kind, number and web"
    " address cannot change. If one of them is wrong, withdraw it with a reason"
    " and add a new resolution."
)
FROZEN = "This version is published, so its text cannot change. Add a correction as a new version."


def changed(record, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    return record


def resolution(**fields) -> Resolution:
    """A draft as yet unsaved, right but for what the test says."""
    return Resolution(**{"slug": "new", "organization": council(), "title": "Ties"} | fields)


def numbered(number: str, **fields) -> Resolution:
    record = resolution(slug=f"r-{Resolution.objects.count()}", number=number, **fields)
    record.full_clean()
    record.save()
    return record


# --- resolutions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "sentences"),
    [
        ({"kind": "wish"}, {"kind": [NOT_CHOICE("wish")]}),
        ({"title": ""}, {"title": ["This field cannot be blank."]}),
    ],
)
def test_resolution_has_a_kind_and_a_title(wrong, sentences):
    assert_refused(resolution(**wrong), sentences)
    assert_database_refuses(resolution(**wrong), match="resolutions_resolution_kind_and_title")


@pytest.mark.parametrize(
    ("fields", "constraint", "sentence"),
    [
        (
            {"publication": "secret"},
            "resolutions_resolution_publication_known",
            "Choose draft, published or withdrawn.",
        ),
        (
            {"publication": "withdrawn"},
            "resolutions_resolution_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
    ],
)
def test_resolution_is_in_some_state_of_publication(fields, constraint, sentence):
    assert_clerk_reads(resolution(**fields), sentence)
    assert_database_refuses(resolution(**fields), match=constraint)


@pytest.mark.parametrize(
    ("printed", "year", "key"),
    [
        ("#2018-001", None, Number(2018, 1)),
        ("RESOLUTION 2017-001", None, Number(2017, 1)),
        ("RESOLUTION #001", 2006, Number(2006, 1)),
        ("2018-12a", 1999, Number(2018, 12, "a")),  # the printed year wins
    ],
)
def test_number_is_kept_as_printed_and_as_one_key(printed, year, key):
    record = numbered(printed, number_year=year)

    assert record.number == printed
    assert record.number_key == key


def test_number_that_is_none_is_refused():
    assert_refused(
        resolution(number="none"),
        {"number": ["There is no number in this. Write it as printed: #2018-001."]},
    )


def test_number_has_its_year():
    assert_refused(resolution(number="#001"), NO_YEAR)
    for wrong in (
        {"number": "#001", "number_serial": 1},
        {"number_serial": 1, "number_year": 2018},
        {"number_suffix": "a"},
        {"number": "#1", "number_year": 2018, "number_suffix": "a"},
        {"number_digits": "1"},
        {"number_letters": "-r-"},
    ):
        assert_database_refuses(
            resolution(**wrong), match="resolutions_resolution_number_with_its_year"
        )


@pytest.mark.parametrize(
    ("printed", "year"),
    [
        ("R-15-0234", None),
        ("Or 2019-7", 2019),
        ("CB 119876", None),
        ("Int. No. 1234-2019-A", 2019),
        ("2018-R-12", 2018),
        ("15-2018", 2018),
        ("114-HB-0023", None),
        ("Resolutions 3 and 4 of 2018", 2018),
    ],
)
def test_number_in_any_print_is_kept_with_the_year_in_it(printed, year):
    record = numbered(printed)

    record.refresh_from_db()
    assert (record.number, record.number_year, record.number_serial) == (printed, year, None)
    assert record.normalized_number == printed
    assert str(record) == f"{printed}: Ties"


@pytest.mark.parametrize(("first", "again"), [("CB 119876", "cb 119876"), ("R-15-1", "R-15-1")])
def test_number_in_any_print_is_used_once(first, again):
    numbered(first)

    assert_refused(resolution(number=again), USED)
    assert_database_refuses(
        resolution(number=again), match="resolutions_resolution_printed_number_once"
    )
    numbered(again, kind="ordinance")
    numbered(again, number_year=2016)


def test_leading_zero_and_letters_of_a_series_count():
    for printed in ("CB 012", "CB 12", "Or 2019-7", "R 2019-7", "2019-7"):
        numbered(printed)

    assert Resolution.objects.count() == 5


@pytest.mark.parametrize(
    ("printed", "year", "searches"),
    [
        (
            "R-15-0234",
            2015,
            ["r-15-234", "R 15 0234", "15-234", "R-2015-234", "234/2015", "r15-234"],
        ),
        ("Or 2019-7", None, ["or 2019-7", "2019-7", "OR-2019-007", "19-7", "7-2019"]),
        ("CB 119876", None, ["cb119876", "CB 119876", "119876", "No. CB-119876", "#119876"]),
        (
            "Int 1234-2019-A",
            None,
            ["Int. No. 1234-2019-A", "int 1234-2019a", "1234-2019", "1234-19"],
        ),
        ("2018-R-12", None, ["2018-r-12", "R 2018-12", "2018-12"]),
        ("R-7", 2019, ["R-7", "R-2019-7", "2019-7"]),
    ],
)
def test_number_in_any_print_is_found_in_any_spelling(client, printed, year, searches):
    numbered(printed, number_year=year, title="It").publish()
    numbered("R-16-0235", title="Another").publish()
    for words in searches:
        found = client.get("/api/v1/resolutions/", {"q": words}).json()["results"]
        assert [one["number"] for one in found] == [printed], words


def test_number_left_empty_is_not_found_yet_for_as_many_as_there_are():
    for __ in range(2):
        numbered("", number_year=2013)

    assert [r.number_serial for r in Resolution.objects.all()] == [None, None]


@pytest.fixture
def _refusing():
    """The database refuses what only leading zeros distinguish, as it does on the site."""
    refuse_overlaps("default")
    yield
    allow_overlaps("default")


@pytest.mark.usefixtures("_refusing")
@pytest.mark.parametrize("publication", ["draft", "published", "withdrawn"])
@pytest.mark.parametrize("spelling", ["#2018-001", "Resolution 2018-1", "2018-0001"])
def test_number_is_used_once_in_organization_kind_and_year(publication, spelling):
    first = numbered("2018-1")
    if publication != "draft":
        first.publish()
    if publication == "withdrawn":
        first.withdraw(because="Wrong.", on=DAY)

    again = resolution(number=spelling)

    assert_refused(again, USED)
    assert_database_refuses(
        resolution(number=spelling, number_year=2018, number_serial=1),
        match=r"resolutions_resolution_number_once|resolution\.organization_id",
    )


def test_number_is_free_in_another_organization_kind_or_year_and_with_a_letter():
    numbered("2018-1")

    numbered("2018-1", organization=make_organization())
    numbered("2018-1", kind="ordinance")
    numbered("2019-1")
    numbered("2018-1a")


def test_number_of_a_deleted_draft_is_free_again():
    numbered("2018-1").delete()

    numbered("2018-1")


@pytest.mark.parametrize(
    "change",
    [
        {"slug": "other"},
        {"kind": "ordinance"},
        {"organization": "other"},
        {"number": "2018-2"},
        {"number": ""},
    ],
)
def test_published_resolution_keeps_what_it_is_cited_by(change):
    record = numbered("2018-1")
    record.publish()
    if "organization" in change:
        change = {"organization": make_organization()}

    changed(record, **change)

    assert_clerk_reads(record, frozen_fields)
    if "slug" not in change:  # to the loader another slug is another record
        assert_loader_refuses(record, frozen_fields)


def test_number_is_found_after_publication_and_stays_then():
    record = numbered("")
    record.publish()

    load_record(changed(record, number="#2013-214"))
    record.refresh_from_db()

    assert record.number_key == Number(2013, 214)
    assert_refused(changed(record, number="#2013-215"), frozen_fields)


def test_clerk_reads_of_gaps_in_the_numbers_of_an_organization(django_assert_num_queries):
    for number in ("2018-3", "2018-4", "2018-6a", "2019-1", "2019-2"):
        numbered(number)
    numbered("2018-8").publish()
    Resolution.objects.get(number="2018-8").withdraw(because="Wrong.", on=DAY)
    numbered("2018-2", kind="ordinance")
    commission = make_organization("commission")
    numbered("2018-3", organization=commission)
    numbered("")
    make_numbering_scheme(complete_from=2018)
    make_numbering_scheme(kind="ordinance", complete_from=2018)
    make_numbering_scheme(commission, complete_from=2018)

    with django_assert_num_queries(2):
        found = [
            (
                n.scheme.organization.slug,
                n.scheme.get_kind_display(),
                n.year,
                n.gaps,
            )
            for n in Resolution.objects.numbering()
        ]

    assert sorted(found) == [
        ("commission", "Resolution", 2018, (Gap(1, 2),)),
        ("lansing-city-council", "Ordinance", 2018, (Gap(1, 1),)),
        ("lansing-city-council", "Resolution", 2018, (Gap(1, 2), Gap(5, 5), Gap(7, 7))),
    ]


def test_resolution_and_its_organization_are_named_and_public_together():
    shown = make_resolution("relationships", title="Ties")
    hidden = make_resolution(organization=make_organization(**DRAFT))
    make_resolution(**DRAFT)

    assert list(Resolution.objects.public()) == [shown]
    assert (shown.was_public, hidden.was_public) == (True, False)
    assert str(shown) == "Ties"
    assert str(resolution(number="#2018-1")) == "#2018-1: Ties"
    assert shown.get_absolute_url() == "/resolutions/relationships/"


def test_list_has_the_newest_decision_first_and_the_undecided_last(django_assert_num_queries):
    make_resolution("never")
    make_action(make_resolution("old"), "introduce", "2012-01-01")
    make_action(make_resolution("new"), "adopt", "2013-08-19")

    with django_assert_num_queries(1):
        found = [
            (r.slug, r.organization.slug, r.course.status) for r in Resolution.objects.for_list()
        ]

    assert found == [
        ("new", "lansing-city-council", "adopted"),
        ("old", "lansing-city-council", "introduced"),
        ("never", "lansing-city-council", None),
    ]


def test_organization_with_a_record_is_not_withdrawn():
    organization = make_organization("organization")
    meeting = make_meeting(organization=organization)
    record = make_resolution(title="Ties", organization=organization)
    veto = make_action(make_resolution(title="Funds"), "veto", organization=organization)

    sentences = [
        f"“{meeting}” is a meeting of this organization. Withdraw that meeting first.",
        "“Ties” is a resolution of this organization. Withdraw that resolution first.",
        f"“{veto}” is an action of this organization. Withdraw that action first.",
    ]
    with pytest.raises(ValidationError) as refusal:
        organization.withdraw(because="Another organization.", on=DAY)
    assert sorted(refusal.value.messages) == sorted(sentences)
    assert_loader_refuses(as_withdrawn(organization), {"__all__": sentences})
    for part in (meeting, record, veto):
        part.withdraw(because="Wrong.", on=DAY)
    organization.refresh_from_db()
    organization.withdraw(because="Another organization.", on=DAY)


def test_links_of_a_resolution_are_kept_in_its_history():
    record = make_resolution()
    relationship, member, source = make_partnership(), make_member(), make_source()
    record.sponsors.add(member)
    record.relationships.add(relationship)
    record.places.add(relationship.partner)
    record.sources.add(source)

    kept = record.history.first()

    assert [row.member for row in kept.sponsors.all()] == [member]
    assert [row.relationship for row in kept.relationships.all()] == [relationship]
    assert [row.city for row in kept.places.all()] == [relationship.partner]
    assert [row.source for row in kept.sources.all()] == [source]


def test_resolution_is_published_with_its_parts():
    record = make_resolution(**DRAFT)
    text = make_text(record, kind="adopted", **DRAFT)
    action = make_action(record, text=text, **DRAFT)
    effect = make_effect(record, **DRAFT)
    record._change_reason = "Ready."

    record.publish()

    for part in (record, text, action, effect):
        part.refresh_from_db()
        assert part.is_published
        assert part.history.first().history_change_reason == "Ready."


def test_resolution_of_which_a_part_is_not_ready_stays_a_draft_with_all_its_parts():
    record = make_resolution(**DRAFT)
    text = make_text(record, **DRAFT)
    action = make_action(record, "introduce", **DRAFT)
    action.citations.all().delete()

    with pytest.raises(ValidationError, match="An action needs a source"):
        record.publish()

    assert record.is_draft
    for part in (record, text, action):
        part.refresh_from_db()
        assert part.is_draft
    assert not Entry.objects.exists()


def test_resolution_that_was_published_is_not_deleted():
    record = make_resolution()

    for delete in (record.delete, Resolution.objects.all().delete):
        with pytest.raises(ProtectedError, match="A published record is never deleted"):
            delete()


# --- texts ------------------------------------------------------------------------------


def text(of: Resolution | None = None, **fields) -> Text:
    """A draft version as yet unsaved, right but for what the test says."""
    usual = {"resolution": of or make_resolution(), "number": 9, "kind": "introduced"}
    return Text(**usual | {"text": "RESOLVED, that it is so."} | fields)


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"kind": "secret"}, "resolutions_text_kind_known", {"kind": [NOT_CHOICE("secret")]}),
        (
            {"number": 0},
            "resolutions_text_has_a_text_and_its_hash",
            {"number": ["Ensure this value is greater than or equal to 1."]},
        ),
        (
            {"text": ""},
            "resolutions_text_has_a_text_and_its_hash",
            {"text": ["This field cannot be blank."]},
        ),
        (
            {"corrected_at": "meeting"},
            "resolutions_text_corrected_at_a_meeting",
            {
                "__all__": [
                    (
                        "Choose the meeting that made the correction. Leave that blank for other"
                        " versions."
                    )
                ]
            },
        ),
    ],
)
def test_text_rule_is_kept_everywhere(wrong, constraint, sentences):
    if "corrected_at" in wrong:
        wrong = {"corrected_at": make_meeting()}

    assert_refused(text(**wrong), sentences)
    assert_database_refuses(text(sha256="ab", **wrong), match=constraint)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"publication": "secret"}, "resolutions_text_publication_known"),
        ({"publication": "withdrawn"}, "resolutions_text_withdrawn_with_a_reason"),
        ({"sha256": ""}, "resolutions_text_has_a_text_and_its_hash"),
    ],
)
def test_text_is_in_some_state_with_its_hash(fields, constraint):
    assert_database_refuses(text(**{"sha256": "ab"} | fields), match=constraint)


def test_version_is_there_once_and_gets_the_next_number():
    first = make_text(make_resolution())
    again = text(first.resolution, number=1, sha256="ab")

    assert_clerk_reads(again, "Somebody else added one with this number. Save again.")
    assert_database_refuses(
        again,
        match=r"resolutions_text_version_once|text\.resolution_id, resolutions_text\.number",
    )
    following = text(first.resolution, number=None)
    following.full_clean()
    assert following.number == 2


def test_correction_names_its_meeting():
    record = make_resolution()
    make_text(record, kind="adopted")

    assert_refused(
        text(record, kind="corrected"),
        "Choose the meeting that made the correction. Leave that blank for other versions.",
    )


def test_text_is_tidied_and_hashed_and_has_no_nul():
    record = text(text="RESOLVED,  that\r\nit is so.  ")
    record.full_clean()

    assert len(record.sha256) == 64
    assert [clause.text for clause in record.clauses] == ["RESOLVED, that it is so."]
    assert_clerk_reads(text(text="RESOLVED\x00"), {"text": ["Remove the NUL character."]})
    assert_clerk_reads(
        text(text="x" * 400_001),
        {"text": ["Ensure this value has at most 200000 characters (it has 400001)."]},
    )


@pytest.mark.parametrize(
    "change",
    [
        {"text": "RESOLVED, otherwise."},
        {"kind": "substitute"},
        {"number": 7},
        {"on": "2014"},
        {"resolution": "other"},
    ],
)
def test_adopted_text_is_frozen(change):
    record = make_text(make_resolution(), kind="adopted", on="2013-08-19")
    if "resolution" in change:
        change = {"resolution": make_resolution()}

    with pytest.raises(ValidationError) as refusal:
        changed(record, **change).full_clean()

    assert FROZEN in refusal.value.messages


def test_adopted_text_is_frozen_for_the_loader_too_and_never_deleted():
    record = make_text(make_resolution(), kind="adopted")

    assert_refused(changed(record, text="RESOLVED, otherwise."), FROZEN)
    for delete in (record.delete, Text.objects.all().delete):
        with pytest.raises(ProtectedError, match="A published record is never deleted"):
            delete()


def test_date_and_source_of_a_published_text_may_be_found_later():
    record = make_text(make_resolution(), kind="adopted")

    load_record(changed(record, on="2013-08-19", source=make_source()))

    assert str(Text.objects.get().on) == "August 19, 2013"
    assert_refused(changed(Text.objects.get(), on="2014"), FROZEN)


def test_text_is_adopted_once():
    record = make_resolution()
    first = make_text(record, kind="adopted")

    assert_refused(
        text(record, kind="adopted"),
        {"kind": ["There is already an adopted text. Add a correction instead."]},
    )
    first.withdraw(because="Of another resolution.", on=DAY)
    text(record, kind="adopted").full_clean()


@pytest.mark.parametrize(
    ("kind", "fields", "status"),
    [
        ("adopt", {"outcome": "lost"}, "failed"),
        ("fail", {}, "failed"),
        ("withdraw", {}, "withdrawn"),
    ],
)
@pytest.mark.parametrize("publication", ["draft", "published"])
def test_no_text_was_adopted_of_what_failed_or_was_withdrawn(kind, fields, status, publication):
    record = make_resolution()
    make_action(record, kind, publication=publication, **fields)

    assert_refused(
        text(record, kind="adopted"),
        {"kind": [f"The resolution is on record as “{status}”, so no text of it was adopted."]},
    )


def test_adopted_text_has_the_words_that_were_voted_on():
    record = make_resolution()
    voted = make_text(record, "RESOLVED, that it is so.")
    make_action(record, text=voted)

    assert_refused(
        text(record, kind="adopted", text="RESOLVED, otherwise."),
        {
            "kind": [
                (
                    "The vote was on version 1, and its wording is different. The adopted text"
                    " has the wording that was voted on."
                )
            ]
        },
    )
    text(record, kind="adopted", text="RESOLVED, that it is so.").full_clean()


@pytest.mark.parametrize(
    ("meeting", "sentence"),
    [
        ({"on": "2013-08-26"}, None),
        (
            {"on": "2013-08-12"},
            "The text was adopted August 19, 2013. A later meeting corrects it.",
        ),
        ("the same", "The text was adopted August 19, 2013. A later meeting corrects it."),
        (
            {"on": "2013-08-26", "state": "scheduled"},
            "That meeting is on record as “Scheduled”, so it could not decide anything.",
        ),
        ("another organization", "That was a meeting of another organization."),
    ],
)
def test_text_is_corrected_at_a_later_meeting_held(meeting, sentence):
    record, held = make_resolution(), make_meeting()
    adopted = make_text(record, kind="adopted")
    make_action(record, meeting=held, text=adopted)
    if meeting == "the same":
        at = held
    elif meeting == "another organization":
        at = make_meeting("2013-08-26", organization=make_organization())
    else:
        at = make_meeting(**meeting)
    correction = text(record, kind="corrected", corrected_at=at, text="RESOLVED, otherwise.")

    if sentence:
        assert_refused(correction, {"corrected_at": [sentence]})
    else:
        correction.full_clean()


def test_correction_keeps_the_original_beside_it():
    record = make_resolution()
    make_text(record, "RESOLVED, that it iz so.", kind="adopted")
    meeting = make_meeting("2013-08-26")
    later = make_text(record, "RESOLVED, that it is so.", kind="corrected", corrected_at=meeting)

    assert later.previous.text == "RESOLVED, that it iz so."
    assert later.previous.previous is None
    assert [version.kind for version in record.texts.all()] == ["adopted", "corrected"]


def test_only_an_adopted_text_is_corrected():
    record = make_resolution()
    sentence = "Only an adopted text can be corrected. Add the adopted text first."
    at = make_meeting("2013-08-26")

    assert_refused(text(record, kind="corrected", corrected_at=at), {"kind": [sentence]})


def test_text_on_which_something_rests_is_not_withdrawn():
    record = make_resolution(title="Ties")
    adopted = make_text(record, kind="adopted")
    action = make_action(record, text=adopted)
    correction = make_text(record, kind="corrected", corrected_at=make_meeting("2013-08-26"))

    assert_refused(
        as_withdrawn(adopted),
        {
            "__all__": [
                f"“{action}” is about this text. Withdraw that action first.",
                f"“{correction}” corrects this text. Withdraw that text first.",
            ]
        },
    )
    correction.withdraw(because="Wrong.", on=DAY)
    action.withdraw(because="Wrong.", on=DAY)
    Text.objects.get(kind="adopted").withdraw(because="Wrong.", on=DAY)
    assert not Text.objects.public().exists()


def test_correction_left_over_is_withdrawn():
    record = make_resolution()
    adopted = make_text(record, kind="adopted")
    correction = make_text(record, kind="corrected", corrected_at=make_meeting("2013-08-26"))
    state = {"publication": "withdrawn", "withdrawn_on": DAY, "withdrawn_because": "Wrong."}
    Text.objects.filter(pk=adopted.pk).update(**state)

    correction.withdraw(because="Wrong.", on=DAY)


def test_texts_are_public_with_their_resolution_and_organization():
    shown = make_text(make_resolution("relationships", title="Ties"))
    hidden = make_text(make_resolution(organization=make_organization(**DRAFT)))
    make_text(make_resolution(), **DRAFT)

    assert list(Text.objects.public()) == [shown]
    assert (shown.was_public, hidden.was_public) == (True, False)
    assert str(shown) == "As introduced, version 1: Ties"
    assert str(text(shown.resolution, number=None)) == "As introduced, version ?: Ties"
    assert shown.get_absolute_url() == "/resolutions/relationships/#version-1"
    assert shown.ref == "relationships-1"


def test_text_is_published_after_its_resolution():
    draft = make_text(make_resolution(title="Ties", **DRAFT), **DRAFT)

    with pytest.raises(ValidationError) as refusal:
        draft.publish()

    assert refusal.value.message_dict == {
        "resolution": ["Publish “Ties” first. It is still a draft."]
    }


def test_text_without_its_fields_is_asked_for_them():
    with pytest.raises(ValidationError) as refusal:
        Text(text="RESOLVED").full_clean()

    assert set(refusal.value.message_dict) >= {"resolution", "kind"}


# --- relations --------------------------------------------------------------------------


def test_relation_is_between_two_and_there_once():
    first, other = make_resolution(), make_resolution()
    make_relation(first, other)

    assert_clerk_reads(
        Relation(resolution=first, kind="amends", other=other),
        "This relation is already on record.",
    )
    assert_database_refuses(
        Relation(resolution=first, kind="amends", other=other),
        match=r"resolutions_relation_once|relation\.resolution_id, resolutions_relation\.kind",
    )
    itself = Relation(resolution=first, kind="amends", other=first)
    assert_refused(itself, "Choose what it does, and another resolution.")
    assert_database_refuses(itself, match="resolutions_relation_between_two")
    odd = Relation(resolution=first, kind="hates", other=other)
    assert_refused(odd, {"kind": [NOT_CHOICE("hates")]})
    assert_database_refuses(odd, match="resolutions_relation_between_two")


def test_relation_of_a_public_resolution_names_no_draft():
    draft = make_resolution(title="Secret", **DRAFT)

    hidden = Relation(resolution=make_resolution(), kind="amends", other=draft)
    hidden.full_clean()
    hidden.save()

    assert list(Relation.objects.public()) == []


def test_relations_are_reported_with_both(django_assert_num_queries):
    make_relation(make_resolution(title="Ties"), make_resolution(title="Funds"), "rescinds")

    with django_assert_num_queries(1):
        assert [str(relation) for relation in Relation.objects.public()] == ["Ties rescinds Funds"]


def test_reply_and_effect_stay_where_they_are_when_all_is_published():
    record = make_resolution(**DRAFT)
    reply = make_reply(make_effect(record, **DRAFT), **DRAFT)

    record.publish()

    reply.refresh_from_db()
    assert reply.is_draft
    assert as_published(reply).is_published


@pytest.mark.parametrize(
    ("kind", "label"), [("order", "Order"), ("scroll", "scroll"), ("", ""), (None, None)]
)
def test_choice_is_shown_by_its_label_or_as_it_is(kind, label):
    assert Resolution(kind=kind).get_kind_display() == label
