"""Walks through the register's own data: every page that it shows, every answer of the API."""

import json
import re
from typing import Any
from urllib.parse import urljoin

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator

from lrscc.files.loading import load
from lrscc.running.preparing import REGISTER
from tests.reading import links_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("answered")]

AS_ANOTHER = re.compile(r"/exchanges/year/(?!202[3-6])|/changes/\?.*&")
"""Years without exchanges, and lists of changes with two conditions: one is as the other."""


@pytest.fixture(scope="module", autouse=True)
def loaded(module_db, indexed):
    load([REGISTER], lambda table, number, total: None)


def test_every_address_the_site_shows_answers(client):
    waiting, anchors = ["/"], set()
    pages: dict[str, str] = {}
    while waiting:
        path, __, anchor = waiting.pop().partition("#")
        anchors.add((path, anchor))
        elsewhere = ("http", "mailto:", "tel:", "/admin/", "/api/v1/", "/static/")
        if path in pages or path.startswith(elsewhere) or AS_ANOTHER.match(path):
            continue
        response = client.get(path)
        assert (path, response.status_code) == (path, 200)
        is_page = response.headers["Content-Type"].startswith("text/html")
        pages[path] = response.text if is_page else ""
        waiting += [urljoin(path, link) for link in links_of(response)] if is_page else []

    assert len(pages) > 200
    missing = [(p, name) for p, name in anchors if name and f'id="{name}"' not in pages[p]]
    assert missing == []


def test_every_answer_of_the_api_is_as_described(client):
    description = json.loads((settings.BASE_DIR / "docs" / "openapi.json").read_text())
    checked = []

    def check(path: str, address: str) -> Any:
        answer = client.get(address)
        assert answer.status_code == 200, address
        described = description["paths"][path]["get"]["responses"]["200"]["content"]
        schema = described["application/json"]["schema"]
        whole = {**schema, "components": description["components"]}
        wrong = [
            f"{error.json_path}: {error.message}"
            for error in Draft202012Validator(whole).iter_errors(answer.json())
        ]
        assert wrong == [], address
        checked.append(address)
        return answer.json()

    for path in description["paths"]:
        if "{" in path:
            continue
        address = f"{path}?q=otsu" if path.endswith("/search/") else path
        rows = check(path, address)
        found = rows.get("results", []) if isinstance(rows, dict) else rows
        [of_one] = [one for one in description["paths"] if one.startswith(f"{path}{{")] or [None]
        for row in found if of_one else []:
            check(of_one, row["url"])
    assert len(checked) > 250
