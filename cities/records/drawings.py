"""Parts of pages that are drawn once for the same values, and kept.

What is kept follows from its values alone, the language and the template, so it is never stale.
"""

from functools import lru_cache
from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

DRAWINGS_KEPT = 2048


def drawn(template: str, **values: Any) -> SafeString:
    """Return a template filled with plain values.

    They are equal only if all that they hold is, like frozen dataclasses of strings. Records
    are not plain: one is equal to itself whatever was changed in it.
    """
    if any(isinstance(value, Model) for value in values.values()):
        raise TypeError(f"{template} is drawn from plain values, not from records.")
    return _drawn(template, tuple(values.items()), get_language())


@lru_cache(maxsize=DRAWINGS_KEPT)
def _drawn(template: str, values: tuple[tuple[str, Any], ...], language: str | None) -> SafeString:
    return render_to_string(template, dict(values))
