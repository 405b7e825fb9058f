"""The checker of HTML by the W3C (the Nu Html Checker): one run for all pages."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.tools import needs


def checker() -> list[str]:
    """Return the command that starts the checker: VNU_JAR says where it lies."""
    java, jar = shutil.which("java"), Path(os.environ.get("VNU_JAR", "none"))
    needs(java, "Java", "Install it to check the HTML.")
    needs(jar.is_file(), "Nu Html Checker", "Name its vnu.jar (npm: vnu-jar) by VNU_JAR.")
    return [str(java), "-jar", str(jar), "--format", "json", "--exit-zero-always"]


def html_faults(pages: dict[str, bytes], folder: Path) -> dict[str, list[str]]:
    """Return what the checker says of each page, by the page's name."""
    files = {name: folder / f"{number}.html" for number, name in enumerate(pages)}
    for name, file in files.items():
        file.write_bytes(pages[name])
    command = [*checker(), *map(str, files.values())]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = {name: [] for name in pages}
    names = {file.name: name for name, file in files.items()}
    for message in json.loads(answer.stderr)["messages"]:
        name = names[message["url"].rpartition("/")[2]]
        found[name].append(f"{message['message']} {message.get('extract', '')}")
    return found
