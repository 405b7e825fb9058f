import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from cities.records import events
from lrscc.backups.archive import Archive, BackupError
from lrscc.backups.making import make
from lrscc.backups.restoring import check_version
from lrscc.running.preparing import NotReadyError, check_tables


class Command(BaseCommand):
    help = (
        "Writes the database and the uploaded files to one file, while the site runs and people"
        " save. `manage.py restore` reads it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            help="a new file; without it one in the folder “backups” of DATA_DIR",
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="reads a backup that is there: compares its checksums, and restores it into a"
            " scratch installation that is then deleted",
        )

    def handle(self, *, file: Path | None, check: bool, **options: Any) -> None:
        try:
            if check:
                self._check(file)
            else:
                self._make(file or _name_of_today())
        except (BackupError, NotReadyError) as error:
            raise CommandError(str(error)) from None

    def _make(self, path: Path) -> None:
        check_tables()
        manifest = make(path)
        self._verify(path)
        self.stdout.write(f"{path}: {manifest.summary()}. The checksums are right.")
        events.by_command("backup made", file=str(path), rows=manifest.rows)
        for name in manifest.missing:
            self.stdout.write(f"A record names the file {name}, which is not there.")

    def _verify(self, path: Path) -> None:
        with Archive(path) as archive:
            archive.verify()
            check_version(archive.manifest)

    def _check(self, path: Path | None) -> None:
        if path is None:
            raise BackupError("Name the backup to check: manage.py backup --check FILE.")
        self._verify(path)
        with tempfile.TemporaryDirectory(prefix="restore-") as folder:
            restored = subprocess.run(
                [sys.executable, "manage.py", "restore", str(path.resolve())],
                cwd=settings.BASE_DIR,
                env=_scratch(folder),
                capture_output=True,
                text=True,
                check=False,
            )
        if restored.returncode:
            reason = restored.stderr.strip().removeprefix("CommandError: ")
            raise BackupError(f"{path} cannot be restored: {reason}")
        self.stdout.write(restored.stdout.strip())
        self.stdout.write(f"{path} can be restored.")


def _name_of_today() -> Path:
    return settings.DATA_DIR / "backups" / f"register-{now():%Y%m%d-%H%M%S}.zip"


def _scratch(folder: str) -> dict[str, str]:
    """Return the environment of an installation of its own with the same key."""
    key = Path(folder, "secret_key")
    key.touch(mode=0o600)
    key.write_text(settings.SECRET_KEY)
    ours = ("CACHE_URL", "DATABASE_URL", "DOCUMENTS_DIR", "SECRET_KEY")
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    return {**inherited, "DATA_DIR": folder, "ENV_FILE": ""}
