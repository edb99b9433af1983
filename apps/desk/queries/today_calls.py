"""Today: whom somebody said they would call back, and whom they spoke to last."""

import datetime as dt
import functools
from dataclasses import dataclass

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts import family
from apps.accounts.models import Account
from apps.core.addresses import address
from apps.core.templatetags.mainstay import clock, moment, svg
from apps.desk.queries.customer import BY_OUTCOME
from apps.saves.models import Draft, Outcome

# So many of a group are shown unless all are asked for.
SHOWN = 5
# So many of each agent's call-backs are looked at, from the last one on and with those that a
# later call answered, so that the page costs the same after years. All is many more.
LOOKED_AT, LOOKED_AT_ALL = 60, 3000
# Named of the calls that are read.
LATEST = RECENT = 5
READ = 20
# Nobody has logged a call with the customer after this one, with whichever record of theirs.
UNANSWERED = """
    NOT EXISTS (
        SELECT FROM saves_savecase AS later
        WHERE later.account_id = customer.id
            AND (later.opened_at, later.id) > (call.opened_at, call.id)
        OFFSET 0
    ) AND NOT EXISTS (
        SELECT FROM accounts_account AS part
        JOIN saves_savecase AS later ON later.account_id = part.id
        WHERE part.merged_into_id = customer.id
            AND (later.opened_at, later.id) > (call.opened_at, call.id)
        OFFSET 0
    )
"""
# Whether there are call-backs that nobody looked at.
OLDER = """
    EXISTS (
        SELECT FROM ({who}) AS who
        CROSS JOIN LATERAL (
            SELECT FROM saves_savecase WHERE agent_id = who.id AND outcome = 'undecided'
            ORDER BY call_back_at OFFSET %(looked_at)s LIMIT 1
        ) AS older
    )
"""
# Of the agents whose ids and names `who` gives.
CALL_BACKS = f"""
    SELECT call.id AS pk, customer.id AS account, customer.name AS customer, call.opened_at,
        call.call_back_at AS due_at, call.reason_text AS reason, call.waits_for,
        contact.name AS person, contact.phone, who.name AS agent
    FROM ({{who}}) AS who
    CROSS JOIN LATERAL (
        SELECT * FROM saves_savecase
        WHERE agent_id = who.id AND outcome = 'undecided'
        ORDER BY call_back_at DESC LIMIT %(looked_at)s
    ) AS call
    LEFT JOIN accounts_contact AS contact
        ON contact.id = call.contact_id AND contact.removed_at IS NULL
    {family.in_sight("call.account_id")}
    WHERE {UNANSWERED}
"""  # noqa: S608
CALLS = f"""
    SELECT call.id AS pk, customer.id AS account, customer.name, call.outcome, call.opened_at,
        call.reason_text AS reason, call.call_back_at,
        watch.rung, watch.day, watch.saved_on, watch.next_on
    FROM saves_savecase AS call {family.in_sight("call.account_id")}
    LEFT JOIN saves_watch AS watch ON watch.case_id = call.id
    WHERE call.agent_id = %(user)s
    ORDER BY call.opened_at DESC, call.id DESC LIMIT {READ}
"""  # noqa: S608
BEGUN = f"""
    SELECT draft.id AS pk, customer.id AS account, customer.name, draft.opened_at, draft.kept_at,
        draft.answers, who.name AS agent
    FROM ({{who}}) AS who
    JOIN saves_draft AS draft
        ON draft.agent_id = who.id AND draft.case_id IS NULL AND draft.dropped_at IS NULL
    {family.in_sight("draft.account_id")}
    ORDER BY draft.kept_at DESC, draft.id DESC
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Due:
    """How much of the time is left, in words; the ring shows the share that is gone."""

    words: str
    tone: str
    share: int  # percent

    @property
    def ring(self):
        """The share as a drawing."""
        return _ring(self.share)


@functools.cache
def _ring(share):
    return format_html(
        '<svg class="ring" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="7.5"/>'
        '<circle cx="10" cy="10" r="7.5" pathLength="100" stroke-dasharray="{} 100"/></svg>',
        share,
    )


@dataclass(slots=True)
class CallBack:
    """A customer who was undecided, and the moment they were told to expect a call."""

    key: str
    title: str
    save_url: str
    customer: str
    customer_url: str
    reason: str
    waits_for: str
    phone: str
    dial: str  # what the button does, in words
    agent: str
    due_at: dt.datetime
    due: Due

    @property
    def said(self):
        """Whom to call, and what about: the part of the row that stays while time passes."""
        words = (self.agent, self.reason, self.waits_for)
        return _said(self.save_url, self.title, self.customer_url, self.customer, words)

    @property
    def button(self):
        """What calls them, if their number is known."""
        return _button(self.phone, self.dial, _("Call")) if self.phone else ""


# A page that is opened again says the same of most rows.
@functools.lru_cache(maxsize=1024)
def _said(save_url, title, customer_url, customer, words):
    return format_html(
        '<div><a class="title" href="{}" data-open-row>{}<span class="sr">, {}</span></a>'
        '<p class="meta"><a href="{}">{}</a>{}</p></div>',
        save_url,
        title,
        customer,
        customer_url,
        customer,
        format_html_join("", "<span>{}</span>", ((word,) for word in words if word)),
    )


@functools.lru_cache(maxsize=1024)
def _button(phone, words, call):
    return format_html(
        '<a class="btn sm" href="tel:{}" aria-label="{}">{}{}</a>', phone, words, svg("phone"), call
    )


@dataclass(frozen=True)
class Group:
    """Call-backs that are due at about the same time."""

    key: str
    name: str
    icon: str
    count: int
    rows: list  # those that fit

    @property
    def is_hot(self):
        """Whether they are late."""
        return self.key == "overdue"


@dataclass(frozen=True)
class CallBacks:
    """The call-backs of somebody or of a team."""

    groups: list  # that have any
    overdue: int
    count: int
    pks: list
    has_more: bool  # than are shown, or may have

    @property
    def rows(self):
        """All that are shown."""
        return [row for group in self.groups for row in group.rows]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that this person logged."""

    url: str
    account: int
    name: str
    icon: str
    said: str  # how it ended, why, and when they are called back
    opened: str
    opened_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Recent:
    """A customer this person spoke to lately."""

    name: str
    url: str


