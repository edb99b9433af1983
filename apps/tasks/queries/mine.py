"""My queue: what somebody has to do, by when it is due, and what waits for an answer of theirs."""

import functools
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts import family
from apps.core.addresses import address
from apps.core.sql import planned
from apps.core.templatetags.mainstay import moment
from apps.tasks import origins
from apps.tasks.models import Handoff, Task
from apps.tasks.queries import escalation
from apps.tasks.queries.left import Left, left, length
from apps.tasks.queries.people import queues_of
from apps.tasks.queries.working import hours_for
from apps.tasks.rules import GRACE

# So many of a group are shown; of one that is asked for, so many more.
SHOWN, SHOWN_OF_ONE = 15, 500
# What was closed a moment ago, and can be opened again.
JUST_NOW = 5
# The navigation counts no further; it then says "99+".
MOST = 99

# SQL, as for the other lists that are opened all day: each row costs a look at its customer, and
# the groups are counted and cut in the same round trip. What was put off is a group of its own.
_MINE = f"""
    WITH mine AS MATERIALIZED (
        SELECT task.id, task.what, task.kind, task.priority, task.effort, task.due_at,
            coalesce(task.due_after, task.made_at) AS since, task.state, task.snoozed_until,
            task.snooze_reason, task.escalated, task.origin, task.queue_id,
            customer.id AS account, customer.name AS customer, customer.tier,
            CASE
                WHEN task.snoozed_until > %(at)s THEN 'off'
                WHEN task.due_at <= %(at)s THEN 'overdue'
                WHEN task.due_at < %(tomorrow)s THEN 'today'
                WHEN task.due_at < %(monday)s THEN 'week'
                ELSE 'later'
            END AS part
        FROM tasks_task AS task {family.in_sight("task.account_id", "tier")}
        WHERE task.owner_id = %(user)s AND task.state IN ('open', 'in_progress')
    ), placed AS (
        SELECT *,
            count(*) OVER (PARTITION BY part) AS count,
            sum(effort) OVER (PARTITION BY part) AS minutes,
            row_number() OVER (
                PARTITION BY part
                ORDER BY CASE WHEN part = 'off' THEN snoozed_until ELSE due_at END, id
            ) AS place
        FROM mine
    )
    SELECT placed.id AS pk, what, kind, priority, effort, due_at, since, state, snoozed_until,
        snooze_reason, escalated, origin, account, customer, tier, part, count, minutes,
        queue.name AS queue,
        coalesce(nullif(receiver.name, ''), receiver.email) AS receiver
    FROM placed
    LEFT JOIN tasks_queue AS queue ON queue.id = placed.queue_id
    LEFT JOIN tasks_handoff AS handoff ON handoff.task_id = placed.id AND handoff.answer = ''
    LEFT JOIN users_user AS receiver ON receiver.id = handoff.receiver_id
    WHERE place <= %(shown)s OR part = %(show)s AND place <= {SHOWN_OF_ONE}
    ORDER BY CASE WHEN part = 'off' THEN snoozed_until ELSE due_at END, placed.id
"""  # noqa: S608  ours
OVERDUE = f"""
    SELECT count(*) FROM (
        SELECT FROM tasks_task AS task {family.in_sight("task.account_id")}
        WHERE task.owner_id = %(user)s AND task.state IN ('open', 'in_progress')
            AND task.due_at <= %(at)s
            AND (task.snoozed_until IS NULL OR task.snoozed_until <= %(at)s)
        LIMIT {MOST + 1}
    ) AS overdue
"""  # noqa: S608  ours


@dataclass(slots=True)
class Row:
    """A task in a list of one person's."""

    pk: int
    what: str
    url: str
    kind: str
    customer: str
    customer_url: str
    about: origins.About | None  # what it was made for
    words: tuple  # what else is known of it
    left: Left
    priority: int
    is_escalated: bool
    is_started: bool
    needs_outcome: bool
    receiver: str  # who was asked to take it, and has not answered
    wakes: str  # until when and why it was put off

    @property
    def meta(self):
        """For whom it is, and what else is known of it."""
        return _meta(self.customer_url, self.customer, self.about, self.words)


# A page that is opened again says the same of most rows.
@functools.lru_cache(maxsize=4096)
def _meta(customer_url, customer, about, words):
    made_for = about and format_html('<a href="{}">{}</a>', about.url, about.words)
    return format_html(
        '<p class="meta"><a href="{}">{}</a>{}{}</p>',
        customer_url,
        customer,
        made_for or "",
        format_html_join("", "<span>{}</span>", ((word,) for word in words)),
    )


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


