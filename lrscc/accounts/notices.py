"""E-mails about what happened to an account: a subject and a sentence for each event."""

from typing import Any

from django.utils.translation import gettext_lazy as _

NOTICES: dict[str, tuple[Any, Any]] = {
    "password changed": (
        _("Your password was changed"),
        _("The password of your account was changed."),
    ),
    "password set by a link": (
        _("Your password was set"),
        _("A new password was chosen for your account by a link that we sent or gave to you."),
    ),
    "second factor added (totp)": (
        _("An app for codes was set up"),
        _("An app for codes was set up for your account. It is asked for when you sign in."),
    ),
    "second factor added (webauthn)": (
        _("A passkey was set up"),
        _("A passkey was set up for your account. It can sign in alone."),
    ),
    "second factor removed (totp)": (
        _("The app for codes was removed"),
        _("The app for codes was removed from your account."),
    ),
    "second factor removed (webauthn)": (
        _("A passkey was removed"),
        _("A passkey was removed from your account."),
    ),
    "recovery codes renewed": (
        _("You have new recovery codes"),
        _("New recovery codes were made for your account. The old ones no longer work."),
    ),
    "recovery code used": (
        _("A recovery code was used"),
        _("Somebody signed in to your account with a recovery code. It works no more."),
    ),
    "second factors removed by an administrator": (
        _("You have to set up a new second step"),
        _(
            "An administrator removed the second steps of your account. At the next sign-in you"
            " set up a new one."
        ),
    ),
    "new link made": (
        _("A new link was made for your account"),
        _("An administrator made a link to choose a new password for your account."),
    ),
    "e-mail changed": (
        _("Your e-mail address was changed"),
        _("The e-mail address of your account was changed. The old address gets this, too."),
    ),
    "rights changed": (
        _("Your role was changed"),
        _("An administrator changed what your account may do."),
    ),
    "own rights changed": (
        _("An administrator changed their own role"),
        _(
            "The owner of this account is an administrator and changed what the account may do."
            " No other administrator was there to confirm it."
        ),
    ),
    "account switched off": (
        _("Your account was switched off"),
        _("An administrator switched off your account. You can no longer sign in."),
    ),
    "account switched on": (
        _("Your account was switched on"),
        _("An administrator switched on your account. You can sign in again."),
    ),
    "many wrong passwords": (
        _("Somebody tries to guess your password"),
        _(
            "Wrong passwords were typed for your account ten times. The next tries have to wait,"
            " longer each time. Nobody is in."
        ),
    ),
}
"""By what is written to the log: see `lrscc.accounts.events`."""
