"""Every variable of the environment that the site reads: its name, default and meaning.

`lrscc.settings` can read no other. `manage.py write_settings` writes this table into
docs/operations.md.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from lrscc.running.readers import (
    a_minute,
    addresses,
    cache,
    flag,
    hosts,
    level,
    listed,
    mail_server,
    one_of,
    origins,
    path_of_staff,
    seconds,
    sender,
)


@dataclass(frozen=True)
class Variable:
    """A variable of the environment.

    `read` makes a value of its text, or raises `ValueError` with a sentence that its name begins.
    `shown` says in the docs what the default is where that follows from something.
    """

    name: str
    read: Callable[[str], Any]
    default: str | None
    meaning: str
    shown: str = ""

    def value(self) -> Any:
        """Return its value; None where it is not set, and the default follows from another."""
        text = os.environ.get(self.name, self.default)
        try:
            return None if text is None else self.read(text)
        except ValueError as error:
            raise ImproperlyConfigured(f"{self.name} {error}") from None


VARIABLES = (
    Variable(
        "ENV_FILE",
        str,
        None,
        "a file with more of these variables, `NAME=value` in each line; what is set in the"
        " environment goes before it. `manage.py setup` writes it. With an empty name none is"
        " read",
        "`register.env` beside `manage.py`, if there is one",
    ),
    Variable(
        "DATA_DIR",
        str,
        None,
        "the embedded database, documents and pictures, mails, backups, collected static files,"
        " the made-up key",
        "`var/` beside the code",
    ),
    Variable(
        "DOCUMENTS_DIR",
        str,
        None,
        "documents and pictures: a folder that all machines share, where there is more than one",
        "`documents/` in `DATA_DIR`",
    ),
    Variable(
        "DATABASE_URL",
        str,
        "",
        "`postgres://user:password@host:5432/register` for a real installation. In a name and a"
        " password write signs such as `@`, `:` and `/` as `%40`, `%3A` and `%2F`",
        "the embedded SQLite database",
    ),
    Variable(
        "CONN_MAX_AGE",
        seconds,
        "60",
        "seconds a connection to that database is kept, at most a day (86400)",
    ),
    Variable(
        "CACHE_URL",
        cache,
        None,
        "a cache that all processes share, such as `redis://host:6379/1` of Redis or Valkey, when"
        " there is more than one machine. Install `redis` for it: `uv sync --extra redis`. Give it"
        " a numbered database of its own (`/1`): what the site forgets all at once empties that"
        " database",
        "files in `DATA_DIR`",
    ),
    Variable(
        "ANSWERS_KEPT",
        flag,
        None,
        "whether public answers are kept until something changes",
        "`true`, unless `DEBUG`",
    ),
    Variable(
        "SECRET_KEY",
        str,
        "",
        "needed with `DATABASE_URL`: 50 or more random characters, the same for every process",
        "made once, in `DATA_DIR`",
    ),
    Variable("SECRET_KEY_FALLBACKS", listed, "", "former keys, during a change of key"),
    Variable(
        "ALLOWED_HOSTS", hosts, "localhost,127.0.0.1,[::1]", "host names the site answers to"
    ),
    Variable(
        "CSRF_TRUSTED_ORIGINS",
        origins,
        "",
        "the address of the site behind a proxy, such as `https://register.example.org`",
    ),
    Variable(
        "HTTPS_ONLY",
        flag,
        "false",
        "`true` behind a proxy that ends TLS, strips any incoming `X-Forwarded-Proto` and sets its"
        " own",
    ),
    Variable(
        "TRUSTED_PROXIES",
        addresses,
        None,
        "addresses of the proxy whose last entry in `X-Forwarded-For` says who asks. Without it"
        " everybody behind a proxy shares one count of wrong passwords",
        "with `HTTPS_ONLY` this machine (`127.0.0.1,::1`), else none",
    ),
    Variable(
        "LIMIT_PAGES",
        a_minute,
        "300",
        "pages a minute for one network address (IPv6: for its /64), `none` for no limit: choose"
        " that where the proxy has limits, or where a network in front of it hides who asks",
    ),
    Variable("LIMIT_SEARCH", a_minute, "60", "the same for searches, on the site and by the API"),
    Variable("LIMIT_API", a_minute, "600", "the same for all other requests to the API"),
    Variable("ADMIN_PATH", path_of_staff, "admin/", "where staff sign in"),
    Variable(
        "EMAIL_URL",
        mail_server,
        "",
        "the server that sends mail, such as `smtp+tls://user:password@mail.example.org:587`",
        "none: mails are kept as files in `DATA_DIR/mail`, and links are shown to the"
        " administrator",
    ),
    Variable("MAIL_FROM", sender, "register@localhost", "the sender of these mails"),
    Variable(
        "SECOND_PERSON_FOR",
        listed,
        "",
        "kinds of records at which somebody other than their author looks before they are public,"
        " such as `cities.city,resolutions.resolution`; `manage.py check` refuses other names and"
        " lists these",
    ),
    Variable(
        "LOG_LEVEL",
        level,
        "WARNING",
        "of the log on standard error: DEBUG, INFO, WARNING, ERROR or CRITICAL",
    ),
    Variable(
        "LOG_FORMAT",
        one_of("line", "json"),
        "line",
        "`json`: each line is one object, with the time in UTC",
    ),
    Variable(
        "LOG_REQUESTS",
        flag,
        "false",
        "`true` logs every request with its network address, status, duration and number of"
        " queries; the privacy page then says so",
    ),
    Variable("DEBUG", flag, "false", "never in an installation"),
)


class Environment:
    """Reads the variables above: `env("DATA_DIR")`."""

    def __init__(self) -> None:
        self._variables = {variable.name: variable for variable in VARIABLES}

    def __call__(self, name: str) -> Any:
        return self._variables[name].value()

    def read_file(self, usual: Path) -> Path:
        """Take what is not set from the file that `ENV_FILE` names, or from the usual one.

        Return its path, also where there is none.
        """
        named = self("ENV_FILE")
        path = Path(named or usual)
        if named == "" or (named is None and not path.exists()):
            return path
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, ValueError):
            raise ImproperlyConfigured(
                f"The file {path} with the settings cannot be read. Run the command as its owner,"
                " or correct ENV_FILE."
            ) from None
        for number, line in enumerate(lines, 1):
            name, sign, __ = line.partition("=")
            if line.strip() and line[0] != "#" and not (sign and name in self._variables):
                raise ImproperlyConfigured(
                    f"Line {number} of {path} is not a setting. Write it like HTTPS_ONLY=true,"
                    " with a name from docs/operations.md and without spaces."
                )
        environ.Env.read_env(path)
        return path
