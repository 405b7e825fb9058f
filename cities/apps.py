from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CitiesConfig(AppConfig):
    name = "cities"
    verbose_name = _("Sister cities")

    def ready(self) -> None:
        """Keep the view of standings in step with the entries' table."""
        from cities.standing_sql import STANDINGS  # noqa: PLC0415 - needs the apps

        STANDINGS.keep(self)
