"""Hearing what happens with customers and colleagues, for the tasks that it concerns."""

from django.utils import timezone

from apps.history import kinds
from apps.history.subscriptions import subscribe
from apps.tasks.actions import covering, recounting, snoozing


def wake_for(event):
    """Wake the tasks of a customer who did something."""
    snoozing.hear(event, at=timezone.now())


def recount_for(event):
    """Look at all moments in working time, since somebody's working time is another one."""
    recounting.ask(event, at=timezone.now())


def offer_for(event):
    """Offer a stand-in what is due while somebody is away."""
    covering.offer(event, at=timezone.now())


def take_back_for(event):
    """Take that back when they are not away after all."""
    covering.take_back(event, at=timezone.now())


# A person of another team has its calendar, and who has none the usual hours of their zone.
WORKING_TIME = ["access.calendar_saved", "access.team_changed", "access.team_saved"]
WORKING_TIME += ["access.time_zone_changed"]

# Contact, and that they leave or stay after all; what else is written down, we did.
DOINGS = [name for name in kinds.names() if kinds.get(name).is_touch]
DOINGS += ["accounts.churned", "accounts.returned"]

# A file says of a hundred thousand customers at once that they have left: that is old news.
subscribe("tasks.wake", DOINGS, wake_for, hears_sets=False)
subscribe("tasks.recount", WORKING_TIME, recount_for)
subscribe("tasks.offer", ["access.went_away"], offer_for)
subscribe("tasks.take_back", ["access.came_back"], take_back_for)
