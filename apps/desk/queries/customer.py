"""The customer page: the record, its people, its cases, and its timeline."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from apps.accounts import completeness, custom, family
from apps.accounts.models import Status
from apps.accounts.queries import PEOPLE, people_from
from apps.accounts.story import INSIGHTS
from apps.core.sql import planned, rows
from apps.core.templatetags.mainstay import day, moment, svg
from apps.desk.queries import changed, entries
from apps.desk.queries.colleagues import Following, among
from apps.desk.queries.story import told
from apps.history import kinds
from apps.notifications.queries import WATCHERS, Watcher
from apps.saves.models import Outcome
from apps.saves.queries import commitments, watches, win_backs
from apps.tasks.queries import of_customer

SIZE = 15
# What was merged into this customer counts as theirs.
CASES = f"""
    SELECT call.id AS pk, reason_text AS reason, outcome, opened_at, call_back_at,
        competitor.name AS competitor
    FROM saves_savecase AS call
    LEFT JOIN reasons_competitor AS competitor ON competitor.id = call.competitor_id
    WHERE account_id IN ({family.RECORDS})
    ORDER BY opened_at DESC, call.id DESC LIMIT 3
"""  # noqa: S608  ours
FOLLOWERS = WATCHERS.format(timelines=family.TIMELINES)
COUNTS = f"""
    SELECT timeline_id, kind, count(*) FROM history_event
    WHERE timeline_id IN ({family.TIMELINES}) GROUP BY timeline_id, kind
"""  # noqa: S608
_COUNTS = f"SELECT {rows(COUNTS)}"


# Read as SQL: building these as querysets costs five times as much as answering them, and the
# page is opened while somebody waits on the phone.
HEAD = f"""
    SELECT coalesce(nullif(owner.name, ''), owner.email), team.name, timeline.last_touch_at,
        {family.PARTS}, {watches.AS_JSON}, {win_backs.AS_JSON}, {rows(CASES)},
        {rows(INSIGHTS)}, {rows(FOLLOWERS)},
        {rows(commitments.COUNTS)}, {rows(commitments.LINES)}, {rows(of_customer.OPEN)},
        {rows(COUNTS)}, {PEOPLE}
    FROM accounts_account AS account
    JOIN history_timeline AS timeline ON timeline.id = account.timeline_id
    LEFT JOIN users_user AS owner ON owner.id = account.owner_id
    LEFT JOIN users_team AS team ON team.id = account.team_id
    WHERE account.id = %(account)s
"""  # noqa: S608
# Who stays has no plan to be won back: the question is left out.
HEAD_OF_WHO_STAYS = family.once(HEAD.replace(win_backs.AS_JSON, "NULL"))
HEAD_OF_WHO_LEAVES = family.once(HEAD)
# Icon and its tone.
BY_OUTCOME = {
    Outcome.STAYED: ("check-circle", "tone good"),
    Outcome.LEFT: ("exit", "tone bad"),
    Outcome.UNDECIDED: ("hourglass", "tone warn"),
}


@dataclass(frozen=True)
class Chip:
    """One filter of the timeline."""

    key: str
    label: str
    count: int
    is_on: bool


@dataclass(slots=True)
class Case:
    """One time that the customer wanted to leave."""

    url: str
    reason: str
    icon: str
    outcome: str
    opened: str
    competitor: str
    call_back: str


@dataclass(frozen=True)
class TimelinePage:
    """A page of a customer's history, by day."""

    days: list
    pins: list  # on top of the first page
    chips: list
    show: str
    here: str  # the address of this very page, below the customer's
    newer: str | None
    older: str | None
    first_day: object
    changes: list  # events that changed the record lately, for the whole page alone


@dataclass(frozen=True)
class CustomerPage:
    """Everything the customer page shows besides the account itself."""

    status: str
    left_on: object
    owner: str | None
    team: str | None
    last_touch_at: object
    people: list
    marks: list
    cases: list
    watch: watches.Ladder | None  # of who was saved
    standing: win_backs.Standing | None  # of who leaves or left
    commitments: commitments.Standing
    tasks: of_customer.Tasks  # that are open
    to_part: list  # merged into this customer so lately that it can be parted again
    story: list  # what matters to them
    changed: list
    complete: completeness.Completeness
    following: Following
    timeline: TimelinePage


