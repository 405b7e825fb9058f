"""`manage.py serve`: what it prepares, what it prints, how it stops, what it refuses."""

import fcntl
import gc
import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from http.cookies import SimpleCookie
from io import StringIO
from pathlib import Path
from queue import Queue
from threading import Barrier, Event, Thread
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.conf import settings as site
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.html import escape

from cities.models import City
from lrscc.accounts.throttle import LIMITS
from lrscc.changes import triggers
from lrscc.management.commands.serve import Command, check_port
from lrscc.models import DerivedVersion
from lrscc.running import preparing, secret, server
from lrscc.running.deriving import outdated
from lrscc.running.secret import kept_secret
from lrscc.running.sharing import load_what_is_shared
from resolutions.triggers import refuse_overlaps
from tests.benchmark.processes import family
from tests.factories import make_city
from tests.tools import UNLIMITED

ROOT = Path(site.BASE_DIR)
SECRET = "only for tests, " * 4


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """An environment in which nothing of ours is set but what a test sets, and no limit."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return kept | UNLIMITED | {"DATA_DIR": str(folder), "ENV_FILE": ""} | variables


def forget_newest_migrations() -> None:
    """Let the database seem to be of an older version of the site."""
    MigrationRecorder(connection).migration_qs.filter(app="lrscc").delete()


class Served:
    """The site as an operator starts it: a process of its own, stopped at the end."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port)],
            cwd=ROOT,
            env=environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.printed = ""
        for line in self.process.stdout:
            self.printed += line
            if line.startswith("Stop it"):
                break
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError(f"It does not answer. It said: {self.printed}")

    def ask(self, method: str, path: str, body: str = "", **headers: str):
        """One request, and its answer with its content read."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        line.request(method, path, body or None, headers)
        answer = line.getresponse()
        answer.text = answer.read().decode()
        line.close()
        return answer

    def stop(self, how: str) -> tuple[int, str]:
        """Stop it as an operator does; its exit status and what it said meanwhile."""
        if how == "Ctrl-C":
            os.killpg(self.process.pid, signal.SIGINT)
        else:
            self.process.send_signal(signal.Signals[how])
        printed, complaints = self.process.communicate(timeout=20)
        return self.process.returncode, printed + complaints

    def is_gone(self) -> bool:
        """Whether no process of it is left."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def close(self) -> None:
        if not self.is_gone():
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def first_start(folder) -> Iterator[Served]:
    served = Served(folder)
    yield served
    served.close()


# --- as an operator starts it -----------------------------------------------------------


def test_first_start_prepares_everything_and_prints_sign_ins_once(first_start, folder):
    port = first_start.port
    pattern = re.compile(
        r"(  [a-z ]+: (\d+) of \2\n){21}"
        r"Loaded: \d+ new, 0 changed, 0 the same\.\n"
        r"\nThe first accounts\. The passwords are shown this once; keep them:\n"
        r"  Commission staff   staff      [-\w]{20}\n"
        r"  Council clerk      clerk      [-\w]{20}\n"
        r"  Publisher          publisher  [-\w]{20}\n\n"
        r"Collected the style sheet and the other static files\.\n"
        rf"The register:  http://127\.0\.0\.1:{port}/\n"
        rf"For staff:     http://127\.0\.0\.1:{port}/admin/\n"
        rf"For programs:  http://127\.0\.0\.1:{port}/api/v1/\n"
        r"Stop it with Ctrl-C\.\n"
    )

    assert pattern.fullmatch(first_start.printed), first_start.printed
    assert sorted(path.name for path in folder.iterdir() if "sqlite3-" not in path.name) == [
        "preparing",
        "register.sqlite3",
        "secret_key",
        "static",
    ]


