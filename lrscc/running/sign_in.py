"""Signing in: guessing is slowed down, nobody is locked out for good."""

import hashlib
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

TRIES, WINDOW = 5, 5 * 60
"""So many wrong passwords for one name from one address, in so many seconds."""


class SignInForm(AdminAuthenticationForm):
    """Django's form, which by itself lets anyone guess for ever."""

    def clean(self) -> dict[str, Any]:
        """Refuse after too many wrong tries, the right password too (ASVS 5.0, 6.3.1)."""
        key = self._key()
        if cache.get(key, 0) >= TRIES:
            raise ValidationError(
                _("Too many wrong tries. Wait five minutes, then try again."), code="throttled"
            )
        try:
            given = super().clean()
        except ValidationError:
            cache.add(key, 0, WINDOW)
            cache.incr(key)
            raise
        cache.delete(key)
        return given

    def _key(self) -> str:
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        name = self.cleaned_data.get("username", "").casefold()
        return "sign-in:" + hashlib.sha256(f"{address}\n{name}".encode()).hexdigest()
