"""What happens to accounts, as events in the log: never a secret, and no name that nobody has."""

import logging
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from lrscc.accounts import mail
from lrscc.accounts.addresses import client_address
from lrscc.accounts.notices import NOTICES

logger = logging.getLogger("lrscc.accounts")

REFUSED = frozenset(
    {"sign-in refused", "second factor refused", "password refused", "too many tries"}
)


def record(
    request: HttpRequest | None, event: str, user: Any = None, *, also_to: Iterable[str] = ()
) -> None:
    """Write a line: what happened, to which account, and from where. Mail it if it matters.

    Other addresses are written to as well where who did it must not be the only one to know.
    """
    address = client_address(request) if request else "the command line"
    actor = getattr(request, "user", None)
    by = f" by account {actor.pk}" if actor and actor.is_authenticated and actor != user else ""
    whose = f"account {user.pk}" if user and user.pk else "an unknown name"
    level = logging.WARNING if event in REFUSED else logging.INFO
    said = {"event": event, "account": user.pk if user else None}
    logger.log(
        level, "%s: %s%s, from %s", event, whose, by, address or "nowhere", extra={"said": said}
    )
    if user and event in NOTICES:
        subject, what = NOTICES[event]
        for to in dict.fromkeys(filter(None, (user.email, *also_to))):
            mail.send(user, "happened", to=to, subject=subject, what=what, when=timezone.now())
