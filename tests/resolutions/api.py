"""What the tests of the API of councils and commissions share."""

from cities.records.publishing import Publication

SITE = "http://testserver"
API = f"{SITE}/api/v1"
DRAFT = {"publication": Publication.DRAFT}
LISTS = [
    "resolutions",
    "actions",
    "meetings",
    "members",
    "seats",
    "statements",
    "popolo/persons",
    "popolo/organizations",
    "popolo/motions",
    "popolo/vote-events",
]
SINCE = "2026-01-03"


def day(edtf: str, earliest: str | None = None, latest: str | None = None) -> dict:
    return {"edtf": edtf, "earliest": earliest or edtf, "latest": latest or earliest or edtf}


def page_of(*records: dict) -> dict:
    """The envelope of a list that fits one page."""
    return {"count": len(records), "next": None, "previous": None, "results": list(records)}
