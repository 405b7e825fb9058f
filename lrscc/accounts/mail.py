"""E-mails to people about their accounts: one text each, in plain words."""

import logging
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.db import transaction
from django.template.loader import render_to_string

from cities.current_register import current_register
from lrscc.accounts import unsent

logger = logging.getLogger("lrscc.accounts")


class KeptMail(EmailBackend):
    """Keep mails as files for the owner of the site alone, where no server sends them."""

    def __init__(self, **kwargs: Any) -> None:
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(**kwargs | {"file_path": str(folder)})


def send(user: Any, name: str, *, to: str = "", **context: Any) -> None:
    """Send a person the text with this name; its first line is the subject.

    A server that cannot be reached stops nobody's work: the mail is kept, and tried again
    (`lrscc.accounts.unsent`). It is sent beside the answer, which takes as long for everybody.
    """
    text = render_to_string(
        f"accounts/mail/{name}.txt", {"person": user, "register": current_register(), **context}
    )
    subject, __, body = text.strip().partition("\n")
    message = EmailMessage(subject.strip(), body.strip() + "\n", to=[to or user.email])
    transaction.on_commit(lambda: in_background(lambda: _deliver(message, name, user.pk)))


def in_background(work: Any) -> None:
    Thread(target=work).start()


def _deliver(message: EmailMessage, name: str, pk: int) -> None:
    try:
        message.send()
    except Exception as error:  # whatever the server or the disk says
        logger.error("mail not sent (%s): account %s, %s", name, pk, type(error).__name__)
        unsent.keep(message, name, pk)
