"""The manager's page: the tasks of a team, in groups, with figures and everybody's load."""

import functools
from dataclasses import dataclass, field, fields
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.core.cache import caches
from django.db import connection, models
from django.db.models import Count, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from apps.accounts.models import Account
from apps.core.pages import keyset
from apps.core.text import fold
from apps.tasks.models import Task
from apps.tasks.queries import crew as crews
from apps.tasks.queries import team_load, team_rows
from apps.tasks.queries.crew import Person

SIZE = 20  # a screen and a bit; more is one key away
PEOPLE = 5  # on a page that is grouped by person
FIRST = 4  # tasks of each of them
SHOWN_LOADS = 12
# Figures of so many tasks take a while; they may be some seconds old.
MANY, KEPT = 1000, 10

TABS = {
    "team": _l("Team"),
    "nobody": _l("Nobody"),
    "escalated": _l("Escalated"),
    "approval": _l("Waiting for approval"),
    "snoozed": _l("Put off"),
    "done": _l("Done today"),
}
# Shown where there are any.
RARE = {"approval"}
GROUPS = {
    "overdue": (_l("Overdue"), "alert"),
    "today": (_l("Today"), "clock"),
    "week": (_l("This week"), "calendar"),
    "later": (_l("Later"), "calendar"),
}


@dataclass(frozen=True)
class Question:
    """What a page of the team's queue asks for; the fields are the words of its address."""

    tab: str = "team"
    team: str = ""
    q: str = ""
    owner: str = ""
    queue: str = ""
    kind: str = ""
    priority: str = ""
    due: str = ""
    by: str = ""

    @property
    def pairs(self):
        """The answers that differ from what is usual."""
        given = ((name, getattr(self, name), usual) for name, usual in _usual())
        return [(name, value) for name, value, usual in given if value != usual]

    @property
    def is_narrowed(self):
        """Whether some tasks of the tab are left out."""
        return any(name not in {"tab", "team", "by"} for name, _value in self.pairs)


@functools.cache
def _usual():
    return [(each.name, each.default) for each in fields(Question)]


@dataclass(frozen=True)
class Days:
    """The moments at which groups end, by the clocks of whoever looks."""

    now: datetime
    tomorrow: datetime
    monday: datetime

    @classmethod
    def at(cls, at):
        """Return those of a moment."""
        today = timezone.localdate(at)
        zone = timezone.get_current_timezone()
        dawns = [
            datetime.combine(today + timedelta(days=days), time(), zone)
            for days in (1, 7 - today.weekday())
        ]
        return cls(at, *dawns)

    @property
    def today(self):
        """The midnight before."""
        return self.tomorrow - timedelta(days=1)

    def group(self, due_at):
        """Return the key of the group in which a task lies."""
        ends = {"overdue": self.now, "today": self.tomorrow, "week": self.monday}
        return next((key for key, end in ends.items() if due_at < end), "later")

    def questions(self):
        """Return what the tasks of each group have in common."""
        return {
            "overdue": Q(due_at__lt=self.now),
            "today": Q(due_at__gte=self.now, due_at__lt=self.tomorrow),
            "week": Q(due_at__gte=max(self.now, self.tomorrow), due_at__lt=self.monday),
            "later": Q(due_at__gte=max(self.tomorrow, self.monday)),
        }


@dataclass(frozen=True)
class Group:
    """Some tasks under one heading; a link leads to the rest of them."""

    key: str
    label: str
    icon: str
    count: int
    lines: list = field(default_factory=list)
    person: Person | None = None
    rest: str = ""

    @property
    def more(self):
        """How many are not shown, in words; nothing without a page of their own."""
        more = self.count - len(self.lines)
        words = ngettext("Show %(more)s more: %(name)s", "Show %(more)s more: %(name)s", more)
        return words % {"more": more, "name": self.label} if self.rest and more else ""


@dataclass(frozen=True)
class Tab:
    """One tab of the page."""

    key: str
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Standing:
    """How things stand, in figures: of the open tasks that are not put off."""

    count: int
    late: int
    nobodys: int


@dataclass(frozen=True)
class TeamPage:
    """What the page shows."""

    count: int  # of the tab
    standing: Standing
    tabs: list
    groups: list
    loads: list
    newer: str | None
    older: str | None