def test_served_pages_are_the_register(first_start):
    home, answer = first_start.ask("GET", "/"), first_start.ask("GET", "/api/v1/relationships/")

    assert (home.status, home.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "<h1>Lansing’s sister cities: " in home.text
    assert "Otsu" in home.text
    assert (answer.status, '"count":14' in answer.text) == (200, True)
    assert home.headers["Set-Cookie"] is None


def test_served_files_have_lasting_names(first_start):
    home = first_start.ask("GET", "/").text
    address = re.search(r"/static/lrscc/site\.[0-9a-f]{12}\.css", home)[0]

    style = first_start.ask("GET", address)

    assert style.status == 200
    assert style.text.strip()
    assert style.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert style.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/static/%00", "/api/v1/cities/"])
def test_served_head_has_the_length_and_no_body(first_start, path):
    head, get = first_start.ask("HEAD", path), first_start.ask("GET", path)

    assert (head.status, head.text) == (get.status, "")
    assert head.headers["Content-Length"] == str(len(get.text.encode()))


@pytest.mark.parametrize("path", ["/cities/%ff/", "/cities/?on=%ff", "/%00"])
def test_served_site_refuses_bytes_that_are_no_text(first_start, path):
    answer = first_start.ask("GET", path)

    assert answer.status == 400
    assert "<h1>The address could not be read</h1>" in answer.text


def test_what_was_noted_of_static_files_is_not_served(first_start, folder):
    assert (folder / "static" / "staticfiles.json").exists()

    for name in (".collected", "staticfiles.json"):
        assert first_start.ask("GET", f"/static/{name}").status == 404


def test_nobody_else_can_read_the_database_and_the_folder(first_start, folder):
    first_start.ask("GET", "/")

    for path in (folder, *folder.iterdir()):
        expected = 0o700 if path.is_dir() else 0o600
        assert (path.name, oct(path.stat().st_mode & 0o777)) == (path.name, oct(expected))


def send(served: Served, path: str, form: dict[str, str], **cookies: str):
    """What a browser is answered that sends a form."""
    return served.ask(
        "POST",
        path,
        urlencode(form),
        **{
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"__Host-{name}={value}" for name, value in cookies.items()),
        },
    )


def token_in(page) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]


def sign_in(served: Served, name: str):
    """The answer to the printed name and password, and the cookies that came with it."""
    password = re.search(rf"  {name} +(\S+)\n", served.printed)[1]
    form = served.ask("GET", "/admin/login/")
    csrf = SimpleCookie(form.headers["Set-Cookie"])["__Host-csrf"].value
    typed = {"login": name, "password": password, "csrfmiddlewaretoken": token_in(form)}
    answer = send(served, "/admin/login/?next=/admin/", typed, csrf=csrf)
    session = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie"):
        session.load(line)
    return answer, session


@pytest.mark.parametrize("name", ["staff", "clerk", "publisher"])
def test_printed_password_signs_in(first_start, name):
    answer, session = sign_in(first_start, name)

    kept = session["__Host-session"]
    assert (answer.status, answer.headers["Location"]) == (302, "/admin/")
    assert (kept["secure"], kept["httponly"], kept["path"], kept["samesite"]) == (
        True,
        True,
        "/",
        "Lax",
    )
    admin = first_start.ask("GET", "/admin/", Cookie=f"__Host-session={kept.value}")
    assert admin.status == 200
    assert f"<strong>{name}</strong>" in admin.text


