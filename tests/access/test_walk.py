"""Every route, by every method, as every kind of person; a new route can't escape it."""

from collections import Counter

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import resolve
from django.utils import timezone

from apps.core import policy
from apps.core.views import BEAT_KEY
from tests.access.matrix import ADMINS, COLLEAGUES, EVERYBODY, MATRIX, VISITORS, Row
from tests.access.walk import address, answer, expected, make_world, routes, walk
from tests.factories.users import TeamFactory
from tests.writes import watch_writes

# The longest tests there are, and counting lines doubles their time.
pytestmark = pytest.mark.no_cover


@pytest.fixture
def world(db, caplog):
    caplog.set_level("CRITICAL", "django.request")  # thousands of refusals
    cache.set(BEAT_KEY, timezone.now().timestamp() + 3600, 3600)  # a walk may take minutes
    return make_world()


def test_every_route_has_one_name_and_a_row_and_every_row_has_a_route():
    names = Counter(name for name, _pattern in routes())

    assert [name for name, count in names.items() if count > 1 or name.endswith("None")] == []
    assert set(names) == set(MATRIX)
    assert len(names) > 50  # or the walk is empty


def test_every_route_carries_a_policy(world):
    for name, pattern in routes():
        path = address(world, name, pattern, MATRIX[name])
        assert policy.find(pattern.callback, resolve(path)) is not None, name


def test_public_routes_are_few_and_known():
    public = {name for name, row in MATRIX.items() if row.who == EVERYBODY}

    assert public == {
        "access:invitation",
        "account_inactive",
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_signup",
        "core:alive",
        "core:ready",
        "core:worker",
        "tasks:calendar",
    }


@pytest.mark.parametrize("actor", sorted(EVERYBODY))
def test_everybody_gets_what_the_matrix_says_and_nothing_else(world, actor):
    wrong = walk(world, actor)

    assert wrong == {}, "\n".join(text for texts in wrong.values() for text in texts)


def test_every_route_answers_somebody_with_success():
    for name, row in MATRIX.items():
        answers = {
            expected(row, method, actor, "own") for actor in row.who for method in ("GET", "POST")
        }
        assert answers & {200, 204, 302} or name == "admin:autocomplete", name


def test_without_the_check_the_walk_turns_red(world, monkeypatch):
    monkeypatch.setattr(policy, "allows", lambda rule, user: True)
    guarded = {name for name, row in MATRIX.items() if "agent" not in row.who}

    red = set(walk(world, "agent", only=guarded, methods=("GET", "POST")))

    assert guarded - red == set()


def test_without_the_check_and_its_backstop_visitors_turn_the_walk_red(
    world, monkeypatch, settings
):
    monkeypatch.setattr(policy, "allows", lambda rule, user: True)
    backstop = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != backstop]
    guarded = {name for name, row in MATRIX.items() if not row.who & VISITORS}

    red = set(walk(world, "anonymous", only=guarded, methods=("GET", "POST")))

    # Three pages of the sign-in library check for themselves as well.
    assert guarded - red == {
        "account_change_password",
        "account_reauthenticate",
        "usersessions_list",
    }


def test_a_form_without_its_token_is_refused_and_writes_nothing(world):
    for name, pattern in routes():
        row = MATRIX[name]
        if row.post is None:
            continue
        world.actor = min(row.who)
        path = address(world, name, pattern, row)
        status, written = answer(world, "POST", path, row.body(world), enforce_csrf_checks=True)
        assert (name, status, written) == (name, 403, set())


@pytest.mark.urls("tests.access.bad_urls")
@pytest.mark.parametrize("path", ["/bad/", "/bad-inside-a-transaction/"])
def test_a_view_that_writes_and_then_refuses_is_caught(world, path):
    world.actor = "agent"

    status, written = answer(world, "POST", path, {})

    assert (status, written) == (403, {"users_team"})


@pytest.mark.urls("tests.access.bad_urls")
def test_a_view_without_a_policy_is_refused_to_everybody(world):
    for actor in EVERYBODY:
        world.actor = actor
        assert answer(world, "GET", "/unmarked/", {}) == (403, set())


def test_the_watcher_sees_each_way_of_writing(db):
    team = TeamFactory()

    def copy_rows():
        with connection.cursor() as cursor, cursor.copy("COPY users_team FROM STDIN"):
            pass

    def refused():
        with transaction.atomic():
            TeamFactory()
            raise PermissionDenied

    ways = {
        "insert": TeamFactory,
        "update": team.save,
        "update of nothing": lambda: type(team).objects.filter(pk=0).update(name="x"),
        "delete": lambda: type(team).objects.filter(pk=team.pk)._raw_delete("default"),
    }
    for name, write in ways.items():
        with watch_writes() as written:
            write()
        assert (name, written) == (name, {"users_team"})
    with watch_writes() as written, pytest.raises(PermissionDenied):
        refused()
    assert written == {"users_team"}


def test_the_watcher_sees_rows_that_are_copied_past_django(db):
    with watch_writes() as written, connection.cursor() as cursor:
        columns = "name, time_zone, is_private"
        with cursor.cursor.copy(f"COPY users_team ({columns}) FROM STDIN") as copy:
            copy.write_row(("Copied", "UTC", False))

    assert written == {"users_team"}


def test_the_watcher_does_not_take_locks_for_writes(db):
    team = TeamFactory()

    with watch_writes() as written:
        list(type(team).objects.select_for_update(of=["self"]))
        list(type(team).objects.select_for_update(skip_locked=True))

    assert written == set()


def test_an_argument_that_no_row_explains_is_named(world):
    pattern = next(pattern for name, pattern in routes() if name == "access:person")

    with pytest.raises(LookupError, match=r"access:person has \['pk'\]"):
        address(world, "access:person", pattern, Row(COLLEAGUES | ADMINS, get=200))
