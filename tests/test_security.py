"""docs/security.md answers every requirement, by tests and settings that exist."""

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text()

SECTIONS = """
    1.1:2 1.2:9 1.3:11 1.4:3 1.5:2
    2.1:3 2.2:3 2.3:4 2.4:1
    3.2:2 3.3:4 3.4:6 3.5:5 3.7:2
    4.1:3 4.2:1 4.3:2 4.4:4
    5.1:1 5.2:3 5.3:2 5.4:3
    6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4
    7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
    8.1:2 8.2:3 8.3:1 8.4:1
    9.1:3 9.2:4
    10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3
    11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1
    12.1:3 12.2:2 12.3:4
    13.1:1 13.2:5 13.3:2 13.4:5
    14.1:2 14.2:4 14.3:3
    15.1:3 15.2:3 15.3:7
    16.1:1 16.2:5 16.3:4 16.4:3 16.5:3
    17.1:1 17.2:4 17.3:2
"""
"""How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has: they come first."""

REQUIREMENTS = [
    f"{section}.{number}"
    for section, __, count in (each.partition(":") for each in SECTIONS.split())
    for number in range(1, int(count) + 1)
]
ROWS = re.findall(r"^\| ([\d.–]+) \| .+? \| (.+) \|$", TEXT, re.MULTILINE)


def numbers(said: str) -> list[str]:
    """The requirements that a row answers: one, or one to another."""
    first, __, last = said.partition("–")
    start = REQUIREMENTS.index(first)
    return REQUIREMENTS[start : REQUIREMENTS.index(last or first) + 1]


def test_every_requirement_is_answered_once():
    answered = Counter(number for said, __ in ROWS for number in numbers(said))

    assert len(REQUIREMENTS) == 253
    assert [*answered] == REQUIREMENTS
    assert set(answered.values()) == {1}


def test_what_is_not_met_is_listed():
    listed = re.findall(r"^- \*\*([\d.]+)\*\*", TEXT, re.MULTILINE)

    assert listed == [said for said, answer in ROWS if "see above" in answer]


def test_every_test_that_is_named_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)
    assert len(named) > 100
    for path, test in named:
        functions = {
            node.name
            for node in ast.walk(ast.parse((ROOT / path).read_text()))
            if isinstance(node, ast.FunctionDef)
        }
        assert not test or test in functions, (path, test)


def test_every_file_and_setting_that_is_named_exists():
    for path in re.findall(r"(?:docs|lrscc)/[\w/.-]+\.(?:md|py)", TEXT):
        assert (ROOT / path).exists(), path
    of_environment = (ROOT / "docs" / "operations.md").read_text()
    for name in re.findall(r"`([A-Z]+_[A-Z_]+)`", TEXT):
        assert hasattr(settings, name) or f"`{name}`" in of_environment, name


def lock() -> list[dict]:
    return tomllib.loads((ROOT / "uv.lock").read_text())["package"]


@pytest.mark.parametrize("package", lock(), ids=lambda package: package["name"])
def test_every_library_is_named_with_its_hashes(package):
    source = package["source"]
    if source in ({"virtual": "."}, {"editable": "."}):
        return
    files = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
    assert source == {"registry": "https://pypi.org/simple"}
    assert files
    assert all(file["hash"].startswith("sha256:") for file in files)
