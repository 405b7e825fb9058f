"""Chromium, started once for each file of tests, before the register's own data.

The server runs in this process and shares its connection, so it sees what no transaction has
committed. That works on SQLite alone; a browser sees no difference between the databases.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from lrscc.files.loading import load
from tests.browser.checks import reset
from tests.browser.pages import EVERY_PAGE, KINDS, longest_of_each_kind
from tests.derived import rebuild_all
from tests.factories import make_source
from tests.otsu import WITHDRAWN as IS_WITHDRAWN
from tests.tools import needs

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--no-first-run",
]
"""Lets Chromium start as root, and ask nobody but us."""


@pytest.fixture(scope="module")
def program():
    """Where Chromium is: what CHROMIUM names, else what is installed."""
    if connection.vendor != "sqlite":
        pytest.skip("The browser's tests run on SQLite alone.")
    names = (os.environ.get("CHROMIUM"), *NAMES)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    needs(found, "Chromium", "Install it, or name it by CHROMIUM.")
    return found


@pytest.fixture(scope="package")
def register(django_db_setup, django_db_blocker):
    """The register's own data, loaded once for all files of the browser's tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        load([Path(settings.BASE_DIR) / "lrscc" / "data" / "register"], lambda *progress: None)
        make_source(slug="withdrawn", **IS_WITHDRAWN)
        rebuild_all()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def db(register, module_db):
    """Asks for the database as a test does; what one file adds to the register, no other sees."""


@pytest.fixture(scope="module")
def pages(db):
    """The address of a page of each kind."""
    return longest_of_each_kind() | {path: path for path in EVERY_PAGE if path not in KINDS}


@pytest.fixture(scope="module")
def markup(pages):
    """The HTML of each page, by its kind; to be asked for before the browser starts."""
    return {kind: Client().get(pages[kind]).content for kind in EVERY_PAGE}


@pytest.fixture(scope="module")
def site(program, db):
    """The site as it is served."""
    with override_settings(
        MIDDLEWARE=["tests.browser.answers.CachedAnswers", *settings.MIDDLEWARE]
    ):
        server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def chromium(program, site):
    """The browser, started when the register stands: from here on no test asks the database.

    Playwright's loop runs in this thread, where Django would then open a connection of its own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def context(chromium, site):
    """What a visitor's browser keeps: one for each file of tests."""
    context = chromium.new_context(base_url=site.url, locale="en-US", service_workers="block")
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def only_tab(context):
    """Opened once: a new one for each test takes longer than most tests."""
    tab = context.new_page()
    yield tab
    tab.close()


@pytest.fixture
def tab(only_tab):
    """The tab, wide and light, on an empty page, with the pointer in its corner."""
    only_tab.unroute_all()
    only_tab.goto("about:blank")
    reset(only_tab)
    return only_tab


@pytest.fixture(scope="module")
def plain_tab(chromium, site):
    """A tab of a browser that runs no JavaScript."""
    context = chromium.new_context(base_url=site.url, java_script_enabled=False)
    yield context.new_page()
    context.close()
