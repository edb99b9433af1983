"""The pages of signing in speak our words and look like the rest."""

import re

import pytest
from django.core import mail
from django.urls import reverse

PASSWORD = "a long pass sentence"


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def agent_with_password(agent):
    agent.set_password(PASSWORD)
    agent.save()
    return agent


def sign_in(client, password):
    return client.post(reverse("account_login"), {"login": "ada@example.com", "password": password})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("account_login", "An admin of your workspace sends you an invitation"),
        ("account_reset_password", "We send you a link. It works for one hour."),
        ("account_reset_password_done", "a link is on its way"),
        ("account_reset_password_from_key_done", "Your new password is set"),
        ("account_inactive", "Your account is switched off"),
    ],
)
def test_a_visitor_can_read_it(client, name, sentence):
    response = client.get(reverse(name))

    assert response.status_code == 200
    assert sentence in words(response)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("account_logout", "Sign out of this computer?"),
        ("account_change_password", "12 characters or more."),
        ("usersessions_list", "Where you are signed in"),
    ],
)
def test_a_colleague_can_read_it(client, agent_with_password, name, sentence):
    sign_in(client, PASSWORD)

    response = client.get(reverse(name))

    assert response.status_code == 200
    assert sentence in words(response)


def test_signing_in_leads_to_today_without_a_message(client, agent_with_password):
    response = sign_in(client, PASSWORD)

    assert response.status_code == 302
    assert response["Location"] == reverse("desk:today")
    assert "messages" not in response.cookies


def test_a_wrong_password_says_what_to_do_and_keeps_the_address(client, agent_with_password):
    response = sign_in(client, "something else")

    assert "E-mail and password do not match. Check both." in words(response)
    assert 'value="ada@example.com"' in response.content.decode()
    assert "something else" not in response.content.decode()


def test_the_link_for_a_new_password_comes_by_mail_and_works_once(client, agent_with_password):
    client.post(reverse("account_reset_password"), {"email": "ada@example.com"})
    [message] = mail.outbox
    link = re.search(r"http://\S+", message.body)[0]
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    new = {"password1": "another long sentence", "password2": "another long sentence"}

    done = client.post(form, new, follow=True)

    assert message.subject == "Choose a new password"
    assert "The link works once" in message.body
    assert "Choose a new password" in words(page)
    assert "Your new password is set" in words(done)
    assert "This link no longer works" in words(client.get(link, follow=True))


@pytest.mark.django_db
def test_an_unknown_address_gets_a_mail_that_says_so_and_the_same_page(client):
    response = client.post(
        reverse("account_reset_password"), {"email": "who@example.com"}, follow=True
    )

    [message] = mail.outbox
    assert message.subject == "No account with this address"
    assert "who@example.com, which no account has" in message.body
    assert "a link is on its way" in words(response)


def test_other_sessions_can_be_signed_out(client, agent_with_password):
    other = type(client)()
    sign_in(other, PASSWORD)
    sign_in(client, PASSWORD)
    page = client.get(reverse("usersessions_list"))

    after = client.post(reverse("usersessions_list"), follow=True)

    assert "Sign out 1 other" in words(page)
    assert "The others are signed out." in words(after)
    assert other.get(reverse("usersessions_list")).status_code == 302


def test_who_changes_how_to_sign_in_may_be_asked_again(client, agent_with_password):
    sign_in(client, PASSWORD)

    response = client.get(reverse("account_reauthenticate"))

    assert "Is it you?" in words(response)
