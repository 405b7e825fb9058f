"""Every sentence of the site can be said in another language, and every other one is marked."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.http import QueryDict
from django.template.base import Lexer, TokenType
from django.test import override_settings
from django.utils import translation

from cities.models import AgreementTitle, City, CityName, CitySummary, Source
from cities.records.countries import (
    country_choices,
    country_name,
    former_country_choices,
    subdivision_name,
)
from exchanges.money import currency_choices
from lrscc import errors
from tests.derived import rebuild_all
from tests.factories import make_agreement, make_name, make_summary
from tests.test_project import APPS, QUERIES, ROOT, TEMPLATES, make_full_register


@pytest.fixture(scope="module")
def register(module_db, tmp_path_factory):
    """One of everything, also with names, titles and summaries in other languages."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("documents")), transaction.atomic():
        make_full_register(1)
        otsu = City.objects.get(slug="otsu")
        make_name(otsu, "أوتسو", language="ar", kind="exonym")
        make_name(otsu, "Ōtsu-shi", language="ja-Latn", kind="romanized")
        make_summary(otsu, "he", text="עיר תאומה")
        agreement = make_agreement(otsu.relationships.get(), signed_on="1970")
        AgreementTitle.objects.create(agreement=agreement, language="ru", text="Соглашение")
        for source in Source.objects.all():
            source.title, source.title_language = f"출처 {source.pk}", "ko"
            source.save()
        rebuild_all()
        yield
        transaction.set_rollback(True)


# --- nothing is said without being marked -----------------------------------------------

SHOWN = ("alt", "aria-label", "content", "label", "placeholder", "title", "value")
"""Attributes that people read or hear."""

ADDRESS = re.compile(r"https?://\S+")
WORDS = re.compile(r"[^\W\d_]{2,}")
NO_WORDS = {
    "SHA",
    "utf",
    "width",
    "device",
    "initial",
    "scale",
    "light",
    "dark",
    "Wikidata",
    "USD",
}
"""What is the same in every language."""


class Shown(HTMLParser):
    """What people read of some HTML: its text in order, and each attribute by itself."""

    VOID = {"meta", "link", "input", "img", "br", "hr", "path", "rect", "circle", "use"}

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.attributes: list[str] = []
        self.open: list[tuple[str, dict]] = []

    @property
    def is_quoted(self) -> bool:
        """Inside code, the text of a resolution, or words marked with a language of their own."""
        return any(
            tag in ("code", "script")
            or attributes.get("class") == "clause-text"
            or (tag != "html" and "lang" in attributes)
            for tag, attributes in self.open
        )

    def handle_starttag(self, tag: str, attrs: list) -> None:
        attributes = dict(attrs)
        self.open.append((tag, attributes))
        machine = tag == "meta" and attributes.get("name") != "description"
        fixed = tag in ("option", "input") and attributes.get("type") != "submit"
        if not self.is_quoted and not machine:
            names = [name for name in SHOWN if not (fixed and name == "value")]
            self.attributes += [attributes[name] for name in names if attributes.get(name)]
        if tag in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while any(above == tag for above, *__ in self.open) and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.is_quoted:
            self.text.append(data)


def shown(html: str) -> Shown:
    reader = Shown()
    reader.feed(html)
    return reader


def words(text: str) -> list[str]:
    return [word for word in WORDS.findall(ADDRESS.sub(" ", text)) if word not in NO_WORDS]


def unmarked_in_template(source: str) -> list[str]:
    """Words of a template that stand outside of its translated parts."""
    kept, inside = [], False
    for token in Lexer(source).tokenize():
        first = token.contents.split(" ")[0] if token.token_type == TokenType.BLOCK else ""
        if first.startswith("blocktrans") and "asvar" not in first:
            inside = True
        elif first.startswith("endblocktrans"):
            inside = False
        elif token.token_type == TokenType.TEXT and not inside:
            kept.append(token.contents)
    reader = shown("".join(kept))
    return words(" ".join([*reader.text, *reader.attributes]))


