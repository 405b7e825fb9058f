"""One vote over several resolutions: recorded once, counted once, and read from each of them."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from lrscc.files.loading import RegisterError, load
from lrscc.files.writing import dump
from resolutions.models import Action, ActionCitation, Ballot, CoursePeriod, Resolution
from resolutions.reading import find_resolution
from resolutions.triggers import ONE_VOTE, VOTE_ELSEWHERE, allow_overlaps, refuse_overlaps
from resolutions.views import pdf
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import at, browser
from tests.cities.refusals import (
    as_published,
    assert_clerk_reads,
    assert_database_refuses,
    assert_refused,
    load_record,
)
from tests.factories import (
    make_action,
    make_meeting,
    make_members,
    make_organization,
    make_resolution,
    make_roll_call,
    make_source,
)
from tests.reading import lines_of, links_of, sections_of
from tests.remembered import remembered

pytestmark = [pytest.mark.django_db, pytest.mark.dialect]

DRAFT = {"publication": "draft"}
ALIKE = {"method": "roll_call", "outcome": "carried"}
RECORDED = (
    "This vote is recorded with another action. Leave who moved it, the votes needed, the totals"
    " and the reasons blank here."
)
TOGETHER = "“{}” was another vote. What happened, the date, the meeting, how it was decided and "
TOGETHER += "the outcome must be the same."


@pytest.fixture(autouse=True)
def _refusing():
    """The database refuses what does not go together, as it does on the site."""
    refuse_overlaps("default")
    yield
    allow_overlaps("default")


@pytest.fixture
@remembered
def omnibus():
    """The vote on the harbor, eight to nothing, with one recused; the bells share it."""
    members = make_members(3)
    meeting = make_meeting()
    harbor = make_resolution("harbor", title="Harbor")
    vote = make_roll_call(
        harbor,
        "yyr",
        members,
        meeting=meeting,
        mover=members[0],
        requirement="majority",
        base="cast",
        announced_as="Carried",
    )
    bells = make_action(
        make_resolution("bells", title="Bells"), meeting=meeting, shares_vote_with=vote, **ALIKE
    )
    return vote, bells


def sharing(vote: Action, slug: str = "streets", **fields) -> Action:
    """A draft on another resolution that shares a vote."""
    values = {"resolution": None, "meeting": vote.meeting, **ALIKE, **DRAFT, **fields}
    resolution = values.pop("resolution") or make_resolution(slug, title=slug.capitalize())
    return make_action(resolution, shares_vote_with=vote, **values)


def unsaved(action: Action, **fields) -> Action:
    """A copy of an action that is not saved, and has its own number."""
    names = [field.attname for field in action._meta.concrete_fields]
    values = {
        name: getattr(action, name) for name in names if name.removesuffix("_id") not in fields
    }
    return Action(**values | {"id": None, "number": action.number + 1} | fields)


# --- what is refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"requirement": "majority", "base": "cast"},
        {"announced_yes": 8},
        {"announced_absent": 0},
        {"announced_as": "Carried"},
        {"override_reason": "So said the chair."},
        {"requirement": "number", "base": "cast", "required_number": 5},
        {"tie_break": "yes", "tie_broken_by": "The mayor"},
    ],
)
def test_vote_is_recorded_once(omnibus, fields):
    vote, __ = omnibus
    again = unsaved(sharing(vote), resolution=make_resolution("bridge"), **fields)

    assert RECORDED in sentences_of(again)
    assert_database_refuses(again, match="resolutions_action_shared_vote_recorded_once")


def test_who_moved_it_is_recorded_once(omnibus):
    vote, __ = omnibus
    again = unsaved(sharing(vote), resolution=make_resolution("bridge"), seconder_id=vote.mover_id)

    assert_clerk_reads(again, RECORDED)
    assert_database_refuses(again, match="resolutions_action_shared_vote_recorded_once")


def sentences_of(action: Action) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        action.full_clean()
    return refusal.value.messages


def test_resolution_shares_a_vote_once(omnibus):
    __, bells = omnibus
    again = unsaved(bells, **DRAFT)

    assert "This resolution already shares that vote." in sentences_of(again)
    assert_database_refuses(
        again,
        match=r"resolutions_action_shares_a_vote_once|resolutions_action\.shares_vote_with_id",
    )
    bells.withdraw(because="It was another one.", on=bells.on_earliest)
    unsaved(bells, publication="draft", withdrawn_on=None, withdrawn_because="").save()


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "table"},
        {"meeting": make_meeting},
        {"method": "voice"},
        {"outcome": "lost"},
    ],
)
def test_what_shares_a_vote_is_alike(omnibus, fields):
    vote, __ = omnibus
    other = sharing(vote)
    fields = {name: value() if callable(value) else value for name, value in fields.items()}
    for name, value in fields.items():
        setattr(other, name, value)

    assert_refused(other, {"shares_vote_with": [TOGETHER.format(vote)]})
    with pytest.raises(IntegrityError, match=ONE_VOTE), transaction.atomic():
        other.save()
    assert_database_refuses(
        unsaved(other, resolution=make_resolution("bridge"), **fields), match=ONE_VOTE
    )


def test_vote_of_another_organization_or_of_its_own_resolution_is_not_shared(omnibus):
    vote, bells = omnibus
    elsewhere = sharing(vote)
    elsewhere.organization = make_organization()
    assert_database_refuses(unsaved(elsewhere, resolution=make_resolution()), match=ONE_VOTE)

    for fields in ({"meeting": None}, {"on": "2013-08-20", "meeting": None}):
        assert_database_refuses(
            unsaved(bells, resolution=make_resolution(), **fields), match=ONE_VOTE
        )

    own = unsaved(bells, resolution=vote.resolution, number=9)
    assert "Choose an action on another resolution." in sentences_of(own)
    assert_database_refuses(own, match=ONE_VOTE)


def test_action_does_not_share_its_own_vote(omnibus):
    vote, __ = omnibus
    with connection.cursor() as cursor:
        sql = "UPDATE resolutions_action SET shares_vote_with_id = id WHERE id = %s"
        with (
            pytest.raises(IntegrityError, match=r"shared_vote_recorded_once"),
            transaction.atomic(),
        ):
            cursor.execute(sql, [vote.pk])


def test_vote_is_shared_with_the_action_that_has_it(omnibus):
    vote, bells = omnibus
    chain = unsaved(sharing(vote), resolution=make_resolution("bridge"))
    chain.shares_vote_with = bells

    said = f"That vote is recorded with “{vote}”. Choose that action."
    assert_clerk_reads(chain, {"shares_vote_with": [said]})
    assert_database_refuses(chain, match=ONE_VOTE)


def test_withdrawn_vote_is_not_shared(omnibus):
    vote, bells = omnibus
    draft = sharing(vote)
    bells.withdraw(because="It was another one.", on=bells.on_earliest)
    vote.withdraw(because="It was another one.", on=vote.on_earliest)

    draft = Action.objects.get(pk=draft.pk)
    said = f"“{vote}” was withdrawn. Choose an action on record."
    assert_clerk_reads(draft, {"shares_vote_with": [said]})


def test_votes_are_cast_where_the_vote_is_recorded(omnibus):
    vote, __ = omnibus
    draft = sharing(vote)
    ballot = Ballot(action=draft, member=vote.mover, choice="yes")
    said = f"The votes are recorded with “{vote}”. Remove the votes here."

    assert_refused(ballot, said)
    assert_database_refuses(ballot, match=VOTE_ELSEWHERE)
    cast = vote.ballots.first()
    with pytest.raises(IntegrityError, match=VOTE_ELSEWHERE), transaction.atomic():
        Ballot.objects.filter(pk=cast.pk).update(action=draft)


def test_action_with_votes_shares_no_other_vote(omnibus):
    vote, __ = omnibus
    action = make_roll_call(make_resolution(), "y", [vote.mover], meeting=vote.meeting, **DRAFT)
    action.shares_vote_with = vote

    said = f"The votes are recorded with “{vote}”. Remove the votes here."
    assert_clerk_reads(action, {"shares_vote_with": [said]})
    with pytest.raises(IntegrityError, match=ONE_VOTE), transaction.atomic():
        action.save()


@pytest.mark.parametrize("fields", [{"outcome": "lost"}, {"method": "voice"}, {"kind": "table"}])
def test_vote_stays_as_those_that_share_it_say(fields):
    vote = make_action(make_resolution("harbor"), **ALIKE, **DRAFT)
    other = sharing(vote)
    for name, value in fields.items():
        setattr(vote, name, value)

    said = (
        f"“{other}” shares this vote, so what happened, the date, the meeting, how it was decided"
        " and the outcome stay. Delete that draft first."
    )
    assert_clerk_reads(vote, {"shares_vote_with": [said]})
    with pytest.raises(IntegrityError, match=ONE_VOTE), transaction.atomic():
        vote.save()


def test_two_resolutions_do_not_keep_votes_for_each_other(omnibus):
    """Files could not name the vote of each before the other."""
    vote, bells = omnibus
    streets = sharing(vote, "streets").resolution
    tabled = {"kind": "suspend_rules", "method": "voice", "outcome": "carried", **DRAFT}
    kept = make_action(bells.resolution, meeting=vote.meeting, **tabled)
    of_streets = make_action(streets, meeting=vote.meeting, **tabled)
    sharing(kept, resolution=make_resolution("bridge"), **tabled)

    said = f"“{streets}” shares votes recorded with this resolution. Record this vote here, too."
    back = unsaved(of_streets, resolution=vote.resolution, shares_vote_with=of_streets, number=7)
    assert_clerk_reads(back, {"shares_vote_with": [said]})


def test_resolution_shares_two_votes_of_one_other():
    """Both ways to the same resolution are followed, and neither leads back."""
    tabled = {"kind": "suspend_rules", "method": "voice", "outcome": "carried", **DRAFT}
    meeting, harbor = make_meeting(), make_resolution("harbor")
    bells, bridge = make_resolution("bells"), make_resolution("bridge")
    for number in (1, 2):
        vote = make_action(harbor, meeting=meeting, number=number, **tabled)
        sharing(vote, resolution=bells, number=number, **tabled)
    kept = make_action(bells, meeting=meeting, number=3, **tabled)

    sharing(kept, resolution=bridge, **tabled).full_clean()


def test_vote_is_published_before_what_shares_it():
    vote = make_roll_call(make_resolution("harbor"), "yy", make_members(2), **DRAFT)
    other = sharing(vote)
    Resolution.objects.filter(pk=vote.resolution_id).update(publication="draft")

    first = f"Publish “{vote}” first. It is still a draft."
    assert sentences_of(as_published(Action.objects.get(pk=other.pk)))[0] == first
    vote.publication = "published"
    Action.objects.filter(pk=vote.pk).update(publication="published")
    hidden = f"The public cannot read “{vote}”, which has the vote. Publish that first."
    assert_clerk_reads(
        as_published(Action.objects.get(pk=other.pk)), {"shares_vote_with": [hidden]}
    )
    Resolution.objects.filter(pk=vote.resolution_id).update(publication="published")
    Action.objects.get(pk=other.pk).publish()


def test_vote_stays_on_record_while_others_share_it(omnibus):
    vote, bells = omnibus
    on = vote.on_earliest

    with pytest.raises(ValidationError) as refusal:
        vote.withdraw(because="It was another one.", on=on)
    assert refusal.value.messages == [f"“{bells}” shares this vote. Withdraw that action first."]
    with pytest.raises(ValidationError) as refusal:
        vote.resolution.withdraw(because="It was another one.", on=on)
    assert refusal.value.messages == [
        f"“{bells}” shares a vote recorded with this resolution. Withdraw that action first."
    ]
    bells.withdraw(because="It was another one.", on=on)
    vote.resolution.withdraw(because="It was another one.", on=on)


def test_published_action_keeps_the_vote_that_it_shares(omnibus):
    __, bells = omnibus
    bells.shares_vote_with = None

    assert str(Action.frozen_message) in sentences_of(bells)


# --- what is filled in, and files -----------------------------------------------------------


def test_what_is_alike_is_filled_in(omnibus):
    vote, __ = omnibus
    other = Action(resolution=make_resolution("streets"), kind="adopt", shares_vote_with=vote)

    other.full_clean()

    assert (other.on, other.meeting, other.method, other.outcome) == (
        vote.on,
        vote.meeting,
        "roll_call",
        "carried",
    )


def test_files_load_in_any_order_and_are_written_back(omnibus, tmp_path):
    """The bells come before the harbor, whose vote they share."""
    first, second = tmp_path / "first", tmp_path / "second"
    dict(dump(first))
    Action.objects.filter(shares_vote_with__isnull=False)._raw_delete("default")
    for model in (ActionCitation, Ballot, Action, CoursePeriod, Resolution):
        model._base_manager.all()._raw_delete("default")

    load([first], lambda *_: None)

    dict(dump(second))
    for path in first.iterdir():
        assert (second / path.name).read_text() == path.read_text()
    bells = Action.objects.get(resolution__slug="bells")
    assert bells.vote.ref == "harbor-1"


def test_draft_that_shares_a_vote_is_published_by_a_file(omnibus):
    vote, __ = omnibus
    draft = sharing(vote)

    load_record(as_published(draft))

    assert Action.objects.public().get(pk=draft.pk).vote == vote


def test_file_that_names_no_action_is_refused(tmp_path: Path):
    path = tmp_path / "register.toml"
    make_organization("council")
    path.write_text(
        '[[resolutions]]\nslug = "bells"\norganization = "council"\nkind = "resolution"\n'
        'title = "Bells"\n[[resolutions.actions]]\nnumber = 1\nkind = "adopt"\non = "2013"\n'
        'method = "voice"\noutcome = "carried"\nshares_vote_with = "harbor-1"\n'
    )

    with pytest.raises(RegisterError, match="There is no action “harbor-1”"):
        load([path], lambda *_: None)


# --- what is read ---------------------------------------------------------------------------


def test_each_page_shows_the_vote_and_names_the_others(omnibus, client):
    vote, __ = omnibus
    sharing(vote, "streets", publication="published")
    sharing(vote, "secret")

    page = client.get("/resolutions/bells/")
    happened = sections_of(page)["actions"]
    assert "Adopted, 2–0, one recused" in happened
    assert "One vote decided this and 2 other resolutions:" in happened
    assert [line for line in happened if line in ("Harbor", "Streets", "Secret")] == [
        "Harbor",
        "Streets",
    ]
    assert f"Moved by {vote.mover}." in " ".join(happened)
    assert "/resolutions/harbor/#action-1" in links_of(page)
    assert "Secret" not in page.text
    other = sections_of(client.get("/resolutions/harbor/"))["actions"]
    assert [line for line in other if line in ("Bells", "Streets")] == ["Bells", "Streets"]


def test_action_withdrawn_with_the_vote_that_it_shared_says_only_so(omnibus, client):
    vote, bells = omnibus
    bells.withdraw(because="It was another one.", on=bells.on_earliest)
    vote.withdraw(because="It was counted twice.", on=vote.on_earliest)

    assert sections_of(client.get("/resolutions/bells/"))["actions"] == [
        "August 19, 2013",
        "Adopted",
        "Action 1 was withdrawn from the record on August 19, 2013: It was another one.",
    ]


def test_meeting_shows_each_action_with_the_vote(omnibus, client):
    vote, __ = omnibus

    lines = sections_of(client.get(vote.meeting.get_absolute_url()))["done"]

    assert lines.count("One vote decided this and another resolution:") == 2


def test_vote_counts_once_in_the_record_of_a_member(omnibus, client):
    vote, __ = omnibus

    votes = sections_of(client.get(vote.mover.get_absolute_url()))["votes"]

    assert sum("Harbor" in line for line in votes) == 1
    assert not any("Bells" in line for line in votes)
    assert any("and another resolution, by one vote" in line for line in votes)
    listed = client.get(f"/api/v1/resolutions/?member={vote.mover.slug}").json()["results"]
    assert {row["slug"] for row in listed} == {"bells", "harbor"}


def test_home_says_the_result_of_a_shared_vote(omnibus, client):
    for path in ("/", "/timeline/"):
        lines = [line for line in lines_of(client.get(path)) if "Bells" in line]
        assert "adopted, 2–0, one recused" in lines[0], lines


def test_gap_of_a_shared_vote_is_listed_once(client):
    vote = make_action(make_resolution("harbor", title="Harbor"))
    bells = make_action(
        make_resolution("bells", title="Bells"),
        shares_vote_with=vote,
        method="not_recorded",
        outcome="carried",
    )
    said = "How each member voted (adopted, August 19, 2013)."

    assert said in client.get("/resolutions/harbor/").text
    assert said not in client.get(bells.resolution.get_absolute_url()).text


def test_pdf_says_it_too(omnibus):
    document = pdf.of_resolution(
        find_resolution("bells"), None, address="https://example.org/", on=date(2020, 1, 1)
    )
    happened = next(s for s in document.sections if s.heading == "What happened")

    assert "One vote decided this and: Harbor." in happened.paragraphs[0]
    assert "Roll call count: 2 yes, 0 no, 1 recused." in happened.paragraphs[0]


# --- the API --------------------------------------------------------------------------------


def test_api_records_the_vote_once(omnibus, client):
    vote, __ = omnibus
    rows = {row["ref"]: row for row in client.get("/api/v1/actions/").json()["results"]}
    harbor, bells = rows["harbor-1"], rows["bells-1"]

    assert (harbor["shares_vote_with"], harbor["together"]) == (None, [bells["url"]])
    assert (bells["shares_vote_with"], bells["together"]) == (harbor["url"], [harbor["url"]])
    assert len(harbor["votes"]["ballots"]) == 3
    assert (bells["votes"], bells["mover"], bells["result"]) == (None, None, None)
    assert client.get("/api/v1/actions/bells-1/").json() == bells
    by_member = client.get(f"/api/v1/actions/?member={vote.mover.slug}").json()["results"]
    assert [row["ref"] for row in by_member] == ["harbor-1"]


def test_popolo_has_one_vote_event_with_several_motions(omnibus, client):
    vote, __ = omnibus
    events = client.get("/api/v1/popolo/vote-events/").json()["results"]
    motions = client.get("/api/v1/popolo/motions/").json()["results"]

    assert [(one["id"], one["motion_id"], one["other_motion_ids"]) for one in events] == [
        ("harbor-1", "harbor-1", ["bells-1"])
    ]
    assert sorted(one["id"] for one in motions) == ["bells-1", "harbor-1"]
    assert [one["vote_events"] for one in motions] == [events, events]
    assert {one["creator_id"] for one in motions} == {vote.mover.slug}
    assert client.get("/api/v1/popolo/vote-events/bells-1/").status_code == 404


# --- the desk -------------------------------------------------------------------------------


def test_desk_records_one_vote_on_several_resolutions():
    members = make_members(3)
    meeting, source = make_meeting(), make_source()
    meeting.sources.add(source)
    harbor, bells, streets = (make_resolution(slug) for slug in ("harbor", "bells", "streets"))
    clerk = browser("Council clerk")
    url = at(harbor, "vote") + f"?meeting={meeting.pk}"
    given = form_of(clerk, url) | {"together": [bells.pk, streets.pk]}
    given[f"words_{members[2].pk}"] = "aye, by telephone"

    page = clerk.post(url, given, follow=True)

    assert "The same vote is recorded for 2 other resolutions." in text(page)
    vote = harbor.actions.get()
    assert vote.ballots.count() == 3
    assert vote.ballots.get(member=members[2]).choice_as_printed == "aye, by telephone"
    shared = [one.actions.get() for one in (bells, streets)]
    assert [one.shares_vote_with for one in shared] == [vote, vote]
    assert [one.citations.get().source for one in shared] == [source, source]
    assert Ballot.objects.count() == 3

    clerk.post(url, given)  # sent twice
    assert Action.objects.count() == 3


def test_desk_refuses_all_where_one_of_them_cannot_be_decided():
    make_members(3)
    meeting = make_meeting()
    harbor, bells = make_resolution("harbor"), make_resolution("bells")
    make_action(bells, on="2013-08-12")
    clerk = browser("Council clerk")
    url = at(harbor, "vote") + f"?meeting={meeting.pk}"

    page = clerk.post(url, form_of(clerk, url) | {"together": [bells.pk]})

    assert sentences(page)[1:] == [
        (
            "Bells: At that time the resolution was adopted, so “adopt” was not possible. Check"
            " the dates, or first record what happened in between."
        )
    ]
    assert harbor.actions.count() == 0


def test_word_of_the_source_needs_its_vote():
    members = make_members(2)
    harbor = make_resolution("harbor")
    clerk = browser("Council clerk")
    url = at(harbor, "vote") + f"?meeting={make_meeting().pk}"
    given = form_of(clerk, url)
    given |= {f"vote_{members[0].pk}": "", f"words_{members[0].pk}": "present"}

    page = clerk.post(url, given)

    assert "Choose the vote, too." in text(page)
    assert harbor.actions.count() == 0


def test_consent_is_recorded_with_the_first_number_and_shared_by_the_others():
    make_members(3)
    meeting = make_meeting()
    numbers = ("#2013-009", "#2013-010", "")
    made = [
        make_resolution(f"r-{serial}", number=number, number_year=2013, number_serial=serial)
        if number
        else make_resolution(f"r-{serial}")
        for serial, number in enumerate(numbers, start=9)
    ]
    clerk = browser("Council clerk")

    clerk.post(
        at(meeting, "vote"),
        {
            "resolutions": [one.pk for one in made],
            "method": "consent_agenda",
            "mover": "",
            "seconder": "",
        },
    )

    actions = [one.actions.get() for one in made]
    assert [one.shares_vote_with for one in actions] == [None, actions[0], actions[0]]
