"""What the admin refuses: the sentences a clerk reads, and that nothing was saved."""

import hashlib
import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.urls import reverse

from cities.models import Source, sources
from cities.records.dates import ACCEPTED_FORMS
from tests import factories as make
from tests.admin.browser import form_of, sentences, text
from tests.admin.people import everything, release_all
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

PLEASE = ("Please correct the error below.", "Please correct the errors below.")
NUL = "Null characters are not allowed."
TOO_BIG = "Ensure this value is less than or equal to %s."
LONG = "Ensure this value has at most %s characters (it has 10000)."
PAST = "99999999999999999999"
CHOSEN = "Select a valid choice. That choice is not one of the available choices."
CHOICE = "Select a valid choice. XX is not one of the available choices."
GLOBE = "Enter both latitude (-90 to 90) and longitude (-180 to 180), or leave both blank."
CLAIM = "If we do not rely on this entry, say why. If we do, leave that field blank."
PAIR = "These two cities already have a relationship. Open it and add an entry to its history."
SLUG = "Relationship with this Web address already exists."
SENTENCE = (
    "It was signed in the great hall of Harborview on October 1, 1969, by both mayors, on a day of"
    " heavy rain, as all who were there say."
)
FILE = "This file is not a PDF, PNG or JPEG. Choose a PDF, PNG or JPEG file."
IS_DRAFT = "Publish “%s” first. It is still a draft."
TOP = connection.ops.integer_field_range("PositiveIntegerField")[1]
"""The largest number this database takes."""


def not_a_date(text):
    return f"“{text}” is not a date that we can read. {ACCEPTED_FORMS}"


@pytest.fixture
def staff(client):
    user = User.objects.create_user("ana", is_staff=True)
    user.groups.add(Group.objects.get(name="Commission staff"))
    client.force_login(user)
    return client


@pytest.fixture
@remembered
def world():
    council, club = make.make_organization("council"), make.make_organization("club")
    authority = make.make_authority(council, since="1990", until="1999")
    relationship, other = make.make_partnership("otsu"), make.make_partnership("biei")
    return SimpleNamespace(
        home=make.home(),
        council=council,
        club=club,
        authority=authority,
        relationship=relationship,
        other=other,
        begun=relationship.entries.get(),
        source=make.make_source(),
        theirs=make.make_agreement(other),
    )


def address(name, *args):
    return reverse(f"admin:cities_{name}", args=args)


def assert_refused(client, url, changes, said):
    """The form, sent with changes, comes back with these sentences; nothing was saved."""
    assert_sent_back(client, url, form_of(client, url) | changes, said)


def assert_sent_back(client, url, given, said, case=""):
    before = everything()
    response = client.post(url, given)
    assert response.status_code == 200, (case, response.headers)
    assert everything() == before, case
    note, *found = sentences(response)
    assert note in PLEASE, case
    assert (case, found) == (case, said)


def entry_form(w, *, cites=None, **changes):
    """A good new entry of the relationship with Otsu, but for the changes."""
    rows = [{"source": w.source.pk, "role": "supports"}] if cites is None else cites
    part = {
        f"citations-{n}-{name}": str(v) for n, row in enumerate(rows) for name, v in row.items()
    }
    return {
        "relationship": str(w.relationship.pk),
        "kind": "reaffirmed",
        "on": "1995",
        "citations-TOTAL_FORMS": str(len(rows)),
        **part,
        **{name: str(value) for name, value in changes.items()},
    }


def place(**changes):
    return {"name": "Nowhere", "slug": "nowhere", "kind": "city", "country": "US", **changes}


def counted(**count):
    """A place with one population."""
    row = {f"populations-0-{name}": value for name, value in count.items()}
    return place(**{"populations-TOTAL_FORMS": "1", "populations-0-area": "proper"}, **row)


def source(**changes):
    given = {"title": "A page", "slug": "a-page", "kind": "press", "reliability": "press"}
    return given | changes


