"""Who is calling: what an agent should know of a customer before the second sentence.

All of it is read with the save page in one round trip, records that were merged included.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import family
from apps.accounts.models import Channel
from apps.core.sql import planned, rows
from apps.core.templatetags.mainstay import day, moment, svg
from apps.history import kinds
from apps.saves import rules
from apps.saves.models import Outcome
from apps.saves.queries import watches, win_backs

CASES = 3
OPEN = 6  # commitments, pins, expectations: each so many at most
BROKEN = 2
PEOPLE = 8
EVENTS = 5

# Icon and its tone.
_MARKS = {
    Outcome.STAYED: ("check-circle", "tone good"),
    Outcome.LEFT: ("exit", "tone bad"),
    Outcome.UNDECIDED: ("hourglass", "tone warn"),
}


@dataclass(frozen=True, slots=True)
class Earlier:
    """A save call before this one."""

    pk: int
    outcome: str
    opened_at: datetime
    reason: str
    verbatim: str
    rival: str | None
    agent: str
    contact: str | None
    leaves_on: date | None
    call_back_at: datetime | None
    waits_for: str
    rung: str | None
    day: int | None

    @property
    def mark(self):
        """Its icon, by how it ended."""
        return svg(*_MARKS[self.outcome])

    @property
    def ended(self):
        """How it ended, in words."""
        return Outcome(self.outcome).label

    @property
    def proved(self):
        """What became of a save: how long it has held, or when it did not."""
        return watches.words(self.rung, self.day) if self.rung else ""


@dataclass(frozen=True, slots=True)
class Point:
    """Something that waits for us, or that everybody should read first."""

    icon: str
    text: str
    note: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one person said about being contacted: pairs of an icon and words."""

    pk: int
    name: str
    channels: list


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to them; what a sentence template gets as `event`."""

    about: kinds.Kind
    happened_at: datetime
    payload: dict
    actor: str | None

    @property
    def icon(self):
        """The icon of its kind."""
        return svg(self.about.icon, "tone")


@dataclass(frozen=True, slots=True)
class Chain:
    """The call that this one continues, with what is open from it."""

    call: Earlier
    points: list


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a customer when they call."""

    cases: list
    own: int | None  # the last case that the agent logged
    last: int | None  # the case that a new one could continue
    said: list  # commitments, open or broken, as dictionaries
    counts: dict  # state of a commitment: how many
    expected: list
    pinned: list
    spoken: list
    events: list
    people: list  # id, name and title of each, the first to call on top
    touched_at: datetime | None
    owner: str | None
    win_back: dict | None


# Planning takes longer than answering: looks for one name are subqueries, since each join doubles
# the ways to go, and the ids of the records are found once, as an array that no plan turns on.
_RECORDS = "account_id = ANY((SELECT records FROM family)::bigint[])"


def _name(table, pk):
    return f"(SELECT coalesce(nullif(name, ''), email) FROM {table} WHERE id = {pk})"  # noqa: S608


