"""`manage.py backup` and `manage.py restore`: a copy is the original, row by row."""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from lrscc.backups import archive
from lrscc.backups.archive import Archive, BackupError, Manifest
from lrscc.backups.making import fingerprint, stored_files
from lrscc.backups.restoring import (
    SUPERSEDED,
    _begin_edition,
    _check_documents,
    _compare,
    _executor,
    _newest,
    check_version,
)
from lrscc.backups.rows import tables
from tests.factories import make_city

SCAN = b"%PDF-1.7\n" + b"x" * 3_000_000

ROOT = Path(site.BASE_DIR)
LOG = ("cities_edition", "cities_logentry", "cities_representation")
"""Tables to which a restore adds rows: a new edition of the log."""

EMPTY = "template1"
"""PostgreSQL’s own database without tables."""


class Installation:
    """A folder and a database, used by processes of their own."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        self.variables = {"DATA_DIR": str(folder), "DATABASE_URL": url}
        self.variables |= {"SECRET_KEY": "only for tests, " * 4}
        self.variables |= {"DJANGO_SETTINGS_MODULE": "lrscc.settings"}

    def run(self, *command: str, fails: bool = False, **variables: str) -> str:
        """What a command prints; what it says on the error line, if it fails."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **self.variables, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert bool(done.returncode) is fails, done.stdout + done.stderr
        return done.stderr.removeprefix("CommandError: ").strip() if fails else done.stdout

    def backup(self, path: Path) -> str:
        return self.run("manage.py", "backup", str(path))

    def restore(self, path: Path, **more: Any) -> str:
        return self.run("manage.py", "restore", str(path), **more)

    def rows(self) -> set[str]:
        return set(self.run("-m", "tests.copying", "rows").split("\n"))

    def documents(self) -> dict[str, bytes]:
        folder = self.folder / "documents"
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }


def of_log(rows: set[str]) -> set[str]:
    return {row for row in rows if row.startswith(LOG)}


def assert_equal(copy: Installation, original: set[str], documents: dict[str, bytes]) -> None:
    """Every row is there, and nothing but a new edition of the log was added."""
    rows = copy.rows()
    assert sorted(original - rows) == []
    assert rows - original == of_log(rows - original)
    [edition] = [row for row in rows - original if row.startswith("cities_edition ")]
    assert "Restored from the backup of 20" in edition
    assert copy.documents() == documents
    said = json.loads(copy.run("-m", "tests.copying", "use"))
    assert said == {
        "key was given before": False,
        "steps to the next number": 1,
        "refused": ["cities_logentry", "cities_historicalsource"],
        "signs in": True,
    }


@pytest.fixture(scope="module")
def original(django_db_setup, tmp_path_factory) -> Installation:
    """It begins with the tables that the tests made for themselves, where those are on SQLite."""
    installation = Installation(tmp_path_factory.mktemp("original"))
    for made in (site.DATA_DIR / "tests").glob("migrated-*.sqlite3"):
        shutil.copy(made, installation.folder / "register.sqlite3")
    installation.run("-m", "tests.copying", "fill")
    return installation


@pytest.fixture(scope="module")
def backup(original, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("backups") / "new folder" / "register.zip"
    original.printed = original.backup(path)
    return path


# --- a copy -------------------------------------------------------------------------------


def test_copy_equals_the_original_row_by_row(original, backup, tmp_path):
    """A restore that was interrupted has left a part of a file; the key is another one."""
    copy = Installation(tmp_path / "copy")
    copy.variables["SECRET_KEY"] = "another, " * 8
    folder = copy.folder / "documents" / "sources"
    folder.mkdir(parents=True)
    [name] = [name for name in original.documents() if name.startswith("sources/")]
    (copy.folder / "documents" / name).write_bytes(SCAN[:1000])
    [picture] = (original.folder / "documents" / "pictures").iterdir()
    shutil.copytree(picture.parent, copy.folder / "documents" / "pictures")
    (folder / "other.pdf").write_bytes(SCAN)

    refused = copy.restore(backup, fails=True)
    (folder / "other.pdf").unlink()
    said = copy.restore(backup)

    assert refused == (
        "There are other files already, such as sources/other.pdf. Restore into a new"
        " installation, with another DATA_DIR."
    )
    assert re.fullmatch(
        r"The checksums are right: \d+ row\(s\) of \d+ tables and 2 file\(s\), made at [^ ]+\.\n"
        r"The files are in place\. Restoring the database:\n"
        r"  \d+ row\(s\), each as in the backup\n"
        r"  edition [0-9a-f]{8} of the log, so that copies start afresh\n"
        r"The secret key is another one, so that nobody’s app for codes works\. Add the key of the"
        r" installation that was backed up to SECRET_KEY_FALLBACKS\.\n"
        r"Restored\.\n",
        said,
    )
    assert_equal(copy, original.rows(), original.documents())
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in backup.parent.iterdir()] == ["register.zip"]
    said = copy.restore(backup, fails=True)
    assert re.fullmatch(
        r"The database is in use: \w+ has rows\. Restore into a new installation, with another"
        r" DATA_DIR or DATABASE_URL\.",
        said,
    )


