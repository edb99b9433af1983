"""Doing something with many tasks, of which one can't be done."""

import pytest
from django.db import OperationalError

from apps.tasks.actions.common import one_by_one


def test_one_that_fails_stops_no_other(caplog, now):
    def act(pk, *, at):
        if pk == 2:
            raise ValueError("A broken row.")
        return pk != 3

    assert one_by_one([1, 2, 3, 4], act, at=now) == 2
    assert "act failed for 2." in caplog.text


def test_without_a_database_nothing_goes_on(now):
    def act(pk, *, at):
        raise OperationalError("Gone.")

    with pytest.raises(OperationalError):
        one_by_one([1, 2], act, at=now)