def test_no_template_says_anything_unmarked():
    found = {
        str(path.relative_to(ROOT)): unmarked_in_template(path.read_text()) for path in TEMPLATES
    }

    assert {path: words for path, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Bare words</p>", ["Bare", "words"]),
        ('<p>{% translate "Marked" %}</p>', []),
        ("{% blocktranslate %}Marked <b>too</b>{% endblocktranslate %} not", ["not"]),
        ('<img alt="A lake" src="lake.webp">', ["lake"]),
        ('<nav aria-label="Main">', ["Main"]),
        ("<code>GET</code> <p lang='en'>As it is</p>", []),
    ],
)
def test_unmarked_words_of_a_template_would_be_found(source, found):
    assert unmarked_in_template(source) == found


# --- a language in which every sentence is in brackets ----------------------------------


def bracketed(message: str) -> str:
    if message == "yes,no,maybe":  # three words in one message, for the filter of that name
        return ",".join(f"⟦{word}⟧" for word in message.split(","))
    return f"⟦{message}⟧"


@pytest.fixture
def brackets(monkeypatch):
    """Every sentence that goes through gettext comes back in brackets."""
    said = {
        "gettext": lambda message: bracketed(message),
        "pgettext": lambda context, message: bracketed(message),
        "ngettext": lambda one, many, count: bracketed(one if count == 1 else many),
        "npgettext": lambda context, one, many, count: bracketed(one if count == 1 else many),
    }
    for name, function in said.items():
        monkeypatch.setattr(translation._trans, name, function)


def outside_brackets(text: str) -> str:
    depth, kept = 0, []
    for letter in text:
        depth += letter == "⟦"
        kept.append(" " if depth else letter)
        depth -= letter == "⟧"
    assert depth == 0, text
    return "".join(kept)


def texts_on_record() -> set[str]:
    found = set()
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            if model.__name__.startswith("Historical"):
                continue
            fields = [
                field.attname
                for field in model._meta.concrete_fields
                if isinstance(field, models.CharField | models.TextField | models.FileField)
                and not field.choices
            ]
            found |= {value for row in model._base_manager.values_list(*fields) for value in row}
    for country, part in City.objects.values_list("country", "subdivision"):
        found |= {country_name(country), subdivision_name(part)}
    return {text for text in found if isinstance(text, str) and WORDS.search(text)}


def naming(texts: set[str]) -> re.Pattern:
    """Finds each of the texts as a whole, of two the longer one."""
    names = "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{names or '(?!)'})(?!\w)", re.IGNORECASE)


def unmarked_on_page(html: str, *known: re.Pattern) -> list[str]:
    """Words of a page in brackets’ language that are neither in brackets nor known."""
    reader = shown(html)
    left = [outside_brackets("\n".join(reader.text)), *map(outside_brackets, reader.attributes)]
    found = []
    for text in left:
        for names in known:
            text = names.sub(" ", text)
        found += words(text)
    return found


HTML_PAGES = [
    path
    for path in QUERIES
    if not path.startswith("/api/v1/")
    and not path.endswith(
        (
            ".csv",
            ".ics",
            ".txt",
            ".png",
            ".svg",
            ".atom",
            ".xml",
            "/picture/",
            "/pdf/",
            "/document/",
        )
    )
    and ".ics?" not in path
    and "/suggest" not in path
    and path not in ("/healthz/", "/readyz/")
]


@pytest.fixture(scope="module")
def on_record(register):
    """Finds every text that stands in a record."""
    return naming(texts_on_record())


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*HTML_PAGES, "/nowhere/", "/?q=%00", "/members/?page=zz"])
def test_page_says_nothing_unmarked_and_marks_other_languages(
    on_record, foreign_words, brackets, client, path
):
    page = client.get(path).text

    words_searched = set(QueryDict(urlsplit(path).query).getlist("q"))
    assert "⟦" in page
    assert unmarked_on_page(page, on_record, naming(words_searched)) == []
    assert wrongly_marked(page, foreign_words) == []
    assert '<html lang="en-us">' in page


STAFF_PAGES = ["/admin/"] + [
    f"/admin/{model._meta.app_label}/{model._meta.model_name}/{ending}"
    for model in admin.site._registry
    for ending in ("", "add/")
]


