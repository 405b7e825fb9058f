"""The API's description: current, complete, and right in the eyes of other people's programs."""

import json
from typing import Any

from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from lrscc.api_description import WORDS, keys, properties

DESCRIPTION: dict[str, Any] = json.loads((settings.BASE_DIR / "docs" / "openapi.json").read_text())
SCHEMAS = DESCRIPTION["components"]["schemas"]
OPERATIONS = [one for path in DESCRIPTION["paths"].values() for one in path.values()]
PARAMETERS = [one for operation in OPERATIONS for one in operation.get("parameters", ())]
PROPERTIES = [found for name, schema in SCHEMAS.items() for found in properties(schema, name)]


def test_committed_description_is_current():
    schema = SchemaGenerator().get_schema(request=None, public=True)

    assert json.loads(OpenApiJsonRenderer().render(schema)) == DESCRIPTION


def test_description_is_valid_openapi():
    assert list(OpenAPIV31SpecValidator(DESCRIPTION).iter_errors()) == []
    assert DESCRIPTION["openapi"].startswith("3.1")
    # OpenAPI 3.1 has no “nullable”: a reader of that version would refuse our nulls.
    assert '"nullable"' not in json.dumps(DESCRIPTION)
    assert SCHEMAS["PaginatedSeatList"]["properties"]["next"]["type"] == ["string", "null"]


def test_everything_is_described():
    unsaid = [path for path, described in PROPERTIES if not described.get("description")]
    unsaid += [
        name
        for name, schema in SCHEMAS.items()
        if "properties" in schema and not schema.get("description")
    ]
    unsaid += [one["name"] for one in PARAMETERS if not one.get("description")]
    unsaid += [one["operationId"] for one in OPERATIONS if not one.get("summary")]

    assert (unsaid, len(PROPERTIES) > 600) == ([], True)


def test_every_meaning_and_example_is_of_something():
    """And nothing is described that is gone."""
    of_properties = {key for path, __ in PROPERTIES for key in keys(path)}
    possible = {
        "schemas": {*SCHEMAS, "Paginated"},
        "properties": of_properties,
        "parameters": {one["name"] for one in PARAMETERS},
        "parameter_examples": {one["name"] for one in PARAMETERS},
        "examples": of_properties,
    }

    assert {table: {*words} - possible[table] for table, words in WORDS.items()} == {
        table: set() for table in possible
    }


def test_examples_are_possible_values():
    examples = [(path, schema) for path, schema in PROPERTIES if "examples" in schema]

    wrong = [
        path
        for path, schema in examples
        for example in schema["examples"]
        if not Draft202012Validator(
            schema | {"components": DESCRIPTION["components"]},
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        ).is_valid(example)
    ]

    assert (wrong, len(examples) > 100) == ([], True)
