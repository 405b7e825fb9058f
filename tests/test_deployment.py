"""The files in `deploy`, and the commands in the documentation: what they name is there."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
from itertools import chain
from pathlib import Path

import pytest
import yaml
from django.conf import settings as site
from django.core.management import get_commands, load_command_class

from lrscc.running.environment import VARIABLES
from tests.tools import needs

ROOT = Path(site.BASE_DIR)
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def parsed(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str
    unit.read_string(path.read_text())
    return unit


def in_code(page: str) -> list[str]:
    """The lines of code of a page in Markdown, and what stands between backquotes."""
    blocks = re.findall(r"^```\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```\n.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()] + re.findall(
        r"`([^`]+)`", rest
    )


def commands() -> list[tuple[str, list[str]]]:
    """Each `manage.py …` with its arguments, and where it stands."""
    found = [(path.name, line) for path in DOCS for line in in_code(path.read_text())]
    found += [(path.name, parsed(path)["Service"]["ExecStart"]) for path in SERVICES]
    for line in re.findall(r"^CMD (.*)", CONTAINERFILE, re.MULTILINE):
        found.append(("Containerfile", shlex.join(json.loads(line))))
    return [
        (where, shlex.split(re.sub(r"\s+(#|&&|>).*|…", "", part), posix=True))
        for where, line in found
        for part in re.findall(r"manage\.py (\w.*)", line)
    ]


def test_every_command_that_is_named_exists_and_takes_these_options():
    found = commands()

    assert len(found) > 30
    assert {where for where, __ in found} >= {"Containerfile", "operations.md", "README.md"}
    for where, (name, *arguments) in found:
        assert name in get_commands(), (where, name)
        command = load_command_class(get_commands()[name], name)
        known = set(
            chain(*(one.option_strings for one in command.create_parser("", name)._actions))
        )
        options = {argument.split("=")[0] for argument in arguments if argument[:2] == "--"}
        assert options <= known, (where, name, options - known)


# --- the container ------------------------------------------------------------------------


def test_container_sets_only_variables_that_the_site_reads():
    """And those of the programs beside it."""
    others = {"PATH", "PYTHONDONTWRITEBYTECODE"}
    names = {variable.name for variable in VARIABLES}
    served = CONTAINERFILE.rpartition("\nFROM ")[2]
    in_image = {
        word.partition("=")[0]
        for line in re.findall(r"^ENV (.*)", served, re.MULTILINE)
        for word in shlex.split(line)
    }

    assert in_image - others == {"DATA_DIR"}
    assert set(COMPOSE["services"]["site"]["environment"]) <= names


def test_what_need_not_be_chosen_is_as_without_compose():
    in_compose = {
        name: found[1]
        for name, value in COMPOSE["services"]["site"]["environment"].items()
        if (found := re.fullmatch(rf"\${{{name}:-(.*)}}", value))
    }
    defaults = {variable.name: variable.default for variable in VARIABLES}

    assert in_compose == {name: defaults[name] for name in in_compose}
    assert set(in_compose) == {
        *("EMAIL_URL", "MAIL_FROM", "LIMIT_PAGES", "LIMIT_SEARCH", "LIMIT_API"),
    }


def test_container_has_what_the_site_is_made_of():
    """An app that is added to the site and not to the image would be missing only there."""
    copied = {
        source.rstrip("/")
        for line in re.findall(r"^COPY (?!--from)(.*)", CONTAINERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }
    allowed = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    apps = {name for name in site.INSTALLED_APPS if (ROOT / name).is_dir()}

    assert copied == allowed
    assert apps | {"lrscc", "templates", "manage.py", "uv.lock"} <= copied
    assert all((ROOT / name).exists() for name in copied)


def test_health_is_asked_in_the_same_way_with_and_without_compose():
    [in_image] = re.findall(r"^HEALTHCHECK .* CMD (.*)", CONTAINERFILE, re.MULTILINE)

    assert COMPOSE["services"]["site"]["healthcheck"]["test"] == ["CMD", *json.loads(in_image)]
    assert (ROOT / json.loads(in_image)[-1]).exists()


def test_compose_file_closes_what_can_be_closed():
    services = COMPOSE["services"]

    assert {name for name, one in services.items() if "ports" in one} == {"caddy"}
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert services["database"]["networks"] == ["back"]
    for name in ("site", "caddy"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    for one in services.values():
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert one["restart"] == "unless-stopped"
        assert "privileged" not in one
    assert re.search(r"^USER 10001:10001$", CONTAINERFILE, re.MULTILINE)


def test_compose_file_names_what_it_declares():
    services = COMPOSE["services"]
    volumes = [one.split(":")[0] for each in services.values() for one in each["volumes"]]
    networks = {name for one in services.values() for name in one["networks"]}
    proxy = services["caddy"]["networks"]["front"]["ipv4_address"]

    assert {name for name in volumes if name[0] != "."} == set(COMPOSE["volumes"])
    assert [name for name in volumes if name[0] == "."] == ["./Caddyfile"]
    assert networks == set(COMPOSE["networks"])
    assert services["site"]["environment"]["TRUSTED_PROXIES"] == proxy
    assert services["site"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    build = services["site"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve().exists()
    in_caddyfile = re.findall(r"{\$(\w+)", (DEPLOY / "Caddyfile").read_text())
    assert set(in_caddyfile) == set(services["caddy"]["environment"])


def test_operations_page_makes_what_the_compose_file_needs():
    page = (ROOT / "docs" / "operations.md").read_text()
    needed = set(re.findall(r"\${(\w+):\?}", (DEPLOY / "compose.yaml").read_text()))
    [line] = re.findall(r"^printf '(.*?)'", page, re.MULTILINE)

    assert set(re.findall(r"([A-Z_]+)=", line)) == needed


# --- systemd ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_understands_the_unit(path, tmp_path):
    """Here with a program that is there in place of the site's own Python."""
    needs(shutil.which("systemd-analyze"), "systemd-analyze", "Install systemd.")
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:
        text = unit.read_text().replace("/srv/register/.venv/bin/python", str(program))
        (tmp_path / unit.name).write_text(text)

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / path.name],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_each_timer_starts_a_service_that_ends():
    timers = [path for path in UNITS if path.suffix == ".timer"]

    assert [path.stem for path in timers] == ["register-backup", "register-doctor"]
    for path in timers:
        assert parsed(path.with_suffix(".service"))["Service"]["Type"] == "oneshot"
        assert parsed(path)["Timer"]["Persistent"] == "true"


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_service_writes_to_its_own_folder_alone(path):
    service = parsed(path)["Service"]

    assert service["User"] == "register"
    assert service["WorkingDirectory"] == "/srv/register"
    assert service["StateDirectory"] == "register"
    assert (service["ProtectSystem"], service["UMask"]) == ("strict", "0077")
    assert service["ExecStart"].startswith("/srv/register/.venv/bin/python manage.py ")
