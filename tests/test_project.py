"""What the whole repository promises."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from cities.models import (
    Agreement,
    Authority,
    City,
    Organization,
    Relationship,
    Source,
    Succession,
)
from cities.records import kept
from cities.records.derived import collecting
from exchanges.models import AwardCategory, Exchange, Program
from resolutions.models import (
    Action,
    ActionCitation,
    Meeting,
    Member,
    Minutes,
    NumberingScheme,
    Office,
    Reply,
    Resolution,
    Seat,
    Statement,
    Term,
    Text,
    VoteRequirement,
)
from tests.factories import (
    make_action,
    make_attendance,
    make_authority,
    make_award_category,
    make_city,
    make_effect,
    make_exchange,
    make_full_exchange,
    make_full_partnership,
    make_full_resolution,
    make_held_exchange,
    make_meeting,
    make_members,
    make_minutes,
    make_numbering_scheme,
    make_office,
    make_organization,
    make_population_band,
    make_register,
    make_statement,
    make_term,
    make_text,
    make_type,
    make_vote_requirement,
)
from tests.pictures import give_picture
from tests.problems import problem

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent
APPS = ["lrscc", "cities", "exchanges", "resolutions"]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


# --- models and migrations --------------------------------------------------------------


def test_models_and_migrations_agree(capsys):
    call_command("makemigrations", check=True, dry_run=True)

    assert capsys.readouterr().out == "No changes detected\n"


OUR_CONSTRAINTS = sorted(
    constraint.name
    for app in APPS
    for model in apps.get_app_config(app).get_models()
    for constraint in model._meta.constraints
)


def test_every_constraint_is_named_in_a_test():
    """Coverage cannot see a constraint, so a test has to say its name."""
    tests = (path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = {word for text in tests for word in re.findall(r"\w+", text)}

    assert [name for name in OUR_CONSTRAINTS if name not in named] == []


# --- routes -----------------------------------------------------------------------------


def routes(resolver: URLResolver, path: str = "") -> list[tuple[str, URLPattern]]:
    """Every route below a resolver with its whole pattern."""
    found = []
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            found += routes(part, path + str(part.pattern))
        else:
            found.append((path + str(part.pattern), part))
    return found


EXAMPLES = {
    "<slug:slug>": "otsu",
    "<str:section>": "source",
    r"(?P<slug>[^/.]+)": "otsu",
    "(?P<year>[0-9]{4})": "2025",
}
"""What stands in an address for each parameter of a route."""


def address(pattern: str) -> str:
    pattern = re.sub(r"\(\?P<ref>.*?\)(?=/)", "otsu-1", pattern)
    for parameter, example in EXAMPLES.items():
        pattern = pattern.replace(parameter, example)
    return "/" + pattern.replace("^", "").replace("$", "").replace("\\", "")


EVERY_ROUTE = routes(get_resolver())
MOVED = [pattern for pattern, route in EVERY_ROUTE if "(?P<rest>" in pattern]
ADDRESSES = sorted({address(pattern) for pattern, __ in EVERY_ROUTE if pattern not in MOVED})
API = [path for path in ADDRESSES if path.startswith("/api/v1/")]
PAGES = [
    path
    for path in ADDRESSES
    if path not in API and not path.startswith("/" + settings.ADMIN_PATH)
]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/programmes/", "/programs/"),
        ("/programmes/camp/?page=2", "/programs/camp/?page=2"),
        (
            "/bodies/lansing-city-council/feed.atom",
            "/organizations/lansing-city-council/feed.atom",
        ),
        ("/api/v1/programmes/camp/?on=2020", "/api/v1/programs/camp/?on=2020"),
    ],
)
def test_renamed_address_is_moved_for_ever(client, old, new):
    for method in (client.get, client.head):
        answer = method(old)
        assert (answer.status_code, answer["Location"]) == (301, new)
    refused = client.post(old)
    assert refused.status_code == 405
    assert "Nothing can be sent to this address." in refused.text


def test_moved_addresses_are_these():
    assert MOVED == [
        "^programmes/(?P<rest>.*)$",
        "^bodies/(?P<rest>.*)$",
        "^api/v1/programmes/(?P<rest>.*)$",
    ]


def test_routes_are_these():
    assert PAGES == [
        "/",
        "/.well-known/security.txt",
        "/about/",
        "/accessibility/",
        "/api/docs/",
        "/card.png",
        "/changes/",
        "/changes/feed.atom",
        "/cities/",
        "/cities/otsu/",
        "/cities/otsu/card.png",
        "/cities/otsu/feed.atom",
        "/cities/otsu/mark.svg",
        "/cities/otsu/picture/",
        "/corrections/",
        "/data/",
        "/exchanges/",
        "/exchanges/calendar.ics",
        "/exchanges/otsu/",
        "/exchanges/otsu/picture/",
        "/exchanges/year/2025/",
        "/exchanges/year/2025/report.csv",
        "/gaps/",
        "/healthz/",
        "/meetings/",
        "/meetings/otsu/",
        "/members/",
        "/members/otsu/",
        "/members/otsu/feed.atom",
        "/organizations/otsu/feed.atom",
        "/privacy/",
        "/programs/",
        "/programs/otsu/",
        "/readyz/",
        "/relationship-types/",
        "/resolutions/",
        "/resolutions/otsu/",
        "/resolutions/otsu/feed.atom",
        "/resolutions/otsu/pdf/",
        "/robots.txt",
        "/search/",
        "/search/suggest",
        "/sitemap-source.xml",
        "/sitemap.xml",
        "/sources/otsu/",
        "/sources/otsu/document/",
        "/statements/",
        "/statements/otsu/",
        "/timeline/",
    ]
    assert API == [
        "/api/v1/",
        "/api/v1/actions/",
        "/api/v1/actions/otsu-1/",
        "/api/v1/award-categories/",
        "/api/v1/award-categories/otsu/",
        "/api/v1/changes/",
        "/api/v1/cities/",
        "/api/v1/cities/otsu/",
        "/api/v1/entries/",
        "/api/v1/entries/otsu-1/",
        "/api/v1/exchanges/",
        "/api/v1/exchanges/otsu/",
        "/api/v1/log/",
        "/api/v1/meetings/",
        "/api/v1/meetings/otsu/",
        "/api/v1/members/",
        "/api/v1/members/otsu/",
        "/api/v1/numbering-schemes/",
        "/api/v1/numbering-schemes/otsu/",
        "/api/v1/openapi.json",
        "/api/v1/organizations/",
        "/api/v1/organizations/otsu/",
        "/api/v1/popolo/motions/",
        "/api/v1/popolo/motions/otsu-1/",
        "/api/v1/popolo/organizations/",
        "/api/v1/popolo/organizations/otsu/",
        "/api/v1/popolo/persons/",
        "/api/v1/popolo/persons/otsu/",
        "/api/v1/popolo/vote-events/",
        "/api/v1/popolo/vote-events/otsu-1/",
        "/api/v1/programs/",
        "/api/v1/programs/otsu/",
        "/api/v1/register/",
        "/api/v1/relationship-types/",
        "/api/v1/relationship-types/otsu/",
        "/api/v1/relationships/",
        "/api/v1/relationships/otsu/",
        "/api/v1/resolutions/",
        "/api/v1/resolutions/otsu/",
        "/api/v1/search/",
        "/api/v1/seats/",
        "/api/v1/seats/otsu/",
        "/api/v1/sources/",
        "/api/v1/sources/otsu/",
        "/api/v1/statements/",
        "/api/v1/statements/otsu/",
        "/api/v1/vote-requirements/",
        "/api/v1/vote-requirements/otsu/",
        "/api/v1/years/",
        "/api/v1/years/2025/",
    ]


WRITES = ["POST", "PUT", "PATCH", "DELETE", "TRACE"]


@pytest.mark.parametrize("path", API)
def test_api_route_accepts_no_write(client, path):
    for method in WRITES:
        response = client.generic(method, path)

        assert (method, response.status_code) == (method, 405)
        assert response.json() == problem(405, f'Method "{method}" not allowed.')
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", PAGES)
def test_page_accepts_no_write(client, path):
    for method in [*WRITES, "OPTIONS"]:
        response = client.generic(method, path)

        assert (method, response.status_code) == (method, 405)
        assert response.headers["Allow"] == "GET, HEAD"
        assert "Nothing can be sent to this address. Open it as a page" in response.text


# --- a fixed number of queries ----------------------------------------------------------

QUERIES = {
    "/": 7,
    "/.well-known/security.txt": 1,
    "/about/": 1,
    "/accessibility/": 1,
    "/corrections/": 1,
    "/data/": 1,
    "/privacy/": 1,
    "/organizations/otsu/feed.atom": 3,
    "/changes/": 3,
    "/changes/?kind=published&city=otsu&page=1": 4,
    "/changes/feed.atom": 2,
    "/api/docs/": 1,
    "/card.png": 2,
    "/cities/": 1,
    "/cities/?on=2000-01-01&type=sister-city&status=active&country=JP": 3,
    "/cities/?on=never": 1,
    "/cities/otsu/": 12,
    "/cities/otsu/card.png": 6,
    "/cities/otsu/mark.svg": 4,
    "/cities/otsu/feed.atom": 3,
    "/cities/otsu/picture/": 2,
    "/cities/lansing/": 5,
    "/exchanges/": 4,
    "/exchanges/?city=otsu&kind=youth_education&year=2025&phase=past&state=held": 5,
    "/exchanges/?on=2024-01-01&program=otsu&page=1": 5,
    "/exchanges/?year=never": 5,
    "/exchanges/calendar.ics": 4,
    "/exchanges/calendar.ics?city=otsu": 5,
    "/exchanges/otsu/": 10,
    "/exchanges/otsu/picture/": 2,
    "/exchanges/year/2025/": 15,
    "/exchanges/year/2025/report.csv": 13,
    "/gaps/": 18,
    "/healthz/": 0,
    "/readyz/": 4,
    "/meetings/": 2,
    "/meetings/?organization=otsu&kind=regular&state=held&year=2013": 3,
    "/meetings/otsu/": 12,
    "/members/": 7,
    "/members/?organization=otsu": 7,
    "/members/otsu/": 11,
    "/members/otsu/feed.atom": 3,
    "/programs/": 5,
    "/programs/?city=otsu&kind=youth_education": 6,
    "/programs/otsu/": 8,
    "/relationship-types/": 1,
    "/resolutions/": 3,
    "/resolutions/?q=otsu 2013&organization=otsu&year=2013&status=adopted": 3,
    "/resolutions/?kind=resolution&city=otsu&member=otsu&page=1": 5,
    "/resolutions/?year=never": 4,
    "/resolutions/otsu/": 12,
    "/resolutions/otsu/?version=1&old=1&new=2": 12,
    "/resolutions/otsu/feed.atom": 3,
    "/resolutions/otsu/pdf/": 11,
    "/robots.txt": 1,
    "/search/": 2,
    "/search/?q=lansing": 5,
    "/search/?q=otsu&place=otsu&since=1900&until=2100": 5,
    "/search/?q=source&kind=source&page=1": 5,
    "/search/?q=no-such": 6,
    "/search/suggest": 1,
    "/search/suggest?q=s": 2,
    "/sitemap-source.xml": 3,
    "/sitemap.xml": 3,
    "/sources/otsu/": 25,
    "/sources/otsu/document/": 2,
    "/statements/": 3,
    "/statements/?city=otsu&page=1": 4,
    "/statements/otsu/": 4,
    "/timeline/": 6,
    "/api/v1/": 1,
    "/api/v1/cities/": 7,
    "/api/v1/cities/?modified_since=2020-01-01": 8,
    "/api/v1/cities/?on=2000-01-01&type=sister-city&status=active&country=JP&kind=city": 8,
    "/api/v1/cities/otsu/": 7,
    "/api/v1/entries/": 3,
    "/api/v1/entries/?modified_since=2020-01-01": 4,
    "/api/v1/entries/?city=otsu&source=otsu&acceptance=claimed&kind=concluded": 4,
    "/api/v1/entries/otsu-1/": 3,
    "/api/v1/openapi.json": 1,
    "/api/v1/organizations/": 3,
    "/api/v1/organizations/?modified_since=2020-01-01": 4,
    "/api/v1/organizations/?classification=council&place=lansing": 4,
    "/api/v1/organizations/otsu/": 3,
    "/api/v1/register/": 1,
    "/api/v1/relationship-types/": 2,
    "/api/v1/relationship-types/?modified_since=2020-01-01": 3,
    "/api/v1/relationship-types/otsu/": 2,
    "/api/v1/relationships/": 6,
    "/api/v1/relationships/?modified_since=2020-01-01": 7,
    "/api/v1/relationships/?on=2000-01-01&city=otsu&type=sister-city&country=JP&status=active": 7,
    "/api/v1/relationships/otsu/": 6,
    "/api/v1/sources/": 2,
    "/api/v1/sources/?modified_since=2020-01-01": 3,
    "/api/v1/sources/?kind=press&reliability=press": 3,
    "/api/v1/sources/otsu/": 2,
    "/api/v1/resolutions/": 8,
    "/api/v1/resolutions/?modified_since=2020-01-01": 9,
    "/api/v1/resolutions/?on=2020-01-01&status=adopted&kind=resolution&year=2013": 9,
    "/api/v1/resolutions/?q=about&organization=otsu&city=otsu&member=otsu": 11,
    "/api/v1/resolutions/otsu/": 7,
    "/api/v1/actions/": 7,
    "/api/v1/actions/?modified_since=2020-01-01": 8,
    "/api/v1/actions/?resolution=otsu&meeting=otsu&organization=otsu&kind=adopt&member=otsu": 8,
    "/api/v1/actions/?kind=adopt": 8,
    "/api/v1/actions/otsu-1/": 6,
    "/api/v1/meetings/": 7,
    "/api/v1/meetings/?modified_since=2020-01-01": 8,
    "/api/v1/meetings/?organization=otsu&kind=regular&state=held&year=2013": 8,
    "/api/v1/meetings/otsu/": 6,
    "/api/v1/members/": 4,
    "/api/v1/members/?modified_since=2020-01-01": 5,
    "/api/v1/members/?organization=otsu": 5,
    "/api/v1/members/otsu/": 4,
    "/api/v1/search/": 1,
    "/api/v1/search/?q=source&kind=source": 4,
    "/api/v1/seats/": 2,
    "/api/v1/seats/?modified_since=2020-01-01": 3,
    "/api/v1/seats/?organization=otsu&on=2020-01-01": 3,
    "/api/v1/seats/otsu/": 2,
    "/api/v1/numbering-schemes/": 2,
    "/api/v1/numbering-schemes/?organization=otsu": 3,
    "/api/v1/numbering-schemes/otsu/": 2,
    "/api/v1/vote-requirements/": 2,
    "/api/v1/vote-requirements/?organization=otsu&on=2020-01-01": 3,
    "/api/v1/vote-requirements/otsu/": 2,
    "/api/v1/statements/": 3,
    "/api/v1/statements/?modified_since=2020-01-01": 4,
    "/api/v1/statements/?city=otsu": 4,
    "/api/v1/statements/otsu/": 3,
    "/api/v1/programs/": 5,
    "/api/v1/programs/?modified_since=2020-01-01": 6,
    "/api/v1/programs/?city=otsu&kind=youth_education": 6,
    "/api/v1/programs/otsu/": 5,
    "/api/v1/exchanges/": 6,
    "/api/v1/exchanges/?modified_since=2020-01-01": 7,
    "/api/v1/exchanges/?city=otsu&kind=youth_education&year=2025&phase=past&on=2026-01-01": 7,
    "/api/v1/exchanges/otsu/": 6,
    "/api/v1/award-categories/": 3,
    "/api/v1/award-categories/?modified_since=2020-01-01": 4,
    "/api/v1/award-categories/otsu/": 3,
    "/api/v1/changes/": 2,
    "/api/v1/log/": 5,
    "/api/v1/changes/?kind=published&city=otsu": 4,
    "/api/v1/years/": 3,
    "/api/v1/years/2025/": 13,
    "/api/v1/popolo/persons/": 4,
    "/api/v1/popolo/persons/?modified_since=2020-01-01": 5,
    "/api/v1/popolo/persons/?organization=otsu": 5,
    "/api/v1/popolo/persons/otsu/": 4,
    "/api/v1/popolo/organizations/": 5,
    "/api/v1/popolo/organizations/?modified_since=2020-01-01": 6,
    "/api/v1/popolo/organizations/?classification=council": 6,
    "/api/v1/popolo/organizations/otsu/": 5,
    "/api/v1/popolo/motions/": 7,
    "/api/v1/popolo/motions/?modified_since=2020-01-01": 8,
    "/api/v1/popolo/motions/?resolution=otsu&member=otsu": 8,
    "/api/v1/popolo/motions/?kind=adopt": 8,
    "/api/v1/popolo/motions/otsu-1/": 6,
    "/api/v1/popolo/vote-events/": 7,
    "/api/v1/popolo/vote-events/?modified_since=2020-01-01": 8,
    "/api/v1/popolo/vote-events/?resolution=otsu&member=otsu": 8,
    "/api/v1/popolo/vote-events/?kind=adopt": 8,
    "/api/v1/popolo/vote-events/otsu-1/": 6,
}
"""How many queries each page and each answer of the API asks, whatever there is to show."""

MIXED = {"/", "/timeline/"}
"""Lists of several kinds of record, or of votes with and without a roll call: a page of one may
hold fewer kinds, and ask less for them.
"""


def test_every_route_has_its_number_of_queries():
    assert sorted({path.split("?")[0] for path in QUERIES} - {"/cities/lansing/"}) == sorted(
        PAGES + API
    )


def cite_everywhere(source: Source) -> None:
    """Let every record of councils and of the ground floor name one source."""
    citing = [
        ActionCitation,
        Authority,
        Minutes,
        Organization,
        Reply,
        Seat,
        Statement,
        NumberingScheme,
        VoteRequirement,
    ]
    for model in (*citing, Office, Succession, Term, Text):
        model.objects.update(source=source)
    City.objects.update(geography_source=source)
    for model in (Agreement, Meeting, Resolution):
        for record in model.objects.all():
            documents = record.documents if model is Agreement else record.sources
            documents.add(source)


def make_council_record(relationship: Relationship, parts: int) -> None:
    """One of each record of the council otsu is called otsu, with so much of each part."""
    Organization.objects.filter(slug="otsu").update(slug="lansing-city-council")
    resolution = make_full_resolution("otsu", parts=parts)
    for __ in range(parts - 1):
        make_full_resolution()
    vote = resolution.actions.get(method="roll_call")
    Meeting.objects.filter(pk=vote.meeting_id).update(slug="otsu")
    meeting = Meeting.objects.get(slug="otsu")
    Action.objects.filter(kind="adopt").update(meeting=meeting)
    Member.objects.filter(pk=vote.mover_id).update(slug="otsu")
    Seat.objects.filter(terms__member=vote.mover_id).update(slug="otsu")
    Statement.objects.filter(pk=Statement.objects.earliest("pk").pk).update(slug="otsu")
    make_vote_requirement(kind="adopt", slug="otsu")
    make_numbering_scheme(slug="otsu")
    for number in range(parts):
        year = 1950 + number
        make_term(vote.mover, since=str(year), until=str(year))
        make_office(vote.mover, since=str(2013 + number), until=str(2013 + number))
        later = make_meeting("2013-08-20", reconvened_from=meeting)
        text = make_text(resolution, f"{number}.", kind="corrected", corrected_at=later)
        make_action(resolution, "correct", "2013-08-20", text=text)
        make_minutes(meeting, text=f"{number}.", kind="corrected", decided_at=later)
        make_attendance(meeting, make_members(1)[0])
        make_effect(resolution, relationship=relationship)
        make_statement().relationships.add(relationship)
        make_vote_requirement(since=str(year), until=str(year))
        make_numbering_scheme(make_organization())
    for about in Resolution.objects.all():
        about.relationships.add(relationship)
    for record in (resolution, Statement.objects.get(slug="otsu")):
        record.places.add(relationship.partner)
    cite_everywhere(Source.objects.get(slug="otsu"))
    resolution.actions.filter(number=1).update(number=9999)  # so that line 1 is a motion too
    resolution.actions.filter(pk=vote.pk).update(number=1)
    Organization.objects.filter(slug="lansing-city-council").update(slug="otsu")


def make_exchanges(relationship: Relationship, parts: int) -> None:
    """As many full exchanges, the first with so many parts, and as many of its program."""
    exchange = make_full_exchange("otsu", parts=parts)
    for __ in range(parts - 1):
        make_full_exchange()
    for __ in range(parts):
        make_held_exchange(program=exchange.program)
        make_exchange(program=exchange.program, state="open", applications_close_on="2126-01-01")
        make_award_category(None, "youth_education")
    for record in Exchange.objects.filter(program=exchange.program):
        record.relationships.add(relationship)
    for record in Program.objects.all():
        record.relationships.add(relationship)
    Program.objects.filter(pk=exchange.program_id).update(slug="otsu")
    AwardCategory.objects.filter(rank=1).update(slug="otsu")
    make_population_band()
    give_picture(exchange)


@collecting()
def make_full_register(parts: int) -> None:
    """As many ties, and of everything about the first; each page’s example is called otsu."""
    relationship = make_full_partnership("otsu", parts=parts)
    for __ in range(parts - 1):
        make_full_partnership()
    Relationship.objects.filter(pk=relationship.pk).update(slug="otsu")
    make_type("otsu")
    organization = make_organization("otsu")
    for number in range(parts):
        make_authority(organization, place=make_city())
        make_type(f"type-{number}")
    source = relationship.entries.get(number=3).citations.get().source
    Source.objects.filter(pk=source.pk).update(slug="otsu")
    source.refresh_from_db()
    source.document.save("scan.pdf", ContentFile(b"%PDF-1.7"), save=False)
    source.full_clean()
    source.save()
    source.document.close()
    give_picture(relationship.partner)
    make_council_record(relationship, parts)
    make_exchanges(relationship, parts)


@pytest.fixture(scope="module", params=[1, 3])
def full_register(module_db, indexed, request, tmp_path_factory):
    """One tie with one of everything, or 3 ties, the first with 3 of everything."""
    documents = tmp_path_factory.mktemp("documents")
    with override_settings(MEDIA_ROOT=documents), transaction.atomic():
        with collecting():
            make_register()
            make_full_register(request.param)
        yield request.param
        transaction.set_rollback(True)


@pytest.fixture
def parts_kept(full_register):
    """What many pages share is kept, as on the site."""
    kept.forget()
    with override_settings(PARTS_KEPT=True):
        yield
    kept.forget()


def parts_at_hand() -> int:
    return sum(len(parts) for __, parts in kept._kept)


def asked_and_answered(client: Client, path: str) -> tuple[int, int]:
    """The number of queries that a page asks, and the status of its answer.

    It is asked again if it was the first of its version to need a part that is kept.
    """
    before = parts_at_hand()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
        response.getvalue()
    if parts_at_hand() != before:
        return asked_and_answered(client, path)
    return len(queries), response.status_code


@pytest.mark.usefixtures("parts_kept")
def test_number_of_queries_is_fixed(full_register, client):
    found = {path: asked_and_answered(client, path) for path in QUERIES}

    for path in MIXED:
        assert found[path][0] <= QUERIES[path]
        found[path] = QUERIES[path], found[path][1]
    expected = {path: 400 if path.endswith("=never") else 200 for path in QUERIES}
    expected["/readyz/"] = 503  # the tests have no triggers
    assert found == {path: (count, expected[path]) for path, count in QUERIES.items()}


def test_number_of_queries_is_counted_over_much(full_register, client):
    """What the addresses above show grows with the register, or they count nothing."""
    names = ["relationships", "entries", "cities", "organizations", "sources", "resolutions"]
    names += ["actions", "meetings", "members", "seats", "statements", "vote-requirements"]
    names += ["numbering-schemes", "programs", "exchanges", "award-categories"]
    counts = [client.get(f"/api/v1/{name}/").json()["count"] for name in names]
    kinds = client.get("/api/v1/relationship-types/").json()["count"]
    votes = client.get("/api/v1/popolo/vote-events/?kind=adopt").json()["count"]

    few = [3, 6, 10, 10, 35, 3, 4, 2, 9, 10, 2, 2, 2, 1, 3, 1]
    many = [11, 26, 38, 36, 105, 13, 14, 6, 11, 14, 6, 4, 4, 3, 9, 3]
    assert counts == {1: few, 3: many}[full_register]
    assert (kinds, votes) == (full_register + 2, full_register)


def test_postgresql_does_not_compile_what_it_is_asked():
    """It takes seconds to compile the long questions of a page, milliseconds to answer them."""
    if connection.vendor == "sqlite":
        given = settings_of(
            {"DATABASE_URL": "postgres:///register?options=-c%20search_path%3Dapp"}
        )
        assert given == {"options": "-c jit=off -c lock_timeout=3s -c search_path=app"}
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def settings_of(variables: dict[str, str]) -> dict[str, str]:
    """The options of the database as the settings read these variables."""
    code = (
        "import json; from lrscc.settings import DATABASES;"
        " print(json.dumps(DATABASES['default']['OPTIONS']))"
    )
    environment = {**os.environ, "SECRET_KEY": "x", **variables}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


# --- templates --------------------------------------------------------------------------

REFUSED = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+off|mark_safe"),
}


def faults_in(text: str) -> list[str]:
    return [fault for fault, pattern in REFUSED.items() if pattern.search(text)]


def test_templates_have_nothing_the_policy_forbids():
    faults = {str(path.relative_to(ROOT)): faults_in(path.read_text()) for path in TEMPLATES}

    assert len(faults) > 100
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("a style attribute", '<p style="color: red">'),
        ("a style element", "<style>p {}</style>"),
        ("an inline script", "<script>go()</script>"),
        ("an event attribute", '<a href="#" onclick="go()">'),
        ("a javascript: address", '<a href="javascript:go()">'),
        ("unescaped text", "{{ note|safe }}"),
    ],
)
def test_template_faults_would_be_found(fault, text):
    assert faults_in(text) == [fault]
