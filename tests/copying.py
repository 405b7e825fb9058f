"""An installation to back up, what is in it, and how it works: `python -m tests.copying fill`.

In a process of its own, on the database and the folder that its environment names.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import django
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402 - needs the apps
from django.contrib.auth.models import Group, User  # noqa: E402

from cities.models import Source  # noqa: E402
from cities.records.log import LogEntry  # noqa: E402
from lrscc.running.preparing import check_folder  # noqa: E402
from tests.factories import (  # noqa: E402
    make_full_exchange,
    make_full_resolution,
    make_register,
    make_source,
)
from tests.otsu import make_otsu  # noqa: E402
from tests.pictures import give_picture  # noqa: E402

SCAN = b"%PDF-1.7\n" + b"x" * 3_000_000
OF_THE_DAY = {"django_session", "lrscc_sentform", "lrscc_tries"}
"""Tables that stay behind."""


def fill() -> None:
    """Make records of every kind, people, files, a history, and a row that is gone."""
    check_folder()
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        make_register()
        relationship = make_otsu()
        give_picture(relationship.partner)
        make_full_resolution("first")
        make_full_exchange("camp")
        source = make_source(slug="scan", title="Naïve „Quotes“ 大津\r\n\u2028and a tab\t")
        source.document.save("scan.pdf", ContentFile(SCAN), save=False)
        source.full_clean()
        source.save()
        user = User.objects.create_user("clerk", password="a long password", is_staff=True)
        user.groups.add(Group.objects.get(name="Council clerk"))
        Authenticator.objects.create(user=user, type="totp", data={"b": [1.5, None], "a": "大"})
        make_source(slug="gone", publication="draft").delete()


def rows() -> Iterator[str]:
    """Yield every row of every table, as text to compare."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or model._meta.db_table in OF_THE_DAY:
            continue
        for row in model._base_manager.values():
            if model._meta.db_table == "cities_loggedrecord":
                row.pop("newest_id")  # a new edition says it again
            text = json.dumps(row, default=_as_text, sort_keys=True, ensure_ascii=False)
            yield f"{model._meta.db_table} {text}"


def _as_text(value: Any) -> str:
    return getattr(value, "edtf", str(value))


def use() -> dict[str, Any]:
    """Work with an installation: the keys and numbers that it gives next, what it refuses."""
    call_command("check_derived", stdout=sys.stderr)
    newest = LogEntry.objects.first()
    keys = set(Source.history.values_list("id", flat=True))
    added = make_source(slug="after", title="After the restore")
    refused = []
    for table in ("cities_logentry", "cities_historicalsource"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table}")
        except DatabaseError:
            refused.append(table)
    return {
        "key was given before": added.pk in keys,
        "steps to the next number": LogEntry.objects.first().number - newest.number,
        "refused": refused,
        "signs in": User.objects.get(username="clerk").check_password("a long password"),
    }


if __name__ == "__main__":
    [act] = sys.argv[1:]
    if act == "fill":
        fill()
    elif act == "use":
        sys.stdout.write(json.dumps(use()))
    else:
        sys.stdout.write("\n".join(rows()))
