"""Django’s admin, on a site of our own: a module by itself, as its app is no part of ours."""

from django.contrib.admin.apps import AdminConfig


class RegisterAdminConfig(AdminConfig):
    default_site = "lrscc.admin_site.RegisterSite"
