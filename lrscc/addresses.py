"""Which part of the site an address belongs to."""

from django.conf import settings
from django.http import HttpRequest


def is_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith(f"/{settings.ADMIN_PATH}")
