"""When the people of the demo workspace work."""

import datetime

from apps.calendars import queries
from apps.calendars.models import OutOfOffice
from apps.desk.demo import people, working_time
from apps.users.models import User
from tests.conftest import NOW


def test_two_teams_a_part_timer_and_somebody_away_next_week(db):
    people.make(NOW)
    working_time.make(NOW)

    hours = queries.hours_of_all(User.objects.all())
    by_name = {user.name: hours[user.pk] for user in User.objects.all()}
    assert by_name["Amara Okafor"].zone == "Europe/London"
    assert (by_name["Marcus Bell"].country, by_name["Marcus Bell"].region) == ("US", "NY")
    assert sum(map(bool, by_name["Zofia Kowalczyk"].week)) == 3
    away = OutOfOffice.objects.get()
    assert (away.user.name, away.stand_in.name) == ("Luz Herrera", "Priya Raman")
    assert away.starts_on == datetime.date(2026, 6, 15)
