"""The form to sign in with."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

from lrscc.accounts import throttle


class SignInForm(AdminAuthenticationForm):
    """Django's form with a limit on guesses, which Django leaves to others."""

    def clean(self) -> dict[str, Any]:
        """Count the try before the password is checked (ASVS 5.0, 6.3.1)."""
        name = self.cleaned_data.get("username", "").casefold()
        if self.request is None or not name:
            raise ValidationError(self.error_messages["invalid_login"], code="invalid_login")
        this = throttle.attempt(self.request, "sign in", name)
        cleaned = super().clean()
        this.succeeded()
        return cleaned
