"""Today: how the month goes, and the five before it.

A call that another one continues is no attempt of its own: the last outcome counts. A save
counts as a success when it is verified, which takes 30 days; until then it is too early to say.
"""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _

from apps.accounts import family
from apps.core.addresses import address
from apps.core.templatetags.mainstay import svg
from apps.saves.models import Outcome, Rung
from apps.saves.queries import watches
from apps.saves.queries.watches import ENOUGH

COUNT = 6  # months
NAMED = 5  # saves on watch

# What became of those who stayed: the rungs of their watch, with another name for leaving
# later, since leaving is also an outcome.
VERIFIED = (Rung.VERIFIED_30, Rung.VERIFIED_90, Rung.VERIFIED_180)
LOST = (Rung.TRIED_AGAIN, "left_later")
WENT_ON = "went_on"
STAYED = (*VERIFIED, *LOST, Rung.DEFLECTED, Rung.UNKNOWN)

# How the calls of some agents ended, by agent and by month: the parameter `months` holds the
# first moment of each. `who` gives their ids, `sight` what else is asked of a call.
ENDS = """
    SELECT month, agent, ending, count(*) AS count FROM (
        SELECT width_bucket(call.opened_at, %(months)s::timestamptz[]) AS month,
            call.agent_id AS agent,
            CASE
                WHEN next.id IS NOT NULL THEN 'went_on'
                WHEN call.outcome <> 'stayed' THEN call.outcome
                WHEN watch.rung = 'left' THEN 'left_later'
                ELSE coalesce(watch.rung, 'unknown')
            END AS ending
        FROM saves_savecase AS call
        LEFT JOIN saves_savecase AS next ON next.continues_id = call.id
        LEFT JOIN saves_watch AS watch ON watch.case_id = call.id
        WHERE call.agent_id IN (SELECT id FROM ({who}) AS who) AND call.opened_at BETWEEN %(since)s AND %(at)s {sight}
    ) AS ended
    GROUP BY month, agent, ending
"""
# Whose calls are kept from a reader who must not know the customer. Customers who were removed
# count: a number must not rise by removing somebody.
IN_SIGHT = """
    AND NOT EXISTS (
        SELECT FROM accounts_account AS own
        JOIN accounts_account AS root ON root.id = coalesce(own.merged_into_id, own.id)
        WHERE own.id = call.account_id AND root.team_id = ANY(%(hidden)s::bigint[])
    )
"""


@dataclass
class Month:
    """How the calls of a month ended."""

    first: dt.date
    ends: Counter = field(default_factory=Counter)

    @property
    def name(self):
        """The month in a sentence or a table."""
        return MONTHS[self.first.month]

    @property
    def short(self):
        """The month below a bar."""
        return MONTHS_3[self.first.month].title()

    @property
    def calls(self):
        """All that were logged."""
        return self.ends.total()

    def count(self, *ends):
        """How many calls ended in one of these ways."""
        return sum(self.ends[end] for end in ends)

    @property
    def stayed(self):
        """Attempts that ended with a customer who stays, whatever became of it."""
        return self.count(*STAYED)

    @property
    def verified(self):
        """Those of them that proved themselves."""
        return self.count(*VERIFIED)

    @property
    def left(self):
        """Attempts that ended with a customer who leaves."""
        return self.count(Outcome.LEFT)

    @property
    def said(self):
        """How the month went, in a sentence or two."""
        if not self.calls:
            return _("No calls yet.")
        stayed = [
            _("%(count)s stayed") % {"count": self.stayed},
            *self._parts(
                (VERIFIED, _("%(count)s of them verified")),
                ([Rung.DEFLECTED], _("%(count)s too early to say")),
                (LOST, _("%(count)s didn’t last")),
                ([Rung.UNKNOWN], _("%(count)s unknown")),
            ),
        ]
        others = self._parts(
            ([Outcome.LEFT], _("%(count)s left")),
            ([Outcome.UNDECIDED], _("%(count)s undecided")),
            ([WENT_ON], _("%(count)s went on in another call")),
        )
        return " ".join(f"{', '.join(parts)}." for parts in (stayed, others) if parts)

    def _parts(self, *pairs):
        counts = [(self.count(*ends), words) for ends, words in pairs]
        return [words % {"count": count} for count, words in counts if count]


