"""What was corrected about a call, and what a correction would change."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts import telling
from apps.accounts.models import Stage
from apps.core.templatetags.mainstay import day
from apps.history.models import Event
from apps.saves import rules
from apps.saves.models import Outcome, SaveCase

CASE = SaveCase._meta.label_lower
# Written together with what a call, or a correction of it, did to the record.
OURS = {"saves.stayed", "saves.left", "saves.undecided", "saves.corrected"}
CHURN = {"accounts.churned": "on", "accounts.returned": "was_on"}
STAGE = "accounts.stage_changed"


@dataclass(frozen=True)
class Correction:
    """One correction, as the page of the call shows it."""

    pk: int
    by: str
    at: datetime
    why: str
    changes: dict
    version: int


@dataclass(frozen=True)
class Corrections:
    """What was corrected about a call, and whether somebody may correct it."""

    made: list
    is_open: bool
    # Until when it is open for whoever logged it, if that is why it is open.
    until: datetime | None


def of_case(case, *, user, at):
    """Read what was corrected about a call, the newest first, and whether this person may go on."""
    has_right, is_own = user.has_perm("saves.correct"), case.agent_id == user.pk
    is_open = rules.may_correct(case.closed_at, at, is_own=is_own, has_right=has_right)
    return Corrections(
        made=made(case) if case.version > 1 else [],
        is_open=is_open,
        until=case.closed_at + rules.CORRECT_FOR if is_open and not has_right else None,
    )


def made(case, *, after=0):
    """Return the corrections of a call that were made after a version, the newest first."""
    events = Event.objects.on(case.account.timeline_id).of_kinds(["saves.corrected"])
    events = events.filter(subject_label=CASE, subject_id=case.pk, payload__version__gt=after)
    return [
        Correction(
            pk=event.pk,
            by=str(event.actor or "Mainstay"),
            at=event.happened_at,
            why=event.payload["why"],
            changes=event.payload["changes"],
            version=event.payload["version"],
        )
        for event in events.for_list().order_by("-id")
    ]


def later_call(case, account):
    """Return the last call that was logged for a customer after this one, or None."""
    theirs = Q(account=account) | Q(account__merged_into=account)
    return SaveCase.objects.filter(theirs, pk__gt=case.pk).order_by("-pk").first()


def record_of(case, account, *, later):
    """Say what a customer's record says, and what of it goes back to a call.

    Args:
        case: the call as it is logged now.
        account: its customer; the one that was kept, if records were merged.
        later: whether a call was logged after it.
    """
    lines = list(
        Event.objects.filter(
            timeline__in=telling.timelines_of(account.pk), kind__in={*OURS, *CHURN, STAGE}
        ).order_by("id")
    )
    moments = {each.recorded_at for each in lines if _is_about(each, case)}
    churns = [each for each in lines if each.kind in CHURN]
    stages = [each for each in lines if each.kind == STAGE]
    last, before = _last(churns), _last([e for e in churns if e.recorded_at not in moments])
    is_ours_last = last is not None and last.recorded_at in moments
    moved = _last(stages)
    return rules.Record(
        churned_on=account.churned_on,
        stage=account.stage,
        stage_then=case.stage,
        was_leaving=case.leaves_on,
        is_ours=is_ours_last and account.churned_on == case.leaves_on is not None,
        is_later=bool(last and not is_ours_last and moments and last.recorded_at > min(moments)),
        was_on=_leaving_of(before, account),
        took_back=_leaving_of(before, account) if is_ours_last and _is_back(last) else None,
        is_our_stage=bool(
            moved and moved.recorded_at in moments and moved.payload["after"] == account.stage
        ),
        is_newest=not later,
    )


def _is_about(event, case):
    return event.kind in OURS and (event.subject_label, event.subject_id) == (CASE, case.pk)


def _last(events):
    return events[-1] if events else None


def _is_back(event):
    return event.kind == "accounts.returned"


def _leaving_of(event, account):
    """The last day that an event set, if the record could still have it."""
    if event is None or _is_back(event):
        return None
    on = date.fromisoformat(event.payload["on"])
    return on if account.started_on and on >= account.started_on else None


# --- saying beforehand what follows -------------------------------------------


@dataclass(frozen=True)
class Line:
    """One thing that a correction will do."""

    icon: str
    text: str


def preview(case, account, record, *, at):
    """Say what a correction to each outcome will do, as lines: `[(outcome, [Line, …]), …]`."""
    say = _Preview(case, account, record, account.today(at))
    return [(outcome, list(say.lines(outcome))) for outcome in Outcome.values]


@dataclass(frozen=True)
class _Preview:
    case: SaveCase
    account: object
    record: rules.Record
    today: date

    def lines(self, outcome):
        """Yield what becomes of the record, of the watch and of the win-back."""
        before = self.case.outcome
        if outcome == before and outcome != Outcome.LEFT:
            yield Line("check", _("It ended as logged: nothing about the customer changes."))
        if self.record.is_newest:
            yield from self._about_the_record(outcome)
        if before == Outcome.STAYED != outcome:
            yield Line("eye", _("It no longer counts as a save, and its watch ends."))
        elif outcome == Outcome.STAYED != before:
            first = self.account.today(self.case.opened_at) + timedelta(days=rules.RUNGS[0])
            words = {"day": day(first, "in")}
            yield Line("eye", _("It counts as a save to be proved: first on %(day)s.") % words)
        if before == Outcome.LEFT != outcome:
            yield Line("gift", _("The win-back that it began is closed."))

    def _about_the_record(self, outcome):
        mending = rules.mend(self.case.outcome, outcome, self.record, today=self.today)
        if outcome == Outcome.LEFT:
            yield self._leaving(mending)
        elif mending.churn == "mark":
            words = {"day": day(mending.on, "in")}
            yield Line("exit", _("Their last day is %(day)s again, as before this call.") % words)
        elif mending.churn == "withdraw":
            words = {"day": day(self.record.churned_on, "in")}
            yield Line("undo", _("Their last day, %(day)s, is taken back.") % words)
        elif self.record.churned_on and outcome != self.case.outcome:
            words = {"day": day(self.record.churned_on, "in")}
            text = _("Their last day stays %(day)s: this call did not set it.")
            yield Line("exit", text % words)
        after = mending.stage or self._stage_of_withdrawing(mending)
        if after and after != self.record.stage:
            words = {"before": Stage(self.record.stage).label, "after": Stage(after).label}
            yield Line("milestone", _("Stage changes from %(before)s to %(after)s.") % words)
        if outcome == Outcome.UNDECIDED != self.case.outcome:
            words = {"name": self.case.agent}
            yield Line("clock", _("The call back stands on the Today of %(name)s.") % words)

    def _stage_of_withdrawing(self, mending):
        is_gone = self.record.stage == Stage.CHURN
        return Stage.RETENTION if mending.churn == "withdraw" and is_gone else ""

    def _leaving(self, mending):
        """What becomes of the last day where they leave."""
        if not mending.churn:
            return Line("exit", _("Their last day was changed since without this call: it stays."))
        if self.case.outcome == Outcome.LEFT:
            return Line("exit", _("Another day moves their last day, and the win-back with it."))
        days = {"days": self.case.reason.win_back_days}
        text = _(
            "They leave on the day you enter. Nobody offers them anything for %(days)s days after"
            " that, or for as long as their reason asks."
        )
        return Line("exit", text % days)
