"""A bare Django site: its one view answers as many bytes as its address says."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="no secret", USE_TZ=True
)


def some_bytes(request: HttpRequest, size: int) -> HttpResponse:
    return HttpResponse(b"x" * size)


urlpatterns = [path("<int:size>/", some_bytes)]
application = get_wsgi_application()