def call_backs(rows, *, at, older=False, show_all=False, with_agent=False):
    """Group the rows of `CALL_BACKS` by when they are due, in the reader's zone.

    Args:
        rows: as dictionaries.
        at: now.
        older: whether there are some that were not looked at.
        show_all: leaves nothing out.
        with_agent: names whose call-back it is.
    """
    tomorrow, monday = _ends(at)
    parts = {"overdue": [], "today": [], "week": [], "later": []}
    for row in rows:
        due_at = row["due_at"] = dt.datetime.fromisoformat(row["due_at"])
        if due_at <= at:
            part = "overdue"
        elif due_at < tomorrow:
            part = "today"
        else:
            part = "week" if due_at < monday else "later"
        parts[part].append(row)
    groups = [
        # What was missed last comes first: it is the likeliest to be still worth a call.
        Group("overdue", _("Overdue"), "alert", *_first(parts["overdue"], show_all, -1)),
        Group("today", _("Today"), "clock", *_first(parts["today"], show_all)),
        Group("week", _("Later this week"), "calendar", *_first(parts["week"], show_all)),
        Group("later", _("After this week"), "calendar", *_first(parts["later"], show_all)),
    ]
    for group in groups:
        group.rows[:] = [_call_back(row, at, with_agent=with_agent) for row in group.rows]
    return CallBacks(
        groups=[group for group in groups if group.count],
        overdue=len(parts["overdue"]),
        count=len(rows),
        pks=[row["pk"] for row in rows],
        has_more=older or any(len(group.rows) < group.count for group in groups),
    )


def _ends(at):
    """The moments at which the reader's day and week end."""
    today = timezone.localtime(at).date()
    days = (1, 7 - today.weekday())
    return [
        timezone.make_aware(dt.datetime.combine(today + dt.timedelta(days=count), dt.time()))
        for count in days
    ]


def _first(rows, show_all, direction=1):
    """How many there are, and those that are shown."""
    rows.sort(key=lambda row: (direction * row["due_at"].timestamp(), row["pk"]))
    return len(rows), rows if show_all else rows[:SHOWN]


