"""Records in the vocabulary of schema.org, for search engines: only what is on record."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cities.models import Register
from cities.records.record_types import registry
from cities.records.schema_org import SCHEMA, data_block

Address = Callable[[str], str]
"""Makes a path a whole address."""


def block(data: dict[str, Any]) -> SafeString | str:
    """Return the data for a page, without what is not known."""
    return data_block({"@context": SCHEMA, **_known(data)} if data else None)


def _known(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in ("", None, [], {})}


def _maintainer(register: Register, address: Address) -> dict[str, Any]:
    return _known(of(register.maintainer, address)) if register.is_on_record else {}


def site(register: Register, address: Address, search: str) -> dict[str, Any]:
    """Return the site, and how it is searched."""
    target = {"@type": "EntryPoint", "urlTemplate": f"{address(search)}?q={{q}}"}
    action = {"@type": "SearchAction", "target": target, "query-input": "required name=q"}
    return {
        "@type": "WebSite",
        "@id": address("/"),
        "url": address("/"),
        "name": register.site_name,
        "publisher": _maintainer(register, address),
        "potentialAction": action,
    }


def dataset(register: Register, page: str, data: str, address: Address) -> dict[str, Any]:
    """Return the whole record as a data set: its page, and where its data are (JSON)."""
    whole = {
        "@type": "DataDownload",
        "encodingFormat": "application/json",
        "contentUrl": address(data),
    }
    return {
        "@type": "Dataset",
        "@id": address(page),
        "url": address(page),
        "name": gettext("Sister Cities Register"),
        "description": gettext(
            "The sister and friendship cities of %(city)s: the status of each on any date, who"
            " decided, the exchanges, and the source of every fact."
        )
        % {"city": register.home_in_full},
        "creator": _maintainer(register, address),
        "license": "https://spdx.org/licenses/MIT",
        "isAccessibleForFree": True,
        "distribution": whole,
    }


def breadcrumbs(steps: Iterable[tuple[str, str]], address: Address) -> dict[str, Any]:
    """Return the steps from the home page to this one; each is a name with its path."""
    every = [(gettext("Home"), "/"), *steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": str(name), "item": address(path)}
            for position, (name, path) in enumerate(every, start=1)
        ],
    }


def of(record: Any, address: Address) -> dict[str, Any]:
    """Return a record as its app describes it; nothing where schema.org has no word for it."""
    record_type = registry.of(type(record))
    describe = record_type.schema_org if record_type else None
    return describe(record, address) if describe else {}