def scope(crew, *, user):
    """Return all tasks of a crew's people and queues that somebody may see, in whatever state."""
    tasks = Task.objects.visible_to(user)
    if crew.is_everybody:
        return tasks
    owned = Q(owner__in=[each.pk for each in crew.people])
    return tasks.filter(owned | Q(owner=None, queue__in=[pk for pk, _name in crew.queues]))


def matching(question, crew, *, user, at):
    """Return all tasks that a question is about.

    Args:
        question: the question.
        crew: its people.
        user: who looks.
        at: now.
    """
    if question.tab == "done":
        tasks = Task.objects.visible_to(user).filter(_done(crew, Days.at(at)))
    else:
        tasks = scope(crew, user=user).open().filter(_tabs(at)[question.tab])
    return _narrowed(tasks, question, at)


def _done(crew, days):
    done = Q(state=Task.State.DONE, closed_at__gte=days.today)
    return done if crew.is_everybody else done & Q(closed_by__in=[p.pk for p in crew.people])


def _tabs(at):
    """What the open tasks of each tab have in common."""
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=at)
    return {
        "team": awake,
        "nobody": awake & Q(owner=None),
        "escalated": Q(escalated__gt=0),
        "approval": awake & Q(kind=Task.Kind.APPROVAL),
        "snoozed": Q(snoozed_until__gt=at),
    }


def _narrowed(tasks, question, at):
    if question.owner == "none":
        tasks = tasks.filter(owner=None)
    elif question.owner:
        tasks = tasks.filter(owner=int(question.owner))
    for name in ("queue", "kind", "priority"):
        if value := getattr(question, name):
            tasks = tasks.filter(**{name: value})
    if question.due:
        tasks = tasks.filter(Days.at(at).questions()[question.due])
    for word in fold(question.q).split():
        here = Account.objects.filter(search_key__contains=word).values("pk")
        tasks = tasks.filter(Q(what__icontains=word) | Q(account__in=here))
    return tasks


def page(question, crew, *, user, at, cursor, url):
    """Read one page of the team's queue.

    Args:
        question: what is asked.
        crew: whose tasks.
        user: who looks.
        at: now.
        cursor: which page.
        url: path of the page, for links.
    """
    link = _Links(question, url)
    figures = _figures(question, crew, user, at)
    loads = figures.pop("loads")
    if question.by == "person" and question.tab not in {"nobody", "done"}:
        groups, newer, older = _by_person(question, crew, user, at, cursor, figures, link)
    else:
        groups, newer, older = _in_order(question, crew, user, at, cursor, figures)
    return TeamPage(
        count=figures[f"tab_{question.tab}"],
        tabs=[
            Tab(key, label, figures[f"tab_{key}"], link(tab=key))
            for key, label in TABS.items()
            if key not in RARE or key == question.tab or figures[f"tab_{key}"]
        ],
        standing=Standing(figures["tab_team"], figures["late"], figures["tab_nobody"]),
        groups=groups,
        loads=[
            team_load.drawn(each, link(tab="team", owner=str(each.person.pk))) for each in loads
        ],
        newer=newer and link(at=newer),
        older=older and link(at=older),
    )


# --- rows ---------------------------------------------------------------------


def _in_order(question, crew, user, at, cursor, figures):
    """Page through tasks by the moment that matters on this tab."""
    key, descending = {"done": ("closed_at", True), "snoozed": ("snoozed_until", False)}.get(
        question.tab, ("due_at", False)
    )
    tasks = matching(question, crew, user=user, at=at).values_list("pk", key, named=True)
    found = keyset(tasks, key=key, descending=descending, cursor=cursor, size=SIZE)
    has_ticks = question.tab != "done"
    lines = team_rows.lines([row.pk for row in found.rows], crew, at, has_ticks=has_ticks)
    if key == "due_at":
        groups = _by_due(lines, figures, Days.at(at))
    else:
        label = TABS[question.tab]
        groups = (
            [Group(question.tab, label, "check", figures[f"tab_{question.tab}"], lines)]
            if lines
            else []
        )
    return groups, found.newer, found.older


def _by_due(lines, figures, days):
    groups = {}
    for line in lines:
        groups.setdefault(days.group(line.due_at), []).append(line)
    return [
        Group(key, *GROUPS[key], figures[f"in_{key}"], groups[key])
        for key in GROUPS
        if key in groups
    ]


