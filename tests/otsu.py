"""One full record of everything, with fixed names: what pages and API show whole."""

from cities.models import AgreementTitle, Citation, Relationship, Signatory
from cities.records.derived import collecting
from cities.records.publishing import Publication
from tests.factories import (
    home,
    make_agreement,
    make_authority,
    make_city,
    make_entry,
    make_name,
    make_organization,
    make_population,
    make_relationship,
    make_source,
    make_succession,
    make_type,
)
from tests.remembered import remembered

WITHDRAWN = {
    "publication": Publication.WITHDRAWN,
    "withdrawn_on": "2024-05-06",
    "withdrawn_because": "It was another place.",
}


@remembered
@collecting()
def make_otsu() -> Relationship:
    """Lansing’s tie with Otsu, each field of each record filled at least once."""
    page = make_source(
        slug="otsu-page",
        title="大津市の姉妹都市",
        title_language="ja",
        publisher="Otsu City",
        kind="official_page",
        reliability="official",
        dated="2013-08",
        language="ja",
        address="https://otsu.example/sister-cities",
        archived_address="https://archive.example/otsu",
        finding_aid="Under “International”.",
        accessed_on="2026-01-02",
    )
    paper = make_source(slug="lansing-page", title="Sister cities", dated="2013", address="")
    council = make_organization(
        "lansing-city-council",
        abbreviation="LCC",
        place=home(),
        summary="The council.",
        website="https://lansing.example/council",
        founded="1859",
        dissolved="2100",
        source=page,
    )
    make_authority(council, since="1900", until="1994", basis="The charter.", source=page)
    prefecture = make_city("shiga", kind="prefecture", country="JP")
    place = make_city(
        "otsu",
        country="JP",
        subdivision="JP-25",
        part_of=prefecture,
        summary="A city on Lake Biwa.",
        latitude="35.018",
        longitude="135.855",
        time_zone="Asia/Tokyo",
        geography_source=page,
        picture="pictures/0f1e2d3c-0000-4000-8000-000000000000.webp",
        picture_alt="The “lake” at dawn.",
        picture_credit="Photo: A. Painter, <CC BY 4.0>",
        picture_width=800,
        picture_height=600,
        website="https://otsu.example",
        wikidata_id="Q200441",
        began="1898-10-01",
        ceased="2100~",
    )
    make_population(place, source=page)
    make_name(place, "大津市", since="1898-10-01", source=page)
    make_name(place, "Ōtsu-shi", language="ja-Latn", kind="romanized")
    make_city("katata", country="JP", part_of=place)
    make_succession(make_city("zeze", country="JP"), place, kind="merged_into", source=page)
    after = make_city("new-otsu", country="JP")
    make_succession(place, after, kind="renamed", on="2100~", source=page, note="A new name.")

    relationship = make_relationship(
        place, lead_commissioner="A. Commissioner", review_on="2027-01-01", story="How it began."
    )
    agreement = make_agreement(
        relationship,
        slug="otsu-1969",
        kind="telephone",
        signed_on="1969-10-01",
        signed_at="City Hall",
        term="For ever",
        until="2069-09-30",
        renewal_rule="None",
        note="Concluded by telephone.",
    )
    agreement.documents.add(page)
    AgreementTitle.objects.create(agreement=agreement, language="ja", text="姉妹都市提携")
    Signatory.objects.create(
        agreement=agreement, name="A. Mayor", office="Mayor", on_behalf_of="City of Lansing"
    )
    make_entry(
        relationship,
        "concluded",
        "1968",
        why_not_preferred="Otsu gives the exact day.",
        type=make_type("sister-city"),
        source=paper,
    )
    concluded = make_entry(
        relationship,
        "concluded",
        "1969-10-01",
        type=make_type("sister-city"),
        decided_by=council,
        agreement=agreement,
        note="By telephone.",
        source=page,
    )
    concluded.citations.update(locator="Second table", says="Gives the day.")
    Citation.objects.create(entry=concluded, source=paper, role="disputes", says="Gives 1968.")
    make_entry(
        relationship,
        "suspended",
        "1990-03",
        party="home",
        reason="No contact.",
        condition="Both mayors meet.",
        review_on="1991-01-01",
        source=page,
    )
    make_entry(relationship, "resumed", "1991~", partner=after, source=page)
    make_entry(relationship, "visited", "2000", source=page, **WITHDRAWN)
    return relationship
