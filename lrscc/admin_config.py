"""Django’s admin, on a site of our own: a module by itself, as its app is no part of ours."""

from django.apps import apps
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class RegisterAdminConfig(AdminConfig):
    default_site = "lrscc.admin_site.RegisterSite"

    def ready(self) -> None:
        """Call the accounts as the menu does that leads to them."""
        super().ready()
        apps.get_app_config("auth").verbose_name = _("Settings")
