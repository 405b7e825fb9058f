"""The roles of PostgreSQL are attacked: each may do its work, and nothing else."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from lrscc.backups.making import make
from tests.factories import make_source
from tests.test_log import run

pytestmark = [pytest.mark.django_db, pytest.mark.dialect, pytest.mark.usefixtures("logged")]
on_postgresql = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no roles")

BY_NOBODY_BUT_THE_OWNER = [
    "UPDATE cities_logentry SET reason = 'Another.'",
    "DELETE FROM cities_logentry",
    "TRUNCATE cities_logentry CASCADE",
    "UPDATE cities_historicalsource SET title = 'Another'",
    "DELETE FROM cities_historicalsource",
    "UPDATE cities_representation SET text = '{}'",
    "ALTER TABLE cities_logentry DISABLE TRIGGER ALL",
    "ALTER TABLE cities_logentry OWNER TO attacker",
    "DROP TABLE cities_logentry CASCADE",
    "SET session_replication_role = replica",
    "CREATE TABLE mine (a integer)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE TRIGGER mine BEFORE INSERT ON cities_source EXECUTE FUNCTION now()",
    "CREATE INDEX mine ON cities_source (title)",
    "COPY cities_source TO PROGRAM 'id'",
    "COPY cities_source FROM '/etc/passwd'",
    "SELECT rolpassword FROM pg_authid",
    "ALTER ROLE attacker SUPERUSER",
    "CREATE ROLE another",
    "DELETE FROM django_migrations",
]
BY_NO_BACKUP = [
    *BY_NOBODY_BUT_THE_OWNER,
    "UPDATE cities_source SET title = 'Another'",
    "DELETE FROM auth_user",
    "INSERT INTO auth_group (name) VALUES ('Another')",
    "SELECT nextval('cities_source_id_seq')",
]


def refusal(statement: str) -> str:
    """What the database says to a statement; nothing if it does it."""
    try:
        with transaction.atomic():
            run(statement)
    except DatabaseError as error:
        return str(error)
    return ""


@pytest.fixture
def attacker():
    """Become a role, with the rights that a command gives it."""
    make_source(slug="page")

    def become(command: str) -> None:
        run("CREATE ROLE attacker")
        call_command(command, "attacker", stdout=StringIO())
        run("SET ROLE attacker")

    yield become
    run("RESET ROLE")


@on_postgresql
@pytest.mark.parametrize(
    ("command", "attacks"),
    [("grant_serving_role", BY_NOBODY_BUT_THE_OWNER), ("grant_backup_role", BY_NO_BACKUP)],
)
def test_role_wins_no_further_right(attacker, command, attacks):
    attacker(command)

    for attack in attacks:
        said = refusal(attack)
        assert "permission denied" in said or "must be" in said, (attack, said)


@on_postgresql
def test_backup_role_reads_every_table(attacker):
    attacker("grant_backup_role")

    read = {
        model._meta.db_table: model._base_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }

    assert read["cities_source"] == 1


@on_postgresql
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_backup_role_makes_a_backup(tmp_path):
    run("CREATE ROLE nightly")
    call_command("grant_backup_role", "nightly", stdout=StringIO())
    run("SET ROLE nightly")
    try:
        made = make(tmp_path / "register.zip")
    finally:
        run("RESET ROLE")
        run("DROP OWNED BY nightly")
        run("DROP ROLE nightly")

    assert {"auth_user", "cities_source", "cities_logentry"} <= {one.name for one in made.tables}


@pytest.mark.parametrize("command", ["grant_serving_role", "grant_backup_role"])
def test_role_that_does_not_exist_is_reported(command):
    is_here = connection.vendor == "postgresql"
    with pytest.raises(
        CommandError, match="There is no role “web”" if is_here else "Only PostgreSQL has roles"
    ):
        call_command(command, "web")


@on_postgresql
def test_backup_role_is_reported():
    run("CREATE ROLE nightly")
    out = StringIO()

    call_command("grant_backup_role", "nightly", stdout=out)

    assert out.getvalue() == "The role “nightly” can make backups.\n"
