"""A plugin of pytest: the profile `long` of Hypothesis, which `--hypothesis-profile` chooses."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "long",
    max_examples=2000,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
