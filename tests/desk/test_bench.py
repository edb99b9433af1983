"""The benchmark: what it asks, how it counts, and when it fails."""

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from contextlib import closing
from itertools import count

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from apps.accounts.models import Account, Contact
from apps.desk.bench import browser, figures, importing, run
from apps.desk.bench.questions import Saves, questions
from apps.desk.bench.views import EMPTY, count_queries
from apps.desk.demo.load import load
from apps.desk.demo.people import STAFF
from apps.history.models import Event
from apps.saves.models import SaveCase
from apps.users.models import User


@pytest.fixture
def demo(db):
    load(40, now=timezone.now(), progress=lambda done: None)


class Within:
    """Django's own client in the place of the stopwatch's browser."""

    def __init__(self, client):
        self.client = client

    def get(self, path, **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._answer(self.client.get(path, headers=names))

    def post(self, path, data):
        return self._answer(self.client.post(path, data))

    def _answer(self, response):
        headers = {name.lower(): value for name, value in response.headers.items()}
        return browser.Answer(response.status_code, headers, response.content, 0.01)


@pytest.fixture
def within(demo, client):
    """A browser at the routes of the measured server, queries counted."""
    middleware = ["apps.desk.bench.views.count_queries", *settings.MIDDLEWARE]
    with override_settings(ROOT_URLCONF="apps.desk.bench.urls", MIDDLEWARE=middleware):
        yield Within(client)


@pytest.fixture
def manager_within(within):
    """Another browser, in which a manager signed in."""
    other = Within(Client())
    run.sign_in(other, "manager")
    return other


# --- What is asked ------------------------------------------------------------


def test_every_question_is_answered_in_few_queries(within, manager_within):
    run.sign_in(within)
    for each in questions():
        asker = manager_within if each.whose == "manager" else within
        # As it is measured: not the first look, after which choices are kept for all.
        asker.get(each.path, **each.headers)
        answer = asker.get(each.path, **each.headers)
        assert answer.status == 200, each.name
        assert 0 < answer.queries <= figures.MOST_QUERIES, each.name


def test_the_questions_are_about_what_they_say(within):
    run.sign_in(within)
    asked = {each.name: each for each in questions()}
    first = within.get(asked["list"].path).body
    assert within.get(asked["list, half-way down"].path).body != first
    name = asked["search, one customer"].path
    typo = asked["search, a slip of the finger"].path
    assert name != typo
    assert (
        b'id="caller-results"'
        in within.get(
            asked["today, who is calling"].path, **asked["today, who is calling"].headers
        ).body
    )


def test_each_save_is_of_another_customer(within):
    run.sign_in(within)
    before = SaveCase.objects.count()
    saves = Saves(within)
    assert [saves.log().status for _ in range(3)] == [302] * 3
    new = SaveCase.objects.order_by("-pk")[:3]
    assert SaveCase.objects.count() == before + 3
    assert len({case.account_id for case in new}) == 3
    assert {case.agent.email for case in new} == {STAFF[0].address}


def test_everything_is_measured(within, manager_within, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    run.sign_in(within)
    found = list(run.measure(within, manager_within, size=12, rounds=2))
    assert [each.name for each in found][-2:] == [
        "logging a save",
        "import of 12 rows, beside COPY",
    ]
    assert len({each.name for each in found}) == len(found) == 20
    assert not list(tmp_path.iterdir())


def test_one_thing_can_be_measured(within, manager_within):
    run.sign_in(within)
    (found,) = run.measure(within, manager_within, size=12, rounds=1, only="filtered")
    assert (found.name, found.limit, found.most_queries) == ("list, filtered", 2.5, 12)


def test_a_workspace_without_the_demos_people_is_refused(within):
    User.objects.filter(email=STAFF[0].address).update(email="amara@elsewhere.example")
    with pytest.raises(run.CanNotSignIn, match="holds nothing, or the demo workspace"):
        run.sign_in(within)


def test_the_empty_page_is_for_those_who_signed_in(within):
    assert within.get(f"/{EMPTY}").status == 302
    run.sign_in(within)
    answer = within.get(f"/{EMPTY}")
    assert b"<main" in answer.body
    assert answer.queries < 5


def test_production_has_no_empty_page(as_agent):
    assert as_agent.get(f"/{EMPTY}").status_code == 404


@pytest.mark.django_db
def test_queries_of_one_request_are_counted(rf):
    def view(request):
        return HttpResponse(str(User.objects.count() + Event.objects.count()))

    answer = count_queries(view)(rf.get("/"))
    assert answer["X-Queries"] == "2"
    assert count_queries(lambda request: HttpResponse())(rf.get("/"))["X-Queries"] == "0"


# --- Figures ------------------------------------------------------------------


def answers(seconds, status=200, queries=3):
    return lambda: browser.Answer(status, {"x-queries": str(queries)}, b"", next(seconds))


def test_a_race_gives_medians_of_both():
    baseline, page = iter([9, 9, 9, 1, 2, 3]), iter([9, 9, 9, 4, 40, 5])
    times = figures.race(answers(page), answers(baseline), rounds=3)
    assert times == (2, 5, 3)


@pytest.mark.parametrize("status", [302, 403, 404, 422, 500])
def test_a_wrong_answer_stops_the_race(status):
    with pytest.raises(figures.WrongAnswer, match=str(status)):
        figures.race(answers(count(1), status), answers(count(1)), rounds=1)


def test_a_figure_knows_its_limits():
    fine = figures.Figure("list", 0.004, 0.0099, 2.5, 7, 12)
    assert (fine.ratio, fine.is_within) == (2.48, True)
    assert "above" not in fine.line()
    assert fine.row() == {"name": "list", "ratio": 2.48, "limit": 2.5, "queries": 7}
    slow = figures.Figure("list", 0.004, 0.0112, 2.5, 7, 12)
    chatty = figures.Figure("list", 0.004, 0.004, 2.5, 13, 12)
    for each in (slow, chatty):
        assert not each.is_within
        assert each.line().endswith("above its limit")
    unlimited = figures.Figure("import", 2.0, 11, 6)
    assert unlimited.is_within
    assert "2.0 s" in unlimited.line()
    assert unlimited.row()["queries"] is None


# --- The import ---------------------------------------------------------------


def test_the_import_is_compared_with_a_copy_of_its_own_rows_and_undone(demo, tmp_path):
    before = Account.objects.count(), Contact.objects.count(), Event.objects.count()
    file = tmp_path / "new.csv"
    importing.write_file(file, 30)
    copied, imported = importing.compare(file, rounds=1)
    assert 0 < copied < imported * 20
    assert (Account.objects.count(), Contact.objects.count(), Event.objects.count()) == before


# --- The stopwatch's browser --------------------------------------------------


class Parrot(http.server.BaseHTTPRequestHandler):
    """Says back what it was asked; hangs up after `/bye`."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        size = int(self.headers["Content-Length"])
        said = {
            "path": self.path,
            "method": self.command,
            "cookie": self.headers["Cookie"],
            "target": self.headers["HX-Target"],
            "body": self.rfile.read(size).decode(),
        }
        body = json.dumps(said).encode() + b" " * 300_000
        self.send_response(200)
        if self.path != "/uncounted":
            self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Queries", "4")
        self.send_header("Set-Cookie", "csrf=abc; Path=/; SameSite=Lax")
        self.send_header("Set-Cookie", "sid=def; Path=/; HttpOnly")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.path in {"/bye", "/uncounted"}

    do_GET = do_POST = answer  # noqa: N815 - as http.server calls them

    def log_message(self, *words):
        pass


@pytest.fixture
def parrot():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Parrot)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_browser_keeps_cookies_and_its_connection(parrot):
    with closing(browser.Browser(parrot)) as one:
        first = one.get("/x?q=1", HX_Target="list")
        assert (first.status, first.queries) == (200, 4)
        assert first.seconds > 0
        assert json.loads(first.body)["target"] == "list"
        kept = one._socket
        second = json.loads(one.post("/save", {"a": "ü&"}).body)
        assert one._socket is kept
        assert second["method"] == "POST"
        assert second["cookie"] == "csrf=abc; sid=def"
        assert second["body"] == "csrfmiddlewaretoken=abc&a=%C3%BC%26"


def test_the_browser_comes_back_when_it_was_hung_up_on(parrot):
    with closing(browser.Browser(parrot)) as one:
        one.get("/bye")
        assert one.get("/again").status == 200


def test_an_answer_of_unknown_length_ends_the_connection(parrot):
    with closing(browser.Browser(parrot)) as one:
        assert one.get("/uncounted").status == 200
        assert one.get("/next").status == 200


def test_a_browser_that_asked_nothing_closes_too():
    browser.Browser(1).close()


# --- All of it ----------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.processes
def test_the_command_runs_the_production_server_and_writes_its_figures(tmp_path):
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "MAINSTAY", "COV"))},
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "SECRET_KEY": "for-this-test-" * 5,
        "DEBUG": "0",
    }
    command = ["manage.py", "bench", "--size", "300", "--rounds", "3"]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    # And a few who were typed in twice.
    assert re.search(r"\b30\d customers, ", done.stdout), done.stderr
    found = json.loads((tmp_path / "bench.json").read_text())
    assert len(found) == 20
    assert all(set(each) == {"name", "ratio", "limit", "queries"} for each in found)
    above = [each for each in found if each["ratio"] > each["limit"]]
    assert done.returncode == (1 if above else 0), done.stderr
    assert all(each["name"] in done.stderr for each in above)
