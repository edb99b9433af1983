"""When the people of the demo workspace work, and who is away next week."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from apps.calendars import actions
from apps.calendars.models import Calendar
from apps.desk.demo.people import ATLANTIC, NORTHERN, ZONES
from apps.users.models import Team, User

MORNING, AFTERNOON = (540, 750), (810, 1050)  # 09:00-12:30, 13:30-17:30
WHOLE_DAY = (480, 1020)  # 08:00-17:00

# Name, country, region, hours of Monday to Thursday, of Friday.
TEAMS = {
    NORTHERN: ("London office", "GB", "ENG", [MORNING, AFTERNOON], [MORNING, (810, 960)]),
    ATLANTIC: ("New York office", "US", "NY", [WHOLE_DAY], [WHOLE_DAY]),
}
PART_TIME, AWAY, STANDS_IN = "Zofia Kowalczyk", "Luz Herrera", "Priya Raman"


def make(now):
    """Give both teams a calendar, one person a calendar of her own, and another one a week off.

    Args:
        now: the moment at which the demo is loaded.
    """
    people = {
        user.name: user for user in User.objects.filter(name__in=[PART_TIME, AWAY, STANDS_IN])
    }
    today = now.astimezone(ZoneInfo(ZONES[NORTHERN])).date()
    closing = today + timedelta(days=30 + (2 - today.weekday()) % 7)  # a Wednesday
    for team, (name, country, region, days, friday) in TEAMS.items():
        calendar = Calendar(name=name, time_zone=ZONES[team], country=country, region=region)
        actions.save_calendar(
            calendar,
            week=[days] * 4 + [friday, [], []],
            days_off=[(closing, 720, 1440, "Team afternoon")],
            teams=[Team.objects.get(name=team)],
        )
    own = Calendar(name="London, three days", time_zone=ZONES[NORTHERN], country="GB", region="ENG")
    actions.save_calendar(
        own,
        week=[[], [MORNING, AFTERNOON], [MORNING, AFTERNOON], [MORNING], [], [], []],
        people=[people[PART_TIME]],
    )
    monday = today + timedelta(days=7 - today.weekday())
    actions.go_away(
        people[AWAY],
        starts_on=monday,
        ends_on=monday + timedelta(days=4),
        stand_in=people[STANDS_IN],
        note="At my sister’s in Oaxaca, back on Monday.",
    )
