"""The API, asked all that its description allows and much that it does not.

`uv run --group fuzz python -m tests.long.api`, with `--max-examples=25` for a part of it. A site
with the register's own data answers; Schemathesis compares the answers with the description.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.__main__ import ROOT
from tests.benchmark.servers import Server
from tests.long.copies import manage

SERVER = ["-m", "gunicorn", "lrscc.wsgi", "--bind", "127.0.0.1:PORT", "--workers", "2"]
SERVER += ["--log-level", "error", "--limit-request-line", "8190"]  # as `serve` has it
FUZZER = ["schemathesis", "--config-file", ".ci/schemathesis.toml", "run"]


def main(options: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        variables = {"DATA_DIR": folder}
        manage(variables, "migrate", "--verbosity=0")
        manage(variables, "load_register", str(Path("lrscc") / "data" / "register"))
        server = Server("ours", SERVER, variables)
        server.start()
        try:
            address = f"http://127.0.0.1:{server.port}/api/v1/openapi.json"
            command = [*FUZZER, address, "--checks=all", *options]
            return subprocess.run(command, cwd=ROOT, check=False).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