@dataclass(frozen=True, slots=True)
class Bar:
    """The bars of a month, one in the other, in percent of the drawing."""

    label: str
    count: int
    x: str
    inner: str
    middle: str
    calls: tuple  # top and height
    stayed: tuple
    verified: tuple
    above: str  # where the number stands


@dataclass(frozen=True)
class Months:
    """This month and those before it."""

    months: list  # oldest first
    is_empty: bool

    @property
    def sign(self):
        """What differs between two drawings; one that was made a moment ago is shown again."""
        return [(month.first, sorted(month.ends.items())) for month in self.months]

    @property
    def now(self):
        """This month."""
        return self.months[-1]

    @property
    def known(self):
        """Attempts of all these months whose end is known: verified, not lasting, or left."""
        return sum(each.count(*VERIFIED, *LOST, Outcome.LEFT) for each in self.months)

    @property
    def verified(self):
        """Those of all these months that were verified."""
        return sum(each.verified for each in self.months)

    @property
    def rate(self):
        """The share that was verified in percent; None for too few."""
        return round(100 * self.verified / self.known) if self.known >= ENOUGH else None

    @property
    def missing(self):
        """What to say instead of a rate."""
        words = {"count": self.known, "enough": ENOUGH}
        return _("Not enough data yet: %(count)s of the %(enough)s it takes.") % words

    @property
    def told(self):
        """The drawing in a sentence."""
        calls = ", ".join(f"{each.name} {each.calls}" for each in self.months)
        return _("Calls by month: %(calls)s. This month: %(said)s") % {
            "calls": calls,
            "said": self.now.said,
        }

    @property
    def bars(self):
        """The drawing: for each month its calls, inside them who stayed, inside them the verified.

        Numbers stand above, names below.
        """
        most = max(1, *(each.calls for each in self.months))
        return [self._bar(place, month, most) for place, month in enumerate(self.months)]

    def _bar(self, place, month, most):
        step = 100 / len(self.months)
        ends = (month.calls, month.stayed, month.verified)
        calls, stayed, verified = (_rise(count, most) for count in ends)
        return Bar(
            label=month.short,
            count=month.calls,
            x=_percent(step * (place + 0.16)),
            inner=_percent(step * (place + 0.28)),
            middle=_percent(step * (place + 0.5)),
            calls=tuple(map(_percent, calls)),
            stayed=tuple(map(_percent, stayed)),
            verified=tuple(map(_percent, verified)),
            above=_percent(calls[0] - 4),
        )


TOP, BASE = 14, 86  # of the bars, in percent of the drawing's height


def _rise(count, most):
    height = (BASE - TOP) * count / most
    return BASE - height, height


def _percent(share):
    return f"{share:.2f}%"


