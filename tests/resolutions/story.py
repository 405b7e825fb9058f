"""The affair of 2013 as records: the Council's request, the Commission's answer."""

from cities.models import Source
from cities.records.derived import collecting
from resolutions.models import Action, Meeting, Resolution
from tests.factories import (
    home,
    make_action,
    make_attendance,
    make_authority,
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
    make_roll_call,
    make_seat,
    make_source,
    make_statement,
    make_term,
    make_text,
    make_type,
)
from tests.remembered import remembered

WITHDRAWN = {
    "publication": "withdrawn",
    "withdrawn_on": "2024-05-06",
    "withdrawn_because": "It was another text.",
}
NAMES = ["Dunbar", "Houghton", "Jeffries", "Quinney", "Robinson", "Washington", "Wood", "Yorko"]
AGREED = "RESOLVED, that the Council urges the commission to end all ties."


@remembered
@collecting()
def make_story() -> Resolution:
    """The adopted resolution, with all that stands around it."""
    council = make_organization("council", name="City Council", place=home())
    commission = make_organization("commission", name="Commission", place=home())
    make_authority(commission, since="1994")
    place = make_city("st-petersburg", name="St. Petersburg", country="RU")
    relationship = make_relationship(place)
    make_entry(relationship, "signed", "1992", type=make_type())
    press = make_source(slug="press", title="The paper", publisher="A Press", dated="2013-08-20")
    seats = [make_seat(council, label=f"Ward {number}") for number in range(1, 5)]
    seats += [make_seat(council, label="At large", places=4)] * 4
    members = [
        make_term(
            make_member(name.lower(), name=f"A. {name}", sort_name=name),
            seat,
            since="2010",
            until="2014",
            source=press,
        ).member
        for name, seat in zip(NAMES, seats, strict=True)
    ]
    statement = make_statement(
        "mayor-2013", title="Keep the tie", summary="The mayor asked to keep it.", source=press
    )
    statement.places.add(place)
    meeting = make_meeting("2013-08-19", slug="council-2013-08-19", organization=council)
    later = make_meeting("2013-08-26", slug="council-2013-08-26", organization=council)

    pulled = make_resolution(
        "pulled", title="End the tie", organization=council, summary="It was pulled."
    )
    pulled.relationships.add(relationship)
    make_action(pulled, "introduce", "2013-07-15", source=press)
    make_action(pulled, "withdraw", "2013-07-29", source=press, note="Before any vote.")
    make_effect(pulled, relationship=relationship, addressed_to=commission)

    request = make_resolution(
        "asked",
        title="On human rights",
        organization=council,
        summary="It urges the commission.",
        introduced_by="The Committee of the Whole",
    )
    request.relationships.add(relationship)
    request.sponsors.add(members[5])
    request.sources.add(press)
    make_text(request, f"WHEREAS, people were held; and\n\n{AGREED}", on="2013-07-22")
    adopted = make_text(
        request, f"WHEREAS, many were held; and\n\n{AGREED}", kind="adopted", on="2013-08-19"
    )
    make_text(
        request,
        f"WHEREAS, many people were held; and\n\n{AGREED}",
        kind="corrected",
        corrected_at=later,
    )
    make_text(request, "Another text.", kind="substitute", **WITHDRAWN)
    make_action(request, "introduce", "2013-07-22", source=press)
    make_action(request, "table", "2013-07-29", source=press, **WITHDRAWN)
    make_roll_call(
        request,
        "xyyyyyyy",
        members,
        on="2013-08-19",
        meeting=meeting,
        text=adopted,
        mover=members[6],
        seconder=members[5],
        requirement="majority",
        base="seats",
        announced_yes=7,
        announced_no=1,
        announced_as="Motion carried",
        source=press,
    )
    urged = make_effect(
        request,
        relationship=relationship,
        addressed_to=commission,
        what="the commission to end all ties",
    )
    make_effect(request, "condemns", place=place, what="the arrests")
    mayor = make_organization("mayor", name="Mayor")
    make_effect(request, addressed_to=mayor, place=place, what="the mayor to write a letter")
    make_effect(request, addressed_to=mayor, place=place, what="the mayor to call", **WITHDRAWN)
    make_reply(urged, organization=commission, source=press)
    make_reply(urged, organization=commission, source=press, **WITHDRAWN)
    make_relation(request, pulled, "replaces")

    for member in members:
        make_attendance(meeting, member, "absent" if member.slug == "dunbar" else "present")
    make_minutes(meeting, text="It met.\n\nCarried, 7 to 1.", source=press)
    make_minutes(meeting, text="It met.\n\nCarried, 7 to 1.", kind="approved", decided_at=later)
    make_minutes(
        meeting,
        text="It met.\n\nCarried, 7 to 0.",
        kind="corrected",
        decided_at=later,
        available_on="2013-09-01",
    )
    make_minutes(meeting, text="Other words.", kind="corrected", decided_at=later, **WITHDRAWN)
    return request


def the_vote() -> Action:
    return Action.objects.get(method="roll_call")


def the_meeting() -> Meeting:
    return Meeting.objects.get(slug="council-2013-08-19")


def the_press() -> Source:
    return Source.objects.get(slug="press")
