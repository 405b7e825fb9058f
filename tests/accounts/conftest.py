"""Here everybody needs a second factor, as on the site."""

import pytest
from django.core.cache import cache
from django.db import transaction

from lrscc.accounts import mail


@pytest.fixture(autouse=True)
def as_on_the_site(settings, monkeypatch):
    """What waits for the end of a transaction happens at once: tests never commit.

    allauth keeps in the cache which codes were used, by numbers of accounts that each test gives.
    """
    settings.SECOND_FACTOR_REQUIRED = True
    monkeypatch.setattr(transaction, "on_commit", lambda follow, *__, **___: follow())
    cache.clear()


@pytest.fixture
def mails(settings, monkeypatch, mailoutbox, tmp_path):
    """What is sent where a server sends mail, at once."""
    settings.SENDS_MAIL = True
    settings.MAIL_FOLDER = tmp_path / "mail"
    settings.DEFAULT_FROM_EMAIL = "register@lansing.example"
    monkeypatch.setattr(mail, "in_background", lambda work: work())
    return mailoutbox
