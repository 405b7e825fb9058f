"""Drafts of everything, linked from everything public they can be linked from."""

from cities.models import Acceptance, AgreementTitle, Citation, City, Organization, Source
from cities.records.derived import collecting
from cities.records.publishing import Publication
from exchanges.models import Exchange
from tests.factories import (
    home,
    make_agreement,
    make_authority,
    make_city,
    make_entry,
    make_exchange,
    make_exchange_role,
    make_funding,
    make_held_exchange,
    make_name,
    make_organization,
    make_partnership,
    make_population,
    make_program,
    make_program_role,
    make_relationship,
    make_source,
    make_succession,
    make_summary,
    make_type,
)

MARK = "zzyx"
"""Stands in every text and slug of a draft, and nowhere else."""

DRAFT = {"publication": Publication.DRAFT}


def draft_source(name: str) -> Source:
    return make_source(slug=f"{MARK}-{name}", title=f"{MARK} {name}", publisher=MARK, **DRAFT)


def draft_city(name: str) -> City:
    """In a country of its own, whose name would show too."""
    picture = {
        "picture": f"pictures/{MARK}.webp",
        "picture_alt": MARK,
        "picture_credit": MARK,
        "picture_width": 8,
        "picture_height": 6,
    }
    return make_city(f"{MARK}-{name}", country="IS", summary=MARK, **picture, **DRAFT)


def draft_organization(name: str) -> Organization:
    return make_organization(f"{MARK}-{name}", summary=MARK, **DRAFT)


@collecting()
def make_public_register() -> None:
    """Published records that drafts can be linked from."""
    place = make_city("otsu", country="JP")
    relationship = make_relationship(place)
    source = make_source(slug="otsu-page")
    council = make_organization("lansing-city-council", place=home())
    make_authority(council)
    make_entry(relationship, "signed", "1969-10-01", type=make_type(), source=source)
    make_entry(relationship, "renewed", "2019-03-03", source=source)
    make_agreement(relationship, slug="otsu-1969", signed_on="1969-10-01")
    make_name(place, "大津市", source=source)
    make_held_exchange("visit-2025", relationship, program=make_program("visits", relationship))
    make_city("kyoto", country="JP")
    make_city("nara", country="JP")
    make_partnership("asan")


def add_drafts_apart() -> None:
    """Drafts beside the public records, which change nothing that is public."""
    otsu, nara = City.objects.get(slug="otsu"), City.objects.get(slug="nara")
    kyoto, source = City.objects.get(slug="kyoto"), Source.objects.get(slug="otsu-page")
    relationship = otsu.relationships.get()
    city = draft_city("city")
    council = Organization.objects.get(slug="lansing-city-council")

    # A draft, and all that hangs on it, published or not.
    make_name(city, f"{MARK} name", source=source)
    make_summary(city, text=f"{MARK} summary")
    make_city(f"{MARK}-part", part_of=otsu, **DRAFT)
    make_organization(f"{MARK}-organization", place=otsu, source=source, **DRAFT)
    organization = draft_organization("other-organization")
    make_authority(organization, basis=f"{MARK} basis", source=source)
    make_authority(council, place=city, basis=f"{MARK} basis", source=source)
    make_succession(otsu, city, note=f"{MARK} note", source=source)
    make_succession(city, otsu, note=f"{MARK} note", source=source)
    # Ties that are no draft, or between places that are no draft, but not both.
    for hidden in (
        make_relationship(city, story=MARK),
        make_relationship(kyoto, slug=f"{MARK}-kyoto", story=MARK, **DRAFT),
    ):
        make_entry(hidden, "signed", "1970", note=MARK, type=make_type(), source=source)
        make_agreement(hidden, slug=f"{MARK}-{hidden.pk}", note=MARK)
    # Draft lines that would end the tie, or hand it to a published place.
    parts = {"note": MARK, "source": source, **DRAFT}
    make_entry(relationship, "terminated", "2020", reason=MARK, **parts)
    make_entry(relationship, "signed", "1968", why_not_preferred=MARK, **parts)
    make_entry(relationship, "reaffirmed", "2021", partner=kyoto, type=make_type(), **parts)
    make_entry(relationship, "visited", "2022", **parts)
    agreement = make_agreement(relationship, slug=f"{MARK}-agreement", note=MARK, **DRAFT)
    agreement.documents.add(source)
    AgreementTitle.objects.create(agreement=agreement, language="en", text=f"{MARK} title")
    make_source(slug=f"{MARK}-apart", title=MARK, **DRAFT)
    # A place known to the public by a draft tie alone.
    make_relationship(nara, slug=f"{MARK}-nara", story=MARK, **DRAFT)
    # A draft program with all that hangs on it, and a draft exchange of a public one.
    visit = Exchange.objects.get(slug="visit-2025")
    plans = make_program(f"{MARK}-plans", relationship, summary=MARK, how_to_apply=MARK, **DRAFT)
    days = {"begins": "2025-05-01", "story": MARK}
    make_held_exchange(f"{MARK}-plan", relationship, program=plans, **days)
    make_held_exchange(f"{MARK}-visit", relationship, program=visit.program, **days, **DRAFT)
    open_until = {"state": "open", "applications_close_on": "2126-01-01"}
    make_exchange(f"{MARK}-open", relationship, program=visit.program, **open_until, **DRAFT)


def link_drafts() -> None:
    """Let each published record name a draft wherever it can name a record."""
    otsu = City.objects.get(slug="otsu")
    relationship = otsu.relationships.get()
    source = draft_source("source")

    otsu.part_of = draft_city("above")
    otsu.geography_source = source
    otsu.save()
    make_population(otsu, source=source)
    make_name(otsu, "Ōtsu-shi", kind="romanized", source=source)
    make_succession(otsu, City.objects.get(slug="kyoto"), source=source)
    entry = relationship.entries.get(number=1)
    entry.decided_by = draft_organization("decider")
    entry.partner = draft_city("successor")
    entry.agreement = make_agreement(relationship, slug=f"{MARK}-cited", note=MARK, **DRAFT)
    entry.save()
    for entry in relationship.entries.filter(acceptance=Acceptance.ACCEPTED):
        for role in ("supports", "disputes"):
            Citation.objects.create(entry=entry, source=source, role=role, says=MARK, locator=MARK)
    relationship.agreements.get(slug="otsu-1969").documents.add(source)
    council = Organization.objects.get(slug="lansing-city-council")
    council.place, council.source = draft_city("seat"), source
    council.save()
    make_organization("otsu-council", place=City.objects.get(slug=f"{MARK}-seat"))
    make_authority(council, since="1800", source=source)
    visit = Exchange.objects.get(slug="visit-2025")
    visit.where, visit.counts_source = City.objects.get(slug=f"{MARK}-city"), source
    visit.save()
    hidden = City.objects.get(slug=f"{MARK}-city").relationships.get()
    for record in (visit, visit.program):
        record.relationships.add(hidden)
        record.sources.add(source)
    organization = draft_organization("funder")
    make_program_role(visit.program, organization)
    make_exchange_role(visit, organization)
    make_funding(visit, organization, what=MARK, source=source)
