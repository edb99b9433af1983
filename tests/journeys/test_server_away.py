"""The server goes away while somebody types, and comes back: every word is there."""

import os
import re
import signal
import socket

import pytest
from django.db import connection
from playwright.sync_api import expect

from apps.saves.models import Draft
from tests.journeys.conftest import sign_in
from tests.processes.tools import eventually, python

pytestmark = pytest.mark.browser

HOST = "127.0.0.1"
WORDS = "What almost made them leave?"
KEPT_HERE = "No connection. Kept in this browser."
KEPT = re.compile(r"Draft kept \d\d:\d\d")


class Server:
    """The web server as it runs in production, which can be killed and started again."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self.process = None

    def start(self):
        settings = {
            "HOST": HOST,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "1",
            "MAINSTAY_TEST_DATABASE": connection.settings_dict["NAME"],
        }
        command = ("-m", "gunicorn", "-c", "config/gunicorn.py")
        self.process = python(*command, env=os.environ | settings)
        eventually(self.answers, within=60, why="The server did not start.")

    def answers(self):
        try:
            socket.create_connection((HOST, self.port), timeout=20).close()
        except OSError:
            return False
        return True

    def kill(self):
        """End it at once, with whatever it was about to answer."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def server(workspace):
    server = Server()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def path(workspace):
    return f"{workspace['account'].get_absolute_url()}saves/new/"


def opened(context, url, path):
    """Return Ada's save page, with a clock that the test moves on."""
    page = context.new_page()
    page.clock.install()
    sign_in(page, url)
    page.goto(f"{url}{path}")
    return page


def words(page):
    return page.get_by_label(WORDS)


def stored(page):
    return page.evaluate("Object.keys(localStorage).filter((each) => each.startsWith('call:'))")


def is_back(page, said):
    """Say whether words stand in the draft, on the page, and on the page when it is read again."""
    expect(page.locator("#draft")).to_contain_text(KEPT, timeout=20_000)
    assert Draft.objects.get().answers["verbatim"] == [said]
    assert stored(page) == []
    page.reload()
    return words(page).input_value() == said


def test_words_outlast_a_server_that_is_killed_and_started_again(server, context, path):
    page = opened(context, server.url, path)
    words(page).fill("Kept before.")
    page.clock.fast_forward(2000)
    expect(page.locator("#draft")).to_contain_text(KEPT, timeout=20_000)

    server.kill()
    words(page).fill("Kept before. Typed while it was away.")
    page.clock.fast_forward(2000)
    expect(page.locator("#draft")).to_contain_text(KEPT_HERE)
    page.get_by_role("button", name="Save call").click()
    told = page.get_by_role("alert").filter(has_text="The call is not saved yet.")
    expect(told).to_contain_text("Your text is kept in this browser.")
    page.clock.fast_forward(5000)
    assert Draft.objects.get().answers["verbatim"] == ["Kept before."]
    assert len(stored(page)) == 1

    server.start()
    page.clock.fast_forward(5000)
    assert is_back(page, "Kept before. Typed while it was away.")


def test_a_page_that_was_closed_while_the_server_was_away_finds_its_words(server, context, path):
    page = opened(context, server.url, path)
    server.kill()
    words(page).fill("Typed, and then the browser was closed.")
    page.clock.fast_forward(2000)
    expect(page.locator("#draft")).to_contain_text(KEPT_HERE)
    page.close(run_before_unload=False)
    server.start()

    again = context.new_page()
    again.goto(f"{server.url}{path}")
    expect(words(again)).to_have_value("Typed, and then the browser was closed.", timeout=20_000)
    assert is_back(again, "Typed, and then the browser was closed.")


@pytest.mark.parametrize(
    "fail",
    [
        pytest.param(lambda route: route.abort("connectionrefused"), id="refused"),
        pytest.param(lambda route: route.abort("timedout"), id="no answer"),
        pytest.param(lambda route: route.fulfill(status=503, body="Back soon."), id="503"),
    ],
)
def test_words_are_kept_here_while_nothing_goes_through(
    context, live_server, path, workspace, fail
):
    page = opened(context, live_server.url, path)
    page.route("**/saves/draft/", fail)
    words(page).fill("Said meanwhile.")
    page.clock.fast_forward(2000)
    expect(page.locator("#draft")).to_contain_text(KEPT_HERE)
    page.clock.fast_forward(5000)
    expect(page.locator("#draft")).to_contain_text(KEPT_HERE)
    assert not Draft.objects.exists()
    assert len(stored(page)) == 1

    page.unroute("**/saves/draft/")
    page.clock.fast_forward(5000)
    assert is_back(page, "Said meanwhile.")
