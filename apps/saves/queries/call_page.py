"""What the save page shows beside the questions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils.functional import cached_property

from apps.accounts import family
from apps.accounts.models import Account, Stage
from apps.history.models import Event
from apps.saves import rules
from apps.saves.models import Outcome

CASES = 3
EVENTS = 6


@dataclass(frozen=True)
class CallPage:
    """The customer as the agent needs them while talking, and the choices of the form.

    The choices are read when they are rendered: a page that is shown again and again finds
    them rendered.
    """

    status: str
    seconds: int
    cases: list
    events: list
    stage_after_staying: str
    first_proof: date
    form: object
    proof_days = rules.RUNGS[0]

    @cached_property
    def panels(self):
        """The categories with their reasons."""
        return _panels(self.form)

    @property
    def mentions_more(self):
        """True when further reasons are ticked."""
        return bool(self.form["also"].value())

    @property
    def solvable(self):
        """Whether it can be solved."""
        return _options(self.form, "solvable")

    @property
    def moods(self):
        """How they may have sounded."""
        return _options(self.form, "mood")


@dataclass(frozen=True)
class Choice:
    """A reason on the page."""

    reason: object
    is_chosen: bool
    is_mentioned: bool


@dataclass(frozen=True)
class Panel:
    """One category with its reasons, and which of them are chosen."""

    category: object
    is_open: bool
    reasons: list


@dataclass(frozen=True)
class Earlier:
    """A save call before this one."""

    outcome: str
    opened_at: datetime
    reason_text: str
    verbatim: str
    rival: str | None

    @property
    def ended(self):
        """How it ended, in words."""
        return Outcome(self.outcome).label


@dataclass(frozen=True)
class Before:
    """The customer's last save calls, and the id of the last that one agent logged."""

    cases: list
    own: int | None


def before(account, *, agent):
    """Read the save calls before this one."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, {"account": account.pk, "agent": agent.pk, "count": CASES})
        rows = cursor.fetchall()
    cases = [Earlier(*row[:-1]) for row in rows]
    return Before(cases, rows[0][-1] if rows else None)


# By hand, since putting it together from querysets takes longer than the answer.
_BEFORE = f"""
SELECT outcome, opened_at, reason_text, verbatim, rival.name,
    max(call.id) FILTER (WHERE agent_id = %(agent)s) OVER ()
FROM saves_savecase AS call
LEFT JOIN reasons_competitor AS rival ON rival.id = competitor_id
WHERE account_id IN ({family.RECORDS})
ORDER BY opened_at DESC, call.id DESC
LIMIT %(count)s
"""  # noqa: S608  ours


def call_page(account, form, opening, before, *, at):
    """Read what stands beside the save form.

    Args:
        account: the customer.
        form: the Call form, which holds the categories.
        opening: how the call began.
        before: from `before()`.
        at: now.
    """
    stays_in = rules.stage_after(Outcome.STAYED, account.stage)
    return CallPage(
        status=account.status(at),
        seconds=max(0, int((at - opening.at).total_seconds())),
        cases=before.cases,
        events=list(_events(account).for_list().newest_first()[:EVENTS]),
        stage_after_staying=Stage(stays_in).label if stays_in else "",
        first_proof=account.today(opening.at) + timedelta(days=rules.RUNGS[0]),
        form=form,
    )


def _events(account):
    """What happened to the customer, and to records that were merged into it."""
    records = Account.objects.filter(Q(pk=account.pk) | Q(merged_into=account.pk))
    return Event.objects.filter(timeline__in=records.values("timeline"))


def _panels(form):
    """The categories with their reasons, marked as chosen or also mentioned."""
    category, reason = str(form["category"].value() or ""), str(form["reason"].value() or "")
    also = {str(each) for each in form["also"].value() or ()}
    return [
        Panel(
            category=each,
            is_open=str(each.position) == category,
            reasons=[
                Choice(row, str(row.pk) == reason, str(row.pk) in also)
                for row in each.reasons.all()
            ],
        )
        for each in form.categories
    ]


def _options(form, name):
    """Value, words and whether chosen of a short choice; cheaper than one widget for each."""
    chosen = str(form[name].value() or "")
    choices = form.fields[name].choices
    return [(str(value), words, str(value) == chosen) for value, words in choices if value != ""]
