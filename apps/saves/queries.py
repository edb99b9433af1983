"""What the save page shows beside the questions."""

from dataclasses import dataclass

from django.db.models import F, Max, Q, Window
from django.utils.functional import SimpleLazyObject

from apps.history.models import Event
from apps.saves import rules
from apps.saves.models import Outcome, SaveCase

CASES = 3
EVENTS = 6


@dataclass(frozen=True)
class CallPage:
    """The customer as the agent needs them while talking."""

    status: str
    seconds: int
    cases: list
    events: list
    panels: list  # read when they are rendered
    mentions_more: bool
    solvable: list
    moods: list
    stage_after_staying: str


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
class Before:
    """The customer's last save calls, and the id of the last that one agent logged."""

    cases: list
    own: int | None


def before(account, *, agent):
    """Read the save calls before this one."""
    rows = SaveCase.objects.of(account).newest_first()
    rows = rows.values("outcome", "opened_at", "reason_text", "verbatim")
    rows = rows.annotate(rival=F("competitor__name"), own=Window(Max("pk", filter=Q(agent=agent))))
    cases = [{**row, "ended": Outcome(row["outcome"]).label} for row in rows[:CASES]]
    return Before(cases, cases[0]["own"] if cases else None)


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
        events=list(Event.objects.on(account.timeline_id).for_list().newest_first()[:EVENTS]),
        panels=SimpleLazyObject(lambda: _panels(form)),
        mentions_more=bool(form["also"].value()),
        solvable=_options(form, "solvable"),
        moods=_options(form, "mood"),
        stage_after_staying=account.__class__(stage=stays_in).get_stage_display()
        if stays_in
        else "",
    )


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