def _call_back(row, at, *, with_agent):
    due_at = row["due_at"]
    person, phone = row["person"] or "", row["phone"] or ""
    return CallBack(
        key=f"c{row['pk']}",
        title=_("Call back %(name)s") % {"name": person} if person else _("Call back"),
        save_url=address("saves:new", row["account"]),
        customer=row["customer"],
        customer_url=address("desk:customer", row["account"]),
        reason=row["reason"],
        waits_for=row["waits_for"] and _("Waits for: %(what)s") % {"what": row["waits_for"]},
        phone=phone,
        dial=phone and _("Call %(name)s") % {"name": person},
        agent=row["agent"] if with_agent else "",
        due_at=due_at,
        due=due(due_at, since=dt.datetime.fromisoformat(row["opened_at"]), at=at),
    )


def due(due_at, *, since, at):
    """Say how long is left until a moment, or how late it is.

    Args:
        due_at: the moment.
        since: from when on there was time.
        at: now.
    """
    is_late = due_at <= at
    minutes = int(abs(due_at - at).total_seconds() // 60)
    gone, whole = max(at - since, _NOTHING), max(due_at - since, _SECOND)
    share = 100 if is_late else round(100 * gone / whole)
    if minutes == 0:
        return Due(_("Due now"), "bad" if is_late else "warn", share)
    if is_late:
        return Due(_("%(time)s late") % {"time": _length(minutes)}, "bad", share)
    local, now = timezone.localtime(due_at), timezone.localtime(at)
    if minutes < 4 * 60:
        tone = "warn" if minutes < 60 else ""
        return Due(_("%(time)s left") % {"time": _length(minutes)}, tone, share)
    if local.date() == now.date():
        return Due(_("by %(clock)s") % {"clock": clock(due_at)}, "", share)
    if local.date() - now.date() < dt.timedelta(days=7):
        words = {"weekday": WEEKDAYS_ABBR[local.weekday()], "clock": clock(due_at)}
        return Due(_("%(weekday)s, %(clock)s") % words, "", share)
    return Due(moment(due_at), "", share)


_NOTHING, _SECOND = dt.timedelta(), dt.timedelta(seconds=1)


def _length(minutes):
    if minutes < 60:
        return _("%(count)s min") % {"count": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        words = _("%(hours)s h %(minutes)s min") if minutes else _("%(hours)s h")
        return words % {"hours": hours, "minutes": minutes}
    return ngettext("%(count)s day", "%(count)s days", hours // 24) % {"count": hours // 24}


def calls(rows):
    """Make the lines of the calls that somebody logged last, from the rows of `CALLS`."""
    return [_call(**row) for row in rows[:LATEST]]


def _call(pk, account, name, outcome, opened_at, reason, call_back_at, **watch):
    opened_at = dt.datetime.fromisoformat(opened_at)
    said = [str(Outcome(outcome).label), reason]
    if call_back_at:
        back = dt.datetime.fromisoformat(call_back_at)
        said.append(_("Call back %(at)s") % {"at": moment(back, "in")})
    return Call(
        url=address("saves:detail", pk),
        account=account,
        name=name,
        icon=svg(*BY_OUTCOME[outcome]),
        said=". ".join(said),
        opened=moment(opened_at),
        opened_at=opened_at,
    )


def drafts(rows):
    """Make drafts with their customers of the rows of `BEGUN`: calls that are not logged yet.

    Of a team's, `whose` names the agent; of somebody's own it is empty.
    """
    return [_draft(**row) for row in rows]


def _draft(pk, account, name, opened_at, kept_at, answers, agent):
    draft = Draft(
        pk=pk,
        account=Account(pk=account, name=name),
        opened_at=dt.datetime.fromisoformat(opened_at),
        kept_at=dt.datetime.fromisoformat(kept_at),
        answers=answers,
    )
    draft.whose = agent
    return draft


def recent(calls, begun, *, wants_save):
    """Return the few customers that somebody spoke to last, each once.

    Args:
        calls: from `calls()`.
        begun: from `drafts()`.
        wants_save: whether a choice leads to the save page.
    """
    page = "saves:new" if wants_save else "desk:customer"
    met = [
        *((draft.kept_at, draft.account.pk, draft.account.name) for draft in begun),
        *((call.opened_at, call.account, call.name) for call in calls),
    ]
    names = {account: name for _at, account, name in sorted(met, reverse=True)}
    return [Recent(name, address(page, account)) for account, name in list(names.items())[:RECENT]]
