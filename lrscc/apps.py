from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class LrsccConfig(AppConfig):
    name = "lrscc"
    verbose_name = _("The site")

    def ready(self) -> None:
        """Let every app describe its kinds of record, and keep the search index in step with
        them: see ADR 0008."""
        from cities.records.record_types import autodiscover  # noqa: PLC0415 - needs the apps
        from lrscc.search import checks, index  # noqa: PLC0415 - needs the apps

        autodiscover()
        register(checks.check_search_fields)
        register(checks.check_search_addresses, Tags.urls)
        index.follow()