def test_who_saves_during_an_import_is_told_soon_and_keeps_what_was_typed(first_start, folder):
    session = {
        name.removeprefix("__Host-"): morsel.value
        for name, morsel in sign_in(first_start, "staff")[1].items()
    }
    cookie = "; ".join(f"__Host-{name}={value}" for name, value in session.items())
    add = "/admin/cities/source/add/"
    form = first_start.ask("GET", add, Cookie=cookie)
    typed = {"title": "Letter <of> 1969\nand “more”", "csrfmiddlewaretoken": token_in(form)}
    with closing(sqlite3.connect(folder / "register.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        answer = send(first_start, add, typed, **session)
        waited = time.monotonic() - began
        public = first_start.ask("GET", "/api/v1/cities/")

    assert (answer.status, answer.headers["Retry-After"], public.status) == (503, "5", 200)
    assert 2.5 < waited < 6
    assert "Somebody else is saving right now" in answer.text
    assert f'name="title" value="{escape(typed["title"])}"' in answer.text
    again = send(first_start, add, typed | {"csrfmiddlewaretoken": token_in(answer)}, **session)
    assert again.status == 200  # the form, with what is still missing
    assert "Letter &lt;of&gt; 1969" in again.text


def test_who_signs_in_during_an_import_is_told_soon_and_signs_in_later(first_start, folder):
    password = re.search(r"  clerk +(\S+)\n", first_start.printed)[1]
    form = first_start.ask("GET", "/admin/login/")
    csrf = SimpleCookie(form.headers["Set-Cookie"])["__Host-csrf"].value
    typed = {"login": "clerk", "password": password, "csrfmiddlewaretoken": token_in(form)}
    with closing(sqlite3.connect(folder / "register.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = send(first_start, "/admin/login/", typed, csrf=csrf)

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "Somebody else is saving right now" in answer.text
    assert 'name="login" value="clerk"' in answer.text
    again = typed | {"csrfmiddlewaretoken": token_in(answer)}
    assert send(first_start, "/admin/login/", again, csrf=csrf).status == 302


def test_guesses_at_the_same_moment_are_counted_one_by_one(first_start):
    """Of 24 passwords that came at once 13 were checked, when a cache counted them."""
    form = first_start.ask("GET", "/admin/login/")
    csrf = SimpleCookie(form.headers["Set-Cookie"])["__Host-csrf"].value
    typed = {"login": "nobody", "password": "wrong", "csrfmiddlewaretoken": token_in(form)}
    start, answers = Barrier(24), []

    def guess() -> None:
        start.wait()
        answers.append(send(first_start, "/admin/login/", typed, csrf=csrf).status)

    threads = [Thread(target=guess) for __ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert (len(answers), answers.count(200)) == (24, LIMITS["both"].free)
    assert set(answers) <= {
        200,
        429,
        503,
    }  # who waits for others for three seconds is refused, too


def test_nothing_that_is_shared_comes_from_the_database():
    """This test may not ask it."""
    try:
        load_what_is_shared()

        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_processes_share_what_all_of_them_load(first_start):
    """The first one loads it, and its memory is that of all as long as nobody writes there."""
    first_start.ask("GET", "/healthz/")
    deadline = time.monotonic() + 30
    while len(family(first_start.process.pid)) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)

    __, *workers = family(first_start.process.pid)

    assert len(workers) == 2
    for number in workers:
        memory = Path(f"/proc/{number}/smaps_rollup").read_text()
        shared, own = (
            sum(int(size) for size in re.findall(rf"^{name}\w*: +(\d+)", memory, re.MULTILINE))
            for name in ("Shared_", "Private_")
        )
        assert shared > own / 2


def test_printed_password_of_another_account_does_not_sign_in(first_start):
    answer = first_start.ask("POST", "/admin/login/", "username=staff")

    assert answer.status == 403
    assert "cookies are off" in answer.text


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "Ctrl-C"])
def test_second_start_keeps_what_there_is_and_stops_cleanly(first_start, folder, how):
    """Ctrl-C is an interrupt that a terminal sends to every process at once."""
    again = Served(folder)
    try:
        answer = again.ask("GET", "/api/v1/relationships/")

        assert again.printed == (  # no sign-ins
            f"The register:  http://127.0.0.1:{again.port}/\n"
            f"For staff:     http://127.0.0.1:{again.port}/admin/\n"
            f"For programs:  http://127.0.0.1:{again.port}/api/v1/\n"
            "Stop it with Ctrl-C.\n"
        )
        assert '"count":14' in answer.text

        status, said = again.stop(how)

        assert (status, said) == (0, "")
        assert again.is_gone()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", again.port), 1)
    finally:
        again.close()


# --- what it refuses, in one sentence and with status 2 ---------------------------------


def refused(folder: Path, *options: str, **variables: str) -> str:
    """What the command says when it will not start."""
    done = subprocess.run(
        [sys.executable, "manage.py", "serve", *options],
        cwd=ROOT,
        env=environment(folder, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("\n")
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("CommandError: ").rstrip("\n")


def test_busy_port_is_reported(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        sentence = refused(tmp_path, "--port", str(port))

    assert sentence == (
        f"Cannot listen on 127.0.0.1, port {port} (Address already in use)."
        " Choose others with --host and --port."
    )
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_folder_that_cannot_be_written_is_reported(tmp_path):
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "data"

    sentence = refused(folder, "--port", str(free_port()))

    assert sentence == (
        f"The folder {folder} cannot be written (Not a directory)."
        " Run the command as its owner, or set DATA_DIR to another folder."
    )


NO_DATABASE = (
    "DATABASE_URL is not an address of a database this site can use."
    " Write it like postgres://user:password@host:5432/register."
)


@pytest.mark.parametrize("url", ["garbage://host/name", "nonsense", "mysql://user@host/name"])
def test_database_url_of_another_kind_is_reported(tmp_path, url):
    assert refused(tmp_path, DATABASE_URL=url, SECRET_KEY=SECRET) == NO_DATABASE


def test_time_to_keep_a_connection_that_is_none_is_reported(tmp_path):
    url = "postgres://nobody@127.0.0.1/register"

    sentence = refused(tmp_path, DATABASE_URL=url, SECRET_KEY=SECRET, CONN_MAX_AGE="abc")

    assert sentence == "CONN_MAX_AGE is not a number of seconds up to a day. Write it like 60."


def test_database_that_does_not_answer_is_reported(tmp_path):
    port = free_port()

    sentence = refused(
        tmp_path,
        *("--port", str(free_port())),
        DATABASE_URL=f"postgres://nobody@127.0.0.1:{port}/register",
        SECRET_KEY=SECRET,
    )

    assert sentence == (
        f'The database cannot be used (connection to server at "127.0.0.1", port {port} failed:'
        " Connection refused). Check DATABASE_URL and that it runs."
    )


def test_missing_secret_key_is_reported(tmp_path):
    sentence = refused(tmp_path, DATABASE_URL="postgres://nobody@127.0.0.1/register")

    assert sentence == (
        "Set SECRET_KEY, the same for every process of the site: 50 or more random characters."
    )


def test_empty_database_that_is_not_the_embedded_one_is_left_as_it_is(tmp_path):
    """Here another SQLite file; a PostgreSQL just made is the same to it."""
    sentence = refused(
        tmp_path / "data",
        *("--port", str(free_port())),
        DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3",
        SECRET_KEY=SECRET,
    )

    assert sentence == (
        "The database is not prepared for this version. Run `manage.py migrate`"
        " and, for a new one, `manage.py load_register` first."
    )
    assert not (tmp_path / "data" / "register.sqlite3").exists()


# --- in this process, up to the server --------------------------------------------------


@pytest.fixture
def run(settings, tmp_path, monkeypatch):
    """Runs the command in a folder of its own, until the server would take over."""
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = deepcopy(settings.STORAGES)
    handed_over = []
    monkeypatch.setattr(server, "run", lambda host, port: handed_over.append((host, port)))
    monkeypatch.setattr(preparing, "is_unguarded", lambda: False)  # the tests have no triggers

    def run_it(**options) -> str:
        handed_over.clear()
        said = StringIO()
        port = options.setdefault("port", free_port())
        call_command("serve", stdout=said, **options)
        assert handed_over == [(options.get("host", "127.0.0.1"), port)]
        return said.getvalue()

    return run_it


@pytest.fixture
def embedded(settings):
    """The database of the tests in the place of the embedded one."""
    settings.EMBEDDED_DATABASE = settings.DATABASES["default"]["NAME"]


def addresses(site_address: str) -> str:
    return (
        f"The register:  {site_address}\n"
        f"For staff:     {site_address}admin/\n"
        f"For programs:  {site_address}api/v1/\n"
        "Stop it with Ctrl-C.\n"
    )


@pytest.mark.django_db
def test_empty_embedded_database_is_filled_and_gets_accounts(run, embedded):
    said = run(port=free_port())

    accounts = re.findall(
        r"^  (Commission staff|Council clerk|Publisher) +(\w+) +(\S+)$", said, re.M
    )
    assert City.objects.count() == 18
    assert [(group, name) for group, name, __ in accounts] == [
        ("Commission staff", "staff"),
        ("Council clerk", "clerk"),
        ("Publisher", "publisher"),
    ]
    assert User.objects.count() == 3
    for group, name, password in accounts:
        user = authenticate(username=name, password=password)
        assert (user.is_staff, user.is_superuser) == (True, False)
        assert [found.name for found in user.groups.all()] == [group]


@pytest.mark.django_db
def test_first_start_that_is_stopped_before_the_passwords_are_shown_begins_again(
    run, embedded, monkeypatch
):
    """Nobody had an account then, for ever: the register was there, so it was not empty."""

    def stop(*accounts) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(Command, "_show_sign_ins", stop)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert (City.objects.count(), User.objects.count()) == (0, 0)

    assert "The first accounts." in run()
    assert (City.objects.count(), User.objects.count()) == (18, 3)


@pytest.mark.dialect
@pytest.mark.django_db
@pytest.mark.parametrize("is_complete", [True, False])
def test_database_without_its_triggers_is_migrated_again(is_complete):
    """`migrate` makes them last; one that was stopped before had applied every migration."""
    triggers.number_entries("default")
    triggers.keep_for_ever("default")
    refuse_overlaps("default")
    if not is_complete:
        with connection.cursor() as cursor:
            on_table = " ON cities_logentry" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER cities_logentry_deleted{on_table}")

    assert preparing.is_unguarded() is not is_complete


@pytest.mark.django_db
@pytest.mark.parametrize("holds", ["place", "account"])
def test_embedded_database_that_is_not_empty_gets_nothing(run, embedded, holds):
    if holds == "place":
        make_city("otsu")
    else:
        User.objects.create_user("somebody")
    before = City.objects.count(), User.objects.count()
    port = free_port()
    preparing.collect_static()

    said = run(port=port)

    assert said == addresses(f"http://127.0.0.1:{port}/")
    assert (City.objects.count(), User.objects.count()) == before


@pytest.mark.django_db
def test_empty_database_that_is_not_embedded_gets_nothing(run):
    port = free_port()

    said = run(port=port)

    collected = "Collected the style sheet and the other static files.\n"
    assert said == collected + addresses(f"http://127.0.0.1:{port}/")
    assert (City.objects.count(), User.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_embedded_database_of_an_older_version_is_migrated(run, embedded, monkeypatch):
    make_city("otsu")
    forget_newest_migrations()
    commands = []
    # Django's own command; SQLite migrates in no transaction, and a test is one.
    monkeypatch.setattr(
        preparing, "call_command", lambda name, **options: commands.append((name, options))
    )
    monkeypatch.setattr(preparing, "collect_static", lambda: False)

    run()

    assert commands == [("migrate", {"verbosity": 0})]


@pytest.mark.django_db
def test_what_earlier_rules_derived_is_made_again(run, monkeypatch):
    DerivedVersion.objects.filter(name="status of resolutions").update(version=0)
    monkeypatch.setattr(preparing, "collect_static", lambda: False)

    said = run()

    assert said.startswith(
        "Making again what is derived from the records:\n  status of resolutions: 0\n"
    )
    assert outdated() == []


@pytest.mark.django_db
def test_other_database_of_an_older_version_is_refused(run):
    forget_newest_migrations()

    with pytest.raises(CommandError) as refusal:
        run()

    assert str(refusal.value) == (
        "The database is not prepared for this version. Run `manage.py migrate`"
        " and, for a new one, `manage.py load_register` first."
    )
    assert refusal.value.returncode == 2


def test_folder_that_is_a_file_is_refused(run, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.touch()

    with pytest.raises(CommandError) as refusal:
        run()

    assert str(refusal.value) == (
        f"The folder {tmp_path}/file cannot be written (File exists)."
        " Run the command as its owner, or set DATA_DIR to another folder."
    )
    assert refusal.value.returncode == 2


@pytest.mark.django_db
def test_start_prepares_nothing_while_another_one_does(run, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    held = []

    def prepare(show) -> None:
        with (tmp_path / "preparing").open() as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        held.append(True)

    monkeypatch.setattr(preparing, "prepare_database", prepare)
    run()

    assert held == [True]
    with (tmp_path / "preparing").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert (tmp_path / "preparing").stat().st_mode & 0o777 == 0o600


def test_folder_of_somebody_else_keeps_its_rights(settings, tmp_path, monkeypatch):
    def refuse(path: Path, mode: int) -> None:
        raise PermissionError

    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(Path, "chmod", refuse)

    preparing.check_folder()


def test_database_that_others_could_read_is_closed_to_them(tmp_path):
    path = tmp_path / "register.sqlite3"
    path.touch(mode=0o644)
    sqlite, other = SimpleNamespace(vendor="sqlite"), SimpleNamespace(vendor="postgresql")
    sqlite.settings_dict = other.settings_dict = {"NAME": path}

    preparing.keep_to_owner(other)
    assert path.stat().st_mode & 0o777 == 0o644
    for __ in range(2):
        preparing.keep_to_owner(sqlite)
        assert path.stat().st_mode & 0o777 == 0o600
    path.unlink()
    preparing.keep_to_owner(sqlite)


@pytest.mark.django_db
def test_reason_of_the_database_is_its_first_line(run):
    def refuse(*args):
        raise OperationalError("no such host\n\tIs the server running?")

    with connection.execute_wrapper(refuse), pytest.raises(CommandError) as refusal:
        run()

    assert str(refusal.value) == (
        "The database cannot be used (no such host). Check DATABASE_URL and that it runs."
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("host", "site_address"), [("127.0.0.1", "http://127.0.0.1"), ("::1", "http://[::1]")]
)
def test_address_is_printed_as_a_browser_takes_it(run, host, site_address):
    port = free_port()
    try:
        check_port(host, port)
    except preparing.NotReadyError:
        pytest.skip("This machine has no IPv6.")
    preparing.collect_static()

    assert run(host=host, port=port) == addresses(f"{site_address}:{port}/")


@pytest.mark.django_db
def test_static_files_are_collected_again_only_when_one_changed(run, settings, tmp_path):
    extra = tmp_path / "more"
    extra.mkdir()
    settings.STATICFILES_DIRS = [extra]
    (extra / "note.css").write_text("p { margin: 0 }")

    first, second = preparing.collect_static(), preparing.collect_static()
    (extra / "note.css").write_text("p { margin: 1px }")
    third = preparing.collect_static()

    collected = [path.name for path in settings.STATIC_ROOT.glob("note.*.css")]
    assert (first, second, third) == (True, False, True)
    assert len(collected) == 1
    assert (settings.STATIC_ROOT / collected[0]).read_text() == "p { margin: 1px }"


# --- parts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "port", "reason"),
    [
        ("no.such.host.invalid", 8000, r"Name or service not known|.*name resolution"),
        ("127.0.0.1", 70000, r".*port must be 0-65535\.?"),
        ("192.0.2.1", 8000, r"Cannot assign requested address"),
    ],
)
def test_port_that_cannot_be_had_is_reported(host, port, reason):
    with pytest.raises(preparing.NotReadyError) as refusal:
        check_port(host, port)

    assert re.fullmatch(
        rf"Cannot listen on {re.escape(host)}, port {port} \(({reason})\)\."
        r" Choose others with --host and --port\.",
        str(refusal.value),
    )


def test_free_port_is_free():
    port = free_port()

    check_port("127.0.0.1", port)

    check_port("127.0.0.1", port)  # and still is


@pytest.mark.parametrize(
    ("host", "bound"), [("127.0.0.1", "127.0.0.1:8000"), ("::1", "[::1]:8000")]
)
def test_process_becomes_the_server(monkeypatch, host, bound):
    became = []
    monkeypatch.setattr(os, "execv", lambda path, command: became.append((path, command)))

    server.run(host, 8000)

    assert became == [
        (
            sys.executable,
            [
                *(sys.executable, "-m", "gunicorn", "lrscc.wsgi"),
                *("--config", "python:lrscc.running.server", "--bind", bound),
                *("--worker-class", "lrscc.running.worker.BufferingWorker"),
                *("--workers", "2", "--threads", "4", "--preload"),
                *(
                    "--log-level",
                    "warning",
                    "--graceful-timeout",
                    "10",
                    "--limit-request-line",
                    "8190",
                    "--no-control-socket",
                ),
            ],
        )
    ]


@pytest.fixture
def handlers():
    """What this process does at signals, put back afterward."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)
    gc.unfreeze()


def test_interrupted_server_stops_as_one_that_is_terminated(handlers):
    heard = []
    signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))

    server.when_ready(None)
    os.kill(os.getpid(), signal.SIGINT)

    assert heard == [signal.SIGTERM]


def test_worker_leaves_an_interrupt_to_the_server_and_publishes_what_is_due(handlers, monkeypatch):
    looks: Queue[Event] = Queue()
    monkeypatch.setattr("lrscc.running.clock.run", looks.put)

    server.post_worker_init(None)
    os.kill(os.getpid(), signal.SIGINT)  # else this test would be interrupted

    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    assert not looks.get(timeout=5).is_set()


def test_secret_is_made_once_and_its_owner_alone_reads_it(tmp_path):
    folder = tmp_path / "new" / "data"

    first, second = kept_secret(folder), kept_secret(folder)

    assert first == second == (folder / "secret_key").read_text()
    assert len(first) == 50
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600


def test_secret_that_was_never_written_is_made(tmp_path):
    """A first start that was stopped at that moment left an empty file, for ever."""
    (tmp_path / "secret_key").touch()

    assert len(kept_secret(tmp_path)) == 50
    assert kept_secret(tmp_path) == (tmp_path / "secret_key").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_secret_of_who_came_first_is_that_of_both(tmp_path, monkeypatch):
    def come_first(length: int) -> str:
        path.write_text("of the other")
        return "of this one"

    path = tmp_path / "secret_key"
    monkeypatch.setattr(secret, "get_random_secret_key", lambda: come_first(50))

    assert kept_secret(tmp_path) == path.read_text() == "of the other"


def test_secret_lasts_as_long_as_the_process_where_nothing_can_be_kept(tmp_path):
    (tmp_path / "file").touch()

    first, second = kept_secret(tmp_path / "file"), kept_secret(tmp_path / "file")

    assert len(first) == len(second) == 50
    assert first != second
