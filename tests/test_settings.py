"""The variables of the environment: each is described once, and refused in words."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.urls import get_resolver

from lrscc.management.commands.write_settings import PAGE, with_settings
from lrscc.running import readers
from lrscc.running.environment import VARIABLES, Environment
from tests.test_project import routes

ROOT = Path(site.BASE_DIR)
NAMES = [variable.name for variable in VARIABLES]
SITE = "register.example.org"
env = Environment()


def test_page_of_operations_has_the_settings_of_today():
    """If not, run `uv run manage.py write_settings` and commit docs/operations.md."""
    assert PAGE.read_text() == with_settings(PAGE.read_text())
    assert all(f"| `{name}` |" in PAGE.read_text() for name in NAMES)


def test_command_writes_the_table(monkeypatch, tmp_path, capsys):
    page = PAGE.read_text()
    (tmp_path / "operations.md").write_text(page.replace("| `DEBUG` |", "| `OLD` |"))
    monkeypatch.setattr(
        "lrscc.management.commands.write_settings.PAGE", tmp_path / "operations.md"
    )

    call_command("write_settings")

    assert (tmp_path / "operations.md").read_text() == page
    assert capsys.readouterr().out == "Wrote operations.md.\n"


def test_site_reads_these_variables_and_no_other():
    read = re.findall(r'\benv\("(\w+)"\)', (ROOT / "lrscc" / "settings.py").read_text())
    of_the_system = sorted(
        str(path.relative_to(ROOT))
        for app in ("lrscc", "cities", "exchanges", "resolutions")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"environ\b(?!\.Env|ment|$)|getenv", path.read_text())
    )

    assert sorted({*read, "ENV_FILE"}) == sorted(NAMES)
    assert of_the_system == [
        "lrscc/management/commands/backup.py",  # hands them on to a process of its own
        "lrscc/management/commands/setup.py",  # likewise
        "lrscc/running/environment.py",
        "lrscc/running/readers.py",  # reads addresses by its parser, and no variable
        "lrscc/settings.py",
        "lrscc/wsgi.py",
    ]
    with pytest.raises(KeyError):
        env("DATABASE")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("DEBUG", "TRUE", True),
        ("DEBUG", "off", False),
        ("DEBUG", None, False),
        ("ANSWERS_KEPT", None, None),
        ("CONN_MAX_AGE", "0", 0),
        ("CONN_MAX_AGE", None, 60),
        ("ALLOWED_HOSTS", "a.example, b.example,", ["a.example", "b.example"]),
        ("SECRET_KEY_FALLBACKS", None, []),
        ("LOG_FORMAT", "json", "json"),
        ("LOG_LEVEL", "info", "INFO"),
        ("LOG_LEVEL", None, "WARNING"),
        ("ALLOWED_HOSTS", None, ["localhost", "127.0.0.1", "[::1]"]),
        ("ALLOWED_HOSTS", "*,.example.org,[2001:db8::1]", ["*", ".example.org", "[2001:db8::1]"]),
        ("CSRF_TRUSTED_ORIGINS", "", []),
        (
            "CSRF_TRUSTED_ORIGINS",
            "https://a.example/, http://*.b.example:8080",
            ["https://a.example", "http://*.b.example:8080"],
        ),
        ("TRUSTED_PROXIES", None, None),
        ("TRUSTED_PROXIES", "10.0.0.5, 0:0::1", ["10.0.0.5", "::1"]),
        ("ADMIN_PATH", None, "admin/"),
        ("ADMIN_PATH", "/desk/of_staff", "desk/of_staff/"),
        ("EMAIL_URL", "", ""),
        ("EMAIL_URL", "consolemail://", "consolemail://"),
        ("EMAIL_URL", "smtp+tls://a:b@mail.example:587", "smtp+tls://a:b@mail.example:587"),
        ("MAIL_FROM", None, "register@localhost"),
        ("MAIL_FROM", "The register <register@a.example>", "The register <register@a.example>"),
        ("CACHE_URL", None, None),
        ("CACHE_URL", "", ""),
        ("CACHE_URL", "rediss://:word@a.example:1/1", "rediss://:word@a.example:1/1"),
        ("DATABASE_URL", "", ""),
    ],
)
def test_value_is_made_of_the_text(monkeypatch, name, text, value):
    monkeypatch.delenv(name, raising=False)
    if text is not None:
        monkeypatch.setenv(name, text)

    assert env(name) == value


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("HTTPS_ONLY", "yep", "HTTPS_ONLY is not “true” or “false”. Write one of them."),
        ("DEBUG", "", "DEBUG is not “true” or “false”. Write one of them."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is not “line” or “json”. Write one of them."),
        ("ALLOWED_HOSTS", " ,", "ALLOWED_HOSTS is empty. Name the site, such as " + SITE + "."),
        *[
            (
                "ALLOWED_HOSTS",
                f"localhost,{text}",
                (
                    f"ALLOWED_HOSTS has “{text}”, which is not the name of a host. Write it like"
                    f" {SITE}, without https:// and without a port."
                ),
            )
            for text in (f"https://{SITE}", f"{SITE}:443", "a b")
        ],
        *[
            (
                "CSRF_TRUSTED_ORIGINS",
                text,
                (
                    f"CSRF_TRUSTED_ORIGINS has “{text}”, which is not the address of a site."
                    f" Write it like https://{SITE}, with nothing after it."
                ),
            )
            for text in (SITE, f"https://{SITE}/admin", "https:", "https://[::1", "https://a:b")
        ],
        *[
            (
                "TRUSTED_PROXIES",
                f"::1,{text}",
                (
                    f"TRUSTED_PROXIES has “{text}”, which is not an address. Write addresses such"
                    " as 10.0.0.5, no names and no networks."
                ),
            )
            for text in ("caddy", "10.0.0.0/8")
        ],
        *[
            (
                "ADMIN_PATH",
                text,
                (
                    "ADMIN_PATH cannot be where staff sign in. Write letters and digits, such as"
                    " admin/, and no address of a public page."
                ),
            )
            for text in ("", "/", "api/", "cities", "a b", "../x", "x/../y", "<x>", "https://x/")
        ],
        *[
            (
                "EMAIL_URL",
                text,
                (
                    "EMAIL_URL is not the address of a mail server. Write it like"
                    " smtp+tls://user:password@mail.example.org:587."
                ),
            )
            for text in ("mail.example", "http://mail.example", "smtp://", "smtp://mail:port")
        ],
        *[
            (
                "MAIL_FROM",
                text,
                "MAIL_FROM is not an e-mail address. Write it like register@example.org.",
            )
            for text in ("", "register", "a@b.example\nBcc: c@d.example")
        ],
        *[
            (
                "CACHE_URL",
                text,
                "CACHE_URL is not the address of a cache. Write it like redis://host:6379/1.",
            )
            for text in ("cache", "foo://cache", "memcache://cache", "redis://cache:port/1")
        ],
        (
            "LOG_LEVEL",
            "loud",
            "LOG_LEVEL is no level of a log. Write one of DEBUG, INFO, WARNING, ERROR, CRITICAL.",
        ),
        *[
            (
                "CONN_MAX_AGE",
                text,
                "CONN_MAX_AGE is not a number of seconds up to a day. Write it like 60.",
            )
            for text in ("86401", "9" * 400, "-1", "1.5", "²", "abc", "")
        ],
    ],
)
def test_text_that_is_no_value_is_refused(monkeypatch, name, text, sentence):
    monkeypatch.setenv(name, text)

    with pytest.raises(ImproperlyConfigured) as refused:
        env(name)

    assert str(refused.value) == sentence


def test_cache_whose_library_is_not_there_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(readers, "find_spec", lambda name: None)
    monkeypatch.setenv("CACHE_URL", "redis://cache:6379/1")

    with pytest.raises(ImproperlyConfigured) as refused:
        env("CACHE_URL")

    assert str(refused.value) == (
        "CACHE_URL needs a library. Run `uv sync --locked --no-dev --extra redis`."
    )


def test_no_public_page_is_hidden_by_the_place_where_staff_sign_in():
    begin = {re.split("[/<]", route.lstrip("^"))[0] for route, __ in routes(get_resolver())}

    assert begin - {"", "admin", "sitemap-"} | {"static"} == readers.PUBLIC


def test_machines_share_a_cache_and_documents(tmp_path):
    """A cache that hangs must not hold up a page for long, whatever else its address says."""
    code = (
        "import json; from lrscc import settings as s;"
        " caches = {name: s.CACHES[name] for name in sorted(s.CACHES)};"
        " print(json.dumps([caches, str(s.MEDIA_ROOT)]))"
    )
    shared = {"CACHE_URL": "redis://cache:6379/1?db=2", "DOCUMENTS_DIR": str(tmp_path / "shared")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "SECRET_KEY": "x", **shared},
        capture_output=True,
        text=True,
        check=True,
    )

    caches, documents = json.loads(done.stdout)
    redis = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://cache:6379/1",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "db": 2},
    }
    assert documents == str(tmp_path / "shared")
    assert caches == {
        "answers": redis | {"KEY_PREFIX": "answers"},
        "default": redis,
        "limits": redis | {"KEY_PREFIX": "limits"},
        "open_forms": redis | {"KEY_PREFIX": "open"},
    }


# --- the file of settings -----------------------------------------------------------------


@pytest.fixture
def environ(monkeypatch):
    """An environment of its own, with nothing of ours in it."""
    own = {name: value for name, value in os.environ.items() if name not in NAMES}
    monkeypatch.setattr("os.environ", own)
    monkeypatch.setattr("environ.Env.ENVIRON", own)
    return own


def test_file_says_what_the_environment_does_not(environ, tmp_path):
    usual, named = tmp_path / "register.env", tmp_path / "named.env"
    assert env.read_file(usual) == usual
    assert env("MAIL_FROM") == "register@localhost"
    usual.write_text("# ours\n\nMAIL_FROM=ours@city.example\nADMIN_PATH=desk/\n")
    named.write_text("ADMIN_PATH=named/\nLOG_LEVEL=INFO\n")

    environ["LOG_LEVEL"] = "ERROR"
    env.read_file(usual)
    assert (env("MAIL_FROM"), env("ADMIN_PATH")) == ("ours@city.example", "desk/")

    del environ["ADMIN_PATH"]
    environ["ENV_FILE"] = str(named)
    assert env.read_file(usual) == named
    assert (env("ADMIN_PATH"), env("LOG_LEVEL")) == ("named/", "ERROR")

    del environ["ADMIN_PATH"]
    environ["ENV_FILE"] = ""
    env.read_file(usual)
    assert env("ADMIN_PATH") == "admin/"


@pytest.mark.parametrize("line", ["HTTPS_ONLY = true", "DATABASE=x", "HTTPS_ONLY", " DEBUG=true"])
def test_line_of_the_file_that_is_no_setting_is_refused(environ, tmp_path, line):
    path = tmp_path / "register.env"
    path.write_text(f"# ours\n{line}\n")

    with pytest.raises(ImproperlyConfigured) as refused:
        env.read_file(path)

    assert str(refused.value) == (
        f"Line 2 of {path} is not a setting. Write it like HTTPS_ONLY=true, with a name from"
        " docs/operations.md and without spaces."
    )


def test_file_that_cannot_be_read_is_refused(environ, tmp_path):
    environ["ENV_FILE"] = str(tmp_path / "missing.env")

    with pytest.raises(ImproperlyConfigured) as refused:
        env.read_file(tmp_path / "register.env")

    assert str(refused.value) == (
        f"The file {tmp_path}/missing.env with the settings cannot be read. Run the command as its"
        " owner, or correct ENV_FILE."
    )
