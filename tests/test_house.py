"""The house keeps its measures: short modules and short functions."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("lrscc", "cities", "exchanges", "resolutions")
CODE = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)

LINES_OF_A_MODULE = 400
LINES_OF_A_FUNCTION = 40


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_is_long():
    lengths = {name(path): len(path.read_text().splitlines()) for path in CODE}

    assert {path: lines for path, lines in lengths.items() if lines > LINES_OF_A_MODULE} == {}


def test_no_function_is_long():
    lengths = {
        f"{name(path)}: {node.name}": node.end_lineno - node.lineno + 1
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    }

    assert {where: lines for where, lines in lengths.items() if lines > LINES_OF_A_FUNCTION} == {}
