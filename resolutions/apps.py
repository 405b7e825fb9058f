from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResolutionsConfig(AppConfig):
    name = "resolutions"
    verbose_name = _("Resolutions and votes")

    def ready(self) -> None:
        """Keep the view of statuses in step with the actions' table."""
        from resolutions.course_sql import COURSES  # noqa: PLC0415 - needs the apps

        COURSES.keep(self)