_CASES = f"""
    SELECT id AS pk, outcome, opened_at, reason_text AS reason, verbatim,
        (SELECT name FROM reasons_competitor WHERE id = competitor_id) AS rival,
        {_name("users_user", "agent_id")} AS agent,
        (SELECT name FROM accounts_contact WHERE id = contact_id) AS contact,
        leaves_on, call_back_at, waits_for,
        (SELECT json_build_array(rung, day) FROM saves_watch WHERE case_id = call.id) AS watched
    FROM saves_savecase AS call WHERE {_RECORDS}
    ORDER BY opened_at DESC, id DESC LIMIT {CASES}
"""  # noqa: S608  ours
_COMMITTED = f"""
    SELECT text, case_id AS "case", due_on, state,
        (SELECT json_build_array(coalesce(nullif(name, ''), email), time_zone)
            FROM users_user WHERE id = owner_id) AS owner
    FROM saves_commitment WHERE {_RECORDS}
"""  # noqa: S608  ours
_SAID = f"""
    ({_COMMITTED} AND state = 'open' ORDER BY due_on, id LIMIT {OPEN})
    UNION ALL
    ({_COMMITTED} AND state = 'broken' AND made_good_at IS NULL
    ORDER BY due_on DESC, id DESC LIMIT {BROKEN})
"""
_EXPECTED = f"""
    SELECT text, source, due_on FROM accounts_insight
    WHERE {_RECORDS} AND topic = 'expectation' AND verdict <> 'met'
    ORDER BY due_on, said_on DESC, id DESC LIMIT {OPEN}
"""  # noqa: S608  ours
_PINNED = f"""
    SELECT event.payload ->> 'text' AS text, event.happened_at,
        {_name("users_user", "event.actor_id")} AS writer
    FROM history_pin AS pin JOIN history_event AS event ON event.id = pin.event_id
    WHERE pin.timeline_id = ANY((SELECT timelines FROM family)::bigint[])
        AND event.kind IN ('history.noted', 'history.annotated')
    ORDER BY pinned_at DESC LIMIT {OPEN}
"""  # noqa: S608  ours
_SPOKEN = """
    SELECT DISTINCT ON (said.contact_id, said.channel) said.contact_id AS contact, said.channel,
        said.is_given
    FROM accounts_contact AS person
    JOIN accounts_contactpermission AS said ON said.contact_id = person.id
    WHERE person.account_id = %(account)s AND person.removed_at IS NULL
    ORDER BY said.contact_id, said.channel, said.said_at DESC, said.id DESC
"""
_PEOPLE = """
    SELECT id, name, title FROM accounts_contact
    WHERE account_id = %(account)s AND removed_at IS NULL ORDER BY is_primary DESC, name, id
"""
# Of each record a few by the index that has them in order, then the newest of all.
_EVENTS = f"""
    SELECT event.*, {_name("users_user", "actor_id")} AS actor
    FROM family CROSS JOIN unnest(timelines) AS own CROSS JOIN LATERAL (
        SELECT id AS pk, kind, happened_at, payload, actor_id FROM history_event
        WHERE timeline_id = own ORDER BY happened_at DESC, id DESC LIMIT {EVENTS}
    ) AS event
    ORDER BY happened_at DESC, pk DESC LIMIT {EVENTS}
"""  # noqa: S608  ours
# By hand, since putting it together from querysets takes longer than the answer.
_BEFORE = f"""
SELECT {rows(_CASES)},
    (SELECT max(id) FROM saves_savecase WHERE {_RECORDS} AND agent_id = %(agent)s),
    (SELECT max(id) FROM saves_savecase AS call WHERE {_RECORDS}
        AND NOT EXISTS (SELECT FROM saves_savecase AS next WHERE next.continues_id = call.id)),
    {rows(_SAID)},
    (SELECT json_object_agg(state, count) FROM (
        SELECT state, count(*) FROM saves_commitment WHERE {_RECORDS} GROUP BY state) AS line),
    {rows(_EXPECTED)}, {rows(_PINNED)}, {rows(_SPOKEN)}, {rows(_EVENTS)},
    (SELECT coalesce(json_agg(json_build_array(id, name, title)), '[]') FROM ({_PEOPLE}) AS line),
    (SELECT max(last_touch_at) FROM history_timeline
        WHERE id = ANY((SELECT timelines FROM family)::bigint[])),
    {_name("users_user", "%(owner)s")},
    {{win_back}}
"""  # noqa: S608  ours
# On one line: the driver takes a short statement apart once, and a long one each time.
_BEFORE = " ".join(family.once(_BEFORE).split())
# Who stays has no plan to be won back: the question is left out.
_OF_WHO_STAYS = _BEFORE.format(win_back="NULL")
_OF_WHO_LEAVES = _BEFORE.format(win_back=win_backs.AS_JSON)


def before(account, *, agent):
    """Read what is known of a customer who calls.

    Args:
        account: that the agent may see.
        agent: who takes the call.
    """
    with planned() as cursor:
        sql = _OF_WHO_LEAVES if account.churned_on else _OF_WHO_STAYS
        cursor.execute(sql, {"account": account.pk, "agent": agent.pk, "owner": account.owner_id})
        cases, own, last, said, counts, *more = cursor.fetchone()
    *lists, events, people, touched_at, owner, win_back = more
    cases, events = [_earlier(**case) for case in cases], [_happened(**each) for each in events]
    lists += [events, people]
    return Before(cases, own, last, said, counts or {}, *lists, touched_at, owner, win_back)


def _earlier(*, opened_at, call_back_at, leaves_on, watched, **columns):
    rung, on = watched or (None, None)
    return Earlier(
        rung=rung,
        day=on,
        opened_at=datetime.fromisoformat(opened_at),
        call_back_at=call_back_at and datetime.fromisoformat(call_back_at),
        leaves_on=leaves_on and date.fromisoformat(leaves_on),
        **columns,
    )


