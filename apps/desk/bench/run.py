"""One run: every question against its baseline."""

import os
from functools import partial

from django.conf import settings
from django.urls import reverse

from apps.desk.bench import importing
from apps.desk.bench.figures import MOST_QUERIES, Figure, race
from apps.desk.bench.questions import A_SAVE, Saves, questions
from apps.desk.bench.views import EMPTY
from apps.desk.demo.people import PASSWORD, STAFF

SAVE, IMPORT = "logging a save", "import"
IMPORT_ROUNDS = 3


class CanNotSignIn(Exception):
    """The workspace is not the demo's."""

    def __init__(self):
        super().__init__(
            f"{STAFF[0].address} can't sign in: bench needs a database that holds nothing, or "
            "the demo workspace."
        )


# Who asks, by role: the first of each.
ASKERS = {entry.role: entry for entry in reversed(STAFF)}


def sign_in(browser, role="agent"):
    """Sign in by the form, as people do."""
    path = reverse("account_login")
    browser.get(path)
    browser.post(path, {"login": ASKERS[role].address, "password": PASSWORD})
    if browser.get(f"/{EMPTY}").status != 200:
        raise CanNotSignIn


def measure(browser, manager, *, size, rounds, only=""):
    """Measure everything, or what has some words in its name.

    Args:
        browser: of an agent who has signed in.
        manager: likewise of a manager.
        size: how many customers are imported.
        rounds: how often each page is asked for.
        only: part of a name.

    Yields:
        Figures, as they come.
    """
    empty = partial(browser.get, f"/{EMPTY}")
    for each in questions():
        if only in each.name:
            asker = manager if each.whose == "manager" else browser
            ask = partial(asker.get, each.path, **each.headers)
            times = race(ask, partial(asker.get, f"/{EMPTY}"), rounds=rounds)
            yield Figure(each.name, *times[:2], each.limit, times[2], MOST_QUERIES)
    if only in SAVE:
        times = race(Saves(browser).log, empty, rounds=rounds, status=302)
        yield Figure(SAVE, *times[:2], A_SAVE, times[2])
    if only in IMPORT:
        yield _import(size)


def _import(size):
    path = settings.VAR_DIR / f"import-{os.getpid()}.csv"
    try:
        importing.write_file(path, size)
        times = importing.compare(path, rounds=IMPORT_ROUNDS)
    finally:
        path.unlink(missing_ok=True)
    return Figure(f"{IMPORT} of {size:,} rows, beside COPY", *times, importing.LIMIT)
