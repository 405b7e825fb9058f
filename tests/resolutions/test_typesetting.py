"""What another program reads in the PDF: the words, their order and their tags."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from pypdf import PdfReader

from resolutions import typesetting
from resolutions.typesetting import (
    Clause,
    ClauseKind,
    Document,
    Section,
    Table,
    TypesettingError,
    typeset,
)

NOT_A_CHARACTER = "\U0010fffe"
"""No machine has a font for it."""

EMPTY = Document(
    title="An example",
    number="",
    organization_name="",
    kind="",
    status="",
    summary="",
    facts=(),
    clauses=(),
    sections=(),
    permanent_address="",
    fingerprint="",
    made_on=date(2020, 1, 2),
)
WHOLE = Document(
    title="An example of thanks",
    number="2018-001",
    organization_name="Example Council",
    kind="Resolution",
    status="Adopted on March 4, 2018",
    summary="The council gives its thanks.",
    facts=(("Introduced", "February 1, 2018"), ("Sponsor", "Member One")),
    clauses=(
        Clause(ClauseKind.WHEREAS, "Whereas,", "there is an example;\n\nand a second one;"),
        Clause(ClauseKind.RESOLVED, "Resolved,", "that there be thanks."),
        Clause(ClauseKind.OTHER, "", "Signed by hand."),
    ),
    sections=(
        Section(
            heading="Votes",
            paragraphs=("The roll was called.",),
            table=Table(("Member", "Vote"), (("Member One", "Yes"), ("Member Two", "No"))),
        ),
        Section(heading="Sources", paragraphs=("Minutes, page 3.", "A letter.")),
    ),
    permanent_address="https://example.org/resolutions/2018-001/",
    fingerprint="0123456789abcdef" * 4,
    made_on=date(2020, 1, 2),
)


def read(document: Document) -> PdfReader:
    """The document in a PDF without fonts of this machine, so that all machines agree."""
    return PdfReader(BytesIO(typeset(document, machine_fonts=False)))


def lines_of(document: Document) -> list[str]:
    """The text of all pages without their footers."""
    pages = [page.extract_text().splitlines()[:-1] for page in read(document).pages]
    return [line.strip() for page in pages for line in page]


def paragraph_as_read(text: str) -> str:
    lines = lines_of(replace(EMPTY, sections=(Section("Here", (text,)),)))
    return "\n".join(lines[lines.index("Here") + 1 : lines.index("About this copy")])


def tags(node: Any) -> Iterator[str]:
    """The roles below a node of the structure tree, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for part in node:
            yield from tags(part)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node["/S"].removeprefix("/")
        yield from tags(node.get("/K"))


def tags_of(document: Document) -> str:
    return " ".join(tags(read(document).root_object["/StructTreeRoot"]))


def test_all_words_are_there_in_order():
    assert lines_of(WHOLE) == [
        "Example Council · Resolution 2018-001",
        "An example of thanks",
        "Adopted on March 4, 2018",
        "The council gives its thanks.",
        "Introduced February 1, 2018",
        "Sponsor Member One",
        "Full text",
        "Whereas, there is an example;",
        "and a second one;",
        "Resolved, that there be thanks.",
        "Signed by hand.",
        "Votes",
        "The roll was called.",
        "Member Vote",
        "Member One Yes",
        "Member Two No",
        "Sources",
        "Minutes, page 3.",
        "A letter.",
        "About this copy",
        "Permanent link https://example.org/resolutions/2018-001/",
        "Fingerprint " + "0123456789abcdef" * 4,
        "Created on January 2, 2020",
    ]


def test_what_is_empty_is_left_out():
    assert lines_of(EMPTY) == ["An example", "About this copy", "Created on January 2, 2020"]
    assert lines_of(replace(EMPTY, kind="Motion"))[0] == "Motion"
    assert lines_of(replace(EMPTY, organization_name="Example Council"))[0] == "Example Council"


def test_every_part_is_tagged_by_what_it_is():
    fact = "LI Lbl Strong LBody P"

    assert tags_of(WHOLE) == (
        "Document P H1 P P"
        f" L {fact} {fact}"
        " H2 P P P P"
        " H2 P Table THead TR TH TH TBody TR TD TD TR TD TD"
        " H2 P P"
        f" H2 L LI Lbl Strong LBody P Link {fact} {fact}"
    )


