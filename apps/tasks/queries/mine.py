"""My queue: what somebody has to do, by when it is due, and what waits for an answer of theirs."""

import functools
import json
from collections import namedtuple
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts import family
from apps.calendars import queries as calendars
from apps.core.addresses import address
from apps.core.sql import planned
from apps.core.sql import rows as sql_rows
from apps.core.templatetags.mainstay import moment
from apps.tasks import origins
from apps.tasks.queries import escalation
from apps.tasks.queries.left import length
from apps.tasks.queries.mine_rows import Look, made
from apps.tasks.queries.working import usual
from apps.tasks.rules import GRACE

# So many of a group are shown, more of what comes first; of one that is asked for, so many.
SHOWN = {"overdue": 15, "today": 15, "week": 10, "later": 5, "off": 5}
SHOWN_OF_ONE = 500
# What was closed a moment ago, and can be opened again.
JUST_NOW = 5
# The navigation counts no further; it then says "99+".
MOST = 99

# When what somebody has is in which group, and by what it stands there; what was put off is a
# group of its own.
_AWAKE = "(task.snoozed_until IS NULL OR task.snoozed_until <= %(at)s)"
_PARTS = {
    "overdue": (f"task.due_at <= %(at)s AND {_AWAKE}", "due_at"),
    "today": (f"task.due_at > %(at)s AND task.due_at < %(tomorrow)s AND {_AWAKE}", "due_at"),
    "week": (f"task.due_at >= %(tomorrow)s AND task.due_at < %(monday)s AND {_AWAKE}", "due_at"),
    "later": (f"task.due_at >= %(monday)s AND {_AWAKE}", "due_at"),
    "off": ("task.snoozed_until > %(at)s", "snoozed_until"),
}
_OWN = """
    FROM tasks_task AS task
    WHERE task.owner_id = %(user)s AND task.state IN ('open', 'in_progress')
        AND task.account_id NOT IN (SELECT id FROM gone)
"""
_FIRST = " UNION ALL ".join(
    f"""(
        SELECT task.*, '{key}' AS part, task.{moment} AS moment {_OWN} AND {belongs}
        ORDER BY task.{moment}, task.id
        LIMIT CASE %(show)s WHEN '{key}' THEN {SHOWN_OF_ONE} ELSE {SHOWN[key]} END
    )"""
    for key, (belongs, moment) in _PARTS.items()
)
_WHICH = " ".join(f"WHEN {belongs} THEN '{key}'" for key, (belongs, _by) in _PARTS.items())
# SQL, as for the other lists that are opened all day: all are counted, those that are shown are
# found by an index, and only they cost a look at their customer.
_MINE = f"""
    WITH gone AS MATERIALIZED ({{out_of_sight}}), groups AS MATERIALIZED (
        SELECT CASE {_WHICH} END AS part, count(*), sum(task.effort) AS minutes {_OWN} GROUP BY 1
    ), first AS MATERIALIZED ({_FIRST})
    SELECT first.id, what, kind, priority, due_at, coalesce(due_after, made_at), state,
        snoozed_until, snooze_reason, escalated, origin, part, groups.count, groups.minutes,
        customer.id, customer.name, queue.name, coalesce(nullif(receiver.name, ''), receiver.email)
    FROM first JOIN groups USING (part) {family.in_sight("first.account_id")}
    LEFT JOIN tasks_queue AS queue ON queue.id = first.queue_id
    LEFT JOIN tasks_handoff AS handoff ON handoff.task_id = first.id AND handoff.answer = ''
    LEFT JOIN users_user AS receiver ON receiver.id = handoff.receiver_id
    ORDER BY first.moment, first.id
"""  # noqa: S608  ours
_WAITING = """
    SELECT queue.id AS pk, queue.name, waits.count
    FROM tasks_queue AS queue
    JOIN users_team AS team ON team.id = queue.team_id
    JOIN LATERAL (
        SELECT count(*) FROM tasks_task AS task
        WHERE task.queue_id = queue.id AND task.owner_id IS NULL
            AND task.state IN ('open', 'in_progress')
            AND (task.snoozed_until IS NULL OR task.snoozed_until <= %(at)s)
            AND task.account_id NOT IN ({out_of_sight})
    ) AS waits ON waits.count > 0
    WHERE team.id = %(team)s::bigint OR team.lead_id = %(user)s OR team.manager_id = %(user)s
    ORDER BY queue.name
"""
_JUST_NOW = f"""
    SELECT task.id AS pk, task.what, task.state
    FROM tasks_task AS task {family.in_sight("task.account_id")}
    WHERE task.closed_by_id = %(user)s AND task.closed_at > %(lately)s
    ORDER BY task.closed_at DESC, task.id DESC LIMIT {JUST_NOW}
"""  # noqa: S608  ours
_TO_ANSWER = f"""
    SELECT handoff.id AS pk, task.id AS task, task.what, task.due_at, customer.name AS customer,
        coalesce(nullif(sender.name, ''), sender.email) AS sender, handoff.why, handoff.summary
    FROM tasks_handoff AS handoff
    JOIN users_user AS sender ON sender.id = handoff.sender_id
    JOIN tasks_task AS task ON task.id = handoff.task_id {family.in_sight("task.account_id")}
    WHERE handoff.receiver_id = %(user)s AND handoff.answer = ''
        AND task.state IN ('open', 'in_progress')
    ORDER BY handoff.sent_at, handoff.id
"""  # noqa: S608  ours
_Values = namedtuple(
    "_Values",
    "pk what kind priority due_at since state snoozed_until snooze_reason escalated origin part"
    " count minutes account customer queue receiver",
)
# What stands beside the groups: the queues in which something waits that the reader can take, the
# hand-offs that wait for their answer, the longest waiting first, what they closed a moment ago,
# and their working time.
_BESIDE = f"""
    SELECT {{waiting}}, {sql_rows(_TO_ANSWER)}::text, {sql_rows(_JUST_NOW)}::text,
        {calendars.OF_PERSON}
"""
OVERDUE = f"""
    SELECT count(*) FROM (
        SELECT FROM tasks_task AS task {family.in_sight("task.account_id")}
        WHERE task.owner_id = %(user)s AND task.state IN ('open', 'in_progress')
            AND task.due_at <= %(at)s
            AND (task.snoozed_until IS NULL OR task.snoozed_until <= %(at)s)
        LIMIT {MOST + 1}
    ) AS overdue
"""  # noqa: S608  ours


