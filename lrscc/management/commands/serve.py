import socket
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lrscc.running import preparing, server
from lrscc.running.deriving import make_again, outdated


class Command(BaseCommand):
    help = (
        "Prepares the embedded database if there is none, then serves the site."
        " With DATABASE_URL set it serves that database and prepares nothing."
    )
    requires_system_checks: list[str] = []  # `check` is a command of its own; this one starts

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        try:
            check_port(host, port)
            preparing.check_folder()
            with preparing.one_at_a_time():
                self._prepare()
        except preparing.NotReadyError as error:
            raise CommandError(str(error), returncode=2) from None
        site = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        self.stdout.write(f"The register:  {site}")
        self.stdout.write(f"For staff:     {site}{settings.ADMIN_PATH}")
        self.stdout.write(f"For programs:  {site}api/v1/")
        self.stdout.write("Stop it with Ctrl-C.")
        self.stdout.flush()
        server.run(host, port)

    def _prepare(self) -> None:
        preparing.prepare_database(self._show_sign_ins)
        if derivations := outdated():
            self.stdout.write("Making again what is derived from the records:")
            make_again(derivations, self.stdout.write)
        preparing.forget_old_sessions()
        if preparing.collect_static():
            self.stdout.write("Collected the style sheet and the other static files.")

    def _show_sign_ins(self, accounts: list[preparing.SignIn]) -> None:
        self.stdout.write("\nThe first accounts. The passwords are shown this once; keep them:")
        for account in accounts:
            self.stdout.write(f"  {account.group:<18} {account.name:<10} {account.password}")
        self.stdout.write("")
        self.stdout.flush()


def check_port(host: str, port: int) -> None:
    """Raise `NotReadyError` unless the site can listen there."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise preparing.NotReadyError(
            f"Cannot listen on {host}, port {port} ({reason})."
            " Choose others with --host and --port."
        ) from None
