"""A workspace, and a browser that fails a test when the page complains."""

import os
import signal
import threading

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from apps.accounts.models import FieldKind
from apps.history import actions as history
from apps.users.models import User
from tests.factories.accounts import (
    AccountFactory,
    ContactFactory,
    CustomFieldFactory,
    TierThresholdFactory,
)
from tests.factories.users import TeamFactory, make_person

# Playwright keeps an event loop in this thread; the tests talk to the database from it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Counts what the page's security policy refused, from before the page's own scripts run.
COUNT_VIOLATIONS = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
    window.refused.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


LONGEST = 300  # seconds


@pytest.fixture(autouse=True)
def a_journey_ends():
    """A browser that never answers fails its test, instead of holding up all others."""

    def stop(*_signal):
        raise TimeoutError(f"The journey took more than {LONGEST} s.")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(autouse=True)
def answers_end_before_the_rows(transactional_db):
    """The tables are emptied only when the server has answered whatever a page still asked.

    Made before every page of the test, so pages are closed by now; one that asked for news at
    the last moment would otherwise lock rows against the emptying.
    """
    yield
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=20)


@pytest.fixture
def workspace(transactional_db):
    """Ada, and a customer who is on the phone."""
    call_command("load_reasons", verbosity=0)
    TierThresholdFactory()
    team = TeamFactory(name="Northern")
    ada = make_person("agent", name="Ada Lovett", email="ada@example.com", team=team)
    account = AccountFactory(
        name="Larkspur Dental",
        reference="LD-20418",
        team=team,
        owner=ada,
        stage="wandering_eye",
        custom={"number": 3, "yes_no": True, "choice": "GDC", "link": "https://book.example/"},
    )
    for kind, label in FieldKind.choices:  # one of each
        choices = ["GDC", "HCPC"] if kind == FieldKind.CHOICE else []
        CustomFieldFactory(key=kind, label=str(label), kind=kind, group="Own", choices=choices)
    ContactFactory(account=account, name="Dr Nadia Rahman", phone="+441614960142", is_primary=True)
    AccountFactory(name="Cobalt Climbing", team=team)
    history.add_note(account.timeline, text="Asked for chairs", by=ada, at=timezone.now())
    return {"agent": ada, "account": account, "team": team}


@pytest.fixture
def watched(context):
    """Pages that must not complain: `watched()` opens one; the end of the test asks them all."""
    opened, complaints = [], []
    context.add_init_script(COUNT_VIOLATIONS)

    def open_page():
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("framenavigated", lambda frame: None)
        page.on(
            "console",
            lambda message: message.type == "error" and complaints.append(message.text),
        )
        opened.append(page)
        return page

    yield open_page
    # With a limit, which `evaluate` has not: a page may be on its way to another.
    told = [
        page.wait_for_function("() => window.refused && [window.refused]").json_value()
        for page in opened
        if not page.is_closed()
    ]
    refused = [each for (found,) in told for each in found]
    # What a test asked for, a refusal (422, 409 …) or no connection, is an error to the browser.
    wanted = ("the server responded with a status of 4", "net::ERR_INTERNET_DISCONNECTED")
    wanted += ("htmx:afterRequest", "htmx:sendError")  # how htmx says the second
    complaints = [each for each in complaints if not any(text in each for text in wanted)]
    assert refused == []
    assert complaints == []


@pytest.fixture
def signed_in(watched, live_server, workspace):
    """Ada's browser, on Today."""
    page = watched()
    sign_in(page, live_server.url)
    return page


def sign_in(page, base, email="ada@example.com"):
    """Give the browser somebody's session; signing in by hand is a journey of its own."""
    client = Client()
    client.force_login(User.objects.get(email=email))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base}])
    page.goto(f"{base}/")
