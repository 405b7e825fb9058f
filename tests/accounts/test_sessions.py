"""Sessions end in time, everywhere if their owner says so, and nothing typed is lost."""

import re
import time

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client

from cities.models import Source
from lrscc.accounts import sessions
from lrscc.accounts.open_sessions import in_words
from lrscc.models import Account
from tests.accounts.people import (
    ACCOUNT,
    CONFIRM,
    PASSWORD,
    SIGN_IN,
    code,
    confirm,
    give_code,
    give_password,
    make_person,
    signed_in,
)
from tests.admin.browser import form_in, form_of, sentences

pytestmark = pytest.mark.django_db

STATE = "/admin/account/session/"
EVERYWHERE = "/admin/account/sign-out-everywhere/"


@pytest.fixture
def clock(monkeypatch):
    """The clock of sessions, which a test moves; codes of apps keep the real one."""

    class Clock:
        passed = 0

        def time(self):
            return time.time() + self.passed

        def pass_by(self, minutes):
            self.passed += minutes * 60

    clock = Clock()
    monkeypatch.setattr(sessions, "time", clock)
    return clock


def is_in(client) -> bool:
    return client.get("/admin/account/").status_code == 200


def test_session_ends_after_half_an_hour_of_nothing(clock):
    client = signed_in(make_person(app=True))
    for __ in range(3):
        clock.pass_by(29)
        assert is_in(client)

    clock.pass_by(30.1)

    answer = client.get("/admin/cities/city/?q=x")
    assert answer.url == f"{SIGN_IN}?next=%2Fadmin%2Fcities%2Fcity%2F%3Fq%3Dx"
    page = client.get(answer.url)
    assert sentences(page) == ["You were signed out. Sign in again to go on."]


def test_session_without_a_beginning_begins_now(clock):
    """Such a session was made by an earlier version of the site."""
    client = signed_in(make_person(app=True))
    session = client.session
    del session["lrscc.began"], session["lrscc.seen"]
    session.save()

    state = client.get(STATE).json()

    assert (state["left"], state["is_final"]) == (pytest.approx(1800, abs=5), False)
    clock.pass_by(30.1)
    assert not is_in(client)


def test_session_ends_after_twelve_hours_of_work(clock):
    client = signed_in(make_person(app=True))
    for __ in range(36):
        clock.pass_by(19.9)
        assert is_in(client)

    clock.pass_by(5)

    assert not is_in(client)


def test_script_learns_how_long_it_lasts_without_making_it_last_longer(clock):
    client = signed_in(make_person(app=True))
    clock.pass_by(27)

    assert client.get(STATE).json()["left"] == pytest.approx(180, abs=5)
    clock.pass_by(2)
    assert client.get(STATE).json()["left"] == pytest.approx(60, abs=5)
    stayed = client.post(STATE).json()
    assert (stayed["left"], stayed["is_final"]) == (pytest.approx(1800, abs=5), False)
    clock.pass_by(31)
    over = client.get(STATE)
    assert (over.status_code, over.json()) == (401, {"left": 0})
    assert Client().post(STATE).status_code == 401


def test_staying_is_no_way_around_the_twelve_hours(clock):
    client = signed_in(make_person(app=True))
    for __ in range(25):
        clock.pass_by(28.5)
        client.post(STATE)

    state = client.post(STATE).json()

    assert (state["left"], state["is_final"]) == (pytest.approx(450, abs=5), True)
    clock.pass_by(8)
    assert client.post(STATE).status_code == 401


def test_staying_needs_the_token_of_forms():
    user = make_person(app=True)
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(user).cookies

    assert client.post(STATE).status_code == 403


def test_page_says_when_it_ends(clock):
    client = signed_in(make_person(app=True))
    clock.pass_by(27)

    page = client.get("/admin/account/").text  # a sign of life

    assert 'data-left="1800"' in page or 'data-left="1799"' in page


ADD = "/admin/cities/source/add/"


def typed_when_over(clock, client, **more):
    form = form_of(client, ADD) | {"title": "Letter <of> 1969\r\nand “more”"} | more
    clock.pass_by(31)
    return client.post(ADD, form)


def test_what_was_typed_comes_back_after_signing_in_again(clock):
    user = make_person(app=True)
    client = signed_in(user)

    answer = typed_when_over(clock, client, kind="letter")

    assert answer.url == f"{SIGN_IN}?next=%2Fadmin%2Fcities%2Fsource%2Fadd%2F"
    assert "what you typed is kept for you" in client.get(answer.url).text
    give_password(client, to=ADD)
    assert give_code(client, code()).url == ADD
    assert "What you typed is kept on this page." not in client.get("/admin/").text
    page = client.get(ADD)
    kept = form_in(page)
    assert "What you typed is kept on this page." in page.text
    assert (kept["title"], kept["kind"]) == ("Letter <of> 1969\r\nand “more”", "letter")
    assert client.post(ADD, kept).status_code in (200, 302)
    assert "What you typed is kept on this page." not in client.get(ADD).text
    assert not Source.objects.filter(title="").exists()