ENTRIES = {
    "a day that never was": (lambda w: entry_form(w, on="2013-02-30"), [not_a_date("2013-02-30")]),
    "a date of two meanings": (
        lambda w: entry_form(w, on="05/06/97"),
        ["“05/06/97” can be two dates. Write “May 6, 1997” or “June 5, 1997”, whichever it is."],
    ),
    "an overlong date": (lambda w: entry_form(w, on="1" * 10000), [not_a_date("1" * 40 + "…")]),
    "a sentence of 121 characters": (
        lambda w: entry_form(w, on=SENTENCE[:121]),
        [not_a_date(SENTENCE[:40] + "…")],
    ),
    "a sentence of 10,000 characters": (
        lambda w: entry_form(w, on=(SENTENCE * 100)[:10_000]),
        [not_a_date(SENTENCE[:40] + "…")],
    ),
    "NUL in a date": (lambda w: entry_form(w, on="1995\0"), [not_a_date("1995\0")]),
    "no relationship": (lambda w: entry_form(w, relationship=""), ["This field is required."]),
    "no organization with authority": (
        lambda w: entry_form(w, decided_by=w.club.pk),
        [
            (
                "Club did not have the authority to decide for Lansing on that date. Choose the"
                " council or commission that decided, or leave this blank if we have no record"
                " of it."
            )
        ],
    ),
    "authority on another day": (
        lambda w: entry_form(w, on="2005-05-05", decided_by=w.council.pk),
        [
            (
                "Council did not have the authority to decide for Lansing on that date. Choose"
                " the council or commission that decided, or leave this blank if we have no"
                " record of it."
            )
        ],
    ),
    "an end before the start": (
        lambda w: entry_form(w, kind="terminated", on="1960"),
        ["The relationship cannot end before it began (October 1, 1969). Correct the date."],
    ),
    "a claim without why": (lambda w: entry_form(w, acceptance="claimed"), [CLAIM]),
    "why on an accepted line": (lambda w: entry_form(w, why_not_preferred="So."), [CLAIM]),
    "accepted without a first day": (
        lambda w: entry_form(w, on="[..1994]"),
        [
            (
                "An entry that we rely on needs a date with a first possible day, such as 1994"
                " or August 19, 2013."
            )
        ],
    ),
    "a visit that decides": (
        lambda w: entry_form(w, kind="visited", decided_by=w.council.pk),
        [
            (
                "A visit, a note or a dispute does not change the relationship. Leave “decided"
                " by”, “new type” and “new partner” blank."
            )
        ],
    ),
    "a condition without suspension": (
        lambda w: entry_form(w, condition="Peace."),
        ["Only a suspension has a condition and a review date. Leave both blank."],
    ),
    "a reason without an end": (
        lambda w: entry_form(w, reason="Tired."),
        [
            (
                "Only a suspension, a report of inactivity or an end has a reason. Use the note"
                " instead."
            )
        ],
    ),
    "both sides ceased": (
        lambda w: entry_form(w, kind="partner_ceased", party="both"),
        [
            (
                "If the partner no longer exists, only the partner’s side changes. Add a"
                " separate entry for what the home city did about it."
            )
        ],
    ),
    "an agreement of another tie": (
        lambda w: entry_form(w, agreement=w.theirs.pk),
        ["That agreement belongs to another relationship. Choose an agreement of this one."],
    ),
    "home as the new partner": (
        lambda w: entry_form(w, partner=w.home.pk),
        ["The home city cannot be the partner. Choose another city."],
    ),
    "a kind from nowhere": (lambda w: entry_form(w, kind="XX"), [CHOICE]),
    "NUL in the note": (lambda w: entry_form(w, note="a\0b"), [NUL]),
    "an endless note": (lambda w: entry_form(w, note="x" * 10000), [LONG % 2000]),
    "one source twice": (
        lambda w: entry_form(w, cites=[{"source": w.source.pk, "role": "supports"}] * 2),
        [
            "Please correct the duplicate data for source and role, which must be unique.",
            "Please correct the duplicate values below.",
        ],
    ),
    "an endless locator": (
        lambda w: entry_form(
            w, cites=[{"source": w.source.pk, "role": "XX", "locator": "x" * 10000}]
        ),
        [CHOICE, LONG % 120],
    ),
}


