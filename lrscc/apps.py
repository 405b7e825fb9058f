from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LrsccConfig(AppConfig):
    name = "lrscc"
    verbose_name = _("The site")

    def ready(self) -> None:
        """Keep the index of the search in step with the records: see ADR 0008."""
        from lrscc.search import index  # noqa: PLC0415 - needs the apps

        index.follow()
