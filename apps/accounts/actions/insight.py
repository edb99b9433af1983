"""What we learn about a customer: dated statements that are added, never changed.

Of what the sale promised, it is also kept whether it was met.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import rules
from apps.accounts.actions.common import Refused, lock, tell
from apps.accounts.actions.keys import once
from apps.accounts.models import Insight, Topic, Verdict
from apps.history.models import Event


class SettledTooEarly(Refused):
    """A day on which it was not said yet."""

    def __init__(self):
        super().__init__(_("Choose the day on which it was promised, or a later one."))


class SaidInFuture(Refused):
    """A day that is yet to come, where the customer is."""

    def __init__(self):
        super().__init__(_("Choose today or an earlier day."))


class SaysNothing(Refused):
    """A statement without a word."""

    def __init__(self):
        super().__init__(_("Write down at least one thing."))


class SettledAlready(Refused):
    """Somebody said otherwise of this expectation a moment ago; carries it as it is now."""

    def __init__(self, newest):
        super().__init__(
            _("A colleague settled this meanwhile. Mark it as open first to say otherwise.")
        )
        self.newest = newest


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


@transaction.atomic
def settle_expectation(account, expectation, *, verdict, on, by, at, why=""):
    """Say of something that the sale promised that it was met, or was not; safe to repeat.

    Args:
        account: the customer, as shown; the statement may be of a record merged into it.
        expectation: the insight.
        verdict: `Verdict.MET` or `Verdict.NOT_MET`.
        on: the day on which that was clear.
        by: who says so.
        at: now.
        why: a word; needed for what was not met.

    Raises:
        SaidInFuture: when the day is yet to come.
        SettledTooEarly: when it was not promised yet.
        SettledAlready: when somebody settled it otherwise meanwhile.
    """
    account, expectation = lock(account), _held(expectation)
    if on > account.today(at):
        raise SaidInFuture
    if on < expectation.said_on:
        raise SettledTooEarly
    if expectation.verdict == verdict:
        return
    if expectation.verdict:
        raise SettledAlready(expectation)
    expectation.verdict, expectation.settled_on, expectation.settled_why = verdict, on, why
    expectation.save(update_fields=["verdict", "settled_on", "settled_why"])
    tell(
        "accounts.expectation_settled",
        account,
        by=by,
        at=at,
        happened_at=rules.moment_of(on, zone=account.time_zone, at=at),
        verdict=str(verdict),
        text=expectation.text,
        why=why or None,
    )


@transaction.atomic
def reopen_expectation(account, expectation, *, by, at):
    """Undo that an expectation was settled; one that is open stays so.

    Args:
        account: the customer, as shown.
        expectation: the insight.
        by: who undoes it.
        at: now.
    """
    account, expectation = lock(account), _held(expectation)
    if not expectation.verdict:
        return
    expectation.verdict, expectation.settled_on, expectation.settled_why = Verdict.OPEN, None, ""
    expectation.save(update_fields=["verdict", "settled_on", "settled_why"])
    tell("accounts.expectation_reopened", account, by=by, at=at, text=expectation.text)


def _held(expectation):
    """Take the statement's row, since its record may be another than the one that is locked."""
    return Insight.objects.select_for_update(of=("self",)).get(pk=expectation.pk)


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
