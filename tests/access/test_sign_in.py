"""Signing in, staying in, and being put out."""

import threading

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from apps.access import actions
from apps.access.adapter import AccountAdapter
from tests.factories.users import make_person

LOGIN = reverse("account_login")
ME = reverse("access:me")
PASSWORD = "correct horse battery"


def sign_in(browser, email="ada@example.com", password=PASSWORD, **headers):
    return browser.post(LOGIN, {"login": email, "password": password}, **headers)


def words(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("typed", ["ada@example.com", "ADA@Example.COM", "  ada@example.com "])
def test_the_address_is_found_however_it_is_typed(client, agent, typed):
    assert sign_in(client, typed)["Location"] == reverse("desk:today")


def test_after_five_wrong_passwords_the_right_one_waits_too(client, agent, manager):
    for _ in range(5):
        assert "do not match" in words(sign_in(client, password="wrong password!"))

    locked = sign_in(client)

    assert "Too many tries. Wait a few minutes, then try again." in words(locked)
    assert client.get(ME).status_code == 302
    # From the same address somebody else still gets in; and so does the real one from another.
    assert sign_in(Client(), manager.email).status_code == 302
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.7").status_code == 302


def test_a_password_is_not_guessed_from_many_addresses_either(db, client, agent):
    for number in range(10):
        for _ in range(5):
            sign_in(client, password="wrong password!", REMOTE_ADDR=f"192.0.2.{number}")

    assert "Too many tries." in words(sign_in(Client(), REMOTE_ADDR="192.0.2.99"))


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Remote-User", "Forwarded"])
def test_a_made_up_address_is_not_believed(client, agent, header):
    for number in range(5):
        sign_in(client, password="wrong password!", headers={header: f"192.0.2.{number}"})

    assert "Too many tries." in words(sign_in(client, headers={header: "192.0.2.99"}))


def test_behind_our_proxy_the_address_that_it_saw_counts(client, agent, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(5):
        headers = {"X-Forwarded-For": f"10.0.0.{number}, 192.0.2.7"}
        sign_in(client, password="wrong password!", headers=headers)

    assert "Too many tries." in words(sign_in(client, headers={"X-Forwarded-For": "192.0.2.7"}))
    assert sign_in(client, headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 302


@pytest.fixture
def committed_counts(transactional_db):
    """Let threads see each other's counts, and forget them afterwards."""
    yield
    cache.clear()  # no model, so the test's flush leaves it


def test_of_a_burst_of_wrong_passwords_five_are_looked_at(committed_counts):
    make_person("agent", email="ada@example.com")
    gate, answers = threading.Barrier(12), []

    def guess():
        browser = Client()
        gate.wait()
        answers.append("do not match" in words(sign_in(browser, password="wrong password!")))
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 12
    assert sum(answers) <= 5


def test_asking_for_the_page_of_a_limit_says_to_wait(client, db):
    for _ in range(30):
        client.post(LOGIN, {})

    response = client.post(LOGIN, {})

    assert (response.status_code, "Too many tries" in words(response)) == (429, True)


def test_one_address_that_tries_many_people_is_stopped(db, client):
    for number in range(20):
        sign_in(client, f"person{number}@example.com", "wrong password!")

    assert "Too many tries." in words(sign_in(client, "another@example.com", "wrong password!"))


def test_a_right_password_between_wrong_ones_resets_nothing(client, agent):
    for _ in range(4):
        sign_in(Client(), password="wrong password!")
    assert sign_in(Client()).status_code == 302
    sign_in(Client(), password="wrong password!")

    assert "Too many tries." in words(sign_in(Client()))


def test_an_unknown_address_a_wrong_password_and_a_closed_account_look_the_same(client, agent):
    make_person("agent", email="gone@example.com", is_active=False)

    def answer(email, password):
        page = words(sign_in(Client(), email, password)).replace(email, "")
        return page.partition("<form")[2].partition("</form>")[0].partition("<h1>")[2]

    unknown = answer("who@example.com", PASSWORD)

    assert "do not match" in unknown
    assert answer("ada@example.com", "wrong password!") == unknown
    assert answer("gone@example.com", PASSWORD) == unknown


def test_the_session_gets_a_new_key_when_somebody_signs_in(client, agent):
    client.get(reverse("account_reset_password_from_key", args=["x", "set-password"]))
    client.session["planted"] = "by a stranger"
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    client.cookies["sid"] = session.session_key
    before = session.session_key

    sign_in(client)

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_signed_out_session_is_gone_from_the_server(client, agent):
    sign_in(client)
    stolen = Client()
    stolen.cookies["sid"] = client.cookies["sid"].value
    assert stolen.get(ME).status_code == 200

    client.post(reverse("account_logout"))

    assert stolen.get(ME).status_code == 302


def test_a_new_password_ends_every_session(client, agent):
    other = Client()
    for browser in (client, other):
        sign_in(browser)

    client.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "another quiet evening",
            "password2": "another quiet evening",
        },
    )

    assert [browser.get(ME).status_code for browser in (client, other)] == [302, 302]


def test_the_list_shows_each_session_and_ends_the_others(client, agent):
    other = Client()
    sign_in(other, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/130.0")
    sign_in(client)
    page = words(client.get(reverse("usersessions_list")))
    assert "Firefox on Windows" in page

    client.post(reverse("usersessions_list"))

    assert client.get(ME).status_code == 200
    assert other.get(ME).status_code == 302


def test_nobody_sees_or_ends_the_sessions_of_others(client, agent, manager):
    boss = Client()
    sign_in(boss, manager.email, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/130.0")
    sign_in(client)

    page = words(client.get(reverse("usersessions_list")))
    client.post(reverse("usersessions_list"))

    assert "Firefox" not in page
    assert boss.get(ME).status_code == 200


def test_deactivating_deletes_the_sessions_so_that_they_do_not_come_back(client, agent, admin, now):
    sign_in(client)
    assert UserSession.objects.filter(user=agent).count() == 1

    actions.deactivate(agent.member, by=admin, at=now)
    actions.reactivate(agent.member, by=admin, at=now)

    assert client.get(ME).status_code == 302
    assert UserSession.objects.filter(user=agent).count() == 0


def test_a_closed_account_gets_no_link_for_a_new_password(client, agent, admin, now):
    actions.deactivate(agent.member, by=admin, at=now)

    client.post(reverse("account_reset_password"), {"email": agent.email})

    assert [message.subject for message in mail.outbox] == ["No account with this address"]


def test_a_forgotten_password_answers_alike_for_known_and_unknown(client, agent):
    url = reverse("account_reset_password")

    known = client.post(url, {"email": agent.email}, follow=True)
    unknown = client.post(url, {"email": "who@example.com"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert words(known).partition("<main")[2] == words(unknown).partition("<main")[2]
    assert len(mail.outbox) == 2  # so that neither answer takes longer than the other


def test_the_link_of_the_mail_is_ours_whatever_the_request_claims(client, agent, settings):
    settings.PUBLIC_URL = "https://mainstay.example"
    settings.ALLOWED_HOSTS = ["*"]

    client.post(
        reverse("account_reset_password"), {"email": agent.email}, headers={"Host": "evil.example"}
    )

    assert "https://mainstay.example/sign-in/forgotten/" in mail.outbox[0].body
    assert "evil.example" not in mail.outbox[0].body


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_signing_in_leads_nowhere_outside(client, agent, target):
    response = client.post(LOGIN, {"login": agent.email, "password": PASSWORD, "next": target})

    assert response["Location"] == reverse("desk:today")


def test_who_was_sent_to_sign_in_comes_back_to_where_they_wanted(client, agent):
    wanted = client.get("/customers/?q=larkspur")
    assert wanted["Location"] == f"{LOGIN}?next=/customers/%3Fq%3Dlarkspur"

    response = client.post(
        wanted["Location"],
        {"login": agent.email, "password": PASSWORD, "next": "/customers/?q=larkspur"},
    )

    assert response["Location"] == "/customers/?q=larkspur"


def test_htmx_is_sent_to_sign_in_as_a_whole_page(client, db, htmx):
    response = client.get("/customers/", headers=htmx("list"))

    assert (response.status_code, response["HX-Redirect"]) == (401, LOGIN)


@pytest.mark.parametrize(
    "name",
    [
        "account_email",
        "account_confirm_email",
        "account_email_verification_sent",
        "account_set_password",
        "account_confirm_login_code",
    ],
)
def test_pages_of_the_library_that_we_do_not_want_are_no_routes(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_library_never_lets_anybody_sign_up():
    assert AccountAdapter().is_open_for_signup(None) is False
