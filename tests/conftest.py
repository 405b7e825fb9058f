"""The few fixtures everyone needs."""

import os

from hypothesis import HealthCheck, settings

os.environ.setdefault("SECRET_KEY", "only for tests, " * 4)

settings.register_profile(
    "suite",
    deadline=None,  # the machine's pace is no property of the code
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("suite")
