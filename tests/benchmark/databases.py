"""Databases of both sites that hold the same facts, kept in a folder for the next run."""

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tests.__main__ import start_postgresql
from tests.benchmark.facts import Size
from tests.benchmark.servers import ROOT, environment

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FILLED_BY = ("facts.py", "twin/models.py", "twin/filling.py")
"""The modules that the contents of the databases follow from, but for those of our site itself."""
SITES = "ours", "twin"
TWIN_SETTINGS = "tests.benchmark.twin.settings"


@dataclass(frozen=True)
class Database:
    """The databases of one size on one system: the environments of both sites."""

    system: str
    folder: Path
    ours: dict[str, str]
    twin: dict[str, str]
    pid: int | None = None
    """The main process of PostgreSQL."""

    def prepare(self, size: Size) -> None:
        """Make and fill what is not there yet, and bring the rest up to this version."""
        self.folder.mkdir(parents=True, exist_ok=True)
        statuses = self.folder / "statuses.json"
        code = f"prepare({size.records}, {size.cities}, {str(statuses)!r})"
        shell(self.ours, f"from tests.benchmark.ours import prepare; {code}")
        shell(self.twin, f"from tests.benchmark.twin.filling import prepare; {code}")

    def sign_in(self, of: dict[str, str]) -> str:
        """Return the cookie of somebody who is signed in to the admin of one site."""
        return shell(of, "from tests.benchmark.session import sign_in; sign_in()").strip()


def shell(variables: dict[str, str], code: str) -> str:
    """Run code in the shell of one site; return what it prints."""
    settings = variables.get("DJANGO_SETTINGS_MODULE", "lrscc.settings")
    done = subprocess.run(
        [sys.executable, "-m", "django", "shell", "-v", "0", "--settings", settings, "-c", code],
        cwd=ROOT,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def sqlite(folder: Path, size: Size, name: str = "") -> Database:
    own = folder / f"sqlite-{_named(size, name)}"
    twin = {
        "DATABASE_URL": f"sqlite:///{own / 'twin.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": TWIN_SETTINGS,
    }
    return Database(SQLITE, own, {"DATA_DIR": str(own)}, twin)


class PostgreSQL:
    """A server of the benchmark’s own, which stops with it; its data stay in the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = start_postgresql(str(folder / "postgresql"))
        self.pid = int((folder / "postgresql" / "postmaster.pid").read_text().split()[0])

    def database(self, size: Size, name: str = "") -> Database:
        """Return the databases of a size, made where they are missing."""
        own = self.folder / f"postgresql-{_named(size, name)}"
        urls = {site: self._url(f"{site}_{_named(size, name)}") for site in SITES}
        return Database(
            POSTGRESQL,
            own,
            {"DATA_DIR": str(own), "DATABASE_URL": urls["ours"]},
            {"DATABASE_URL": urls["twin"], "DJANGO_SETTINGS_MODULE": TWIN_SETTINGS},
            self.pid,
        )

    def _url(self, name: str) -> str:
        if not self._ask("SELECT 1 FROM pg_database WHERE datname = %s", name):
            self._ask(f"CREATE DATABASE {name}")
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def drop(self, size: Size, name: str) -> None:
        for site in SITES:
            self._ask(f"DROP DATABASE IF EXISTS {site}_{_named(size, name)}")

    def _ask(self, sql: str, *values: str) -> bool:
        """Run a statement; return whether it found a row."""
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, values or None)
                return bool(cursor.rowcount > 0)
        finally:
            connection.close()


def _named(size: Size, name: str) -> str:
    """Return what a database is called: other facts are kept in another one."""
    modules = (Path(__file__).parent / path for path in FILLED_BY)
    digest = hashlib.sha256(b"".join(module.read_bytes() for module in modules))
    return f"{size}{name}_{digest.hexdigest()[:6]}"
