import pytest

from apps.calendars import actions
from apps.calendars.models import Calendar

WEEK = [[(540, 750), (810, 1050)]] * 5 + [[], []]


@pytest.fixture
def london(db):
    calendar = Calendar(name="London", time_zone="Europe/London", country="GB", region="ENG")
    return actions.save_calendar(calendar, week=WEEK)
