"""What a password must be: long, and not one that others would try first (NIST SP 800-63B).

No rule asks for capitals, digits or signs, and no password expires.
"""

import re
import unicodedata
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.current_register import current_register
from lrscc.accounts.second_factor import has_second_factor

ALONE, WITH_SECOND_FACTOR = 15, 8
"""How long a password is at least (NIST SP 800-63B-4, 3.1.1.2)."""

CONTEXT = (
    "lansing",
    "michigan",
    "sister",
    "cities",
    "city",
    "friendship",
    "commission",
    "council",
    "register",
    "relationship",
    "partner",
    "lrscc",
    "staff",
    "clerk",
    "publisher",
    "admin",
    "password",
    "passwort",
    "welcome",
    "letmein",
    "changeme",
)
"""Words that somebody would try first here."""

ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
)
SEQUENCES = frozenset(
    piece[start : start + 4]
    for row in ROWS
    for piece in (row, row[::-1])
    for start in range(len(row) - 3)
)
"""Four characters that follow each other in the alphabet, in numbers or on a keyboard."""

LEET = str.maketrans("013457@$!|", "oieastasil")
"""Signs that stand for letters, as everybody who guesses knows."""


def least_length(user: Any) -> int:
    return WITH_SECOND_FACTOR if user and user.pk and has_second_factor(user) else ALONE


class LongEnough:
    """Refuse a short password; beside a second factor it may be shorter."""

    def validate(self, password: str, user: Any = None) -> None:
        least = least_length(user)
        if len(unicodedata.normalize("NFKC", password)) < least:
            raise ValidationError(
                ngettext(
                    "Use at least %d character. Four or five words that do not belong together"
                    " are easy to remember and hard to guess.",
                    "Use at least %d characters. Four or five words that do not belong together"
                    " are easy to remember and hard to guess.",
                    least,
                )
                % least,
                code="password_too_short",
            )

    def get_help_text(self) -> str:
        return gettext(
            "Use at least 15 characters (8 if you have set up a second step), for example four or"
            " five words that do not belong together. Capitals, digits and signs are not needed."
        )


class NoRepeats:
    """Refuse what is one piece again and again: `aaaaaaaaaaaaaaa`, `abcabcabcabcabc`."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = without_repeats(password.casefold())
        if len(rest) < least_length(user) / 2 or len(set(rest)) < 4:
            raise ValidationError(
                _(
                    "Do not repeat the same characters or words. Use words that do not belong"
                    " together."
                ),
                code="password_repeats",
            )

    def get_help_text(self) -> str:
        return gettext("Nothing that repeats itself, such as “abcabcabc”.")


class NoSequences:
    """Refuse what follows from its beginning: `123456789012345`, `qwertyuiopasdfg`."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = without_sequences(password.casefold())
        if len(rest) < least_length(user) / 2:
            raise ValidationError(
                _(
                    "Do not use characters in the order of the alphabet, of numbers or of the"
                    " keyboard. Use words that do not belong together."
                ),
                code="password_sequence",
            )

    def get_help_text(self) -> str:
        return gettext("Nothing in the order of the alphabet, of numbers or of the keyboard.")


class NoContext:
    """Refuse what is made of the words of this site and of the person: `sistercities2026`."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = without_words(password, {*CONTEXT, *words_of_site(), *words_of(user)})
        if len(rest) < least_length(user) / 2:
            raise ValidationError(
                _(
                    "Do not make the password of your name or of words of this site, such as"
                    " “Lansing” or “sister cities”. Add words that nobody would expect here."
                ),
                code="password_context",
            )

    def get_help_text(self) -> str:
        return gettext("More than your name and words of this site, such as “sister cities”.")


class NoCommon(CommonPasswordValidator):
    """Refuse what many have: one of 20,000 passwords from breaches, or two of them in a row.

    Almost none of the list is as long as a password must be here, so that it is read for what
    people make of it: `dragonmonkey2024!!`.
    """

    def validate(self, password: str, user: Any = None) -> None:
        plain = "".join(sign for sign in password.casefold() if sign.isalnum())
        if any(self._is_common(text) for text in (plain, plain.rstrip("0123456789"))):
            raise ValidationError(
                _(
                    "Others use this password, or it is made of two that others use. Use words"
                    " that do not belong together."
                ),
                code="password_too_common",
            )

    def _is_common(self, text: str) -> bool:
        halves = ((text[:place], text[place:]) for place in range(4, len(text) - 3))
        return text in self.passwords or any(
            first in self.passwords and second in self.passwords for first, second in halves
        )


def without_repeats(text: str) -> str:
    """Return the text with each piece that follows itself written once."""
    return re.sub(r"(.+?)\1+", r"\1", text, flags=re.DOTALL)


def without_sequences(text: str) -> str:
    """Return the text without characters that are part of a sequence of four or more."""
    inside: set[int] = set()
    for start in range(len(text) - 3):
        if text[start : start + 4] in SEQUENCES:
            inside |= set(range(start + 1, start + 4))
    return "".join(sign for place, sign in enumerate(text) if place not in inside)


def without_words(password: str, words: set[str]) -> str:
    """Return the letters of a password that belong to none of the words."""
    rest = letters(password)
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return "".join(rest.split())


def letters(text: str) -> str:
    """Return the letters of a text, without accents, with signs that stand for letters as those.

    A year or number at an end says nothing.
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).rstrip("0123456789!?.-_* ")
    return "".join(sign for sign in plain.translate(LEET) if sign.isalpha())


def words_of_site() -> set[str]:
    """Return the words of the names of the site, of its commission and of its home."""
    register = current_register()
    return _words(f"{register.site_name} {register.maintainer_name} {register.home_name}")


def words_of(user: Any) -> set[str]:
    """Return the words of a person's name and address."""
    if user is None:
        return set()
    email = getattr(user, "email", "") or ""
    return _words(f"{user.username} {user.first_name} {user.last_name} {email}")


def _words(text: str) -> set[str]:
    parts = (letters(part) for part in re.split(r"[\W_]+", text))
    return {part for part in parts if len(part) >= 4}
