from importlib import import_module

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class LrsccConfig(AppConfig):
    name = "lrscc"
    verbose_name = _("The site")

    def ready(self) -> None:
        """Let every app describe its kinds of record, and keep in step with them what is
        derived from them: see ADR 0008."""
        from cities.records import derived  # noqa: PLC0415 - needs the apps
        from cities.records.record_types import autodiscover  # noqa: PLC0415 - needs the apps
        from lrscc.changes.derivation import logs  # noqa: PLC0415 - needs the apps
        from lrscc.running import deriving, preparing  # noqa: PLC0415 - needs the apps
        from lrscc.search import checks, index  # noqa: PLC0415 - needs the apps

        autodiscover()
        register(checks.check_search_fields)
        register(checks.check_search_addresses, Tags.urls)
        derived.register(*index.searches(), *logs())
        autodiscover_modules("derivations")
        import_module("lrscc.accounts.signals")
        derived.follow()
        deriving.follow_migrations(self)
        connection_created.connect(preparing.keep_to_owner)
