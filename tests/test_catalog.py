"""The catalog for translators has every sentence of the site."""

import ast
import re
import shutil
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests.test_project import APPS, ROOT

CATALOG = ROOT / "lrscc" / "locale" / "django.pot"
CODE = [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]


@pytest.mark.skipif(not shutil.which("xgettext"), reason="xgettext (gettext) is not installed")
def test_committed_catalog_is_what_the_site_says(tmp_path, monkeypatch):
    """If not, run `uv run manage.py makemessages` and commit lrscc/locale/django.pot."""
    for folder in [*APPS, "templates"]:
        ignored = shutil.ignore_patterns("__pycache__", "locale", "migrations", "data")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    made = tmp_path / "lrscc" / "locale"
    made.mkdir()
    monkeypatch.chdir(tmp_path)

    with override_settings(LOCALE_PATHS=[made]):
        call_command("makemessages", verbosity=0)

    assert (made / "django.pot").read_text() == CATALOG.read_text()


def cataloged() -> set[tuple[str, ...]]:
    """What the catalog has: (context, message, plural), the first and last maybe empty."""
    found = set()
    for block in CATALOG.read_text().split("\n\n"):
        said = {"msgctxt": "", "msgid": "", "msgid_plural": ""}
        for name, text in re.findall(
            r'^(msgctxt|msgid|msgid_plural) "(.*)"$', block, re.MULTILINE
        ):
            said[name] = ast.literal_eval(f'"{text}"')
        found.add(tuple(said.values()))
    return found


FUNCTIONS = {
    "gettext": ("msgid",),
    "gettext_lazy": ("msgid",),
    "ngettext": ("msgid", "msgid_plural"),
    "ngettext_lazy": ("msgid", "msgid_plural"),
    "pgettext": ("msgctxt", "msgid"),
    "pgettext_lazy": ("msgctxt", "msgid"),
    "npgettext": ("msgctxt", "msgid", "msgid_plural"),
    "npgettext_lazy": ("msgctxt", "msgid", "msgid_plural"),
}


def marked_calls(tree: ast.AST) -> Iterator[tuple[ast.Call, tuple[str, ...]]]:
    """Calls that mark a sentence, by whatever name a module has for the function."""
    known = {
        name.asname or name.name: FUNCTIONS[name.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name in FUNCTIONS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in known:
            yield node, known[node.func.id]


def test_every_sentence_marked_in_the_code_is_in_the_catalog():
    """Also those marked by another name than the extractor knows, or made up as they are said."""
    known = cataloged()
    missing = []
    for path in CODE:
        for call, names in marked_calls(ast.parse(path.read_text())):
            texts = [getattr(text, "value", None) for text in call.args[: len(names)]]
            said = {"msgctxt": "", "msgid": "", "msgid_plural": ""}
            said |= dict(zip(names, texts, strict=True))
            if tuple(said.values()) not in known:
                missing.append((str(path.relative_to(ROOT)), call.lineno, texts))

    assert missing == []


# --- nothing is translated at import ----------------------------------------------------


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs when the module is imported: not what is inside a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (part for first in child.decorator_list for part in ast.walk(first))
            yield from ast.walk(child.args)
        elif isinstance(child, ast.Lambda):
            yield from ast.walk(child.args)
        else:
            yield child
            yield from run_at_import(child)


def translated_at_import(code: str) -> list[int]:
    """The lines where a sentence gets its language at import, before there is a reader.

    By an eager function, or by making text of a lazy one: with `str`, `%` or in an f-string.
    """
    tree = ast.parse(code)
    eager = {"gettext", "ngettext", "pgettext", "npgettext"}
    names = {
        name.asname or name.name: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
    }

    def called(node: ast.AST) -> str:
        if not isinstance(node, ast.Call):
            return ""
        name = getattr(node.func, "id", None)
        return names.get(name, "") if name else getattr(node.func, "attr", "")

    lines = []
    for node in run_at_import(tree):
        made_text: list[ast.AST] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            made_text = [node.left]
        elif isinstance(node, ast.FormattedValue):
            made_text = [node.value]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "str":
            made_text = [*node.args]
        if called(node) in eager or any(
            called(part).endswith("gettext_lazy") for part in made_text
        ):
            lines.append(node.lineno)
    return lines


def test_nothing_is_translated_at_import():
    found = {
        str(path.relative_to(ROOT)): lines
        for path in CODE
        if (lines := translated_at_import(path.read_text()))
    }

    assert found == {}


def test_what_is_translated_at_import_is_found():
    code = """
from django.utils import translation
from django.utils.translation import gettext as now, gettext_lazy as _

LATE = _("fine")
EARLY = {"key": now("frozen")}

class Kind:
    label = translation.gettext("frozen")
    half = _("%s frozen") % 1
    other = str(_("frozen"))
    third = f"{_('frozen')}"

def said(default=now("frozen"), *, fine=_("fine")):
    return now("fine")

@marked(now("frozen"))
def decorated():
    return lambda: now("fine")

FINE = lambda: now("fine")
"""

    assert translated_at_import(code) == [6, 9, 10, 11, 12, 14, 17]
