"""Where somebody is signed in right now, for them to see and to end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext

from lrscc.accounts import sessions

SESSIONS_READ = 2000
"""Of everybody; only who signs in has one, and it is over after twelve hours."""

BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""By what they send of themselves; the first that fits, since each also names others."""
SYSTEMS = {
    "Windows": "Windows",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Macintosh": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


class OpenSession(NamedTuple):
    """A session that has not ended; `name` is what a page calls it, and opens nothing."""

    name: str
    row: Session
    began: datetime
    seen: datetime
    address: str
    browser: str
    is_this: bool


def open_sessions(request: HttpRequest) -> list[OpenSession]:
    """Return the sessions of who asks: this one first, then the one used last."""
    found = [
        session for session in _of(request) if sessions.left(session.row.get_decoded())[0] > 0
    ]
    return sorted(found, key=lambda session: (session.is_this, session.seen), reverse=True)


def _of(request: HttpRequest) -> Iterator[OpenSession]:
    user: Any = request.user
    since = sessions.since_of(user)
    rows = Session.objects.filter(expire_date__gt=timezone.now()).order_by("-expire_date")
    for row in rows[:SESSIONS_READ]:
        data = row.get_decoded()
        is_ours = data.get(SESSION_KEY) == str(user.pk) and constant_time_compare(
            data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
        )
        if not is_ours or sessions.BEGAN not in data or data[sessions.BEGAN] < since:
            continue
        address, browser = data.get(sessions.FROM, ("", ""))
        yield OpenSession(
            name=salted_hmac("lrscc.session", row.session_key, algorithm="sha256").hexdigest(),
            row=row,
            began=datetime.fromtimestamp(data[sessions.BEGAN], UTC),
            seen=datetime.fromtimestamp(data[sessions.SEEN], UTC),
            address=address,
            browser=in_words(browser),
            is_this=row.session_key == request.session.session_key,
        )


def end(request: HttpRequest, name: str) -> bool:
    """End one of the sessions of who asks, on every machine. Return whether there was one."""
    found = [session for session in open_sessions(request) if session.name == name]
    for session in found:
        session.row.delete()
    return bool(found)


def in_words(user_agent: str) -> str:
    """Return a browser and a system as people call them."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or gettext("Unknown browser")
