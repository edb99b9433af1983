"""What we learn about a customer: dated statements that are added, never changed."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import rules
from apps.accounts.actions.common import Refused, lock, tell
from apps.accounts.actions.keys import once
from apps.accounts.models import Insight, Topic
from apps.history.models import Event


class SaidInFuture(Refused):
    """A day that is yet to come, where the customer is."""

    def __init__(self):
        super().__init__(_("Choose today or an earlier day."))


class SaysNothing(Refused):
    """A statement without a word."""

    def __init__(self):
        super().__init__(_("Write down at least one thing."))


@transaction.atomic
def learn(account, *, topic, source, said_on, by, at, text="", driver="", due_on=None, key=None):
    """Write down one thing that we learned; the newest on a topic counts, expectations add up.

    Args:
        account: the customer.
        topic: what it is about, a `Topic`.
        source: who said so, or where it is written.
        said_on: the day on which they said so.
        by: who writes it down, or None for Mainstay itself.
        at: now.
        text: what they said; needed but for a value driver.
        driver: the kind of value, for a value driver.
        due_on: by when it should be so.
        key: of the form; sent twice, it is written once.

    Returns:
        The insight.

    Raises:
        SaidInFuture: when the day is yet to come.
        FormUsed: when the key was used for another form.
    """
    account = lock(account)
    with once(key, by=by, purpose=f"accounts.learn:{account.pk}", at=at) as form:
        if form.result:
            return Insight.objects.get(pk=form.result)
        statement = _write(
            *(account, topic, text, driver, due_on), source=source, said_on=said_on, by=by, at=at
        )
        tell(
            "accounts.learned",
            account,
            by=by,
            at=at,
            happened_at=rules.moment_of(said_on, zone=account.time_zone, at=at),
            topic=str(topic),
            told_by=source,
            text=text or None,
            driver=str(driver) or None,
            due_on=due_on and due_on.isoformat(),
        )
        form.result = statement.pk
    return statement


@transaction.atomic
def hand_over(
    account,
    *,
    sold_by,
    said_on,
    by,
    at,
    promises=(),
    driver="",
    why="",
    problem="",
    success="",
    success_by=None,
    decides="",
    risks="",
    key=None,
):
    """Take a customer over from sales: what was promised, and why they bought.

    Args:
        account: the customer.
        sold_by: who sold it, and tells all this.
        said_on: the day of the sale.
        by: who writes it down.
        at: now.
        promises: what the sale promised, a text for each.
        driver: the kind of value that they bought, a `ValueDriver`, if it is known.
        why: why they bought, in words; with a driver alone.
        problem: how they see their problem.
        success: what success looks like to them.
        success_by: by when.
        decides: who decides at the customer.
        risks: what could go wrong.
        key: of the form; sent twice, it counts once.

    Returns:
        The event.

    Raises:
        SaidInFuture: when the day is yet to come.
        SaysNothing: when nothing was filled in.
        FormUsed: when the key was used for another form.
    """
    account = lock(account)
    with once(key, by=by, purpose=f"accounts.hand-over:{account.pk}", at=at) as form:
        if form.result:
            return Event.objects.get(pk=form.result)
        statements = [
            (Topic.VALUE_DRIVER, why, driver, None) if driver else (Topic.WANTS, why, "", None),
            (Topic.PROBLEM, problem, "", None),
            *((Topic.EXPECTATION, promise, "", None) for promise in promises),
            (Topic.SUCCESS, success, "", success_by),
            (Topic.DECIDES, decides, "", None),
            (Topic.RISK, risks, "", None),
        ]
        statements = [each for each in statements if each[1] or each[2]]
        if not statements:
            raise SaysNothing
        for statement in statements:
            _write(account, *statement, source=sold_by, said_on=said_on, by=by, at=at)
        event = tell(
            "accounts.handed_over",
            account,
            by=by,
            at=at,
            happened_at=rules.moment_of(said_on, zone=account.time_zone, at=at),
            sold_by=sold_by,
            said=[_told(*statement) for statement in statements],
        )
        form.result = event.pk
    return event


def _write(account, topic, text, driver, due_on, *, source, said_on, by, at):
    if said_on > account.today(at):
        raise SaidInFuture
    return Insight.objects.create(
        account=account,
        topic=topic,
        text=text,
        driver=driver,
        due_on=due_on,
        source=source,
        said_on=said_on,
        recorded_by=by,
        recorded_at=at,
    )


def _told(topic, text, driver, due_on):
    """Return a statement as the history keeps it."""
    told = {"topic": topic, "text": text, "driver": driver, "due_on": due_on and str(due_on)}
    return {name: str(value) for name, value in told.items() if value}
