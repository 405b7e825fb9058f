"""Every kind of page is valid HTML, by the checker of the W3C (the Nu Html Checker)."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from tests.browser.pages import EVERY_PAGE
from tests.tools import needs


@pytest.fixture(scope="module")
def checker():
    """The command that starts the checker: VNU_JAR says where it lies."""
    java, jar = shutil.which("java"), Path(os.environ.get("VNU_JAR", "none"))
    needs(java, "Java", "Install it to check the HTML.")
    needs(jar.is_file(), "Nu Html Checker", "Name its vnu.jar (npm: vnu-jar) by VNU_JAR.")
    return [java, "-jar", str(jar), "--format", "json", "--exit-zero-always"]


@pytest.fixture(scope="module")
def verdicts(checker, pages, tmp_path_factory):
    """What the checker says of each page, by its kind: it starts once for all."""
    folder, client = tmp_path_factory.mktemp("html"), Client()
    files = {kind: folder / f"{number}.html" for number, kind in enumerate(EVERY_PAGE)}
    for kind, file in files.items():
        file.write_bytes(client.get(pages[kind]).content)
    said = subprocess.run([*checker, *files.values()], capture_output=True, text=True, check=True)
    messages = json.loads(said.stderr)["messages"]
    return {
        kind: [
            f"{message['message']} {message.get('extract', '')}"
            for message in messages
            if message["url"].endswith(f"/{file.name}")
        ]
        for kind, file in files.items()
    }


@pytest.mark.parametrize("kind", EVERY_PAGE)
def test_page_is_valid_html(verdicts, kind):
    assert verdicts[kind] == []