def test_the_file_says_what_it_is():
    reader = read(WHOLE)
    root = reader.root_object

    assert root["/MarkInfo"] == {"/Marked": True, "/Suspects": False}
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"] == {"/DisplayDocTitle": True, "/Direction": "/L2R"}
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert (reader.metadata.title, reader.metadata.author) == (
        WHOLE.title,
        WHOLE.organization_name,
    )
    assert reader.metadata.creation_date_raw == "D:20200102000000Z"
    assert {(page.mediabox.width, page.mediabox.height) for page in reader.pages} == {(612, 792)}


@pytest.mark.parametrize(
    ("language", "tag", "direction"),
    [("pt-BR", "pt-BR", "/L2R"), ("zh-Hans-CN", "zh-CN", "/L2R"), ("he", "he", "/R2L")],
)
def test_the_language_of_the_document(language, tag, direction):
    root = read(replace(EMPTY, language=language)).root_object

    assert root["/Lang"] == tag
    assert root["/ViewerPreferences"]["/Direction"] == direction


def test_the_sheet_says_its_own_words_in_the_language_of_the_site():
    with translation.override("de"):
        assert lines_of(EMPTY)[-1] == "Created on 2. Januar 2020"


@pytest.mark.parametrize(
    "text",
    [
        '#import "x": *',
        '#read("/etc/passwd")',
        "#panic() #{1 + 1} #sys.inputs",
        "*bold* _italic_ `raw` ~ -- --- ...",
        "= heading",
        "- item",
        "/ term: meaning",
        "$x^2$ @reference <label> // comment /* comment */",
        r"back\slash \n \u{41} ] [ ) ( } {",
        """"double" 'single'""",
        "<b>&amp;</b> %(title)s {page} {pages}",
        "office, floor, fjord",
        "Санкт-Петербург, Київ, Αθήνα, Łódź, e\u0301",
        "[U+5927]",
    ],
)
def test_text_is_never_markup(text):
    everywhere = replace(
        WHOLE,
        title=text,
        number=text,
        organization_name=text,
        status=text,
        summary=text,
        facts=((text, text),),
        clauses=(Clause(ClauseKind.WHEREAS, text, text),),
        sections=(Section(text, (text,), Table((text,), ((text,),))),),
        permanent_address=text,
        fingerprint=text,
    )

    assert paragraph_as_read(text) == text
    assert read(everywhere).metadata.title == text
    # Fifteen places on the sheet, and the footer.
    said = "".join(page.extract_text() for page in read(everywhere).pages)
    assert re.sub(r"\s", "", said).count(re.sub(r"\s", "", text)) == 16


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\0b\x07c\x7fd\x85e", "abcd\ne", id="control-characters"),
        pytest.param("a\ud800b\ufeffc", "abc", id="no-characters"),
        pytest.param("a\u202egnp\u202dz", "agnpz", id="order-turned-round"),
        pytest.param("a\tb", "a b", id="tab"),
        pytest.param("a\r\nb\rc\u2028d", "a\nb\nc\nd", id="line-ends"),
    ],
)
def test_what_is_no_text_is_dropped(text, shown):
    assert paragraph_as_read(text) == shown


def test_right_to_left_is_drawn_in_its_own_direction():
    assert paragraph_as_read("שלום") == "שלום"
    assert sorted(paragraph_as_read("to שלום עולם")) == sorted("to שלום עולם")


def test_a_character_without_a_font_is_spelled_in_numbers():
    lines = lines_of(replace(EMPTY, title=f"Otsu ({NOT_A_CHARACTER * 2})", summary="大"))

    assert lines[:2] == ["Otsu ([U+10FFFE U+10FFFE])", "[U+5927]"]
    assert " ".join(lines[-2:]) == (
        "A code like [U+5927] stands for a character that this copy has no font for; the number"
        " is its Unicode code point."
    )


def test_the_title_of_the_file_needs_no_font():
    assert read(replace(EMPTY, title="Otsu 大津")).metadata.title == "Otsu 大津"


def test_a_mark_without_a_font_is_spelled_in_numbers():
    assert paragraph_as_read("a\u1ab1b") == "a[U+1AB1]b"


def test_the_fonts_of_the_machine_are_used_unless_told():
    assert PdfReader(BytesIO(typeset(EMPTY))).pages[0].extract_text().startswith("An example\n")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda word: {"title": word}, id="title"),
        pytest.param(lambda word: {"summary": word}, id="summary"),
        pytest.param(lambda word: {"facts": ((word, word),)}, id="facts"),
        pytest.param(
            lambda word: {"clauses": (Clause(ClauseKind.WHEREAS, word, word),)}, id="clauses"
        ),
        pytest.param(
            lambda word: {"sections": (Section(word, (), Table((word,) * 3, ((word,) * 3,))),)},
            id="sections",
        ),
        pytest.param(
            lambda word: {"permanent_address": word, "fingerprint": word}, id="this-copy"
        ),
    ],
)
def test_a_word_without_end_stays_on_the_page(make):
    pages = read(replace(EMPTY, **make("M" * 200))).pages

    for page in pages:
        places = []
        page.extract_text(
            visitor_text=lambda text, _page, line, *_font, at=places: at.append((line[4], text))
        )
        longest = max(len(piece) for _x, text in places for piece in text.split("\n"))
        assert longest * 6 < page.mediabox.width


