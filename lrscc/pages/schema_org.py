"""Records as schema.org tells them, for search engines: only what is on record."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cities.records.record_types import registry
from cities.records.schema_org import SCHEMA, data_block

Address = Callable[[str], str]
"""Makes a path a whole address."""


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
    """A record as its app describes it; nothing of what schema.org has no word for."""
    record_type = registry.of(type(record))
    describe = record_type.schema_org if record_type else None
    return describe(record, address) if describe else {}