def test_what_was_typed_comes_back_though_another_tab_found_out_first(clock):
    """Then the form comes from nobody. What the page asks by itself ends nothing."""
    user = make_person(app=True)
    client = signed_in(user)
    form = form_of(client, ADD) | {"title": "Letter of 1969"}
    clock.pass_by(31)
    asked = client.get("/admin/account/session/")
    assert (asked.status_code, asked.json()) == (401, {"left": 0})
    assert client.get("/admin/").url == f"{SIGN_IN}?next=%2Fadmin%2F"

    answer = client.post(ADD, form)

    assert answer.url == f"{SIGN_IN}?next=%2Fadmin%2Fcities%2Fsource%2Fadd%2F"
    assert "what you typed is kept for you" in client.get(answer.url).text
    give_password(client, to=ADD)
    give_code(client, code())
    assert form_in(client.get(ADD))["title"] == "Letter of 1969"
    # Whoever never was signed in here leaves nothing behind.
    stranger = Client()
    assert stranger.post(ADD, form).url == f"{SIGN_IN}?next=/admin/cities/source/add/"
    assert "lrscc.typed" not in stranger.session


def test_late_form_of_somebody_is_not_shown_to_somebody_else(clock):
    client = signed_in(make_person(app=True))
    form = form_of(client, ADD) | {"title": "Letter of 1969"}
    make_person("ben", app=True)
    clock.pass_by(31)
    client.get("/admin/")
    client.post(ADD, form)

    give_password(client, "ben", to=ADD)
    give_code(client, code())

    assert "Letter of 1969" not in client.get(ADD).text
    assert {"lrscc.typed", "lrscc.ended"}.isdisjoint(client.session.keys())


def test_somebody_else_at_the_same_browser_does_not_see_it(clock):
    client = signed_in(make_person(app=True))
    typed_when_over(clock, client)
    make_person("ben", app=True)

    give_password(client, "ben", to=ADD)
    give_code(client, code())

    assert "Letter &lt;of" not in client.get(ADD).text
    assert "lrscc.typed" not in client.session


