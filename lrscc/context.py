"""What every page knows of the site itself."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    return {"contact_email": settings.CONTACT_EMAIL}
