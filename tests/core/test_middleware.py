"""What happens to every request."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from apps.core import middleware
from tests.factories.users import UserFactory

ME = reverse("access:me")


def test_every_answer_carries_the_headers_of_a_careful_house(as_agent):
    response = as_agent.get(ME)

    assert response["Cache-Control"] == "no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert {"HX-Request", "HX-Target"} <= set(re.split(r",\s*", response["Vary"]))
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = response["Content-Security-Policy"]
    for words in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'"):
        assert words in policy
    assert "unsafe" not in policy


def test_the_settings_pages_carry_them_too(as_admin):
    response = as_admin.get(reverse("admin:index"))

    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_a_page_before_anybody_is_known_may_be_kept():
    response = middleware.headers(lambda request: HttpResponse())(RequestFactory().get("/"))

    assert "Cache-Control" not in response


def test_each_request_gets_a_code_of_its_own():
    codes = set()

    def view(request):
        codes.add(request.request_id)
        return HttpResponse()

    for _ in range(20):
        middleware.request_id(view)(RequestFactory().get("/"))

    assert len(codes) == 20
    assert all(re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", code) for code in codes)


@pytest.mark.parametrize(
    ("user", "zone"),
    [
        (UserFactory.build(team=None, time_zone="Asia/Tokyo"), "Asia/Tokyo"),
        (AnonymousUser(), "UTC"),
    ],
    ids=["somebody", "nobody"],
)
def test_times_are_shown_in_the_zone_of_whoever_looks(user, zone):
    seen = []

    def view(request):
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = user
    middleware.person(view)(request)

    assert seen == [zone]
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_method_that_a_route_does_not_take_is_said_whoever_asks(client, db):
    response = client.put(reverse("access:theme"))

    assert (response.status_code, response["Allow"]) == (405, "POST")


def test_somebody_without_the_right_is_refused(as_agent):
    response = as_agent.get(reverse("access:people"))

    assert response.status_code == 403
    assert "You are not allowed to do this" in response.content.decode()


def test_an_unmarked_view_is_refused_to_everybody(as_admin, settings):
    settings.ROOT_URLCONF = "tests.access.bad_urls"

    assert as_admin.get("/unmarked/").status_code == 403


@pytest.mark.django_db
def test_a_visitor_is_sent_to_sign_in_and_htmx_too(client, htmx):
    page = client.get(ME + "?a=b")
    fragment = client.get(ME, headers=htmx("list"))

    assert page["Location"] == reverse("account_login") + "?next=/people/me/%3Fa%3Db"
    assert (fragment.status_code, fragment["HX-Redirect"]) == (401, reverse("account_login"))
