"""Faults of an installation that stop a command, in words for whoever runs it."""

from django.db import DatabaseError, InterfaceError

from lrscc.running.preparing import NotReadyError, check_folder, check_tables
from lrscc.running.waiting import is_busy, is_full, reason


def in_words(error: Exception) -> str:
    """Return what is wrong with the installation, and what to do.

    Nothing is returned for a fault of the code: it should keep its traceback.
    """
    if is_full(error):
        return f"The disk is full ({reason(error)}). Make room, then run the command again."
    if is_busy(error):
        return "Others save to the database for too long. Run the command again in a moment."
    if not isinstance(error, OSError | DatabaseError | InterfaceError):
        return ""
    try:
        check_folder()
        if not isinstance(error, OSError):
            check_tables()
    except NotReadyError as fault:
        return str(fault)
    return ""