def test_wrong_entries_are_refused_in_words(staff, world):
    url = address("entry_add")
    form = form_of(staff, url)
    for wrong, (changes, said) in ENTRIES.items():
        assert_sent_back(staff, url, form | changes(world), said, wrong)


OTHERS = {
    "the same pair": ("relationship", lambda w: {"home": w.home, "partner": "otsu"}, [PAIR, SLUG]),
    "the pair turned round": (
        "relationship",
        lambda w: {"home": "otsu", "partner": w.home},
        [PAIR],
    ),
    "a tie with itself": (
        "relationship",
        lambda w: {"home": w.home, "partner": w.home},
        ["A city cannot have a relationship with itself. Choose another city."],
    ),
    "an endless story": (
        "relationship",
        lambda w: {"home": "otsu", "partner": "biei", "story": "x" * 10000},
        [LONG % 5000],
    ),
    "off the globe": ("city", lambda w: place(latitude="91", longitude="0"), [GLOBE]),
    "far off the globe": ("city", lambda w: place(latitude="0", longitude="-180.5"), [GLOBE]),
    "half a coordinate": ("city", lambda w: place(latitude="42"), [GLOBE]),
    "a huge latitude": (
        "city",
        lambda w: place(latitude="9" * 30, longitude="0"),
        ["Ensure that there are no more than 8 digits in total."],
    ),
    "no number as a latitude": (
        "city",
        lambda w: place(latitude="NaN", longitude="1e999999"),
        ["Enter a number.", "Ensure that there are no more than 9 digits in total."],
    ),
    "an unknown country": ("city", lambda w: place(country="XX"), [CHOICE]),
    "an unknown subdivision": (
        "city",
        lambda w: place(subdivision="JP-99"),
        ["United States has no state or province called “JP-99”."],
    ),
    "population without year": (
        "city",
        lambda w: counted(count="5", source=str(w.source.pk)),
        ["This field is required."],
    ),
    "population without source": (
        "city",
        lambda w: counted(count="5", on="2020"),
        ["This field is required."],
    ),
    "numbers past 64 bits": (
        "city",
        lambda w: counted(count=PAST, on="2020", source=str(w.source.pk)),
        [TOO_BIG % TOP],
    ),
    "records past 64 bits": (
        "entry",
        lambda w: entry_form(
            w, cites=[{"source": "9" * 20}], relationship="9" * 20, decided_by="9" * 20
        ),
        [CHOSEN] * 3,
    ),
    "numbers below nothing": (
        "city",
        lambda w: counted(count="-1", on="2020", source=str(w.source.pk)),
        ["Ensure this value is greater than or equal to 0."],
    ),
    "ceasing before beginning": (
        "city",
        lambda w: place(began="1990", ceased="1980"),
        ["The city cannot be dissolved before it was founded. Correct one of the dates."],
    ),
    "NUL in a place": (
        "city",
        lambda w: place(name="a\0", summary="\0", time_zone="\0", website="https://a.b/\0"),
        [NUL, NUL, NUL, "Enter a valid URL.", NUL],
    ),
    "endless words in a place": (
        "city",
        lambda w: place(name="x" * 10000, slug="y" * 10000, summary="z" * 10000),
        [LONG % 120, LONG % 1000, LONG % 60],
    ),
    "a time zone with a path": (
        "city",
        lambda w: place(time_zone="../../etc/passwd"),
        ["“../../etc/passwd” is not a time zone. Enter one such as Asia/Tokyo."],
    ),
    "a source without title": (
        "source",
        lambda w: source(title=" "),
        ["This field is required."],
    ),
    "NUL in a source": (
        "source",
        lambda w: source(title="a\0b", finding_aid="\0", language="\0"),
        [NUL, NUL, NUL],
    ),
    "an address that is none": (
        "source",
        lambda w: source(address="javascript:alert(1)"),
        ["Enter a valid URL."],
    ),
    "a source from nowhere": (
        "source",
        lambda w: source(dated="0000", accessed_on="2013-02-30"),
        [not_a_date("0000"), "Enter a valid date."],
    ),
    "dissolved before founded": (
        "organization",
        lambda w: {
            "name": "B",
            "slug": "b",
            "classification": "council",
            "founded": "1990",
            "dissolved": "1980",
        },
        [
            (
                "The organization cannot be dissolved before it was founded. Correct one of the"
                " dates."
            )
        ],
    ),
    "a place after itself": (
        "succession",
        lambda w: {
            "predecessor": w.home,
            "successor": w.home,
            "kind": "renamed",
            "source": str(w.source.pk),
        },
        ["A city cannot be its own successor. Choose another one."],
    ),
}