@pytest.fixture(scope="module")
def on_lists(register):
    """Finds what stands in lists of choices, the names of roles, and whoever signed in."""
    choices = {
        str(name)
        for __, name in [*country_choices(), *former_country_choices(), *currency_choices()]
    }
    roles = Group.objects.values_list("name", flat=True)
    by_django = {"Search", "True", "False"}  # of its own pictures
    return naming({*choices, *roles, *by_django, "admin", "admin@example.com"})


@pytest.mark.django_db
@pytest.mark.parametrize("path", STAFF_PAGES)
def test_page_of_staff_says_nothing_unmarked(on_record, on_lists, brackets, admin_client, path):
    page = admin_client.get(path).text

    assert "⟦" in page
    assert unmarked_on_page(page, on_lists, on_record) == []


@pytest.mark.parametrize(
    "answer",
    [
        errors.csrf_failure,
        errors.permission_denied,
        errors.server_error,
        errors.unavailable,
        errors.busy,
    ],
)
def test_page_of_a_fault_says_nothing_unmarked(brackets, rf, answer):
    assert unmarked_on_page(answer(rf.get("/")).text) == []


def test_unmarked_words_of_a_page_would_be_found():
    page = "<html lang='en'><h1>⟦Partners <b>⟧Otsu⟦ today</b>⟧ lost</h1><img alt='A lake'>"

    assert unmarked_on_page(page, naming({"Otsu"})) == ["lost", "lake"]


# --- words of another language are marked as such ---------------------------------------


class Marked(HTMLParser):
    """The text of a page in pieces, each with the language and the direction it is marked with."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None, str | None]] = []
        self.pieces: list[tuple[str, str | None, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag not in Shown.VOID:
            attributes = dict(attrs)
            __, language, direction = self.open[-1] if self.open else ("", None, None)
            if "lang" in attributes:
                in_drawing = any(above == "svg" for above, *__ in [*self.open, (tag,)])
                language = attributes["lang"]
                direction = "auto" if in_drawing else attributes.get("dir")  # SVG has no `dir`
            self.open.append((tag, language, direction))

    def handle_endtag(self, tag: str) -> None:
        while any(above == tag for above, *__ in self.open) and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, language, direction = self.open[-1] if self.open else ("", None, None)
        if tag not in ("title", "script"):  # neither can hold a mark
            self.pieces.append((data, language, direction))


def wrongly_marked(html: str, foreign: dict[str, str]) -> list[tuple[str, str | None, str | None]]:
    """Foreign words, each with the marks it has, without their language or a direction."""
    reader = Marked()
    reader.feed(html)
    return [
        (text, language, direction)
        for piece, language, direction in reader.pieces
        for text, wanted in foreign.items()
        if text in piece and (language, direction) != (wanted, "auto")
    ]


@pytest.fixture(scope="module")
def foreign_words(register) -> dict[str, str]:
    """Each text on record that is not in English, with its language."""
    found = {"출처": "ko", "日本語": "ja-000"}
    for model in (CityName, CitySummary, AgreementTitle):
        found |= dict(model.objects.exclude(language="en").values_list("text", "language"))
    return found


@pytest.mark.django_db
def test_words_of_another_language_are_on_the_pages(foreign_words, client):
    pages = "".join(client.get(path).text for path in ("/cities/otsu/", "/sources/otsu/"))

    assert [text for text in foreign_words if text not in pages] == []


def test_wrongly_marked_words_would_be_found():
    foreign = {"大津": "ja"}

    for html in ("<p>大津</p>", "<p lang='ko' dir='auto'>大津</p>", "<p lang='ja'>大津</p>"):
        assert len(wrongly_marked(html, foreign)) == 1
    assert wrongly_marked("<p lang='ja' dir='auto'>大津 <b>!</b></p>", foreign) == []


@pytest.mark.django_db
def test_page_in_a_language_from_right_to_left_says_so(client):
    with translation.override("ar"):
        page = client.get("/privacy/").text

    assert '<html lang="ar" dir="rtl">' in page
