"""What both teams of the demo workspace have to do: tasks in every state, with real load."""

import random
from datetime import timedelta
from itertools import cycle
from typing import NamedTuple

from django.db import connection

from apps.accounts.models import Account
from apps.calendars import rules as working
from apps.desk.demo.people import ATLANTIC, NORTHERN
from apps.history.models import Event
from apps.tasks.models import Handoff, Queue, Task
from apps.tasks.queries.working import hours_of_people, hours_of_teams
from apps.users.models import Team, User

SEED = 20_418
CALLS, CALLS_US, FALLBACK = "Northern follow-ups", "Atlantic follow-ups", "Nobody found"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# Kind, what is to be done, minutes, and what came of it once it is done.
WORK = [
    ("call", "Call back about the failed card", 15, "The new card works since this morning."),
    ("call", "Week 1 check-in call", 30, "They have set up both chairs. Next call in a week."),
    ("email", "Send the invoice credit", 15, ""),
    ("walkthrough", "Walk them through the waiting list", 60, "Nadia runs it herself now."),
    ("call", "Call before the renewal", 30, "They renew if the price holds for a year."),
    ("check", "Check that the card reader arrived", 15, ""),
    ("note", "Write to thank them for the review", 15, "Sent by post, with the new price list."),
    ("review", "Read usage together before Thursday", 45, "Two of five people never sign in."),
    ("email", "Send the steps for moving their data", 30, ""),
    ("call", "Call back after two voicemails", 15, "Reached them at last; they are staying."),
    ("walkthrough", "Show the new rota to the owner", 90, "They want it from next month on."),
    ("check", "Look whether imports ran overnight", 30, ""),
]
WHY = [
    "They are away until Monday.",
    "Waits for their accountant.",
    "The card reader is on its way.",
]


class Share(NamedTuple):
    """How many tasks somebody has: late, due today, this week and later; and how long each is."""

    late: int
    today: int
    week: int
    later: int
    times: int = 1


SHARES = {
    "amara": Share(3, 5, 9, 6),
    "rhodri": Share(5, 7, 14, 4, times=3),
    "zofia": Share(0, 2, 5, 3),
    "marcus": Share(1, 4, 10, 7),
    "luz": Share(2, 3, 6, 4),
    "priya": Share(0, 5, 12, 5, times=2),
}
# Working minutes from now on: late ones were due so long after a day last week.
SPANS = {"late": (30, 700), "today": (15, 300), "week": (500, 1900), "later": (2600, 9000)}