@pytest.fixture
def other_database(django_db_blocker) -> Iterator[Callable[[str], str]]:
    """Makes a database on the PostgreSQL of the tests, a copy of another; returns its address."""
    given, name = connection.settings_dict, f"backups_{os.getpid()}"
    host = str(given["HOST"]).replace("/", "%2F")
    user = f"{given['USER']}:{given['PASSWORD']}" if given["PASSWORD"] else given["USER"]
    port = f":{given['PORT']}" if given["PORT"] else ""

    def execute(statement: str) -> None:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(statement)

    def copy_of(other: str) -> str:
        execute(f"DROP DATABASE IF EXISTS {name}")
        execute(f"CREATE DATABASE {name} TEMPLATE {other}")
        return f"postgres://{user}@{host}{port}/{name}"

    yield copy_of
    execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.dialect
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="moves to PostgreSQL")
def test_copy_moves_to_postgresql_and_back(original, backup, tmp_path, other_database):
    url = other_database(os.environ.get("MIGRATED_DATABASE", EMPTY))
    moved, back = Installation(tmp_path / "moved", url), Installation(tmp_path / "back")
    moved.run("manage.py", "migrate", "--verbosity=0")  # as an operator may do first

    moved.restore(backup)
    rows = moved.rows()
    moved.backup(tmp_path / "second.zip")
    back.restore(tmp_path / "second.zip")

    assert_equal(moved, original.rows(), original.documents())
    assert_equal(back, rows, original.documents())
    assert moved.restore(backup, fails=True).startswith("The database is in use: ")


@pytest.mark.dialect
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="moves to PostgreSQL")
def test_copy_moves_to_postgresql_without_tables(original, backup, tmp_path, other_database):
    moved = Installation(tmp_path / "moved", other_database(EMPTY))

    said = moved.restore(backup)

    assert said.endswith("Restored.\n")
    assert sorted(original.rows() - moved.rows()) == []


@pytest.mark.parametrize(
    "stored",
    [b"%PDF-1.6" + SCAN[8:], SCAN[:-1] + b"y", SCAN + b"x"],
    ids=["another beginning", "another end", "more than it"],
)
def test_file_that_is_no_part_of_the_one_in_the_backup_is_kept(backup, settings, tmp_path, stored):
    settings.MEDIA_ROOT = tmp_path
    with Archive(backup) as opened:
        [name] = [one.name for one in opened.manifest.documents if one.name.startswith("sources/")]
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(stored)

        with pytest.raises(BackupError) as refusal:
            _check_documents(opened)

    assert str(refusal.value) == (
        f"There are other files already, such as {name}. Restore into a new installation, with"
        " another DATA_DIR."
    )
    assert (tmp_path / name).read_bytes() == stored


def test_missing_file_is_said(original, tmp_path):
    [name] = [name for name in original.documents() if name.startswith("sources/")]
    shutil.copytree(original.folder, tmp_path / "copy")
    (tmp_path / "copy" / "documents" / name).unlink()
    copy = Installation(tmp_path / "copy")

    said = copy.run("manage.py", "backup")

    [path] = (copy.folder / "backups").glob("register-*.zip")
    assert said.splitlines()[0].startswith(f"{path}: ")
    assert said.splitlines()[1:] == [f"A record names the file {name}, which is not there."]


@pytest.mark.parametrize("is_restored", [True, False])
def test_drill_restores_in_a_process_of_its_own(
    backup, tmp_path, settings, monkeypatch, is_restored
):
    """Here another program in its place; tests/faults has the real one, which takes longer."""
    settings.BASE_DIR = tmp_path
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1/register")
    monkeypatch.setenv("DOCUMENTS_DIR", "/shared")
    monkeypatch.setenv("ENV_FILE", "register.env")
    (tmp_path / "manage.py").write_text(
        "import os, pathlib, sys\n"
        "folder = pathlib.Path(os.environ['DATA_DIR'])\n"
        "ours = {'DATABASE_URL', 'DOCUMENTS_DIR'} & {*os.environ}, os.environ['ENV_FILE']\n"
        "print(*sys.argv[1:], *ours, (folder / 'secret_key').read_text())\n"
        f"sys.exit(None if {is_restored} else 'CommandError: No.')\n"
    )
    said = StringIO()

    if is_restored:
        call_command("backup", backup, check=True, stdout=said)
        printed = f"restore {backup} set()  {site.SECRET_KEY.strip()}"
        assert said.getvalue() == f"{printed}\n{backup} can be restored.\n"
    else:
        with pytest.raises(CommandError, match=f"{backup} cannot be restored: No."):
            call_command("backup", backup, check=True, stdout=said)


