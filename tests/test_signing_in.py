"""Signing in to the admin: guessing is slowed down."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.urls import reverse

from lrscc.running.sign_in import WRONG_PASSWORDS

pytestmark = pytest.mark.django_db

WRONG = (
    "Please enter the correct username and password for a staff account. Note that both fields"
    " may be case-sensitive."
)
TOO_MANY = "Too many wrong passwords. Wait five minutes, then try again."
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def account():
    cache.clear()
    yield User.objects.create_user("ana", password=PASSWORD, is_staff=True)
    cache.clear()


def sign_in(client, name, password, **extra):
    """What the person reads; nothing when they are in."""
    page = client.post(reverse("admin:login"), {"username": name, "password": password}, **extra)
    return page.context["form"].non_field_errors() if page.context else []


def test_right_password_signs_in_after_a_few_wrong_ones_and_clears_the_count(client):
    for __ in range(2):
        for __ in range(WRONG_PASSWORDS - 1):
            assert sign_in(client, "ana", "wrong") == [WRONG]
        assert sign_in(client, "ana", PASSWORD) == []

    assert client.get(reverse("admin:index")).context["user"].username == "ana"


def test_too_many_wrong_tries_refuse_the_right_password_too(client):
    for __ in range(WRONG_PASSWORDS):
        assert sign_in(client, "ana", "wrong") == [WRONG]

    assert sign_in(client, "ana", PASSWORD) == [TOO_MANY]
    assert sign_in(client, "ANA", PASSWORD) == [TOO_MANY]
    assert "_auth_user_id" not in client.session


def test_other_names_and_other_addresses_are_not_held_up(client):
    User.objects.create_user("ben", password=PASSWORD, is_staff=True)
    for __ in range(WRONG_PASSWORDS):
        sign_in(client, "ana", "wrong")

    assert sign_in(client, "ben", PASSWORD) == []
    assert sign_in(client, "ana", PASSWORD, REMOTE_ADDR="192.0.2.7") == []


def test_unknown_name_is_answered_as_a_wrong_password(client):
    assert sign_in(client, "nobody", "wrong") == sign_in(client, "ana", "wrong") == [WRONG]
