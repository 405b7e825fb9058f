"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lrscc.settings")
application = get_wsgi_application()

from lrscc.running.waiting import limit_statements  # noqa: E402 - needs the settings

limit_statements()