def test_database_that_goes_away_as_the_session_is_looked_at_is_said(monkeypatch):
    client = signed_in(make_person(app=True))

    def gone(request):
        raise OperationalError("connection refused")

    monkeypatch.setattr(sessions, "is_over", gone)
    answer = client.get("/admin/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "This site is not available right now" in answer.text


def test_passwords_are_never_kept(clock):
    client = signed_in(make_person(app=True))
    cookies = client.cookies.copy()
    clock.pass_by(31)

    for address in ("/admin/password_change/", "/admin/account/confirm/", "/admin/logout/"):
        client.cookies = cookies.copy()
        client.post(address, {"old_password": "secret words", "password": "secret words"})

        assert "secret words" not in str(dict(client.session))


def test_very_long_text_is_not_kept(clock):
    client = signed_in(make_person(app=True))

    typed_when_over(clock, client, summary="x" * 500_001)

    assert "lrscc.typed" not in client.session


def test_sign_out_everywhere_ends_every_session_and_no_one_else_s():
    user = make_person(app=True)
    here, there, other = signed_in(user), signed_in(user), signed_in(make_person("ben", app=True))

    answer = here.post(EVERYWHERE, follow=True)

    assert sentences(answer) == ["You are signed out on every computer and phone."]
    assert (is_in(here), is_in(there), is_in(other)) == (False, False, True)
    assert is_in(signed_in(user))
    assert Client().post(EVERYWHERE).status_code == 302
    assert here.get(EVERYWHERE).status_code == 405
    assert [str(account) for account in Account.objects.all()] == [str(user.pk)]


def test_disabling_a_person_ends_their_sessions_at_once():
    user = make_person(app=True)
    client = signed_in(user)
    boss = confirm(signed_in(make_person("boss", "Administrator", app=True)))
    form = form_of(boss, f"/admin/auth/user/{user.pk}/change/")
    del form["is_active"]

    assert boss.post(f"/admin/auth/user/{user.pk}/change/", form).status_code == 302

    for address in ("/admin/", "/admin/account/", ADD):
        assert client.get(address).url.startswith(SIGN_IN)
        assert client.post(address, {"title": "x"}).url.startswith(SIGN_IN)
    assert sentences(give_password(Client()))[0].startswith(
        "The name or the password is not right"
    )
    assert User.objects.filter(pk=user.pk).exists()


def listed(page) -> list[tuple[str, str]]:
    """The sessions on the page of one's account, each with where it is ended."""
    found = re.findall(r'<li id="session-\d+">(.*?)</li>', page.text, re.DOTALL)
    return [
        (said.partition("\n")[0], (re.search(r'action="([^"]+)"', said) or ["", ""])[1])
        for said in found
    ]


def test_person_sees_where_they_are_signed_in_and_ends_one_session(clock, caplog):
    user, other = make_person(app=True), make_person("ben", app=True)
    here = signed_in(user, HTTP_USER_AGENT="Mozilla/5.0 (Macintosh) Version/19 Safari/605")
    phone = signed_in(user, HTTP_USER_AGENT="Android 16; Chrome/150 Mobile Safari/537")
    library = signed_in(user, HTTP_USER_AGENT="x" * 5000, REMOTE_ADDR="2001:db8::7")
    stranger = signed_in(other)
    forgotten = signed_in(user)
    clock.pass_by(20)
    for client in (stranger, library, phone, here):
        assert is_in(client)
    clock.pass_by(20)  # one session is over by now

    of_ana = listed(here.get(ACCOUNT))
    assert [re.sub(r"signed in .+", "…", said) for said, __ in of_ana] == [
        "This browser: Safari on Mac, network address 127.0.0.1, …",
        "Chrome on Android, network address 127.0.0.1, …",
        "Unknown browser, network address 2001:db8::7, …",
    ]
    assert all("last used" in said for said, __ in of_ana[1:])
    assert not any(client.session.session_key in str(of_ana) for client in (here, phone))
    of_phone, of_library = (address for __, address in of_ana[1:])
    assert stranger.post(of_phone).url.startswith(CONFIRM)
    assert confirm(stranger).post(of_phone).url == ACCOUNT
    assert is_in(phone)
    asked = here.post(of_library)
    assert asked.url.startswith(CONFIRM)
    assert is_in(library)
    caplog.clear()
    assert here.post(asked.url, {"password": PASSWORD}).url == ACCOUNT

    assert sentences(here.get(ACCOUNT)) == ["You are signed out there."]
    assert [is_in(client) for client in (here, phone, library, forgotten)] == [
        *(True, True, False, False)
    ]
    assert here.post(of_library).url == ACCOUNT
    assert sentences(here.get(ACCOUNT)) == ["This sign-in has ended already."]
    assert library.post(of_phone).url.startswith(SIGN_IN)
    lines = [line.getMessage() for line in caplog.records if line.name == "lrscc.accounts"]
    ended = f"session ended by its owner: account {user.pk}, from 127.0.0.1"
    assert lines.count(ended) == 1
    here.post(EVERYWHERE)
    again = signed_in(user)
    assert len(listed(again.get(ACCOUNT))) == 1


def test_session_stays_on_the_list_after_a_new_password():
    user = make_person(app=True)
    here, phone = signed_in(user), signed_in(user)
    new = "nine brown owls under a bridge"

    here.post(
        "/admin/password_change/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )

    assert not is_in(phone)
    assert [said.partition(",")[0] for said, __ in listed(here.get(ACCOUNT))] == [
        "This browser: Unknown browser"
    ]


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150 Safari/537.36 Edg/150", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 20) FxiOS/150 Safari/605", "Firefox on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Firefox/150.0", "Firefox on Linux"),
        ("curl on Linux", "Linux"),
        ("", "Unknown browser"),
    ],
)
def test_browser_is_named_as_people_call_it(user_agent, words):
    assert in_words(user_agent) == words


def test_new_second_step_by_an_administrator_ends_sessions():
    user = make_person(app=True)
    client = signed_in(user)
    boss = confirm(signed_in(make_person("boss", "Administrator", app=True)))

    boss.post(f"/admin/auth/user/{user.pk}/second-factor/")

    assert not is_in(client)


def test_new_password_ends_the_other_sessions():
    user = make_person(app=True)
    here, there = signed_in(user), signed_in(user)
    new = "nine brown owls under a bridge"

    here.post(
        "/admin/password_change/",
        {
            "old_password": "seven green lamps by the river",
            "new_password1": new,
            "new_password2": new,
        },
    )

    assert (is_in(here), is_in(there)) == (True, False)


def test_signing_out_ends_the_session_on_the_server():
    client = signed_in(make_person(app=True))
    key = client.session.session_key

    answer = client.post("/admin/logout/")

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = Client()
    thief.cookies["__Host-session"] = key
    assert not is_in(thief)


def test_public_pages_read_no_session(django_assert_num_queries):
    client = signed_in(make_person(app=True))

    with django_assert_num_queries(0):
        answer = client.get("/healthz/")

    assert "Cookie" not in answer.headers.get("Vary", "")
