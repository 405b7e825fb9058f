"""How long the site waits for others who write, and what it makes of a database that refuses.

The settings let every program wait at most 3 seconds for a lock.
"""

import errno
import sqlite3

from django.db import DatabaseError, OperationalError, connection

STATEMENT_SECONDS = 5
"""How long PostgreSQL may work on one statement of the site. Commands have no such limit."""

_BUSY = {
    "55P03",  # lock not available
    "40P01",  # deadlock
    "57014",  # the statement took too long
}


def limit_statements() -> None:
    """Limit the statements of this process, before it opens a connection: for serving."""
    if connection.vendor == "postgresql":
        options = connection.settings_dict["OPTIONS"]
        limit = f"-c statement_timeout={STATEMENT_SECONDS}s"
        options["options"] = f"{limit} {options.get('options', '')}".strip()


def is_full(error: BaseException) -> bool:
    """Return whether a disk has no room left: that of the database, or of the documents."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    cause = error.__cause__
    if not isinstance(error, DatabaseError) or cause is None:
        return False
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
    return getattr(cause, "pgcode", None) == "53100"


def reason(error: BaseException) -> str:
    """Return what the database said, in one line for the log."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def is_busy(error: BaseException) -> bool:
    """Return whether the database gave up waiting for others, or a statement took too long."""
    cause = error.__cause__
    if not isinstance(error, OperationalError) or cause is None:
        return False
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # without what is more detailed
        return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(cause, "pgcode", None) in _BUSY
