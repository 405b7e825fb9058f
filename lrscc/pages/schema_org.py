"""Records as schema.org tells them, for search engines: only what is on record."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cities.models import City, Organization
from cities.models.cities import PlaceKind
from cities.models.organizations import Classification
from exchanges.schema_org import SCHEMA, data_block
from resolutions.models import Resolution

Address = Callable[[str], str]
"""Makes a path a whole address."""

GOVERNMENT = (
    Classification.COUNCIL,
    Classification.COMMISSION,
    Classification.EXECUTIVE,
    Classification.GOVERNMENT,
)


def block(data: dict[str, Any]) -> SafeString | str:
    """The data in a page, without what is not known."""
    return data_block({"@context": SCHEMA, **_known(data)} if data else None)


def _known(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in ("", None, [])}


def _commission() -> dict[str, Any]:
    return {
        "@type": "GovernmentOrganization",
        "name": _("Lansing Regional Sister Cities Commission"),
    }


def site(address: Address, search: str) -> dict[str, Any]:
    """The site, and how it is searched."""
    target = {"@type": "EntryPoint", "urlTemplate": f"{address(search)}?q={{q}}"}
    asks = {"@type": "SearchAction", "target": target, "query-input": "required name=q"}
    return {
        "@type": "WebSite",
        "@id": address("/"),
        "url": address("/"),
        "name": _("Lansing’s sister cities"),
        "publisher": _commission(),
        "potentialAction": asks,
    }


def dataset(page: str, data: str, address: Address) -> dict[str, Any]:
    """The whole register as a set of data: the page about it, and where the data are (JSON)."""
    whole = {
        "@type": "DataDownload",
        "encodingFormat": "application/json",
        "contentUrl": address(data),
    }
    return {
        "@type": "Dataset",
        "@id": address(page),
        "url": address(page),
        "name": _("Register of sister cities"),
        "description": _(
            "The sister and friendship cities of Lansing, Michigan: how each tie stood on any"
            " day, who decided it, which exchanges it brought, and the source of each statement."
        ),
        "creator": _commission(),
        "license": "https://spdx.org/licenses/MIT",
        "isAccessibleForFree": True,
        "distribution": whole,
    }


def breadcrumbs(steps: Iterable[tuple[str, str]], address: Address) -> dict[str, Any]:
    """The way from the first page to this one; each step is a name with its path."""
    every = [(_("Home"), "/"), *steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": str(name), "item": address(path)}
            for position, (name, path) in enumerate(every, start=1)
        ],
    }


def of(record: Any, address: Address) -> dict[str, Any]:
    """A place, a body or a resolution; nothing of what schema.org has no word for."""
    if isinstance(record, City):
        return city(record, address)
    if isinstance(record, Organization):
        return body(record)
    return legislation(record, address) if isinstance(record, Resolution) else {}


def city(place: City, address: Address) -> dict[str, Any]:
    """A place, with its names in its own languages and where it lies."""
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
    }


def body(organization: Organization) -> dict[str, Any]:
    """A body that decides or speaks, or another group."""
    is_government = organization.classification in GOVERNMENT
    founded = organization.founded
    is_exact = founded is not None and founded.earliest == founded.latest is not None
    return {
        "@type": "GovernmentOrganization" if is_government else "Organization",
        "name": organization.name,
        "alternateName": organization.abbreviation,
        "description": organization.summary,
        "url": organization.website,
        "foundingDate": founded.earliest.isoformat() if is_exact else None,  # type: ignore[union-attr]
    }


def legislation(resolution: Resolution, address: Address) -> dict[str, Any]:
    """A text put to a body; who passed it and when only if it was adopted. Needs `with_record`."""
    page = address(resolution.get_absolute_url())
    adopted = resolution.adoption
    on = adopted.on if adopted is not None and adopted.is_published else None
    is_exact = on is not None and on.earliest == on.latest is not None
    passed = {"@type": "GovernmentOrganization", "name": resolution.organization.name}
    places = {place.pk: place for place in resolution.places.all()}
    places |= {
        relationship.partner.pk: relationship.partner
        for relationship in resolution.relationships.all()
    }
    return {
        "@type": "Legislation",
        "@id": page,
        "url": page,
        "name": resolution.title,
        "description": resolution.summary,
        "legislationIdentifier": resolution.number,
        "legislationType": str(resolution.get_kind_display()),
        "legislationPassedBy": passed if on else None,
        "legislationDate": on.earliest.isoformat() if is_exact else None,  # type: ignore[union-attr]
        "about": [
            {"@type": "Place", "name": place.name, "url": address(place.get_absolute_url())}
            for place in sorted(places.values(), key=lambda place: place.name)
        ],
    }
