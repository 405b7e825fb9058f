"""`manage.py setup`: what it asks, what it writes and what it refuses."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from cities.models import City, Register, RelationshipType
from lrscc.management.commands import setup
from lrscc.models import SignInLink
from lrscc.running.preparing import NotReadyError
from lrscc.running.private_files import write_once
from lrscc.running.setup_forms import SettingsForm
from tests.factories import make_city

HOME = {
    "city": "Ørsta",
    "country": "Norway",
    "state": "More og Romsdal",
    "time_zone": "Europe/Oslo",
    "commission": "Ørsta Committee for Twin Cities",
    "commission_email": "office@city.example",
    "commission_telephone": "",
    "commission_address": "",
}
ANN = {"first_name": "Ann", "last_name": "Example", "email": "Ann@City.example"}

FOR_ANN = re.compile(
    r"The register is ready\. Give this link to Ann Example, who signs in as “ann\.example”\. It"
    r" works once, for 24 hours, and leads to a password or a passkey:\n"
    r"  (http://127\.0\.0\.1:8000)(/admin/account/link/\S+/)\n\nNext:\n"
    r"  manage\.py serve    serves the site: http://127\.0\.0\.1:8000/\n"
)


def run(**options) -> str:
    said = StringIO()
    call_command("setup", no_input=True, stdout=said, **options)
    return said.getvalue()


def refused(**options) -> str:
    with pytest.raises(CommandError) as error:
        run(**options)
    return str(error.value)


# --- the database -------------------------------------------------------------------------


@pytest.fixture
def is_set_up(db, settings, monkeypatch):
    """The settings are there, and the tables."""
    settings.IS_SET_UP = True
    monkeypatch.setattr(setup, "prepare", lambda: None)


def test_questions_are_put_until_the_answers_are_right(is_set_up, monkeypatch, client):
    typed = [
        *(" Ørsta ", "Norge", "Norway", "Oregon", "Møre og Romsdal", "Mars", "Europe/Oslo"),
        *("Ørsta Committee for Twin Cities", "office", "", "", "+47 70 00 00 00", "", ""),
        *("Ann", "Example", "Ann@City.example"),
    ]
    asked = []
    monkeypatch.setattr("builtins.input", lambda label: asked.append(label) or typed.pop(0))
    said = StringIO()

    call_command("setup", stdout=said)

    assert typed == []
    assert [label for label in asked if asked.count(label) > 1] == [
        *["Country: "] * 2,
        *["State or province: "] * 2,
        *["Time zone: "] * 2,
        *["Its public e-mail: "] * 2,
        *["Its telephone: "] * 2,
        *["First name: "] * 2,
    ]
    for sentence in (
        "There is no country of this name. Try its code of two letters.",
        "Norway has no state or province called “Oregon”.",
        "“Mars” is not a time zone. Enter one such as Asia/Tokyo.",
        "Enter a valid email address.",
        "Enter an e-mail or a telephone number: the site shows how to reach you.",
        "This field is required.",
    ):
        assert f"\n  {sentence}\n" in said.getvalue()
    assert FOR_ANN.search(said.getvalue())
    home = client.get("/").text
    assert "Ørsta’s sister cities" in home
    assert "+47 70 00 00 00" in home


def test_register_and_administrator_are_there_and_the_link_leads_in(is_set_up, client):
    said = FOR_ANN.search(run(**HOME, **ANN))

    register, ann = Register.objects.current(), User.objects.get()
    assert (register.home_in_full, register.maintainer_name, register.time_zone.key) == (
        "Ørsta, Møre og Romsdal",
        "Ørsta Committee for Twin Cities",
        "Europe/Oslo",
    )
    assert (register.slug, register.home.country, register.home.subdivision) == (
        "orsta",
        "NO",
        "NO-15",
    )
    assert [*RelationshipType.objects.values_list("slug", flat=True)] == [
        "sister-city",
        "friendship-city",
    ]
    assert (ann.username, ann.email) == ("ann.example", "ann@city.example")
    assert (ann.is_superuser, ann.is_staff, ann.has_usable_password()) == (True, True, False)
    assert "Welcome: choose how you sign in" in client.get(said[2]).text
    assert SignInLink.objects.get().user == ann


def test_link_has_the_address_of_the_site(is_set_up, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://cities.example.org"]

    said = run(**HOME, **ANN)

    assert "\n  https://cities.example.org/admin/account/link/" in said
    assert "serves the site: https://cities.example.org/\n" in said


def test_register_is_loaded_from_files(is_set_up):
    run(load=["tests/homes/harborview.toml"], **ANN)

    assert Register.objects.current().home_name == "Harborview"
    assert User.objects.count() == 1


def test_nothing_is_kept_of_what_is_refused(is_set_up, tmp_path):
    (tmp_path / "home.toml").write_text('cities = [{ slug = "x", name = "X" }]')

    sentences = refused(load=[str(tmp_path)], **ANN)

    assert sentences.startswith("home.toml: city “x”, field “")
    assert sentences.endswith("\nNothing was loaded. Correct it and start again.")
    assert (User.objects.count(), City.objects.count()) == (0, 0)


def test_wrong_options_are_named(is_set_up):
    assert refused(**HOME | {"country": "Atlantis", "commission_email": ""}, **ANN) == (
        "--country: There is no country of this name. Try its code of two letters.\n"
        "--commission-telephone: Enter an e-mail or a telephone number: the site shows how to"
        " reach you."
    )
    assert refused(**HOME | {"commission_telephone": "call us"}, **ANN) == (
        "--commission-telephone: Enter a telephone number, such as 517-555-0100."
    )
    assert refused(**HOME, **ANN | {"email": "ann"}) == "--email: Enter a valid email address."
    assert not User.objects.exists()


def test_installation_that_is_not_new_is_refused(is_set_up):
    sentence = "The database has records or accounts already. Setup is for a new installation."
    make_city(slug="otsu")

    assert refused(**HOME, **ANN) == sentence


def test_settings_that_are_made_are_not_made_again(is_set_up):
    assert refused(**HOME, **ANN, mail_from="a@b.example") == (
        "The settings are made already. Change them there, and leave out --mail-from."
    )


def test_end_of_the_answers_is_said(is_set_up, monkeypatch):
    def end(label: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", end)

    with pytest.raises(CommandError, match="There is no answer"):
        call_command("setup", stdout=StringIO())


@pytest.mark.parametrize(
    ("is_behind", "is_unguarded", "migrated"),
    [(True, False, 1), (False, True, 1), (False, False, 0)],
)
def test_tables_are_made_where_they_are_missing(
    settings, tmp_path, monkeypatch, is_behind, is_unguarded, migrated
):
    calls = []
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr(setup.preparing, "is_behind", lambda: is_behind)
    monkeypatch.setattr(setup.preparing, "is_unguarded", lambda: is_unguarded)
    monkeypatch.setattr(setup, "call_command", lambda *asked, **how: calls.append(asked))

    run(prepare=True)

    assert calls == [("migrate",)] * migrated
    assert settings.DATA_DIR.stat().st_mode & 0o777 == 0o700


def test_database_that_cannot_be_used_is_said(monkeypatch):
    def fail() -> None:
        raise NotReadyError("The database cannot be used.")

    monkeypatch.setattr(setup, "prepare", fail)

    assert refused(prepare=True) == "The database cannot be used."


# --- the settings -------------------------------------------------------------------------


@pytest.fixture
def new(settings, tmp_path) -> Path:
    """A folder of the code with another program in place of `manage.py`, that notes its starts."""
    settings.IS_SET_UP, settings.BASE_DIR = False, tmp_path
    return program(tmp_path, "")


def program(folder: Path, also: str) -> Path:
    (folder / "manage.py").write_text(
        "import os, pathlib, sys\n"
        "key = os.environ.get('SECRET_KEY', '')\n"
        "given = [os.environ.get(name) for name in ('DATA_DIR', 'MAIL_FROM', 'ENV_FILE')]\n"
        "with pathlib.Path('starts').open('a') as file: print(sys.argv[1:], given, file=file)\n"
        f"pathlib.Path('key').write_text(key)\n{also}\n"
    )
    return folder / "register.env"


SETTINGS = {
    "address": "https://Cities.example.org/",
    "data_dir": "/srv/register",
    "email_url": "smtp+tls://mail.city.example:587",
    "mail_from": "register@city.example",
}


def test_settings_that_work_are_written_for_their_owner_alone(new, monkeypatch):
    for name in ("DATA_DIR", "MAIL_FROM"):
        monkeypatch.delenv(name, raising=False)

    said = run(env_file=new, **SETTINGS, **HOME, **ANN)

    key, *lines = new.read_text().splitlines()
    assert re.fullmatch(r"SECRET_KEY=[\w-]{64}", key)
    assert lines == [
        "DATA_DIR=/srv/register",
        "EMAIL_URL=smtp+tls://mail.city.example:587",
        "MAIL_FROM=register@city.example",
        "ALLOWED_HOSTS=cities.example.org",
        "CSRF_TRUSTED_ORIGINS=https://cities.example.org",
        "HTTPS_ONLY=true",
    ]
    assert new.stat().st_mode & 0o777 == 0o600
    trial, then = (new.parent / "starts").read_text().splitlines()
    assert trial == "['setup', '--prepare'] ['/srv/register', 'register@city.example', '']"
    options = [f"--{name.replace('_', '-')}={value}" for name, value in (HOME | ANN).items()]
    assert then == f"{['setup', *options, '--no-input']} {[None, None, str(new)]}"
    assert said == (
        f"Preparing the database …\nThe settings are in {new}, which you alone can read. Keep a"
        " copy in another safe place: it has the secret key.\n"
    )


def test_options_of_what_follows_are_handed_on(new, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda label: "")

    call_command("setup", env_file=new, load=["a.toml", "b"], stdout=StringIO())

    assert [line.split("=")[0] for line in new.read_text().splitlines()] == ["SECRET_KEY"]
    assert "['setup', '--load', 'a.toml', 'b']" in (new.parent / "starts").read_text()


def test_settings_that_do_not_work_are_not_written(new):
    program(new.parent, "sys.exit('CommandError: The database cannot be used.')")

    assert refused(env_file=new) == "The database cannot be used.\nNo settings were written."
    assert not new.exists()


def test_setup_ends_as_what_follows_ends(new):
    program(new.parent, "sys.exit(0 if '--prepare' in sys.argv else 7)")

    with pytest.raises(SystemExit) as end:
        run(env_file=new)

    assert end.value.code == 7
    assert new.exists()


def test_file_that_is_there_is_not_overwritten(new, settings):
    program(new.parent, f"pathlib.Path({str(new)!r}).write_text('DEBUG=false')")

    assert refused(env_file=new) == f"Somebody else has written {new} meanwhile. Start again."
    assert refused(env_file=new) == (
        f"{new} is there already. Set ENV_FILE={new} to go on with it."
    )
    settings.ENV_FILE = new
    assert refused(env_file=new) == (
        f"{new} is there, but has no SECRET_KEY. Add one, or delete it."
    )
    assert new.read_text() == "DEBUG=false"


def test_file_that_cannot_be_written_is_named(new):
    path = new.parent / "none" / "register.env"

    assert refused(env_file=path) == f"{path} cannot be written (No such file or directory)."


def test_file_is_whole_or_not_there(tmp_path, monkeypatch):
    """Who is stopped in the middle of writing leaves no half of it."""

    def full(*names: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.link", full)
        with pytest.raises(OSError, match="No space left"):
            write_once(tmp_path / "register.env", "DEBUG=false")
    assert [*tmp_path.iterdir()] == []


NOT_PLAIN = (
    "Leave out spaces, quotation marks and the signs \\, $ and #. In an address write them as %20,"
    " %22, %5C, %24 and %23."
)
NO_ADDRESS = "Enter https:// and the name of the site, and nothing after it."


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({}, {}),
        ({"address": "https://cities.example.org:8443"}, {}),
        *[
            ({"address": address}, {"address": [NO_ADDRESS]})
            for address in (
                *("http://cities.example.org", "cities.example.org", "https://", "https://[::1"),
                *("https://cities.example.org/register", "https://ann@cities.example.org"),
                *("https://cities.example.org:port", "https://cities", "https://a.org?b=c"),
            )
        ],
        ({"database_url": "postgres://a:b c@d/e"}, {"database_url": [NOT_PLAIN]}),
        ({"database_url": "postgres://a:b$c@d/e"}, {"database_url": [NOT_PLAIN]}),
        ({"data_dir": "/srv/a\nDEBUG=true"}, {"data_dir": [NOT_PLAIN]}),
        (
            {"email_url": "smtp://localhost"},
            {"mail_from": ["Enter the address from which the site sends mail."]},
        ),
        (
            {"email_url": "smtp://localhost", "mail_from": "us"},
            {"mail_from": ["Enter a valid email address."]},
        ),
    ],
)
def test_answers_about_settings_are_checked(answers, errors):
    assert SettingsForm(answers).errors == errors
