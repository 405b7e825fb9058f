"""Resolutions in the words of schema.org, for search engines."""

from typing import Any

from cities.schema_org import Address


def legislation(resolution: Any, address: Address) -> dict[str, Any]:
    """Who passed a resolution and when only if it was adopted. Needs `find_resolution`."""
    page = address(resolution.get_absolute_url())
    adopted = resolution.adoption
    on = adopted.on if adopted is not None and adopted.is_published else None
    is_exact = on is not None and on.earliest == on.latest is not None
    passed = {"@type": "GovernmentOrganization", "name": resolution.organization.name}
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
            for place in sorted(resolution.about, key=lambda place: place.name)
        ],
    }
