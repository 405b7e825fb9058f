from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CitiesConfig(AppConfig):
    name = "cities"
    verbose_name = _("Places and their ties")

    def ready(self) -> None:
        """Let every app describe its kinds of record, and keep the view of standings in step."""
        from cities.records.record_types import autodiscover  # noqa: PLC0415 - needs the apps
        from cities.standing_sql import STANDINGS  # noqa: PLC0415 - needs the apps

        autodiscover()
        STANDINGS.keep(self)
