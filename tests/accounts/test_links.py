"""Invitations and links for forgotten passwords: once, in time, for one person."""

import fcntl
import re
import time
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from lrscc.accounts import links, mail, unsent
from lrscc.accounts.unsent import keep, kept, send_again
from lrscc.models import SignInLink
from tests.accounts.people import (
    ACCOUNT,
    CONFIRM,
    PASSWORD,
    SECOND_STEP,
    code,
    confirm,
    give_code,
    give_password,
    make_person,
    signed_in,
    who,
)
from tests.admin.browser import form_of, sentences
from tests.factories import make_register

pytestmark = pytest.mark.django_db

NEW = "nine brown owls under a bridge"
TYPED = {"new_password1": NEW, "new_password2": NEW}
FORGOTTEN = "/admin/account/forgotten/"
ASK_ANOTHER = (
    "Your own role is changed by another administrator. Ask one of them to open your account"
    " under Users and to change it there: second."
)
GONE = "It was used already, or its time is over, or there is a newer one. Ask for a new link."


@pytest.fixture
def boss():
    person = make_person("boss", "Administrator", app=True, email="boss@x.example")
    return confirm(signed_in(person))


def invite(client, **changes):
    typed = {
        "first_name": "Ben",
        "last_name": "Nuñez",
        "email": "Ben@lansing.example",
        "groups": [Group.objects.get(name="Publisher").pk],
    }
    return client.post("/admin/auth/user/add/", typed | changes)


def link_in(text: str) -> str:
    return re.search(r"http://testserver(/admin/account/link/[\w-]{43}/)", text)[1]


def test_administrator_invites_and_sees_the_link_once(boss):
    page = invite(boss)

    ben = User.objects.get(username="ben.nunez")
    assert (ben.email, ben.is_staff, ben.is_active, ben.is_superuser) == (
        *("ben@lansing.example", True, True, False),
    )
    assert [group.name for group in ben.groups.all()] == ["Publisher"]
    assert not ben.has_usable_password()
    link = link_in(page.text)
    assert page.headers["Cache-Control"] == "no-store"
    assert link.split("/")[-2] not in str(SignInLink.objects.values())
    assert str(SignInLink.objects.get()) == f"invitation of {ben.pk}"
    assert SignInLink.objects.get().expires_at - timezone.now() > timedelta(hours=23, minutes=59)
    assert sentences(invite(boss))[-1:] == [
        "There is an account with this e-mail. Open it to make a new link for it."
    ]


def test_invited_namesakes_sign_in_with_different_names(boss):
    for number in range(3):
        invite(boss, email=f"ben{number}@lansing.example")

    assert list(User.objects.exclude(username="boss").values_list("username", "email")) == [
        ("ben.nunez", "ben0@lansing.example"),
        ("ben.nunez2", "ben1@lansing.example"),
        ("ben.nunez3", "ben2@lansing.example"),
    ]


def test_invitation_is_sent_where_a_server_sends_mail(boss, mails):
    page = invite(boss)

    assert page.status_code == 302
    (sent,) = [each for each in mails if each.to == ["ben@lansing.example"]]
    assert sent.subject.startswith("Your invitation to ")
    assert "The name you sign in with is ben.nunez." in sent.body
    assert Client().get(link_in(sent.body)).status_code == 200


def test_invited_person_chooses_a_password_and_then_a_second_step(boss):
    link = link_in(invite(boss).text)
    client = Client()
    for __ in range(3):  # programs that check mails open it, too
        assert client.get(link).status_code == client.head(link).status_code == 200
    assert "Others use this password" in str(
        client.post(link, {"new_password1": "password", "new_password2": "password"}).content
    )

    answer = client.post(link, TYPED)

    assert answer.url == "/admin/"
    assert client.get("/admin/").url.startswith(ACCOUNT)
    for again in (Client().post(link, TYPED), Client().get(link)):
        assert again.status_code == 410
        assert GONE in again.text


