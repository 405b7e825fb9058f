"""`manage.py doctor`: what it looks at, and what it says."""

import os
import re
import ssl
import time
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings as site
from django.core.cache import caches
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from cities.models import City, Register
from lrscc.accounts.unsent import keep
from lrscc.running import doctor, proxy
from tests.factories import make_register
from tests.test_health import ready  # noqa: F401 - a fixture
from tests.test_middleware import database_down
from tests.test_serve import forget_newest_migrations, free_port

HOST = "register.example.org"
pytestmark = pytest.mark.django_db
NO_ORIGIN = {"CSRF_TRUSTED_ORIGINS": []}
NAMES = [
    *("database", "migrations", "log", "storage", "disk", "settings", "rights of files"),
    *("clock", "time zone", "mail", "cache", "proxy", "HTTPS", "backups"),
]


@pytest.fixture
def well(ready, settings, tmp_path, monkeypatch):  # noqa: F811
    """An installation without a fault: what a test spoils is the only one."""
    tmp_path.chmod(0o700)
    settings.MAIL_FOLDER = tmp_path / "mail"
    settings.SECRET_KEY = "x" * 50
    settings.SECURE_SSL_REDIRECT = True
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    settings.ALLOWED_HOSTS = ["localhost", HOST]
    settings.CSRF_TRUSTED_ORIGINS = [f"https://{HOST}"]
    counters = {"BACKEND": "lrscc.running.counters.Counters", "LOCATION": tmp_path / "limits"}
    caches_of_tests = dict.fromkeys(site.CACHES, site.CACHES["default"])
    settings.CACHES = caches_of_tests | {"limits": counters}
    monkeypatch.setattr(proxy, "_asked", lambda host: "")
    make_register()
    City.objects.filter(pk=Register.objects.current().home.pk).update(time_zone="America/Detroit")
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
        ({"TRUSTED_PROXIES": []}, "proxy", "TRUSTED_PROXIES is empty"),
        (
            {"ALLOWED_HOSTS": ["localhost", "[::1]"], **NO_ORIGIN},
            "proxy",
            "ALLOWED_HOSTS has this",
        ),
        (
            {"ALLOWED_HOSTS": ["other.example"]},
            "proxy",
            f"CSRF_TRUSTED_ORIGINS has https://{HOST}",
        ),
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
    (well / "backups").chmod(0o700)
    settings.ENV_FILE = well / "register.env"
    settings.ENV_FILE.touch()
    settings.ENV_FILE.chmod(0o644)
    assert faults()["rights of files"].startswith(f"Others can read {well / 'register.env'}.")


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


def test_mails_that_wait_are_counted(well, settings):
    settings.SENDS_MAIL = True
    keep(EmailMessage("A subject", "A text", to=["a@x.example"]), "invitation", 7)

    assert faults() == {
        "mail": "Mails that the mail server did not take: 1. They are tried again for a day;"
        " look in the log for why."
    }


@pytest.mark.parametrize(
    ("backend", "said"),
    [
        ("dummy.DummyCache", "The cache keeps nothing. Check CACHE_URL."),
        ("locmem.LocMemCache", "Each process has a cache of its own. Check CACHE_URL."),
    ],
)
def test_cache_that_does_not_serve_all_is_named(well, settings, backend, said):
    cache = {"BACKEND": f"django.core.cache.backends.{backend}"}
    settings.CACHES = settings.CACHES | {"default": cache}

    assert faults() == {"cache": said}


@pytest.mark.parametrize("alias", ["default", "limits"])
def test_cache_is_used(well, monkeypatch, alias):
    def refuse(*args):
        raise ConnectionError("nobody there")

    monkeypatch.setattr(caches[alias], "set" if alias == "default" else "incr", refuse)
    assert faults() == {"cache": "The cache cannot be used (nobody there). Check CACHE_URL."}


def test_time_zone_of_the_home_city_is_missed(well):
    home = Register.objects.current().home
    City.objects.filter(pk=home.pk).update(time_zone="")

    assert faults()["time zone"].startswith(f"{home} has no time zone, so that days begin")
    Register.objects.all().delete()
    assert faults()["time zone"].startswith("No city is home yet.")


def test_installation_for_this_machine_alone_needs_no_proxy(well, settings):
    settings.SECURE_SSL_REDIRECT = False
    settings.EMBEDDED_DATABASE = settings.DATABASES["default"]["NAME"]
    settings.TRUSTED_PROXIES = []

    assert "proxy" not in faults()
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    assert faults()["proxy"].startswith("HTTPS_ONLY is not set")


# --- over HTTPS, as visitors ask --------------------------------------------------------


def certificate(folder: Path, days: int, name: str) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@contextmanager
def proxy_of(folder: Path, status: int, days: int, name: str, monkeypatch):
    """A server with TLS that answers each request with a status, and is trusted here."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args):
            pass

    public, private = certificate(folder, days, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    trusting = ssl.create_default_context(cafile=str(public))
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        server.handle_error = lambda *args: None
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setattr(proxy, "HTTPS", server.server_port)
        monkeypatch.setattr(proxy.ssl, "create_default_context", lambda: trusting)
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "days", "name", "said"),
    [
        (200, 30, "localhost", None),
        (
            200,
            3,
            "localhost",
            r"The certificate of localhost ends on \d{4}-\d\d-\d\d\. Renew it\.",
        ),
        (200, 30, "other", r"The certificate of localhost is refused \(.+\)\. Renew it\."),
        (
            200,
            0,
            "localhost",
            r"The certificate of localhost is refused \(.+expired\)\. Renew it\.",
        ),
        (
            301,
            30,
            "localhost",
            r"The proxy of localhost does not say X-Forwarded-Proto: https\..+",
        ),
        (
            400,
            30,
            "localhost",
            r"The proxy of localhost does not pass on the name of the host\..+",
        ),
        (502, 30, "localhost", r"https://localhost/healthz/ answers 502\. Check the proxy.+"),
    ],
)
def test_site_is_asked_as_visitors_ask(tmp_path, settings, monkeypatch, status, days, name, said):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = [".example.org", "localhost"]
    monkeypatch.setattr(proxy, "THIS_MACHINE", ())
    with proxy_of(tmp_path, status, days, name, monkeypatch):
        fault = proxy.through_the_proxy()

    assert re.fullmatch(said or "", fault)


def test_proxy_that_is_not_there_is_named(settings, monkeypatch):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["localhost"]
    monkeypatch.setattr(proxy, "THIS_MACHINE", ())
    monkeypatch.setattr(proxy, "HTTPS", free_port())

    assert re.match(
        r"localhost does not answer over HTTPS \(.+\)\. Start the proxy", proxy.through_the_proxy()
    )
    settings.SECURE_SSL_REDIRECT = False
    assert proxy.through_the_proxy() == ""


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


def test_database_without_tables_is_said_and_nothing_else_is_asked_of_it(well):
    forget_newest_migrations()

    with connection.execute_wrapper(no_register):
        assert faults() == {
            "migrations": "Tables of this version are missing. Run `manage.py migrate`."
        }


def no_register(execute, sql, *more):
    if "cities_register" in sql:
        raise OperationalError("no such table: cities_register")
    return execute(sql, *more)


def test_folder_of_data_that_is_not_there_is_said(well, settings):
    settings.DATA_DIR = well / "none"
    away = f"The folder {well}/none cannot be"

    assert {name: fault for name, fault in faults().items() if name != "backups"} == {
        "storage": f"{away} written (No such file or directory).",
        "disk": f"{away} used (No such file or directory).",
    }
