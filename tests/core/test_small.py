"""The small things of core: text, passwords, mail, failpoints, htmx, health, settings site."""

import os
import signal
from types import SimpleNamespace

import pytest
from django.contrib.admin import site
from django.contrib.auth.hashers import check_password, make_password
from django.core import mail as outbox
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from apps.accounts.models import BlockedIdentity
from apps.core import failpoints, htmx, mail, text, views
from apps.core.hashers import Argon2
from apps.users.models import Team

# --- text


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  Ärger & Söhne ", "arger & sohne"),
        ("STRASSE", "strasse"),
        ("ﬁne", "fine"),
        ("l\0ark", "lark"),
        ("", ""),
    ],
)
def test_text_is_folded_for_searching(typed, folded):
    assert text.fold(typed) == folded


@pytest.mark.parametrize(("typed", "found"), [("+44 (0)161-496", "440161496"), ("none", "")])
def test_digits_are_what_is_left_of_a_phone_number(typed, found):
    assert text.digits(typed) == found


# --- passwords


def test_passwords_are_kept_as_argon2id_of_the_strength_we_chose(settings):
    settings.PASSWORD_HASHERS = ["apps.core.hashers.Argon2"]

    kept = make_password("a long and quiet evening")

    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("a long and quiet evening", kept) is True
    assert check_password("a long and noisy evening", kept) is False
    assert Argon2().must_update(kept) is False


def test_production_uses_it_first(settings):
    assert settings.PASSWORD_HASHERS[1] == "apps.core.hashers.Argon2"  # tests put a fast one first


# --- mail


def test_a_subject_is_one_line():
    mail.send_to_staff(to="ada@example.com", subject="One\r\nBcc: all@example.com", text="Hello")

    message = outbox.outbox[0]
    assert (message.subject, message.to, message.body) == (
        "One Bcc: all@example.com",
        ["ada@example.com"],
        "Hello",
    )


# --- failpoints


@pytest.fixture
def killed(monkeypatch):
    signals = []
    monkeypatch.setattr(os, "kill", lambda pid, number: signals.append((pid, number)))
    return signals


def test_a_failpoint_kills_once(tmp_path, monkeypatch, killed):
    monkeypatch.setenv("TEST_FAILPOINT", f"here:{tmp_path / 'marker'}")

    for name in ("elsewhere", "here", "here"):
        failpoints.failpoint(name)

    assert killed == [(os.getpid(), signal.SIGKILL)]


def test_outside_tests_a_failpoint_does_nothing(tmp_path, monkeypatch, settings, killed):
    monkeypatch.setenv("TEST_FAILPOINT", f"here:{tmp_path / 'marker'}")
    settings.TESTING = False

    failpoints.failpoint("here")

    assert killed == []


# --- htmx


@pytest.mark.parametrize(
    ("details", "target", "answer"),
    [
        (None, None, False),
        ({"boosted": True}, None, False),
        ({"history_restore_request": True}, None, False),
        ({}, None, True),
        ({"target": "list"}, "list", True),
        ({"target": "other"}, "list", False),
    ],
)
def test_only_a_request_for_the_very_element_gets_a_fragment(details, target, answer):
    if details is not None:
        defaults = {"boosted": False, "history_restore_request": False, "target": None}
        details = SimpleNamespace(**defaults | details)
    request = SimpleNamespace(htmx=details)

    assert htmx.wants_fragment(request, target) is answer


def test_a_toast_is_a_header():
    assert htmx.toast(HttpResponse(), "Done “so”.")["HX-Trigger"] == (
        '{"toast": {"text": "Done \\u201cso\\u201d.", "tone": "good"}}'
    )


# --- health


def test_health_says_ok(client, db):
    cache.set(views.BEAT_KEY, timezone.now().timestamp())

    for name in ("alive", "ready", "worker"):
        response = client.get(reverse(f"core:{name}"))
        assert (response.status_code, response.content) == (200, b"ok")


def test_a_silent_worker_is_noticed(client, db):
    url = reverse("core:worker")
    assert client.get(url).status_code == 503

    cache.set(views.BEAT_KEY, timezone.now().timestamp() - views.SILENT_AFTER - 1)

    response = client.get(url)
    assert (response.status_code, response["Content-Type"]) == (503, "text/plain")


def test_a_database_that_does_not_answer_is_noticed(client, db):
    def refuse(execute, sql, params, many, context):
        raise DatabaseError

    with connection.execute_wrapper(refuse):
        response = client.get(reverse("core:ready"))

    assert (response.status_code, response.content) == (503, b"The database does not answer.")


# --- the settings site


def test_the_settings_site_takes_our_nouns_alone():
    foreign = [each for each in site._registry if not each.__module__.startswith("apps.")]
    assert foreign == []

    site.register([OrmQ, Schedule])
    site.register(OrmQ)

    assert OrmQ not in site._registry
    assert Schedule not in site._registry


def test_signing_in_and_passwords_have_one_place(as_admin):
    places = {
        name: as_admin.get(reverse(f"admin:{name}"))["Location"]
        for name in ("login", "password_change")
    }

    assert places == {
        "login": reverse("admin:index"),
        "password_change": reverse("account_change_password"),
    }
    for name in ("password_change_done", "view_on_site", "users_team_delete"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}", args=[1, 1] if name == "view_on_site" else [])


def test_signing_out_of_the_settings_is_signing_out(as_admin):
    response = as_admin.post(reverse("admin:logout"))

    assert response["Location"] == reverse("account_login")
    assert as_admin.get(reverse("access:me")).status_code == 302


def test_what_may_be_deleted_says_so(as_admin, admin, rf):
    request = rf.get("/")
    request.user = admin

    deletable = {
        model.__name__: site._registry[model].has_delete_permission(request)
        for model in (Team, BlockedIdentity)
    }

    assert deletable == {"Team": False, "BlockedIdentity": True}
