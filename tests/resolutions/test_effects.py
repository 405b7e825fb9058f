"""What a resolution does: urging leaves the history alone, deciding needs authority."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.timezone import localdate

from cities.models import Entry, Relationship
from cities.records.publishing import Publication
from resolutions.models import Action, Effect, Reply
from resolutions.models.effects import DECIDES, EffectKind
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
    make_authority,
    make_city,
    make_effect,
    make_entry,
    make_organization,
    make_partnership,
    make_reply,
    make_resolution,
    make_source,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": Publication.DRAFT}
DAY = date(2020, 1, 1)
NOT_CHOICE = "Value '{}' is not a valid choice.".format
NO_AUTHORITY = (
    "Lansing City Council did not have the authority to decide for Lansing on that date. Choose"
    " the council or commission that decided, or leave this blank if we have no record of it."
)
WITHOUT_RELATIONSHIP = (
    "A decision needs its relationship. What only urges, directs, condemns, recognizes or"
    " authorizes has no history entry."
)
NAME_IT = "The resolution is adopted. Choose its history entry."
frozen_fields = (
    "This effect is published, so its kind, its addressee and its subject cannot"
    " change. Withdraw it with a reason and add a new effect."
)


def changed(record, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    return record


@pytest.fixture
def relationship():
    return make_partnership("st-petersburg", since="1992-05-01")


@pytest.fixture
def lrscc():
    """The commission, which decides since 1994."""
    organization = make_organization("lrscc", name="LRSCC")
    make_authority(organization, since="1994")
    return organization


def effect(resolution=None, kind: str = "urges", **fields) -> Effect:
    """A draft effect as yet unsaved, right but for what the test says."""
    usual = {"resolution": resolution or make_resolution(), "number": 9, "what": "an end to it"}
    return Effect(**usual | {"kind": kind} | fields)


def later_entries(relationship: Relationship) -> list[tuple[str, str, str]]:
    return [(e.kind, str(e.on), e.publication) for e in relationship.entries.all() if e.number > 1]


# --- one effect -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        (
            {"kind": "dreams"},
            "resolutions_effect_kind_and_words",
            {"kind": [NOT_CHOICE("dreams")]},
        ),
        (
            {"what": ""},
            "resolutions_effect_kind_and_words",
            {"what": ["This field cannot be blank."]},
        ),
        (
            {"number": 0},
            "resolutions_effect_kind_and_words",
            {"number": ["Ensure this value is greater than or equal to 1."]},
        ),
        *(
            (
                {"kind": kind.value},
                "resolutions_effect_decides_a_relationship",
                WITHOUT_RELATIONSHIP,
            )
            for kind in EffectKind
            if kind in DECIDES
        ),
    ],
)
def test_effect_rule_is_kept_everywhere(wrong, constraint, sentences):
    assert_refused(effect(**wrong), sentences)
    assert_database_refuses(effect(**wrong), match=constraint)


@pytest.mark.parametrize("kind", [kind.value for kind in EffectKind if kind not in DECIDES])
def test_what_does_not_decide_never_has_an_entry(relationship, kind):
    bound = effect(kind=kind, relationship=relationship, entry=relationship.entries.get())

    assert_refused(bound, WITHOUT_RELATIONSHIP)
    assert_database_refuses(bound, match="resolutions_effect_decides_a_relationship")


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"publication": "secret"}, "resolutions_effect_publication_known"),
        ({"publication": "withdrawn"}, "resolutions_effect_withdrawn_with_a_reason"),
    ],
)
def test_effect_is_in_some_state_of_publication(fields, constraint):
    assert_database_refuses(effect(**fields), match=constraint)


def test_effect_is_there_once_and_gets_the_next_number():
    first = make_effect(make_resolution())
    again = effect(first.resolution, number=1)

    assert_clerk_reads(again, "Somebody else added one with this number. Save again.")
    assert_database_refuses(
        again,
        match=r"resolutions_effect_number_once|effect\.resolution_id, resolutions_effect\.number",
    )
    following = effect(first.resolution, number=None)
    following.full_clean()
    assert following.number == 2


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "condemns"},
        {"number": 7},
        {"addressed_to": None},
        {"relationship": None},
        {"place": "kyoto"},
        {"resolution": "other"},
    ],
)
def test_published_effect_keeps_what_it_does(relationship, change):
    record = make_effect(
        make_resolution(),
        addressed_to=make_organization(),
        relationship=relationship,
        place=relationship.partner,
    )
    named = {"kyoto": make_city("kyoto"), "other": make_resolution()}
    changed(record, **{name: named.get(value, value) for name, value in change.items()})

    assert_clerk_reads(record, frozen_fields)
    if not {"number", "resolution"} & set(change):
        assert_loader_refuses(record, frozen_fields)


# --- urging -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind.value for kind in EffectKind if kind not in DECIDES])
def test_urging_never_touches_the_history(relationship, kind):
    make_authority(council())  # not even of a council that could decide
    before = relationship.standing_on(localdate())
    resolution = make_resolution(**DRAFT)
    make_action(resolution, **DRAFT)
    request = make_effect(resolution, kind, relationship=relationship, **DRAFT)

    resolution.publish()
    load_record(changed(Effect.objects.get(), what="the end of it"))
    Action.objects.get().withdraw(because="Wrong.", on=DAY)
    request.refresh_from_db()
    request.withdraw(because="Wrong.", on=DAY)

    assert later_entries(relationship) == []
    assert relationship.standing_on(localdate()) == before


# --- deciding ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(DECIDES))
@pytest.mark.parametrize("publication", ["draft", "published"])
def test_only_an_organization_with_authority_that_day_decides(
    relationship, lrscc, kind, publication
):
    make_authority(council(), until="1993")
    urging = make_resolution()
    make_action(urging, publication=publication)

    assert_refused(effect(urging, kind, relationship=relationship), {"kind": [NO_AUTHORITY]})
    deciding = make_resolution(organization=lrscc)
    make_action(deciding, on="1993-12-31", publication="draft")
    assert_refused(
        effect(deciding, kind, relationship=relationship),
        {"kind": [NO_AUTHORITY.replace("Lansing City Council", "LRSCC", 1)]},
    )


def test_authority_before_a_decision_is_that_of_the_last_action_or_of_today(relationship):
    make_authority(council(), until="1993")
    resolution = make_resolution()

    assert_refused(
        effect(resolution, "terminates", relationship=relationship), {"kind": [NO_AUTHORITY]}
    )
    make_action(resolution, "introduce", "1992-01-01")
    effect(resolution, "terminates", relationship=relationship).full_clean()
    make_action(resolution, "fail", "1994-01-01")
    assert_refused(
        effect(resolution, "terminates", relationship=relationship), {"kind": [NO_AUTHORITY]}
    )


def decided(relationship, organization, kind: str = "suspends", **fields) -> Effect:
    """A draft effect of a draft resolution of a council with its draft adoption."""
    resolution = make_resolution(title="Ties", organization=organization, **DRAFT)
    make_action(resolution, on="2022-03-01", **DRAFT)
    return make_effect(resolution, kind, relationship=relationship, **DRAFT | fields)


@pytest.mark.parametrize(("kind", "written"), DECIDES.items())
def test_decision_makes_its_entry_when_it_is_published(relationship, lrscc, kind, written):
    record = decided(relationship, lrscc, kind)

    record.resolution.publish()

    record.refresh_from_db()
    entry = relationship.entries.get(number=2)
    assert record.entry == entry
    assert (entry.kind, str(entry.on), entry.party) == (written, "March 1, 2022", "home")
    assert (entry.decided_by, entry.note, entry.publication) == (lrscc, record.what, "published")
    adoption = record.resolution.actions.get()
    assert [c.source for c in entry.citations.all()] == [adoption.citations.get().source]
    assert entry.history.first().history_change_reason == "Ties"


def test_decision_is_made_once_however_often_it_is_published(relationship, lrscc):
    record = decided(relationship, lrscc)
    stale = Effect.objects.get()
    record.resolution.publish()
    for part in (*Effect.objects.all(), *Action.objects.all(), record.resolution):
        part.publish()
    stale.publish()

    assert later_entries(relationship) == [("suspended", "March 1, 2022", "published")]
    assert stale.entry == relationship.entries.get(number=2)


@pytest.mark.parametrize("first", ["effect", "action"])
def test_decision_takes_effect_with_whichever_is_published_last(relationship, lrscc, first):
    record = decided(relationship, lrscc)
    resolution = record.resolution
    type(resolution).objects.update(publication="published")
    order = [Effect, Action] if first == "effect" else [Action, Effect]

    order[0].objects.get().publish()
    assert later_entries(relationship) == []
    order[1].objects.get().publish()

    assert later_entries(relationship) == [("suspended", "March 1, 2022", "published")]


def test_decision_refused_by_the_history_leaves_nothing_half_saved(relationship, lrscc):
    record = decided(relationship, lrscc, "terminates")
    Entry.objects.update(on="2023-01-01", on_earliest="2023-01-01", on_latest="2023-01-01")

    with pytest.raises(ValidationError, match="The relationship cannot end before it began"):
        record.resolution.publish()

    type(record.resolution).objects.update(publication="published")
    Action.objects.update(publication="published")
    single = Effect.objects.get()
    with pytest.raises(ValidationError, match="The relationship cannot end before it began"):
        single.publish()
    assert (single.entry, single.publication) == (None, "draft")
    Action.objects.update(publication="draft")
    Effect.objects.update(publication="published")
    action = Action.objects.get()
    with pytest.raises(ValidationError, match="The relationship cannot end before it began"):
        action.publish()
    assert action.is_draft
    assert later_entries(relationship) == []
    assert Effect.objects.get().entry is None


def test_effect_refused_after_its_entry_was_made_leaves_no_entry(relationship, lrscc):
    record = decided(relationship, lrscc)
    type(record.resolution).objects.update(publication="published")
    Action.objects.update(publication="published")
    single = changed(Effect.objects.get(), addressed_to=make_organization(name="Secret", **DRAFT))

    with pytest.raises(ValidationError, match="Publish “Secret” first"):
        single.publish()

    assert (single.entry, later_entries(relationship)) == (None, [])


def test_loader_binds_a_decision_to_its_entry_or_refuses_it(relationship, lrscc):
    record = decided(relationship, lrscc)
    type(record.resolution).objects.update(publication="published")
    Action.objects.update(publication="published")
    record = Effect.objects.get()

    assert_refused(as_published(record), {"entry": [NAME_IT]})
    entry = make_entry(relationship, "suspended", "2022-03-01", party="home", decided_by=lrscc)
    load_record(changed(record, entry=entry))

    assert Effect.objects.get().entry == entry
    assert_refused(
        changed(Effect.objects.get(), entry=None), {"__all__": [frozen_fields], "entry": [NAME_IT]}
    )


def test_adoption_is_not_loaded_over_a_decision_without_an_entry(relationship, lrscc):
    record = decided(relationship, lrscc)
    type(record.resolution).objects.update(publication="published")
    Effect.objects.update(publication="published")

    assert_refused(
        as_published(Action.objects.get()),
        f"“{record}” has no history entry yet. Choose one for that effect first.",
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": "dormant"}, "other"),
        ({"decided_by": "council"}, "other"),
        ({"decided_by": None}, "other"),
        ({"party": "partner"}, "other"),
        ({"relationship": "other"}, "other"),
        ({"why_not_preferred": "Another account."}, "other"),
        (
            {"on": "2022-03-02"},
            "That entry does not have the date of the adoption: March 1, 2022.",
        ),
        ({"party": "both"}, None),
        ({}, None),
    ],
)
def test_entry_of_a_decision_says_what_was_decided(relationship, lrscc, wrong, sentence):
    other, organization = make_partnership(), make_authority(make_organization()).organization
    record = decided(relationship, lrscc)
    named = {"council": organization, "other": other}
    fields = {"kind": "suspended", "on": "2022-03-01", "party": "home", "decided_by": lrscc}
    fields |= {name: named.get(value, value) for name, value in wrong.items()}
    entry = make_entry(
        fields.pop("relationship", relationship), fields.pop("kind"), fields.pop("on"), **fields
    )

    if sentence is None:
        changed(record, entry=entry).full_clean()
        return
    if sentence == "other":
        sentence = (
            "That entry says something else. Choose an entry of this relationship that we rely"
            " on, for “suspended”, decided by LRSCC."
        )
    assert_refused(changed(record, entry=entry), {"entry": [sentence]})


def test_entry_of_a_decision_was_not_withdrawn_and_is_one_decision_s(relationship, lrscc):
    record = decided(relationship, lrscc)
    entry = make_entry(relationship, "suspended", "2022-03-01", party="home", decided_by=lrscc)
    other = changed(decided(relationship, lrscc), entry=entry)
    other.save()

    assert_refused(
        changed(record, entry=entry), "This entry already belongs to another resolution."
    )
    assert_database_refuses(
        effect(kind="suspends", relationship=relationship, entry=entry),
        match=r"resolutions_effect_one_for_an_entry|effect\.entry_id",
    )
    other.delete()
    entry.withdraw(because="Wrong.", on=DAY)
    assert_refused(
        changed(record, entry=entry),
        {"entry": ["That entry was withdrawn. Choose another one, or leave this blank."]},
    )


@pytest.mark.parametrize(
    "undone", [{}, {"kind": "veto"}, {"kind": "reconsider", "method": "voice"}]
)
def test_what_is_not_adopted_or_was_undone_has_decided_nothing(relationship, lrscc, undone):
    resolution = make_resolution(organization=lrscc)
    entry = make_entry(relationship, "suspended", "2022-03-01", party="home", decided_by=lrscc)
    if undone:
        organization = {"organization": make_organization()} if undone["kind"] == "veto" else {}
        make_action(resolution, on="2022-03-01")
        make_action(resolution, on="2022-03-08", **undone | organization)
    else:
        make_action(resolution, on="2022-03-01", outcome="lost")

    assert_refused(
        effect(resolution, "suspends", relationship=relationship, entry=entry),
        {"entry": ["The resolution is not adopted, so it has decided nothing."]},
    )
    make_effect(resolution, "suspends", relationship=relationship, **DRAFT).publish()
    assert later_entries(relationship) == [
        ("suspended", "March 1, 2022", "published")
    ]  # none was made


def test_decision_that_was_vetoed_takes_effect_by_the_override(relationship, lrscc):
    resolution = make_resolution(organization=lrscc)
    make_action(resolution, on="2022-03-01")
    make_action(resolution, "veto", "2022-03-08", organization=make_organization())
    make_action(resolution, "override", "2022-03-15")

    make_effect(resolution, "suspends", relationship=relationship, **DRAFT).publish()

    assert later_entries(relationship) == [("suspended", "March 15, 2022", "published")]


def test_organization_of_the_partner_decides_for_its_own_side(relationship):
    duma = make_organization("duma", name="Duma", place=relationship.partner)
    record = decided(relationship, duma, "terminates")

    record.resolution.publish()

    entry = relationship.entries.get(number=2)
    assert (entry.party, entry.decided_by) == ("partner", duma)


def test_resolution_that_was_withdrawn_decides_nothing(relationship, lrscc):
    resolution = make_resolution(organization=lrscc)
    make_action(resolution, on="2022-03-01")
    record = make_effect(resolution, "suspends", relationship=relationship, **DRAFT)
    resolution.withdraw(because="Wrong.", on=DAY)

    with pytest.raises(ValidationError, match="The resolution was withdrawn, so it decides"):
        Effect.objects.get().publish()
    assert later_entries(relationship) == []
    assert record.entry is None


# --- what was decided, and is undone ----------------------------------------------------


@pytest.fixture
def bound(relationship, lrscc):
    """A published decision, in the history."""
    record = decided(relationship, lrscc)
    record.resolution.publish()
    return Effect.objects.get()


def test_decision_and_its_entry_are_withdrawn_together(relationship, bound):
    bound.withdraw(because="Of another tie.", on=DAY)

    assert later_entries(relationship) == [("suspended", "March 1, 2022", "withdrawn")]
    entry = relationship.entries.get(number=2)
    assert entry.withdrawn_because == "Of another tie."
    assert entry.history.first().history_change_reason == "Ties"


def test_decision_whose_entry_cannot_be_withdrawn_stays_with_it(relationship, bound, monkeypatch):
    def refuse(self, **_):
        raise ValidationError("Not now.")

    monkeypatch.setattr(Entry, "withdraw", refuse)

    with pytest.raises(ValidationError, match="Not now"):
        bound.withdraw(because="Of another tie.", on=DAY)

    assert (bound.publication, bound.withdrawn_on, bound.withdrawn_because) == (
        "published",
        None,
        "",
    )
    assert Effect.objects.get().is_published


def test_entry_adoption_and_resolution_of_a_decision_are_not_withdrawn_before_it(bound):
    adoption, resolution = Action.objects.get(), bound.resolution
    entry = bound.entry
    said = {
        entry: f"“{bound}” decided this entry. Withdraw that effect first.",
        adoption: f"Through it, “{bound}” took effect in the history. Withdraw that effect first.",
        resolution: f"“{bound}” took effect in the history. Withdraw that effect first.",
    }

    for record, sentence in said.items():
        assert_refused(as_withdrawn(type(record).objects.get(pk=record.pk)), sentence)
    bound.withdraw(because="Wrong.", on=DAY)
    adoption.withdraw(because="Wrong.", on=DAY)
    resolution.refresh_from_db()
    resolution.withdraw(because="Wrong.", on=DAY)


@pytest.mark.parametrize("publication", ["draft", "published"])
@pytest.mark.parametrize("kind", ["veto", "reconsider"])
def test_decision_in_the_history_is_taken_out_before_it_is_undone(
    relationship, bound, kind, publication
):
    organization = make_organization() if kind == "veto" else bound.resolution.organization
    method = {} if kind == "veto" else {"method": "voice", "outcome": "carried"}
    undoing = Action(
        resolution=bound.resolution,
        number=9,
        kind=kind,
        on="2022-03-08",
        organization=organization,
        **method,
    )

    assert_refused(
        undoing, {"kind": [f"“{bound}” took effect in the history. Withdraw that effect first."]}
    )
    if kind == "reconsider":
        changed(undoing, outcome="lost").full_clean()
    bound.withdraw(because="Vetoed.", on=DAY)
    undoing.full_clean()


def test_what_was_rescinded_was_in_force_until_then(relationship, bound):
    action = make_action(bound.resolution, "rescind", "2023-01-01", **DRAFT)

    action.publish()

    assert later_entries(relationship) == [("suspended", "March 1, 2022", "published")]
    Effect.objects.get().full_clean()


def test_relationship_place_and_addressee_of_an_effect_are_not_withdrawn(relationship):
    request, place = make_organization(), make_city("kyoto")
    record = make_effect(
        make_resolution(), relationship=relationship, addressed_to=request, place=place
    )

    for named, sentence in {
        relationship: f"“{record}” is about this relationship. Withdraw that effect first.",
        place: f"“{record}” is about this city. Withdraw that effect first.",
        request: f"“{record}” is addressed to this organization. Withdraw that effect first.",
    }.items():
        assert_refused(as_withdrawn(named), sentence)
    record.withdraw(because="Wrong.", on=DAY)
    place.refresh_from_db()
    place.withdraw(because="Wrong.", on=DAY)


def test_effects_are_public_with_their_resolution_and_never_deleted():
    shown = make_effect(make_resolution("relationships", title="Ties"))
    hidden = make_effect(make_resolution(organization=make_organization(**DRAFT)))
    draft = make_effect(make_resolution(), **DRAFT)

    assert list(Effect.objects.public()) == [shown]
    assert (shown.was_public, hidden.was_public, draft.was_public) == (True, False, False)
    assert str(shown) == "Ties: urges the commission to end the tie"
    assert shown.get_absolute_url() == "/resolutions/relationships/#effect-1"
    for delete in (shown.delete, Effect.objects.all().delete):
        with pytest.raises(ProtectedError, match="A published record is never deleted"):
            delete()


# --- replies ----------------------------------------------------------------------------


def reply(to: Effect | None = None, **fields) -> Reply:
    """A draft reply as yet unsaved, right but for what the test says."""
    usual = {
        "effect": to or make_effect(make_resolution()),
        "number": 9,
        "organization": make_organization(),
        "on": "2013-08-20",
        "answer": "declined",
        "summary": "No.",
        "source": make_source(),
    }
    return Reply(**usual | fields)


WORDS = (
    "Choose the answer, enter a date with a first possible day, such as August"
    " 2013, and say what it says."
)


@pytest.mark.parametrize(
    ("wrong", "sentences"),
    [
        ({"answer": "maybe"}, {"answer": [NOT_CHOICE("maybe")]}),
        ({"summary": ""}, {"summary": ["This field cannot be blank."]}),
        ({"number": 0}, {"number": ["Ensure this value is greater than or equal to 1."]}),
        ({"on": "../2013"}, WORDS),
    ],
)
def test_reply_rule_is_kept_everywhere(wrong, sentences):
    assert_refused(reply(**wrong), sentences)
    assert_database_refuses(reply(**wrong), match="resolutions_reply_answer_day_and_words")


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"publication": "secret"}, "resolutions_reply_publication_known"),
        ({"publication": "withdrawn"}, "resolutions_reply_withdrawn_with_a_reason"),
    ],
)
def test_reply_is_in_some_state_of_publication(fields, constraint):
    assert_database_refuses(reply(**fields), match=constraint)


def test_reply_is_there_once_and_gets_the_next_number():
    first = make_reply(make_effect(make_resolution()))
    again = reply(first.effect, number=1)

    assert_clerk_reads(again, "Somebody else added one with this number. Save again.")
    assert_database_refuses(
        again, match=r"resolutions_reply_number_once|reply\.effect_id, resolutions_reply\.number"
    )
    following = reply(first.effect, number=None)
    following.full_clean()
    assert following.number == 2


def test_answer_comes_after_the_question():
    request = make_effect(make_resolution())
    reply(request, on="2013-01-01").full_clean()  # nothing was adopted yet
    make_action(request.resolution, on="2013-08-19")
    request.refresh_from_db()

    for on in ("2013-08-18", "2012"):
        assert_refused(
            reply(request, on=on),
            {"on": ["The resolution was adopted August 19, 2013. A reply comes later."]},
        )
    for on in ("2013-08-19", "2013-08", "2013/.."):
        reply(request, on=on).full_clean()


def test_answer_of_a_day_to_come_is_none():
    tomorrow = (localdate() + timedelta(days=1)).isoformat()

    assert_refused(reply(on=tomorrow), {"on": ["That date is in the future."]})


@pytest.mark.parametrize(
    "change",
    [
        {"organization": "other"},
        {"on": "2014"},
        {"answer": "agreed"},
        {"number": 7},
        {"effect": "other"},
    ],
)
def test_published_reply_keeps_who_answered_what_and_when(change):
    record = make_reply(make_effect(make_resolution()))
    named = {"organization": make_organization(), "effect": make_effect(make_resolution())}
    changed(record, **{k: named[k] if value == "other" else value for k, value in change.items()})

    assert_clerk_reads(
        record,
        (
            "This reply is published, so its organization, answer and date cannot"
            " change. Withdraw it with a reason and add a new reply."
        ),
    )


def test_document_and_organization_of_a_reply_are_not_withdrawn():
    record = make_reply(make_effect(make_resolution()))

    assert_refused(
        as_withdrawn(record.source),
        f"“{record}” needs this document. Withdraw that reply first.",
    )
    assert_refused(
        as_withdrawn(record.organization),
        f"“{record}” is a reply of this organization. Withdraw that reply first.",
    )
    record = Reply.objects.get()
    Reply.objects.update(on_earliest="2099-01-01")
    record.withdraw(because="Wrong.", on=DAY)
    record.source.withdraw(because="Wrong.", on=DAY)


def test_replies_are_public_with_their_effect():
    request = make_effect(make_resolution("relationships"))
    shown = make_reply(request, organization=make_organization(name="LRSCC"))
    hidden = make_reply(make_effect(make_resolution(), **DRAFT))
    make_reply(request, **DRAFT)

    assert list(Reply.objects.public()) == [shown]
    assert (shown.was_public, hidden.was_public) == (True, False)
    assert str(shown) == "LRSCC, August 20, 2013: no action needed"
    assert shown.get_absolute_url() == "/resolutions/relationships/#effect-1"


def test_reply_without_its_fields_is_asked_for_them():
    with pytest.raises(ValidationError) as refusal:
        Reply(answer="agreed", summary="Yes.").full_clean()

    assert refusal.value.message_dict == {
        "effect": ["This field cannot be null."],
        "organization": ["This field cannot be null."],
        "on": ["This field cannot be null."],
        "source": ["This field cannot be null."],
        "__all__": [WORDS],
    }


def test_decision_is_in_the_history_again_when_a_wrong_veto_is_withdrawn(relationship, lrscc):
    resolution = make_resolution(organization=lrscc)
    make_action(resolution, on="2022-03-01")
    veto = make_action(resolution, "veto", "2022-03-08", organization=make_organization())
    make_effect(resolution, "suspends", relationship=relationship, **DRAFT).publish()
    assert later_entries(relationship) == []

    veto.withdraw(because="It was of another text.", on=DAY)

    assert later_entries(relationship) == [("suspended", "March 1, 2022", "published")]
    assert resolution.effects.get().entry == relationship.entries.get(number=2)


def test_wrong_veto_stays_where_the_history_refuses_the_decision(relationship):
    resolution = make_resolution(organization=council())
    make_action(resolution, on="2022-03-01")
    veto = make_action(resolution, "veto", "2022-03-08", organization=make_organization())
    make_effect(resolution, "suspends", relationship=relationship)

    with pytest.raises(ValidationError, match="did not have the authority to decide"):
        veto.withdraw(because="It was of another text.", on=DAY)

    assert (veto.publication, veto.withdrawn_because) == ("published", "")
    assert Action.objects.get(pk=veto.pk).is_published
    assert later_entries(relationship) == []


def test_veto_of_a_withdrawn_resolution_is_withdrawn_without_effect(relationship, lrscc):
    resolution = make_resolution(organization=lrscc)
    make_action(resolution, on="2022-03-01")
    veto = make_action(resolution, "veto", "2022-03-08", organization=make_organization())
    make_effect(resolution, "suspends", relationship=relationship)
    resolution.withdraw(because="Wrong.", on=DAY)

    Action.objects.get(pk=veto.pk).withdraw(because="Wrong.", on=DAY)

    assert later_entries(relationship) == []


def test_nothing_takes_effect_of_a_resolution_that_somebody_withdrew_just_now(relationship, lrscc):
    resolution = make_resolution(organization=lrscc)
    make_action(resolution, on="2022-03-01")
    effect = make_effect(resolution, "suspends", relationship=relationship, **DRAFT)
    type(resolution).objects.get(pk=resolution.pk).withdraw(because="Wrong.", on=DAY)
    assert effect.resolution.is_published  # as it was read before

    with pytest.raises(ValidationError, match="The resolution was withdrawn, so it decides"):
        effect.publish()

    assert later_entries(relationship) == []
