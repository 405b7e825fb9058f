"""Prepare an installation for serving: its folder, database, register, sign-ins and files."""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from cities.models import City
from lrscc.changes import triggers
from lrscc.models import Account
from lrscc.roles import CLERK, PUBLISHER, STAFF
from lrscc.running.waiting import is_full, reason
from resolutions import triggers as overlaps

REGISTER = settings.BASE_DIR / "lrscc" / "data" / "register"
FIRST_ACCOUNTS = {
    "staff": STAFF,
    "clerk": CLERK,
    "publisher": PUBLISHER,
}
"""Names of the first accounts, and the group each belongs to."""


LETTERS_OF_A_NAME = 63
"""PostgreSQL cuts off what is longer."""


class SignIn(NamedTuple):
    """One of the first accounts, with its password."""

    name: str
    group: str
    password: str


class NotReadyError(Exception):
    """The site cannot start; the message says why and what to do, in one sentence or two."""


def is_embedded() -> bool:
    """Return whether the database is the SQLite file in the data folder."""
    return settings.DATABASES["default"]["NAME"] == settings.EMBEDDED_DATABASE


def check_folder() -> None:
    """Raise `NotReadyError` unless the data folder can be written."""
    folder = settings.DATA_DIR
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(PermissionError):  # it may be a folder of somebody else
            folder.chmod(0o700)
        probe = folder / ".probe"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        advice = (
            "Make room on its disk."
            if is_full(error)
            else "Run the command as its owner, or set DATA_DIR to another folder."
        )
        raise NotReadyError(
            f"The folder {folder} cannot be written ({error.strerror}). {advice}"
        ) from None


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let nobody else prepare this installation meanwhile: who comes second finds all done."""
    lock = os.open(settings.DATA_DIR / "preparing", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def keep_to_owner(connection: Any, **_: Any) -> None:
    """Let nobody else read the file of SQLite: it has hashes of passwords, and drafts.

    What SQLite writes beside the file gets the same rights.
    """
    path = Path(str(connection.settings_dict["NAME"]))
    with suppress(OSError):
        if connection.vendor == "sqlite" and path.stat().st_mode & 0o077:
            path.chmod(0o600)


def is_behind() -> bool:
    """Return whether a migration is still to be applied. Raise `NotReadyError` if unknown."""
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except (DatabaseError, InterfaceError) as error:
        advice = (
            f"Check the file {settings.EMBEDDED_DATABASE} and who owns it. If it is damaged,"
            " restore a backup into an empty DATA_DIR."
            if is_embedded()
            else "Check DATABASE_URL and that it runs."
        )
        raise NotReadyError(f"The database cannot be used ({reason(error)}). {advice}") from None


def check_tables() -> None:
    """Raise `NotReadyError` unless the database has every table of this version."""
    if is_behind():
        raise NotReadyError(
            "The database is missing tables of this version. Run `manage.py migrate` first."
        )


def is_empty() -> bool:
    """Return whether it has no accounts and no cities."""
    return not (get_user_model().objects.exists() or City.objects.exists())


def is_unguarded() -> bool:
    """Return whether triggers are missing: a command that migrated was stopped before its end."""
    if connection.vendor == "sqlite":
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        found = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(found)
        there = {name for (name,) in cursor.fetchall()}
    expected = triggers.names(connection.alias) | overlaps.names()
    return not {name[:LETTERS_OF_A_NAME] for name in expected} <= {
        name[:LETTERS_OF_A_NAME] for name in there
    }


def prepare_database(show: Callable[[list[SignIn]], None]) -> None:
    """Migrate the embedded database, and fill an empty one. `show` prints the first accounts.

    The register and the accounts are there together or not at all, and the passwords are printed
    before: a start that is stopped at any moment is started again. Raise `NotReadyError` for
    another database that is not migrated: that is for its operator to decide.
    """
    if is_behind() or is_unguarded():
        if not is_embedded():
            raise NotReadyError(
                "The database is not prepared for this version. Run `manage.py migrate`"
                " and, for a new one, `manage.py load_register` first."
            )
        call_command("migrate", verbosity=0)
    if is_embedded() and is_empty():
        with transaction.atomic():
            call_command("load_register", REGISTER)
            show(first_sign_ins())


def first_sign_ins() -> list[SignIn]:
    """Make an account for each of the first roles, shown once."""
    made = []
    for name, group in FIRST_ACCOUNTS.items():
        password = secrets.token_urlsafe(15)
        user = get_user_model().objects.create_user(name, password=password, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        Account.objects.create(user=user, is_printed=True)
        made.append(SignIn(name, group, password))
    return made


def forget_old_sessions() -> None:
    """Delete the rows of sessions that are over, unless others are writing."""
    with suppress(OperationalError):
        SessionStore.clear_expired()


def collect_static() -> bool:
    """Collect, name and compress the static files if any has changed. Return whether it did."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            seen.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".collected"
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return False
    with_names = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = with_names
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(seen.hexdigest())
    return True
