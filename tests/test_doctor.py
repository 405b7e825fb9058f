"""`manage.py doctor`: what it looks at, and what it says."""

import os
import time
import zipfile
from io import StringIO

import pytest
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from lrscc.running import doctor
from tests.test_health import ready  # noqa: F401 - a fixture
from tests.test_middleware import database_down
from tests.test_serve import free_port

pytestmark = pytest.mark.django_db
NAMES = [
    *("database", "migrations", "log", "storage", "disk", "settings", "rights of files"),
    *("clock", "mail", "cache", "proxy", "backups"),
]


@pytest.fixture
def well(ready, settings, tmp_path):  # noqa: F811
    """An installation without a fault: what a test spoils is the only one."""
    tmp_path.chmod(0o700)
    settings.MAIL_FOLDER = tmp_path / "mail"
    settings.SECRET_KEY = "x" * 50
    settings.SECURE_SSL_REDIRECT = True
    (tmp_path / "backups").mkdir(mode=0o700)
    with zipfile.ZipFile(tmp_path / "backups" / "register-1.zip", "w") as backup:
        backup.writestr("manifest.json", "{}")
    return tmp_path


def faults() -> dict[str, str]:
    return {check.name: check.fault for check in doctor.examined() if check.fault}


def test_nothing_to_mend(well):
    said = StringIO()

    call_command("doctor", stdout=said)

    assert said.getvalue() == "".join(f"  {name}: fine\n" for name in NAMES) + "Nothing to mend.\n"


def test_what_to_mend_is_counted_and_changes_the_status(well, settings):
    settings.DEBUG = True
    said = StringIO()

    with pytest.raises(CommandError, match=r"1 thing\(s\) to mend\."):
        call_command("doctor", stdout=said)

    assert "  settings: DEBUG is on, which shows settings to visitors. Unset it.\n" in (
        said.getvalue()
    )


@pytest.mark.parametrize(
    ("changed", "name", "said"),
    [
        ({"SECRET_KEY": "x" * 49}, "settings", "SECRET_KEY is short."),
        ({"ALLOWED_HOSTS": ["*"]}, "settings", "ALLOWED_HOSTS has “*”."),
        ({"SECURE_SSL_REDIRECT": False}, "proxy", "HTTPS_ONLY is not set"),
    ],
)
def test_settings_to_mend(well, settings, changed, name, said):
    for setting, value in changed.items():
        setattr(settings, setting, value)

    assert list(faults()) == [name]
    assert faults()[name].startswith(said)


def test_what_others_can_read_is_named_with_what_to_do(well, settings):
    settings.EMBEDDED_DATABASE = settings.DATABASES["default"]["NAME"]  # it is no file
    key = well / "secret_key"
    key.touch()
    key.chmod(0o640)

    assert faults() == {"rights of files": f"Others can read {key}. Run `chmod 600 {key}`."}
    (well / "backups").chmod(0o755)
    key.chmod(0o600)
    assert faults()["rights of files"].endswith(f"Run `chmod 700 {well / 'backups'}`.")


@pytest.mark.dialect
def test_clock_of_the_database_is_compared(well, monkeypatch):
    assert "clock" not in faults()
    passed = time.time() + 100
    monkeypatch.setattr(doctor.time, "time", lambda: passed)

    if connection.vendor == "postgresql":
        assert faults()["clock"].endswith(" seconds. Set both by NTP.")
    else:
        assert "clock" not in faults()


def test_mail_server_is_asked(well, settings):
    settings.SENDS_MAIL = True
    assert faults() == {}  # that of the tests answers
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()

    assert faults() == {
        "mail": "The mail server does not answer ([Errno 111] Connection refused)."
        " Check EMAIL_URL."
    }


@pytest.mark.parametrize("backend", ["dummy.DummyCache", "locmem.LocMemCache"])
def test_cache_is_used(well, settings, monkeypatch, backend):
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}
    if backend.startswith("dummy"):
        assert faults() == {"cache": "The cache keeps nothing. Check CACHE_URL."}
        return

    def refuse(*args):
        raise ConnectionError("nobody there")

    monkeypatch.setattr(caches["default"], "set", refuse)
    assert faults() == {"cache": "The cache cannot be used (nobody there). Check CACHE_URL."}


def test_backup_is_missed_and_may_be_too_old(well):
    [backup] = (well / "backups").iterdir()
    (well / "backups" / "other.zip").write_text("no backup")

    assert faults() == {}
    three_days_ago = time.time() - 3 * 24 * 3600 - 60
    os.utime(backup, (three_days_ago, three_days_ago))
    assert faults() == {"backups": "The newest backup is 3 days old."}
    backup.unlink()
    assert faults()["backups"].startswith("There is no backup in DATA_DIR/backups.")


def test_database_that_is_away_is_said_once(well):
    with database_down(OperationalError):
        assert faults() == {"database": "The database cannot be used (connection refused)."}