@dataclass(frozen=True)
class Group:
    """Tasks that are due at about the same time."""

    key: str
    name: str
    icon: str
    count: int
    rows: list  # those that are shown

    @property
    def is_hot(self):
        """Whether they are late."""
        return self.key == "overdue"

    @property
    def more(self):
        """How many are not shown."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue, and how many tasks wait in it for somebody."""

    pk: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A hand-off that waits for an answer."""

    pk: int
    task: int
    what: str
    due_at: str
    customer: str
    sender: str
    why: str
    summary: str

    @property
    def url(self):
        """The page of the task."""
        return address("tasks:detail", self.task)

    @property
    def due(self):
        """When it is due."""
        return moment(datetime.fromisoformat(self.due_at), "in")


@dataclass(frozen=True, slots=True)
class Closed:
    """A task that somebody closed a moment ago."""

    pk: int
    what: str
    state: str

    @property
    def url(self):
        """The page of the task."""
        return address("tasks:detail", self.pk)


@dataclass(frozen=True)
class MyQueue:
    """Everything on the page of one person's tasks."""

    groups: list  # that have any, without what was put off
    put_off: Group | None
    count: int  # open and not put off
    overdue: int
    work: str  # how long all of it takes
    to_answer: list  # hand-offs
    queues: list  # in which something waits that this person can take
    just_now: list  # closed a moment ago
    show: str

    @property
    def waiting(self):
        """How many tasks wait for somebody."""
        return sum(queue.count for queue in self.queues)

    @property
    def said(self):
        """How much there is to do, as a sentence."""
        if not self.count:
            return _("Nothing to do.")
        words = ngettext("%(count)s open task", "%(count)s open tasks", self.count)
        words = words % {"count": self.count}
        return _("%(tasks)s, %(time)s of work.") % {"tasks": words, "time": self.work}


