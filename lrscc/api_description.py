"""What drf-spectacular does not say of the API by itself: errors, null, and what things mean."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lrscc import errors

WORDS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "data" / "api_words.toml").read_text(encoding="utf-8")
)
"""What schemas, properties and parameters mean, and examples of the last two: five tables."""

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
    "429": "There were too many requests from one address. `Retry-After` has the seconds to wait.",
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
                "429": True,
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


def say_filters(result: Any, **kwargs: Any) -> Any:
    """Say that a filter may be empty, which countries there are, and what no text can have."""
    countries = result["components"]["schemas"]["CountryEnum"]
    for operations in result["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                schema = parameter["schema"]
                if parameter["name"] == "country":
                    schema["enum"] = countries["enum"]
                if parameter["in"] == "query" and "default" not in schema:
                    parameter["allowEmptyValue"] = True  # as a form sends what is left blank
                if schema.get("type") == "string" and not {"enum", "format", "pattern"} & {
                    *schema
                }:
                    schema["pattern"] = "^[^\\u0000]*$"
    return result


def say_meanings(result: Any, **kwargs: Any) -> Any:
    """Describe every schema, property and parameter that `WORDS` knows, some with an example."""
    for name, schema in result["components"]["schemas"].items():
        is_page = name.startswith("Paginated")
        _describe(schema, "schemas", ["Paginated" if is_page else name])
        for path, described in properties(schema, name):
            _describe(described, "properties", keys(path))
            if example := _found("examples", keys(path)):
                described["examples"] = [example]
    for operations in result["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                _describe(parameter, "parameters", [parameter["name"]])
                if example := WORDS["parameter_examples"].get(parameter["name"]):
                    parameter["example"] = example
    return result


def properties(schema: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the path and the description of every property inside a schema."""
    for name, described in schema.get("properties", {}).items():
        yield f"{path}.{name}", described
        yield from properties(described, f"{path}.{name}")
        yield from properties(described.get("items", {}), f"{path}.{name}")


def keys(path: str) -> list[str]:
    """Return the keys of `WORDS` that may describe a property, the most exact first."""
    steps = re.sub("^Paginated.*List|InFull", "", path).split(".")
    return [".".join(steps[number:]) for number in range(len(steps))]


def _describe(described: dict[str, Any], table: str, possible: list[str]) -> None:
    if meaning := _found(table, possible):
        choices = described.get("description", "").find("* `")  # drf-spectacular lists them there
        after = f"\n\n{described['description'][choices:]}" if choices >= 0 else ""
        described["description"] = meaning + after


def _found(table: str, possible: list[str]) -> Any:
    return next((WORDS[table][key] for key in possible if key in WORDS[table]), None)
