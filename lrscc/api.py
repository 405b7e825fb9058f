"""Every resource of the API, at one address, and how its description says null."""

from typing import Any

from rest_framework.routers import DefaultRouter

from cities import api as cities
from exchanges import api as exchanges
from lrscc import errors
from lrscc.changes.api import ChangeViewSet, LogViewSet
from lrscc.pages.year_api import YearViewSet
from lrscc.search.api import SearchViewSet
from resolutions import api as resolutions

router = DefaultRouter(use_regex_path=True)
router.include_format_suffixes = False
for app in (cities, resolutions, exchanges):
    router.registry.extend(app.router.registry)
router.register("years", YearViewSet, "year")
router.register("search", SearchViewSet, "search")
router.register("changes", ChangeViewSet, "change")
router.register("log", LogViewSet, "log")


PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "`about:blank`."},
        "title": {"type": "string", "description": "The phrase of the status."},
        "status": {"type": "integer", "description": "The status of the answer."},
        "detail": {"type": "string", "description": "What is wrong, in a sentence."},
        "errors": {
            "type": "array",
            "description": "What is wrong with each parameter.",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "kind": {"type": "string", "description": "The kind of the withdrawn record."},
        "withdrawn_on": {"type": "string", "format": "date"},
        "withdrawn_because": {"type": "string"},
    },
}
ANSWERS = {
    "400": "A parameter cannot be used.",
    "404": "There is nothing at this address.",
    "410": "The record was withdrawn, or the edition of the log has ended.",
    "503": "The database cannot be reached or is busy. Try again later.",
}
"""Errors of the API, each with when it is given."""


def say_errors(result: Any, **kwargs: Any) -> Any:
    """Describe the errors that each address can answer, all in one form."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    content = {errors.PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in result["paths"].items():
        for operation in operations.values():
            names = {one["name"]: one["in"] for one in operation.get("parameters", [])}
            is_record = "path" in names.values()
            records = result["paths"].get(path.partition("{")[0], {})
            may_be_withdrawn = "Listed" in str(records)  # records and tombstones in one list
            possible = {
                "400": True,  # at least for a parameter that there is not
                "404": is_record or "page" in names,
                "410": (is_record and may_be_withdrawn) or path.endswith("/log/"),
                "503": True,
            }
            operation["responses"] |= {
                status: {"description": words, "content": content}
                for status, words in ANSWERS.items()
                if possible[status]
            }
    return result


def say_null(result: Any, **kwargs: Any) -> Any:
    """Write null as a type in the description, as OpenAPI 3.1 does, for “nullable”."""
    if isinstance(result, list):
        return [say_null(part) for part in result]
    if not isinstance(result, dict):
        return result
    described = {name: say_null(part) for name, part in result.items()}
    if {"type": "string", "maxLength": 0} in described.get("oneOf", []):
        # A format is a note: an empty string may have it, and then be both, not one of them.
        described["anyOf"] = described.pop("oneOf")
    if described.pop("nullable", False) and isinstance(described.get("type"), str):
        described["type"] = [described["type"], "null"]
    return described
