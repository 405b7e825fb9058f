"""Make derived rows again when their rules changed, and after migrations; begin the log."""

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import OperationalError, connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils import translation

from cities.models import Register
from cities.records.derived import Derivation, registered
from cities.records.rebuilding import rebuild
from lrscc.changes import editions, triggers
from lrscc.models import DerivedVersion
from lrscc.running.preparing import NotReadyError, is_behind
from lrscc.running.waiting import is_busy
from resolutions.triggers import allow_overlaps, refuse_overlaps

FORMER_VIEWS = ("cities_standing_period", "resolutions_course_period")
"""Views of versions before the tables: they would keep earlier migrations from changing tables."""

Report = Callable[[str], None]


def outdated() -> list[Derivation]:
    """Return the derivations whose rows were made by other rules than those of this version."""
    made = dict(DerivedVersion.objects.values_list("name", "version"))
    return [each for each in registered() if made.get(each.name) != each.version]


def make_again(derivations: list[Derivation], report: Report) -> None:
    """Make all rows of derivations again, and remember by which rules.

    Their texts are in the language of the site, also where a command such as `migrate` has none.
    Raise `NotReadyError` if somebody else writes for long.
    """
    try:
        with translation.override(settings.LANGUAGE_CODE):
            _make_again(derivations, report)
    except OperationalError as error:
        if is_busy(error):
            raise NotReadyError(
                "Somebody else is saving for long, perhaps an import. What was done so far is"
                " kept. Run this again when they have finished."
            ) from None
        raise


def _make_again(derivations: list[Derivation], report: Report) -> None:
    editions.keep_up(Register.objects.current().domain)  # it has to begin before it is written
    for derivation in derivations:
        count = rebuild(derivation)
        DerivedVersion.objects.update_or_create(
            name=derivation.name, defaults={"version": derivation.version}
        )
        report(f"  {derivation.name}: {count}")


def follow_migrations(app: AppConfig) -> None:
    """Make derived rows again after migrations, once all are applied."""
    pre_migrate.connect(_before_migrations, sender=app)
    post_migrate.connect(_after_migrations, sender=app)


def _before_migrations(using: str, **_: Any) -> None:
    """Let migrations change any table and any row."""
    triggers.lift_refusals(using)
    allow_overlaps(using)
    with connections[using].cursor() as cursor:
        for view in FORMER_VIEWS:
            cursor.execute(f"DROP VIEW IF EXISTS {view}")


def _after_migrations(using: str, verbosity: int, plan: Any = None, **_: Any) -> None:
    """Migrations change rows without a signal, so all is made again after any.

    Do nothing where they ran backwards or in part: the tables are not those of this version.
    """
    if using != "default" or plan is None or is_behind():
        return
    triggers.number_entries(using)
    report: Report = print if verbosity > 0 else lambda line: None
    if derivations := registered() if plan else outdated():
        report("Making derived rows again:")
        make_again(derivations, report)
    triggers.keep_for_ever(using)
    refuse_overlaps(using)
