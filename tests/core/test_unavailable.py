"""A database that is away or too slow is said apart from an error of ours."""

import pytest
from django.db import OperationalError
from django.urls import reverse

from apps.desk.queries import today_page


@pytest.fixture
def failing(monkeypatch, as_agent):
    """Make Today fail in a chosen way: `failing(error)`."""
    as_agent.raise_request_exception = False

    def fail_with(error):
        def fail(user, **asked):
            raise error

        monkeypatch.setattr(today_page, "today_page", fail)
        return as_agent.get(reverse("desk:today"))

    return fail_with


def test_a_database_that_is_away_asks_for_patience(failing):
    response = failing(OperationalError("terminating connection"))

    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Nothing was saved just now" in response.content.decode()


def test_an_error_of_ours_shows_the_code_that_the_log_has(failing, caplog):
    response = failing(RuntimeError("a bug"))

    assert response.status_code == 500
    line = next(record.getMessage() for record in caplog.records if "Error " in record.getMessage())
    assert line.split()[1] in response.content.decode()
