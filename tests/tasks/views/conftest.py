"""What all tests of the pages of one task ask."""

import pytest
import time_machine


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def url(task):
    return task.get_absolute_url()
