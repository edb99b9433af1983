"""Watching whether a saved customer stays saved."""

from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Q

from apps.accounts import family
from apps.accounts.actions import batch
from apps.accounts.models import Account
from apps.history import actions as history
from apps.history.models import Timeline
from apps.saves import rules
from apps.saves.models import Outcome, Rung, SaveCase, Watch
from apps.saves.queries import facts, watches

# Where every save begins: the call itself tells of it.
BEGUN = (Rung.DEFLECTED, 0, "")
# So many customers are held at once: somebody may be on the phone with one of them. A run of
# the worker takes so many times as many.
CHUNK, ROUNDS = 50, 20


@transaction.atomic
def reckon(account, *, at):
    """Make every watch of a customer anew from the facts; safe to call twice.

    Each change of a rung is an event. What is watched and has no watch yet gets one; what is
    not a save any more, or is continued by another call, has none: both are events too.

    Args:
        account: the customer, or a record that was merged into it.
        at: now.
    """
    root = family.root(account.pk)
    # NO KEY, so that rows which point at the customer can still be written.
    Account.objects.select_for_update(no_key=True).get(pk=root)
    follow(root, at=at)


def follow(*roots, at, logged=None):
    """Reckon the watches of customers whose rows the caller holds.

    Args:
        *roots: ids of records that are there.
        at: now.
        logged: id of the call that was just logged, if any: nothing was told of it yet.
    """
    for customer in facts.of(roots):
        _follow(customer, logged, at=at)


def _follow(customer, logged, *, at):
    saves = rules.saves_among(customer.calls)
    _end(customer, {call.pk for call, _later in saves}, at=at)
    newest = saves[-1][0].pk if saves else None
    # By their ids, as an import takes them too.
    for call, later in sorted(saves, key=lambda save: _order(customer.watches.get(save[0].pk))):
        if call.pk not in customer.watches:
            before = ("", 0, "") if call.pk != logged and facts.has_ended(customer, call) else BEGUN
            _begin(customer, call, later, before, is_last=call.pk == newest, at=at)
        else:
            _place(customer, call, later, is_last=call.pk == newest, at=at)


def _end(customer, watched, *, at):
    """Drop the watches of what is no save any more, and tell why."""
    outcomes = {call.pk: call.outcome for call in customer.calls}
    for case, each in sorted(customer.watches.items()):
        if case not in watched:
            Watch.objects.filter(pk=each.pk).delete()
            why = "continued" if outcomes[case] == Outcome.STAYED else "corrected"
            ended = rules.Step("", 0, why, None)
            _tell(customer, case, each.saved_on, ended, was=each.rung, happened_at=at, at=at)


def _order(stored):
    return (stored is None, stored.pk if stored else 0)


def _stands(customer, call, later, heard_on, *, at):
    """Say on which rung one save stands, and from which day it is watched."""
    saved_on = customer.today(call.opened_at)
    return saved_on, rules.ladder(saved_on, customer.today(at), customer.facts(later, heard_on))


def _begin(customer, call, later, before, *, is_last, at):
    """Watch one save, and tell when it stands elsewhere than any save at first."""
    saved_on, step = _stands(customer, call, later, None, at=at)
    place = step._asdict() | {"account_id": customer.pk, "saved_on": saved_on, "is_last": is_last}
    Watch.objects.create(case_id=call.pk, changed_at=at, **place)
    _tell_if_other(customer, call, saved_on, before, step, at=at)


def _place(customer, call, later, *, is_last, at):
    """Put one watched save on its rung, and tell when it stands elsewhere than before."""
    stored = customer.watches[call.pk]
    saved_on, step = _stands(customer, call, later, stored.heard_on, at=at)
    place = step._asdict() | {"account_id": customer.pk, "saved_on": saved_on, "is_last": is_last}
    place = {name: value for name, value in place.items() if value != getattr(stored, name)}
    before = (stored.rung, stored.day, stored.why)
    if before != step[:3]:
        place["changed_at"] = at
    # A file that names the customer meanwhile has it looked at again: leave it to that.
    same = Watch.objects.filter(pk=stored.pk, heard_on=stored.heard_on)
    if not place or same.update(**place):
        _tell_if_other(customer, call, saved_on, before, step, at=at)


