"""A workspace in which much is due, and what became of it, for the test that kills its database.

`python -m tests.processes.restarted prepare|look`
"""

import json
import os
import sys
from datetime import time, timedelta

import django

OWNERS, LATE, ASLEEP = 3, 300, 30

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.core.management import call_command
    from django.utils import timezone

    from apps.history.models import Delivery, Event
    from apps.notifications.models import Letter, Notification
    from apps.tasks.models import Escalation, Task
    from tests.factories import accounts, calendars, notifications, tasks, users


def prepare():
    """Fill an empty database: late tasks, tasks to wake, and digests, all due by now."""
    call_command("migrate", verbosity=0)
    now, always = timezone.now(), calendars.CalendarFactory(time_zone="UTC")
    for weekday in range(7):
        calendars.OpeningFactory(calendar=always, weekday=weekday, opens=0, closes=1440)
    tasks.LevelFactory(policy=tasks.PolicyFactory(reminds=False))
    for _owner in range(OWNERS):
        owner = users.make_person()
        calendars.PersonCalendarFactory(user=owner, calendar=always)
        notifications.RhythmFactory(user=owner, digest_at=time(0), next_digest_at=now)
        account = accounts.AccountFactory(owner=owner)
        usual = {"account": account, "owner": owner}
        for _task in range(LATE // OWNERS):
            tasks.TaskFactory(due_at=now, **usual)
        off = {"snoozed_until": now, "snoozed_by": owner, "snooze_reason": "They are away"}
        for _task in range(ASLEEP // OWNERS):
            tasks.TaskFactory(due_at=now + timedelta(days=30), **off, **usual)


def look():
    """Return how often everything was said, and what is left to do."""

    def told(kind):
        return sorted(Event.objects.filter(kind=kind).values_list("subject_id", flat=True))

    notices = Notification.objects.filter(event__kind__startswith="tasks.")
    return {
        "escalated": told("tasks.escalated"),
        "together": len(told("tasks.escalated_together")),
        "levels": Escalation.objects.count(),
        "woken": told("tasks.woken"),
        "asleep": Task.objects.filter(snoozed_until__isnull=False).count(),
        "notices": sorted(notices.values_list("event", "user")),
        "digests": list(
            Letter.objects.filter(digest_on__isnull=False).values_list("user", flat=True)
        ),
        "letters": sorted(set(Letter.objects.values_list("state", flat=True))),
        "pending": Delivery.objects.filter(state="pending").count(),
    }


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare()
    else:
        sys.stdout.write(json.dumps(look()))
