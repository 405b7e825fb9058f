"""Known flaws in the libraries of `uv.lock`: `python -m tests.advisories`.

It asks OSV (https://osv.dev), by `uv audit`. Without a network, give it the file in which OSV
publishes all advisories for Python, fetched on another machine:
`python -m tests.advisories all.zip`, of
https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip.
It ends with 1 if a library has a flaw, and with 2 if nothing could be read.
"""

import json
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent
FLAWED, NOT_READ = 1, 2

ACCEPTED: dict[str, str] = {}
"""Advisories that do not concern this site, each with the reason."""


def locked(path: Path = ROOT / "uv.lock") -> dict[str, str]:
    """The version of each library, by its name."""
    packages = tomllib.loads(path.read_text())["package"]
    return {
        canonicalize_name(package["name"]): package["version"]
        for package in packages
        if "registry" in package["source"]
    }


def advisories(path: Path) -> Iterator[dict[str, Any]]:
    """The advisories in a file of OSV that were not taken back."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".json") and not (found := json.loads(archive.read(name))).get(
                "withdrawn"
            ):
                yield found


def flaws(libraries: dict[str, str], found: Iterator[dict[str, Any]]) -> Iterator[str]:
    """A line for each flaw of a library, in the version that is locked."""
    for advisory in found:
        names = {advisory["id"], *advisory.get("aliases", [])}
        if not names.isdisjoint(ACCEPTED):
            continue
        for affected in advisory.get("affected", []):
            package = affected.get("package", {})
            name = canonicalize_name(package.get("name", ""))
            version = libraries.get(name)
            if package.get("ecosystem") == "PyPI" and version and is_in(affected, version):
                also = ", ".join(sorted(names - {advisory["id"]}))
                said = f" ({also})" if also else ""
                yield f"{name} {version}: {advisory['id']}{said}. {advisory.get('summary', '')}"


def is_in(affected: dict[str, Any], version: str) -> bool:
    """Whether a version is one that an advisory names, or lies between those."""
    if version in affected.get("versions", []):
        return True
    ranges = [each for each in affected.get("ranges", []) if each["type"] == "ECOSYSTEM"]
    return any(is_between(each["events"], version) for each in ranges)


def is_between(events: list[dict[str, str]], version: str) -> bool:
    inside = False
    steps = [(*next(iter(event.items())),) for event in events]
    for kind, of in sorted(steps, key=lambda step: number(step[1])):
        if kind == "introduced" and number(version) >= number(of):
            inside = True
        if kind == "fixed" and number(version) >= number(of):
            inside = False
        if kind == "last_affected" and number(version) > number(of):
            inside = False
    return inside


def number(version: str) -> Version:
    """A version that can be compared; of one that no rule knows, the lowest."""
    try:
        return Version(version)
    except InvalidVersion:
        return Version("0")


def main(arguments: list[str]) -> int:
    if not arguments:
        asked = ["uv", "audit", "--locked", "--preview-features", "audit-command"]
        ignored = [f"--ignore={name}" for name in ACCEPTED]
        return subprocess.run([*asked, *ignored], cwd=ROOT, check=False).returncode
    try:
        found = list(flaws(locked(), advisories(Path(arguments[0]))))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"The advisories cannot be read: {error}\n")
        return NOT_READ
    for line in found:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{len(found)} known flaws in {len(locked())} libraries.\n")
    return FLAWED if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