def _happened(*, kind, happened_at, payload, actor, **_ids):
    return Happened(kinds.get(kind), datetime.fromisoformat(happened_at), payload, actor)


def people(account):
    """Return id, name and title of a customer's people, the first to call on top."""
    with planned() as cursor:
        cursor.execute(_PEOPLE, {"account": account.pk})
        return cursor.fetchall()


def chain(before, opening, *, at):
    """Return the call that this one continues, or None.

    Args:
        before: from `before()`.
        opening: how this call began.
        at: now.
    """
    for call in before.cases:
        if call.pk == before.last and rules.continues(opening.at, call.opened_at):
            own = [each for each in before.said if each["case"] == call.pk]
            return Chain(call, [*_calls_back(call, at), *_promised(own, at)])
    return None


def points(before, chained, *, at):
    """Return what is open with a customer, but for what the call before this one left open.

    Args:
        before: from `before()`.
        chained: from `chain()`.
        at: now.
    """
    shown = chained.call.pk if chained else None
    last = next((call for call in before.cases if call.pk == before.last), None)
    found = _calls_back(last, at) if last and last.pk != shown else []
    found += _promised([each for each in before.said if each["case"] != shown or not shown], at)
    found += [_expected(**each) for each in before.expected]
    return found + [_pinned(**each) for each in before.pinned]


def _calls_back(call, at):
    """The call back that was agreed on at the end of a call, if there was one."""
    if call.call_back_at is None:
        return []
    is_late = call.call_back_at < at
    words = _("We said we would call back %(moment)s.") if is_late else _("Call back %(moment)s.")
    text = words % {"moment": moment(call.call_back_at, "in")}
    return [Point(_icon("phone", is_late=is_late), text, call.waits_for and _waits(call), is_late)]


def _waits(call):
    return _("They wait for: %(what)s") % {"what": call.waits_for}


def _promised(said, at):
    found = []
    for each in said:
        due_on = date.fromisoformat(each["due_on"])
        if each["state"] == "broken" and at.date() - due_on > timedelta(days=rules.MEND_FOR):
            continue
        owner, zone = each["owner"]
        is_late = rules.is_over(due_on, zone, at)
        words = _("%(owner)s, was due %(day)s") if is_late else _("%(owner)s, due %(day)s")
        note = words % {"owner": owner, "day": day(due_on, "in")}
        found.append(Point(_icon("check", is_late=is_late), each["text"], note, is_late))
    return found


def _expected(text, source, due_on):
    words = {"source": source, "day": due_on and day(date.fromisoformat(due_on), "in")}
    note = _("Promised at the sale, by %(day)s (%(source)s)") if due_on else ""
    note = note or _("Promised at the sale (%(source)s)")
    return Point(svg("target", "tone"), text, note % words)


def _pinned(text, happened_at, writer):
    words = {"writer": writer, "day": day(datetime.fromisoformat(happened_at), "in")}
    return Point(svg("pin", "tone"), text, _("%(writer)s, %(day)s") % words)


def _icon(name, *, is_late):
    return svg("alert-circle", "tone bad") if is_late else svg(name, "tone warn")


_YES = ("check", "tone good"), gettext_lazy("%(channel)s, yes")
_NO = ("x", "tone bad"), gettext_lazy("%(channel)s, no")


def spoken(before, people):
    """Return who said what about being contacted, the first to call on top.

    Args:
        before: from `before()`.
        people: rows of id, name and title.
    """
    said = {}
    for row in before.spoken:
        icon, words = _YES if row["is_given"] else _NO
        pair = svg(*icon), words % {"channel": Channel(row["channel"]).label}
        said.setdefault(row["contact"], []).append(pair)
    return [Spoken(pk, name, said.get(pk, [])) for pk, name, _title in people[:PEOPLE]]


def kept(before):
    """Say how we kept our word: 3 kept, 1 broken; "" when we never gave it."""
    words = {
        "kept": _("%(count)s kept"),
        "broken": _("%(count)s broken"),
        "open": _("%(count)s open"),
    }
    count = before.counts
    return ", ".join(
        text % {"count": count[state]} for state, text in words.items() if count.get(state)
    )
