"""The sign-in form: guessing is slowed down, and nobody is locked out for good."""

import hashlib
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WRONG_PASSWORDS, SECONDS = 5, 5 * 60
"""How many wrong passwords for one name from one address are allowed in how many seconds."""


class SignInForm(AdminAuthenticationForm):
    """Django's form with a limit on guesses, which Django leaves to others."""

    def clean(self) -> dict[str, Any]:
        """Refuse after too many wrong passwords, even the right one (ASVS 5.0, 6.3.1)."""
        key = self._key()
        if cache.get(key, 0) >= WRONG_PASSWORDS:
            raise ValidationError(
                _("Too many wrong passwords. Wait five minutes, then try again."), code="throttled"
            )
        try:
            cleaned = super().clean()
        except ValidationError:
            cache.add(key, 0, SECONDS)
            cache.incr(key)
            raise
        cache.delete(key)
        return cleaned

    def _key(self) -> str:
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        name = self.cleaned_data.get("username", "").casefold()
        return "sign-in:" + hashlib.sha256(f"{address}\n{name}".encode()).hexdigest()
