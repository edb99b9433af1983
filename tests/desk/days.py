"""What a day holds, and the page that tells of it."""

from datetime import timedelta

from apps.desk.queries import today_page
from apps.saves.models import Rung
from tests.factories.saves import SaveCaseFactory, WatchFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def undecided(account, agent, call_back_at, **more):
    opened_at = more.pop("opened_at", call_back_at - 2 * DAY)
    return SaveCaseFactory(
        account=account,
        agent=agent,
        outcome="undecided",
        call_back_at=call_back_at,
        opened_at=opened_at,
        **more,
    )


def stayed(agent, opened_at, rung=None, **more):
    case = SaveCaseFactory(agent=agent, opened_at=opened_at, **more)
    if rung:
        more = {"why": "silent"} if rung == Rung.UNKNOWN else {}
        WatchFactory(case=case, account=case.account, rung=rung, **more)
    return case


def page_of(user, now, **more):
    return today_page.today_page(user, at=now, **more)


def groups(page):
    return {
        group.key: [row.customer for row in group.rows] for group in page.waiting.call_backs.groups
    }