def test_wrong_records_are_refused_in_words(staff, world):
    urls = {model: address(f"{model}_add") for model, *__ in OTHERS.values()}
    forms = {model: form_of(staff, url) for model, url in urls.items()}
    places = {
        "otsu": world.relationship.partner,
        "biei": world.other.partner,
        world.home: world.home,
    }
    for wrong, (model, changes, said) in OTHERS.items():
        given = {
            name: str(places[value].pk) if value in places else value
            for name, value in changes(world).items()
        }
        assert_sent_back(staff, urls[model], forms[model] | given, said, wrong)


FILES = {
    "another kind of file": ("a.exe", b"MZ\x90\0", [FILE]),
    "a renamed program": ("a.pdf", b"MZ\x90\0", [FILE]),
    "a picture called PDF": ("a.pdf", b"\x89PNG\r\n\x1a\n", [FILE]),
    "a PDF called HTML": ("a.html", b"%PDF-1.7", [FILE]),
    "a page": ("a.svg", b"<svg onload='alert(1)'>", [FILE]),
    "a large file": (
        "a.pdf",
        b"%PDF-" + b"0" * 95,
        ["The file is larger than 15 MB. Add a smaller scan."],
    ),
    "an empty file": ("a.pdf", b"", ["The submitted file is empty."]),
}