def test_invited_person_sets_up_a_passkey_without_a_password(boss):
    link = link_in(invite(boss).text)
    client = Client()

    answer = client.post(link, {"passkey": "Set up a passkey"})

    assert answer.url == "/admin/account/passkeys/add/"
    assert client.get(answer.url).status_code == 200
    assert client.get("/admin/").url.startswith(ACCOUNT)
    session = client.session
    session["lrscc.came_by_link"] = [int(who(client)), time.time() - 601]
    session.save()
    assert client.get(answer.url).status_code == 403
    assert Client().post(link, {"passkey": "Set up a passkey"}).status_code == 410


def test_link_ends_with_its_time(boss):
    link = link_in(invite(boss).text)
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert (Client().get(link).status_code, Client().post(link, TYPED).status_code) == (410, 410)


def test_newer_link_ends_the_older_one(boss):
    old = link_in(invite(boss).text)
    ben = User.objects.get(username="ben.nunez")

    new = link_in(boss.post(f"/admin/auth/user/{ben.pk}/link/").text)

    assert (Client().get(old).status_code, Client().get(new).status_code) == (410, 200)


def test_link_of_a_disabled_person_is_none(boss):
    link = link_in(invite(boss).text)
    User.objects.filter(username="ben.nunez").update(is_active=False)

    assert Client().get(link).status_code == 410


@pytest.mark.parametrize("token", ["x", "x" * 43, "%00", "é" * 43])
def test_made_up_link_is_none(client, token):
    assert client.get(f"/admin/account/link/{token}/").status_code in (400, 404, 410)


def test_link_is_used_once_of_two_at_the_same_moment(boss):
    invite(boss)
    link = SignInLink.objects.get()

    assert [links.use_link(link), links.use_link(link)] == [True, False]


def test_link_that_is_used_while_a_password_is_checked_sets_none(boss, monkeypatch):
    address, use = link_in(invite(boss).text), links.use_link
    monkeypatch.setattr(links, "use_link", lambda link: use(link) and use(link))
    client = Client()

    answer = client.post(address, TYPED)

    assert answer.status_code == 410
    assert GONE in answer.text
    assert not User.objects.get(username="ben.nunez").has_usable_password()
    assert who(client) is None


# --- forgotten passwords ----------------------------------------------------------------


def test_forgotten_password_is_renewed_and_the_second_step_stays(mails):
    user = make_person(app=True, email="ana@x.example")
    other = signed_in(user)
    client = Client()

    page = client.post(FORGOTTEN, {"name": "ANA@x.example"})

    assert "If there is an account with this name or e-mail" in page.text
    answer = client.post(link_in(mails[-1].body), TYPED)
    assert answer.url == SECOND_STEP
    assert who(client) is None
    assert client.get("/admin/").status_code == 302
    assert give_code(client, code()).url == "/admin/"
    assert other.get("/admin/").status_code == 302  # the old password's sessions are over
    assert give_password(Client(), password=PASSWORD).status_code == 200


def test_nobody_learns_who_has_an_account(mails):
    make_person(email="ana@x.example")
    make_person("off", email="off@x.example", is_active=False)
    make_person("mailless")

    pages = {
        name: Client().post(FORGOTTEN, {"name": name})
        for name in ("ana", "nobody", "off", "mailless", "nobody@x.example")
    }

    assert {page.status_code for page in pages.values()} == {200}
    assert len({re.sub(r'value="\w{64}"', "", page.text) for page in pages.values()}) == 1
    assert [each.to for each in mails] == [["ana@x.example"]]


def test_asking_for_links_is_throttled(mails):
    make_person(email="ana@x.example")

    answers = [Client().post(FORGOTTEN, {"name": "ana"}).status_code for __ in range(6)]

    assert answers == [200] * 5 + [429]
    assert len(mails) == 5


def test_without_a_mail_server_the_page_says_whom_to_ask(client):
    make_person(email="ana@x.example")

    page = client.post(FORGOTTEN, {"name": "ana"})

    assert "This site sends no e-mail. Ask an administrator for a link" in page.text
    assert not SignInLink.objects.exists()


