"""Drafts of what councils did, linked from all that is public of the story of 2013."""

from resolutions.models import (
    Action,
    Ballot,
    Meeting,
    Member,
    Minutes,
    Resolution,
    Statement,
    Text,
)
from tests.drafts import DRAFT, MARK
from tests.factories import (
    home,
    make_action,
    make_attendance,
    make_city,
    make_effect,
    make_entry,
    make_meeting,
    make_member,
    make_minutes,
    make_organization,
    make_relation,
    make_relationship,
    make_reply,
    make_resolution,
    make_seat,
    make_source,
    make_statement,
    make_term,
    make_text,
)
from tests.resolutions.story import the_meeting, the_press, the_vote


def draft(name: str) -> dict:
    return {"slug": f"{MARK}-{name}", **DRAFT}


def add_drafts_apart() -> None:
    """Drafts that match in every other way, and published things that hang on a draft."""
    request, meeting = Resolution.objects.get(slug="asked"), the_meeting()
    organization, place = request.organization, request.relationships.get().partner
    wood, relationship = Member.objects.get(slug="wood"), request.relationships.get()
    press = the_press()
    source = make_source(slug=f"{MARK}-clipping", title=MARK, **DRAFT)
    words = {"title": f"On {MARK}", "summary": MARK, "organization": organization}
    ghost = make_organization(f"{MARK}-ghost", **DRAFT)
    hidden = [
        make_resolution(**words | draft("resolution")),
        make_resolution(**words | {"slug": f"{MARK}-of-ghost", "organization": ghost}),
    ]
    for resolution in hidden:
        resolution.sponsors.add(wood)
        resolution.places.add(place, home())
        resolution.relationships.add(relationship)
        Text.objects.create(
            resolution=resolution,
            number=1,
            kind="adopted",
            text=MARK,
            sha256=MARK,
            publication="published",
        )
        action = make_action(resolution, note=MARK, meeting=meeting, mover=wood, source=press)
        Ballot.objects.create(action=action, member=wood, choice="yes")
        effect = make_effect(resolution, what=MARK, relationship=relationship, place=place)
        make_reply(effect, summary=MARK, organization=organization, source=press)
        make_relation(request, resolution)
        make_relation(resolution, request)
    next_one = Meeting.objects.get(slug="council-2013-08-26")
    text = make_text(request, MARK, kind="corrected", corrected_at=next_one, **DRAFT)
    action = make_action(
        request, "rescind", note=MARK, text=text, meeting=meeting, source=press, **DRAFT
    )
    Ballot.objects.create(action=action, member=wood, choice="no", note=MARK)
    effect = make_effect(request, what=MARK, place=place, **DRAFT)
    make_reply(effect, summary=MARK, organization=organization, source=press)
    make_reply(
        request.effects.get(number=3),
        summary=MARK,
        organization=organization,
        source=press,
        **DRAFT,
    )
    later = make_meeting(
        "2013-08-26",
        **draft("meeting"),
        organization=organization,
        note=MARK,
        reconvened_from=meeting,
    )
    make_meeting(slug=f"{MARK}-ghosts", organization=ghost, note=MARK)
    make_minutes(meeting, text=MARK, kind="corrected", decided_at=later, **DRAFT)
    member = make_member(**draft("member"), summary=MARK)
    make_term(member, organization=organization, role=MARK, since="2012", source=press)
    make_term(wood, organization=ghost, role=MARK, since="2012", source=press)
    make_seat(ghost, label=MARK)
    make_attendance(meeting, member)
    statement = make_statement(**draft("statement"), title=MARK, summary=MARK, source=source)
    statement.places.add(place)
    statement.relationships.add(relationship)


def link_drafts() -> None:
    """Let each published record name a draft wherever it can name a record."""
    request, meeting, vote = Resolution.objects.get(slug="asked"), the_meeting(), the_vote()
    organization = make_organization(f"{MARK}-addressed", **DRAFT)
    place = make_city(f"{MARK}-place", **DRAFT)
    relationship = make_relationship(place, slug=f"{MARK}-tie")
    source = make_source(slug=f"{MARK}-paper", title=MARK, **DRAFT)
    member = Member.objects.get(slug=f"{MARK}-member")
    second = make_member(**draft("seconder"))
    later = Meeting.objects.get(slug=f"{MARK}-meeting")
    request.sponsors.add(member)
    request.places.add(place)
    request.relationships.add(relationship)
    request.sources.add(source)
    meeting.sources.add(source)
    text = Text.objects.get(publication="draft")
    for role in ("supports", "disputes"):
        vote.citations.create(source=source, role=role, says=MARK)
    Action.objects.filter(pk=vote.pk).update(
        mover=member, seconder=second, meeting=later, text=text, organization=organization
    )
    Ballot.objects.create(
        action=vote,
        member=member,
        choice="yes",
        note=MARK,
        name_as_printed=MARK,
        choice_as_printed="aye",  # the word of the minutes for a vote that counts
    )
    request.texts.filter(publication="published").update(source=source)
    request.texts.filter(kind="corrected").update(corrected_at=later)
    request.effects.filter(publication="published").update(
        addressed_to=organization, relationship=relationship, place=place
    )
    for reply in request.effects.get(number=1).replies.all():
        type(reply).objects.filter(pk=reply.pk).update(organization=organization, source=source)
    meeting.minutes.filter(publication="published").update(source=source)
    Minutes.objects.filter(kind="approved").update(decided_at=later)
    Meeting.objects.filter(pk=meeting.pk).update(reconvened_from=later)
    Statement.objects.update(organization=organization, source=source)
    Member.objects.get(slug="wood").terms.update(source=source)
    entry = make_entry(relationship, "approved", "2013-08-19", note=MARK)
    make_effect(request, "approves", relationship=relationship, entry=entry, what="a tie")
