"""The style sheet and the templates speak of the same classes."""

import re

from django.conf import settings

FOLDER = settings.BASE_DIR / "lrscc" / "static" / "lrscc"
SHEETS = [FOLDER / "shared.css", FOLDER / "site.css"]


def classes_of(sheet: str) -> set[str]:
    return set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)))


def is_used(name: str, text: str) -> bool:
    """Whether the text names the class, or makes it of its beginning and a value."""
    if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
        return True
    return bool(re.search(rf"(?<![\w-]){re.escape(name.split('-')[0])}-(of-)?{{[{{%]", text))


def test_every_class_of_the_style_sheet_is_in_a_template_or_a_script():
    """A class that is renamed in one of them alone loses its style without a word."""
    files = [
        *(settings.BASE_DIR / "templates").rglob("*.html"),
        *FOLDER.glob("*.js"),
    ]
    text = "\n".join(path.read_text() for path in files)

    names = classes_of("".join(sheet.read_text() for sheet in SHEETS))

    assert len(names) > 100
    assert sorted(name for name in names if not is_used(name, text)) == []


def test_unused_class_is_found():
    text = '<p class="entry-body tint-{{ status }}">'

    assert classes_of("/* .old */ .entry-text, .tint-active:hover { top: .5rem }") == {
        "entry-text",
        "tint-active",
    }
    assert [is_used(name, text) for name in ("entry-text", "tint-active")] == [False, True]
