"""Mails that the server did not take: each is kept in a file, and tried again."""

import fcntl
import json
import logging
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from lrscc.running.private_files import write_once

logger = logging.getLogger("lrscc.accounts")

GIVEN_UP_AFTER = 24 * 3600
"""Seconds; a link in a mail leads nowhere later than that."""


def kept() -> list[Path]:
    """Return the files of the mails that wait, the oldest first."""
    return sorted(_folder().glob("*.json"))


def keep(message: EmailMessage, name: str, pk: int) -> None:
    """Keep a mail for its next try, for the owner of the site alone."""
    for folder in (_folder().parent, _folder()):  # `parents` would leave the first open to others
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = _folder() / f"{time.time_ns()}.json"
    said = {"subject": message.subject, "body": message.body, "to": message.to}
    write_once(path, json.dumps({"name": name, "account": pk, "said": said}))


def send_again() -> int:
    """Try each mail that waits once more; return how many were sent.

    The first that fails ends it: the server is still away. One that is too old is given up.
    """
    if not kept():
        return 0
    with (_folder() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # another process sends them
            return 0
        sent = 0
        for path in kept():
            mail = json.loads(path.read_text())
            what = (mail["name"], mail["account"])
            if time.time() - int(path.stem) / 1e9 > GIVEN_UP_AFTER:
                logger.error("mail given up (%s): account %s", *what)
            elif _is_sent(mail["said"]):
                logger.warning("mail sent late (%s): account %s", *what)
                sent += 1
            else:
                break
            path.unlink()
        return sent


def _is_sent(said: dict[str, Any]) -> bool:
    try:
        EmailMessage(**said).send()
    except Exception as error:  # whatever the server or the network says
        logger.warning("mails still not sent: %s", type(error).__name__)
        return False
    return True


def _folder() -> Path:
    return Path(settings.MAIL_FOLDER) / "unsent"
