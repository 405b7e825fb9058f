"""Files that nobody would write: whatever TOML can say is loaded, or refused in words."""

import copy
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from lrscc.files.loading import load
from lrscc.files.reading import RegisterError
from tests import test_files
from tests.resolutions import test_files as council_files

pytestmark = pytest.mark.django_db

REGISTERS = [
    {name: rows for text in files.values() for name, rows in tomllib.loads(text).items()}
    for files in (test_files.FILES, council_files.FILES)
]
"""One of everything, as one document."""

WORDS = ["", "x", "adopt", "published", "withdrawn", "1970", "2013-99-99", "Ωmega", "a" * 5000]
VALUES = st.recursive(
    st.sampled_from([*WORDS, 0, -1, 10**30, 1.5, True, date.min, time(1, 2)])
    | st.just(datetime(2020, 1, 1, 1, 1))  # noqa: DTZ001 - a local time of TOML
    | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["kind", "slug", "source", "zzz"]), inner, max_size=2)
    ),
    max_leaves=3,
)


def places_in(node: Any) -> list[tuple[Any, Any]]:
    """Every place in a document: what holds it, and its name or number there."""
    names = list(node) if isinstance(node, dict) else range(len(node))
    found = [(node, name) for name in names]
    inner = [node[name] for name in names if isinstance(node[name], dict | list)]
    return found + [place for one in inner for place in places_in(one)]


@st.composite
def registers(draw: Any) -> dict[str, Any]:
    """A register with one to three places changed, left out or added."""
    register = copy.deepcopy(draw(st.sampled_from(REGISTERS)))
    for __ in range(draw(st.integers(1, 3))):
        holder, name = draw(st.sampled_from(places_in(register) or [(register, "sources")]))
        change = draw(st.sampled_from(["other", "other", "gone", "more"]))
        if change == "gone":
            holder.pop(name, None) if isinstance(holder, dict) else holder.pop(name)
        elif change == "more" and isinstance(holder, dict):
            holder[draw(st.sampled_from(["zzz", "kind", "publication", "number"]))] = draw(VALUES)
        else:
            holder[name] = draw(VALUES)
    return register


def refusals(path: Path) -> list[str]:
    """What is said against a file, which is not kept either way."""
    with transaction.atomic():
        try:
            load([path], lambda *_: None)
            said = []
        except RegisterError as error:
            said = error.refusals or ["no reason"]
        transaction.set_rollback(True)
    return said


@given(register=registers())
@settings(max_examples=60)
def test_whatever_a_file_says_is_loaded_or_refused_in_words(register, tmp_path_factory):
    path: Path = tmp_path_factory.mktemp("register") / "new.toml"
    path.write_text(tomli_w.dumps(register), encoding="utf-8")

    for sentence in refusals(path):
        assert sentence.startswith("new.toml"), sentence
        assert sentence.endswith((".", ")", "”", "!")), sentence
