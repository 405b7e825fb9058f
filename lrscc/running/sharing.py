"""What every serving process needs, loaded once before they part: so they share its memory."""

import gc
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver

from cities.records.countries import country_choices, subdivision_name
from cities.records.languages import language_name
from resolutions.deadlines import is_business_day


def load_what_is_shared() -> None:
    """Load the views, the templates and the tables of names and holidays, and keep them.

    No database is asked: processes must not share a connection. What is there is then left alone
    by the search for garbage, which writes to it and would make a copy of it in each process.
    """
    _load_views(get_resolver())
    folders: Any = settings.TEMPLATES[0]["DIRS"]
    for folder in folders:
        for path in sorted(Path(folder).rglob("*.html")):
            get_template(str(path.relative_to(folder)))
    country_choices()
    subdivision_name("US-MI")
    language_name("und")
    is_business_day(date.today())  # noqa: DTZ011 - any year does
    gc.collect()
    gc.freeze()


def _load_views(resolver: Any) -> None:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            _load_views(pattern)
