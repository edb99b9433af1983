"""What people read when something went wrong."""

from urllib.parse import unquote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory, override_settings

from apps.core import errors

rf = RequestFactory()


def ask(path="/customers/9/", user=None, method="get", htmx=False):
    request = getattr(rf, method)(path, headers={"HX-Request": "true"} if htmx else {})
    request.user = user or AnonymousUser()
    return request


def words(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("answer", "status", "title"),
    [
        (errors.bad_request, 400, "could not read that request"),
        (errors.forbidden, 403, "You are not allowed to do this"),
        (errors.csrf_failure, 403, "This page was open too long"),
        (errors.not_found, 404, "Page not found"),
        (errors.too_many_requests, 429, "Too many tries"),
        (errors.server_error, 500, "Something went wrong on our side"),
        (errors.unavailable, 503, "Mainstay is away for a moment"),
    ],
)
def test_each_error_is_a_page_and_for_htmx_the_same_words(answer, status, title):
    page, message = answer(ask()), answer(ask(htmx=True))

    assert (page.status_code, message.status_code) == (status, status)
    assert title in words(page)
    assert title in words(message)
    assert unquote(message["X-Problem"]) == words(message)
    assert "<" not in words(message)


def test_not_allowed_names_the_methods():
    response = errors.not_allowed(ask(), {"POST", "DELETE"})

    assert response.status_code == 405
    assert response["Allow"] == "DELETE, POST"


def test_signed_in_people_keep_their_navigation_and_can_search(agent):
    html = words(errors.not_found(ask(user=agent)))

    assert 'aria-label="Main"' in html
    assert 'role="search"' in html


def test_visitors_see_neither_navigation_nor_search():
    html = words(errors.not_found(ask()))

    assert 'aria-label="Main"' not in html
    assert 'role="search"' not in html


def test_a_request_that_failed_before_anybody_was_known_gets_a_page():
    assert errors.not_found(rf.get("/nowhere/")).status_code == 404


def test_the_error_page_shows_the_code_of_the_request_and_asks_no_database():
    # No database fixture: a query would fail this test.
    request = ask()
    request.request_id = "7F3A-19C2"

    assert "7F3A-19C2" in words(errors.server_error(request))
    request = ask(htmx=True)
    request.request_id = "7F3A-19C2"
    assert "(7F3A-19C2)" in words(errors.server_error(request))


def test_trying_again_is_offered_for_pages_and_not_for_forms():
    assert 'href="/customers/9/"' in words(errors.server_error(ask()))
    assert "Try again" not in words(errors.server_error(ask(method="post")))


def test_what_is_elsewhere_is_shown_there_and_a_form_is_refused_in_words():
    gone = errors.Gone("It moved.")
    assert errors.gone(ask(), gone).status_code == 410
    gone.url = "/customers/10/"

    assert errors.gone(ask(), gone)["Location"] == "/customers/10/"
    assert errors.gone(ask(htmx=True), gone)["HX-Redirect"] == "/customers/10/"
    page, message = (errors.gone(ask(method="post", htmx=htmx), gone) for htmx in (False, True))
    assert (page.status_code, message.status_code) == (410, 410)
    assert "It moved." in words(page)
    assert 'href="/customers/10/"' in words(page)
    assert "It moved." in unquote(message["X-Problem"])


def test_the_away_page_says_when_to_come_back():
    assert errors.unavailable(ask())["Retry-After"] == "30"


@override_settings(ALLOWED_HOSTS=["mainstay.example"])
def test_a_foreign_host_gets_the_words_for_a_bad_request(client):
    response = client.get("/", headers={"Host": "elsewhere.example"})

    assert response.status_code == 400
    assert "could not read that request" in words(response)