# --- what is refused ----------------------------------------------------------------------


@pytest.mark.django_db
def test_file_that_is_there_is_not_overwritten(tmp_path):
    path = tmp_path / "register.zip"
    path.write_text("another")

    with pytest.raises(CommandError) as refusal:
        call_command("backup", path)

    assert str(refusal.value) == f"{path} is there already. Choose another name."
    assert path.read_text() == "another"


@pytest.mark.django_db
def test_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(CommandError) as refusal:
        call_command("backup", tmp_path / "file" / "register.zip")

    assert str(refusal.value) == f"{tmp_path}/file cannot be read or written (File exists)."


def test_database_that_cannot_be_read_is_said(original, tmp_path):
    shutil.copytree(original.folder, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy" / "register.sqlite3")) as database:
        database.execute("ALTER TABLE cities_source RENAME TO cities_lost")
        database.commit()

    said = Installation(tmp_path / "copy").run("manage.py", "backup", fails=True)

    assert said == "The database cannot be read (no such table: cities_source). Try again."
    assert list((tmp_path / "copy" / "backups").iterdir()) == []


def test_installation_without_documents_has_no_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "nowhere"

    assert list(stored_files()) == []


def test_database_that_a_program_has_open_is_left_as_it_is(backup, tmp_path):
    copy, path = Installation(tmp_path), tmp_path / "register.sqlite3"
    with closing(sqlite3.connect(path)) as site:
        site.execute("PRAGMA journal_mode=WAL")
        site.execute("CREATE TABLE one (row TEXT)")
        site.execute("SELECT * FROM one").fetchall()

        said = copy.restore(backup, fails=True)

    assert said == f"A program has {path} open. Stop the site first, then try again."


def test_database_is_as_it_was_if_it_refuses_a_row(tmp_path):
    """On SQLite the new file goes; on PostgreSQL the transaction does."""
    code = (
        "import django; django.setup()\n"
        "from django.db import IntegrityError\n"
        "from lrscc.backups import archive, restoring\n"
        "try:\n"
        "    with restoring._emptied_database():\n"
        "        raise IntegrityError('Row 3 is there already.\\nDetails.')\n"
        "except archive.BackupError as error:\n"
        "    print(error)\n"
    )

    said = Installation(tmp_path).run("-c", code)

    assert said == "The database refused what is in the backup (Row 3 is there already.).\n"
    assert list(tmp_path.iterdir()) == []


def signed_again(backup: Path, path: Path, change: Any) -> Path:
    """A copy of a backup with another manifest, and its checksum."""
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            if name not in (archive.MANIFEST, archive.CHECKSUM):
                target.writestr(name, source.read(name))
        said = json.loads(source.read(archive.MANIFEST))
        change(said)
        text = json.dumps(said)
        target.writestr(archive.MANIFEST, text)
        target.writestr(archive.CHECKSUM, hashlib.sha256(text.encode()).hexdigest())
    return path


def test_backup_with_tables_of_another_version_is_refused(backup, tmp_path):
    path = signed_again(
        backup, tmp_path / "other.zip", lambda said: said["tables"][0]["columns"].append("more")
    )

    said = Installation(tmp_path / "copy").restore(path, fails=True)

    assert said == "The tables of the backup are not those of its version."
    assert not (tmp_path / "copy" / "register.sqlite3").exists()


@pytest.mark.django_db
def test_row_that_is_not_as_in_the_backup_is_found(backup):
    [table] = [table for table in tables(apps) if table.name == "cities_source"]
    with Archive(backup) as opened:
        [kept] = [kept for kept in opened.manifest.tables if kept.name == "cities_source"]

        with pytest.raises(BackupError) as refusal:
            _compare(opened, table, kept)

    assert str(refusal.value) == (
        "Row 1 of cities_source is not as in the backup. Nothing was restored."
    )


def manifest_with(migrations: list[list[str]]) -> Manifest:
    return Manifest("2026-11-27", "sqlite", migrations, "", [], [], [])


@pytest.mark.django_db
def test_backup_gets_the_tables_that_it_had():
    applied = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
    newest = manifest_with(applied)
    replaced = [each for each in applied if "squashed" not in each[1]]
    older = manifest_with([*(each for each in replaced if each < ["lrscc", "0016"]), *SUPERSEDED])
    before_any_replacement = manifest_with(
        [each for each in replaced if each < ["cities", "0013"]]
    )

    assert _newest(_executor(newest), newest) == sorted(
        MigrationExecutor(connection).loader.graph.leaf_nodes()
    )
    assert _newest(_executor(older), older)[-1] == ("lrscc", "0015_sign_in_links")
    assert _newest(_executor(before_any_replacement), before_any_replacement)[-1] == (
        "cities",
        "0012_names_of_constraints",
    )
    check_version(older)


@pytest.mark.django_db
def test_derived_rows_that_were_wrong_already_are_named(logged):
    make_city("otsu")  # the index of the search is paused here, so it does not know it
    said = []

    _begin_edition(manifest_with([]), said.append)

    assert re.fullmatch("  edition [0-9a-f]{8} of the log, so that copies start afresh", said[0])
    assert said[1].startswith("Run `manage.py rebuild`: ")
    assert said[1].endswith(" differed already.")


def test_check_needs_a_name():
    with pytest.raises(CommandError) as refusal:
        call_command("backup", check=True)

    assert str(refusal.value) == "Name the backup to check: manage.py backup --check FILE."


def test_backup_of_a_newer_version_is_refused(backup):
    with Archive(backup) as opened:
        manifest = opened.manifest
    newer = manifest._replace(migrations=[*manifest.migrations, ["lrscc", "9999_from_tomorrow"]])

    check_version(manifest)
    with pytest.raises(BackupError) as refusal:
        check_version(newer)

    assert str(refusal.value) == (
        "This backup was made by a newer version of the site: this version does not know"
        " lrscc 9999_from_tomorrow. Install that version or a newer one, then try again."
    )


def test_backup_in_a_newer_form_is_refused(backup, monkeypatch):
    monkeypatch.setattr(archive, "FORMAT", 0)

    with pytest.raises(BackupError, match="in a form that this version cannot read"):
        Archive(backup)


def test_manifest_that_was_changed_is_found(backup, tmp_path):
    path = signed_again(backup, tmp_path / "other.zip", lambda said: None)
    with zipfile.ZipFile(path, "a") as changed, pytest.warns(UserWarning, match="Duplicate name"):
        changed.writestr(archive.CHECKSUM, "0" * 64)

    with pytest.raises(BackupError, match=r"is damaged: manifest\.json is not what was backed up"):
        Archive(path)


@pytest.mark.parametrize("kind", ["tables", "documents"])
def test_content_that_was_exchanged_is_found(backup, tmp_path, kind):
    """The ZIP archive is sound: its own checksums were made of what is in it now."""
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(path, "w") as target:
        [exchanged, *_] = [name for name in source.namelist() if name.startswith(f"{kind}/")]
        for name in source.namelist():
            more = b" " if name == exchanged else b""
            target.writestr(name, source.read(name) + more)

    with Archive(path) as opened, pytest.raises(BackupError) as refusal:
        opened.verify()

    assert str(refusal.value) == (
        f"{path} is damaged: {exchanged} is not what was backed up. Use another backup."
    )


def test_file_that_is_no_backup_is_refused(tmp_path):
    (tmp_path / "empty").touch()
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("manifest.json", "{}")

    refusals = []
    for name in ("nowhere", ".", "empty", "other.zip"):
        with pytest.raises(BackupError) as refusal:
            Archive(tmp_path / name)
        refusals.append(str(refusal.value))

    no_backup = "{} is no backup of the site, or it is damaged."
    assert refusals == [
        f"There is no file {tmp_path}/nowhere.",
        f"{tmp_path} cannot be read (Is a directory).",
        no_backup.format(tmp_path / "empty"),
        no_backup.format(tmp_path / "other.zip"),
    ]


def test_every_damage_is_found(backup, tmp_path):
    """A byte in a thousand is another one, each in a copy of its own."""
    content, path = backup.read_bytes(), tmp_path / "register.zip"
    found = 0
    for place in range(0, len(content), max(len(content) // 200, 1)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        try:
            with Archive(path) as opened:
                opened.verify()
                same = opened.manifest
        except BackupError:
            found += 1
        else:  # it is between the members, where nothing is read
            with Archive(backup) as whole:
                assert same == whole.manifest

    assert found > 190


def test_fingerprint_says_nothing_of_the_key():
    assert fingerprint("one key") == fingerprint("one key") != fingerprint("another key")
    assert "one key" not in fingerprint("one key")