def test_wrong_documents_are_refused_and_not_kept(staff, settings, monkeypatch, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(sources, "MAX_DOCUMENT_BYTES", 99)
    url = address("source_add")
    form = form_of(staff, url)
    for wrong, (name, content, said) in FILES.items():
        document = SimpleUploadedFile(name, content, content_type="application/pdf")
        assert_sent_back(staff, url, form | source(document=document), said, wrong)
        assert not list(tmp_path.iterdir()), wrong


def test_document_is_sent_again_by_who_saved_at_the_same_moment_as_another(
    staff, settings, monkeypatch, tmp_path
):
    """A file can be read only once, so the form cannot be checked a second time."""
    settings.MEDIA_ROOT = tmp_path
    calls = []

    def refuse(*args, **kwargs):
        calls.append(args)
        raise IntegrityError

    monkeypatch.setattr(Source, "save", refuse)
    url = address("source_add")
    typed = form_of(staff, url) | source()
    answer = staff.post(url, typed | {"document": SimpleUploadedFile("a.pdf", b"%PDF-1.7")})

    assert (answer.status_code, len(calls), Source.objects.count()) == (503, 1, 0)
    assert "Then go back in your browser and save again." in answer.text
    with pytest.raises(IntegrityError):
        staff.post(url, typed)
    assert len(calls) == 3


def test_small_pdf_is_kept_with_its_hash(staff, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content = b"%PDF-1.7\nsigned\n%%EOF"
    url = address("source_add")
    staff.post(url, form_of(staff, url) | source(document=SimpleUploadedFile("a.PDF", content)))

    kept = Source.objects.get()
    assert kept.document_sha256 == hashlib.sha256(content).hexdigest()
    assert kept.document.read() == content
    (name,) = [path.name for path in (tmp_path / "sources").iterdir()]
    assert re.fullmatch(r"[0-9a-f]{32}\.pdf", name)
    kept.document.close()


@pytest.mark.parametrize("field", ["role", "source"])
def test_form_of_a_published_entry_changes_no_source_of_it(staff, world, field):
    """Whatever is sent: the two are shown, and others may be added."""
    url = address("entry_change", world.begun.pk)
    cited = world.begun.citations.get()
    new = {"role": "disputes", "source": str(world.source.pk)}
    given = {
        f"citations-0-{field}": new[field],
        "citations-0-source": str(cited.source_id),
        "citations-0-says": "Gives the day.",
        "citations-1-source": str(world.source.pk),
        "citations-1-role": "disputes",
        "citations-TOTAL_FORMS": "2",
        "change_reason": "Read it again.",
    } | {f"citations-0-{field}": new[field]}

    answer = staff.post(url, form_of(staff, url) | given)
    release_all()

    assert answer.status_code == 302, sentences(answer)
    assert [*world.begun.citations.order_by("pk").values_list("source", "role", "says")] == [
        (cited.source_id, "supports", "Gives the day."),
        (world.source.pk, "disputes", ""),
    ]


def test_sources_of_a_published_entry_are_shown_and_not_asked_for(staff, world):
    draft = make.make_entry(world.relationship, "visited", "2001", publication="draft")
    pages = [
        staff.get(address("entry_change", entry.pk)).content.decode()
        for entry in (world.begun, draft)
    ]

    for name in ("citations-0-source", "citations-0-role"):
        select = re.compile(rf'<select name="{name}"[^>]* disabled')
        assert [bool(select.search(page)) for page in pages] == [True, False]


def test_document_of_a_published_source_stays(admin_client, settings, tmp_path):
    """Whatever is sent: it is shown, and a missing one may still be added."""
    settings.MEDIA_ROOT = tmp_path
    record = make.make_source()
    url, why = address("source_change", record.pk), {"change_reason": "Found it."}
    document = SimpleUploadedFile("scan.pdf", b"%PDF-1")
    answer = admin_client.post(url, form_of(admin_client, url) | why | {"document": document})
    assert answer.status_code == 302, sentences(answer)
    before = Source.objects.get()
    assert before.document_sha256 == hashlib.sha256(b"%PDF-1").hexdigest()

    for changes in (
        {"document-clear": "on"},
        {"document": SimpleUploadedFile("scan.pdf", b"%PDF-2")},
    ):
        answer = admin_client.post(
            url, form_of(admin_client, url) | why | {"title": "Scan"} | changes
        )
        assert answer.status_code == 302, sentences(answer)
        after = Source.objects.get()
        assert (after.title, after.document, after.document_sha256) == (
            "Scan",
            before.document,
            before.document_sha256,
        )
    stored = [path.name for path in (tmp_path / "sources").iterdir()]
    assert stored == [before.document.name.rpartition("/")[2]]
    assert "Its document cannot be replaced." in text(admin_client.get(url))


def test_published_entry_is_not_changed_without_saying_why(staff, world):
    url = address("entry_change", world.begun.pk)
    why = "This record is published. Enter the reason for the change."
    assert_refused(staff, url, {"note": "More."}, [why])
    world.begun.refresh_from_db()
    assert world.begun.note == ""


@pytest.mark.parametrize(
    "shrunk", [{"until": "1994"}, {"since": "1996"}, {"organization": "club"}, {"place": "otsu"}]
)
def test_authority_cannot_shrink_away_from_under_an_entry(admin_client, world, shrunk):
    """As a superuser, who may do the most."""
    entry = make.make_entry(world.relationship, "reaffirmed", "1995", decided_by=world.council)
    pks = {"club": str(world.club.pk), "otsu": str(world.relationship.partner_id)}
    given = {name: pks.get(value, value) for name, value in shrunk.items()}
    given["change_reason"] = "Found the charter."
    said = [f"“{entry}” was decided under this authority. Withdraw that entry first."]
    assert_refused(admin_client, address("authority_change", world.authority.pk), given, said)
    before = world.authority
    world.authority.refresh_from_db()
    assert (before.since, before.until) == (world.authority.since, world.authority.until)


def test_authority_cannot_end_before_it_begins(admin_client, world):
    given = {"organization": world.club.pk, "place": world.home.pk, "since": "1990"}
    given["until"] = "1980"
    said = ["The authority cannot end before it begins. Correct one of the dates."]
    assert_refused(admin_client, address("authority_add"), given, said)


def test_published_record_is_not_changed_to_name_a_draft(admin_client, world):
    shiga = make.make_city("shiga", publication="draft")
    given = {"part_of": str(shiga.pk), "change_reason": "Found it."}
    said = [IS_DRAFT % shiga]
    assert_refused(
        admin_client, address("city_change", world.relationship.partner.pk), given, said
    )


def test_published_record_gets_no_part_that_names_a_draft(admin_client, world):
    page = make.make_source(publication="draft")
    given = {"text": "大津市", "language": "ja", "kind": "native", "source": str(page.pk)}
    given = {f"names-0-{name}": value for name, value in given.items()}
    given |= {"names-TOTAL_FORMS": "1", "change_reason": "Found it."}
    url = address("city_change", world.relationship.partner.pk)
    assert_refused(admin_client, url, given, [IS_DRAFT % page])


def test_published_entry_cites_no_draft(admin_client, world):
    page = make.make_source(publication="draft")
    given = {"citations-1-source": str(page.pk), "citations-1-role": "disputes"}
    given |= {"citations-TOTAL_FORMS": "2", "change_reason": "Found it."}
    url = address("entry_change", world.begun.pk)
    assert_refused(admin_client, url, given, [IS_DRAFT % page])


def test_published_agreement_lists_no_draft(admin_client, world):
    relationship = make.make_relationship(publication="draft")
    page = make.make_source(publication="draft")
    url = address("agreement_change", world.theirs.pk)
    given = {
        "relationships": [str(world.other.pk), str(relationship.pk)],
        "documents": [str(page.pk)],
        "change_reason": "Found it.",
    }
    assert_refused(admin_client, url, given, [IS_DRAFT % relationship, IS_DRAFT % page])


def test_draft_may_name_drafts(staff, world):
    draft = make.make_agreement(world.relationship, publication="draft")
    page = make.make_source(publication="draft")
    url = address("agreement_change", draft.pk)
    answer = staff.post(url, form_of(staff, url) | {"documents": [str(page.pk)]})
    assert answer.status_code == 302, sentences(answer)
    assert [*draft.documents.all()] == [page]


def test_source_on_which_an_entry_rests_alone_is_not_withdrawn(admin_client, world):
    url = address("source_withdraw", world.begun.citations.get().source_id)
    before = everything()
    said = sentences(admin_client.post(url, {"because": "It was another letter."}))

    assert said == [
        (
            f"“{world.begun}” has no other source that supports it. Add another source first,"
            " or withdraw that record."
        )
    ]
    assert everything() == before


def test_place_is_not_withdrawn_before_its_relationship(admin_client, world):
    url = address("city_withdraw", world.relationship.partner.pk)
    before = everything()
    said = sentences(admin_client.post(url, {"because": "It was another place."}))

    assert said == [
        (
            "Withdraw its relationship with Lansing first. Or keep the city, and add an entry"
            " for how the relationship ended."
        )
    ]
    assert everything() == before
