"""The house keeps its measures and its words: short modules, plain American English."""

import ast
import calendar
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("lrscc", "cities", "exchanges", "resolutions")
CODE = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
TESTS = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path.name != "test_house.py"]
CATALOG = ROOT / "lrscc" / "locale" / "django.pot"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
REGISTER = sorted((ROOT / "lrscc" / "data" / "register").glob("*.toml"))
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

LINES_OF_A_MODULE = 400
LINES_OF_A_FUNCTION = 40


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, Any]]:
    """The nodes of these kinds in our code, each with the name of its module."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, kinds):
                yield name(path), node


# --- measures -----------------------------------------------------------------------------


def test_no_module_is_long():
    lengths = {name(path): len(path.read_text().splitlines()) for path in CODE}

    assert {path: lines for path, lines in lengths.items() if lines > LINES_OF_A_MODULE} == {}


def test_no_function_is_long():
    lengths = {
        f"{path}: {function.name}": function.end_lineno - function.lineno + 1
        for path, function in nodes(ast.FunctionDef)
    }

    assert {where: lines for where, lines in lengths.items() if lines > LINES_OF_A_FUNCTION} == {}


def test_underscore_is_lazy():
    """A sentence is translated when it is shown, never earlier; `gettext` is written out."""
    eager = [
        f"{path}: {alias.name}"
        for path, node in nodes(ast.ImportFrom)
        for alias in node.names
        if alias.asname == "_" and alias.name != "gettext_lazy"
    ]

    assert eager == []


# --- words --------------------------------------------------------------------------------

BRITISH = (
    r"programmes?|colours?|honours?|labours?|neighbours?|favourites?|behaviours?|licences?"
    r"|licenced|centres?|catalogues?|defence|grey|cheques?|cancell(?:ed|ing)|travell\w+"
    r"|labelled|misspelt|towards|whilst|\w*(?:organis|recognis|romanis|authoris|summaris)\w+"
)
IDIOM = (
    r"anew|whom|heaps?|(?:the|a) tie(?= (?:with|of|stands))|kinds? of tie|goes on"
    r"|stands? under|how near|makes? known|nobody types|ledger lines?|not (?:found|known) yet"
)
OF_THE_CODE = (
    r"bodies|body|ledgers?|standings?|grades?|slugs?|EDTF|ISO \d+(?:-\d+)?"
    r"|(?:left|leave|leave it|leave this|leave both) empty"
)
OF_NO_DJANGO_DOCSTRING = r"tell|tells|told|lacks?|of which|keepers?|bodies|(?:a|the) body|ledgers?"
DAY_FIRST = rf"\d{{1,2}} (?:{'|'.join(calendar.month_name[1:])}) \d{{4}}"

FOR_EVERYONE = "|".join((BRITISH, IDIOM))
FOR_READERS = "|".join((FOR_EVERYONE, OF_THE_CODE, DAY_FIRST))
FOR_DEVELOPERS = "|".join((FOR_EVERYONE, OF_NO_DJANGO_DOCSTRING))


def found(words: str, text: str) -> list[str]:
    """The words in a text, but not those in its code: `body` names a column."""
    prose = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", " ", text, flags=re.DOTALL)
    return [
        match[0] for match in re.finditer(rf"(?<![\w-])(?:{words})(?![\w-])", prose, re.IGNORECASE)
    ]


def faults(words: str, texts: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    return [(where, old) for where, text in texts if (old := found(words, text))]


def messages() -> list[tuple[str, str]]:
    """The sentences of the catalog, without their placeholders."""
    entries = re.findall(r'^msgid(?:_plural)? ((?:".*"\n)+)', CATALOG.read_text(), re.MULTILINE)
    sentences = ["".join(re.findall(r'"(.*)"', entry)) for entry in entries]
    return [(text, re.sub(r"%\(\w+\)[sd]|<[^>]*>", " ", text)) for text in sentences]


def templates() -> list[tuple[str, str]]:
    """What the templates say, without tags and variables."""
    code = r"{#.*?#}|{%.*?%}|{{.*?}}|<(script|style)\b.*?</\1>|<[^>]*>"
    return [
        (name(path), re.sub(code, " ", path.read_text(), flags=re.DOTALL)) for path in TEMPLATES
    ]


def register_texts() -> list[tuple[str, str]]:
    """Our own sentences in the register's files: not titles, which are as printed."""
    own = {"about", "definition", "finding_aid", "note", "reason", "says", "story", "summary"}

    def sentences(value: Any, key: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for inner, part in value.items():
                yield from sentences(part, inner)
        elif isinstance(value, list):
            for part in value:
                yield from sentences(part, key)
        elif key in own:
            yield value

    return [
        (f"{path.name}: {text}", text)
        for path in REGISTER
        for text in sentences(tomllib.loads(path.read_text()))
    ]


def prose_of_code() -> list[tuple[str, str]]:
    """The docstrings and the sentences of the code."""
    return [
        (f"{path}:{node.lineno}", node.value)
        for path, node in nodes(ast.Constant)
        if isinstance(node.value, str) and node.value.count(" ") > 2
    ]


def docstrings_of_tests() -> list[tuple[str, str]]:
    return [
        (name(path), text)
        for path in TESTS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Module | ast.FunctionDef) and (text := ast.get_docstring(node))
    ]


def comments() -> list[tuple[str, str]]:
    return [
        (f"{name(path)}:{token.start[0]}", token.string)
        for path in [*CODE, *TESTS]
        for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
        if token.type == tokenize.COMMENT
    ]


@pytest.mark.parametrize("texts", [messages, templates, register_texts])
def test_readers_find_plain_american_english(texts):
    assert len(texts()) > 50
    assert faults(FOR_READERS, texts()) == []


@pytest.mark.parametrize("texts", [prose_of_code, docstrings_of_tests, comments])
def test_developers_find_the_words_of_the_field(texts):
    assert len(texts()) > 200
    assert faults(FOR_DEVELOPERS, texts()) == []


@pytest.mark.parametrize("path", DOCS, ids=name)
def test_docs_are_in_plain_american_english(path):
    assert found(FOR_DEVELOPERS, path.read_text()) == []


@pytest.mark.parametrize(
    ("words", "sentence", "old"),
    [
        (BRITISH, "Our programmes: see the Catalogue, an organisation’s.", 3),
        (IDIOM, "Kinds of tie: by whom, it goes on, not found yet.", 4),
        (OF_THE_CODE, "Leave it empty: the body’s slug, by ISO 3166-2.", 4),
        (OF_NO_DJANGO_DOCSTRING, "Tells what a body lacks; see `body`.", 3),
        (DAY_FIRST, "12 May 1969, not May 12, 1969", 1),
        (FOR_READERS, "Our program: see the catalog. A tie fails; leave it blank.", 0),
    ],
)
def test_old_words_are_found(words, sentence, old):
    assert len(found(words, sentence)) == old