def test_mail_server_that_is_away_stops_nobody(mails, caplog, monkeypatch):
    user = make_person(email="ana@x.example")

    def fail(*_) -> None:
        raise OSError("secret in the words of an error")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    answer = Client().post(FORGOTTEN, {"name": "ana"})

    assert answer.status_code == 200
    assert caplog.messages[-1] == f"mail not sent (reset): account {user.pk}, OSError"
    assert send_again() == 0
    assert caplog.messages[-1] == "mails still not sent: OSError"
    assert len(kept()) == 1
    assert [path.stat().st_mode & 0o077 for path in (kept()[0], kept()[0].parent)] == [0, 0]
    monkeypatch.undo()
    assert send_again() == 1
    [late] = mails
    assert late.subject.startswith("Choose a new password for ")
    assert (late.to, "/admin/account/link/" in late.body) == (["ana@x.example"], True)
    assert caplog.messages[-1] == f"mail sent late (reset): account {user.pk}"
    assert (kept(), send_again()) == ([], 0)


def test_mail_that_nobody_can_use_any_more_is_given_up(mails, caplog, monkeypatch):
    keep(EmailMessage("Old", "Too late", to=["a@x.example"]), "invitation", 7)
    days_later = time.time() + 25 * 3600
    monkeypatch.setattr(unsent.time, "time", lambda: days_later)
    monkeypatch.setattr(unsent.time, "time_ns", lambda: int(days_later * 1e9))
    keep(EmailMessage("New", "In time", to=["b@x.example"]), "invitation", 8)

    assert send_again() == 1

    assert [one.subject for one in mails] == ["New"]
    assert caplog.messages[-2:] == [
        "mail given up (invitation): account 7",
        "mail sent late (invitation): account 8",
    ]