def _by_person(question, crew, user, at, cursor, figures, link):
    """Return the first tasks of some people, and where the next people begin.

    People are few enough to be known all; the cursor is the number of the first one.
    """
    tasks = matching(question, crew, user=user, at=at)
    counts = figures["by_owner"]
    people = [None, *crew.people] if None in counts else crew.people
    people = [each for each in people if (each and each.pk) in counts]
    start = next((n for n, each in enumerate(people) if each and str(each.pk) == cursor), 0)
    shown = people[start : start + PEOPLE]
    lines = {}
    for line in team_rows.lines(_firsts(tasks, shown), crew, at, has_ticks=True):
        lines.setdefault(line.owner, []).append(line)
    groups = [
        Group(
            key=str(pk or "nobody"),
            label=str(each) if each else _l("Nobody"),
            icon="user",
            count=counts[pk],
            lines=lines[pk],
            person=each,
            rest=link(owner=str(pk or "none"), by=""),
        )
        for each in shown
        for pk in [each and each.pk]
    ]
    newer = str(people[max(0, start - PEOPLE)].pk if start > PEOPLE else "first") if start else None
    older = str(people[start + PEOPLE].pk) if len(people) > start + PEOPLE else None
    return groups, newer, older


def _firsts(tasks, people):
    """Return ids of the first tasks of some people, and of nobody if that is among them."""
    first = tasks.filter(RawSQL(_THEIRS, (), models.BooleanField()))  # noqa: S611  ours
    sql, values = first.soonest_first().values("pk")[:FIRST].query.sql_with_params()
    asked = f"SELECT first.pk FROM unnest(%s::bigint[]) AS wanted(pk), LATERAL ({sql}) AS first"  # noqa: S608  ours
    values = [[each.pk for each in people if each], *values]
    if None in people:
        asked, values = (
            f"({sql.replace(_THEIRS, _NOBODYS)}) UNION ALL {asked}",
            [*values[1:], *values],
        )
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        return [pk for (pk,) in cursor]


_THEIRS, _NOBODYS = "tasks_task.owner_id = wanted.pk", "tasks_task.owner_id IS NULL"


# --- figures ------------------------------------------------------------------


def _figures(question, crew, user, at):
    """Count the tasks of each tab and of each group of this one, and add up everybody's load."""
    chosen = [each.pk for each in crew.chosen]
    key = f"team-queue-{user.pk}-{chosen}-{timezone.localdate(at)}-{urlencode(question.pairs)}"
    known = caches["process"].get(key)
    if known is None:
        known = _counts(question, crew, user, at)
        loads = crews.loads(crew.people, hours=crew.hours, at=at)
        known["loads"] = [each.without_hours() for each in loads[:SHOWN_LOADS]]
        if max(known["tab_team"], sum(each.count for each in loads)) > MANY:
            caches["process"].set(key, known, KEPT)
    return dict(known)


def _counts(question, crew, user, at):
    days, tabs = Days.at(at), _tabs(at)
    here = tabs.get(question.tab, Q())
    groups = {f"in_{key}": here & group for key, group in days.questions().items()}
    tasks = _narrowed(scope(crew, user=user).open(), question, at)
    # Not called as the columns are, which Django would take one for the other.
    asked = groups | {f"tab_{key}": each for key, each in tabs.items()}
    asked["late"] = tabs["team"] & Q(due_at__lt=at)
    counts = tasks.aggregate(**{key: Count("pk", filter=each) for key, each in asked.items()})
    done = Task.objects.visible_to(user).filter(_done(crew, days))
    counts["tab_done"] = _narrowed(done, question, at).count()
    if question.by:
        owned = matching(question, crew, user=user, at=at).order_by().values_list("owner")
        counts["by_owner"] = dict(owned.annotate(count=Count("pk")))
    return counts


class _Links:
    """Builds links to the same page, asked a little differently."""

    def __init__(self, question, url):
        self.asked, self.url = dict(question.pairs), url

    def __call__(self, **other):
        usual = Question()
        asked = self.asked | other
        pairs = ((key, value) for key, value in asked.items() if value != getattr(usual, key, ""))
        return _address(self.url, tuple(pairs))


@functools.lru_cache(maxsize=4096)
def _address(url, pairs):
    return f"{url}?{urlencode(pairs)}" if pairs else url