def make(now, size):
    """Give both teams queues, and their people and queues something to do.

    Args:
        now: the moment at which the demo is loaded.
        size: how many customers there are; few of them need few tasks.
    """
    people = {each.email.split("@")[0]: each for each in User.objects.select_related("team")}
    maker = _Maker(now, people, _queues())
    for name, share in SHARES.items():
        maker.give(people[name], share, at_most=max(1, size // 10))
    maker.wait()
    maker.close()
    maker.hand_off()
    if size >= LARGE:
        fill(size // 2, now)


def _queues():
    northern, atlantic = (Team.objects.get(name=name) for name in (NORTHERN, ATLANTIC))
    rows = [
        Queue(name=CALLS, team=northern),
        Queue(name=CALLS_US, team=atlantic, routing=Queue.Routing.ROUND_ROBIN),
        Queue(name=FALLBACK, team=northern, is_fallback=True),
    ]
    return {row.name: row for row in Queue.objects.bulk_create(rows)}


class _Maker:
    """Makes tasks with the events that tell of them.

    Args:
        now: the moment.
        people: by the part of their address before the @.
        queues: by name.
    """

    def __init__(self, now, people, queues):
        self.now, self.people, self.queues = now, people, queues
        self.rng = random.Random(SEED)  # noqa: S311 - a story, not a secret
        self.work = cycle(WORK)
        live = Account.objects.live().filter(churned_on=None).order_by("pk")
        self.accounts = cycle(live.select_related("timeline")[:400])
        self.hours = hours_of_people(people.values())
        self.team_hours = hours_of_teams({each.team for each in queues.values()})
        self.count = 0

    def give(self, person, share, *, at_most):
        """Give somebody their tasks."""
        hours = self.hours[person.pk]
        for part, (least, most) in SPANS.items():
            for number in range(min(getattr(share, part), at_most)):
                start = self.now - 4 * DAY if part == "late" else self.now
                due_at = working.add(hours, start, self.rng.randrange(least, most))
                if part == "late":  # however short the last days were
                    due_at = min(due_at, self.now - self.rng.randrange(20, 600) * HOUR / 60)
                more = self._state(person, part, number)
                self.task(person, due_at, times=share.times, **more)

    def _state(self, person, part, number):
        """Say what else is known of somebody's task."""
        if part == "late" and number < 2:
            return {"escalated": number + 1, "priority": 1}
        if part == "today" and number == 0:
            return {"state": Task.State.IN_PROGRESS, "priority": 2}
        if part == "week" and number in {1, 4}:
            until = working.add(self.hours[person.pk], self.now, 700 + 300 * number)
            why = self.rng.choice(WHY)
            return {"snoozed_until": until, "snoozed_by": person, "snooze_reason": why}
        return {}

    def wait(self):
        """Let some tasks wait for somebody."""
        for name, count in ((CALLS, 5), (CALLS_US, 2), (FALLBACK, 1)):
            queue = self.queues[name]
            hours = self.team_hours[queue.team_id]
            for number in range(count):
                due_at = working.add(hours, self.now, 30 + 110 * number)
                lost = queue.is_fallback
                self.task(
                    None, due_at, queue=queue, found_nobody=lost, priority=1 + (number + 1) % 3
                )

    def close(self):
        """Let people have done some of it by today, and cancelled a little."""
        for number in range(14):
            person = self.people[list(SHARES)[number % len(SHARES)]]
            at = self.now - timedelta(minutes=25 * number + 5)
            task = self.task(person, at + HOUR)
            task.outcome = next(done for kind, what, _m, done in WORK if what == task.what)
            task.state, task.closed_at, task.closed_by = Task.State.DONE, at, person
            if number % 7 == 6:
                task.state, task.outcome = Task.State.CANCELLED, "They have sorted it out."
            task.save()
            cancelled = task.state == Task.State.CANCELLED
            more = {"why": task.outcome} if cancelled else {"what": task.kind}
            more |= {} if cancelled else {"outcome": task.outcome}
            kind = "tasks.cancelled" if cancelled else "tasks.completed"
            self.tell(kind, task, at, person, **more)

    def hand_off(self):
        """Let two people ask a colleague to take something."""
        for sender, receiver, why in [
            ("rhodri", "amara", "You know them from the last renewal, and my day is full."),
            ("marcus", "priya", "They asked for somebody who speaks Hindi."),
        ]:
            asks, asked = self.people[sender], self.people[receiver]
            task = self.task(asks, working.add(self.hours[asked.pk], self.now, 240))
            at = self.now - timedelta(minutes=35)
            handoff = Handoff.objects.create(
                task=task, sender=asks, receiver=asked, why=why, sent_at=at
            )
            self.tell(
                *("tasks.handed_off", task, at, asks),
                receiver=str(asked),
                receiver_id=asked.pk,
                why=why,
                handoff=handoff.pk,
            )

    def task(self, person, due_at, *, times=1, **more):
        """Make one task."""
        kind, what, minutes, _outcome = next(self.work)
        account = next(self.accounts)
        self.count += 1
        made_at = min(due_at, self.now) - self.rng.randrange(3, 40) * HOUR
        maker = self.people[
            "helen" if account.team_id == self.people["helen"].team_id else "daniel"
        ]
        task = Task.objects.create(
            account=account,
            what=what,
            kind=kind,
            effort=minutes * times,
            owner=person,
            due_at=due_at,
            made_by=maker,
            made_at=made_at,
            cause=f"demo:{self.count}",
            **more,
        )
        queue = str(task.queue or "")
        self.tell("tasks.created", task, made_at, maker, queue=queue, due_at=due_at.isoformat())
        return task

    def tell(self, kind, task, at, by, **more):
        """Write what happened into the customer's history."""
        said = {"title": task.what, "owner": str(task.owner or ""), "owner_id": task.owner_id}
        Event.objects.create(
            timeline=task.account.timeline,
            kind=kind,
            happened_at=at,
            recorded_at=at,
            actor=by,
            payload=said | more,
            subject_label="tasks.task",
            subject_id=task.pk,
        )


# --- a large workspace --------------------------------------------------------

# From so many customers on, half of them have an open task.
LARGE = 10_000
# Most of it is the work of a third team, of so many people; an agent has some hundreds.
PACIFIC, PEOPLE = "Pacific", 60

_PEOPLE = """
WITH said AS (
    SELECT number, 'pacific' || number || '@demo.example' AS email
    FROM generate_series(1, %(people)s) AS number
), made AS (
    INSERT INTO users_user (email, password, name, team_id, time_zone, theme, has_shortcuts,
        is_active, is_staff, is_superuser, joined_at)
    SELECT email, '!', 'Colleague ' || number, %(team)s, 'Europe/London', 'system', true,
        true, false, false, %(now)s FROM said
    RETURNING id
), lines AS (
    INSERT INTO history_timeline (last_touch_at) SELECT NULL FROM made RETURNING id
)
INSERT INTO access_member (user_id, role, authority, timeline_id)
SELECT made.id, 'agent', 'agent', lines.id
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM made) AS made
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM lines) AS lines USING (place)
"""
_TASKS = """
INSERT INTO tasks_task (account_id, what, details, kind, priority, effort, owner_id, queue_id,
    found_nobody, due_at, state, snooze_reason, escalated, origin, cause, made_at, outcome, version)
SELECT id, (%(whats)s::text[])[1 + n %% cardinality(%(whats)s::text[])], '', 'check',
    1 + n %% 4, 15, CASE WHEN n %% 20 > 0 THEN owners.ids[1 + n %% cardinality(owners.ids)] END,
    %(queue)s, false, %(now)s + (n * 97 %% 129600) * interval '1 minute'
        - interval '2 days', 'open', '', 0, 'hand', 'fill:' || n, %(now)s - interval '3 days',
    '', 1
FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM accounts_account
    WHERE removed_at IS NULL AND merged_into_id IS NULL ORDER BY id LIMIT %(count)s
) AS customers
CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM users_user WHERE team_id = %(team)s
    OR email IN ('amara@demo.example', 'rhodri@demo.example', 'zofia@demo.example')) AS owners
"""


def fill(count, now):
    """Give a large workspace many open tasks, most of them a third team's; without a history.

    Args:
        count: how many.
        now: the moment at which the demo is loaded.
    """
    team = Team.objects.create(name=PACIFIC, time_zone="Europe/London")
    queue = Queue.objects.create(name="Pacific follow-ups", team=team)
    asked = {
        "team": team.pk,
        "queue": queue.pk,
        "count": count,
        "now": now,
        "people": PEOPLE,
        "whats": [what for _kind, what, _minutes, _outcome in WORK],
    }
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, asked)
        cursor.execute(_TASKS, asked)