def customer_page(account, *, at, user=None, show="", cursor="", skip=""):
    """Read the customer page.

    Args:
        account: that this person may see.
        at: now.
        user: who reads, or None for somebody who may do nothing.
        show: key of a timeline filter, or "" for everything.
        cursor: which page of the timeline.
        skip: questions about missing facts that were put off.
    """
    status = account.status(at)
    owner, team, last_touch_at, parts, save, win_back, calls, insights, followers, *work = _head(
        account, user=user, at=at
    )
    counts, said, to_do, entered, *people = work
    people, marks = people_from(*people)
    story = told(insights)
    known = completeness.Known(
        account, people, {each.topic for each in story}, custom.definitions()
    )
    may_assign = user is not None and user.has_perm("accounts.assign")
    page = _timeline(
        _counted(entered),
        account,
        user=user,
        show=show,
        cursor=cursor,
        changes_since=changed.since(account, at),
    )
    return CustomerPage(
        status=status,
        owner=owner,
        team=team,
        last_touch_at=last_touch_at,
        left_on=account.churned_on if status == Status.CHURNED else None,
        people=people,
        marks=marks,
        cases=[_case(**call) for call in calls],
        watch=watches.ladder(save, today=account.today(at)),
        standing=win_backs.standing(account, win_back, at=at),
        commitments=commitments.standing(counts, said, at=at, user=user),
        tasks=of_customer.tasks(to_do, at=at, user=user),
        to_part=family.read(account, parts).to_part(at),
        story=story,
        changed=changed.collapse(page.changes),
        complete=completeness.reckon(known, skip=skip, may_assign=may_assign),
        following=among([Watcher(**each) for each in followers], user=user),
        timeline=page,
    )


def _case(pk, reason, outcome, opened_at, call_back_at, competitor):
    back = call_back_at and datetime.fromisoformat(call_back_at)
    back = _("Call back %(at)s") % {"at": moment(back, "in")} if back else ""
    return Case(
        url=reverse("saves:detail", args=[pk]),
        reason=reason,
        icon=svg(*BY_OUTCOME[outcome]),
        outcome=Outcome(outcome).label,
        opened=day(datetime.fromisoformat(opened_at), "in"),
        competitor=competitor,
        call_back=back,
    )


def _head(account, *, user, at):
    with planned() as cursor:
        sql = HEAD_OF_WHO_LEAVES if account.churned_on else HEAD_OF_WHO_STAYS
        cursor.execute(sql, {"account": account.pk, **commitments.parameters(user, at)})
        return cursor.fetchone()


def timeline(account, *, user=None, show="", cursor=""):
    """Read one page of a customer's timeline, grouped by the day, in the reader's zone.

    Args:
        account: the customer; the histories of records merged into it are shown with its own.
        user: who reads, or None for somebody who may do nothing.
        show: key of a filter, or "" for everything.
        cursor: which page.
    """
    with planned() as asking:
        asking.execute(_COUNTS, {"account": account.pk})
        (entered,) = asking.fetchone()
    return _timeline(_counted(entered), account, user=user, show=show, cursor=cursor)


def _timeline(counted, account, *, user, show, cursor, changes_since=None):
    timelines, counts = counted
    show = show if show in kinds.GROUPS else ""
    page = entries.page(timelines, group=show, cursor=cursor, size=SIZE)
    pins, changes = entries.pinned(
        timelines,
        changing=changes_since and account.timeline_id,
        since=changes_since,
        change_kinds=changed.KINDS,
    )
    may_pin = user is not None and user.has_perm("history.pin")
    chips = [
        Chip(key, label, counts[key], key == show)
        for key, label in kinds.GROUPS.items()
        if counts.get(key) or key == show
    ]
    days = entries.by_day(page.rows, pinned_ids={pin.entry.pk for pin in pins}, may_pin=may_pin)
    here = urlencode([(name, text) for name, text in (("show", show), ("at", cursor)) if text])
    return TimelinePage(
        days=days,
        pins=[] if here else entries.on_top(pins, may_pin=may_pin),
        chips=chips,
        show=show,
        here=f"?{here}" if here else "",
        newer=page.newer,
        older=page.older,
        first_day=days[-1][0] if days else None,
        changes=changes,
    )


def _counted(entered):
    """Which timelines have entries, and how many each filter would show; of rows of `COUNTS`."""
    timelines, counts = set(), dict.fromkeys(kinds.GROUPS, 0)
    for each in entered:
        timelines.add(each["timeline_id"])
        counts[kinds.get(each["kind"]).group] += each["count"]
    return sorted(timelines), counts
