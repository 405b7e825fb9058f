"""`manage.py setup`: a new installation, from its settings to its first administrator."""

import os
import secrets
import subprocess
import sys
from argparse import SUPPRESS
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomli_w
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from lrscc.accounts import events
from lrscc.accounts.links import Kind, make_path
from lrscc.files.loading import RegisterError, load
from lrscc.running import preparing
from lrscc.running.private_files import write_once
from lrscc.running.setup_forms import AdministratorForm, HomeForm, SettingsForm

NEW_REGISTER = Path(settings.BASE_DIR) / "lrscc" / "data" / "new_register.toml"
HERE = "http://127.0.0.1:8000"
"""Where `serve` listens unless it is asked for another address."""


class Command(BaseCommand):
    help = (
        "Sets up a new installation: asks where it runs, which city is home, who keeps the record"
        " and who is the first administrator; writes the file of settings and prepares the"
        " database. It overwrites nothing, and can be started again if it was stopped."
    )
    requires_system_checks: list[str] = []  # `check` is a command of its own

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-input", action="store_true", help="Ask nothing: take the options alone."
        )
        parser.add_argument(
            "--load",
            nargs="+",
            metavar="FILE",
            help="Register files, or a folder of them, instead of a home city that is typed.",
        )
        parser.add_argument(
            "--env-file",
            type=Path,
            default=settings.ENV_FILE,
            help="The file of settings to write, if it is not register.env beside manage.py.",
        )
        parser.add_argument("--prepare", action="store_true", help=SUPPRESS)
        for form in (SettingsForm, HomeForm, AdministratorForm):
            for name, field in form.base_fields.items():
                parser.add_argument(option(name), help=f"{field.label}. {field.help_text}".strip())

    def handle(self, **options: Any) -> None:
        try:
            if options["prepare"]:
                prepare()
            elif settings.IS_SET_UP:
                self._fill_database(options)
            else:
                self._make_settings(options)
        except preparing.NotReadyError as error:
            raise CommandError(str(error)) from None

    # --- the settings ---

    def _make_settings(self, options: dict[str, Any]) -> None:
        """Write the file of settings once they work, then go on in a process that has them."""
        path: Path = options["env_file"].absolute()
        if path.exists():
            raise CommandError(
                f"{path} is there, but has no SECRET_KEY. Add one, or delete it."
                if path == settings.ENV_FILE
                else f"{path} is there already. Set ENV_FILE={path} to go on with it."
            )
        form = self._filled(SettingsForm, options)
        variables = {"SECRET_KEY": secrets.token_urlsafe(48), **form.variables()}
        self.stdout.write("Preparing the database …")
        self.stdout.flush()
        tried = self._run(["--prepare"], capture_output=True, env={**os.environ, **variables})
        if tried.returncode:
            reason = tried.stderr.removeprefix("CommandError: ").strip()
            raise CommandError(f"{reason}\nNo settings were written.")
        lines = [f"{name}={value}" for name, value in variables.items()]
        try:
            is_written = write_once(path, "\n".join(lines) + "\n")
        except OSError as error:
            raise CommandError(f"{path} cannot be written ({error.strerror}).") from None
        if not is_written:
            raise CommandError(f"Somebody else has written {path} meanwhile. Start again.")
        self.stdout.write(
            f"The settings are in {path}, which you alone can read. Keep a copy in another safe"
            " place: it has the secret key."
        )
        self.stdout.flush()
        again = self._run(_others(options), env={**os.environ, "ENV_FILE": str(path)})
        if again.returncode:
            sys.exit(again.returncode)

    def _run(self, arguments: list[str], **how: Any) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", "setup", *arguments]
        return subprocess.run(command, cwd=settings.BASE_DIR, text=True, check=False, **how)

    # --- the database ---

    def _fill_database(self, options: dict[str, Any]) -> None:
        """Add the register and the first administrator, both or neither."""
        if given := [option(name) for name in SettingsForm.base_fields if options[name]]:
            raise CommandError(
                f"The settings are made already. Change them there, and leave out {given[0]}."
            )
        prepare()
        if not preparing.is_empty():
            raise CommandError(
                "The database has records or accounts already. Setup is for a new installation."
            )
        tables = {} if options["load"] else self._filled(HomeForm, options).rows()
        administrator = self._filled(AdministratorForm, options)
        with transaction.atomic(), TemporaryDirectory() as folder:
            paths = [Path(path) for path in options["load"] or ()]
            if tables:
                paths = [NEW_REGISTER, Path(folder, "home.toml")]
                paths[1].write_text(tomli_w.dumps(tables), encoding="utf-8")
            try:
                load(paths, lambda table, number, total: None)
            except RegisterError as error:
                raise CommandError(
                    f"{error}\nNothing was loaded. Correct it and start again."
                ) from None
            user = administrator.save()
            events.record(None, "invited", user)
            link = make_path(user, Kind.INVITATION)
        self._show_next(user, link)

    def _show_next(self, user: Any, link: str) -> None:
        address = next(iter(settings.CSRF_TRUSTED_ORIGINS), HERE)
        self.stdout.write(
            f"\nThe register is ready. Give this link to {user.get_full_name()}, who signs in as"
            f" “{user.username}”. It works once, for 24 hours, and leads to a password or a"
            f" passkey:\n  {address}{link}\n\nNext:\n"
            f"  manage.py serve    serves the site: {address}/\n"
            "  manage.py doctor   says what is left to mend\n"
            "docs/operations.md says how to serve it with HTTPS, and how to back it up."
        )

    # --- questions ---

    def _filled(self, form_class: Any, options: dict[str, Any]) -> Any:
        """Return a form of what the options say, and of answers to what they do not."""
        fields = form_class.base_fields
        data = {name: options[name] for name in fields if options[name] is not None}
        if not options["no_input"] and len(data) < len(fields):
            self.stdout.write(f"\n{form_class.heading}")
        for name, field in fields.items():
            while not options["no_input"] and name not in data:
                data[name] = self._answer(field)
                for sentence in form_class(data).errors.get(name, ()):
                    self.stdout.write(f"  {sentence}")
                    data.pop(name, None)
        form = form_class(data)
        if not form.is_valid():
            raise CommandError(
                "\n".join(
                    f"{option(name)}: {sentence}"
                    for name, sentences in form.errors.items()
                    for sentence in sentences
                )
            )
        return form

    def _answer(self, field: Any) -> str:
        if field.help_text:
            self.stdout.write(f"  {field.help_text}")
        try:
            return input(f"{field.label}: ").strip()
        except EOFError:
            raise CommandError(
                "There is no answer. Start again, or use --no-input and options."
            ) from None


def option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _others(options: dict[str, Any]) -> list[str]:
    """Return the options that are not about settings, as they are typed."""
    names = [*HomeForm.base_fields, *AdministratorForm.base_fields]
    typed = [f"{option(name)}={options[name]}" for name in names if options[name] is not None]
    typed += ["--no-input"] if options["no_input"] else []
    return [*typed, "--load", *options["load"]] if options["load"] else typed


def prepare() -> None:
    """Make the folder and the tables, or raise `NotReadyError`."""
    preparing.check_folder()
    with preparing.one_at_a_time():
        if preparing.is_behind() or preparing.is_unguarded():
            call_command("migrate", verbosity=0)
