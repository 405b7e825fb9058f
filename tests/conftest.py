"""The few fixtures everyone needs."""

import gc
import logging
import os
from datetime import datetime, time
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site
from django.db import connection, transaction
from django.template import Context, Template
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone
from hypothesis import HealthCheck, settings
from pytest_django.plugin import blocking_manager_key

from lrscc import answers
from lrscc.changes import triggers
from resolutions.triggers import allow_overlaps
from tests import database

LOCMEM = "django.core.cache.backends.locmem"
TODAY = timezone.localdate()
NO_CACHE = "django.core.cache.backends.dummy.DummyCache"

os.environ.setdefault("SECRET_KEY", "only for tests, " * 4)
os.environ["ENV_FILE"] = ""  # the settings of an installation in this folder are not for tests

settings.register_profile(
    "suite",
    deadline=None,  # the machine's pace is no property of the code
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("suite")
gc.set_threshold(100_000, 50, 100)  # a page makes many more objects than Python's own threshold


@pytest.fixture(scope="session", autouse=True)
def quick():
    """What no test needs: hard passwords, a look at every static file for each client, the
    traceback of each page that is refused, and, but for `indexed` and `logged`, the index of the
    search and the log.
    """
    logging.getLogger("django.request").setLevel(logging.ERROR)
    site.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        SECOND_FACTOR_REQUIRED=False,  # but for tests/accounts
        WHITENOISE_AUTOREFRESH=True,
        DERIVATIONS_PAUSED=["search", "log"],
        ANSWERS_KEPT=False,
        PARTS_KEPT=False,  # without the log nobody would know that they are out of date
        LIMITS=dict.fromkeys(site.LIMITS),  # all tests have one address
        CACHES=site.CACHES
        | {"answers": {"BACKEND": f"{LOCMEM}.LocMemCache"}, "open_forms": {"BACKEND": NO_CACHE}},
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def one_day():
    """The day on which the tests were read lasts until they end, also past midnight."""
    real = timezone.localtime
    last = datetime.combine(TODAY, time.max, tzinfo=timezone.get_current_timezone())

    def localtime(value: datetime | None = None, *zone: Any) -> datetime:
        return real(value or min(timezone.now(), last), *zone)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "localtime", localtime)  # `localdate` asks it
        yield


@pytest.fixture(scope="session", autouse=True)
def only_pages_noted(django_test_environment):
    """Note for a test what a page was made of, not what each of its hundred parts was made of."""
    noting = Template._render

    def render(template: Template, context: Context) -> str:
        whole = context.template is template
        return noting(template, context) if whole else template.nodelist.render(context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """The database of this process: a copy of one that is migrated already, if there is one."""
    options: dict[str, Any] = {"verbosity": 0, "interactive": False}
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), database.migrated_once():
            setup_databases(**options, serialized_aliases=[], keepdb=True)
            triggers.lift_refusals("default")
            allow_overlaps("default")
        yield  # memory needs no end
    else:
        if migrated := os.environ.get("MIGRATED_DATABASE"):
            connection.settings_dict["TEST"]["TEMPLATE"] = migrated
        with django_db_blocker.unblock():
            made = setup_databases(**options, serialized_aliases=[])
            triggers.lift_refusals("default")
            allow_overlaps("default")
            _keep_first_rows()
        yield
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


def _keep_first_rows() -> None:
    """Put the first rows back as rows, where tests that commit empty all tables at their end.

    Django would read each from a text and save it.
    """
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    first = database.rows_of(model for model in models if not model._meta.proxy)
    connection._test_serialized_contents = "as rows"
    connection.creation.deserialize_db_from_string = lambda _: database.put_back(
        first, only_missing=True
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: Any, nextitem: Any) -> Any:
    """Put the first rows back once a test that commits has emptied all tables.

    The next that commits does so itself, and after the last the database is gone already.
    """
    result = yield
    rows = getattr(connection, "_test_serialized_contents", "")
    if rows and nextitem and _commits(item) and not _commits(nextitem):
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(rows)
    return result


def _commits(item: Any) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(scope="module")
def module_db(django_db_setup, django_db_blocker):
    """The database for what a whole module reads and no test changes; undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        _number_at_once()
        yield
        transaction.set_rollback(True)


def _number_at_once() -> None:
    """Give entries of the log their numbers before the commit, which tests never reach."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS cities_logentry_number IMMEDIATE")


@pytest.fixture
def logged(db):
    """The log follows each change, as it does on the site."""
    _number_at_once()
    with override_settings(DERIVATIONS_PAUSED=["search"]):
        yield


@pytest.fixture
def answered(logged):
    """Answers are kept, as on the site, and forgotten before and after."""
    answers.forget_all()
    with override_settings(ANSWERS_KEPT=True, PARTS_KEPT=True):
        yield
    answers.forget_all()


@pytest.fixture(scope="module")
def indexed():
    """The index of the search follows each change, as it does on the site."""
    with override_settings(DERIVATIONS_PAUSED=[]):
        yield
