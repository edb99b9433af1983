"""Logging a save."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.accounts import actions as accounts
from apps.accounts import family
from apps.accounts.models import Account
from apps.history import actions as history
from apps.saves import rules
from apps.saves.actions import commitments as making
from apps.saves.actions import drafts, watch, win_back
from apps.saves.models import Outcome, SaveCase


class AlreadyLogged(Exception):
    """This call was saved before, with other answers."""

    def __init__(self, case):
        super().__init__(_("This call is saved already."))
        self.case = case


@transaction.atomic
def log(
    opening,
    *,
    by,
    at,
    reason,
    verbatim,
    outcome,
    also=(),
    solvable="",
    commitments=(),
    seen=None,
    **answers,
):
    """Write down a call in which a customer wanted to leave, and what follows from it.

    Safe to call twice: the same call with the same answers is one case.

    Args:
        opening: how the call began.
        by: the agent.
        at: when it was saved.
        reason: the main reason.
        verbatim: the customer's words.
        outcome: stayed, left or undecided.
        also: further reasons that were mentioned.
        solvable: yes, partly or no; the reason's own when left out.
        commitments: what was said we would do, as a list of what `commitments.make` takes.
        seen: what the page knew of the draft, from a page that keeps one.
        **answers: contact, channel, competitor, mood, seconds, asked_to_cancel_at,
            stay_because, leaves_on, back_if, export_help, call_back_at, waits_for.

    Returns:
        The case.

    Raises:
        AlreadyLogged: the call was saved before with other answers.
        drafts.Behind: another page kept other words since this one was shown.
    """
    # The lock puts calls of one customer in a line, so that each finds the one before it.
    rows = Account.objects.select_for_update(of=["self"]).select_related("timeline")
    account = rows.get(pk=opening.account_id)
    pk, key, began_at = _same_or_last(opening)
    if key == opening.key:
        same = {"reason": reason, "verbatim": verbatim, "outcome": outcome, **answers}
        return _logged_before(pk, same, commitments)
    case = SaveCase.objects.create(
        key=opening.key,
        account=account,
        continues_id=pk if rules.continues(opening.at, began_at) else None,
        agent=by,
        opened_at=opening.at,
        closed_at=max(at, opening.at),
        reason=reason,
        reason_text=f"{reason.category.name}: {reason.name}",
        solvable=solvable or reason.solvable,
        verbatim=verbatim,
        outcome=outcome,
        mrr=opening.mrr,
        currency=opening.currency,
        tier=opening.tier,
        stage=opening.stage,
        **answers,
    )
    if also:
        case.also.add(*also)
    _tell(case, account, by=by, at=at, also=also)
    _follow(case, account, by=by, at=at)
    drafts.finish(case, seen=seen)
    # Queues are taken in one order, as by everybody who logs a call at the same time.
    for each in sorted(commitments, key=_queue_of):
        making.make(account, case=case, by=by, at=at, **each)
    watch.follow(account.pk, at=at, logged=case.pk)
    win_back.begin(case, account, at=at)
    return case


def _queue_of(said):
    queue = said.get("queue")
    return (queue.team_id, queue.pk) if queue else (0, 0)


def _same_or_last(opening):
    """Find the case that this very call made, or else the last of the customer's calls.

    Returns:
        Its id, its key and when it was opened; three times None without one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SAME_OR_LAST, {"account": opening.account_id, "key": opening.key})
        return cursor.fetchone() or (None, None, None)


_SAME_OR_LAST = f"""
SELECT id, key, opened_at
FROM saves_savecase AS call
WHERE account_id IN ({family.RECORDS}) AND (
    key = %(key)s
    OR NOT EXISTS (SELECT FROM saves_savecase AS next WHERE next.continues_id = call.id)
)
ORDER BY key = %(key)s DESC, id DESC
LIMIT 1
"""  # noqa: S608  ours


def _logged_before(pk, answers, commitments):
    """Return the case that this very call made, if it says all that is said now.

    The clock's answers differ from one sending to the next, and say nothing of their own.
    """
    case = SaveCase.objects.get(pk=pk)
    told = {name: answer for name, answer in answers.items() if name not in _CLOCK}
    if any(getattr(case, name) != answer for name, answer in told.items()):
        raise AlreadyLogged(case)
    if {_of_row(each) for each in commitments} != set(_made(case)):
        raise AlreadyLogged(case)
    return case


def _of_row(said):
    """What a commitment says; whoever has taken it from a team's queue is not said."""
    owner = None if said.get("queue") else said["owner"].pk
    return said["text"], owner, said["due_on"], said["is_visible"]


def _made(case):
    rows = case.commitments.values_list("text", "owner", "due_on", "is_visible", "task__queue")
    for text, owner, due_on, is_visible, queue in rows:
        yield text, None if queue else owner, due_on, is_visible


_CLOCK = {"seconds", "asked_to_cancel_at"}


def _tell(case, account, *, by, at, also):
    """Write the call into the customer's history."""
    if case.asked_to_cancel_at:
        history.record(
            "saves.asked_to_cancel",
            timeline=account.timeline,
            by=by,
            at=at,
            happened_at=case.asked_to_cancel_at,
            channel=case.channel,
            subject=case,
            reason=case.reason_text,
        )
    history.record(
        f"saves.{case.outcome}",
        timeline=account.timeline,
        by=by,
        at=at,
        channel=case.channel,
        subject=case,
        key=f"case:{case.pk}",
        reason=case.reason_text,
        reason_id=case.reason_id,
        category_id=case.reason.category_id,
        solvable=case.solvable,
        mrr=str(case.mrr),
        currency=case.currency,
        tier=case.tier,
        stage=case.stage,
        seconds=case.seconds,
        verbatim=case.verbatim,
        **_said(case, also),
    )


def _said(case, also):
    """The optional facts of a call that were given."""
    facts = {
        "competitor": case.competitor.name if case.competitor else None,
        "mood": case.get_mood_display() if case.mood else None,
        "contact": case.contact.name if case.contact else None,
        "stay_because": case.stay_because or None,
        "leaves_on": case.leaves_on.isoformat() if case.leaves_on else None,
        "back_if": case.back_if or None,
        "export_help": case.export_help,
        "call_back_at": case.call_back_at.isoformat() if case.call_back_at else None,
        "waits_for": case.waits_for or None,
        "also": [reason.name for reason in also] or None,
        "continues": case.continues_id,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _follow(case, account, *, by, at):
    """Let the record follow the outcome."""
    if case.outcome == Outcome.LEFT:
        accounts.mark_churned(account, on=case.leaves_on, by=by, at=at, source=_("a save call"))
        return
    if case.outcome == Outcome.STAYED and account.churned_on:
        accounts.withdraw_churn(account, by=by, at=at)
    if stage := rules.stage_after(case.outcome, account.stage):
        accounts.move_stage(account, to=stage, by=by, at=at, source=_("a save call"))
