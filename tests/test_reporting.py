"""What stops a command is said in a sentence; a fault of the code keeps its traceback."""

import errno
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import management
from django.db import DatabaseError, OperationalError, ProgrammingError

import manage
from lrscc.running.reporting import in_words
from tests.test_serve import ROOT, SECRET, environment, forget_newest_migrations, free_port

MISSING = "The database is missing tables of this version. Run `manage.py migrate` first."


def said(folder: Path, *command: str, **variables: str) -> str:
    """What a command says that fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(folder, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    return done.stderr


def test_command_without_tables_says_what_to_do(tmp_path):
    assert said(tmp_path, "changepassword", "ana") == f"{MISSING}\n"


def test_command_without_its_database_says_so(tmp_path):
    port = free_port()
    url = f"postgres://nobody@127.0.0.1:{port}/register"

    assert said(tmp_path, "migrate", DATABASE_URL=url, SECRET_KEY=SECRET) == (
        f'The database cannot be used (connection to server at "127.0.0.1", port {port} failed:'
        " Connection refused). Check DATABASE_URL and that it runs.\n"
    )


def test_command_with_a_damaged_file_says_so(tmp_path):
    path = tmp_path / "register.sqlite3"
    path.write_text("no database" * 1000)

    assert said(tmp_path, "migrate") == (
        f"The database cannot be used (file is not a database). Check the file {path} and who"
        " owns it. If it is damaged, restore a backup into an empty DATA_DIR.\n"
    )


@pytest.mark.parametrize(
    ("name", "reason"), [("file/data", "Not a directory"), ("x" * 300, "File name too long")]
)
def test_command_without_a_folder_says_so(tmp_path, name, reason):
    (tmp_path / "file").touch()

    assert said(tmp_path / name, "check") == (
        f"The folder {tmp_path / name} cannot be written ({reason}). Run the command as its"
        " owner, or set DATA_DIR to another folder.\n"
    )


def test_command_that_is_interrupted_leaves_no_traceback(monkeypatch, capsys):
    def interrupt(arguments: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(management, "execute_from_command_line", interrupt)

    with pytest.raises(SystemExit) as end:
        manage.main()

    assert (end.value.code, capsys.readouterr().err) == (130, "\nStopped.\n")


def caused(error: Exception, code: int) -> Exception:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = code
    error.__cause__ = cause
    return error


@pytest.mark.django_db
def test_each_fault_of_the_installation_has_its_sentence(settings, tmp_path):
    settings.DATA_DIR = tmp_path

    assert in_words(OSError(errno.ENOSPC, "No space left on device")) == (
        "The disk is full ([Errno 28] No space left on device). Make room, then run the command"
        " again."
    )
    assert in_words(caused(OperationalError("locked"), sqlite3.SQLITE_BUSY)) == (
        "Others save to the database for too long. Run the command again in a moment."
    )
    for error in (ValueError("a fault"), DatabaseError("a fault"), OSError("a fault")):
        assert in_words(error) == ""
    forget_newest_migrations()
    assert in_words(ProgrammingError("no such table")) == MISSING
    assert in_words(OSError("a fault")) == ""


def test_folder_on_a_full_disk_is_said_to_need_room(settings, tmp_path, monkeypatch):
    def refuse(path: Path, text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(Path, "write_text", refuse)

    assert in_words(OSError("a fault")) == (
        f"The folder {tmp_path} cannot be written (No space left on device)."
        " Make room on its disk."
    )
