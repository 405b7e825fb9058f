"""Change sets: prepared, reviewed, and released all at once or not at all."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from cities.models import ChangeSet, Citation, City, LogEntry, ProposedChange, Relationship
from cities.records.change_sets import SetState
from cities.records.deeds import RefusedError
from cities.records.drafts import belonging_to, with_what_they_need
from cities.records.releasing import (
    drop,
    propose,
    publish,
    release,
    send_back,
    submit,
)
from lrscc.changes import triggers
from tests.factories import (
    make_action,
    make_agreement,
    make_city,
    make_entry,
    make_meeting,
    make_member,
    make_name,
    make_relationship,
    make_resolution,
    make_source,
    make_succession,
    make_text,
    make_type,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": "draft"}
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def new_partner():
    """A city, its relationship, the first entry, the agreement and the source: all drafts."""
    source = make_source(slug="paper", title="The paper", **DRAFT)
    relationship = make_relationship(make_city("nara", name="Nara", **DRAFT), **DRAFT)
    agreement = make_agreement(relationship, **DRAFT)
    agreement.documents.add(source)
    said = {"type": make_type(), "agreement": agreement, "source": source}
    entry = make_entry(relationship, "signed", "2026-05-01", **said, **DRAFT)
    return [relationship.partner, relationship, source, agreement, entry]


def states(records) -> list[str]:
    return [type(one)._base_manager.get(pk=one.pk).publication for one in records]


def refusal(act) -> list[tuple[object, str]]:
    with pytest.raises(RefusedError) as refused:
        act()
    return [(problem.record, problem.sentence) for problem in refused.value.problems]


def person(name: str, group: str = "Publisher") -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


# --- what belongs together ----------------------------------------------------------------


def test_entry_needs_everything_of_a_new_partner_in_the_order_of_publishing():
    city, relationship, source, agreement, entry = new_partner()

    assert with_what_they_need([entry]) == [city, relationship, source, agreement, entry]
    assert with_what_they_need([city]) == [city]
    assert with_what_they_need([entry, city, source]) == with_what_they_need([entry])


def test_city_is_offered_with_its_relationship_its_entries_and_agreements():
    city, relationship, source, agreement, entry = new_partner()
    make_entry(relationship, "visited", "2026-06-01", publication="published")

    assert belonging_to([city]) == [relationship, agreement, entry]
    assert belonging_to([relationship]) == [agreement, entry]
    assert belonging_to([source]) == []


def test_relationship_of_two_drafts_is_offered_once():
    home, partner = make_city(**DRAFT), make_city(**DRAFT)
    relationship = make_relationship(partner, home=home, **DRAFT)

    assert belonging_to([home, partner]) == [relationship]


def test_resolution_comes_after_what_its_parts_need_and_before_them():
    resolution = make_resolution(**DRAFT)
    meeting, mover = make_meeting(**DRAFT), make_member(**DRAFT)
    action = make_action(resolution, meeting=meeting, mover=mover, **DRAFT)
    text = make_text(resolution, **DRAFT)

    found = with_what_they_need([action])

    assert set(found) == {resolution, meeting, mover, action, text}
    place = {one: number for number, one in enumerate(found)}
    assert max(place[meeting], place[mover]) < place[resolution] < place[action]
    assert set(belonging_to([resolution])) == {action, text}


def test_part_that_stays_hidden_needs_nothing():
    city, other = make_city(**DRAFT), make_city(**DRAFT)
    source = make_source(**DRAFT)
    make_succession(city, other, source=source)

    assert with_what_they_need([city]) == [city]
    assert with_what_they_need([city, other]) == [city, source, other]


# --- releasing ----------------------------------------------------------------------------


@pytest.mark.parametrize("begins_with", range(5))
def test_new_partner_is_published_as_one_whatever_somebody_begins_with(logged, begins_with):
    records = new_partner()
    start = LogEntry.objects.count()
    first = records[begins_with]

    publish([first, *belonging_to([first])], reason="Signed in May.")

    whole = begins_with in (0, 1, 4)  # an agreement or a source stands without its entry
    if whole:
        assert states(records) == ["published"] * 5
        entries = LogEntry.objects.order_by("number")[start:]
        assert len({entry.batch for entry in entries}) == 1
        assert {entry.reason for entry in entries if entry.kind == "published"} == {
            "Signed in May."
        }
    change_set = ChangeSet.objects.get()
    assert (change_set.state, change_set.name) == ("released", str(first)[:200])
    assert [change.version for change in change_set.changes.all()] == [
        change.model._base_manager.get(pk=change.object_id).history.latest().history_id
        for change in change_set.changes.all()
    ]


def test_set_without_a_reason_gives_none_in_the_log(logged):
    [draft] = publish([make_source(**DRAFT)])

    assert LogEntry.objects.latest("number").reason == ""
    assert draft.history.first().history_change_reason == "Published"


def test_one_fault_refuses_the_whole_set_and_only_the_fault_is_named():
    records = new_partner()
    *__, entry = records
    Citation.objects.filter(entry=entry).delete()
    City.objects.filter(pk=records[0].pk).update(website="nowhere")

    problems = refusal(lambda: publish([entry]))

    assert problems == [(records[0], "Enter a valid URL.")]
    assert states(records) == ["draft"] * 5
    assert ChangeSet.objects.count() == ProposedChange.objects.count() == 0
    City.objects.filter(pk=records[0].pk).update(website="")
    [(record, sentence)] = refusal(lambda: publish([entry]))
    assert (record, sentence) == (
        entry,
        "An entry needs a source before it is published. Add a source that supports it.",
    )
    assert states(records) == ["draft"] * 5


def test_failure_at_any_statement_leaves_all_or_nothing(logged):
    """As a worker that is killed there: its transaction is rolled back."""
    records = new_partner()
    change_set = propose(records)
    submit(change_set)
    log = LogEntry.objects.count()

    class Killed(BaseException):
        pass

    for statement in range(0, 10_000, 7):
        left = iter(range(statement))

        def stop(execute, *args, left=left):
            if next(left, None) is None:
                raise Killed
            return execute(*args)

        try:
            with transaction.atomic(), connection.execute_wrapper(stop):
                release(change_set)
        except Killed:
            change_set.refresh_from_db()
            assert (change_set.state, states(records)) == ("submitted", ["draft"] * 5)
            assert LogEntry.objects.count() == log
        else:
            break

    assert statement > 100
    assert states(records) == ["published"] * 5
    assert ChangeSet.objects.get().state == "released"


def test_nobody_releases_what_they_may_not_publish():
    records = new_partner()
    *__, entry = records
    staff, clerk = person("ana", "Commission staff"), person("bo", "Council clerk")

    mine = refusal(lambda: publish([entry], by=staff))
    hidden = refusal(lambda: publish([entry], by=clerk))

    assert [record for record, __ in mine] == records
    assert {sentence for __, sentence in mine} == {"You do not have permission to publish this."}
    named = [(record, sentence) for record, sentence in hidden if record is not None]
    assert named == [(records[2], "You do not have permission to publish this.")]
    assert states(records) == ["draft"] * 5


def test_draft_that_was_deleted_is_named_by_what_it_was_called():
    draft, other = make_source(title="Gone", **DRAFT), make_source(**DRAFT)
    change_set = propose([draft, other])
    name = str(draft)
    draft.delete()

    assert refusal(lambda: release(change_set)) == [
        (None, f"“{name}” was deleted. Take it out of this set.")
    ]
    assert states([other]) == ["draft"]


def test_record_published_in_another_set_is_taken_out_of_those_where_it_waits():
    draft, other = make_source(**DRAFT), make_source(**DRAFT)
    both, alone = propose([draft, other]), propose([draft])
    submit(both)

    publish([draft])

    assert [change.object_id for change in both.changes.all()] == [other.pk]
    alone.refresh_from_db()
    assert alone.state == "dropped"
    release(both)
    assert states([other]) == ["published"]


def test_set_with_everything_public_already_is_refused():
    draft = make_source(**DRAFT)
    change_set = propose([draft])
    draft.publish()

    assert refusal(lambda: release(change_set)) == [
        (None, "Everything in this set is published already.")
    ]


def test_set_keeps_the_versions_that_it_made_and_no_other():
    early, late = make_source(**DRAFT), make_source(**DRAFT)
    change_set = propose([early, late])
    early.publish()

    release(change_set)

    versions = dict(change_set.changes.values_list("object_id", "version"))
    assert versions == {early.pk: None, late.pk: late.history.first().history_id}
    assert states([early, late]) == ["published"] * 2


def test_resolution_published_with_its_parts_is_in_the_set_with_them():
    resolution = make_resolution(**DRAFT)
    text = make_text(resolution, **DRAFT)

    publish([resolution])

    assert states([resolution, text]) == ["published"] * 2
    assert {change.label for change in ProposedChange.objects.all()} == {
        str(resolution),
        str(text),
    }


# --- on the way ---------------------------------------------------------------------------


def test_set_is_sent_for_review_sent_back_and_sent_again():
    author, reviewer = person("ana", "Commission staff"), person("pat")
    change_set = propose([make_source(**DRAFT)], author=author)

    submit(change_set)
    send_back(change_set, by=reviewer, note="  Add the year. ")
    change_set.refresh_from_db()
    assert (change_set.state, change_set.reviewer, change_set.note) == (
        "sent_back",
        reviewer,
        "Add the year.",
    )
    submit(change_set)
    change_set.refresh_from_db()
    assert (change_set.state, change_set.note) == ("submitted", "")
    release(change_set, by=reviewer)
    assert (change_set.state, change_set.settled_by) == ("released", reviewer)


def test_set_is_not_sent_back_without_a_note():
    change_set = propose([make_source(**DRAFT)])
    submit(change_set)

    with pytest.raises(ValidationError, match="Say what is to be changed first"):
        send_back(change_set, by=person("pat"), note="  ")
    with pytest.raises(ValidationError, match="Null characters"):
        send_back(change_set, by=None, note="No.\0")

    change_set.refresh_from_db()
    assert change_set.state == "submitted"


def test_settled_set_moves_no_more():
    released, dropped = propose([make_source(**DRAFT)]), propose([make_source(**DRAFT)])
    release(released)
    drop(dropped, by=None)

    for change_set, label in ((released, "Published"), (dropped, "Dropped")):
        for act in (
            lambda one: release(one),
            lambda one: submit(one),
            lambda one: send_back(one, by=None, note="No."),
            lambda one: drop(one, by=None),
        ):
            assert refusal(lambda act=act, one=change_set: act(one)) == [
                (None, f"“{change_set}” is not open any more. It is now: {label}.")
            ]


def test_dropped_set_leaves_its_drafts():
    draft = make_source(**DRAFT)
    change_set = propose([draft], author=person("ana", "Commission staff"))

    drop(change_set, by=change_set.author)

    assert states([draft]) == ["draft"]
    assert publish([draft]) == [draft]


# --- what the database refuses -------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("cities_changeset_state_known", {"state": "lost"}),
        ("cities_changeset_submitted_with_the_moment", {"state": SetState.SUBMITTED}),
        ("cities_changeset_sent_back_with_a_note", {"state": SetState.SENT_BACK, "note": "No."}),
        ("cities_changeset_settled_with_the_moment", {"state": SetState.RELEASED}),
        ("cities_changeset_settled_with_the_moment", {"settled_at": NOW}),
    ],
)
def test_database_refuses_a_set_in_a_state_without_its_fields(name, fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ChangeSet.objects.bulk_create([ChangeSet(name="Otsu", **fields)])


def test_database_refuses_a_record_twice_in_a_set_and_an_unknown_deed():
    change_set = propose([make_source(**DRAFT)])
    change = change_set.changes.get()

    change.pk = None
    twice = "cities_proposedchange_once_per_record|UNIQUE constraint failed"
    with pytest.raises(IntegrityError, match=twice), transaction.atomic():
        change.save()
    change.object_id, change.deed = 0, "burn"
    known = "cities_proposedchange_deed_known"
    with pytest.raises(IntegrityError, match=known), transaction.atomic():
        change.save()


def test_released_set_never_changes():
    change_set, other = propose([make_source(**DRAFT)]), propose([make_source(**DRAFT)])
    release(change_set)
    drop(other, by=None)
    triggers.keep_for_ever("default")
    doors = [
        lambda: ChangeSet.objects.filter(pk=change_set.pk).update(reason="Another."),
        lambda: ChangeSet.objects.filter(pk=other.pk).update(state="open", settled_at=None),
        lambda: ChangeSet.objects.filter(pk=change_set.pk)._raw_delete("default"),
        lambda: change_set.changes.update(label="Another"),
        lambda: change_set.changes.all()._raw_delete("default"),
    ]

    for door in doors:
        with (
            pytest.raises(DatabaseError, match="published or dropped never changes"),
            transaction.atomic(),
        ):
            door()

    still_open = propose([make_source(**DRAFT)])
    ChangeSet.objects.filter(pk=still_open.pk).update(reason="Another.")
    still_open.changes.all().delete()
    triggers.lift_refusals("default")


def test_name_of_a_city_waits_for_its_source():
    city, source = make_city(**DRAFT), make_source(**DRAFT)
    make_name(city, "奈良市", source=source)

    assert with_what_they_need([city]) == [source, city]
    publish([city])
    assert states([city, source]) == ["published"] * 2
    assert Relationship.objects.count() == 0