def my_queue(user, *, at, show=""):
    """Read what somebody has to do, in their zone and working time.

    Args:
        user: whose.
        at: now.
        show: key of the group of which more is shown; anything else shows none longer.
    """
    show = show if show in _GROUPS else ""
    rows = _rows(user, at=at, show=show)
    hours = hours_for(user, None)
    about = origins.of([(row["pk"], row["origin"]) for row in rows])
    rows = [row | {"about": about.get(row["pk"])} for row in rows]
    parts = {key: [row for row in rows if row["part"] == key] for key in _GROUPS}
    groups = {key: _group(key, found, at=at, hours=hours) for key, found in parts.items() if found}
    put_off = groups.pop("off", None)
    minutes = sum(parts[key][0]["minutes"] for key in groups)
    return MyQueue(
        groups=list(groups.values()),
        put_off=put_off,
        count=sum(group.count for group in groups.values()),
        overdue=groups["overdue"].count if "overdue" in groups else 0,
        work=length(minutes),
        to_answer=to_answer(user),
        queues=waiting_queues(user, at=at),
        just_now=closed_just_now(user, at=at),
        show=show,
    )


def _rows(user, *, at, show):
    with planned() as cursor:
        values = {
            "user": user.pk,
            "hidden": list(user.hidden_teams),
            "at": at,
            "shown": SHOWN,
            "show": show,
            **_ends(at),
        }
        cursor.execute(_MINE, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


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


def _group(key, rows, *, at, hours):
    name, icon = _GROUPS[key]
    risks = escalation.risks()
    made = [_row(row, at=at, hours=hours, risks=risks) for row in rows]
    return Group(key, str(name), icon, rows[0]["count"], made)


def _row(row, *, at, hours, risks):
    # Of what was made for something that thing says more than the kind.
    words = [] if row["about"] else [Task.Kind(row["kind"]).label]
    if row["priority"] < Task.Priority.NORMAL:
        words.insert(0, Task.Priority(row["priority"]).label)
    if row["queue"]:
        words.append(row["queue"])
    if row["origin"] != Task.Origin.HAND and row["about"] is None:
        words.append(Task.Origin(row["origin"]).label)
    wakes = ""
    if row["part"] == "off":
        told = {"at": moment(row["snoozed_until"], "in"), "why": row["snooze_reason"]}
        wakes = _("Until %(at)s: %(why)s") % told
    return Row(
        pk=row["pk"],
        what=row["what"],
        url=address("tasks:detail", row["pk"]),
        kind=row["kind"],
        customer=row["customer"],
        customer_url=address("desk:customer", row["account"]),
        about=row["about"],
        words=tuple(map(str, words)),
        left=left(
            row["due_at"],
            since=row["since"],
            at=at,
            hours=hours,
            risk=risks[row["kind"], row["priority"]],
        ),
        priority=row["priority"],
        is_escalated=row["escalated"] > 0,
        is_started=row["state"] == Task.State.IN_PROGRESS,
        needs_outcome=Task.asks_for_outcome(row["kind"], row["origin"]),
        receiver=row["receiver"] or "",
        wakes=wakes,
    )


def to_answer(user):
    """Return the hand-offs that somebody is asked to take, the longest waiting first."""
    sent = Handoff.objects.filter(receiver=user, answer=Handoff.Answer.PENDING)
    related = ("sender", "task__account__merged_into")
    asked = list(sent.select_related(*related).order_by("sent_at", "pk"))
    # In a question of its own: asked as one, all open tasks might be looked at.
    tasks = Task.objects.filter(pk__in=[each.task_id for each in asked])
    seen = set(tasks.open().visible_to(user).values_list("pk", flat=True)) if asked else ()
    return [each for each in asked if each.task_id in seen]


def waiting_queues(user, *, at):
    """Return the queues from which somebody takes tasks and in which some wait, with how many."""
    found = Task.objects.waiting().awake(at).visible_to(user).filter(queue__in=queues_of(user))
    counted = found.values_list("queue", "queue__name").annotate(count=Count("pk"))
    return [Waiting(*each) for each in counted.order_by("queue__name")]


def closed_just_now(user, *, at):
    """Return what somebody closed so lately that they can take it back, the last one first."""
    mine = Task.objects.filter(closed_by=user, closed_at__gt=at - GRACE).visible_to(user)
    return list(mine.order_by("-closed_at", "-pk")[:JUST_NOW])


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