def test_mails_that_wait_are_sent_by_one_process(mails):
    keep(EmailMessage("Once", "A text", to=["a@x.example"]), "invitation", 7)
    with (kept()[0].parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert send_again() == 0
    call_command("release_due", stdout=(said := StringIO()))
    assert ([one.subject for one in mails], said.getvalue()) == (["Once"], "Mails sent late: 1\n")


def test_kept_mails_are_for_the_owner_alone(settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path / "data" / "mail"

    mail.KeptMail().send_messages([mail.EmailMessage("A subject", "A text", to=["a@x.example"])])

    assert (tmp_path / "data" / "mail").stat().st_mode & 0o077 == 0
    assert len(list((tmp_path / "data" / "mail").iterdir())) == 1


# --- what an administrator may do -------------------------------------------------------


def test_administrator_lets_somebody_set_up_a_new_second_step(boss):
    user = make_person(app=True)
    client = Client()
    give_password(client)

    asked = boss.get(f"/admin/auth/user/{user.pk}/second-factor/")
    assert "Remove the second steps of ana?" in asked.text
    assert Authenticator.objects.filter(user=user).count() == 2
    boss.post(f"/admin/auth/user/{user.pk}/second-factor/")

    assert not Authenticator.objects.filter(user=user).exists()
    assert give_password(Client()).url == "/admin/"


@pytest.mark.parametrize("page", ["link", "second-factor"])
@pytest.mark.parametrize(
    "role", ["Commission staff", "Council clerk", "Publisher", "Commissioner"]
)
def test_nobody_else_helps_or_takes_over_accounts(role, page):
    user = make_person("victim", app=True)
    client = signed_in(make_person("thief", role, app=True))

    for answer in (
        client.post(f"/admin/auth/user/{user.pk}/{page}/"),
        client.get(f"/admin/auth/user/{user.pk}/{page}/"),
        Client().post(f"/admin/auth/user/{user.pk}/{page}/"),
    ):
        assert answer.status_code in (302, 403, 404)
    assert not SignInLink.objects.exists()
    assert Authenticator.objects.filter(user=user).count() == 2


@pytest.mark.parametrize(
    ("page", "typed", "said"),
    [
        ("change", {"email": "thief@x.example"}, "e-mail changed"),
        ("change", {"groups": "Publisher"}, "rights changed"),
        ("change", {"username": "thief"}, ""),
        ("link", {}, "new link made"),
        ("second-factor", {}, "second factors removed by an administrator"),
    ],
)
def test_what_lets_others_in_asks_once_more_who_it_is_and_is_then_done(caplog, page, typed, said):
    boss = signed_in(make_person("boss", "Administrator", app=True, email="boss@x.example"))
    user = make_person("ben", "Commissioner", app=True, email="ben@x.example")
    address = f"/admin/auth/user/{user.pk}/{page}/"
    if "groups" in typed:
        typed = {"groups": [str(Group.objects.get(name="Publisher").pk)]}
    form = form_of(boss, address) if page == "change" else {}
    caplog.clear()

    answer = boss.post(address, form | typed)
    assert answer.url == f"{CONFIRM}?next={address.replace('/', '%2F')}"
    assert boss.post(answer.url, {"password": "a wrong one"}).status_code == 200
    lines = [line.getMessage() for line in caplog.records if line.name == "lrscc.accounts"]
    assert [line.partition(":")[0] for line in lines] == ["password refused"]
    assert User.objects.get(pk=user.pk).email == "ben@x.example"
    done = boss.post(answer.url, {"password": PASSWORD})

    user = User.objects.get(pk=user.pk)
    lines = [line.getMessage() for line in caplog.records if line.name == "lrscc.accounts"]
    assert [line.partition(":")[0] for line in lines[1:]] == [said] * bool(said)
    assert done.status_code == (200 if page == "link" else 302)
    assert (user.email, user.username) == (
        typed.get("email", "ben@x.example"),
        typed.get("username", "ben"),
    )
    if page == "change":
        name = {"first_name": "Benedict"}
        assert boss.post(address, form_of(boss, address) | name).url == "/admin/auth/user/"


def test_nobody_is_asked_again_where_no_second_step_is_needed(settings):
    boss = signed_in(make_person("boss", "Administrator", app=True))
    settings.SECOND_FACTOR_REQUIRED = False
    address = f"/admin/auth/user/{make_person('ben').pk}/change/"

    answer = boss.post(address, form_of(boss, address) | {"email": "ben@x.example"})

    assert answer.url == "/admin/auth/user/"


def test_name_of_a_person_is_changed_without_being_asked_again():
    boss = signed_in(make_person("boss", "Administrator", app=True))
    address = f"/admin/auth/user/{make_person('ben').pk}/change/"

    answer = boss.post(address, form_of(boss, address) | {"first_name": "Benedict"})

    assert answer.url == "/admin/auth/user/"


def test_form_of_an_account_is_in_the_words_of_the_office():
    first = signed_in(make_person("first", None, app=True, is_superuser=True))

    page = first.get(f"/admin/auth/user/{make_person('ben').pk}/change/")

    labels = re.findall(r"<label[^>]*>(.*?)</label>", page.text, re.DOTALL)
    words = [" ".join(re.sub("<[^>]*>", " ", label).split()) for label in labels]
    assert words[1:] == [  # the first is of the jump box
        *("Name to sign in with (required)", "First name", "Last name", "E-mail"),
        *("The account is on", "Can open the desk", "Role"),
        *("Council clerk", "Commission staff", "Publisher", "Commissioner", "Administrator"),
        *("Can do everything", "Single permissions", "Last login", "Date joined"),
    ]
    assert "Designates" not in page.text
    assert "password" not in page.context["adminform"].form.fields


def test_administrator_gives_itself_no_role_where_another_one_can(boss):
    own = User.objects.get(username="boss")
    typed = {"username": "boss", "first_name": "A", "last_name": "B", "email": "boss@x.example"}
    typed |= {"is_active": "on", "is_staff": "on"}
    typed |= {"groups": [group.pk for group in Group.objects.all()]}

    second = signed_in(make_person("second", "Administrator", app=True))
    boss.post(f"/admin/auth/user/{own.pk}/change/", typed)

    assert [group.name for group in own.groups.all()] == ["Administrator"]
    assert ASK_ANOTHER in " ".join(boss.get(f"/admin/auth/user/{own.pk}/change/").text.split())
    page = second.get(f"/admin/auth/user/{own.pk}/change/").text
    assert "Your own role is changed by" not in page
    confirm(second).post(f"/admin/auth/user/{own.pk}/change/", typed)
    assert own.groups.count() == Group.objects.count()


@pytest.mark.parametrize("change", [{"is_active": False}, {"last_login": None}])
def test_only_administrator_changes_its_own_role(boss, change):
    """Another one who is switched off, or was invited and never came, confirms nothing."""
    own = User.objects.get(username="boss")
    signed_in(make_person("second", "Administrator", app=True))
    User.objects.filter(username="second").update(**change)
    address = f"/admin/auth/user/{own.pk}/change/"
    groups = [str(group.pk) for group in Group.objects.all()]

    assert "Your own role is changed by" not in boss.get(address).text
    assert boss.post(address, form_of(boss, address) | {"groups": groups}).status_code == 302
    assert own.groups.count() == Group.objects.count()


def test_who_may_do_everything_asks_another_one_of_these(boss):
    """Others do not see such an account, and cannot change it."""
    own = make_person("first", None, app=True, is_superuser=True)
    first = confirm(signed_in(own))
    address = f"/admin/auth/user/{own.pk}/change/"
    assert boss.get(address).status_code == 302
    form = form_of(first, address)
    assert "is_superuser" in form

    signed_in(make_person("deputy", None, app=True, is_superuser=True))

    assert "is_superuser" not in form_of(first, address)
    first.post(address, {name: value for name, value in form.items() if name != "is_superuser"})
    own.refresh_from_db()
    assert own.is_superuser


def test_commission_learns_what_is_done_to_an_administrator(boss, mails):
    """Or one could make itself the only one, and be confirmed by nobody."""
    make_register(email="office@lansing.example")
    other = make_person("second", "Administrator", email="second@x.example")
    address = f"/admin/auth/user/{other.pk}/change/"
    form = form_of(boss, address)
    mails.clear()

    boss.post(f"/admin/auth/user/{other.pk}/second-factor/")
    boss.post(f"/admin/auth/user/{other.pk}/link/")
    boss.post(address, form | {"email": "new@x.example"})
    form = form_of(boss, address)
    boss.post(address, form | {"groups": [str(Group.objects.get(name="Publisher").pk)]})
    del form["is_active"]
    boss.post(address, form)

    told = [
        mail.subject.split(" – ")[0] for mail in mails if mail.to == ["office@lansing.example"]
    ]
    assert told == [
        "You have to set up a new second step",
        "A new link was made for your account",
        "Your e-mail address was changed",
        "Your role was changed",
        "Your account was switched off",
        "Your role was changed",
    ]


def test_commission_learns_of_a_role_that_an_administrator_gives_itself(boss, mails, caplog):
    make_register(email="office@lansing.example")
    own = User.objects.get(username="boss")
    form = form_of(boss, f"/admin/auth/user/{own.pk}/change/")
    publisher = str(Group.objects.get(name="Publisher").pk)
    mails.clear()

    boss.post(f"/admin/auth/user/{own.pk}/change/", form | {"groups": [publisher]})

    line = f"own rights changed: account {own.pk}, from 127.0.0.1"
    assert line in [record.getMessage() for record in caplog.records]
    assert [(mail.subject.split(" – ")[0], mail.to) for mail in mails] == [
        ("An administrator changed their own role", [to])
        for to in ("boss@x.example", "office@lansing.example")
    ]


def test_administrator_types_nobody_s_password(boss):
    user = make_person()

    assert boss.get(f"/admin/auth/user/{user.pk}/password/").status_code in (302, 404)
    assert "pbkdf2" not in boss.get(f"/admin/auth/user/{user.pk}/change/").text
    before = user.password
    boss.post(f"/admin/auth/user/{user.pk}/password/", {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.password == before
