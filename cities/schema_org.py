"""Cities and organizations in the words of schema.org, for search engines."""

from collections.abc import Callable, Iterator
from typing import Any

from cities.models import City, Organization
from cities.models.cities import PlaceKind
from cities.models.organizations import Classification

Address = Callable[[str], str]
"""Makes a path a whole address."""

GOVERNMENT = (
    Classification.COUNCIL,
    Classification.COMMISSION,
    Classification.EXECUTIVE,
    Classification.GOVERNMENT,
)


def city(place: City, address: Address) -> dict[str, Any]:
    """Return a place, with its names in its own languages and where it lies."""
    page = address(place.get_absolute_url())
    lies = {"@type": "GeoCoordinates"}
    lies |= {"latitude": str(place.latitude), "longitude": str(place.longitude)}
    wikidata = place.wikidata_id and f"https://www.wikidata.org/entity/{place.wikidata_id}"
    is_city = place.kind in (PlaceKind.CITY, PlaceKind.MUNICIPALITY)
    return {
        "@type": "City" if is_city else "AdministrativeArea",
        "@id": page,
        "url": page,
        "name": place.name,
        "alternateName": [name.text for name in place.names.all()],
        "description": place.summary,
        "containedInPlace": {"@type": "Country", "name": place.country_name},
        "geo": lies if place.latitude is not None else None,
        "image": address(place.picture_address) if place.picture else None,
        "sameAs": [link for link in (place.website, wikidata) if link],
        "subjectOf": [*_records_elsewhere(place)],
    }


def _records_elsewhere(place: City) -> Iterator[dict[str, Any]]:
    """Yield the pages on which others keep their own record of a relationship with it."""
    for relationship in getattr(place, "recorded_elsewhere", ()):
        for source in relationship.other_records.all():
            yield {
                "@type": "WebPage",
                "name": source.title,
                "url": source.address or source.archived_address,
            }


def organization(record: Organization, address: Address) -> dict[str, Any]:
    """Return a council, a commission or another group."""
    is_government = record.classification in GOVERNMENT
    founded = record.founded
    is_exact = founded is not None and founded.earliest == founded.latest is not None
    return {
        "@type": "GovernmentOrganization" if is_government else "Organization",
        "name": record.name,
        "alternateName": record.abbreviation,
        "description": record.summary,
        "url": record.website,
        "email": record.email,
        "telephone": record.telephone,
        "address": record.postal_address,
        "foundingDate": founded.earliest.isoformat() if is_exact else None,  # type: ignore[union-attr]
    }
