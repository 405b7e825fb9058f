"""Data for search engines inside a page, in the words of schema.org."""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SCHEMA = "https://schema.org"
_NO_MARKUP = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
"""Nothing in the data can end the element it stands in."""


def data_block(data: dict[str, Any] | None) -> SafeString | str:
    """Data inside a page: an element that no browser runs, so the policy need not allow it."""
    if data is None:
        return ""
    text = json.dumps(data, ensure_ascii=False).translate(_NO_MARKUP)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text),  # the marks of HTML are gone
    )
