"""The site map."""

from django.conf import settings
from django.contrib import admin
from django.urls import path

urlpatterns = [path(settings.ADMIN_PATH, admin.site.urls)]
handler400 = "lrscc.errors.bad_request"
handler403 = "lrscc.errors.permission_denied"
handler404 = "lrscc.errors.not_found"
handler500 = "lrscc.errors.server_error"
