"""Language codes (BCP 47) as the register uses them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

_SHAPE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")


def check_language(code: str) -> None:
    """Raise `ValidationError` unless the code looks like ``ja``, ``zh-Hans`` or ``en-US``."""
    if not _SHAPE.fullmatch(code):
        raise ValidationError(
            _("“%(code)s” is no language code. Write it like en, ja, zh-Hans or en-US.")
            % {"code": code}
        )


def language_name(code: str) -> str:
    """The language's English name where Django knows it, else its code."""
    for wanted in (code.lower(), code.split("-")[0]):
        try:
            return get_language_info(wanted)["name_translated"]
        except KeyError:
            continue
    return code
