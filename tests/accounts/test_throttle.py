"""Tries are counted exactly, by name, by address and by both, and forgotten with time."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from lrscc.accounts import throttle
from lrscc.accounts.addresses import client_address, household
from lrscc.accounts.throttle import LIMITS, ThrottledError, attempt
from lrscc.models import Tries

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def try_it(name="ana", address="192.0.2.1", what="sign in"):
    return attempt(RequestFactory().get("/", REMOTE_ADDR=address), what, name)


def wait(name="ana", address="192.0.2.1", what="sign in") -> int:
    """How many seconds the next try has to wait; it counts if that is none."""
    try:
        try_it(name, address, what)
    except ThrottledError as error:
        return error.seconds
    return 0


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until a test moves it."""

    class Clock:
        now = NOW

        def pass_by(self, **time):
            self.now += timedelta(**time)

    clock = Clock()
    monkeypatch.setattr(throttle.timezone, "now", lambda: clock.now)
    return clock


def test_delay_grows_and_ends(clock):
    waits = []
    for __ in range(14):
        waits.append(wait())
        clock.pass_by(seconds=waits[-1])
        if waits[-1]:
            assert wait() == 0

    assert waits == [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300]


def test_time_forgets_all_tries(clock):
    for __ in range(5):
        wait()
    assert wait() == 2

    clock.pass_by(hours=1, seconds=1)

    assert [wait() for __ in range(6)] == [0, 0, 0, 0, 0, 2]


def test_refused_try_does_not_make_the_wait_longer(clock):
    for __ in range(5):
        wait()

    assert [wait() for __ in range(20)] == [2] * 20
    assert Tries.objects.count() == 3


def test_name_is_slowed_down_wherever_the_guesses_come_from(clock):
    waits = [wait(address=f"198.51.100.{number}") for number in range(21)]

    assert waits == [0] * 20 + [2]
    assert wait("ben", "198.51.100.99") == 0


def test_address_is_slowed_down_whatever_the_names_are(clock):
    waits = [wait(f"name {number}") for number in range(51)]

    assert waits == [0] * 50 + [2]
    assert wait("name 51", "203.0.113.5") == 0


def test_other_secrets_are_counted_apart(clock):
    for __ in range(5):
        wait()

    assert (wait(), wait(what="second factor")) == (2, 0)


def test_right_try_clears_the_name_and_is_taken_back_from_the_address(clock):
    for __ in range(4):
        wait()

    try_it().succeeded()

    assert [wait() for __ in range(6)] == [0, 0, 0, 0, 0, 2]
    assert sorted(Tries.objects.values_list("number", flat=True)) == [5, 5, 9]


def test_junk_names_erase_no_count(clock):
    """A cache of 300 files forgot its counts once somebody made up 600 names."""
    for __ in range(5):
        wait()

    for number in range(600):
        wait(f"junk {number}", f"2001:db8:{number:x}::1")

    assert wait() == 2


def test_try_that_waited_for_one_that_asked_later_is_not_refused(clock):
    """Among many at once, the one that asked first may be counted after others."""
    wait("ana")
    clock.pass_by(seconds=-1)

    assert [wait("ana"), Tries.objects.first().last - clock.now] == [0, timedelta(seconds=1)]


def test_old_counts_are_deleted(clock):
    wait("ben")
    clock.pass_by(days=1, seconds=1)

    wait("ana", "203.0.113.5")

    assert Tries.objects.count() == 3
    assert set(Tries.objects.values_list("last", flat=True)) == {clock.now}


def test_nobody_reads_a_name_or_an_address_from_a_count():
    try_it("ana", "192.0.2.1")

    assert not any("ana" in str(row) or "192" in str(row.key)[:3] for row in Tries.objects.all())


@pytest.mark.skipif(connection.vendor == "sqlite", reason="test_serve asks the file in a server")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.dialect
def test_tries_at_the_same_moment_are_counted_one_by_one():
    start, waits = Barrier(24), []

    def guess() -> None:
        start.wait()
        try:
            waits.append(wait())
        finally:
            connection.close()

    threads = [Thread(target=guess) for __ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert (len(waits), waits.count(0)) == (24, LIMITS["both"].free)


# --- whose address it is ----------------------------------------------------------------


def asked_from(peer, forwarded=None):
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))


def test_nobody_is_believed_without_a_proxy():
    assert asked_from("192.0.2.1", "203.0.113.5") == "192.0.2.1"


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        (None, "127.0.0.1"),
        ("", "127.0.0.1"),
        ("203.0.113.5", "203.0.113.5"),
        ("192.0.2.66, 203.0.113.5", "203.0.113.5"),  # the first was sent by who asks
        ("203.0.113.5, nonsense", "127.0.0.1"),
        ("2001:db8::5", "2001:db8::5"),
    ],
)
def test_proxy_is_believed_about_the_last_hop_alone(settings, forwarded, expected):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]

    assert asked_from("127.0.0.1", forwarded) == expected
    assert asked_from("192.0.2.1", forwarded) == "192.0.2.1"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_household_of_an_address(address, expected):
    assert household(address) == expected