def my_queue(user, *, at, show="", focus=None):
    """Read what somebody has to do, in their zone and working time.

    Args:
        user: whose.
        at: now.
        show: key of the group of which more is shown; anything else shows none longer.
        focus: id of the task that the person is on next.
    """
    show = show if show in _GROUPS else ""
    rows = _rows(user, at=at, show=show)
    waiting, asked, closed, calendar = _beside(user, at=at)
    hours = calendars.read(calendar) or usual(user.time_zone)
    about = origins.of([(row.pk, row.origin) for row in rows])
    parts = {key: [row for row in rows if row.part == key] for key in _GROUPS}
    look = Look(at, hours, escalation.risks(), about, focus)
    groups = {key: _group(key, found, look) for key, found in parts.items() if found}
    put_off = groups.pop("off", None)
    minutes = sum(parts[key][0].minutes for key in groups)
    return MyQueue(
        groups=list(groups.values()),
        put_off=put_off,
        count=sum(group.count for group in groups.values()),
        overdue=groups["overdue"].count if "overdue" in groups else 0,
        work=length(minutes),
        to_answer=[Asked(**each) for each in json.loads(asked)],
        queues=[Waiting(**each) for each in json.loads(waiting)],
        just_now=[Closed(**each) for each in json.loads(closed)],
        show=show,
    )


def _rows(user, *, at, show):
    with _cursor(user) as cursor:
        values = {
            "user": user.pk,
            "hidden": list(user.hidden_teams),
            "at": at,
            "show": show,
            **_ends(at),
        }
        cursor.execute(_asked(_MINE, family.out_of_sight(user)), values)
        return list(map(_Values._make, cursor))


def _beside(user, *, at):
    with _cursor(user) as cursor:
        values = {
            "user": user.pk,
            "team": user.team_id,
            "hidden": list(user.hidden_teams),
            "at": at,
            "lately": at - GRACE,
        }
        cursor.execute(_asked(_BESIDE, family.out_of_sight(user)), values)
        return cursor.fetchone()


def _cursor(user):
    # How many customers teams have that somebody does not see changes how they are best found.
    return connection.cursor() if user.hidden_teams else planned()


@functools.cache
def _asked(statement, out_of_sight):
    """Put a statement together for those who see all teams, or for those who do not."""
    waiting = _WAITING.format(out_of_sight=out_of_sight)
    return statement.format(out_of_sight=out_of_sight, waiting=f"{sql_rows(waiting)}::text")


def _ends(at):
    """The moments at which the reader's day and week end."""
    today = timezone.localtime(at).date()
    ends = {"tomorrow": 1, "monday": 7 - today.weekday()}
    return {
        name: timezone.make_aware(datetime.combine(today + timedelta(days=count), time()))
        for name, count in ends.items()
    }


_GROUPS = {
    "overdue": (gettext_lazy("Overdue"), "alert"),
    "today": (gettext_lazy("Today"), "clock"),
    "week": (gettext_lazy("This week"), "calendar"),
    "later": (gettext_lazy("Later"), "calendar"),
    "off": (gettext_lazy("Put off"), "hourglass"),
}


def _group(key, rows, look):
    name, icon = _GROUPS[key]
    return Group(key, str(name), icon, rows[0].count, [made(row, look) for row in rows])


@dataclass(frozen=True)
class Overdue:
    """What the navigation says beside Tasks."""

    count: int

    @property
    def figure(self):
        """The count as it fits there."""
        return str(self.count) if self.count <= MOST else f"{MOST}+"


def overdue(user, *, at):
    """Count what somebody should have done by now: by a small index, as every page shows it."""
    with planned() as cursor:
        values = {"user": user.pk, "hidden": list(user.hidden_teams), "at": at}
        cursor.execute(OVERDUE, values)
        return Overdue(cursor.fetchone()[0])