def starts(at):
    """Return the first moments of the months that are counted, in the reader's zone."""
    first = timezone.localtime(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = [first]
    while len(found) < COUNT:
        first = _midnight((first - dt.timedelta(days=1)).date().replace(day=1))
        found.append(first)
    return found[::-1]


def _midnight(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def months(rows, firsts):
    """Add up the rows of `ENDS` by month.

    Args:
        rows: as dictionaries.
        firsts: from `starts()`.
    """
    found = [Month(first.date()) for first in firsts]
    for row in rows:
        found[row["month"] - 1].ends[row["ending"]] += row["count"]
    return Months(found, is_empty=not rows)


# The newest saves of some agents that are watched.
WATCHED = f"""
    SELECT customer.id AS account, customer.name, watch.rung, watch.day, watch.saved_on,
        watch.next_on
    FROM ({{who}}) AS who
    CROSS JOIN LATERAL (
        SELECT call.id, call.account_id, call.opened_at FROM saves_savecase AS call
        WHERE call.agent_id = who.id AND call.outcome = 'stayed'
        ORDER BY call.opened_at DESC LIMIT {4 * NAMED}
    ) AS call
    JOIN saves_watch AS watch ON watch.case_id = call.id AND watch.rung = ANY(%(open)s)
    {family.in_sight("call.account_id")}
    ORDER BY call.opened_at DESC, call.id DESC LIMIT {NAMED}
"""  # noqa: S608  ours


def on_watch(rows, months):
    """Say where the saves of these months stand, and name the newest that are watched.

    Args:
        rows: those of `WATCHED`, or of one person's calls.
        months: from `months()`.
    """
    ends = sum((month.ends for month in months.months), Counter())
    ends[Rung.LEFT] = ends.pop("left_later", 0)
    counts = [
        watches.Count(rung, tone, svg(icon), str(rung.label), ends[rung])
        for rung, (tone, icon) in watches.LOOKS.items()
        if ends[rung]
    ]
    return watches.OnWatch(
        saves=[_watched(**row) for row in rows if row["rung"] in watches.OPEN][:NAMED],
        counts=counts,
        watched=sum(ends[rung] for rung in watches.OPEN),
    )


def _watched(account, name, rung, day, saved_on, next_on, **call):
    tone, icon = watches.LOOKS[rung]
    return watches.Watched(
        url=address("desk:customer", account),
        name=name,
        tone=tone,
        icon=svg(icon),
        words=watches.words(rung, day),
        saved_on=dt.date.fromisoformat(saved_on),
        next_on=next_on and dt.date.fromisoformat(next_on),
    )


@dataclass(frozen=True, slots=True)
class Agent:
    """A line of a manager's table."""

    name: str
    team: str
    calls: int
    stayed: int
    drafts: int
    late: int


# The people of some teams, with what lies with them.
PEOPLE = f"""
    SELECT person.id, coalesce(nullif(person.name, ''), person.email) AS name,
        team.name AS team,
        person.is_active AND member.role = 'agent' AS takes_calls,
        (
            SELECT count(*) FROM saves_draft AS draft {family.in_sight("draft.account_id")}
            WHERE draft.agent_id = person.id AND draft.case_id IS NULL
                AND draft.dropped_at IS NULL
        ) AS drafts,
        (
            SELECT count(*) FROM saves_commitment AS said {family.in_sight("said.account_id")}
            WHERE said.owner_id = person.id
                AND said.due_on < (%(at)s::timestamptz AT TIME ZONE person.time_zone)::date
                AND (
                    said.state = 'open' OR said.state = 'broken'
                    AND said.made_good_at IS NULL AND said.due_on >= %(mend)s
                )
        ) AS late
    FROM users_user AS person
    JOIN users_team AS team ON team.id = person.team_id
    LEFT JOIN access_member AS member ON member.user_id = person.id
    WHERE person.id IN (SELECT id FROM ({{who}}) AS who)
    ORDER BY team.name, name, person.id
"""  # noqa: S608  ours


@dataclass(frozen=True)
class Agents:
    """A manager's table."""

    lines: list
    has_teams: bool  # more than one

    @property
    def calls(self):
        """Of all of them."""
        return sum(line.calls for line in self.lines)

    @property
    def stayed(self):
        """Of all of them."""
        return sum(line.stayed for line in self.lines)

    @property
    def drafts(self):
        """Of all of them."""
        return sum(line.drafts for line in self.lines)

    @property
    def late(self):
        """Of all of them."""
        return sum(line.late for line in self.lines)


def agents(people, rows, *, month):
    """Return a line for everybody of a team who takes calls, or has something open.

    Args:
        people: the rows of `PEOPLE`.
        rows: those of `ENDS`.
        month: which of the months, counted from 1.
    """
    ends = defaultdict(Counter)
    for row in rows:
        if row["month"] == month:
            ends[row["agent"]][row["ending"]] += row["count"]
    lines = []
    for person in people:
        own = Month(None, ends[person["id"]])
        line = Agent(
            person["name"], person["team"], own.calls, own.stayed, person["drafts"], person["late"]
        )
        if person["takes_calls"] or own.calls or line.drafts or line.late:
            lines.append(line)
    return Agents(lines, has_teams=len({line.team for line in lines}) > 1)
