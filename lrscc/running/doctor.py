"""What whoever runs the site should mend, in words."""

import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.mail import get_connection
from django.db import connection
from django.utils.timezone import now

from cities.current_register import current_register
from lrscc import limits
from lrscc.accounts import unsent
from lrscc.running.preparing import is_embedded
from lrscc.running.proxy import settings_of_proxy, through_the_proxy
from lrscc.running.readiness import Check, checks

SECONDS_OF_CLOCKS = 5
"""By which the clocks of this machine and of the database may differ."""

AGE_OF_A_BACKUP = timedelta(days=2)
LETTERS_OF_A_KEY = 50
SECONDS_FOR_MAIL = 10


def examined() -> Iterator[Check]:
    """Look at everything that `/readyz/` looks at, and at what goes wrong more slowly."""
    found = list(checks())
    yield from found
    yield Check("settings", _settings())
    yield Check("rights of files", _rights())
    if not any(check.fault for check in found if check.name in ("database", "migrations")):
        yield Check("clock", _clock())
        yield Check("time zone", _time_zone())
    yield Check("mail", _mail())
    yield Check("cache", _cache())
    yield Check("proxy", settings_of_proxy())
    yield Check("HTTPS", through_the_proxy())
    yield Check("backups", _backups())


def _settings() -> str:
    if settings.DEBUG:
        return "DEBUG is on, which shows settings to visitors. Unset it."
    if len(settings.SECRET_KEY) < LETTERS_OF_A_KEY:
        return "SECRET_KEY is short. Make one of 50 or more random characters."
    if "*" in settings.ALLOWED_HOSTS:
        return "ALLOWED_HOSTS has “*”. Name the hosts of the site."
    return ""


def _rights() -> str:
    """Name the first file or folder of ours that others can read."""
    folder = Path(settings.DATA_DIR)
    private = [folder, Path(settings.MEDIA_ROOT), Path(settings.MAIL_FOLDER)]
    private += [folder / "secret_key", folder / "backups", Path(settings.ENV_FILE)]
    if is_embedded():
        private.append(Path(settings.EMBEDDED_DATABASE))
    for path in private:
        if path.exists() and path.stat().st_mode & 0o077:
            mode = "700" if path.is_dir() else "600"
            return f"Others can read {path}. Run `chmod {mode} {path}`."
    return ""


def _clock() -> str:
    """Compare the clock with that of the database, on another machine perhaps."""
    if connection.vendor == "sqlite":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        seconds = abs(float(cursor.fetchone()[0]) - time.time())
    if seconds > SECONDS_OF_CLOCKS:
        return f"The clock of the database differs by {seconds:.0f} seconds. Set both by NTP."
    return ""


def _time_zone() -> str:
    """Look at what decides which day is today for visitors."""
    register = current_register()
    if not register.is_on_record:
        return "No city is home yet. Choose it in the admin under Register."
    if not register.home.time_zone:
        return (
            f"{register.home} has no time zone, so that days begin at midnight in"
            f" {settings.TIME_ZONE}. Enter it in the admin under Cities."
        )
    return ""


def _mail() -> str:
    if not settings.SENDS_MAIL:
        return ""
    try:
        server: Any = get_connection()
        server.timeout = SECONDS_FOR_MAIL
        server.open()
        server.close()
    except Exception as error:  # whatever the server or the network says
        return f"The mail server does not answer ({error}). Check EMAIL_URL."
    if waiting := len(unsent.kept()):
        return (
            f"Mails that the mail server did not take: {waiting}. They are tried again for a day;"
            " look in the log for why."
        )
    return ""


def _cache() -> str:
    """Look whether the cache keeps something, counts, and is one for all processes."""
    try:
        caches["default"].set("lrscc.doctor", "well", 60)
        is_kept = caches["default"].get("lrscc.doctor") == "well"
        limits.one_more("lrscc.doctor")
    except Exception as error:  # whatever the cache is
        return f"The cache cannot be used ({error}). Check CACHE_URL."
    if not is_kept:
        return "The cache keeps nothing. Check CACHE_URL."
    if any(isinstance(caches[alias], LocMemCache) for alias in settings.CACHES):
        return "Each process has a cache of its own. Check CACHE_URL."
    return ""


def _backups() -> str:
    """Look at the newest backup in the folder where they are kept without another name."""
    newest = None
    for path in Path(settings.DATA_DIR, "backups").glob("*.zip"):
        with suppress(OSError):
            newest = max(newest or 0, path.stat().st_mtime if zipfile.is_zipfile(path) else 0)
    if not newest:
        return (
            "There is no backup in DATA_DIR/backups. Run `manage.py backup` every night, and copy"
            " it to another machine."
        )
    age = timedelta(seconds=now().timestamp() - newest)
    return f"The newest backup is {age.days} days old." if age > AGE_OF_A_BACKUP else ""
