"""The few fixtures everyone needs."""

import gc
import logging
import os
import sys

import pytest
from coverage import Coverage
from django.conf import settings as site
from django.db import transaction
from django.test import Client, override_settings
from hypothesis import HealthCheck, settings

os.environ.setdefault("SECRET_KEY", "only for tests, " * 4)

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
    """No hard passwords, no look at every static file, no traceback of each page refused."""
    logging.getLogger("django.request").setLevel(logging.ERROR)
    site.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[hasher], WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(scope="module")
def module_db(django_db_setup, django_db_blocker):
    """The database for what a whole module reads and no test changes; undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def unmeasured():
    """Lines are not noted meanwhile: for tests that walk through what others prove one by one."""
    Client().get("/data/")  # loads the parts of a page: that is noted, whoever comes first
    measuring = Coverage.current()
    if measuring:
        measuring.stop()
    yield
    if measuring:
        measuring.start()
    _forget_answers()


def _forget_answers() -> None:
    """Let functions that answer once for ever answer anew: who asks next may be measured."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("cities", "exchanges", "lrscc", "resolutions"):
            for part in vars(module).values():
                if getattr(part, "__module__", "") == name and hasattr(part, "cache_clear"):
                    part.cache_clear()


@pytest.fixture(autouse=True)
def index_apart(request):
    """Only tests marked `indexed`, and what whole modules share, write the index of the search."""
    from lrscc.search import index  # noqa: PLC0415 - needs the settings

    if request.node.get_closest_marker("indexed"):
        yield
        return
    token = index._collected.set({})
    yield
    index._collected.reset(token)