def test_a_hundred_thousand_letters_are_whole():
    word = "0123456789" * 10_000

    document = replace(EMPTY, clauses=(Clause(ClauseKind.OTHER, "", word),))

    assert word in "".join(lines_of(document))


def test_every_page_has_its_footer_outside_the_text():
    long = replace(WHOLE, sections=(Section("Long", ("Some words. " * 2000,)),))

    reader = read(long)

    count = len(reader.pages)
    assert count > 3
    for number, page in enumerate(reader.pages, start=1):
        footer = page.extract_text().splitlines()[-1]
        assert footer == f"{WHOLE.permanent_address} Page {number} of {count}"
        assert page.get_contents().get_data().count(b"/Subtype/Footer/Type/Pagination") == 1


def test_a_table_on_two_pages_has_its_heads_on_both():
    rows = tuple((f"Member {number}", "Yes") for number in range(60))

    lines = lines_of(replace(EMPTY, sections=(Section("Votes", (), Table(("Who", "How"), rows)),)))

    assert lines.count("Who How") == 2
    assert [line for line in lines if line.startswith("Member")] == [
        f"{who} {how}" for who, how in rows
    ]


def test_a_table_can_be_without_rows():
    lines = lines_of(replace(EMPTY, sections=(Section("Votes", (), Table(("Who", "How"), ())),)))

    assert lines[1:3] == ["Votes", "Who How"]


def test_only_a_safe_address_is_a_link():
    linked = read(replace(EMPTY, permanent_address="https://example.org/"))
    plain = read(replace(EMPTY, permanent_address="javascript:alert(1)"))

    assert [
        annotation.get_object()["/A"]["/URI"] for annotation in linked.pages[0]["/Annots"]
    ] == ["https://example.org/"]
    assert "/Annots" not in plain.pages[0]


def test_the_same_document_gives_the_same_bytes():
    first = typeset(WHOLE)

    assert typeset(replace(WHOLE)) == first
    assert typeset(replace(WHOLE, made_on=date(2020, 1, 3))) != first
    assert typeset(replace(WHOLE, summary="Other words.")) != first


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param(
            {"title": ""},
            "“” cannot be made into a PDF: PDF/UA-1 error: heading title is empty.",
            id="no-title",
        ),
        pytest.param(
            {"language": "english"},
            "“An example” cannot be made into a PDF: expected two or three letter language code"
            " (ISO 639-1/2/3).",
            id="no-language",
        ),
        pytest.param(
            {"sections": (Section("Votes", (), Table(("Who", "How"), (("One",),))),)},
            "Each row of the table under “Votes” needs a cell for each head.",
            id="short-row",
        ),
        pytest.param(
            {"sections": (Section("Votes", (), Table((), ())),)},
            "Each row of the table under “Votes” needs a cell for each head.",
            id="no-heads",
        ),
    ],
)
def test_what_cannot_be_typeset_is_refused_in_a_sentence(changes, message):
    with pytest.raises(TypesettingError) as refusal:
        typeset(replace(EMPTY, **changes))

    assert str(refusal.value) == message


@pytest.mark.parametrize(
    "attempt",
    [
        'read("/pyproject.toml")',
        'read("typesetting.py")',
        'read("../pyproject.toml")',
        'include "/resolutions/typesetting.py"',
        'import "@local/anything:1.0.0"',
    ],
)
def test_not_even_the_template_can_read_a_file(tmp_path, monkeypatch, attempt):
    template = tmp_path / "typesetting.typ"
    template.write_text(f"#set document(title: [x])\n#{attempt}")
    (tmp_path / "typesetting.py").write_text("secret")
    monkeypatch.setattr(typesetting, "_TEMPLATE", template)

    with pytest.raises(TypesettingError):
        typeset(EMPTY)


def test_the_template_evaluates_nothing_and_brings_nothing():
    template = Path(typesetting.__file__).with_suffix(".typ").read_text()

    assert not re.findall(r"\b(eval|import|include|read|plugin|image)\b", template)
