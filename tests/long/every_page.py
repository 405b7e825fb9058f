"""Every page of the register's own data that links lead to; the suite reads a few of each kind.

Its name keeps it from pytest, unless it is named: `python -m tests.long` does.
"""

from pathlib import Path

import pytest
from django.conf import settings

from lrscc.files.loading import load
from tests.browser.validity import html_faults
from tests.derived import rebuild_all
from tests.reading import links_of, walk


@pytest.fixture
def markup(db, client):
    """Each page, by its address; of a list only the first page, for one choice is as another."""
    load([Path(settings.BASE_DIR) / "lrscc" / "data" / "register"], lambda *progress: None)
    rebuild_all()
    found: dict[str, bytes] = {}

    def visit(path: str) -> set[str]:
        response = client.get(path)
        assert (path, response.status_code) == (path, 200)
        if not response.headers["Content-Type"].startswith("text/html"):
            return set()
        found[path] = response.content
        links = {link.partition("#")[0].partition("?")[0] for link in links_of(response)}
        return {
            link
            for link in links
            if link.startswith("/") and not link.startswith(("/admin/", "/static/"))
        }

    walk(["/"], visit)
    return found


def test_every_page_is_there_and_valid_html(markup, tmp_path):
    assert len(markup) > 100
    found = html_faults(markup, tmp_path)

    assert {path: faults for path, faults in found.items() if faults} == {}
