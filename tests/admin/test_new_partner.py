"""A new partner city on one page: city, relationship, first entry, agreement and source."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import (
    Agreement,
    Citation,
    City,
    CityName,
    Entry,
    Register,
    Relationship,
    Source,
)
from tests.admin.browser import form_in, form_of, sentences, text
from tests.admin.people import SUPERUSER, at, browser, browser_with, everything
from tests.factories import (
    make_authority,
    make_city,
    make_organization,
    make_register,
    make_source,
    make_type,
)
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

URL = "/admin/cities/city/new-partner/"
NOTE = "Nothing is saved yet. Please correct this first:"
SOURCES = {
    "source-title": "Agreement of October 1, 1969",
    "source-kind": "document",
    "source-reliability": "signed_original",
    "source-address": "https://example.org/otsu.pdf",
}
AGREED = {"agreement-kind": "agreement", "agreement-signed_at": "Lansing City Hall"}


@pytest.fixture(autouse=True)
@remembered
def council():
    """The register of Lansing, with a council that may decide and one that may not."""
    make_register()
    make_type()
    decides = make_organization("lansing-city-council")
    make_authority(decides)
    make_organization("school-board")
    return decides


@pytest.fixture
def boss():
    return browser(SUPERUSER)


def filled(client, **fields):
    """What a browser sends of the form, with what a clerk knows of Otsu."""
    otsu = {
        "city-name": "Otsu",
        "city-country": "JP",
        "city-subdivision": "Shiga",
        "name-text": "大津市",
        "entry-kind": "signed",
        "entry-on": "October 1, 1969",
        "entry-type": str(make_type().pk),
        "_whole": "Save",
    }
    given = {name.replace("__", "-"): value for name, value in fields.items()}
    return form_of(client, URL) | otsu | given


def stored():
    """All that is on record of a new partner, in words."""
    return {
        "city": [
            (each.name, each.kind, each.country, each.subdivision, each.slug, each.publication)
            for each in City.objects.exclude(slug="lansing")
        ],
        "names": [(each.text, each.language, each.kind) for each in CityName.objects.all()],
        "relationships": [(str(each), each.slug) for each in Relationship.objects.all()],
        "entries": [
            (str(each), each.type.name, str(each.decided_by), str(each.agreement), each.note)
            for each in Entry.objects.all()
        ],
        "agreements": [
            (
                str(each),
                each.signed_at,
                [str(one) for one in each.relationships.all()],
                [str(one) for one in each.documents.all()],
            )
            for each in Agreement.objects.all()
        ],
        "sources": [(each.title, each.slug, each.address) for each in Source.objects.all()],
        "citations": [
            (each.entry.number, str(each.source), each.role, each.locator)
            for each in Citation.objects.all()
        ],
    }


WHOLE = {
    "city": [("Otsu", "city", "JP", "JP-25", "otsu", "draft")],
    "names": [("大津市", "ja", "native")],
    "relationships": [("Lansing – Otsu", "lansing-otsu")],
    "entries": [
        (
            "Lansing – Otsu, entry 1: signed, October 1, 1969",
            "Sister city",
            "Lansing City Council",
            "Agreement, October 1, 1969 (otsu-1969)",
            "Agreed by telephone.",
        )
    ],
    "agreements": [
        (
            "Agreement, October 1, 1969 (otsu-1969)",
            "Lansing City Hall",
            ["Lansing – Otsu"],
            ["Agreement of October 1, 1969"],
        )
    ],
    "sources": [
        (
            "Agreement of October 1, 1969",
            "agreement-of-october-1-1969",
            "https://example.org/otsu.pdf",
        )
    ],
    "citations": [(1, "Agreement of October 1, 1969", "supports", "page 1")],
}


def test_whole_partner_is_saved_as_drafts_and_published_by_one_click(boss, council):
    more = {"entry-decided_by": str(council.pk), "entry-note": "Agreed by telephone."}
    given = filled(boss, **SOURCES, **AGREED, **more, citation__locator="page 1")

    page = boss.post(URL, given, follow=True)

    assert stored() == WHOLE
    otsu = City.objects.get(slug="otsu")
    assert page.redirect_chain == [(at(otsu, "publish"), 302)]
    assert sentences(page) == ["Saved as a draft: Otsu, Japan."]
    sets = form_of(boss, at(otsu, "publish"))
    assert len(sets["also"]) == 3
    boss.post(at(otsu, "publish"), sets)
    for model in (City, Relationship, Entry, Agreement, Source):
        assert {*model.objects.values_list("publication", flat=True)} == {"published"}, model


def test_each_record_is_logged_as_its_own_form_logs_it(boss):
    boss.post(URL, filled(boss, **SOURCES, **AGREED))

    added = [(one.content_type.model, one.get_change_message()) for one in LogEntry.objects.all()]
    models = ["agreement", "city", "entry", "relationship", "source"]
    assert sorted(added) == [(model, "Added.") for model in models]
    assert [each.history.count() for each in Entry.objects.all()] == [1]


def test_least_that_a_partner_needs_is_city_entry_and_source(boss):
    source = make_source(title="Lansing State Journal")
    given = filled(boss, name__text="", citation__source=str(source.pk))

    assert boss.post(URL, given).status_code == 302
    assert stored() == WHOLE | {
        "names": [],
        "entries": [
            (
                "Lansing – Otsu, entry 1: signed, October 1, 1969",
                "Sister city",
                "None",
                "None",
                "",
            )
        ],
        "agreements": [],
        "sources": [("Lansing State Journal", source.slug, "")],
        "citations": [(1, "Lansing State Journal", "supports", "")],
    }


def test_draft_needs_no_source_and_leads_to_the_page_of_the_city(boss):
    given = filled(boss)
    del given["_whole"]

    page = boss.post(URL, given | {"_draft": "Save as a draft"})

    otsu = City.objects.get(slug="otsu")
    assert page.headers["Location"] == at(otsu, "partner")
    assert not Source.objects.exists()
    assert Entry.objects.count() == 1


def test_agreement_of_another_date_keeps_it_and_an_earlier_one_is_questioned(boss):
    given = filled(boss, **SOURCES, **AGREED, agreement__signed_on="May 1969")

    page = boss.post(URL, given, follow=True)

    assert str(Agreement.objects.get().signed_on) == "May 1969"
    assert sentences(page) == [
        (
            "The agreement is dated May 1969, before the entry that it was signed (October 1,"
            " 1969). Check both dates."
        ),
        "Saved as a draft: Otsu, Japan.",
    ]


def test_proposal_names_no_agreement_and_gives_it_no_date(boss):
    given = filled(boss, **SOURCES, **AGREED, entry__kind="proposed", agreement__is_document="")
    del given["agreement-is_document"]

    assert boss.post(URL, given).status_code == 302
    [agreement] = Agreement.objects.all()
    assert (agreement.signed_on, [*agreement.documents.all()]) == (None, [])
    assert (agreement.slug, Entry.objects.get().agreement) == ("otsu-agreement", None)


def test_document_can_be_uploaded_with_a_new_source(boss):
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-1.7 signed", "application/pdf")
    given = filled(boss, **SOURCES) | {"source-document": scan}

    assert boss.post(URL, given).status_code == 302
    with Source.objects.get().document.open() as document:
        assert document.read() == b"%PDF-1.7 signed"


UNSEEN = ("csrfmiddlewaretoken", "_whole")
REQUIRED = "This field is required."
WRONG = [
    ({"city__name": ""}, [f"English name : {REQUIRED}"]),
    ({"entry__kind": "", "entry__on": ""}, ["What happened : " + REQUIRED, "Date : " + REQUIRED]),
    (
        {"entry__on": "05/06/69"},
        [
            (
                "Date : “05/06/69” can be two dates. Write “May 6, 1969” or “June 5, 1969”,"
                " whichever it is."
            )
        ],
    ),
    (
        {"entry__type": ""},
        ["Type of relationship : Choose the new type: this entry makes the relationship active."],
    ),
    (
        {"entry__kind": "terminated", "entry__type": ""},
        [("Date : We have no record of how the relationship began. Add that entry first.")],
    ),
    (
        {"entry__acceptance": "claimed"},
        ["If we do not rely on this entry, say why. If we do, leave that field blank."],
    ),
    (
        {"name__text": "Tema", "city__country": "GH", "city__subdivision": ""},
        [
            "Language of that name : Enter the language of the name, such as fr or ja-Latn.",
        ],
    ),
    (
        {"name__language": "Japanese"},
        [
            (
                "Language of that name : “Japanese” is not a language code. Enter it like en, ja,"
                " zh-Hans or en-US."
            )
        ],
    ),
    (
        {"agreement__signed_at": "Lansing"},
        [f"Kind : {REQUIRED}"],
    ),
    (
        {"source__kind": ""},
        [f"Kind : {REQUIRED}"],
    ),
    (
        {"source__address": "otsu"},
        ["Link : Enter a valid URL."],
    ),
    (
        {"city__subdivision": "Lombardy"},
        ["State or province : Japan has no state or province called “Lombardy”."],
    ),
    (
        {"city__latitude": "35.0", "city__longitude": "-135.9"},
        [
            (
                "The coordinates are right, though outside the country : These coordinates are not"
                " in Japan. Correct them or the country, or say here that they are right."
            )
        ],
    ),
]


@pytest.mark.parametrize(("fields", "said"), WRONG)
def test_what_is_wrong_is_said_at_the_top_and_nothing_is_saved_or_lost(boss, fields, said):
    given = filled(boss, **SOURCES, **fields)
    before = everything()

    page = boss.post(URL, given)

    assert everything() == before
    top = text(page).split(NOTE)[1]
    for sentence in said:
        assert sentence in top
    assert sentences(page)[0] == NOTE
    assert "Error:" in page.content.decode().split("</title>")[0]
    kept = form_in(page)
    lost = {
        name: value
        for name, value in given.items()
        if value not in ("", "False") and name not in UNSEEN and kept.get(name) != value
    }
    assert lost == {}


def test_rare_fields_are_folded_away_until_one_is_used_or_wrong(boss):
    def folded(page):
        return page.content.decode().count("<details>"), page.content.decode().count(
            "<details open>"
        )

    assert folded(boss.get(URL)) == (4, 0)
    wrong = boss.post(URL, filled(boss, city__latitude="x", agreement__term="5 years"))
    assert folded(wrong) == (2, 2)


def test_every_fault_links_to_its_field(boss):
    page = boss.post(URL, filled(boss, city__name="", entry__on="soon", source__kind="x"))

    places = re.findall('<li><a href="#([^"]+)">', page.content.decode())
    assert len(places) >= 4
    for place in places:
        assert f'id="{place}"' in page.content.decode(), place


def test_source_is_chosen_or_new_and_not_both(boss):
    source = make_source()
    before = everything()
    none = boss.post(URL, filled(boss))
    both = boss.post(URL, filled(boss, **SOURCES, citation__source=str(source.pk)))
    unknown = boss.post(URL, filled(boss, citation__source="99999999999999999999"))

    assert everything() == before
    assert [sentences(page)[1:] for page in (none, both, unknown)] == [
        [
            (
                "Choose a source on record, or enter a new one below: nothing is published"
                " without. To do it later, save as a draft."
            ),
        ],
        ["Choose a source on record or enter a new one, not both."],
        ["Select a valid choice. That choice is not one of the available choices."],
    ]


def test_city_that_is_on_record_is_questioned_once(boss):
    make_city("otsu", country="JP", subdivision="JP-25", publication="draft")
    before = everything()

    page = boss.post(URL, filled(boss, **SOURCES))

    assert everything() == before
    assert 'type="checkbox" name="city-is_another_place"' in page.content.decode()
    again = filled(boss, **SOURCES, city__is_another_place="on")
    assert boss.post(URL, again).status_code == 302
    assert [*City.objects.filter(name="Otsu").values_list("slug", flat=True)] == ["otsu", "otsu-2"]


@pytest.mark.parametrize("fields", [{}, {"city__is_another_place": "on"}])
def test_form_sent_twice_makes_one_partner(boss, fields):
    given = filled(boss, **SOURCES, **AGREED, **fields)
    boss.post(URL, given)
    before = everything()

    page = boss.post(URL, given, follow=True)

    assert everything() == before
    assert sentences(page)[-1] == "This partner city was saved already: Otsu, Japan."
    otsu = City.objects.get(slug="otsu")
    assert page.redirect_chain == [(at(otsu, "publish"), 302)]


def test_form_of_somebody_else_with_the_same_token_is_another_one(boss):
    given = filled(boss, **SOURCES)
    boss.post(URL, given)

    page = browser("Commission staff").post(URL, given)

    assert "already on record" in text(page)


@pytest.mark.parametrize("token", ["", "x", "\0", "9" * 5000, '"', "%"])
def test_token_that_is_none_is_replaced(boss, token):
    assert boss.post(URL, filled(boss, **SOURCES, token=token)).status_code == 302
    assert City.objects.filter(slug="otsu").count() == 1


ADD = ("add_city", "add_relationship", "add_entry", "add_citation")


@pytest.mark.parametrize("missing", ADD)
def test_page_is_closed_without_a_right_that_every_partner_needs(missing):
    client = browser_with(*(right for right in ADD if right != missing))

    for answer in (client.get(URL), client.post(URL, {})):
        assert answer.status_code == 403
        assert "does not have permission to do this" in text(answer)


@pytest.mark.parametrize("role", ["Council clerk", "Publisher", "Commissioner", "Administrator"])
def test_page_is_closed_to_who_does_not_keep_partners(role):
    assert browser(role).get(URL).status_code == 403


def test_page_leaves_out_what_a_person_may_not_add():
    client = browser_with(*ADD, "view_source", "view_city")
    source = make_source()
    hidden = make_source(publication="draft")

    form = form_of(client, URL)

    assert [name for name in form if name.startswith(("agreement", "source", "name-"))] == []
    shown = client.get(URL).content.decode()
    assert (f">{source.title}<" in shown, f">{hidden.title}<" in shown) == (True, False)
    given = filled(client, citation__source=str(source.pk), **SOURCES, **AGREED)
    secret = client.post(URL, given | {"citation-source": str(hidden.pk)})
    assert "Select a valid choice." in text(secret)
    assert client.post(URL, given).headers["Location"] == reverse("admin:index")
    assert not Agreement.objects.exists()
    assert Source.objects.count() == 2


def test_staff_send_a_new_partner_for_review():
    client = browser("Commission staff")

    page = client.post(URL, filled(client, **SOURCES))

    assert page.headers["Location"] == at(City.objects.get(slug="otsu"), "submit")
    assert "Save, then send for review" in client.get(URL).content.decode()


def test_register_without_a_home_city_says_what_comes_first(boss):
    Register.objects.all().delete()

    assert "which city this is the register of" in text(boss.get(URL))


def test_page_asks_no_more_with_thirty_of_everything(boss):
    counts = []
    for __ in range(2):
        with CaptureQueriesContext(connection) as queries:
            boss.get(URL)
        counts.append(len(queries))
        for number in range(30):
            make_source()
            make_type(f"type-{number}")
            make_authority(make_organization())
    assert counts[0] == counts[1] <= 15
