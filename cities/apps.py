from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class CitiesConfig(AppConfig):
    name = "cities"
    verbose_name = _("Places and their ties")

    def ready(self) -> None:
        """Keep the view of standings in step with the ledger's table."""
        from cities.standing_sql import create_view, drop_view  # noqa: PLC0415 - needs the apps

        pre_migrate.connect(drop_view, sender=self, dispatch_uid="drop standings")
        post_migrate.connect(create_view, sender=self, dispatch_uid="create standings")
