"""Which Chromium the browser tests drive, and what happens when there is none.

On a person's machine they are left out with a reason; in continuous integration they fail.
"""

import os
import shutil

import pytest

# The first has no window to draw, which saves a quarter of the time of a journey.
NAMES = (
    "chromium-headless-shell",
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)
MISSING = (
    "no Chromium was found: install one (Debian: apt-get install chromium-headless-shell) "
    "or name it with CHROMIUM=/path"
)
# As root Chromium has no sandbox; the rest keeps it from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def path():
    """Return the Chromium to use, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def is_mandatory():
    """Say whether browser tests must run."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def pytest_report_header():
    if path() is None:
        return f"browser tests: {'must run, but' if is_mandatory() else 'left out,'} {MISSING}"
    return None


def pytest_collection_modifyitems(items):
    # What counts as covered must be covered where there is no browser, and counting costs time.
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker("no_cover")


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") and path() is None:
        if is_mandatory():
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Make Playwright start the system's Chromium."""
    return {**browser_type_launch_args, "executable_path": path(), "args": FLAGS}
