"""Commands that make admins."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from apps.access.management.commands import add_admin
from apps.users.models import User

PASSWORD = "a long and quiet evening"


@pytest.fixture
def typed(monkeypatch):
    """Put lines into standard input: `typed("a password")`."""

    def put(text):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text + "\n"))

    return put


def test_the_first_admin_comes_from_the_command_line(db, typed, capsys):
    typed(PASSWORD)

    call_command("add_admin", "Iris@Example.com", "--name", "Iris")

    user = User.objects.get()
    assert (user.email, user.name, user.member.role) == ("iris@example.com", "Iris", "admin")
    assert user.check_password(PASSWORD)
    assert capsys.readouterr().out == "Iris@Example.com may sign in.\n"


def test_at_a_terminal_the_password_is_not_shown(db, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(add_admin.getpass, "getpass", lambda prompt: PASSWORD)

    call_command("add_admin", "iris@example.com", stdout=io.StringIO())

    assert User.objects.get().name == "iris"


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("iris", PASSWORD, "Enter a valid email address."),
        ("iris@example.com", "short", "This password is too short."),
        ("ada@example.com", PASSWORD, "Somebody with this address has joined already."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(agent, typed, email, password, words):
    typed(password)

    with pytest.raises(CommandError, match=words):
        call_command("add_admin", email)


def test_django_s_own_command_points_to_ours():
    with pytest.raises(CommandError, match=r"manage\.py add_admin EMAIL"):
        call_command("createsuperuser", "iris@example.com")