def _tell_if_other(customer, call, saved_on, before, step, *, at):
    if before != step[:3]:
        since = _since(saved_on, step, before[0], customer, at)
        _tell(customer, call.pk, saved_on, step, was=before[0], happened_at=since, at=at)


def _tell(customer, case, saved_on, step, *, was, happened_at, at):
    history.record(
        "saves.watch_changed",
        timeline=Timeline(pk=customer.timelines[case]),
        by=None,
        at=at,
        happened_at=happened_at,
        subject=SaveCase(pk=case),
        rung=step.rung,
        was=was,
        day=step.day,
        why=step.why,
        case=case,
        saved_on=saved_on.isoformat(),
    )


def _since(saved_on, step, was, customer, at):
    """Say from when on a save stood there: from now, or from a day that passed before."""
    day = saved_on + timedelta(days=step.day or rules.days_of(step.rung))
    is_news = step.rung in {Rung.DEFLECTED, Rung.UNKNOWN} or was == Rung.UNKNOWN
    if is_news or day >= customer.today(at):
        return at
    return datetime.combine(day, time.min, tzinfo=customer.zone)


@transaction.atomic
def hear(timeline, *, at):
    """Reckon the customer of a timeline, on which something happened.

    Args:
        timeline: its id.
        at: now.
    """
    account = Account.objects.filter(timeline=timeline).first()
    if account is None:
        return
    root = account.merged_into_id or account.pk
    calls = SaveCase.objects.filter(Q(account=root) | Q(account__merged_into=root))
    if calls.filter(outcome=Outcome.STAYED).exists():
        reckon(account, at=at)


def reckon_due(*, at):
    """Reckon customers with a watch whose day has come, a thousand at most.

    Two workers take different ones.

    Args:
        at: now.

    Returns:
        How many there were.
    """
    done = 0
    for _round in range(ROUNDS):
        count = _reckon_some(at)
        done += count
        if count < CHUNK:
            break
    return done


@transaction.atomic
def _reckon_some(at):
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"at": at, "count": CHUNK})
        roots = [pk for (pk,) in cursor.fetchall()]
    if roots:
        follow(*roots, at=at)
    return len(roots)


_CLAIM = f"""
SELECT id FROM accounts_account
WHERE id IN ({watches.DUE} ORDER BY watch.next_on, watch.id LIMIT %(count)s)
ORDER BY id
FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608  ours


def hear_batch(*, at, as_of=None):
    """Take note of a file of customers that was planned: whom it names is still there.

    What it changed is looked at again by the worker, and so is whoever nobody had heard of. In
    the transaction of the file.

    Args:
        at: now.
        as_of: the day that the file speaks of, if it is not the customers' today.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, {"at": at, "as_of": as_of})


_NAMED = f"""
WITH heard AS (
    SELECT watch.id, file.is_changed, calendar.today,
        CASE WHEN calendar.day > watch.saved_on THEN calendar.day END AS day
    FROM saves_watch AS watch
    JOIN accounts_account AS own ON own.id = watch.account_id
    JOIN accounts_account AS root ON root.id = COALESCE(own.merged_into_id, own.id)
    JOIN ({batch.NAMED}) AS file ON file.account_id = root.id
    CROSS JOIN LATERAL (
        SELECT today, COALESCE(%(as_of)s::date, today) AS day
        FROM (SELECT (%(at)s::timestamptz AT TIME ZONE root.time_zone)::date AS today) AS clock
    ) AS calendar
    WHERE file.is_changed
        OR watch.heard_on IS NULL AND watch.next_on IS NOT NULL AND calendar.day > watch.saved_on
    ORDER BY watch.id FOR NO KEY UPDATE OF watch
)
UPDATE saves_watch AS watch
SET heard_on = COALESCE(watch.heard_on, heard.day),
    next_on = CASE WHEN heard.is_changed OR rung = 'unknown' THEN heard.today ELSE next_on END
FROM heard WHERE watch.id = heard.id
"""  # noqa: S608  ours
