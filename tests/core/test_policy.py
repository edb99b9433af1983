"""Policies: exactly one reason to let somebody in, and none means refuse."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import resolve

from apps.core import policy
from tests.factories.users import make_person


@pytest.mark.parametrize(
    ("codes", "options"),
    [
        ([], {}),
        (["a.b"], {"signed_in": True}),
        (["a.b"], {"public": True, "why": "x"}),
        ([], {"public": True, "signed_in": True, "why": "x"}),
    ],
)
def test_a_policy_has_exactly_one_ground(codes, options):
    with pytest.raises(ValueError, match="exactly one"):
        policy.make(*codes, **options)


def test_a_public_route_says_why():
    with pytest.raises(ValueError, match="says why"):
        policy.make(public=True)


@pytest.mark.parametrize(
    ("methods", "allowed"),
    [
        (("GET",), {"GET", "HEAD"}),
        (("POST",), {"POST"}),
        (("GET", "POST"), {"GET", "HEAD", "POST"}),
    ],
)
def test_head_follows_get(methods, allowed):
    assert policy.make(signed_in=True, methods=methods).methods == allowed


def test_a_mark_stays_on_the_view_and_opens_public_ones_for_the_backstop():
    @policy.policy(public=True, why="a test")
    def public(request): ...

    @policy.policy("accounts.view")
    def guarded(request): ...

    assert public.policy.public is True
    assert public.login_required is False
    assert guarded.policy.codes == ("accounts.view",)
    assert getattr(guarded, "login_required", True) is True


@pytest.mark.django_db
def test_every_code_is_needed():
    rule = policy.make("saves.log", "access.invite")

    assert policy.allows(rule, make_person("agent")) is False
    assert policy.allows(rule, make_person("manager")) is True
    assert policy.allows(rule, make_person("manager", is_active=False)) is False
    assert policy.allows(rule, AnonymousUser()) is False


@pytest.mark.django_db
def test_signed_in_and_public_mean_what_they_say():
    anybody, colleague = policy.make(public=True, why="x"), policy.make(signed_in=True)

    assert policy.allows(anybody, AnonymousUser()) is True
    assert policy.allows(colleague, AnonymousUser()) is False
    assert policy.allows(colleague, make_person("agent")) is True


def test_routes_of_others_have_a_policy_in_the_table():
    def find(path):
        match = resolve(path)
        return policy.find(match.func, match)

    assert find("/sign-in/").public is True
    assert find("/admin/").codes == ("access.open_settings",)
    assert find("/admin/logout/").methods == {"POST"}
    assert find("/admin/users/team/").codes == ("access.open_settings",)


def test_a_view_that_nobody_marked_has_none():
    match = SimpleNamespace(view_name="elsewhere:page", namespace="elsewhere")

    assert policy.find(lambda request: None, match) is None
