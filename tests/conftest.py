"""The few fixtures everyone needs."""

import os

import pytest
from django.conf import settings as site
from django.db import transaction
from hypothesis import HealthCheck, settings

os.environ.setdefault("SECRET_KEY", "only for tests, " * 4)

settings.register_profile(
    "suite",
    deadline=None,  # the machine's pace is no property of the code
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def static_folder():
    """The folder of collected files: WhiteNoise warns of a missing one."""
    site.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="module")
def module_db(django_db_setup, django_db_blocker):
    """The database for what a whole module reads and no test changes; undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def index_apart(request):
    """Only tests marked `indexed` write the index of the search: the rest would wait for it."""
    from lrscc.search import index  # noqa: PLC0415 - needs the settings

    if request.node.get_closest_marker("indexed"):
        yield
        return
    token = index._collected.set({})
    yield
    index._collected.reset(token)
